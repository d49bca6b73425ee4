//! A softmax regression from features to documents, trained at load over the phrasings.
//!
//! It learns which words tell documents apart, which a cosine cannot. The same corpus gives the same weights on every machine.
//!
//! Tried (top-1 on `clinc_k10_s0` / `stackfaq_s0`, foreign questions of `clinc_k10_s0` rejected while 95 % of its own are kept):
//!
//! | change | top-1 | rejected |
//! |---|---|---|
//! | 15 rounds, first step 0.5 | 82.5 / 92.2 | 60.0 |
//! | 8 rounds; 30 rounds | 81.7 / 91.5; 82.9 / 92.3 | 57.6; 60.9 |
//! | first step 1; 2 | 83.0 / 92.3; 83.0 / 91.7 | 61.0; 57.8 |
//! | first step 1, smoothed by 0.1 (kept); 0.2 | 83.2 / 92.2; 83.2 / 92.2 | 63.4; 63.3 |
//! | and 30 % of the features left out at random in each step | 83.4 / 92.2 | 63.0 |

use super::{
    arithmetic::{Random, exp, number},
    features::Sparse,
    index::Index,
};

/// Rounds over all phrasings.
const ROUNDS: usize = 15;

/// Step at the start; it falls in a straight line and never below [`LEAST_STEP`].
const STEP: f32 = 1.0;

/// Least step, so that the last phrasings of the last round are heard as well.
const LEAST_STEP: f32 = 0.02;

/// Share of each phrasing that is said to belong to all documents alike. It keeps the weights from growing without end once all
/// phrasings are told apart, and so the shares of the documents from becoming too sure.
const SMOOTHING: f32 = 0.1;

/// Documents up to which a classifier is trained: its weights are features times documents, 30 MB for 500 documents and a hundred
/// times that for ten times as many. Beyond, cosine and coverage rank alone.
pub(super) const MOST_DOCUMENTS: usize = 1_000;

/// Any number does; this one is fixed so that two trainings agree.
const SEED: u64 = 20_240_421;

/// Rows of weights are padded to a multiple of this, so that the inner loop has no remainder.
const LANES: usize = 8;

/// Weights: for each feature a row of one number a document.
#[derive(Debug)]
pub(super) struct Classifier {
    weights: Vec<f32>,
    stride: usize,
}

impl Classifier {
    /// Trains on all phrasings of the index.
    pub(super) fn train(index: &Index, documents: usize) -> Self {
        let stride = documents.next_multiple_of(LANES);
        if documents > MOST_DOCUMENTS {
            return Self {
                weights: Vec::new(),
                stride,
            };
        }
        let mut classifier = Self {
            weights: vec![0.0; stride * index.trained()],
            stride,
        };
        let mut order: Vec<usize> = (0..index.phrasings().len()).collect();
        let mut random = Random::new(SEED);
        let mut errors = vec![0.0; stride];
        let steps = number(ROUNDS * order.len());
        let even = SMOOTHING / number(documents);
        let mut taken = 0;
        for _ in 0..ROUNDS {
            random.shuffle(&mut order);
            for &position in &order {
                let phrasing = &index.phrasings()[position];
                classifier.score(&phrasing.vector, &mut errors);
                softmax(&mut errors[..documents]);
                errors[..documents]
                    .iter_mut()
                    .for_each(|error| *error -= even);
                errors[phrasing.document as usize] -= 1.0 - SMOOTHING;
                let step = (STEP * (1.0 - number(taken) / steps)).max(LEAST_STEP);
                taken += 1;
                for (feature, value) in phrasing.vector.iter() {
                    let start = feature as usize * stride;
                    add_scaled(
                        &mut classifier.weights[start..start + stride],
                        &errors,
                        -step * value,
                    );
                }
            }
        }
        classifier
    }

    /// Puts what the vector says for each document into `scores`, which is as long as [`Classifier::stride`].
    pub(super) fn score(&self, vector: &Sparse, scores: &mut [f32]) {
        scores.fill(0.0);
        for (feature, value) in vector.iter() {
            add_scaled(scores, self.row(feature), value);
        }
    }

    /// What one feature says for one document.
    pub(super) fn weight(&self, feature: u32, document: usize) -> f32 {
        self.row(feature).get(document).copied().unwrap_or(0.0)
    }

    /// Number of documents, padded.
    pub(super) fn stride(&self) -> usize {
        self.stride
    }

    /// Empty for what nothing was learned about: a word that only answers have, or any in a large corpus.
    fn row(&self, feature: u32) -> &[f32] {
        let start = feature as usize * self.stride;
        self.weights.get(start..start + self.stride).unwrap_or(&[])
    }
}

fn add_scaled(sums: &mut [f32], row: &[f32], factor: f32) {
    for (sum, value) in sums.iter_mut().zip(row) {
        *sum += factor * value;
    }
}

fn softmax(scores: &mut [f32]) {
    let highest = scores.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let mut total = 0.0;
    for score in scores.iter_mut() {
        *score = exp(*score - highest);
        total += *score;
    }
    for score in scores {
        *score /= total;
    }
}
