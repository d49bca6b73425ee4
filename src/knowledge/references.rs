//! Faults that only the whole folder shows: ids used twice, and names of things that do not exist.

use std::collections::{BTreeMap, BTreeSet};

use super::parse::Reader;
use crate::tables::{Faults, Place, suggestion};

/// What an id can name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Noun {
    Topic,
    Source,
    Entry,
}

impl Noun {
    fn as_str(self) -> &'static str {
        match self {
            Self::Topic => "topic",
            Self::Source => "source",
            Self::Entry => "entry",
        }
    }
}

/// Checks that ids are unique and that whatever is named exists.
pub(super) fn check(reader: &Reader, faults: &Faults) {
    let topics = unique(
        faults,
        Noun::Topic,
        reader
            .topics
            .iter()
            .map(|topic| (topic.value.id.as_str(), &topic.place)),
    );
    let sources = unique(
        faults,
        Noun::Source,
        reader
            .sources
            .iter()
            .map(|draft| (draft.source.id.as_str(), &draft.place)),
    );
    let entries = unique(
        faults,
        Noun::Entry,
        reader
            .entries
            .iter()
            .filter_map(|draft| draft.id.as_ref())
            .map(|id| (id.value.as_str(), &id.place)),
    );
    let exists = |noun: Noun, known: &BTreeSet<&str>, id: &str, place: &Place| {
        // Behind an unreadable id may be the very thing that seems to be missing: told once, not twice.
        if known.contains(id) || reader.nameless.contains(&noun) {
            return;
        }
        let remedy = match suggestion(id, known.iter().copied()) {
            Some(meant) => format!("write `{meant}`"),
            None => format!(
                "write a `[[{}]]` with this id, or name another",
                noun.as_str()
            ),
        };
        faults.error(
            place.clone(),
            format!("there is no {} `{id}`", noun.as_str()),
            remedy,
        );
    };
    for (id, cited) in &reader.cited {
        exists(Noun::Source, &sources, id.as_str(), &cited.first);
    }
    for draft in &reader.entries {
        if let Some(topic) = &draft.topic {
            exists(Noun::Topic, &topics, topic.value.as_str(), &topic.place);
        }
        for near in &draft.see_also {
            if draft.id.as_ref().is_some_and(|id| id.value == near.value) {
                faults.error(
                    near.place.clone(),
                    format!("`{}` sees itself", near.value),
                    "remove it from `see_also`",
                );
            } else {
                exists(Noun::Entry, &entries, near.value.as_str(), &near.place);
            }
        }
    }
    locators(reader, faults);
}

/// A source with parts is cited with a locator.
fn locators(reader: &Reader, faults: &Faults) {
    let mut told = BTreeSet::new();
    for draft in reader.sources.iter().filter(|draft| draft.source.parts) {
        let id = &draft.source.id;
        // An id that is used twice has its own fault.
        if !told.insert(id) {
            continue;
        }
        for place in reader
            .cited
            .get(id)
            .into_iter()
            .flat_map(|cited| &cited.without_locator)
        {
            faults.error(
                place.clone(),
                format!("`@{id}` is cited without a locator"),
                format!("write for example `[@{id}, para. 1]`, or `parts = false` in the source if it has none"),
            );
        }
    }
}

/// The ids of one kind; the second use of one is a fault.
fn unique<'a>(
    faults: &Faults,
    noun: Noun,
    ids: impl Iterator<Item = (&'a str, &'a Place)>,
) -> BTreeSet<&'a str> {
    let mut seen: BTreeMap<&str, &Place> = BTreeMap::new();
    for (id, place) in ids {
        if let Some(first) = seen.get(id) {
            let what = format!(
                "the {} id `{id}` is used a second time (first at {first})",
                noun.as_str()
            );
            faults.error(place.clone(), what, "give one of them another id");
        } else {
            seen.insert(id, place);
        }
    }
    seen.into_keys().collect()
}
