//! Any text as a knowledge file: no panic, every fault has a place inside the file, and what passes can be served.
#![no_main]

use chrono::NaiveDate;
use cleartext::answering::{Answerer, Overrides};
use cleartext::discord;
use cleartext::knowledge::{File, parse};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let lines = text.matches('\n').count() + 1;
    let draft = parse(&[File { name: "k.toml".to_owned(), text: text.to_owned() }]);
    let today = NaiveDate::from_ymd_opt(2026, 11, 23).expect("a date");
    for fault in draft.faults().iter().chain(&draft.check(today)) {
        assert!((1..=lines).contains(&fault.place.line), "{fault}");
    }
    if let Ok(knowledge) = draft.into_knowledge() {
        for reply in Answerer::new(&knowledge, Overrides::default()).replies() {
            assert_eq!(discord::faults(reply), [""; 0]);
        }
    }
});
