//! The whole bot: lives on the gateway, one after another, until it is told to stop or Discord will not have it.

use std::fmt;
use std::net::IpAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use reqwest::Url;
use secrecy::{ExposeSecret, SecretString};
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;

use super::session::{Ended, Session, Shared};
use super::setup::Setup;
use super::state::State;
use super::supervision::{Backoff, Pace};

/// How to reach Discord, and as whom.
pub struct Connection {
    /// The bot's token. It is never shown.
    pub token: SecretString,
    /// For tests: the http address of a fake Discord on this machine; `None` for Discord itself.
    pub api_base: Option<String>,
}

impl fmt::Debug for Connection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Connection")
            .field("api_base", &self.api_base)
            .finish_non_exhaustive()
    }
}

/// Why the bot cannot run. Displays as one sentence with the remedy, and never holds a token.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RunError {
    /// It cannot be a token.
    #[error(
        "the Discord token is empty or holds a space or another character that tokens do not have; \
         copy it again from the Bot page of the Discord Developer Portal into DISCORD_TOKEN or the file named by discord.token_file"
    )]
    TokenForm,
    /// Discord does not know the token (401, or close code 4004).
    #[error(
        "Discord refused the bot token; reset it on the Bot page of the Discord Developer Portal \
         and put the new one into DISCORD_TOKEN or the file named by discord.token_file"
    )]
    Token,
    /// Discord refused what is to be listened to (close code 4013 or 4014).
    #[error(
        "Discord refused the gateway intents GUILD_MESSAGES and DIRECT_MESSAGES, although neither is privileged; \
         look under Privileged Gateway Intents on the Bot page of the Discord Developer Portal \
         whether the application is restricted, and switch on what Discord asks for there"
    )]
    Intents,
    /// `api_base` is not on this machine.
    #[error(
        "api_base has to be an http address on this machine, such as http://127.0.0.1:8080; \
         remove it to reach Discord itself"
    )]
    ApiBase,
    /// The fake's gateway is not on this machine, and so no fake.
    #[error(
        "the server at api_base names a gateway that is not on this machine, and the token is not sent there; \
         let its GET /gateway/bot answer with a ws address such as ws://127.0.0.1:8080"
    )]
    GatewayElsewhere,
    /// No HTTPS client could be made.
    #[error(
        "no HTTPS client could be made on this machine; look whether its TLS settings are sound"
    )]
    Client,
}

/// Runs the bot on a library, or on what a [`Setup`] says, until `shutdown`, and ends within 10 s of it.
///
/// Trouble on the network is no error: it is waited out, at the start as well.
///
/// ```no_run
/// use cleartext::discord::{Connection, run};
/// use cleartext::library::Library;
/// use tokio_util::sync::CancellationToken;
///
/// # async fn serve(token: secrecy::SecretString) -> Result<(), Box<dyn std::error::Error>> {
/// let shutdown = CancellationToken::new();
/// let connection = Connection { token, api_base: None };
/// // Cancel a clone of `shutdown` to end it.
/// run(Library::open("knowledge")?, connection, shutdown.clone()).await?;
/// # Ok(())
/// # }
/// ```
///
/// # Errors
/// If it can never run: a bad token, refused intents, an `api_base` that is not on this machine.
pub async fn run(
    setup: impl Into<Setup>,
    connection: Connection,
    shutdown: CancellationToken,
) -> Result<(), RunError> {
    check(&connection)?;
    let state = State::new(setup);
    let mut backoff = Backoff::new(state.timings().restart);
    let shared = Arc::new(Shared {
        connection,
        pace: Mutex::new(Pace::new(state.timings())),
        state,
        registration: super::registration::Registration::default(),
    });
    while !shutdown.is_cancelled() {
        let wait = match Session::begin(&shared) {
            Ok(session) => one_life(&shared, session, &shutdown, &mut backoff).await?,
            Err(error) => {
                tracing::error!(%error, "no thread for a connection to Discord");
                Some(backoff.wait())
            }
        };
        let Some(wait) = wait else { break };
        tokio::select! {
            () = shutdown.cancelled() => {}
            () = sleep(wait) => {}
        }
    }
    Ok(())
}

/// Sees one life through; how long to wait for the next one, or `None` at shutdown.
async fn one_life(
    shared: &Shared,
    mut session: Session,
    shutdown: &CancellationToken,
    backoff: &mut Backoff,
) -> Result<Option<Duration>, RunError> {
    // Biased: an order to stop counts more than whatever happens at the same time.
    let ended = tokio::select! {
        biased;
        () = shutdown.cancelled() => Ended::Stopped,
        ended = session.over() => ended,
    };
    if shutdown.is_cancelled() {
        // From here on no event is taken, and those being answered get their answers.
        shared.state.close();
        let ((), drained) = tokio::join!(session.hang_up(), shared.state.drain());
        if !drained {
            tracing::warn!("some answers were still under way at the end");
        }
        session.end().await;
        return match ended {
            Ended::Hopeless(error) => Err(error),
            Ended::Stopped | Ended::Broken(_) | Ended::Spent(_) => Ok(None),
        };
    }
    if session.was_stable() {
        backoff.reset();
    }
    let wait = match ended {
        Ended::Hopeless(error) => {
            session.end().await;
            return Err(error);
        }
        Ended::Spent(wait) => {
            tracing::warn!(?wait, "Discord allows no new session until then");
            wait
        }
        Ended::Broken(why) => {
            let wait = backoff.wait();
            tracing::warn!(why, ?wait, "the connection is given up; a new one is built");
            wait
        }
        Ended::Stopped => backoff.wait(),
    };
    session.hang_up().await;
    shared.state.drain().await;
    session.end().await;
    Ok(Some(wait))
}

/// What can be known to be wrong before anything is sent.
fn check(connection: &Connection) -> Result<(), RunError> {
    let token = connection.token.expose_secret().trim();
    if token.is_empty() || !token.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err(RunError::TokenForm);
    }
    let Some(base) = &connection.api_base else {
        return Ok(());
    };
    let url = Url::parse(base).map_err(|_| RunError::ApiBase)?;
    let plain = url.username().is_empty() && url.password().is_none() && url.query().is_none();
    if ["http", "https"].contains(&url.scheme()) && plain && is_loopback(&url) {
        Ok(())
    } else {
        Err(RunError::ApiBase)
    }
}

/// Whether an address leads to this machine.
pub(super) fn is_loopback(url: &Url) -> bool {
    url.host_str().is_some_and(|host| {
        let address = host.trim_start_matches('[').trim_end_matches(']');
        host == "localhost" || address.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_work_is_refused_before_anything_is_sent() {
        let check = |token: &str, base: Option<&str>, expected: Result<(), RunError>| {
            let connection = Connection {
                token: SecretString::from(token),
                api_base: base.map(str::to_owned),
            };
            assert_eq!(check(&connection), expected, "{token:?} {base:?}");
            assert!(!format!("{connection:?}").contains("abc"));
        };
        check("abc.def-g_h", None, Ok(()));
        check(" abc\n", None, Ok(()));
        check("", None, Err(RunError::TokenForm));
        check("  ", None, Err(RunError::TokenForm));
        check("abc def", None, Err(RunError::TokenForm));
        check("abc\ndef", None, Err(RunError::TokenForm));
        check("abcé", None, Err(RunError::TokenForm));
        check("abc", Some("http://127.0.0.1:8080"), Ok(()));
        check("abc", Some("http://127.9.9.9:1/"), Ok(()));
        check("abc", Some("http://[::1]:8080"), Ok(()));
        check("abc", Some("http://localhost:8080"), Ok(()));
        for elsewhere in [
            "http://discord.com",
            "http://127.0.0.1.example.com",
            "http://10.0.0.1:8080",
            "http://user@127.0.0.1",
            "ftp://127.0.0.1",
            "127.0.0.1:8080",
            "",
        ] {
            check("abc", Some(elsewhere), Err(RunError::ApiBase));
        }
    }
}
