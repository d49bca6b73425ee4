//! What people thought of an answer: two counts for each wording of an entry.
//!
//! Counts alone; who pressed what is not stored, and not known after the program ends.

use serde::Serialize;

use crate::answering::EntryId;

/// What somebody says of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Verdict {
    /// It helped.
    Helpful,
    /// It answered another question.
    NotAsked,
}

/// What became of a verdict.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rated {
    /// It is counted, and stored.
    Counted,
    /// This person has judged this wording before, since the program started; nothing changed.
    Already,
}

/// The verdicts on one wording of an entry.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Ratings {
    /// The entry.
    pub entry: EntryId,
    /// The wording, as [`crate::answering::Revision`] displays: a reply with another one says something else by now.
    pub revision: String,
    /// How many found it helpful.
    pub helpful: u64,
    /// How many had asked something else.
    pub not_asked: u64,
}
