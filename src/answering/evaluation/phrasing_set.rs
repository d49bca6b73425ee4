//! A public set of phrasings that stands in for a knowledge folder, so that the matcher can be measured on questions of others.
//!
//! It can be asked and explained; it has no answers and no topics.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::graded::{GradedError, lines, reason};
use super::metrics::{Judged, Outcome};
use super::wording::Wording;
use crate::answering::CANDIDATES;
use crate::matching::{Band, Corpus, Document, Explanation, Matcher, Overrides};

#[derive(Deserialize)]
struct PhrasingLine {
    entry: String,
    phrasing: String,
}

const PHRASING_FORM: &str = r#"{"entry": "id", "phrasing": "…"}"#;

/// A public set of phrasings that stands in for a knowledge folder: it can be asked, but has no answers.
#[derive(Debug)]
pub struct PhrasingSet {
    ids: Vec<String>,
    corpus: Corpus,
    matcher: Matcher,
}

impl PhrasingSet {
    /// Reads one JSON object a line, `{"entry", "phrasing"}`, and trains the matcher.
    ///
    /// ```
    /// use cleartext::answering::Overrides;
    /// use cleartext::answering::evaluation::PhrasingSet;
    ///
    /// let kitchen = PhrasingSet::read(
    ///     r#"
    ///     {"entry": "tea", "phrasing": "how do i boil water for tea in the kettle"}
    ///     {"entry": "tea", "phrasing": "brewing tea with a kettle"}
    ///     {"entry": "oven", "phrasing": "clean the oven"}
    ///     {"entry": "oven", "phrasing": "which spray for a dirty oven"}
    ///     "#,
    ///     Overrides::default(),
    /// )?;
    /// assert_eq!(kitchen.ids(), ["tea", "oven"]);
    /// assert_eq!(kitchen.ask("dirty ovn").first(), Some("oven"));
    /// # Ok::<(), cleartext::answering::evaluation::GradedError>(())
    /// ```
    pub fn read(text: &str, overrides: Overrides) -> Result<Self, GradedError> {
        let mut positions: BTreeMap<String, usize> = BTreeMap::new();
        let mut ids = Vec::new();
        let mut documents: Vec<Document> = Vec::new();
        for (line, text) in lines(text) {
            let PhrasingLine { entry, phrasing } =
                serde_json::from_str(text).map_err(|error| GradedError {
                    line,
                    what: format!("not a phrasing ({})", reason(&error)),
                    remedy: PHRASING_FORM,
                })?;
            let position = *positions.entry(entry).or_insert_with_key(|entry| {
                ids.push(entry.clone());
                documents.push(Document {
                    question: String::new(),
                    phrasings: Vec::new(),
                    body: String::new(),
                });
                documents.len() - 1
            });
            documents[position].phrasings.push(phrasing);
        }
        let corpus = Corpus {
            documents,
            synonyms: Vec::new(),
            foreign: Vec::new(),
        };
        Ok(Self {
            ids,
            matcher: Matcher::train(&corpus, overrides),
            corpus,
        })
    }

    /// The entries' ids, in the order of their first phrasings.
    pub fn ids(&self) -> &[String] {
        &self.ids
    }

    /// Asks one question.
    pub fn ask(&self, question: &str) -> Judged {
        let ranking = self.matcher.rank(question);
        let candidates = ranking
            .best
            .iter()
            .take(CANDIDATES)
            .filter_map(|ranked| Some((self.ids.get(ranked.document)?.clone(), ranked.confidence)))
            .collect();
        let outcome = match ranking.band {
            Band::Answer => Outcome::Answered,
            Band::Suggest => Outcome::Suggested,
            Band::Refuse => Outcome::Refused,
        };
        Judged {
            outcome,
            candidates,
        }
    }

    /// Why a question is matched the way it is; documents are positions in [`PhrasingSet::ids`].
    ///
    /// ```
    /// # use cleartext::answering::Overrides;
    /// # use cleartext::answering::evaluation::PhrasingSet;
    /// #
    /// # let kitchen = PhrasingSet::read(
    /// #     r#"
    /// #     {"entry": "tea", "phrasing": "how do i boil water for tea in the kettle"}
    /// #     {"entry": "tea", "phrasing": "brewing tea with a kettle"}
    /// #     {"entry": "oven", "phrasing": "clean the oven"}
    /// #     {"entry": "oven", "phrasing": "which spray for a dirty oven"}
    /// #     "#,
    /// #     Overrides::default(),
    /// # )?;
    /// let explanation = kitchen.explain("brewing tae");
    /// assert_eq!(explanation.repaired[0].to, "tea");
    /// assert_eq!(kitchen.ids()[explanation.ranking.best[0].document], "tea");
    /// # Ok::<(), cleartext::answering::evaluation::GradedError>(())
    /// ```
    pub fn explain(&self, question: &str) -> Explanation {
        self.matcher.explain(question)
    }

    /// Which words its entries are asked in.
    ///
    /// ```
    /// # use cleartext::answering::Overrides;
    /// use cleartext::answering::evaluation::{Evidence, Miss, PhrasingSet, read_graded};
    ///
    /// # let kitchen = PhrasingSet::read(
    /// #     r#"
    /// #     {"entry": "tea", "phrasing": "how do i boil water for tea in the kettle"}
    /// #     {"entry": "tea", "phrasing": "brewing tea with a kettle"}
    /// #     {"entry": "oven", "phrasing": "clean the oven"}
    /// #     {"entry": "oven", "phrasing": "which spray for a dirty oven"}
    /// #     "#,
    /// #     Overrides::default(),
    /// # )?;
    /// // What tells why a set's own questions missed.
    /// let evidence = Evidence {
    ///     explain: &|question| kitchen.explain(question),
    ///     ids: kitchen.ids(),
    ///     wording: &kitchen.wording(),
    /// };
    /// let graded = read_graded(r#"{"question": "which spray for a dirty oven", "entry": "oven"}"#)?;
    /// let judged = kitchen.ask(&graded[0].question);
    /// assert_eq!(Miss::of(0, (&graded[0], &judged), evidence), None);
    /// # Ok::<(), cleartext::answering::evaluation::GradedError>(())
    /// ```
    pub fn wording(&self) -> Wording {
        let entries = self.ids.iter().zip(&self.corpus.documents);
        Wording::new(
            entries.map(|(id, document)| (id.as_str(), document.phrasings.iter())),
            &self.corpus.synonyms,
        )
    }
}
