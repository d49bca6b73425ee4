//! `/cleartext explain` and `/cleartext reload`: why a question is matched as it is, and reading the knowledge again.

use chrono::Utc;
use serenity::all::GuildId;

use super::super::markdown;
use super::super::remembered::id;
use super::super::state::State;
use super::told::{Told, fitted};
use crate::answering::Account;
use crate::library::LoadError;

/// Longest part of a line: what a list of many words would take up is of no use on a phone.
const LINE: usize = 400;

const NOT_HERE: &str = "The knowledge serves every server that I am in, so only the server that my operator names as `reload_guild` may have it read again. The operator can do it with SIGHUP.";

/// The same account as `cleartext ask --explain` gives. It holds the question, so it is for who asked alone.
pub(super) fn explain(state: &State, question: &str) -> Told {
    let lines = match state.library().current().account(question) {
        Account::Id(entry) => {
            return Told::text(format!(
                "`{entry}` is the id of an entry; nothing had to be matched."
            ));
        }
        Account::Matched(lines) => lines,
    };
    let lines: Vec<_> = lines
        .into_iter()
        .map(|(name, text)| format!("- **{name}**: {}", markdown::cut_escaped(&text, LINE)))
        .collect();
    Told::text(fitted("**Why**", &lines))
}

/// Reads the knowledge again, where the operator allows it.
pub(super) async fn reload(state: &State, guild: GuildId) -> Told {
    if state.setup().reload_guild != Some(id(guild)) {
        return Told::text(NOT_HERE);
    }
    let library = state.library().clone();
    let now = Utc::now();
    let outcome = tokio::task::spawn_blocking(move || library.reload(now)).await;
    match outcome {
        Ok(Ok(changes)) => {
            tracing::info!(%changes, "the knowledge was read again for a moderator");
            let knowledge = state.library().current();
            Told::text(format!(
                "The knowledge was read again: {changes} (entries new, changed, gone). It is edition {} with {} entries.",
                markdown::cut_escaped(knowledge.edition(), 60),
                knowledge.replies().len()
            ))
        }
        Ok(Err(error)) => {
            tracing::warn!("the knowledge was not read again for a moderator");
            refused(&error)
        }
        Err(_) => {
            tracing::error!("reading the knowledge again broke down");
            Told::text(
                "Reading broke down by a fault of mine; the last good edition goes on serving.",
            )
        }
    }
}

fn refused(error: &LoadError) -> Told {
    let lines: Vec<_> = match error {
        LoadError::Faults(faults) => faults.0.iter().map(ToString::to_string).collect(),
        LoadError::Read { .. } | LoadError::Empty { .. } => vec![error.to_string()],
    };
    let heading = match lines.len() {
        1 => "There is 1 fault; the last good edition goes on serving.".to_owned(),
        faults => format!("There are {faults} faults; the last good edition goes on serving."),
    };
    let lines: Vec<_> = lines
        .iter()
        .map(|line| format!("- {}", markdown::cut_escaped(line, LINE)))
        .collect();
    Told::text(fitted(&heading, &lines))
}
