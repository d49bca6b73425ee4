//! What the matcher costs with 100, 1,000, 10,000 and 100,000 entries: time to load, time a question, memory an entry, and what it loses by
//! not walking through long lists. `cargo bench --bench scale` prints a table; `-- 1000 50000` takes other sizes.
//!
//! The entries are made up, the same ones every time: words follow Zipf's law, each entry is about six of them, and each of its three
//! phrasings has three of the six among everyday words. Half of the questions have a typing error.

#![expect(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    clippy::print_stdout,
    reason = "a bench prints its figures, which are rounded, and its counts are small and positive"
)]

use std::collections::HashSet;
use std::time::{Duration, Instant};

use cleartext::matching::{Corpus, Document, Matcher, Overrides, Scratch, mistype};

/// Sizes measured without others given.
const SIZES: [usize; 4] = [100, 1_000, 10_000, 100_000];
/// Questions asked of each size.
const QUESTIONS: usize = 2_000;
/// Phrasings of an entry.
const PHRASINGS: usize = 3;
/// Words that an entry is about.
const ABOUT: usize = 6;
/// Everyday words, in every text whatever it is about.
const EVERYDAY: usize = 60;

/// `SplitMix64`: the same numbers on every machine.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    fn below(&mut self, bound: usize) -> usize {
        usize::try_from((u128::from(self.next()) * bound as u128) >> 64).unwrap_or(0)
    }

    /// A rank from 0 to `bound`, low ones more often by Zipf's law: the logarithm of the rank is even.
    fn rank(&mut self, bound: usize) -> usize {
        let even = f64::from(u32::try_from(self.next() >> 32).unwrap_or(0)) / f64::from(u32::MAX);
        let rank = (bound as f64).powf(even);
        (rank as usize).min(bound - 1)
    }
}

/// A word of two to five syllables; another for every rank.
fn words(count: usize, random: &mut Random) -> Vec<String> {
    const ONSETS: [&str; 18] = [
        "b", "c", "d", "f", "g", "h", "l", "m", "n", "p", "r", "s", "t", "v", "st", "tr", "pl",
        "ch",
    ];
    const RHYMES: [&str; 14] = [
        "a", "e", "i", "o", "u", "an", "er", "in", "ol", "ut", "ear", "ist", "end", "orm",
    ];
    let mut seen = HashSet::new();
    let mut words = Vec::with_capacity(count);
    while words.len() < count {
        let mut word = String::new();
        for _ in 0..2 + random.below(4) {
            word.push_str(ONSETS[random.below(ONSETS.len())]);
            word.push_str(RHYMES[random.below(RHYMES.len())]);
        }
        if seen.insert(word.clone()) {
            words.push(word);
        }
    }
    words
}

/// A text with three of the words that an entry is about, and three to five everyday ones.
fn text(about: &[usize], words: &[String], random: &mut Random) -> String {
    let mut about = about.to_vec();
    let mut chosen: Vec<usize> = (0..3)
        .map(|_| about.swap_remove(random.below(about.len())))
        .collect();
    for _ in 0..3 + random.below(3) {
        chosen.insert(random.below(chosen.len() + 1), random.rank(EVERYDAY));
    }
    let chosen: Vec<&str> = chosen.iter().map(|at| words[*at].as_str()).collect();
    chosen.join(" ")
}

struct Figures {
    load: Duration,
    p50: Duration,
    p99: Duration,
    bytes: usize,
    top1: f64,
    thorough: f64,
}

fn measure(entries: usize) -> Figures {
    let mut random = Random(20_240_421);
    // As vocabularies grow: with the square root of the text (Heaps).
    let vocabulary = EVERYDAY + 1_000 + (120.0 * (entries as f64).sqrt()) as usize;
    let words = words(vocabulary, &mut random);
    let abouts: Vec<Vec<usize>> = (0..entries)
        .map(|_| {
            let mut about = HashSet::new();
            while about.len() < ABOUT {
                about.insert(EVERYDAY + random.rank(vocabulary - EVERYDAY));
            }
            let mut about: Vec<usize> = about.into_iter().collect();
            about.sort_unstable();
            about
        })
        .collect();
    let documents = abouts
        .iter()
        .map(|about| Document {
            question: String::new(),
            phrasings: (0..PHRASINGS)
                .map(|_| text(about, &words, &mut random))
                .collect(),
            body: String::new(),
        })
        .collect();
    let questions: Vec<(usize, String)> = (0..QUESTIONS)
        .map(|at| {
            let entry = random.below(entries);
            let question = text(&abouts[entry], &words, &mut random);
            (entry, mistype(&question, at % 2, at as u64))
        })
        .collect();
    let corpus = Corpus {
        documents,
        ..Corpus::default()
    };
    let start = Instant::now();
    let matcher = Matcher::train(&corpus, Overrides::default());
    let load = start.elapsed();
    let mut scratch = Scratch::default();
    let mut times = Vec::with_capacity(QUESTIONS);
    let mut right = 0;
    // The first round only warms up.
    for _ in 0..2 {
        times.clear();
        right = 0;
        for (entry, question) in &questions {
            let start = Instant::now();
            let ranking = matcher.rank_with(&mut scratch, question);
            times.push(start.elapsed());
            right += usize::from(
                ranking
                    .best
                    .first()
                    .is_some_and(|best| best.document == *entry),
            );
        }
    }
    times.sort_unstable();
    let thorough = questions.iter().filter(|(entry, question)| {
        let ranking = matcher.rank_thoroughly(question);
        ranking
            .best
            .first()
            .is_some_and(|best| best.document == *entry)
    });
    Figures {
        load,
        p50: times[QUESTIONS / 2],
        p99: times[QUESTIONS * 99 / 100],
        bytes: matcher.bytes(),
        top1: right as f64 / QUESTIONS as f64,
        thorough: thorough.count() as f64 / QUESTIONS as f64,
    }
}

fn main() {
    let given: Vec<usize> = std::env::args()
        .skip(1)
        .filter_map(|argument| argument.parse().ok())
        .collect();
    let sizes = if given.is_empty() {
        SIZES.to_vec()
    } else {
        given
    };
    println!(
        "| entries | load ms | p50 µs | p99 µs | bytes an entry | top-1 % | every list walked through, top-1 % |"
    );
    println!("|---|---|---|---|---|---|---|");
    for entries in sizes {
        let Figures {
            load,
            p50,
            p99,
            bytes,
            top1,
            thorough,
        } = measure(entries);
        println!(
            "| {entries} | {:.0} | {:.1} | {:.1} | {} | {:.1} | {:.1} |",
            load.as_secs_f64() * 1e3,
            p50.as_secs_f64() * 1e6,
            p99.as_secs_f64() * 1e6,
            bytes / entries,
            top1 * 100.0,
            thorough * 100.0,
        );
    }
}
