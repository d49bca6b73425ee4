//! What a running bot holds: the library, whom it is serving, and what it has seen lately.
//!
//! Everything is bounded and in memory only, and nothing is kept about people: ids of messages and channels, and for a
//! cooldown a number from which nobody's id can be told (see `cooldown`).

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use chrono::Utc;
use serenity::all::{
    ChannelId, Command, CommandId, GuildId, Http, InteractionId, MessageId, Timestamp, UserId,
};
use tokio::sync::{OnceCell, OwnedSemaphorePermit, Semaphore};
use tokio::time::timeout;
use tokio_util::task::TaskTracker;
use tokio_util::task::task_tracker::TaskTrackerToken;

use super::cooldown::{Answers, Askers, Given, Pace, Replied, Replies, Turn};
use super::help::Commands;
use super::names::Names;
use super::recent::{Recent, Until};
use super::remembered::Known;
use super::settings::ServerSettings;
use super::setup::Setup;
use super::timings::Timings;
use super::vitals::Vitals;
use crate::answering::EntryId;
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
    setup: Setup,
    /// Those of the setup, ready to be handed out.
    settings: Arc<ServerSettings>,
    known: Known,
    vitals: Vitals,
    me: OnceCell<UserId>,
    seen: Mutex<Recent<u64>>,
    shared: Mutex<Recent<u64>>,
    quiet: Mutex<Until<ChannelId>>,
    text_only: Mutex<Until<ChannelId>>,
    askers: Mutex<Askers>,
    answers: Mutex<Answers>,
    replies: Mutex<Replies>,
    commands: Mutex<Commands>,
    parents: Mutex<HashMap<ChannelId, Option<ChannelId>>>,
    places: Arc<Semaphore>,
    serving: TaskTracker,
    closing: AtomicBool,
    dropped: AtomicU64,
}

/// A host's data that holds our state.
///
/// ```
/// use cleartext::discord::{HasState, State};
///
/// struct Data {
///     cleartext: State,
///     // … and what else the host keeps.
/// }
///
/// impl HasState for Data {
///     fn cleartext(&self) -> &State {
///         &self.cleartext
///     }
/// }
/// ```
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
    /// A state that answers from a library, or from what a [`Setup`] says.
    ///
    /// ```
    /// use cleartext::discord::{Names, Setup, State, commands_with};
    /// use cleartext::library::Library;
    ///
    /// # type Error = Box<dyn std::error::Error + Send + Sync>;
    /// # let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/discord");
    /// let state = State::new(Library::open(path)?);
    /// assert_eq!(state.library().current().edition(), "2026.11");
    ///
    /// // In a host that calls our commands otherwise; what the bot says of them uses these names as well.
    /// let setup = Setup {
    ///     names: Names::prefixed("e2ee-")?,
    ///     ..Setup::from(Library::open(path)?)
    /// };
    /// let state = State::new(setup);
    /// let commands = commands_with::<State, Error>(state.names());
    /// assert_eq!(commands[0].name, "e2ee-ask");
    /// # Ok::<(), Error>(())
    /// ```
    pub fn new(setup: impl Into<Setup>) -> Self {
        let setup = setup.into();
        Self(Arc::new(Inner {
            settings: Arc::new(setup.settings.clone()),
            commands: Mutex::new(Commands::new(setup.names.clone())),
            setup,
            known: Known::default(),
            vitals: Vitals::new(Instant::now()),
            me: OnceCell::new(),
            seen: Mutex::new(Recent::new(SEEN)),
            shared: Mutex::new(Recent::new(CHANNELS)),
            quiet: Mutex::new(Until::new(CHANNELS)),
            text_only: Mutex::new(Until::new(CHANNELS)),
            askers: Mutex::default(),
            answers: Mutex::default(),
            replies: Mutex::default(),
            parents: Mutex::default(),
            places: Arc::new(Semaphore::new(PLACES)),
            serving: TaskTracker::new(),
            closing: AtomicBool::new(false),
            dropped: AtomicU64::new(0),
        }))
    }

    /// What is answered from.
    pub fn library(&self) -> &Library {
        &self.0.setup.library
    }

    /// What our commands are called here.
    pub fn names(&self) -> &Names {
        &self.0.setup.names
    }

    /// What the operator has decided.
    pub(super) fn setup(&self) -> &Setup {
        &self.0.setup
    }

    /// What is held ready of the memory.
    pub(super) fn known(&self) -> &Known {
        &self.0.known
    }

    /// How it is doing.
    pub(super) fn vitals(&self) -> &Vitals {
        &self.0.vitals
    }

    /// What a server has set; outside servers, and where there is no memory, what the setup says.
    ///
    /// The one place that knows where settings come from.
    pub(super) async fn settings(&self, guild: Option<GuildId>) -> Arc<ServerSettings> {
        match self.remembered(guild).await {
            Some(settings) => Arc::new(ServerSettings::from(settings.as_ref())),
            None => Arc::clone(&self.0.settings),
        }
    }

    /// Whether a server wants the bot to speak in a channel. Only where it lists channels and this is none of them Discord
    /// is asked, once, whether it is a thread of one.
    pub(super) async fn is_open(
        &self,
        http: &Http,
        channel: ChannelId,
        settings: &ServerSettings,
    ) -> bool {
        if settings.allows(channel, None) {
            return true;
        }
        let known = lock(&self.0.parents).get(&channel).copied();
        if let Some(parent) = known {
            return settings.allows(channel, parent);
        }
        let asked = timeout(self.timings().respond, http.get_channel(channel)).await;
        let Ok(Ok(found)) = asked else {
            return false;
        };
        let parent = found.guild().and_then(|channel| channel.parent_id);
        let mut parents = lock(&self.0.parents);
        if parents.len() >= CHANNELS {
            parents.clear();
        }
        parents.insert(channel, parent);
        settings.allows(channel, parent)
    }

    /// Somebody asks: whether they may now.
    pub(super) fn asks(&self, user: UserId, settings: &ServerSettings) -> Pace {
        lock(&self.0.askers).asks(user, settings.user_cooldown, Instant::now())
    }

    /// An answer is to be given in public: whether it is new there. `through` is the interaction that it responds to.
    pub(super) fn give(
        &self,
        channel: ChannelId,
        entry: &EntryId,
        through: Option<InteractionId>,
        settings: &ServerSettings,
    ) -> Given {
        let now = (Instant::now(), Utc::now().timestamp());
        lock(&self.0.answers).give(channel, entry, through, settings.channel_cooldown, now)
    }

    /// An answer was not given after all.
    pub(super) fn take_back(&self, channel: ChannelId, entry: &EntryId) {
        lock(&self.0.answers).take_back(channel, entry);
    }

    /// An answer stands in this message.
    pub(super) fn stands_in(&self, channel: ChannelId, entry: &EntryId, message: MessageId) {
        lock(&self.0.answers).stands_in(channel, entry, message);
    }

    /// The response to an interaction is this message.
    pub(super) fn responded(&self, interaction: InteractionId, message: MessageId) {
        lock(&self.0.answers).responded(interaction, message);
    }

    /// A question, as it was when last edited, is going to get a reply; returns what is to be held until that is posted.
    pub(super) fn begin_reply(&self, question: MessageId, edited: Option<Timestamp>) -> Turn {
        let replied = Replied::new(edited, Instant::now());
        lock(&self.0.replies).begin(question, replied)
    }

    /// The reply to a question is posted; `false` if the question is gone meanwhile.
    pub(super) fn replied(&self, question: MessageId, reply: MessageId) -> bool {
        lock(&self.0.replies).posted(question, reply)
    }

    /// A question gets no reply after all.
    pub(super) fn not_replied(&self, question: MessageId) {
        lock(&self.0.replies).not_posted(question);
    }

    /// The reply to a question, once it is posted.
    pub(super) fn reply_to(&self, question: MessageId) -> Option<MessageId> {
        lock(&self.0.replies).reply_to(question)
    }

    /// What to hold while the reply follows a question that has just been edited; `None` if there is none, or it knows of the edit.
    pub(super) fn edited(&self, question: MessageId, edited: Timestamp) -> Option<Turn> {
        lock(&self.0.replies).edited(question, edited, Instant::now())
    }

    /// Whether an edit is no longer the last one of its question.
    pub(super) fn is_overtaken(&self, question: MessageId, edited: Timestamp) -> bool {
        lock(&self.0.replies).is_overtaken(question, edited)
    }

    /// A message is gone: the reply that goes with it, where it was a question, and what to hold meanwhile.
    pub(super) fn message_is_gone(&self, message: MessageId) -> Option<(MessageId, Turn)> {
        lock(&self.0.answers).message_is_gone(message);
        lock(&self.0.replies).message_is_gone(message, Instant::now())
    }

    /// The answer that stood in this message no longer does.
    pub(super) fn answer_is_gone(&self, message: MessageId) {
        lock(&self.0.answers).message_is_gone(message);
    }

    /// Learns the ids of commands that Discord lists.
    pub(super) fn learn_commands(&self, commands: &[Command]) {
        lock(&self.0.commands).learn_all(commands);
    }

    /// Learns the id of a command that was used.
    pub(super) fn learn_command(&self, name: &str, id: CommandId) {
        lock(&self.0.commands).learn(name, id);
    }

    /// How commands can be clicked, as far as that is known.
    pub(super) fn commands(&self) -> Commands {
        lock(&self.0.commands).clone()
    }

    /// How long things may take.
    pub(super) fn timings(&self) -> &Timings {
        &self.0.setup.timings
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
        lock(&self.0.quiet).hold(channel, now + self.timings().quiet, now);
    }

    /// Posts in a channel again, since it has all the rights that are needed; whether it was left alone.
    pub(super) fn post_again(&self, channel: ChannelId) -> bool {
        let now = Instant::now();
        lock(&self.0.text_only).release(channel, now);
        lock(&self.0.quiet).release(channel, now)
    }

    /// Whether a channel has dropped an embed lately.
    pub(super) fn is_text_only(&self, channel: ChannelId) -> bool {
        lock(&self.0.text_only).holds(channel, Instant::now())
    }

    /// Posts without embeds in a channel for a while.
    pub(super) fn use_text(&self, channel: ChannelId) {
        let now = Instant::now();
        lock(&self.0.text_only).hold(channel, now + self.timings().quiet, now);
    }

    /// Waits a bounded time for a place among those being served. Without one the event is dropped and counted.
    pub(super) async fn enter(&self) -> Option<Place> {
        if self.is_closing() {
            return None;
        }
        let token = self.0.serving.token();
        let places = Arc::clone(&self.0.places);
        if let Ok(Ok(permit)) = timeout(self.timings().queue, places.acquire_owned()).await {
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
        let drained = timeout(self.timings().drain, self.0.serving.wait())
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
