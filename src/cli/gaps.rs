//! `cleartext gaps`: the questions that people asked and the knowledge does not answer, for the curator.
//!
//! It shows what two people or more have asked, like all that reads the memory; it makes none and changes nothing a curator sees.

use std::collections::BTreeMap;
use std::io::{self, IsTerminal};

use chrono::NaiveDate;
use serde::Serialize;
use tokio::runtime;

use super::config::Remembering;
use super::json::{self, Audience};
use super::terminal::{self, Look, Page};
use super::{Exit, Failure, Setting, count, reason, today};
use crate::answering::EntryId;
use crate::memory::{Absence, Gap, GuildId, LEAST_PEOPLE, Memory, Patience};

/// List the questions that were not answered.
///
/// Only from servers that have switched it on, and only what two people or more have asked in the last 30 days. On a terminal it
/// is a table; elsewhere, or with --json, graded questions, {"question": "…", "entry": null} a line: write the entry that
/// should have answered and measure with `cleartext eval`, or write the entry that is missing.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  cleartext gaps > gaps.jsonl")]
pub(super) struct Args {
    /// Print graded questions on a terminal too
    #[arg(long)]
    json: bool,
    /// Only those of the server with this number [default: all servers]
    #[arg(long, value_name = "ID", value_parser = guild)]
    guild: Option<GuildId>,
}

fn guild(text: &str) -> Result<GuildId, String> {
    text.parse()
        .ok()
        .and_then(GuildId::new)
        .ok_or_else(|| "write the server's number, as Discord copies it".to_owned())
}

pub(super) fn run(args: &Args, setting: &Setting) -> Result<Exit, Failure> {
    let address = match &setting.config.memory {
        Remembering::At(address) => address,
        Remembering::Off => {
            return Err(Failure(
                "the memory is off, so there is nothing to list; give it a place as `url` under [memory]"
                    .to_owned(),
            ));
        }
    };
    let start = |error: io::Error| Failure(format!("the program cannot start: {}", reason(&error)));
    let runtime = runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(start)?;
    let gaps = runtime.block_on(async {
        let memory = Memory::lazy_with(address, Absence::Report, Patience::of_a_command());
        let gaps = memory.gaps(args.guild, today()).await;
        memory.close().await;
        gaps
    });
    let questions = questions(gaps.map_err(|error| Failure(error.to_string()))?);
    if args.json || !io::stdout().is_terminal() {
        let mut lines = String::new();
        for question in &questions {
            let graded = Graded {
                question: &question.question,
                entry: None,
            };
            lines.push_str(&json::text(&graded, Audience::Program)?);
        }
        terminal::print(&lines)?;
    } else {
        terminal::print(&table(&questions, Look::of_stdout()))?;
    }
    Ok(Exit::Success)
}

/// What `cleartext eval --questions` reads.
#[derive(Debug, Serialize)]
struct Graded<'a> {
    question: &'a str,
    entry: Option<&'a str>,
}

/// A question, of however many servers.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Asked {
    question: String,
    instead_of: Vec<EntryId>,
    people: u64,
    first_day: NaiveDate,
    last_day: NaiveDate,
}

/// The same question in several servers, or beside several answers, is one; what most people asked comes first.
fn questions(gaps: Vec<Gap>) -> Vec<Asked> {
    let mut questions: BTreeMap<String, Asked> = BTreeMap::new();
    for gap in gaps {
        let question = questions
            .entry(gap.question.clone())
            .or_insert_with(|| Asked {
                question: gap.question,
                instead_of: Vec::new(),
                people: 0,
                first_day: gap.first_day,
                last_day: gap.last_day,
            });
        question.people += gap.people;
        question.first_day = question.first_day.min(gap.first_day);
        question.last_day = question.last_day.max(gap.last_day);
        question.instead_of.extend(gap.instead_of);
        question.instead_of.sort_unstable();
        question.instead_of.dedup();
    }
    let mut questions: Vec<_> = questions.into_values().collect();
    questions.sort_by(|a, b| {
        b.people
            .cmp(&a.people)
            .then_with(|| a.question.cmp(&b.question))
    });
    questions
}

fn table(questions: &[Asked], look: Look) -> String {
    let mut page = Page::new(look);
    if questions.is_empty() {
        page.paragraph(&format!(
            "There is none. A question is listed once {LEAST_PEOPLE} people or more have asked it in a server that has switched this on."
        ));
        return page.into_text();
    }
    page.heading(&format!(
        "{} not answered",
        count(questions.len(), "question")
    ));
    page.row("  people  first       last        question");
    for question in questions {
        let lead = format!(
            "  {:>6}  {}  {}  ",
            question.people, question.first_day, question.last_day
        );
        page.item(&lead, &question.question);
        for entry in &question.instead_of {
            page.item(
                &" ".repeat(lead.chars().count()),
                &format!("was shown {entry}"),
            );
        }
    }
    page.gap();
    page.aside(
        "People are counted in each server and for each answer shown; somebody may count twice.",
    );
    page.into_text()
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;

    use super::super::terminal::{Links, Styling};
    use super::*;

    fn gap(guild: u64, question: &str, instead_of: Option<&str>, people: u64, day: u32) -> Gap {
        let day = NaiveDate::from_ymd_opt(2026, 11, day).expect("a day of November");
        Gap {
            guild: GuildId::new(guild).expect("not zero"),
            question: question.to_owned(),
            instead_of: instead_of.map(|id| EntryId::new(id).expect("an id")),
            people,
            first_day: day,
            last_day: day,
        }
    }

    #[test]
    fn a_table_has_one_line_for_a_question_and_the_most_asked_first() {
        let look = Look {
            width: 60,
            style: Styling::Plain,
            links: Links::Text,
        };
        let gaps = vec![
            gap(1, "who paid for it", None, 2, 3),
            gap(2, "who paid for it", Some("meeting-host"), 3, 9),
            gap(
                1,
                "does a very long question stay inside its column on a narrow terminal",
                None,
                12,
                4,
            ),
            gap(1, "apples", None, 2, 5),
        ];
        assert_snapshot!(table(&questions(gaps), look), @"
        3 questions not answered
          people  first       last        question
              12  2026-11-04  2026-11-04  does a very long question
                                          stay inside its column on
                                          a narrow terminal
               5  2026-11-03  2026-11-09  who paid for it
                                          was shown meeting-host
               2  2026-11-05  2026-11-05  apples

        People are counted in each server and for each answer shown;
        somebody may count twice.
        ");
        assert_snapshot!(table(&questions(Vec::new()), look), @"
        There is none. A question is listed once 2 people or more
        have asked it in a server that has switched this on.
        ");
    }
}
