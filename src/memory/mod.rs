//! What the bot remembers: server settings, counts of feedback, and (where a server switches it on) unanswered questions.
//!
//! In SQLite or PostgreSQL, with the same tables and the same queries. It knows no people: a [`Person`] is told apart from others
//! while the program runs, and never stored. Every call ends within a bound of time; when the database is away, calls fail at
//! once, it is tried again by itself, and whoever called goes on answering.
//!
//! | file | story |
//! |---|---|
//! | `ids` | whose rows they are |
//! | `settings` | what moderators can set |
//! | `feedback`, `gaps`, `export` | what is kept beside |
//! | `wording` | what may be kept of a question, and which questions are alike |
//! | `people` | how many different people asked, without writing down who |
//! | `address`, `patience` | where the memory is, and how long it is waited for |
//! | `store` | the only SQL: opening, bounds on time, tables, queries |
//! | `absent` | what stands in for the store where the feature `memory` is off |
//!
//! The Discord side holds an `Option<Memory>` with or without the feature `memory`; without it there is no way to make one.
//!
//! Time is handed in as a day; nothing here reads a calendar. Only bounds on waiting are measured.

#[cfg(not(feature = "memory"))]
mod absent;
#[cfg(feature = "memory")]
mod address;
mod error;
mod export;
mod feedback;
mod gaps;
mod ids;
#[cfg(feature = "memory")]
mod patience;
mod people;
mod settings;
#[cfg(feature = "memory")]
mod store;
mod wording;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use chrono::NaiveDate;

use crate::answering::{EntryId, Revision};

#[cfg(feature = "memory")]
pub use address::Address;
pub use error::Error;
pub use export::Export;
pub use feedback::{Rated, Ratings, Verdict};
pub use gaps::{DAYS_KEPT, Gap, LEAST_PEOPLE, MOST_GAPS, Noted};
pub use ids::{ChannelId, GuildId, Person};
#[cfg(feature = "memory")]
pub use patience::Patience;
pub use settings::{
    ANSWERS_A_COOLDOWN, CHANNEL_COOLDOWN, Change, Channels, Cooldown, Gaps, Invalid,
    LONGEST_COOLDOWN, Language, MOST_CHANNELS, Mentions, Settings, USER_COOLDOWN, Visibility,
};
pub use wording::Unkept;

#[cfg(not(feature = "memory"))]
use absent::Store;
use people::{Crowd, Verdicts};
#[cfg(feature = "memory")]
use store::Store;
use wording::Wording;

/// Most servers whose last known settings are held ready for when the database is away.
const MOST_SERVERS: usize = 10_000;

/// What the bot remembers. Cheap to clone; clones share everything.
///
/// It needs a tokio runtime. An error may mean that a change was made all the same and only its confirmation was lost.
#[derive(Clone, Debug)]
pub struct Memory(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    store: Store,
    crowd: Mutex<Crowd>,
    verdicts: Mutex<Verdicts>,
    last: Mutex<HashMap<GuildId, Settings>>,
}

/// What to do where there is no file yet.
#[cfg(feature = "memory")]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Absence {
    /// Make it.
    Make,
    /// Say so.
    Report,
}

#[cfg(feature = "memory")]
impl Memory {
    /// Opens a memory: connects, brings its tables up to date, and deletes what is no longer kept on the day `today`.
    pub async fn open(
        address: &Address,
        absence: Absence,
        today: NaiveDate,
    ) -> Result<Self, Error> {
        let memory = Self::lazy_with(address, absence, Patience::default());
        memory.prepare().await?;
        memory.purge(today).await?;
        Ok(memory)
    }

    /// A memory that opens itself when it is first needed, and tries again as long as that fails. Call it inside a runtime.
    pub fn lazy(address: &Address) -> Self {
        Self::lazy_with(address, Absence::Make, Patience::default())
    }

    /// Opens what [`Memory::lazy`] made, with more patience than a call has; nothing where it is open already.
    pub async fn prepare(&self) -> Result<(), Error> {
        self.0.store.open().await
    }

    /// The same with a choice about a missing file, and other bounds on waiting.
    pub fn lazy_with(address: &Address, absence: Absence, patience: Patience) -> Self {
        Self(Arc::new(Inner {
            store: Store::new(address, absence, patience),
            crowd: Mutex::default(),
            verdicts: Mutex::default(),
            last: Mutex::default(),
        }))
    }

    /// Ends its connections, or gives them up after a second; calls fail from then on.
    pub async fn close(&self) {
        self.0.store.close().await;
    }
}

/// Displays where it is, without what is secret of that.
#[cfg(feature = "memory")]
impl std::fmt::Display for Memory {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.store.address().fmt(f)
    }
}

impl Memory {
    /// A server's settings.
    pub async fn settings(&self, guild: GuildId) -> Result<Settings, Error> {
        let settings = self.0.store.settings(guild).await?;
        self.remember(guild, &settings);
        Ok(settings)
    }

    /// A server's settings; where they cannot be had, those last known, and without these [`Settings::cautious`].
    pub async fn settings_or_last(&self, guild: GuildId) -> Settings {
        match self.settings(guild).await {
            Ok(settings) => settings,
            Err(_) => lock(&self.0.last)
                .get(&guild)
                .cloned()
                .unwrap_or_else(Settings::cautious),
        }
    }

    /// Sets one thing, and returns what holds then. Switching [`Gaps`] off deletes the server's gaps.
    pub async fn set(&self, guild: GuildId, change: &Change) -> Result<Settings, Error> {
        self.0.store.set(guild, change).await?;
        if *change == Change::Gaps(Gaps::Off) {
            lock(&self.0.crowd).forget(guild);
        }
        self.settings(guild).await
    }

    /// Puts all settings of a server back to the defaults, and so deletes its gaps.
    pub async fn reset(&self, guild: GuildId) -> Result<(), Error> {
        self.0.store.reset(guild).await?;
        lock(&self.0.crowd).forget(guild);
        self.remember(guild, &Settings::default());
        Ok(())
    }

    /// Counts a verdict on one wording of an entry; `guild` is `None` for a direct message.
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
    pub async fn ratings(&self, guild: Option<GuildId>) -> Result<Vec<Ratings>, Error> {
        self.0.store.ratings(guild).await
    }

    /// Notes a question that was not answered, or (with `instead_of`) what somebody wrote about an answer to another question.
    ///
    /// It is stored only where the server has switched it on, and only once [`LEAST_PEOPLE`] have asked it since the program
    /// started.
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
    pub async fn gaps(&self, guild: Option<GuildId>, today: NaiveDate) -> Result<Vec<Gap>, Error> {
        self.0.store.gaps(guild, gaps::expired(today)).await
    }

    /// All that is stored of a server.
    pub async fn export(&self, guild: GuildId, today: NaiveDate) -> Result<Export, Error> {
        Ok(Export {
            guild,
            settings: self.settings(guild).await?,
            feedback: self.ratings(Some(guild)).await?,
            gaps: self.gaps(Some(guild), today).await?,
        })
    }

    /// Deletes all rows of a server, and what is held of it in this process; returns how many rows there were.
    pub async fn forget(&self, guild: GuildId) -> Result<u64, Error> {
        lock(&self.0.crowd).forget(guild);
        lock(&self.0.last).remove(&guild);
        self.0.store.forget(guild).await
    }

    /// Deletes gaps that are no longer kept on the day `today`; returns how many. To be called once a day.
    pub async fn purge(&self, today: NaiveDate) -> Result<u64, Error> {
        let until = gaps::expired(today);
        lock(&self.0.crowd).forget_until(until);
        self.0.store.purge(until).await
    }

    fn remember(&self, guild: GuildId, settings: &Settings) {
        let mut last = lock(&self.0.last);
        if last.len() < MOST_SERVERS || last.contains_key(&guild) {
            last.insert(guild, settings.clone());
        }
    }
}

/// What is held is valid after any panic in between, so a poisoned lock is taken all the same.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A handler of Discord's events runs on any thread.
    fn sendable(_: impl Send) {}

    #[test]
    fn calls_can_be_made_from_any_thread() {
        let check = |memory: &Memory, guild: GuildId, day: NaiveDate| {
            let person = Person::new(1);
            sendable(memory.settings(guild));
            sendable(memory.set(guild, &Change::Gaps(Gaps::On)));
            sendable(memory.note_gap(guild, person, "", None, day));
            sendable(memory.forget(guild));
        };
        // That it compiles is the test.
        let _: fn(&Memory, GuildId, NaiveDate) = check;
    }
}
