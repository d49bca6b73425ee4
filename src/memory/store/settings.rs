//! Settings in the database: a row a server, a column a setting, NULL where it has set nothing.

use super::{Error, GuildId, Store, call, number};
use crate::memory::settings::{CHANNEL_COOLDOWN, USER_COOLDOWN};
use crate::memory::{Change, Channels, Cooldown, Gaps, Language, Mentions, Settings, Visibility};

/// In the order of the columns.
type Row = (
    Option<String>,
    Option<String>,
    Option<String>,
    Option<i64>,
    Option<i64>,
    Option<String>,
    Option<String>,
);

const READ: &str = "SELECT channels, visibility, mentions, user_cooldown, channel_cooldown, gaps, language \
    FROM cleartext_settings WHERE guild = $1";
const RESET: &str = "DELETE FROM cleartext_settings WHERE guild = $1";
const NO_GAPS: &str = "DELETE FROM cleartext_gaps WHERE guild = $1";

/// A statement that sets one column and leaves the others alone.
macro_rules! set {
    ($column:literal) => {
        concat!(
            "INSERT INTO cleartext_settings (guild, ",
            $column,
            ") VALUES ($1, $2) \
             ON CONFLICT (guild) DO UPDATE SET ",
            $column,
            " = excluded.",
            $column
        )
    };
}

enum Value {
    Text(Option<String>),
    Number(i64),
}

impl Store {
    pub(in crate::memory) async fn settings(&self, guild: GuildId) -> Result<Settings, Error> {
        let guild = number(Some(guild));
        let row: Option<Row> = call!(self, "read a server's settings", c => {
            sqlx::query_as(READ).bind(guild).fetch_optional(&mut **c).await
        })?;
        row.map_or_else(|| Ok(Settings::default()), |row| self.read_settings(&row))
    }

    pub(in crate::memory) async fn set(
        &self,
        guild: GuildId,
        change: &Change,
    ) -> Result<(), Error> {
        let text = |text: &str| Value::Text(Some(text.to_owned()));
        let (statement, value) = match change {
            Change::Channels(channels) => (set!("channels"), text(&channels.to_string())),
            Change::Visibility(visibility) => (set!("visibility"), text(visibility.as_str())),
            Change::Mentions(mentions) => (set!("mentions"), text(mentions.as_str())),
            Change::UserCooldown(cooldown) => (
                set!("user_cooldown"),
                Value::Number(cooldown.seconds().into()),
            ),
            Change::ChannelCooldown(cooldown) => (
                set!("channel_cooldown"),
                Value::Number(cooldown.seconds().into()),
            ),
            Change::Gaps(gaps) => (set!("gaps"), text(gaps.as_str())),
            Change::Language(language) => {
                let name = language
                    .as_ref()
                    .map(|language| language.as_str().to_owned());
                (set!("language"), Value::Text(name))
            }
        };
        let guild = number(Some(guild));
        let clear = *change == Change::Gaps(Gaps::Off);
        call!(self, "set a server's settings", c => {
            async {
                let mut transaction = sqlx::Connection::begin(&mut **c).await?;
                let query = sqlx::query(statement).bind(guild);
                let query = match &value {
                    Value::Text(text) => query.bind(text.as_deref()),
                    Value::Number(number) => query.bind(*number),
                };
                query.execute(&mut *transaction).await?;
                if clear {
                    sqlx::query(NO_GAPS).bind(guild).execute(&mut *transaction).await?;
                }
                transaction.commit().await
            }.await
        })?;
        if clear {
            self.wipe().await;
        }
        Ok(())
    }

    pub(in crate::memory) async fn reset(&self, guild: GuildId) -> Result<(), Error> {
        let guild = number(Some(guild));
        call!(self, "reset a server's settings", c => {
            async {
                let mut transaction = sqlx::Connection::begin(&mut **c).await?;
                sqlx::query(RESET).bind(guild).execute(&mut *transaction).await?;
                sqlx::query(NO_GAPS).bind(guild).execute(&mut *transaction).await?;
                transaction.commit().await
            }.await
        })?;
        self.wipe().await;
        Ok(())
    }

    fn read_settings(&self, row: &Row) -> Result<Settings, Error> {
        let (channels, visibility, mentions, user, channel, gaps, language) = row;
        let strange = || self.strange("a setting");
        let cooldown = |seconds: &Option<i64>, default| match seconds {
            None => Ok(default),
            Some(seconds) => u32::try_from(*seconds)
                .ok()
                .and_then(|seconds| Cooldown::new(seconds).ok())
                .ok_or_else(strange),
        };
        Ok(Settings {
            channels: read(channels.as_deref(), Channels::parse).ok_or_else(strange)?,
            visibility: read(visibility.as_deref(), Visibility::parse).ok_or_else(strange)?,
            mentions: read(mentions.as_deref(), Mentions::parse).ok_or_else(strange)?,
            user_cooldown: cooldown(user, USER_COOLDOWN)?,
            channel_cooldown: cooldown(channel, CHANNEL_COOLDOWN)?,
            gaps: read(gaps.as_deref(), Gaps::parse).ok_or_else(strange)?,
            language: match language {
                None => None,
                Some(name) => Some(Language::new(name).map_err(|_| strange())?),
            },
        })
    }
}

/// A word's meaning, the default where there is none; `None` for a word that has no meaning.
fn read<T: Default>(word: Option<&str>, parse: impl FnOnce(&str) -> Option<T>) -> Option<T> {
    word.map_or_else(|| Some(T::default()), parse)
}
