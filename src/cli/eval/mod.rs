//! `cleartext eval`: how good the matches are on graded questions, how fast, and what a curator can mend.
//!
//! - `findings`: what a run has found, for whoever shows it.
//! - `report`: shown in the terminal; `html`, with `charts`: as a page in a browser.
//! - `target`: the file that the page goes to.
//!
//! It asks what it is given and shows the figures; counting and reasoning is the answering's part.

mod charts;
mod findings;
mod html;
mod report;
mod target;

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, IsTerminal};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use serde::Serialize;

use super::json::{self, Audience};
use super::terminal::{self, Look, Progress};
use super::{Exit, Failure, Setting, reason, today};
use crate::answering::Explanation;
use crate::answering::evaluation::{
    Evaluation, Evidence, Graded, GradedError, Judged, PhrasingSet, Run, Wording, evaluate,
    read_graded,
};
use crate::library::{self, Faults, Library, LoadError};
use findings::{Findings, Scene, TopicName};
use report::Extent;
use target::Target;

/// Questions that are asked before the clock runs, so that the first ones do not measure cold caches.
const WARM_UP: usize = 100;

/// Measure the match quality on graded questions.
///
/// The questions are JSON objects, one a line: {"question": "…", "entry": "id"}, where `entry` may be a list of ids, the best
/// first, or null for a question that must not be answered. Exit code 1 where a
/// figure is not what a --min or --max demands.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  cleartext eval --questions questions.jsonl --min-top1 0.8\n  \
        cleartext eval --questions questions.jsonl --html report.html"
)]
pub(super) struct Args {
    /// Graded questions
    #[arg(long, value_name = "FILE")]
    questions: PathBuf,
    /// Phrasings, {"entry": "id", "phrasing": "…"} a line, that stand in for the knowledge [default: the knowledge]
    #[arg(long, value_name = "FILE")]
    phrasings: Option<PathBuf>,
    /// Print the figures as JSON, on one line where the output is not a terminal [default: a report]
    #[arg(long)]
    json: bool,
    /// Write the report with charts as a page for a browser; an earlier FILE is replaced
    #[arg(long, value_name = "FILE")]
    html: Option<PathBuf>,
    /// List everything in the report [default: the first of each list]
    #[arg(long, conflicts_with = "json")]
    all: bool,
    /// Least part of the in-scope questions whose first candidate is right, 0 to 1 [default: none]
    #[arg(long, value_name = "PART", value_parser = fraction)]
    min_top1: Option<f64>,
    /// Least part of the in-scope questions with a right one among the first three, 0 to 1 [default: none]
    #[arg(long, value_name = "PART", value_parser = fraction)]
    min_recall_at_3: Option<f64>,
    /// Least part of all answers given that are right, 0 to 1 [default: none]
    #[arg(long, value_name = "PART", value_parser = fraction)]
    min_answered_right: Option<f64>,
    /// Least area under the ROC curve between questions in and out of scope, 0 to 1 [default: none]
    #[arg(long, value_name = "PART", value_parser = fraction)]
    min_auroc: Option<f64>,
    /// Least part of the out-of-scope questions kept out while 95 % in scope are let in, 0 to 1 [default: none]
    #[arg(long, value_name = "PART", value_parser = fraction)]
    min_oos_recall_at_95: Option<f64>,
    /// Most calibration error (ECE), 0 to 1 [default: none]
    #[arg(long, value_name = "PART", value_parser = fraction)]
    max_ece: Option<f64>,
}

fn fraction(text: &str) -> Result<f64, String> {
    text.parse()
        .ok()
        .filter(|part| (0.0..=1.0).contains(part))
        .ok_or_else(|| "write a number from 0 to 1, such as 0.8".to_owned())
}

pub(super) fn run(args: &Args, setting: &Setting) -> Result<Exit, Failure> {
    let graded = read(&args.questions, read_graded)?;
    // A page that cannot be written is told before the work, not after it.
    let target = args.html.as_deref().map(Target::new).transpose()?;
    let loading = Instant::now();
    let subject = Subject::open(args, setting)?;
    let load = loading.elapsed();
    let graded = subject.keep_known(graded);
    if graded.left_out > 0 {
        let what = match graded.left_out {
            1 => "1 question names an entry that this knowledge does not have".to_owned(),
            number => format!("{number} questions name entries that this knowledge does not have"),
        };
        terminal::tell(&format!("{what}; left out"));
    }
    let questions = graded.kept;
    if questions.is_empty() {
        return Err(Failure(format!(
            "{} holds no question for this knowledge; name a file of graded questions with --questions",
            args.questions.display()
        )));
    }
    let measured = Measured::take(&subject, &questions);
    let figures = measured.figures(&questions, load);
    // Reasons take a while to find, and figures alone need none.
    let findings = if args.json && target.is_none() {
        None
    } else {
        let evidence = Evidence {
            explain: &|question| subject.explain(question),
            ids: &subject.ids(),
            wording: &subject.wording(setting)?,
        };
        let runs = measured.runs(&questions);
        Some(Findings::new(subject.scene(args), runs, evidence))
    };
    let text = match &findings {
        Some(findings) if !args.json => {
            let extent = if args.all { Extent::All } else { Extent::First };
            report::text(&figures, findings, extent, Look::of_stdout())
        }
        Some(_) | None => {
            let audience = if io::stdout().is_terminal() {
                Audience::Person
            } else {
                Audience::Program
            };
            json::text(&figures, audience)?
        }
    };
    terminal::print(&text)?;
    if let (Some(target), Some(findings)) = (target, &findings) {
        target.write(&html::page(&figures, &measured.times, findings))?;
    }
    let missed = args.missed(&figures.matching);
    if missed.is_empty() {
        return Ok(Exit::Success);
    }
    terminal::tell(&format!("not reached: {}", missed.join("; ")));
    Ok(Exit::Negative)
}

impl Args {
    /// Which figures are not what they have to be, in words.
    fn missed(&self, figures: &Evaluation) -> Vec<String> {
        let floors = [
            ("top-1", figures.top1, self.min_top1),
            ("recall at 3", figures.recall_at_3, self.min_recall_at_3),
            (
                "the right part of all answers",
                answered_right(figures),
                self.min_answered_right,
            ),
            ("AUROC", figures.auroc, self.min_auroc),
            (
                "the out-of-scope part kept out",
                figures.oos_recall_at_95,
                self.min_oos_recall_at_95,
            ),
        ];
        let under = floors.into_iter().filter_map(|(name, figure, floor)| {
            let floor = floor.filter(|floor| figure < *floor)?;
            Some(format!("{name} is {figure:.4}, not {floor} or more"))
        });
        let over = self.max_ece.filter(|most| figures.ece > *most).map(|most| {
            format!(
                "the calibration error is {:.4}, not {most} or less",
                figures.ece
            )
        });
        under.chain(over).collect()
    }
}

/// Reads a file of JSON lines.
fn read<T>(path: &Path, parse: impl FnOnce(&str) -> Result<T, GradedError>) -> Result<T, Failure> {
    let text = std::fs::read_to_string(path).map_err(|error| {
        Failure(format!(
            "{} cannot be read: {}; name a file of JSON lines",
            path.display(),
            reason(&error)
        ))
    })?;
    parse(&text).map_err(|error| {
        Failure(format!(
            "{}:{}: {}; write {}",
            path.display(),
            error.line,
            error.what,
            error.remedy
        ))
    })
}

/// What is asked.
enum Subject {
    Knowledge(Library),
    Phrasings(Box<PhrasingSet>),
}

/// The questions that can be graded, and how many cannot.
struct Known {
    kept: Vec<Graded>,
    left_out: usize,
}

impl Subject {
    fn open(args: &Args, setting: &Setting) -> Result<Self, Failure> {
        match &args.phrasings {
            None => Ok(Self::Knowledge(setting.library()?)),
            Some(path) => {
                let _progress = Progress::start("Reading the phrasings", None);
                let overrides = setting.config.overrides;
                let set = read(path, |text| PhrasingSet::read(text, overrides))?;
                Ok(Self::Phrasings(Box::new(set)))
            }
        }
    }

    /// Asks one question; the time is that from the raw text to the answer.
    fn ask(&self, question: &str) -> (Judged, Duration) {
        match self {
            Self::Knowledge(library) => {
                let start = Instant::now();
                let answer = library.ask(question);
                let taken = start.elapsed();
                (Judged::from(&answer), taken)
            }
            Self::Phrasings(set) => {
                let start = Instant::now();
                let judged = set.ask(question);
                (judged, start.elapsed())
            }
        }
    }

    /// Why a question is matched the way it is.
    fn explain(&self, question: &str) -> Explanation {
        match self {
            Self::Knowledge(library) => library.current().explain(question),
            Self::Phrasings(set) => set.explain(question),
        }
    }

    /// Which words its entries are asked in.
    fn wording(&self, setting: &Setting) -> Result<Wording, Failure> {
        match self {
            // The library keeps no phrasings; reading them again takes a moment.
            Self::Knowledge(_) => {
                let knowledge = library::draft(setting.knowledge())?
                    .into_knowledge()
                    .map_err(|faults| LoadError::Faults(Faults(faults)))?;
                Ok(Wording::of(&knowledge))
            }
            Self::Phrasings(set) => Ok(set.wording()),
        }
    }

    /// The ids of the entries, by the positions that an explanation names them with.
    fn ids(&self) -> Vec<String> {
        match self {
            Self::Knowledge(library) => {
                let current = library.current();
                let replies = current.replies().iter();
                replies.map(|reply| reply.entry.to_string()).collect()
            }
            Self::Phrasings(set) => set.ids().to_vec(),
        }
    }

    /// What was asked with what.
    fn scene(&self, args: &Args) -> Scene {
        let name = |path: &Path| {
            let name = path.file_name().unwrap_or(path.as_os_str());
            name.to_string_lossy().into_owned()
        };
        let questions = name(&args.questions);
        match self {
            Self::Knowledge(library) => {
                let current = library.current();
                let topics = current.topics().iter().map(|topic| TopicName {
                    id: topic.id.to_string(),
                    title: topic.title.clone(),
                });
                let topic_of = current
                    .replies()
                    .iter()
                    .map(|reply| (reply.entry.to_string(), reply.topic.to_string()));
                Scene {
                    knowledge: format!("{}, edition {}", current.title(), current.edition()),
                    questions,
                    day: today(),
                    entries: current.replies().len(),
                    topics: topics.collect(),
                    topic_of: topic_of.collect(),
                }
            }
            Self::Phrasings(set) => Scene {
                knowledge: args.phrasings.as_deref().map(name).unwrap_or_default(),
                questions,
                day: today(),
                entries: set.ids().len(),
                topics: Vec::new(),
                topic_of: BTreeMap::new(),
            },
        }
    }

    /// Drops the ids that do not exist here, and the questions of which none is left.
    fn keep_known(&self, graded: Vec<Graded>) -> Known {
        let ids: BTreeSet<String> = self.ids().into_iter().collect();
        let all = graded.len();
        let kept: Vec<_> = graded
            .into_iter()
            .filter_map(|mut graded| {
                let out_of_scope = graded.entries.is_empty();
                graded.entries.retain(|id| ids.contains(id));
                (out_of_scope || !graded.entries.is_empty()).then_some(graded)
            })
            .collect();
        Known {
            left_out: all - kept.len(),
            kept,
        }
    }
}

/// What `eval --json` prints; the names and their order are a contract.
#[derive(Debug, Serialize)]
struct Figures {
    #[serde(flatten)]
    matching: Evaluation,
    p50_us: f64,
    p99_us: f64,
    load_ms: f64,
}

/// What became of each question, and how long it took.
struct Measured {
    judged: Vec<Judged>,
    /// From the least.
    times: Vec<Duration>,
}

impl Measured {
    /// Asks each question once.
    fn take(subject: &Subject, questions: &[Graded]) -> Self {
        let progress = Progress::start("Asking", Some(questions.len()));
        for graded in questions.iter().take(WARM_UP) {
            subject.ask(&graded.question);
        }
        let (judged, mut times): (Vec<_>, Vec<_>) = questions
            .iter()
            .map(|graded| {
                progress.step();
                subject.ask(&graded.question)
            })
            .unzip();
        times.sort();
        Self { judged, times }
    }

    fn runs<'a>(&'a self, questions: &'a [Graded]) -> Vec<Run<'a>> {
        questions.iter().zip(&self.judged).collect()
    }

    fn figures(&self, questions: &[Graded], load: Duration) -> Figures {
        Figures {
            matching: evaluate(questions.iter().zip(&self.judged)),
            p50_us: tenths(percentile(&self.times, 50).as_secs_f64() * 1e6),
            p99_us: tenths(percentile(&self.times, 99).as_secs_f64() * 1e6),
            load_ms: tenths(load.as_secs_f64() * 1e3),
        }
    }
}

/// The nearest-rank percentile of sorted times: the least that `percent` of a hundred do not exceed; zero of none.
fn percentile(sorted: &[Duration], percent: usize) -> Duration {
    let rank = (sorted.len() * percent).div_ceil(100);
    sorted
        .get(rank.saturating_sub(1))
        .copied()
        .unwrap_or_default()
}

/// Rounded to one decimal: what a clock tells beyond it is noise.
fn tenths(number: f64) -> f64 {
    (number * 10.0).round() / 10.0
}

/// The part of all answers given, in scope and out, that is right; 0 where none is given, so that silence passes no floor.
#[expect(
    clippy::cast_precision_loss,
    reason = "counts of questions are far below 2^52"
)]
fn answered_right(figures: &Evaluation) -> f64 {
    figures.answered_right as f64 / answers_given(figures).max(1) as f64
}

/// All answers given, in scope and out.
fn answers_given(figures: &Evaluation) -> usize {
    figures.answered_right + figures.answered_wrong + figures.oos_answered
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_those_of_the_nearest_rank() {
        let times: Vec<_> = (1..=200).map(Duration::from_micros).collect();
        let check = |times: &[Duration], percent, expected| {
            assert_eq!(percentile(times, percent), Duration::from_micros(expected));
        };
        check(&times, 50, 100);
        check(&times, 99, 198);
        check(&times[..1], 99, 1);
        check(&times[..3], 50, 2);
        check(&[], 50, 0);
    }

    #[test]
    fn silence_passes_no_floor() {
        let mut figures = Evaluation::default();
        assert!(answered_right(&figures).abs() < 1e-9);
        figures.answered_right = 8;
        figures.answered_wrong = 1;
        figures.oos_answered = 1;
        assert!((answered_right(&figures) - 0.8).abs() < 1e-9);
    }
}
