//! Discord as the tests see it: one in-process server on the loopback, one a test, that enforces Discord's rules.
//!
//! The map: `world` holds what exists, made of `entities`; `messages`, `interactions`, `commands` and `gateway` are its rules; `limits` and
//! `refusal` how it says no; `payload` its JSON; `rest` and `connection` the wire; `faults` and `mishaps` what goes wrong on
//! demand; `actor` what people do and `asking` how they command; `view` what the bot posted; `record` what it asked for. This file starts it all, waits for
//! effects, and judges at the end: nothing unread, no refusal unlooked at, no unknown route, nothing left unanswered.
//!
//! ```ignore
//! discord(bot(), async |d| {
//!     d.alice().mentions_bot("how many contries signd it").await;
//!     let reply = d.reply().await;
//!     reply.click("Both sides", d.bob()).await.reply().await;
//! });
//! ```
//!
//! It never reaches beyond the loopback, never sleeps to wait for the bot, and knows nothing of the bot but its wire.
#![allow(
    dead_code,
    reason = "a vocabulary for all feature tests; no single build of them uses every word"
)]

mod actor;
mod asking;
mod commands;
mod connection;
mod entities;
mod faults;
mod gateway;
mod gateway_test;
mod interactions;
mod limits;
mod messages;
mod mishaps;
pub(crate) mod parrot;
mod payload;
mod record;
mod refusal;
mod rest;
mod rest_test;
mod view;
mod world;

use std::any::Any;
use std::panic::AssertUnwindSafe;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use futures_util::FutureExt;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::AbortHandle;
use tokio_util::sync::CancellationToken;

use self::connection::CutListener;
use self::entities::{Cause, Life, Post, Response};
use self::gateway::Frame;
use self::record::Care;
use self::world::{BotLife, World};

#[allow(
    unused_imports,
    reason = "names for tests to use; once all are used an `expect` would fail"
)]
pub(crate) use self::{
    actor::{Actor, Asked, Said},
    asking::Choice,
    entities::{Account, Audience, ChannelKind, DirectMessages, How, Pings, Presence, ThreadState},
    gateway::{Duty, Frames},
    refusal::Refusal,
    view::{Button, Embed, Field, Modal, Reply, Select},
    world::MEMBER_RIGHTS,
};

/// What the bot under test needs to know of this Discord.
#[derive(Clone, Debug)]
pub(crate) struct Api {
    /// `http://127.0.0.1:PORT`, for `api_base`.
    pub(crate) base: String,
    /// The bot's token, without the word `Bot`.
    pub(crate) token: String,
}

type Run = Pin<Box<dyn Future<Output = Result<(), String>> + Send>>;

/// A bot: how to run it until it ends by itself or the token is cancelled. It may be run again after it ended.
#[derive(Clone)]
pub(crate) struct Bot(Arc<dyn Fn(Api, CancellationToken) -> Run + Send + Sync>);

impl Bot {
    /// A bot from its run.
    pub(crate) fn new<F, R>(run: F) -> Self
    where
        F: Fn(Api, CancellationToken) -> R + Send + Sync + 'static,
        R: Future<Output = Result<(), String>> + Send + 'static,
    {
        Bot(Arc::new(move |api, stop| Box::pin(run(api, stop))))
    }
}

struct Shared {
    world: Mutex<World>,
    changed: watch::Sender<()>,
    bot: Bot,
    running: Mutex<Option<(CancellationToken, AbortHandle)>>,
}

/// Discord, and all that a test can do there.
#[derive(Clone)]
pub(crate) struct Discord(Arc<Shared>);

/// Starts Discord and the bot, waits until the bot is ready, runs the test, shuts everything down and judges.
#[track_caller]
pub(crate) fn discord<T>(bot: Bot, test: T)
where
    T: AsyncFnOnce(Discord),
{
    discord_before_start(bot, async |discord| {
        discord.start_bot();
        discord.bot_is_ready().await;
        test(discord).await;
    });
}

/// As [`discord`], but the test starts the bot itself, after it has arranged the world.
#[track_caller]
pub(crate) fn discord_before_start<T>(bot: Bot, test: T)
where
    T: AsyncFnOnce(Discord),
{
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .expect("the machine has threads for a runtime");
    let outcome = runtime.block_on(async {
        let listener = TcpListener::bind("127.0.0.1:0")
            .await
            .expect("the loopback has a free port");
        let address = listener
            .local_addr()
            .expect("a bound listener has an address")
            .to_string();
        let shared = Shared {
            world: Mutex::new(World::new(address)),
            changed: watch::Sender::new(()),
            bot,
            running: Mutex::new(None),
        };
        let discord = Discord(Arc::new(shared));
        let server = tokio::spawn(rest::serve(discord.clone(), CutListener(listener)));
        let outcome = AssertUnwindSafe(test(discord.clone())).catch_unwind().await;
        discord.stop_in_time().await;
        server.abort();
        discord.judge(outcome)
    });
    // A bot that hangs in a blocking call must not hang the tests.
    runtime.shutdown_timeout(Duration::from_secs(1));
    if let Err(failure) = outcome {
        panic!("{failure}");
    }
}

impl Discord {
    /// Looks at the world.
    pub(crate) fn look<R>(&self, look: impl FnOnce(&World) -> R) -> R {
        look(&self.0.world.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Changes the world and lets everybody who waits look again.
    pub(crate) fn with<R>(&self, change: impl FnOnce(&mut World) -> R) -> R {
        let result = change(&mut self.0.world.lock().unwrap_or_else(PoisonError::into_inner));
        self.0.changed.send_replace(());
        result
    }

    fn changes(&self) -> watch::Receiver<()> {
        self.0.changed.subscribe()
    }

    /// Waits until `look` finds something.
    ///
    /// # Panics
    /// When time runs out, when the bot has ended and it still is not there, or when something has gone wrong that no test
    /// expects; the message tells what did happen.
    pub(crate) async fn wait_for<R>(
        &self,
        what: &str,
        mut look: impl FnMut(&mut World) -> Option<R>,
    ) -> R {
        let mut changes = self.changes();
        let patience = self.look(|world| world.deadlines.patience);
        let found = tokio::time::timeout(patience, async {
            loop {
                changes.borrow_and_update();
                // Without a notice to others: looking changes nothing that anybody waits for.
                let (found, hopeless) = {
                    let mut world = self.0.world.lock().unwrap_or_else(PoisonError::into_inner);
                    (look(&mut world), hopeless(&world))
                };
                match (found, hopeless) {
                    (Some(found), _) => return Ok(found),
                    (None, Some(reason)) => return Err(reason),
                    (None, None) => {}
                }
                changes
                    .changed()
                    .await
                    .expect("the sender lives as long as `self`");
            }
        });
        match found.await {
            Ok(Ok(found)) => found,
            Ok(Err(reason)) => panic!("waited for {what}, but {reason}"),
            Err(elapsed) => panic!("waited {patience:?} for {what}: {elapsed}"),
        }
    }

    /// Runs the bot. It must not be running.
    pub(crate) fn start_bot(&self) {
        let stop = CancellationToken::new();
        self.with(|world| {
            world.life = BotLife::Running;
            world.note("the bot is started");
        });
        let run = (self.0.bot.0)(self.api(), stop.clone());
        let discord = self.clone();
        let task = tokio::spawn(async move {
            let end = AssertUnwindSafe(run)
                .catch_unwind()
                .await
                .unwrap_or_else(|panic| Err(format!("it panicked: {}", text_of(&*panic))));
            discord.with(|world| {
                world.note(format!("the bot ended: {end:?}"));
                world.life = BotLife::Ended(end);
            });
        });
        *self
            .0
            .running
            .lock()
            .unwrap_or_else(PoisonError::into_inner) = Some((stop, task.abort_handle()));
    }

    /// Waits until the bot is connected and has read READY, which a heartbeat asked of it proves.
    pub(crate) async fn bot_is_ready(&self) {
        let mut asked = None;
        self.wait_for("the bot to be ready", |world| {
            for session in world.gateway.sessions.values() {
                let Some(line) = session.line.as_ref().filter(|_| session.seq > 0) else {
                    continue;
                };
                if session.seen > 0 {
                    return Some(());
                }
                if asked != Some(line.connection) {
                    asked = Some(line.connection);
                    // A socket that just ended loses it; then there will be another connection to ask.
                    let _ = line.frames.send(Frame::heartbeat_request());
                }
            }
            None
        })
        .await;
    }

    /// Waits until the bot has a session, be it cut off at the moment: what happens now reaches it, or will be replayed.
    async fn bot_has_session(&self) {
        self.wait_for("the bot to have a session", |world| {
            world
                .gateway
                .sessions
                .values()
                .any(|session| session.seq > 0)
                .then_some(())
        })
        .await;
    }

    /// Waits until the bot has ended by itself, and says how.
    pub(crate) async fn bot_ends(&self) -> Result<(), String> {
        self.wait_for("the bot to end", |world| match &world.life {
            BotLife::Ended(end) => {
                let end = end.clone();
                world.life = BotLife::NotStarted;
                Some(end)
            }
            BotLife::NotStarted | BotLife::Running => None,
        })
        .await
    }

    /// Asks the bot to stop, waits until it has, and says how it ended.
    pub(crate) async fn stop_bot(&self) -> Result<(), String> {
        if let Some((stop, _)) = &*self
            .0
            .running
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
        {
            stop.cancel();
        }
        self.bot_ends().await
    }

    /// Stops the bot and starts it again in the same world.
    pub(crate) async fn restart_bot(&self) {
        self.stop_bot()
            .await
            .expect("the bot stops without an error");
        self.with(|world| world.gateway.sessions.clear());
        self.start_bot();
        self.bot_is_ready().await;
    }

    async fn stop_in_time(&self) {
        let running = self
            .0
            .running
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        let Some((stop, task)) = running else { return };
        stop.cancel();
        let mut changes = self.changes();
        let ended = async {
            while self.look(|world| matches!(world.life, BotLife::Running)) {
                changes
                    .changed()
                    .await
                    .expect("the sender lives as long as `self`");
            }
        };
        let patience = self.look(|world| world.deadlines.patience);
        if tokio::time::timeout(patience, ended).await.is_err() {
            self.with(|world| world.complain(format!("the bot did not stop within {patience:?}")));
            task.abort();
        }
    }

    fn judge(&self, outcome: Result<(), Box<dyn Any + Send>>) -> Result<(), String> {
        let (faults, log) = self.with(|world| (world.verdict(), world.log.join("\n")));
        match outcome {
            Err(panic) => Err(format!("{}\n\nwhat happened:\n{log}", text_of(&*panic))),
            Ok(()) if faults.is_empty() => {
                self.look(World::write_record);
                Ok(())
            }
            Ok(()) => Err(format!(
                "the test ended, but:\n- {}\n\nwhat happened:\n{log}",
                faults.join("\n- ")
            )),
        }
    }
}

/// Why nothing more can come.
fn hopeless(world: &World) -> Option<String> {
    let ended = match &world.life {
        BotLife::Ended(end) => Some(format!("the bot has ended: {end:?}")),
        BotLife::NotStarted | BotLife::Running => None,
    };
    world.complaints.first().cloned().or(ended)
}

/// The text of a panic.
fn text_of(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<String>().cloned();
    text.or_else(|| panic.downcast_ref::<&str>().map(|text| (*text).to_owned()))
        .unwrap_or_else(|| "a panic without text".to_owned())
}

impl World {
    /// Everything that is wrong at the end of a test.
    fn verdict(&self) -> Vec<String> {
        let mut faults = self.complaints.clone();
        if let BotLife::Ended(Err(end)) = &self.life {
            faults.push(format!("the bot ended with an error: {end}"));
        }
        for post in &self.unread {
            faults.push(match post {
                Post::Shown { how, message } => {
                    format!(
                        "unread: the bot made a {how:?} that the test did not look at: {}",
                        view::in_words(self, message)
                    )
                }
                Post::Modal { data, .. } => {
                    format!("unread: the bot opened a modal that the test did not look at: {data}")
                }
            });
        }
        faults.extend(
            self.refusals
                .iter()
                .map(|refusal| format!("unexpected: {refusal}")),
        );
        faults.extend(self.idle_rules());
        for message in self
            .messages
            .values()
            .filter(|message| message.life == Life::Thinking)
        {
            if !matches!(message.cause, Cause::Interaction(id) if self.forgiven.contains(&id)) {
                faults.push(format!("the bot is still “thinking” in {}", message.id));
            }
        }
        for interaction in self
            .interactions
            .values()
            .filter(|known| known.response == Response::Nothing)
        {
            if !self.forgiven.contains(&interaction.id) {
                faults.push(format!(
                    "the bot never responded to {}: {}",
                    interactions::kind_name(interaction.kind),
                    interaction.data
                ));
            }
        }
        faults
    }

    /// Takes the next refusal for a test, whose request then counts as wrong on purpose.
    fn next_refusal(&mut self) -> Option<Refusal> {
        let refusal = self.refusals.pop_front()?;
        self.requests[refusal.request].care = Care::WrongOnPurpose;
        Some(refusal)
    }
}

impl Discord {
    /// Waits for the next request of the bot's that was refused; the test thereby expects it.
    pub(crate) async fn refusal(&self) -> Refusal {
        self.wait_for("a refusal", World::next_refusal).await
    }

    /// Keeps the last request out of the record: it was taken, but a bot should not send it.
    pub(crate) fn last_request_was_wrong_on_purpose(&self) {
        self.with(|world| {
            let last = world
                .requests
                .last_mut()
                .expect("the bot has sent a request");
            last.care = Care::WrongOnPurpose;
        });
    }

    /// Name and text of the last file that the bot sent.
    pub(crate) fn last_upload(&self) -> (String, String) {
        let last = self.look(|world| world.uploads.last().cloned());
        last.expect("the bot has sent a file")
    }

    /// Moves the clock of all deadlines forward.
    pub(crate) fn time_passes(&self, by: Duration) {
        self.with(|world| world.clock.advance(by));
    }

    /// Sets how long waits of this test last; 20 s without this.
    pub(crate) fn waits_at_most(&self, patience: Duration) {
        self.with(|world| world.deadlines.patience = patience);
    }

    /// Where the bot would be pointed at.
    pub(crate) fn api(&self) -> Api {
        self.look(|world| Api {
            base: format!("http://{}", world.address),
            token: world.token.clone(),
        })
    }

    /// Sets how long a first response may take; 3 s without this.
    pub(crate) fn demands_response_within(&self, deadline: Duration) {
        self.with(|world| world.deadlines.first_response = deadline);
    }
}
