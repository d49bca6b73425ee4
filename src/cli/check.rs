//! `cleartext check`: every fault of a knowledge folder in one run, each with its place and what to write.
//!
//! It judges and changes nothing.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use chrono::NaiveDate;

use super::terminal::{self, Progress, plain};
use super::{Exit, Failure, Setting, count, today};
use crate::answering::{self, Answerer, Confused};
use crate::discord;
use crate::knowledge::{Draft, EntryId, Knowledge};
use crate::library;
use crate::tables::{Fault, Severity};

/// From which part of an entry's phrasings that find one other entry the two cannot be told apart. Below a third the luck of
/// leaving out the only phrasing with a word in it explains it: diverse phrasings share few words by intention.
const TWINS_AT: f64 = 1.0 / 3.0;
/// From which part on the curator is told about a pair all the same.
const NEAR_TWINS_AT: f64 = 0.2;
/// From which part of an entry's phrasings that are not even offered once they are left out the curator is told. Of the shipped ones one in
/// twelve is: phrasings bring words of their own by intention, and a line for each would hide the entries that lack something.
const LOST_AT: f64 = 1.0 / 8.0;
/// Phrasings that are named as examples of it.
const LOST_NAMED: usize = 3;

/// Check a knowledge file or folder and tell every fault with its place.
///
/// One fault a line, as `file:line:column: what is wrong; what to write`. Warnings do not fail a check.
/// Exit code 0 where there are no errors, 2 where there are.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  cleartext check knowledge/")]
pub(super) struct Args {
    /// What to check: a TOML file or a folder of them [default: the knowledge that would be used]
    #[arg(value_name = "PATH")]
    path: Option<PathBuf>,
    /// Judge dates as on this day, YYYY-MM-DD [default: today, in UTC]
    #[arg(long, value_name = "DAY")]
    today: Option<NaiveDate>,
}

pub(super) fn run(args: &Args, setting: &Setting) -> Result<Exit, Failure> {
    let path = args.path.as_deref().or(setting.knowledge());
    let draft = library::draft(path)?;
    let progress = Progress::start("Asking each phrasing without itself", None);
    let report = Report::new(&draft, args.today.unwrap_or_else(today));
    drop(progress);
    let lines: String = report
        .faults
        .iter()
        .map(|fault| plain(&fault.to_string()) + "\n")
        .collect();
    terminal::print(&lines)?;
    terminal::tell(&report.summary());
    Ok(if report.number(Severity::Error) == 0 {
        Exit::Success
    } else {
        Exit::Error
    })
}

/// What was found.
struct Report {
    /// In the order of places.
    faults: Vec<Fault>,
    /// "50 entries, 58 sources", where it can be served.
    size: Option<String>,
}

impl Report {
    fn new(draft: &Draft, today: NaiveDate) -> Self {
        let mut faults = draft.faults().to_vec();
        faults.extend(draft.check(today));
        let size = match draft.clone().into_knowledge() {
            // What cannot be served cannot be asked either.
            Err(_) => None,
            Ok(knowledge) => {
                faults.extend(indistinct(draft, &knowledge));
                faults.extend(too_long_for_discord(draft, &knowledge));
                Some(format!(
                    "{}, {}",
                    match knowledge.entries.len() {
                        1 => "1 entry".to_owned(),
                        number => format!("{number} entries"),
                    },
                    count(knowledge.sources.len(), "source")
                ))
            }
        };
        let order = |fault: &Fault| (fault.place.clone(), fault.severity, fault.what.clone());
        faults.sort_by_cached_key(order);
        faults.dedup();
        Self { faults, size }
    }

    fn number(&self, severity: Severity) -> usize {
        self.faults
            .iter()
            .filter(|fault| fault.severity == severity)
            .count()
    }

    fn summary(&self) -> String {
        let number = |severity, noun| match self.number(severity) {
            0 => format!("no {noun}s"),
            number => count(number, noun),
        };
        let found = match (
            number(Severity::Error, "error"),
            self.number(Severity::Warning),
        ) {
            (errors, 0) => errors,
            (errors, _) => format!("{errors}, {}", number(Severity::Warning, "warning")),
        };
        if let Some(size) = &self.size {
            return format!("{size}: {found}");
        }
        let files: BTreeSet<_> = self.faults.iter().map(|fault| &fault.place.file).collect();
        format!("{found} in {}", count(files.len(), "file"))
    }
}

/// Faults for phrasings that find another entry once they are left out.
///
/// One that is still offered among the first three costs an asker a click, and is not told by itself.
fn indistinct(draft: &Draft, knowledge: &Knowledge) -> Vec<Fault> {
    let confused = answering::confused(knowledge);
    let phrasings = |entry: &EntryId| {
        let entry = knowledge.entry(entry);
        entry.map_or(0, |entry| entry.phrasings.len()).max(1)
    };
    let mut pairs: BTreeMap<(&EntryId, &EntryId), usize> = BTreeMap::new();
    let mut lost: BTreeMap<&EntryId, Vec<&Confused>> = BTreeMap::new();
    for one in &confused {
        *pairs.entry((&one.entry, &one.found)).or_default() += 1;
        if !one.offered {
            lost.entry(&one.entry).or_default().push(one);
        }
    }
    let lost = lost
        .into_iter()
        .filter_map(|(entry, lost)| not_offered(draft, entry, &lost, phrasings(entry)));
    let twins = pairs.into_iter().filter_map(|((entry, found), number)| {
        twins(draft, entry, found, number, phrasings(entry))
    });
    lost.chain(twins).collect()
}

#[expect(
    clippy::cast_precision_loss,
    reason = "an entry has some dozens of phrasings"
)]
fn part(number: usize, all: usize) -> f64 {
    number as f64 / all as f64
}

/// A fault where many of an entry's phrasings, left out, do not even offer it.
fn not_offered(draft: &Draft, entry: &EntryId, lost: &[&Confused], all: usize) -> Option<Fault> {
    let first = lost.first().filter(|_| part(lost.len(), all) >= LOST_AT)?;
    let place = draft
        .phrasing_place(entry, &first.phrasing)
        .or_else(|| draft.entry_place(entry))?;
    let examples = lost.iter().take(LOST_NAMED).map(|one| {
        let Confused {
            phrasing, found, ..
        } = one;
        format!("“{phrasing}” finds `{found}`")
    });
    let mut examples = examples.collect::<Vec<_>>().join(", ");
    if lost.len() > LOST_NAMED {
        examples += ", and so on";
    }
    Some(Fault::warning(
        place.clone(),
        format!(
            "{} of the {all} phrasings of `{entry}`, left out, do not even offer it: {examples}",
            lost.len()
        ),
        "write phrasings of the entry that share a telling word with these",
    ))
}

/// A fault where many of an entry's phrasings, left out, find one other entry.
fn twins(
    draft: &Draft,
    entry: &EntryId,
    found: &EntryId,
    number: usize,
    all: usize,
) -> Option<Fault> {
    let part = part(number, all);
    let place = draft.entry_place(entry).filter(|_| part >= NEAR_TWINS_AT)?;
    let what = format!("{number} of the {all} phrasings of `{entry}`, left out, find `{found}`");
    let remedy = "give each of the two words of its own, or make one entry of them";
    Some(if part >= TWINS_AT {
        let what = format!("{what}: the two cannot be told apart");
        Fault::error(place.clone(), what, remedy)
    } else {
        Fault::warning(place.clone(), what, remedy)
    })
}

/// What of an entry would be lost to Discord's limits.
fn too_long_for_discord(draft: &Draft, knowledge: &Knowledge) -> Vec<Fault> {
    let mut faults = Vec::new();
    for reply in Answerer::replies_of(knowledge) {
        let Some(place) = draft.entry_place(&reply.entry) else {
            continue;
        };
        for told in discord::faults(&reply) {
            let (what, remedy) = told
                .rsplit_once("; ")
                .unwrap_or((&told, "shorten the entry"));
            faults.push(Fault::error(place.clone(), what, remedy));
        }
    }
    faults
}
