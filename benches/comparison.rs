//! What bots use today against Cleartext: one run, the same phrasings, the same questions, one table.
//!
//! `cargo bench --bench comparison` asks the shipped knowledge the graded questions of `tests/data`;
//! `cargo bench --bench comparison -- --phrasings FILE.jsonl --questions FILE.jsonl` any other set.
//!
//! | method | what it is |
//! |---|---|
//! | Jaro-Winkler | of the whole question and each phrasing (strsim); the best phrasing counts |
//! | `token_set_ratio` | as `RapidFuzz` defines it, on its `default_process`; the best phrasing counts |
//! | BM25 | an entry's phrasings are one document; words as they stand, k1 = 1.2, b = 0.75 |
//! | Cleartext | the whole answer, from the raw text |
//!
//! Typing errors are seeded by the question's place, so that every method gets the same ones. Out-of-scope questions tell by their best
//! score: AUROC is the probability that an in-scope question has a higher one. Times are of one question; each is asked several
//! times and its median counts. Nothing here is asserted: it measures.

#![expect(clippy::print_stdout, reason = "the table is what the bench is for")]

use std::collections::{BTreeMap, BTreeSet};
use std::hint::black_box;
use std::time::{Duration, Instant};

use cleartext::answering::evaluation::{
    Graded, Judged, Outcome, PhrasingSet, evaluate, read_graded,
};
use cleartext::answering::{Answerer, Overrides};
use cleartext::library;
use cleartext::matching::mistype;
use rapidfuzz::distance::indel;
use serde::Deserialize;

/// Questions that are timed, spread over all: enough for a 99th percentile, few enough for the slow methods.
const TIMED: usize = 400;
/// How often each of them is asked; the median shrugs off what else the machine does.
const REPEATS: usize = 5;
/// Candidates, as many as Cleartext offers.
const CANDIDATES: usize = 3;

/// An entry: its id and the ways to ask for it.
struct Entry {
    id: String,
    texts: Vec<String>,
}

/// A way to find entries.
struct Method {
    name: &'static str,
    find: Box<dyn Fn(&str) -> Judged>,
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    // `cargo test --all-targets` runs benches, too, to see that they start.
    if !arguments.iter().any(|argument| argument == "--bench") {
        return;
    }
    let value = |name: &str| {
        let at = arguments.iter().position(|argument| argument == name)?;
        arguments.get(at + 1).cloned()
    };
    let questions = value("--questions").unwrap_or_else(|| {
        concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/graded.jsonl").to_owned()
    });
    let (entries, cleartext) = match value("--phrasings") {
        None => shipped(),
        Some(file) => phrasings(&read(&file)),
    };
    let graded = gradable(&read(&questions), &entries);
    let inside = graded.iter().filter(|one| !one.entries.is_empty()).count();
    println!(
        "{} entries, {} phrasings; {inside} questions in scope, {} out of scope\n",
        entries.len(),
        entries.iter().map(|entry| entry.texts.len()).sum::<usize>(),
        graded.len() - inside
    );
    println!("top-1 / among three %, by typing errors a question\n");
    println!(
        "| {:15} | {:11} | {:11} | {:11} | AUROC | {:>8} | {:>8} |",
        "method", "none", "one", "two", "p50 µs", "p99 µs"
    );
    println!("|---|---|---|---|---|--:|--:|");
    let methods = [
        jaro_winkler(&entries),
        token_set_ratio(&entries),
        bm25(&entries),
        cleartext,
    ];
    for method in &methods {
        println!("{}", row(method, &graded));
    }
}

fn read(file: &str) -> String {
    std::fs::read_to_string(file).unwrap_or_else(|error| panic!("{file}: {error}"))
}

/// The shipped knowledge.
fn shipped() -> (Vec<Entry>, Method) {
    let knowledge = library::draft(None)
        .expect("the built-in knowledge can be read")
        .into_knowledge()
        .expect("the built-in knowledge is sound");
    let answerer = Answerer::new(&knowledge, Overrides::default());
    let entries = knowledge
        .entries
        .iter()
        .map(|entry| Entry {
            id: entry.id.to_string(),
            texts: std::iter::once(&entry.question)
                .chain(&entry.phrasings)
                .cloned()
                .collect(),
        })
        .collect();
    let find = move |question: &str| Judged::from(&answerer.ask(question));
    (entries, cleartext(find))
}

/// A set of phrasings.
fn phrasings(text: &str) -> (Vec<Entry>, Method) {
    #[derive(Deserialize)]
    struct Line {
        entry: String,
        phrasing: String,
    }
    let set = PhrasingSet::read(text, Overrides::default())
        .unwrap_or_else(|error| panic!("the phrasings: {error}"));
    let mut texts: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for line in text.lines().filter(|line| !line.trim().is_empty()) {
        let Line { entry, phrasing } =
            serde_json::from_str(line).expect("the set above has been read from the same lines");
        texts.entry(entry).or_default().push(phrasing);
    }
    let entries = texts
        .into_iter()
        .map(|(id, texts)| Entry { id, texts })
        .collect();
    (entries, cleartext(move |question: &str| set.ask(question)))
}

fn cleartext(find: impl Fn(&str) -> Judged + 'static) -> Method {
    Method {
        name: "Cleartext",
        find: Box::new(find),
    }
}

/// The graded questions without ids that do not exist here, and without questions of which none is left.
fn gradable(text: &str, entries: &[Entry]) -> Vec<Graded> {
    let known: BTreeSet<&str> = entries.iter().map(|entry| entry.id.as_str()).collect();
    read_graded(text)
        .unwrap_or_else(|error| panic!("the questions: {error}"))
        .into_iter()
        .filter_map(|mut graded| {
            let outside = graded.entries.is_empty();
            graded.entries.retain(|id| known.contains(id.as_str()));
            (outside || !graded.entries.is_empty()).then_some(graded)
        })
        .collect()
}

/// Accuracy with none, one and two typing errors, rejection, and times.
fn row(method: &Method, graded: &[Graded]) -> String {
    let [clean, one, two] = [0, 1, 2].map(|errors| {
        let judged: Vec<Judged> = (0_u64..)
            .zip(graded)
            .map(|(seed, graded)| (method.find)(&mistype(&graded.question, errors, seed)))
            .collect();
        evaluate(graded.iter().zip(&judged))
    });
    let accuracy = |figures: &cleartext::answering::evaluation::Evaluation| {
        format!(
            "{:4.1} / {:4.1}",
            figures.top1 * 100.0,
            figures.recall_at_3 * 100.0
        )
    };
    let times = times(method, graded);
    let percentile = |percent: usize| {
        let rank = (times.len() * percent).div_ceil(100).saturating_sub(1);
        times.get(rank).map_or(0.0, |time| time.as_secs_f64() * 1e6)
    };
    format!(
        "| {:15} | {:11} | {:11} | {:11} | {:5.3} | {:8.1} | {:8.1} |",
        method.name,
        accuracy(&clean),
        accuracy(&one),
        accuracy(&two),
        clean.auroc,
        percentile(50),
        percentile(99)
    )
}

/// How long each of some questions takes, from the least.
fn times(method: &Method, graded: &[Graded]) -> Vec<Duration> {
    let step = graded.len().div_ceil(TIMED).max(1);
    let mut times: Vec<Duration> = graded
        .iter()
        .step_by(step)
        .map(|graded| {
            let mut repeats: Vec<Duration> = (0..REPEATS)
                .map(|_| {
                    let start = Instant::now();
                    black_box((method.find)(black_box(&graded.question)));
                    start.elapsed()
                })
                .collect();
            repeats.sort();
            repeats[REPEATS / 2]
        })
        .collect();
    times.sort();
    times
}

/// The best entries by score, ties in the order of the entries.
fn best(ids: &[String], scores: impl Iterator<Item = f64>) -> Judged {
    let mut ranked: Vec<(usize, f64)> = scores.enumerate().collect();
    ranked.sort_by(|a, b| b.1.total_cmp(&a.1));
    #[expect(
        clippy::cast_possible_truncation,
        reason = "only the order of the scores counts"
    )]
    let candidates = ranked
        .iter()
        .take(CANDIDATES)
        .map(|&(place, score)| (ids[place].clone(), score as f32))
        .collect();
    Judged {
        // These methods know no bands.
        outcome: Outcome::Suggested,
        candidates,
    }
}

fn ids(entries: &[Entry]) -> Vec<String> {
    entries.iter().map(|entry| entry.id.clone()).collect()
}

/// `RapidFuzz`'s `utils.default_process`: lowercase letters and digits, everything else a blank.
fn processed(text: &str) -> String {
    let plain: String = text
        .chars()
        .flat_map(char::to_lowercase)
        .map(|letter| {
            if letter.is_alphanumeric() {
                letter
            } else {
                ' '
            }
        })
        .collect();
    plain.trim().to_owned()
}

/// A method that scores an entry by its best phrasing.
fn by_best_phrasing<T: 'static>(
    name: &'static str,
    entries: &[Entry],
    prepare: impl Fn(&str) -> T + 'static,
    score: impl Fn(&T, &T) -> f64 + 'static,
) -> Method {
    let ids = ids(entries);
    let prepared: Vec<Vec<T>> = entries
        .iter()
        .map(|entry| entry.texts.iter().map(|text| prepare(text)).collect())
        .collect();
    let find = move |question: &str| {
        let question = prepare(question);
        let scores = prepared.iter().map(|texts| {
            let scores = texts.iter().map(|text| score(&question, text));
            scores.fold(0.0, f64::max)
        });
        best(&ids, scores)
    };
    Method {
        name,
        find: Box::new(find),
    }
}

fn jaro_winkler(entries: &[Entry]) -> Method {
    by_best_phrasing("Jaro-Winkler", entries, processed, |one, two| {
        strsim::jaro_winkler(one, two)
    })
}

fn token_set_ratio(entries: &[Entry]) -> Method {
    let words = |text: &str| -> BTreeSet<String> {
        processed(text)
            .split_whitespace()
            .map(str::to_owned)
            .collect()
    };
    by_best_phrasing("token_set_ratio", entries, words, token_set)
}

/// `rapidfuzz.fuzz.token_set_ratio`, 0..=1: the best of comparing what only one text has with what only the other has, and the
/// words of both with either text.
fn token_set(one: &BTreeSet<String>, two: &BTreeSet<String>) -> f64 {
    if one.is_empty() || two.is_empty() {
        return 0.0;
    }
    let joined = |words: Vec<&String>| {
        let words: Vec<&str> = words.into_iter().map(String::as_str).collect();
        words.join(" ")
    };
    let both = joined(one.intersection(two).collect());
    let only_one = joined(one.difference(two).collect());
    let only_two = joined(two.difference(one).collect());
    if !both.is_empty() && (only_one.is_empty() || only_two.is_empty()) {
        return 1.0;
    }
    let length = |text: &str| text.chars().count();
    let blank = usize::from(!both.is_empty());
    let first = length(&both) + blank + length(&only_one);
    let second = length(&both) + blank + length(&only_two);
    let apart = indel::distance(only_one.chars(), only_two.chars());
    let mut ratio = similarity(apart, first + second);
    if !both.is_empty() {
        let common = length(&both);
        ratio = ratio
            .max(similarity(blank + length(&only_one), common + first))
            .max(similarity(blank + length(&only_two), common + second));
    }
    ratio
}

#[expect(clippy::cast_precision_loss, reason = "lengths of questions")]
fn similarity(distance: usize, length: usize) -> f64 {
    1.0 - distance as f64 / length.max(1) as f64
}

/// Okapi BM25 (Robertson & Zaragoza 2009) with Lucene's idf, ln(1 + (N - n + 0.5) / (n + 0.5)), and Lucene's constants.
#[expect(clippy::cast_precision_loss, reason = "counts of words and entries")]
fn bm25(entries: &[Entry]) -> Method {
    const K1: f64 = 1.2;
    const B: f64 = 0.75;
    let ids = ids(entries);
    let mut lengths = Vec::new();
    let mut postings: BTreeMap<String, Vec<(usize, f64)>> = BTreeMap::new();
    for (place, entry) in entries.iter().enumerate() {
        let words: Vec<String> = entry
            .texts
            .iter()
            .flat_map(|text| {
                let words = processed(text);
                words
                    .split_whitespace()
                    .map(str::to_owned)
                    .collect::<Vec<_>>()
            })
            .collect();
        lengths.push(words.len() as f64);
        let mut counts: BTreeMap<String, f64> = BTreeMap::new();
        for word in words {
            *counts.entry(word).or_default() += 1.0;
        }
        for (word, count) in counts {
            postings.entry(word).or_default().push((place, count));
        }
    }
    let all = lengths.len() as f64;
    let mean = lengths.iter().sum::<f64>() / all;
    let find = move |question: &str| {
        let mut scores = vec![0.0; lengths.len()];
        for word in processed(question).split_whitespace() {
            let Some(having) = postings.get(word) else {
                continue;
            };
            let with = having.len() as f64;
            let idf = (1.0 + (all - with + 0.5) / (with + 0.5)).ln();
            for &(place, count) in having {
                let norm = K1 * (1.0 - B + B * lengths[place] / mean);
                scores[place] += idf * count * (K1 + 1.0) / (count + norm);
            }
        }
        best(&ids, scores.into_iter())
    };
    Method {
        name: "BM25",
        find: Box::new(find),
    }
}
