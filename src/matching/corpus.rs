//! What can be found: documents as the caller gives them, and their texts normalised.
//!
//! Positions are all that the matcher knows a document by; ids and answers stay with the caller.

use super::normalise::Normalized;

/// One thing that can be found, identified by its position in [`Corpus::documents`].
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Document {
    /// The canonical question; may be empty for sets that have phrasings only.
    pub question: String,
    /// Other ways to ask for it.
    pub phrasings: Vec<String>,
    /// The answer's text without citations; may be empty. Its words are a hint only.
    pub body: String,
}

/// All that can be found, and the lexicon.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Corpus {
    /// What can be found.
    pub documents: Vec<Document>,
    /// Groups of words or phrases of up to five words that mean the same.
    pub synonyms: Vec<Vec<String>>,
    /// Questions that no document answers, in groups of one matter each: examples of what must be refused.
    pub foreign: Vec<Vec<String>>,
}

/// A corpus normalised.
pub(super) struct Prepared {
    /// Documents first, and after them the groups of foreign questions as if they were documents.
    pub(super) documents: usize,
    /// How many of them can be found.
    pub(super) own: usize,
    /// Question (`None`) and phrasings (their positions) of each document, without empty ones and repetitions.
    pub(super) texts: Vec<(u32, Option<usize>, Normalized)>,
    pub(super) bodies: Vec<(u32, Normalized)>,
    pub(super) synonyms: Vec<Vec<Normalized>>,
}

impl Prepared {
    /// Normalises a corpus.
    pub(super) fn new(corpus: &Corpus) -> Self {
        let mut texts: Vec<(u32, Option<usize>, Normalized)> = Vec::new();
        let mut bodies = Vec::new();
        let mut take = |document: u32, question: Option<&String>, phrasings: &[String]| {
            let start = texts.len();
            let phrasings = phrasings
                .iter()
                .enumerate()
                .map(|(at, phrasing)| (Some(at), phrasing));
            for (at, text) in question
                .map(|text| (None, text))
                .into_iter()
                .chain(phrasings)
            {
                let text = Normalized::new(text);
                if !text.is_empty()
                    && texts[start..]
                        .iter()
                        .all(|(_, _, earlier)| *earlier != text)
                {
                    texts.push((document, at, text));
                }
            }
        };
        for (position, document) in (0_u32..).zip(&corpus.documents) {
            take(position, Some(&document.question), &document.phrasings);
            let body = Normalized::new(&document.body);
            if !body.is_empty() {
                bodies.push((position, body));
            }
        }
        for (position, group) in (0_u32..).skip(corpus.documents.len()).zip(&corpus.foreign) {
            take(position, None, group);
        }
        let synonyms = corpus
            .synonyms
            .iter()
            .map(|group| group.iter().map(|form| Normalized::new(form)).collect())
            .collect();
        Self {
            documents: corpus.documents.len() + corpus.foreign.len(),
            own: corpus.documents.len(),
            texts,
            bodies,
            synonyms,
        }
    }
}
