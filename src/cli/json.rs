//! Answers for machines: the fields of `ask --json`, their names and their order are a contract.
//!
//! New fields may be added at the end of an object; none is renamed, moved or left out.

use chrono::NaiveDate;
use serde::Serialize;

use super::Failure;
use crate::answering::{Answer, EntryId, Kind, Mark, PublishedDate, Reply, Side, SourceId};

/// What `ask --json` prints.
#[derive(Debug, Serialize)]
pub(super) struct AnswerJson<'a> {
    question: &'a str,
    outcome: &'static str,
    confidence: f32,
    entry: Option<&'a EntryId>,
    candidates: Vec<CandidateJson<'a>>,
    reply: Option<ReplyJson<'a>>,
}

#[derive(Debug, Serialize)]
struct CandidateJson<'a> {
    entry: &'a EntryId,
    question: &'a str,
    confidence: f32,
}

#[derive(Debug, Serialize)]
struct ReplyJson<'a> {
    title: &'a str,
    body: String,
    positions: Vec<PositionJson<'a>>,
    citations: Vec<CitationJson<'a>>,
    notes: Vec<String>,
    see_also: Vec<&'a EntryId>,
    detail: Option<String>,
}

#[derive(Debug, Serialize)]
struct PositionJson<'a> {
    holder: &'a str,
    side: Side,
    body: String,
}

#[derive(Debug, Serialize)]
struct CitationJson<'a> {
    mark: Mark,
    source: &'a SourceId,
    locator: Option<&'a str>,
    title: &'a str,
    publisher: &'a str,
    published: Option<PublishedDate>,
    url: Option<&'a str>,
    kind: Kind,
}

impl<'a> AnswerJson<'a> {
    /// The answer to `question` as it stands on the day `today`.
    pub(super) fn new(question: &'a str, answer: &'a Answer, today: NaiveDate) -> Self {
        let (outcome, found) = match answer {
            Answer::Found(found) => ("found", Some(found)),
            Answer::Choose(_) => ("choose", None),
            Answer::Unknown(_) => ("unknown", None),
        };
        Self {
            question,
            outcome,
            confidence: answer.confidence(),
            entry: found.map(|found| &found.reply.entry),
            candidates: answer
                .candidates()
                .iter()
                .map(|candidate| CandidateJson {
                    entry: &candidate.reply.entry,
                    question: &candidate.reply.title,
                    confidence: candidate.confidence,
                })
                .collect(),
            reply: found.map(|found| ReplyJson::new(&found.reply, today)),
        }
    }
}

impl<'a> ReplyJson<'a> {
    fn new(reply: &'a Reply, today: NaiveDate) -> Self {
        Self {
            title: &reply.title,
            body: reply.body.to_string(),
            positions: reply
                .positions
                .iter()
                .map(|position| PositionJson {
                    holder: &position.holder,
                    side: position.side,
                    body: position.body.to_string(),
                })
                .collect(),
            citations: reply
                .citations
                .iter()
                .map(|citation| CitationJson {
                    mark: citation.mark,
                    source: &citation.source,
                    locator: citation.locator.as_deref(),
                    title: &citation.title,
                    publisher: &citation.publisher,
                    published: citation.published,
                    url: citation.url.as_deref(),
                    kind: citation.kind,
                })
                .collect(),
            notes: reply.notes(today),
            see_also: reply.see_also.iter().map(|near| &near.entry).collect(),
            detail: reply.detail.as_ref().map(ToString::to_string),
        }
    }
}

/// JSON with a line feed: on several lines for people, on one for pipes.
pub(super) fn text(value: &impl Serialize, audience: Audience) -> Result<String, Failure> {
    let text = match audience {
        Audience::Person => serde_json::to_string_pretty(value),
        Audience::Program => serde_json::to_string(value),
    };
    let text =
        text.map_err(|error| Failure(format!("the answer cannot be written as JSON: {error}")))?;
    Ok(escape_controls(&text) + "\n")
}

/// Who reads the JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Audience {
    /// Somebody at a terminal.
    Person,
    /// What stands behind a pipe.
    Program,
}

/// JSON lets DEL and the C1 controls stand raw in a string, but some terminals obey them.
fn escape_controls(json: &str) -> String {
    let mut escaped = String::with_capacity(json.len());
    for character in json.chars() {
        if character.is_control() && character != '\n' {
            escaped.extend(format!("\\u{:04x}", u32::from(character)).chars());
        } else {
            escaped.push(character);
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_control_character_is_written_raw() {
        let question = "a\u{1b}[31m\u{9b}31m\u{7f}é\n";
        let written = text(&question, Audience::Program).expect("a string can be written");
        assert_eq!(written, "\"a\\u001b[31m\\u009b31m\\u007fé\\n\"\n");
        let read: String = serde_json::from_str(&written).expect("it is still JSON");
        assert_eq!(read, question);
    }
}
