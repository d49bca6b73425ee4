//! What a text is made of for the matcher: word stems, pairs of neighbouring stems, 3-letter pieces of words.
//!
//! It knows no knowledge and no question; `vocabulary` and `texts` do.

use std::{collections::HashMap, hash::BuildHasherDefault, hash::Hasher, ops::Range};

use rust_stemmers::{Algorithm, Stemmer};

use super::arithmetic::ln;

/// Hash of a word, a form of several words or a piece of one. Two of a vocabulary of 100,000 share a hash once in 10^9 cases.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Key(u64);

impl Key {
    /// Hash of the parts as if they were one text.
    pub(super) fn of(parts: &[&str]) -> Self {
        // FNV-1a, mixed at the end because the table uses the low bits and the top ones.
        let hash = parts
            .iter()
            .flat_map(|part| part.bytes())
            .fold(0xCBF2_9CE4_8422_2325_u64, |hash, byte| {
                (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01B3)
            });
        let hash = hash ^ (hash >> 32);
        Self(hash.wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ (hash >> 29))
    }

    /// Key of a lexicon's group, which is treated as a stem.
    pub(super) fn group(number: usize) -> Self {
        // No stem begins with a control character.
        Self::of(&["\u{1}", &number.to_string()])
    }

    /// Hash of a sequence of stems, built from the left; `None` begins one.
    pub(super) fn sequence(before: Option<Self>, stem: u32) -> Self {
        let next = u64::from(stem).wrapping_mul(0xD6E8_FEB8_6659_FD93);
        let hash = before
            .map_or(0x5351_4345, |before| before.0)
            .rotate_left(23)
            ^ next;
        let hash = hash.wrapping_mul(0x9E37_79B9_7F4A_7C15);
        Self(hash ^ (hash >> 31))
    }

    /// The lower half, for tables that can bear a false hit.
    #[expect(
        clippy::cast_possible_truncation,
        reason = "the lower half is asked for"
    )]
    pub(super) fn short(self) -> u32 {
        self.0 as u32
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

/// Bytes that a list holds, unused room included.
pub(super) fn bytes<T>(list: &Vec<T>) -> usize {
    list.capacity() * size_of::<T>()
}

/// Bytes that a table holds: the standard one has a byte of its own beside each place, and places for a seventh more.
pub(super) fn table_bytes<T>(table: &Hashes<T>) -> usize {
    table.capacity() * 8 / 7 * (size_of::<(Key, T)>() + 1)
}

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
            Self::Stems | Self::Pieces => 1.5,
            Self::Pairs => 1.0,
        }
    }
}

/// How many features of each kind there are. They are numbered through: stems from 0, then pairs, then pieces.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Extent {
    pub(super) stems: usize,
    pub(super) pairs: usize,
    pub(super) pieces: usize,
}

impl Extent {
    /// Number of all features.
    pub(super) fn total(self) -> usize {
        self.stems + self.pairs + self.pieces
    }

    /// The numbers of a kind.
    pub(super) fn of(self, block: Block) -> Range<usize> {
        let learned = self.stems + self.pairs;
        match block {
            Block::Stems => 0..self.stems,
            Block::Pairs => self.stems..learned,
            Block::Pieces => learned..learned + self.pieces,
        }
    }
}

/// A sparse vector, features in rising order, and so by kind.
#[derive(Debug, Default, Clone)]
pub(super) struct Sparse {
    pub(super) ids: Vec<u32>,
    pub(super) values: Vec<f32>,
    /// How many of them are stems.
    pub(super) stems: usize,
}

impl Sparse {
    /// Features with their values.
    pub(super) fn iter(&self) -> impl Iterator<Item = (u32, f32)> {
        self.ids.iter().copied().zip(self.values.iter().copied())
    }

    /// The stems, each with its share of the whole text's worth, unknown words included: 0..=1 together.
    pub(super) fn stem_shares(&self) -> impl Iterator<Item = (u32, f32)> {
        self.iter()
            .take(self.stems)
            .map(|(id, value)| (id, share(value)))
    }
}

/// A stem's share of a text's worth, from its value in the text's vector.
pub(super) fn share(value: f32) -> f32 {
    const WHOLE: f32 = Block::Stems.weight() * Block::Stems.weight();
    value * value / WHOLE
}

/// Key of a word's stem (Porter's English stemmer, second version).
pub(super) fn stem_key(word: &str) -> Key {
    let stem = Stemmer::create(Algorithm::English).stem(word);
    Key::of(&[&stem])
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
            let mut hash = 0x5049_4543_u64;
            for letter in [first, second, third] {
                hash = (hash ^ u64::from(u32::from(letter))).wrapping_mul(0x9E37_79B9_7F4A_7C15);
                hash ^= hash >> 29;
            }
            visit(Key(hash));
        }
        (first, second) = (Some(second), third);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_are_numbered_through() {
        let extent = Extent {
            stems: 3,
            pairs: 2,
            pieces: 4,
        };
        let all: Vec<usize> = Block::ALL
            .into_iter()
            .flat_map(|block| extent.of(block))
            .collect();
        assert_eq!(all, (0..extent.total()).collect::<Vec<_>>());
    }

    #[test]
    fn a_word_has_one_piece_a_letter() {
        let pieces = |word: &str| {
            let mut pieces = Vec::new();
            for_each_piece(word, |key| pieces.push(key));
            pieces
        };
        assert_eq!(pieces("chief").len(), 5);
        assert_eq!(
            pieces("chief")[..3],
            pieces("chic")[..2]
                .iter()
                .copied()
                .chain([pieces("chief")[2]])
                .collect::<Vec<_>>()[..]
        );
        assert!(pieces("").is_empty());
    }

    #[test]
    fn sequences_know_their_order() {
        let of = |stems: &[u32]| {
            stems
                .iter()
                .fold(None, |before, stem| Some(Key::sequence(before, *stem)))
        };
        assert_ne!(of(&[1, 2]), of(&[2, 1]));
        assert_ne!(of(&[1]), of(&[1, 1]));
        assert_eq!(of(&[5, 6, 7]), of(&[5, 6, 7]));
    }
}
