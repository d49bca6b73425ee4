//! One life on the gateway: a serenity client in a runtime and a thread of its own, so that it can be ended whatever it does.
//!
//! serenity has tasks that nobody can end: a queue that goes on connecting, shards that poll a dead stream without ever
//! yielding. With a runtime of its own they all end with it, and a thread that spins cannot starve its watchdog.

use std::convert::Infallible;
use std::future::pending;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::{Duration, Instant};

use reqwest::Url;
use secrecy::ExposeSecret;
use serenity::all::{
    ClientBuilder, Context, Framework, FullEvent, GatewayError, GatewayIntents, Http, HttpBuilder,
    ShardManager, ShardRunnerMessage,
};
use tokio::sync::{Notify, oneshot};
use tokio::time::{sleep, timeout};
use tokio_util::sync::{CancellationToken, DropGuard};

use super::connection::{Connection, RunError, is_loopback};
use super::deliver::Failure;
use super::outgoing::nobody;
use super::plain::Plugin;
use super::registration::Registration;
use super::state::State;
use super::supervision::{self, Pace, Pulse};
use super::timings::Timings;

/// Between two looks at whether a shard wants to connect: before READY, so that the start does not wait, and after.
const TURN_BEFORE_READY: Duration = Duration::from_millis(5);
const TURN: Duration = Duration::from_millis(100);
/// How long a thread that was told to end is waited for. A healthy one needs milliseconds.
const LAST_WAIT: Duration = Duration::from_secs(2);
/// What every close of ours says: a normal one.
const NORMAL_CLOSE: u16 = 1_000;

/// What the lives of one bot share.
#[derive(Debug)]
pub(super) struct Shared {
    pub(super) connection: Connection,
    pub(super) state: State,
    pub(super) pace: Mutex<Pace>,
    pub(super) registration: Registration,
}

/// How a life ended by itself.
#[derive(Debug)]
pub(super) enum Ended {
    /// It was told to.
    Stopped,
    /// No further life can fare better.
    Hopeless(RunError),
    /// The next one may.
    Broken(String),
    /// Discord allows no new session until then.
    Spent(Duration),
}

/// A life, seen from outside.
pub(super) struct Session {
    begun: Instant,
    shared: Arc<Shared>,
    pulse: Arc<Pulse>,
    manager: Arc<OnceLock<Arc<ShardManager>>>,
    stop: CancellationToken,
    ended: oneshot::Receiver<Ended>,
    /// Whoever drops the bot instead of stopping it leaves no thread behind.
    _stop_when_dropped: DropGuard,
}

impl Session {
    /// Begins a life.
    pub(super) fn begin(shared: &Arc<Shared>) -> std::io::Result<Self> {
        let begun = Instant::now();
        let (tell, ended) = oneshot::channel();
        let inside = Inside {
            shared: Arc::clone(shared),
            pulse: Arc::new(Pulse::new(begun)),
            manager: Arc::default(),
            ready: Arc::default(),
        };
        let stop = CancellationToken::new();
        let session = Self {
            begun,
            shared: Arc::clone(shared),
            pulse: Arc::clone(&inside.pulse),
            manager: Arc::clone(&inside.manager),
            stop: stop.clone(),
            ended,
            _stop_when_dropped: stop.clone().drop_guard(),
        };
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()?;
        std::thread::Builder::new()
            .name("discord-gateway".to_owned())
            .spawn(move || {
                let ended = runtime.block_on(async {
                    tokio::select! {
                        () = stop.cancelled() => Ended::Stopped,
                        ended = inside.live() => ended,
                    }
                });
                // Not a plain drop: that would wait for a name lookup under way.
                runtime.shutdown_background();
                // Nobody listens when the whole bot is gone.
                let _gone = tell.send(ended);
            })?;
        Ok(session)
    }

    /// Waits until the life ends by itself or has to be given up.
    pub(super) async fn over(&mut self) -> Ended {
        let timings = self.shared.state.timings();
        loop {
            if let Ok(ended) = timeout(timings.look, &mut self.ended).await {
                return told(ended);
            }
            let allowed = supervision::allowed(&self.shared.pace);
            if let Some(dead) = self.pulse.verdict(Instant::now(), allowed, timings) {
                return Ended::Broken(dead.to_string());
            }
        }
    }

    /// Whether it lived long enough for its troubles to be forgiven.
    pub(super) fn was_stable(&self) -> bool {
        let stable = self.shared.state.timings().stable;
        self.pulse.ready_since().is_some() && self.begun.elapsed() >= stable
    }

    /// Says goodbye to the gateway, so that no further event comes.
    ///
    /// serenity's `shutdown_all` waits for the peer's goodbye, and on a dead stream spins while it does. The first of two
    /// closes is sent; the second cannot be, and at that a shard's runner ends. On a dead stream the first ends it already.
    pub(super) async fn hang_up(&self) {
        if self.close_shards().await {
            sleep(self.shared.state.timings().farewell).await;
        }
    }

    /// Orders every shard to close; whether there was one.
    async fn close_shards(&self) -> bool {
        let Some(manager) = self.manager.get() else {
            return false;
        };
        let Ok(runners) = timeout(LAST_WAIT, manager.runners.lock()).await else {
            return false;
        };
        for runner in runners.values() {
            for _ in 0..2 {
                let close = ShardRunnerMessage::Close(NORMAL_CLOSE, None);
                runner.runner_tx.send_to_shard(close);
            }
        }
        !runners.is_empty()
    }

    /// Ends the life with everything in it. A thread that will not end is left behind, and the log says so.
    pub(super) async fn end(mut self) {
        self.stop.cancel();
        if self.ended.is_terminated() {
            return;
        }
        let deadline = Instant::now() + LAST_WAIT;
        while timeout(TURN, &mut self.ended).await.is_err() {
            // A shard that was started meanwhile may spin as its predecessor did, and keep the order to stop from being heard.
            self.close_shards().await;
            if Instant::now() > deadline {
                tracing::error!("the thread of a connection could not be ended and is left behind");
                return;
            }
        }
    }
}

fn told(ended: Result<Ended, oneshot::error::RecvError>) -> Ended {
    ended.unwrap_or_else(|_| Ended::Broken("the connection's thread panicked".to_owned()))
}

/// A life, seen from inside its thread.
struct Inside {
    shared: Arc<Shared>,
    pulse: Arc<Pulse>,
    manager: Arc<OnceLock<Arc<ShardManager>>>,
    ready: Arc<Notify>,
}

impl Inside {
    async fn live(&self) -> Ended {
        tokio::select! {
            ended = self.connect() => ended,
            never = self.turn() => match never {},
        }
    }

    /// Shows that the event loop turns.
    async fn turn(&self) -> Infallible {
        loop {
            self.pulse.turned(Instant::now());
            sleep(TURN).await;
        }
    }

    async fn connect(&self) -> Ended {
        let timings = self.shared.state.timings();
        let http = match http(&self.shared.connection, timings) {
            Ok(http) => http,
            Err(error) => return Ended::Hopeless(error),
        };
        let gateway = match timeout(timings.request, http.get_bot_gateway()).await {
            Ok(Ok(gateway)) => gateway,
            Ok(Err(error)) => {
                return match Failure::from(&error) {
                    Failure::Refused { status: 401, .. } => Ended::Hopeless(RunError::Token),
                    failure => Ended::Broken(format!("Discord's gateway is not known: {failure}")),
                };
            }
            Err(_) => return Ended::Broken("Discord did not answer in time".to_owned()),
        };
        // serenity connects to the real gateway, token and all, where its own question for the address fails. So the
        // address is checked here and put in below.
        if self.shared.connection.api_base.is_some()
            && !Url::parse(&gateway.url).is_ok_and(|url| is_loopback(&url))
        {
            return Ended::Hopeless(RunError::GatewayElsewhere);
        }
        if gateway.session_start_limit.remaining == 0 {
            let wait = Duration::from_millis(gateway.session_start_limit.reset_after);
            return Ended::Spent(wait);
        }
        let shards = gateway.shards.max(1);
        let client = ClientBuilder::new_with_http(http, intents()).framework(Watched {
            inner: Plugin::alone(self.shared.state.clone()),
            state: self.shared.state.clone(),
            pulse: Arc::clone(&self.pulse),
            ready: Arc::clone(&self.ready),
        });
        let mut client = match timeout(timings.request, client).await {
            Ok(Ok(client)) => client,
            Ok(Err(error)) => return Ended::Broken(Failure::from(&error).to_string()),
            Err(_) => return Ended::Broken("Discord did not answer in time".to_owned()),
        };
        client.ws_url.lock().await.clone_from(&gateway.url);
        let _only_once = self.manager.set(Arc::clone(&client.shard_manager));
        self.pulse.begin(shards, Instant::now());
        self.pace().begin(shards);

        let ws_url = Arc::clone(&client.ws_url);
        let http = Arc::clone(&client.http);
        tokio::select! {
            result = client.start_shards(shards) => match result {
                Ok(()) => Ended::Broken("the connection ended".to_owned()),
                Err(serenity::Error::Gateway(GatewayError::InvalidAuthentication)) => Ended::Hopeless(RunError::Token),
                Err(serenity::Error::Gateway(GatewayError::InvalidGatewayIntents | GatewayError::DisallowedGatewayIntents)) => {
                    Ended::Hopeless(RunError::Intents)
                }
                Err(error) => Ended::Broken(Failure::from(&error).to_string()),
            },
            never = self.turnstile(ws_url, shards) => match never {},
            never = self.register(&http) => match never {},
        }
    }

    /// Lets connections through one at a time and at their pace.
    ///
    /// serenity asks a lock for the gateway's address before each connection. Whoever holds that lock decides when.
    async fn turnstile(&self, ws_url: Arc<tokio::sync::Mutex<String>>, shards: u32) -> Infallible {
        let mut closed = Arc::clone(&ws_url).lock_owned().await;
        loop {
            let starting = self.pulse.ready_since().is_none();
            let allowed = self.pace().allows(Instant::now());
            sleep(if starting && allowed {
                TURN_BEFORE_READY
            } else {
                TURN
            })
            .await;
            self.feel(shards).await;
            if !self.pace().allows(Instant::now()) {
                continue;
            }
            drop(closed);
            // A lock that is waited for goes to who waits: if it is not to be had at once, a connection went through.
            closed = if let Ok(closed) = Arc::clone(&ws_url).try_lock_owned() {
                closed
            } else {
                self.pace().opened(Instant::now());
                Arc::clone(&ws_url).lock_owned().await
            };
        }
    }

    /// Takes the pulse of each shard: serenity tells of acknowledged heartbeats only by the latency it shows.
    async fn feel(&self, shards: u32) {
        let Some(manager) = self.manager.get() else {
            return;
        };
        let runners = manager.runners.lock().await;
        let now = Instant::now();
        for (id, runner) in runners.iter() {
            if self.pulse.latency(*id, runner.latency, now) {
                self.pace().alive(now, shards);
            }
        }
    }

    async fn register(&self, http: &Http) -> Infallible {
        self.ready.notified().await;
        self.shared
            .registration
            .keep_trying(http, &self.shared.state)
            .await;
        pending().await
    }

    fn pace(&self) -> std::sync::MutexGuard<'_, Pace> {
        // A pace is valid after any panic in between.
        self.shared
            .pace
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

/// What is asked of Discord: messages that mention the bot and direct ones. None of it is privileged, and without GUILDS
/// memory does not grow with the number of servers.
fn intents() -> GatewayIntents {
    GatewayIntents::GUILD_MESSAGES | GatewayIntents::DIRECT_MESSAGES
}

/// A client for requests with every wait bounded.
fn http(connection: &Connection, timings: &Timings) -> Result<Http, RunError> {
    let mut client = reqwest::Client::builder()
        .use_rustls_tls()
        .connect_timeout(timings.connect)
        .timeout(timings.request)
        // Discord's API does not redirect; whoever does shall not get the token.
        .redirect(reqwest::redirect::Policy::none());
    if connection.api_base.is_some() {
        client = client.no_proxy();
    }
    let client = client.build().map_err(|_| RunError::Client)?;
    let mut http = HttpBuilder::new(connection.token.expose_secret())
        .client(client)
        .default_allowed_mentions(nobody());
    if let Some(base) = &connection.api_base {
        // With serenity's rate limiter on, the proxy would silently be left aside and discord.com asked.
        http = http.proxy(base).ratelimiter_disabled(true);
    }
    Ok(http.build())
}

/// The plugin with a look at each event before it.
struct Watched {
    inner: Plugin,
    state: State,
    pulse: Arc<Pulse>,
    ready: Arc<Notify>,
}

#[serenity::async_trait]
impl Framework for Watched {
    async fn init(&mut self, client: &serenity::Client) {
        self.inner.init(client).await;
    }

    async fn dispatch(&self, ctx: Context, event: FullEvent) {
        self.pulse.event(ctx.shard_id, Instant::now());
        if let FullEvent::Ready { .. } = &event {
            self.pulse.ready(ctx.shard_id, Instant::now());
            tracing::info!("connected to Discord");
            self.ready.notify_one();
        }
        if self.state.is_closing() {
            return;
        }
        self.inner.dispatch(ctx, event).await;
    }
}
