//! The entry in a message's menu: what in the file answers what somebody wrote, and a reply to them.

use insta::assert_snapshot;
use serenity::all::Permissions;

use crate::discord::{FAR, SURE, bot, shown};
use crate::fake::{Actor, How, MEMBER_RIGHTS, Reply, discord};

const MENU: &str = "Find a sourced answer";
const CHAT: &str =
    "Hey all! I was up there last week. How tall is the lighthouse? My kids want to know.";

async fn look(who: Actor, target: serenity::all::MessageId) -> Reply {
    who.message_menu(MENU, target).await.reply().await
}

#[test]
fn a_message_gets_a_private_preview_and_then_a_reply() {
    discord(bot(), async |d| {
        let said = d.bob().says(CHAT).await;
        let preview = look(d.alice(), said.id).await;
        assert_snapshot!(shown(&preview), @"
        (only alice sees this)
        ▌ How tall is the lighthouse?
        ▌ The lighthouse is 61 metres tall [¹](https://harbour.example/lighthouse). The keepers count 58 metres to the lamp [²](https://keepers.example/horn_%282025%29).
        ▌
        ▌ **Sources**
        ▌ 1. Harbour Office, [“The lighthouse in figures”](https://harbour.example/lighthouse), 21 April 2024, para. 3 · primary
        ▌ 2. Keepers' Union, [“Silence kills”](https://keepers.example/horn_%282025%29), March 2025, p. 2 · position
        ▌ As of 21 April 2024 · how-tall · edition 2026.11
        [Reply to them]
        ( Best matches ▾ How tall is the lighthouse? | When was the lighthouse built? | At what hours can visitors climb the tower on weekdays, at weekends and on the public holidays of… )
        ");
        let public = preview.click("Reply to them", d.alice()).await;
        let reply = said.reply().await;
        assert_eq!((reply.how, reply.reply_to), (How::Message, Some(said.id)));
        assert!(reply.pings_nobody() && !reply.is_private());
        assert_eq!((reply.title(), reply.labels()), (SURE, vec!["Remove"]));
        let done = public.reply().await;
        assert_eq!((done.how, done.id), (How::Edit, preview.id));
        let guild = d.look(|world| world.cast.guild);
        assert_eq!(
            done.content,
            format!(
                "Replied: https://discord.com/channels/{guild}/{}/{}",
                reply.channel, reply.id
            )
        );
        // The one who had it posted can take it back.
        reply
            .click("Remove", d.alice())
            .await
            .is_acknowledged()
            .await;
        assert_eq!(d.reply().await.how, How::Deletion);
    });
}

#[test]
fn another_of_the_matches_can_be_picked() {
    discord(bot(), async |d| {
        let said = d.bob().says("Is the horn worth it?").await;
        let preview = look(d.alice(), said.id).await;
        let other = preview.options()[1].to_owned();
        assert_ne!(preview.title(), other);
        let picked = preview.select(&other, d.alice()).await.reply().await;
        assert_eq!((picked.how, picked.id), (How::Update, preview.id));
        assert_eq!(picked.title(), other);
        assert_eq!(picked.options(), preview.options());
        picked.click("Reply to them", d.alice()).await;
        let reply = said.reply().await;
        assert_eq!(
            (reply.title(), reply.reply_to),
            (other.as_str(), Some(said.id))
        );
        d.reply().await;
    });
}

#[test]
fn without_text_or_from_a_bot_there_is_nothing_to_check() {
    discord(bot(), async |d| {
        let bare = d.bob().says("").await;
        let emoji = d.bob().says("👍 <:wave:7>").await;
        let robot = d.robot().says(SURE).await;
        for target in [bare.id, emoji.id, robot.id] {
            let reply = look(d.alice(), target).await;
            assert_eq!(
                shown(&reply),
                "(only alice sees this)\nThere is no text to check in this message."
            );
        }
    });
}

#[test]
fn what_is_not_in_the_file_is_not_guessed() {
    discord(bot(), async |d| {
        let said = d.bob().says(FAR).await;
        let miss = look(d.alice(), said.id).await;
        assert!(miss.is_private());
        assert!(
            miss.content.starts_with("This is not in the file."),
            "{miss}"
        );
    });
}

#[test]
fn where_the_bot_is_not_it_responds_with_the_way_to_the_message() {
    discord(bot(), async |d| {
        let said = d.bob().elsewhere().says(CHAT).await;
        let preview = look(d.alice().elsewhere(), said.id).await;
        let public = preview
            .click("Reply to them", d.alice())
            .await
            .reply()
            .await;
        assert_eq!(public.how, How::Response);
        assert!(!public.is_private());
        assert!(
            public
                .content
                .starts_with("In reply to https://discord.com/channels/"),
            "{public}"
        );
        assert!(public.content.ends_with(&said.id.to_string()), "{public}");
        assert_eq!((public.title(), public.labels()), (SURE, vec!["Remove"]));
        let again = preview
            .click("Reply to them", d.alice())
            .await
            .reply()
            .await;
        assert_eq!(again.content, "You have replied with one of these already.");
    });
}

#[test]
fn in_a_group_it_responds_as_well() {
    discord(bot(), async |d| {
        let said = d.bob().in_group().says(CHAT).await;
        let preview = look(d.alice().in_group(), said.id).await;
        let public = preview
            .click("Reply to them", d.alice())
            .await
            .reply()
            .await;
        assert_eq!((public.how, public.title()), (How::Response, SURE));
    });
}

#[test]
fn where_the_bot_may_not_post_it_responds_instead() {
    discord(bot(), async |d| {
        // It knows of the missing right from Discord.
        let silent = d.channel_with("silent", MEMBER_RIGHTS - Permissions::SEND_MESSAGES);
        let said = d.bob().in_channel(silent).says(CHAT).await;
        let preview = look(d.alice().in_channel(silent), said.id).await;
        let public = preview
            .click("Reply to them", d.alice())
            .await
            .reply()
            .await;
        assert_eq!((public.how, public.title()), (How::Response, SURE));
        // It learns of a refusal only from being refused, and then goes the way that needs no right.
        let said = d.bob().says(CHAT).await;
        let preview = look(d.alice(), said.id).await;
        let refusal = serde_json::json!({ "code": 50013, "message": "Missing Permissions" });
        d.when("POST", "/channels/*/messages")
            .times(2)
            .answers_with(403, &[], refusal);
        let press = preview.click("Reply to them", d.alice()).await;
        let public = press.reply().await;
        assert_eq!((public.how, public.title()), (How::FollowUp, SURE));
        assert!(public.content.starts_with("In reply to "), "{public}");
        let done = press.reply().await;
        assert_eq!((done.how, done.content.as_str()), (How::Edit, "Replied."));
    });
}

#[test]
fn who_may_not_speak_may_read_and_not_reply() {
    discord(bot(), async |d| {
        let said = d.bob().says(CHAT).await;
        let muted = || {
            d.alice()
                .with_rights(Permissions::VIEW_CHANNEL | Permissions::USE_APPLICATION_COMMANDS)
        };
        let preview = look(muted(), said.id).await;
        assert_eq!(preview.labels(), Vec::<&str>::new());
        assert_eq!(preview.title(), SURE);
    });
}

#[test]
fn a_preview_from_before_a_restart_still_replies() {
    discord(bot(), async |d| {
        let said = d.bob().says(CHAT).await;
        let preview = look(d.alice(), said.id).await;
        d.restart_bot().await;
        preview.click("Reply to them", d.alice()).await;
        assert_eq!(said.reply().await.title(), SURE);
        d.reply().await;
    });
}

#[test]
fn a_preview_of_an_earlier_edition_says_what_has_become_of_its_answer() {
    discord(bot(), async |d| {
        let said = d.bob().says(CHAT).await;
        let preview = look(d.alice(), said.id).await;
        for action in ["look", "reply"] {
            let press = async |entry: &str| {
                let id = format!("ct1:{action}:{entry}:00000000:{:x}", said.id.get());
                let pressed = preview.click_custom_id(&id, d.alice()).await;
                pressed.reply().await
            };
            // Nobody replies with what they have not seen: it is shown first.
            let changed = press("how-tall").await;
            assert_eq!((changed.how, changed.title()), (How::Update, SURE));
            assert!(changed.is_private() && changed.labels() == ["Reply to them"]);
            assert_eq!(
                changed.content,
                "This answer has changed since the button was made."
            );
            let retired = press("horn-colour").await;
            assert_eq!(
                shown(&retired),
                "(only alice sees this)\nThis answer is no longer in the file."
            );
        }
    });
}

#[test]
fn in_a_forum_post_it_replies_in_the_post() {
    discord(bot(), async |d| {
        let post = d.bob().opens_post("How tall?", CHAT).await;
        let preview = look(d.alice().in_channel(post.channel), post.id).await;
        preview.click("Reply to them", d.alice()).await;
        let reply = post.reply().await;
        assert_eq!((reply.how, reply.title()), (How::Message, SURE));
        assert_eq!(
            (reply.channel, reply.reply_to),
            (post.channel, Some(post.id))
        );
        d.reply().await;
    });
}
