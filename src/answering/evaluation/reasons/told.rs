//! Reasons in words, in parts that each reader can show in its own way.
//!
//! It has no opinion of its own on why something happened.

use std::fmt;

use super::Reason;

/// A part of something told, so that each reader can show ids and foreign words in its own way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    /// Words of our own.
    Words(String),
    /// An entry's id.
    Id(String),
    /// Words of a question or phrasing.
    Quote(String),
}

/// A sentence without its full stop. Displays ids in backticks and foreign words in quotation marks.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Told(pub Vec<Piece>);

impl fmt::Display for Told {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|piece| match piece {
            Piece::Words(text) => f.write_str(text),
            Piece::Id(id) => write!(f, "`{id}`"),
            Piece::Quote(text) => write!(f, "“{text}”"),
        })
    }
}

impl Told {
    pub(super) fn words(mut self, text: impl Into<String>) -> Self {
        self.0.push(Piece::Words(text.into()));
        self
    }

    pub(super) fn id(mut self, id: &str) -> Self {
        self.0.push(Piece::Id(id.to_owned()));
        self
    }

    fn quote(mut self, text: &str) -> Self {
        self.0.push(Piece::Quote(text.to_owned()));
        self
    }

    /// “a”, “b” and “c”.
    fn quotes<'a>(mut self, texts: impl IntoIterator<Item = &'a str>) -> Self {
        let texts: Vec<_> = texts.into_iter().collect();
        for (place, text) in texts.iter().enumerate() {
            if place > 0 {
                let last = place + 1 == texts.len();
                self = self.words(if last { " and " } else { ", " });
            }
            self = self.quote(text);
        }
        self
    }

    /// “a” and “b”, or nothing with the words around it where there are none.
    pub(super) fn quotes_in(self, before: &str, texts: &[String], after: &str) -> Self {
        if texts.is_empty() {
            return self;
        }
        self.words(before)
            .quotes(texts.iter().map(String::as_str))
            .words(after)
    }
}

impl Reason {
    /// What sort of reason it is, for counting: one of a dozen noun phrases.
    ///
    /// ```
    /// use cleartext::answering::evaluation::Reason;
    ///
    /// let reason = Reason::OneWord { word: "horn".to_owned() };
    /// assert_eq!(reason.class(), "one word that several entries share");
    /// ```
    pub fn class(&self) -> &'static str {
        match self {
            Self::NamesEntry { .. } => "the question is an entry's id",
            Self::NothingToGoBy => "no word says what it is about",
            Self::OneWord { .. } => "one word that several entries share",
            Self::SameWording { .. } => "stands word for word in another entry",
            Self::Misread { .. } => "a word read as another one",
            Self::Behind { .. } => "a hair behind another entry",
            Self::CloseSecond { .. } => "found, with another a hair behind",
            Self::BothRight { .. } => "two right ones, equally near",
            Self::Pulled { .. } => "one word pulled it away",
            Self::Lacks { .. } => "no phrasing has its words",
            Self::Outscored { .. } => "all words there, another fits better",
            Self::Unsure { .. } => "found, but not sure enough",
            Self::Resembles { .. } => "nothing answers it, an entry resembles it",
        }
    }

    /// What went wrong, for a curator.
    ///
    /// ```
    /// use cleartext::answering::evaluation::Reason;
    ///
    /// let reason = Reason::Lacks {
    ///     words: vec!["hob".to_owned()],
    ///     found: "tea".to_owned(),
    ///     led: vec!["water".to_owned()],
    /// };
    /// let told = "no phrasing of it has “hob”; “water” led to `tea`";
    /// assert_eq!(reason.told().to_string(), told);
    /// ```
    pub fn told(&self) -> Told {
        let told = Told::default();
        match self {
            Self::NamesEntry { entry } => told
                .words("it is the id of ")
                .id(entry)
                .words(", which is answered as it stands"),
            Self::NothingToGoBy => told.words("no word in it says what it is about"),
            Self::OneWord { word } => told
                .quote(word)
                .words(" alone names a matter of several entries and asks nothing of it"),
            Self::SameWording { other } => told.words("it stands word for word in ").id(other),
            Self::Misread { from, to, found } => told
                .quote(from)
                .words(" is not known, was read as ")
                .quote(to)
                .words(", and that led to ")
                .id(found),
            Self::Behind { found, by } => told
                .words("it came in a hair behind ")
                .id(found)
                .words(format!(" (by {by:.2} of score)")),
            Self::CloseSecond { other, by } => told
                .words("found, but ")
                .id(other)
                .words(format!(" is a hair behind (by {by:.2} of score)")),
            Self::BothRight { other } => told
                .id(other)
                .words(" is right as well and as near, so a choice is what was asked for"),
            Self::Pulled {
                word,
                found,
                lacking,
            } => told
                .quote(word)
                .words(" pulled it to ")
                .id(found)
                .quotes_in("; no phrasing of the wanted one has ", lacking, ""),
            Self::Lacks { words, found, led } => told
                .words("no phrasing of it has ")
                .quotes(words.iter().map(String::as_str))
                .quotes_in("; ", led, " led to ")
                .words(if led.is_empty() { "; found was " } else { "" })
                .id(found),
            Self::Outscored { found, phrasing } => {
                let told = told
                    .words("it has all the telling words, but ")
                    .id(found)
                    .words(" fits much better");
                match phrasing {
                    Some(phrasing) => told.words(": ").quote(phrasing),
                    None => told,
                }
            }
            Self::Unsure {
                confidence,
                needed,
                lacking,
            } => told.words(sureness(*confidence, *needed)).quotes_in(
                "; no phrasing has ",
                lacking,
                "",
            ),
            Self::Resembles {
                found,
                led,
                phrasing,
            } => {
                let told = told
                    .quotes_in("", led, " led to ")
                    .words(if led.is_empty() { "it resembles " } else { "" })
                    .id(found);
                match phrasing {
                    Some(phrasing) => told.words("; nearest there: ").quote(phrasing),
                    None => told,
                }
            }
        }
    }
}

/// "found, but 62 % sure where 91 % are needed"; with a decimal where whole numbers would hide the difference.
fn sureness(confidence: f32, needed: f32) -> String {
    let (sure, least) = (confidence * 100.0, needed * 100.0);
    let decimals = usize::from(least.round() <= sure.round());
    format!("found, but {sure:.decimals$} % sure where {least:.decimals$} % are needed")
}
