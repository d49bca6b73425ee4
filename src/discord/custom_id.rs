//! The state of a button, in its `custom_id`: `ct1:pick:<entry>:<revision>`.
//!
//! It lives in Discord's message, so a button works after a restart and months later. Nothing about the asker is in it.

use std::fmt;

use crate::answering::{EntryId, Reply, Revision};

/// What our ids begin with, followed by the version of their form.
const PREFIX: &str = "ct";
/// The form that is written today.
const VERSION: &str = "1";

/// What a press on one of our buttons asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Action {
    /// Show this entry.
    Pick(Shown),
    /// None of the questions offered was meant.
    NoneOfThese,
    /// Show this entry to everybody in the channel.
    Share(Shown),
}

/// An entry as it was when the button was made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Shown {
    pub(super) entry: EntryId,
    /// Eight hexadecimal digits; kept as text, since it is only ever compared.
    revision: String,
}

/// Whose `custom_id` a text is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum CustomId {
    /// Ours, and understood.
    Ours(Action),
    /// Ours, of a form that this version does not know.
    Outdated,
    /// Somebody else's: a host bot's own button.
    Foreign,
}

impl Shown {
    /// The entry of a reply as it is now.
    pub(super) fn of(reply: &Reply) -> Self {
        Self {
            entry: reply.entry.clone(),
            revision: reply.revision.to_string(),
        }
    }

    /// Whether the entry still says what it said when the button was made.
    pub(super) fn is(&self, revision: Revision) -> bool {
        self.revision == revision.to_string()
    }

    fn parse<'a>(parts: &mut impl Iterator<Item = &'a str>) -> Option<Self> {
        let entry = EntryId::new(parts.next()?).ok()?;
        let revision = parts.next()?;
        let well_formed =
            revision.len() == 8 && revision.bytes().all(|byte| byte.is_ascii_hexdigit());
        well_formed.then(|| Self {
            entry,
            revision: revision.to_owned(),
        })
    }
}

impl CustomId {
    /// Reads a `custom_id`.
    pub(super) fn parse(text: &str) -> Self {
        let Some((head, rest)) = text.split_once(':') else {
            return Self::Foreign;
        };
        let Some(version) = head.strip_prefix(PREFIX) else {
            return Self::Foreign;
        };
        if version.is_empty() || !version.bytes().all(|byte| byte.is_ascii_digit()) {
            return Self::Foreign;
        }
        if version != VERSION {
            return Self::Outdated;
        }
        let mut parts = rest.split(':');
        let action = match parts.next() {
            Some("pick") => Shown::parse(&mut parts).map(Action::Pick),
            Some("share") => Shown::parse(&mut parts).map(Action::Share),
            Some("none") => Some(Action::NoneOfThese),
            _ => None,
        };
        match (action, parts.next()) {
            (Some(action), None) => Self::Ours(action),
            _ => Self::Outdated,
        }
    }
}

impl fmt::Display for Action {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Pick(shown) => {
                write!(
                    f,
                    "{PREFIX}{VERSION}:pick:{}:{}",
                    shown.entry, shown.revision
                )
            }
            Self::Share(shown) => {
                write!(
                    f,
                    "{PREFIX}{VERSION}:share:{}:{}",
                    shown.entry, shown.revision
                )
            }
            Self::NoneOfThese => write!(f, "{PREFIX}{VERSION}:none"),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::answering::LONGEST_ID;

    fn shown(entry: &str, revision: &str) -> Shown {
        Shown {
            entry: EntryId::new(entry).expect("the case is an id"),
            revision: revision.to_owned(),
        }
    }

    #[test]
    fn what_is_written_is_read_again() {
        let check = |action: Action, written: &str| {
            assert_eq!(action.to_string(), written);
            assert_eq!(CustomId::parse(written), CustomId::Ours(action));
        };
        check(
            Action::Pick(shown("how-many", "0123abcd")),
            "ct1:pick:how-many:0123abcd",
        );
        check(
            Action::Share(shown("how-many", "0123abcd")),
            "ct1:share:how-many:0123abcd",
        );
        check(Action::NoneOfThese, "ct1:none");
    }

    #[test]
    fn older_forms_are_known_as_ours_and_others_are_left_alone() {
        let check = |written: &str, expected: CustomId| {
            assert_eq!(CustomId::parse(written), expected, "{written:?}");
        };
        check("ct0:pick:how-many", CustomId::Outdated);
        check("ct2:browse:topic", CustomId::Outdated);
        check("ct1:dance", CustomId::Outdated);
        check("ct1:pick:how-many", CustomId::Outdated);
        check("ct1:pick:How Many:0123abcd", CustomId::Outdated);
        check("ct1:pick:how-many:xyz", CustomId::Outdated);
        check("ct1:pick:how-many:0123abcd:more", CustomId::Outdated);
        check("", CustomId::Foreign);
        check("ct", CustomId::Foreign);
        check("ct:pick", CustomId::Foreign);
        check("ctx1:pick", CustomId::Foreign);
        check("vote:1", CustomId::Foreign);
    }

    #[test]
    fn the_longest_id_leaves_room() {
        let entry = "a".repeat(LONGEST_ID);
        let longest = Action::Share(shown(&entry, "01234567")).to_string();
        assert!(
            longest.len() <= 100,
            "Discord takes 100 characters, this is {}",
            longest.len()
        );
    }

    proptest! {
        #[test]
        fn any_text_can_be_read(text in any::<String>()) {
            if let CustomId::Ours(action) = CustomId::parse(&text) {
                prop_assert_eq!(action.to_string(), text);
            }
        }
    }
}
