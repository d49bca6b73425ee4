//! The matcher as its users see it: what is found, how sure, and what is refused.

mod chiefs;

use std::sync::LazyLock;

use proptest::prelude::*;

use super::*;
use chiefs::chiefs;

fn document(question: &str, phrasings: &[&str]) -> Document {
    Document {
        question: question.to_owned(),
        phrasings: phrasings
            .iter()
            .map(|phrasing| (*phrasing).to_owned())
            .collect(),
        body: String::new(),
    }
}

fn corpus(documents: Vec<Document>) -> Corpus {
    Corpus {
        documents,
        synonyms: Vec::new(),
        foreign: Vec::new(),
    }
}

static CHIEFS: LazyLock<Matcher> =
    LazyLock::new(|| Matcher::train(&chiefs(), Overrides::default()));

const SIGNED: usize = 0;
const PUBLISHED: usize = 1;
const BAN: usize = 2;
const CHILDREN: usize = 3;
const BIGGAR: usize = 4;

/// The question finds the document first.
fn finds(question: &str, document: usize) {
    let ranking = CHIEFS.rank(question);
    assert_eq!(
        ranking.best.first().map(|best| best.document),
        Some(document),
        "{question:?}: {ranking:?}"
    );
    assert_ne!(ranking.band, Band::Refuse, "{question:?}: {ranking:?}");
}

#[test]
fn questions_find_their_document() {
    finds("how many countries signed this thing", SIGNED);
    finds("how many contries signd it", SIGNED);
    finds("whats the publicaton date of it", PUBLISHED);
    finds("do they wanna ban encrpytion", BAN);
    finds("is encryption forbidden soon", BAN);
    finds("how many chldren a month", CHILDREN);
    finds("what job has mr biggar got", BIGGAR);
}

#[test]
fn the_lexicon_makes_forms_equal() {
    finds("the crime agency honcho", BIGGAR);
    finds("abolish e2ee", BAN);
    let without = Matcher::train(&corpus(chiefs().documents), Overrides::default());
    let confidence = |matcher: &Matcher| matcher.rank("honcho of the agency").best[0].confidence;
    assert!(confidence(&CHIEFS) > confidence(&without));
}

#[test]
fn an_exact_phrasing_always_wins() {
    for (position, document) in chiefs().documents.iter().enumerate() {
        for text in document.phrasings.iter().chain([&document.question]) {
            for typed in [
                text.clone(),
                text.to_uppercase(),
                format!("  «{text}»?! "),
                text.replace('e', "é"),
            ] {
                let ranking = CHIEFS.rank(&typed);
                assert_eq!(ranking.best[0].document, position, "{typed}");
                assert_eq!(ranking.band, Band::Answer, "{typed}");
                assert!(ranking.best[0].confidence >= 0.99, "{typed}");
                assert!(ranking.best[1].confidence <= 0.01, "{typed}");
            }
        }
    }
}

#[test]
fn a_phrasing_of_two_documents_is_a_choice() {
    let matcher = Matcher::train(
        &corpus(vec![
            document("What?", &["other"]),
            document("Who?", &["the same"]),
            document("When?", &["The same!"]),
        ]),
        Overrides::default(),
    );
    let ranking = matcher.rank("the same");
    assert_eq!(ranking.band, Band::Suggest);
    assert_eq!(
        ranking
            .best
            .iter()
            .map(|best| best.document)
            .collect::<Vec<_>>(),
        [1, 2, 0]
    );
    assert!((ranking.best[0].confidence - 0.5).abs() < f32::EPSILON);
}

#[test]
fn ties_come_in_the_order_of_the_corpus() {
    let order = |ranking: &Ranking| {
        ranking
            .best
            .iter()
            .map(|best| best.document)
            .collect::<Vec<_>>()
    };
    assert_eq!(order(&CHIEFS.rank("zzyzx qwrtp")), [0, 1, 2, 3, 4]);
    let matcher = Matcher::train(
        &corpus(vec![
            document("", &["green apples"]),
            document("", &["red pears"]),
            document("", &["red pears"]),
        ]),
        Overrides::default(),
    );
    assert_eq!(order(&matcher.rank("red pears")), [1, 2, 0]);
    assert_ne!(
        matcher.rank("some red pears").band,
        Band::Answer,
        "a near tie is a choice"
    );
}

#[test]
fn what_means_nothing_is_refused() {
    for question in [
        "",
        "  ",
        "?!",
        "🔥🔥",
        "\u{200b}",
        "what is the",
        "who and when is it",
        "zzyzx qwrtp",
        "ЖЖЖ 你好",
        &"x".repeat(5000),
    ] {
        let ranking = CHIEFS.rank(question);
        assert_eq!(ranking.band, Band::Refuse, "{question:?}: {ranking:?}");
        assert!(
            ranking.best.iter().all(|best| best.confidence <= 0.0),
            "{question:?}: {ranking:?}"
        );
    }
}

#[test]
fn foreign_questions_are_less_sure_than_own_ones() {
    let confidence = |question: &str| CHIEFS.rank(question).best[0].confidence;
    let own = [
        "how many countries signed this",
        "are those chiefs against encryption",
        "how many kids are protected per month",
    ];
    let foreign = [
        "how many players are in a football team",
        "what is the best pizza topping",
        "who won the game last night",
    ];
    for own in own {
        for foreign in foreign {
            assert!(
                confidence(own) > confidence(foreign),
                "{own} {} / {foreign} {}",
                confidence(own),
                confidence(foreign)
            );
            assert_ne!(CHIEFS.rank(foreign).band, Band::Answer, "{foreign}");
        }
    }
}

#[test]
fn one_word_of_many_documents_is_no_question() {
    let shared = CHIEFS.rank("declaration");
    assert!(shared.best[0].confidence <= 1.0 / 3.0, "{shared:?}");
    assert_ne!(shared.band, Band::Answer);
}

#[test]
fn confidence_falls_along_the_list() {
    for question in [
        "how many chiefs",
        "encryption and children",
        "statement",
        "does it mention biggar or arrests",
    ] {
        let best = CHIEFS.rank(question).best;
        assert!(best.len() <= RANKED);
        assert!(
            best.is_sorted_by(|a, b| a.confidence >= b.confidence && a.score >= b.score),
            "{question}: {best:?}"
        );
        assert!(
            best.iter()
                .all(|best| (0.0..=1.0).contains(&best.confidence)),
            "{question}: {best:?}"
        );
    }
}

#[test]
fn two_trainings_agree_to_the_last_bit() {
    let other = Matcher::train(&chiefs(), Overrides::default());
    assert_eq!(CHIEFS.thresholds(), other.thresholds());
    let mut scratch = Scratch::default();
    for question in [
        "how many contries",
        "ban it",
        "who is the boss",
        "arests a month",
        "what did they say in april",
    ] {
        let bits = |ranking: &Ranking| -> Vec<(usize, u32, u32)> {
            ranking
                .best
                .iter()
                .map(|best| {
                    (
                        best.document,
                        best.score.to_bits(),
                        best.confidence.to_bits(),
                    )
                })
                .collect()
        };
        assert_eq!(
            bits(&CHIEFS.rank(question)),
            bits(&other.rank(question)),
            "{question}"
        );
        assert_eq!(
            CHIEFS.rank(question),
            CHIEFS.rank_with(&mut scratch, question),
            "a used scratch changes nothing: {question}"
        );
    }
}

#[test]
fn small_corpora_use_fixed_thresholds() {
    assert_eq!(CHIEFS.thresholds().source, ThresholdSource::Fitted);
    let small = Matcher::train(
        &corpus(vec![document("Who signed?", &["signatories"])]),
        Overrides::default(),
    );
    assert_eq!(small.thresholds().source, ThresholdSource::Fixed);
    assert_eq!(small.rank("signatories").band, Band::Answer);
    assert_eq!(
        small.rank("the list of signatories please").best[0].document,
        0
    );
}

#[test]
fn thresholds_can_be_set() {
    let train = |answer_at, suggest_at| {
        Matcher::train(
            &chiefs(),
            Overrides {
                answer_at,
                suggest_at,
            },
        )
    };
    let question = "how many of the nations signed";
    let bold = train(Some(0.0), None);
    assert_eq!(bold.rank(question).band, Band::Answer);
    assert_eq!(bold.thresholds().source, ThresholdSource::Configured);
    assert_eq!(
        train(Some(1.0), Some(0.0)).rank(question).band,
        Band::Suggest
    );
    assert_eq!(
        train(Some(1.0), Some(1.0)).rank(question).band,
        Band::Refuse
    );
    let unusable = train(Some(f32::NAN), Some(f32::INFINITY)).thresholds();
    assert_eq!(
        (unusable.answer_at, unusable.suggest_at),
        (
            CHIEFS.thresholds().answer_at,
            CHIEFS.thresholds().suggest_at
        )
    );
    let crossed = train(Some(0.4), Some(0.8)).thresholds();
    assert!(crossed.suggest_at <= crossed.answer_at);
}

#[test]
fn empty_and_odd_corpora_are_fine() {
    let nothing = Matcher::train(&Corpus::default(), Overrides::default());
    assert_eq!(
        nothing.rank("anything"),
        Ranking {
            best: Vec::new(),
            band: Band::Refuse
        }
    );
    assert!(nothing.complete("any", 5).is_empty());
    assert!(left_out(&Corpus::default()).is_empty());

    let odd = corpus(vec![
        document("", &[]),
        document(
            "What is a warrant?",
            &["what is a warrant", "WHAT IS A WARRANT"],
        ),
        document("?!", &["", "🔥"]),
        Document {
            body: "Judges issue them.".into(),
            ..Document::default()
        },
    ]);
    let matcher = Matcher::train(&odd, Overrides::default());
    let ranking = matcher.rank("what is a warrant");
    assert_eq!((ranking.best[0].document, ranking.band), (1, Band::Answer));
    assert_eq!(matcher.rank("warant issued by a judge").best[0].document, 1);
    matcher.explain("a warrant");
}

#[test]
fn a_large_corpus_is_ranked_by_what_it_shares_with_the_question() {
    let documents = (0..5_000).map(|at| {
        document(
            "",
            &[
                &format!("topic {at}"),
                &format!("the matter of number {at}"),
                &format!("details about w{} and v{}", at / 50, at % 50),
            ],
        )
    });
    let matcher = Matcher::train(&corpus(documents.collect()), Overrides::default());
    assert_eq!(matcher.thresholds().source, ThresholdSource::Fixed);
    let mut scratch = Scratch::default();
    let mut first = |question: &str| matcher.rank_with(&mut scratch, question).best[0].document;
    assert_eq!(first("what about topic 777"), 777);
    assert_eq!(first("details on w33 or v7"), 33 * 50 + 7);
    assert_eq!(first("zzyzx"), 0, "the scratch is clean again");
    // "topic" is in all of them: only the number tells, and no list of five thousand is needed for it.
    assert_eq!(first("topic 4321"), 4_321);
    assert_eq!(matcher.rank("topic 1099").band, Band::Answer);
    assert_ne!(matcher.rank("topic").band, Band::Answer);
    assert_eq!(matcher.rank("topic").best.len(), RANKED);
}

#[test]
fn words_of_the_answer_are_a_hint() {
    let mut with_bodies = corpus(vec![
        document("What is the tariff?", &[]),
        document("What is the embargo?", &[]),
    ]);
    with_bodies.documents[1].body = "It stops imports of bananas.".into();
    let matcher = Matcher::train(&with_bodies, Overrides::default());
    assert_eq!(matcher.rank("bananas").best[0].document, 1);
}

#[test]
fn explain_tells_what_happened() {
    let explanation = CHIEFS.explain("how many contries signd the xylophone");
    let repaired: Vec<(&str, &str)> = explanation
        .repaired
        .iter()
        .map(|repair| (&*repair.from, &*repair.to))
        .collect();
    assert_eq!(repaired, [("contries", "countries"), ("signd", "signed")]);
    assert_eq!(explanation.unknown, ["xylophone"]);
    assert_eq!(
        explanation.ranking,
        CHIEFS.rank("how many contries signd the xylophone")
    );
    assert_eq!(
        explanation.best_phrasing.as_deref(),
        Some("how many countries signed it")
    );
    assert_eq!(explanation.runner_up(), explanation.ranking.best.get(1));
    assert!(!explanation.exact);
    let share = |word: &str| {
        explanation
            .words
            .iter()
            .find(|share| share.word == word)
            .map_or(0.0, |share| share.share)
    };
    assert!(
        share("contries") > 0.2 && share("signd") > 0.2,
        "{:?}",
        explanation.words
    );
    assert!(
        share("xylophone").abs() < share("contries"),
        "{:?}",
        explanation.words
    );
}

#[test]
fn the_parts_of_a_score_add_up() {
    for question in [
        "how many countries signed the paper",
        "outlaw the messengers",
        "arests of suspects, monthly",
    ] {
        let explanation = CHIEFS.explain(question);
        let score = explanation.ranking.best[0].score;
        let parts = explanation.parts.expect("there is a winner");
        assert!(
            (parts.learned + parts.spelling + parts.coverage - score).abs() < 1e-4,
            "{question}: {parts:?}"
        );
        let words: f32 = explanation.words.iter().map(|word| word.share).sum();
        assert!(
            (words - score).abs() < 1e-3,
            "{question}: {words} of {score}"
        );
    }
    let exact = CHIEFS.explain("Publication date?");
    assert!(exact.exact);
    assert_eq!(exact.best_phrasing.as_deref(), Some("publication date"));
    assert!(exact.parts.is_some_and(|parts| parts.cosine > 0.999));
    assert!(CHIEFS.explain("").parts.is_none());
}

fn completes(typed: &str, limit: usize, expected: &[usize]) {
    assert_eq!(CHIEFS.complete(typed, limit), expected, "{typed:?}");
}

#[test]
fn a_beginning_is_completed() {
    completes("", 3, &[0, 1, 2]);
    completes("  ", 100, &[0, 1, 2, 3, 4, 5]);
    completes("how many police", 1, &[SIGNED]);
    completes("w", 4, &[PUBLISHED, CHILDREN, BIGGAR, 5]);
    completes("publication date", 1, &[PUBLISHED]);
    completes("encryption ban", 1, &[BAN]);
    completes("graeme big", 1, &[BIGGAR]);
    completes("graeme bigar", 1, &[BIGGAR]);
    completes("terroris", 1, &[5]);
    completes("outla", 1, &[BAN]);
    completes("zzyzx", 5, &[]);
    completes("encryption", 0, &[]);
}

#[test]
fn a_phrasing_of_another_document_is_left_out() {
    let mut corpus = chiefs();
    assert!(
        left_out(&corpus)
            .iter()
            .all(|left_out| left_out.document != left_out.found)
    );
    corpus.documents[BIGGAR].phrasings.insert(
        2,
        "how many countries signed the statement and how many nations".into(),
    );
    let misplaced = left_out(&corpus);
    assert!(
        misplaced.iter().any(|left_out| {
            (left_out.document, left_out.phrasing, left_out.found) == (BIGGAR, 2, SIGNED)
        }),
        "{misplaced:?}"
    );
    assert_eq!(
        misplaced,
        left_out(&corpus),
        "the rounds run side by side but are told in order"
    );
}

#[test]
fn most_typing_errors_are_survived() {
    let mut found = 0;
    let mut asked = 0;
    for (position, document) in chiefs().documents.iter().enumerate() {
        for (seed, phrasing) in (0..).zip(&document.phrasings) {
            asked += 1;
            found +=
                usize::from(CHIEFS.rank(&mistype(phrasing, 1, seed)).best[0].document == position);
        }
    }
    assert!(found * 100 >= asked * 95, "{found} of {asked}");
}

#[test]
fn a_matcher_can_be_shared() {
    fn shared<T: Send + Sync>() {}
    shared::<Matcher>();
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn any_text_is_ranked(question in "\\PC{0,60}|[a-z ]{0,40}|(\\w|[\\s'’,%\u{300}-\u{310}\u{1f300}-\u{1f320}]){0,60}") {
        let ranking = CHIEFS.rank(&question);
        prop_assert!(ranking.best.iter().all(|best| best.score.is_finite() && (0.0..=1.0).contains(&best.confidence)));
        prop_assert_eq!(&CHIEFS.explain(&question).ranking, &ranking);
        prop_assert!(CHIEFS.complete(&question, 3).len() <= 3);
        let shouted = format!("  {}!! ", question.to_lowercase());
        prop_assert_eq!(CHIEFS.rank(&shouted), CHIEFS.rank(&question.to_lowercase()));
        let normalized = Normalized::new(&question);
        prop_assert_eq!(&Normalized::new(normalized.as_str()), &normalized);
    }
}
