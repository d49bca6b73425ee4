//! An oracle made with plain serenity that has Cleartext mounted in it. It has an `/ask` of its own, so ours is `/e2ee-ask`.
//!
//! `DISCORD_TOKEN=… cargo run --example plain_serenity`

use cleartext::answering::Overrides;
use cleartext::discord::{Names, Plugin, Setup, State, definitions, described};
use cleartext::library::Library;
use serenity::all::{
    Client, ClientBuilder, CommandOptionType, Context, CreateCommand, CreateCommandOption,
    CreateInteractionResponse, CreateInteractionResponseMessage, EventHandler, GatewayIntents,
    HttpBuilder, Interaction, Ready,
};

type Error = Box<dyn std::error::Error + Send + Sync>;

struct Oracle {
    names: Names,
}

#[serenity::async_trait]
impl EventHandler for Oracle {
    async fn ready(&self, ctx: Context, _: Ready) {
        let question = CreateCommandOption::new(
            CommandOptionType::String,
            "question",
            "What you wonder about",
        );
        let own = CreateCommand::new("ask")
            .description("Asks the oracle")
            .add_option(question.required(true));
        let mut all = definitions(&self.names);
        all.push(own);
        if let Err(error) = ctx.http.create_global_commands(&described(&all)).await {
            tracing::error!(%error, "the commands could not be registered");
        }
    }

    async fn interaction_create(&self, ctx: Context, interaction: Interaction) {
        let Interaction::Command(command) = interaction else {
            return;
        };
        if command.data.name == "ask" {
            let text = CreateInteractionResponseMessage::new().content("The signs are unclear.");
            let response = CreateInteractionResponse::Message(text);
            if let Err(error) = command.create_response(&ctx, response).await {
                tracing::error!(%error, "the oracle could not speak");
            }
        }
    }
}

#[tokio::main]
async fn main() -> Result<(), Error> {
    // The knowledge that the crate ships; `Library::open("knowledge")` opens a folder of one's own.
    let library = Library::open_with(None, Overrides::default())?;
    let names = Names::prefixed("e2ee-")?;
    let state = State::new(Setup {
        names: names.clone(),
        ..Setup::from(library)
    });

    let mut client = client()?
        .event_handler(Oracle { names })
        .framework(Plugin::new(state))
        .await?;
    let shards = client.shard_manager.clone();
    tokio::select! {
        result = client.start() => result?,
        _ = tokio::signal::ctrl_c() => shards.shutdown_all().await,
    }
    Ok(())
}

/// The way to Discord; with `FAKE_DISCORD_PORT`, for tests, to a fake of it on this machine.
fn client() -> Result<ClientBuilder, Error> {
    let intents = GatewayIntents::GUILD_MESSAGES | GatewayIntents::DIRECT_MESSAGES;
    let token = std::env::var("DISCORD_TOKEN")?;
    let Ok(port) = std::env::var("FAKE_DISCORD_PORT") else {
        return Ok(Client::builder(token, intents));
    };
    let http = HttpBuilder::new(token)
        .proxy(format!("http://127.0.0.1:{}", port.parse::<u16>()?))
        .ratelimiter_disabled(true)
        .build();
    Ok(ClientBuilder::new_with_http(http, intents))
}
