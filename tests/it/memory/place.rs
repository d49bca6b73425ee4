//! Places for a memory: a file, the process, and (where `CLEARTEXT_TEST_POSTGRES` names a server) a schema of PostgreSQL.
//!
//! Each is new and its own; nothing is left behind but what a failed test leaves in a server made for tests.

use std::io::Write as _;
use std::path::Path;
use std::sync::Once;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use chrono::NaiveDate;
use cleartext::answering::{EntryId, Revision};
use cleartext::memory::{Absence, Address, GuildId, Memory, Patience, Person};
use sqlx::Connection as _;
use tempfile::TempDir;

/// Names the server: an address whose user may create schemas.
const SERVER: &str = "CLEARTEXT_TEST_POSTGRES";

pub(crate) const PATIENT: Patience = Patience {
    call: Duration::from_mins(1),
    opening: Duration::from_mins(1),
    pause: Duration::from_millis(100),
};

/// A place of its own. Handles that are opened here share what is remembered, but for [`Place::InProcess`].
pub(crate) enum Place {
    File(TempDir),
    InProcess,
    Postgres(Schema),
}

pub(crate) struct Schema {
    server: String,
    name: String,
}

/// Runs a test in every kind of place.
pub(crate) async fn everywhere(test: impl AsyncFn(&Place)) {
    test(&Place::InProcess).await;
    shared(test).await;
}

/// Runs a test in every kind of place that more than one handle can open.
pub(crate) async fn shared(test: impl AsyncFn(&Place)) {
    test(&Place::file()).await;
    if let Some(place) = Place::postgres().await {
        test(&place).await;
        place.drop_schema().await;
    }
}

/// The server for tests; says once, past the harness that holds back what tests print, that there is none.
pub(crate) fn server() -> Option<String> {
    static TOLD: Once = Once::new();
    let server = std::env::var(SERVER).ok().filter(|url| !url.is_empty());
    if server.is_none() {
        TOLD.call_once(|| {
            let _ = writeln!(
                std::io::stderr(),
                "NOT TESTED: the memory on PostgreSQL. {SERVER} names no server; `.ci/postgres cargo test` starts one."
            );
        });
    }
    server
}

impl Place {
    pub(crate) fn file() -> Self {
        Self::File(TempDir::new().expect("a temporary folder can be made"))
    }

    pub(crate) async fn postgres() -> Option<Self> {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let server = server()?;
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let name = format!("test_{}_{number}", std::process::id());
        let schema = Schema { server, name };
        schema
            .execute(&format!("CREATE SCHEMA {}", schema.name))
            .await;
        Some(Self::Postgres(schema))
    }

    pub(crate) async fn drop_schema(&self) {
        if let Self::Postgres(schema) = self {
            schema
                .execute(&format!("DROP SCHEMA {} CASCADE", schema.name))
                .await;
        }
    }

    pub(crate) fn url(&self) -> String {
        match self {
            Self::File(folder) => format!("sqlite://{}", folder.path().join("memory.db").display()),
            Self::InProcess => "sqlite::memory:".to_owned(),
            Self::Postgres(schema) => schema.url(&schema.server),
        }
    }

    pub(crate) fn address(&self) -> Address {
        address(&self.url())
    }

    /// A memory that is patient enough for a machine on which a thousand writers are being killed.
    pub(crate) fn memory(&self) -> Memory {
        Memory::lazy_with(&self.address(), Absence::Make, PATIENT)
    }

    pub(crate) async fn open(&self) -> Memory {
        let memory = self.memory();
        memory.prepare().await.expect("the memory opens");
        memory
    }

    /// Does something behind the memory's back.
    pub(crate) async fn execute(&self, statement: &str) {
        let statement = sqlx::AssertSqlSafe(statement.to_owned());
        match self {
            Self::File(_) => {
                let mut connection = sqlx::SqliteConnection::connect(&self.url())
                    .await
                    .expect("the file opens");
                sqlx::query(statement)
                    .execute(&mut connection)
                    .await
                    .expect("it is done");
                connection.close().await.expect("it closes");
            }
            Self::InProcess => panic!("nothing gets in there"),
            Self::Postgres(schema) => {
                let mut connection = sqlx::PgConnection::connect(&self.url())
                    .await
                    .expect("the server answers");
                sqlx::query(statement)
                    .execute(&mut connection)
                    .await
                    .expect("it is done");
                let _ = schema;
                connection.close().await.expect("it closes");
            }
        }
    }
}

impl Schema {
    /// The schema through any address that leads to its server.
    pub(crate) fn url(&self, server: &str) -> String {
        let mark = if server.contains('?') { '&' } else { '?' };
        format!("{server}{mark}options[search_path]={}", self.name)
    }

    async fn execute(&self, statement: &str) {
        let mut connection = sqlx::PgConnection::connect(&self.server)
            .await
            .expect("the server for tests answers");
        sqlx::query(sqlx::AssertSqlSafe(statement.to_owned()))
            .execute(&mut connection)
            .await
            .expect("it is done");
        connection.close().await.expect("it closes");
    }
}

pub(crate) fn address(url: &str) -> Address {
    Address::parse(url, Path::new("")).expect("an address")
}

/// A day of our calendar: 1 is 1 November 2026.
pub(crate) fn day(number: u64) -> NaiveDate {
    let first = NaiveDate::from_ymd_opt(2026, 11, 1).expect("a day");
    first + chrono::Days::new(number - 1)
}

pub(crate) fn guild(id: u64) -> GuildId {
    GuildId::new(id).expect("not zero")
}

pub(crate) fn person(id: u64) -> Person {
    Person::new(id)
}

pub(crate) fn entry(id: &str) -> EntryId {
    EntryId::new(id).expect("an id")
}

pub(crate) fn revision(text: &str) -> Revision {
    Revision::parse(text).expect("a revision")
}
