//! Why the winner won: what was repaired, which words spoke for and against it, and how the score is made up.
//!
//! It repeats what ranking does, with names; it never decides anything.

use std::collections::BTreeMap;

use super::{
    Matcher, Ranked, Ranking, Scratch, Thresholds,
    features::{Block, share},
    lists::worth_share,
    model::COVERAGE,
    normalise::Normalized,
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
    /// What the classifier has learned of words and pairs of words.
    pub learned: f32,
    /// What the pieces of words say.
    pub spelling: f32,
    /// The part for having words for the question: five times the share covered.
    pub coverage: f32,
    /// Cosine of the question's words with those of the nearest phrasing, 0..=1; it is shown, not counted.
    pub cosine: f32,
    /// The winner's share in the softmax over all scores, as a natural logarithm, at most 0.
    pub log_share: f32,
}

impl Matcher {
    /// Ranks a question and tells why it came out so.
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
    /// let explanation = matcher.explain("height of the towr");
    /// assert_eq!(explanation.repaired[0].to, "tower");
    /// ```
    pub fn explain(&self, question: &str) -> Explanation {
        let mut scratch = Scratch::default();
        let ranking = self.rank_with(&mut scratch, question);
        let (repaired, unknown) = self.readings(&scratch);
        let mut words = Vec::new();
        let mut best_phrasing = None;
        let mut parts = None;
        // The winner by score: an exact phrasing may have put another one before it.
        let winner = ranking.best.first().and_then(|first| {
            let mut candidates = scratch.best.iter();
            candidates.find(|candidate| candidate.document == first.document)
        });
        if let Some(winner) = winner {
            let said = self.said(winner.document, &scratch);
            words = self.shares(&said, &scratch);
            let nearest = self.nearest_phrasing(winner.document, &scratch);
            let spelling = said
                .iter()
                .filter(|(feature, _)| self.block(**feature) == Block::Pieces)
                .map(|(_, said)| said)
                .sum();
            let coverage = COVERAGE * winner.coverage;
            parts = Some(ScoreParts {
                learned: winner.score - coverage - spelling,
                spelling,
                coverage,
                cosine: nearest.as_ref().map_or(0.0, |(_, cosine)| *cosine),
                log_share: winner.log_share,
            });
            best_phrasing = nearest.map(|(phrasing, _)| phrasing);
        }
        Explanation {
            normalized: scratch.question.as_str().to_owned(),
            repaired,
            unknown,
            words,
            exact: !self.wordings.exact(&scratch.question).is_empty(),
            ranking,
            best_phrasing,
            parts,
            thresholds: self.thresholds,
        }
    }

    /// Words read as others, and words that nothing is known about.
    fn readings(&self, scratch: &Scratch) -> (Vec<Repair>, Vec<String>) {
        let typed: Vec<&str> = scratch.question.words().collect();
        let mut repaired = Vec::new();
        let mut unknown = Vec::new();
        for place in &scratch.places.all {
            let from = typed[place.typed as usize];
            let readings = scratch.places.readings(*place);
            if readings.is_empty() {
                unknown.push(from.to_owned());
            }
            for word in readings.iter().filter_map(|reading| reading.word) {
                let to = self.space.vocabulary.spelling(word);
                if to != from {
                    repaired.push(Repair {
                        from: from.to_owned(),
                        to: to.to_owned(),
                    });
                }
            }
        }
        (repaired, unknown)
    }

    fn block(&self, feature: u32) -> Block {
        let is_in = |block: &Block| self.space.extent.of(*block).contains(&(feature as usize));
        Block::ALL.into_iter().find(is_in).unwrap_or(Block::Pieces)
    }

    /// What each feature of the question says for a document.
    fn said(&self, document: usize, scratch: &Scratch) -> BTreeMap<u32, f32> {
        let document = u32::try_from(document).unwrap_or(u32::MAX);
        let lists = &self.model.lists;
        let said = |(feature, value): (u32, f32)| {
            let covered = match self.block(feature) {
                Block::Stems => share(value) * worth_share(lists.worth(feature, document)),
                Block::Pairs | Block::Pieces => 0.0,
            };
            let learned = value * lists.weight(feature, document);
            (feature, learned + COVERAGE * covered)
        };
        scratch.vector.iter().map(said).collect()
    }

    /// The document's text that is nearest by its words, with the cosine; `None` if it has no text.
    fn nearest_phrasing(&self, document: usize, scratch: &Scratch) -> Option<(String, f32)> {
        let words = |scratch: &Scratch| -> BTreeMap<u32, f32> {
            let known = scratch.vector.iter().take(scratch.vector.stems);
            known.collect()
        };
        let asked = words(scratch);
        // Unknown words make the question's own vector longer than what is known of it.
        let length = Block::Stems.weight();
        let mut other = Scratch::default();
        let mut nearest: Option<(String, f32)> = None;
        for text in self.wordings.of(document) {
            other.question = Normalized::new(text);
            self.model.ask(&self.space, 1, &mut other);
            let cosine: f32 = words(&other)
                .iter()
                .filter_map(|(stem, value)| Some(value * asked.get(stem)?))
                .sum::<f32>()
                / (length * length);
            if nearest.as_ref().is_none_or(|(_, best)| cosine > *best) {
                nearest = Some((text.to_owned(), cosine.clamp(0.0, 1.0)));
            }
        }
        nearest
    }

    /// Deals what each feature says out to the words that have it.
    fn shares(&self, said: &BTreeMap<u32, f32>, scratch: &Scratch) -> Vec<WordShare> {
        // What each feature counts for in all, to divide its part among its words.
        let mut counts: BTreeMap<u32, f32> = BTreeMap::new();
        for item in &scratch.items.known {
            *counts.entry(item.feature).or_insert(0.0) += item.count;
        }
        let mut shares: Vec<WordShare> = scratch
            .question
            .words()
            .map(|word| WordShare {
                word: word.to_owned(),
                share: 0.0,
            })
            .collect();
        for item in &scratch.items.known {
            let share = said[&item.feature] * item.count / counts[&item.feature];
            let typed = item.typed as usize;
            match self.block(item.feature) {
                Block::Pairs if typed > 0 => {
                    shares[typed - 1].share += share / 2.0;
                    shares[typed].share += share / 2.0;
                }
                Block::Stems | Block::Pairs | Block::Pieces => shares[typed].share += share,
            }
        }
        shares
    }
}
