//! Whether the database was away a moment ago, so that nobody waits for it again and again.
//!
//! It measures how long ago, and reads no calendar.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// The last outage, if there was one.
#[derive(Debug, Default)]
pub(super) struct Outage(Mutex<Option<Instant>>);

impl Outage {
    /// The database did not answer, and is spared calls for so long.
    pub(super) fn begin(&self, pause: Duration) {
        *self.lock() = Some(Instant::now() + pause);
    }

    /// The database answered.
    pub(super) fn end(&self) {
        *self.lock() = None;
    }

    /// Whether to spare it a call.
    pub(super) fn lasts(&self) -> bool {
        self.lock().is_some_and(|end| Instant::now() < end)
    }

    /// Any value is valid after a panic in between.
    fn lock(&self) -> MutexGuard<'_, Option<Instant>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
