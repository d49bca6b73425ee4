//! The words of the knowledge: which are known, what their stems are, and which forms the lexicon holds to mean the same.
//!
//! It reads a question word by word and repairs what nobody knows. It knows no documents and weighs nothing.
//!
//! Words typed as one are taken apart ("toend"), and two of which one is unknown are put together ("encryp tion"). On questions with made-up
//! typing errors, which have few of either, that gives 0.1 points; it is kept for the people who type so.

use super::{
    common_words::is_common_word,
    features::{Hashes, Key, bytes, for_each_piece, stem_key, table_bytes},
    function_words::is_function_word,
    normalise::Normalized,
    repair::{Reading, Repairer},
};

/// A known word.
#[derive(Debug)]
struct Word {
    text: Box<str>,
    stem: u32,
    /// Where its pieces are in [`Vocabulary::pieces`].
    pieces: (u32, u32),
    count: u32,
    function: bool,
}

/// Forms that mean the same: each group becomes a stem of its own, in addition to the words typed.
#[derive(Debug, Default)]
struct Lexicon {
    group_of: Hashes<u32>,
    /// Longest form in words.
    longest: usize,
}

/// What is known of a 3-letter piece.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Piece {
    /// Known words have it; its number.
    Known(u32),
    /// So many have it that it is no feature.
    Common,
    /// No known word has it.
    Unknown,
}

/// Stands for the number of a piece that is no feature.
const COMMON: u32 = u32::MAX;

/// Known words, stems and pieces, each by its number.
#[derive(Debug, Default)]
pub(super) struct Vocabulary {
    words: Vec<Word>,
    word_of: Hashes<u32>,
    stem_of: Hashes<u32>,
    /// For each stem whether it is one of a function word.
    functions: Vec<bool>,
    pieces: Vec<u32>,
    piece_of: Hashes<u32>,
    lexicon: Lexicon,
    repairer: Repairer,
}

/// One way to read a word.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct StemReading {
    pub(super) stem: u32,
    /// The known word; `None` if only its stem is known.
    pub(super) word: Option<u32>,
    /// What it counts for, 0..=1.
    pub(super) weight: f32,
}

/// A place in a text: a word, with the ways to read it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place {
    /// Which typed word it is (the first, where two were put together).
    pub(super) typed: u32,
    /// Where its readings are, best first; empty if nothing is known about it.
    readings: (u32, u32),
}

/// A text read: its places in order. Reused from question to question.
#[derive(Debug, Default)]
pub(super) struct Places {
    pub(super) all: Vec<Place>,
    readings: Vec<StemReading>,
    repairs: Vec<Reading>,
}

impl Places {
    /// The ways to read a place, best first.
    pub(super) fn readings(&self, place: Place) -> &[StemReading] {
        &self.readings[place.readings.0 as usize..place.readings.1 as usize]
    }

    /// Forgets the text.
    pub(super) fn clear(&mut self) {
        self.all.clear();
        self.readings.clear();
    }

    /// Adds a place with the readings given.
    pub(super) fn push(&mut self, typed: u32, readings: impl IntoIterator<Item = StemReading>) {
        let start = number(self.readings.len());
        self.readings.extend(readings);
        self.all.push(Place {
            typed,
            readings: (start, number(self.readings.len())),
        });
    }
}

/// A position in a list of words, stems or pieces.
fn number(length: usize) -> u32 {
    u32::try_from(length).expect("a knowledge folder has under 2^32 words and pieces")
}

impl Vocabulary {
    /// Takes in every word of a text and tells their numbers.
    pub(super) fn learn(&mut self, text: &Normalized, mut visit: impl FnMut(u32)) {
        for word in text.words() {
            visit(self.learn_word(word));
        }
    }

    fn learn_word(&mut self, text: &str) -> u32 {
        let key = Key::of(&[text]);
        if let Some(&word) = self.word_of.get(&key) {
            self.words[word as usize].count += 1;
            return word;
        }
        let function = is_function_word(text);
        let stem = self.learn_stem(stem_key(text));
        self.functions[stem as usize] |= function;
        let start = number(self.pieces.len());
        for_each_piece(text, |key| {
            let next = number(self.piece_of.len());
            self.pieces.push(*self.piece_of.entry(key).or_insert(next));
        });
        let word = number(self.words.len());
        self.word_of.insert(key, word);
        self.words.push(Word {
            text: text.into(),
            stem,
            pieces: (start, number(self.pieces.len())),
            count: 1,
            function,
        });
        word
    }

    fn learn_stem(&mut self, key: Key) -> u32 {
        let next = number(self.functions.len());
        let stem = *self.stem_of.entry(key).or_insert(next);
        if stem == next {
            self.functions.push(false);
        }
        stem
    }

    /// Takes in groups of forms that mean the same.
    pub(super) fn learn_synonyms(&mut self, synonyms: &[Vec<Normalized>]) {
        for (position, group) in synonyms.iter().enumerate() {
            let stem = self.learn_stem(Key::group(position));
            for form in group {
                let mut key = None;
                let mut words = 0;
                for word in form.words() {
                    let word = self.learn_word(word);
                    key = Some(Key::sequence(key, self.stem(word)));
                    words += 1;
                }
                if let Some(key) = key {
                    self.lexicon.group_of.entry(key).or_insert(stem);
                    self.lexicon.longest = self.lexicon.longest.max(words);
                }
            }
        }
    }

    /// Makes ready to repair; to be called once all words are in.
    pub(super) fn finish(&mut self) {
        self.repairer = Repairer::new(self.words.iter().map(|word| &*word.text));
        self.words.shrink_to_fit();
        self.pieces.shrink_to_fit();
    }

    /// Bytes that it holds.
    pub(super) fn bytes(&self) -> usize {
        let spellings: usize = self.words.iter().map(|word| word.text.len()).sum();
        bytes(&self.words)
            + spellings
            + table_bytes(&self.word_of)
            + table_bytes(&self.stem_of)
            + bytes(&self.functions)
            + bytes(&self.pieces)
            + table_bytes(&self.piece_of)
            + table_bytes(&self.lexicon.group_of)
            + self.repairer.bytes()
    }

    /// Number of stems, the lexicon's groups included.
    pub(super) fn stems(&self) -> usize {
        self.functions.len()
    }

    /// Number of 3-letter pieces.
    pub(super) fn distinct_pieces(&self) -> usize {
        self.piece_of.len()
    }

    /// The stem of a word.
    pub(super) fn stem(&self, word: u32) -> u32 {
        self.words[word as usize].stem
    }

    /// Spelling of a known word.
    pub(super) fn spelling(&self, word: u32) -> &str {
        &self.words[word as usize].text
    }

    /// The pieces of a known word.
    pub(super) fn pieces_of(&self, word: u32) -> &[u32] {
        let (start, end) = self.words[word as usize].pieces;
        &self.pieces[start as usize..end as usize]
    }

    /// What is known of a piece.
    pub(super) fn piece(&self, key: Key) -> Piece {
        match self.piece_of.get(&key) {
            None => Piece::Unknown,
            Some(&COMMON) => Piece::Common,
            Some(&piece) => Piece::Known(piece),
        }
    }

    /// Takes the pieces that are `common` out of all words: from now on nobody asks for them.
    pub(super) fn drop_pieces(&mut self, common: impl Fn(u32) -> bool) {
        let mut kept = Vec::new();
        for word in &mut self.words {
            let (start, end) = word.pieces;
            let first = number(kept.len());
            let all = &self.pieces[start as usize..end as usize];
            kept.extend(all.iter().copied().filter(|piece| !common(*piece)));
            word.pieces = (first, number(kept.len()));
        }
        kept.shrink_to_fit();
        self.pieces = kept;
        for piece in self.piece_of.values_mut() {
            if common(*piece) {
                *piece = COMMON;
            }
        }
    }

    /// Whether a stem is one of a function word ("who", "the").
    pub(super) fn is_function(&self, stem: u32) -> bool {
        self.functions[stem as usize]
    }

    /// Known words that begin with a text, or, where none does, with one that is a typing error away from it and has its first
    /// letter; the most frequent first, ties as learned.
    pub(super) fn completions(&self, beginning: &str) -> Vec<&str> {
        let mut found: Vec<&Word> = self
            .words
            .iter()
            .filter(|word| word.text.starts_with(beginning))
            .collect();
        if found.is_empty() {
            let letters: Vec<char> = beginning.chars().collect();
            found.extend(
                self.words
                    .iter()
                    .filter(|word| begins_nearly(&word.text, &letters)),
            );
        }
        found.sort_by_key(|word| std::cmp::Reverse(word.count));
        found.into_iter().map(|word| &*word.text).collect()
    }

    fn repair(&self, word: &str, readings: &mut Vec<Reading>) {
        let known = |word: u32| {
            let Word { text, count, .. } = &self.words[word as usize];
            (&**text, *count as usize)
        };
        self.repairer.read(word, known, readings);
    }

    /// Reads a question: each word looked up, or by its stem, or put together with the next; and if it is no common English word,
    /// repaired or taken apart.
    pub(super) fn read(&self, question: &Normalized, places: &mut Places) {
        places.clear();
        let mut typed = (0_u32..).zip(question.words()).peekable();
        while let Some((position, word)) = typed.next() {
            if let Some(reading) = self.look_up(word) {
                // "encryp tion": the next word is unknown and both together are a known one.
                if let Some(&(_, next)) = typed.peek()
                    && self.look_up(next).is_none()
                    && let Some(joined) = self.joined(word, next)
                {
                    places.push(position, [joined]);
                    typed.next();
                } else {
                    places.push(position, [reading]);
                }
                continue;
            }
            if let Some(&(_, next)) = typed.peek()
                && let Some(joined) = self.joined(word, next)
            {
                places.push(position, [joined]);
                typed.next();
                continue;
            }
            if is_common_word(word) {
                places.push(position, []);
                continue;
            }
            let mut repairs = std::mem::take(&mut places.repairs);
            self.repair(word, &mut repairs);
            if repairs.is_empty()
                && let Some((front, back)) = self.taken_apart(word)
            {
                places.push(position, [front]);
                places.push(position, [back]);
            } else {
                let readings = repairs.iter().map(|repair| StemReading {
                    stem: self.stem(repair.word),
                    word: Some(repair.word),
                    weight: repair.weight,
                });
                places.push(position, readings);
            }
            places.repairs = repairs;
        }
    }

    /// A word that is known as typed, or at least by its stem: "encrypts" is not a misspelt "encrypt".
    fn look_up(&self, word: &str) -> Option<StemReading> {
        if let Some(&word) = self.word_of.get(&Key::of(&[word])) {
            return Some(StemReading {
                stem: self.stem(word),
                word: Some(word),
                weight: 1.0,
            });
        }
        let stem = *self.stem_of.get(&stem_key(word))?;
        Some(StemReading {
            stem,
            word: None,
            weight: 1.0,
        })
    }

    fn joined(&self, first: &str, second: &str) -> Option<StemReading> {
        let word = *self.word_of.get(&Key::of(&[first, second]))?;
        Some(StemReading {
            stem: self.stem(word),
            word: Some(word),
            weight: JOINED,
        })
    }

    /// Two known words that were typed as one, the rarer of them as frequent as possible.
    fn taken_apart(&self, word: &str) -> Option<(StemReading, StemReading)> {
        let mut best: Option<(u32, u32, u32)> = None;
        for (at, _) in word.char_indices() {
            let (front, back) = word.split_at(at);
            if front.chars().count() < SHORTEST_PART || back.chars().count() < SHORTEST_PART {
                continue;
            }
            let (Some(&front), Some(&back)) = (
                self.word_of.get(&Key::of(&[front])),
                self.word_of.get(&Key::of(&[back])),
            ) else {
                continue;
            };
            let rarer = self.words[front as usize]
                .count
                .min(self.words[back as usize].count);
            if best.is_none_or(|(most, ..)| rarer > most) {
                best = Some((rarer, front, back));
            }
        }
        let reading = |word| StemReading {
            stem: self.stem(word),
            word: Some(word),
            weight: JOINED,
        };
        best.map(|(_, front, back)| (reading(front), reading(back)))
    }

    /// Finds the lexicon's forms in a sequence of stems (`None`: unknown): their groups with the place each begins at, and for
    /// each place whether it is part of a form.
    pub(super) fn find_groups(
        &self,
        stems: &[Option<u32>],
        groups: &mut Vec<(u32, u32)>,
        explained: &mut Vec<bool>,
    ) {
        groups.clear();
        explained.clear();
        explained.resize(stems.len(), false);
        for start in 0..stems.len() {
            let mut key = None;
            for end in start..stems.len().min(start + self.lexicon.longest) {
                let Some(stem) = stems[end] else { break };
                let form = Key::sequence(key, stem);
                key = Some(form);
                if let Some(&group) = self.lexicon.group_of.get(&form) {
                    groups.push((number(start), group));
                    explained[start..=end].fill(true);
                }
            }
        }
    }

    /// Whether a question has a word that is known and says what it is about.
    pub(super) fn means_something(&self, places: &Places) -> bool {
        places.all.iter().any(|place| {
            places
                .readings(*place)
                .first()
                .is_some_and(|reading| match reading.word {
                    Some(word) => !self.words[word as usize].function,
                    None => !self.is_function(reading.stem),
                })
        })
    }
}

/// Whether a word begins with what was typed but for one typing error; with fewer than three letters every word would.
fn begins_nearly(word: &str, typed: &[char]) -> bool {
    if typed.len() < SHORTEST_BEGINNING || !word.starts_with(typed[0]) {
        return false;
    }
    let word: Vec<char> = word.chars().take(typed.len() + 1).collect();
    // A letter lost, changed or swapped, or one too many: the beginning is as long, a letter longer, or a letter shorter.
    (typed.len() - 1..=typed.len() + 1).any(|length| {
        word.get(..length)
            .is_some_and(|beginning| strsim::generic_damerau_levenshtein(beginning, typed) <= 1)
    })
}

/// Letters from which an unfinished word is taken for a misspelt one.
const SHORTEST_BEGINNING: usize = 3;

/// Words put together or taken apart count for a little less than words typed right, like repaired ones.
const JOINED: f32 = 0.9;

/// Letters that each half of a word taken apart must have: "to" and "in" are found in too many words.
const SHORTEST_PART: usize = 2;

#[cfg(test)]
mod tests {
    use super::*;

    fn vocabulary(texts: &[&str], synonyms: &[&[&str]]) -> Vocabulary {
        let mut vocabulary = Vocabulary::default();
        for text in texts {
            vocabulary.learn(&Normalized::new(text), |_| ());
        }
        let synonyms: Vec<Vec<Normalized>> = synonyms
            .iter()
            .map(|group| group.iter().map(|form| Normalized::new(form)).collect())
            .collect();
        vocabulary.learn_synonyms(&synonyms);
        vocabulary.finish();
        vocabulary
    }

    fn check(typed: &str, expected: &[&str]) {
        let vocabulary = vocabulary(
            &["end to end encryption", "police chiefs backdoor countries"],
            &[],
        );
        let mut places = Places::default();
        vocabulary.read(&Normalized::new(typed), &mut places);
        let read: Vec<&str> = places
            .all
            .iter()
            .map(|place| match places.readings(*place) {
                [] => "?",
                [best, ..] => best.word.map_or("stem", |word| vocabulary.spelling(word)),
            })
            .collect();
        assert_eq!(read, expected, "{typed}");
    }

    #[test]
    fn words_are_looked_up_repaired_parted_and_joined() {
        check("police chiefs", &["police", "chiefs"]);
        check("the chief", &["?", "stem"]);
        check("polce contries", &["police", "countries"]);
        check("end toend", &["end", "to", "end"]);
        check("encryp tion", &["encryption"]);
        check("back door", &["backdoor"]);
        check("pizza", &["?"]);
        check("", &[]);
    }

    #[test]
    fn unfinished_words_are_completed_even_when_misspelt() {
        let vocabulary = vocabulary(&["encryption encryption encrypted enclave police"], &[]);
        let complete = |beginning: &str| vocabulary.completions(beginning).join(" ");
        assert_eq!(complete("encr"), "encryption encrypted");
        assert_eq!(complete("enrc"), "encryption encrypted enclave");
        assert_eq!(complete("encrpy"), "encryption encrypted");
        assert_eq!(complete("enccl"), "enclave");
        assert_eq!(complete("polcie"), "police");
        assert_eq!(complete("px"), "");
        assert_eq!(complete("xolice"), "");
        assert_eq!(complete(""), "encryption encrypted enclave police");
    }

    #[test]
    fn forms_of_the_lexicon_are_found_wherever_they_stand() {
        let vocabulary = vocabulary(
            &["who is the director general of the agency"],
            &[&["director general", "dg", "boss"]],
        );
        let mut places = Places::default();
        let (mut groups, mut explained) = (Vec::new(), Vec::new());
        let mut find = |text: &str| {
            vocabulary.read(&Normalized::new(text), &mut places);
            let stems: Vec<_> = places
                .all
                .iter()
                .map(|place| places.readings(*place).first().map(|reading| reading.stem))
                .collect();
            vocabulary.find_groups(&stems, &mut groups, &mut explained);
            (groups.clone(), explained.clone())
        };
        let (long, explained) = find("the director general");
        assert_eq!((long.len(), long[0].0), (1, 1));
        assert_eq!(explained, [false, true, true]);
        let (short, _) = find("boss");
        assert_eq!(short[0].1, long[0].1);
        assert!(find("general director").0.is_empty());
    }
}
