//! What the REST side refuses, and its faults on demand.

use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};
use serenity::all::Permissions;
use tokio::sync::Notify;

use super::parrot::{INTENTS, http, over_http, parrot, parrot_with, post};
use super::world::World;
use super::{Api, How, MEMBER_RIGHTS, ThreadState, discord};

#[test]
fn only_one_first_response_is_taken() {
    discord(parrot(), async |d| {
        let asked = d.alice().slash("ask", &[("question", "twice")]).await;
        assert_eq!(asked.reply().await.content, "once");
        assert_eq!(d.refusal().await.code(), 40060);
    });
}

#[test]
fn a_response_must_fit_its_interaction() {
    discord(parrot(), async |d| {
        d.alice()
            .slash("ask", &[("question", "acknowledged as a press")])
            .await
            .may_stay_unanswered();
        assert_eq!(d.refusal().await.places(), ["type"]);
    });
}

#[test]
fn a_late_response_is_refused() {
    let gate: Arc<Notify> = Arc::default();
    discord(parrot_with(INTENTS, gate.clone()), async |d| {
        let in_time = d.alice().slash("ask", &[("question", "wait")]).await;
        d.time_passes(Duration::from_millis(1_500));
        gate.notify_one();
        in_time.reply().await;
        let late = d.alice().slash("ask", &[("question", "wait")]).await;
        d.time_passes(Duration::from_millis(3_001));
        gate.notify_one();
        assert_eq!(d.refusal().await.code(), 10062);
        late.may_stay_unanswered();
        d.demands_response_within(Duration::from_mins(1));
        let patient = d.alice().slash("ask", &[("question", "wait")]).await;
        d.time_passes(Duration::from_secs(30));
        gate.notify_one();
        patient.reply().await;
    });
}

#[test]
fn a_token_lives_fifteen_minutes() {
    discord(parrot(), async |d| {
        let http = http(&d.api());
        http.set_application_id(d.world(|world| world.application));
        let asked = d.alice().slash("ask", &[("question", "hello")]).await;
        asked.reply().await;
        let token = d.world(|world| world.interaction(asked.id).token.clone());
        let body = json!({ "content": "more", "flags": 64 });
        http.create_followup_message(&token, &body, Vec::new())
            .await
            .expect("the token is fresh");
        assert!(asked.reply().await.is_private());
        assert_eq!(
            http.get_original_interaction_response(&token)
                .await
                .expect("the token is fresh")
                .content,
            "hello"
        );
        d.time_passes(Duration::from_secs(901));
        http.create_followup_message(&token, &body, Vec::new())
            .await
            .expect_err("the token is dead");
        assert_eq!(d.refusal().await.code(), 50027);
    });
}

#[test]
fn a_long_embed_is_refused_with_its_place() {
    over_http(async |d, http| {
        let body = json!({ "embeds": [{ "description": "d".repeat(4_097) }] });
        post(http, d.general(), body)
            .await
            .expect_err("an embed ends at 4,096");
        let refusal = d.refusal().await;
        assert_eq!((refusal.status(), refusal.code()), (400, 50035));
        assert_eq!(refusal.places(), ["embeds.0.description"]);
    });
}

#[test]
fn posting_needs_rights() {
    let all = MEMBER_RIGHTS;
    let text = json!({ "content": "hello" });
    let embed = json!({ "embeds": [{ "description": "hello" }] });
    let reply =
        json!({ "content": "hello", "message_reference": { "message_id": "10000000000000000" } });
    over_http(async |d, http| {
        // (rights, body, code of the refusal)
        let cases = [
            (all - Permissions::VIEW_CHANNEL, &text, 50001),
            (all - Permissions::SEND_MESSAGES, &text, 50013),
            (all - Permissions::EMBED_LINKS, &embed, 50013),
            (all - Permissions::READ_MESSAGE_HISTORY, &reply, 160_002),
            (all, &reply, 50035),
            (all, &json!({ "content": " " }), 50006),
        ];
        for (rights, body, code) in cases {
            let channel = d.channel_with("guarded", rights);
            post(http, channel, body.clone())
                .await
                .expect_err("something is missing");
            assert_eq!(d.refusal().await.code(), code, "{rights:?} {body}");
        }
        let dull = d.channel_with("dull", all - Permissions::EMBED_LINKS);
        let both = json!({ "content": "hello", "embeds": [{ "description": "gone" }] });
        post(http, dull, both).await.expect("text is allowed");
        assert!(d.reply().await.embeds.is_empty());
        for (thread, code) in [
            (ThreadState::Locked, Some(50083)),
            (ThreadState::Open, None),
        ] {
            d.thread_is(thread);
            let posted = post(http, d.alice().in_thread().channel, text.clone()).await;
            assert_eq!(posted.is_err(), code.is_some());
            match code {
                Some(code) => assert_eq!(d.refusal().await.code(), code),
                None => assert_eq!(d.reply().await.content, "hello"),
            }
        }
    });
}

#[test]
fn direct_messages_can_be_closed() {
    over_http(async |d, http| {
        let bob = d.bob().closes_direct_messages().in_dm();
        let opened = http
            .create_private_channel(&json!({ "recipient_id": bob.user }))
            .await
            .expect("channels can be opened");
        assert_eq!(opened.id, bob.channel);
        post(http, bob.channel, json!({ "content": "psst" }))
            .await
            .expect_err("bob is closed");
        assert_eq!(d.refusal().await.code(), 50007);
    });
}

#[test]
fn messages_are_read_edited_and_deleted_by_those_who_may() {
    over_http(async |d, http| {
        let sent = post(http, d.general(), json!({ "content": "one" }))
            .await
            .expect("all is well");
        d.reply().await;
        let two = json!({ "content": "two" });
        http.edit_message(d.general(), sent.id, &two, Vec::new())
            .await
            .expect("it is the bot's own");
        assert_eq!(d.reply().await.how, How::Edit);
        assert_eq!(
            http.get_message(d.general(), sent.id)
                .await
                .expect("it is there")
                .content,
            "two"
        );
        http.delete_message(d.general(), sent.id, None)
            .await
            .expect("it is the bot's own");
        assert_eq!(d.reply().await.how, How::Deletion);
        http.get_message(d.general(), sent.id)
            .await
            .expect_err("it is gone");
        assert_eq!(d.refusal().await.code(), 10008);
    });
}

#[test]
fn a_nonce_is_taken_once_if_that_is_enforced() {
    over_http(async |d, http| {
        let body = json!({ "content": "once", "nonce": "n1", "enforce_nonce": true });
        let first = post(http, d.general(), body.clone())
            .await
            .expect("all is well");
        let second = post(http, d.general(), body)
            .await
            .expect("the twin is given back");
        assert_eq!(first.id, second.id);
        d.reply().await;
    });
}

#[test]
fn pings_follow_allowed_mentions() {
    over_http(async |d, http| {
        let (alice, bob) = (d.alice().user, d.bob().user);
        let text = format!("<@{alice}> <@!{bob}> <@&77> @everyone");
        // (allowed_mentions, users pinged, whether roles are)
        let cases = [
            (Value::Null, vec![alice, bob], true),
            (json!({ "parse": [] }), vec![], false),
            (json!({ "parse": ["users"] }), vec![alice, bob], false),
            (
                json!({ "parse": ["roles"], "users": [bob] }),
                vec![bob],
                true,
            ),
        ];
        for (allowed, users, roles) in cases {
            post(
                http,
                d.general(),
                json!({ "content": text, "allowed_mentions": allowed }),
            )
            .await
            .expect("all is well");
            if allowed.is_null() {
                d.last_request_was_wrong_on_purpose();
            }
            let pings = d.reply().await.pings;
            assert_eq!(
                (pings.users, !pings.roles.is_empty(), pings.everyone),
                (users, roles, false),
                "{allowed}"
            );
        }
    });
}

#[test]
fn requests_without_the_token_are_unauthorized() {
    over_http(async |d, _| {
        let stranger = http(&Api {
            token: "another.token.altogether".to_owned(),
            ..d.api()
        });
        stranger
            .get_gateway()
            .await
            .expect("the gateway's address is no secret");
        stranger
            .get_current_user()
            .await
            .expect_err("the token is wrong");
        assert_eq!(d.refusal().await.status(), 401);
    });
}

#[test]
fn every_fault_of_the_rest_side_can_be_had() {
    over_http(async |d, http| {
        let send = async |text: &str| post(http, d.general(), json!({ "content": text })).await;
        let rule = || d.when("POST", "/channels/*/messages");
        rule().after(1).times(1).answers_with(
            429,
            &[("retry-after", "1")],
            json!({ "code": 0, "message": "slow", "retry_after": 1.0, "global": false }),
        );
        send("first").await.expect("the rule lets one pass");
        let refused = send("second")
            .await
            .expect_err("the rule answers")
            .to_string();
        assert!(refused.contains("slow"), "{refused}");
        rule().times(1).delays(Duration::from_millis(1));
        send("third").await.expect("late, but well");
        rule().times(1).aborts_before();
        send("never").await.expect_err("the connection is reset");
        rule().times(1).aborts_after();
        send("fourth").await.expect_err("the connection is reset");
        rule().times(1).truncates();
        send("fifth").await.expect_err("half a body is no message");
        rule().times(1).never_answers();
        tokio::time::timeout(Duration::from_millis(100), send("never"))
            .await
            .expect_err("nothing comes");
        for text in ["first", "third", "fourth", "fifth"] {
            assert_eq!(d.reply().await.content, text);
        }
        assert_eq!(d.requests("POST", "/channels/*/messages").len(), 7);
    });
}

#[test]
fn what_is_recorded_is_what_was_meant() {
    over_http(async |d, http| {
        post(http, d.general(), json!({ "content": "meant" }))
            .await
            .expect("all is well");
        d.reply().await;
        post(http, d.general(), json!({ "content": "" }))
            .await
            .expect_err("nothing to send");
        d.refusal().await;
        let path = format!("/api/v10/channels/{}/messages", d.general());
        let line = json!({ "method": "POST", "path": path, "body": { "content": "meant" } });
        assert_eq!(d.world(World::record), format!("{line}\n"));
    });
}

#[test]
fn everything_served_is_what_serenity_reads() {
    over_http(async |d, http| {
        http.set_application_id(d.world(|world| world.application));
        let (guild, alice) = (d.guild(), d.alice().user);
        let thread = d.alice().in_thread().channel;
        let direct = d.alice().in_dm().channel;
        for channel in [d.general(), thread, direct] {
            assert_eq!(
                http.get_channel(channel).await.expect("it is there").id(),
                channel
            );
        }
        assert_eq!(
            http.get_guild(guild).await.expect("the bot is in it").id,
            guild
        );
        let member = http.get_member(guild, alice).await.expect("alice is in it");
        assert_eq!((member.user.id, member.user.bot), (alice, false));
        assert!(
            http.get_user(d.robot().user)
                .await
                .expect("it is there")
                .bot
        );
        assert!(http.get_current_user().await.expect("it is the bot").bot);
        assert_eq!(http.get_bot_gateway().await.expect("it has one").shards, 1);
        let application = http
            .get_current_application_info()
            .await
            .expect("it has one");
        assert_eq!(application.name, "cleartext");
        http.broadcast_typing(thread)
            .await
            .expect("it may write there");

        let ask = json!({ "name": "ask", "description": "Ask" });
        let made = http.create_global_command(&ask).await.expect("it is fine");
        let again = http
            .create_global_commands(&json!([ask]))
            .await
            .expect("they are fine");
        assert_eq!(again[0].id, made.id, "a command keeps its id");
        let in_guild = http
            .create_guild_commands(guild, &json!([ask]))
            .await
            .expect("they are fine");
        assert_eq!((in_guild.len(), in_guild[0].guild_id), (1, Some(guild)));
        http.delete_global_command(made.id)
            .await
            .expect("it is there");
        assert_eq!(
            http.get_global_commands()
                .await
                .expect("none is a list too")
                .len(),
            0
        );
        assert_eq!(
            http.get_guild_commands(guild)
                .await
                .expect("it has one")
                .len(),
            1
        );
    });
}
