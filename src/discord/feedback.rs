//! What readers say of an answer, and what was asked and not answered: [Helpful], [Not what I asked], and gaps. Forms are read here.
//!
//! A person's id goes into one call of the memory, which tells people apart while the program runs and stores nobody. A question
//! is noted only where the server has switched that on, which the memory looks at itself.

use std::time::Instant;

use serenity::all::{
    ActionRowComponent, AuthorizingIntegrationOwners, ComponentInteraction, Context,
    CreateActionRow, CreateInputText, CreateInteractionResponse, CreateModal, GuildId,
    InputTextStyle, MessageInteractionMetadata, ModalInteraction, UserId,
};

use super::custom_id::{Action, CustomId, Shown};
use super::deliver::{self, Asked};
use super::events::{guarded, today};
use super::messages;
use super::outgoing::Outgoing;
use super::remembered::{Keeps, home, id};
use super::state::State;
use super::suggestion;
use crate::answering::{Answer, EntryId, Revision};
use crate::memory::{Memory, Noted, Person, Rated, Verdict};

/// The one input of the form.
pub(super) const TEXT: &str = "text";
/// Longest text there: as long as a question to `/ask`.
pub(super) const LONGEST_TEXT: u16 = 300;

const THANKS: &str = "Thank you. It is counted for this answer, without who you are.";
const ALREADY: &str = "Thank you. You have judged this answer before, so it is not counted again.";
const NOT_COUNTED: &str = "Thank you. It could not be counted at the moment.";

/// Opens the form of [Not what I asked], which says what becomes of a text.
pub(super) async fn open_form(
    state: &State,
    asked: Asked<'_>,
    press: &ComponentInteraction,
    shown: &Shown,
) {
    let guild = home(press.guild_id, &press.authorizing_integration_owners);
    let what = match state.keeps(guild).await {
        Keeps::Questions => {
            "I look again with it. Kept 30 days without your name once two people wrote it."
        }
        Keeps::Nothing | Keeps::Counts => {
            "I look again with it; it is not kept. Sending counts one vote, without your name."
        }
    };
    let input = CreateInputText::new(
        InputTextStyle::Paragraph,
        "What did you want to know? (optional)",
        TEXT,
    )
    .placeholder(what)
    .required(false)
    .max_length(LONGEST_TEXT);
    let form = CreateModal::new(
        Action::Missed(shown.clone()).to_string(),
        messages::NOT_ASKED,
    )
    .components(vec![CreateActionRow::InputText(input)]);
    let _told =
        deliver::respond_or_apologise(state, asked, CreateInteractionResponse::Modal(form)).await;
}

/// Counts [Helpful].
pub(super) async fn helpful(
    state: &State,
    asked: Asked<'_>,
    press: &ComponentInteraction,
    shown: &Shown,
) {
    let guild = home(press.guild_id, &press.authorizing_integration_owners);
    let thanks = rate(state, guild, press.user.id, shown, Verdict::Helpful).await;
    private(state, asked, Outgoing::sentence(thanks)).await;
}

/// Handles the form that somebody sent; whether it was ours.
pub(super) async fn sent(ctx: &Context, form: &ModalInteraction, state: &State) -> bool {
    let action = match CustomId::parse(&form.data.custom_id) {
        CustomId::Foreign => return false,
        CustomId::Ours(action) => Some(action),
        CustomId::Outdated => None,
    };
    let asked = Asked {
        http: &ctx.http,
        id: form.id,
        token: &form.token,
        at: Instant::now(),
    };
    if !state.is_new(form.id.get()) {
        return true;
    }
    let Some(_place) = state.enter().await else {
        return true;
    };
    guarded(state, Some(asked), async {
        match action {
            Some(Action::Missed(shown)) => missed(state, asked, form, &shown).await,
            Some(Action::Suggest) => suggestion::sent(state, asked, form).await,
            Some(_) | None => {
                let text = state.names().in_text(messages::OUTDATED);
                private(state, asked, Outgoing::sentence(text)).await;
            }
        }
    })
    .await;
    true
}

/// Counts [Not what I asked], looks again with the text, and notes it.
async fn missed(state: &State, asked: Asked<'_>, form: &ModalInteraction, shown: &Shown) {
    let guild = home_of(form);
    let thanks = rate(state, guild, form.user.id, shown, Verdict::NotAsked).await;
    let text = written(form);
    if text.is_empty() {
        return private(state, asked, Outgoing::sentence(thanks)).await;
    }
    let answer = state.library().ask(&text);
    // The answer that was just shown is no news.
    let others: Vec<_> = answer
        .candidates()
        .iter()
        .filter(|candidate| candidate.reply.entry != shown.entry)
        .cloned()
        .collect();
    let again = match answer {
        Answer::Found(_) | Answer::Choose(_) if !others.is_empty() => messages::choice(&others),
        Answer::Found(_) | Answer::Choose(_) => Outgoing::sentence(messages::NOT_IN_THE_FILE),
        Answer::Unknown(unknown) => messages::unknown(&unknown.near, None),
    };
    private(state, asked, again.with_note(thanks)).await;
    note(state, guild, form.user.id, &text, Some(&shown.entry)).await;
}

/// The server of a form, if the bot was added to it. serenity does not say for forms, so the message below which it was opened does;
/// one that is no response to anything was posted by a bot that is there.
pub(super) fn home_of(form: &ModalInteraction) -> Option<GuildId> {
    use MessageInteractionMetadata::{Command, Component, ModalSubmit};
    let metadata = form.message.as_ref()?.interaction_metadata.as_deref();
    match metadata {
        None => form.guild_id,
        Some(Command(from)) => home(form.guild_id, &from.authorizing_integration_owners),
        Some(Component(from)) => home(form.guild_id, &from.authorizing_integration_owners),
        Some(ModalSubmit(from)) => home(form.guild_id, &from.authorizing_integration_owners),
        Some(_) => None,
    }
}

/// What was written into the form.
pub(super) fn written(form: &ModalInteraction) -> String {
    let inputs = form.data.components.iter().flat_map(|row| &row.components);
    let texts = inputs.filter_map(|input| match input {
        ActionRowComponent::InputText(input) => input.value.as_deref(),
        _ => None,
    });
    texts.map(str::trim).collect()
}

/// Counts a verdict, and says what became of it.
async fn rate(
    state: &State,
    guild: Option<GuildId>,
    user: UserId,
    shown: &Shown,
    verdict: Verdict,
) -> &'static str {
    let (Some(memory), Some(revision)) = (state.memory(), Revision::parse(shown.revision())) else {
        return NOT_COUNTED;
    };
    let person = Person::new(user.get());
    let rated = memory.rate(guild.map(id), person, &shown.entry, revision, verdict);
    match rated.await {
        Ok(Rated::Counted) => THANKS,
        Ok(Rated::Already) => ALREADY,
        Err(error) => {
            tracing::warn!("a verdict was not counted: {error}");
            NOT_COUNTED
        }
    }
}

/// Notes a question that nothing in the knowledge answers, where the server has switched that on; never one of a direct message.
pub(super) async fn unanswered(
    state: &State,
    guild: Option<GuildId>,
    owners: Option<&AuthorizingIntegrationOwners>,
    user: UserId,
    question: &str,
) {
    // A message comes to the bot only from servers that it was added to.
    let guild = owners.map_or(guild, |owners| home(guild, owners));
    note(state, guild, user, question, None).await;
}

async fn note(
    state: &State,
    guild: Option<GuildId>,
    user: UserId,
    text: &str,
    instead_of: Option<&EntryId>,
) {
    let (Some(memory), Some(guild)) = (state.memory(), guild) else {
        return;
    };
    // What is held ready saves the memory a query for the many servers that have not switched it on.
    if state.keeps(Some(guild)).await == Keeps::Questions {
        note_in(memory, guild, user, text, instead_of).await;
    }
}

async fn note_in(
    memory: &Memory,
    guild: GuildId,
    user: UserId,
    text: &str,
    instead_of: Option<&EntryId>,
) {
    let person = Person::new(user.get());
    let noted = memory.note_gap(id(guild), person, text, instead_of, today());
    match noted.await {
        Ok(Noted::Kept | Noted::Waiting | Noted::SwitchedOff | Noted::Unfit(_)) => {}
        Ok(Noted::Full) => tracing::debug!("a server has as many gaps as are kept"),
        Err(error) => tracing::warn!("an unanswered question was not noted: {error}"),
    }
}

pub(super) async fn private(state: &State, asked: Asked<'_>, outgoing: Outgoing) {
    let message = outgoing.into_response().ephemeral(true);
    let response = CreateInteractionResponse::Message(message);
    let _told = deliver::respond_or_apologise(state, asked, response).await;
}
