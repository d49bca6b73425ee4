//! The matcher: finds which document a short, chatty, misspelt question is about, and says how sure it is.
//!
//! It is pure: texts and positions in a [`Corpus`] go in, positions and numbers come out. No file, clock, environment or socket,
//! and the same corpus gives bit for bit the same matcher on every machine.
//!
//! | file | story |
//! |---|---|
//! | `corpus` | what goes in |
//! | `normalise` | text → lowercase words |
//! | `vocabulary` | words → known words and stems; what the lexicon makes equal |
//! | `repair` | unknown word → the known one it was meant to be |
//! | `features` | what features and vectors are |
//! | `texts` | words → features |
//! | `lists` | feature → documents: the index |
//! | `classifier` | phrasings → weights that tell documents apart |
//! | `model` | index and weights → a score for each document |
//! | `confidence` | held-out folds → P(right) and thresholds |
//! | `explain` | why the winner won |
//! | `complete` | what a half-typed question may become |
//! | `left_out` | phrasings that the others do not find |
//! | `typos` | seeded typing errors, for tests and measuring |
//! | `wordings` | the texts themselves, to be recognised and shown |
//! | `function_words`, `common_words`, `arithmetic` | what they need |

mod arithmetic;
mod classifier;
mod common_words;
mod complete;
mod confidence;
mod corpus;
mod explain;
mod features;
mod function_words;
mod left_out;
mod lists;
mod model;
mod normalise;
mod repair;
mod texts;
mod typos;
mod vocabulary;
mod wordings;

use std::sync::{Mutex, MutexGuard, PoisonError};

pub use corpus::{Corpus, Document};
pub use explain::{Explanation, Repair, ScoreParts, WordShare};
pub use left_out::{LeftOut, left_out};
pub use model::Scratch;
pub use normalise::Normalized;
pub use typos::mistype;

use confidence::Calibration;
use corpus::Prepared;
use model::Model;
use texts::{Space, Texts};
use wordings::Wordings;

/// Most documents in a [`Ranking`]: three are shown, two more say how the field lies.
pub const RANKED: usize = 5;

/// Two documents whose scores differ by less are a near tie, and the asker is better asked than told. A score of 1.5 more is a
/// share of 82 against 18 %. On the development questions, `tests/data/graded.jsonl` and the three public sets, 36 of 53 answers with a lead of
/// 0.5 to 1 were right, 100 of 120 from there to 1.5, and 119 of 132 from there to 2, which is more than a choice is worth.
const MARGIN: f32 = 1.5;

/// Least confidence of an exact phrasing: it is what the curator wrote.
const EXACT: f32 = 0.99;

/// What an exact phrasing's score is raised by above all others.
const EXACT_LEAD: f32 = 1.0;

/// Operator's own thresholds, each a probability 0..=1; `None` leaves the fitted one.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Overrides {
    /// From this confidence a question is answered.
    pub answer_at: Option<f32>,
    /// From this confidence documents are suggested.
    pub suggest_at: Option<f32>,
}

/// Where thresholds come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ThresholdSource {
    /// Fitted to the corpus on held-out questions.
    Fitted,
    /// The corpus is too small (or too large) to fit; built-in ones are used.
    Fixed,
    /// At least one was set by the operator.
    Configured,
}

/// Where the bands begin.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Thresholds {
    /// Confidence 0..=1 from which a question is answered.
    pub answer_at: f32,
    /// Confidence 0..=1 from which documents are suggested; at most `answer_at`.
    pub suggest_at: f32,
    /// Difference of two scores below which they are a near tie.
    pub margin: f32,
    /// How they were obtained.
    pub source: ThresholdSource,
}

/// A document with its score.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Ranked {
    /// Position in [`Corpus::documents`].
    pub document: usize,
    /// Higher is better; comparable within one ranking only.
    pub score: f32,
    /// P(right), 0..=1; never above that of the document before it.
    pub confidence: f32,
}

/// What to do with a question.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Band {
    /// The first document is very likely meant: answer.
    Answer,
    /// One of the first three may be meant: ask which.
    Suggest,
    /// Nothing in the corpus is likely to be meant.
    Refuse,
}

/// The best documents for a question and what to do with them.
#[derive(Debug, Clone, PartialEq)]
pub struct Ranking {
    /// Best first, at most [`RANKED`], ties by position. Empty for a question without words.
    pub best: Vec<Ranked>,
    /// What to do.
    pub band: Band,
}

/// A trained matcher; immutable, to be shared between threads.
#[derive(Debug)]
pub struct Matcher {
    space: Space,
    model: Model,
    calibration: Calibration,
    thresholds: Thresholds,
    wordings: Wordings,
    /// Memory of rankings done, for the next ones: as many as there were at a time.
    scratches: Mutex<Vec<Scratch>>,
}

impl Matcher {
    /// Trains on a corpus and calibrates on held-out parts of it, on two threads: some 0.2 s for 280 documents of 35 phrasings.
    ///
    /// ```
    /// use cleartext::matching::{Corpus, Document, Matcher, Overrides};
    ///
    /// let document = |question: &str, phrasing: &str| Document {
    ///     question: question.to_owned(),
    ///     phrasings: vec![phrasing.to_owned()],
    ///     body: String::new(),
    /// };
    /// let corpus = Corpus {
    ///     documents: vec![
    ///         document("How tall is the lighthouse?", "height of the tower"),
    ///         document("When does the ferry leave?", "departure of the boat"),
    ///     ],
    ///     ..Corpus::default()
    /// };
    /// let matcher = Matcher::train(&corpus, Overrides::default());
    /// assert_eq!(matcher.rank("hight of the tower").best[0].document, 0);
    /// ```
    pub fn train(corpus: &Corpus, overrides: Overrides) -> Self {
        let prepared = Prepared::new(corpus);
        let texts = Texts::new(&prepared);
        let (model, calibration) = std::thread::scope(|scope| {
            let model = scope.spawn(|| Model::train(&texts, |_| true));
            let calibration = confidence::calibrate(&texts);
            let model = model.join();
            (
                model.expect("training only computes; it does not panic"),
                calibration,
            )
        });
        Self {
            space: texts.space,
            model,
            calibration,
            thresholds: combine(&calibration, overrides),
            wordings: Wordings::new(prepared),
            scratches: Mutex::default(),
        }
    }

    /// Ranks the documents for a question.
    ///
    /// ```
    /// # use cleartext::matching::{Corpus, Document, Matcher, Overrides};
    /// #
    /// # let document = |question: &str, phrasing: &str| Document {
    /// #     question: question.to_owned(),
    /// #     phrasings: vec![phrasing.to_owned()],
    /// #     body: String::new(),
    /// # };
    /// # let corpus = Corpus {
    /// #     documents: vec![
    /// #         document("How tall is the lighthouse?", "height of the tower"),
    /// #         document("When does the ferry leave?", "departure of the boat"),
    /// #     ],
    /// #     ..Corpus::default()
    /// # };
    /// let matcher = Matcher::train(&corpus, Overrides::default());
    /// let ranking = matcher.rank("when dose the ferry go");
    /// assert_eq!(ranking.best[0].document, 1);
    /// assert!(matcher.rank("?!").best.is_empty());
    /// ```
    pub fn rank(&self, question: &str) -> Ranking {
        let mut scratch = self.pool().pop().unwrap_or_default();
        let ranking = self.rank_with(&mut scratch, question);
        self.pool().push(scratch);
        ranking
    }

    /// Like [`Matcher::rank`], but every list of the index is walked through however long: what a large corpus loses by looking
    /// into long lists for the best candidates only is measured against this. Up to 4,000 documents it is the same.
    ///
    /// ```
    /// # use cleartext::matching::{Corpus, Document, Matcher, Overrides};
    /// #
    /// # let document = |question: &str, phrasing: &str| Document {
    /// #     question: question.to_owned(),
    /// #     phrasings: vec![phrasing.to_owned()],
    /// #     body: String::new(),
    /// # };
    /// # let corpus = Corpus {
    /// #     documents: vec![
    /// #         document("How tall is the lighthouse?", "height of the tower"),
    /// #         document("When does the ferry leave?", "departure of the boat"),
    /// #     ],
    /// #     ..Corpus::default()
    /// # };
    /// let matcher = Matcher::train(&corpus, Overrides::default());
    /// let question = "hight of the tower";
    /// assert_eq!(matcher.rank_thoroughly(question), matcher.rank(question));
    /// ```
    pub fn rank_thoroughly(&self, question: &str) -> Ranking {
        let mut scratch = Scratch::default();
        scratch.thorough = true;
        self.rank_with(&mut scratch, question)
    }

    /// Bytes of memory that it holds, the memory for rankings going on not included.
    ///
    /// ```
    /// # use cleartext::matching::{Corpus, Document, Matcher, Overrides};
    /// #
    /// # let document = |question: &str, phrasing: &str| Document {
    /// #     question: question.to_owned(),
    /// #     phrasings: vec![phrasing.to_owned()],
    /// #     body: String::new(),
    /// # };
    /// # let corpus = Corpus {
    /// #     documents: vec![
    /// #         document("How tall is the lighthouse?", "height of the tower"),
    /// #         document("When does the ferry leave?", "departure of the boat"),
    /// #     ],
    /// #     ..Corpus::default()
    /// # };
    /// let one = Corpus {
    ///     documents: corpus.documents[..1].to_vec(),
    ///     ..Corpus::default()
    /// };
    /// let bytes = |corpus: &Corpus| Matcher::train(corpus, Overrides::default()).bytes();
    /// assert!(bytes(&one) < bytes(&corpus));
    /// ```
    pub fn bytes(&self) -> usize {
        self.space.bytes() + self.model.bytes() + self.wordings.bytes()
    }

    fn pool(&self) -> MutexGuard<'_, Vec<Scratch>> {
        // A scratch is put back whole or not at all, so a panic elsewhere leaves nothing half done.
        self.scratches
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    /// Like [`Matcher::rank`], with memory reused from question to question: scoring then allocates nothing but the result.
    ///
    /// ```
    /// # use cleartext::matching::Scratch;
    /// # use cleartext::matching::{Corpus, Document, Matcher, Overrides};
    /// #
    /// # let document = |question: &str, phrasing: &str| Document {
    /// #     question: question.to_owned(),
    /// #     phrasings: vec![phrasing.to_owned()],
    /// #     body: String::new(),
    /// # };
    /// # let corpus = Corpus {
    /// #     documents: vec![
    /// #         document("How tall is the lighthouse?", "height of the tower"),
    /// #         document("When does the ferry leave?", "departure of the boat"),
    /// #     ],
    /// #     ..Corpus::default()
    /// # };
    /// let matcher = Matcher::train(&corpus, Overrides::default());
    /// let mut scratch = Scratch::default();
    /// for question in ["height of the tower", "height of the towr"] {
    ///     assert_eq!(matcher.rank_with(&mut scratch, question), matcher.rank(question));
    /// }
    /// ```
    pub fn rank_with(&self, scratch: &mut Scratch, question: &str) -> Ranking {
        scratch.question.refill(question);
        self.rank_normalized(scratch)
    }

    /// Where the bands begin.
    pub fn thresholds(&self) -> Thresholds {
        self.thresholds
    }

    fn rank_normalized(&self, scratch: &mut Scratch) -> Ranking {
        self.model.ask(&self.space, RANKED, scratch);
        let exact = self.wordings.exact(&scratch.question);
        if exact.is_empty() {
            return self.rank_by_score(scratch);
        }
        let exact = &exact[..exact.partition_point(|document| self.wordings.is_own(*document))];
        if exact.is_empty() {
            return refusal(scratch);
        }
        let lead = scratch.best.first().map_or(0.0, |first| first.score) + EXACT_LEAD;
        let confidence = if let [_] = exact {
            EXACT
        } else {
            1.0 / arithmetic::number(exact.len())
        };
        let mut best: Vec<Ranked> = exact
            .iter()
            .map(|document| Ranked {
                document: *document as usize,
                score: lead,
                confidence,
            })
            .take(RANKED)
            .collect();
        // What is left of the certainty is all that the others can share.
        let mut ceiling = 1.0 - EXACT;
        for candidate in scratch
            .best
            .iter()
            .filter(|candidate| best_has_not(exact, candidate.document))
        {
            ceiling = self
                .calibration
                .coefficients
                .confidence(candidate)
                .min(ceiling);
            best.push(Ranked {
                document: candidate.document,
                score: candidate.score,
                confidence: ceiling,
            });
        }
        best.truncate(RANKED);
        Ranking {
            best,
            band: if let [_] = exact {
                Band::Answer
            } else {
                Band::Suggest
            },
        }
    }

    fn rank_by_score(&self, scratch: &Scratch) -> Ranking {
        let mut ceiling = self.most_confidence(scratch);
        let mut best = Vec::with_capacity(RANKED);
        for candidate in &scratch.best {
            ceiling = self
                .calibration
                .coefficients
                .confidence(candidate)
                .min(ceiling);
            best.push(Ranked {
                document: candidate.document,
                score: candidate.score,
                confidence: ceiling,
            });
        }
        let band = self.band(&best);
        Ranking { best, band }
    }

    /// What the confidence cannot exceed, however well something fits.
    fn most_confidence(&self, scratch: &Scratch) -> f32 {
        let winner = scratch.best.first().map(|first| first.document);
        if !self.space.vocabulary.means_something(&scratch.places) {
            // "what is it" can only be about a document that is asked for in such words.
            return if winner.is_some_and(|winner| self.wordings.is_wordless(winner)) {
                1.0
            } else {
                0.0
            };
        }
        // One word that many documents share names a topic and asks nothing: each of them is as likely.
        self.model
            .documents_with_only_word(&scratch.places)
            .map_or(1.0, |documents| 1.0 / arithmetic::number(documents.max(1)))
    }

    fn band(&self, best: &[Ranked]) -> Band {
        let Thresholds {
            answer_at,
            suggest_at,
            margin,
            ..
        } = self.thresholds;
        match best {
            [] => Band::Refuse,
            [first, ..] if first.confidence <= 0.0 || first.confidence < suggest_at => Band::Refuse,
            [first, ..] if first.confidence < answer_at => Band::Suggest,
            [first, second, ..]
                if first.score - second.score < margin && second.confidence >= suggest_at =>
            {
                Band::Suggest
            }
            [_, ..] => Band::Answer,
        }
    }
}

/// The ranking of a question that is an example of what must be refused.
fn refusal(scratch: &Scratch) -> Ranking {
    let best = scratch.best.iter().map(|candidate| Ranked {
        document: candidate.document,
        score: candidate.score,
        confidence: 0.0,
    });
    Ranking {
        best: best.collect(),
        band: Band::Refuse,
    }
}

/// Whether a document is none of those found by their very words.
fn best_has_not(exact: &[u32], document: usize) -> bool {
    exact.iter().all(|found| *found as usize != document)
}

fn combine(calibration: &Calibration, overrides: Overrides) -> Thresholds {
    let finite = |at: Option<f32>| at.filter(|at| at.is_finite());
    let answer_at = finite(overrides.answer_at)
        .unwrap_or(calibration.answer_at)
        .clamp(0.0, 1.0);
    let suggest_at = finite(overrides.suggest_at)
        .unwrap_or(calibration.suggest_at)
        .clamp(0.0, answer_at);
    let source = if overrides.answer_at.is_some() || overrides.suggest_at.is_some() {
        ThresholdSource::Configured
    } else if calibration.fitted {
        ThresholdSource::Fitted
    } else {
        ThresholdSource::Fixed
    };
    Thresholds {
        answer_at,
        suggest_at,
        margin: MARGIN,
        source,
    }
}

#[cfg(test)]
mod tests;
