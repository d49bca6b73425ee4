//! An answer as text for people: title, text with marks, positions, numbered sources, what is near.
//!
//! It shows what the answer holds and nothing else; no colour carries meaning by itself.

use std::collections::BTreeSet;

use chrono::NaiveDate;

use super::terminal::{Look, Page};
use crate::answering::{
    Answer, Candidate, Mark, MarkedText, Reply, ReplyCitation, Span, Topic, percent,
};

/// How much of an entry is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Extent {
    /// The answer.
    Brief,
    /// The answer and its detail.
    Full,
}

/// The sentence for what nothing answers; the same for every reason.
pub(super) const NOT_IN_THE_FILE: &str = "This is not in the file.";

/// An answer as `ask` prints it.
pub(super) fn answer(answer: &Answer, extent: Extent, today: NaiveDate, look: Look) -> String {
    let mut page = Page::new(look);
    match answer {
        Answer::Found(found) => {
            entry(&mut page, &found.reply, extent, today);
            related(&mut page, &found.reply, Numbered::No);
            confidence(&mut page, &found.reply, Some(found.confidence));
        }
        Answer::Choose(choice) => {
            choose(&mut page, &choice.candidates, Numbered::No);
            page.gap();
            page.aside("Ask again with one of these questions, or with the name in brackets.");
        }
        Answer::Unknown(unknown) => not_found(&mut page, &unknown.near, Numbered::No),
    }
    page.into_text()
}

/// Whether a list bears numbers to pick by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Numbered {
    /// From 1.
    Yes,
    /// With the ids instead.
    No,
}

/// One entry: title, answer, positions, sources, notes.
pub(super) fn entry(page: &mut Page, reply: &Reply, extent: Extent, today: NaiveDate) {
    page.heading(&reply.title);
    page.gap();
    page.paragraph(&reply.body.to_string());
    let detail = match extent {
        Extent::Brief => None,
        Extent::Full => reply.detail.as_ref(),
    };
    if let Some(detail) = detail {
        page.gap();
        page.paragraph(&detail.to_string());
    }
    if !reply.positions.is_empty() {
        page.gap();
        page.heading("Positions");
        for position in &reply.positions {
            let text = format!("{} ({}): {}", position.holder, position.side, position.body);
            page.item("- ", &text);
        }
    }
    let shown: BTreeSet<Mark> = std::iter::once(&reply.body)
        .chain(reply.positions.iter().map(|position| &position.body))
        .chain(detail)
        .flat_map(marks)
        .collect();
    page.gap();
    page.heading("Sources");
    let mut explained = BTreeSet::new();
    for citation in &reply.citations {
        if shown.contains(&citation.mark) {
            source(page, citation);
            // The note is on the whole document: once is enough, at its first number.
            if let Some(note) = citation
                .note
                .as_ref()
                .filter(|_| explained.insert(&citation.source))
            {
                let indent = " ".repeat(lead_of(citation).len());
                page.item(&indent, &format!("Note: {note}"));
            }
        }
    }
    let notes = reply.notes(today);
    if !notes.is_empty() {
        page.gap();
        for note in notes {
            page.paragraph(&note);
        }
    }
}

fn marks(text: &MarkedText) -> impl Iterator<Item = Mark> + '_ {
    text.spans
        .iter()
        .flat_map(|span| match span {
            Span::Text(_) => [].as_slice(),
            Span::Marks(marks) => marks.as_slice(),
        })
        .copied()
}

fn lead_of(citation: &ReplyCitation) -> String {
    format!("[{}] ", citation.mark)
}

fn source(page: &mut Page, citation: &ReplyCitation) {
    let lead = lead_of(citation);
    let mut parts = vec![citation.publisher.clone(), format!("“{}”", citation.title)];
    parts.extend(citation.published.map(|published| published.to_string()));
    parts.extend(citation.locator.clone());
    page.item(&lead, &format!("{} ({})", parts.join(", "), citation.kind));
    if let Some(url) = &citation.url {
        page.link(&" ".repeat(lead.len()), url);
    }
}

/// The entries near an entry.
pub(super) fn related(page: &mut Page, reply: &Reply, numbered: Numbered) {
    if reply.see_also.is_empty() {
        return;
    }
    page.gap();
    page.heading("See also");
    let questions = reply
        .see_also
        .iter()
        .map(|near| (near.question.as_str(), near.entry.as_str()));
    list(page, questions, numbered);
}

/// "Which one did you mean?"
pub(super) fn choose(page: &mut Page, candidates: &[Candidate], numbered: Numbered) {
    page.heading("Which one did you mean?");
    let questions = candidates.iter().map(|candidate| {
        (
            candidate.reply.title.as_str(),
            candidate.reply.entry.as_str(),
        )
    });
    list(page, questions, numbered);
}

/// "This is not in the file", with the topics near it.
pub(super) fn not_found(page: &mut Page, near: &[Topic], numbered: Numbered) {
    page.paragraph(NOT_IN_THE_FILE);
    if near.is_empty() {
        return;
    }
    page.gap();
    page.heading("Topics near it");
    topics(page, near, numbered);
}

/// Topics with their summaries.
pub(super) fn topics(page: &mut Page, topics: &[Topic], numbered: Numbered) {
    for (position, topic) in topics.iter().enumerate() {
        let text = format!("{}: {}", topic.title, topic.summary);
        page.item(&lead(position, numbered), &text);
    }
}

/// Questions, with their ids where there are no numbers.
pub(super) fn list<'a>(
    page: &mut Page,
    questions: impl Iterator<Item = (&'a str, &'a str)>,
    numbered: Numbered,
) {
    for (position, (question, id)) in questions.enumerate() {
        let text = match numbered {
            Numbered::Yes => question.to_owned(),
            Numbered::No => format!("{question} ({id})"),
        };
        page.item(&lead(position, numbered), &text);
    }
}

fn lead(position: usize, numbered: Numbered) -> String {
    match numbered {
        Numbered::Yes => format!("{:>3}. ", position + 1),
        Numbered::No => "- ".to_owned(),
    }
}

/// The last, quiet line: which entry of which edition this is, and how sure the match is where one was made.
pub(super) fn confidence(page: &mut Page, reply: &Reply, confidence: Option<f32>) {
    page.gap();
    let sure = confidence.map_or_else(String::new, |sure| format!(" · match {}", percent(sure)));
    page.aside(&format!(
        "{} · edition {}{sure}",
        reply.entry, reply.edition
    ));
}
