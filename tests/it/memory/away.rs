//! The database is away, slow or in use: calls end, answers go on, and it is found again by itself.

use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use std::time::Duration;

use cleartext::memory::{Absence, Change, Error, Memory, Patience, Settings, Visibility};
use sqlx::Connection as _;
use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream};
use tokio::time::{sleep, timeout};

use super::place::{Place, address, guild};

/// How long a test waits before it gives up: far more than any call may take.
const PATIENCE: Duration = Duration::from_mins(1);

/// Little enough that a silent server is found out soon, and enough for a busy machine.
const CALL: Duration = Duration::from_secs(4);

fn memory(url: &str) -> Memory {
    let patience = Patience {
        call: CALL,
        opening: PATIENCE,
        pause: Duration::from_millis(500),
    };
    Memory::lazy_with(&address(url), Absence::Make, patience)
}

/// A line to a server that can be cut and stopped.
struct Line {
    port: u16,
    state: Arc<AtomicU8>,
}

const WORKING: u8 = 0;
const CUT: u8 = 1;
const SILENT: u8 = 2;

impl Line {
    async fn to(server: String) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0")
            .await
            .expect("a port is free");
        let port = listener.local_addr().expect("it has an address").port();
        let state = Arc::new(AtomicU8::new(WORKING));
        let shared = Arc::clone(&state);
        // Ends with the runtime of the test.
        tokio::spawn(async move {
            while let Ok((near, _)) = listener.accept().await {
                tokio::spawn(carry(near, server.clone(), Arc::clone(&shared)));
            }
        });
        Self { port, state }
    }

    fn set(&self, state: u8) {
        self.state.store(state, Ordering::Release);
    }
}

/// Carries bytes while the line works; a cut one is closed, a silent one is held and carries nothing.
async fn carry(mut near: TcpStream, server: String, state: Arc<AtomicU8>) {
    let becomes = async |wanted: &[u8]| {
        while !wanted.contains(&state.load(Ordering::Acquire)) {
            sleep(Duration::from_millis(5)).await;
        }
        state.load(Ordering::Acquire)
    };
    if becomes(&[WORKING, CUT]).await == CUT {
        return;
    }
    let Ok(mut far) = TcpStream::connect(&server).await else {
        return;
    };
    let ended = tokio::select! {
        _ = copy_bidirectional(&mut near, &mut far) => CUT,
        state = becomes(&[CUT, SILENT]) => state,
    };
    if ended == SILENT {
        // Held open, as by a firewall that forgot it, for as long as the test lasts.
        sleep(PATIENCE).await;
    }
}

/// Asks until an answer comes.
async fn until_it_is_back(memory: &Memory) -> Settings {
    let asking = async {
        loop {
            match memory.settings(guild(1)).await {
                Ok(settings) => return settings,
                Err(_) => sleep(Duration::from_millis(50)).await,
            }
        }
    };
    timeout(PATIENCE, asking).await.expect("it is found again")
}

/// Asks until no answer comes; each call ends.
async fn is_away(memory: &Memory) {
    let asking = async {
        while memory.settings(guild(1)).await.is_ok() {
            sleep(Duration::from_millis(5)).await;
        }
        memory.settings(guild(1)).await
    };
    let asked = timeout(PATIENCE, asking).await.expect("a call ends");
    assert!(matches!(asked, Err(Error::Away { .. })), "{asked:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_goes_away_is_found_again() {
    let Some(place) = Place::postgres().await else {
        return;
    };
    let Place::Postgres(schema) = &place else {
        unreachable!("it was asked for")
    };
    let direct = url::Url::parse(&place.url()).expect("an address");
    let host = direct.host_str().expect("a host").to_owned();
    let line = Line::to(format!("{host}:{}", direct.port().unwrap_or(5432))).await;
    let mut through = direct.clone();
    through.set_host(Some("127.0.0.1")).expect("it has a host");
    through.set_port(Some(line.port)).expect("it has a host");
    through.set_query(Some("sslmode=disable"));
    let memory = memory(&schema.url(through.as_str()));

    line.set(CUT);
    is_away(&memory).await;
    // Nothing is known of the server, so nothing is made public.
    assert_eq!(
        memory.settings_or_last(guild(1)).await,
        Settings::cautious()
    );

    line.set(WORKING);
    assert_eq!(until_it_is_back(&memory).await, Settings::default());
    memory
        .set(guild(2), &Change::Visibility(Visibility::Private))
        .await
        .expect("it is set");

    for state in [CUT, SILENT] {
        // Several connections, so that several are broken.
        let busy: Vec<_> = (0..8)
            .map(|_| {
                let memory = memory.clone();
                tokio::spawn(async move { memory.settings(guild(1)).await })
            })
            .collect();
        for task in busy {
            task.await.expect("no panic").expect("it works");
        }
        line.set(state);
        is_away(&memory).await;
        assert_eq!(
            timeout(PATIENCE, memory.settings_or_last(guild(2)))
                .await
                .expect("a call ends")
                .visibility,
            Visibility::Private,
            "what was last known"
        );
        assert_eq!(memory.settings_or_last(guild(1)).await, Settings::default());
        line.set(WORKING);
        until_it_is_back(&memory).await;
    }
    memory.close().await;
    place.drop_schema().await;
}

#[tokio::test]
async fn a_server_that_is_none_is_told_without_the_password() {
    let memory = memory("postgres://bot:hunter2@127.0.0.1:1/facts?sslmode=disable");
    let asked = timeout(PATIENCE, memory.settings(guild(1)))
        .await
        .expect("a call ends");
    let told = asked.expect_err("nobody listens there").to_string();
    assert!(
        told.starts_with("the memory postgres://127.0.0.1:1/facts does not answer ("),
        "{told}"
    );
    assert!(!told.contains("hunter2"), "{told}");
    assert!(!format!("{memory:?}").contains("hunter2"), "{memory:?}");
}

#[tokio::test]
async fn a_password_that_is_wrong_is_not_repeated() {
    let Some(place) = Place::postgres().await else {
        return;
    };
    let mut url = url::Url::parse(&place.url()).expect("an address");
    url.set_username("nobody-of-this-name")
        .expect("it has a host");
    url.set_password(Some("hunter2")).expect("it has a host");
    let memory = memory(url.as_str());
    let told = memory
        .settings(guild(1))
        .await
        .expect_err("there is no such user")
        .to_string();
    assert!(!told.contains("hunter2"), "{told}");
    place.drop_schema().await;
}

#[tokio::test]
async fn a_file_that_somebody_else_holds_is_busy_and_then_free() {
    let place = Place::file();
    let memory = memory(&place.url());
    memory.prepare().await.expect("the memory opens");
    let change = Change::Visibility(Visibility::Private);
    let mut other = sqlx::SqliteConnection::connect(&place.url())
        .await
        .expect("it opens");
    sqlx::query("BEGIN EXCLUSIVE")
        .execute(&mut other)
        .await
        .expect("it is held");
    let held = timeout(PATIENCE, memory.set(guild(1), &change))
        .await
        .expect("a call ends");
    assert!(matches!(held, Err(Error::Busy { .. })), "{held:?}");
    // Who only reads is not held up.
    assert_eq!(
        memory.settings(guild(1)).await.expect("it is read"),
        Settings::default()
    );
    sqlx::query("COMMIT")
        .execute(&mut other)
        .await
        .expect("it is free");
    memory.set(guild(1), &change).await.expect("it is set");
}
