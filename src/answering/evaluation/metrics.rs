//! How good the answers are: accuracy, rejection, and whether a confidence means what it says.
//!
//! It counts what it is handed; the caller asks the questions and takes the times.

use serde::Serialize;

use super::graded::Graded;
use crate::answering::Answer;

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
    /// Entry ids with confidences from 0 to 1, best first; at most [`CANDIDATES`](crate::answering::CANDIDATES).
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

/// A graded question with what became of it.
pub type Run<'a> = (&'a Graded, &'a Judged);

impl Judged {
    /// The confidence of the best candidate, from 0 to 1; 0 without candidates.
    pub fn confidence(&self) -> f64 {
        self.candidates
            .first()
            .map_or(0.0, |(_, confidence)| f64::from(*confidence))
    }

    /// The best candidate.
    pub fn first(&self) -> Option<&str> {
        self.candidates.first().map(|(id, _)| id.as_str())
    }

    /// The place, from 0, of the first candidate that answers the question.
    ///
    /// ```
    /// use cleartext::answering::evaluation::{Graded, Judged, Outcome};
    ///
    /// let judged = Judged {
    ///     outcome: Outcome::Suggested,
    ///     candidates: vec![("when-built".to_owned(), 0.5), ("how-tall".to_owned(), 0.25)],
    /// };
    /// let graded = Graded {
    ///     question: "how is the tower".to_owned(),
    ///     entries: vec!["how-tall".to_owned()],
    /// };
    /// assert_eq!(judged.first(), Some("when-built"));
    /// assert_eq!(judged.confidence(), 0.5);
    /// assert_eq!(judged.rank(&graded), Some(1));
    /// ```
    pub fn rank(&self, graded: &Graded) -> Option<usize> {
        self.candidates
            .iter()
            .position(|(id, _)| graded.entries.contains(id))
    }
}

/// What became of a graded question, by whether that was right.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// Answered with an entry that answers it.
    AnsweredRight,
    /// Became a choice with a right entry in it.
    ChoiceRight,
    /// Became a choice without a right entry.
    ChoiceWrong,
    /// Refused, though an entry answers it.
    Refused,
    /// Answered with an entry that does not answer it.
    AnsweredWrong,
    /// No entry answers it, and it was refused.
    OutsideRefused,
    /// No entry answers it, and it became a choice.
    OutsideChoice,
    /// No entry answers it, and it was answered all the same.
    OutsideAnswered,
}

impl Verdict {
    /// Grades what became of a question.
    ///
    /// ```
    /// use cleartext::answering::evaluation::{Graded, Judged, Outcome, Verdict};
    ///
    /// let mut graded = Graded {
    ///     question: "how is the tower".to_owned(),
    ///     entries: vec!["how-tall".to_owned()],
    /// };
    /// let judged = Judged {
    ///     outcome: Outcome::Answered,
    ///     candidates: vec![("when-built".to_owned(), 0.9)],
    /// };
    /// assert_eq!(Verdict::of((&graded, &judged)), Verdict::AnsweredWrong);
    /// graded.entries.clear();
    /// assert_eq!(Verdict::of((&graded, &judged)), Verdict::OutsideAnswered);
    /// ```
    pub fn of((graded, judged): Run<'_>) -> Self {
        let rank = judged.rank(graded);
        match (graded.entries.is_empty(), judged.outcome) {
            (true, Outcome::Answered) => Self::OutsideAnswered,
            (true, Outcome::Suggested) => Self::OutsideChoice,
            (true, Outcome::Refused) => Self::OutsideRefused,
            (false, Outcome::Answered) if rank == Some(0) => Self::AnsweredRight,
            (false, Outcome::Answered) => Self::AnsweredWrong,
            (false, Outcome::Suggested) if rank.is_some() => Self::ChoiceRight,
            (false, Outcome::Suggested) => Self::ChoiceWrong,
            (false, Outcome::Refused) => Self::Refused,
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
pub const CALIBRATION_BINS: usize = 10;
/// The part of in-scope questions to keep when measuring rejection (the protocol of CLINC150's users).
const KEPT_IN_SCOPE: f64 = 0.95;

/// The questions whose confidence falls into one tenth of the way from 0 to 1.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Bin {
    /// How many there are.
    pub questions: usize,
    /// How many of them have a right first candidate.
    pub right: usize,
    /// The sum of their confidences.
    pub confidence: f64,
}

/// Confidence against truth: the questions, in scope and out, by the tenth that their confidence falls into.
///
/// ```
/// use cleartext::answering::evaluation::{Judged, read_graded, reliability};
/// use cleartext::library::Library;
///
/// # let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/discord");
/// let library = Library::open(path)?;
/// let graded = read_graded(
///     r#"
///     {"question": "How tall is the lighthouse?", "entry": "how-tall"}
///     {"question": "When was the lighthouse built?", "entry": "when-built"}
///     "#,
/// )?;
/// let judged: Vec<_> = graded
///     .iter()
///     .map(|graded| Judged::from(&library.ask(&graded.question)))
///     .collect();
/// let bins = reliability(graded.iter().zip(&judged));
/// // Whatever was answered with more than 90 % was right.
/// assert_eq!((bins[9].questions, bins[9].right), (2, 2));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a fraction times ten"
)]
pub fn reliability<'a>(runs: impl IntoIterator<Item = Run<'a>>) -> [Bin; CALIBRATION_BINS] {
    let mut bins = [Bin::default(); CALIBRATION_BINS];
    for (graded, judged) in runs {
        let confidence = judged.confidence();
        let tenth = (confidence * CALIBRATION_BINS as f64) as usize;
        let bin = &mut bins[tenth.min(CALIBRATION_BINS - 1)];
        bin.questions += 1;
        bin.right += usize::from(judged.rank(graded) == Some(0));
        bin.confidence += confidence;
    }
    bins
}

/// Counts what became of graded questions.
///
/// ```
/// use cleartext::answering::evaluation::{Judged, evaluate, read_graded};
/// use cleartext::library::Library;
///
/// # let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/discord");
/// let library = Library::open(path)?;
/// let graded = read_graded(
///     r#"
///     {"question": "How tall is the lighthouse?", "entry": "how-tall"}
///     {"question": "When was the lighthouse built?", "entry": "when-built"}
///     "#,
/// )?;
/// let judged: Vec<_> = graded
///     .iter()
///     .map(|graded| Judged::from(&library.ask(&graded.question)))
///     .collect();
/// let figures = evaluate(graded.iter().zip(&judged));
/// assert_eq!((figures.in_scope, figures.answered_right), (2, 2));
/// assert_eq!(figures.top1, 1.0);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[expect(
    clippy::cast_precision_loss,
    reason = "counts of questions are far below 2^52"
)]
pub fn evaluate<'a>(runs: impl IntoIterator<Item = Run<'a>>) -> Evaluation {
    let runs: Vec<_> = runs.into_iter().collect();
    let mut figures = Evaluation::default();
    let mut inside = Vec::new();
    let mut outside = Vec::new();
    let (mut first, mut among) = (0_usize, 0_usize);
    for &(graded, judged) in &runs {
        match Verdict::of((graded, judged)) {
            Verdict::AnsweredRight => figures.answered_right += 1,
            Verdict::AnsweredWrong => figures.answered_wrong += 1,
            Verdict::ChoiceRight => figures.suggested_right += 1,
            Verdict::ChoiceWrong => figures.suggested_wrong += 1,
            Verdict::Refused => figures.refused += 1,
            Verdict::OutsideAnswered => figures.oos_answered += 1,
            Verdict::OutsideChoice => figures.oos_suggested += 1,
            Verdict::OutsideRefused => figures.oos_refused += 1,
        }
        if graded.entries.is_empty() {
            outside.push(judged.confidence());
            continue;
        }
        inside.push(judged.confidence());
        let rank = judged.rank(graded);
        first += usize::from(rank == Some(0));
        among += usize::from(rank.is_some());
        figures.mrr += rank.map_or(0.0, |rank| 1.0 / (rank + 1) as f64);
    }
    figures.in_scope = inside.len();
    figures.out_of_scope = outside.len();
    let in_scope = figures.in_scope.max(1) as f64;
    figures.top1 = first as f64 / in_scope;
    figures.recall_at_3 = among as f64 / in_scope;
    figures.mrr /= in_scope;
    inside.sort_by(f64::total_cmp);
    outside.sort_by(f64::total_cmp);
    figures.auroc = auroc(&inside, &outside);
    figures.oos_recall_at_95 = rejected_keeping(&inside, &outside, KEPT_IN_SCOPE);
    let gaps = reliability(runs.iter().copied());
    let gap: f64 = gaps
        .iter()
        .map(|bin| (bin.confidence - bin.right as f64).abs())
        .sum();
    figures.ece = gap / runs.len().max(1) as f64;
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
    fn an_empty_run_has_zeros_and_no_nan() {
        assert_eq!(evaluate([]), Evaluation::default());
    }
}
