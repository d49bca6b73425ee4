//! A server leaves: all its rows go, in one transaction, and with them what is left of them in SQLite's log.

use sqlx::Connection as _;

use super::{Error, GuildId, Pool, Store, call, number};

/// Every table that has rows of servers.
const FORGET: &[&str] = &[
    "DELETE FROM cleartext_gaps WHERE guild = $1",
    "DELETE FROM cleartext_feedback WHERE guild = $1",
    "DELETE FROM cleartext_settings WHERE guild = $1",
];

impl Store {
    pub(in crate::memory) async fn forget(&self, guild: GuildId) -> Result<u64, Error> {
        let guild = number(Some(guild));
        let rows = call!(self, "forget a server", c => {
            async {
                let mut rows = 0;
                let mut transaction = c.begin().await?;
                for statement in FORGET {
                    let done = sqlx::query(*statement).bind(guild).execute(&mut *transaction).await?;
                    rows += done.rows_affected();
                }
                transaction.commit().await.map(|()| rows)
            }
            .await
        })?;
        self.wipe().await;
        Ok(rows)
    }

    /// Empties SQLite's log, which still holds what was deleted. If somebody reads at this moment it waits for the next time.
    pub(super) async fn wipe(&self) {
        match &self.pool {
            Pool::Sqlite(_) => {
                let wiped: Result<(), Error> = async {
                    call!(self, "empty the log", c => {
                        sqlx::query("PRAGMA wal_checkpoint(TRUNCATE)").execute(&mut **c).await.map(|_| ())
                    })
                }
                .await;
                // The rows are gone either way; the log is emptied as it is used on.
                drop(wiped);
            }
            Pool::Postgres(_) => {}
        }
    }
}
