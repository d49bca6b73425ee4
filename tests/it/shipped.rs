//! The shipped knowledge: sound, and every way of asking that it lists leads to its entry.

use chrono::NaiveDate;
use cleartext::answering::{Answer, Overrides};
use cleartext::library::{self, Library};

fn built_in() -> Library {
    Library::open_with(None, Overrides::default()).expect("the built-in knowledge is sound")
}

#[test]
fn it_has_no_faults() {
    let draft = library::draft(None).expect("the built-in knowledge can be read");
    // A fixed day: what falls due for review later must not fail a build of today's edition.
    let today = NaiveDate::from_ymd_opt(2026, 11, 23).expect("a date");
    let told: Vec<_> = draft
        .faults()
        .iter()
        .cloned()
        .chain(draft.check(today))
        .map(|fault| fault.to_string())
        .collect();
    assert_eq!(told, [""; 0]);
}

#[test]
fn every_listed_way_of_asking_finds_its_entry() {
    let library = built_in();
    let knowledge = library::draft(None)
        .expect("readable")
        .into_knowledge()
        .expect("sound");
    for entry in &knowledge.entries {
        for asked in entry.phrasings.iter().chain([&entry.question]) {
            match library.ask(asked) {
                Answer::Found(found) => assert_eq!(found.reply.entry, entry.id, "{asked}"),
                Answer::Choose(_) | Answer::Unknown(_) => {
                    panic!("“{asked}” of {} is not found", entry.id)
                }
            }
        }
    }
}

#[test]
fn an_entry_is_found_by_its_id() {
    let library = built_in();
    for reply in library.current().replies() {
        for asked in [reply.entry.to_string(), format!("id:{}", reply.entry)] {
            assert!(
                matches!(library.ask(&asked), Answer::Found(found) if found.reply == *reply),
                "{asked}"
            );
        }
    }
}

#[test]
fn every_foreign_question_is_declined() {
    let library = built_in();
    let knowledge = library::draft(None)
        .expect("readable")
        .into_knowledge()
        .expect("sound");
    assert!(knowledge.foreign.len() > 50);
    for asked in knowledge.foreign.iter().flatten() {
        assert!(matches!(library.ask(asked), Answer::Unknown(_)), "{asked}");
    }
}

#[test]
fn before_anything_is_typed_what_others_refer_to_most_comes_first() {
    let current = built_in().current();
    let referred = |id: &str| {
        let others = current.replies().iter();
        others
            .filter(|other| other.see_also.iter().any(|near| near.entry.as_str() == id))
            .count()
    };
    let offered = current.complete("", 25);
    assert_eq!(offered.len(), 25);
    let counts: Vec<_> = offered
        .iter()
        .map(|reply| referred(reply.entry.as_str()))
        .collect();
    assert!(counts.is_sorted_by(|a, b| a >= b), "{counts:?}");
    let most = current
        .replies()
        .iter()
        .map(|reply| referred(reply.entry.as_str()))
        .max();
    assert_eq!(counts.first().copied(), most);
    let misspelt = current.complete("how many contries sig", 3);
    assert!(
        misspelt
            .iter()
            .any(|reply| reply.entry.as_str() == "signatory-count")
    );
}
