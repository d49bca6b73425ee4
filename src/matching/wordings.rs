//! The questions and phrasings themselves, normalised: to know an exact one again, to complete, and to show the nearest.
//!
//! It ranks nothing.

use std::ops::Range;

use super::{
    corpus::Prepared,
    features::{Key, bytes},
    function_words::is_function_word,
    normalise::Normalized,
};

/// All texts in one string, in order of document.
#[derive(Debug, Default)]
pub(super) struct Wordings {
    text: String,
    /// Where each text begins, and where the last one ends.
    starts: Vec<u32>,
    /// Which text is the first of each document, and the number of texts.
    firsts: Vec<u32>,
    /// Texts by the hash of their words, rising; texts of the same words by document.
    keys: Vec<Key>,
    /// The documents that go with the keys.
    documents: Vec<u32>,
    /// Whether each document has a text made of function words alone.
    wordless: Vec<bool>,
    /// Number of documents; after them come the groups of foreign questions.
    own: usize,
}

fn offset(length: usize) -> u32 {
    u32::try_from(length).expect("a knowledge folder has under 4 GB of phrasings")
}

impl Wordings {
    /// Keeps a corpus's texts.
    pub(super) fn new(prepared: Prepared) -> Self {
        let mut wordings = Self {
            wordless: vec![false; prepared.documents],
            own: prepared.own,
            ..Self::default()
        };
        let mut keys: Vec<(Key, u32)> = Vec::with_capacity(prepared.texts.len());
        for (document, _, text) in prepared.texts {
            while wordings.firsts.len() <= document as usize {
                wordings.firsts.push(offset(wordings.starts.len()));
            }
            wordings.starts.push(offset(wordings.text.len()));
            wordings.text.push_str(text.as_str());
            wordings.wordless[document as usize] |= text.words().all(is_function_word);
            keys.push((Key::of(&[text.as_str()]), document));
        }
        while wordings.firsts.len() <= prepared.documents {
            wordings.firsts.push(offset(wordings.starts.len()));
        }
        wordings.starts.push(offset(wordings.text.len()));
        keys.sort_unstable();
        (wordings.keys, wordings.documents) = keys.into_iter().unzip();
        wordings.text.shrink_to_fit();
        wordings.starts.shrink_to_fit();
        wordings.firsts.shrink_to_fit();
        wordings.keys.shrink_to_fit();
        wordings.documents.shrink_to_fit();
        wordings
    }

    /// Bytes that they hold.
    pub(super) fn bytes(&self) -> usize {
        self.text.capacity()
            + bytes(&self.starts)
            + bytes(&self.firsts)
            + bytes(&self.keys)
            + bytes(&self.documents)
            + bytes(&self.wordless)
    }

    /// The documents, and after them the groups of foreign questions, that have these very words, by position.
    pub(super) fn exact(&self, question: &Normalized) -> &[u32] {
        let key = Key::of(&[question.as_str()]);
        let start = self.keys.partition_point(|other| *other < key);
        let same = self.keys[start..].iter().take_while(|other| **other == key);
        &self.documents[start..start + same.count()]
    }

    /// Number of documents that can be found.
    pub(super) fn documents(&self) -> usize {
        self.own
    }

    /// Whether it is a document and no group of foreign questions.
    pub(super) fn is_own(&self, document: u32) -> bool {
        (document as usize) < self.own
    }

    /// Whether a document is asked for in function words alone.
    pub(super) fn is_wordless(&self, document: usize) -> bool {
        self.wordless[document]
    }

    /// A document's texts, its question first.
    pub(super) fn of(&self, document: usize) -> impl Iterator<Item = &str> {
        let range = self.firsts[document] as usize..self.firsts[document + 1] as usize;
        range.map(|at| self.slice(self.starts[at] as usize..self.starts[at + 1] as usize))
    }

    /// What a document is called in a list: its question, or else its first phrasing; empty without either.
    pub(super) fn title(&self, document: usize) -> &str {
        self.of(document).next().unwrap_or_default()
    }

    fn slice(&self, range: Range<usize>) -> &str {
        self.text
            .get(range)
            .expect("texts were put together at these very places")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::matching::corpus::{Corpus, Document};

    #[test]
    fn texts_are_found_by_their_words() {
        let document = |question: &str, phrasings: &[&str]| Document {
            question: question.to_owned(),
            phrasings: phrasings.iter().map(|text| (*text).to_owned()).collect(),
            body: String::new(),
        };
        let wordings = Wordings::new(Prepared::new(&Corpus {
            documents: vec![
                document("Who?", &["the chiefs"]),
                document("", &[]),
                document("", &["naïve", "The chiefs!"]),
            ],
            synonyms: Vec::new(),
            foreign: vec![vec!["The chiefs".to_owned()]],
        }));
        let exact = |text: &str| wordings.exact(&Normalized::new(text)).to_vec();
        assert_eq!(exact("The Chiefs"), [0, 2, 3]);
        assert!(wordings.is_own(2) && !wordings.is_own(3));
        assert_eq!(exact("naive"), [2]);
        assert!(exact("others").is_empty());
        assert_eq!(wordings.documents(), 3);
        assert_eq!(wordings.title(0), "who");
        assert_eq!(wordings.title(1), "");
        assert_eq!(wordings.of(2).collect::<Vec<_>>(), ["naive", "the chiefs"]);
        assert!(wordings.is_wordless(0) && !wordings.is_wordless(2));
    }
}
