//! Who sees an answer, and how often the bot says the same: visibility, channels, cooldowns.

use std::time::Duration;

use cleartext::discord::{Cooldown, ServerSettings, Visibility};
use insta::assert_snapshot;
use serenity::all::{ChannelId, Permissions};

use crate::discord::{FAR, SURE, TORN, ask, bot, bot_set, mention, shown, tireless};
use crate::fake::{Actor, Reply, discord, discord_before_start};

const OTHER: &str = "When was the lighthouse built?";

async fn ask_for(who: Actor, question: &str, visibility: &str) -> Reply {
    let options = [("question", question), ("visibility", visibility)];
    who.slash("ask", &options).await.reply().await
}

/// Twice in a long while, and the same in a channel once in as long.
fn strict() -> ServerSettings {
    ServerSettings {
        user_cooldown: Cooldown {
            times: 2,
            within: Duration::from_hours(1),
        },
        channel_cooldown: Duration::from_hours(1),
        ..ServerSettings::default()
    }
}

/// A text in which the moments are left out, since they differ from run to run.
fn timeless(reply: &Reply) -> String {
    let text = shown(reply);
    let mut parts = text.split("<t:");
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (_, after) = part.split_once(":R>").expect("a moment ends");
        out.push_str("<moment>");
        out.push_str(after);
    }
    out
}

#[test]
fn the_asker_chooses_who_sees_a_sure_answer() {
    discord(bot(), async |d| {
        for (visibility, private) in [("default", false), ("me", true), ("channel", false)] {
            let reply = ask_for(d.alice(), SURE, visibility).await;
            assert_eq!((reply.title(), reply.is_private()), (SURE, private));
        }
        // What is not sure stays with the asker, whatever was wished.
        for question in [TORN, FAR] {
            assert!(ask_for(d.alice(), question, "channel").await.is_private());
        }
    });
}

#[test]
fn a_quiet_server_answers_the_asker_alone_unless_told_otherwise() {
    let quiet = ServerSettings {
        visibility: Visibility::Asker,
        mentions: false,
        ..tireless()
    };
    discord(bot_set(quiet), async |d| {
        let reply = ask(d.alice(), SURE).await;
        assert!(reply.is_private());
        assert_eq!(reply.labels(), ["Share"]);
        assert!(!ask_for(d.alice(), SURE, "channel").await.is_private());
        d.alice().mentions_bot(SURE).await;
        d.silence().await;
        // Direct messages are no mentions.
        assert_eq!(d.alice().dm(SURE).await.reply().await.title(), SURE);
    });
}

#[test]
fn only_listed_channels_hear_the_bot_in_public() {
    // The channel is made before the bot starts, so that its id can be told; ids of this world begin with the clock.
    let listed = std::sync::Arc::new(std::sync::Mutex::new(Vec::<ChannelId>::new()));
    let known = std::sync::Arc::clone(&listed);
    let bot = crate::fake::Bot::new(move |api, stop| {
        let channels = known.lock().expect("nobody panics with it").clone();
        let settings = ServerSettings {
            channels,
            ..tireless()
        };
        crate::discord::run_set(api, stop, settings)
    });
    discord_before_start(bot, async |d| {
        let open = d.alice().channel;
        listed.lock().expect("nobody panics with it").push(open);
        d.start_bot();
        d.bot_is_ready().await;
        let elsewhere = d.channel_with("elsewhere", crate::fake::MEMBER_RIGHTS);
        assert_eq!(mention(d.alice(), SURE).await.title(), SURE);
        // A thread of a listed channel is listed with it.
        assert_eq!(mention(d.alice().in_thread(), SURE).await.title(), SURE);
        let away = || d.alice().in_channel(elsewhere);
        away().mentions_bot(SURE).await;
        d.silence().await;
        let reply = ask_for(away(), SURE, "channel").await;
        assert!(reply.is_private());
        assert!(reply.labels().is_empty(), "nothing to share here: {reply}");
        let forged = reply
            .click_custom_id("ct1:share-topics:0", d.alice())
            .await
            .reply()
            .await;
        assert_snapshot!(shown(&forged), @"
        (only alice sees this)
        This server does not want answers in this channel; you can read them here by yourself.
        ");
        assert!(!ask(d.alice().in_thread(), SURE).await.is_private());
    });
}

#[test]
fn who_may_not_speak_gets_the_answer_alone() {
    discord(bot(), async |d| {
        let muted = d
            .alice()
            .with_rights(Permissions::VIEW_CHANNEL | Permissions::USE_APPLICATION_COMMANDS);
        assert!(ask_for(muted, SURE, "channel").await.is_private());
    });
}

#[test]
fn the_same_answer_is_pointed_to() {
    discord(bot_set(strict()), async |d| {
        let first = ask(d.alice(), SURE).await;
        assert!(!first.is_private());
        let guild = d.look(|world| world.cast.guild);
        let jump = format!(
            "https://discord.com/channels/{guild}/{}/{}",
            first.channel, first.id
        );
        let again = ask(d.bob(), SURE).await;
        assert!(again.is_private());
        assert_eq!(
            timeless(&again),
            format!("(only bob sees this)\nAnswered here <moment>: {jump}")
        );
        let mentioned = mention(d.bob(), SURE).await;
        assert_eq!(
            timeless(&mentioned),
            format!("Answered here <moment>: {jump}")
        );
        // Elsewhere, something else, and to somebody alone it is given as ever.
        let thread = ask(d.moderator().in_thread(), SURE).await;
        assert_eq!(thread.title(), SURE);
        let alone = ask_for(d.newcomer("carol"), SURE, "me").await;
        assert_eq!(alone.title(), SURE);
    });
}

#[test]
fn what_is_removed_is_not_pointed_to() {
    discord(bot_set(strict()), async |d| {
        let first = mention(d.alice(), SURE).await;
        first
            .click("Remove", d.alice())
            .await
            .is_acknowledged()
            .await;
        d.reply().await;
        assert_eq!(ask(d.bob(), SURE).await.title(), SURE);
    });
}

#[test]
fn who_asks_too_fast_is_told_once() {
    discord(bot_set(strict()), async |d| {
        assert_eq!(mention(d.alice(), SURE).await.title(), SURE);
        assert_eq!(mention(d.alice(), OTHER).await.title(), OTHER);
        let told = mention(d.alice(), FAR).await;
        assert_snapshot!(timeless(&told), @"That was a lot at once; I answer your next question <moment>.");
        d.alice().mentions_bot(SURE).await;
        d.silence().await;
        // A command is always answered, to the asker alone.
        assert_snapshot!(timeless(&ask(d.alice(), SURE).await), @"
        (only alice sees this)
        That was a lot at once; I answer your next question <moment>.
        ");
        assert_eq!(mention(d.bob().in_thread(), SURE).await.title(), SURE);
    });
}
