//! What in the file answers a message that somebody wrote to others: the best three, shown to who looked for it.
//!
//! The message's text is read once, when its menu is opened, and not kept.

use std::sync::Arc;

use serenity::all::{ActionRowComponent, Message, MessageId};
use unicode_segmentation::UnicodeSegmentation;

use super::custom_id::{Action, CustomId, Shown};
use super::mentions::without_mentions;
use super::messages;
use super::outgoing::{Button, Menu, Outgoing, Weight};
use super::pages::Scene;
use crate::answering::{Answer, Answerer, CANDIDATES, Candidate, Reply, Topic};

/// How many sentences of a message are looked at one by one: more than a phone shows of it.
const SENTENCES: usize = 20;

/// What was found.
#[derive(Clone, Debug)]
pub(super) enum Match {
    /// There is no text to look at.
    NoText,
    /// Entries that may answer it, best first; at least one.
    Some(Vec<Arc<Reply>>),
    /// None does; these topics are near.
    None(Vec<Topic>),
}

/// Looks for what answers a message: its whole text, and each sentence of it, since people rarely write just a question.
pub(super) fn matches(answerer: &Answerer, message: &Message) -> Match {
    let text = without_mentions(&message.content);
    if message.author.bot || !text.chars().any(char::is_alphanumeric) {
        return Match::NoText;
    }
    let whole = answerer.ask(&text);
    let near = match &whole {
        Answer::Unknown(unknown) => unknown.near.clone(),
        Answer::Found(_) | Answer::Choose(_) => Vec::new(),
    };
    let parts = text
        .unicode_sentences()
        .take(SENTENCES)
        .map(|sentence| answerer.ask(sentence));
    let mut best: Vec<Candidate> = Vec::new();
    for answer in std::iter::once(whole).chain(parts) {
        let candidates = match answer {
            Answer::Found(found) => found.candidates,
            Answer::Choose(choose) => choose.candidates,
            // What is not good enough to be offered to an asker is not offered here either.
            Answer::Unknown(_) => continue,
        };
        for candidate in candidates {
            let known = best
                .iter_mut()
                .find(|known| known.reply.entry == candidate.reply.entry);
            match known {
                Some(known) => known.confidence = known.confidence.max(candidate.confidence),
                None => best.push(candidate),
            }
        }
    }
    if best.is_empty() {
        return Match::None(near);
    }
    best.sort_by(|a, b| b.confidence.total_cmp(&a.confidence));
    best.truncate(CANDIDATES);
    Match::Some(best.into_iter().map(|candidate| candidate.reply).collect())
}

/// One of the matches as it would be posted, with the others to pick from. Who may not post here, or where the server
/// does not want answers, there is only something to read.
pub(super) fn preview(
    scene: &Scene<'_>,
    reply: &Reply,
    offered: &[Arc<Reply>],
    target: MessageId,
    may_reply: bool,
) -> Outgoing {
    // Without the buttons of an answer: here it is a draft.
    let draft = scene.answer(reply).without_rows();
    let mut buttons = Vec::new();
    if may_reply {
        let action = Action::ReplyTo(Shown::of(reply), target);
        buttons.push(Button::new(messages::REPLY_TO_THEM, action, Weight::Plain));
    }
    let options = offered
        .iter()
        .map(|reply| {
            let action = Action::Look(Shown::of(reply), target);
            (reply.title.clone(), action)
        })
        .collect();
    draft.with_buttons(buttons).with_menu(Menu {
        slot: 0,
        placeholder: messages::OTHER_MATCHES,
        options,
    })
}

/// The matches that a preview offers, read from its own select.
pub(super) fn offered(preview: &Message, answerer: &Answerer) -> Vec<Arc<Reply>> {
    let options = preview
        .components
        .iter()
        .flat_map(|row| &row.components)
        .flat_map(|component| match component {
            ActionRowComponent::SelectMenu(menu) => menu.options.as_slice(),
            _ => &[],
        });
    options
        .filter_map(|option| match CustomId::parse(&option.value) {
            CustomId::Ours(Action::Look(shown, _)) => answerer.entry(&shown.entry).cloned(),
            CustomId::Ours(_) | CustomId::Outdated | CustomId::Foreign => None,
        })
        .collect()
}
