//! Why the winner won: what was repaired, which words spoke for and against it, and how the score is made up.
//!
//! It repeats what ranking does, with names; it never decides anything.

use super::{
    Matcher, Ranked, Ranking, Scratch, Thresholds,
    features::Block,
    index::Read,
    model::{COVERAGE, LEARNED, LIKENESS},
};

/// How a question was ranked.
#[derive(Debug, Clone, PartialEq)]
pub struct Explanation {
    /// The question as it was read, before repair.
    pub normalized: String,
    /// Words that were taken for others.
    pub repaired: Vec<Repair>,
    /// Words that the knowledge does not have, and has nothing like.
    pub unknown: Vec<String>,
    /// What each word of the question adds to the winner's score, in the order of the question; below zero it spoke against it.
    pub words: Vec<WordShare>,
    /// The ranking itself: winner, runner-up and band.
    pub ranking: Ranking,
    /// Whether the question is, after normalising, a question or phrasing of the knowledge.
    pub exact: bool,
    /// The winner's question or phrasing that is nearest, normalised.
    pub best_phrasing: Option<String>,
    /// How the winner's score is made up.
    pub parts: Option<ScoreParts>,
    /// Where the bands begin.
    pub thresholds: Thresholds,
}

impl Explanation {
    /// The document that came second.
    pub fn runner_up(&self) -> Option<&Ranked> {
        self.ranking.best.get(1)
    }
}

/// A word that was taken for another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Repair {
    /// As typed, normalised.
    pub from: String,
    /// The known word; a near tie gives several repairs of the same word, the best first.
    pub to: String,
}

/// What a word of the question adds to the winner's score.
#[derive(Debug, Clone, PartialEq)]
pub struct WordShare {
    /// As typed, normalised.
    pub word: String,
    /// Its part of the score; a pair of words is shared equally between them.
    pub share: f32,
}

/// The parts that the winner's score is the sum of, and what confidence is computed from.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ScoreParts {
    /// The classifier's part.
    pub learned: f32,
    /// The best phrasing's part: three times its cosine.
    pub likeness: f32,
    /// The part for having words for the question: four times the share covered.
    pub coverage: f32,
    /// Cosine with the best phrasing, 0..=1.
    pub cosine: f32,
    /// The winner's share in the softmax over all scores, as a natural logarithm, at most 0.
    pub log_share: f32,
}

impl Matcher {
    /// Ranks a question and tells why it came out so.
    pub fn explain(&self, question: &str) -> Explanation {
        let mut scratch = Scratch::default();
        let ranking = self.rank_with(&mut scratch, question);
        let (repaired, unknown) = self.readings(&scratch);
        let mut words = Vec::new();
        let mut best_phrasing = None;
        let mut parts = None;
        if let Some(winner) = ranking.best.first().map(|first| first.document) {
            let nearest = self.nearest_phrasing(winner, &scratch);
            words = self.shares(winner, nearest, &scratch);
            best_phrasing = nearest.map(|at| self.texts[at].as_str().to_owned());
            let candidate = scratch.candidate(winner);
            let (likeness, coverage) = (LIKENESS * candidate.cosine, COVERAGE * candidate.coverage);
            parts = Some(ScoreParts {
                learned: candidate.score - likeness - coverage,
                likeness,
                coverage,
                cosine: candidate.cosine,
                log_share: candidate.log_share,
            });
        }
        Explanation {
            normalized: scratch.question.as_str().to_owned(),
            repaired,
            unknown,
            words,
            exact: self.exact.contains_key(&scratch.question),
            ranking,
            best_phrasing,
            parts,
            thresholds: self.thresholds,
        }
    }

    /// Words read as others, and words that nothing is known about.
    fn readings(&self, scratch: &Scratch) -> (Vec<Repair>, Vec<String>) {
        let index = &self.model.index;
        let typed: Vec<&str> = scratch.question.words().collect();
        let mut repaired = Vec::new();
        let mut unknown = Vec::new();
        for token in &scratch.workspace.tokens {
            let from = typed[token.place as usize];
            match token.read {
                Read::Known(reading) => {
                    let to = index.spelling(reading.word);
                    if to != from {
                        repaired.push(Repair {
                            from: from.to_owned(),
                            to: to.to_owned(),
                        });
                    }
                }
                Read::Unknown(stem) => {
                    if !index.knows_stem(stem) {
                        unknown.push(from.to_owned());
                    }
                }
            }
        }
        (repaired, unknown)
    }

    /// The document's text with the highest cosine; `None` if it has none.
    fn nearest_phrasing(&self, document: usize, scratch: &Scratch) -> Option<usize> {
        let mut nearest: Option<(usize, f32)> = None;
        for (at, (phrasing, &cosine)) in self
            .model
            .index
            .phrasings()
            .iter()
            .zip(&scratch.cosines)
            .enumerate()
        {
            if phrasing.document as usize == document
                && nearest.is_none_or(|(_, best)| cosine > best)
            {
                nearest = Some((at, cosine));
            }
        }
        nearest.map(|(at, _)| at)
    }

    /// Deals each feature's part of the winner's score out to the words that have it.
    fn shares(&self, winner: usize, nearest: Option<usize>, scratch: &Scratch) -> Vec<WordShare> {
        let index = &self.model.index;
        let vector = &scratch.workspace.vector;
        // What each feature counts for in all, to divide its part among its words.
        let mut counts = std::collections::BTreeMap::new();
        index.for_each_known(
            &scratch.question,
            &scratch.workspace,
            |_, feature, _, weight| {
                *counts.entry(feature).or_insert(0.0) += weight;
            },
        );
        let covered: std::collections::BTreeMap<u32, f32> = vector.stem_shares().collect();
        let mut parts = std::collections::BTreeMap::new();
        for (feature, value) in vector.iter() {
            let likeness = nearest.map_or(0.0, |at| {
                let postings = index.postings(feature).iter();
                postings
                    .filter(|(phrasing, _)| *phrasing as usize == at)
                    .map(|(_, share)| share * value / vector.norm)
                    .sum()
            });
            let coverage: f32 = covered.get(&feature).map_or(0.0, |share| {
                let members = index.members(feature).iter();
                members
                    .filter(|(document, _)| *document as usize == winner)
                    .map(|(_, worth)| share * worth)
                    .sum()
            });
            let learned = self.model.classifier.weight(feature, winner) * value;
            parts.insert(
                feature,
                LEARNED * learned + LIKENESS * likeness + COVERAGE * coverage,
            );
        }
        let mut shares: Vec<WordShare> = scratch
            .question
            .words()
            .map(|word| WordShare {
                word: word.to_owned(),
                share: 0.0,
            })
            .collect();
        index.for_each_known(
            &scratch.question,
            &scratch.workspace,
            |place, feature, block, weight| {
                let share = parts[&feature] * weight / counts[&feature];
                let place = place as usize;
                match block {
                    Block::Pairs if place > 0 => {
                        shares[place - 1].share += share / 2.0;
                        shares[place].share += share / 2.0;
                    }
                    Block::Stems | Block::Pairs | Block::Pieces => shares[place].share += share,
                }
            },
        );
        shares
    }
}
