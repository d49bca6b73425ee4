//! The program `cleartext`: arguments, and which command they call.
//!
//! - `ask`, `chat`, `check`, `eval`, `gaps`, `schema`, `serve`: one command each.
//! - `config`: the configuration file and the environment.
//! - `page`: an answer as text; `explain`: why it was chosen; `json`: the same for machines.
//! - `upkeep`: the memory of a running bot.
//! - `allocator`: how large blocks are freed.
//! - `terminal`: what the streams can show: width, style, links, progress.
//!
//! It decides nothing about answers: it hands questions to the library and shows what comes back.

mod allocator;
mod ask;
mod chat;
mod check;
mod config;
mod eval;
mod explain;
mod gaps;
mod json;
mod page;
mod schema;
mod serve;
mod terminal;
mod upkeep;

use std::ffi::OsString;
use std::fmt;
use std::io;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use chrono::{NaiveDate, Utc};
use clap::{Parser, Subcommand};

use crate::library::{Library, LoadError};
use config::Config;
use terminal::Progress;

/// Parses the arguments (the first is the program's name), runs the command, and returns the program's exit code.
///
/// 0: done, and for `ask` answered. 1: not answered, or under a floor of `eval`. 2: an error.
///
/// ```
/// // `cleartext` is only told what its arguments say; here it prints its version.
/// let arguments = ["cleartext", "--version"].map(std::ffi::OsString::from);
/// let _exit_code = cleartext::cli::run(arguments);
/// ```
pub fn run(args: impl IntoIterator<Item = OsString>) -> ExitCode {
    allocator::free_large_blocks_at_once();
    let args = match Args::try_parse_from(args) {
        Ok(args) => args,
        Err(told) => {
            // A reader who closed the pipe has seen enough of the help.
            let _ = told.print();
            return ExitCode::from(if told.use_stderr() { 2 } else { 0 });
        }
    };
    match dispatch(args) {
        Ok(exit) => exit.into(),
        Err(failure) => {
            terminal::tell_error(&failure.to_string());
            Exit::Error.into()
        }
    }
}

/// Answers questions from a curated knowledge folder, with a source behind every sentence.
#[derive(Debug, Parser)]
#[command(
    name = "cleartext",
    version,
    max_term_width = 100,
    long_about = "Answers questions from a curated knowledge folder, with a source behind every sentence.\n\n\
        Without a command it converses: on a terminal as `cleartext chat`, in a pipe by answering each line it reads. \
        It needs no network and keeps nothing; only `serve` connects to Discord and remembers.",
    after_help = "Exit codes: 0 done or answered, 1 not answered, 2 error.\n\n\
        Example:\n  cleartext ask how many police chiefs signed the statement"
)]
struct Args {
    #[command(flatten)]
    everywhere: Everywhere,
    #[command(subcommand)]
    command: Option<Command>,
}

/// What every command understands.
#[derive(Debug, clap::Args)]
struct Everywhere {
    /// Knowledge to use: a TOML file or a folder of them [default: `CLEARTEXT_KNOWLEDGE`, then the configuration, then the built-in knowledge]
    #[arg(long, global = true, value_name = "PATH")]
    knowledge: Option<PathBuf>,
    /// Configuration file [default: config.toml in the current folder, where there is one]
    #[arg(long, global = true, value_name = "PATH")]
    config: Option<PathBuf>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Answer one question and leave
    Ask(ask::Args),
    /// Converse: ask in your own words, pick by number, /quit to leave
    Chat(chat::Args),
    /// Check a knowledge file or folder and tell every fault with its place
    Check(check::Args),
    /// Measure the match quality on graded questions
    Eval(eval::Args),
    /// List the questions that people asked in vain, for curators
    Gaps(gaps::Args),
    /// Print the format of knowledge files as a JSON Schema, for editors
    Schema(schema::Args),
    /// Join Discord and answer there until stopped
    Serve(serve::Args),
}

fn dispatch(args: Args) -> Result<Exit, Failure> {
    let setting = Setting {
        config: Config::load(args.everywhere.config.as_deref())?,
        knowledge: args.everywhere.knowledge,
    };
    match args.command {
        Some(Command::Ask(args)) => ask::run(&args, &setting),
        None | Some(Command::Chat(chat::Args {})) => chat::run(&setting),
        Some(Command::Check(args)) => check::run(&args, &setting),
        Some(Command::Eval(args)) => eval::run(&args, &setting),
        Some(Command::Gaps(args)) => gaps::run(&args, &setting),
        Some(Command::Schema(schema::Args {})) => schema::run(),
        Some(Command::Serve(serve::Args {})) => serve::run(&setting),
    }
}

/// The configuration together with what the arguments put over it.
struct Setting {
    config: Config,
    knowledge: Option<PathBuf>,
}

impl Setting {
    /// Where the knowledge is; `None` for the built-in one.
    fn knowledge(&self) -> Option<&Path> {
        self.knowledge
            .as_deref()
            .or(self.config.knowledge.as_deref())
    }

    /// Opens the knowledge.
    fn library(&self) -> Result<Library, Failure> {
        let _progress = Progress::start("Reading the knowledge", None);
        Ok(Library::open_with(
            self.knowledge().map(Path::to_owned),
            self.config.overrides,
        )?)
    }
}

/// How a command that did its work ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Exit {
    /// Done, or answered.
    Success,
    /// The answer is no: not answered, or under a floor.
    Negative,
    /// Told on the way: something is wrong that has to be mended.
    Error,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        match exit {
            Exit::Success => Self::SUCCESS,
            Exit::Negative => Self::from(1),
            Exit::Error => Self::from(2),
        }
    }
}

/// Why a command could not do its work: one sentence with its remedy, to stand after `error: `.
#[derive(Debug)]
struct Failure(String);

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl From<LoadError> for Failure {
    fn from(error: LoadError) -> Self {
        Self(match error {
            LoadError::Read { path, source } => format!(
                "the knowledge {} cannot be read: {}; name a TOML file or a folder of them",
                path.display(),
                reason(&source)
            ),
            LoadError::Empty { .. } => error.to_string(),
            LoadError::Faults(faults) => format!(
                "the knowledge cannot be used before {} mended:\n{faults}",
                match faults.0.len() {
                    1 => "this is".to_owned(),
                    number => format!("these {number} faults are"),
                }
            ),
        })
    }
}

/// Why reading or writing failed, in words, without the system's error number.
fn reason(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "there is no such file or folder".to_owned(),
        io::ErrorKind::PermissionDenied => "this user has no permission".to_owned(),
        io::ErrorKind::IsADirectory => "it is a folder, not a file".to_owned(),
        io::ErrorKind::InvalidData => "it is not UTF-8; save it as UTF-8".to_owned(),
        _ => {
            let told = error.to_string();
            let words = told.split(" (os error").next().unwrap_or_default();
            words.to_owned()
        }
    }
}

/// The day that decides what is overdue, the same all over the world.
fn today() -> NaiveDate {
    Utc::now().date_naive()
}

/// "1 error", "2 errors".
fn count(number: usize, noun: &str) -> String {
    match number {
        1 => format!("1 {noun}"),
        number => format!("{number} {noun}s"),
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    #[test]
    fn the_arguments_are_consistent() {
        Args::command().debug_assert();
    }

    #[test]
    fn an_error_number_never_reaches_a_reader() {
        let check = |error: io::Error, expected: &str| assert_eq!(reason(&error), expected);
        check(
            io::Error::from_raw_os_error(2),
            "there is no such file or folder",
        );
        check(
            io::Error::other("line 3 is not UTF-8"),
            "line 3 is not UTF-8",
        );
        #[cfg(unix)]
        check(io::Error::from_raw_os_error(28), "No space left on device");
    }
}
