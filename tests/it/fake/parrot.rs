//! A small bot on the real serenity client, for the tests of the fake itself.

use std::sync::Arc;

use serde_json::{Value, json};
use serenity::all::{
    AutocompleteChoice, ChannelId, ClientBuilder, CommandInteraction, CommandOptionType,
    CommandType, ComponentInteraction, Context, CreateActionRow, CreateAllowedMentions,
    CreateAutocompleteResponse, CreateButton, CreateCommand, CreateCommandOption, CreateInputText,
    CreateInteractionResponse, CreateInteractionResponseFollowup, CreateInteractionResponseMessage,
    CreateMessage, CreateModal, CreateSelectMenu, CreateSelectMenuKind, CreateSelectMenuOption,
    EditInteractionResponse, EventHandler, GatewayIntents, Http, HttpBuilder, InputTextStyle,
    InstallationContext, Interaction, InteractionContext, Message, Permissions, Ready,
};
use serenity::async_trait;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use super::{Api, Bot, Discord, discord, discord_before_start};

/// What a bot of this project asks for.
pub(crate) const INTENTS: GatewayIntents =
    GatewayIntents::GUILD_MESSAGES.union(GatewayIntents::DIRECT_MESSAGES);

/// Answers every message of a person with what it could read, and `/ask` in the way the question names.
pub(crate) struct Parrot {
    gate: Arc<Notify>,
}

pub(crate) fn buttons() -> Vec<CreateActionRow> {
    let option = |word: &str| CreateSelectMenuOption::new(word, format!("value of {word}"));
    let kind = CreateSelectMenuKind::String {
        options: vec![option("First"), option("Second")],
    };
    vec![
        CreateActionRow::Buttons(vec![
            CreateButton::new("press").label("Press me"),
            CreateButton::new("form").label("Fill in"),
        ]),
        CreateActionRow::SelectMenu(CreateSelectMenu::new("choose", kind).placeholder("Choose")),
    ]
}

pub(crate) fn everywhere(command: CreateCommand) -> CreateCommand {
    command
        .integration_types(vec![InstallationContext::Guild, InstallationContext::User])
        .contexts(vec![
            InteractionContext::Guild,
            InteractionContext::BotDm,
            InteractionContext::PrivateChannel,
        ])
}

pub(crate) fn says(text: &str) -> CreateInteractionResponse {
    CreateInteractionResponse::Message(
        CreateInteractionResponseMessage::new()
            .content(text)
            .components(buttons()),
    )
}

impl Parrot {
    async fn command(&self, ctx: &Context, asked: &CommandInteraction) -> serenity::Result<()> {
        if asked.data.kind == CommandType::Message {
            let target = asked
                .data
                .resolved
                .messages
                .values()
                .next()
                .expect("a message menu has its message");
            return asked
                .create_response(ctx, says(&format!("on “{}”", target.content)))
                .await;
        }
        let how = asked.data.options[0].value.as_str().unwrap_or_default();
        match how {
            "twice" => {
                asked.create_response(ctx, says("once")).await?;
                asked.create_response(ctx, says("twice")).await
            }
            "wait" => {
                self.gate.notified().await;
                asked.create_response(ctx, says("at last")).await
            }
            "thinking for ever" => asked.defer(ctx).await,
            "privately" => {
                let data = CreateInteractionResponseMessage::new()
                    .content("between us")
                    .ephemeral(true)
                    .components(buttons());
                asked
                    .create_response(ctx, CreateInteractionResponse::Message(data))
                    .await
            }
            "later" => {
                asked.defer(ctx).await?;
                asked
                    .edit_response(
                        ctx,
                        EditInteractionResponse::new().content("after some thought"),
                    )
                    .await?;
                asked
                    .create_followup(
                        ctx,
                        CreateInteractionResponseFollowup::new().content("and one more thing"),
                    )
                    .await?;
                asked.delete_response(ctx).await
            }
            "acknowledged as a press" => {
                asked
                    .create_response(ctx, CreateInteractionResponse::Acknowledge)
                    .await
            }
            other => asked.create_response(ctx, says(other)).await,
        }
    }

    async fn component(
        &self,
        ctx: &Context,
        pressed: &ComponentInteraction,
    ) -> serenity::Result<()> {
        if pressed.data.custom_id == "form" {
            let input = CreateInputText::new(InputTextStyle::Short, "Why", "why")
                .max_length(20)
                .required(true);
            let modal = CreateModal::new("reason", "A reason")
                .components(vec![CreateActionRow::InputText(input)]);
            return pressed
                .create_response(ctx, CreateInteractionResponse::Modal(modal))
                .await;
        }
        let data = CreateInteractionResponseMessage::new()
            .content(format!("{:?}", pressed.data.kind))
            .components(Vec::new());
        pressed
            .create_response(ctx, CreateInteractionResponse::UpdateMessage(data))
            .await
    }
}

#[async_trait]
impl EventHandler for Parrot {
    async fn ready(&self, ctx: Context, _: Ready) {
        let question =
            CreateCommandOption::new(CommandOptionType::String, "question", "What to do")
                .required(true)
                .set_autocomplete(true);
        let commands = vec![
            everywhere(
                CreateCommand::new("ask")
                    .description("Ask")
                    .add_option(question),
            ),
            everywhere(CreateCommand::new("Look at it").kind(CommandType::Message)),
            CreateCommand::new("staff").description("For staff"),
        ];
        let mut commands = json!(commands);
        // serenity writes the number as text, which Discord takes but its own description of the API does not.
        commands[2]["default_member_permissions"] = json!(Permissions::MANAGE_GUILD.bits());
        for command in commands.as_array_mut().into_iter().flatten() {
            // serenity's default, which that description does not know.
            command
                .as_object_mut()
                .and_then(|fields| fields.remove("nsfw"));
        }
        // A refused registration shows in the fake.
        let _ = ctx.http.create_global_commands(&commands).await;
    }

    async fn message(&self, ctx: Context, message: Message) {
        if message.author.bot {
            return;
        }
        let answer = CreateMessage::new()
            .content(format!("I read “{}”", message.content))
            .reference_message(&message)
            .allowed_mentions(CreateAllowedMentions::new());
        let _ = message.channel_id.send_message(&ctx, answer).await;
    }

    async fn interaction_create(&self, ctx: Context, interaction: Interaction) {
        // Errors show in the fake as refusals.
        let _ = match interaction {
            Interaction::Command(asked) => self.command(&ctx, &asked).await,
            Interaction::Autocomplete(typed) => {
                let text = typed
                    .data
                    .autocomplete()
                    .map_or("", |option| option.value)
                    .to_owned();
                let choice = AutocompleteChoice::new(format!("{text}…"), text);
                let choices = CreateAutocompleteResponse::new().set_choices(vec![choice]);
                typed
                    .create_response(&ctx, CreateInteractionResponse::Autocomplete(choices))
                    .await
            }
            Interaction::Component(pressed) => self.component(&ctx, &pressed).await,
            Interaction::Modal(filled) => {
                filled
                    .create_response(
                        &ctx,
                        says(&format!("{:?}", filled.data.components[0].components[0])),
                    )
                    .await
            }
            other => panic!("the fake sent {other:?}"),
        };
    }
}

pub(crate) fn http(api: &Api) -> Http {
    let client = reqwest::Client::builder()
        .no_proxy()
        .build()
        .expect("a plain client can be built");
    HttpBuilder::new(&api.token)
        .client(client)
        .proxy(&api.base)
        .ratelimiter_disabled(true)
        .build()
}

pub(crate) async fn run_parrot(
    api: Api,
    stop: CancellationToken,
    intents: GatewayIntents,
    gate: Arc<Notify>,
) -> Result<(), String> {
    let builder = ClientBuilder::new_with_http(http(&api), intents).event_handler(Parrot { gate });
    let mut client = builder.await.map_err(|fault| fault.to_string())?;
    let shards = client.shard_manager.clone();
    tokio::select! {
        end = client.start() => end.map_err(|fault| fault.to_string()),
        () = stop.cancelled() => { shards.shutdown_all().await; Ok(()) }
    }
}

pub(crate) fn parrot_with(intents: GatewayIntents, gate: Arc<Notify>) -> Bot {
    Bot::new(move |api, stop| run_parrot(api, stop, intents, gate.clone()))
}

pub(crate) fn parrot() -> Bot {
    parrot_with(INTENTS, Arc::default())
}

/// A test of the REST side alone, with serenity's own client of it.
pub(crate) fn over_http(test: impl AsyncFnOnce(&Discord, &Http)) {
    let nobody = Bot::new(|_, _| async { Ok(()) });
    discord_before_start(nobody, async |d| test(&d, &http(&d.api())).await);
}

pub(crate) async fn post(
    http: &Http,
    channel: ChannelId,
    body: Value,
) -> serenity::Result<Message> {
    http.send_message(channel, Vec::new(), &body).await
}

/// The message with which a test fails.
pub(crate) fn failure(test: impl FnOnce()) -> String {
    let panic = std::panic::catch_unwind(std::panic::AssertUnwindSafe(test))
        .expect_err("the test should fail");
    panic
        .downcast_ref::<String>()
        .expect("a failed test says why")
        .clone()
}

/// Runs cases at the same time: serenity waits five seconds before each new session.
pub(crate) fn side_by_side<C: Send>(cases: impl IntoIterator<Item = C>, check: impl Fn(C) + Sync) {
    std::thread::scope(|scope| {
        for case in cases {
            let run = || check(case);
            // The name of the test, under which its requests are recorded.
            let name = std::thread::current()
                .name()
                .unwrap_or("unnamed")
                .to_owned();
            let thread = std::thread::Builder::new().name(name);
            thread
                .spawn_scoped(scope, run)
                .expect("the machine has threads for a few cases");
        }
    });
}

/// A careless test fails with a message that says this, and tells what happened.
pub(crate) fn check_strict(bot: Bot, test: impl AsyncFnOnce(Discord), says: &str) {
    let message = failure(|| discord(bot, test));
    let telling = message.contains("gateway: IDENTIFY on connection 1");
    assert!(message.contains(says) && telling, "{message}");
}
