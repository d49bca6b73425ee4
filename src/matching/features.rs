//! What features are: their keys, kinds, weights, and the vectors and lists made of them.
//!
//! It knows no knowledge and no question; `index` does.

use std::{collections::HashMap, hash::BuildHasherDefault, hash::Hasher};

use rust_stemmers::{Algorithm, Stemmer};

use super::arithmetic::ln;

/// Hash of a word, a pair of words or a piece of one. Two features of a vocabulary of 100,000 share a hash once in 10^9 cases.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Key(u64);

impl Key {
    /// Hash of the parts as if they were one text.
    pub(super) fn of(parts: &[&str]) -> Self {
        Self::seeded(0xCBF2_9CE4_8422_2325, parts)
    }

    /// FNV-1a, mixed at the end because the table uses the low bits and the top ones.
    fn seeded(seed: u64, parts: &[&str]) -> Self {
        let hash = parts
            .iter()
            .flat_map(|part| part.bytes())
            .fold(seed, |hash, byte| {
                (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01B3)
            });
        let hash = hash ^ (hash >> 32);
        Self(hash.wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ (hash >> 29))
    }

    /// Key of a lexicon's group, which is treated as a stem.
    pub(super) fn group(number: usize) -> Self {
        // No stem begins with a control character.
        Self::seeded(Block::Stems.seed(), &["\u{1}", &number.to_string()])
    }

    /// Hash of a sequence of two; longer ones are built from the left.
    pub(super) fn then(self, next: Self) -> Self {
        let hash = self.0.rotate_left(23) ^ next.0.wrapping_mul(0xD6E8_FEB8_6659_FD93);
        let hash = hash.wrapping_mul(0x9E37_79B9_7F4A_7C15);
        Self(hash ^ (hash >> 31))
    }
}

/// Passes a [`Key`] through: it is a hash already.
#[derive(Debug, Default, Clone)]
pub(super) struct PassThrough(u64);

impl Hasher for PassThrough {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        // Never used: a key hashes itself as one u64. Still right if it were.
        for &byte in bytes {
            self.0 = (self.0 ^ u64::from(byte)).wrapping_mul(0x0100_0000_01B3);
        }
    }

    fn write_u64(&mut self, hash: u64) {
        self.0 = hash;
    }
}

/// A map by [`Key`]; looked up, never walked through, so its order cannot matter.
pub(super) type Hashes<T> = HashMap<Key, T, BuildHasherDefault<PassThrough>>;

/// The three kinds of features.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Block {
    /// Word stems and the lexicon's groups.
    Stems,
    /// Neighbouring stems.
    Pairs,
    /// 3-letter pieces of words.
    Pieces,
}

impl Block {
    pub(super) const ALL: [Self; 3] = [Self::Stems, Self::Pairs, Self::Pieces];

    /// Length that the block is brought to in every vector.
    pub(super) const fn weight(self) -> f32 {
        match self {
            Self::Stems => 1.5,
            Self::Pairs | Self::Pieces => 1.0,
        }
    }

    /// Keeps equal texts of different blocks apart.
    const fn seed(self) -> u64 {
        match self {
            Self::Stems => 0x5354_454D,
            Self::Pairs => 0x5041_4952,
            Self::Pieces => 0x5049_4543,
        }
    }
}

/// Stands before the first word, so that the word a question begins with is a pair too.
pub(super) const SENTENCE_START: Key = Key(Block::Pairs.seed());

/// A sparse vector: features and their values, stems first, in the order in which the text has them.
#[derive(Debug, Default, Clone)]
pub(super) struct Sparse {
    pub(super) ids: Vec<u32>,
    pub(super) values: Vec<f32>,
    /// How many of them are stems.
    pub(super) stems: usize,
    /// Length of the vector, features that nobody knows included.
    pub(super) norm: f32,
}

impl Sparse {
    /// Features with their values.
    pub(super) fn iter(&self) -> impl Iterator<Item = (u32, f32)> {
        self.ids.iter().copied().zip(self.values.iter().copied())
    }

    /// The stems, each with its share of the whole text's worth, unknown words included: 0..=1 together.
    pub(super) fn stem_shares(&self) -> impl Iterator<Item = (u32, f32)> {
        const WHOLE: f32 = Block::Stems.weight() * Block::Stems.weight();
        self.iter()
            .take(self.stems)
            .map(|(id, value)| (id, value * value / WHOLE))
    }
}

/// For each feature a span of entries.
#[derive(Debug, Default)]
pub(super) struct Lists {
    starts: Vec<u32>,
    entries: Vec<(u32, f32)>,
}

impl Lists {
    /// Groups (feature, (target, value)) by feature, keeping their order.
    pub(super) fn new(features: usize, items: &[(u32, (u32, f32))]) -> Self {
        let mut starts = vec![0_u32; features + 1];
        for (feature, _) in items {
            starts[*feature as usize + 1] += 1;
        }
        for at in 1..starts.len() {
            starts[at] += starts[at - 1];
        }
        let mut next = starts.clone();
        let mut entries = vec![(0, 0.0); items.len()];
        for (feature, entry) in items {
            let at = &mut next[*feature as usize];
            entries[*at as usize] = *entry;
            *at += 1;
        }
        Self { starts, entries }
    }

    pub(super) fn of(&self, feature: u32) -> &[(u32, f32)] {
        let feature = feature as usize;
        &self.entries[self.starts[feature] as usize..self.starts[feature + 1] as usize]
    }
}

/// Key of a word's stem (Porter's English stemmer, second version).
pub(super) fn stem_key(word: &str) -> Key {
    let stem = Stemmer::create(Algorithm::English).stem(word);
    Key::seeded(Block::Stems.seed(), &[&stem])
}

/// A second occurrence says less than the first: 1 + ln tf. A doubtful reading counts for what it is.
pub(super) fn dampened(count: f32) -> f32 {
    if count <= 1.0 { count } else { 1.0 + ln(count) }
}

/// The 3-letter pieces of a word with a blank at either end, hashed.
pub(super) fn for_each_piece(word: &str, mut visit: impl FnMut(Key)) {
    let (mut first, mut second) = (None, ' ');
    for third in word.chars().chain([' ']) {
        if let Some(first) = first {
            let mut hash = Block::Pieces.seed();
            for letter in [first, second, third] {
                hash = (hash ^ u64::from(u32::from(letter))).wrapping_mul(0x9E37_79B9_7F4A_7C15);
                hash ^= hash >> 29;
            }
            visit(Key(hash));
        }
        (first, second) = (Some(second), third);
    }
}
