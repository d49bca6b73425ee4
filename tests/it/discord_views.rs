//! What stands behind an answer's buttons: both sides, more, related questions, sharing, removing.

use cleartext::answering::Overrides;
use cleartext::library::Library;
use insta::assert_snapshot;
use serenity::all::Permissions;

use crate::discord::{SURE, ask, bot, mention, shown};
use crate::fake::{How, MEMBER_RIGHTS, discord};

const DISPUTED: &str = "id:horn-silence";
const COST: &str = "id:horn-cost";

#[test]
fn both_sides_open_for_who_presses_a_block_each() {
    discord(bot(), async |d| {
        let answer = ask(d.alice(), DISPUTED).await;
        assert!(!answer.is_private());
        let sides = answer.click("Both sides", d.bob()).await.reply().await;
        assert_snapshot!(shown(&sides), @r"
        (only bob sees this)
        **Should the fog horn be silenced at night?**
        ▌ Keepers' Union (civil society)
        ▌ The horn saves lives in fog [¹](https://keepers.example/horn_%282025%29).
        ▌
        ▌ **Sources**
        ▌ 1. Keepers' Union, [“Silence kills”](https://keepers.example/horn_%282025%29), March 2025, p. 1 · position
        ▌ Neighbours of the Bay (industry)
        ▌ The horn wakes 400 people a night ².
        ▌
        ▌ **Sources**
        ▌ 2\. Neighbours of the Bay, “Let us sleep”, 2025, p. 1 · position
        ▌ horn-silence · edition 2026.11
        [Answer] [Share]
        ( Related questions ▾ What does the fog horn cost a year? )
        ");
        assert_eq!((sides.how, sides.embeds.len()), (How::Response, 2));
        let colours: Vec<_> = sides.embeds.iter().map(|embed| embed.colour).collect();
        assert_eq!(colours[0], colours[1], "no side stands out");
        // What bob alone sees is replaced in place, and leads back.
        let back = sides.click("Answer", d.bob()).await.reply().await;
        assert_eq!((back.how, back.id), (How::Update, sides.id));
        assert_eq!(back.title(), answer.title());
        let shared = sides.click("Both sides", d.bob()).await.reply().await;
        let shared = shared.click("Share", d.bob()).await.reply().await;
        assert!(!shared.is_private());
        assert_eq!(shared.labels(), ["Answer", "Remove"]);
    });
}

#[test]
fn more_shows_the_detail() {
    discord(bot(), async |d| {
        let answer = ask(d.alice(), COST).await;
        assert_eq!(answer.labels(), ["More", "Remove"]);
        let more = answer.click("More", d.alice()).await.reply().await;
        assert_snapshot!(shown(&more), @r"
        (only alice sees this)
        ▌ What does the fog horn cost a year?
        ▌ **In more detail**
        ▌ The horn burns 4,000 litres of oil a year [²](https://harbour.example/lighthouse). A new compressor was bought in 2023 [³](https://harbour.example/lighthouse).
        ▌
        ▌ **Sources**
        ▌ 2\. Harbour Office, [“The lighthouse in figures”](https://harbour.example/lighthouse), 21 April 2024, para. 6 · primary
        ▌ 3\. Harbour Office, [“The lighthouse in figures”](https://harbour.example/lighthouse), 21 April 2024, para. 7 · primary
        ▌ This may be out of date: its review was due on 31 January 2025 · As of 21 April 2024 · horn-cost · edition 2026.11
        [Answer] [Share]
        ( Related questions ▾ Should the fog horn be silenced at night? | At what hours can visitors climb the tower on weekdays, at weekends and on the public holidays of… )
        ");
    });
}

#[test]
fn related_questions_are_a_choice_away() {
    discord(bot(), async |d| {
        let answer = ask(d.alice(), COST).await;
        assert_eq!(answer.selects[0].placeholder, "Related questions");
        let label = "Should the fog horn be silenced at night?";
        let related = answer.select(label, d.bob()).await.reply().await;
        assert!(related.is_private());
        assert_eq!(related.title(), label);
        let on = "What does the fog horn cost a year?";
        let back = related.select(on, d.bob()).await.reply().await;
        assert_eq!((back.how, back.title()), (How::Update, on));
    });
}

#[test]
fn an_answer_is_removed_by_who_asked_and_by_moderators() {
    discord(bot(), async |d| {
        for (who, question) in [(d.alice(), SURE), (d.moderator(), SURE)] {
            let answer = ask(d.alice(), question).await;
            let refused = answer.click("Remove", d.bob()).await.reply().await;
            assert_eq!(
                shown(&refused),
                "(only bob sees this)\nOnly who asked, or somebody with Manage Messages, can remove this."
            );
            answer.click("Remove", who).await.is_acknowledged().await;
            let gone = d.reply().await;
            assert_eq!((gone.how, gone.id), (How::Deletion, answer.id));
        }
        let reply = mention(d.alice(), SURE).await;
        reply
            .click("Remove", d.alice())
            .await
            .is_acknowledged()
            .await;
        assert_eq!(d.reply().await.how, How::Deletion);
    });
}

#[test]
fn who_shared_an_answer_can_remove_it_where_the_bot_is_not() {
    discord(bot(), async |d| {
        let alice = d.alice().elsewhere();
        let asked = alice
            .slash("ask", &[("question", SURE), ("visibility", "me")])
            .await;
        let answer = asked.reply().await;
        assert!(answer.is_private());
        let public = answer.click("Share", d.alice()).await.reply().await;
        assert!(!public.is_private());
        let refused = public.click("Remove", d.bob()).await.reply().await;
        assert!(refused.is_private());
        public
            .click("Remove", d.alice())
            .await
            .is_acknowledged()
            .await;
        assert_eq!(d.reply().await.how, How::Deletion);
    });
}

#[test]
fn where_outside_apps_may_not_speak_nothing_is_offered_that_would_not_be_seen() {
    discord(bot(), async |d| {
        let muzzled = d
            .alice()
            .elsewhere()
            .with_rights(MEMBER_RIGHTS - Permissions::USE_EXTERNAL_APPS);
        let asked = muzzled
            .slash("ask", &[("question", SURE), ("visibility", "channel")])
            .await;
        let answer = asked.reply().await;
        assert_eq!((answer.title(), answer.is_private()), (SURE, true));
        assert!(answer.labels().is_empty(), "{answer}");
        // The right was lost since the button was made.
        let share = answer
            .click_custom_id("ct1:share-about", muzzled.clone())
            .await;
        let told = share.reply().await.content;
        assert!(
            told.starts_with("You cannot post in this channel"),
            "{told}"
        );
    });
}

#[test]
fn in_direct_messages_a_page_replaces_the_page_before() {
    discord(bot(), async |d| {
        let answer = d.alice().dm(DISPUTED).await.reply().await;
        assert_eq!(answer.labels(), ["Both sides"]);
        let sides = answer.click("Both sides", d.alice()).await.reply().await;
        assert_eq!((sides.how, sides.id), (How::Update, answer.id));
        assert_eq!(sides.labels(), ["Answer"]);
    });
}

#[test]
fn without_embeds_the_pages_are_text() {
    discord(bot(), async |d| {
        let bare = d.channel_with("bare", MEMBER_RIGHTS - Permissions::EMBED_LINKS);
        let alice = || d.alice().in_channel(bare);
        let sides = ask(alice(), DISPUTED).await;
        let sides = sides.click("Both sides", alice()).await.reply().await;
        assert_snapshot!(shown(&sides), @r"
        (only alice sees this)
        **Should the fog horn be silenced at night?**

        **Keepers' Union (civil society)**
        The horn saves lives in fog ¹.

        **Sources**
        1. Keepers' Union, “Silence kills”, March 2025, p. 1 · position <https://keepers.example/horn_%282025%29>

        **Neighbours of the Bay (industry)**
        The horn wakes 400 people a night ².

        **Sources**
        2\. Neighbours of the Bay, “Let us sleep”, 2025, p. 1 · position
        -# horn-silence · edition 2026.11
        [Answer] [Share]
        ( Related questions ▾ What does the fog horn cost a year? )
        ");
        let more = ask(alice(), COST).await;
        let more = more.click("More", alice()).await.reply().await;
        assert_snapshot!(shown(&more), @r"
        (only alice sees this)
        **What does the fog horn cost a year?**
        **In more detail**
        The horn burns 4,000 litres of oil a year ². A new compressor was bought in 2023 ³.

        **Sources**
        2\. Harbour Office, “The lighthouse in figures”, 21 April 2024, para. 6 · primary <https://harbour.example/lighthouse>
        3\. Harbour Office, “The lighthouse in figures”, 21 April 2024, para. 7 · primary <https://harbour.example/lighthouse>
        -# This may be out of date: its review was due on 31 January 2025 · As of 21 April 2024 · horn-cost · edition 2026.11
        [Answer] [Share]
        ( Related questions ▾ Should the fog horn be silenced at night? | At what hours can visitors climb the tower on weekdays, at weekends and on the public holidays of… )
        ");
    });
}

#[test]
fn buttons_from_before_a_restart_are_answered() {
    discord(bot(), async |d| {
        let answer = ask(d.alice(), DISPUTED).await;
        let cost = ask(d.alice(), COST).await;
        d.restart_bot().await;
        let sides = answer.click("Both sides", d.bob()).await.reply().await;
        assert_eq!(sides.embeds.len(), 2);
        let more = cost.click("More", d.bob()).await.reply().await;
        assert!(more.embeds[0].description.contains("4,000 litres"));
        let related = "Should the fog horn be silenced at night?";
        let related = cost.select(related, d.bob()).await.reply().await;
        let public = related.click("Share", d.bob()).await.reply().await;
        assert!(!public.is_private());
        answer
            .click("Remove", d.alice())
            .await
            .is_acknowledged()
            .await;
        assert_eq!(d.reply().await.how, How::Deletion);
    });
}

#[test]
fn a_page_says_what_has_become_of_its_entry() {
    discord(bot(), async |d| {
        let answer = ask(d.alice(), DISPUTED).await;
        let press = async |custom_id: &str| {
            let pressed = answer.click_custom_id(custom_id, d.bob()).await;
            pressed.reply().await
        };
        let changed = press("ct1:sides:horn-silence:00000000").await;
        assert!(
            changed
                .content
                .starts_with("This answer has changed since the button was made."),
            "{changed}"
        );
        assert_eq!(changed.embeds.len(), 2);
        // It has no detail any more: then the answer.
        let answer = press("ct1:more:horn-silence:00000000").await;
        assert_eq!(answer.title(), "Should the fog horn be silenced at night?");
        for gone in [
            "ct1:sides:horn-colour:00000000",
            "ct1:more:horn-colour:00000000",
            "ct1:topic:horses:0",
            "ct1:source:horses:0",
        ] {
            let gone = press(gone).await;
            assert_eq!(gone.content, "This answer is no longer in the file.");
        }
    });
}

/// Presses everything that leads on from an answer, for every entry of the shipped knowledge; the fake refuses what is over
/// a limit of Discord's, and the record of it is checked against Discord's own description.
#[test]
fn every_page_of_every_shipped_entry_fits() {
    let library =
        Library::open_with(None, Overrides::default()).expect("the built-in knowledge is sound");
    let ids: Vec<String> = library
        .current()
        .replies()
        .iter()
        .map(|reply| format!("id:{}", reply.entry))
        .collect();
    assert!(ids.len() > 100, "the shipped knowledge is there");
    discord(crate::discord_shipped::bot(), async |d| {
        let bare = d.channel_with("bare", MEMBER_RIGHTS - Permissions::EMBED_LINKS);
        for (number, id) in ids.iter().enumerate() {
            // New people, because nobody may ask so much.
            let who = d.newcomer(&format!("reader-{number}"));
            for (form, who) in [("card", who.clone()), ("text", who.in_channel(bare))] {
                let answer = ask(who.clone(), id).await;
                assert!(!answer.is_private(), "{id}: {answer}");
                for label in ["Both sides", "More"] {
                    if answer.labels().contains(&label) {
                        let page = answer.click(label, who.clone()).await.reply().await;
                        assert!(page.is_private(), "{page}");
                        // Plain text is shorter by nature, and cut where it must be: each side to the same length.
                        let cut = page
                            .embeds
                            .iter()
                            .any(|embed| embed.description.contains('…'));
                        let whole = !cut || form == "text";
                        assert!(whole, "{id}: {label} is cut: {page}");
                    }
                }
                assert!(answer.options().len() <= 25);
            }
        }
    });
}
