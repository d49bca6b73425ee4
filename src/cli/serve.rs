//! `cleartext serve`: joins Discord and stays until a signal ends it.
//!
//! It starts what runs, hands signals on, and waits; how Discord is spoken to is not its part.

use std::future::Future;
use std::io::{self, IsTerminal};
use std::pin::pin;
use std::time::Duration;

use tokio::runtime;
use tokio_util::sync::CancellationToken;
use tracing_subscriber::EnvFilter;

use super::{Exit, Failure, Setting, reason, upkeep};
use crate::discord::{self, Connection, Setup};
use crate::library::{Library, LoadError};

/// The variable that says what is logged, in the form of tracing's filters.
const LOG_VARIABLE: &str = "CLEARTEXT_LOG";
/// How long a stop may take, in seconds: what service managers grant at the least before they kill.
const LONGEST_STOP: Duration = Duration::from_secs(10);

/// Join Discord and answer there until stopped.
///
/// The token comes from the variable `DISCORD_TOKEN`, or from the file that the configuration names as `token_file` under [discord].
/// SIGINT or SIGTERM stops it, a second one at once; SIGHUP reads the knowledge again. The log goes to standard error; the variable
/// `CLEARTEXT_LOG` sets how much of it [default: warn,cleartext=info].
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  DISCORD_TOKEN=… cleartext serve --config /etc/cleartext.toml")]
pub(super) struct Args {}

pub(super) fn run(setting: &Setting) -> Result<Exit, Failure> {
    let connection = Connection {
        token: setting.config.token()?,
        api_base: setting.config.api_base.clone(),
    };
    log()?;
    let library = setting.library()?;
    let start = |error: io::Error| Failure(format!("the program cannot start: {}", reason(&error)));
    let runtime = runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(start)?;
    let outcome = runtime.block_on(async {
        let signals = Signals::new().map_err(start)?;
        tracing::debug!("the signals are heard");
        let memory = upkeep::memory(&setting.config.memory);
        let setup = Setup {
            memory: memory.clone(),
            reload_guild: setting.config.reload_guild,
            ..Setup::from(library)
        };
        let outcome = serve(setup, connection, signals).await;
        upkeep::end(memory).await;
        outcome
    });
    // Whatever still runs had its time.
    runtime.shutdown_background();
    outcome
}

/// Sends the log to standard error.
fn log() -> Result<(), Failure> {
    let directives = std::env::var(LOG_VARIABLE)
        .ok()
        .filter(|directives| !directives.trim().is_empty());
    let directives = directives.as_deref().unwrap_or(discord::LOG_FILTER);
    let filter = EnvFilter::builder().parse(directives).map_err(|_| {
        Failure(format!(
            "{LOG_VARIABLE} is not a log filter; write for example `{}`",
            discord::LOG_FILTER
        ))
    })?;
    let stderr = io::stderr();
    let styled = stderr.is_terminal()
        && anstream::AutoStream::choice(&stderr) != anstream::ColorChoice::Never;
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(io::stderr)
        .with_ansi(styled)
        .try_init()
        .map_err(|error| Failure(format!("the log cannot be started: {error}")))
}

async fn serve(
    setup: Setup,
    connection: Connection,
    mut signals: Signals,
) -> Result<Exit, Failure> {
    let shutdown = CancellationToken::new();
    let library = setup.library.clone();
    let mut upkeep = pin!(upkeep::keep(setup.memory.clone()));
    let mut bot = tokio::spawn(discord::run(setup, connection, shutdown.clone()));
    let ended = loop {
        tokio::select! {
            ended = &mut bot => break ended,
            never = &mut upkeep => match never {},
            signal = signals.next() => match signal {
                Signal::Reload => reload(library.clone()).await,
                Signal::Stop => {
                    tracing::info!("stopping");
                    shutdown.cancel();
                    break stop(&mut bot, signals.stop_again(), LONGEST_STOP).await?;
                }
            },
        }
    };
    match ended {
        Ok(Ok(())) => Ok(Exit::Success),
        Ok(Err(error)) => Err(Failure(error.to_string())),
        Err(_) => Err(Failure(
            "the connection to Discord broke down by a fault in this program; the log says where"
                .to_owned(),
        )),
    }
}

/// Waits for the end, but not for ever and not against a second signal.
async fn stop<T>(
    bot: &mut (impl Future<Output = T> + Unpin),
    again: impl Future<Output = ()>,
    patience: Duration,
) -> Result<T, Failure> {
    tokio::select! {
        ended = bot => Ok(ended),
        () = again => Err(Failure("stopped at once by a second signal".to_owned())),
        () = tokio::time::sleep(patience) => Err(Failure(format!(
            "stopped by force: it had not come to an end within {} seconds", patience.as_secs()
        ))),
    }
}

/// Reads the knowledge again; the last good one goes on answering where the new one is faulty.
async fn reload(library: Library) {
    let read = {
        let library = library.clone();
        move || library.reload(chrono::Utc::now())
    };
    match tokio::task::spawn_blocking(read).await {
        Ok(Ok(changes)) => {
            let knowledge = library.current();
            tracing::info!(
                edition = knowledge.edition(),
                entries = knowledge.replies().len(),
                %changes,
                "the knowledge was read again"
            );
        }
        Ok(Err(LoadError::Faults(faults))) => {
            for fault in &faults.0 {
                tracing::error!("{fault}");
            }
            tracing::error!(
                faults = faults.0.len(),
                "the knowledge was not read again; the last good one goes on answering"
            );
        }
        Ok(Err(error @ (LoadError::Read { .. } | LoadError::Empty { .. }))) => {
            tracing::error!(
                "the knowledge was not read again; the last good one goes on answering: {}",
                Failure::from(error)
            );
        }
        Err(_) => tracing::error!(
            "reading the knowledge again broke down; the last good one goes on answering"
        ),
    }
}

/// What a signal asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Signal {
    /// SIGINT or SIGTERM.
    Stop,
    /// SIGHUP, where there is such a thing.
    #[cfg_attr(not(unix), expect(dead_code, reason = "only Unix has SIGHUP"))]
    Reload,
}

/// The signals of the system.
#[cfg(unix)]
struct Signals {
    interrupt: tokio::signal::unix::Signal,
    terminate: tokio::signal::unix::Signal,
    hangup: tokio::signal::unix::Signal,
}

#[cfg(unix)]
impl Signals {
    fn new() -> io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Self {
            interrupt: signal(SignalKind::interrupt())?,
            terminate: signal(SignalKind::terminate())?,
            hangup: signal(SignalKind::hangup())?,
        })
    }

    async fn next(&mut self) -> Signal {
        tokio::select! {
            _ = self.interrupt.recv() => Signal::Stop,
            _ = self.terminate.recv() => Signal::Stop,
            _ = self.hangup.recv() => Signal::Reload,
        }
    }
}

/// The signals of the system.
#[cfg(not(unix))]
struct Signals;

#[cfg(not(unix))]
impl Signals {
    fn new() -> io::Result<Self> {
        Ok(Self)
    }

    async fn next(&mut self) -> Signal {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
        Signal::Stop
    }
}

impl Signals {
    /// Waits for another stop; a reload no longer matters then.
    async fn stop_again(&mut self) {
        while self.next().await != Signal::Stop {}
    }
}

#[cfg(test)]
mod tests {
    use std::future::{pending, ready};

    use super::*;

    #[tokio::test]
    async fn a_stop_ends_with_the_work_with_a_second_signal_or_in_time() {
        let long = Duration::from_hours(1);
        let done = stop(&mut pin!(ready(7)), pending(), long).await;
        assert_eq!(done.expect("the work ended"), 7);
        let again = stop(&mut pin!(pending::<()>()), ready(()), long).await;
        assert_eq!(
            again.expect_err("it was cut short").to_string(),
            "stopped at once by a second signal"
        );
        let late = stop(&mut pin!(pending::<()>()), pending(), Duration::ZERO).await;
        assert_eq!(
            late.expect_err("it was cut short").to_string(),
            "stopped by force: it had not come to an end within 0 seconds"
        );
    }
}
