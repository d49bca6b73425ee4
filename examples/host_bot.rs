//! A dice bot made with poise that has Cleartext mounted in it. Its data, its errors and its commands stay its own.
//!
//! `DISCORD_TOKEN=… cargo run --example host_bot`

use std::hash::{BuildHasher, Hasher, RandomState};
use std::sync::atomic::{AtomicU64, Ordering};

use cleartext::answering::Overrides;
use cleartext::discord::{HasState, State, commands, described, handle_event};
use cleartext::library::Library;
use poise::serenity_prelude as serenity;

/// What the dice bot keeps, and with it what Cleartext keeps.
struct Data {
    rolled: AtomicU64,
    cleartext: State,
}

impl HasState for Data {
    fn cleartext(&self) -> &State {
        &self.cleartext
    }
}

#[derive(Debug, thiserror::Error)]
enum Error {
    #[error("A die has at least one side.")]
    NoSides,
    #[error(transparent)]
    Discord(#[from] serenity::Error),
}

type Context<'a> = poise::Context<'a, Data, Error>;

/// Rolls a die
#[poise::command(slash_command)]
async fn roll(ctx: Context<'_>, #[description = "How many sides"] sides: u32) -> Result<(), Error> {
    let chance = RandomState::new().build_hasher().finish();
    let shown = chance.checked_rem(u64::from(sides)).ok_or(Error::NoSides)? + 1;
    ctx.data().rolled.fetch_add(1, Ordering::Relaxed);
    ctx.say(format!("The die shows {shown}.")).await?;
    Ok(())
}

/// Says how many dice were rolled
#[poise::command(slash_command)]
async fn rolled(ctx: Context<'_>) -> Result<(), Error> {
    let rolled = ctx.data().rolled.load(Ordering::Relaxed);
    ctx.say(format!("Dice rolled so far: {rolled}.")).await?;
    Ok(())
}

/// The dice bot's own way with errors. Cleartext handles its own and hands none on.
async fn on_error(error: poise::FrameworkError<'_, Data, Error>) {
    if let poise::FrameworkError::Command { error, ctx, .. } = error {
        let reply = poise::CreateReply::default().ephemeral(true);
        let _nobody_to_tell = ctx.send(reply.content(error.to_string())).await;
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    // The knowledge that the crate ships; `Library::open("knowledge")` opens a folder of one's own.
    let library = Library::open_with(None, Overrides::default())?;
    let data = Data {
        rolled: AtomicU64::new(0),
        cleartext: State::new(library),
    };

    let mut all = commands();
    all.extend([roll(), rolled()]);
    let options = poise::FrameworkOptions {
        commands: all,
        on_error: |error| Box::pin(on_error(error)),
        event_handler: |ctx, event| {
            Box::pin(async move {
                handle_event(ctx.serenity_context, event, ctx.user_data.cleartext()).await;
                Ok(())
            })
        },
        // Else poise takes a mention for a command of its own.
        prefix_options: poise::PrefixFrameworkOptions {
            mention_as_prefix: false,
            ..Default::default()
        },
        ..Default::default()
    };
    let framework = poise::Framework::builder()
        .options(options)
        .initialize_owners(false)
        .setup(|ctx, _, framework| {
            Box::pin(async move {
                let all =
                    poise::builtins::create_application_commands(&framework.options().commands);
                ctx.http.create_global_commands(&described(&all)).await?;
                Ok(data)
            })
        })
        .build();

    let mut client = client()?.framework(framework).await?;
    let shards = client.shard_manager.clone();
    tokio::select! {
        result = client.start() => result?,
        _ = tokio::signal::ctrl_c() => shards.shutdown_all().await,
    }
    Ok(())
}

/// The way to Discord; with `FAKE_DISCORD_PORT`, for tests, to a fake of it on this machine.
fn client() -> Result<serenity::ClientBuilder, Box<dyn std::error::Error + Send + Sync>> {
    let intents =
        serenity::GatewayIntents::GUILD_MESSAGES | serenity::GatewayIntents::DIRECT_MESSAGES;
    let token = std::env::var("DISCORD_TOKEN")?;
    let Ok(port) = std::env::var("FAKE_DISCORD_PORT") else {
        return Ok(serenity::Client::builder(token, intents));
    };
    let http = serenity::HttpBuilder::new(token)
        .proxy(format!("http://127.0.0.1:{}", port.parse::<u16>()?))
        .ratelimiter_disabled(true)
        .build();
    Ok(serenity::ClientBuilder::new_with_http(http, intents))
}
