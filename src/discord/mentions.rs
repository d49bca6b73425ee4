//! Free text to the bot: mentions in servers, direct messages, and what becomes of them when they are edited or deleted.
//!
//! Only a mention written in the text counts, not the ping of a reply; bots, webhooks and system messages are not heard.
//! A reply follows its question for an hour, as long as the process remembers it; after a restart an edit is ignored.

use std::sync::Arc;

use chrono::Utc;
use serenity::all::{
    ChannelId, Context, GuildId, Message, MessageId, MessageInteractionMetadata, MessageType,
    MessageUpdateEvent, UserId,
};

use super::cooldown::{Given, Pace};
use super::deliver::{self, Failure};
use super::events::today;
use super::feedback;
use super::here::Place;
use super::messages;
use super::outgoing::Outgoing;
use super::pages::Scene;
use super::remembered::Keeps;
use super::render::Form;
use super::settings::ServerSettings;
use super::state::State;
use crate::answering::{Answer, Candidate, Reply, Topic};

/// What is said to a text.
#[derive(Clone, Debug)]
enum Said {
    Line(String),
    Answer(Arc<Reply>),
    Choice(Vec<Candidate>),
    Miss(Vec<Topic>),
    /// Nothing in the file answers this question; in public no more is said of it than of a choice.
    Gap(String),
}

impl Said {
    fn line(line: &str) -> Self {
        Self::Line(line.to_owned())
    }

    fn outgoing(&self, state: &State, (place, keeps): (Place, Keeps), form: Form) -> Outgoing {
        match self {
            Self::Line(line) => Outgoing::sentence(state.names().in_text(line)),
            Self::Choice(candidates) => messages::choice(candidates),
            Self::Miss(near) => messages::unknown(near, None),
            Self::Gap(_) => Outgoing::sentence(state.names().in_text(messages::NO_SURE_ANSWER)),
            Self::Answer(reply) => Scene {
                answerer: &state.library().current(),
                today: today(),
                form,
                place,
                keeps,
                commands: &state.commands(),
                above: "",
            }
            .answer(reply),
        }
    }
}

/// Somebody said something.
pub(super) async fn said(ctx: &Context, message: &Message, state: &State) {
    if let Some(metadata) = &message.interaction_metadata {
        return responded(state, metadata, message.id);
    }
    let from_a_person = !message.author.bot
        && message.webhook_id.is_none()
        && matches!(
            message.kind,
            MessageType::Regular | MessageType::InlineReply
        );
    if !from_a_person {
        return;
    }
    let private = message.guild_id.is_none();
    // A message without a mention of anybody costs nothing, not even the question who we are.
    if !private && message.mentions.is_empty() {
        return;
    }
    let me = match state.me(&ctx.http).await {
        Ok(me) => me,
        Err(error) => {
            let failure = Failure::from(&error);
            tracing::warn!(%failure, "the bot's own id is not known; a message was left out");
            return;
        }
    };
    let mentioned =
        message.mentions.iter().any(|user| user.id == me) && names(&message.content, me);
    if message.author.id == me || !(private || mentioned) || !state.is_new(message.id.get()) {
        return;
    }
    let settings = state.settings(message.guild_id).await;
    let channel = message.channel_id;
    if !is_heard(ctx, state, message.guild_id, channel, &settings).await {
        return;
    }
    let Some(_place) = state.enter().await else {
        return;
    };
    let place = (
        place(message.guild_id, message.author.id),
        state.keeps(message.guild_id).await,
    );
    let mut said = match state.asks(message.author.id, &settings) {
        Pace::Fine => what(state, &message.content, private),
        Pace::TooFast(wait) => {
            let until = Utc::now().timestamp() + i64::try_from(wait.as_secs()).unwrap_or(0) + 1;
            Said::Line(messages::too_fast(until))
        }
        // Told once is enough; a flood is not to be answered by a flood.
        Pace::StillTooFast(_) => return,
    };
    let mut given = None;
    if let (Said::Answer(reply), false) = (&said, private) {
        match state.give(channel, &reply.entry, None, &settings) {
            Given::Now => given = Some(reply.entry.clone()),
            Given::Before(posted, at) => {
                // A line with a link rather than a reaction: it says where the answer is, and needs no further right.
                let guild = message.guild_id.map(GuildId::get);
                let jump = posted.map(|posted| messages::jump(guild, channel.get(), posted.get()));
                said = Said::Line(messages::answered_here(at, jump.as_deref()));
            }
        }
    }
    let answer = |form| said.outgoing(state, place, form);
    // Whoever edits or deletes the question from now on finds the reply, even if it is still on its way.
    let turn = state.begin_reply(message.id, message.edited_timestamp);
    let held = turn.lock().await;
    let posted = deliver::reply(state, &ctx.http, message.into(), answer).await;
    let stands = match posted {
        Ok(reply) if state.replied(message.id, reply) => Some(reply),
        Ok(reply) => {
            take_away(ctx, channel, reply, state).await;
            None
        }
        Err(_) => {
            state.not_replied(message.id);
            None
        }
    };
    match (stands, given) {
        (Some(reply), Some(entry)) => state.stands_in(channel, &entry, reply),
        (None, Some(entry)) => state.take_back(channel, &entry),
        (Some(_) | None, None) => {}
    }
    drop(held);
    if let Said::Gap(question) = &said {
        feedback::unanswered(state, message.guild_id, None, message.author.id, question).await;
    }
}

/// A response of ours appeared in a channel: now its id is known.
fn responded(state: &State, metadata: &MessageInteractionMetadata, message: MessageId) {
    let interaction = match metadata {
        MessageInteractionMetadata::Command(command) => command.id,
        MessageInteractionMetadata::Component(press) => press.id,
        MessageInteractionMetadata::ModalSubmit(_) | MessageInteractionMetadata::Unknown(_) => {
            return;
        }
        _ => return,
    };
    state.responded(interaction, message);
}

/// Somebody changed what they had said: the reply follows.
pub(super) async fn edited(ctx: &Context, event: &MessageUpdateEvent, state: &State) {
    let (Some(content), Some(author), Some(time)) =
        (&event.content, &event.author, event.edited_timestamp)
    else {
        return;
    };
    let private = event.guild_id.is_none();
    let mentions = event.mentions.as_deref().unwrap_or_default();
    if author.bot || (!private && mentions.is_empty()) {
        return;
    }
    let Ok(me) = state.me(&ctx.http).await else {
        return;
    };
    let mentioned = mentions.iter().any(|user| user.id == me) && names(content, me);
    if !(private || mentioned) {
        return;
    }
    let settings = state.settings(event.guild_id).await;
    let channel = event.channel_id;
    if !is_heard(ctx, state, event.guild_id, channel, &settings).await {
        return;
    }
    let Some(turn) = state.edited(event.id, time) else {
        return;
    };
    let Some(_place) = state.enter().await else {
        return;
    };
    let _turn = turn.lock().await;
    if state.is_overtaken(event.id, time) {
        return;
    }
    let Some(reply) = state.reply_to(event.id) else {
        return;
    };
    if state.asks(author.id, &settings) != Pace::Fine {
        return;
    }
    let said = what(state, content, private);
    let place = (
        place(event.guild_id, author.id),
        state.keeps(event.guild_id).await,
    );
    let answer = |form| said.outgoing(state, place, form);
    if let Err(failure) = deliver::change_reply(state, &ctx.http, channel, reply, answer).await {
        tracing::debug!(%failure, "a reply could not follow its question");
        return;
    }
    // Whatever the reply said before, it says something else now.
    state.answer_is_gone(reply);
    if let (Said::Answer(answer), false) = (&said, private)
        && state.give(channel, &answer.entry, None, &settings) == Given::Now
    {
        state.stands_in(channel, &answer.entry, reply);
    }
}

/// A message is gone: where it was a question, its reply goes as well.
pub(super) async fn gone(ctx: &Context, channel: ChannelId, message: MessageId, state: &State) {
    let Some((reply, turn)) = state.message_is_gone(message) else {
        return;
    };
    let Some(_place) = state.enter().await else {
        return;
    };
    let _turn = turn.lock().await;
    state.answer_is_gone(reply);
    take_away(ctx, channel, reply, state).await;
}

/// Takes a reply away, as its question is gone.
async fn take_away(ctx: &Context, channel: ChannelId, reply: MessageId, state: &State) {
    if let Err(failure) = deliver::take_reply_away(state, &ctx.http, channel, reply).await {
        tracing::debug!(%failure, "a reply could not be taken away with its question");
    }
}

/// Whether mentions are heard in a channel. Direct messages always are.
async fn is_heard(
    ctx: &Context,
    state: &State,
    guild: Option<GuildId>,
    channel: ChannelId,
    settings: &ServerSettings,
) -> bool {
    guild.is_none() || (settings.mentions && state.is_open(&ctx.http, channel, settings).await)
}

fn place(guild: Option<GuildId>, author: UserId) -> Place {
    match guild {
        Some(_) => Place::Public(author),
        None => Place::Alone,
    }
}

/// What is to be said to a text.
fn what(state: &State, content: &str, private: bool) -> Said {
    let question = without_mentions(content);
    if question.is_empty() {
        return Said::line(if private {
            messages::HELP_DIRECT
        } else {
            messages::HELP
        });
    }
    match state.library().ask(&question) {
        Answer::Found(found) => Said::Answer(found.reply),
        Answer::Choose(choose) if private => Said::Choice(choose.candidates),
        Answer::Unknown(unknown) if private => Said::Miss(unknown.near),
        // In public no guess, and nothing of the asker's words.
        Answer::Choose(_) => Said::line(messages::NO_SURE_ANSWER),
        Answer::Unknown(_) => Said::Gap(question),
    }
}

/// Whether a text mentions a user directly: `<@id>` or, from older clients, `<@!id>`.
fn names(text: &str, user: UserId) -> bool {
    text.contains(&format!("<@{user}>")) || text.contains(&format!("<@!{user}>"))
}

/// A text without the names it mentions: they are ids to a matcher, and noise. Custom emoji go with them.
pub(super) fn without_mentions(text: &str) -> String {
    let mut words = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, tag_on)) = rest.split_once('<') {
        words.push_str(before);
        match tag_on.split_once('>') {
            Some((tag, after)) if is_tag(tag) => {
                words.push(' ');
                rest = after;
            }
            _ => {
                words.push('<');
                rest = tag_on;
            }
        }
    }
    words.push_str(rest);
    words.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Whether what stands between `<` and `>` is a user, role or channel (`@1`, `@!1`, `@&1`, `#1`) or an emoji (`a:name:1`).
fn is_tag(tag: &str) -> bool {
    let number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if let Some(id) = tag.strip_prefix('@') {
        return number(id.trim_start_matches(['!', '&']));
    }
    if let Some(id) = tag.strip_prefix('#') {
        return number(id);
    }
    let emoji = tag.strip_prefix('a').unwrap_or(tag).strip_prefix(':');
    emoji
        .and_then(|emoji| emoji.split_once(':'))
        .is_some_and(|(_, id)| number(id))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mentions_and_emoji_are_no_words() {
        let check = |text: &str, expected: &str| {
            assert_eq!(without_mentions(text), expected, "{text:?}");
        };
        check("<@123> how many?", "how many?");
        check("how many, <@!123>?", "how many, ?");
        check("<@&9> <#8> <:wave:7><a:dance:6> hi", "hi");
        check("a < b > c <@> <x> <@12", "a < b > c <@> <x> <@12");
        check("<@123>", "");
        check("  <@123>\n ", "");
    }

    #[test]
    fn only_a_written_mention_counts() {
        let check = |text: &str, expected: bool| {
            assert_eq!(names(text, UserId::new(12)), expected, "{text:?}");
        };
        check("hey <@12>", true);
        check("hey <@!12>", true);
        check("hey <@123>", false);
        check("hey <@&12>", false);
        check("@everyone", false);
    }
}
