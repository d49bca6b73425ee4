//! `/cleartext …`: what moderators see, set and delete; each subcommand as a conversation.

use std::fs;
use std::path::PathBuf;

use cleartext::discord::Setup;
use cleartext::memory::{Address, GuildId, Memory};
use insta::assert_snapshot;
use serenity::all::Permissions;
use tempfile::TempDir;

use crate::discord::{SURE, ask, bot, folder, run_on, setup_on, shown};
use crate::fake::{Bot, Discord, How, MEMBER_RIGHTS, Reply, discord, discord_before_start};

/// Another question that is surely answered.
const OTHER: &str = "When was the lighthouse built?";

/// A memory of a test's own, in a folder that goes away with it.
pub(crate) fn memory_in(folder: &TempDir) -> impl Fn() -> Memory + Clone + Send + Sync + 'static {
    let file = folder.path().join("memory.db");
    move || Memory::lazy(&Address::file(file.clone()))
}

/// The bot with a memory, made anew for each start, so that a restart reads what was written.
pub(crate) fn remembering(memory: impl Fn() -> Memory + Clone + Send + Sync + 'static) -> Bot {
    remembering_on(folder(), memory, || None)
}

fn remembering_on(
    path: PathBuf,
    memory: impl Fn() -> Memory + Clone + Send + Sync + 'static,
    reload: impl Fn() -> Option<GuildId> + Clone + Send + Sync + 'static,
) -> Bot {
    Bot::new(move |api, stop| {
        let (path, memory, reload) = (path.clone(), memory.clone(), reload.clone());
        async move {
            let memory = memory();
            let setup = Setup {
                memory: Some(memory.clone()),
                reload_guild: reload(),
                ..setup_on(path)
            };
            let ended = run_on(api, stop, setup).await;
            memory.close().await;
            ended
        }
    })
}

/// A conversation with a bot that remembers.
#[track_caller]
pub(crate) fn with_memory(test: impl AsyncFnOnce(Discord)) {
    let folder = TempDir::new().expect("a temporary folder can be made");
    discord(remembering(memory_in(&folder)), test);
}

/// What a moderator is told.
async fn told(d: &Discord, command: &str, options: &[(&str, &str)]) -> Reply {
    let asked = d
        .moderator()
        .slash(&format!("cleartext {command}"), options)
        .await;
    asked.reply().await
}

/// A reply in words, with what is different in each run under a name.
fn steady(d: &Discord, reply: &Reply) -> String {
    let (general, forum) = d.look(|world| (world.cast.general, world.cast.forum));
    shown(reply)
        .replace(&general.to_string(), "general")
        .replace(&forum.to_string(), "forum")
}

#[test]
fn settings_are_shown_with_their_defaults_and_ways_to_change_them() {
    with_memory(async |d| {
        let reply = told(&d, "settings", &[]).await;
        assert_snapshot!(steady(&d, &reply), @"
        (only moderator sees this)
        **Settings of this server**
        - `channels` **all** *(default)* · where I answer; choose below
        - `visibility` **public** *(default)* · who sees a sure answer
        - `mentions` **on** *(default)* · whether I answer when mentioned
        - `user_cooldown` **30 seconds** *(default)* · in which one person gets at most 5 answers
        - `channel_cooldown` **1 minute** *(default)* · before a channel gets the same answer again
        - `gaps` **off** *(default)* · whether unanswered questions are kept
        Change them below, or by options, such as `/cleartext settings user_cooldown:45`; a cooldown is 0 to 21600 seconds.
        ( Change a setting ▾ Sure answers: public | Sure answers: private | Mentions: on | Mentions: off | Keep unanswered questions: on | Keep unanswered questions: off )
        [Answer in all channels] [Export] [Reset]
        ");
    });
}

#[test]
fn each_change_is_confirmed_in_words_and_holds_at_once() {
    with_memory(async |d| {
        assert!(!ask(d.alice(), SURE).await.is_private());
        let changed = told(
            &d,
            "settings",
            &[
                ("visibility", "1"),
                ("user_cooldown", "90"),
                ("channel_cooldown", "0"),
            ],
        )
        .await;
        assert_snapshot!(steady(&d, &changed), @"
        (only moderator sees this)
        Set: answers to commands are for who asked alone, who can share them.
        Set: one person gets at most 5 answers in 1 minute 30 seconds.
        Set: a channel can get the same answer again at once.

        **Settings of this server**
        - `channels` **all** *(default)* · where I answer; choose below
        - `visibility` **private** · who sees a sure answer
        - `mentions` **on** *(default)* · whether I answer when mentioned
        - `user_cooldown` **1 minute 30 seconds** · in which one person gets at most 5 answers
        - `channel_cooldown` **none** · before a channel gets the same answer again
        - `gaps` **off** *(default)* · whether unanswered questions are kept
        Change them below, or by options, such as `/cleartext settings user_cooldown:45`; a cooldown is 0 to 21600 seconds.
        ( Change a setting ▾ Sure answers: public | Sure answers: private | Mentions: on | Mentions: off | Keep unanswered questions: on | Keep unanswered questions: off )
        [Answer in all channels] [Export] [Reset]
        ");
        assert!(ask(d.alice(), SURE).await.is_private());
        let public = changed
            .select("Sure answers: public", d.moderator())
            .await
            .reply()
            .await;
        assert_eq!((public.how, public.id), (How::Update, changed.id));
        assert!(
            public
                .content
                .starts_with("Set: sure answers are for everybody in the channel.")
        );
        assert!(!ask(d.alice(), SURE).await.is_private());
    });
}

#[test]
fn settings_outlive_a_restart_and_are_put_back_once_confirmed() {
    with_memory(async |d| {
        let shown = told(&d, "settings", &[("mentions", "1")]).await;
        d.restart_bot().await;
        d.alice().mentions_bot(SURE).await;
        d.silence().await;
        let question = shown.click("Reset", d.moderator()).await.reply().await;
        assert_snapshot!(steady(&d, &question), @"
        (only moderator sees this)
        Put all settings of this server back to the defaults? Questions that were kept are deleted with it; counts of feedback stay.
        [Put all back] [Keep all]
        ");
        let kept = question.click("Keep all", d.moderator()).await.reply().await;
        assert_eq!(kept.content, "Nothing was deleted.");
        let shown = told(&d, "settings", &[]).await;
        assert!(shown.content.contains("`mentions` **off** ·"), "{shown}");
        let question = shown.click("Reset", d.moderator()).await.reply().await;
        let reset = question
            .click("Put all back", d.moderator())
            .await
            .reply()
            .await;
        assert!(reset.content.starts_with("All settings are back"), "{reset}");
        let answered = d.alice().mentions_bot(SURE).await.reply().await;
        assert_eq!(answered.title(), SURE);
    });
}

#[test]
fn outside_the_allowed_channels_mentions_are_silent_and_answers_private() {
    with_memory(async |d| {
        let general = d.look(|world| world.cast.general);
        let other = d.channel_with("other", MEMBER_RIGHTS);
        let settings = told(&d, "settings", &[]).await;
        let set = settings
            .select_channels(&[general], d.moderator())
            .await
            .reply()
            .await;
        assert_snapshot!(steady(&d, &set).lines().nth(1).unwrap_or_default(), @"Set: I answer in <#general> and their threads. Elsewhere I do not hear mentions, and commands are answered to who asked alone.");
        assert!(!ask(d.alice(), SURE).await.is_private());
        assert!(!ask(d.alice().in_thread(), SURE).await.is_private());
        let elsewhere = d.alice().in_channel(other);
        assert!(ask(elsewhere.clone(), SURE).await.is_private());
        elsewhere.mentions_bot(SURE).await;
        d.silence().await;
        let heard = d.alice().in_thread().mentions_bot(OTHER).await;
        assert_eq!(heard.reply().await.title(), OTHER);
        let everywhere = set
            .click("Answer in all channels", d.moderator())
            .await
            .reply()
            .await;
        assert!(everywhere.content.starts_with("Set: I answer in all channels."));
        let heard = elsewhere.mentions_bot(SURE).await;
        assert_eq!(heard.reply().await.title(), SURE);
    });
}

#[test]
fn without_a_memory_moderators_are_told_so() {
    discord(bot(), async |d| {
        let reply = told(&d, "settings", &[("mentions", "1")]).await;
        assert_snapshot!(steady(&d, &reply), @"
        (only moderator sees this)
        The operator of this bot keeps no memory: nothing can be set, and nothing is stored.

        **Settings of this server**
        - `channels` **all** *(default)* · where I answer; choose below
        - `visibility` **public** *(default)* · who sees a sure answer
        - `mentions` **on** *(default)* · whether I answer when mentioned
        - `user_cooldown` **30 seconds** *(default)* · in which one person gets at most 5 answers
        - `channel_cooldown` **1 minute** *(default)* · before a channel gets the same answer again
        - `gaps` **off** *(default)* · whether unanswered questions are kept
        ");
        for command in ["gaps", "feedback", "forget"] {
            let reply = told(&d, command, &[]).await;
            assert_eq!(
                reply.content,
                "The operator of this bot keeps no memory: nothing can be set, and nothing is stored."
            );
        }
    });
}

#[test]
fn who_may_not_is_told_what_to_do() {
    with_memory(async |d| {
        let settings = told(&d, "settings", &[]).await;
        assert!(!d.alice().is_offered("cleartext"));
        // Discord goes on showing buttons to who has lost the right.
        let was = d.moderator().with_rights(MEMBER_RIGHTS);
        let refused = settings
            .select("Mentions: off", was)
            .await
            .reply()
            .await;
        assert_snapshot!(shown(&refused), @"
        (only moderator sees this)
        You need Manage Server for this. A server admin can change who may use it in Server Settings > Integrations > cleartext.
        ");
        let administrator = d.moderator().with_rights(Permissions::ADMINISTRATOR);
        let set = settings
            .select("Mentions: off", administrator)
            .await
            .reply()
            .await;
        assert!(set.content.starts_with("Set: I do not answer"), "{set}");
        let direct = d
            .moderator()
            .in_dm()
            .slash("cleartext status", &[])
            .await
            .reply()
            .await;
        assert_snapshot!(shown(&direct), @"
        (only moderator sees this)
        This is for servers: it shows and sets how I behave in one. Use it in a server where you have Manage Server.
        ");
    });
}
