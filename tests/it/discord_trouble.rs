//! What becomes of answers when Discord refuses, stalls or breaks.

use std::time::Duration;

use cleartext::discord::Timings;
use serde_json::json;
use serenity::all::Permissions;

use crate::discord::{SURE, TORN, ask, bot, bot_with, faults_strike, mention, short};
use crate::fake::{How, MEMBER_RIGHTS, discord};

const REPLIES: &str = "/channels/*/messages";
const REPLY: &str = "/channels/*/messages/*";
const RESPONSES: &str = "/interactions/*/*/callback";

#[test]
fn a_channel_that_refuses_is_left_alone() {
    discord(bot(), async |d| {
        let silent = d.channel_with("silent", MEMBER_RIGHTS - Permissions::SEND_MESSAGES);
        d.alice().in_channel(silent).mentions_bot(SURE).await;
        // The second try goes without an embed, which may be all that is not allowed.
        for _ in 0..2 {
            assert_eq!(d.refusal().await.status(), 403);
        }
        d.alice().in_channel(silent).mentions_bot(SURE).await;
        d.silence().await;
        assert_eq!(d.requests("POST", REPLIES).len(), 2);
        // Other channels are not concerned, and commands need no such right.
        assert_eq!(mention(d.alice(), SURE).await.title(), SURE);
        let asked = d
            .alice()
            .in_channel(silent)
            .slash("ask", &[("question", SURE)])
            .await;
        assert_eq!(asked.reply().await.title(), SURE);
    });
}

#[test]
fn a_channel_that_it_cannot_see_any_more_is_left_alone_after_one_refusal() {
    discord(bot(), async |d| {
        let said = d.alice().mentions_bot(SURE).await;
        drop(said.reply().await);
        let me = d.look(|world| world.bot);
        let no_access = json!({ "code": 50001, "message": "Missing Access" });
        d.when("POST", REPLIES).answers_with(403, &[], no_access);
        d.alice().mentions_bot(SURE).await;
        faults_strike(&d, 1).await;
        d.alice().mentions_bot(SURE).await;
        // Nor is a reply of before changed there.
        d.alice().edits(&said, &format!("<@{me}> {TORN}")).await;
        d.silence().await;
        assert_eq!(d.requests("POST", REPLIES).len(), 2);
        assert_eq!(d.requests("PATCH", REPLY).len(), 0);
    });
    // The refusal of a change counts as well.
    discord(bot(), async |d| {
        let said = d.alice().mentions_bot(SURE).await;
        drop(said.reply().await);
        let me = d.look(|world| world.bot);
        let no_access = json!({ "code": 50001, "message": "Missing Access" });
        d.when("PATCH", REPLY).answers_with(403, &[], no_access);
        d.alice().edits(&said, &format!("<@{me}> {TORN}")).await;
        faults_strike(&d, 1).await;
        d.alice().edits(&said, &format!("<@{me}> {SURE}")).await;
        d.alice().mentions_bot(SURE).await;
        d.silence().await;
        assert_eq!(d.requests("PATCH", REPLY).len(), 1);
        assert_eq!(d.requests("POST", REPLIES).len(), 1);
        // Taking a reply away needs no right to post.
        d.alice().deletes(&said).await;
        assert_eq!(said.reply().await.how, How::Deletion);
    });
}

#[test]
fn a_forum_post_that_takes_no_replies_yet_is_tried_once_more_and_not_left_alone() {
    let too_early = || {
        json!({
            "code": 40058,
            "message": "Cannot message this thread until after the post author has sent an initial message",
        })
    };
    discord(bot(), async |d| {
        let me = d.look(|world| world.bot);
        let question = format!("<@{me}> {SURE}");
        d.when("POST", REPLIES)
            .times(1)
            .answers_with(403, &[], too_early());
        let post = d.alice().opens_post("The lighthouse", &question).await;
        assert_eq!(post.reply().await.title(), SURE);
        d.when("POST", REPLIES)
            .times(2)
            .answers_with(403, &[], too_early());
        let post = d.alice().opens_post("Once more", &question).await;
        faults_strike(&d, 3).await;
        let there = d.bob().in_channel(post.channel);
        assert_eq!(mention(there, SURE).await.title(), SURE);
    });
}

#[test]
fn a_reply_that_surely_was_not_posted_is_tried_once_more() {
    discord(bot(), async |d| {
        d.when("POST", REPLIES).times(1).answers(429);
        assert_eq!(mention(d.alice(), SURE).await.title(), SURE);
        d.when("POST", REPLIES).times(2).answers(429);
        d.alice().mentions_bot(SURE).await;
        faults_strike(&d, 3).await;
        // The end waits for replies under way.
        d.stop_bot().await.expect("it stops");
        assert_eq!(d.requests("POST", REPLIES).len(), 4);
    });
}

#[test]
fn a_reply_that_may_have_been_posted_is_not_sent_again() {
    discord(bot(), async |d| {
        d.when("POST", REPLIES).times(1).answers(500);
        d.alice().mentions_bot(SURE).await;
        d.silence().await;
        // Posted, but the answer is lost or unreadable.
        d.when("POST", REPLIES).times(1).aborts_after();
        assert_eq!(mention(d.alice(), SURE).await.title(), SURE);
        d.when("POST", REPLIES).times(1).truncates();
        assert_eq!(mention(d.alice(), SURE).await.title(), SURE);
        assert_eq!(mention(d.alice(), SURE).await.title(), SURE);
        d.stop_bot().await.expect("it stops");
        assert_eq!(d.requests("POST", REPLIES).len(), 4);
    });
}

#[test]
fn a_response_is_tried_again_while_discord_takes_it() {
    discord(bot(), async |d| {
        let ask = async || d.alice().slash("ask", &[("question", SURE)]).await;
        d.when("POST", RESPONSES).times(1).answers(500);
        assert_eq!(ask().await.reply().await.title(), SURE);
        d.when("POST", RESPONSES).times(1).aborts_before();
        assert_eq!(ask().await.reply().await.title(), SURE);
        // The first try came through: Discord refuses the second, and nothing is posted twice.
        d.when("POST", RESPONSES).times(1).aborts_after();
        assert_eq!(ask().await.reply().await.title(), SURE);
        assert_eq!(d.refusal().await.code(), 40060);
        d.silence().await;
    });
}

#[test]
fn a_response_that_discord_refuses_becomes_an_apology() {
    discord(bot(), async |d| {
        let body = json!({ "code": 50035, "message": "Invalid Form Body" });
        d.when("POST", RESPONSES)
            .times(1)
            .answers_with(400, &[], body);
        let reply = ask(d.alice(), SURE).await;
        assert!(reply.is_private());
        let reference = reply
            .content
            .strip_prefix("Something broke on my side (reference ")
            .and_then(|rest| rest.strip_suffix("). Nothing was posted."))
            .unwrap_or_else(|| panic!("{reply}"));
        assert!(
            reference.len() == 6 && reference.bytes().all(|digit| digit.is_ascii_hexdigit()),
            "{reference}"
        );
    });
}

#[test]
fn a_response_that_comes_too_late_is_not_repeated() {
    discord(bot(), async |d| {
        d.demands_response_within(Duration::ZERO);
        let asked = d.alice().slash("ask", &[("question", SURE)]).await;
        asked.may_stay_unanswered();
        assert_eq!(d.refusal().await.code(), 10062);
        d.silence().await;
        assert_eq!(d.requests("POST", RESPONSES).len(), 1);
    });
}

#[test]
fn hung_requests_hold_up_nobody() {
    let timings = Timings {
        post: Duration::from_millis(300),
        respond: Duration::from_millis(600),
        respond_attempt: Duration::from_millis(300),
        ..short()
    };
    discord(bot_with(timings), async |d| {
        d.when("POST", REPLIES).times(1).never_answers();
        d.alice().mentions_bot(SURE).await;
        faults_strike(&d, 1).await;
        assert_eq!(mention(d.alice(), SURE).await.title(), SURE);
        d.when("POST", RESPONSES).times(1).never_answers();
        let choice = ask(d.alice(), TORN).await;
        assert!(choice.is_private());
    });
}

#[test]
fn a_flood_is_served_within_bounds() {
    let timings = Timings {
        queue: Duration::from_millis(200),
        ..short()
    };
    discord(bot_with(timings), async |d| {
        // 64 places, all of them waiting for Discord; what comes after them waits a while and is dropped.
        d.when("POST", REPLIES)
            .times(64)
            .delays(Duration::from_secs(2));
        let mut all = Vec::new();
        for _ in 0..80 {
            all.push(d.alice().mentions_bot(SURE).await);
        }
        for _ in 0..64 {
            assert_eq!(d.reply().await.title(), SURE);
        }
        d.silence().await;
        assert_eq!(d.requests("POST", REPLIES).len(), 64);
        assert_eq!(mention(d.alice(), SURE).await.title(), SURE);
    });
}
