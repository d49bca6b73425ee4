//! Whose rows they are: servers and channels by Discord's numbers, and people as nothing at all.
//!
//! This room does not know serenity, so it has numbers of its own.

use std::fmt;
use std::num::NonZeroU64;

use serde::{Serialize, Serializer};

macro_rules! snowflake {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(NonZeroU64);

        impl $name {
            /// The number as Discord gives it; zero is nobody's.
            ///
            /// ```
            #[doc = concat!("use cleartext::memory::", stringify!($name), ";")]
            ///
            #[doc = concat!("let id = ", stringify!($name), "::new(175_928_847_299_117_063);")]
            /// assert_eq!(id.map(|id| id.get()), Some(175_928_847_299_117_063));
            #[doc = concat!("assert_eq!(", stringify!($name), "::new(0), None);")]
            /// ```
            pub fn new(id: u64) -> Option<Self> {
                NonZeroU64::new(id).map(Self)
            }

            /// The number.
            pub fn get(self) -> u64 {
                self.0.get()
            }
        }

        impl From<NonZeroU64> for $name {
            fn from(id: NonZeroU64) -> Self {
                Self(id)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        /// As a text: JSON's numbers end at 2^53, Discord's do not.
        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }
    };
}

snowflake! {
    /// A server.
    GuildId
}
snowflake! {
    /// A channel of a server.
    ChannelId
}

/// Somebody, for the length of one call.
///
/// It can be made and handed in, and nothing else: not read, shown, stored or compared outside this room.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Person(u64);

impl Person {
    /// Whoever has this number at Discord.
    ///
    /// ```
    /// use cleartext::memory::Person;
    ///
    /// let person = Person::new(80_351_110_224_678_912);
    /// assert_eq!(format!("{person:?}"), "Person(…)");
    /// ```
    pub fn new(id: u64) -> Self {
        Self(id)
    }
}

impl fmt::Debug for Person {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Person(…)")
    }
}
