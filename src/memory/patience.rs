//! How long anything may take: one value, so that a program with more time can say so.
//!
//! It waits for nothing itself.

use std::time::Duration;

/// Bounds on waiting for the database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Patience {
    /// How long a call may take. A quarter less is what it waits for somebody else's write.
    pub call: Duration,
    /// How long opening may take, where nobody waits for an answer yet.
    pub opening: Duration,
    /// How long calls fail at once after the database did not answer: each answer would wait for it otherwise.
    pub pause: Duration,
}

/// For who answers on Discord. A response is waited for three seconds, so a call that takes one leaves two to answer without it;
/// one attempt in three seconds notices soon enough that the database is back.
impl Default for Patience {
    fn default() -> Self {
        Self {
            call: Duration::from_secs(1),
            opening: Duration::from_secs(10),
            pause: Duration::from_secs(3),
        }
    }
}

impl Patience {
    /// For a command that somebody waits for at a terminal.
    ///
    /// ```
    /// use cleartext::memory::Patience;
    ///
    /// assert!(Patience::of_a_command().call > Patience::default().call);
    /// ```
    pub fn of_a_command() -> Self {
        Self {
            call: Duration::from_secs(5),
            ..Self::default()
        }
    }

    /// How long a SQLite connection waits for another one's write: less than a call, so that it can say so.
    pub(super) fn busy(&self) -> Duration {
        self.call * 3 / 4
    }
}
