//! How good the answers are on graded questions: accuracy, rejection and calibration.
//!
//! It counts what it is handed; the caller asks the questions and takes the times.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Answer, CANDIDATES};
use crate::matching::{Band, Corpus, Document, Matcher, Overrides};

/// A question whose right answer is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Graded {
    /// The question as it was typed.
    pub question: String,
    /// The entries that answer it, the best first; empty if none must be answered.
    pub entries: Vec<String>,
}

/// A line that is not a graded question or phrasing.
#[derive(Debug, thiserror::Error)]
#[error("line {line}: {what}; write {remedy}")]
pub struct GradedError {
    /// The line, counted from 1.
    pub line: usize,
    /// What is wrong.
    pub what: String,
    /// What to write instead.
    pub remedy: &'static str,
}

#[derive(Deserialize)]
struct GradedLine {
    question: String,
    entry: serde_json::Value,
}

#[derive(Deserialize)]
struct PhrasingLine {
    entry: String,
    phrasing: String,
}

const GRADED_FORM: &str =
    r#"{"question": "…", "entry": "id"}, with a list of ids or null where that is meant"#;
const PHRASING_FORM: &str = r#"{"entry": "id", "phrasing": "…"}"#;

/// Reads graded questions, one JSON object a line: `{"question", "entry": id | [ids] | null}`. Blank lines are skipped.
pub fn read_graded(text: &str) -> Result<Vec<Graded>, GradedError> {
    lines(text)
        .map(|(line, text)| {
            let fault = |what: String| GradedError {
                line,
                what,
                remedy: GRADED_FORM,
            };
            let GradedLine { question, entry } = serde_json::from_str(text)
                .map_err(|error| fault(format!("not a graded question ({})", reason(&error))))?;
            let id = |value: serde_json::Value| match value {
                serde_json::Value::String(id) => Ok(id),
                other => Err(fault(format!("`{other}` is not an entry's id"))),
            };
            let entries = match entry {
                serde_json::Value::Null => Vec::new(),
                serde_json::Value::Array(ids) => {
                    ids.into_iter().map(id).collect::<Result<_, _>>()?
                }
                other => vec![id(other)?],
            };
            Ok(Graded { question, entries })
        })
        .collect()
}

/// What is wrong with a line of JSON, without a place inside it that reads like one in the file.
fn reason(error: &serde_json::Error) -> String {
    let told = error.to_string();
    told.split(" at line ").next().unwrap_or(&told).to_owned()
}

fn lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.lines()
        .enumerate()
        .map(|(index, line)| (index + 1, line.trim()))
        .filter(|(_, line)| !line.is_empty())
}

/// A public set of phrasings that stands in for a knowledge folder: it can be asked, but has no answers.
#[derive(Debug)]
pub struct PhrasingSet {
    ids: Vec<String>,
    matcher: Matcher,
}

impl PhrasingSet {
    /// Reads one JSON object a line, `{"entry", "phrasing"}`, and trains the matcher.
    pub fn read(text: &str, overrides: Overrides) -> Result<Self, GradedError> {
        let mut positions: BTreeMap<String, usize> = BTreeMap::new();
        let mut ids = Vec::new();
        let mut documents: Vec<Document> = Vec::new();
        for (line, text) in lines(text) {
            let PhrasingLine { entry, phrasing } =
                serde_json::from_str(text).map_err(|error| GradedError {
                    line,
                    what: format!("not a phrasing ({})", reason(&error)),
                    remedy: PHRASING_FORM,
                })?;
            let position = *positions.entry(entry).or_insert_with_key(|entry| {
                ids.push(entry.clone());
                documents.push(Document {
                    question: String::new(),
                    phrasings: Vec::new(),
                    body: String::new(),
                });
                documents.len() - 1
            });
            documents[position].phrasings.push(phrasing);
        }
        let corpus = Corpus {
            documents,
            synonyms: Vec::new(),
            foreign: Vec::new(),
        };
        Ok(Self {
            ids,
            matcher: Matcher::train(&corpus, overrides),
        })
    }

    /// The entries' ids, in the order of their first phrasings.
    pub fn ids(&self) -> &[String] {
        &self.ids
    }

    /// Asks one question.
    pub fn ask(&self, question: &str) -> Judged {
        let ranking = self.matcher.rank(question);
        let candidates = ranking
            .best
            .iter()
            .take(CANDIDATES)
            .filter_map(|ranked| Some((self.ids.get(ranked.document)?.clone(), ranked.confidence)))
            .collect();
        let outcome = match ranking.band {
            Band::Answer => Outcome::Answered,
            Band::Suggest => Outcome::Suggested,
            Band::Refuse => Outcome::Refused,
        };
        Judged {
            outcome,
            candidates,
        }
    }
}

/// Which of the three outcomes a question had.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// One sure answer.
    Answered,
    /// "Which one did you mean?"
    Suggested,
    /// "Not in this file."
    Refused,
}

/// What was answered, reduced to what is graded.
#[derive(Clone, Debug, PartialEq)]
pub struct Judged {
    /// The outcome.
    pub outcome: Outcome,
    /// Entry ids with confidences from 0 to 1, best first; at most [`CANDIDATES`].
    pub candidates: Vec<(String, f32)>,
}

impl From<&Answer> for Judged {
    fn from(answer: &Answer) -> Self {
        let outcome = match answer {
            Answer::Found(_) => Outcome::Answered,
            Answer::Choose(_) => Outcome::Suggested,
            Answer::Unknown(_) => Outcome::Refused,
        };
        let candidates = answer
            .candidates()
            .iter()
            .map(|candidate| (candidate.reply.entry.to_string(), candidate.confidence))
            .collect();
        Self {
            outcome,
            candidates,
        }
    }
}

/// The figures of one run. Fractions are from 0 to 1; those without any question to count are 0.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Evaluation {
    /// Questions that some entry answers.
    pub in_scope: usize,
    /// Questions that none does.
    pub out_of_scope: usize,
    /// Fraction of in-scope questions whose first candidate is right.
    pub top1: f64,
    /// Fraction of in-scope questions with a right one among the first three.
    pub recall_at_3: f64,
    /// Mean of 1/rank of the first right candidate among the first three, 0 where there is none.
    pub mrr: f64,
    /// Probability that an in-scope question has a higher confidence than an out-of-scope one, ties counted half.
    pub auroc: f64,
    /// Fraction of out-of-scope questions under the confidence that keeps 95 % of the in-scope ones.
    pub oos_recall_at_95: f64,
    /// In-scope questions answered with a right entry.
    pub answered_right: usize,
    /// In-scope questions answered with a wrong entry.
    pub answered_wrong: usize,
    /// In-scope questions that became a choice with a right one in it.
    pub suggested_right: usize,
    /// In-scope questions that became a choice without a right one.
    pub suggested_wrong: usize,
    /// In-scope questions refused.
    pub refused: usize,
    /// Out-of-scope questions answered.
    pub oos_answered: usize,
    /// Out-of-scope questions that became a choice.
    pub oos_suggested: usize,
    /// Out-of-scope questions refused.
    pub oos_refused: usize,
    /// Expected calibration error: mean gap between confidence and rightness over ten equally wide bins, weighted by their questions.
    pub ece: f64,
}

/// Bins of the calibration error; ten is the usual number (Guo et al. 2017, "On Calibration of Modern Neural Networks").
const CALIBRATION_BINS: usize = 10;
/// The part of in-scope questions to keep when measuring rejection (the protocol of CLINC150's users).
const KEPT_IN_SCOPE: f64 = 0.95;

/// Counts what became of graded questions.
#[expect(
    clippy::cast_precision_loss,
    reason = "counts of questions are far below 2^52"
)]
pub fn evaluate<'a>(runs: impl IntoIterator<Item = (&'a Graded, &'a Judged)>) -> Evaluation {
    let mut figures = Evaluation::default();
    let mut inside = Vec::new();
    let mut outside = Vec::new();
    let mut bins = [(0.0, 0.0, 0_usize); CALIBRATION_BINS];
    let (mut first, mut among) = (0_usize, 0_usize);
    for (graded, judged) in runs {
        let confidence = judged
            .candidates
            .first()
            .map_or(0.0, |(_, confidence)| f64::from(*confidence));
        let rank = judged
            .candidates
            .iter()
            .position(|(id, _)| graded.entries.contains(id));
        let right = rank == Some(0);
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a fraction times ten"
        )]
        let bin = ((confidence * CALIBRATION_BINS as f64) as usize).min(CALIBRATION_BINS - 1);
        bins[bin].0 += confidence;
        bins[bin].1 += f64::from(u8::from(right));
        bins[bin].2 += 1;
        if graded.entries.is_empty() {
            figures.out_of_scope += 1;
            outside.push(confidence);
            match judged.outcome {
                Outcome::Answered => figures.oos_answered += 1,
                Outcome::Suggested => figures.oos_suggested += 1,
                Outcome::Refused => figures.oos_refused += 1,
            }
            continue;
        }
        figures.in_scope += 1;
        inside.push(confidence);
        first += usize::from(right);
        among += usize::from(rank.is_some());
        figures.mrr += rank.map_or(0.0, |rank| 1.0 / (rank + 1) as f64);
        match (judged.outcome, right, rank) {
            (Outcome::Answered, true, _) => figures.answered_right += 1,
            (Outcome::Answered, false, _) => figures.answered_wrong += 1,
            (Outcome::Suggested, _, Some(_)) => figures.suggested_right += 1,
            (Outcome::Suggested, _, None) => figures.suggested_wrong += 1,
            (Outcome::Refused, _, _) => figures.refused += 1,
        }
    }
    let in_scope = figures.in_scope.max(1) as f64;
    figures.top1 = first as f64 / in_scope;
    figures.recall_at_3 = among as f64 / in_scope;
    figures.mrr /= in_scope;
    inside.sort_by(f64::total_cmp);
    outside.sort_by(f64::total_cmp);
    figures.auroc = auroc(&inside, &outside);
    figures.oos_recall_at_95 = rejected_keeping(&inside, &outside, KEPT_IN_SCOPE);
    let all = (figures.in_scope + figures.out_of_scope).max(1) as f64;
    figures.ece = bins
        .iter()
        .map(|(confidence, right, _)| (confidence - right).abs())
        .sum::<f64>()
        / all;
    figures
}

/// The Mann-Whitney form of the area under the ROC curve; both sides sorted.
#[expect(
    clippy::cast_precision_loss,
    reason = "counts of questions are far below 2^52"
)]
fn auroc(inside: &[f64], outside: &[f64]) -> f64 {
    if inside.is_empty() || outside.is_empty() {
        return 0.0;
    }
    let wins: f64 = inside
        .iter()
        .map(|confidence| {
            let below = outside.partition_point(|other| other < confidence);
            let ties = outside.partition_point(|other| other <= confidence) - below;
            below as f64 + ties as f64 / 2.0
        })
        .sum();
    wins / (inside.len() as f64 * outside.len() as f64)
}

/// The part of `outside` strictly under the highest cut that keeps `kept` of `inside`; both sorted.
#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a fraction of a count of questions"
)]
fn rejected_keeping(inside: &[f64], outside: &[f64], kept: f64) -> f64 {
    let lost = (inside.len() as f64 * (1.0 - kept)).floor() as usize;
    let Some(cut) = inside.get(lost) else {
        return 0.0;
    };
    if outside.is_empty() {
        return 0.0;
    }
    outside.partition_point(|confidence| confidence < cut) as f64 / outside.len() as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judged(outcome: Outcome, candidates: &[(&str, f32)]) -> Judged {
        Judged {
            outcome,
            candidates: candidates
                .iter()
                .map(|(id, confidence)| ((*id).to_owned(), *confidence))
                .collect(),
        }
    }

    fn graded(entries: &[&str]) -> Graded {
        Graded {
            question: String::new(),
            entries: entries.iter().map(|id| (*id).to_owned()).collect(),
        }
    }

    #[test]
    fn figures_follow_from_outcomes_by_hand() {
        let questions = [
            graded(&["a"]),
            graded(&["b", "c"]),
            graded(&["d"]),
            graded(&[]),
            graded(&[]),
        ];
        let answers = [
            judged(Outcome::Answered, &[("a", 0.9), ("b", 0.1)]),
            judged(Outcome::Suggested, &[("x", 0.5), ("c", 0.4)]),
            judged(Outcome::Refused, &[]),
            judged(Outcome::Refused, &[("a", 0.1)]),
            judged(Outcome::Answered, &[("a", 0.9)]),
        ];
        let figures = evaluate(questions.iter().zip(&answers));
        assert_eq!((figures.in_scope, figures.out_of_scope), (3, 2));
        assert!((figures.top1 - 1.0 / 3.0).abs() < 1e-9);
        assert!((figures.recall_at_3 - 2.0 / 3.0).abs() < 1e-9);
        assert!((figures.mrr - 0.5).abs() < 1e-9);
        // Of the six pairs: 0.9 beats 0.1 and ties 0.9, 0.5 beats 0.1, 0 beats none.
        assert!((figures.auroc - 2.5 / 6.0).abs() < 1e-9);
        assert_eq!(
            (
                figures.answered_right,
                figures.suggested_right,
                figures.refused
            ),
            (1, 1, 1)
        );
        assert_eq!((figures.oos_answered, figures.oos_refused), (1, 1));
        // Bins: 0.9 twice, one right; 0.5 once, wrong; 0.0 once and 0.1 once, both wrong.
        assert!(
            (figures.ece - (0.8 + 0.5 + 0.1) / 5.0).abs() < 1e-6,
            "{}",
            figures.ece
        );
    }

    #[test]
    fn rejection_is_measured_at_the_cut_that_keeps_the_in_scope_ones() {
        let inside: Vec<f64> = (1..=20).map(f64::from).collect();
        assert!((rejected_keeping(&inside, &[0.0, 1.0, 1.5, 5.0], 0.95) - 0.75).abs() < 1e-9);
        assert!(rejected_keeping(&[], &[1.0], 0.95).abs() < 1e-9);
    }

    #[test]
    fn a_faulty_line_is_named_with_its_remedy() {
        let check = |text: &str, expected: &str| {
            let error = read_graded(text)
                .expect_err("the case is faulty")
                .to_string();
            assert!(error.starts_with(expected), "{error}");
        };
        check(
            "{\"question\": \"a\", \"entry\": null}\n\nnonsense",
            "line 3: not a graded question",
        );
        check(
            "{\"question\": \"a\"}",
            "line 1: not a graded question (missing field `entry`",
        );
        check(
            "{\"question\": \"a\", \"entry\": 3}",
            "line 1: `3` is not an entry's id",
        );
        check(
            "{\"question\": \"a\", \"entry\": [\"b\", 3]}",
            "line 1: `3` is not an entry's id",
        );
    }

    #[test]
    fn an_empty_run_has_zeros_and_no_nan() {
        assert_eq!(evaluate([]), Evaluation::default());
    }
}
