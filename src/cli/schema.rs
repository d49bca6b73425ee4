//! `cleartext schema`: the knowledge format as a JSON Schema, for editors.

use super::{Exit, Failure, json, terminal};
use crate::knowledge;

/// Print the JSON Schema of the knowledge files, so that editors complete and check them.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Example:\n  cleartext schema > knowledge.schema.json\n\n\
        Then write `#:schema ../knowledge.schema.json` in the first line of a knowledge file."
)]
pub(super) struct Args {}

pub(super) fn run() -> Result<Exit, Failure> {
    terminal::print(&json::text(&knowledge::schema(), json::Audience::Person)?)?;
    Ok(Exit::Success)
}
