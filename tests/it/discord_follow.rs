//! Replies follow their questions: edited with them, deleted with them.

use std::time::Duration;

use crate::discord::{FAR, SURE, TORN, bot, faults_strike, mention};
use crate::fake::{How, discord};

const OTHER: &str = "When was the lighthouse built?";
const UNSURE: &str = "I found no sure answer to that. Try /ask: only you will see what I find.";

#[test]
fn an_edited_question_gets_its_reply_edited() {
    discord(bot(), async |d| {
        let me = d.look(|world| world.bot);
        let said = d.alice().mentions_bot(FAR).await;
        let reply = said.reply().await;
        assert_eq!(reply.content, UNSURE);
        d.alice().edits(&said, &format!("<@{me}> {SURE}")).await;
        let edited = said.reply().await;
        assert_eq!((edited.how, edited.id), (How::Edit, reply.id));
        assert_eq!((edited.title(), edited.content.as_str()), (SURE, ""));
        d.alice().edits(&said, &format!("<@{me}> {OTHER}")).await;
        assert_eq!(said.reply().await.title(), OTHER);
        d.alice().edits(&said, &format!("<@{me}> {TORN}")).await;
        let unsure = said.reply().await;
        assert_eq!((unsure.title(), unsure.content.as_str()), ("", UNSURE));
        assert!(unsure.pings_nobody());
    });
}

#[test]
fn of_two_quick_edits_the_last_one_stands() {
    discord(bot(), async |d| {
        let me = d.look(|world| world.bot);
        let said = d.alice().mentions_bot(FAR).await;
        let reply = said.reply().await;
        // The first request is on its way for so long that a second one would overtake it.
        d.when("PATCH", "/channels/*/messages/*")
            .times(1)
            .delays(Duration::from_millis(200));
        d.alice().edits(&said, &format!("<@{me}> {SURE}")).await;
        d.alice().edits(&said, &format!("<@{me}> {OTHER}")).await;
        let (first, last) = (said.reply().await, said.reply().await);
        assert_eq!((first.id, first.title()), (reply.id, SURE));
        assert_eq!((last.id, last.title()), (reply.id, OTHER));
    });
}

#[test]
fn an_edited_direct_message_gets_its_reply_edited() {
    discord(bot(), async |d| {
        let said = d.alice().dm(TORN).await;
        let choice = said.reply().await;
        assert!(choice.labels().contains(&"None of these"));
        d.alice().edits(&said, SURE).await;
        let answer = said.reply().await;
        assert_eq!((answer.how, answer.title()), (How::Edit, SURE));
    });
}

#[test]
fn a_deleted_question_takes_its_reply_with_it() {
    discord(bot(), async |d| {
        let said = d.alice().mentions_bot(SURE).await;
        let reply = said.reply().await;
        d.alice().deletes(&said).await;
        let gone = said.reply().await;
        assert_eq!((gone.how, gone.id), (How::Deletion, reply.id));
        // Others' messages go without any ado.
        let chat = d.alice().says("good morning").await;
        d.alice().deletes(&chat).await;
        d.silence().await;
    });
}

#[test]
fn questions_that_moderators_purge_take_their_replies_with_them() {
    discord(bot(), async |d| {
        let first = d.alice().mentions_bot(SURE).await;
        let chat = d.bob().says("good morning").await;
        let second = d.bob().mentions_bot(OTHER).await;
        let kept = d.alice().mentions_bot(FAR).await;
        let replies = [first.reply().await.id, second.reply().await.id];
        drop(kept.reply().await);
        d.moderator().purges(&[&first, &chat, &second]).await;
        for (said, reply) in [&first, &second].into_iter().zip(replies) {
            let gone = said.reply().await;
            assert_eq!((gone.how, gone.id), (How::Deletion, reply));
        }
        d.silence().await;
    });
}

#[test]
fn what_happens_to_a_question_while_its_reply_is_on_its_way_is_not_lost() {
    discord(bot(), async |d| {
        let me = d.look(|world| world.bot);
        let slow = || {
            d.when("POST", "/channels/*/messages")
                .times(1)
                .delays(Duration::from_millis(300));
        };
        slow();
        let said = d.alice().mentions_bot(FAR).await;
        faults_strike(&d, 1).await;
        d.alice().edits(&said, &format!("<@{me}> {SURE}")).await;
        let (reply, edited) = (said.reply().await, said.reply().await);
        assert_eq!((reply.how, reply.content.as_str()), (How::Message, UNSURE));
        assert_eq!((edited.how, edited.id), (How::Edit, reply.id));
        assert_eq!(edited.title(), SURE);
        // Discord posts no reply to what is gone, and there is nothing to take away.
        slow();
        let said = d.alice().mentions_bot(OTHER).await;
        faults_strike(&d, 2).await;
        d.alice().deletes(&said).await;
        assert_eq!(d.refusal().await.status(), 400);
        // It may be gone as soon as the reply is there, edited just before.
        slow();
        let said = d.alice().mentions_bot(OTHER).await;
        let reply = said.reply().await;
        d.alice().edits(&said, &format!("<@{me}> {SURE}")).await;
        d.alice().deletes(&said).await;
        let mut last = said.reply().await;
        if last.how == How::Edit {
            last = said.reply().await;
        }
        assert_eq!((last.how, last.id), (How::Deletion, reply.id));
        d.silence().await;
    });
}

#[test]
fn an_edit_that_takes_the_mention_away_changes_nothing() {
    discord(bot(), async |d| {
        let said = d.alice().mentions_bot(SURE).await;
        said.reply().await;
        d.alice().edits(&said, "never mind").await;
        // Nor does one that puts a mention into an old message: it was not heard when it was said.
        let chat = d.alice().says("good morning").await;
        let me = d.look(|world| world.bot);
        d.alice().edits(&chat, &format!("<@{me}> {SURE}")).await;
        d.silence().await;
    });
}

#[test]
fn after_a_restart_edits_and_deletions_are_ignored() {
    discord(bot(), async |d| {
        let said = d.alice().mentions_bot(SURE).await;
        said.reply().await;
        d.restart_bot().await;
        let me = d.look(|world| world.bot);
        d.alice().edits(&said, &format!("<@{me}> {OTHER}")).await;
        d.alice().deletes(&said).await;
        d.silence().await;
        assert_eq!(mention(d.alice(), OTHER).await.title(), OTHER);
    });
}

#[test]
fn a_reply_that_is_gone_is_not_edited() {
    discord(bot(), async |d| {
        let me = d.look(|world| world.bot);
        let said = d.alice().mentions_bot(SURE).await;
        let reply = said.reply().await;
        reply
            .click("Remove", d.alice())
            .await
            .is_acknowledged()
            .await;
        assert_eq!(d.reply().await.how, How::Deletion);
        d.alice().edits(&said, &format!("<@{me}> {OTHER}")).await;
        d.alice().deletes(&said).await;
        d.silence().await;
    });
}
