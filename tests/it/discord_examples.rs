//! The example bots as programs of their own: started, spoken to, and stopped with a signal.

use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::LazyLock;

use cleartext::answering::{Answer, Overrides};
use cleartext::library::Library;

use crate::discord::mention;
use crate::fake::{Api, Bot, Discord, Reply, discord};

/// The knowledge that the examples answer from.
static SHIPPED: LazyLock<Library> = LazyLock::new(|| {
    Library::open_with(None, Overrides::default()).expect("the built-in knowledge is sound")
});

/// Two questions that are surely answered: entries' own. Two, as an answer is not given again at once in the same channel.
fn sure() -> [String; 2] {
    let shipped = SHIPPED.current();
    let mut questions = shipped.replies().iter().map(|reply| reply.title.clone());
    let surely = |title: &String| matches!(SHIPPED.ask(title), Answer::Found(found) if found.reply.title == *title);
    let mut next = || questions.find(surely).expect("an entry finds itself");
    [next(), next()]
}

/// A word that several entries speak of.
fn torn() -> String {
    let shipped = SHIPPED.current();
    let words = shipped
        .replies()
        .iter()
        .flat_map(|reply| reply.title.split_whitespace());
    let torn = |word: &&str| matches!(SHIPPED.ask(word), Answer::Choose(_));
    words
        .into_iter()
        .find(torn)
        .expect("some word has two entries")
        .to_owned()
}

/// Where cargo puts an example beside this test.
fn program(name: &str) -> PathBuf {
    let test = std::env::current_exe().expect("a running program has a path");
    let profile = test
        .ancestors()
        .nth(2)
        .expect("tests lie in target/PROFILE/deps");
    let file = format!("{name}{}", std::env::consts::EXE_SUFFIX);
    let program = profile.join("examples").join(file);
    assert!(
        program.exists(),
        "{} is not built; `cargo test` builds it, before a single test run `cargo build --examples`",
        program.display()
    );
    program
}

/// An example as a bot. With nothing of our environment, and expected to say nothing on its streams.
fn example(name: &'static str) -> Bot {
    Bot::new(move |api: Api, stop| async move {
        let port = api.base.rsplit(':').next().unwrap_or_default();
        let child = Command::new(program(name))
            .env_clear()
            .env("DISCORD_TOKEN", &api.token)
            .env("FAKE_DISCORD_PORT", port)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(|error| error.to_string())?;
        let process = child.id().to_string();
        let ended = tokio::task::spawn_blocking(|| child.wait_with_output());
        tokio::pin!(ended);
        let output = tokio::select! {
            output = &mut ended => output,
            () = stop.cancelled() => {
                let kill = Command::new("kill").args(["-INT", &process]).status();
                kill.map_err(|error| error.to_string())?;
                ended.await
            }
        };
        let output = output
            .map_err(|error| error.to_string())?
            .map_err(|error| error.to_string())?;
        let said = [output.stdout, output.stderr].concat();
        if output.status.success() && said.is_empty() {
            Ok(())
        } else {
            Err(format!(
                "{}: {}",
                output.status,
                String::from_utf8_lossy(&said)
            ))
        }
    })
}

/// What every host's members get of ours, whatever our `/ask` is called there.
async fn ours(d: &Discord, ask: &str) {
    let [sure, other] = sure();
    let asked = async |question: &str| -> Reply {
        let asked = d.alice().slash(ask, &[("question", question)]).await;
        asked.reply().await
    };
    let answer = asked(&sure).await;
    assert_eq!(
        (answer.title(), answer.is_private()),
        (sure.as_str(), false)
    );
    assert!(
        !d.alice()
            .types(ask, "question", "encryption")
            .await
            .is_empty()
    );
    assert_eq!(mention(d.alice(), &other).await.title(), other);
    assert_eq!(d.alice().dm(&sure).await.reply().await.title(), sure);

    let choice = asked(&torn()).await;
    assert!(choice.is_private());
    let label = choice
        .buttons
        .first()
        .expect("there is a choice")
        .label
        .clone();
    let picked = choice.click(&label, d.alice()).await.reply().await;
    let begins = label.trim_end_matches('…');
    assert!(
        picked.title().starts_with(begins),
        "{label} led to {picked}"
    );

    let unsure = mention(d.alice(), "best recipe for pancakes").await;
    assert!(unsure.content.contains(&format!(" /{ask}:")), "{unsure}");
}

#[test]
fn the_dice_bot_rolls_dice_and_answers() {
    discord(example("host_bot"), async |d| {
        let mut names = d.registered_commands().await;
        names.retain(|name| ["ask", "roll", "rolled"].contains(&name.as_str()));
        names.sort();
        assert_eq!(names, ["ask", "roll", "rolled"]);
        ours(&d, "ask").await;
        let say = async |command: &str, options: &[(&str, &str)]| {
            d.alice()
                .slash(command, options)
                .await
                .reply()
                .await
                .content
        };
        assert_eq!(say("roll", &[("sides", "1")]).await, "The die shows 1.");
        assert_eq!(
            say("roll", &[("sides", "0")]).await,
            "A die has at least one side."
        );
        assert_eq!(say("rolled", &[]).await, "Dice rolled so far: 1.");
        d.stop_bot()
            .await
            .expect("it ends by itself, and has said nothing");
    });
}

#[test]
fn the_oracle_keeps_its_own_ask_and_answers() {
    discord(example("plain_serenity"), async |d| {
        let mut names = d.registered_commands().await;
        names.retain(|name| ["ask", "e2ee-ask"].contains(&name.as_str()));
        names.sort();
        assert_eq!(names, ["ask", "e2ee-ask"]);
        let oracle = d.alice().slash("ask", &[("question", "Shall I?")]).await;
        assert_eq!(oracle.reply().await.content, "The signs are unclear.");
        ours(&d, "e2ee-ask").await;
        d.stop_bot()
            .await
            .expect("it ends by itself, and has said nothing");
    });
}
