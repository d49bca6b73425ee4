//! What the bot says, as values: answers, "which one?", misses, help, apologies.
//!
//! None of it repeats the asker's words, and none of it mentions anybody.

use std::fmt::Write;

use chrono::NaiveDate;
use serenity::all::{
    ActionRowComponent, ButtonKind, ButtonStyle, CreateActionRow, CreateAllowedMentions,
    CreateButton, CreateEmbed, CreateEmbedFooter, CreateInteractionResponseMessage, CreateMessage,
    EditMessage, Message,
};

use super::custom_id::{Action, CustomId, Shown};
use super::markdown;
use super::render::{self, Card, Form};
use crate::answering::{Answerer, Candidate, Reply, Topic};

/// Longest label of a button.
const LABEL: usize = 80;
/// Most buttons of a choice: with [None of these] they fill the five rows a message can have.
const MOST_CHOICES: usize = 5;
/// How much of a question or a topic's title is shown in a list.
const LIST_LINE: usize = 200;
/// How many topics a miss points to.
const NEAR_TOPICS: usize = 3;

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

/// A message before it is known how it will be sent.
#[derive(Clone, Debug, Default)]
pub(super) struct Outgoing {
    text: String,
    card: Option<Card>,
    rows: Vec<Vec<Button>>,
}

#[derive(Clone, Debug)]
struct Button {
    label: String,
    action: Action,
    weight: Weight,
}

/// How much a button stands out.
#[derive(Clone, Copy, Debug)]
enum Weight {
    Plain,
    Quiet,
}

impl Outgoing {
    /// A sentence.
    pub(super) fn sentence(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            ..Self::default()
        }
    }

    /// An answer with its sources.
    pub(super) fn answer(reply: &Reply, today: NaiveDate, form: Form) -> Self {
        match form {
            Form::Card => Self {
                card: Some(render::card(reply, today)),
                ..Self::default()
            },
            Form::Text => Self::sentence(render::text(reply, today)),
        }
    }

    /// "Which one did you mean?"
    pub(super) fn choice(candidates: &[Candidate]) -> Self {
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
                vec![Button::new(
                    &reply.title,
                    Action::Pick(Shown::of(reply)),
                    Weight::Plain,
                )]
            })
            .collect();
        let none = Button::new("None of these", Action::NoneOfThese, Weight::Quiet);
        match rows.last_mut() {
            Some(last) if offered.len() == MOST_CHOICES => last.push(none),
            _ => rows.push(vec![none]),
        }
        Self {
            text,
            card: None,
            rows,
        }
    }

    /// "This is not in the file", and what is near.
    pub(super) fn unknown(near: &[Topic]) -> Self {
        let mut text = NOT_IN_THE_FILE.to_owned();
        if !near.is_empty() {
            text.push_str(" Topics near it:");
        }
        for topic in near.iter().take(NEAR_TOPICS) {
            let title = markdown::cut_escaped(&topic.title, LIST_LINE);
            let _infallible = write!(text, "\n- {title}");
        }
        Self::sentence(text)
    }

    /// The same with a line above it.
    pub(super) fn with_note(mut self, note: &str) -> Self {
        self.text = if self.text.is_empty() {
            note.to_owned()
        } else {
            let room = 2_000_usize.saturating_sub(markdown::length(note) + 1);
            if markdown::length(&self.text) > room {
                // The note matters less than a source line: a text that is full already stays as it is.
                return self;
            }
            format!("{note}\n{}", self.text)
        };
        self
    }

    /// The same with a button that shows it to everybody.
    pub(super) fn with_share(mut self, reply: &Reply) -> Self {
        let share = Button::new("Share", Action::Share(Shown::of(reply)), Weight::Quiet);
        self.rows.push(vec![share]);
        self
    }

    /// Whether it holds an embed.
    pub(super) fn has_card(&self) -> bool {
        self.card.is_some()
    }

    /// As the response to an interaction. All parts are written, so that an update replaces all parts.
    pub(super) fn into_response(self) -> CreateInteractionResponseMessage {
        CreateInteractionResponseMessage::new()
            .content(self.text)
            .embeds(self.card.into_iter().map(embed).collect())
            .components(components(self.rows))
            .allowed_mentions(nobody())
    }

    /// As a message in a channel.
    pub(super) fn into_message(self) -> CreateMessage {
        let mut message = CreateMessage::new()
            .embeds(self.card.into_iter().map(embed).collect())
            .components(components(self.rows))
            .allowed_mentions(nobody());
        if !self.text.is_empty() {
            message = message.content(self.text);
        }
        message
    }

    /// As what replaces a message in a channel.
    pub(super) fn into_edit(self) -> EditMessage {
        EditMessage::new()
            .content(self.text)
            .embeds(self.card.into_iter().map(embed).collect())
            .components(components(self.rows))
            .allowed_mentions(nobody())
    }
}

impl Button {
    fn new(label: &str, action: Action, weight: Weight) -> Self {
        Self {
            label: markdown::cut(&markdown::plain(label), LABEL),
            action,
            weight,
        }
    }
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
            let CustomId::Ours(Action::Pick(shown)) = CustomId::parse(custom_id) else {
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

/// A completion as Discord lists it: 100 characters at most.
pub(super) fn completion(reply: &Reply) -> (String, String) {
    const LONGEST: usize = 100;
    let name = markdown::cut(&markdown::plain(&reply.title), LONGEST);
    (name, format!("id:{}", reply.entry))
}

/// Nobody is mentioned, whatever a text holds.
pub(super) fn nobody() -> CreateAllowedMentions {
    CreateAllowedMentions::new().replied_user(false)
}

fn embed(card: Card) -> CreateEmbed {
    let mut embed = CreateEmbed::new()
        .description(card.description)
        .footer(CreateEmbedFooter::new(card.footer))
        .colour(card.colour);
    if !card.title.trim().is_empty() {
        embed = embed.title(card.title);
    }
    embed
}

fn components(rows: Vec<Vec<Button>>) -> Vec<CreateActionRow> {
    let button = |button: Button| {
        let style = match button.weight {
            Weight::Plain => ButtonStyle::Primary,
            Weight::Quiet => ButtonStyle::Secondary,
        };
        CreateButton::new(button.action.to_string())
            .label(button.label)
            .style(style)
    };
    rows.into_iter()
        .map(|row| CreateActionRow::Buttons(row.into_iter().map(button).collect()))
        .collect()
}
