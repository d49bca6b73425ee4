//! What holds for every question, whoever types it.

use std::sync::LazyLock;

use cleartext::answering::{Answer, Answerer, CANDIDATES, Overrides};
use cleartext::discord;
use cleartext::knowledge::Knowledge;
use cleartext::library;
use proptest::prelude::*;

static KNOWLEDGE: LazyLock<Knowledge> = LazyLock::new(|| {
    let draft = library::draft(None).expect("the built-in knowledge can be read");
    draft
        .into_knowledge()
        .expect("the built-in knowledge is sound")
});

static ANSWERER: LazyLock<Answerer> =
    LazyLock::new(|| Answerer::new(&KNOWLEDGE, Overrides::default()));

/// A phrasing or question of the shipped knowledge.
fn listed() -> impl Strategy<Value = &'static str> {
    let asked: Vec<_> = KNOWLEDGE
        .entries
        .iter()
        .flat_map(|entry| entry.phrasings.iter().chain([&entry.question]))
        .map(String::as_str)
        .collect();
    proptest::sample::select(asked)
}

/// The same letters with accents that no one would take for another word.
fn accented(text: &str) -> String {
    text.chars()
        .map(|letter| match letter {
            'a' => 'á',
            'e' => 'ë',
            'i' => 'î',
            'o' => 'ò',
            'u' => 'ū',
            'c' => 'ç',
            'n' => 'ñ',
            other => other,
        })
        .collect()
}

fn check_answer(question: &str) {
    let answer = ANSWERER.ask(question);
    assert_eq!(answer, ANSWERER.ask(question), "asked twice");
    let candidates = answer.candidates();
    assert!(candidates.len() <= CANDIDATES);
    assert!(
        candidates
            .iter()
            .all(|candidate| (0.0..=1.0).contains(&candidate.confidence))
    );
    assert!(candidates.is_sorted_by(|a, b| a.confidence >= b.confidence));
    match &answer {
        Answer::Found(found) => {
            assert_eq!(found.reply, candidates[0].reply);
            assert_eq!(discord::faults(&found.reply), [""; 0]);
        }
        Answer::Choose(_) => assert!(!candidates.is_empty()),
        Answer::Unknown(unknown) => assert!(!unknown.near.is_empty() && unknown.near.len() <= 3),
    }
}

proptest! {
    #[test]
    fn any_text_gets_a_valid_answer(question in any::<String>()) {
        check_answer(&question);
    }

    #[test]
    fn any_words_get_a_valid_answer(words in proptest::collection::vec("[a-zA-Zé0-9'’,-]{1,12}", 0..200)) {
        check_answer(&words.join(" "));
    }

    #[test]
    fn any_part_of_a_listed_question_gets_a_valid_answer(question in listed(), from in 0_usize..40, length in 0_usize..40) {
        check_answer(&question.chars().skip(from).take(length).collect::<String>());
        prop_assert!(ANSWERER.complete(question, 25).len() <= 25);
    }

    #[test]
    fn case_accents_and_white_space_change_nothing(question in listed()) {
        let plain = ANSWERER.ask(question);
        prop_assert_eq!(&ANSWERER.ask(&question.to_uppercase()), &plain);
        prop_assert_eq!(&ANSWERER.ask(&accented(question)), &plain);
        prop_assert_eq!(&ANSWERER.ask(&format!("\t {}\n", question.replace(' ', "  \u{a0}"))), &plain);
    }

    #[test]
    fn a_second_training_answers_the_same(question in listed()) {
        static AGAIN: LazyLock<Answerer> = LazyLock::new(|| Answerer::new(&KNOWLEDGE, Overrides::default()));
        prop_assert_eq!(AGAIN.ask(question), ANSWERER.ask(question));
    }
}

#[test]
fn a_very_long_question_is_answered_too() {
    check_answer(&"how many police chiefs ".repeat(20_000));
    check_answer(&"ﷺ".repeat(100_000));
    check_answer(&"\u{200b}".repeat(100_000));
}
