//! What the bot knows: entries, their sources and the words that mean the same, read from TOML and checked.
//!
//! - `ids`, `date`, `text`: the small values; `text` takes prose with citations apart.
//! - `parse`: TOML files to [`Draft`], with every structural fault in one run; `references`: the faults that only the whole folder shows.
//! - `check`: the editorial rules that a curator is held to; `schema`: the format for editors.
//!
//! Everything here is a function over values. It reads no file, no clock and knows nothing of matching.

mod check;
mod date;
mod ids;
mod parse;
mod references;
mod schema;
mod text;

use std::fmt;

use chrono::NaiveDate;
use serde::Serialize;

pub use check::{
    LONGEST_ANSWER, LONGEST_DETAIL, LONGEST_PHRASING, LONGEST_POSITION, LONGEST_QUESTION, PHRASINGS,
};
pub use date::PublishedDate;
pub use ids::{EntryId, IdError, LONGEST_ID, SourceId, TopicId};
pub use parse::{Draft, File, parse};
pub use schema::schema;
pub use text::{Citation, CitedText, Piece, Sentence};

/// A whole knowledge folder, free of structural faults: every id it names exists.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Knowledge {
    /// What the collection is called.
    pub title: String,
    /// Which edition of it this is, such as `2026.11`.
    pub edition: String,
    /// The language it is written in, as an ISO 639-1 code.
    pub language: String,
    /// Its topics, in the order of the manifest.
    pub topics: Vec<Topic>,
    /// Its sources, in the order written.
    pub sources: Vec<Source>,
    /// Its entries, in the order of file names and then as written.
    pub entries: Vec<Entry>,
    /// Groups of words and short phrases that mean the same here.
    pub synonyms: Vec<Vec<String>>,
    /// Questions that no entry answers, in groups of one matter each: examples of what must be declined.
    pub foreign: Vec<Vec<String>>,
}

/// A part of the field that entries belong to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Topic {
    /// Its id.
    pub id: TopicId,
    /// Its name for readers.
    pub title: String,
    /// One sentence on what it holds.
    pub summary: String,
}

/// Something that can be cited.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// Its id.
    pub id: SourceId,
    /// Its title, in its own language.
    pub title: String,
    /// Who published it.
    pub publisher: String,
    /// Who wrote it, where named.
    pub author: Option<String>,
    /// When it was published; `None` where it bears no date.
    pub published: Option<PublishedDate>,
    /// Its address at the original publisher (https); without one it is named, not linked.
    pub url: Option<String>,
    /// The address of an archived copy (https).
    pub archive: Option<String>,
    /// What sort of document it is.
    pub kind: Kind,
    /// Whose voice it is.
    pub side: Side,
    /// Its language as an ISO 639-1 code.
    pub language: String,
    /// What a reader must know of it: what was really read, who paid for it.
    pub note: Option<String>,
    /// Whether it has parts to point into; if so a citation needs a locator.
    pub parts: bool,
}

/// A question with its answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its id, stable over editions.
    pub id: EntryId,
    /// The topic it belongs to.
    pub topic: TopicId,
    /// The question in its full form, as readers see it.
    pub question: String,
    /// Other ways in which people ask it.
    pub phrasings: Vec<String>,
    /// The answer.
    pub answer: CitedText,
    /// More of the same, shown on demand.
    pub detail: Option<CitedText>,
    /// The day up to which it was true when written.
    pub as_of: Option<NaiveDate>,
    /// The day after which it may be out of date.
    pub review_by: Option<NaiveDate>,
    /// Entries near it.
    pub see_also: Vec<EntryId>,
    /// The sides of a contested matter; empty where none is contested, else of at least two sides.
    pub positions: Vec<Position>,
}

/// What one side holds on a contested matter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Position {
    /// Who holds it.
    pub holder: String,
    /// Which side that is.
    pub side: Side,
    /// What is held.
    pub text: CitedText,
}

macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$case_doc:meta])* $case:ident = $word:literal,)+ }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name { $($(#[$case_doc])* $case,)+ }

        impl $name {
            /// Every one of them, as written in files.
            pub const WORDS: &'static [&'static str] = &[$($word),+];

            /// Reads the word used in files.
            ///
            /// ```
            /// use cleartext::knowledge::Side;
            ///
            /// assert_eq!(Side::parse("press"), Some(Side::Press));
            /// assert_eq!(Side::parse("Press"), None);
            /// ```
            pub fn parse(word: &str) -> Option<Self> {
                match word {
                    $($word => Some(Self::$case),)+
                    _ => None,
                }
            }

            /// The word used in files.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$case => $word,)+ }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }
    };
}

words! {
    /// What sort of document a source is.
    Kind {
        /// The document that a matter is about.
        Primary = "primary",
        /// A judgment or order.
        Court = "court",
        /// A law, a bill or a legislative record.
        Law = "law",
        /// Scholarly or statistical work.
        Research = "research",
        /// Somebody's own stated view.
        Position = "position",
        /// A report by the press or another third party.
        Reporting = "reporting",
    }
}

words! {
    /// Whose voice a source or a position is.
    Side {
        /// Police and prosecutors.
        LawEnforcement = "law-enforcement",
        /// Governments and parliaments.
        Government = "government",
        /// Companies and their associations.
        Industry = "industry",
        /// Rights groups and associations.
        CivilSociety = "civil-society",
        /// Bodies that protect children, and survivors.
        ChildProtection = "child-protection",
        /// Researchers.
        Academia = "academia",
        /// Courts.
        Court = "court",
        /// The press.
        Press = "press",
        /// International organisations.
        International = "international",
    }
}

impl Knowledge {
    /// The source with this id.
    pub fn source(&self, id: &SourceId) -> Option<&Source> {
        self.sources.iter().find(|source| source.id == *id)
    }

    /// The entry with this id.
    pub fn entry(&self, id: &EntryId) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.id == *id)
    }

    /// The topic with this id.
    pub fn topic(&self, id: &TopicId) -> Option<&Topic> {
        self.topics.iter().find(|topic| topic.id == *id)
    }
}

impl Entry {
    /// All its cited texts in reading order: answer, detail, positions.
    pub fn texts(&self) -> impl Iterator<Item = &CitedText> {
        std::iter::once(&self.answer)
            .chain(&self.detail)
            .chain(self.positions.iter().map(|position| &position.text))
    }
}
