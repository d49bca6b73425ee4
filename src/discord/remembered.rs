//! The memory as the Discord side uses it: settings held ready, so that an answer costs no query, and nothing that fails.
//!
//! Where the memory is away, what was last known holds, and without that the careful defaults. It says so in the log and
//! never to the asker.

use std::collections::HashMap;
use std::num::NonZeroU64;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use serenity::all::{AuthorizingIntegrationOwner, AuthorizingIntegrationOwners, GuildId};

use super::state::State;
use crate::memory::{self, Change, Error, Gaps, Memory, Settings};

/// How long settings are held ready. A change made here holds at once; one made by another process of the same bot this late.
const FRESH: Duration = Duration::from_secs(30);
/// Most servers whose settings are held ready; others cost a query.
const SERVERS: usize = 10_000;

/// What is written down of what people do in a place. Nobody's id or name ever is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Keeps {
    /// Nothing: there is no memory.
    Nothing,
    /// How often each answer was judged which way.
    Counts,
    /// That, and questions that nothing answered, once two people have asked them.
    Questions,
}

impl Keeps {
    /// A question, where it can be suggested to the moderators.
    pub(super) fn suggested(self, question: &str) -> Option<&str> {
        match self {
            Self::Questions => Some(question),
            Self::Nothing | Self::Counts => None,
        }
    }
}

/// What is held ready.
#[derive(Debug, Default)]
pub(super) struct Known {
    settings: Mutex<Held>,
}

#[derive(Debug, Default)]
struct Held {
    servers: HashMap<GuildId, (Instant, Arc<Settings>)>,
    /// Counts changes, so that a query that began before one does not put back what it changed.
    changes: u64,
}

impl Held {
    fn hold(&mut self, guild: GuildId, settings: Arc<Settings>) {
        if self.servers.len() >= SERVERS && !self.servers.contains_key(&guild) {
            self.servers.retain(|_, (since, _)| since.elapsed() < FRESH);
        }
        if self.servers.len() < SERVERS || self.servers.contains_key(&guild) {
            self.servers.insert(guild, (Instant::now(), settings));
        }
    }
}

impl State {
    /// The memory, where the operator keeps one.
    pub(super) fn memory(&self) -> Option<&Memory> {
        self.setup().memory.as_ref()
    }

    /// What a server has set; `None` outside servers, or where there is nothing to remember with.
    pub(super) async fn remembered(&self, guild: Option<GuildId>) -> Option<Arc<Settings>> {
        Some(self.recall(self.memory()?, guild?).await)
    }

    async fn recall(&self, memory: &Memory, guild: GuildId) -> Arc<Settings> {
        let (last, changes) = {
            let held = self.held();
            (held.servers.get(&guild).cloned(), held.changes)
        };
        if let Some((since, settings)) = &last
            && since.elapsed() < FRESH
        {
            return Arc::clone(settings);
        }
        match memory.settings(id(guild)).await {
            Ok(settings) => {
                let settings = Arc::new(settings);
                let mut held = self.held();
                if held.changes == changes {
                    held.hold(guild, Arc::clone(&settings));
                }
                settings
            }
            Err(error) => {
                // Upkeep warns once a minute; a line for each answer would bury that.
                tracing::debug!(%error, "a server's settings are not known");
                last.map_or_else(|| Arc::new(Settings::cautious()), |(_, last)| last)
            }
        }
    }

    /// Sets something for a server; it holds from now on.
    pub(super) async fn change(
        &self,
        memory: &Memory,
        guild: GuildId,
        change: &Change,
    ) -> Result<Arc<Settings>, Error> {
        let outcome = memory.set(id(guild), change).await;
        let mut held = self.held();
        held.changes += 1;
        match outcome {
            Ok(settings) => {
                let settings = Arc::new(settings);
                held.hold(guild, Arc::clone(&settings));
                Ok(settings)
            }
            Err(error) => {
                // It may have been made all the same.
                held.servers.remove(&guild);
                Err(error)
            }
        }
    }

    /// Lets a server's settings be read again before they are next used.
    pub(super) fn unlearn(&self, guild: GuildId) {
        let mut held = self.held();
        held.changes += 1;
        held.servers.remove(&guild);
    }

    /// What is kept of what people do in a server, or outside of all.
    pub(super) async fn keeps(&self, guild: Option<GuildId>) -> Keeps {
        if self.memory().is_none() {
            return Keeps::Nothing;
        }
        let settings = self.remembered(guild).await;
        match settings.map_or(Gaps::Off, |settings| settings.gaps) {
            Gaps::On => Keeps::Questions,
            Gaps::Off => Keeps::Counts,
        }
    }

    fn held(&self) -> MutexGuard<'_, Held> {
        lock(&self.known().settings)
    }
}

/// A server's number as the memory has it.
pub(super) fn id(guild: GuildId) -> memory::GuildId {
    memory::GuildId::from(NonZeroU64::from(guild))
}

/// The server that something was said in, if the bot was added to it. Elsewhere people bring it along as an app of their own, and the
/// server has no moderators who could delete what is kept.
pub(super) fn home(
    guild: Option<GuildId>,
    owners: &AuthorizingIntegrationOwners,
) -> Option<GuildId> {
    let added = owners
        .0
        .iter()
        .any(|owner| matches!(owner, AuthorizingIntegrationOwner::GuildInstall(_)));
    guild.filter(|_| added)
}

/// What is held is valid after any panic in between, so a poisoned lock is taken all the same.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
