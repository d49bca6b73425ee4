//! Watching a connection from outside: signs of life, verdicts, and how long to wait before the next try.
//!
//! Functions over instants; nothing here waits or connects.

use std::collections::HashMap;
use std::collections::hash_map::RandomState;
use std::hash::{BuildHasher, Hasher};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use serenity::all::ShardId;

use super::timings::Timings;

/// A number that differs from process to process and from call to call. Good enough to spread bots that fell together.
pub(super) fn random() -> u64 {
    // Each `RandomState` hashes with other keys.
    RandomState::new().build_hasher().finish()
}

/// Between three quarters of a wait and the whole of it: bots that lost Discord together do not come back together.
fn jittered(wait: Duration) -> Duration {
    let quarters = u32::try_from(random() % 1_000).unwrap_or_default();
    wait * 3 / 4 + wait / 4 * quarters / 1_000
}

/// Waits that double from the first to the longest.
#[derive(Clone, Debug)]
pub(super) struct Backoff {
    first: Duration,
    longest: Duration,
    next: Duration,
}

impl Backoff {
    pub(super) fn new((first, longest): (Duration, Duration)) -> Self {
        Self {
            first,
            longest,
            next: first,
        }
    }

    /// The wait before the next try.
    pub(super) fn wait(&mut self) -> Duration {
        let wait = self.next;
        self.next = (self.next * 2).min(self.longest);
        jittered(wait)
    }

    /// Begins at the first wait again.
    pub(super) fn reset(&mut self) {
        self.next = self.first;
    }
}

/// When the next connection to the gateway may be opened, over all lives of a bot.
///
/// serenity resumes within 10 ms and without end: against a peer that keeps closing that makes a thousand connections a second.
#[derive(Debug)]
pub(super) struct Pace {
    backoff: Backoff,
    stable: Duration,
    /// How many connections may still be opened at once: one a shard, and one more each for the usual RESUME.
    free: u32,
    last: Option<Instant>,
    next: Option<Instant>,
}

impl Pace {
    pub(super) fn new(timings: &Timings) -> Self {
        Self {
            backoff: Backoff::new(timings.reconnect),
            stable: timings.stable,
            free: 0,
            last: None,
            next: None,
        }
    }

    /// A life begins with so many shards. Only the first one gets connections for nothing; later ones have to earn them.
    pub(super) fn begin(&mut self, shards: u32) {
        if self.last.is_none() {
            self.free = shards.saturating_mul(2);
        }
    }

    /// Whether a connection may be opened.
    pub(super) fn allows(&self, now: Instant) -> bool {
        self.next.is_none_or(|next| next <= now)
    }

    /// A connection was opened.
    pub(super) fn opened(&mut self, now: Instant) {
        self.last = Some(now);
        match self.free.checked_sub(1) {
            Some(free) => self.free = free,
            None => self.next = Some(now + self.backoff.wait()),
        }
    }

    /// A sign of life was seen; after enough time without a new connection all is forgiven.
    pub(super) fn alive(&mut self, now: Instant, shards: u32) {
        let stable = self
            .last
            .is_some_and(|last| now.saturating_duration_since(last) >= self.stable);
        if stable {
            self.backoff.reset();
            self.free = shards.saturating_mul(2);
            self.next = None;
        }
    }
}

/// Why a connection is given up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum Dead {
    /// Its event loop does not turn.
    #[error("the connection's event loop stands still")]
    Starved,
    /// READY did not come.
    #[error("Discord did not say READY in time")]
    NeverReady,
    /// Nothing has come for too long.
    #[error("nothing has come from Discord for too long")]
    Silent,
}

/// The signs of life of one connection, written inside and read outside of its thread.
#[derive(Debug)]
pub(super) struct Pulse(Mutex<Signs>);

#[derive(Debug)]
struct Signs {
    turned: Instant,
    begun: Instant,
    expected: u32,
    shards: HashMap<ShardId, Shard>,
}

#[derive(Debug)]
struct Shard {
    last: Instant,
    latency: Option<Duration>,
    ready: Option<Instant>,
}

impl Pulse {
    pub(super) fn new(now: Instant) -> Self {
        Self(Mutex::new(Signs {
            turned: now,
            begun: now,
            expected: 1,
            shards: HashMap::new(),
        }))
    }

    /// The shards are about to be started.
    pub(super) fn begin(&self, shards: u32, now: Instant) {
        let mut signs = self.signs();
        signs.expected = shards;
        signs.begun = now;
    }

    /// The event loop turned.
    pub(super) fn turned(&self, now: Instant) {
        self.signs().turned = now;
    }

    /// An event came.
    pub(super) fn event(&self, shard: ShardId, now: Instant) {
        self.shard(shard, now, |shard| shard.last = now);
    }

    /// READY came.
    pub(super) fn ready(&self, shard: ShardId, now: Instant) {
        self.shard(shard, now, |shard| {
            shard.last = now;
            shard.ready = Some(now);
        });
    }

    /// The latency that serenity shows. It changes with each acknowledged heartbeat, by nanoseconds at least; whether it did.
    pub(super) fn latency(&self, shard: ShardId, latency: Option<Duration>, now: Instant) -> bool {
        let mut beat = false;
        self.shard(shard, now, |shard| {
            beat = latency.is_some() && shard.latency != latency;
            if beat {
                shard.last = now;
                shard.latency = latency;
            }
        });
        beat
    }

    /// When the first shard became ready.
    pub(super) fn ready_since(&self) -> Option<Instant> {
        self.signs()
            .shards
            .values()
            .filter_map(|shard| shard.ready)
            .min()
    }

    /// Whether the connection has to be given up. No connection can live while none may be opened, so until
    /// `allowed` (see [`Pace`]) no silence is held against it.
    pub(super) fn verdict(
        &self,
        now: Instant,
        allowed: Option<Instant>,
        timings: &Timings,
    ) -> Option<Dead> {
        let signs = self.signs();
        let since = |instant: Instant| {
            let instant = allowed.map_or(instant, |allowed| allowed.max(instant));
            now.saturating_duration_since(instant)
        };
        if now.saturating_duration_since(signs.turned) > timings.starved {
            return Some(Dead::Starved);
        }
        let ready: Vec<_> = signs
            .shards
            .values()
            .filter_map(|shard| shard.ready)
            .collect();
        let latest = ready.iter().copied().max().unwrap_or(signs.begun);
        let missing = ready.len() < usize::try_from(signs.expected).unwrap_or(usize::MAX);
        if missing && since(latest) > timings.ready {
            return Some(Dead::NeverReady);
        }
        signs
            .shards
            .values()
            .any(|shard| shard.ready.is_some() && since(shard.last) > timings.silence)
            .then_some(Dead::Silent)
    }

    fn shard(&self, id: ShardId, now: Instant, change: impl FnOnce(&mut Shard)) {
        let mut signs = self.signs();
        change(signs.shards.entry(id).or_insert(Shard {
            last: now,
            latency: None,
            ready: None,
        }));
    }

    fn signs(&self) -> MutexGuard<'_, Signs> {
        // Signs are valid after any panic in between.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Until when no connection may be opened, if that is decided.
pub(super) fn allowed(pace: &Mutex<Pace>) -> Option<Instant> {
    pace.lock().unwrap_or_else(PoisonError::into_inner).next
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seconds(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    #[test]
    fn waits_double_up_to_the_longest_and_begin_again() {
        let mut backoff = Backoff::new((seconds(1), seconds(60)));
        let mut check = |whole: u64| {
            let wait = backoff.wait();
            assert!(
                seconds(whole) * 3 / 4 <= wait && wait <= seconds(whole),
                "{wait:?} for {whole} s"
            );
        };
        [1, 2, 4, 8, 16, 32, 60, 60]
            .into_iter()
            .for_each(&mut check);
        backoff.reset();
        assert!(backoff.wait() <= seconds(1));
    }

    #[test]
    fn a_day_of_reconnects_stays_far_below_the_limit() {
        let mut pace = Pace::new(&Timings::default());
        pace.begin(1);
        let start = Instant::now();
        let mut opened = 0;
        for second in 0..24 * 60 * 60 {
            let now = start + seconds(second);
            // The worst peer: it takes each connection and kills it at once, so that each is another life.
            if pace.allows(now) {
                pace.begin(1);
                pace.opened(now);
                opened += 1;
            }
        }
        assert!((100..450).contains(&opened), "{opened} connections");
    }

    #[test]
    fn the_first_reconnects_are_free_and_a_long_life_forgives_the_rest() {
        let timings = Timings::default();
        let mut pace = Pace::new(&timings);
        let start = Instant::now();
        pace.begin(1);
        pace.opened(start);
        pace.opened(start);
        assert!(pace.allows(start), "one connection and one resume are free");
        pace.opened(start);
        assert!(!pace.allows(start));
        assert!(pace.allows(start + seconds(1)));
        pace.alive(start + seconds(60), 1);
        pace.opened(start + seconds(60));
        assert!(!pace.allows(start + seconds(60)), "not yet forgiven");
        pace.alive(start + timings.stable + seconds(60), 1);
        pace.opened(start + timings.stable + seconds(60));
        assert!(pace.allows(start + timings.stable + seconds(60)));
    }

    #[test]
    fn a_connection_is_given_up_for_one_of_three_reasons() {
        let timings = Timings::default();
        let start = Instant::now();
        let check = |prepare: &dyn Fn(&Pulse), allowed: Option<u64>, at: u64, expected| {
            let pulse = Pulse::new(start);
            prepare(&pulse);
            // Its loop turned a moment ago, unless the case says otherwise.
            if expected != Some(Dead::Starved) {
                pulse.turned(start + seconds(at));
            }
            let allowed = allowed.map(|second| start + seconds(second));
            assert_eq!(
                pulse.verdict(start + seconds(at), allowed, &timings),
                expected,
                "after {at} s"
            );
        };
        let shard = ShardId(0);
        check(&|_| {}, None, 5, None);
        check(&|_| {}, None, 6, Some(Dead::Starved));
        check(&|_| {}, None, 60, None);
        check(&|_| {}, None, 61, Some(Dead::NeverReady));
        check(&|_| {}, Some(100), 150, None);
        check(&|_| {}, Some(100), 161, Some(Dead::NeverReady));
        let ready = |pulse: &Pulse| pulse.ready(shard, start);
        check(&ready, None, 70, None);
        check(&ready, None, 71, Some(Dead::Silent));
        let event = |pulse: &Pulse| {
            pulse.ready(shard, start);
            pulse.event(shard, start + seconds(50));
        };
        check(&event, None, 120, None);
        let beat = |pulse: &Pulse| {
            pulse.ready(shard, start);
            assert!(pulse.latency(shard, Some(seconds(1)), start + seconds(40)));
            assert!(!pulse.latency(shard, Some(seconds(1)), start + seconds(60)));
        };
        check(&beat, None, 110, None);
        check(&beat, None, 111, Some(Dead::Silent));
        let one_of_two = |pulse: &Pulse| {
            pulse.begin(2, start);
            pulse.ready(shard, start + seconds(5));
            pulse.event(shard, start + seconds(60));
        };
        check(&one_of_two, None, 65, None);
        check(&one_of_two, None, 66, Some(Dead::NeverReady));
    }
}
