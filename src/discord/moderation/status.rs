//! `/cleartext status`: how the bot is doing.

use std::time::Duration;

use serenity::all::GuildId;

use super::super::markdown;
use super::super::remembered::id;
use super::super::state::State;
use super::told::Told;
use crate::library::{Reload, Reloaded};

pub(super) async fn told(state: &State, guild: GuildId) -> Told {
    let knowledge = state.library().current();
    let vitals = state.vitals();
    let shards = vitals.shards();
    let (answers, half, most) = vitals.answers();
    let speed = if answers == 0 {
        "no answer yet".to_owned()
    } else {
        let answers = counted(answers, "answer");
        format!(
            "{answers}; half within {}, 99 in 100 within {}",
            time(half),
            time(most)
        )
    };
    let memory = match state.memory() {
        None => "none; nothing is stored",
        Some(memory) => match memory.settings(id(guild)).await {
            Ok(_) => "reachable",
            Err(_) => "does not answer at the moment; the operator's log says why",
        },
    };
    let reload = state
        .library()
        .last_reload()
        .map_or_else(|| "none since the start".to_owned(), |last| outcome(&last));
    let lines = [
        format!(
            "- **Knowledge**: {}, edition {}",
            markdown::cut_escaped(knowledge.title(), 200),
            markdown::cut_escaped(knowledge.edition(), 60)
        ),
        format!(
            "- **Entries**: {} in {} topics, revision `{}`",
            knowledge.replies().len(),
            knowledge.topics().len(),
            knowledge.revision()
        ),
        format!("- **Last reload**: {reload}"),
        format!(
            "- **Running**: {}, version {}",
            long(vitals.uptime()),
            env!("CARGO_PKG_VERSION")
        ),
        format!("- **Since then**: {speed}"),
        format!(
            "- **Connection**: {} of {} since the start, {}",
            shards.connected(),
            counted(shards.total.max(1).into(), "shard"),
            counted(shards.reconnects(), "reconnect")
        ),
        format!("- **Memory**: {memory}"),
    ];
    Told::text(format!("**Status**\n{}", lines.join("\n")))
}

/// A reload in words.
fn outcome(last: &Reloaded) -> String {
    // Discord shows a time in the reader's own time zone.
    let at = format!("<t:{}:f>", last.at.timestamp());
    match &last.outcome {
        Reload::Done(changes) => format!("{at}, {changes}"),
        Reload::Failed { faults } => {
            let faults = counted(u64::try_from(*faults).unwrap_or(u64::MAX), "fault");
            format!("{at}, refused with {faults}; the last good edition goes on serving")
        }
    }
}

/// "1 answer", "2 answers".
fn counted(number: u64, one: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{number} {one}{plural}")
}

/// A short time.
fn time(took: Duration) -> String {
    let ms = took.as_secs_f64() * 1_000.0;
    if ms < 10.0 {
        format!("{ms:.1} ms")
    } else {
        format!("{ms:.0} ms")
    }
}

/// A long one.
fn long(ran: Duration) -> String {
    let minutes = ran.as_secs() / 60;
    match (minutes / (24 * 60), minutes / 60 % 24, minutes % 60) {
        (0, 0, 0) => "under a minute".to_owned(),
        (0, 0, minutes) => format!("{minutes} min"),
        (0, hours, minutes) => format!("{hours} h {minutes} min"),
        (days, hours, _) => format!("{days} d {hours} h"),
    }
}
