//! From a reply to what Discord shows of it: an embed, or the same as plain text, within every limit.
//!
//! Whatever the knowledge holds, the result fits. What does not is given up in this order: links of the source list,
//! links of the marks, titles in the source list, the positions (all or none: half a dispute would take sides), and at
//! last sentences from the end, with "…". A citation or a link is never cut.
//!
//! `sentences` cuts a text where it may be cut; `blocks` shows what stands behind an answer's buttons: each side in a block
//! of its own, and the detail.

mod blocks;
mod sentences;

use std::fmt::Write;

use chrono::NaiveDate;

pub(super) use self::blocks::{more, more_text, sides, sides_text};
use self::sentences::{Part, Sentence, sentences};
use super::markdown::{self, ELLIPSIS, length};
use crate::answering::{Mark, MarkedText, Reply, ReplyCitation, ReplyPosition};

/// Longest title of an embed: <https://discord.com/developers/docs/resources/message#embed-object-embed-limits>.
const TITLE: usize = 256;
/// Longest description of an embed.
const DESCRIPTION: usize = 4_096;
/// Longest footer here. Discord takes 2,048, but all texts of an embed together only 6,000.
const FOOTER: usize = 1_024;
/// Longest message without an embed.
pub(super) const CONTENT: usize = 2_000;
/// Longest footer in a message without an embed.
const TEXT_FOOTER: usize = 200;
/// Longest title, publisher and locator of a source; longer ones end with "…".
const SOURCE_TITLE: usize = 300;
const SOURCE_PUBLISHER: usize = 120;
const SOURCE_LOCATOR: usize = 80;
/// How many marks are shown where a single sentence with its marks does not fit.
const MOST_MARKS: usize = 12;

/// Keeps a mark on the line of its word.
const NARROW_SPACE: char = '\u{202F}';

const BLUE: u32 = 0x0031_6DA8;
/// Beside the words of the footer, never instead of them.
const AMBER: u32 = 0x00C9_8A1B;

/// How a reply goes out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// As an embed.
    Card,
    /// As plain text, where the bot may not embed links.
    Text,
}

/// An embed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Card {
    pub(super) title: String,
    pub(super) description: String,
    pub(super) footer: String,
    pub(super) colour: u32,
}

/// The reply as an embed, on the day `today`.
pub(super) fn card(reply: &Reply, today: NaiveDate) -> Card {
    let layout = Layout::new(reply, Form::Card, DESCRIPTION);
    let notes = reply.notes(today);
    let overdue = reply.review_by.is_some_and(|review_by| review_by < today);
    Card {
        title: markdown::cut_escaped(&reply.title, TITLE),
        description: layout.fitted().0,
        footer: markdown::cut(&footer(reply, &notes), FOOTER),
        colour: if overdue { AMBER } else { BLUE },
    }
}

/// The same reply as plain text in so much room, which is at most [`CONTENT`].
pub(super) fn text(reply: &Reply, today: NaiveDate, room: usize) -> String {
    let title = markdown::cut_escaped(&reply.title, TITLE);
    let footer = markdown::cut_escaped(&footer(reply, &reply.notes(today)), TEXT_FOOTER);
    let frame = format!("**{title}**\n\n-# {footer}");
    let room = room.saturating_sub(length(&frame));
    let (middle, _) = Layout::new(reply, Form::Text, room).fitted();
    format!("**{title}**\n{middle}\n-# {footer}")
}

/// What a reply would lose to Discord's limits, one sentence each; empty where it is shown whole.
///
/// Links may go without loss, for each source is named. The plain-text form is shorter by nature and not judged.
///
/// ```
/// use cleartext::discord::faults;
/// use cleartext::library::Library;
///
/// # let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/discord");
/// let library = Library::open(path)?;
/// for reply in library.current().replies() {
///     assert!(faults(reply).is_empty(), "{}", reply.entry);
/// }
/// # Ok::<(), cleartext::library::LoadError>(())
/// ```
pub fn faults(reply: &Reply) -> Vec<String> {
    let mut faults = Vec::new();
    let title = length(&markdown::escape(&reply.title));
    if title > TITLE {
        faults.push(format!(
            "the question has {title} characters with escapes, a Discord embed's title {TITLE}; shorten it"
        ));
    }
    let layout = Layout::new(reply, Form::Card, DESCRIPTION);
    let (_, plan) = layout.fitted();
    let kept = plan.map_or(0, |plan| plan.sentences);
    let positions_kept = plan.is_some_and(|plan| plan.positions) || reply.positions.is_empty();
    let needed = length(&layout.compose(Plan {
        source_links: 0,
        mark_links: 0,
        ..layout.whole()
    }));
    let size = format!(
        "the texts and sources come to {needed} characters even without links, a Discord embed holds {DESCRIPTION}"
    );
    if !positions_kept {
        faults.push(format!(
            "the positions would not be shown: {size}; shorten the texts or cite less"
        ));
    }
    let sentences = layout.sentences.len();
    if kept < sentences {
        faults.push(format!(
            "only {kept} of {sentences} sentences of the answer would be shown: {size}; shorten the answer or cite less"
        ));
    }
    faults.extend(blocks::faults(reply));
    let footer = length(&footer(reply, &reply.notes(NaiveDate::MAX)));
    if footer > FOOTER {
        faults.push(format!(
            "the footer has {footer} characters, of which {FOOTER} are shown; shorten the edition"
        ));
    }
    faults
}

/// What stands below an answer: what makes it doubtful first, then how to name it.
fn footer(reply: &Reply, notes: &[String]) -> String {
    let edition = format!("edition {}", reply.edition);
    let parts = notes
        .iter()
        .rev()
        .map(String::as_str)
        .chain([reply.entry.as_str(), &edition]);
    markdown::plain(&parts.collect::<Vec<_>>().join(" · "))
}

/// A reply laid out for a room that is to be filled.
struct Layout<'a> {
    reply: &'a Reply,
    form: Form,
    room: usize,
    sentences: Vec<Sentence>,
    positions: Vec<(&'a ReplyPosition, Sentence)>,
}

/// How much of a reply is shown.
#[derive(Clone, Copy, Debug)]
struct Plan {
    /// How many sentences of the answer.
    sentences: usize,
    /// Whether the positions.
    positions: bool,
    /// Whether titles in the source list.
    titles: bool,
    /// Up to which mark sources are linked in the list.
    source_links: usize,
    /// Up to which mark the marks themselves are linked.
    mark_links: usize,
}

impl<'a> Layout<'a> {
    fn new(reply: &'a Reply, form: Form, room: usize) -> Self {
        let positions = reply
            .positions
            .iter()
            .map(|position| (position, sentences(&position.body).concat()))
            .collect();
        Self {
            positions,
            ..Self::of(reply, &reply.body, form, room)
        }
    }

    /// One text of a reply by itself, with the sources behind its own marks.
    fn of(reply: &'a Reply, text: &MarkedText, form: Form, room: usize) -> Self {
        Self {
            reply,
            form,
            room,
            sentences: sentences(text),
            positions: Vec::new(),
        }
    }

    /// Everything.
    fn whole(&self) -> Plan {
        let marks = self.reply.citations.len();
        Plan {
            sentences: self.sentences.len(),
            positions: true,
            titles: true,
            source_links: marks,
            mark_links: match self.form {
                Form::Card => marks,
                // Text around an address in `<…>` is not hidden, so a linked mark would be as long as its address.
                Form::Text => 0,
            },
        }
    }

    /// As much as fits, and the plan it follows; without a plan not even one sentence fitted whole.
    fn fitted(&self) -> (String, Option<Plan>) {
        let whole = self.whole();
        let marks = self.reply.citations.len();
        let bare = Plan {
            source_links: 0,
            mark_links: 0,
            ..whole
        };
        let short = Plan {
            titles: false,
            ..bare
        };
        let alone = Plan {
            positions: false,
            ..short
        };
        let found = self
            .most(marks, |links| Plan {
                source_links: links,
                ..whole
            })
            .or_else(|| {
                self.most(whole.mark_links, |links| Plan {
                    mark_links: links,
                    ..bare
                })
            })
            .or_else(|| self.most(0, |_| short))
            .or_else(|| {
                self.most(marks, |links| Plan {
                    source_links: links,
                    titles: true,
                    ..alone
                })
            })
            .or_else(|| self.most(0, |_| alone))
            .or_else(|| {
                self.most(whole.sentences, |sentences| Plan { sentences, ..alone })
                    .filter(|(_, plan)| plan.sentences > 0)
            });
        match found {
            Some((text, plan)) => (text, Some(plan)),
            None => (self.squeezed(), None),
        }
    }

    /// The plan with the largest number up to `most` whose text fits; a larger number is never a shorter text.
    fn most(&self, most: usize, plan: impl Fn(usize) -> Plan) -> Option<(String, Plan)> {
        let fits = |number: usize| {
            let plan = plan(number);
            let text = self.compose(plan);
            (length(&text) <= self.room).then_some((text, plan))
        };
        if let Some(all) = fits(most) {
            return Some(all);
        }
        let (mut low, mut high) = (0, most);
        let mut best = fits(0)?;
        while high - low > 1 {
            let middle = low.midpoint(high);
            match fits(middle) {
                Some(better) => {
                    best = better;
                    low = middle;
                }
                None => high = middle,
            }
        }
        Some(best)
    }

    fn compose(&self, plan: Plan) -> String {
        let mut shown = Vec::new();
        let mut text = String::new();
        for sentence in self.sentences.iter().take(plan.sentences) {
            self.write(sentence, plan.mark_links, &mut text, &mut shown);
        }
        text.truncate(text.trim_end().len());
        if plan.sentences < self.sentences.len() {
            text.push(' ');
            text.push_str(ELLIPSIS);
        }
        if !self.positions.is_empty() {
            if plan.positions {
                text.push_str("\n\n**Positions**");
                for (position, sentence) in &self.positions {
                    let holder = markdown::cut_escaped(&position.holder, SOURCE_PUBLISHER);
                    let side = position.side.as_str().replace('-', " ");
                    let _infallible = write!(text, "\n**{holder}** ({side}): ");
                    self.write(sentence, plan.mark_links, &mut text, &mut shown);
                    text.truncate(text.trim_end().len());
                }
            } else {
                let _infallible = write!(
                    text,
                    "\n\nThis is disputed; the {} positions are too long to show here.",
                    self.positions.len()
                );
            }
        }
        text.push_str(&self.sources(&mut shown, plan));
        text
    }

    fn write(
        &self,
        sentence: &Sentence,
        mark_links: usize,
        text: &mut String,
        shown: &mut Vec<Mark>,
    ) {
        for part in sentence {
            match part {
                Part::Text(words) => text.push_str(&markdown::escape(words)),
                Part::Marks(marks) => {
                    text.truncate(text.trim_end_matches(' ').len());
                    for mark in marks {
                        text.push(NARROW_SPACE);
                        text.push_str(&self.mark(*mark, mark_links));
                    }
                    shown.extend(marks);
                }
            }
        }
    }

    fn mark(&self, mark: Mark, links: usize) -> String {
        let number = markdown::superscript(mark);
        let address = self
            .citation(mark)
            .filter(|_| mark <= links)
            .and_then(|citation| markdown::address(citation.url.as_deref()?));
        match address {
            Some(address) => format!("[{number}]({address})"),
            None => number,
        }
    }

    fn citation(&self, mark: Mark) -> Option<&ReplyCitation> {
        self.reply
            .citations
            .iter()
            .find(|citation| citation.mark == mark)
    }

    /// The list of the sources behind the marks that are shown.
    fn sources(&self, shown: &mut Vec<Mark>, plan: Plan) -> String {
        shown.sort_unstable();
        shown.dedup();
        let mut list = "\n\n**Sources**".to_owned();
        // A list that does not count from one would be renumbered by Discord.
        let counts = shown.iter().copied().eq(1..=shown.len());
        for mark in shown.iter() {
            let Some(citation) = self.citation(*mark) else {
                continue;
            };
            let stop = if counts { "." } else { "\\." };
            let _infallible = write!(list, "\n{mark}{stop} {}", self.source(citation, plan));
        }
        list
    }

    fn source(&self, citation: &ReplyCitation, plan: Plan) -> String {
        let address = citation
            .url
            .as_deref()
            .filter(|_| citation.mark <= plan.source_links)
            .and_then(markdown::address);
        let mut parts = vec![markdown::cut_escaped(&citation.publisher, SOURCE_PUBLISHER)];
        if plan.titles {
            let title = format!("“{}”", markdown::cut(&citation.title, SOURCE_TITLE));
            let escaped = markdown::escape(&title);
            parts.push(match &address {
                Some(address) if self.form == Form::Card => masked(&title, &escaped, address),
                _ => escaped,
            });
        }
        if let Some(published) = citation.published {
            parts.push(published.to_string());
        }
        if let Some(locator) = &citation.locator {
            parts.push(markdown::cut_escaped(locator, SOURCE_LOCATOR));
        }
        let mut line = format!("{} · {}", parts.join(", "), citation.kind);
        if let (Form::Text, Some(address)) = (self.form, address) {
            let _infallible = write!(line, " <{address}>");
        }
        line
    }

    /// The beginning of the first sentence with its first marks, for a sentence that fills a message by itself.
    fn squeezed(&self) -> String {
        let first: &[Part] = self.sentences.first().map_or(&[], Vec::as_slice);
        let mut words = String::new();
        let mut shown: Vec<Mark> = Vec::new();
        for part in first {
            match part {
                Part::Text(text) => words.push_str(text),
                Part::Marks(marks) => shown.extend(marks),
            }
        }
        if shown.is_empty() {
            shown.extend(self.reply.citations.iter().map(|citation| citation.mark));
        }
        shown.sort_unstable();
        shown.dedup();
        let left_out = shown.len().saturating_sub(MOST_MARKS);
        shown.truncate(MOST_MARKS);
        let plan = Plan {
            titles: false,
            source_links: 0,
            ..self.whole()
        };
        let mut sources = self.sources(&mut shown, plan);
        if left_out > 0 {
            let _infallible = write!(sources, "\n… and {left_out} more");
        }
        let mut marks = String::new();
        for mark in &shown {
            marks.push(NARROW_SPACE);
            marks.push_str(&self.mark(*mark, 0));
        }
        let room = self.room.saturating_sub(length(&sources) + length(&marks));
        let tail = format!("{marks}{sources}");
        if length(&tail) >= self.room {
            // Twelve sources with the longest names: more than plain text holds. Then they are named without words.
            let names: Vec<_> = self
                .reply
                .citations
                .iter()
                .take(MOST_MARKS)
                .map(|citation| citation.source.as_str())
                .collect();
            let names = format!("\n\n**Sources**\n{}", markdown::escape(&names.join(", ")));
            let room = self.room.saturating_sub(length(&names));
            return format!("{}{names}", markdown::cut_escaped(&words, room));
        }
        format!("{}{tail}", markdown::cut_escaped(&words, room))
    }
}

/// A link with a title as its text. Discord reads no escapes for brackets there, and refuses addresses.
fn masked(title: &str, escaped: &str, address: &str) -> String {
    if title.contains(['[', ']']) || title.contains("://") {
        format!("{escaped} ([link]({address}))")
    } else {
        format!("[{escaped}]({address})")
    }
}

#[cfg(test)]
mod tests;
