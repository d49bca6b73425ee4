//! Any text as a question: no panic, at most three candidates, confidences in order and between 0 and 1.
#![no_main]

use std::sync::LazyLock;

use cleartext::answering::{Answerer, CANDIDATES, Overrides};
use cleartext::library;
use libfuzzer_sys::fuzz_target;

static ANSWERER: LazyLock<Answerer> = LazyLock::new(|| {
    let draft = library::draft(None).expect("the built-in knowledge can be read");
    let knowledge = draft.into_knowledge().expect("the built-in knowledge is sound");
    Answerer::new(&knowledge, Overrides::default())
});

fuzz_target!(|question: &str| {
    let answer = ANSWERER.ask(question);
    let candidates = answer.candidates();
    assert!(candidates.len() <= CANDIDATES);
    assert!(candidates.iter().all(|candidate| (0.0..=1.0).contains(&candidate.confidence)));
    assert!(candidates.is_sorted_by(|a, b| a.confidence >= b.confidence));
    assert_eq!(answer, ANSWERER.ask(question));
    assert!(ANSWERER.complete(question, 25).len() <= 25);
});
