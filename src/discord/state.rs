//! What a running bot holds: the library, whom it is serving, and what it has seen lately.
//!
//! Everything is bounded, and nothing is kept about people: ids of messages and channels only, in memory only.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use serenity::all::{ChannelId, Http, UserId};
use tokio::sync::{OnceCell, OwnedSemaphorePermit, Semaphore};
use tokio::time::timeout;
use tokio_util::task::TaskTracker;
use tokio_util::task::task_tracker::TaskTrackerToken;

use super::recent::{Recent, Until};
use super::timings::Timings;
use crate::library::Library;

/// How many events are handled at once. An answer takes microseconds, so this bounds posts under way; Discord takes 50 a second.
const PLACES: usize = 64;
/// How many ids are remembered to see an event come twice: a RESUME replays minutes, this is an hour of a busy bot.
const SEEN: usize = 8_192;
/// How many channels are remembered as refusing posts or embeds.
const CHANNELS: usize = 1_024;

/// What the bot needs to answer: owned by a host as part of its own data. Cheap to clone; clones share everything.
#[derive(Clone, Debug)]
pub struct State(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    library: Library,
    timings: Timings,
    me: OnceCell<UserId>,
    seen: Mutex<Recent<u64>>,
    shared: Mutex<Recent<u64>>,
    quiet: Mutex<Until<ChannelId>>,
    text_only: Mutex<Until<ChannelId>>,
    places: Arc<Semaphore>,
    serving: TaskTracker,
    closing: AtomicBool,
    dropped: AtomicU64,
}

/// A host's data that holds our state.
pub trait HasState {
    /// The state.
    fn cleartext(&self) -> &State;
}

impl HasState for State {
    fn cleartext(&self) -> &State {
        self
    }
}

/// A place among those being served; given back when dropped.
#[derive(Debug)]
pub(super) struct Place {
    _permit: OwnedSemaphorePermit,
    _token: TaskTrackerToken,
}

impl State {
    /// A state that answers from a library.
    pub fn new(library: Library) -> Self {
        Self::with(library, Timings::default())
    }

    /// The same with other bounds on time.
    pub(super) fn with(library: Library, timings: Timings) -> Self {
        Self(Arc::new(Inner {
            library,
            timings,
            me: OnceCell::new(),
            seen: Mutex::new(Recent::new(SEEN)),
            shared: Mutex::new(Recent::new(CHANNELS)),
            quiet: Mutex::new(Until::new(CHANNELS)),
            text_only: Mutex::new(Until::new(CHANNELS)),
            places: Arc::new(Semaphore::new(PLACES)),
            serving: TaskTracker::new(),
            closing: AtomicBool::new(false),
            dropped: AtomicU64::new(0),
        }))
    }

    /// What is answered from.
    pub fn library(&self) -> &Library {
        &self.0.library
    }

    /// How long things may take.
    pub(super) fn timings(&self) -> &Timings {
        &self.0.timings
    }

    /// Learns the bot's own id.
    pub(super) fn learn_me(&self, me: UserId) {
        // A second READY says the same id.
        let _already_known = self.0.me.set(me);
    }

    /// The bot's own id: from READY, else asked for once, for a host that mounted us after it.
    pub(super) async fn me(&self, http: &Http) -> Result<UserId, serenity::Error> {
        let ask = || async { Ok(http.get_current_user().await?.id) };
        self.0.me.get_or_try_init(ask).await.copied()
    }

    /// Whether an event with this id comes for the first time. Ids of messages and interactions share one space.
    pub(super) fn is_new(&self, id: u64) -> bool {
        lock(&self.0.seen).is_new(id)
    }

    /// Whether the answer in this message is shared for the first time.
    pub(super) fn is_first_share(&self, message: u64) -> bool {
        lock(&self.0.shared).is_new(message)
    }

    /// Lets an answer be shared again, because sharing it failed.
    pub(super) fn forget_share(&self, message: u64) {
        lock(&self.0.shared).forget(message);
    }

    /// Whether a channel has refused posts lately.
    pub(super) fn is_quiet(&self, channel: ChannelId) -> bool {
        lock(&self.0.quiet).holds(channel, Instant::now())
    }

    /// Leaves a channel alone for a while.
    pub(super) fn leave_quiet(&self, channel: ChannelId) {
        let now = Instant::now();
        lock(&self.0.quiet).hold(channel, now + self.0.timings.quiet, now);
    }

    /// Whether a channel has dropped an embed lately.
    pub(super) fn is_text_only(&self, channel: ChannelId) -> bool {
        lock(&self.0.text_only).holds(channel, Instant::now())
    }

    /// Posts without embeds in a channel for a while.
    pub(super) fn use_text(&self, channel: ChannelId) {
        let now = Instant::now();
        lock(&self.0.text_only).hold(channel, now + self.0.timings.quiet, now);
    }

    /// Waits a bounded time for a place among those being served. Without one the event is dropped and counted.
    pub(super) async fn enter(&self) -> Option<Place> {
        if self.is_closing() {
            return None;
        }
        let token = self.0.serving.token();
        let places = Arc::clone(&self.0.places);
        if let Ok(Ok(permit)) = timeout(self.0.timings.queue, places.acquire_owned()).await {
            return Some(Place {
                _permit: permit,
                _token: token,
            });
        }
        let dropped = self.0.dropped.fetch_add(1, Ordering::Relaxed) + 1;
        // One line for 1, 2, 4, 8 … of them, so that a flood does not flood the log as well.
        if dropped.is_power_of_two() {
            tracing::warn!(dropped, "too many events at once; some were dropped");
        }
        None
    }

    /// Whether the bot is ending.
    pub(super) fn is_closing(&self) -> bool {
        self.0.closing.load(Ordering::Acquire)
    }

    /// Takes no more events.
    pub(super) fn close(&self) {
        self.0.closing.store(true, Ordering::Release);
    }

    /// Waits a bounded time for those being served; `false` if some still are.
    pub(super) async fn drain(&self) -> bool {
        self.0.serving.close();
        let drained = timeout(self.0.timings.drain, self.0.serving.wait())
            .await
            .is_ok();
        self.0.serving.reopen();
        drained
    }
}

/// These memories are valid after any panic in between, so a poisoned lock is taken all the same.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
