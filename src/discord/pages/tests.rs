//! All that can be shown of the shipped knowledge, in each form and for each reader, with all notes that it can ever carry: within
//! every limit of Discord's, and under its permanent name.

use std::collections::HashSet;

use serde_json::Value;
use serenity::all::{MessageId, UserId};

use super::*;
use crate::answering::{Candidate, Overrides};
use crate::discord::custom_id::CustomId;
use crate::discord::find;
use crate::discord::help::Commands;
use crate::discord::names::Names;
use crate::library::Library;

/// A message as Discord gets it.
fn sent(outgoing: Outgoing) -> Value {
    serde_json::to_value(outgoing.into_response()).expect("a response is JSON")
}

fn units(value: &Value) -> usize {
    length(value.as_str().unwrap_or_default())
}

fn items(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

/// <https://discord.com/developers/docs/resources/message> and <https://discord.com/developers/docs/components/reference>.
fn assert_fits(what: &str, message: &Value) {
    let check = |holds: bool, rule: &str| assert!(holds, "{what}: {rule}: {message}");
    let (content, embeds) = (units(&message["content"]), items(&message["embeds"]));
    check(content <= 2_000, "2,000 characters of text");
    check(content > 0 || !embeds.is_empty(), "something is shown");
    check(embeds.len() <= 10, "10 embeds");
    let mut all = 0;
    for embed in embeds {
        let parts = [
            &embed["title"],
            &embed["description"],
            &embed["footer"]["text"],
        ]
        .map(units);
        let fits = parts.iter().zip([256, 4_096, 2_048]);
        check(
            fits.into_iter().all(|(part, most)| *part <= most),
            "parts of an embed",
        );
        all += parts.iter().sum::<usize>();
    }
    check(all <= 6_000, "6,000 characters in all embeds");
    let rows = items(&message["components"]);
    check(rows.len() <= 5, "5 rows");
    let mut ids = HashSet::new();
    for row in rows {
        let parts = items(&row["components"]);
        check((1..=5).contains(&parts.len()), "5 buttons a row");
        for part in parts {
            let id = &part["custom_id"];
            check((1..=100).contains(&units(id)), "100 characters of state");
            check(ids.insert(id.clone()), "no state twice");
            if part["type"] == 2 {
                check((1..=80).contains(&units(&part["label"])), "a label of 80");
                continue;
            }
            check(parts.len() == 1, "a select alone in its row");
            check(units(&part["placeholder"]) <= 150, "a placeholder of 150");
            let options = items(&part["options"]);
            check((1..=25).contains(&options.len()), "25 options");
            let mut values = HashSet::new();
            for option in options {
                check(
                    (1..=100).contains(&units(&option["label"])),
                    "an option of 100",
                );
                check(
                    (1..=100).contains(&units(&option["value"])),
                    "a value of 100",
                );
                check(values.insert(option["value"].clone()), "no option twice");
            }
        }
    }
}

/// What stands below a page.
fn footer(message: &Value) -> &str {
    match items(&message["embeds"]).last() {
        Some(last) => last["footer"]["text"].as_str(),
        None => message["content"]
            .as_str()
            .and_then(|text| text.lines().last()),
    }
    .unwrap_or_default()
}

/// Each scene in which the shipped knowledge is shown: of its buttons the most there can be, and overdue what can be.
fn in_every_scene(check: impl Fn(&Scene<'_>, &str)) {
    let library = Library::open_with(None, Overrides::default()).expect("it is sound");
    let answerer = library.current();
    let commands = Commands::new(Names::default());
    for form in [Form::Card, Form::Text] {
        for place in [
            Place::Private,
            Place::Alone,
            Place::Public(UserId::new(u64::MAX - 1)),
        ] {
            let scene = Scene {
                answerer: &answerer,
                today: NaiveDate::MAX,
                form,
                place,
                keeps: Keeps::Questions,
                commands: &commands,
                above: "",
            };
            check(&scene, &format!("{form:?}, {place:?}"));
        }
    }
}

#[test]
fn every_page_of_every_entry_fits_and_ends_with_its_permanent_name() {
    in_every_scene(|scene, where_| {
        let all = scene.answerer.replies();
        assert!(all.len() > 100, "the shipped knowledge is there");
        for reply in all {
            let name = format!("{} · {}", reply.entry, scene.edition());
            let pages = ["pick", "sides", "more"].map(|page| {
                // A button of an earlier revision, so that the page says so.
                let id = format!("ct1:{page}:{}:00000000", reply.entry);
                let CustomId::Ours(Action::Show(page)) = CustomId::parse(&id) else {
                    panic!("{id} is a page")
                };
                scene.page(&page)
            });
            let target = MessageId::new(u64::MAX);
            let offered: Vec<_> = all.iter().take(3).cloned().collect();
            let jump = messages::jump(Some(u64::MAX), u64::MAX, u64::MAX);
            let detached = Scene {
                above: &messages::in_reply_to(&jump),
                ..*scene
            };
            let others = [
                find::preview(&scene.changed(), reply, &offered, target, true),
                detached.answer(reply),
            ];
            for page in pages.into_iter().chain(others) {
                let message = sent(page);
                assert_fits(&format!("{where_}, {}", reply.entry), &message);
                assert!(
                    footer(&message).ends_with(&name),
                    "{where_}, {name}: {message}"
                );
                let text = message["content"].as_str().unwrap_or_default();
                let noted = [messages::CHANGED_SINCE, "In reply to "];
                let noted = noted.iter().any(|note| text.starts_with(note));
                assert!(noted, "{where_}, {}: {text}", reply.entry);
            }
        }
    });
}

#[test]
fn every_list_and_what_is_said_of_every_question_fits() {
    in_every_scene(|scene, where_| {
        let answerer = scene.answerer;
        let check = |page: Outgoing| {
            let message = sent(page);
            assert_fits(where_, &message);
            message
        };
        let listed = |page: &dyn Fn(usize) -> Page| {
            // Beyond the last page is the last page.
            for number in 0..=answerer.replies().len() / ENTRIES {
                let message = check(scene.page(&page(number)));
                assert!(
                    footer(&message).ends_with(&scene.edition()),
                    "{where_}: {message}"
                );
            }
        };
        listed(&Page::Topics);
        for topic in answerer.topics() {
            listed(&|number| Page::Topic(topic.id.clone(), number));
        }
        for source in answerer.sources() {
            listed(&|number| Page::Source(source.id.clone(), number));
            let (name, value) = messages::source_completion(source);
            assert!(
                length(&name) <= 100 && length(&value) <= 100,
                "{name}: {value}"
            );
        }
        for page in [Page::About, Page::Help] {
            check(scene.page(&page));
        }
        for replies in answerer.replies().windows(5) {
            let candidates: Vec<_> = replies
                .iter()
                .map(|reply| Candidate {
                    reply: Arc::clone(reply),
                    confidence: 0.5,
                })
                .collect();
            let longest = "*".repeat(300);
            check(messages::choice(&candidates).asked(Some(&longest)));
        }
        check(messages::unknown(answerer.topics(), Some(&"*".repeat(300))));
        for reply in answerer.replies() {
            let (name, value) = messages::completion(reply);
            assert!(
                length(&name) <= 100 && length(&value) <= 100,
                "{name}: {value}"
            );
        }
    });
}
