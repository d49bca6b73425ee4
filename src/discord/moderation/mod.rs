//! `/cleartext …` for moderators: settings, state, reasons, what readers said, and forgetting all of it.
//!
//! | file | story |
//! |---|---|
//! | `caller` | who asks, where, and whether they may |
//! | `settings` | what a server can set |
//! | `status`, `doctor` | how the bot is doing, and which rights it lacks |
//! | `knowledge` | why a question is matched as it is; reading the knowledge again |
//! | `records` | what readers said, and deleting it |
//! | `press`, `told` | buttons, and texts within limits |
//!
//! Every reply is for who asked alone. Discord shows the command to those with Manage Server, and to whom a server gives it under
//! Integrations; both are looked at again on every call, because an old button may be pressed by somebody who has lost them.

mod caller;
mod doctor;
mod knowledge;
mod press;
mod records;
mod settings;
mod status;
mod told;

use std::time::Instant;

use poise::serenity_prelude as serenity;
use serenity::{
    ComponentInteraction, ComponentInteractionDataKind, Context, CreateInteractionResponse,
    CreateInteractionResponseMessage, GuildId,
};

use super::deliver::{self, Asked};
use super::events;
use super::state::{HasState, State};
use crate::memory::Change;
use caller::Caller;
use press::{Press, Step};
use settings::{OnOff, Options, Who};
use told::Told;

/// What a moderator wants.
#[derive(Clone, Debug)]
enum Wanted {
    Status,
    /// Set these things, if any, and show all.
    Settings(Vec<Change>),
    Reset(Step),
    Export,
    Explain(String),
    Gaps(usize),
    GapsFile,
    Feedback(usize),
    Reload,
    Doctor,
    Forget(Step),
    Keep,
}

impl Wanted {
    /// Whether it may take longer than Discord waits for a first response.
    fn is_slow(&self) -> bool {
        match self {
            Self::Reload | Self::Doctor => true,
            Self::Status
            | Self::Settings(_)
            | Self::Reset(_)
            | Self::Export
            | Self::Explain(_)
            | Self::Gaps(_)
            | Self::GapsFile
            | Self::Feedback(_)
            | Self::Forget(_)
            | Self::Keep => false,
        }
    }
}

/// For moderators: settings, state, feedback
#[poise::command(
    slash_command,
    subcommand_required,
    default_member_permissions = "MANAGE_GUILD",
    install_context = "Guild",
    interaction_context = "Guild|BotDm",
    subcommands(
        "status", "settings", "explain", "gaps", "feedback", "reload", "doctor", "forget"
    )
)]
#[expect(
    clippy::unused_async,
    reason = "poise calls commands as async functions"
)]
pub(super) async fn cleartext<U: HasState + Send + Sync + 'static, E: Send + Sync + 'static>(
    _: poise::ApplicationContext<'_, U, E>,
) -> Result<(), E> {
    // Discord sends its subcommands only.
    Ok(())
}

/// How the bot is doing: edition, uptime, speed, memory
#[poise::command(slash_command)]
async fn status<U: HasState + Send + Sync + 'static, E: Send + Sync + 'static>(
    ctx: poise::ApplicationContext<'_, U, E>,
) -> Result<(), E> {
    command(ctx, Wanted::Status).await
}

/// Show what is set for this server, and change it
#[poise::command(slash_command)]
async fn settings<U: HasState + Send + Sync + 'static, E: Send + Sync + 'static>(
    ctx: poise::ApplicationContext<'_, U, E>,
    #[description = "Who sees a sure answer"] visibility: Option<Who>,
    #[description = "Whether I answer when I am mentioned"] mentions: Option<OnOff>,
    #[description = "Seconds in which one person gets at most 5 answers; 0 for no limit"]
    #[min = 0]
    #[max = 21_600]
    user_cooldown: Option<u32>,
    #[description = "Seconds before a channel gets the same answer again; 0 for at once"]
    #[min = 0]
    #[max = 21_600]
    channel_cooldown: Option<u32>,
    #[description = "Whether unanswered questions are kept; see the privacy notice"] gaps: Option<
        OnOff,
    >,
) -> Result<(), E> {
    let options = Options {
        visibility,
        mentions,
        user_cooldown,
        channel_cooldown,
        gaps,
    };
    command(ctx, Wanted::Settings(options.changes())).await
}

/// Why a question is matched the way it is
#[poise::command(slash_command)]
async fn explain<U: HasState + Send + Sync + 'static, E: Send + Sync + 'static>(
    ctx: poise::ApplicationContext<'_, U, E>,
    #[description = "The question in somebody's words"]
    #[max_length = 300]
    question: String,
) -> Result<(), E> {
    command(ctx, Wanted::Explain(question)).await
}

/// Questions that were asked here and not answered
#[poise::command(slash_command)]
async fn gaps<U: HasState + Send + Sync + 'static, E: Send + Sync + 'static>(
    ctx: poise::ApplicationContext<'_, U, E>,
) -> Result<(), E> {
    command(ctx, Wanted::Gaps(0)).await
}

/// What readers said of the answers here
#[poise::command(slash_command)]
async fn feedback<U: HasState + Send + Sync + 'static, E: Send + Sync + 'static>(
    ctx: poise::ApplicationContext<'_, U, E>,
) -> Result<(), E> {
    command(ctx, Wanted::Feedback(0)).await
}

/// Read the knowledge again, where the operator allows it
#[poise::command(slash_command)]
async fn reload<U: HasState + Send + Sync + 'static, E: Send + Sync + 'static>(
    ctx: poise::ApplicationContext<'_, U, E>,
) -> Result<(), E> {
    command(ctx, Wanted::Reload).await
}

/// Which rights I lack, channel by channel, and what is overdue
#[poise::command(slash_command)]
async fn doctor<U: HasState + Send + Sync + 'static, E: Send + Sync + 'static>(
    ctx: poise::ApplicationContext<'_, U, E>,
) -> Result<(), E> {
    command(ctx, Wanted::Doctor).await
}

/// Delete all that is stored of this server
#[poise::command(slash_command)]
async fn forget<U: HasState + Send + Sync + 'static, E: Send + Sync + 'static>(
    ctx: poise::ApplicationContext<'_, U, E>,
) -> Result<(), E> {
    command(ctx, Wanted::Forget(Step::Asked)).await
}

/// Serves a subcommand. It handles its failures, so that a host sees none.
async fn command<U: HasState + Send + Sync + 'static, E: Send + Sync + 'static>(
    ctx: poise::ApplicationContext<'_, U, E>,
    wanted: Wanted,
) -> Result<(), E> {
    let state = ctx.framework.user_data.cleartext();
    // A host's own hooks must not respond a second time.
    ctx.has_sent_initial_response
        .store(true, std::sync::atomic::Ordering::SeqCst);
    let asked = Asked {
        http: &ctx.framework.serenity_context.http,
        id: ctx.interaction.id,
        token: &ctx.interaction.token,
        at: Instant::now(),
    };
    serve(
        state,
        asked,
        Caller::of_command(ctx.interaction),
        wanted,
        Way::New,
    )
    .await;
    Ok(())
}

/// Serves a press on a moderator's button or select; whether it was one.
pub(super) async fn pressed(ctx: &Context, press: &ComponentInteraction, state: &State) -> bool {
    let Some(wanted) = Press::parse(&press.data.custom_id).and_then(|id| wanted(id, press)) else {
        return false;
    };
    let asked = Asked {
        http: &ctx.http,
        id: press.id,
        token: &press.token,
        at: Instant::now(),
    };
    let way = match wanted {
        Wanted::Export | Wanted::GapsFile => Way::New,
        _ => Way::Update,
    };
    serve(state, asked, Caller::of_press(press), wanted, way).await;
    true
}

/// What a press asks for, with what was chosen.
fn wanted(id: Press, press: &ComponentInteraction) -> Option<Wanted> {
    let change = |change: Option<Change>| change.map(|change| Wanted::Settings(vec![change]));
    match (id, &press.data.kind) {
        (Press::Channels, ComponentInteractionDataKind::ChannelSelect { values }) => {
            change(settings::channels(values))
        }
        (Press::Set, ComponentInteractionDataKind::StringSelect { values }) => {
            change(settings::choice(values.first()?))
        }
        (Press::Channels | Press::Set, _) => None,
        (Press::Everywhere, _) => change(settings::channels(&[])),
        (Press::Reset(step), _) => Some(Wanted::Reset(step)),
        (Press::Export, _) => Some(Wanted::Export),
        (Press::Forget(step), _) => Some(Wanted::Forget(step)),
        (Press::Keep, _) => Some(Wanted::Keep),
        (Press::Gaps(page), _) => Some(Wanted::Gaps(page)),
        (Press::GapsFile, _) => Some(Wanted::GapsFile),
        (Press::Feedback(page), _) => Some(Wanted::Feedback(page)),
    }
}

/// How a reply comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    /// As a message of its own.
    New,
    /// In place of the one that was pressed.
    Update,
}

async fn serve(state: &State, asked: Asked<'_>, caller: Caller<'_>, wanted: Wanted, way: Way) {
    if !state.is_new(asked.id.get()) {
        return;
    }
    let Some(_place) = state.enter().await else {
        return;
    };
    let handler = async {
        let guild = match caller.admitted(state, asked.http).await {
            Ok(guild) => guild,
            Err(refusal) => return respond(state, asked, Told::text(refusal), Way::New).await,
        };
        if !wanted.is_slow() {
            let told = Box::pin(told(state, asked, guild, wanted)).await;
            return respond(state, asked, told, way).await;
        }
        let thinking = CreateInteractionResponse::Defer(
            CreateInteractionResponseMessage::new().ephemeral(true),
        );
        if deliver::respond_or_apologise(state, asked, thinking)
            .await
            .is_ok()
        {
            let told = Box::pin(told(state, asked, guild, wanted)).await;
            replace(asked, told).await;
        }
    };
    events::guarded(state, Some(asked), handler).await;
}

async fn told(state: &State, asked: Asked<'_>, guild: GuildId, wanted: Wanted) -> Told {
    match wanted {
        Wanted::Status => status::told(state, guild).await,
        Wanted::Settings(changes) => settings::told(state, guild, &changes).await,
        Wanted::Reset(step) => settings::reset(state, guild, step).await,
        Wanted::Export => records::export(state, guild).await,
        Wanted::Explain(question) => knowledge::explain(state, &question),
        Wanted::Gaps(page) => records::gaps(state, guild, page).await,
        Wanted::GapsFile => records::gaps_file(state, guild).await,
        Wanted::Feedback(page) => records::feedback(state, guild, page).await,
        Wanted::Reload => knowledge::reload(state, guild).await,
        Wanted::Doctor => doctor::told(state, asked.http, guild).await,
        Wanted::Forget(step) => records::forget(state, guild, step).await,
        Wanted::Keep => Told::text("Nothing was deleted."),
    }
}

async fn respond(state: &State, asked: Asked<'_>, mut told: Told, way: Way) {
    let file = told.take_file();
    let response = match way {
        Way::New => CreateInteractionResponse::Message(told.into_response()),
        Way::Update => CreateInteractionResponse::UpdateMessage(told.into_update()),
    };
    // What becomes of it is in the log; there is nobody else to tell.
    let _told = match file {
        None => deliver::respond_or_apologise(state, asked, response).await,
        Some(file) => deliver::respond_with_file(state, asked, response, file).await,
    };
}

/// Puts something in place of "thinking".
async fn replace(asked: Asked<'_>, told: Told) {
    let edit = told.into_edit();
    let edited = asked
        .http
        .edit_original_interaction_response(asked.token, &edit, Vec::new());
    if let Err(error) = edited.await {
        let failure = deliver::Failure::from(&error);
        tracing::warn!(%failure, "a moderator was not answered");
    }
}
