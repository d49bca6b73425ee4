//! What readers say of answers, and questions that were not answered: counted, kept and shown as PRIVACY.md says.

use cleartext::memory::{GuildId, Person};
use insta::assert_snapshot;
use tempfile::TempDir;

use crate::discord::{FAR, SURE, TORN, ask, bot, shown};
use crate::discord_moderation::{memory_in, remembering, with_memory};
use crate::fake::{Actor, Discord, How, Reply, discord};

const LABEL: &str = "What does the fog horn cost a year?";

/// A private answer, with its buttons.
async fn answer(who: Actor) -> Reply {
    let choice = ask(who.clone(), TORN).await;
    choice.click(LABEL, who).await.reply().await
}

/// What a moderator is told.
async fn told(d: &Discord, command: &str, options: &[(&str, &str)]) -> Reply {
    let command = format!("cleartext {command}");
    d.moderator().slash(&command, options).await.reply().await
}

#[test]
fn a_reader_says_that_an_answer_helped_once() {
    with_memory(async |d| {
        let first = answer(d.alice()).await;
        assert_eq!(
            first.labels(),
            ["More", "Share", "Helpful", "Not what I asked"]
        );
        let thanks = first.click("Helpful", d.alice()).await.reply().await;
        assert_snapshot!(shown(&thanks), @"
        (only alice sees this)
        Thank you. It is counted for this answer, without who you are.
        ");
        let again = first.click("Helpful", d.alice()).await.reply().await;
        assert_snapshot!(shown(&again), @"
        (only alice sees this)
        Thank you. You have judged this answer before, so it is not counted again.
        ");
        let _bob = answer(d.bob())
            .await
            .click("Helpful", d.bob())
            .await
            .reply()
            .await;
        let feedback = told(&d, "feedback", &[]).await;
        assert_snapshot!(shown(&feedback), @"
        (only moderator sees this)
        **Feedback**: helpful / not what was asked
        - 2 / 0 · `horn-cost`
        ");
    });
}

#[test]
fn not_what_i_asked_opens_a_form_that_says_what_is_stored() {
    with_memory(async |d| {
        let first = answer(d.alice()).await;
        let form = first
            .click("Not what I asked", d.alice())
            .await
            .modal()
            .await;
        assert_eq!(form.title, "Not what I asked");
        assert_eq!(
            form.fields[0].placeholder,
            "I look again with it; it is not kept. Sending counts one vote, without your name."
        );
        let thanks = form.submit(&[]).await.reply().await;
        assert_snapshot!(shown(&thanks), @"
        (only alice sees this)
        Thank you. It is counted for this answer, without who you are.
        ");
        // With a text it is looked for again, and what was not meant is not offered a second time.
        let form = answer(d.bob())
            .await
            .click("Not what I asked", d.bob())
            .await
            .modal()
            .await;
        let label = form.fields[0].label.clone();
        let again = form.submit(&[(&label, TORN)]).await.reply().await;
        assert_snapshot!(shown(&again), @"
        (only bob sees this)
        Thank you. It is counted for this answer, without who you are.
        Which one did you mean?
        1. Should the fog horn be silenced at night?
        2. At what hours can visitors climb the tower on weekdays, at weekends and on the public holidays of the region?
        [Should the fog horn be silenced at night?]
        [At what hours can visitors climb the tower on weekdays, at weekends and on the…]
        [None of these]
        ");
        let feedback = told(&d, "feedback", &[]).await;
        assert!(
            feedback.content.contains("0 / 2 · `horn-cost`"),
            "{feedback}"
        );
    });
}

#[test]
fn a_public_answer_asks_nobody_until_more_of_it_is_opened() {
    with_memory(async |d| {
        let public = ask(d.alice(), LABEL).await;
        assert_eq!(public.labels(), ["More", "Remove"]);
        let more = public.click("More", d.bob()).await.reply().await;
        assert!(more.is_private());
        assert_eq!(
            more.labels(),
            ["Answer", "Share", "Helpful", "Not what I asked"]
        );
        // What is shared from there asks nobody again.
        let shared = more.click("Share", d.bob()).await.reply().await;
        assert_eq!(shared.labels(), ["Answer", "Remove"]);
    });
}

#[test]
fn feedback_in_direct_messages_is_counted_for_no_server() {
    with_memory(async |d| {
        let reply = d.alice().dm(SURE).await.reply().await;
        assert_eq!(reply.labels(), ["Helpful", "Not what I asked"]);
        let thanks = reply.click("Helpful", d.alice()).await.reply().await;
        assert!(thanks.content.contains("It is counted"), "{thanks}");
        let feedback = told(&d, "feedback", &[]).await;
        assert_eq!(
            feedback.content,
            "Nobody has said anything of an answer here yet."
        );
    });
}

#[test]
fn a_button_of_before_a_restart_counts_for_what_was_shown() {
    with_memory(async |d| {
        let first = answer(d.alice()).await;
        d.restart_bot().await;
        let thanks = first.click("Helpful", d.alice()).await.reply().await;
        assert!(thanks.content.contains("It is counted"), "{thanks}");
        let old = first
            .click_custom_id("ct1:helpful:horn-cost:00000000", d.alice())
            .await;
        let _counted = old.reply().await;
        let feedback = told(&d, "feedback", &[]).await;
        assert_snapshot!(shown(&feedback), @"
        (only moderator sees this)
        **Feedback**: helpful / not what was asked
        - 1 / 0 · `horn-cost`, an earlier wording
        - 1 / 0 · `horn-cost`
        ");
    });
}

#[test]
fn about_says_what_is_kept_here() {
    with_memory(async |d| {
        let about = async || {
            let about = d.alice().slash("about", &[]).await.reply().await;
            shown(&about)
        };
        let off = about().await;
        assert!(
            off.contains("no names, ids or questions of people."),
            "{off}"
        );
        let _on = told(&d, "settings", &[("gaps", "0")]).await;
        let on = about().await;
        assert!(
            on.contains("is kept for 30 days, once two people have asked it, without who asked."),
            "{on}"
        );
        let direct = d.alice().in_dm().slash("about", &[]).await.reply().await;
        assert!(
            shown(&direct).contains("no names, ids or questions of people."),
            "{direct}"
        );
    });
}

#[test]
fn without_a_memory_there_is_nothing_to_press() {
    discord(bot(), async |d| {
        assert_eq!(answer(d.alice()).await.labels(), ["More", "Share"]);
        let reply = d.alice().dm(SURE).await.reply().await;
        assert!(reply.labels().is_empty());
    });
}

#[test]
fn questions_are_kept_only_once_switched_on_and_asked_by_two() {
    with_memory(async |d| {
        let asked = async |who: Actor| drop(ask(who, FAR).await);
        asked(d.alice()).await;
        asked(d.bob()).await;
        let off = told(&d, "gaps", &[]).await;
        assert!(
            off.content.starts_with("Unanswered questions are not kept"),
            "{off}"
        );
        let on = told(&d, "settings", &[("gaps", "0")]).await;
        assert!(
            on.content.starts_with("Set: unanswered questions are kept"),
            "{on}"
        );
        asked(d.alice()).await;
        asked(d.alice()).await;
        let waiting = told(&d, "gaps", &[]).await;
        assert_eq!(
            waiting.content,
            "There is none. A question is listed once 2 people or more have asked it."
        );
        // A mention counts like a command.
        drop(d.bob().mentions_bot(FAR).await.reply().await);
        let mut listed = waiting;
        // It is noted after the answer.
        while !listed.content.starts_with("**Unanswered questions**") {
            listed = told(&d, "gaps", &[]).await;
        }
        let today = chrono::Utc::now().format("%-d %B %Y").to_string();
        assert_snapshot!(shown(&listed).replace(&today, "(today)"), @"
        (only moderator sees this)
        **Unanswered questions**: 1
        - **2** people, last on (today): best recipe for pancakes
        [As a file]
        ");
        listed.click("As a file", d.moderator()).await.reply().await;
        let (name, text) = d.last_upload();
        assert_eq!(name, "gaps.jsonl");
        assert_snapshot!(text, @r#"{"entry":null,"question":"best recipe for pancakes"}"#);
    });
}

#[test]
fn a_text_of_the_form_is_kept_only_as_two_people_wrote_it() {
    with_memory(async |d| {
        let _on = told(&d, "settings", &[("gaps", "0")]).await;
        for who in [d.alice(), d.bob()] {
            let form = answer(who.clone())
                .await
                .click("Not what I asked", who)
                .await
                .modal()
                .await;
            assert_eq!(
                form.fields[0].placeholder,
                "I look again with it. Kept 30 days without your name once two people wrote it."
            );
            let label = form.fields[0].label.clone();
            let miss = form
                .submit(&[(&label, "who paints the tower")])
                .await
                .reply()
                .await;
            assert!(miss.content.starts_with("Thank you."), "{miss}");
        }
        let mut listed = told(&d, "gaps", &[]).await;
        while !listed.content.starts_with("**Unanswered questions**") {
            listed = told(&d, "gaps", &[]).await;
        }
        assert!(
            listed.content.contains(", was shown `horn-cost`"),
            "{listed}"
        );
    });
}

#[test]
fn many_questions_come_page_by_page() {
    let folder = TempDir::new().expect("a temporary folder can be made");
    let maker = memory_in(&folder);
    discord(remembering(maker.clone()), async |d| {
        let _on = told(&d, "settings", &[("gaps", "0")]).await;
        let guild = GuildId::new(d.look(|world| world.cast.guild.get())).expect("not zero");
        let memory = maker();
        let today = chrono::Utc::now().date_naive();
        for number in 0..60 {
            let question = format!("why does keeper{} sing {}", word(number), word(number * 7));
            for person in 1..=2 {
                let noted = memory.note_gap(guild, Person::new(person), &question, None, today);
                noted.await.expect("it is noted");
            }
        }
        memory.close().await;
        let first = told(&d, "gaps", &[]).await;
        assert!(
            first.content.starts_with("**Unanswered questions**: 60\n"),
            "{first}"
        );
        assert_eq!(first.labels(), ["Next", "As a file"]);
        let second = first.click("Next", d.moderator()).await.reply().await;
        assert_eq!((second.how, second.id), (How::Update, first.id));
        assert!(second.labels().starts_with(&["Previous"]), "{second}");
        // A page that is gone meanwhile is the last one.
        let last = first
            .click_custom_id("ct1:mod-gaps:99", d.moderator())
            .await
            .reply()
            .await;
        assert!(!last.labels().contains(&"Next"), "{last}");
        assert_eq!(d.look(|world| world.uploads.len()), 0);
    });
}

/// A word without digits, which the memory does not take for a number of somebody's.
fn word(number: u32) -> String {
    let letter = |digit: u32| char::from(b'a' + u8::try_from(digit % 26).expect("below 26"));
    [
        letter(number),
        letter(number / 3 + 1),
        letter(number / 5 + 2),
        letter(number + 11),
    ]
    .iter()
    .collect()
}

#[test]
fn where_people_bring_the_bot_along_nothing_is_stored_for_that_server() {
    let folder = TempDir::new().expect("a temporary folder can be made");
    let maker = memory_in(&folder);
    discord(remembering(maker.clone()), async |d| {
        let elsewhere = d.alice().elsewhere();
        let thanks = answer(elsewhere.clone())
            .await
            .click("Helpful", elsewhere.clone())
            .await
            .reply()
            .await;
        assert!(thanks.content.contains("It is counted"), "{thanks}");
        let form = answer(elsewhere.clone())
            .await
            .click("Not what I asked", elsewhere)
            .await
            .modal()
            .await;
        let _thanks = form.submit(&[]).await.reply().await;
        let memory = maker();
        let all = memory.ratings(None).await.expect("it can be read");
        assert_eq!((all.len(), all[0].helpful), (1, 1), "{all:?}");
        let foreign = d.look(|world| {
            let channel = world.channel(world.cast.elsewhere);
            channel.guild().map(serenity::all::GuildId::get)
        });
        let foreign = foreign.and_then(GuildId::new).expect("it is in a guild");
        let there = memory.ratings(Some(foreign)).await.expect("it can be read");
        assert!(there.is_empty(), "{there:?}");
        memory.close().await;
    });
}
