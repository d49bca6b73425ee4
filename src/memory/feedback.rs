//! What people thought of an answer: two counts for each wording of an entry.
//!
//! Counts alone; who pressed what is not stored, and not known after the program ends.

use serde::Serialize;

use super::{Error, GuildId, Memory, Person, lock};
use crate::answering::{EntryId, Revision};

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

impl Memory {
    /// Counts a verdict on one wording of an entry; `guild` is `None` for a direct message.
    ///
    #[cfg_attr(not(feature = "memory"), doc = "```ignore")]
    #[cfg_attr(feature = "memory", doc = "```")]
    /// use cleartext::library::Library;
    /// use cleartext::memory::{Person, Rated, Verdict};
    /// # use cleartext::memory::{Absence, Address, GuildId, Memory, Patience};
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let address = Address::parse("sqlite::memory:", "".as_ref())?;
    /// # let memory = Memory::lazy_with(&address, Absence::Make, Patience::of_a_command());
    /// # memory.prepare().await?;
    /// # let guild = GuildId::new(1).expect("it is not zero");
    ///
    /// # let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/discord");
    /// let answerer = Library::open(path)?.current();
    /// let reply = &answerer.replies()[0];
    /// let person = Person::new(7);
    /// for expected in [Rated::Counted, Rated::Already] {
    ///     let rated = memory
    ///         .rate(Some(guild), person, &reply.entry, reply.revision, Verdict::Helpful)
    ///         .await?;
    ///     assert_eq!(rated, expected);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub async fn rate(
        &self,
        guild: Option<GuildId>,
        person: Person,
        entry: &EntryId,
        revision: Revision,
        verdict: Verdict,
    ) -> Result<Rated, Error> {
        let Some(given) = lock(&self.0.verdicts).give((guild, entry, revision), person) else {
            return Ok(Rated::Already);
        };
        if let Err(error) = self.0.store.rate(guild, entry, revision, verdict).await {
            lock(&self.0.verdicts).take_back(given);
            return Err(error);
        }
        Ok(Rated::Counted)
    }

    /// The verdicts in a server, or with `None` those of all servers and direct messages together; by entry and wording.
    ///
    #[cfg_attr(not(feature = "memory"), doc = "```ignore")]
    #[cfg_attr(feature = "memory", doc = "```")]
    /// use cleartext::memory::{Person, Verdict};
    /// # use cleartext::answering::{EntryId, Revision};
    /// # use cleartext::memory::{Absence, Address, GuildId, Memory, Patience};
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let address = Address::parse("sqlite::memory:", "".as_ref())?;
    /// # let memory = Memory::lazy_with(&address, Absence::Make, Patience::of_a_command());
    /// # memory.prepare().await?;
    /// # let guild = GuildId::new(1).expect("it is not zero");
    ///
    /// # let entry = EntryId::new("how-tall")?;
    /// # let revision = Revision::parse("0000abcd").expect("it has the form of a revision");
    /// for (person, verdict) in [(7, Verdict::Helpful), (8, Verdict::NotAsked)] {
    ///     let person = Person::new(person);
    ///     memory.rate(Some(guild), person, &entry, revision, verdict).await?;
    /// }
    /// let ratings = memory.ratings(Some(guild)).await?;
    /// assert_eq!((ratings[0].helpful, ratings[0].not_asked), (1, 1));
    /// # Ok(())
    /// # }
    /// ```
    pub async fn ratings(&self, guild: Option<GuildId>) -> Result<Vec<Ratings>, Error> {
        self.0.store.ratings(guild).await
    }
}
