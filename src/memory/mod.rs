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
//! | `feedback`, `gaps`, `export` | what is kept beside, and the calls for it |
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
    ///
    /// ```
    /// use cleartext::memory::{Absence, Address, Memory};
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let today = chrono::NaiveDate::from_ymd_opt(2026, 11, 24).expect("there is such a day");
    ///
    /// let address = Address::parse("sqlite::memory:", "".as_ref())?;
    /// let memory = Memory::open(&address, Absence::Make, today).await?;
    /// assert_eq!(memory.to_string(), "sqlite::memory:");
    /// // Where nothing is to be made, a missing file is an error.
    /// let missing = Address::file("no/such/folder/cleartext.db".into());
    /// assert!(Memory::open(&missing, Absence::Report, today).await.is_err());
    /// # Ok(())
    /// # }
    /// ```
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
    ///
    /// ```
    /// use cleartext::memory::{Address, Memory};
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    ///
    /// // Nothing is opened yet, so nothing can fail yet: a bot starts whether or not its database does.
    /// let memory = Memory::lazy(&Address::parse("postgres://bot:hunter2@db.example/facts", "".as_ref())?);
    /// assert_eq!(memory.to_string(), "postgres://db.example/facts");
    /// # Ok(())
    /// # }
    /// ```
    pub fn lazy(address: &Address) -> Self {
        Self::lazy_with(address, Absence::Make, Patience::default())
    }

    /// Opens what [`Memory::lazy`] made, with more patience than a call has; nothing where it is open already.
    ///
    /// ```
    /// use cleartext::memory::{Address, Memory, Settings};
    /// # use cleartext::memory::GuildId;
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let guild = GuildId::new(1).expect("it is not zero");
    ///
    /// let memory = Memory::lazy(&Address::parse("sqlite::memory:", "".as_ref())?);
    /// memory.prepare().await?;
    /// // From here on no call waits for the opening.
    /// assert_eq!(memory.settings(guild).await?, Settings::default());
    /// # Ok(())
    /// # }
    /// ```
    pub async fn prepare(&self) -> Result<(), Error> {
        self.0.store.open().await
    }

    /// The same with a choice about a missing file, and other bounds on waiting.
    ///
    /// ```
    /// use cleartext::memory::{Absence, Address, Error, Memory, Patience};
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    ///
    /// # let folder = tempfile::tempdir()?;
    /// # let folder = folder.path();
    /// // A command that only reads makes no file.
    /// let address = Address::parse("sqlite://cleartext.db", folder)?;
    /// let memory = Memory::lazy_with(&address, Absence::Report, Patience::of_a_command());
    /// assert!(matches!(memory.prepare().await, Err(Error::Missing(_))));
    /// # Ok(())
    /// # }
    /// ```
    pub fn lazy_with(address: &Address, absence: Absence, patience: Patience) -> Self {
        Self(Arc::new(Inner {
            store: Store::new(address, absence, patience),
            crowd: Mutex::default(),
            verdicts: Mutex::default(),
            last: Mutex::default(),
        }))
    }

    /// Ends its connections, or gives them up after a second; calls fail from then on.
    ///
    /// ```
    /// # use cleartext::memory::{Absence, Address, GuildId, Memory, Patience};
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let address = Address::parse("sqlite::memory:", "".as_ref())?;
    /// # let memory = Memory::lazy_with(&address, Absence::Make, Patience::of_a_command());
    /// # memory.prepare().await?;
    /// # let guild = GuildId::new(1).expect("it is not zero");
    /// memory.close().await;
    /// assert!(memory.settings(guild).await.is_err());
    /// # Ok(())
    /// # }
    /// ```
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
    ///
    #[cfg_attr(not(feature = "memory"), doc = "```ignore")]
    #[cfg_attr(feature = "memory", doc = "```")]
    /// use cleartext::memory::Settings;
    /// # use cleartext::memory::{Absence, Address, GuildId, Memory, Patience};
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let address = Address::parse("sqlite::memory:", "".as_ref())?;
    /// # let memory = Memory::lazy_with(&address, Absence::Make, Patience::of_a_command());
    /// # memory.prepare().await?;
    /// # let guild = GuildId::new(1).expect("it is not zero");
    ///
    /// // A server that has set nothing has the defaults.
    /// assert_eq!(memory.settings(guild).await?, Settings::default());
    /// # Ok(())
    /// # }
    /// ```
    pub async fn settings(&self, guild: GuildId) -> Result<Settings, Error> {
        let settings = self.0.store.settings(guild).await?;
        self.remember(guild, &settings);
        Ok(settings)
    }

    /// A server's settings; where they cannot be had, those last known, and without these [`Settings::cautious`].
    ///
    #[cfg_attr(not(feature = "memory"), doc = "```ignore")]
    #[cfg_attr(feature = "memory", doc = "```")]
    /// use cleartext::memory::{Change, Settings, Visibility};
    /// # use cleartext::memory::{Absence, Address, GuildId, Memory, Patience};
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let address = Address::parse("sqlite::memory:", "".as_ref())?;
    /// # let memory = Memory::lazy_with(&address, Absence::Make, Patience::of_a_command());
    /// # memory.prepare().await?;
    /// # let guild = GuildId::new(1).expect("it is not zero");
    ///
    /// memory.set(guild, &Change::Visibility(Visibility::Private)).await?;
    /// let settings = memory.settings(guild).await?;
    /// memory.close().await;
    /// // The database is away: what was last known of a server holds, and for others what harms none.
    /// assert_eq!(memory.settings_or_last(guild).await, settings);
    /// # let other = GuildId::new(2).expect("it is not zero");
    /// assert_eq!(memory.settings_or_last(other).await, Settings::cautious());
    /// # Ok(())
    /// # }
    /// ```
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
    ///
    #[cfg_attr(not(feature = "memory"), doc = "```ignore")]
    #[cfg_attr(feature = "memory", doc = "```")]
    /// use cleartext::memory::{Change, Cooldown, Settings};
    /// # use cleartext::memory::{Absence, Address, GuildId, Memory, Patience};
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let address = Address::parse("sqlite::memory:", "".as_ref())?;
    /// # let memory = Memory::lazy_with(&address, Absence::Make, Patience::of_a_command());
    /// # memory.prepare().await?;
    /// # let guild = GuildId::new(1).expect("it is not zero");
    ///
    /// let cooldown = Cooldown::new(300)?;
    /// let settings = memory.set(guild, &Change::ChannelCooldown(cooldown)).await?;
    /// assert_eq!(settings, Settings { channel_cooldown: cooldown, ..Settings::default() });
    /// # Ok(())
    /// # }
    /// ```
    pub async fn set(&self, guild: GuildId, change: &Change) -> Result<Settings, Error> {
        self.0.store.set(guild, change).await?;
        if *change == Change::Gaps(Gaps::Off) {
            lock(&self.0.crowd).forget(guild);
        }
        self.settings(guild).await
    }

    /// Puts all settings of a server back to the defaults, and so deletes its gaps.
    ///
    #[cfg_attr(not(feature = "memory"), doc = "```ignore")]
    #[cfg_attr(feature = "memory", doc = "```")]
    /// use cleartext::memory::{Change, Mentions, Settings};
    /// # use cleartext::memory::{Absence, Address, GuildId, Memory, Patience};
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let address = Address::parse("sqlite::memory:", "".as_ref())?;
    /// # let memory = Memory::lazy_with(&address, Absence::Make, Patience::of_a_command());
    /// # memory.prepare().await?;
    /// # let guild = GuildId::new(1).expect("it is not zero");
    ///
    /// memory.set(guild, &Change::Mentions(Mentions::Off)).await?;
    /// memory.reset(guild).await?;
    /// assert_eq!(memory.settings(guild).await?, Settings::default());
    /// # Ok(())
    /// # }
    /// ```
    pub async fn reset(&self, guild: GuildId) -> Result<(), Error> {
        self.0.store.reset(guild).await?;
        lock(&self.0.crowd).forget(guild);
        self.remember(guild, &Settings::default());
        Ok(())
    }

    /// Deletes all rows of a server, and what is held of it in this process; returns how many rows there were.
    ///
    #[cfg_attr(not(feature = "memory"), doc = "```ignore")]
    #[cfg_attr(feature = "memory", doc = "```")]
    /// use cleartext::memory::{Change, Mentions, Settings};
    /// # use cleartext::memory::{Absence, Address, GuildId, Memory, Patience};
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let address = Address::parse("sqlite::memory:", "".as_ref())?;
    /// # let memory = Memory::lazy_with(&address, Absence::Make, Patience::of_a_command());
    /// # memory.prepare().await?;
    /// # let guild = GuildId::new(1).expect("it is not zero");
    ///
    /// memory.set(guild, &Change::Mentions(Mentions::Off)).await?;
    /// assert_eq!(memory.forget(guild).await?, 1);
    /// assert_eq!(memory.settings(guild).await?, Settings::default());
    /// # Ok(())
    /// # }
    /// ```
    pub async fn forget(&self, guild: GuildId) -> Result<u64, Error> {
        lock(&self.0.crowd).forget(guild);
        lock(&self.0.last).remove(&guild);
        self.0.store.forget(guild).await
    }

    /// Deletes gaps that are no longer kept on the day `today`; returns how many. To be called once a day.
    ///
    #[cfg_attr(not(feature = "memory"), doc = "```ignore")]
    #[cfg_attr(feature = "memory", doc = "```")]
    /// use cleartext::memory::DAYS_KEPT;
    /// # use cleartext::memory::{Absence, Address, Change, Gaps, GuildId, Memory, Patience, Person};
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let address = Address::parse("sqlite::memory:", "".as_ref())?;
    /// # let memory = Memory::lazy_with(&address, Absence::Make, Patience::of_a_command());
    /// # memory.prepare().await?;
    /// # let guild = GuildId::new(1).expect("it is not zero");
    /// # let today = chrono::NaiveDate::from_ymd_opt(2026, 11, 24).expect("there is such a day");
    ///
    /// # memory.set(guild, &Change::Gaps(Gaps::On)).await?;
    /// # for person in [7, 8].map(Person::new) {
    /// #     memory.note_gap(guild, person, "Who paints the tower?", None, today).await?;
    /// # }
    /// // A question was asked today; when it is no longer kept, it goes.
    /// assert_eq!(memory.purge(today).await?, 0);
    /// assert_eq!(memory.purge(today + chrono::Days::new(DAYS_KEPT)).await?, 1);
    /// # Ok(())
    /// # }
    /// ```
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
