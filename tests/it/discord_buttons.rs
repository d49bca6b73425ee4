//! The bot's buttons: picking, none of these, sharing, and buttons of long ago.

use insta::assert_snapshot;
use serenity::all::Permissions;

use crate::discord::{TORN, ask, bot, shown};
use crate::fake::{How, discord};

const LABEL: &str = "What does the fog horn cost a year?";

#[test]
fn a_choice_is_for_the_asker_and_a_press_turns_it_into_the_answer() {
    discord(bot(), async |d| {
        let choice = ask(d.alice(), TORN).await;
        assert_snapshot!(shown(&choice), @"
        (only alice sees this)
        Which one did you mean?
        1. What does the fog horn cost a year?
        2. Should the fog horn be silenced at night?
        3. At what hours can visitors climb the tower on weekdays, at weekends and on the public holidays of the region?
        [What does the fog horn cost a year?]
        [Should the fog horn be silenced at night?]
        [At what hours can visitors climb the tower on weekdays, at weekends and on the…]
        [None of these]
        ");
        let answer = choice.click(LABEL, d.alice()).await.reply().await;
        assert_eq!((answer.how, answer.id), (How::Update, choice.id));
        assert_snapshot!(shown(&answer), @"
        (only alice sees this)
        ▌ What does the fog horn cost a year?
        ▌ It costs 12,000 crowns a year [¹](https://harbour.example/lighthouse).
        ▌
        ▌ **Sources**
        ▌ 1. Harbour Office, [“The lighthouse in figures”](https://harbour.example/lighthouse), 21 April 2024, para. 5 · primary
        ▌ This may be out of date: its review was due on 31 January 2025 · As of 21 April 2024 · horn-cost · edition 2026.11
        [More] [Share]
        ( Related questions ▾ Should the fog horn be silenced at night? | At what hours can visitors climb the tower on weekdays, at weekends and on the public holidays of… )
        ");
    });
}

#[test]
fn none_of_these_says_what_is_near() {
    discord(bot(), async |d| {
        let choice = ask(d.alice(), TORN).await;
        let miss = choice.click("None of these", d.alice()).await.reply().await;
        assert_snapshot!(shown(&miss), @r"
        (only alice sees this)
        This is not in the file. Topics near it:
        - The fog horn
        - Visiting \*the\* tower
        - The lighthouse
        [Browse topics]
        ");
    });
}

#[test]
fn a_shared_answer_is_for_the_channel_once() {
    discord(bot(), async |d| {
        let choice = ask(d.alice(), TORN).await;
        let answer = choice.click(LABEL, d.alice()).await.reply().await;
        let public = answer.click("Share", d.alice()).await.reply().await;
        assert!(!public.is_private());
        assert_eq!(public.labels(), ["More", "Remove"]);
        assert_eq!(public.title(), LABEL);
        let again = answer.click("Share", d.alice()).await.reply().await;
        assert_snapshot!(shown(&again), @"
        (only alice sees this)
        You have shared this answer already.
        ");
    });
}

#[test]
fn who_may_not_speak_may_not_share() {
    discord(bot(), async |d| {
        let alice = || {
            d.alice()
                .with_rights(Permissions::VIEW_CHANNEL | Permissions::USE_APPLICATION_COMMANDS)
        };
        let choice = ask(alice(), TORN).await;
        let answer = choice.click(LABEL, alice()).await.reply().await;
        let refused = answer.click("Share", alice()).await.reply().await;
        assert_snapshot!(shown(&refused), @"
        (only alice sees this)
        You cannot post in this channel, so I cannot share it for you.
        ");
    });
}

#[test]
fn buttons_of_other_versions_get_a_calm_sentence() {
    discord(bot(), async |d| {
        let choice = ask(d.alice(), TORN).await;
        for custom_id in [
            "ct0:answer:horn-cost",
            "ct1:dance",
            "ct9:pick:horn-cost:00000000",
        ] {
            let reply = choice
                .click_custom_id(custom_id, d.alice())
                .await
                .reply()
                .await;
            assert_eq!(
                shown(&reply),
                "(only alice sees this)
This button comes from another version of me. Please ask again with /ask."
            );
        }
    });
}

#[test]
fn a_button_says_what_has_become_of_its_answer() {
    discord(bot(), async |d| {
        let choice = ask(d.alice(), TORN).await;
        let changed = choice
            .click_custom_id("ct1:pick:horn-cost:00000000", d.alice())
            .await
            .reply()
            .await;
        assert_eq!(
            changed.content,
            "This answer has changed since the button was made."
        );
        assert_eq!(changed.title(), LABEL);
        let stale = changed
            .click_custom_id("ct1:share:horn-cost:00000000", d.alice())
            .await
            .reply()
            .await;
        assert!(stale.is_private() && !stale.content.is_empty(), "{stale}");
        let gone = changed
            .click_custom_id("ct1:pick:horn-colour:00000000", d.alice())
            .await
            .reply()
            .await;
        assert_snapshot!(shown(&gone), @"
        (only alice sees this)
        This answer is no longer in the file.
        ");
    });
}
