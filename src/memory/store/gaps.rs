//! Gaps in the database: a row a group of like questions and server.
//!
//! That a server has switched them on is part of the statement that writes, so no caller can forget to ask.

use chrono::NaiveDate;

use super::{Error, GuildId, Store, call, number};
use crate::answering::EntryId;
use crate::memory::gaps::{LEAST_PEOPLE, MOST_GAPS, expired};
use crate::memory::wording::Wording;
use crate::memory::{Gap, Noted};

/// $7: the most rows. $8: the last day that is no longer kept; a row from then begins anew. Several processes at once may exceed
/// the most by a few rows.
const KEEP: &str = "INSERT INTO cleartext_gaps (guild, instead_of, words, question, people, first_day, last_day) \
    SELECT $1, $2, $3, $4, $5, $6, $6 \
    WHERE EXISTS (SELECT 1 FROM cleartext_settings WHERE guild = $1 AND gaps = 'on') \
    AND ((SELECT COUNT(*) FROM cleartext_gaps WHERE guild = $1) < $7 \
        OR EXISTS (SELECT 1 FROM cleartext_gaps WHERE guild = $1 AND instead_of = $2 AND words = $3)) \
    ON CONFLICT (guild, instead_of, words) DO UPDATE SET \
    people = CASE WHEN cleartext_gaps.last_day <= $8 OR cleartext_gaps.people < excluded.people \
        THEN excluded.people ELSE cleartext_gaps.people END, \
    first_day = CASE WHEN cleartext_gaps.last_day <= $8 THEN excluded.first_day ELSE cleartext_gaps.first_day END, \
    last_day = CASE WHEN cleartext_gaps.last_day < excluded.last_day \
        THEN excluded.last_day ELSE cleartext_gaps.last_day END";
/// No row has fewer people; the condition keeps the promise even for rows that this program did not write.
const READ: &str = "SELECT guild, question, instead_of, people, first_day, last_day FROM cleartext_gaps \
    WHERE (guild = $1 OR $2 = 1) AND people >= $3 AND last_day > $4 \
    AND guild IN (SELECT guild FROM cleartext_settings WHERE gaps = 'on')";
/// A question may be written while its server switches gaps off; what is left of that goes with the next purge.
const PURGE: &str = "DELETE FROM cleartext_gaps WHERE last_day <= $1 \
    OR guild NOT IN (SELECT guild FROM cleartext_settings WHERE gaps = 'on')";

impl Store {
    pub(in crate::memory) async fn keep_gap(
        &self,
        guild: GuildId,
        instead_of: Option<&EntryId>,
        wording: &Wording,
        people: u64,
        today: NaiveDate,
    ) -> Result<Noted, Error> {
        let rows = call!(self, "keep an unanswered question", c => {
            sqlx::query(KEEP)
                .bind(number(Some(guild)))
                .bind(instead_of.map_or("", EntryId::as_str))
                .bind(&wording.group)
                .bind(&wording.question)
                .bind(people.cast_signed())
                .bind(today.to_string())
                .bind(MOST_GAPS.cast_signed())
                .bind(expired(today).to_string())
                .execute(&mut **c)
                .await
                .map(|done| done.rows_affected())
        })?;
        // A server that switched it off in this moment is told the same; the next question tells it right.
        Ok(if rows == 0 { Noted::Full } else { Noted::Kept })
    }

    pub(in crate::memory) async fn gaps(
        &self,
        guild: Option<GuildId>,
        expired: NaiveDate,
    ) -> Result<Vec<Gap>, Error> {
        let all = i64::from(guild.is_none());
        let rows: Vec<(i64, String, String, i64, String, String)> = call!(self, "read the unanswered questions", c => {
            sqlx::query_as(READ)
                .bind(number(guild))
                .bind(all)
                .bind(LEAST_PEOPLE.cast_signed())
                .bind(expired.to_string())
                .fetch_all(&mut **c)
                .await
        })?;
        let mut gaps = rows
            .into_iter()
            .map(
                |(guild, question, instead_of, people, first_day, last_day)| {
                    Ok(Gap {
                        guild: self.read_guild(guild)?,
                        question,
                        instead_of: match instead_of.as_str() {
                            "" => None,
                            entry => Some(self.read_entry(entry)?),
                        },
                        people: self.read_count(people)?,
                        first_day: self.read_day(&first_day)?,
                        last_day: self.read_day(&last_day)?,
                    })
                },
            )
            .collect::<Result<Vec<_>, Error>>()?;
        gaps.sort_by(|a, b| {
            b.people.cmp(&a.people).then_with(|| {
                (&a.question, &a.instead_of, a.guild).cmp(&(&b.question, &b.instead_of, b.guild))
            })
        });
        Ok(gaps)
    }

    pub(in crate::memory) async fn purge(&self, until: NaiveDate) -> Result<u64, Error> {
        let rows = call!(self, "delete what is no longer kept", c => {
            sqlx::query(PURGE)
                .bind(until.to_string())
                .execute(&mut **c)
                .await
                .map(|done| done.rows_affected())
        })?;
        if rows > 0 {
            self.wipe().await;
        }
        Ok(rows)
    }
}
