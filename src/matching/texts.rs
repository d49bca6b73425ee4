//! The knowledge's texts as features, and how the features of any text are found.
//!
//! A text becomes word stems, pairs of neighbouring stems, and the 3-letter pieces of its words. What each is worth depends on
//! the part of the knowledge that a model is trained on; `model` decides that.

use std::ops::Range;

use super::{
    corpus::Prepared,
    features::{Block, Extent, bytes, dampened, for_each_piece},
    normalise::Normalized,
    vocabulary::{Piece, Place, Places, StemReading, Vocabulary},
};

/// Documents up to which pieces of words are features: with more, nearly every piece is in more than [`MOST_PIECE_DOCUMENTS`], and the
/// others are two thirds of all features.
const MOST_WITH_PIECES: usize = 4_000;

/// A piece that more documents have is no feature: it tells few of them apart, and costs the more the more there are. With 280 entries
/// and 81 foreign groups, leaving out those of more than 300, 250, 200, 150 and 100 saves 13, 19, 24, 33 and 38 % of the time to
/// load; top-1 on the development questions / `tests/data/graded.jsonl` is 91.7 / 90.4, 92.1 / 90.4, 91.7 / 89.8, 91.5 / 89.2, 91.9 / 88.5
/// where all pieces give 92.1 / 89.8.
const MOST_PIECE_DOCUMENTS: usize = 300;

/// What kind of text it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// A question or phrasing.
    Question,
    /// An answer: its words are a hint, in no order.
    Body,
    /// An example of what no document answers.
    Foreign,
}

/// One text of the knowledge.
#[derive(Debug, Clone)]
pub(super) struct Text {
    pub(super) document: u32,
    pub(super) kind: Kind,
    /// Which question or phrasing of its document it is, counted from 0 without repetitions; 0 for a body.
    pub(super) turn: u32,
    words: Range<usize>,
    features: Range<usize>,
}

/// A feature met in a text.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Item {
    pub(super) feature: u32,
    pub(super) count: f32,
    /// The typed word that it comes from; of a pair the second one.
    pub(super) typed: u32,
}

/// The features of a text, as met. Reused from question to question.
#[derive(Debug, Default)]
pub(super) struct Items {
    pub(super) known: Vec<Item>,
    /// For each kind the number of features that nobody knows.
    pub(super) unknown: [u32; 3],
    stems: Vec<Option<u32>>,
    groups: Vec<(u32, u32)>,
    explained: Vec<bool>,
}

/// All texts of the knowledge and the vocabulary that they are made of.
#[derive(Debug, Default)]
pub(super) struct Texts {
    pub(super) space: Space,
    /// Documents first, and after them the groups of foreign questions as if they were documents.
    pub(super) documents: usize,
    /// How many of them can be found.
    pub(super) own: usize,
    pub(super) all: Vec<Text>,
    words: Vec<u32>,
    ids: Vec<u32>,
    /// Dampened counts beside the ids.
    counts: Vec<f32>,
}

/// The vocabulary and the numbers of its features: what remains when the texts have been learned from.
#[derive(Debug, Default)]
pub(super) struct Space {
    pub(super) vocabulary: Vocabulary,
    pub(super) extent: Extent,
    pairs: Pairs,
}

/// Pairs of neighbouring stems by their first, each with its number: four bytes a pair.
#[derive(Debug, Default)]
struct Pairs {
    /// For each first stem (the sentence's start first of all) where its seconds begin.
    starts: Vec<u32>,
    /// Second stems, rising within each first one. A pair's number is its position.
    seconds: Vec<u32>,
}

impl Pairs {
    /// Stem 0 is the start of a sentence, all others are one higher.
    fn new(stems: usize, mut pairs: Vec<(u32, u32)>) -> Self {
        pairs.sort_unstable();
        pairs.dedup();
        let mut starts = vec![0_u32; stems + 2];
        for (first, _) in &pairs {
            starts[*first as usize + 1] += 1;
        }
        for at in 1..starts.len() {
            starts[at] += starts[at - 1];
        }
        let mut seconds: Vec<u32> = pairs.into_iter().map(|(_, second)| second).collect();
        seconds.shrink_to_fit();
        Self { starts, seconds }
    }

    fn find(&self, first: Option<u32>, second: u32) -> Option<u32> {
        let first = first.map_or(0, |first| first as usize + 1);
        let start = *self.starts.get(first)?;
        let seconds = &self.seconds[start as usize..self.starts[first + 1] as usize];
        let at = seconds.binary_search(&second).ok()?;
        Some(start + u32::try_from(at).unwrap_or(0))
    }
}

impl Texts {
    /// Reads a knowledge's texts. Those of a document stand side by side, its body last.
    pub(super) fn new(prepared: &Prepared) -> Self {
        let mut vocabulary = Vocabulary::default();
        let mut texts: Vec<Text> = Vec::with_capacity(prepared.texts.len() + prepared.bodies.len());
        let mut words = Vec::new();
        let mut take = |vocabulary: &mut Vocabulary, text: &Normalized| {
            let start = words.len();
            vocabulary.learn(text, |word| words.push(word));
            start..words.len()
        };
        let mut turn = 0;
        for (document, _, text) in &prepared.texts {
            let same = texts.last().is_some_and(|last| last.document == *document);
            turn = if same { turn + 1 } else { 0 };
            texts.push(Text {
                document: *document,
                kind: if (*document as usize) < prepared.own {
                    Kind::Question
                } else {
                    Kind::Foreign
                },
                turn,
                words: take(&mut vocabulary, text),
                features: 0..0,
            });
        }
        vocabulary.learn_synonyms(&prepared.synonyms);
        for (document, text) in &prepared.bodies {
            texts.push(Text {
                document: *document,
                kind: Kind::Body,
                turn: 0,
                words: take(&mut vocabulary, text),
                features: 0..0,
            });
        }
        vocabulary.finish();
        texts.sort_by_key(|text| (text.document, text.kind == Kind::Body));
        let mut pairs = Vec::new();
        for text in texts.iter().filter(|text| text.kind != Kind::Body) {
            let mut previous = 0;
            for word in &words[text.words.clone()] {
                let stem = vocabulary.stem(*word);
                pairs.push((previous, stem));
                previous = stem + 1;
            }
        }
        let pairs = Pairs::new(vocabulary.stems(), pairs);
        let pieces = if prepared.documents <= MOST_WITH_PIECES {
            drop_common_pieces(&mut vocabulary, &texts, &words);
            vocabulary.distinct_pieces()
        } else {
            0
        };
        let extent = Extent {
            stems: vocabulary.stems(),
            pairs: pairs.seconds.len(),
            pieces,
        };
        let mut all = Self {
            space: Space {
                vocabulary,
                extent,
                pairs,
            },
            documents: prepared.documents,
            own: prepared.own,
            all: texts,
            words,
            ids: Vec::new(),
            counts: Vec::new(),
        };
        all.find_features();
        all
    }

    fn find_features(&mut self) {
        let mut places = Places::default();
        let mut items = Items::default();
        let mut texts = std::mem::take(&mut self.all);
        let learned = self.space.extent.stems;
        for text in &mut texts {
            self.places(text, |_| true, &mut places);
            self.space.features(None, &places, |_| true, &mut items);
            let start = self.ids.len();
            for same in items.known.chunk_by(|a, b| a.feature == b.feature) {
                if text.kind == Kind::Body && same[0].feature as usize >= learned {
                    break;
                }
                self.ids.push(same[0].feature);
                let count = same.iter().map(|item| item.count).sum();
                self.counts.push(dampened(count));
            }
            text.features = start..self.ids.len();
        }
        self.all = texts;
    }

    /// The features of a text in rising order and their dampened counts.
    pub(super) fn features(&self, text: &Text) -> (&[u32], &[f32]) {
        let at = text.features.clone();
        (&self.ids[at.clone()], &self.counts[at])
    }

    /// The words of a text as places, those that are not `kept` as unknown ones.
    pub(super) fn places(
        &self,
        text: &Text,
        mut kept: impl FnMut(u32) -> bool,
        places: &mut Places,
    ) {
        places.clear();
        for (typed, &word) in (0_u32..).zip(&self.words[text.words.clone()]) {
            let stem = self.space.vocabulary.stem(word);
            let reading = kept(stem).then_some(StemReading {
                stem,
                word: Some(word),
                weight: 1.0,
            });
            places.push(typed, reading);
        }
    }
}

/// Takes out the pieces that more than [`MOST_PIECE_DOCUMENTS`] documents have.
fn drop_common_pieces(vocabulary: &mut Vocabulary, texts: &[Text], words: &[u32]) {
    let mut last = vec![u32::MAX; vocabulary.distinct_pieces()];
    let mut documents = vec![0_usize; last.len()];
    for text in texts.iter().filter(|text| text.kind != Kind::Body) {
        for word in &words[text.words.clone()] {
            for &piece in vocabulary.pieces_of(*word) {
                let piece = piece as usize;
                if std::mem::replace(&mut last[piece], text.document) != text.document {
                    documents[piece] += 1;
                }
            }
        }
    }
    vocabulary.drop_pieces(|piece| documents[piece as usize] > MOST_PIECE_DOCUMENTS);
}

impl Space {
    /// Bytes that it holds.
    pub(super) fn bytes(&self) -> usize {
        self.vocabulary.bytes() + bytes(&self.pairs.starts) + bytes(&self.pairs.seconds)
    }

    /// Finds the features of a text that has been read, rising by number, and counts those that nobody knows.
    ///
    /// `present` says which features the model at hand knows. `typed` is the text as typed, for the pieces of words that nobody
    /// knows; without it they are counted as unknown.
    pub(super) fn features(
        &self,
        typed: Option<&Normalized>,
        places: &Places,
        present: impl Fn(u32) -> bool,
        items: &mut Items,
    ) {
        let Items {
            known,
            unknown,
            stems,
            groups,
            explained,
        } = items;
        known.clear();
        *unknown = [0; 3];
        let mut meet = |block: Block, id: Option<u32>, count: f32, typed: u32| {
            let first = self.extent.of(block).start;
            let feature = id.map(|id| id + u32::try_from(first).unwrap_or(u32::MAX));
            match feature.filter(|feature| present(*feature)) {
                Some(feature) => known.push(Item {
                    feature,
                    count,
                    typed,
                }),
                None => unknown[block as usize] += 1,
            }
        };
        stems.clear();
        stems.extend(places.all.iter().map(|place| {
            let best = places.readings(*place).first()?;
            // A stem that only the lexicon has is looked for there, whether the model knows it or not.
            Some(best.stem)
        }));
        self.vocabulary.find_groups(stems, groups, explained);
        let mut words = typed.map(|typed| (0_u32..).zip(typed.words()).peekable());
        for (place, explained) in places.all.iter().zip(explained.iter()) {
            let readings = places.readings(*place);
            if readings.is_empty() {
                meet(Block::Stems, None, 1.0, place.typed);
            }
            for reading in readings {
                // Of a form of the lexicon that no text has, its group says all.
                if *explained && !present(reading.stem) {
                    continue;
                }
                meet(
                    Block::Stems,
                    Some(reading.stem),
                    reading.weight,
                    place.typed,
                );
            }
            if self.extent.pieces > 0 {
                self.pieces(*place, readings, words.as_mut(), &mut meet);
            }
        }
        let mut previous = Some(None);
        for (place, stem) in places.all.iter().zip(stems.iter()) {
            let pair = match (previous, stem) {
                (Some(first), Some(second)) => self.pairs.find(first, *second),
                _ => None,
            };
            meet(Block::Pairs, pair, 1.0, place.typed);
            previous = stem.map(Some);
        }
        for &(place, group) in groups.iter() {
            let typed = places.all[place as usize].typed;
            if present(group) {
                meet(Block::Stems, Some(group), 1.0, typed);
            }
        }
        known.sort_unstable_by_key(|item| (item.feature, item.typed));
    }

    /// The pieces of the known words at a place, or else of what was typed there.
    fn pieces<'a>(
        &self,
        place: Place,
        readings: &[StemReading],
        words: Option<&mut std::iter::Peekable<impl Iterator<Item = (u32, &'a str)>>>,
        meet: &mut impl FnMut(Block, Option<u32>, f32, u32),
    ) {
        for reading in readings {
            if let Some(word) = reading.word {
                for &piece in self.vocabulary.pieces_of(word) {
                    meet(Block::Pieces, Some(piece), reading.weight, place.typed);
                }
            }
        }
        if readings.iter().any(|reading| reading.word.is_some()) {
            return;
        }
        let Some(words) = words else {
            for _ in 0..TYPICAL_PIECES {
                meet(Block::Pieces, None, 1.0, place.typed);
            }
            return;
        };
        while words.next_if(|(at, _)| *at < place.typed).is_some() {}
        if let Some(&(_, typed)) = words.peek() {
            for_each_piece(typed, |key| {
                let piece = match self.vocabulary.piece(key) {
                    Piece::Common => return,
                    Piece::Known(piece) => Some(piece),
                    Piece::Unknown => None,
                };
                meet(Block::Pieces, piece, 1.0, place.typed);
            });
        }
    }
}

/// Letters of a typical telling word: how many pieces an invented one is taken to have.
const TYPICAL_PIECES: usize = 8;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::matching::corpus::{Corpus, Document};

    fn texts() -> Texts {
        let document = |question: &str, phrasings: &[&str], body: &str| Document {
            question: question.to_owned(),
            phrasings: phrasings.iter().map(|text| (*text).to_owned()).collect(),
            body: body.to_owned(),
        };
        Texts::new(&Prepared::new(&Corpus {
            documents: vec![
                document(
                    "red apples",
                    &["apples red", "green apples apples"],
                    "A fruit.",
                ),
                document("who grows pears", &[], ""),
            ],
            foreign: Vec::new(),
            synonyms: vec![vec!["pears".to_owned(), "pyrus".to_owned()]],
        }))
    }

    #[test]
    fn texts_keep_their_documents_and_turns() {
        let texts = texts();
        let order: Vec<(u32, Kind, u32)> = texts
            .all
            .iter()
            .map(|text| (text.document, text.kind, text.turn))
            .collect();
        let (question, body) = (Kind::Question, Kind::Body);
        assert_eq!(
            order,
            [
                (0, question, 0),
                (0, question, 1),
                (0, question, 2),
                (0, body, 0),
                (1, question, 0)
            ]
        );
    }

    #[test]
    fn pieces_that_nearly_all_documents_have_are_no_features() {
        let pieces = |documents: usize| {
            let document = |at: usize| Document {
                question: format!("shared word{at}"),
                ..Document::default()
            };
            let texts = Texts::new(&Prepared::new(&Corpus {
                documents: (0..documents).map(document).collect(),
                ..Corpus::default()
            }));
            let pieces = texts.space.extent.of(Block::Pieces);
            let (features, _) = texts.features(&texts.all[0]);
            let known = features
                .iter()
                .filter(|id| pieces.contains(&(**id as usize)));
            let known = known.count();
            let mut items = Items::default();
            // A word that nobody knows but whose pieces are all common ones is not unknown by its pieces.
            let typed = Normalized::new("shareshare");
            let mut places = Places::default();
            places.push(0, []);
            let space = &texts.space;
            space.features(Some(&typed), &places, |_| true, &mut items);
            (known, items.unknown[Block::Pieces as usize])
        };
        // "shared" has six pieces and "word0" five. Of those of "shareshare" only "res", "esh" and "re " are new.
        assert_eq!(pieces(MOST_PIECE_DOCUMENTS), (11, 3));
        assert_eq!(pieces(MOST_PIECE_DOCUMENTS + 1), (2, 3));
    }

    #[test]
    fn order_is_in_the_pairs_and_repetition_is_dampened() {
        let texts = texts();
        let stems = texts.space.extent.stems;
        let of = |at: usize| texts.features(&texts.all[at]);
        let split = |at: usize| {
            of(at)
                .0
                .iter()
                .partition::<Vec<u32>, _>(|id| (**id as usize) < stems)
        };
        assert_eq!(split(0).0, split(1).0, "the same stems");
        assert_ne!(split(0).1, split(1).1, "other pairs");
        assert!(
            of(2)
                .1
                .iter()
                .any(|count| (count - (1.0 + 2.0_f32.ln())).abs() < 1e-6)
        );
        let (ids, _) = of(3);
        assert!(
            ids.iter().all(|id| (*id as usize) < stems),
            "a body has no order"
        );
    }

    #[test]
    fn a_question_is_counted_by_what_is_known_of_it() {
        let texts = texts();
        let mut places = Places::default();
        let mut items = Items::default();
        let question = Normalized::new("who grows pyrus xylophones");
        texts.space.vocabulary.read(&question, &mut places);
        let trained: std::collections::BTreeSet<u32> = texts.ids.iter().copied().collect();
        let present = |feature| trained.contains(&feature);
        texts
            .space
            .features(Some(&question), &places, present, &mut items);
        assert_eq!(
            items.unknown[0], 1,
            "xylophones; pyrus is explained by its group"
        );
        assert_eq!(
            items.unknown[1], 2,
            "the pairs with pyrus and with xylophones"
        );
        let typed: Vec<u32> = items
            .known
            .iter()
            .filter(|item| (item.feature as usize) < texts.space.extent.stems)
            .map(|item| item.typed)
            .collect();
        assert_eq!(
            typed.len(),
            3,
            "who, grows and the group of pyrus: {:?}",
            items.known
        );
        assert!(items.known.is_sorted_by_key(|item| item.feature));
    }
}
