//! The slash commands, for any poise bot whose data gives us our state.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Instant;

use poise::serenity_prelude as serenity;
use serenity::{
    AutocompleteChoice, CommandInteraction, CreateAutocompleteResponse, CreateInteractionResponse,
    InteractionContext, Permissions,
};

use super::deliver::{self, Asked};
use super::events::{self, today};
use super::messages::{self, Outgoing};
use super::render::Form;
use super::state::{HasState, State};
use crate::answering::Answer;

/// Most completions that Discord takes.
const MOST_COMPLETIONS: usize = 25;

/// The commands, to be put among a host's own. They are not registered with Discord by this.
///
/// They answer each interaction themselves and handle their own failures, so they never return an error to the host.
pub fn commands<U, E>() -> Vec<poise::Command<U, E>>
where
    U: HasState + Send + Sync + 'static,
    E: Send + Sync + 'static,
{
    vec![ask()]
}

/// Answers a question from the file, with sources
#[poise::command(
    slash_command,
    install_context = "Guild|User",
    interaction_context = "Guild|BotDm|PrivateChannel"
)]
async fn ask<U: HasState + Send + Sync + 'static, E: Send + Sync + 'static>(
    ctx: poise::ApplicationContext<'_, U, E>,
    #[description = "Your question in any words, or pick one from the list"]
    #[autocomplete = "complete"]
    #[max_length = 300]
    question: String,
) -> Result<(), E> {
    let at = Instant::now();
    let state = ctx.framework.user_data.cleartext();
    let interaction = ctx.interaction;
    if !state.is_new(interaction.id.get()) {
        return Ok(());
    }
    let Some(_place) = state.enter().await else {
        return Ok(());
    };
    // A host's own hooks must not respond a second time.
    ctx.has_sent_initial_response
        .store(true, std::sync::atomic::Ordering::SeqCst);
    let asked = Asked {
        http: &ctx.framework.serenity_context.http,
        id: interaction.id,
        token: &interaction.token,
        at,
    };
    events::guarded(state, Some(asked), async {
        let answer = answer(state, interaction, &question);
        // What becomes of it is in the log; there is nobody else to tell.
        let _told = deliver::respond_or_apologise(state, asked, answer).await;
    })
    .await;
    Ok(())
}

/// Sure answers are for the channel, everything else for the asker alone.
fn answer(
    state: &State,
    interaction: &CommandInteraction,
    question: &str,
) -> CreateInteractionResponse {
    let (outgoing, sure) = match state.library().ask(question) {
        Answer::Found(found) => {
            let form = form(interaction.app_permissions);
            (Outgoing::answer(&found.reply, today(), form), true)
        }
        Answer::Choose(choose) => (Outgoing::choice(&choose.candidates), false),
        Answer::Unknown(unknown) => (Outgoing::unknown(&unknown.near), false),
    };
    // Alone with the bot everything is private as it is, and what is not ephemeral can be read again tomorrow.
    let alone = interaction.context == Some(InteractionContext::BotDm);
    let message = outgoing.into_response().ephemeral(!sure && !alone);
    CreateInteractionResponse::Message(message)
}

/// The form that the bot may use in an interaction's channel.
pub(super) fn form(permissions: Option<Permissions>) -> Form {
    match permissions {
        Some(permissions) if !permissions.contains(Permissions::EMBED_LINKS) => Form::Text,
        Some(_) | None => Form::Card,
    }
}

/// Completes what has been typed, from memory. Free text is always taken as well.
#[expect(
    clippy::unused_async,
    reason = "poise calls completions as async functions"
)]
async fn complete<U, E>(ctx: poise::Context<'_, U, E>, typed: &str) -> CreateAutocompleteResponse
where
    U: HasState + Send + Sync + 'static,
    E: Send + Sync + 'static,
{
    let state = ctx.framework().user_data.cleartext();
    let found = || -> Vec<AutocompleteChoice> {
        let answerer = state.library().current();
        let found = answerer.complete(typed, MOST_COMPLETIONS).into_iter();
        found
            .take(MOST_COMPLETIONS)
            .map(|reply| {
                let (name, value) = messages::completion(reply);
                AutocompleteChoice::new(name, value)
            })
            .collect()
    };
    // Without a list one can still type on; without a response Discord shows an error.
    let choices = catch_unwind(AssertUnwindSafe(found)).unwrap_or_else(|_| {
        tracing::error!("completing panicked; an empty list was sent");
        Vec::new()
    });
    CreateAutocompleteResponse::new().set_choices(choices)
}
