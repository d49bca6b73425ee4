//! What is stored of a server, for its moderators: gaps, feedback, all of it as a file, and deleting all of it.

use std::collections::HashSet;

use serde_json::json;
use serenity::all::{ButtonStyle, CreateActionRow, GuildId};

use super::super::events::today;
use super::super::markdown;
use super::super::remembered::{Keeps, id};
use super::super::state::State;
use super::press::{Press, Step};
use super::settings::{AWAY, NO_MEMORY, warn};
use super::told::{Told, button, paged};
use crate::answering::Answerer;
use crate::memory::{Gap, LEAST_PEOPLE, Ratings};

/// How much of a question stands in a list.
const QUESTION: usize = 220;

/// Questions that were not answered, what most people asked first.
pub(super) async fn gaps(state: &State, guild: GuildId, page: usize) -> Told {
    let Some(memory) = state.memory() else {
        return Told::text(NO_MEMORY);
    };
    if state.keeps(Some(guild)).await != Keeps::Questions {
        return Told::text(state.names().in_text(
            "Unanswered questions are not kept in this server. Switch that on with `/cleartext settings gaps:on`; only those that two people or more have asked are kept then, for 30 days, without who asked.",
        ));
    }
    match memory.gaps(Some(id(guild)), today()).await {
        Ok(gaps) if gaps.is_empty() => Told::text(format!(
            "There is none. A question is listed once {LEAST_PEOPLE} people or more have asked it."
        )),
        Ok(gaps) => {
            let lines: Vec<_> = gaps.iter().map(gap_line).collect();
            let heading = format!("**Unanswered questions**: {}", gaps.len());
            let file = button("As a file", Press::GapsFile, ButtonStyle::Secondary);
            paged(&heading, &lines, page, Press::Gaps, Some(file))
        }
        Err(error) => {
            warn(&error);
            Told::text(AWAY)
        }
    }
}

fn gap_line(gap: &Gap) -> String {
    let instead = gap
        .instead_of
        .as_ref()
        .map_or_else(String::new, |entry| format!(", was shown `{entry}`"));
    format!(
        "- **{}** people, last on {}: {}{instead}",
        gap.people,
        gap.last_day.format("%-d %B %Y"),
        markdown::cut_escaped(&gap.question, QUESTION)
    )
}

/// The same as `cleartext gaps --json` writes: graded questions without their entries.
pub(super) async fn gaps_file(state: &State, guild: GuildId) -> Told {
    let Some(memory) = state.memory() else {
        return Told::text(NO_MEMORY);
    };
    match memory.gaps(Some(id(guild)), today()).await {
        Ok(gaps) => {
            let mut seen = HashSet::new();
            let lines: String = gaps
                .iter()
                .filter(|gap| seen.insert(&gap.question))
                .map(|gap| json!({ "question": gap.question, "entry": null }))
                .flat_map(|line| [line.to_string(), "\n".to_owned()])
                .collect();
            let text = "One question a line. Write the id of the entry that should have answered, and measure with `cleartext eval`; or write the entry that is missing.";
            Told::text(text).with_file("gaps.jsonl", lines)
        }
        Err(error) => {
            warn(&error);
            Told::text(AWAY)
        }
    }
}

/// What readers said of answers, those that missed most first.
pub(super) async fn feedback(state: &State, guild: GuildId, page: usize) -> Told {
    let Some(memory) = state.memory() else {
        return Told::text(NO_MEMORY);
    };
    match memory.ratings(Some(id(guild))).await {
        Ok(ratings) if ratings.is_empty() => {
            Told::text("Nobody has said anything of an answer here yet.")
        }
        Ok(mut ratings) => {
            ratings.sort_by(|a, b| {
                (b.not_asked, b.helpful, &a.entry).cmp(&(a.not_asked, a.helpful, &b.entry))
            });
            let knowledge = state.library().current();
            let lines: Vec<_> = ratings
                .iter()
                .map(|rating| rating_line(rating, &knowledge))
                .collect();
            let heading = "**Feedback**: helpful / not what was asked";
            paged(heading, &lines, page, Press::Feedback, None)
        }
        Err(error) => {
            warn(&error);
            Told::text(AWAY)
        }
    }
}

fn rating_line(rating: &Ratings, knowledge: &Answerer) -> String {
    let wording = match knowledge.entry(&rating.entry) {
        None => ", no longer in the file",
        Some(reply) if reply.revision.to_string() == rating.revision => "",
        Some(_) => ", an earlier wording",
    };
    format!(
        "- {} / {} · `{}`{wording}",
        rating.helpful, rating.not_asked, rating.entry
    )
}

/// All that is stored of a server, as a file.
pub(super) async fn export(state: &State, guild: GuildId) -> Told {
    let Some(memory) = state.memory() else {
        return Told::text(NO_MEMORY);
    };
    let export = memory.export(id(guild), today()).await;
    match export {
        Ok(export) => match serde_json::to_string_pretty(&export) {
            Ok(text) => Told::text("This is all that I store of this server.")
                .with_file("cleartext.json", text),
            Err(error) => {
                tracing::error!(%error, "an export could not be written");
                Told::text("The export could not be written; the operator's log says why.")
            }
        },
        Err(error) => {
            warn(&error);
            Told::text(AWAY)
        }
    }
}

/// Deletes all that is stored of a server, after it was asked whether that is meant.
pub(super) async fn forget(state: &State, guild: GuildId, step: Step) -> Told {
    let Some(memory) = state.memory() else {
        return Told::text(NO_MEMORY);
    };
    if step == Step::Asked {
        let text = "Delete all that I store of this server: its settings, counts of feedback, and unanswered questions? It cannot be undone.";
        return Told::text(text).with_row(CreateActionRow::Buttons(vec![
            button(
                "Delete all",
                Press::Forget(Step::Confirmed),
                ButtonStyle::Danger,
            ),
            button("Export first", Press::Export, ButtonStyle::Secondary),
            button("Keep all", Press::Keep, ButtonStyle::Secondary),
        ]));
    }
    let outcome = memory.forget(id(guild)).await;
    state.unlearn(guild);
    match outcome {
        Ok(0) => Told::text("Nothing was stored of this server. The defaults hold."),
        Ok(rows) => Told::text(format!(
            "Everything that was stored of this server is deleted: {rows} {}. The defaults hold.",
            if rows == 1 { "row" } else { "rows" }
        )),
        Err(error) => {
            warn(&error);
            Told::text("My memory did not confirm that all is deleted. Do it again in a minute.")
        }
    }
}
