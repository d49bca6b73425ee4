//! TOML tables read with places: every value knows its file, line and column, every fault says what to write instead.
//!
//! Shared by the knowledge files and the configuration. It never reads a file and never stops at the first fault.

use std::cell::RefCell;
use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use chrono::NaiveDate;
use toml::de::{DeTable, DeValue};
use toml::value::Datetime;

/// A spot in a file, as editors and compilers write it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The file's name as the reader knows it, with `/` between folders.
    pub file: Arc<str>,
    /// Line, counted from 1.
    pub line: usize,
    /// Column in characters, counted from 1.
    pub column: usize,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}", self.file, self.line, self.column)
    }
}

/// How much a fault matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// It must be mended.
    Error,
    /// It should be looked at; a check still passes.
    Warning,
}

/// One thing wrong in a file: where, what, and what to write instead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Where it stands.
    pub place: Place,
    /// Whether it must be mended.
    pub severity: Severity,
    /// What is wrong.
    pub what: String,
    /// What to write instead.
    pub remedy: String,
}

impl Fault {
    /// A fault that must be mended.
    ///
    /// ```
    /// use cleartext::tables::{Fault, Source};
    ///
    /// let place = Source::new("small.toml", "edtion = 1").place(0);
    /// let fault = Fault::error(place, "unknown key `edtion`", "write `edition`");
    /// assert_eq!(fault.to_string(), "small.toml:1:1: unknown key `edtion`; write `edition`");
    /// ```
    pub fn error(place: Place, what: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self {
            place,
            severity: Severity::Error,
            what: what.into(),
            remedy: remedy.into(),
        }
    }

    /// A fault that should be looked at.
    ///
    /// ```
    /// use cleartext::tables::{Fault, Source};
    ///
    /// let place = Source::new("small.toml", "").place(0);
    /// let fault = Fault::warning(place, "the review is overdue", "look at it again");
    /// assert_eq!(fault.to_string(), "small.toml:1:1: warning: the review is overdue; look at it again");
    /// ```
    pub fn warning(place: Place, what: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self {
            place,
            severity: Severity::Warning,
            what: what.into(),
            remedy: remedy.into(),
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = match self.severity {
            Severity::Error => "",
            Severity::Warning => "warning: ",
        };
        write!(f, "{}: {kind}{}; {}", self.place, self.what, self.remedy)
    }
}

/// A value together with the place where it is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Located<T> {
    /// The value.
    pub value: T,
    /// Where it is written.
    pub place: Place,
}

/// The known word nearest to `word`, if one is near enough to be what was meant.
///
/// Near enough is a Jaro-Winkler similarity of 0.8, the cut that command-line tools use for the same question.
///
/// ```
/// use cleartext::tables::suggestion;
///
/// assert_eq!(suggestion("edtion", ["title", "edition"]), Some("edition"));
/// assert_eq!(suggestion("colour", ["title", "edition"]), None);
/// ```
pub fn suggestion<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    known
        .into_iter()
        .map(|candidate| (strsim::jaro_winkler(word, candidate), candidate))
        .filter(|(similarity, _)| *similarity >= 0.8)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, candidate)| candidate)
}

/// "write `a`, `b` or `c`": the remedy for a word outside a closed list, with the likeliest first.
///
/// ```
/// use cleartext::tables::one_of;
///
/// assert_eq!(one_of("cuort", ["court", "law"]), "write `court`");
/// assert_eq!(one_of("x", ["court", "law"]), "write `court` or `law`");
/// ```
pub fn one_of<'a>(word: &str, known: impl IntoIterator<Item = &'a str> + Clone) -> String {
    if let Some(meant) = suggestion(word, known.clone()) {
        return format!("write `{meant}`");
    }
    let known: Vec<_> = known.into_iter().map(|word| format!("`{word}`")).collect();
    match known.split_last() {
        None => "remove it".to_owned(),
        Some((last, [])) => format!("write {last}"),
        Some((last, rest)) => format!("write {} or {last}", rest.join(", ")),
    }
}

/// The text of one file, able to tell line and column of a byte offset.
#[derive(Debug)]
pub struct Source<'i> {
    file: Arc<str>,
    text: &'i str,
    /// Where each line begins.
    lines: Vec<usize>,
}

impl<'i> Source<'i> {
    /// Names a text for the places of its faults.
    ///
    /// ```
    /// use cleartext::tables::Source;
    ///
    /// let source = Source::new("small.toml", "title = \"A\"");
    /// assert_eq!(source.place(8).column, 9);
    /// ```
    pub fn new(file: &str, text: &'i str) -> Self {
        Self {
            file: file.into(),
            text,
            lines: std::iter::once(0)
                .chain(text.match_indices('\n').map(|(at, _)| at + 1))
                .collect(),
        }
    }

    /// The place of a byte offset; past the end it is the end.
    ///
    /// ```
    /// use cleartext::tables::Source;
    ///
    /// let source = Source::new("small.toml", "a = 1\nb = 2");
    /// assert_eq!(source.place(10).to_string(), "small.toml:2:5");
    /// ```
    pub fn place(&self, offset: usize) -> Place {
        let offset = offset.min(self.text.len());
        let line = self.lines.partition_point(|start| *start <= offset);
        let start = self.lines[line - 1];
        Place {
            file: Arc::clone(&self.file),
            line,
            column: self
                .text
                .get(start..offset)
                .map_or(0, |before| before.chars().count())
                + 1,
        }
    }

    /// Parses the text; syntax faults are recorded, and what could be read of the rest is still there.
    ///
    /// ```
    /// use cleartext::tables::{Faults, Source};
    ///
    /// let source = Source::new("small.toml", "title = \"A\"\ntitel = \"B\"");
    /// let faults = Faults::default();
    /// let root = source.parse(&faults);
    /// let table = root.table(&faults);
    /// assert_eq!(table.string("title").map(|title| title.value).as_deref(), Some("A"));
    /// table.finish();
    /// assert_eq!(faults.into_sorted()[0].what, "unknown key `titel`");
    /// ```
    pub fn parse(&self, faults: &Faults) -> Root<'_, 'i> {
        let (table, errors) = DeTable::parse_recoverable(self.text);
        for error in errors {
            let place = self.place(error.span().map_or(0, |span| span.start));
            let message = error.message().lines().collect::<Vec<_>>().join(", ");
            faults.error(
                place,
                format!("this is not TOML: {message}"),
                "correct the syntax",
            );
        }
        Root {
            source: self,
            table: table.into_inner(),
        }
    }
}

/// Faults gathered while reading; shared so that every reader along the way can add to it.
#[derive(Debug, Default)]
pub struct Faults(RefCell<Vec<Fault>>);

impl Faults {
    /// Records a fault that must be mended.
    pub fn error(&self, place: Place, what: impl Into<String>, remedy: impl Into<String>) {
        self.0.borrow_mut().push(Fault::error(place, what, remedy));
    }

    /// All faults so far, in the order of their places.
    ///
    /// ```
    /// use cleartext::tables::{Faults, Source};
    ///
    /// let source = Source::new("small.toml", "a = 1\nb = 2");
    /// let faults = Faults::default();
    /// faults.error(source.place(6), "second", "mend it");
    /// faults.error(source.place(0), "first", "mend it");
    /// assert_eq!(faults.into_sorted()[0].what, "first");
    /// ```
    pub fn into_sorted(self) -> Vec<Fault> {
        let mut faults = self.0.into_inner();
        faults.sort_by(|a, b| a.place.cmp(&b.place));
        faults
    }
}

/// A parsed file: owns the values that its [`Table`]s look at.
#[derive(Debug)]
pub struct Root<'s, 'i> {
    source: &'s Source<'i>,
    table: DeTable<'i>,
}

impl<'i> Root<'_, 'i> {
    /// The file's outermost table.
    pub fn table<'a>(&'a self, faults: &'a Faults) -> Table<'a, 'i> {
        Table {
            source: self.source,
            faults,
            values: &self.table,
            start: 0,
            name: String::new(),
            asked: RefCell::default(),
            missing: RefCell::default(),
            dotted: String::new(),
        }
    }
}

/// One TOML table. Every key that is asked for counts as known; [`Table::finish`] reports the others.
#[derive(Debug)]
pub struct Table<'a, 'i> {
    source: &'a Source<'i>,
    faults: &'a Faults,
    values: &'a DeTable<'i>,
    start: usize,
    name: String,
    asked: RefCell<Vec<&'static str>>,
    missing: RefCell<Vec<(&'static str, String)>>,
    dotted: String,
}

/// What a value was expected to be, in words.
fn mismatch(key: &str, expected: &str, found: &DeValue<'_>) -> String {
    format!(
        "`{key}` is {}, not {expected}",
        with_article(found.type_str())
    )
}

fn with_article(noun: &str) -> String {
    let article = if noun.starts_with(['a', 'e', 'i', 'o', 'u']) {
        "an"
    } else {
        "a"
    };
    format!("{article} {noun}")
}

impl<'a, 'i> Table<'a, 'i> {
    /// Where the table begins.
    pub fn place(&self) -> Place {
        self.source.place(self.start)
    }

    /// Records a fault at `place`.
    pub fn fault(&self, place: Place, what: impl Into<String>, remedy: impl Into<String>) {
        self.faults.error(place, what, remedy);
    }

    fn value(&self, key: &'static str) -> Option<(&'a DeValue<'i>, Range<usize>)> {
        self.asked.borrow_mut().push(key);
        let value = self.values.get(key)?;
        Some((value.get_ref(), value.span()))
    }

    /// Notes a key that is not there; [`Table::finish`] tells it unless the key is there misspelt.
    fn missing(&self, key: &'static str, example: &str) {
        self.asked.borrow_mut().push(key);
        self.missing.borrow_mut().push((key, example.to_owned()));
    }

    /// Whether the key is there, readable or not.
    pub fn has(&self, key: &str) -> bool {
        self.values.contains_key(key)
    }

    /// Where the value of a key is written, for a caller that will not have the key here in any form.
    pub fn place_of(&self, key: &'static str) -> Option<Place> {
        if !self.has(key) {
            return None;
        }
        self.value(key)
            .map(|(_, span)| self.source.place(span.start))
    }

    /// A string that must be there; `example` is TOML to show where it is not.
    pub fn required_string(&self, key: &'static str, example: &str) -> Option<Located<String>> {
        if self.values.get(key).is_none() {
            self.missing(key, example);
            return None;
        }
        self.string(key)
    }

    /// A string, trimmed; an empty one is a fault.
    pub fn string(&self, key: &'static str) -> Option<Located<String>> {
        let (value, span) = self.value(key)?;
        self.as_string(key, value, span)
    }

    fn as_string(
        &self,
        key: &str,
        value: &DeValue<'i>,
        span: Range<usize>,
    ) -> Option<Located<String>> {
        let place = self.source.place(span.start);
        // What stands in for a value that is not TOML; that is a fault already.
        if span.is_empty() {
            return None;
        }
        let Some(text) = value.as_str() else {
            self.fault(
                place,
                mismatch(key, "a string", value),
                format!("write `{key}` in quotes"),
            );
            return None;
        };
        let text = text.trim();
        if text.is_empty() {
            self.fault(
                place,
                format!("`{key}` is empty"),
                "write a text or remove the key",
            );
            return None;
        }
        Some(Located {
            value: text.to_owned(),
            place,
        })
    }

    /// A string together with the raw text it was written as, so that a fault inside it can be placed exactly.
    ///
    /// ```
    /// use cleartext::tables::{Faults, Source};
    ///
    /// let source = Source::new("small.toml", "answer = 'Tall [@x].'");
    /// let faults = Faults::default();
    /// let root = source.parse(&faults);
    /// let table = root.table(&faults);
    /// let prose = table.prose("answer").expect("it is a string");
    /// assert_eq!(prose.place_of("[@x]").column, 16);
    /// ```
    pub fn prose(&self, key: &'static str) -> Option<Prose<'a>>
    where
        'i: 'a,
    {
        let (value, span) = self.value(key)?;
        let text = self.as_string(key, value, span.clone())?;
        Some(Prose {
            source: self.source,
            span,
            text: text.value,
            place: text.place,
        })
    }

    /// Prose that must be there.
    pub fn required_prose(&self, key: &'static str, example: &str) -> Option<Prose<'a>>
    where
        'i: 'a,
    {
        if self.values.get(key).is_none() {
            self.missing(key, example);
            return None;
        }
        self.prose(key)
    }

    /// A list of strings; faulty members are reported and left out.
    ///
    /// ```
    /// use cleartext::tables::{Faults, Source};
    ///
    /// let source = Source::new("small.toml", "ways = [\"one\", 2]");
    /// let faults = Faults::default();
    /// let root = source.parse(&faults);
    /// let table = root.table(&faults);
    /// let ways = table.strings("ways").expect("it is a list");
    /// assert_eq!(ways.len(), 1);
    /// assert_eq!(faults.into_sorted().len(), 1);
    /// ```
    pub fn strings(&self, key: &'static str) -> Option<Vec<Located<String>>> {
        let (value, span) = self.value(key)?;
        let Some(array) = value.as_array() else {
            self.fault(
                self.source.place(span.start),
                mismatch(key, "a list of strings", value),
                format!("write `{key} = [\"…\", \"…\"]`"),
            );
            return None;
        };
        Some(
            array
                .iter()
                .filter_map(|item| self.as_string(key, item.get_ref(), item.span()))
                .collect(),
        )
    }

    /// A truth value.
    pub fn boolean(&self, key: &'static str) -> Option<Located<bool>> {
        let (value, span) = self.value(key)?;
        let place = self.source.place(span.start);
        let Some(found) = value.as_bool() else {
            self.fault(
                place,
                mismatch(key, "a boolean", value),
                format!("write `{key} = true` or `{key} = false`"),
            );
            return None;
        };
        Some(Located {
            value: found,
            place,
        })
    }

    /// A number between 0 and 1, both included.
    ///
    /// ```
    /// use cleartext::tables::{Faults, Source};
    ///
    /// let source = Source::new("small.toml", "answer_at = 0.9\nsuggest_at = 7");
    /// let faults = Faults::default();
    /// let root = source.parse(&faults);
    /// let table = root.table(&faults);
    /// assert_eq!(table.fraction("answer_at").map(|at| at.value), Some(0.9));
    /// assert!(table.fraction("suggest_at").is_none());
    /// ```
    pub fn fraction(&self, key: &'static str) -> Option<Located<f32>> {
        let (value, span) = self.value(key)?;
        let place = self.source.place(span.start);
        let number = match value {
            DeValue::Float(number) => number.as_str().parse::<f32>().ok(),
            DeValue::Integer(number) => number.as_str().parse::<f32>().ok(),
            DeValue::String(_)
            | DeValue::Boolean(_)
            | DeValue::Datetime(_)
            | DeValue::Array(_)
            | DeValue::Table(_) => None,
        };
        match number {
            Some(value) if (0.0..=1.0).contains(&value) => Some(Located { value, place }),
            _ => {
                self.fault(
                    place,
                    format!("`{key}` is not a number from 0 to 1"),
                    format!("write for example `{key} = 0.8`"),
                );
                None
            }
        }
    }

    /// A full calendar date, written bare.
    pub fn date(&self, key: &'static str) -> Option<Located<NaiveDate>> {
        let (value, span) = self.value(key)?;
        let place = self.source.place(span.start);
        let date = value.as_datetime().and_then(calendar_date);
        if date.is_none() {
            self.fault(
                place.clone(),
                format!("`{key}` is not a calendar date"),
                format!("write for example `{key} = 2024-04-21`, without quotes"),
            );
        }
        date.map(|value| Located { value, place })
    }

    /// A date as a bare date, or as much of one as is known in quotes: the caller reads the text form.
    pub fn date_or_text(&self, key: &'static str) -> Option<Located<DateOrText>> {
        let (value, span) = self.value(key)?;
        let place = self.source.place(span.start);
        let found = match value {
            DeValue::Datetime(datetime) => calendar_date(datetime).map(DateOrText::Date),
            DeValue::String(text) => Some(DateOrText::Text(text.trim().to_owned())),
            DeValue::Integer(_)
            | DeValue::Float(_)
            | DeValue::Boolean(_)
            | DeValue::Array(_)
            | DeValue::Table(_) => None,
        };
        if found.is_none() {
            self.fault(
                place.clone(),
                format!("`{key}` is not a date"),
                format!("write `{key} = 2024-04-21`, or \"2024-04\" or \"2024\" in quotes where no more is known"),
            );
        }
        found.map(|value| Located { value, place })
    }

    /// A table within this one.
    pub fn table(&self, key: &'static str) -> Option<Table<'a, 'i>> {
        let (value, span) = self.value(key)?;
        let Some(values) = value.as_table() else {
            self.fault(
                self.source.place(span.start),
                mismatch(key, "a table", value),
                format!("write `[{key}]` on a line of its own"),
            );
            return None;
        };
        let dotted = format!("{}{key}.", self.dotted);
        Some(self.inner(
            values,
            span.start,
            format!("[{}{key}]", self.dotted),
            dotted,
        ))
    }

    /// The tables of a `[[key]]` list, in the order they are written.
    pub fn tables(&self, key: &'static str) -> Vec<Table<'a, 'i>> {
        let Some((value, span)) = self.value(key) else {
            return Vec::new();
        };
        let dotted = format!("{}{key}", self.dotted);
        let wrong = |at: usize, value: &DeValue<'_>| {
            self.fault(
                self.source.place(at),
                mismatch(key, "a list of tables", value),
                format!("write `[[{dotted}]]` on a line of its own before each"),
            );
        };
        let Some(array) = value.as_array() else {
            wrong(span.start, value);
            return Vec::new();
        };
        let mut tables = Vec::new();
        for item in array {
            match item.get_ref().as_table() {
                Some(values) => {
                    tables.push(self.inner(
                        values,
                        item.span().start,
                        format!("[[{dotted}]]"),
                        format!("{dotted}."),
                    ));
                }
                None => wrong(item.span().start, item.get_ref()),
            }
        }
        tables
    }

    fn inner(
        &self,
        values: &'a DeTable<'i>,
        start: usize,
        name: String,
        dotted: String,
    ) -> Table<'a, 'i> {
        Table {
            source: self.source,
            faults: self.faults,
            values,
            start,
            name,
            asked: RefCell::default(),
            missing: RefCell::default(),
            dotted,
        }
    }

    /// Reports every key that nobody asked for, and every required one that is not there in any spelling.
    ///
    /// Returns the keys that are there misspelt, so that a caller does not miss them as well.
    ///
    /// ```
    /// use cleartext::tables::{Faults, Source};
    ///
    /// let source = Source::new("small.toml", "titel = \"A\"");
    /// let faults = Faults::default();
    /// let root = source.parse(&faults);
    /// let table = root.table(&faults);
    /// assert!(table.required_string("title", "title = \"…\"").is_none());
    /// table.finish();
    /// assert_eq!(faults.into_sorted().len(), 1);
    /// ```
    pub fn finish(self) -> Vec<&'static str> {
        let asked = self.asked.borrow();
        let mut misspelt = Vec::new();
        for key in self.values.keys() {
            let name = key.get_ref();
            if asked.iter().any(|known| known == name) {
                continue;
            }
            let absent = asked
                .iter()
                .copied()
                .filter(|known| !self.values.contains_key(*known));
            let meant = suggestion(name, absent);
            misspelt.extend(meant);
            let within = if self.name.is_empty() {
                String::new()
            } else {
                format!(" in {}", self.name)
            };
            let remedy = match meant {
                Some(meant) => format!("write `{meant}`"),
                None if self.name.is_empty() => {
                    "remove it, or write it under the table it belongs to".to_owned()
                }
                None => format!("remove it; known here: {}", known_keys(&asked)),
            };
            self.faults.error(
                self.source.place(key.span().start),
                format!("unknown key `{name}`{within}"),
                remedy,
            );
        }
        for (key, example) in self
            .missing
            .borrow()
            .iter()
            .filter(|(key, _)| !misspelt.contains(key))
        {
            self.fault(
                self.place(),
                format!("{} has no `{key}`", self.name),
                format!("write `{key} = {example}`"),
            );
        }
        misspelt
    }
}

fn known_keys(asked: &[&str]) -> String {
    let mut keys: Vec<_> = asked.iter().map(|key| format!("`{key}`")).collect();
    keys.dedup();
    keys.join(", ")
}

/// The day of a TOML date that carries no time.
fn calendar_date(datetime: &Datetime) -> Option<NaiveDate> {
    if datetime.time.is_some() || datetime.offset.is_some() {
        return None;
    }
    let date = datetime.date?;
    NaiveDate::from_ymd_opt(date.year.into(), date.month.into(), date.day.into())
}

/// A date in one of the two ways it may be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DateOrText {
    /// A bare TOML date.
    Date(NaiveDate),
    /// Text in quotes.
    Text(String),
}

/// A string value that can tell the place of a part of it.
#[derive(Debug)]
pub struct Prose<'a> {
    source: &'a Source<'a>,
    span: Range<usize>,
    /// The text, trimmed.
    pub text: String,
    /// Where the string begins.
    pub place: Place,
}

impl Prose<'_> {
    /// The place of the first spot at which `part` is written, else the beginning of the string.
    ///
    /// TOML escapes and line continuations can tear a long part, so its first words are looked for as well.
    pub fn place_of(&self, part: &str) -> Place {
        let written = self.source.text.get(self.span.clone()).unwrap_or_default();
        let mut needle = part;
        loop {
            if let Some(at) = written.find(needle).filter(|_| !needle.is_empty()) {
                return self.source.place(self.span.start + at);
            }
            match needle.rsplit_once(' ') {
                Some((shorter, _)) => needle = shorter,
                None => return self.place.clone(),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn faults_of(text: &str, read: impl FnOnce(&Table<'_, '_>)) -> Vec<String> {
        let faults = Faults::default();
        let source = Source::new("a.toml", text);
        let root = source.parse(&faults);
        let table = root.table(&faults);
        read(&table);
        table.finish();
        faults
            .into_sorted()
            .iter()
            .map(ToString::to_string)
            .collect()
    }

    #[test]
    fn an_unknown_key_names_its_place_and_the_key_that_was_meant() {
        let found = faults_of("title = \"x\"\nedtion = \"1\"", |table| {
            table.string("title");
            table.string("edition");
        });
        assert_eq!(found, ["a.toml:2:1: unknown key `edtion`; write `edition`"]);
    }

    #[test]
    fn every_fault_of_a_file_is_told_in_one_run() {
        let found = faults_of(
            "a = 1\nb = \"\"\nc = 2024-13-01\nd = \"no\"\ne = 2\n[t]\nf = 1\n",
            |table| {
                table.string("a");
                table.string("b");
                table.boolean("d");
                table.fraction("e");
                table.required_string("g", "\"…\"");
                table.date("c");
                if let Some(inner) = table.table("t") {
                    inner.required_string("h", "\"…\"");
                    inner.finish();
                }
            },
        );
        let places: Vec<_> = found
            .iter()
            .map(|fault| fault.split(' ').next().unwrap_or_default())
            .collect();
        assert!(places.contains(&"a.toml:1:5:"), "{found:#?}");
        assert!(places.contains(&"a.toml:2:5:"), "{found:#?}");
        assert!(places.contains(&"a.toml:4:5:"), "{found:#?}");
        assert!(places.contains(&"a.toml:5:5:"), "{found:#?}");
        assert!(
            found.iter().any(|fault| fault.contains("[t] has no `h`")),
            "{found:#?}"
        );
    }

    #[test]
    fn the_place_of_a_sentence_inside_a_folded_string_is_found() {
        let text = "answer = \"\"\"\nFirst one. \\\nSecond one is here.\"\"\"";
        let faults = Faults::default();
        let source = Source::new("a.toml", text);
        let root = source.parse(&faults);
        let table = root.table(&faults);
        let prose = table.prose("answer").expect("the text has an answer");
        assert_eq!(
            prose.place_of("Second one is here.").to_string(),
            "a.toml:3:1"
        );
        assert_eq!(
            prose.place_of("First one. Second one").to_string(),
            "a.toml:2:1"
        );
        assert_eq!(prose.place_of("absent").to_string(), "a.toml:1:10");
    }

    #[test]
    fn columns_count_characters_not_bytes() {
        assert_eq!(Source::new("a", "é\nüx").place(5).to_string(), "a:2:2");
        assert_eq!(Source::new("a", "").place(99).to_string(), "a:1:1");
    }

    #[test]
    fn a_word_outside_a_list_gets_the_list_or_the_near_word() {
        assert_eq!(one_of("primry", ["primary", "court"]), "write `primary`");
        assert_eq!(
            one_of("zzz", ["primary", "court", "law"]),
            "write `primary`, `court` or `law`"
        );
    }
}
