//! How a text is read with an index: words looked up or repaired, the lexicon's forms found, features counted and weighed.
//!
//! It never changes the index.

use super::{
    Block, Index, Key, Reading, SENTENCE_START, Sparse, dampened, for_each_piece, is_function_word,
    stem_key,
};
use crate::matching::normalise::Normalized;

/// How a word of a text was read.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(in crate::matching) enum Read {
    /// A known word, as typed (weight 1) or repaired.
    Known(Reading),
    /// No known word is near; its stem, given here, or its pieces may still be known.
    Unknown(Key),
}

/// A place in a text with one way to read it; near ties of a repair follow each other at the same place.
#[derive(Debug, Clone, Copy)]
pub(in crate::matching) struct Token {
    /// Which word of the text.
    pub(in crate::matching) place: u32,
    pub(in crate::matching) read: Read,
}

/// A feature met in a text: one that the index has, or one that it has not.
#[derive(Debug, Clone, Copy)]
pub(super) enum Met {
    Known(u32),
    Unknown(Block, Key),
}

/// Whether unknown words are repaired: the knowledge's own words are all known, a question's may not be.
#[derive(Debug, Clone, Copy)]
pub(super) enum Mend {
    Never,
    Unknown,
}

/// Memory for reading questions, reused from one to the next. Its content means nothing between calls.
#[derive(Debug, Default)]
pub(in crate::matching) struct Workspace {
    pub(in crate::matching) tokens: Vec<Token>,
    pub(in crate::matching) vector: Sparse,
    readings: Vec<Reading>,
    counts: Vec<f32>,
    touched: [Vec<u32>; 3],
    unknown: [Vec<(Key, f32)>; 3],
    pub(super) outline: Outline,
}

/// The stems of a text in order and the lexicon's forms found among them.
#[derive(Debug, Default)]
pub(super) struct Outline {
    pub(super) stems: Vec<Key>,
    /// First place and feature of each group met.
    groups: Vec<(u32, u32)>,
    /// For each place whether it is part of a form.
    explained: Vec<bool>,
}

impl Index {
    /// Turns a question into its vector in the workspace, repairing words that nobody knows.
    pub(in crate::matching) fn read_question(
        &self,
        question: &Normalized,
        workspace: &mut Workspace,
    ) {
        self.read(question, Mend::Unknown, workspace);
        self.vectorise(question, workspace);
    }

    /// Whether the question last read has a word that is known and says what it is about.
    pub(in crate::matching) fn means_something(
        &self,
        question: &Normalized,
        workspace: &Workspace,
    ) -> bool {
        let places = workspace.tokens.chunk_by(|a, b| a.place == b.place);
        question
            .words()
            .zip(places)
            .any(|(word, tokens)| match tokens[0].read {
                Read::Known(reading) => !self.words[reading.word as usize].function,
                Read::Unknown(stem) => !is_function_word(word) && self.knows_stem(stem),
            })
    }

    /// Number of documents that have the only word of the question last read in a phrasing; `None` if it has more words.
    pub(in crate::matching) fn documents_with_only_word(
        &self,
        workspace: &Workspace,
    ) -> Option<usize> {
        let one_word = workspace
            .tokens
            .last()
            .is_some_and(|token| token.place == 0);
        let stem = workspace
            .vector
            .ids
            .first()
            .filter(|_| one_word && workspace.vector.stems > 0)?;
        Some(
            self.members(*stem)
                .iter()
                .filter(|(_, worth)| *worth >= 1.0)
                .count(),
        )
    }

    /// Looks each word up, and repairs the unknown ones if asked to.
    pub(super) fn read(&self, text: &Normalized, mend: Mend, workspace: &mut Workspace) {
        let Workspace {
            tokens, readings, ..
        } = workspace;
        tokens.clear();
        for (place, word) in (0_u32..).zip(text.words()) {
            if let Some(&word) = self.word_of.get(&Key::of(&[word])) {
                tokens.push(Token {
                    place,
                    read: Read::Known(Reading { word, weight: 1.0 }),
                });
                continue;
            }
            let stem = stem_key(word);
            readings.clear();
            match mend {
                Mend::Never => {}
                // "encrypts" is not a misspelt "encrypt": the stem is known.
                Mend::Unknown if self.knows_stem(stem) => {}
                Mend::Unknown => {
                    let known = |word: u32| (self.spelling(word), self.words[word as usize].count);
                    self.repairer.read(word, known, readings);
                }
            }
            if readings.is_empty() {
                tokens.push(Token {
                    place,
                    read: Read::Unknown(stem),
                });
            }
            tokens.extend(readings.iter().map(|&reading| Token {
                place,
                read: Read::Known(reading),
            }));
        }
    }

    /// Whether a word of this stem is known.
    pub(in crate::matching) fn knows_stem(&self, stem: Key) -> bool {
        self.feature_of.contains_key(&stem)
    }

    /// Works out the stems in order (of the best reading) and the lexicon's forms among them.
    pub(super) fn sketch(&self, tokens: &[Token], outline: &mut Outline) {
        let Outline {
            stems,
            groups,
            explained,
        } = outline;
        stems.clear();
        groups.clear();
        for tokens in tokens.chunk_by(|a, b| a.place == b.place) {
            stems.push(match tokens[0].read {
                Read::Known(reading) => self.words[reading.word as usize].stem_key,
                Read::Unknown(stem) => stem,
            });
        }
        explained.clear();
        explained.resize(stems.len(), false);
        for start in 0..stems.len() {
            let mut form: Option<Key> = None;
            for end in start..stems.len().min(start + self.lexicon.longest) {
                let key = form.map_or(stems[end], |form| form.then(stems[end]));
                form = Some(key);
                if let Some(&group) = self.lexicon.group_of.get(&key) {
                    groups.push((u32::try_from(start).unwrap_or(u32::MAX), group));
                    explained[start..=end].fill(true);
                }
            }
        }
    }

    /// Visits each feature of a text with the place of its (last) word and what it counts for.
    pub(super) fn for_each_feature(
        &self,
        text: &Normalized,
        tokens: &[Token],
        outline: &Outline,
        mut visit: impl FnMut(u32, Met, f32),
    ) {
        for ((typed, tokens), explained) in text
            .words()
            .zip(tokens.chunk_by(|a, b| a.place == b.place))
            .zip(&outline.explained)
        {
            for token in tokens {
                let place = token.place;
                match token.read {
                    Read::Known(reading) => {
                        let word = &self.words[reading.word as usize];
                        if *explained && !self.features[word.stem as usize].used {
                            continue;
                        }
                        visit(place, Met::Known(word.stem), reading.weight);
                        for &piece in &self.pieces[word.pieces.0 as usize..word.pieces.1 as usize] {
                            visit(place, Met::Known(piece), reading.weight);
                        }
                    }
                    Read::Unknown(stem) => {
                        let stem = self.met(Block::Stems, stem);
                        if *explained && !self.is_used(stem) {
                            continue;
                        }
                        visit(place, stem, 1.0);
                        for_each_piece(typed, |key| {
                            visit(place, self.met(Block::Pieces, key), 1.0);
                        });
                    }
                }
            }
        }
        let mut previous = SENTENCE_START;
        for (place, &stem) in (0_u32..).zip(&outline.stems) {
            visit(place, self.met(Block::Pairs, previous.then(stem)), 1.0);
            previous = stem;
        }
        for &(place, group) in &outline.groups {
            visit(place, Met::Known(group), 1.0);
        }
    }

    fn is_used(&self, met: Met) -> bool {
        match met {
            Met::Known(id) => self.features[id as usize].used,
            Met::Unknown(..) => false,
        }
    }

    fn met(&self, block: Block, key: Key) -> Met {
        self.feature_of
            .get(&key)
            .map_or(Met::Unknown(block, key), |&id| Met::Known(id))
    }

    /// Counts the features of the words read and weighs them: (1 + ln tf)·idf, each block brought to its own length.
    pub(super) fn vectorise(&self, text: &Normalized, workspace: &mut Workspace) {
        let Workspace {
            tokens,
            counts,
            touched,
            unknown,
            outline,
            vector,
            ..
        } = workspace;
        self.sketch(tokens, outline);
        counts.resize(self.features.len(), 0.0);
        self.for_each_feature(text, tokens, outline, |_, met, weight| match met {
            Met::Known(id) => {
                let count = &mut counts[id as usize];
                if *count == 0.0 {
                    touched[self.features[id as usize].block as usize].push(id);
                }
                *count += weight;
            }
            Met::Unknown(block, key) => unknown[block as usize].push((key, weight)),
        });
        vector.ids.clear();
        vector.values.clear();
        let mut square_norm = 0.0;
        for (block, (touched, unknown)) in
            Block::ALL.into_iter().zip(touched.iter_mut().zip(unknown))
        {
            let start = vector.values.len();
            let mut square = 0.0;
            for &id in touched.iter() {
                let count = std::mem::take(&mut counts[id as usize]);
                let value = dampened(count) * self.features[id as usize].idf;
                square += value * value;
                vector.ids.push(id);
                vector.values.push(value);
            }
            unknown.sort_unstable_by_key(|(key, _)| *key);
            for same in unknown.chunk_by(|a, b| a.0 == b.0) {
                let value = dampened(same.iter().map(|(_, count)| count).sum()) * self.unknown_idf;
                square += value * value;
            }
            if square > 0.0 {
                let scale = block.weight() / square.sqrt();
                vector.values[start..]
                    .iter_mut()
                    .for_each(|value| *value *= scale);
                square_norm += block.weight() * block.weight();
            }
            match block {
                Block::Stems => vector.stems = vector.ids.len(),
                Block::Pairs | Block::Pieces => {}
            }
            touched.clear();
            unknown.clear();
        }
        vector.norm = f32::sqrt(square_norm).max(f32::MIN_POSITIVE);
    }

    /// Visits each known feature of the question last read: place, feature, block and what it counts for there.
    pub(in crate::matching) fn for_each_known(
        &self,
        question: &Normalized,
        workspace: &Workspace,
        mut visit: impl FnMut(u32, u32, Block, f32),
    ) {
        self.for_each_feature(
            question,
            &workspace.tokens,
            &workspace.outline,
            |place, met, weight| match met {
                Met::Known(id) => visit(place, id, self.features[id as usize].block, weight),
                Met::Unknown(..) => {}
            },
        );
    }
}
