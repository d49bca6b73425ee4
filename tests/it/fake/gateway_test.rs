//! Sessions under mishaps: what the real client does, and that the fake lets it.

use std::sync::Arc;
use std::time::Duration;

use serenity::all::GatewayIntents;

use super::parrot::{INTENTS, parrot, parrot_with, run_parrot, side_by_side};
use super::{Api, Bot, Discord, Duty, Frames, discord, discord_before_start};

#[test]
fn ready_is_reached_in_every_form_of_frames() {
    for frames in [Frames::Text, Frames::ZlibWhenLarge, Frames::Zlib] {
        discord_before_start(parrot(), async |d| {
            d.sends_frames(frames);
            d.start_bot();
            d.alice().mentions_bot("hello").await.reply().await;
            // 7,800 bytes, and more than 8 KiB with all that surrounds them.
            let large = "𝄞".repeat(1_950);
            let reply = d.alice().mentions_bot(&large).await.reply().await;
            assert!(reply.content.contains(&large));
            assert_eq!((d.identifies(), d.resumes()), (1, 0), "{frames:?}");
        });
    }
}

#[test]
fn a_missed_message_is_replayed_once_after_a_dropped_connection() {
    discord(parrot(), async |d| {
        d.drop_connection();
        let said = d.alice().mentions_bot("while you were away").await;
        said.reply().await;
        assert_eq!((d.identifies(), d.resumes(), d.connections()), (1, 1, 2));
        d.silence().await;
    });
}

type Mishap = fn(&Discord);

#[test]
fn mishaps_of_a_session_end_in_a_resume_or_a_new_session() {
    // (mishap, identifies after it, resumes after it)
    let cases: [(Mishap, usize, usize); 5] = [
        (|d| d.reconnect_request(), 1, 1),
        (|d| d.invalid_session(true), 1, 1),
        (|d| d.invalid_session(false), 2, 0),
        (|d| d.close(4000), 1, 1),
        (|d| d.close(4009), 2, 0),
    ];
    side_by_side(cases, |(mishap, identifies, resumes)| {
        discord(parrot(), async |d| {
            mishap(&d);
            d.bot_identifies(identifies).await;
            d.bot_resumes(resumes).await;
            d.bot_is_ready().await;
            d.alice().mentions_bot("are you back?").await.reply().await;
            assert_eq!((d.identifies(), d.resumes()), (identifies, resumes));
        });
    });
}

#[test]
fn a_forgotten_session_cannot_be_resumed() {
    discord(parrot(), async |d| {
        d.forgets_sessions();
        d.drop_connection();
        d.bot_resumes(1).await;
        d.bot_identifies(2).await;
        d.bot_is_ready().await;
        d.alice().mentions_bot("who are you?").await.reply().await;
    });
}

#[test]
fn what_cannot_be_understood_does_no_harm_and_a_duplicate_is_heard_twice() {
    discord(parrot(), async |d| {
        d.sends_unknown_event();
        d.sends_raw("{\"op\": 0, \"t\": ");
        let said = d.alice().mentions_bot("hello").await;
        said.reply().await;
        d.silence().await;
        let again = d.alice().mentions_bot("twice").await;
        d.duplicate_last_event();
        again.reply().await;
        again.reply().await;
    });
}

/// A bot that is refused ends with an error that names the reason.
fn check_refused(arrange: impl FnOnce(&Discord), bot: Bot, reason: &str) {
    discord_before_start(bot, async |d| {
        arrange(&d);
        d.start_bot();
        let end = d.bot_ends().await.expect_err("the bot cannot go on");
        assert!(end.to_lowercase().contains(reason), "{end}");
        assert_eq!(d.identifies(), 1);
    });
}

#[test]
fn a_session_is_refused_for_its_token_and_its_intents() {
    let stranger = Bot::new(|api, stop| {
        let wrong = Api {
            token: format!("{}x", api.token),
            ..api
        };
        run_parrot(wrong, stop, INTENTS, Arc::default())
    });
    check_refused(|_| {}, stranger, "authentication");
    check_refused(
        |_| {},
        parrot_with(INTENTS | GatewayIntents::MESSAGE_CONTENT, Arc::default()),
        "disallowed",
    );
    check_refused(|d| d.refuses_sessions_with(Some(4013)), parrot(), "invalid");
}

#[test]
fn heartbeats_that_nobody_acknowledges_end_the_connection() {
    let duties: [fn(&Discord, Duty); 2] = [
        |d, duty| d.acks_heartbeats(duty),
        |d, duty| d.reads_sockets(duty),
    ];
    side_by_side(duties, |turn| {
        discord_before_start(parrot(), async |d| {
            d.heartbeats_every(Duration::from_millis(100));
            d.start_bot();
            d.bot_heartbeats(1).await;
            turn(&d, Duty::Neglected);
            d.wait_for("a second connection", |world| {
                (world.gateway.connections > 1).then_some(())
            })
            .await;
            turn(&d, Duty::Kept);
            d.bot_identifies(2).await;
            d.bot_is_ready().await;
            d.alice().mentions_bot("there?").await.reply().await;
        });
    });
}

#[test]
fn hello_and_ready_can_be_withheld() {
    discord_before_start(parrot(), async |d| {
        d.says_hello(Duty::Neglected);
        d.start_bot();
        d.wait_for("a connection", |world| {
            (world.gateway.connections == 1).then_some(())
        })
        .await;
        d.says_hello(Duty::Kept);
        d.says_ready(Duty::Neglected);
        d.close(4000);
        d.bot_identifies(1).await;
        assert_eq!(
            d.connections(),
            2,
            "the first connection said no HELLO and so heard no IDENTIFY"
        );
        d.says_ready(Duty::Kept);
        d.close(4000);
        d.bot_identifies(2).await;
        d.alice().mentions_bot("now?").await.reply().await;
    });
}
