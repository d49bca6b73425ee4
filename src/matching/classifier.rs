//! A softmax regression from features to documents, trained at load over the phrasings.
//!
//! It learns which words tell documents apart, and begins at what each document's own texts are made of. A weight exists only
//! where a document has the feature, or where the feature is common (`lists`): that is a tenth of all weights, takes a tenth
//! of the time, and costs 0.1 points. The same texts give the same weights on every machine.
//!
//! Tried (top-1 on `clinc_k10_s0` / `stackfaq_s0`, foreign questions of the first rejected while 95 % of its own are kept), with a weight
//! for every feature and document:
//!
//! | change | top-1 | rejected |
//! |---|---|---|
//! | 15 rounds, first step 0.5 | 82.5 / 92.2 | 60.0 |
//! | 8 rounds; 30 rounds | 81.7 / 91.5; 82.9 / 92.3 | 57.6; 60.9 |
//! | first step 1; 2 | 83.0 / 92.3; 83.0 / 91.7 | 61.0; 57.8 |
//! | first step 1, smoothed by 0.1; 0.2 | 83.2 / 92.2; 83.2 / 92.2 | 63.4; 63.3 |
//! | and 30 % of the features left out at random in each step | 83.4 / 92.2 | 63.0 |
//!
//! Later, and with coverage and pieces as `model` has them:
//!
//! | change | top-1 | rejected |
//! |---|---|---|
//! | a weight for every feature and document, pieces included | 84.0 / 92.8 | 62.6 |
//! | weights where a document has the feature | 83.6 / 92.7 | 58.8 |
//! | and begun at the documents' means | 83.7 / 92.7 | 59.6 |
//! | and a weight for every document where one in 16 has the feature (kept) | 83.9 / 92.5 | 59.7 |
//! | smoothed by 0.15 (kept), 0.3, 0.5 | 84.1 / 92.7, 84.2 / 92.3, 84.1 / 92.7 | 60.0, 59.7, 59.1 |
//! | mean of the weights over the last 5 or 10 rounds | no change | |
//! | words of more than a quarter of the documents not learned | 81.3 / 91.0 | 56.5 |

use super::{
    arithmetic::{Random, exp, highest, number, sum},
    features::{Block, Extent, Sparse},
    lists::{Entries, Lists},
    model::PIECE_DOCUMENTS,
};

/// Phrasings looked at in all: with few of them every one is looked at in each of up to [`MOST_ROUNDS`] rounds, with many in
/// [`LEAST_ROUNDS`]. On 280 entries of about 35 phrasings 5 and 10 rounds give the same top-1 (92.5).
const LOOKS: usize = 40_000;

/// Most rounds over all phrasings.
const MOST_ROUNDS: usize = 15;

/// Least rounds, where there is time for them.
const LEAST_ROUNDS: usize = 5;

/// Phrasings times documents that may be looked at: about half a second. A thousand entries of ten phrasings get all rounds, ten
/// thousand of three one, and more than that keep what they begin with.
const BUDGET: usize = 300_000_000;

/// Step at the start; it falls in a straight line and never below [`LEAST_STEP`].
const STEP: f32 = 1.5;

/// Least step, so that the last phrasings of the last round are heard as well.
const LEAST_STEP: f32 = 0.02;

/// Share of each phrasing that is said to belong to all documents alike. It keeps the weights from growing without end once all
/// phrasings are told apart, and so the shares of the documents from becoming too sure.
const SMOOTHING: f32 = 0.15;

/// What a document's mean vector is multiplied by to begin with.
const CENTRE: f32 = 3.0;

/// Any number does; this one is fixed so that two trainings agree.
const SEED: u64 = 20_240_421;

/// A phrasing whose own document's error is below this is told apart well enough for now...
const SETTLED: f32 = 0.02;

/// ...and is looked at again in every so many rounds only.
const LOOK_AGAIN: usize = 3;

/// Sets every weight to the mean of the document's vectors, and adds the pieces, which stay at that.
pub(super) fn centre(
    lists: &mut Lists,
    extent: Extent,
    documents: usize,
    vectors: &[(u32, Sparse)],
) {
    let pieces = extent.of(Block::Pieces);
    let mut texts = vec![0_usize; documents];
    for (document, _) in vectors {
        texts[*document as usize] += 1;
    }
    let mut of_pieces: Vec<(u32, u32, f32)> = Vec::new();
    for (document, vector) in vectors {
        let share = CENTRE / number(texts[*document as usize]);
        for (feature, value) in vector.iter() {
            if pieces.contains(&(feature as usize)) {
                of_pieces.push((feature, *document, share * value));
            } else if let Some(at) = lists.find(feature, *document) {
                lists.weights[at] += share * value;
            }
        }
    }
    of_pieces.sort_by_key(|(feature, document, _)| (*feature, *document));
    let mut of_pieces = of_pieces.chunk_by(|a, b| a.0 == b.0).peekable();
    let mut entries: Vec<(u32, f32)> = Vec::new();
    for piece in pieces {
        entries.clear();
        if let Some(same) = of_pieces.next_if(|same| same[0].0 as usize == piece) {
            let sums = same.chunk_by(|a, b| a.1 == b.1);
            entries.extend(
                sums.map(|of_one| (of_one[0].1, of_one.iter().map(|(.., value)| value).sum())),
            );
        }
        if entries.len() > PIECE_DOCUMENTS {
            entries.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
            entries.truncate(PIECE_DOCUMENTS);
            entries.sort_by_key(|(document, _)| *document);
        }
        lists.push(&entries);
    }
}

/// Trains the weights of stems and pairs on all vectors.
pub(super) fn learn(
    lists: &mut Lists,
    extent: Extent,
    documents: usize,
    vectors: &[(u32, Sparse)],
) {
    let rounds = rounds(vectors.len(), documents);
    let learned = extent.of(Block::Pairs).end;
    let mut order: Vec<usize> = (0..vectors.len()).collect();
    let mut random = Random::new(SEED);
    let mut errors = vec![0.0; documents];
    let steps = number(rounds * order.len());
    let even = SMOOTHING / number(documents);
    let mut taken = 0;
    let mut settled = vec![false; order.len()];
    for round in 0..rounds {
        random.shuffle(&mut order);
        for &position in &order {
            taken += 1;
            if settled[position] && round % LOOK_AGAIN != 0 {
                continue;
            }
            let (document, vector) = &vectors[position];
            score(lists, vector, &mut errors);
            softmax_less(even, &mut errors);
            let own = &mut errors[*document as usize];
            *own -= 1.0 - SMOOTHING;
            // The errors sum to nothing, so this is the largest, or the others together.
            settled[position] = own.abs() < SETTLED;
            let step = (STEP * (1.0 - number(taken) / steps)).max(LEAST_STEP);
            for (feature, value) in vector.iter() {
                if feature as usize >= learned {
                    break;
                }
                correct(lists, feature, -step * value, &errors, documents);
            }
        }
    }
}

fn rounds(vectors: usize, documents: usize) -> usize {
    if vectors == 0 {
        return 0;
    }
    LOOKS
        .div_ceil(vectors)
        .clamp(LEAST_ROUNDS, MOST_ROUNDS)
        .min(BUDGET / (vectors * documents))
}

/// Puts what the vector says for each document into `scores`.
fn score(lists: &Lists, vector: &Sparse, scores: &mut [f32]) {
    scores.fill(0.0);
    for (feature, value) in vector.iter() {
        match lists.entries(feature) {
            Entries::Row(row) => {
                for (score, weight) in scores.iter_mut().zip(row) {
                    *score += value * weight;
                }
            }
            Entries::List(documents, weights) => {
                for (document, weight) in documents.iter().zip(weights) {
                    scores[*document as usize] += value * weight;
                }
            }
        }
    }
}

/// Moves one feature's weights against the errors.
fn correct(lists: &mut Lists, feature: u32, factor: f32, errors: &[f32], documents: usize) {
    let range = lists.range(feature);
    if range.len() == documents {
        for (weight, error) in lists.weights[range].iter_mut().zip(errors) {
            *weight += factor * error;
        }
        return;
    }
    let Lists { ids, weights, .. } = lists;
    for (weight, document) in weights[range.clone()].iter_mut().zip(&ids[range]) {
        *weight += factor * errors[*document as usize];
    }
}

/// Turns scores into what they are too high by: their softmax less an even share of the smoothing.
fn softmax_less(even: f32, scores: &mut [f32]) {
    let highest = highest(scores);
    for score in scores.iter_mut() {
        *score = exp(*score - highest);
    }
    let inverse = 1.0 / sum(scores);
    for score in scores {
        *score = *score * inverse - even;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_corpora_get_all_rounds_and_huge_ones_none() {
        assert_eq!(rounds(54, 6), MOST_ROUNDS);
        assert_eq!(rounds(10_000, 280), LEAST_ROUNDS);
        assert_eq!(rounds(10_000, 1_000), LEAST_ROUNDS);
        assert_eq!(rounds(30_000, 10_000), 1);
        assert_eq!(rounds(300_000, 100_000), 0);
        assert_eq!(rounds(0, 0), 0);
    }
}
