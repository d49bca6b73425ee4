//! What a run has found: all that a report shows beside the figures.
//!
//! It puts together what the answering counts and explains, and shows nothing.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use crate::answering::evaluation::{
    Bin, CALIBRATION_BINS, Confusion, EntryTally, Evidence, Mend, Miss, Run, Tally, Verdict,
    by_entry, by_group, confusions, crossings, mends, reliability, worst,
};
use crate::cli::terminal::Progress;

/// What was asked with what.
#[derive(Debug)]
pub(super) struct Scene {
    /// What was asked: the knowledge's title and edition, or the name of the file of phrasings.
    pub(super) knowledge: String,
    /// The name of the file of questions.
    pub(super) questions: String,
    /// The day of the run.
    pub(super) day: NaiveDate,
    /// How many entries there are to find.
    pub(super) entries: usize,
    /// The topics in the order of the manifest; empty for phrasings.
    pub(super) topics: Vec<TopicName>,
    /// The topic's id by the entry's.
    pub(super) topic_of: BTreeMap<String, String>,
}

/// A topic as it is shown.
#[derive(Debug)]
pub(super) struct TopicName {
    pub(super) id: String,
    pub(super) title: String,
}

/// What was found.
#[derive(Debug)]
pub(super) struct Findings<'a> {
    pub(super) scene: Scene,
    pub(super) runs: Vec<Run<'a>>,
    pub(super) reliability: [Bin; CALIBRATION_BINS],
    /// All questions that an entry answers.
    pub(super) inside: Tally,
    /// How many of the questions that none answers were refused, became a choice, and were answered all the same.
    pub(super) outside: [usize; 3],
    /// The topics with questions, by their places in the scene.
    pub(super) topics: Vec<(usize, Tally)>,
    /// Questions by the places of the topic that answers them and of the topic shown first: `None` is no topic.
    pub(super) crossings: BTreeMap<(Option<usize>, Option<usize>), usize>,
    /// Entries with which something is wrong, the worst first.
    pub(super) worst: Vec<EntryTally>,
    pub(super) confusions: Vec<Confusion>,
    /// How many misses there are of each sort, the most frequent first.
    pub(super) reasons: Vec<(&'static str, usize)>,
    pub(super) mends: Vec<Mend>,
}

impl<'a> Findings<'a> {
    /// Counts the runs and explains the misses.
    pub(super) fn new(scene: Scene, runs: Vec<Run<'a>>, evidence: Evidence<'_>) -> Self {
        let entries = by_entry(runs.iter().copied());
        let place_of = |entry: &str| {
            let topic = scene.topic_of.get(entry)?;
            scene.topics.iter().position(|known| known.id == *topic)
        };
        let misses = misses(&runs, evidence);
        let mut reasons: BTreeMap<&str, usize> = BTreeMap::new();
        for miss in &misses {
            *reasons.entry(miss.reason.class()).or_default() += 1;
        }
        let mut reasons: Vec<_> = reasons.into_iter().collect();
        reasons.sort_by_key(|(_, number)| std::cmp::Reverse(*number));
        Self {
            reliability: reliability(runs.iter().copied()),
            inside: by_group(&entries, |_| Some(()))
                .remove(&())
                .unwrap_or_default(),
            outside: [
                Verdict::OutsideRefused,
                Verdict::OutsideChoice,
                Verdict::OutsideAnswered,
            ]
            .map(|verdict| {
                let runs = runs.iter().copied();
                runs.filter(|run| Verdict::of(*run) == verdict).count()
            }),
            topics: by_group(&entries, place_of).into_iter().collect(),
            crossings: crossings(runs.iter().copied(), place_of),
            worst: worst(&entries).into_iter().cloned().collect(),
            confusions: confusions(runs.iter().copied()),
            reasons,
            mends: mends(misses),
            runs,
            scene,
        }
    }

    /// The question at a place of the run.
    pub(super) fn question(&self, place: usize) -> &'a str {
        self.runs
            .get(place)
            .map_or("", |(graded, _)| graded.question.as_str())
    }
}

fn misses(runs: &[Run<'_>], evidence: Evidence<'_>) -> Vec<Miss> {
    let progress = Progress::start("Finding reasons", Some(runs.len()));
    runs.iter()
        .enumerate()
        .filter_map(|(place, &run)| {
            progress.step();
            Miss::of(place, run, evidence)
        })
        .collect()
}
