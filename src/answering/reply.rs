//! An answer as readers get it: title, text with numbered marks, positions, and the sources behind the marks.
//!
//! A reply is made once, when the knowledge is loaded; only what depends on the day is added when it is shown.

use std::collections::BTreeMap;
use std::fmt;

use chrono::NaiveDate;
use vec1::Vec1;

use crate::knowledge::{
    Citation, CitedText, Entry, EntryId, Kind, Knowledge, Piece, PublishedDate, Side, SourceId,
    TopicId,
};

/// The number by which a text points to one of its sources, from 1.
pub type Mark = usize;

/// Everything that can be shown of one entry. It has at least one source, by type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply {
    /// The entry.
    pub entry: EntryId,
    /// The topic it belongs to.
    pub topic: TopicId,
    /// The edition of the knowledge it comes from.
    pub edition: String,
    /// Changes whenever anything shown of the entry changes.
    pub revision: Revision,
    /// The entry's question, never the asker's words.
    pub title: String,
    /// The answer.
    pub body: MarkedText,
    /// More of the same, shown on demand.
    pub detail: Option<MarkedText>,
    /// The sides of a contested matter; empty where none is contested.
    pub positions: Vec<ReplyPosition>,
    /// The sources, in the order of their marks: the first has mark 1.
    pub citations: Vec1<ReplyCitation>,
    /// The day up to which it was true when written.
    pub as_of: Option<NaiveDate>,
    /// The day after which it may be out of date.
    pub review_by: Option<NaiveDate>,
    /// Entries near it.
    pub see_also: Vec<Related>,
}

/// What one side holds, with marks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReplyPosition {
    /// Who holds it.
    pub holder: String,
    /// Which side that is.
    pub side: Side,
    /// What is held.
    pub body: MarkedText,
}

/// One numbered source: a spot in a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReplyCitation {
    /// Its number in the texts.
    pub mark: Mark,
    /// The source's id.
    pub source: SourceId,
    /// Where in the source; absent only where it has no parts.
    pub locator: Option<String>,
    /// The document's title.
    pub title: String,
    /// Who published it.
    pub publisher: String,
    /// When, as exactly as is known.
    pub published: Option<PublishedDate>,
    /// Its address at the original publisher; without one it is named, not linked.
    pub url: Option<String>,
    /// What sort of document it is.
    pub kind: Kind,
    /// What a reader must know of it.
    pub note: Option<String>,
}

/// An entry near another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Related {
    /// Its id.
    pub entry: EntryId,
    /// Its question.
    pub question: String,
}

/// Eight hexadecimal digits that change whenever anything shown of an entry changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Revision(u32);

impl Revision {
    /// Reads what it displays as.
    ///
    /// ```
    /// use cleartext::answering::Revision;
    /// use cleartext::library::Library;
    ///
    /// # let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/discord");
    /// let library = Library::open(path)?;
    /// let revision = library.current().replies()[0].revision;
    /// assert_eq!(Revision::parse(&revision.to_string()), Some(revision));
    /// assert_eq!(Revision::parse("the latest"), None);
    /// # Ok::<(), cleartext::library::LoadError>(())
    /// ```
    pub fn parse(text: &str) -> Option<Self> {
        let digits = text
            .bytes()
            .all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
        let number = u32::from_str_radix(text, 16).ok()?;
        (digits && text.len() == 8).then_some(Self(number))
    }
}

impl fmt::Display for Revision {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:08x}", self.0)
    }
}

/// Text with numbered marks in it. Displays as `… a month [1]. The council … [2][3].`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MarkedText {
    /// Text and marks in reading order.
    pub spans: Vec<Span>,
}

/// A stretch of a marked text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Span {
    /// Words.
    Text(String),
    /// The numbers of the sources behind the words before it.
    Marks(Vec<Mark>),
}

impl fmt::Display for MarkedText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for span in &self.spans {
            match span {
                Span::Text(text) => f.write_str(text)?,
                Span::Marks(marks) => {
                    for mark in marks {
                        write!(f, "[{mark}]")?;
                    }
                }
            }
        }
        Ok(())
    }
}

impl Reply {
    /// Makes the reply of an entry; `None` if it cites nothing that exists, which checked knowledge rules out.
    pub(super) fn new(entry: &Entry, knowledge: &Knowledge) -> Option<Self> {
        let mut numbering = Numbering::default();
        let body = numbering.mark(&entry.answer);
        let positions: Vec<_> = entry
            .positions
            .iter()
            .map(|position| ReplyPosition {
                holder: position.holder.clone(),
                side: position.side,
                body: numbering.mark(&position.text),
            })
            .collect();
        let detail = entry.detail.as_ref().map(|detail| numbering.mark(detail));
        let citations = numbering.citations(knowledge)?;
        let related = |id: &EntryId| {
            let question = knowledge.entry(id)?.question.clone();
            Some(Related {
                entry: id.clone(),
                question,
            })
        };
        let mut reply = Self {
            entry: entry.id.clone(),
            topic: entry.topic.clone(),
            edition: knowledge.edition.clone(),
            revision: Revision(0),
            title: entry.question.clone(),
            body,
            detail,
            positions,
            citations,
            as_of: entry.as_of,
            review_by: entry.review_by,
            see_also: entry.see_also.iter().filter_map(related).collect(),
        };
        reply.revision = reply.hash();
        Some(reply)
    }

    /// The CRC-32 of all that is shown, but for the edition, which changes with other entries too.
    fn hash(&self) -> Revision {
        let mut hasher = crc32fast::Hasher::new();
        let mut add = |text: &str| {
            hasher.update(text.as_bytes());
            hasher.update(&[0]);
        };
        add(&self.title);
        add(&self.body.to_string());
        add(&self
            .detail
            .as_ref()
            .map(ToString::to_string)
            .unwrap_or_default());
        for position in &self.positions {
            add(&position.holder);
            add(position.side.as_str());
            add(&position.body.to_string());
        }
        for citation in &self.citations {
            add(citation.source.as_str());
            add(citation.locator.as_deref().unwrap_or_default());
            add(&citation.title);
            add(citation.url.as_deref().unwrap_or_default());
        }
        add(&self.as_of.map(|date| date.to_string()).unwrap_or_default());
        Revision(hasher.finalize())
    }

    /// What is to be said beside the answer on the day `today`: as of when it holds, and whether it is overdue.
    ///
    /// ```
    /// use chrono::NaiveDate;
    /// use cleartext::library::Library;
    ///
    /// # let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/discord");
    /// let library = Library::open(path)?;
    /// let answerer = library.current();
    /// let day = NaiveDate::from_ymd_opt(2026, 1, 1).expect("there is such a day");
    /// assert_eq!(answerer.replies()[0].notes(day), ["As of 21 April 2024"]);
    /// # Ok::<(), cleartext::library::LoadError>(())
    /// ```
    pub fn notes(&self, today: NaiveDate) -> Vec<String> {
        let mut notes = Vec::new();
        if let Some(as_of) = self.as_of {
            notes.push(format!("As of {}", PublishedDate::from(as_of)));
        }
        if let Some(review_by) = self.review_by.filter(|review_by| *review_by < today) {
            notes.push(format!(
                "This may be out of date: its review was due on {}",
                PublishedDate::from(review_by)
            ));
        }
        notes
    }
}

/// Gives each cited spot one number, in the order of first use.
#[derive(Default)]
struct Numbering {
    order: Vec<Citation>,
    marks: BTreeMap<Citation, Mark>,
}

impl Numbering {
    fn mark(&mut self, text: &CitedText) -> MarkedText {
        let mut spans: Vec<Span> = Vec::new();
        for piece in text.pieces() {
            match piece {
                Piece::Text(words) => {
                    // A citation takes the line's last space; what follows it brings its own.
                    let starts_line = spans.is_empty();
                    let words = if starts_line {
                        words.trim_start()
                    } else {
                        words
                    };
                    spans.push(Span::Text(words.to_owned()));
                }
                Piece::Citations(citations) => {
                    let mut marks: Vec<Mark> = citations
                        .iter()
                        .map(|citation| self.number(citation))
                        .collect();
                    marks.dedup();
                    spans.push(Span::Marks(marks));
                }
            }
        }
        if let Some(Span::Text(last)) = spans.last_mut() {
            last.truncate(last.trim_end().len());
        }
        MarkedText { spans }
    }

    fn number(&mut self, citation: &Citation) -> Mark {
        if let Some(mark) = self.marks.get(citation) {
            return *mark;
        }
        self.order.push(citation.clone());
        self.marks.insert(citation.clone(), self.order.len());
        self.order.len()
    }

    fn citations(self, knowledge: &Knowledge) -> Option<Vec1<ReplyCitation>> {
        let citations: Option<Vec<_>> = self
            .order
            .into_iter()
            .enumerate()
            .map(|(position, citation)| {
                let source = knowledge.source(&citation.source)?;
                Some(ReplyCitation {
                    mark: position + 1,
                    source: source.id.clone(),
                    locator: citation.locator,
                    title: source.title.clone(),
                    publisher: source.publisher.clone(),
                    published: source.published,
                    url: source.url.clone(),
                    kind: source.kind,
                    note: source.note.clone(),
                })
            })
            .collect();
        Vec1::try_from_vec(citations?).ok()
    }
}
