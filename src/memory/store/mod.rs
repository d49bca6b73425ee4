//! The only SQL: a pool of connections to SQLite or PostgreSQL, and a bound on every wait.
//!
//! - `tables`: what they look like. `file`: how a SQLite file is made and opened. `outage`: when not to try.
//! - `settings`, `feedback`, `gaps`, `guild`: the queries.
//!
//! A query is written once: `$1` is understood by both. What was to be stored never becomes part of an error or of the log.

mod feedback;
mod file;
mod gaps;
mod guild;
mod outage;
mod settings;
mod tables;

use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use chrono::NaiveDate;
use sqlx::migrate::{MigrateError, Migrator};
use sqlx::pool::{PoolConnection, PoolOptions};
use sqlx::postgres::PgConnectOptions;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions as _, Database, Postgres, Sqlite};
use tokio::sync::OnceCell;
use tokio::time::error::Elapsed;
use tokio::time::{Instant, sleep, timeout, timeout_at};

use super::address::Place;
use super::{Absence, Address, Error, GuildId, Patience};
use crate::answering::EntryId;
use outage::Outage;

/// Connections at once: writes queue anyway, and reads take well under a millisecond.
const CONNECTIONS: u32 = 4;
/// How often bringing the tables up to date is tried: two processes may begin with the same new SQLite file, which has no lock for
/// that, and then all but one find their step already taken.
const ATTEMPTS: u32 = 5;

/// A database with our tables.
#[derive(Debug)]
pub(super) struct Store {
    address: Address,
    absence: Absence,
    patience: Patience,
    pool: Pool,
    ready: OnceCell<()>,
    outage: Outage,
}

enum Pool {
    Sqlite(sqlx::Pool<Sqlite>),
    Postgres(Box<Server>),
}

/// A pool that is exchanged for a new one when the server does not answer: a connection that a firewall forgot is found out only
/// after a quarter of an hour, and keeps its place in its pool until then.
struct Server {
    options: PgConnectOptions,
    patience: Patience,
    pool: Mutex<sqlx::Pool<Postgres>>,
}

impl Server {
    fn new(options: PgConnectOptions, patience: Patience) -> Self {
        let pool = Mutex::new(lazy(CONNECTIONS, options.clone(), patience));
        Self {
            options,
            patience,
            pool,
        }
    }

    fn pool(&self) -> sqlx::Pool<Postgres> {
        self.lock().clone()
    }

    fn renew(&self) {
        *self.lock() = lazy(CONNECTIONS, self.options.clone(), self.patience);
    }

    /// Any value is valid after a panic in between.
    fn lock(&self) -> MutexGuard<'_, sqlx::Pool<Postgres>> {
        self.pool.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Without its options: they hold the password.
impl fmt::Debug for Pool {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Sqlite(_) => "Sqlite",
            Self::Postgres(_) => "Postgres",
        })
    }
}

enum Connection {
    Sqlite(PoolConnection<Sqlite>),
    Postgres(PoolConnection<Postgres>),
}

/// Does something with a connection, within the bound of a call: `call!(store, "count a verdict", c => …)`, where `c` is a
/// connection to either database and the body a `Result<_, sqlx::Error>`. Not a function, because it is compiled once for each.
///
/// In a box, as connecting is: what a driver nests inside would count against the compiler's depth limit in every command of every
/// host, and an optimised build would stop with "queries overflow the depth limit".
macro_rules! call {
    ($store:expr, $doing:expr, $connection:ident => $body:expr) => {{
        let deadline = tokio::time::Instant::now() + $store.patience.call;
        let mut connection = $store.connect($doing, deadline).await?;
        let asking = Box::pin(async {
            match &mut connection {
                $crate::memory::store::Connection::Sqlite($connection) => $body,
                $crate::memory::store::Connection::Postgres($connection) => $body,
            }
        });
        let outcome = tokio::time::timeout_at(deadline, asking).await;
        $store.settle($doing, connection, outcome)
    }};
}
use call;

impl Store {
    pub(super) fn new(address: &Address, absence: Absence, patience: Patience) -> Self {
        let pool = match &address.0 {
            Place::File(path) => Pool::Sqlite(lazy(
                CONNECTIONS,
                file::options(path, patience.busy()),
                patience,
            )),
            // One connection, since it is the database.
            Place::InProcess => Pool::Sqlite(lazy(
                1,
                SqliteConnectOptions::new()
                    .in_memory(true)
                    .disable_statement_logging(),
                patience,
            )),
            Place::Server { url, .. } => {
                let options: PgConnectOptions = url
                    .parse()
                    .expect("an address is made only of what can be parsed");
                Pool::Postgres(Box::new(Server::new(
                    options.disable_statement_logging(),
                    patience,
                )))
            }
        };
        Self {
            address: address.clone(),
            absence,
            patience,
            pool,
            ready: OnceCell::new(),
            outage: Outage::default(),
        }
    }

    pub(super) fn address(&self) -> &Address {
        &self.address
    }

    /// Connects and brings the tables up to date, with more patience than a call has.
    pub(super) async fn open(&self) -> Result<(), Error> {
        let ready = timeout(self.patience.opening, self.ready()).await;
        ready.unwrap_or_else(|Elapsed { .. }| Err(self.away("no answer in time")))
    }

    pub(super) async fn close(&self) {
        let closing = async {
            match &self.pool {
                Pool::Sqlite(pool) => pool.close().await,
                Pool::Postgres(server) => server.pool().close().await,
            }
        };
        // Closed it is from the first moment on; what follows is courtesy towards the database.
        let _ = timeout(self.patience.call, closing).await;
    }

    async fn ready(&self) -> Result<(), Error> {
        self.ready.get_or_try_init(|| self.prepare()).await?;
        self.outage.end();
        Ok(())
    }

    async fn prepare(&self) -> Result<(), Error> {
        if let Place::File(path) = &self.address.0 {
            file::prepare(path, self.absence)?;
        }
        let migrator = tables::migrator();
        let mut attempt = 1;
        loop {
            let outcome = self.migrate(&migrator).await;
            match (outcome, &self.pool) {
                (Ok(()), _) => return Ok(()),
                (Err(MigrateError::VersionMissing(_)), _) => {
                    return Err(Error::Later(self.address.to_string()));
                }
                (Err(_), Pool::Sqlite(_)) if attempt < ATTEMPTS => {
                    sleep(Duration::from_millis(20) * attempt).await;
                    attempt += 1;
                }
                (
                    Err(MigrateError::Execute(error) | MigrateError::ExecuteMigration(error, _)),
                    _,
                ) => {
                    return Err(self.error("bring its tables up to date", &error));
                }
                (Err(error), _) => {
                    return Err(Error::Refused {
                        place: self.address.to_string(),
                        doing: "bring its tables up to date",
                        why: error.to_string(),
                    });
                }
            }
        }
    }

    /// `run` would be the plain way, but its future cannot move between threads (rust-lang/rust issue 64552); sqlx made
    /// `run_direct` for that.
    async fn migrate(&self, migrator: &Migrator) -> Result<(), MigrateError> {
        match &self.pool {
            Pool::Sqlite(pool) => {
                let mut connection = pool.acquire().await?;
                migrator.run_direct(None, &mut *connection, false).await
            }
            // A connection of its own: if this is cut short, its lock on migrations ends with it.
            Pool::Postgres(server) => {
                let mut connection = server.pool().acquire().await?.detach();
                migrator.run_direct(None, &mut connection, false).await
            }
        }
    }

    async fn connect(&self, doing: &'static str, deadline: Instant) -> Result<Connection, Error> {
        if self.outage.lasts() {
            return Err(self.away("it did not a moment ago"));
        }
        let connecting = Box::pin(async {
            self.ready().await?;
            let connection = match &self.pool {
                Pool::Sqlite(pool) => pool.acquire().await.map(Connection::Sqlite),
                Pool::Postgres(server) => server.pool().acquire().await.map(Connection::Postgres),
            };
            connection.map_err(|error| self.error(doing, &error))
        });
        let connection = timeout_at(deadline, connecting)
            .await
            .unwrap_or_else(|Elapsed { .. }| Err(self.away("no answer in time")));
        if matches!(connection, Err(Error::Away { .. })) {
            self.begin_outage();
        }
        connection
    }

    fn begin_outage(&self) {
        self.outage.begin(self.patience.pause);
        match &self.pool {
            Pool::Sqlite(_) => {}
            // What was closed stays closed.
            Pool::Postgres(server) if server.pool().is_closed() => {}
            Pool::Postgres(server) => server.renew(),
        }
    }

    /// What a call came to. A connection that did not answer is given up, not waited for.
    fn settle<T>(
        &self,
        doing: &'static str,
        connection: Connection,
        outcome: Result<Result<T, sqlx::Error>, Elapsed>,
    ) -> Result<T, Error> {
        let error = match outcome {
            Ok(Ok(value)) => return Ok(value),
            Ok(Err(error)) => self.error(doing, &error),
            Err(Elapsed { .. }) => self.away("no answer in time"),
        };
        if matches!(error, Error::Away { .. }) {
            self.begin_outage();
            match connection {
                // It finishes on its own thread; the pool tests it before it is used again.
                Connection::Sqlite(connection) => drop(connection),
                Connection::Postgres(connection) => drop(connection.detach()),
            }
        }
        Err(error)
    }

    fn away(&self, why: &str) -> Error {
        Error::Away {
            place: self.address.to_string(),
            why: why.to_owned(),
        }
    }

    fn error(&self, doing: &'static str, error: &sqlx::Error) -> Error {
        let place = self.address.to_string();
        match error {
            sqlx::Error::Database(told) => {
                let why = told.message().to_owned();
                let code = told.code().unwrap_or_default();
                match (&self.pool, &*code) {
                    // SQLITE_BUSY and SQLITE_LOCKED with their variants; their lowest byte is the family.
                    (Pool::Sqlite(_), code)
                        if matches!(code.parse().map(|code: u32| code & 0xff), Ok(5 | 6)) =>
                    {
                        Error::Busy { place, why }
                    }
                    // Canceled, lock not available, deadlock, and serialization failure.
                    (Pool::Postgres(_), "57014" | "55P03" | "40P01" | "40001") => {
                        Error::Busy { place, why }
                    }
                    // Connection exceptions, operator intervention, insufficient resources.
                    (Pool::Postgres(_), code)
                        if ["08", "57", "53"]
                            .iter()
                            .any(|class| code.starts_with(class)) =>
                    {
                        Error::Away { place, why }
                    }
                    (Pool::Sqlite(_) | Pool::Postgres(_), _) => {
                        Error::Refused { place, doing, why }
                    }
                }
            }
            sqlx::Error::Io(error) => self.away(&error.to_string()),
            sqlx::Error::PoolTimedOut => self.away("no answer in time"),
            sqlx::Error::Tls(_)
            | sqlx::Error::Protocol(_)
            | sqlx::Error::WorkerCrashed
            | sqlx::Error::PoolClosed => self.away(&error.to_string()),
            // Their texts could hold an address.
            sqlx::Error::Configuration(_) => self.away("its address does not serve"),
            other => Error::Refused {
                place,
                doing,
                why: other.to_string(),
            },
        }
    }

    fn strange(&self, what: &str) -> Error {
        Error::Strange {
            place: self.address.to_string(),
            what: what.to_owned(),
        }
    }

    fn read_entry(&self, id: &str) -> Result<EntryId, Error> {
        EntryId::new(id).map_err(|_| self.strange("an entry's id"))
    }

    fn read_guild(&self, id: i64) -> Result<GuildId, Error> {
        GuildId::new(id.cast_unsigned()).ok_or_else(|| self.strange("a server's number"))
    }

    fn read_day(&self, day: &str) -> Result<NaiveDate, Error> {
        day.parse().map_err(|_| self.strange("a day"))
    }

    fn read_count(&self, count: i64) -> Result<u64, Error> {
        u64::try_from(count).map_err(|_| self.strange("a count"))
    }
}

/// A pool that connects when it is first used, and has no task of its own.
fn lazy<DB: Database>(
    connections: u32,
    options: <DB::Connection as sqlx::Connection>::Options,
    patience: Patience,
) -> sqlx::Pool<DB> {
    PoolOptions::new()
        .max_connections(connections)
        .acquire_timeout(patience.opening.max(patience.call))
        .idle_timeout(None)
        .max_lifetime(None)
        .connect_lazy_with(options)
}

/// A server's number as the databases hold it: theirs have a sign. Zero stands for direct messages.
fn number(guild: Option<GuildId>) -> i64 {
    guild.map_or(0, |guild| guild.get().cast_signed())
}
