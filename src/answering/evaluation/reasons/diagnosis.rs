//! From the matcher's account of a question to the reason why it missed.
//!
//! The first reason that the account bears out is told; they are tried from the most certain to the vaguest.

use super::Reason;
use crate::answering::evaluation::metrics::Run;
use crate::answering::evaluation::wording::Wording;
use crate::matching::{Explanation, Ranked};

/// From this part of all that spoke for the winner one word is said to have pulled the question to it. At a half it would be said of
/// most questions of five words.
const PULLS_AT: f32 = 0.6;
/// From this part of all that spoke for the winner a word is named among those that led to it.
const LED_AT: f32 = 0.15;
/// A score behind by less is said to be that, and nothing else: any word would have turned it. It is a third of the lead that an answer
/// needs, within which what the questions lacked is still worth telling.
const HARDLY_BEHIND: f32 = 0.5;
/// Most words that are named as having led to an entry.
const LED: usize = 3;

/// What reasons are read off.
#[derive(Clone, Copy)]
pub struct Evidence<'a> {
    /// The matcher's account of a question.
    pub explain: &'a dyn Fn(&str) -> Explanation,
    /// The ids of the documents that accounts name, by their positions.
    pub ids: &'a [String],
    /// Which words the entries are asked in.
    pub wording: &'a Wording,
}

/// A question with the matcher's account of it.
pub(super) struct Account<'a> {
    pub(super) run: Run<'a>,
    pub(super) explanation: Explanation,
    pub(super) evidence: Evidence<'a>,
}

impl Account<'_> {
    fn id(&self, ranked: &Ranked) -> Option<&str> {
        self.evidence.ids.get(ranked.document).map(String::as_str)
    }

    /// The telling words of the question that no phrasing of the entry has.
    fn lacking(&self, entry: &str) -> Vec<String> {
        let mut words = self.evidence.wording.lacking(entry, &self.explanation);
        words.retain(|word| !self.asks_nothing(word));
        words
    }

    /// Whether a known word by itself is about nothing, as "there" and "somebody" are.
    fn asks_nothing(&self, word: &str) -> bool {
        let alone = (self.evidence.explain)(word);
        let first = alone.ranking.best.first();
        alone.unknown.is_empty() && first.is_none_or(|first| first.confidence <= 0.0)
    }

    fn is_right(&self, id: &str) -> bool {
        self.run.0.entries.iter().any(|entry| entry == id)
    }

    /// The right entry that came nearest, or the best one if none came near; `None` where none is right.
    pub(super) fn nearest_right(&self) -> Option<&str> {
        let best = self.explanation.ranking.best.iter();
        best.filter_map(|ranked| self.id(ranked))
            .find(|id| self.is_right(id))
            .or(self.run.0.entries.first().map(String::as_str))
    }

    /// The entry shown, if the question is its id: that is answered before the matcher is asked.
    fn named(&self) -> Option<&str> {
        let (graded, judged) = self.run;
        let text = graded.question.trim();
        let text = text.strip_prefix("id:").unwrap_or(text);
        judged
            .first()
            .filter(|shown| *shown == text && judged.confidence() >= 1.0)
    }

    /// Why an entry that is right was not answered with; `wanted` is the nearest of the right ones.
    pub(super) fn of_inside(&self, wanted: &str) -> Reason {
        let explanation = &self.explanation;
        let best = &explanation.ranking.best;
        if let Some(entry) = self.named() {
            let entry = entry.to_owned();
            return Reason::NamesEntry { entry };
        }
        let Some(first) = best.first() else {
            return Reason::NothingToGoBy;
        };
        if first.confidence <= 0.0 && explanation.unknown.is_empty() {
            return Reason::NothingToGoBy;
        }
        let found = self.id(first).unwrap_or_default().to_owned();
        let second = best.get(1).and_then(|second| {
            let other = self.id(second)?.to_owned();
            Some((other, first.score - second.score))
        });
        if explanation.exact
            && let Some(other) = self.same_wording()
        {
            return Reason::SameWording { other };
        }
        let mut words = explanation.normalized.split_whitespace();
        if let (Some(word), None) = (words.next(), words.next())
            && self.evidence.wording.is_shared(word)
        {
            return Reason::OneWord {
                word: word.to_owned(),
            };
        }
        if self.is_right(&found) {
            return match second {
                Some((other, by))
                    if by < explanation.thresholds.margin && self.is_right(&other) =>
                {
                    Reason::BothRight { other }
                }
                Some((other, by)) if first.confidence >= explanation.thresholds.answer_at => {
                    Reason::CloseSecond { other, by }
                }
                Some(_) | None => Reason::Unsure {
                    confidence: first.confidence,
                    needed: if first.confidence < explanation.thresholds.suggest_at {
                        explanation.thresholds.suggest_at
                    } else {
                        explanation.thresholds.answer_at
                    },
                    lacking: self.lacking(&found),
                },
            };
        }
        let behind = best
            .iter()
            .find(|ranked| self.id(ranked) == Some(wanted))
            .map(|ranked| first.score - ranked.score);
        self.overtaken(wanted, found, behind)
    }

    /// Why another entry was found than the one wanted, which came `by` so much score behind, if it came in at all.
    fn overtaken(&self, wanted: &str, found: String, by: Option<f32>) -> Reason {
        let explanation = &self.explanation;
        let misread = explanation.repaired.iter().find(|repair| {
            let wording = self.evidence.wording;
            wording.has(&found, &repair.to) && !wording.has(wanted, &repair.to)
        });
        if let Some(repair) = misread {
            return Reason::Misread {
                from: repair.from.clone(),
                to: repair.to.clone(),
                found,
            };
        }
        if let Some(by) = by.filter(|by| *by < HARDLY_BEHIND) {
            return Reason::Behind { found, by };
        }
        let lacking = self.lacking(wanted);
        let mut speaking = self.speaking();
        if let Some((word, _)) = speaking.next().filter(|(_, part)| *part >= PULLS_AT) {
            return Reason::Pulled {
                word: word.to_owned(),
                found,
                lacking,
            };
        }
        if lacking.is_empty() {
            return Reason::Outscored {
                found,
                phrasing: explanation.best_phrasing.clone(),
            };
        }
        Reason::Lacks {
            words: lacking,
            found,
            led: self.led(),
        }
    }

    /// Why a question that nothing answers was answered.
    pub(super) fn of_outside(&self) -> Reason {
        let (_, judged) = self.run;
        let shown = judged.first().unwrap_or_default().to_owned();
        if self.named().is_some() {
            return Reason::NamesEntry { entry: shown };
        }
        if self.explanation.exact {
            return Reason::SameWording { other: shown };
        }
        Reason::Resembles {
            found: shown,
            led: self.led(),
            phrasing: self.explanation.best_phrasing.clone(),
        }
    }

    /// The entry, not a right one, that has the question word for word: those lead the ranking with the same score.
    fn same_wording(&self) -> Option<String> {
        let best = &self.explanation.ranking.best;
        let lead = best.first()?.score;
        best.iter()
            .take_while(|ranked| ranked.score >= lead)
            .filter_map(|ranked| self.id(ranked))
            .find(|id| !self.is_right(id))
            .map(str::to_owned)
    }

    /// The words that spoke for the winner with their parts of all that did, the most eloquent first.
    fn speaking(&self) -> impl Iterator<Item = (&str, f32)> {
        let mut words: Vec<_> = self
            .explanation
            .words
            .iter()
            .filter(|word| word.share > 0.0)
            .collect();
        words.sort_by(|a, b| b.share.total_cmp(&a.share));
        let all: f32 = words.iter().map(|word| word.share).sum();
        words
            .into_iter()
            .map(move |word| (word.word.as_str(), word.share / all))
    }

    fn led(&self) -> Vec<String> {
        self.speaking()
            .filter(|(_, part)| *part >= LED_AT)
            .take(LED)
            .map(|(word, _)| word.to_owned())
            .collect()
    }
}
