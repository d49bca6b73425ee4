//! The fake Discord itself, driven by the real serenity client: it must be as strict as Discord, or the other tests prove nothing.

use std::sync::Arc;
use std::time::Duration;

use serde_json::json;
use serenity::all::{GatewayIntents, Permissions};

use crate::fake::parrot::{INTENTS, check_strict, failure, http, parrot, parrot_with, post};
use crate::fake::{Audience, Bot, Discord, How, MEMBER_RIGHTS, discord, discord_before_start};

#[test]
fn a_mention_is_heard_and_its_answer_seen() {
    discord(parrot(), async |d| {
        let said = d.alice().mentions_bot("hello").await;
        let reply = said.reply().await;
        assert!(reply.content.ends_with("hello”"), "{reply}");
        assert_eq!(
            (reply.reply_to, reply.seen_by, reply.how),
            (Some(said.id), Audience::Everyone, How::Message)
        );
        assert!(reply.pings_nobody());
    });
}

#[test]
fn text_that_is_not_for_the_bot_does_not_reach_it() {
    discord(parrot(), async |d| {
        assert_eq!(
            d.alice().says("secret").await.reply().await.content,
            "I read “”"
        );
        let to_dm = d.alice().dm("open").await.reply().await;
        assert_eq!(to_dm.content, "I read “open”");
        let to_reply = d
            .alice()
            .in_dm()
            .replies_to(to_dm.id, "this too")
            .await
            .reply()
            .await;
        assert_eq!(to_reply.content, "I read “this too”");
    });
}

#[test]
fn all_text_reaches_a_bot_with_the_intent() {
    discord_before_start(
        parrot_with(INTENTS | GatewayIntents::MESSAGE_CONTENT, Arc::default()),
        async |d| {
            d.grants(GatewayIntents::MESSAGE_CONTENT);
            d.start_bot();
            assert_eq!(
                d.alice().says("open").await.reply().await.content,
                "I read “open”"
            );
        },
    );
}

#[test]
fn a_command_a_press_a_choice_and_a_form_go_the_whole_way() {
    discord(parrot(), async |d| {
        let reply = d
            .alice()
            .slash("ask", &[("question", "hello")])
            .await
            .reply()
            .await;
        assert_eq!(
            reply.to_string(),
            "hello\n[Press me] [Fill in]\n( Choose ▾ First | Second )"
        );
        let modal = reply.click("Fill in", d.bob()).await.modal().await;
        assert_eq!(modal.title, "A reason");
        let filled = modal.submit(&[("Why", "because")]).await.reply().await;
        assert!(filled.content.contains("because"), "{filled}");
        let chosen = reply.select("Second", d.alice()).await.reply().await;
        assert_eq!(
            (chosen.content.as_str(), chosen.how),
            (
                "StringSelect { values: [\"value of Second\"] }",
                How::Update
            )
        );
        assert!(chosen.buttons.is_empty());
        assert_eq!(reply.as_it_is_now().to_string(), chosen.to_string());
    });
}

#[test]
fn typing_brings_suggestions() {
    discord(parrot(), async |d| {
        let choices = d.alice().types("ask", "question", "par").await;
        assert_eq!(
            choices
                .iter()
                .map(|choice| choice.name.as_str())
                .collect::<Vec<_>>(),
            ["par…"]
        );
    });
}

#[test]
fn a_menu_on_a_message_brings_its_text() {
    discord(parrot(), async |d| {
        let said = d.bob().says("not for the bot").await;
        assert_eq!(said.reply().await.content, "I read “”");
        let reply = d
            .alice()
            .message_menu("Look at it", said.id)
            .await
            .reply()
            .await;
        assert_eq!(reply.content, "on “not for the bot”");
    });
}

#[test]
fn people_edit_and_delete_what_they_said() {
    discord(parrot(), async |d| {
        let said = d.alice().mentions_bot("one").await;
        said.reply().await;
        d.alice().edits(&said, "two").await;
        d.alice().deletes(&said).await;
        d.silence().await;
    });
}

#[test]
fn a_private_response_is_seen_by_its_asker_alone() {
    discord(parrot(), async |d| {
        let reply = d
            .alice()
            .slash("ask", &[("question", "privately")])
            .await
            .reply()
            .await;
        assert_eq!(reply.seen_by, Audience::Only(d.alice().user));
        reply.click("Press me", d.alice()).await.reply().await;
    });
    let pressed_by_another = async |d: Discord| {
        d.alice()
            .slash("ask", &[("question", "privately")])
            .await
            .reply()
            .await
            .click("Press me", d.bob())
            .await;
    };
    check_strict(
        parrot(),
        pressed_by_another,
        "this person does not see the message",
    );
}

#[test]
fn a_deferred_response_is_filled_followed_up_and_deleted() {
    discord(parrot(), async |d| {
        let asked = d.alice().slash("ask", &[("question", "later")]).await;
        let mut seen = Vec::new();
        for _ in 0..3 {
            let reply = asked.reply().await;
            seen.push((reply.how, reply.content));
        }
        let filled = "after some thought".to_owned();
        let expected = [
            (How::Edit, filled.clone()),
            (How::FollowUp, "and one more thing".to_owned()),
            (How::Deletion, filled),
        ];
        assert_eq!(seen, expected);
    });
}

#[test]
fn an_app_of_ones_own_works_where_the_bot_is_not() {
    discord(parrot(), async |d| {
        for who in [
            d.alice().elsewhere(),
            d.alice().in_group(),
            d.alice().in_dm(),
            d.alice().in_thread(),
        ] {
            assert_eq!(
                who.slash("ask", &[("question", "hello")])
                    .await
                    .reply()
                    .await
                    .seen_by,
                Audience::Everyone
            );
        }
        let muzzled = d
            .bob()
            .elsewhere()
            .with_rights(MEMBER_RIGHTS - Permissions::USE_EXTERNAL_APPS);
        assert!(
            muzzled
                .slash("ask", &[("question", "hello")])
                .await
                .reply()
                .await
                .is_private()
        );
        d.alice()
            .elsewhere()
            .mentions_bot("the bot is not here")
            .await;
        d.silence().await;
    });
}

#[test]
fn commands_are_offered_to_those_they_are_for() {
    discord(parrot(), async |d| {
        assert_eq!(
            d.registered_commands().await,
            ["ask", "Look at it", "staff"]
        );
        assert!(d.moderator().is_offered("staff") && !d.alice().is_offered("staff"));
        assert!(
            !d.moderator().elsewhere().is_offered("staff")
                && d.alice().elsewhere().is_offered("ask")
        );
    });
}

#[test]
fn a_forum_post_is_a_thread_with_a_message() {
    discord(
        parrot_with(INTENTS | GatewayIntents::GUILDS, Arc::default()),
        async |d| {
            let said = d.alice().opens_post("A question", "no mention").await;
            let reply = said.reply().await;
            assert_eq!(
                (reply.content.as_str(), reply.channel),
                ("I read “”", said.channel)
            );
        },
    );
}

#[test]
fn a_bot_can_be_restarted_and_old_buttons_go_on_working() {
    discord(parrot(), async |d| {
        let reply = d
            .alice()
            .slash("ask", &[("question", "hello")])
            .await
            .reply()
            .await;
        d.restart_bot().await;
        assert_eq!(
            reply.click("Press me", d.bob()).await.reply().await.content,
            "Button"
        );
        assert_eq!(d.closes_by_bot(), [Some(1000)]);
    });
}

#[test]
fn a_careless_test_fails() {
    let unread = async |d: Discord| {
        d.alice().mentions_bot("hello").await;
        d.wait_for("something unread", |world| {
            (!world.unread.is_empty()).then_some(())
        })
        .await;
    };
    check_strict(parrot(), unread, "the test did not look at: I read “");
    let refused = async |d: Discord| {
        post(&http(&d.api()), d.general(), json!({ "content": "" }))
            .await
            .expect_err("nothing to send");
    };
    check_strict(parrot(), refused, "was refused: 400 with code 50006");
    let unknown_route = async |d: Discord| {
        http(&d.api())
            .get_user_connections()
            .await
            .expect_err("there is no such route");
        d.refusal().await;
    };
    check_strict(
        parrot(),
        unknown_route,
        "the fake knows no route GET /api/v10/users/@me/connections",
    );
    let unanswered = async |d: Discord| drop(d.alice().slash("ask", &[("question", "wait")]).await);
    check_strict(parrot(), unanswered, "the bot never responded to a command");
    let thinking = async |d: Discord| {
        d.alice()
            .slash("ask", &[("question", "thinking for ever")])
            .await
            .is_acknowledged()
            .await;
    };
    check_strict(parrot(), thinking, "still “thinking”");
    let idle_rule = async |d: Discord| d.when("GET", "/users/@me").answers(500);
    check_strict(parrot(), idle_rule, "never came into play");
    let impatient = async |d: Discord| {
        d.waits_at_most(Duration::from_millis(50));
        d.reply().await;
    };
    check_strict(parrot(), impatient, "waited 50ms for a reply");
}

#[test]
fn a_bot_that_fails_fails_its_test() {
    let crash = Bot::new(|_, stop| async move {
        stop.cancelled().await;
        Err("out of luck".to_owned())
    });
    let text = failure(|| discord_before_start(crash, async |d| d.start_bot()));
    assert!(
        text.contains("the bot ended with an error: out of luck"),
        "{text}"
    );
    let stubborn = Bot::new(|_, _| std::future::pending());
    let text = failure(|| {
        discord_before_start(stubborn, async |d| {
            d.waits_at_most(Duration::from_millis(50));
            d.start_bot();
        });
    });
    assert!(text.contains("the bot did not stop within 50ms"), "{text}");
}
