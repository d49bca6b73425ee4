//! The names by which entries, topics and sources refer to each other.

use std::fmt;
use std::sync::Arc;

use serde::Serialize;

/// Longest id, in bytes: a button's `custom_id` of 100 must hold one beside the action and the revision.
pub const LONGEST_ID: usize = 64;

/// Why a text is no id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum IdError {
    /// It holds something else than lowercase ASCII words and digits joined by single hyphens.
    #[error("an id is lowercase words and digits joined by single hyphens")]
    Form,
    /// It is longer than [`LONGEST_ID`].
    #[error("an id has at most {LONGEST_ID} characters")]
    Length,
}

fn validate(text: &str) -> Result<(), IdError> {
    let word = |word: &str| {
        !word.is_empty()
            && word
                .bytes()
                .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
    };
    if !text.split('-').all(word) {
        return Err(IdError::Form);
    }
    if text.len() > LONGEST_ID {
        return Err(IdError::Length);
    }
    Ok(())
}

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
        #[serde(transparent)]
        pub struct $name(Arc<str>);

        impl $name {
            /// Accepts lowercase ASCII words and digits joined by single hyphens, at most [`LONGEST_ID`] of them.
            ///
            /// ```
            /// use cleartext::knowledge::{EntryId, IdError};
            ///
            /// assert_eq!(EntryId::new("how-tall").map(|id| id.to_string()).as_deref(), Ok("how-tall"));
            /// assert_eq!(EntryId::new("How tall?"), Err(IdError::Form));
            /// ```
            pub fn new(text: &str) -> Result<Self, IdError> {
                validate(text).map(|()| Self(text.into()))
            }

            /// The id as it is written.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

id! {
    /// The id of an entry, such as `monthly-1200-800`.
    EntryId
}
id! {
    /// The id of a topic, such as `statement`.
    TopicId
}
id! {
    /// The id of a source, such as `nca-statement-2024`.
    SourceId
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_lowercase_words_joined_by_hyphens() {
        let check = |text: &str, expected: Result<(), IdError>| {
            assert_eq!(EntryId::new(text).map(|_| ()), expected, "{text:?}");
        };
        check("monthly-1200-800", Ok(()));
        check("11alive-2022", Ok(()));
        check("", Err(IdError::Form));
        check("Two-Words", Err(IdError::Form));
        check("two--words", Err(IdError::Form));
        check("-lead", Err(IdError::Form));
        check("under_score", Err(IdError::Form));
        check("café", Err(IdError::Form));
        check(&"a".repeat(LONGEST_ID), Ok(()));
        check(&"a".repeat(LONGEST_ID + 1), Err(IdError::Length));
    }
}
