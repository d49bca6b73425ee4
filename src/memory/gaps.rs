//! Gaps: what two people or more have asked and the knowledge does not answer.
//!
//! Nothing of it says who asked.

use chrono::{Days, NaiveDate};
use serde::Serialize;

use super::{Error, Gaps, GuildId, Memory, Person, Unkept, Wording, lock};
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

impl Memory {
    /// Notes a question that was not answered, or (with `instead_of`) what somebody wrote about an answer to another question.
    ///
    /// It is stored only where the server has switched it on, and only once [`LEAST_PEOPLE`] have asked it since the program
    /// started.
    ///
    #[cfg_attr(not(feature = "memory"), doc = "```ignore")]
    #[cfg_attr(feature = "memory", doc = "```")]
    /// use cleartext::memory::{Change, Gaps, Noted, Person};
    /// # use cleartext::memory::{Absence, Address, GuildId, Memory, Patience};
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let address = Address::parse("sqlite::memory:", "".as_ref())?;
    /// # let memory = Memory::lazy_with(&address, Absence::Make, Patience::of_a_command());
    /// # memory.prepare().await?;
    /// # let guild = GuildId::new(1).expect("it is not zero");
    /// # let today = chrono::NaiveDate::from_ymd_opt(2026, 11, 24).expect("there is such a day");
    ///
    /// memory.set(guild, &Change::Gaps(Gaps::On)).await?;
    /// for (person, expected) in [(7, Noted::Waiting), (8, Noted::Kept)] {
    ///     let person = Person::new(person);
    ///     let noted = memory.note_gap(guild, person, "who paints the tower?", None, today).await?;
    ///     assert_eq!(noted, expected);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub async fn note_gap(
        &self,
        guild: GuildId,
        person: Person,
        question: &str,
        instead_of: Option<&EntryId>,
        today: NaiveDate,
    ) -> Result<Noted, Error> {
        match self.settings(guild).await?.gaps {
            Gaps::Off => return Ok(Noted::SwitchedOff),
            Gaps::On => {}
        }
        let wording = match Wording::new(question) {
            Ok(wording) => wording,
            Err(why) => return Ok(Noted::Unfit(why)),
        };
        let people = lock(&self.0.crowd).count(guild, (instead_of, &wording.group), person, today);
        if people < LEAST_PEOPLE {
            return Ok(Noted::Waiting);
        }
        self.0
            .store
            .keep_gap(guild, instead_of, &wording, people, today)
            .await
    }

    /// The gaps of a server, or with `None` of all servers; what most people asked comes first.
    ///
    #[cfg_attr(not(feature = "memory"), doc = "```ignore")]
    #[cfg_attr(feature = "memory", doc = "```")]
    /// # use cleartext::memory::{Absence, Address, Change, Gaps, GuildId, Memory, Patience, Person};
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let address = Address::parse("sqlite::memory:", "".as_ref())?;
    /// # let memory = Memory::lazy_with(&address, Absence::Make, Patience::of_a_command());
    /// # memory.prepare().await?;
    /// # let guild = GuildId::new(1).expect("it is not zero");
    /// # let today = chrono::NaiveDate::from_ymd_opt(2026, 11, 24).expect("there is such a day");
    /// # memory.set(guild, &Change::Gaps(Gaps::On)).await?;
    /// # for person in [7, 8].map(Person::new) {
    /// #     memory.note_gap(guild, person, "Who paints the tower?", None, today).await?;
    /// # }
    /// // Two people have asked "Who paints the tower?".
    /// let gaps = memory.gaps(Some(guild), today).await?;
    /// assert_eq!((gaps[0].question.as_str(), gaps[0].people), ("who paints the tower", 2));
    /// # Ok(())
    /// # }
    /// ```
    pub async fn gaps(&self, guild: Option<GuildId>, today: NaiveDate) -> Result<Vec<Gap>, Error> {
        self.0.store.gaps(guild, expired(today)).await
    }
}
