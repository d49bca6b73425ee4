//! `/cleartext …`: what moderators see, set and delete; each subcommand as a conversation.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use cleartext::discord::{ServerSettings, Setup};
use cleartext::memory::{Address, GuildId, Memory};
use insta::{allow_duplicates, assert_snapshot};
use serde_json::{Value, json};
use serenity::all::Permissions;
use tempfile::TempDir;

use crate::discord::{SURE, ask, bot_set, folder, run_on, setup_on, shown, tireless};
use crate::fake::{Bot, Discord, How, MEMBER_RIGHTS, Reply, discord, discord_before_start};
use crate::memory::place::Place;

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

/// A conversation with a bot that remembers in a file, and the same once more with one that remembers in PostgreSQL, where there is one.
#[track_caller]
pub(crate) fn with_memory(test: impl AsyncFn(Discord)) {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let postgres = runtime.block_on(Place::postgres());
    let places = [Some(Place::file()), postgres];
    // What people read is the same everywhere.
    allow_duplicates! {
        for place in places.iter().flatten() {
            let address = place.address();
            discord(remembering(move || Memory::lazy(&address)), &test);
            runtime.block_on(place.drop_schema());
        }
    }
}

/// What a moderator is told.
pub(crate) async fn told(d: &Discord, command: &str, options: &[(&str, &str)]) -> Reply {
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
        let kept = question
            .click("Keep all", d.moderator())
            .await
            .reply()
            .await;
        assert_eq!(kept.content, "Nothing was deleted.");
        let shown = told(&d, "settings", &[]).await;
        assert!(shown.content.contains("`mentions` **off** ·"), "{shown}");
        let question = shown.click("Reset", d.moderator()).await.reply().await;
        let reset = question
            .click("Put all back", d.moderator())
            .await
            .reply()
            .await;
        assert!(
            reset.content.starts_with("All settings are back"),
            "{reset}"
        );
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
        assert!(
            everywhere
                .content
                .starts_with("Set: I answer in all channels.")
        );
        let heard = elsewhere.mentions_bot(SURE).await;
        assert_eq!(heard.reply().await.title(), SURE);
    });
}

#[test]
fn without_a_memory_moderators_are_told_so() {
    discord(bot_set(ServerSettings::default()), async |d| {
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
    let set_up = ServerSettings {
        mentions: false,
        ..tireless()
    };
    discord(bot_set(set_up), async |d| {
        let reply = told(&d, "settings", &[]).await;
        for line in [
            "- `mentions` **off** · ",
            "- `user_cooldown` **none** · in which one person gets at most 5 answers",
        ] {
            assert!(reply.content.contains(line), "{reply}");
        }
    });
}

#[test]
fn status_says_how_it_is_doing() {
    with_memory(async |d| {
        let _answer = ask(d.alice(), SURE).await;
        let reply = told(&d, "status", &[]).await;
        let speed = reply
            .content
            .lines()
            .find(|line| line.contains("Since then"));
        let speed = speed.expect("there is such a line");
        assert!(
            speed.starts_with("- **Since then**: 1 answer; half within ") && speed.ends_with(" ms"),
            "{speed}"
        );
        let steady = shown(&reply)
            .replace(speed, "(speed)")
            .replace(env!("CARGO_PKG_VERSION"), "(version)");
        assert_snapshot!(steady, @r"
        (only moderator sees this)
        **Status**
        - **Knowledge**: The lighthouse dispute, edition 2026\.11
        - **Entries**: 5 in 3 topics, revision `f7fe9319`
        - **Last reload**: none since the start
        - **Running**: under a minute, version (version)
        (speed)
        - **Connection**: 1 of 1 shard since the start, 0 reconnects
        - **Memory**: reachable
        ");
    });
}

#[test]
fn explain_tells_what_was_read_and_what_counted() {
    with_memory(async |d| {
        let reply = told(
            &d,
            "explain",
            &[("question", "how tal is the *lighthouse*")],
        )
        .await;
        assert_snapshot!(shown(&reply), @"
        (only moderator sees this)
        **Why**
        - **Read as**: “how tal is the lighthouse”
        - **Repaired**: tal → tall
        - **Words for**: tal +1.37; lighthouse +1.24; how +1.05; is +0.66; the +0.60
        - **Winner**: how-tall, 97 %, score 4.92
        - **Its score**: learned 1.98, spelling 0.94, coverage 2.00; share of all scores 95 %
        - **Nearest way**: “how tall is the lighthouse”, cosine 0.99
        - **Runner-up**: when-built, under 1 %, score 1.55, behind by 3.37
        - **Others**: horn-cost, under 1 %, score 0.29; horn-silence, under 1 %, score -0.14; opening-hours, under 1 %, score -0.82
        - **Thresholds**: answered from 80 %, a choice from 20 %, configured; a choice as well where two good scores are nearer than 1.50
        - **Outcome**: answered
        ");
        let id = told(&d, "explain", &[("question", "id:how-tall")]).await;
        assert_eq!(
            id.content,
            "`how-tall` is the id of an entry; nothing had to be matched."
        );
        let long = told(&d, "explain", &[("question", &"fog horn ".repeat(33))]).await;
        assert!(long.content.chars().count() <= 2_000);
    });
}

#[test]
fn doctor_names_missing_rights_as_discord_does_those_of_open_channels_first() {
    with_memory(async |d| {
        let closed = d.channel_with("closed", Permissions::VIEW_CHANNEL);
        let mute = d.channel_with("mute", MEMBER_RIGHTS - Permissions::EMBED_LINKS);
        let steady = |reply: &Reply| {
            steady(&d, reply)
                .replace(&closed.to_string(), "closed")
                .replace(&mute.to_string(), "mute")
        };
        let reply = told(&d, "doctor", &[]).await;
        assert_eq!(reply.how, How::Edit, "it takes its time");
        assert_snapshot!(steady(&reply), @"
        (only moderator sees this)
        **Doctor**
        - **Scopes**: `bot` and `applications.commands`
        - **Rights**: missing in 2 of 4 channels; give them to my role in Server Settings > Roles, or in the channel's Permissions
          - <#closed>: Send Messages, Send Messages in Threads, Embed Links, Read Message History
          - <#mute>: Embed Links
        - **Memory**: reachable
        - **Overdue entries**: 1
          - `horn-cost`, due on 31 January 2025
        ");
        let settings = told(&d, "settings", &[]).await;
        let _set = settings
            .select_channels(&[mute], d.moderator())
            .await
            .reply()
            .await;
        let reply = told(&d, "doctor", &[]).await;
        let lines: Vec<_> = reply
            .content
            .lines()
            .filter(|line| line.contains("<#"))
            .collect();
        assert!(lines[0].contains(&mute.to_string()), "{lines:?}");
        assert!(
            lines[1].contains("(mentions are not answered there)"),
            "{lines:?}"
        );
    });
}

#[test]
fn a_channel_that_was_mended_is_answered_in_again_once_doctor_has_looked() {
    with_memory(async |d| {
        let mute = d.channel_with("mute", MEMBER_RIGHTS - Permissions::SEND_MESSAGES);
        let there = d.alice().in_channel(mute);
        there.mentions_bot(SURE).await;
        for _ in 0..2 {
            assert_eq!(d.refusal().await.code(), 50013);
        }
        let lacking = told(&d, "doctor", &[]).await;
        let line = format!("<#{mute}>: Send Messages");
        assert!(lacking.content.contains(&line), "{lacking}");
        // What was refused a moment ago is not tried again.
        there.mentions_bot(SURE).await;
        d.silence().await;
        d.with(|world| {
            let channel = world.channels.get_mut(&mute).expect("it is there");
            channel.bot = MEMBER_RIGHTS;
        });
        let mended = told(&d, "doctor", &[]).await;
        let line =
            format!("- **Mended**: <#{mute}> refused a reply of mine lately; I answer there again");
        assert!(mended.content.lines().any(|told| told == line), "{mended}");
        let reply = there.mentions_bot(SURE).await.reply().await;
        assert_eq!((reply.title(), reply.embeds.len()), (SURE, 1));
        let again = told(&d, "doctor", &[]).await;
        assert!(!again.content.contains("Mended"), "{again}");
    });
}

#[test]
fn doctor_says_when_discord_does_not() {
    with_memory(async |d| {
        d.when("GET", "/guilds/*/channels").answers(500);
        let reply = told(&d, "doctor", &[]).await;
        assert!(
            reply.content.contains("Discord did not say what they are"),
            "{reply}"
        );
    });
}

#[test]
fn forgetting_asks_once_and_says_how_much_there_was() {
    with_memory(async |d| {
        let _set = told(&d, "settings", &[("visibility", "1")]).await;
        assert!(ask(d.alice(), SURE).await.is_private());
        let question = told(&d, "forget", &[]).await;
        assert_snapshot!(shown(&question), @"
        (only moderator sees this)
        Delete all that I store of this server: its settings, counts of feedback, and unanswered questions? It cannot be undone.
        [Delete all] [Export first] [Keep all]
        ");
        let export = question
            .click("Export first", d.moderator())
            .await
            .reply()
            .await;
        assert_eq!(export.content, "This is all that I store of this server.");
        let (name, text) = d.last_upload();
        let stored: Value = serde_json::from_str(&text).expect("it is JSON");
        assert_eq!(
            (name.as_str(), &stored["settings"]["visibility"]),
            ("cleartext.json", &json!("private"))
        );
        let done = question
            .click("Delete all", d.moderator())
            .await
            .reply()
            .await;
        assert_snapshot!(shown(&done), @"
        (only moderator sees this)
        Everything that was stored of this server is deleted: 1 row. The defaults hold.
        ");
        assert!(!ask(d.alice(), SURE).await.is_private());
        let again = question
            .click_custom_id("ct1:mod-forget-yes", d.moderator())
            .await;
        assert_eq!(
            again.reply().await.content,
            "Nothing was stored of this server. The defaults hold."
        );
    });
}

#[test]
fn reload_is_for_the_server_that_the_operator_names() {
    with_memory(async |d| {
        let reply = told(&d, "reload", &[]).await;
        assert_snapshot!(shown(&reply), @"
        (only moderator sees this)
        The knowledge serves every server that I am in, so only the server that my operator names as `reload_guild` may have it read again. The operator can do it with SIGHUP.
        ");
    });
}

#[test]
fn reload_tells_what_changed_or_what_is_wrong_and_keeps_the_last_good_edition() {
    let temporary = TempDir::new().expect("a temporary folder can be made");
    let knowledge = temporary.path().join("knowledge");
    copy(&folder(), &knowledge);
    let home: Arc<OnceLock<GuildId>> = Arc::default();
    let named = {
        let home = Arc::clone(&home);
        move || home.get().copied()
    };
    let bot = remembering_on(knowledge.clone(), memory_in(&temporary), named);
    discord_before_start(bot, async |d| {
        let guild = d.look(|world| world.cast.guild);
        home.set(GuildId::new(guild.get()).expect("not zero"))
            .expect("set once");
        d.start_bot();
        d.bot_is_ready().await;
        let entries = knowledge.join("entries/lighthouse.toml");
        let text = fs::read_to_string(&entries).expect("it can be read");
        fs::write(&entries, text.replace("61 metres", "62 metres")).expect("it can be written");
        let reply = told(&d, "reload", &[]).await;
        assert_snapshot!(shown(&reply), @r"
        (only moderator sees this)
        The knowledge was read again: +0 ~1 −0 (entries new, changed, gone). It is edition 2026\.11 with 5 entries.
        ");
        let now = ask(d.alice(), SURE).await;
        assert!(shown(&now).contains("62 metres"));
        fs::write(
            &entries,
            text.replace("harbour-2024, para. 1", "harbor-2024, para. 1"),
        )
        .expect("it can be written");
        let reply = told(&d, "reload", &[]).await;
        let path = knowledge.display().to_string();
        assert_snapshot!(shown(&reply).replace(&path, "knowledge"), @r"
        (only moderator sees this)
        There is 1 fault; the last good edition goes on serving.
        - knowledge/entries/lighthouse.toml:26:33: there is no source \`harbor-2024\`; write \`harbour-2024\`
        ");
        let elsewhere = ask(d.alice().in_thread(), SURE).await;
        assert!(shown(&elsewhere).contains("62 metres"));
        let status = told(&d, "status", &[]).await;
        assert!(
            status.content.contains(":f>, refused with 1 fault;"),
            "{status}"
        );
    });
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder can be made");
    for item in fs::read_dir(from).expect("the knowledge can be listed") {
        let item = item.expect("the knowledge can be listed");
        let target = to.join(item.file_name());
        if item.path().is_dir() {
            copy(&item.path(), &target);
        } else {
            fs::copy(item.path(), target).expect("a file can be copied");
        }
    }
}

#[test]
fn when_the_memory_is_away_answers_go_on_and_moderators_are_told() {
    let folder = TempDir::new().expect("a temporary folder can be made");
    let nowhere = folder.path().join("gone").join("memory.db");
    let memory = move || Memory::lazy(&Address::file(nowhere.clone()));
    discord(remembering(memory), async |d| {
        // Without knowing what the server wants, nothing goes to a whole channel.
        assert!(ask(d.alice(), SURE).await.is_private());
        for command in ["settings", "feedback"] {
            let reply = told(&d, command, &[]).await;
            assert_eq!(
                reply.content,
                "My memory does not answer at the moment. Try again in a minute; answers go on without it."
            );
        }
        let set = told(&d, "settings", &[("visibility", "0")]).await;
        assert!(
            set.content.starts_with("My memory did not confirm that."),
            "{set}"
        );
        let status = told(&d, "status", &[]).await;
        assert!(
            status.content.contains("does not answer at the moment"),
            "{status}"
        );
    });
}
