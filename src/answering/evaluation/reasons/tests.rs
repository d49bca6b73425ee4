//! Reasons and remedies: read off accounts made by hand, and off the matcher on a small kitchen of entries.

use super::*;
use crate::answering::evaluation::{Graded, Judged, Outcome, PhrasingSet};
use crate::matching::{
    Band, Explanation, Overrides, Ranked, Ranking, Repair, ThresholdSource, Thresholds, WordShare,
};

/// Three entries about a kitchen; "kettle" is in the first only, and "boil" in two.
fn kitchen() -> PhrasingSet {
    let text: String = [
        ("tea", "how do i boil water for tea in the kettle"),
        ("tea", "brewing tea with a kettle"),
        ("egg", "how long must an egg boil"),
        ("egg", "soft egg minutes"),
        ("oven", "clean the oven"),
        ("oven", "which spray for a dirty oven"),
    ]
    .map(|(entry, phrasing)| format!("{{\"entry\": \"{entry}\", \"phrasing\": \"{phrasing}\"}}\n"))
    .concat();
    PhrasingSet::read(&text, Overrides::default()).expect("the lines are well formed")
}

/// An account of a question as the matcher could have given it.
struct Case {
    question: &'static str,
    wanted: &'static [&'static str],
    outcome: Outcome,
    /// Ids with scores and confidences, best first.
    best: &'static [(&'static str, f32, f32)],
    repaired: &'static [(&'static str, &'static str)],
    unknown: &'static [&'static str],
    shares: &'static [(&'static str, f32)],
    exact: bool,
}

const BLANK: Case = Case {
    question: "long soft egg",
    wanted: &["egg"],
    outcome: Outcome::Suggested,
    best: &[("tea", 5.0, 0.6), ("egg", 3.0, 0.2)],
    repaired: &[],
    unknown: &[],
    shares: &[("long", 0.4), ("soft", 0.4), ("egg", 0.3)],
    exact: false,
};

impl Case {
    fn explanation(&self, ids: &[String]) -> Explanation {
        let ranked = |(id, score, confidence): &(&str, f32, f32)| Ranked {
            document: ids
                .iter()
                .position(|known| known == id)
                .expect("the case names entries of the kitchen"),
            score: *score,
            confidence: *confidence,
        };
        Explanation {
            normalized: self.question.to_owned(),
            repaired: self
                .repaired
                .iter()
                .map(|(from, to)| Repair {
                    from: (*from).to_owned(),
                    to: (*to).to_owned(),
                })
                .collect(),
            unknown: self.unknown.iter().map(|&word| word.to_owned()).collect(),
            words: self
                .shares
                .iter()
                .map(|&(word, share)| WordShare {
                    word: word.to_owned(),
                    share,
                })
                .collect(),
            ranking: Ranking {
                best: self.best.iter().map(ranked).collect(),
                band: match self.outcome {
                    Outcome::Answered => Band::Answer,
                    Outcome::Suggested => Band::Suggest,
                    Outcome::Refused => Band::Refuse,
                },
            },
            exact: self.exact,
            best_phrasing: Some("the nearest phrasing".to_owned()),
            parts: None,
            thresholds: Thresholds {
                answer_at: 0.9,
                suggest_at: 0.3,
                margin: 0.5,
                source: ThresholdSource::Fixed,
            },
        }
    }

    fn miss(&self) -> Option<Miss> {
        let kitchen = kitchen();
        let graded = Graded {
            question: self.question.to_owned(),
            entries: self.wanted.iter().map(|&id| id.to_owned()).collect(),
        };
        let judged = Judged {
            outcome: self.outcome,
            candidates: self
                .best
                .iter()
                .map(|(id, _, confidence)| ((*id).to_owned(), *confidence))
                .collect(),
        };
        let explain = |question: &str| {
            if question == self.question {
                self.explanation(kitchen.ids())
            } else {
                kitchen.explain(question)
            }
        };
        let evidence = Evidence {
            explain: &explain,
            ids: kitchen.ids(),
            wording: &kitchen.wording(),
        };
        Miss::of(0, (&graded, &judged), evidence)
    }
}

/// What a case's reason and remedy say.
#[track_caller]
fn check(case: &Case, reason: &str, remedy: &str) {
    let miss = case.miss().expect("the case is a miss");
    assert_eq!(miss.reason.told().to_string(), reason);
    let mended = mends(vec![miss]);
    assert_eq!(mended[0].told().to_string(), remedy);
}

#[test]
fn words_that_no_phrasing_has_are_named() {
    let case = Case {
        question: "how long for a poached breakfast egg",
        unknown: &["poached", "breakfast"],
        shares: &[("how", 0.5), ("for", 0.5), ("egg", -0.1)],
        ..BLANK
    };
    check(
        &case,
        "no phrasing of it has “poached” and “breakfast”; “how” and “for” led to `tea`",
        "Add phrasings to `egg`, with words such as “poached” and “breakfast”",
    );
}

#[test]
fn a_word_with_an_ending_is_the_same_word() {
    let case = Case {
        question: "longer softer eggs boiled",
        ..BLANK
    };
    let miss = case.miss().expect("the case is a miss");
    // Porter's stemmer knows plurals and past tenses, not comparatives.
    assert_eq!(miss.lacking(), ["longer", "softer"]);
}

#[test]
fn one_word_can_pull_a_question_away() {
    let case = Case {
        question: "egg kettle",
        shares: &[("egg", 0.2), ("kettle", 2.0)],
        ..BLANK
    };
    check(
        &case,
        "“kettle” pulled it to `tea`; no phrasing of the wanted one has “kettle”",
        "Add phrasings to `egg`, with words such as “kettle”",
    );
}

#[test]
fn a_word_read_as_another_is_shown_with_both() {
    let case = Case {
        question: "soft kettl egg",
        repaired: &[("kettl", "kettle")],
        ..BLANK
    };
    check(
        &case,
        "“kettl” is not known, was read as “kettle”, and that led to `tea`",
        "Add phrasings to `egg`, with words such as “kettl”",
    );
    // A repair to a word that the wanted entry has is not to blame.
    let case = Case {
        question: "soft eggg",
        repaired: &[("eggg", "egg")],
        ..BLANK
    };
    let miss = case.miss().expect("the case is a miss");
    assert!(!matches!(miss.reason, Reason::Misread { .. }), "{miss:?}");
}

#[test]
fn twins_are_to_be_told_apart() {
    let remedy = "Tell `egg` and `tea` apart: give each words of its own, or make them one";
    let case = Case {
        best: &[("tea", 5.0, 0.6), ("egg", 4.8, 0.5)],
        ..BLANK
    };
    check(
        &case,
        "it came in a hair behind `tea` (by 0.20 of score)",
        remedy,
    );
    let case = Case {
        best: &[("egg", 5.0, 0.95), ("tea", 4.9, 0.94)],
        ..BLANK
    };
    check(
        &case,
        "found, but `tea` is a hair behind (by 0.10 of score)",
        remedy,
    );
    let case = Case {
        exact: true,
        best: &[("egg", 5.0, 0.5), ("tea", 5.0, 0.5)],
        ..BLANK
    };
    check(&case, "it stands word for word in `tea`", remedy);
    let case = Case {
        wanted: &["egg", "tea"],
        best: &[("egg", 5.0, 0.5), ("tea", 4.9, 0.45)],
        ..BLANK
    };
    check(
        &case,
        "`tea` is right as well and as near, so a choice is what was asked for",
        "Look at these questions again: no phrasing would mend them",
    );
}

#[test]
fn of_several_right_entries_the_nearest_is_to_be_mended() {
    let case = Case {
        question: "long poached egg",
        wanted: &["oven", "egg"],
        unknown: &["poached"],
        ..BLANK
    };
    let miss = case.miss().expect("the case is a miss");
    assert_eq!(miss.wanted.as_deref(), Some("egg"));
}

#[test]
fn a_right_entry_may_not_be_sure_enough() {
    let case = Case {
        question: "long poached egg",
        unknown: &["poached"],
        best: &[("egg", 5.0, 0.62), ("tea", 3.0, 0.1)],
        ..BLANK
    };
    check(
        &case,
        "found, but 62 % sure where 90 % are needed; no phrasing has “poached”",
        "Add phrasings to `egg`, with words such as “poached”",
    );
    let case = Case {
        outcome: Outcome::Refused,
        best: &[("egg", 5.0, 0.298)],
        ..BLANK
    };
    check(
        &case,
        "found, but 29.8 % sure where 30.0 % are needed",
        "Add phrasings to `egg` that ask in this way",
    );
}

#[test]
fn a_question_may_hold_too_little() {
    let again = "Look at these questions again: no phrasing would mend them";
    let case = Case {
        question: "",
        outcome: Outcome::Refused,
        best: &[],
        ..BLANK
    };
    check(&case, "no word in it says what it is about", again);
    let case = Case {
        question: "boil",
        ..BLANK
    };
    check(
        &case,
        "“boil” alone names a matter of several entries and asks nothing of it",
        again,
    );
}

#[test]
fn an_id_is_answered_before_anything_is_matched() {
    let case = Case {
        question: " id:tea",
        outcome: Outcome::Answered,
        best: &[("tea", 5.0, 1.0)],
        ..BLANK
    };
    check(
        &case,
        "it is the id of `tea`, which is answered as it stands",
        "Look at these questions again: no phrasing would mend them",
    );
    // A matcher that is never wholly sure did not take it for an id.
    let case = Case {
        question: "tea",
        best: &[("tea", 5.0, 0.99)],
        ..case
    };
    let miss = case.miss().expect("the case is a miss");
    assert!(
        !matches!(miss.reason, Reason::NamesEntry { .. }),
        "{miss:?}"
    );
}

#[test]
fn an_answer_to_a_foreign_question_names_what_led_there() {
    let case = Case {
        question: "kettle bells for beginners",
        wanted: &[],
        outcome: Outcome::Answered,
        best: &[("tea", 5.0, 0.95)],
        shares: &[("kettle", 2.0), ("for", 0.1)],
        ..BLANK
    };
    check(
        &case,
        "“kettle” led to `tea`; nearest there: “the nearest phrasing”",
        "Keep these from `tea`: write an entry that answers them, or reword what they resemble",
    );
}

#[test]
fn what_went_well_is_no_miss() {
    let check = |outcome, wanted: &'static [&'static str]| {
        let case = Case {
            outcome,
            wanted,
            best: &[("egg", 5.0, 0.95)],
            ..BLANK
        };
        assert_eq!(case.miss(), None);
    };
    check(Outcome::Answered, &["egg"]);
    check(Outcome::Refused, &[]);
    check(Outcome::Suggested, &[]);
}

#[test]
fn the_matcher_itself_tells_function_words_from_missing_ones() {
    let kitchen = kitchen();
    let explain = |question: &str| kitchen.explain(question);
    let question = "which in the how poached";
    let graded = Graded {
        question: question.to_owned(),
        entries: vec!["egg".to_owned()],
    };
    let evidence = Evidence {
        explain: &explain,
        ids: kitchen.ids(),
        wording: &kitchen.wording(),
    };
    let judged = kitchen.ask(question);
    let miss = Miss::of(0, (&graded, &judged), evidence).expect("nothing says egg");
    assert_eq!(miss.lacking(), ["poached"], "{:?}", miss.reason);
}

#[test]
fn remedies_stand_in_the_order_of_what_they_mend() {
    let miss = |question, wanted: &str, verdict, words: &[&str]| Miss {
        question,
        verdict,
        wanted: Some(wanted.to_owned()),
        found: None,
        reason: Reason::Lacks {
            words: words.iter().map(|&word| word.to_owned()).collect(),
            found: "oven".to_owned(),
            led: Vec::new(),
        },
    };
    let again = Miss {
        reason: Reason::NothingToGoBy,
        ..miss(0, "egg", Verdict::Refused, &[])
    };
    let all = mends(vec![
        again.clone(),
        again,
        miss(2, "tea", Verdict::ChoiceRight, &["cup"]),
        miss(3, "tea", Verdict::ChoiceRight, &["mug", "cup"]),
        miss(4, "egg", Verdict::Refused, &["pan"]),
        miss(5, "egg", Verdict::AnsweredWrong, &["pot"]),
        miss(6, "oven", Verdict::Refused, &["grill"]),
    ]);
    let told: Vec<_> = all
        .iter()
        .map(|mend| {
            let questions: Vec<_> = mend.misses.iter().map(|miss| miss.question).collect();
            format!("{questions:?} {}", mend.told())
        })
        .collect();
    assert_eq!(
        told,
        [
            "[5, 4] Add phrasings to `egg`, with words such as “pot” and “pan”",
            "[6] Add phrasings to `oven`, with words such as “grill”",
            "[2, 3] Add phrasings to `tea`, with words such as “cup” and “mug”",
            "[0, 0] Look at these questions again: no phrasing would mend them",
        ]
    );
}
