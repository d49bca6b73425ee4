//! What replies look like, and that they fit whatever they hold.

use insta::assert_snapshot;
use proptest::prelude::*;
use vec1::Vec1;

use super::*;
use crate::answering::{Answerer, Kind, Overrides, PublishedDate, Side, Span};
use crate::knowledge::{File, parse};

/// A reply as the answering core makes it.
fn reply(answer: &str, more: &str) -> Reply {
    let text = format!(
        r#"
title = "Tests"
edition = "2026.11"
language = "en"

[[topic]]
id = "statement"
title = "The statement"
summary = "What it says."

[[source]]
id = "nca"
title = "Chiefs call for action"
publisher = "National Crime Agency"
published = 2024-04-21
url = "https://nca.example/news/chiefs_(2024)"
kind = "primary"
side = "law-enforcement"

[[source]]
id = "iwf"
title = "A [draft] reply"
publisher = "Internet Watch Foundation"
published = "2024-05"
url = "https://iwf.example/reply"
kind = "position"
side = "child-protection"

[[source]]
id = "book"
title = "On paper"
publisher = "A *press*"
kind = "research"
side = "academia"

[[entry]]
id = "how-many"
topic = "statement"
question = "How many children a month?"
phrasings = ["1200 children"]
answer = """{answer}"""
{more}
"#
    );
    let draft = parse(&[File {
        name: "test.toml".to_owned(),
        text,
    }]);
    let knowledge = draft
        .into_knowledge()
        .expect("the knowledge of the test is sound");
    let answerer = Answerer::new(&knowledge, Overrides::default());
    let replies = answerer.replies();
    replies
        .first()
        .expect("the test has one entry")
        .as_ref()
        .clone()
}

fn day(text: &str) -> NaiveDate {
    text.parse().expect("the case is a day")
}

fn shown(card: &Card) -> String {
    format!(
        "# {}\n{}\n-- {}",
        card.title,
        card.description.replace(NARROW_SPACE, " "),
        card.footer
    )
}

const ANSWER: &str = "The NCA said about 1,200 children [@nca, para. 11]. The council said 1,000 [@iwf, p. 2; @book, ch. 3].";

#[test]
fn an_answer_reads_as_designed() {
    let reply = reply(ANSWER, "as_of = 2024-04-21\nreview_by = 2027-04-01");
    assert_snapshot!(shown(&card(&reply, day("2026-11-23"))), @r"
    # How many children a month?
    The NCA said about 1,200 children [¹](https://nca.example/news/chiefs_%282024%29). The council said 1,000 [²](https://iwf.example/reply) ³.

    **Sources**
    1. National Crime Agency, [“Chiefs call for action”](https://nca.example/news/chiefs_%282024%29), 21 April 2024, para. 11 · primary
    2. Internet Watch Foundation, “A \[draft\] reply” ([link](https://iwf.example/reply)), May 2024, p. 2 · position
    3. A \*press\*, “On paper”, ch. 3 · research
    -- As of 21 April 2024 · how-many · edition 2026.11
    ");
    assert_eq!(faults(&reply), Vec::<String>::new());
}

#[test]
fn an_overdue_answer_says_so_first() {
    let reply = reply(ANSWER, "as_of = 2024-04-21\nreview_by = 2025-04-01");
    let card = card(&reply, day("2026-11-23"));
    assert_snapshot!(card.footer, @"This may be out of date: its review was due on 1 April 2025 · As of 21 April 2024 · how-many · edition 2026.11");
    assert_eq!(card.colour, AMBER);
}

#[test]
fn both_sides_stand_in_the_same_embed() {
    let positions = r#"
disputed = true
[[entry.position]]
holder = "NCA"
side = "law-enforcement"
text = "It helps [@nca, para. 1]."
[[entry.position]]
holder = "IWF"
side = "child-protection"
text = "It is *not* enough [@iwf, p. 1]."
"#;
    let reply = reply(ANSWER, positions);
    assert_snapshot!(shown(&card(&reply, day("2026-11-23"))), @r"
    # How many children a month?
    The NCA said about 1,200 children [¹](https://nca.example/news/chiefs_%282024%29). The council said 1,000 [²](https://iwf.example/reply) ³.

    **Positions**
    **NCA** (law enforcement): It helps [⁴](https://nca.example/news/chiefs_%282024%29).
    **IWF** (child protection): It is \*not\* enough [⁵](https://iwf.example/reply).

    **Sources**
    1. National Crime Agency, [“Chiefs call for action”](https://nca.example/news/chiefs_%282024%29), 21 April 2024, para. 11 · primary
    2. Internet Watch Foundation, “A \[draft\] reply” ([link](https://iwf.example/reply)), May 2024, p. 2 · position
    3. A \*press\*, “On paper”, ch. 3 · research
    4. National Crime Agency, [“Chiefs call for action”](https://nca.example/news/chiefs_%282024%29), 21 April 2024, para. 1 · primary
    5. Internet Watch Foundation, “A \[draft\] reply” ([link](https://iwf.example/reply)), May 2024, p. 1 · position
    -- how-many · edition 2026.11
    ");
}

#[test]
fn without_embeds_the_same_stands_in_plain_text() {
    let reply = reply(ANSWER, "as_of = 2024-04-21");
    let text = text(&reply, day("2026-11-23"), CONTENT).replace(NARROW_SPACE, " ");
    assert_snapshot!(text, @r"
    **How many children a month?**
    The NCA said about 1,200 children ¹. The council said 1,000 ² ³.

    **Sources**
    1. National Crime Agency, “Chiefs call for action”, 21 April 2024, para. 11 · primary <https://nca.example/news/chiefs_%282024%29>
    2. Internet Watch Foundation, “A \[draft\] reply”, May 2024, p. 2 · position <https://iwf.example/reply>
    3. A \*press\*, “On paper”, ch. 3 · research
    -# As of 21 April 2024 · how-many · edition 2026.11
    ");
}

#[test]
fn a_long_answer_loses_links_first_and_then_sentences_from_the_end() {
    let sentence = "Sentence number NNN says what was said by the one who said it, para. 3 of it [@nca, para. NNN]. ";
    let long = |count: usize| -> String {
        (1..=count)
            .map(|number| sentence.replace("NNN", &number.to_string()))
            .collect()
    };
    let links = |card: &Card| card.description.matches("](").count();
    let check = |count: usize, all_links: bool, complete: bool| {
        let reply = reply(&long(count), "");
        let card = card(&reply, day("2026-11-23"));
        assert!(length(&card.description) <= DESCRIPTION);
        assert_eq!(links(&card) == 2 * count, all_links, "{count} sentences");
        assert_eq!(
            !card.description.contains(ELLIPSIS),
            complete,
            "{count} sentences: {}",
            card.description
        );
        assert_eq!(faults(&reply).is_empty(), complete, "{:?}", faults(&reply));
        // Each number in the text has its line in the list, and the other way round.
        let (text, list) = card
            .description
            .split_once("**Sources**")
            .expect("sources are always shown");
        assert_eq!(
            text.matches("Sentence number").count(),
            list.lines().skip(1).count()
        );
    };
    check(5, true, true);
    check(16, false, true);
    check(60, false, false);
}

#[test]
fn sentences_end_where_a_citation_was() {
    let check = |answer: &str, expected: usize| {
        assert_eq!(
            sentences(&reply(answer, "").body).len(),
            expected,
            "{answer}"
        );
    };
    check("One [@nca, p. 1]. Two [@nca, p. 2].", 2);
    check(
        "Mr. Biggar of the U.K. said so [@nca, p. 1]. Two [@nca, p. 2].",
        2,
    );
    check("One part [@nca, p. 1], another [@nca, p. 2].", 1);
}

prop_compose! {
    fn citation(mark: Mark)(
        title in ".{1,400}", publisher in ".{1,200}", locator in proptest::option::of(".{0,200}"),
        url in proptest::option::of("https://.{0,600}"),
    ) -> ReplyCitation {
        ReplyCitation {
            mark,
            source: crate::knowledge::SourceId::new("a-source").expect("an id"),
            locator, title, publisher,
            published: PublishedDate::parse("2024-04"),
            url,
            kind: Kind::Reporting,
            note: None,
        }
    }
}

fn marked(text: &'static str, most: usize) -> impl Strategy<Value = MarkedText> {
    let span = (text, proptest::collection::vec(1_usize..80, 0..12));
    proptest::collection::vec(span, 0..most).prop_map(|pairs| MarkedText {
        spans: pairs
            .into_iter()
            .flat_map(|(words, marks)| [Span::Text(words), Span::Marks(marks)])
            .collect(),
    })
}

prop_compose! {
    fn any_reply()(
        title in ".{0,400}",
        body in marked(".{0,400}", 20),
        positions in proptest::collection::vec((".{0,200}", marked(".{0,200}", 5)), 0..14),
        citations in (1_usize..80).prop_flat_map(|count| (1..=count).map(citation).collect::<Vec<_>>()),
        edition in ".{0,2000}",
        detail in proptest::option::of(marked(".{0,400}", 20)),
    ) -> Reply {
        Reply {
            title, body, edition,
            detail,
            positions: positions.into_iter()
                .map(|(holder, body)| ReplyPosition { holder, side: Side::Press, body })
                .collect(),
            citations: Vec1::try_from_vec(citations).expect("at least one"),
            as_of: Some(day("2024-04-21")),
            review_by: Some(day("2025-04-21")),
            see_also: Vec::new(),
            ..reply(ANSWER, "")
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn any_reply_fits(reply in any_reply()) {
        let card = card(&reply, day("2026-11-23"));
        prop_assert!(length(&card.title) <= TITLE);
        prop_assert!(length(&card.description) <= DESCRIPTION);
        prop_assert!(length(&card.footer) <= FOOTER);
        prop_assert!(length(&card.title) + length(&card.description) + length(&card.footer) <= 6_000);
        prop_assert!(card.description.contains("**Sources**"));
        let text = text(&reply, day("2026-11-23"), CONTENT);
        prop_assert!(length(&text) <= CONTENT, "{} units", length(&text));
        prop_assert!(text.contains("**Sources**"));
        faults(&reply);
    }

    #[test]
    fn whatever_stands_behind_its_buttons_fits(reply in any_reply()) {
        let today = day("2026-11-23");
        let sides = sides(&reply, today);
        prop_assert!(sides.len() <= 10);
        let all: usize = sides.iter()
            .map(|card| length(&card.title) + length(&card.description) + length(&card.footer))
            .sum();
        prop_assert!(all <= 6_000, "{all} units in all blocks");
        prop_assert!(length(&sides_text(&reply, today, CONTENT)) <= CONTENT);
        prop_assert_eq!(more(&reply, today).is_some(), reply.detail.is_some());
        if let (Some(card), Some(text)) = (more(&reply, today), more_text(&reply, today, CONTENT)) {
            prop_assert!(length(&card.description) <= DESCRIPTION);
            prop_assert!(length(&text) <= CONTENT, "{} units", length(&text));
        }
    }

    #[test]
    fn one_endless_sentence_fits(words in ".{3000,6000}", reply in any_reply()) {
        let reply = Reply {
            body: MarkedText { spans: vec![Span::Text(words), Span::Marks((1..80).collect())] },
            ..reply
        };
        prop_assert!(length(&card(&reply, day("2026-11-23")).description) <= DESCRIPTION);
        prop_assert!(length(&text(&reply, day("2026-11-23"), CONTENT)) <= CONTENT);
        prop_assert!(!faults(&reply).is_empty());
    }
}
