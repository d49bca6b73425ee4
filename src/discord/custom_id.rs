//! The state of a button or an option, in its `custom_id`: `ct1:pick:<entry>:<revision>`.
//!
//! It lives in Discord's message, so a button works after a restart and months later. The only id of a person in one is
//! the asker's, in [Remove] of a public answer; it stays with Discord and is compared, never kept.

use std::fmt;

use serenity::all::{MessageId, UserId};

use crate::answering::{EntryId, Reply, Revision, SourceId, TopicId};

/// What our ids begin with, followed by the version of their form.
const PREFIX: &str = "ct";
/// The form that is written today.
const VERSION: &str = "1";

/// Something of the file that can be shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Page {
    /// An entry's answer.
    Answer(Shown),
    /// What each side of an entry's dispute holds.
    Sides(Shown),
    /// An entry's detail.
    More(Shown),
    /// All topics, from this page of the list on; the first is 0.
    Topics(usize),
    /// A topic's entries, from this page of the list on; the first is 0.
    Topic(TopicId, usize),
    /// A source with the entries that cite it, from this page of the list on.
    Source(SourceId, usize),
    /// What this bot is.
    About,
    /// What it can be asked to do.
    Help,
}

/// What a press on one of our buttons, or one of our options chosen, asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Action {
    /// Show this.
    Show(Page),
    /// Show this to everybody in the channel.
    Share(Page),
    /// None of the questions offered was meant.
    NoneOfThese,
    /// What was chosen says what to do: the option's value is an action of its own. Told apart by number in a message.
    Menu(u8),
    /// Take the message away; this person asked for it.
    Remove(UserId),
    /// Show this entry as what could be replied to this message.
    Look(Shown, MessageId),
    /// Post this entry as a reply to this message.
    ReplyTo(Shown, MessageId),
    /// It helped.
    Helpful(Shown),
    /// It answered another question. The same id stands in the button and in the form that it opens.
    Missed(Shown),
    /// Somebody should answer what was asked. The same id stands in the button and in the form that it opens.
    Suggest,
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

    /// The revision as it was.
    pub(super) fn revision(&self) -> &str {
        &self.revision
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

impl fmt::Display for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.entry, self.revision)
    }
}

impl Page {
    /// Its name and what follows it. An answer's name is never written: see [`Action`]'s form.
    fn written(&self) -> (&'static str, String) {
        match self {
            Self::Answer(shown) => ("answer", format!(":{shown}")),
            Self::Sides(shown) => ("sides", format!(":{shown}")),
            Self::More(shown) => ("more", format!(":{shown}")),
            Self::Topics(page) => ("topics", format!(":{page}")),
            Self::Topic(topic, page) => ("topic", format!(":{topic}:{page}")),
            Self::Source(source, page) => ("source", format!(":{source}:{page}")),
            Self::About => ("about", String::new()),
            Self::Help => ("help", String::new()),
        }
    }

    fn parse<'a>(name: &str, parts: &mut impl Iterator<Item = &'a str>) -> Option<Self> {
        match name {
            "sides" => Shown::parse(parts).map(Self::Sides),
            "more" => Shown::parse(parts).map(Self::More),
            "topics" => Some(Self::Topics(number(parts.next()?)?)),
            "topic" => Some(Self::Topic(
                TopicId::new(parts.next()?).ok()?,
                number(parts.next()?)?,
            )),
            "source" => Some(Self::Source(
                SourceId::new(parts.next()?).ok()?,
                number(parts.next()?)?,
            )),
            "about" => Some(Self::About),
            "help" => Some(Self::Help),
            _ => None,
        }
    }
}

/// The number of a page, in the one way in which it is written.
fn number(text: &str) -> Option<usize> {
    let number: u16 = text.parse().ok()?;
    (number.to_string() == text).then_some(usize::from(number))
}

/// A message's id: in hexadecimal, since 20 decimal digits would not fit beside the longest entry.
fn message(text: &str) -> Option<MessageId> {
    let id = u64::from_str_radix(text, 16).ok().filter(|id| *id > 0)?;
    (format!("{id:x}") == text).then_some(MessageId::new(id))
}

fn user(text: &str) -> Option<UserId> {
    let id: u64 = text.parse().ok().filter(|id| *id > 0)?;
    (id.to_string() == text).then_some(UserId::new(id))
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
        let action = parts
            .next()
            .and_then(|name| Action::parse(name, &mut parts));
        match (action, parts.next()) {
            (Some(action), None) => Self::Ours(action),
            _ => Self::Outdated,
        }
    }
}

impl Action {
    fn parse<'a>(name: &str, parts: &mut impl Iterator<Item = &'a str>) -> Option<Self> {
        match name {
            // The first two words that were written, when an answer was all there was to show.
            "pick" => Shown::parse(parts).map(|shown| Self::Show(Page::Answer(shown))),
            "share" => Shown::parse(parts).map(|shown| Self::Share(Page::Answer(shown))),
            "none" => Some(Self::NoneOfThese),
            "menu" => {
                let slot = u8::try_from(number(parts.next()?)?).ok()?;
                Some(Self::Menu(slot))
            }
            "remove" => user(parts.next()?).map(Self::Remove),
            "look" => Some(Self::Look(Shown::parse(parts)?, message(parts.next()?)?)),
            "reply" => Some(Self::ReplyTo(Shown::parse(parts)?, message(parts.next()?)?)),
            "helpful" => Shown::parse(parts).map(Self::Helpful),
            "missed" => Shown::parse(parts).map(Self::Missed),
            "suggest" => Some(Self::Suggest),
            _ => match name.strip_prefix("share-") {
                Some(name) => Page::parse(name, parts).map(Self::Share),
                None => Page::parse(name, parts).map(Self::Show),
            },
        }
    }
}

impl fmt::Display for Action {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{PREFIX}{VERSION}:")?;
        match self {
            Self::Show(Page::Answer(shown)) => write!(f, "pick:{shown}"),
            Self::Share(Page::Answer(shown)) => write!(f, "share:{shown}"),
            Self::Show(page) => {
                let (name, rest) = page.written();
                write!(f, "{name}{rest}")
            }
            Self::Share(page) => {
                let (name, rest) = page.written();
                write!(f, "share-{name}{rest}")
            }
            Self::NoneOfThese => f.write_str("none"),
            Self::Menu(slot) => write!(f, "menu:{slot}"),
            Self::Remove(asker) => write!(f, "remove:{asker}"),
            Self::Look(shown, target) => write!(f, "look:{shown}:{:x}", target.get()),
            Self::ReplyTo(shown, target) => write!(f, "reply:{shown}:{:x}", target.get()),
            Self::Helpful(shown) => write!(f, "helpful:{shown}"),
            Self::Missed(shown) => write!(f, "missed:{shown}"),
            Self::Suggest => f.write_str("suggest"),
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

    fn topic(id: &str, page: usize) -> Page {
        Page::Topic(TopicId::new(id).expect("the case is an id"), page)
    }

    fn source(id: &str, page: usize) -> Page {
        Page::Source(SourceId::new(id).expect("the case is an id"), page)
    }

    #[test]
    fn what_is_written_is_read_again() {
        let check = |action: Action, written: &str| {
            assert_eq!(action.to_string(), written);
            assert_eq!(CustomId::parse(written), CustomId::Ours(action));
        };
        let how_many = || shown("how-many", "0123abcd");
        // These three are in the wild.
        check(
            Action::Show(Page::Answer(how_many())),
            "ct1:pick:how-many:0123abcd",
        );
        check(
            Action::Share(Page::Answer(how_many())),
            "ct1:share:how-many:0123abcd",
        );
        check(Action::NoneOfThese, "ct1:none");
        check(
            Action::Show(Page::Sides(how_many())),
            "ct1:sides:how-many:0123abcd",
        );
        check(
            Action::Share(Page::More(how_many())),
            "ct1:share-more:how-many:0123abcd",
        );
        check(Action::Show(Page::Topics(0)), "ct1:topics:0");
        check(Action::Show(topic("statement", 2)), "ct1:topic:statement:2");
        check(
            Action::Share(source("nca-2024", 0)),
            "ct1:share-source:nca-2024:0",
        );
        check(Action::Share(Page::About), "ct1:share-about");
        check(Action::Menu(1), "ct1:menu:1");
        check(Action::Remove(UserId::new(42)), "ct1:remove:42");
        check(
            Action::Look(how_many(), MessageId::new(255)),
            "ct1:look:how-many:0123abcd:ff",
        );
        check(
            Action::ReplyTo(how_many(), MessageId::new(255)),
            "ct1:reply:how-many:0123abcd:ff",
        );
        check(Action::Helpful(how_many()), "ct1:helpful:how-many:0123abcd");
        check(Action::Missed(how_many()), "ct1:missed:how-many:0123abcd");
        check(Action::Suggest, "ct1:suggest");
    }

    #[test]
    fn older_forms_are_known_as_ours_and_others_are_left_alone() {
        let check = |written: &str, expected: CustomId| {
            assert_eq!(CustomId::parse(written), expected, "{written:?}");
        };
        check("ct0:pick:how-many", CustomId::Outdated);
        check("ct2:browse:topic", CustomId::Outdated);
        check("ct1:dance", CustomId::Outdated);
        check("ct1:answer:how-many:0123abcd", CustomId::Outdated);
        check("ct1:pick:how-many", CustomId::Outdated);
        check("ct1:pick:How Many:0123abcd", CustomId::Outdated);
        check("ct1:pick:how-many:xyz", CustomId::Outdated);
        check("ct1:pick:how-many:0123abcd:more", CustomId::Outdated);
        check("ct1:topic:statement:-1", CustomId::Outdated);
        check("ct1:topic:statement:99999999", CustomId::Outdated);
        check("ct1:remove:0", CustomId::Outdated);
        check("ct1:look:how-many:0123abcd:0", CustomId::Outdated);
        check("", CustomId::Foreign);
        check("ct", CustomId::Foreign);
        check("ct:pick", CustomId::Foreign);
        check("ctx1:pick", CustomId::Foreign);
        check("vote:1", CustomId::Foreign);
    }

    #[test]
    fn the_longest_id_leaves_room() {
        let id = "a".repeat(LONGEST_ID);
        let most = usize::from(u16::MAX);
        let entry = || shown(&id, "01234567");
        let check = |action: Action| {
            let written = action.to_string();
            assert!(
                written.len() <= 100,
                "Discord takes 100 characters, this is {}: {written}",
                written.len()
            );
        };
        check(Action::Share(Page::Answer(entry())));
        check(Action::Share(Page::Sides(entry())));
        check(Action::Share(topic(&id, most)));
        check(Action::Share(source(&id, most)));
        check(Action::Look(entry(), MessageId::new(u64::MAX)));
        check(Action::ReplyTo(entry(), MessageId::new(u64::MAX)));
        check(Action::Remove(UserId::new(u64::MAX - 1)));
    }

    proptest! {
        #[test]
        fn any_text_can_be_read(text in any::<String>()) {
            if let CustomId::Ours(action) = CustomId::parse(&text) {
                prop_assert_eq!(action.to_string(), text);
            }
        }

        #[test]
        fn what_looks_like_ours_is_read_back_as_written(
            text in "ct1:(share-)?(pick|sides|topic|source|menu|remove|look|reply|helpful|missed)(:[0-9a-f]{1,9}){0,4}"
        ) {
            if let CustomId::Ours(action) = CustomId::parse(&text) {
                prop_assert_eq!(action.to_string(), text);
            }
        }
    }
}
