//! Events that are no question: connections, presses on moderators' buttons, forms that were sent, and leaving a server.

use serenity::all::{Context, FullEvent, Interaction};

use super::feedback;
use super::moderation;
use super::remembered::id;
use super::state::State;

/// Handles an event that is one of these; whether nobody else has to look at it.
pub(super) async fn handled(ctx: &Context, event: &FullEvent, state: &State) -> bool {
    match event {
        FullEvent::Ready { data_about_bot, .. } => {
            let total = data_about_bot.shard.map_or(1, |shard| shard.total);
            state.vitals().connected(ctx.shard_id.0, Some(total));
            state.vitals().learn_name(&data_about_bot.user.name);
            false
        }
        FullEvent::Resume { .. } => {
            state.vitals().connected(ctx.shard_id.0, None);
            false
        }
        // Without `unavailable` it is no outage: the bot was removed. Only a host that asks for GUILDS gets this event.
        FullEvent::GuildDelete { incomplete, .. } if !incomplete.unavailable => {
            if let Some(memory) = state.memory() {
                state.unlearn(incomplete.id);
                match memory.forget(id(incomplete.id)).await {
                    Ok(rows) => tracing::info!(rows, "a server that removed the bot is forgotten"),
                    Err(error) => {
                        tracing::warn!(%error, "a server that removed the bot is not forgotten");
                    }
                }
            }
            false
        }
        FullEvent::InteractionCreate {
            interaction: Interaction::Component(press),
            ..
        } => Box::pin(moderation::pressed(ctx, press, state)).await,
        FullEvent::InteractionCreate {
            interaction: Interaction::Modal(form),
            ..
        } => Box::pin(feedback::sent(ctx, form, state)).await,
        _ => false,
    }
}
