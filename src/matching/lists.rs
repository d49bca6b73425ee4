//! For each feature the documents that have it, with what the feature says for each: one inverted index, trained in place.
//!
//! A feature that many documents have gets an entry for every document, so that its weights are a row that is worked through
//! several at once, and so that lacking it can speak against a document. It knows no text.

use std::ops::Range;

use super::features::{Extent, bytes};

/// A feature in more than one in so many documents gets an entry for all: sixteen entries of a row cost about what one entry of a
/// list does. (Top-1 on `clinc_k10_s0` / `bankoos_k10_s0` without such rows 83.7 / 79.7, with rows from one in 16 on 83.9 / 80.1, one
/// in 33 on 83.9 / 80.1.)
const ROW_FROM: usize = 16;

/// Documents up to which there are such rows; beyond, a row is longer than what it saves.
const MOST_WITH_ROWS: usize = 4_000;

/// What having a word is worth to the coverage of a question, in 255ths.
pub(super) type Worth = u8;

/// What having it in the answer only is worth: answers are written by the curator, questions by others, so that the answer's words
/// are a hint.
pub(super) const IN_BODY: Worth = 77;

/// What having it in a phrasing is worth: all.
pub(super) const IN_PHRASING: Worth = Worth::MAX;

/// A worth as a share, 0..=1.
pub(super) fn worth_share(worth: Worth) -> f32 {
    f32::from(worth) * (1.0 / 255.0)
}

/// The entries of all features, one after the other; within a feature by document.
#[derive(Debug, Default)]
pub(super) struct Lists {
    documents: usize,
    starts: Vec<u32>,
    pub(super) ids: Vec<u32>,
    pub(super) weights: Vec<f32>,
    /// What each entry of a stem is worth to the coverage of a question; stems come first.
    worths: Vec<Worth>,
}

/// The entries of one feature.
pub(super) enum Entries<'a> {
    /// One for each document, in order.
    Row(&'a [f32]),
    /// Documents with their weights.
    List(&'a [u32], &'a [f32]),
}

impl Lists {
    /// Makes entries of weight 0 from texts (document, what having its words is worth, features) given in order of document.
    pub(super) fn new<'a>(
        documents: usize,
        extent: Extent,
        texts: impl Iterator<Item = (u32, Worth, &'a [u32])> + Clone,
    ) -> Self {
        let mut counts = vec![0_u32; extent.total()];
        let mut last = vec![u32::MAX; extent.total()];
        for (document, _, features) in texts.clone() {
            for feature in features.iter().map(|feature| *feature as usize) {
                if std::mem::replace(&mut last[feature], document) != document {
                    counts[feature] += 1;
                }
            }
        }
        let all = u32::try_from(documents).unwrap_or(u32::MAX);
        let is_row =
            |count: u32| documents <= MOST_WITH_ROWS && count as usize * ROW_FROM > documents;
        let mut starts = Vec::with_capacity(extent.total() + 1);
        starts.push(0);
        let mut end = 0;
        for count in &counts {
            end += if is_row(*count) { all } else { *count };
            starts.push(end);
        }
        let mut lists = Self {
            documents,
            ids: vec![0; end as usize],
            weights: vec![0.0; end as usize],
            worths: vec![0; starts[extent.stems] as usize],
            starts,
        };
        let mut next: Vec<u32> = lists.starts[..counts.len()].to_vec();
        for feature in (0..counts.len()).filter(|feature| is_row(counts[*feature])) {
            let start = lists.starts[feature] as usize;
            for (at, document) in (start..start + documents).zip(0..) {
                lists.ids[at] = document;
            }
        }
        last.fill(u32::MAX);
        for (document, worth, features) in texts {
            for feature in features.iter().map(|feature| *feature as usize) {
                let at = if is_row(counts[feature]) {
                    lists.starts[feature] + document
                } else {
                    let next = &mut next[feature];
                    if std::mem::replace(&mut last[feature], document) != document {
                        lists.ids[*next as usize] = document;
                        *next += 1;
                    }
                    *next - 1
                };
                if let Some(most) = lists.worths.get_mut(at as usize) {
                    *most = (*most).max(worth);
                }
            }
        }
        lists
    }

    /// Gives back memory that will not be needed.
    pub(super) fn shrink(&mut self) {
        self.starts.shrink_to_fit();
        self.ids.shrink_to_fit();
        self.weights.shrink_to_fit();
    }

    /// Bytes that they hold.
    pub(super) fn bytes(&self) -> usize {
        bytes(&self.starts) + bytes(&self.ids) + bytes(&self.weights) + bytes(&self.worths)
    }

    /// Where a feature's entries are.
    pub(super) fn range(&self, feature: u32) -> Range<usize> {
        let feature = feature as usize;
        self.starts[feature] as usize..self.starts[feature + 1] as usize
    }

    /// Whether any document has a feature.
    pub(super) fn knows(&self, feature: u32) -> bool {
        !self.range(feature).is_empty()
    }

    /// A feature's entries.
    pub(super) fn entries(&self, feature: u32) -> Entries<'_> {
        let range = self.range(feature);
        let weights = &self.weights[range.clone()];
        if range.len() == self.documents {
            Entries::Row(weights)
        } else {
            Entries::List(&self.ids[range], weights)
        }
    }

    /// What the entries of a stem are worth to the coverage of a question.
    pub(super) fn worths(&self, range: Range<usize>) -> &[Worth] {
        self.worths.get(range).unwrap_or_default()
    }

    /// Where a document's entry of a feature is.
    pub(super) fn find(&self, feature: u32, document: u32) -> Option<usize> {
        let range = self.range(feature);
        if range.len() == self.documents {
            return Some(range.start + document as usize);
        }
        let at = self.ids[range.clone()].binary_search(&document).ok()?;
        Some(range.start + at)
    }

    /// What a document's having a stem is worth to the coverage of a question; 0 if it has not.
    pub(super) fn worth(&self, stem: u32, document: u32) -> Worth {
        self.find(stem, document)
            .and_then(|at| self.worths.get(at).copied())
            .unwrap_or(0)
    }

    /// What a feature says for a document.
    pub(super) fn weight(&self, feature: u32, document: u32) -> f32 {
        self.find(feature, document)
            .map_or(0.0, |at| self.weights[at])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Feature 0 in every document, 1 in document 7 only (body), 2 (a pair) in documents 3 and 7.
    fn lists() -> Lists {
        let extent = Extent {
            stems: 2,
            pairs: 1,
            pieces: 1,
        };
        let texts: Vec<(u32, Worth, Vec<u32>)> = (0..40)
            .flat_map(|document| match document {
                3 => vec![(3, IN_PHRASING, vec![0, 2])],
                7 => vec![
                    (7, IN_PHRASING, vec![0, 2, 3]),
                    (7, IN_PHRASING, vec![0, 2]),
                    (7, IN_BODY, vec![0, 1, 3]),
                ],
                document => vec![(document, IN_PHRASING, vec![0])],
            })
            .collect();
        let texts = texts
            .iter()
            .map(|(document, worth, features)| (*document, *worth, features.as_slice()));
        let mut lists = Lists::new(40, extent, texts);
        let at = lists.find(3, 7).expect("document 7 has piece 3");
        lists.weights[at] = 0.5;
        lists
    }

    #[test]
    fn common_features_are_rows_and_rare_ones_lists() {
        let lists = lists();
        assert!(matches!(lists.entries(0), Entries::Row(row) if row.len() == 40));
        assert!(matches!(lists.entries(1), Entries::List([7], [_])));
        assert!(matches!(lists.entries(2), Entries::List([3, 7], _)));
        assert!(matches!(lists.entries(3), Entries::List([7], [weight]) if *weight > 0.4));
    }

    #[test]
    fn what_a_document_has_is_found() {
        let lists = lists();
        assert_eq!(lists.worth(0, 7), IN_PHRASING);
        assert_eq!(lists.worth(1, 7), IN_BODY);
        assert_eq!(lists.worth(1, 3), 0);
        assert!(lists.find(2, 3).is_some() && lists.find(2, 4).is_none());
        assert!((lists.weight(3, 7) - 0.5).abs() < f32::EPSILON && lists.weight(3, 8) == 0.0);
    }
}
