//! The vocabulary of the knowledge and the vectors made of it.
//!
//! A text becomes a sparse vector in three blocks: word stems, pairs of neighbouring stems, and the 3-letter pieces of its words.
//! The index knows which features exist, what each is worth (rare among entries is worth more), which phrasing has which, and
//! which stems an entry has at all. It ranks nothing.
//!
//! Tried (top-1 on `clinc_k10_s0` / `stackfaq_s0`, from 83.2 / 92.2 with pieces of 3 and 4 letters):
//!
//! | change | top-1 |
//! |---|---|
//! | pieces of 3 letters only: half the time (kept) | 83.3 / 92.0 |
//! | pieces of 2 to 4, or 3 to 5 letters | 83.3 / 92.2, 83.0 / 92.2 |
//! | blocks weighed 1.5, 1, 1 instead of 1, 0.6, 1 (kept) | 83.4 / 92.7 |
//! | idf + 1.5 instead of + 1; + 0.5 | 83.7 / 92.8; 82.6 / 92.5 |
//! | function words at 0.7 or 0.5 of their idf | 82.8 / 92.0, 82.3 / 91.8 |
//!
//! and with coverage in the score (`model`, 84.0 / 93.2):
//!
//! | change | top-1 |
//! |---|---|
//! | idf + 2 (kept); + 3 | 84.1 / 93.3; 84.3 / 93.0 |
//! | another idf for the cosine than for the classifier | 84.2 / 93.2, not worth a second vector |
//! | pairs at 1.2, 1.5; stems at 1.2, 2 | 84.2 / 93.2, 84.1 / 92.7; 84.2 / 92.8, 83.9 / 92.5 |
//! | pieces of 3 and 4 letters | 84.0 / 93.2 |

mod reading;

use super::{
    arithmetic::{ln, number},
    features::{
        Block, Hashes, Key, Lists, SENTENCE_START, Sparse, dampened, for_each_piece, stem_key,
    },
    function_words::is_function_word,
    normalise::Normalized,
    repair::{Reading, Repairer},
};

pub(super) use reading::{Read, Workspace};

use reading::{Mend, Met};

/// Added to every idf, so that a word of all entries is still worth something: "who" and "when" tell questions apart.
const IDF_FLOOR: f32 = 2.0;

/// What a word that only the answer's text has is worth, beside one of a phrasing. Answers are written by the curator, questions
/// by others: the answer's words are a hint.
const BODY_WORD: f32 = 0.3;

/// A known word with its features worked out.
#[derive(Debug)]
struct Word {
    text: Box<str>,
    stem: u32,
    stem_key: Key,
    /// Where its pieces are in [`Index::pieces`].
    pieces: (u32, u32),
    count: usize,
    function: bool,
}

/// One text of the knowledge.
#[derive(Debug)]
pub(super) struct Phrasing {
    pub(super) document: u32,
    pub(super) vector: Sparse,
}

/// What the index is built from. Texts of a document stand side by side.
#[derive(Debug, Clone)]
pub(super) struct Material<'a> {
    /// One more than the highest position of a document.
    pub(super) documents: usize,
    /// Questions and phrasings, each with the position of its document.
    pub(super) texts: Vec<(u32, &'a Normalized)>,
    /// Answer texts, each with the position of its document.
    pub(super) bodies: Vec<(u32, &'a Normalized)>,
    /// Groups of forms that mean the same.
    pub(super) synonyms: &'a [Vec<Normalized>],
}

/// What a feature is and what it is worth.
#[derive(Debug, Clone, Copy)]
struct Feature {
    block: Block,
    idf: f32,
    /// Whether any text of the knowledge has it; the lexicon knows words that none has.
    used: bool,
}

/// Forms that mean the same: each group becomes a stem of its own, in addition to the words typed.
#[derive(Debug, Default)]
struct Lexicon {
    group_of: Hashes<u32>,
    /// Longest form in words.
    longest: usize,
}

/// Vocabulary, features and the phrasings' vectors.
#[derive(Debug)]
pub(super) struct Index {
    words: Vec<Word>,
    word_of: Hashes<u32>,
    pieces: Vec<u32>,
    features: Vec<Feature>,
    feature_of: Hashes<u32>,
    trained: usize,
    unknown_idf: f32,
    repairer: Repairer,
    lexicon: Lexicon,
    phrasings: Vec<Phrasing>,
    /// Documents with texts, each with where its phrasings are.
    spans: Vec<(usize, std::ops::Range<usize>)>,
    postings: Lists,
    members: Lists,
}

impl Index {
    /// Reads the knowledge's texts.
    pub(super) fn new(material: &Material<'_>) -> Self {
        let mut index = Self {
            words: Vec::new(),
            word_of: Hashes::default(),
            pieces: Vec::new(),
            features: Vec::new(),
            feature_of: Hashes::default(),
            trained: 0,
            unknown_idf: 0.0,
            repairer: Repairer::default(),
            lexicon: Lexicon::default(),
            phrasings: Vec::new(),
            spans: Vec::new(),
            postings: Lists::default(),
            members: Lists::default(),
        };
        for word in material.texts.iter().flat_map(|(_, text)| text.words()) {
            index.learn_word(word);
        }
        index.learn_synonyms(material.synonyms);
        let mut workspace = Workspace::default();
        for (_, text) in &material.texts {
            index.learn_pairs(text, &mut workspace);
        }
        index.trained = index.features.len();
        for word in material.bodies.iter().flat_map(|(_, text)| text.words()) {
            index.learn_word(word);
        }
        index.weigh_features(material, &mut workspace);
        index.learn_phrasings(material, &mut workspace);
        index.learn_members(material, &mut workspace);
        index.repairer = Repairer::new(index.words.iter().map(|word| &*word.text));
        index
    }

    /// Number of features that a classifier can learn about: those of questions and phrasings, numbered from 0. Words that only
    /// answers have come after them.
    pub(super) fn trained(&self) -> usize {
        self.trained
    }

    /// The knowledge's texts as vectors.
    pub(super) fn phrasings(&self) -> &[Phrasing] {
        &self.phrasings
    }

    /// Documents that have texts, each with the positions of its texts among the phrasings.
    pub(super) fn spans(&self) -> impl Iterator<Item = (usize, std::ops::Range<usize>)> {
        self.spans.iter().cloned()
    }

    /// The phrasings that have a feature, each with the value over the length of its vector.
    pub(super) fn postings(&self, feature: u32) -> &[(u32, f32)] {
        self.postings.of(feature)
    }

    /// The documents that have a stem: 1 if a phrasing has it, less if only the answer has.
    pub(super) fn members(&self, stem: u32) -> &[(u32, f32)] {
        self.members.of(stem)
    }

    /// Spelling of a known word.
    pub(super) fn spelling(&self, word: u32) -> &str {
        &self.words[word as usize].text
    }

    /// Known words that begin with a text, the most frequent first.
    pub(super) fn completions(&self, beginning: &str) -> Vec<&str> {
        let mut found: Vec<&Word> = self
            .words
            .iter()
            .filter(|word| word.text.starts_with(beginning))
            .collect();
        found.sort_by_key(|word| std::cmp::Reverse(word.count));
        found.into_iter().map(|word| &*word.text).collect()
    }

    fn learn_feature(&mut self, block: Block, key: Key) -> u32 {
        let next =
            u32::try_from(self.features.len()).expect("a knowledge folder has under 2^32 features");
        let id = *self.feature_of.entry(key).or_insert(next);
        if id == next {
            self.features.push(Feature {
                block,
                idf: 0.0,
                used: false,
            });
        }
        id
    }

    fn learn_word(&mut self, text: &str) {
        let key = Key::of(&[text]);
        if let Some(&word) = self.word_of.get(&key) {
            self.words[word as usize].count += 1;
            return;
        }
        let position = |length: usize| {
            u32::try_from(length).expect("a knowledge folder has under 2^32 words and pieces")
        };
        let stem_key = stem_key(text);
        let stem = self.learn_feature(Block::Stems, stem_key);
        let start = position(self.pieces.len());
        for_each_piece(text, |key| {
            let piece = self.learn_feature(Block::Pieces, key);
            self.pieces.push(piece);
        });
        self.word_of.insert(key, position(self.words.len()));
        let pieces = (start, position(self.pieces.len()));
        self.words.push(Word {
            text: text.into(),
            stem,
            stem_key,
            pieces,
            count: 1,
            function: is_function_word(text),
        });
    }

    fn learn_synonyms(&mut self, synonyms: &[Vec<Normalized>]) {
        for (number, group) in synonyms.iter().enumerate() {
            let feature = self.learn_feature(Block::Stems, Key::group(number));
            for form in group {
                form.words().for_each(|word| self.learn_word(word));
                let Some(key) = form.words().map(stem_key).reduce(Key::then) else {
                    continue;
                };
                self.lexicon.group_of.entry(key).or_insert(feature);
                self.lexicon.longest = self.lexicon.longest.max(form.words().count());
            }
        }
    }

    fn learn_pairs(&mut self, text: &Normalized, workspace: &mut Workspace) {
        self.read(text, Mend::Never, workspace);
        self.sketch(&workspace.tokens, &mut workspace.outline);
        let mut previous = SENTENCE_START;
        for &stem in &workspace.outline.stems {
            self.learn_feature(Block::Pairs, previous.then(stem));
            previous = stem;
        }
    }

    /// idf(f) = ln((1 + E) / (1 + df)) + floor over entries, so that ten phrasings of one entry with the same word do not make
    /// it common.
    fn weigh_features(&mut self, material: &Material<'_>, workspace: &mut Workspace) {
        let mut seen = vec![u32::MAX; self.features.len()];
        let mut frequency = vec![0_usize; self.features.len()];
        let mut entries = 0;
        let mut last = u32::MAX;
        for &(document, text) in &material.texts {
            if std::mem::replace(&mut last, document) != document {
                entries += 1;
            }
            self.for_each_feature_of(text, workspace, |id| {
                if std::mem::replace(&mut seen[id as usize], document) != document {
                    frequency[id as usize] += 1;
                }
            });
        }
        for (frequency, feature) in frequency.iter().zip(&mut self.features) {
            feature.used = *frequency > 0;
        }
        seen.fill(u32::MAX);
        for &(document, text) in &material.bodies {
            self.for_each_feature_of(text, workspace, |id| {
                let body_only = id as usize >= self.trained;
                if body_only && std::mem::replace(&mut seen[id as usize], document) != document {
                    frequency[id as usize] += 1;
                }
            });
        }
        let idf = |frequency: usize| {
            ln((1.0 + number(entries)) / (1.0 + number(frequency.min(entries)))) + IDF_FLOOR
        };
        self.unknown_idf = idf(0);
        for (feature, frequency) in self.features.iter_mut().zip(frequency) {
            feature.idf = idf(frequency);
        }
    }

    fn for_each_feature_of(
        &self,
        text: &Normalized,
        workspace: &mut Workspace,
        mut visit: impl FnMut(u32),
    ) {
        self.read(text, Mend::Never, workspace);
        self.sketch(&workspace.tokens, &mut workspace.outline);
        self.for_each_feature(
            text,
            &workspace.tokens,
            &workspace.outline,
            |_, met, _| match met {
                Met::Known(id) => visit(id),
                Met::Unknown(..) => {}
            },
        );
    }

    fn learn_phrasings(&mut self, material: &Material<'_>, workspace: &mut Workspace) {
        let mut items = Vec::new();
        for (position, &(document, text)) in (0_u32..).zip(&material.texts) {
            self.read(text, Mend::Never, workspace);
            self.vectorise(text, workspace);
            let vector = workspace.vector.clone();
            items.extend(
                vector
                    .iter()
                    .map(|(id, value)| (id, (position, value / vector.norm))),
            );
            self.phrasings.push(Phrasing { document, vector });
        }
        let mut start = 0;
        for phrasings in self.phrasings.chunk_by(|a, b| a.document == b.document) {
            let end = start + phrasings.len();
            self.spans
                .push((phrasings[0].document as usize, start..end));
            start = end;
        }
        self.postings = Lists::new(self.features.len(), &items);
    }

    fn learn_members(&mut self, material: &Material<'_>, workspace: &mut Workspace) {
        let mut items: Vec<(u32, (u32, f32))> = Vec::new();
        let mut last = vec![u32::MAX; self.features.len()];
        for phrasing in &self.phrasings {
            for &stem in &phrasing.vector.ids[..phrasing.vector.stems] {
                if std::mem::replace(&mut last[stem as usize], phrasing.document)
                    != phrasing.document
                {
                    items.push((stem, (phrasing.document, 1.0)));
                }
            }
        }
        let phrased: std::collections::BTreeSet<(u32, u32)> = items
            .iter()
            .map(|(stem, (document, _))| (*stem, *document))
            .collect();
        last.fill(u32::MAX);
        for &(document, text) in &material.bodies {
            self.for_each_feature_of(text, workspace, |id| {
                let stem = self.features[id as usize].block == Block::Stems;
                if stem
                    && !phrased.contains(&(id, document))
                    && std::mem::replace(&mut last[id as usize], document) != document
                {
                    items.push((id, (document, BODY_WORD)));
                }
            });
        }
        self.members = Lists::new(self.features.len(), &items);
    }
}
