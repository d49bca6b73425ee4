//! Why a question missed, and what a curator can do about it.
//!
//! - `diagnosis`: the matcher's own account of a question → a reason. Nothing is guessed: where the account gives no reason, only
//!   what was seen is told.
//! - `told`: reasons in words; `mends`: misses with the same remedy, the most rewarding first.
//!
//! Out-of-scope questions that became a choice are no misses: the choice is the honest answer to a near one.

mod diagnosis;
mod mends;
mod told;

pub use diagnosis::Evidence;
pub use mends::{Mend, Remedy, mends};
pub use told::{Piece, Told};

use super::metrics::{Run, Verdict};
use diagnosis::Account;

/// Why a question was not answered with the right entry, or was answered where none is right.
#[derive(Clone, Debug, PartialEq)]
pub enum Reason {
    /// The question is an entry's id, which needs no matching.
    NamesEntry {
        /// That entry.
        entry: String,
    },
    /// No word of the question says what it is about.
    NothingToGoBy,
    /// The question is one word that several entries share.
    OneWord {
        /// The word.
        word: String,
    },
    /// The question stands word for word with another entry.
    SameWording {
        /// That entry.
        other: String,
    },
    /// A word was taken for another that the entry does not have, and the one found does.
    Misread {
        /// As typed, normalised.
        from: String,
        /// What it was taken for.
        to: String,
        /// The entry found.
        found: String,
    },
    /// The entry came in within the margin of a near tie behind another.
    Behind {
        /// The entry found.
        found: String,
        /// By how much score.
        by: f32,
    },
    /// The entry was first, with another within the margin of a near tie behind it.
    CloseSecond {
        /// The entry behind it.
        other: String,
        /// By how much score.
        by: f32,
    },
    /// The entry was first, and the one close behind it is right as well.
    BothRight {
        /// The other right one.
        other: String,
    },
    /// One word spoke for another entry far more than all others together.
    Pulled {
        /// The word, as typed.
        word: String,
        /// The entry found.
        found: String,
        /// Telling words that no phrasing of the wanted entry has.
        lacking: Vec<String>,
    },
    /// No phrasing of the entry has telling words of the question.
    Lacks {
        /// These words, as typed; at least one.
        words: Vec<String>,
        /// The entry found.
        found: String,
        /// The words that led there.
        led: Vec<String>,
    },
    /// The entry has all telling words, and yet another came out far before it.
    Outscored {
        /// The entry found.
        found: String,
        /// Its nearest phrasing, normalised.
        phrasing: Option<String>,
    },
    /// The entry was first, but not sure enough.
    Unsure {
        /// How sure, 0 to 1.
        confidence: f32,
        /// How sure it has to be, 0 to 1.
        needed: f32,
        /// Telling words that no phrasing of it has.
        lacking: Vec<String>,
    },
    /// Nothing answers the question, and an entry resembles it.
    Resembles {
        /// That entry.
        found: String,
        /// The words that led there.
        led: Vec<String>,
        /// Its nearest phrasing, normalised.
        phrasing: Option<String>,
    },
}

/// A question that was not answered right.
#[derive(Clone, Debug, PartialEq)]
pub struct Miss {
    /// Its place in the run.
    pub question: usize,
    /// What became of it.
    pub verdict: Verdict,
    /// The entry that answers it; of several the one that came nearest. `None` where none does.
    pub wanted: Option<String>,
    /// The first candidate.
    pub found: Option<String>,
    /// Why.
    pub reason: Reason,
}

impl Miss {
    /// What went wrong with the question at this place of a run; `None` if nothing did.
    ///
    /// ```
    /// use cleartext::answering::evaluation::{Evidence, Judged, Miss, Wording, read_graded};
    /// use cleartext::answering::{Answerer, Overrides};
    /// use cleartext::library;
    ///
    /// # let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/discord");
    /// let draft = library::draft(Some(path.as_ref()))?;
    /// let knowledge = draft.into_knowledge().expect("it has no faults");
    /// let answerer = Answerer::new(&knowledge, Overrides::default());
    /// let ids: Vec<_> = knowledge.entries.iter().map(|entry| entry.id.to_string()).collect();
    /// let evidence = Evidence {
    ///     explain: &|question| answerer.explain(question),
    ///     ids: &ids,
    ///     wording: &Wording::of(&knowledge),
    /// };
    /// // Graded for the wrong entry: whoever wrote this down meant "how-tall".
    /// let graded = read_graded(r#"{"question": "How tall is the lighthouse?", "entry": "when-built"}"#)?;
    /// let judged = Judged::from(&answerer.ask(&graded[0].question));
    /// let miss = Miss::of(0, (&graded[0], &judged), evidence).expect("another entry was found");
    /// assert_eq!(miss.found.as_deref(), Some("how-tall"));
    /// assert!(miss.is_wrong_answer() && miss.is_lost());
    /// assert_eq!(miss.reason.told().to_string(), "it stands word for word in `how-tall`");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn of(question: usize, run: Run<'_>, evidence: Evidence<'_>) -> Option<Self> {
        let (graded, judged) = run;
        let verdict = Verdict::of(run);
        let account = || Account {
            run,
            explanation: (evidence.explain)(&graded.question),
            evidence,
        };
        let (wanted, reason) = match verdict {
            Verdict::AnsweredRight | Verdict::OutsideRefused | Verdict::OutsideChoice => {
                return None;
            }
            Verdict::OutsideAnswered => (None, account().of_outside()),
            Verdict::AnsweredWrong
            | Verdict::ChoiceRight
            | Verdict::ChoiceWrong
            | Verdict::Refused => {
                let account = account();
                let wanted = account.nearest_right()?.to_owned();
                let reason = account.of_inside(&wanted);
                (Some(wanted), reason)
            }
        };
        Some(Self {
            question,
            verdict,
            wanted,
            found: judged.first().map(str::to_owned),
            reason,
        })
    }

    /// Whether somebody was told something wrong with certainty.
    pub fn is_wrong_answer(&self) -> bool {
        match self.verdict {
            Verdict::AnsweredWrong | Verdict::OutsideAnswered => true,
            Verdict::AnsweredRight
            | Verdict::ChoiceRight
            | Verdict::ChoiceWrong
            | Verdict::Refused
            | Verdict::OutsideRefused
            | Verdict::OutsideChoice => false,
        }
    }

    /// Whether the asker was not even offered what was wanted.
    pub fn is_lost(&self) -> bool {
        match self.verdict {
            Verdict::AnsweredWrong
            | Verdict::ChoiceWrong
            | Verdict::Refused
            | Verdict::OutsideAnswered => true,
            Verdict::AnsweredRight
            | Verdict::ChoiceRight
            | Verdict::OutsideRefused
            | Verdict::OutsideChoice => false,
        }
    }
}

#[cfg(test)]
mod tests;
