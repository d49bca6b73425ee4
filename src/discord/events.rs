//! What is said to the bot outside of commands, sorted: messages to `mentions`, presses and choices to `presses`.

use std::future::Future;
use std::panic::AssertUnwindSafe;
use std::time::Instant;

use chrono::{NaiveDate, Utc};
use futures_util::FutureExt;
use serenity::all::{Context, FullEvent, Interaction};

use super::custom_id::CustomId;
use super::deliver::{self, Asked};
use super::housekeeping;
use super::mentions;
use super::presses;
use super::state::State;

/// Handles an event of Discord's, for poise's `event_handler` and for plain serenity alike.
///
/// Events that are not for us are left alone: a host's own messages, commands and buttons. Failures are handled and
/// logged in here; there is nothing for the host to do. Of use are `Ready`, `Resume`, `Message`, `MessageUpdate`,
/// `MessageDelete`, `MessageDeleteBulk`, `InteractionCreate` and `GuildDelete`; a host that hands over fewer has fewer features.
///
/// ```
/// use cleartext::discord::{State, handle_event};
/// use serenity::all::{Context, EventHandler, FullEvent, Message};
///
/// /// A host that wants to answer mentions and nothing else of ours.
/// struct Host(State);
///
/// #[serenity::async_trait]
/// impl EventHandler for Host {
///     async fn message(&self, ctx: Context, new_message: Message) {
///         handle_event(&ctx, &FullEvent::Message { new_message }, &self.0).await;
///     }
/// }
/// ```
pub async fn handle_event(ctx: &Context, event: &FullEvent, state: &State) {
    if housekeeping::handled(ctx, event, state).await {
        return;
    }
    match event {
        FullEvent::Ready { data_about_bot, .. } => state.learn_me(data_about_bot.user.id),
        FullEvent::Message { new_message, .. } => {
            guarded(state, None, mentions::said(ctx, new_message, state)).await;
        }
        FullEvent::MessageUpdate { event, .. } => {
            guarded(state, None, mentions::edited(ctx, event, state)).await;
        }
        FullEvent::MessageDelete {
            channel_id,
            deleted_message_id,
            ..
        } => {
            let gone = mentions::gone(ctx, *channel_id, *deleted_message_id, state);
            guarded(state, None, gone).await;
        }
        FullEvent::MessageDeleteBulk {
            channel_id,
            multiple_deleted_messages_ids,
            ..
        } => {
            for message in multiple_deleted_messages_ids {
                let gone = mentions::gone(ctx, *channel_id, *message, state);
                guarded(state, None, gone).await;
            }
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
                // In a box, because all that a press can lead to is many kilobytes large.
                CustomId::Outdated => Box::pin(presses::pressed(state, asked, press, None)).await,
                CustomId::Ours(action) => {
                    Box::pin(presses::pressed(state, asked, press, Some(action))).await;
                }
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
