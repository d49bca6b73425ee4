//! What is said to the bot outside of commands: mentions, direct messages, presses of its buttons.
//!
//! Only a mention written in the text counts, not the ping of a reply; bots, webhooks and system messages are not heard.

use std::future::Future;
use std::panic::AssertUnwindSafe;
use std::time::Instant;

use chrono::{NaiveDate, Utc};
use futures_util::FutureExt;
use serenity::all::{
    ComponentInteraction, Context, CreateInteractionResponse, FullEvent, Interaction, Message,
    MessageFlags, MessageType, Permissions, UserId,
};

use super::commands::form;
use super::custom_id::{Action, CustomId, Shown};
use super::deliver::{self, Asked};
use super::messages::{self, Outgoing};
use super::state::State;
use crate::answering::Answer;

/// Handles an event of Discord's, for poise's `event_handler` and for plain serenity alike.
///
/// Events that are not for us are left alone: a host's own messages, commands and buttons. Failures are handled and
/// logged in here; there is nothing for the host to do.
pub async fn handle_event(ctx: &Context, event: &FullEvent, state: &State) {
    match event {
        FullEvent::Ready { data_about_bot, .. } => state.learn_me(data_about_bot.user.id),
        FullEvent::Message { new_message, .. } => {
            guarded(state, None, message(ctx, new_message, state)).await;
        }
        FullEvent::InteractionCreate {
            interaction: Interaction::Component(press),
            ..
        } => {
            let asked = Asked {
                http: &ctx.http,
                id: press.id,
                token: &press.token,
                at: Instant::now(),
            };
            match CustomId::parse(&press.data.custom_id) {
                CustomId::Foreign => {}
                CustomId::Outdated => pressed(state, asked, press, None).await,
                CustomId::Ours(action) => pressed(state, asked, press, Some(action)).await,
            }
        }
        _ => {}
    }
}

/// The day by which answers are judged to be overdue.
pub(super) fn today() -> NaiveDate {
    Utc::now().date_naive()
}

/// Runs a handler; if it panics the asker is told where there is a way, and the bot goes on.
pub(super) async fn guarded(
    state: &State,
    asked: Option<Asked<'_>>,
    handler: impl Future<Output = ()>,
) {
    if AssertUnwindSafe(handler).catch_unwind().await.is_ok() {
        return;
    }
    if let Some(asked) = asked {
        return deliver::apologise(state, asked, "a handler panicked").await;
    }
    let reference = deliver::reference();
    tracing::error!(reference, "a handler panicked; a message was not answered");
}

async fn message(ctx: &Context, message: &Message, state: &State) {
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
            let failure = deliver::Failure::from(&error);
            tracing::warn!(%failure, "the bot's own id is not known; a message was left out");
            return;
        }
    };
    let mentioned =
        message.mentions.iter().any(|user| user.id == me) && names(&message.content, me);
    if message.author.id == me || !(private || mentioned) || !state.is_new(message.id.get()) {
        return;
    }
    let Some(_place) = state.enter().await else {
        return;
    };
    let question = without_mentions(&message.content);
    let sentence = |text: &'static str| move |_| Outgoing::sentence(text);
    if question.is_empty() {
        let help = if private {
            messages::HELP_DIRECT
        } else {
            messages::HELP
        };
        return deliver::reply(state, &ctx.http, message, sentence(help)).await;
    }
    match state.library().ask(&question) {
        Answer::Found(found) => {
            let answer = |form| Outgoing::answer(&found.reply, today(), form);
            deliver::reply(state, &ctx.http, message, answer).await;
        }
        Answer::Choose(choose) if private => {
            let choice = |_| Outgoing::choice(&choose.candidates);
            deliver::reply(state, &ctx.http, message, choice).await;
        }
        Answer::Unknown(unknown) if private => {
            let miss = |_| Outgoing::unknown(&unknown.near);
            deliver::reply(state, &ctx.http, message, miss).await;
        }
        // In public no guess, and nothing of the asker's words.
        Answer::Choose(_) | Answer::Unknown(_) => {
            let line = sentence(messages::NO_SURE_ANSWER);
            deliver::reply(state, &ctx.http, message, line).await;
        }
    }
}

/// Whether a text mentions a user directly: `<@id>` or, from older clients, `<@!id>`.
fn names(text: &str, user: UserId) -> bool {
    text.contains(&format!("<@{user}>")) || text.contains(&format!("<@!{user}>"))
}

/// A text without the names it mentions: they are ids to a matcher, and noise. Custom emoji go with them.
fn without_mentions(text: &str) -> String {
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

async fn pressed(
    state: &State,
    asked: Asked<'_>,
    press: &ComponentInteraction,
    action: Option<Action>,
) {
    if !state.is_new(press.id.get()) {
        return;
    }
    let Some(_place) = state.enter().await else {
        return;
    };
    let handler = async {
        match action {
            None => private(state, asked, messages::OUTDATED).await,
            Some(Action::Pick(shown)) => pick(state, asked, press, &shown).await,
            Some(Action::NoneOfThese) => {
                let answerer = state.library().current();
                let near = messages::near_offered(&press.message, &answerer);
                replace(state, asked, press, Outgoing::unknown(&near)).await;
            }
            Some(Action::Share(shown)) => share(state, asked, press, &shown).await,
        }
    };
    guarded(state, Some(asked), handler).await;
}

async fn pick(state: &State, asked: Asked<'_>, press: &ComponentInteraction, shown: &Shown) {
    let answerer = state.library().current();
    let Some(reply) = answerer.entry(&shown.entry) else {
        return replace(state, asked, press, Outgoing::sentence(messages::GONE)).await;
    };
    let mut answer = Outgoing::answer(reply, today(), form(press.app_permissions));
    if !shown.is(reply.revision) {
        answer = answer.with_note(messages::CHANGED_SINCE);
    }
    if press.guild_id.is_some() {
        answer = answer.with_share(reply);
    }
    replace(state, asked, press, answer).await;
}

async fn share(state: &State, asked: Asked<'_>, press: &ComponentInteraction, shown: &Shown) {
    let answerer = state.library().current();
    let Some(reply) = answerer.entry(&shown.entry) else {
        return replace(state, asked, press, Outgoing::sentence(messages::GONE)).await;
    };
    let form = form(press.app_permissions);
    if !shown.is(reply.revision) {
        // Nobody shares what they have not seen.
        let today = Outgoing::answer(reply, today(), form)
            .with_note(messages::CHANGED_SINCE)
            .with_share(reply);
        return replace(state, asked, press, today).await;
    }
    if !may_speak(press) {
        return private(state, asked, messages::MAY_NOT_SHARE).await;
    }
    if !state.is_first_share(press.message.id.get()) {
        return private(state, asked, messages::SHARED_ALREADY).await;
    }
    let answer = Outgoing::answer(reply, today(), form).into_response();
    let response = CreateInteractionResponse::Message(answer);
    if deliver::respond_or_apologise(state, asked, response)
        .await
        .is_err()
    {
        state.forget_share(press.message.id.get());
    }
}

/// Whether who pressed could post in the channel themselves. Discord computes these permissions for the channel.
fn may_speak(press: &ComponentInteraction) -> bool {
    let permissions = press.member.as_ref().and_then(|member| member.permissions);
    let speak = Permissions::SEND_MESSAGES | Permissions::SEND_MESSAGES_IN_THREADS;
    permissions.is_none_or(|permissions| permissions.intersects(speak))
}

/// Replaces the message whose button was pressed, where only who pressed it can see it; else says it to them alone.
async fn replace(
    state: &State,
    asked: Asked<'_>,
    press: &ComponentInteraction,
    outgoing: Outgoing,
) {
    let ephemeral = press
        .message
        .flags
        .is_some_and(|flags| flags.contains(MessageFlags::EPHEMERAL));
    let response = if ephemeral || press.guild_id.is_none() {
        CreateInteractionResponse::UpdateMessage(outgoing.into_response())
    } else {
        CreateInteractionResponse::Message(outgoing.into_response().ephemeral(true))
    };
    let _told = deliver::respond_or_apologise(state, asked, response).await;
}

/// Says something to who pressed a button, alone.
async fn private(state: &State, asked: Asked<'_>, text: &'static str) {
    let message = Outgoing::sentence(text).into_response().ephemeral(true);
    let response = CreateInteractionResponse::Message(message);
    let _told = deliver::respond_or_apologise(state, asked, response).await;
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
