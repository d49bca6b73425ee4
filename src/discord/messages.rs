//! What the bot says: every sentence that it has of its own, and the messages that are more than a page of the file.
//!
//! None of it takes a side or mentions anybody, and the asker's words are repeated to the asker alone.

use std::fmt::Write;

use serenity::all::{ActionRowComponent, ButtonKind, Message};

use super::custom_id::{Action, CustomId, Page, Shown};
use super::markdown;
use super::outgoing::{Button, LABEL, MOST_OPTIONS, Outgoing, Row, Weight};
use crate::answering::{Answerer, Candidate, Reply, Source, Topic};

/// Most buttons of a choice: with [None of these] they fill the five rows a message can have.
const MOST_CHOICES: usize = 5;
/// How much of a question or a topic's title is shown in a list.
const LIST_LINE: usize = 200;
/// How many topics a miss points to.
const NEAR_TOPICS: usize = 3;
/// How much of a question is repeated for who asked it: all of most, with the marks that disarm it.
const ASKED: usize = 400;
/// What stands before it, in Discord's small print.
const YOU_ASKED: &str = "-# You asked: ";
/// How much of a name in a source's description is shown.
const NAME: usize = 120;

pub(super) const ANSWER: &str = "Answer";
pub(super) const BOTH_SIDES: &str = "Both sides";
pub(super) const MORE: &str = "More";
pub(super) const SHARE: &str = "Share";
pub(super) const REMOVE: &str = "Remove";
pub(super) const HELPFUL: &str = "Helpful";
pub(super) const NOT_ASKED: &str = "Not what I asked";
pub(super) const SUGGEST: &str = "Suggest this question";
pub(super) const RELATED: &str = "Related questions";
pub(super) const PICK_TOPIC: &str = "Pick a topic";
pub(super) const PICK_QUESTION: &str = "Pick a question";
pub(super) const PICK_SOURCE: &str = "Pick a source";
pub(super) const ALL_TOPICS: &str = "All topics";
pub(super) const BROWSE: &str = "Browse topics";
pub(super) const PREVIOUS: &str = "Previous";
pub(super) const NEXT: &str = "Next";
pub(super) const REPLY_TO_THEM: &str = "Reply to them";
pub(super) const OTHER_MATCHES: &str = "Best matches";

pub(super) const NOT_IN_THE_FILE: &str = "This is not in the file.";
pub(super) const NO_SURE_ANSWER: &str =
    "I found no sure answer to that. Try /ask: only you will see what I find.";
pub(super) const HELP: &str =
    "Ask me something after the mention, or use /ask: I answer from a file of cited sources.";
pub(super) const HELP_DIRECT: &str =
    "Write your question, or use /ask: I answer from a file of cited sources.";
pub(super) const CHANGED_SINCE: &str = "This answer has changed since the button was made.";
pub(super) const GONE: &str = "This answer is no longer in the file.";
pub(super) const OUTDATED: &str =
    "This button comes from another version of me. Please ask again with /ask.";
pub(super) const SHARED_ALREADY: &str = "You have shared this answer already.";
pub(super) const MAY_NOT_SHARE: &str =
    "You cannot post in this channel, so I cannot share it for you.";
pub(super) const NOT_SHARED_HERE: &str =
    "This server does not want answers in this channel; you can read them here by yourself.";
pub(super) const MAY_NOT_REMOVE: &str =
    "Only who asked, or somebody with Manage Messages, can remove this.";
pub(super) const NO_TEXT: &str = "There is no text to check in this message.";
pub(super) const REPLIED_ALREADY: &str = "You have replied with one of these already.";
pub(super) const PERHAPS_NOT_REPLIED: &str =
    "The reply may not have been posted. Look at the message before you try again.";
pub(super) const NO_SUCH_SOURCE: &str =
    "No source in the file has all of these words in its title, publisher or author.";

/// Why somebody who asks too fast gets no answer for a moment. Discord counts the seconds down.
pub(super) fn too_fast(until: i64) -> String {
    format!("That was a lot at once; I answer your next question <t:{until}:R>.")
}

/// Where an answer was given a moment ago; `jump` is the message's address where it is known.
pub(super) fn answered_here(at: i64, jump: Option<&str>) -> String {
    match jump {
        Some(jump) => format!("Answered here <t:{at}:R>: {jump}"),
        None => format!("Answered here <t:{at}:R>, a little above."),
    }
}

/// Above an answer that belongs to a message further up.
pub(super) fn in_reply_to(jump: &str) -> String {
    format!("In reply to {jump}")
}

/// What replaces a preview once its answer is posted.
pub(super) fn replied(jump: Option<&str>) -> String {
    match jump {
        Some(jump) => format!("Replied: {jump}"),
        None => "Replied.".to_owned(),
    }
}

/// The address of a message.
pub(super) fn jump(guild: Option<u64>, channel: u64, message: u64) -> String {
    match guild {
        Some(guild) => format!("https://discord.com/channels/{guild}/{channel}/{message}"),
        None => format!("https://discord.com/channels/@me/{channel}/{message}"),
    }
}

/// Several sources were found; a select shows no more than 25 of them.
pub(super) fn which_source(found: usize) -> String {
    if found > MOST_OPTIONS {
        format!(
            "Which source did you mean? These are {MOST_OPTIONS} of {found}; another word finds fewer."
        )
    } else {
        "Which source did you mean?".to_owned()
    }
}

/// "1 answer", "2 answers".
pub(super) fn counted(count: usize, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}

/// "Which one did you mean?"
pub(super) fn choice(candidates: &[Candidate]) -> Outgoing {
    let offered = candidates.get(..MOST_CHOICES).unwrap_or(candidates);
    let mut text = "Which one did you mean?".to_owned();
    let cut = |candidate: &&Candidate| markdown::length(&candidate.reply.title) > LABEL;
    if offered.iter().any(|candidate| cut(&candidate)) {
        // Where a label had to be cut, the questions stand in full above the buttons.
        for (position, candidate) in offered.iter().enumerate() {
            let question = markdown::cut_escaped(&candidate.reply.title, LIST_LINE);
            let _infallible = write!(text, "\n{}. {question}", position + 1);
        }
    }
    let mut rows: Vec<Vec<Button>> = offered
        .iter()
        .map(|candidate| {
            let reply = &candidate.reply;
            let show = Action::Show(Page::Answer(Shown::of(reply)));
            vec![Button::new(&reply.title, show, Weight::Plain)]
        })
        .collect();
    let none = Button::quiet("None of these", Action::NoneOfThese);
    match rows.last_mut() {
        Some(last) if offered.len() == MOST_CHOICES => last.push(none),
        _ => rows.push(vec![none]),
    }
    Outgoing {
        text,
        rows: rows.into_iter().map(Row::Buttons).collect(),
        ..Outgoing::default()
    }
}

/// "This is not in the file", and what is near. Where questions are kept, `suggested` is the one that was asked, for who asked alone;
/// it is empty where it is not known.
pub(super) fn unknown(near: &[Topic], suggested: Option<&str>) -> Outgoing {
    let mut text = NOT_IN_THE_FILE.to_owned();
    if !near.is_empty() {
        text.push_str(" Topics near it:");
    }
    for topic in near.iter().take(NEAR_TOPICS) {
        let title = markdown::cut_escaped(&topic.title, LIST_LINE);
        let _infallible = write!(text, "\n- {title}");
    }
    let mut buttons = vec![Button::quiet(BROWSE, Action::Show(Page::Topics(0)))];
    buttons.extend(suggested.map(|_| Button::quiet(SUGGEST, Action::Suggest)));
    Outgoing::sentence(text)
        .asked(suggested)
        .with_buttons(buttons)
}

impl Outgoing {
    /// The same with what was asked as its last line, from which [`asked`] reads it again. Only for who asked alone.
    pub(super) fn asked(mut self, question: Option<&str>) -> Self {
        let question = question
            .map(str::trim)
            .filter(|question| !question.is_empty());
        if let Some(question) = question {
            let question = markdown::cut_escaped(question, ASKED);
            let _infallible = write!(self.text, "\n{YOU_ASKED}{question}");
        }
        self
    }
}

/// The question in a text of ours that repeats it for who asked.
pub(super) fn asked(text: &str) -> Option<String> {
    let last = text.lines().last()?;
    last.strip_prefix(YOU_ASKED).map(markdown::unescaped)
}

/// Topics near the questions that a choice offered, read from its own buttons; then the manifest's first ones.
pub(super) fn near_offered(message: &Message, answerer: &Answerer) -> Vec<Topic> {
    let offered = message
        .components
        .iter()
        .flat_map(|row| &row.components)
        .filter_map(|component| {
            let ActionRowComponent::Button(button) = component else {
                return None;
            };
            let ButtonKind::NonLink { custom_id, .. } = &button.data else {
                return None;
            };
            let CustomId::Ours(Action::Show(Page::Answer(shown))) = CustomId::parse(custom_id)
            else {
                return None;
            };
            answerer.topic(&answerer.entry(&shown.entry)?.topic)
        });
    let mut near: Vec<Topic> = Vec::new();
    for topic in offered.chain(answerer.topics()) {
        if near.len() < NEAR_TOPICS && !near.contains(topic) {
            near.push(topic.clone());
        }
    }
    near
}

/// What is known of a source, a line for each.
pub(super) fn source_lines(source: &Source, longest_note: usize) -> Vec<String> {
    let name = |text: &str| markdown::cut_escaped(text, NAME);
    let mut by = vec![name(&source.publisher)];
    by.extend(source.author.as_deref().map(name));
    by.extend(source.published.map(|published| published.to_string()));
    let mut lines = vec![by.join(", ")];
    let side = source.side.as_str().replace('-', " ");
    let mut kind = format!("Kind: {} · side: {side}", source.kind);
    if source.language != "en" {
        let _infallible = write!(kind, " · language: {}", name(&source.language));
    }
    lines.push(kind);
    let link = |words: &str, url: &Option<String>| {
        let address = markdown::address(url.as_deref()?)?;
        Some(format!("[{words}]({address})"))
    };
    let addresses: Vec<String> = [
        link("Read it at its publisher", &source.url),
        link("archived copy", &source.archive),
    ]
    .into_iter()
    .flatten()
    .collect();
    if !addresses.is_empty() {
        lines.push(addresses.join(" · "));
    }
    if let Some(note) = &source.note {
        let note = markdown::cut_escaped(note, longest_note);
        lines.push(format!("Note: {note}"));
    }
    lines
}

/// A completion as Discord lists it: 100 characters at most.
pub(super) fn completion(reply: &Reply) -> (String, String) {
    (listed(&reply.title), format!("id:{}", reply.entry))
}

/// A source as Discord lists it.
pub(super) fn source_completion(source: &Source) -> (String, String) {
    let title = format!("{}: {}", source.publisher, source.title);
    (listed(&title), source.id.to_string())
}

fn listed(text: &str) -> String {
    const LONGEST: usize = 100;
    markdown::cut(&markdown::plain(text), LONGEST)
}
