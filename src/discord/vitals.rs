//! How the bot is doing since it started: connections, and how long answers took. Numbers alone, and a bounded many.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, OnceLock, PoisonError};
use std::time::{Duration, Instant};

/// Steps an octave: an answer's time is known to within a fifth.
const STEPS: u32 = 4;
/// Octaves from 1 µs on: the last step holds everything above 16 s, and Discord waits for three.
const OCTAVES: u32 = 24;
const BUCKETS: usize = (STEPS * OCTAVES) as usize;

/// How the bot is doing.
#[derive(Debug)]
pub(super) struct Vitals {
    since: Instant,
    name: OnceLock<String>,
    shards: Mutex<Shards>,
    answers: [AtomicU64; BUCKETS],
}

/// What the gateway has told.
#[derive(Clone, Debug, Default)]
pub(super) struct Shards {
    /// How many the bot has in all, as far as one of them has said so.
    pub(super) total: u32,
    /// How often each connected, by its number.
    connects: BTreeMap<u32, u64>,
}

impl Shards {
    /// How many have connected.
    pub(super) fn connected(&self) -> usize {
        self.connects.len()
    }

    /// How often one of them connected again.
    pub(super) fn reconnects(&self) -> u64 {
        let all: u64 = self.connects.values().sum();
        all.saturating_sub(self.connects.len() as u64)
    }
}

impl Vitals {
    /// Of a bot that starts now.
    pub(super) fn new(now: Instant) -> Self {
        Self {
            since: now,
            name: OnceLock::new(),
            shards: Mutex::default(),
            answers: [const { AtomicU64::new(0) }; BUCKETS],
        }
    }

    /// For how long it has been running.
    pub(super) fn uptime(&self) -> Duration {
        self.since.elapsed()
    }

    /// A shard has connected, or taken its session up again; `total` is known only in the first case.
    pub(super) fn connected(&self, shard: u32, total: Option<u32>) {
        let mut shards = self.shards.lock().unwrap_or_else(PoisonError::into_inner);
        *shards.connects.entry(shard).or_default() += 1;
        shards.total = total.unwrap_or(shards.total);
    }

    /// What the gateway has told so far.
    pub(super) fn shards(&self) -> Shards {
        // Counts are valid after any panic in between.
        self.shards
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// Learns what the bot is called.
    pub(super) fn learn_name(&self, name: &str) {
        // A second READY says the same, or a new name that the next start will know.
        let _already_known = self.name.set(name.to_owned());
    }

    /// What the bot is called, once it is known.
    pub(super) fn name(&self) -> &str {
        self.name.get().map_or("this bot", String::as_str)
    }

    /// An answer was taken by Discord this long after its question came in.
    pub(super) fn answered(&self, took: Duration) {
        if let Some(bucket) = self.answers.get(bucket(took)) {
            bucket.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// How many answers there were, and the time within which half of them and 99 in 100 were given: the upper end of a step.
    pub(super) fn answers(&self) -> (u64, Duration, Duration) {
        let counts = self
            .answers
            .each_ref()
            .map(|bucket| bucket.load(Ordering::Relaxed));
        let all: u64 = counts.iter().sum();
        let within = |percent: u64| {
            let wanted = (all * percent).div_ceil(100);
            let mut seen = 0;
            for (position, count) in counts.iter().enumerate() {
                seen += count;
                if seen >= wanted {
                    return upper_end(position);
                }
            }
            upper_end(BUCKETS)
        };
        (all, within(50), within(99))
    }
}

/// The step that a time falls into.
fn bucket(took: Duration) -> usize {
    (0..BUCKETS)
        .find(|position| took <= upper_end(*position))
        .unwrap_or(BUCKETS - 1)
}

/// The longest time of a step.
fn upper_end(position: usize) -> Duration {
    let octaves = f64::from(u32::try_from(position).unwrap_or(u32::MAX)) / f64::from(STEPS);
    Duration::from_secs_f64(1e-6 * octaves.exp2())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_middle_and_the_slowest_are_known_to_within_a_fifth() {
        let vitals = Vitals::new(Instant::now());
        for _ in 0..98 {
            vitals.answered(Duration::from_millis(2));
        }
        vitals.answered(Duration::from_millis(900));
        vitals.answered(Duration::from_hours(1));
        let (all, half, most) = vitals.answers();
        let near = |found: Duration, real: u64| {
            let real = Duration::from_millis(real);
            found >= real && found <= real * 6 / 5
        };
        assert_eq!(all, 100);
        assert!(near(half, 2) && near(most, 900), "{half:?} {most:?}");
    }

    #[test]
    fn only_a_second_connection_of_a_shard_is_a_reconnect() {
        let vitals = Vitals::new(Instant::now());
        vitals.connected(0, Some(2));
        vitals.connected(1, Some(2));
        vitals.connected(0, None);
        let shards = vitals.shards();
        assert_eq!(
            (shards.total, shards.connected(), shards.reconnects()),
            (2, 2, 1)
        );
    }
}
