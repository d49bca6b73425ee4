//! TOML files to knowledge: structure, ids and citations. What passes here can be served.
//!
//! All files are read to their end, whatever is wrong in them, so that one run tells every fault.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use super::references::{self, Noun};
use super::text::Citation;
use super::{
    CitedText, Entry, EntryId, Kind, Knowledge, Position, PublishedDate, Side, Source, SourceId,
    Topic, TopicId,
};
use crate::tables::{self, Fault, Faults, Located, Place, Prose, Table, one_of};

/// A file of a knowledge folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// Its name relative to the folder, with `/` between folders.
    pub name: String,
    /// Its whole text.
    pub text: String,
}

/// Everything that could be read, with the places where it is written, faulty or not.
#[derive(Clone, Debug)]
pub struct Draft {
    pub(super) manifest: Manifest,
    pub(super) topics: Vec<Located<Topic>>,
    pub(super) sources: Vec<SourceDraft>,
    pub(super) entries: Vec<EntryDraft>,
    pub(super) synonyms: Vec<Vec<String>>,
    /// Groups of questions that no entry answers.
    pub(super) foreign: Vec<Vec<Located<String>>>,
    /// Sources cited anywhere, also in texts that were refused for other reasons.
    pub(super) cited: BTreeSet<SourceId>,
    faults: Vec<Fault>,
}

#[derive(Clone, Debug, Default)]
pub(super) struct Manifest {
    title: Option<String>,
    edition: Option<String>,
    language: Option<String>,
}

#[derive(Clone, Debug)]
pub(super) struct SourceDraft {
    pub(super) source: Source,
    pub(super) place: Place,
}

/// An entry as far as it could be read. Fields that are required are `None` or empty where they were at fault.
#[derive(Clone, Debug)]
pub(super) struct EntryDraft {
    pub(super) place: Place,
    pub(super) id: Option<Located<EntryId>>,
    pub(super) topic: Option<Located<TopicId>>,
    pub(super) question: Option<Located<String>>,
    pub(super) phrasings: Option<Vec<Located<String>>>,
    pub(super) answer: Option<ProseDraft>,
    pub(super) detail: Option<ProseDraft>,
    pub(super) as_of: Option<Located<NaiveDate>>,
    pub(super) review_by: Option<Located<NaiveDate>>,
    pub(super) see_also: Vec<Located<EntryId>>,
    pub(super) positions: Vec<PositionDraft>,
}

#[derive(Clone, Debug)]
pub(super) struct ProseDraft {
    pub(super) text: CitedText,
    pub(super) place: Place,
}

#[derive(Clone, Debug)]
pub(super) struct PositionDraft {
    pub(super) place: Place,
    pub(super) holder: Option<String>,
    pub(super) side: Option<Side>,
    pub(super) text: Option<ProseDraft>,
}

/// Reads files that together make up one knowledge folder; tables mean the same in any of them.
///
/// ```
/// use cleartext::knowledge::{File, parse};
///
/// let text = "titel = \"The lighthouse\"".to_owned();
/// let draft = parse(&[File { name: "manifest.toml".to_owned(), text }]);
/// assert!(draft.faults().iter().any(|fault| fault.remedy == "write `title`"));
/// ```
pub fn parse(files: &[File]) -> Draft {
    let faults = Faults::default();
    let mut reader = Reader::default();
    for file in files {
        let source = tables::Source::new(&file.name, &file.text);
        let root = source.parse(&faults);
        let table = root.table(&faults);
        reader.file(&table);
        reader.written.extend(table.finish());
    }
    reader.finish(files, faults)
}

/// What has been read so far, over all files.
#[derive(Default)]
pub(super) struct Reader {
    manifest: BTreeMap<&'static str, Located<String>>,
    /// Keys of the manifest that are there, readable or not.
    written: BTreeSet<&'static str>,
    pub(super) topics: Vec<Located<Topic>>,
    pub(super) sources: Vec<SourceDraft>,
    pub(super) entries: Vec<EntryDraft>,
    synonyms: Vec<Vec<String>>,
    foreign: Vec<Vec<Located<String>>>,
    pub(super) cited: BTreeMap<SourceId, CitedAt>,
    /// What some table has whose id could not be read: what seems to be missing may be there.
    pub(super) nameless: BTreeSet<Noun>,
}

/// Where a source is first cited, and whether somewhere without a locator.
pub(super) struct CitedAt {
    pub(super) first: Place,
    pub(super) without_locator: Vec<Place>,
}

impl Reader {
    fn file(&mut self, table: &Table<'_, '_>) {
        for key in ["title", "edition", "language"] {
            if table.has(key) {
                self.written.insert(key);
            }
            let Some(found) = table.string(key) else {
                continue;
            };
            if let Some(before) = self.manifest.get(key) {
                let what = format!("`{key}` is given a second time (first at {})", before.place);
                table.fault(found.place, what, "keep one of them");
            } else {
                self.manifest.insert(key, found);
            }
        }
        for topic in table.tables("topic") {
            self.topic(&topic);
            topic.finish();
        }
        for source in table.tables("source") {
            self.source(&source);
            source.finish();
        }
        for entry in table.tables("entry") {
            self.entry(&entry);
            entry.finish();
        }
        for group in table.tables("group") {
            self.group(&group);
            group.finish();
        }
        for foreign in table.tables("foreign") {
            self.foreign(&foreign);
            foreign.finish();
        }
    }

    fn topic(&mut self, table: &Table<'_, '_>) {
        let id = id_of(
            table,
            table.required_string("id", "\"statement\""),
            TopicId::new,
        );
        let title = table.required_string("title", "\"The statement\"");
        let summary = table.required_string("summary", "\"One sentence on what the topic holds.\"");
        // Half a topic is kept, so that naming it is not reported as well; its own faults refuse the folder.
        let text =
            |found: Option<Located<String>>| found.map(|found| found.value).unwrap_or_default();
        let Some(id) = id else {
            self.nameless.insert(Noun::Topic);
            return;
        };
        let topic = Topic {
            id: id.value,
            title: text(title),
            summary: text(summary),
        };
        self.topics.push(Located {
            value: topic,
            place: id.place,
        });
    }

    fn source(&mut self, table: &Table<'_, '_>) {
        let id = id_of(
            table,
            table.required_string("id", "\"nca-statement-2024\""),
            SourceId::new,
        );
        let title = table.required_string("title", "\"…\"");
        let publisher = table.required_string("publisher", "\"…\"");
        let kind = table
            .required_string("kind", "\"primary\"")
            .and_then(|kind| word(table, &kind, "kind", Kind::parse, Kind::WORDS));
        let side = table
            .required_string("side", "\"press\"")
            .and_then(|side| word(table, &side, "side", Side::parse, Side::WORDS));
        let date = table.date_or_text("published").and_then(|written| {
            let read = PublishedDate::try_from(written.value).ok();
            if read.is_none() {
                let remedy = "write `published = 2024-04-21`, or \"2024-04\" or \"2024\" in quotes where no more is known";
                table.fault(written.place, "`published` is not a date", remedy);
            }
            read
        });
        let url = https(table, "url");
        let archive = https(table, "archive");
        let author = table.string("author").map(|author| author.value);
        let language = table
            .string("language")
            .map_or_else(|| "en".to_owned(), |language| language.value);
        let note = table.string("note").map(|note| note.value);
        let parts = table.boolean("parts").is_none_or(|parts| parts.value);
        let Some(id) = id else {
            self.nameless.insert(Noun::Source);
            return;
        };
        // Half a source is kept with stand-ins, as with topics.
        let text =
            |found: Option<Located<String>>| found.map(|found| found.value).unwrap_or_default();
        let source = Source {
            id: id.value,
            title: text(title),
            publisher: text(publisher),
            author,
            published: date,
            url,
            archive,
            kind: kind.unwrap_or(Kind::Reporting),
            side: side.unwrap_or(Side::Press),
            language,
            note,
            parts,
        };
        self.sources.push(SourceDraft {
            source,
            place: id.place,
        });
    }

    fn entry(&mut self, table: &Table<'_, '_>) {
        let id = id_of(
            table,
            table.required_string("id", "\"monthly-safeguarding\""),
            EntryId::new,
        );
        if id.is_none() {
            self.nameless.insert(Noun::Entry);
        }
        let topic = id_of(
            table,
            table.required_string("topic", "\"statement\""),
            TopicId::new,
        );
        let question = table.required_string("question", "\"…?\"");
        let phrasings = table.strings("phrasings");
        let answer = table
            .required_prose("answer", "\"… [@source-id, para. 1].\"")
            .map(|prose| self.prose(table, &prose));
        let detail = table.prose("detail").map(|prose| self.prose(table, &prose));
        let as_of = table.date("as_of");
        let review_by = table.date("review_by");
        let see_also = table.strings("see_also").unwrap_or_default();
        let see_also = see_also
            .into_iter()
            .filter_map(|written| id_of(table, Some(written), EntryId::new))
            .collect();
        let disputed = table.boolean("disputed");
        let mut positions = Vec::new();
        for position in table.tables("position") {
            positions.push(PositionDraft {
                place: position.place(),
                holder: position
                    .required_string("holder", "\"Internet Watch Foundation\"")
                    .map(|holder| holder.value),
                side: position
                    .required_string("side", "\"child-protection\"")
                    .and_then(|side| word(&position, &side, "side", Side::parse, Side::WORDS)),
                text: position
                    .required_prose("text", "\"… [@source-id, para. 1].\"")
                    .map(|prose| self.prose(&position, &prose)),
            });
            position.finish();
        }
        check_sides(table, disputed.as_ref(), &positions);
        self.entries.push(EntryDraft {
            place: table.place(),
            id,
            topic,
            question,
            phrasings,
            answer,
            detail,
            as_of,
            review_by,
            see_also,
            positions,
        });
    }

    fn group(&mut self, table: &Table<'_, '_>) {
        table.string("note");
        let words: Vec<_> = table
            .strings("words")
            .unwrap_or_default()
            .into_iter()
            .map(|word| word.value)
            .collect();
        if words.len() < 2 {
            table.fault(
                table.place(),
                "a [[group]] holds fewer than two words",
                "write `words = [\"e2ee\", \"end-to-end encryption\"]`",
            );
        } else {
            self.synonyms.push(words);
        }
    }

    fn foreign(&mut self, table: &Table<'_, '_>) {
        table.string("about");
        let questions = table.strings("questions").unwrap_or_default();
        if questions.is_empty() {
            table.fault(
                table.place(),
                "a [[foreign]] holds no questions",
                "write `questions = [\"what is the weather\", \"will it rain\"]`",
            );
        } else {
            self.foreign.push(questions);
        }
    }

    /// Takes prose apart and holds it to the first promise: a citation in every sentence.
    fn prose(&mut self, table: &Table<'_, '_>, prose: &Prose<'_>) -> ProseDraft {
        let (text, faults) = CitedText::parse(&prose.text);
        let whole = faults.is_empty();
        for fault in faults {
            table.fault(prose.place_of(&fault.written), fault.what, fault.remedy);
        }
        for Citation { source, locator } in text.citations() {
            let place = prose.place_of(&format!("@{source}"));
            let cited = self.cited.entry(source.clone()).or_insert_with(|| CitedAt {
                first: place.clone(),
                without_locator: Vec::new(),
            });
            if locator.is_none() {
                cited.without_locator.push(place);
            }
        }
        for sentence in text
            .sentences()
            .iter()
            .filter(|sentence| whole && sentence.citations.is_empty())
        {
            table.fault(
                prose.place_of(&sentence.text),
                format!(
                    "a sentence without a citation: “{}”",
                    shorten(&sentence.text)
                ),
                "write `[@source-id, locator]` before its full stop",
            );
        }
        ProseDraft {
            text,
            place: prose.place.clone(),
        }
    }

    /// The faults that only the whole folder shows.
    fn finish(self, files: &[File], faults: Faults) -> Draft {
        let start = |file: Option<&File>| Place {
            file: file
                .map_or("manifest.toml", |file| file.name.as_str())
                .into(),
            line: 1,
            column: 1,
        };
        let manifest = files
            .iter()
            .find(|file| file.name.ends_with("manifest.toml"))
            .or(files.first());
        for (key, example) in [
            ("title", "The …"),
            ("edition", "2026.11"),
            ("language", "en"),
        ] {
            if !self.written.contains(key) {
                let what = format!("the knowledge has no `{key}`");
                faults.error(
                    start(manifest),
                    what,
                    format!("write `{key} = \"{example}\"` in manifest.toml"),
                );
            }
        }
        if self.entries.is_empty() {
            faults.error(
                start(files.first()),
                "the knowledge has no entries",
                "write an `[[entry]]`",
            );
        }
        references::check(&self, &faults);
        Draft {
            manifest: Manifest {
                title: self.manifest.get("title").map(|found| found.value.clone()),
                edition: self
                    .manifest
                    .get("edition")
                    .map(|found| found.value.clone()),
                language: self
                    .manifest
                    .get("language")
                    .map(|found| found.value.clone()),
            },
            topics: self.topics,
            sources: self.sources,
            entries: self.entries,
            synonyms: self.synonyms,
            foreign: self.foreign,
            cited: self.cited.into_keys().collect(),
            faults: faults.into_sorted(),
        }
    }
}

impl Draft {
    /// The structural faults found while reading, in the order of their places.
    pub fn faults(&self) -> &[Fault] {
        &self.faults
    }

    /// Where an entry begins.
    ///
    /// ```
    /// use cleartext::knowledge::EntryId;
    /// use cleartext::library;
    ///
    /// # let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/discord");
    /// let draft = library::draft(Some(path.as_ref()))?;
    /// let id = EntryId::new("how-tall").expect("it has the form of an id");
    /// assert!(draft.entry_place(&id).is_some_and(|place| place.line >= 1));
    /// # Ok::<(), cleartext::library::LoadError>(())
    /// ```
    pub fn entry_place(&self, entry: &EntryId) -> Option<&Place> {
        self.drafted(entry).map(|draft| &draft.place)
    }

    /// Where a phrasing of an entry is written.
    pub fn phrasing_place(&self, entry: &EntryId, phrasing: &str) -> Option<&Place> {
        self.drafted(entry)?
            .phrasings
            .iter()
            .flatten()
            .find(|written| written.value == phrasing)
            .map(|written| &written.place)
    }

    fn drafted(&self, entry: &EntryId) -> Option<&EntryDraft> {
        self.entries
            .iter()
            .find(|draft| draft.id.as_ref().is_some_and(|id| id.value == *entry))
    }

    /// The knowledge, or every structural fault if there is any.
    ///
    /// ```
    /// use cleartext::library;
    ///
    /// # let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/discord");
    /// let draft = library::draft(Some(path.as_ref()))?;
    /// let knowledge = draft.into_knowledge().expect("it has no faults");
    /// assert_eq!(knowledge.title, "The lighthouse dispute");
    /// # Ok::<(), cleartext::library::LoadError>(())
    /// ```
    pub fn into_knowledge(self) -> Result<Knowledge, Vec<Fault>> {
        if !self.faults.is_empty() {
            return Err(self.faults);
        }
        let entries: Option<Vec<_>> = self
            .entries
            .into_iter()
            .map(EntryDraft::into_entry)
            .collect();
        let (Some(title), Some(edition), Some(language), Some(entries)) = (
            self.manifest.title,
            self.manifest.edition,
            self.manifest.language,
            entries,
        ) else {
            unreachable!("whatever is missing was recorded as a fault above")
        };
        Ok(Knowledge {
            title,
            edition,
            language,
            topics: self.topics.into_iter().map(|topic| topic.value).collect(),
            sources: self.sources.into_iter().map(|draft| draft.source).collect(),
            entries,
            synonyms: self.synonyms,
            foreign: self
                .foreign
                .into_iter()
                .map(|group| group.into_iter().map(|found| found.value).collect())
                .collect(),
        })
    }
}

impl EntryDraft {
    fn into_entry(self) -> Option<Entry> {
        let positions: Option<Vec<_>> = self
            .positions
            .into_iter()
            .map(|draft| {
                Some(Position {
                    holder: draft.holder?,
                    side: draft.side?,
                    text: draft.text?.text,
                })
            })
            .collect();
        Some(Entry {
            id: self.id?.value,
            topic: self.topic?.value,
            question: self.question?.value,
            phrasings: self
                .phrasings
                .unwrap_or_default()
                .into_iter()
                .map(|phrasing| phrasing.value)
                .collect(),
            answer: self.answer?.text,
            detail: self.detail.map(|detail| detail.text),
            as_of: self.as_of.map(|date| date.value),
            review_by: self.review_by.map(|date| date.value),
            see_also: self.see_also.into_iter().map(|near| near.value).collect(),
            positions: positions?,
        })
    }
}

/// Both sides: a disputed entry lets at least two speak, another lets none.
fn check_sides(
    table: &Table<'_, '_>,
    disputed: Option<&Located<bool>>,
    positions: &[PositionDraft],
) {
    match disputed {
        Some(disputed) if disputed.value => {
            // A side that could not be read has its own fault.
            let unreadable = positions.iter().any(|position| position.side.is_none());
            let sides: BTreeSet<_> = positions
                .iter()
                .filter_map(|position| position.side)
                .collect();
            if sides.len() < 2 && !unreadable {
                table.fault(
                    disputed.place.clone(),
                    format!(
                        "a disputed entry with positions of {} side{}",
                        sides.len(),
                        if sides.len() == 1 { "" } else { "s" }
                    ),
                    "write an `[[entry.position]]` for each of at least two sides",
                );
            }
        }
        Some(_) | None => {
            if let Some(position) = positions.first() {
                table.fault(
                    position.place.clone(),
                    "a position in an entry that is not disputed",
                    "write `disputed = true` in the entry",
                );
            }
        }
    }
}

/// Reads an id.
fn id_of<T>(
    table: &Table<'_, '_>,
    written: Option<Located<String>>,
    new: fn(&str) -> Result<T, super::IdError>,
) -> Option<Located<T>> {
    let written = written?;
    match new(&written.value) {
        Ok(value) => Some(Located {
            value,
            place: written.place,
        }),
        Err(why) => {
            let what = format!("`{}` is not an id: {why}", written.value);
            table.fault(
                written.place,
                what,
                format!("write for example `{}`", slug(&written.value)),
            );
            None
        }
    }
}

/// The nearest valid id to a text that is none.
fn slug(text: &str) -> String {
    let lowered = text.to_lowercase();
    let words: Vec<_> = lowered
        .split(|character: char| !character.is_ascii_alphanumeric())
        .filter(|word| !word.is_empty())
        .collect();
    let slug: String = words.join("-").chars().take(super::LONGEST_ID).collect();
    if slug.is_empty() {
        "an-id".to_owned()
    } else {
        slug.trim_end_matches('-').to_owned()
    }
}

fn word<T>(
    table: &Table<'_, '_>,
    written: &Located<String>,
    key: &str,
    parse: fn(&str) -> Option<T>,
    words: &'static [&'static str],
) -> Option<T> {
    let parsed = parse(&written.value);
    if parsed.is_none() {
        let what = format!("`{}` is not a {key}", written.value);
        table.fault(
            written.place.clone(),
            what,
            one_of(&written.value, words.iter().copied()),
        );
    }
    parsed
}

/// An https address without white space or brackets, which would break a link in a reply.
fn https(table: &Table<'_, '_>, key: &'static str) -> Option<String> {
    let written = table.string(key)?;
    let host = written.value.strip_prefix("https://").unwrap_or_default();
    let safe = |character: char| {
        !character.is_whitespace() && !character.is_control() && !"<>\"\\^`{|}".contains(character)
    };
    if host.is_empty() || host.starts_with('/') || !host.chars().all(safe) {
        let remedy = match written.value.strip_prefix("http://") {
            Some(rest) => format!("write `{key} = \"https://{rest}\"`"),
            None => format!(
                "write a full address such as `{key} = \"https://example.org/page\"`, or leave the key out"
            ),
        };
        table.fault(
            written.place,
            format!("`{key}` is not an https address"),
            remedy,
        );
        return None;
    }
    Some(written.value)
}

/// The first words of a sentence, enough to recognise it.
fn shorten(text: &str) -> String {
    let mut words = text.split_whitespace();
    let mut short = words.by_ref().take(8).collect::<Vec<_>>().join(" ");
    if words.next().is_some() {
        short.push('…');
    }
    short
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOUND: &str = r#"
title = "T"
edition = "1"
language = "en"
[[topic]]
id = "statement"
title = "The statement"
summary = "What was said."
[[source]]
id = "nca-2024"
title = "Statement"
publisher = "NCA"
published = 2024-04-21
url = "https://example.org/statement"
kind = "primary"
side = "law-enforcement"
[[entry]]
id = "count"
topic = "statement"
question = "How many chiefs signed?"
phrasings = ["number of signatories"]
answer = "Thirty-two did [@nca-2024, para. 2]."
"#;

    fn faults(text: &str) -> Vec<String> {
        let file = File {
            name: "k.toml".to_owned(),
            text: text.to_owned(),
        };
        parse(&[file])
            .faults()
            .iter()
            .map(ToString::to_string)
            .collect()
    }

    #[test]
    fn sound_knowledge_is_read_whole() {
        let file = File {
            name: "k.toml".to_owned(),
            text: SOUND.to_owned(),
        };
        let knowledge = parse(&[file]).into_knowledge().expect("the text is sound");
        assert_eq!(knowledge.entries[0].answer.plain(), "Thirty-two did.");
        assert_eq!(knowledge.sources[0].kind, Kind::Primary);
    }

    #[test]
    fn tables_mean_the_same_in_any_file() {
        let (head, tail) = SOUND
            .split_once("[[source]]")
            .expect("the text has a source");
        let file = |name: &str, text: String| File {
            name: name.to_owned(),
            text,
        };
        let files = [
            file("z.toml", head.to_owned()),
            file("a.toml", format!("[[source]]{tail}")),
        ];
        assert!(parse(&files).faults().is_empty());
    }

    /// Each case changes one thing in sound knowledge and gets exactly one fault.
    #[test]
    fn each_fault_is_told_once_with_its_place_and_remedy() {
        let cases = [
            ("topic = \"st", "topik = \"st"),
            ("title = \"T\"\n", ""),
            ("title = \"T\"", "title = 3"),
            ("title = \"T\"", "title ="),
            ("edition = \"1\"", "edition = \"1\"\ncolour = \"red\""),
            ("id = \"statement\"", "id = \"The Statement\""),
            ("summary = \"What was said.\"\n", ""),
            ("published = 2024-04-21", "published = \"April\""),
            ("url = \"https:", "url = \"http:"),
            ("https://example.org/statement", "see the library"),
            ("kind = \"primary\"", "kind = \"primry\""),
            ("side = \"law-enforcement\"", "side = \"police\""),
            ("topic = \"statement\"", "topic = \"statment\""),
            ("question = \"How many chiefs signed?\"\n", ""),
            ("answer = ", "see_also = [\"cuont\"]\nanswer = "),
            ("answer = ", "see_also = [\"count\"]\nanswer = "),
            ("[@nca-2024, para. 2]", "[@nca-2023, para. 2]"),
            ("[@nca-2024, para. 2]", "[@nca-2024]"),
            ("[@nca-2024, para. 2]", "[nca-2024, para. 2]"),
            ("[@nca-2024, para. 2]", "[@nca-2024, para. 2"),
            ("para. 2].", "para. 2]. Nobody knows who."),
            ("answer = ", "as_of = \"2024-04-21\"\nanswer = "),
            ("answer = ", "disputed = \"yes\"\nanswer = "),
            ("answer = ", "disputed = true\nanswer = "),
            (
                "phrasings = [\"number of signatories\"]",
                "phrasings = \"number of signatories\"",
            ),
            ("[[entry]]", "[[group]]\nwords = [\"e2ee\"]\n[[entry]]"),
        ];
        let told: Vec<_> = cases
            .iter()
            .flat_map(|(from, to)| {
                assert!(SOUND.contains(from), "{from} stands in the sound text");
                let found = faults(&SOUND.replacen(from, to, 1));
                assert_eq!(found.len(), 1, "{from} -> {to}: {found:#?}");
                found
            })
            .collect();
        insta::assert_snapshot!(told.join("\n"), @r#"
        k.toml:19:1: unknown key `topik` in [[entry]]; write `topic`
        k.toml:1:1: the knowledge has no `title`; write `title = "The …"` in manifest.toml
        k.toml:2:9: `title` is an integer, not a string; write `title` in quotes
        k.toml:2:8: this is not TOML: string values must be quoted, expected literal string; correct the syntax
        k.toml:4:1: unknown key `colour`; remove it, or write it under the table it belongs to
        k.toml:6:6: `The Statement` is not an id: an id is lowercase words and digits joined by single hyphens; write for example `the-statement`
        k.toml:5:1: [[topic]] has no `summary`; write `summary = "One sentence on what the topic holds."`
        k.toml:13:13: `published` is not a date; write `published = 2024-04-21`, or "2024-04" or "2024" in quotes where no more is known
        k.toml:14:7: `url` is not an https address; write `url = "https://example.org/statement"`
        k.toml:14:7: `url` is not an https address; write a full address such as `url = "https://example.org/page"`, or leave the key out
        k.toml:15:8: `primry` is not a kind; write `primary`
        k.toml:16:8: `police` is not a side; write `law-enforcement`, `government`, `industry`, `civil-society`, `child-protection`, `academia`, `court`, `press` or `international`
        k.toml:19:9: there is no topic `statment`; write `statement`
        k.toml:17:1: [[entry]] has no `question`; write `question = "…?"`
        k.toml:22:13: there is no entry `cuont`; write `count`
        k.toml:22:13: `count` sees itself; remove it from `see_also`
        k.toml:22:27: there is no source `nca-2023`; write `nca-2024`
        k.toml:22:27: `@nca-2024` is cited without a locator; write for example `[@nca-2024, para. 1]`, or `parts = false` in the source if it has none
        k.toml:22:11: a sentence without a citation: “Thirty-two did [nca-2024, para. 2].”; write `[@source-id, locator]` before its full stop
        k.toml:22:26: a citation bracket is not closed; write `[@source-id, locator]`
        k.toml:22:48: a sentence without a citation: “Nobody knows who.”; write `[@source-id, locator]` before its full stop
        k.toml:22:9: `as_of` is not a calendar date; write for example `as_of = 2024-04-21`, without quotes
        k.toml:22:12: `disputed` is a string, not a boolean; write `disputed = true` or `disputed = false`
        k.toml:22:12: a disputed entry with positions of 0 sides; write an `[[entry.position]]` for each of at least two sides
        k.toml:21:13: `phrasings` is a string, not a list of strings; write `phrasings = ["…", "…"]`
        k.toml:17:1: a [[group]] holds fewer than two words; write `words = ["e2ee", "end-to-end encryption"]`
        "#);
    }

    #[test]
    fn an_id_is_used_once() {
        let (_, entry) = SOUND
            .split_once("[[entry]]")
            .expect("the text has an entry");
        let twice = format!("{SOUND}[[entry]]{entry}");
        assert_eq!(
            faults(&twice),
            [
                "k.toml:24:6: the entry id `count` is used a second time (first at k.toml:18:6); give one of them another id"
            ]
        );
    }
}
