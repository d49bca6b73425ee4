//! How the program does on Discord, measured from outside: `cleartext serve` as a process of its own against the fake Discord of the
//! tests. Prints milliseconds and kilobytes; it judges nothing.
//!
//! Run with `cargo bench --bench discord`. Unix only: the process is stopped with `kill`, its memory read from `/proc`.

#![allow(clippy::print_stdout, reason = "printing is what this bench is for")]

#[path = "../tests/it/fake/mod.rs"]
#[allow(
    unused_imports,
    reason = "the tests' vocabulary, and their tests of it, of which a bench uses a few words"
)]
mod fake;

use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use cleartext::answering::Overrides;
use cleartext::library::Library;

use fake::{Bot, MEMBER_RIGHTS, discord_before_start};

/// Mentions, commands and completions that are timed one after another.
const TURNS: usize = 300;
/// Mentions that are posted at once.
const BURST: usize = 200;
const QUESTION: &str = "How many police chiefs made the statement, 32 or 33?";

fn main() {
    // `cargo test --benches` and `--no-run` come by without `--bench`; there is nothing to measure then.
    if !std::env::args().any(|argument| argument == "--bench") {
        return;
    }
    let load = {
        let begun = Instant::now();
        Library::open_with(None, Overrides::default()).expect("the built-in knowledge is sound");
        begun.elapsed()
    };
    println!(
        "load of the knowledge, in this process  {:>9.2} ms",
        milliseconds(load)
    );
    let process: Arc<Mutex<Option<u32>>> = Arc::default();
    discord_before_start(served(Arc::clone(&process)), async |discord| {
        let begun = Instant::now();
        discord.start_bot();
        discord.bot_is_ready().await;
        println!(
            "process start to READY, with loading    {:>9.2} ms",
            milliseconds(begun.elapsed())
        );
        discord.registered_commands().await;
        let id = process
            .lock()
            .expect("nobody panics with it")
            .expect("the program runs");
        println!(
            "memory when idle (RSS)                  {:>9} KB",
            resident(id)
        );

        // A new person in a new channel each time, so that no limit on one person's questions, and no pointer to an answer just given,
        // is what is measured.
        let somebody = |name: String| {
            let channel = discord.channel_with(&name, MEMBER_RIGHTS);
            discord.newcomer(&name).in_channel(channel)
        };
        let mut mentions = Vec::with_capacity(TURNS);
        let mut commands = Vec::with_capacity(TURNS);
        let mut completions = Vec::with_capacity(TURNS);
        for turn in 0..TURNS {
            let member = somebody(format!("mention-{turn}"));
            let begun = Instant::now();
            member.mentions_bot(QUESTION).await.reply().await;
            mentions.push(begun.elapsed());
            let member = somebody(format!("ask-{turn}"));
            let begun = Instant::now();
            let slash = member.slash("ask", &[("question", QUESTION)]).await;
            slash.reply().await;
            commands.push(begun.elapsed());
            let begun = Instant::now();
            member.types("ask", "question", "how many police chi").await;
            completions.push(begun.elapsed());
        }
        tell("mention to reply", mentions);
        tell("/ask to reply", commands);
        tell("a letter typed to completions", completions);
        println!(
            "memory after {TURNS} turns of these (RSS)   {:>9} KB",
            resident(id)
        );

        let begun = Instant::now();
        let mut asked = Vec::with_capacity(BURST);
        for turn in 0..BURST {
            let person = somebody(format!("burst-{turn}"));
            asked.push(person.mentions_bot(QUESTION).await);
        }
        for said in asked {
            said.reply().await;
        }
        println!(
            "a burst of {BURST} mentions, all answered     {:>9.2} ms",
            milliseconds(begun.elapsed())
        );
        println!(
            "memory after the burst (RSS)            {:>9} KB",
            resident(id)
        );
    });
}

/// Prints what half and 99 of 100 took at most.
fn tell(what: &str, mut times: Vec<Duration>) {
    times.sort();
    for percent in [50, 99] {
        let label = format!("{what}, p{percent}");
        let time = times[times.len() * percent / 100];
        println!("{label:<39} {:>9.2} ms", milliseconds(time));
    }
}

/// The program as an operator starts it.
fn served(process: Arc<Mutex<Option<u32>>>) -> Bot {
    Bot::new(move |api, stop| {
        let process = Arc::clone(&process);
        async move {
            let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
            let config = folder.path().join("config.toml");
            let text = format!("[discord]\napi_base = \"{}\"\n", api.base);
            std::fs::write(&config, text).map_err(|error| error.to_string())?;
            let mut child = Command::new(env!("CARGO_BIN_EXE_cleartext"))
                .args(["serve", "--config"])
                .arg(&config)
                .env("DISCORD_TOKEN", &api.token)
                .env("CLEARTEXT_LOG", "warn")
                .stdin(Stdio::null())
                .spawn()
                .map_err(|error| error.to_string())?;
            *process.lock().expect("nobody panics with it") = Some(child.id());
            stop.cancelled().await;
            ended(&mut child).await
        }
    })
}

/// Asks the program to stop, and waits until it has.
async fn ended(child: &mut Child) -> Result<(), String> {
    let asked = Instant::now();
    let kill = Command::new("kill").arg(child.id().to_string()).status();
    kill.map_err(|error| error.to_string())?;
    loop {
        if let Some(status) = child.try_wait().map_err(|error| error.to_string())? {
            println!(
                "SIGTERM to the process's end            {:>9.2} ms",
                milliseconds(asked.elapsed())
            );
            return if status.success() {
                Ok(())
            } else {
                Err(status.to_string())
            };
        }
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
}

/// Resident memory of a process in kilobytes; 0 where `/proc` does not tell.
fn resident(id: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{id}/status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    line.and_then(|rest| rest.split_whitespace().next()?.parse().ok())
        .unwrap_or(0)
}

fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1_000.0
}
