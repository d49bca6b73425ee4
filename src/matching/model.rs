//! What is learned from a corpus, and how it scores: `4·W·x + 3·cosine + 4·coverage`.
//!
//! The classifier `W` knows what tells the documents apart, the cosine with the best phrasing how near somebody has come to this
//! wording, the coverage how much of the question the document's phrasings explain between them. It says how well each document
//! fits, not whether the best one is right; that is `confidence`.
//!
//! Tried (top-1 on `clinc_k10_s0` / `stackfaq_s0`):
//!
//! | change | top-1 |
//! |---|---|
//! | without coverage | 83.7 / 92.8 |
//! | coverage 4, unknown words in its whole (kept) | 84.0 / 93.2 |
//! | coverage by BM25 over all phrasings of a document instead of yes or no | 83.9 / 93.2 |
//! | coverage of words that are no function words | 83.8 / 92.8 |
//! | mean of the 2, 3 or 10 best cosines in addition | 83.1 to 83.3 / 92.3 without coverage: nothing |

use super::{
    arithmetic::{exp, ln},
    classifier::Classifier,
    index::{Index, Material, Workspace},
    normalise::Normalized,
};

/// Weight of the classifier.
pub(super) const LEARNED: f32 = 4.0;

/// Weight of the cosine with the best phrasing.
pub(super) const LIKENESS: f32 = 3.0;

/// Weight of the share of the question that the document's phrasings have words for.
pub(super) const COVERAGE: f32 = 4.0;

/// Index and classifier of one corpus, or of the part of it that a fold leaves in.
#[derive(Debug)]
pub(super) struct Model {
    pub(super) index: Index,
    pub(super) classifier: Classifier,
    documents: usize,
}

/// How well one document fits a question.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Candidate {
    /// Position of the document.
    pub(super) document: usize,
    /// No fixed range; about 0..=12.
    pub(super) score: f32,
    /// Natural logarithm of its share in the softmax over all scores, at most 0.
    pub(super) log_share: f32,
    /// Cosine with its best phrasing, 0..=1.
    pub(super) cosine: f32,
    /// Share of the question's worth that it has words for, 0..=1.
    pub(super) coverage: f32,
}

/// Memory for ranking, reused from question to question: once it has grown, scoring allocates nothing.
#[derive(Debug, Default)]
pub struct Scratch {
    pub(super) question: Normalized,
    pub(super) workspace: Workspace,
    pub(super) best: Vec<Candidate>,
    /// For each phrasing its cosine with the question.
    pub(super) cosines: Vec<f32>,
    scores: Vec<f32>,
    best_cosines: Vec<f32>,
    coverages: Vec<f32>,
    log_total: f32,
}

impl Model {
    /// Trains on a corpus.
    pub(super) fn train(material: &Material<'_>) -> Self {
        let index = Index::new(material);
        let classifier = Classifier::train(&index, material.documents);
        Self {
            index,
            classifier,
            documents: material.documents,
        }
    }

    /// Ranks all documents for `scratch.question`: the best `most` are left in `scratch.best`, best first, ties by position.
    /// Empty if the question has no words or the corpus no documents.
    pub(super) fn rank(&self, most: usize, scratch: &mut Scratch) {
        let Scratch {
            question,
            workspace,
            best,
            cosines,
            scores,
            best_cosines,
            coverages,
            log_total,
        } = scratch;
        best.clear();
        if question.is_empty() || self.documents == 0 {
            return;
        }
        self.index.read_question(question, workspace);
        let vector = &workspace.vector;
        scores.clear();
        scores.resize(self.classifier.stride(), 0.0);
        self.classifier.score(vector, scores);

        cosines.clear();
        cosines.resize(self.index.phrasings().len(), 0.0);
        let sums = cosines.as_mut_slice();
        for (feature, value) in vector.iter() {
            let value = value / vector.norm;
            for &(phrasing, share) in self.index.postings(feature) {
                sums[phrasing as usize] += value * share;
            }
        }
        best_cosines.clear();
        best_cosines.resize(self.documents, 0.0);
        for (document, phrasings) in self.index.spans() {
            let best = sums[phrasings].iter().copied().fold(0.0, f32::max);
            best_cosines[document] = best;
        }
        coverages.clear();
        coverages.resize(self.documents, 0.0);
        let sums = coverages.as_mut_slice();
        for (stem, share) in vector.stem_shares() {
            for &(document, worth) in self.index.members(stem) {
                sums[document as usize] += share * worth;
            }
        }

        scores.truncate(self.documents);
        let mut highest = f32::NEG_INFINITY;
        for ((score, cosine), coverage) in scores
            .iter_mut()
            .zip(best_cosines.iter())
            .zip(coverages.iter())
        {
            *score = LEARNED * *score + LIKENESS * cosine + COVERAGE * coverage;
            highest = highest.max(*score);
        }
        *log_total = highest + ln(scores.iter().map(|score| exp(score - highest)).sum());
        let mut ranked = std::mem::take(best);
        for document in 0..self.documents {
            let score = scratch.scores[document];
            if ranked.len() == most && ranked.last().is_none_or(|last| last.score >= score) {
                continue;
            }
            let rank = ranked
                .iter()
                .position(|better| better.score < score)
                .unwrap_or(ranked.len());
            ranked.truncate(most - 1);
            ranked.insert(rank, scratch.candidate(document));
        }
        scratch.best = ranked;
    }
}

impl Scratch {
    /// A document's fit in the ranking done last.
    pub(super) fn candidate(&self, document: usize) -> Candidate {
        let score = self.scores[document];
        Candidate {
            document,
            score,
            log_share: (score - self.log_total).min(0.0),
            cosine: self.best_cosines[document].min(1.0),
            coverage: self.coverages[document].min(1.0),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rank(question: &str) -> Vec<Candidate> {
        let texts = [Normalized::new("alpha"), Normalized::new("omega")];
        let material = Material {
            documents: 2,
            texts: vec![(0, &texts[0]), (1, &texts[1])],
            bodies: Vec::new(),
            synonyms: &[],
        };
        let mut scratch = Scratch {
            question: Normalized::new(question),
            ..Scratch::default()
        };
        Model::train(&material).rank(2, &mut scratch);
        scratch.best
    }

    #[test]
    fn the_same_words_are_fully_alike_and_covered() {
        let best = rank("omega");
        assert_eq!((best[0].document, best[1].document), (1, 0));
        assert!(
            (best[0].cosine - 1.0).abs() < 1e-5 && (best[0].coverage - 1.0).abs() < 1e-5,
            "{best:?}"
        );
        assert!(best[1].cosine < 0.1 && best[1].coverage < 1e-5, "{best:?}");
    }

    #[test]
    fn coverage_is_the_known_share_of_the_worth() {
        // idf of a word of one of two documents, and of a word of none.
        let (known, unknown) = (1.5_f64.ln() + 2.0, 3.0_f64.ln() + 2.0);
        let expected = known * known / (known * known + unknown * unknown);
        let best = rank("alpha xyz");
        assert!(
            (f64::from(best[0].coverage) - expected).abs() < 1e-5,
            "{best:?}, not {expected}"
        );
    }

    #[test]
    fn shares_are_those_of_a_softmax() {
        let best = rank("alpha");
        let (first, second) = (f64::from(best[0].score), f64::from(best[1].score));
        let expected = -(1.0 + (second - first).exp()).ln();
        assert!(
            (f64::from(best[0].log_share) - expected).abs() < 1e-5,
            "{best:?}, not {expected}"
        );
    }

    #[test]
    fn nothing_is_ranked_for_nothing() {
        assert!(rank("").is_empty());
        assert_eq!(rank("nothing known").len(), 2);
    }
}
