//! Everything that is stored of one server, for its moderators.
//!
//! It shows no more than they could see anyway: gaps that one person alone asked are not stored in the first place.

use serde::Serialize;

use super::{Gap, GuildId, Ratings, Settings};

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
