//! What a half-typed question may become: the list under the box while somebody types.
//!
//! Certain things first: the exact question, questions that begin so, questions with all the words begun, and then what the
//! ranking finds. It shows titles only and decides nothing.

use super::{Matcher, Normalized, Scratch};

/// Readings of an unfinished last word that are tried: "encr" may become "encryption" or "encrypted".
const READINGS: usize = 3;

impl Matcher {
    /// Positions of documents that may be meant, best first, at most `limit`; documents in their order if nothing is typed yet.
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
    /// assert_eq!(matcher.complete("the fer", 1), [1]);
    /// ```
    pub fn complete(&self, typed: &str, limit: usize) -> Vec<usize> {
        let typed = Normalized::new(typed);
        let mut found = Found {
            documents: Vec::new(),
            limit,
        };
        if typed.is_empty() {
            found.add(0..self.wordings.documents());
            return found.documents;
        }
        let exact = self.wordings.exact(&typed);
        found.add(exact.iter().map(|document| *document as usize));
        found.add(self.titled(|title| title.starts_with(typed.as_str())));
        found.add(self.titled(|title| has_words(title, &typed)));
        if found.is_full() {
            return found.documents;
        }
        // The surest of all readings first: "sig" may become "signal" or "signed", and the words before tell which.
        let mut scratch = Scratch::default();
        let mut ranked = Vec::new();
        for reading in self.readings_of_last_word(&typed) {
            scratch.question = reading;
            ranked.extend(self.rank_normalized(&mut scratch).best);
        }
        ranked.retain(|ranked| ranked.confidence > 0.0);
        ranked.sort_by(|a, b| {
            let by_confidence = b.confidence.total_cmp(&a.confidence);
            by_confidence.then(b.score.total_cmp(&a.score))
        });
        found.add(ranked.iter().map(|ranked| ranked.document));
        found.documents
    }

    fn titled(&self, is_it: impl Fn(&str) -> bool) -> impl Iterator<Item = usize> {
        (0..self.wordings.documents()).filter(move |document| is_it(self.wordings.title(*document)))
    }

    /// The text with its last word finished in the most frequent ways; as it is if that word is known or nothing begins so.
    fn readings_of_last_word(&self, typed: &Normalized) -> Vec<Normalized> {
        let last = typed.words().next_back().unwrap_or_default();
        let completions = self.space.vocabulary.completions(last);
        let front = typed.as_str().strip_suffix(last).unwrap_or_default();
        if completions.is_empty() || completions.contains(&last) {
            return vec![typed.clone()];
        }
        completions
            .into_iter()
            .take(READINGS)
            .map(|word| Normalized::new(&format!("{front}{word}")))
            .collect()
    }
}

/// Documents found so far, each once.
struct Found {
    documents: Vec<usize>,
    limit: usize,
}

impl Found {
    fn is_full(&self) -> bool {
        self.documents.len() >= self.limit
    }

    fn add(&mut self, documents: impl Iterator<Item = usize>) {
        for document in documents {
            if self.is_full() {
                return;
            }
            if !self.documents.contains(&document) {
                self.documents.push(document);
            }
        }
    }
}

/// Whether each typed word is in the title; the last one may be unfinished.
fn has_words(title: &str, typed: &Normalized) -> bool {
    let mut typed = typed.words();
    let last = typed.next_back().unwrap_or_default();
    title.split(' ').any(|word| word.starts_with(last))
        && typed.all(|typed| title.split(' ').any(|word| word == typed))
}
