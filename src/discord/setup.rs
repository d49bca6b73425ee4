//! What whoever runs the bot decides: what it answers from, where it remembers, who may reload, and names and defaults.

use super::names::Names;
use super::settings::ServerSettings;
use super::timings::Timings;
use crate::library::Library;
use crate::memory::{GuildId, Memory};

/// What a bot is set up with. A [`Library`] alone is one as well, with the defaults for the rest.
#[derive(Clone, Debug)]
pub struct Setup {
    /// What is answered from.
    pub library: Library,
    /// Where settings, feedback and gaps are kept; `None` keeps none of them.
    pub memory: Option<Memory>,
    /// The server whose moderators may have the knowledge read again. One knowledge serves all servers, so it is `None`
    /// unless the operator names one.
    pub reload_guild: Option<GuildId>,
    /// What our commands are called; a host gives the same to [`commands_with`](super::commands_with).
    pub names: Names,
    /// What holds where nothing can be set: outside servers, and in all of them without a memory. A memory brings the
    /// usual settings for servers that have set nothing.
    pub settings: ServerSettings,
    /// How long things may take; the defaults suit Discord.
    pub timings: Timings,
}

impl From<Library> for Setup {
    fn from(library: Library) -> Self {
        Self {
            library,
            memory: None,
            reload_guild: None,
            names: Names::default(),
            settings: ServerSettings::default(),
            timings: Timings::default(),
        }
    }
}
