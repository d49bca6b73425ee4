//! Which words the entries are asked in, to tell a curator which ones an entry lacks.
//!
//! It counts words by their stems and knows the lexicon's groups. It ranks nothing: a word that no phrasing has may still be met
//! by its letters, and the matcher may find the entry without it.

use std::collections::{BTreeMap, BTreeSet};

use rust_stemmers::{Algorithm, Stemmer};

use crate::knowledge::Knowledge;
use crate::matching::{Explanation, Normalized};

/// A word that more than this part of the entries is asked with tells none of them apart: of the shipped knowledge's words
/// "encryption", "police" and nearly all function words are above it, "children" and "court" below.
const COMMON: f64 = 0.1;
/// In a handful of entries a tenth is less than one; a word is common from this number of entries on.
const COMMON_AT_LEAST: usize = 3;

/// The words in the questions and phrasings of each entry.
#[derive(Debug)]
pub struct Wording {
    entries: BTreeMap<String, Words>,
    /// How many entries have a stem.
    frequency: BTreeMap<String, usize>,
    /// The lexicon: each form of each group as stems, with the group's number.
    forms: Vec<(usize, Vec<String>)>,
}

/// The words of one entry.
#[derive(Debug, Default)]
struct Words {
    stems: BTreeSet<String>,
    /// The lexicon's groups of which a form is used.
    groups: BTreeSet<usize>,
}

impl Wording {
    /// The wording of a knowledge folder.
    pub fn of(knowledge: &Knowledge) -> Self {
        let entries = knowledge.entries.iter().map(|entry| {
            let texts = std::iter::once(&entry.question).chain(&entry.phrasings);
            (entry.id.as_str(), texts)
        });
        Self::new(entries, &knowledge.synonyms)
    }

    /// The wording of entries, each with its texts.
    pub(super) fn new<'a, T>(
        entries: impl Iterator<Item = (&'a str, T)>,
        synonyms: &[Vec<String>],
    ) -> Self
    where
        T: Iterator<Item = &'a String>,
    {
        let forms: Vec<_> = synonyms
            .iter()
            .enumerate()
            .flat_map(|(group, forms)| forms.iter().map(move |form| (group, stems(form))))
            .filter(|(_, form)| !form.is_empty())
            .collect();
        let mut wording = Self {
            entries: BTreeMap::new(),
            frequency: BTreeMap::new(),
            forms,
        };
        for (id, texts) in entries {
            let mut words = Words::default();
            for text in texts {
                let stems = stems(text);
                words
                    .groups
                    .extend(wording.forms_in(&stems).map(|(group, _)| group));
                words.stems.extend(stems);
            }
            for stem in &words.stems {
                *wording.frequency.entry(stem.clone()).or_default() += 1;
            }
            wording.entries.insert(id.to_owned(), words);
        }
        wording
    }

    /// The telling words of a question that no question or phrasing of the entry has, in the question's order, each once. A single
    /// letter or digit is no telling word.
    ///
    /// A word counts as what it was read as, and as every form of its group in the lexicon.
    pub(super) fn lacking(&self, entry: &str, explanation: &Explanation) -> Vec<String> {
        let Some(words) = self.entries.get(entry) else {
            return Vec::new();
        };
        let typed: Vec<&str> = explanation.normalized.split_whitespace().collect();
        let read: Vec<Vec<String>> = typed
            .iter()
            .map(|word| {
                let repairs = explanation.repaired.iter();
                let mut read: Vec<_> = repairs
                    .filter(|repair| repair.from == *word)
                    .map(|repair| stem(&repair.to))
                    .collect();
                if read.is_empty() {
                    read.push(stem(word));
                }
                read
            })
            .collect();
        let first: Vec<String> = read.iter().map(|read| read[0].clone()).collect();
        let met: BTreeSet<usize> = self
            .forms_in(&first)
            .filter(|(group, _)| words.groups.contains(group))
            .flat_map(|(_, places)| places)
            .collect();
        let mut lacking: Vec<String> = Vec::new();
        for (place, (word, read)) in typed.iter().zip(&read).enumerate() {
            let has = met.contains(&place) || read.iter().any(|stem| words.stems.contains(stem));
            let is_word = word.chars().nth(1).is_some();
            if is_word && !has && read.iter().all(|stem| self.is_telling(stem)) {
                let word = (*word).to_owned();
                if !lacking.contains(&word) {
                    lacking.push(word);
                }
            }
        }
        lacking
    }

    /// Whether a question or phrasing of the entry has a word.
    pub(super) fn has(&self, entry: &str, word: &str) -> bool {
        self.entries
            .get(entry)
            .is_some_and(|words| words.stems.contains(&stem(word)))
    }

    /// Whether several entries have a word.
    pub(super) fn is_shared(&self, word: &str) -> bool {
        self.frequency
            .get(&stem(word))
            .is_some_and(|with| *with > 1)
    }

    /// Whether few enough entries have a stem for it to tell them apart.
    #[expect(
        clippy::cast_precision_loss,
        reason = "counts of entries are far below 2^52"
    )]
    fn is_telling(&self, stem: &str) -> bool {
        let with = self.frequency.get(stem).copied().unwrap_or_default();
        with < COMMON_AT_LEAST || (with as f64) <= COMMON * self.entries.len() as f64
    }

    /// The lexicon's forms that stand in a text, with their groups and places.
    fn forms_in(&self, stems: &[String]) -> impl Iterator<Item = (usize, std::ops::Range<usize>)> {
        self.forms.iter().flat_map(move |(group, form)| {
            stems
                .windows(form.len())
                .enumerate()
                .filter(move |(_, window)| window == form)
                .map(move |(place, _)| (*group, place..place + form.len()))
        })
    }
}

/// The stem that the matcher, too, takes a word for.
fn stem(word: &str) -> String {
    Stemmer::create(Algorithm::English).stem(word).into_owned()
}

fn stems(text: &str) -> Vec<String> {
    Normalized::new(text).words().map(stem).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::matching::{Corpus, Document, Matcher, Overrides};

    /// What the entry "press" lacks of a question, with a lexicon in which "csam" is "abuse material".
    fn check(question: &str, expected: &[&str]) {
        let texts = |text: &str| vec![text.to_owned()];
        let press = texts("who reports the abuse material to the police");
        let mill = texts("who owns the mill");
        let synonyms = [vec!["csam".to_owned(), "abuse material".to_owned()]];
        let wording = Wording::new(
            [("press", press.iter()), ("mill", mill.iter())].into_iter(),
            &synonyms,
        );
        let document = |phrasings: &[String]| Document {
            phrasings: phrasings.to_vec(),
            ..Document::default()
        };
        let corpus = Corpus {
            documents: vec![document(&press), document(&mill)],
            synonyms: synonyms.to_vec(),
            foreign: Vec::new(),
        };
        let explanation = Matcher::train(&corpus, Overrides::default()).explain(question);
        assert_eq!(
            wording.lacking("press", &explanation),
            expected,
            "{question}"
        );
    }

    #[test]
    fn a_word_is_there_by_its_stem_its_repair_or_its_group() {
        check("police report", &[]);
        check("polcie reporting", &[]);
        check("csam to police", &[]);
        check("police of the mill", &["of", "mill"]);
        check("Zeppelin! police, zeppelin?", &["zeppelin"]);
    }

    #[test]
    fn a_word_of_many_entries_tells_none_apart() {
        let texts: Vec<_> = (0..20)
            .map(|number| (format!("entry-{number}"), vec![format!("police {number}")]))
            .collect();
        let wording = Wording::new(
            texts.iter().map(|(id, texts)| (id.as_str(), texts.iter())),
            &[],
        );
        assert!(!wording.is_telling("polic"));
        assert!(wording.is_telling("7"));
        assert!(wording.is_telling("unheard"));
    }
}
