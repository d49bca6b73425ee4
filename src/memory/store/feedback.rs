//! Verdicts in the database: two counts a wording of an entry and server, added to in one statement.

use super::{Error, GuildId, Store, call, number};
use crate::answering::{EntryId, Revision};
use crate::memory::{Ratings, Verdict};

const RATE: &str = "INSERT INTO cleartext_feedback (guild, entry, revision, helpful, not_asked) VALUES ($1, $2, $3, $4, $5) \
    ON CONFLICT (guild, entry, revision) DO UPDATE SET \
    helpful = cleartext_feedback.helpful + excluded.helpful, \
    not_asked = cleartext_feedback.not_asked + excluded.not_asked";
/// The sum of a BIGINT is not one in PostgreSQL.
const READ: &str = "SELECT entry, revision, CAST(SUM(helpful) AS BIGINT), CAST(SUM(not_asked) AS BIGINT) \
    FROM cleartext_feedback WHERE guild = $1 OR $2 = 1 GROUP BY entry, revision";

impl Store {
    pub(in crate::memory) async fn rate(
        &self,
        guild: Option<GuildId>,
        entry: &EntryId,
        revision: Revision,
        verdict: Verdict,
    ) -> Result<(), Error> {
        let (helpful, not_asked) = match verdict {
            Verdict::Helpful => (1_i64, 0_i64),
            Verdict::NotAsked => (0, 1),
        };
        let revision = revision.to_string();
        call!(self, "count a verdict", c => {
            sqlx::query(RATE)
                .bind(number(guild))
                .bind(entry.as_str())
                .bind(&revision)
                .bind(helpful)
                .bind(not_asked)
                .execute(&mut **c)
                .await
                .map(|_| ())
        })
    }

    pub(in crate::memory) async fn ratings(
        &self,
        guild: Option<GuildId>,
    ) -> Result<Vec<Ratings>, Error> {
        let all = i64::from(guild.is_none());
        let rows: Vec<(String, String, i64, i64)> = call!(self, "read the verdicts", c => {
            sqlx::query_as(READ).bind(number(guild)).bind(all).fetch_all(&mut **c).await
        })?;
        let mut ratings = rows
            .into_iter()
            .map(|(entry, revision, helpful, not_asked)| {
                Ok(Ratings {
                    entry: self.read_entry(&entry)?,
                    revision,
                    helpful: self.read_count(helpful)?,
                    not_asked: self.read_count(not_asked)?,
                })
            })
            .collect::<Result<Vec<_>, Error>>()?;
        // Databases order texts each in its own way.
        ratings.sort_by(|a, b| (&a.entry, &a.revision).cmp(&(&b.entry, &b.revision)));
        Ok(ratings)
    }
}
