//! What people see of the bot on Discord: commands, mentions, direct messages, buttons.

use std::path::{Path, PathBuf};
use std::time::Duration;

use cleartext::answering::Overrides;
use cleartext::discord::{Connection, Cooldown, ServerSettings, Setup, Timings, run};
use cleartext::library::Library;
use insta::assert_snapshot;
use serenity::all::Permissions;
use tokio_util::sync::CancellationToken;

use crate::fake::{Actor, Api, Bot, Discord, How, MEMBER_RIGHTS, Reply, discord};

/// A question that is surely answered.
pub(crate) const SURE: &str = "How tall is the lighthouse?";
/// One that two entries may answer.
pub(crate) const TORN: &str = "horn";
/// One that none does.
pub(crate) const FAR: &str = "best recipe for pancakes";

/// What a mention in public gets when the answer is not sure.
const UNSURE: &str = "I found no sure answer to that. Try /ask: only you will see what I find.";

/// The knowledge of these tests.
pub(crate) fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/discord")
}

/// The library of these tests. Thresholds are set, since so small a knowledge has none of its own worth the name.
pub(crate) fn library(path: PathBuf) -> Library {
    let overrides = Overrides {
        answer_at: Some(0.8),
        suggest_at: Some(0.2),
    };
    Library::open_with(Some(path), overrides).expect("the knowledge of the tests is sound")
}

/// Short waits, so that what goes wrong goes wrong soon.
pub(crate) fn short() -> Timings {
    let milliseconds = Duration::from_millis;
    Timings {
        post_again: milliseconds(50),
        look: milliseconds(20),
        restart: (milliseconds(50), milliseconds(400)),
        reconnect: (milliseconds(50), milliseconds(400)),
        register: (milliseconds(50), milliseconds(400)),
        ..Timings::default()
    }
}

/// The bot as it runs, on the knowledge of these tests.
pub(crate) fn bot() -> Bot {
    bot_with(short())
}

/// The same with other waits.
pub(crate) fn bot_with(timings: Timings) -> Bot {
    bot_on(folder(), timings)
}

/// The same on other knowledge, which is read when the bot starts.
pub(crate) fn bot_on(path: PathBuf, timings: Timings) -> Bot {
    any_bot(path, timings, tireless())
}

/// The same where servers have set something.
pub(crate) fn bot_set(settings: ServerSettings) -> Bot {
    any_bot(folder(), short(), settings)
}

/// What the bots of these tests are set up with: short waits, and no cooldowns.
pub(crate) fn setup() -> Setup {
    setup_on(folder())
}

/// The same on other knowledge.
pub(crate) fn setup_on(path: PathBuf) -> Setup {
    Setup {
        timings: short(),
        settings: tireless(),
        ..Setup::from(library(path))
    }
}

fn any_bot(path: PathBuf, timings: Timings, settings: ServerSettings) -> Bot {
    Bot::new(move |api, stop| {
        let setup = Setup {
            timings: timings.clone(),
            settings: settings.clone(),
            ..setup_on(path.clone())
        };
        run_on(api, stop, setup)
    })
}

/// Runs the bot where servers have set something.
pub(crate) async fn run_set(
    api: Api,
    stop: CancellationToken,
    settings: ServerSettings,
) -> Result<(), String> {
    let setup = Setup {
        settings,
        ..setup()
    };
    run_on(api, stop, setup).await
}

/// Runs the bot as it is set up.
pub(crate) async fn run_on(api: Api, stop: CancellationToken, setup: Setup) -> Result<(), String> {
    let connection = Connection {
        token: api.token.into(),
        api_base: Some(api.base),
    };
    run(setup, connection, stop)
        .await
        .map_err(|error| error.to_string())
}

/// Settings without cooldowns, for tests that ask the same again and again.
pub(crate) fn tireless() -> ServerSettings {
    ServerSettings {
        user_cooldown: Cooldown {
            times: 0,
            within: Duration::ZERO,
        },
        channel_cooldown: Duration::ZERO,
        ..ServerSettings::default()
    }
}

/// What the bot says to `/ask`.
pub(crate) async fn ask(who: Actor, question: &str) -> Reply {
    let asked = who.slash("ask", &[("question", question)]).await;
    asked.reply().await
}

/// What the bot says to a mention.
pub(crate) async fn mention(who: Actor, question: &str) -> Reply {
    who.mentions_bot(question).await.reply().await
}

/// Waits until so many faults on demand have struck in all.
pub(crate) async fn faults_strike(d: &Discord, times: usize) {
    d.wait_for("faults to strike", |world| {
        let struck = world.log.iter().filter(|line| line.contains("fault: "));
        (struck.count() >= times).then_some(())
    })
    .await;
}

/// What a reply looks like; the narrow spaces before marks show as spaces.
pub(crate) fn shown(reply: &Reply) -> String {
    assert!(reply.pings_nobody(), "{reply} pings {:?}", reply.pings);
    reply.to_string().replace('\u{202F}', " ")
}

#[test]
fn a_sure_answer_is_for_the_channel() {
    discord(bot(), async |d| {
        let reply = ask(d.alice(), SURE).await;
        assert_snapshot!(shown(&reply), @"
        ▌ How tall is the lighthouse?
        ▌ The lighthouse is 61 metres tall [¹](https://harbour.example/lighthouse). The keepers count 58 metres to the lamp [²](https://keepers.example/horn_%282025%29).
        ▌
        ▌ **Sources**
        ▌ 1. Harbour Office, [“The lighthouse in figures”](https://harbour.example/lighthouse), 21 April 2024, para. 3 · primary
        ▌ 2. Keepers' Union, [“Silence kills”](https://keepers.example/horn_%282025%29), March 2025, p. 2 · position
        ▌ As of 21 April 2024 · how-tall · edition 2026.11
        [Remove]
        ");
        assert!(!reply.is_private());
    });
}

#[test]
fn a_miss_is_for_the_asker_and_guesses_nothing() {
    discord(bot(), async |d| {
        let miss = ask(d.alice(), FAR).await;
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
fn an_id_is_a_question() {
    discord(bot(), async |d| {
        for question in ["id:when-built", "when-built"] {
            let reply = ask(d.alice(), question).await;
            assert_eq!(reply.title(), "When was the lighthouse built?");
        }
    });
}

#[test]
fn both_sides_of_a_dispute_are_shown() {
    discord(bot(), async |d| {
        let asked = d
            .alice()
            .slash("ask", &[("question", "id:horn-silence")])
            .await;
        assert_snapshot!(shown(&asked.reply().await), @"
        ▌ Should the fog horn be silenced at night?
        ▌ The matter is disputed [¹](https://keepers.example/horn_%282025%29) ².
        ▌
        ▌ **Positions**
        ▌ **Keepers' Union** (civil society): The horn saves lives in fog [¹](https://keepers.example/horn_%282025%29).
        ▌ **Neighbours of the Bay** (industry): The horn wakes 400 people a night ².
        ▌
        ▌ **Sources**
        ▌ 1. Keepers' Union, [“Silence kills”](https://keepers.example/horn_%282025%29), March 2025, p. 1 · position
        ▌ 2. Neighbours of the Bay, “Let us sleep”, 2025, p. 1 · position
        ▌ horn-silence · edition 2026.11
        [Both sides] [Remove]
        ( Related questions ▾ What does the fog horn cost a year? )
        ");
    });
}

#[test]
fn an_overdue_answer_says_so() {
    discord(bot(), async |d| {
        let asked = d
            .alice()
            .slash("ask", &[("question", "id:horn-cost")])
            .await;
        let reply = asked.reply().await;
        let footer = &reply.embeds.first().expect("an answer is an embed").footer;
        assert_snapshot!(footer, @"This may be out of date: its review was due on 31 January 2025 · As of 21 April 2024 · horn-cost · edition 2026.11");
    });
}

#[test]
fn what_is_typed_is_completed_from_memory() {
    discord(bot(), async |d| {
        let choices = d.alice().types("ask", "question", "fog").await;
        let named = |id: &str| {
            choices
                .iter()
                .find(|choice| choice.value == format!("id:{id}"))
        };
        assert_eq!(
            named("horn-cost").map(|choice| choice.name.as_str()),
            Some("What does the fog horn cost a year?")
        );
        let long = d.alice().types("ask", "question", "visitors climb").await;
        assert_snapshot!(long[0].name, @"At what hours can visitors climb the tower on weekdays, at weekends and on the public holidays of…");
        let picked = ask(d.alice(), &choices[0].value).await;
        assert_eq!(picked.title(), choices[0].name);
        // Anything at all may be typed.
        let _whatever = d.alice().types("ask", "question", "𓀀 \u{200f}<@1> *").await;
        let _nothing = d.alice().types("ask", "question", "").await;
    });
}

#[test]
fn a_mention_is_answered_in_place() {
    discord(bot(), async |d| {
        let said = d.alice().mentions_bot(SURE).await;
        let reply = said.reply().await;
        assert_eq!(reply.reply_to, Some(said.id));
        assert_snapshot!(shown(&reply), @"
        ▌ How tall is the lighthouse?
        ▌ The lighthouse is 61 metres tall [¹](https://harbour.example/lighthouse). The keepers count 58 metres to the lamp [²](https://keepers.example/horn_%282025%29).
        ▌
        ▌ **Sources**
        ▌ 1. Harbour Office, [“The lighthouse in figures”](https://harbour.example/lighthouse), 21 April 2024, para. 3 · primary
        ▌ 2. Keepers' Union, [“Silence kills”](https://keepers.example/horn_%282025%29), March 2025, p. 2 · position
        ▌ As of 21 April 2024 · how-tall · edition 2026.11
        [Remove]
        ");
        let in_thread = mention(d.alice().in_thread(), SURE).await;
        assert_eq!(in_thread.title(), SURE);
    });
}

#[test]
fn a_mention_without_a_sure_answer_gets_one_line_and_no_guess() {
    discord(bot(), async |d| {
        for question in [TORN, FAR, "@everyone <@&1> `pancakes`"] {
            let reply = mention(d.alice(), question).await;
            assert_eq!(shown(&reply), UNSURE);
        }
    });
}

#[test]
fn an_empty_mention_gets_a_line_of_help() {
    discord(bot(), async |d| {
        let reply = mention(d.alice(), "").await;
        assert_snapshot!(shown(&reply), @"Ask me something after the mention, or use /ask: I answer from a file of cited sources.");
        let reply = d.alice().dm("").await.reply().await;
        assert_snapshot!(shown(&reply), @"Write your question, or use /ask: I answer from a file of cited sources.");
    });
}

#[test]
fn only_a_mention_by_a_person_is_heard() {
    discord(bot(), async |d| {
        let answer = mention(d.alice(), SURE).await;
        d.alice().says(SURE).await;
        d.moderator()
            .with_rights(MEMBER_RIGHTS | Permissions::MENTION_EVERYONE)
            .says(&format!("@everyone {SURE}"))
            .await;
        // The ping of a reply is no mention.
        d.alice().replies_to(answer.id, SURE).await;
        d.robot().mentions_bot(SURE).await;
        // The bot's own answers come back to it as events, and it does not answer them.
        let said = d.alice().mentions_bot("hello").await;
        assert_eq!(said.reply().await.content, UNSURE);
        d.alice().edits(&said, SURE).await;
        d.silence().await;
    });
}

#[test]
fn direct_messages_get_all_three_outcomes() {
    discord(bot(), async |d| {
        let sure = d.alice().dm(SURE).await.reply().await;
        assert_eq!(sure.title(), SURE);
        let choice = d.alice().dm(TORN).await.reply().await;
        assert_snapshot!(shown(&choice), @"
        Which one did you mean?
        1. What does the fog horn cost a year?
        2. Should the fog horn be silenced at night?
        3. At what hours can visitors climb the tower on weekdays, at weekends and on the public holidays of the region?
        [What does the fog horn cost a year?]
        [Should the fog horn be silenced at night?]
        [At what hours can visitors climb the tower on weekdays, at weekends and on the…]
        [None of these]
        ");
        let label = "What does the fog horn cost a year?";
        let picked = choice.click(label, d.alice()).await.reply().await;
        assert_eq!((picked.how, picked.title()), (How::Update, label));
        assert_eq!(
            picked.labels(),
            ["More"],
            "there is nobody to share it with"
        );
        let miss = d.alice().dm(FAR).await.reply().await;
        assert_snapshot!(shown(&miss), @r"
        This is not in the file. Topics near it:
        - The fog horn
        - Visiting \*the\* tower
        - The lighthouse
        [Browse topics]
        ");
    });
}

#[test]
fn commands_work_in_direct_messages_and_where_the_bot_is_not() {
    discord(bot(), async |d| {
        let question = [("question", TORN)];
        let with_bot = d
            .alice()
            .in_dm()
            .slash("ask", &question)
            .await
            .reply()
            .await;
        assert!(!with_bot.is_private() && with_bot.labels().contains(&"None of these"));
        let elsewhere = d
            .alice()
            .elsewhere()
            .by_user_install()
            .slash("ask", &question)
            .await;
        assert!(elsewhere.reply().await.is_private());
        let group = d
            .alice()
            .in_group()
            .by_user_install()
            .slash("ask", &question)
            .await;
        assert!(group.reply().await.is_private());
        // A sure answer is for all who are there, and who asked can take it away.
        for who in [d.alice().elsewhere(), d.alice().in_group()] {
            let answer = ask(who.clone(), SURE).await;
            assert!(!answer.is_private());
            assert_eq!((answer.title(), answer.labels()), (SURE, vec!["Remove"]));
            answer.click("Remove", who).await.is_acknowledged().await;
            let gone = d.reply().await;
            assert_eq!((gone.how, gone.id), (How::Deletion, answer.id));
        }
    });
}

#[test]
fn without_embed_links_the_same_goes_out_as_text() {
    discord(bot(), async |d| {
        let bare = MEMBER_RIGHTS - Permissions::EMBED_LINKS;
        let channel = d.channel_with("bare", bare);
        let asked = d
            .alice()
            .in_channel(channel)
            .slash("ask", &[("question", SURE)])
            .await;
        let reply = asked.reply().await;
        assert!(reply.embeds.is_empty());
        assert_snapshot!(shown(&reply), @"
        **How tall is the lighthouse?**
        The lighthouse is 61 metres tall ¹. The keepers count 58 metres to the lamp ².

        **Sources**
        1. Harbour Office, “The lighthouse in figures”, 21 April 2024, para. 3 · primary <https://harbour.example/lighthouse>
        2. Keepers' Union, “Silence kills”, March 2025, p. 2 · position <https://keepers.example/horn_%282025%29>
        -# As of 21 April 2024 · how-tall · edition 2026.11
        [Remove]
        ");
    });
}

#[test]
fn a_refused_embed_becomes_text_and_the_channel_is_remembered() {
    discord(bot(), async |d| {
        let bare = MEMBER_RIGHTS - Permissions::EMBED_LINKS;
        let channel = d.channel_with("bare", bare);
        let first = d.alice().in_channel(channel).mentions_bot(SURE).await;
        // Discord drops the embed in silence, for there are buttons to show.
        let bare = first.reply().await;
        assert_eq!((bare.how, bare.embeds.len()), (How::Message, 0));
        let reply = first.reply().await;
        assert_eq!((reply.how, reply.id), (How::Edit, bare.id));
        assert_snapshot!(shown(&reply), @"
        **How tall is the lighthouse?**
        The lighthouse is 61 metres tall ¹. The keepers count 58 metres to the lamp ².

        **Sources**
        1. Harbour Office, “The lighthouse in figures”, 21 April 2024, para. 3 · primary <https://harbour.example/lighthouse>
        2. Keepers' Union, “Silence kills”, March 2025, p. 2 · position <https://keepers.example/horn_%282025%29>
        -# As of 21 April 2024 · how-tall · edition 2026.11
        [Remove]
        ");
        let second = mention(d.alice().in_channel(channel), SURE).await;
        assert_eq!(
            (second.how, &second.content),
            (How::Message, &reply.content)
        );
    });
}

#[test]
fn where_the_bot_cannot_see_the_question_it_answers_without_pointing_to_it() {
    discord(bot(), async |d| {
        let channel = d.channel_with(
            "forgetful",
            MEMBER_RIGHTS - Permissions::READ_MESSAGE_HISTORY,
        );
        d.alice().in_channel(channel).mentions_bot(SURE).await;
        assert_eq!(d.refusal().await.code(), 160_002);
        let reply = d.reply().await;
        assert_eq!((reply.title(), reply.reply_to), (SURE, None));
    });
}
