//! `cleartext ask`: one question, one answer.
//!
//! The exit code says whether it was answered. The question is never kept.

use std::ffi::OsString;
use std::io::{self, IsTerminal, Read};

use super::json::{self, AnswerJson, Audience};
use super::page::{self, Extent};
use super::terminal::{self, Look};
use super::{Exit, Failure, Setting, explain, reason, today};
use crate::answering::Answer;

/// Most that is read of a question on standard input, in bytes: far beyond what the matcher looks at.
const LONGEST_QUESTION: u64 = 64 << 10;

/// Answer one question and leave.
///
/// Exit code 0 where it is answered, 1 where it is not: because several entries may be meant, or because none is.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  cleartext ask how many police chiefs signed the statement\n  \
        cleartext ask --json \"Did Apple withdraw encrypted backups?\"\n  \
        echo \"who signed it?\" | cleartext ask -"
)]
pub(super) struct Args {
    /// The question in your own words, or an entry's id; `-` reads it from standard input
    #[arg(required = true, value_name = "QUESTION")]
    question: Vec<OsString>,
    /// Print the answer as JSON, on one line where the output is not a terminal [default: text]
    #[arg(long)]
    json: bool,
    /// Show as well why the question was answered this way; with --json on standard error [default: off]
    #[arg(long)]
    explain: bool,
    /// Show the entry's detail as well, where it has one [default: off; JSON always holds it]
    #[arg(long)]
    more: bool,
}

pub(super) fn run(args: &Args, setting: &Setting) -> Result<Exit, Failure> {
    let question = question(&args.question)?;
    let library = setting.library()?;
    let answerer = library.current();
    let answer = answerer.ask(&question);
    let look = Look::of_stdout();
    let extent = if args.more {
        Extent::Full
    } else {
        Extent::Brief
    };
    let why = args
        .explain
        .then(|| explain::explanation(&answerer, &question, look));
    if args.json {
        let audience = if io::stdout().is_terminal() {
            Audience::Person
        } else {
            Audience::Program
        };
        let shape = AnswerJson::new(&question, &answer, today());
        terminal::print(&json::text(&shape, audience)?)?;
        if let Some(why) = why {
            terminal::tell_page(&why);
        }
    } else {
        let mut text = page::answer(&answer, extent, today(), look);
        if let Some(why) = why {
            text.push('\n');
            text.push_str(&why);
        }
        terminal::print(&text)?;
    }
    Ok(match answer {
        Answer::Found(_) => Exit::Success,
        Answer::Choose(_) | Answer::Unknown(_) => Exit::Negative,
    })
}

/// The words joined, or what stands on standard input for a single `-`.
fn question(words: &[OsString]) -> Result<String, Failure> {
    if let [only] = words
        && only == "-"
    {
        let mut bytes = Vec::new();
        io::stdin()
            .lock()
            .take(LONGEST_QUESTION)
            .read_to_end(&mut bytes)
            .map_err(|error| {
                Failure(format!(
                    "the question cannot be read from standard input: {}",
                    reason(&error)
                ))
            })?;
        return Ok(String::from_utf8_lossy(&bytes).trim().to_owned());
    }
    let words: Vec<_> = words.iter().map(|word| word.to_string_lossy()).collect();
    Ok(words.join(" ").trim().to_owned())
}
