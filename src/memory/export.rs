//! Everything that is stored of one server, for its moderators.
//!
//! It shows no more than they could see anyway: gaps that one person alone asked are not stored in the first place.

use chrono::NaiveDate;
use serde::Serialize;

use super::{Error, Gap, GuildId, Memory, Ratings, Settings};

/// All that is stored of one server.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Export {
    /// The server.
    pub guild: GuildId,
    /// Its settings, with the defaults where it has set nothing.
    pub settings: Settings,
    /// The verdicts on answers given there.
    pub feedback: Vec<Ratings>,
    /// Its unanswered questions.
    pub gaps: Vec<Gap>,
}

impl Memory {
    /// All that is stored of a server.
    ///
    #[cfg_attr(not(feature = "memory"), doc = "```ignore")]
    #[cfg_attr(feature = "memory", doc = "```")]
    /// use cleartext::memory::Settings;
    /// # use cleartext::memory::{Absence, Address, GuildId, Memory, Patience};
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let address = Address::parse("sqlite::memory:", "".as_ref())?;
    /// # let memory = Memory::lazy_with(&address, Absence::Make, Patience::of_a_command());
    /// # memory.prepare().await?;
    /// # let guild = GuildId::new(1).expect("it is not zero");
    /// # let today = chrono::NaiveDate::from_ymd_opt(2026, 11, 24).expect("there is such a day");
    ///
    /// let export = memory.export(guild, today).await?;
    /// assert_eq!(export.settings, Settings::default());
    /// assert!(export.feedback.is_empty() && export.gaps.is_empty());
    /// # Ok(())
    /// # }
    /// ```
    pub async fn export(&self, guild: GuildId, today: NaiveDate) -> Result<Export, Error> {
        Ok(Export {
            guild,
            settings: self.settings(guild).await?,
            feedback: self.ratings(Some(guild)).await?,
            gaps: self.gaps(Some(guild), today).await?,
        })
    }
}
