//! Gaps: what two people or more have asked and the knowledge does not answer.
//!
//! Only shapes and bounds. Nothing here says who asked.

use chrono::{Days, NaiveDate};
use serde::Serialize;

use super::{GuildId, Unkept};
use crate::answering::EntryId;

/// How many different people must have asked before a question is written down: from one, it would be somebody's own words.
pub const LEAST_PEOPLE: u64 = 2;
/// For how many days a question is kept after it was last asked.
pub const DAYS_KEPT: u64 = 30;
/// Most questions kept for one server: more than a curator reads in a month, and a bound on what a flood can write.
pub const MOST_GAPS: u64 = 500;

/// A question that two people or more have asked, as it is stored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Gap {
    /// Where it was asked.
    pub guild: GuildId,
    /// The question in lowercase and without punctuation, in the words of one of those who asked it.
    pub question: String,
    /// The entry that was shown to them and was not what they asked; `None` where nothing was found.
    pub instead_of: Option<EntryId>,
    /// At least so many different people asked it.
    pub people: u64,
    /// The day on which it was written down.
    pub first_day: NaiveDate,
    /// The day on which it was last asked.
    pub last_day: NaiveDate,
}

/// What became of an unanswered question.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Noted {
    /// It is stored: two people or more have asked it.
    Kept,
    /// Nothing is stored: nobody else has asked it yet, since the program started.
    Waiting,
    /// Nothing is stored: the server has not switched it on.
    SwitchedOff,
    /// Nothing is stored: the text is not fit to be kept.
    Unfit(Unkept),
    /// Nothing is stored: the server has [`MOST_GAPS`] already.
    Full,
}

/// The last day that is no longer kept on the day `today`.
pub(super) fn expired(today: NaiveDate) -> NaiveDate {
    today
        .checked_sub_days(Days::new(DAYS_KEPT))
        .unwrap_or(NaiveDate::MIN)
}
