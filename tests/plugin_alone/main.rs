//! What the plugin leaves behind in a host's process: nothing. One test with a process to itself, and so without a harness.
//!
//! A host runs once without us and once with us in each of the two ways, and has the same conversation of its own. Before and
//! after, the process is looked at: its logger, environment, folder, signal handlers, panic hook, threads and tasks.

#[path = "../it/fake/mod.rs"]
#[allow(
    unused_imports,
    reason = "the tests' vocabulary, and their tests of it, of which this uses a few words"
)]
mod fake;

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsString;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use cleartext::discord::{
    Cooldown, Plugin, ServerSettings, Setup, State, commands, definitions, described, handle_event,
};
use cleartext::library::Library;
use serenity::all::{
    ClientBuilder, Context, CreateCommand, CreateInteractionResponse,
    CreateInteractionResponseMessage, EventHandler, GatewayIntents, HttpBuilder, Interaction,
    Ready,
};
use tokio::runtime::Runtime;
use tokio_util::sync::CancellationToken;

use fake::{Api, Bot, Discord, discord};

/// How often the host's own panic hook was called.
static PANICS: AtomicUsize = AtomicUsize::new(0);
/// How long tasks may take to end that are about to: far more than a busy machine needs.
const PATIENCE: Duration = Duration::from_secs(30);
/// How often in a row the number of tasks has to be the same to count as at rest.
const AT_REST: usize = 20;
/// What the host's threads are called.
const THREADS: &str = "host";

/// What the test itself panics with, to see who hears it.
struct Expected;

/// How the host mounts us.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mount {
    Nothing,
    Plugin,
    Poise,
}

/// What can be seen of a process from inside.
struct Process {
    has_logger: bool,
    environment: BTreeMap<OsString, OsString>,
    folder: PathBuf,
    /// The mask of caught signals, where the system tells.
    signals: Option<String>,
}

impl Process {
    fn look() -> Self {
        let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
        let caught = status.lines().find(|line| line.starts_with("SigCgt:"));
        Self {
            has_logger: tracing::dispatcher::has_been_set(),
            environment: std::env::vars_os().collect(),
            folder: std::env::current_dir().expect("the process is somewhere"),
            signals: caught.map(str::to_owned),
        }
    }
}

/// The names of this process's threads, where the system tells.
fn threads() -> BTreeSet<String> {
    let tasks = std::fs::read_dir("/proc/self/task")
        .into_iter()
        .flatten()
        .flatten();
    let name = |task: std::fs::DirEntry| std::fs::read_to_string(task.path().join("comm")).ok();
    tasks
        .filter_map(name)
        .map(|name| name.trim().to_owned())
        .collect()
}

struct Host {
    mount: Mount,
}

#[serenity::async_trait]
impl EventHandler for Host {
    async fn ready(&self, ctx: Context, _: Ready) {
        let mut all = match self.mount {
            Mount::Nothing => Vec::new(),
            Mount::Plugin | Mount::Poise => definitions(&cleartext::discord::Names::default()),
        };
        all.push(CreateCommand::new("ping").description("Pings"));
        ctx.http
            .create_global_commands(&described(&all))
            .await
            .expect("the fake takes commands");
    }

    async fn interaction_create(&self, ctx: Context, interaction: Interaction) {
        if let Interaction::Command(command) = interaction
            && command.data.name == "ping"
        {
            let text = CreateInteractionResponseMessage::new().content("pong");
            let response = CreateInteractionResponse::Message(text);
            command
                .create_response(&ctx, response)
                .await
                .expect("the fake takes a response");
        }
    }
}

/// Our state without cooldowns: the same question is asked again and again.
fn state() -> State {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/discord");
    let library = Library::open(path).expect("the knowledge of the tests is sound");
    let settings = ServerSettings {
        user_cooldown: Cooldown {
            times: 0,
            within: Duration::ZERO,
        },
        channel_cooldown: Duration::ZERO,
        ..ServerSettings::default()
    };
    State::new(Setup {
        settings,
        ..Setup::from(library)
    })
}

async fn run(mount: Mount, api: Api, stop: CancellationToken) -> Result<(), String> {
    // A connection kept for later would be a task that has nothing to do with anybody.
    let client = reqwest::Client::builder()
        .pool_max_idle_per_host(0)
        .no_proxy()
        .build();
    let http = HttpBuilder::new(&api.token)
        .client(client.map_err(|error| error.to_string())?)
        .proxy(&api.base)
        .ratelimiter_disabled(true)
        .build();
    let intents = GatewayIntents::GUILD_MESSAGES | GatewayIntents::DIRECT_MESSAGES;
    let builder = ClientBuilder::new_with_http(http, intents).event_handler(Host { mount });
    let builder = match mount {
        Mount::Nothing => builder,
        Mount::Plugin => builder.framework(Plugin::new(state())),
        Mount::Poise => builder.framework(poise_framework()),
    };
    let mut client = builder.await.map_err(|error| error.to_string())?;
    let shards = client.shard_manager.clone();
    tokio::select! {
        result = client.start() => result.map_err(|error| error.to_string()),
        () = async { stop.cancelled().await; shards.shutdown_all().await } => Ok(()),
    }
}

fn poise_framework() -> poise::Framework<State, serenity::Error> {
    let options = poise::FrameworkOptions {
        commands: commands(),
        // `/ping` is the event handler's.
        on_error: |_| Box::pin(async {}),
        event_handler: |ctx, event| {
            Box::pin(async move {
                handle_event(ctx.serenity_context, event, ctx.user_data).await;
                Ok(())
            })
        },
        ..Default::default()
    };
    poise::Framework::builder()
        .options(options)
        .initialize_owners(false)
        .setup(|_, _, _| Box::pin(async { Ok(state()) }))
        .build()
}

async fn converse(d: &Discord, mount: Mount) {
    for _ in 0..3 {
        let pong = d.alice().slash("ping", &[]).await.reply().await;
        assert_eq!(pong.content, "pong");
    }
    if mount != Mount::Nothing {
        let tall = "How tall is the lighthouse?";
        for _ in 0..3 {
            d.alice()
                .slash("ask", &[("question", tall)])
                .await
                .reply()
                .await;
            d.alice().types("ask", "question", "fog").await;
            d.alice().mentions_bot(tall).await.reply().await;
            d.alice().dm("horn").await.reply().await;
        }
        let answer = d
            .alice()
            .slash("ask", &[("question", tall)])
            .await
            .reply()
            .await;
        let custom_id = "ct1:pick:horn-cost:00000000";
        answer
            .click_custom_id(custom_id, d.alice())
            .await
            .reply()
            .await;
    }
    // Registered by the host, once.
    assert_eq!(d.requests("PUT", "/applications/*/commands").len(), 1);
}

/// Has the conversation, and counts the host's tasks when all is at rest, with its threads.
fn left_behind(mount: Mount) -> (usize, BTreeSet<String>) {
    let runtime = Arc::new(
        tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .thread_name(THREADS)
            .enable_all()
            .build()
            .expect("the machine has threads for a runtime"),
    );
    let inside = Arc::clone(&runtime);
    let bot = Bot::new(move |api, stop| {
        let host = inside.spawn(run(mount, api, stop));
        async move { host.await.map_err(|error| error.to_string())? }
    });
    let mut left = None;
    discord(bot, async |d| {
        converse(&d, mount).await;
        d.silence().await;
        left = Some((at_rest(&runtime).await, threads()));
    });
    // The bot holds the runtime as well, but has ended.
    if let Some(runtime) = Arc::into_inner(runtime) {
        runtime.shutdown_background();
    }
    left.expect("the conversation came to its end")
}

/// The number of a runtime's tasks once it stays the same.
async fn at_rest(runtime: &Runtime) -> usize {
    let begun = Instant::now();
    let mut tasks = runtime.metrics().num_alive_tasks();
    let mut same = 0;
    while same < AT_REST {
        assert!(
            begun.elapsed() < PATIENCE,
            "the tasks never come to rest: {tasks}"
        );
        tokio::time::sleep(Duration::from_millis(50)).await;
        let now = runtime.metrics().num_alive_tasks();
        same = if now == tasks { same + 1 } else { 0 };
        tasks = now;
    }
    tasks
}

fn main() {
    // Those who only list tests, and those who look for another one.
    if std::env::args()
        .skip(1)
        .any(|argument| !argument.starts_with("--nocapture"))
    {
        return;
    }
    std::panic::set_hook(Box::new(|panic| {
        PANICS.fetch_add(1, Ordering::SeqCst);
        if !panic.payload().is::<Expected>() {
            let text = format_args!("{panic}\n").to_string();
            let _nobody_reads = std::io::Write::write_all(&mut std::io::stderr(), text.as_bytes());
        }
    }));
    let (tasks, names) = left_behind(Mount::Nothing);
    // After the first threads, with which the C library catches a signal of its own.
    let before = Process::look();
    for mount in [Mount::Plugin, Mount::Poise] {
        let (with_us, names_with_us) = left_behind(mount);
        assert_eq!(with_us, tasks, "{mount:?} leaves tasks behind");
        assert_eq!(names_with_us, names, "{mount:?} leaves threads behind");
    }
    let after = Process::look();
    assert!(!after.has_logger, "there is a logger");
    assert_eq!(after.signals, before.signals, "other signals are caught");
    assert_eq!(after.folder, before.folder);
    // Not shown: an environment may hold secrets.
    assert!(
        after.environment == before.environment,
        "the environment is another"
    );
    let panicked = std::panic::catch_unwind(|| std::panic::panic_any(Expected));
    assert!(panicked.is_err());
    assert_eq!(
        PANICS.load(Ordering::SeqCst),
        1,
        "the host's panic hook is still its own"
    );
}
