//! The bot inside other people's bots: in a poise framework of theirs, and in plain serenity.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use cleartext::discord::{
    HasState, Names, Plugin, Setup, State, commands, definitions, described, handle_event,
};
use serenity::all::{
    ClientBuilder, Context, CreateCommand, CreateInteractionResponse,
    CreateInteractionResponseMessage, EventHandler, Framework, FullEvent, GatewayIntents, Guild,
    HttpBuilder, Interaction, Message, Ready, UnavailableGuild,
};
use tokio_util::sync::CancellationToken;

use crate::discord::{SURE, TORN, ask, mention, setup};
use crate::fake::{Api, Bot, discord};

const INTENTS: GatewayIntents =
    GatewayIntents::GUILD_MESSAGES.union(GatewayIntents::DIRECT_MESSAGES);

/// A host's own data and error, which know nothing of ours but where it is.
struct HostData {
    cleartext: State,
}

#[derive(Debug)]
struct HostError;

impl HasState for HostData {
    fn cleartext(&self) -> &State {
        &self.cleartext
    }
}

/// A command of the host's.
#[poise::command(slash_command)]
async fn ping(ctx: poise::Context<'_, HostData, HostError>) -> Result<(), HostError> {
    ctx.say("pong").await.map(drop).map_err(|_| HostError)
}

fn client(api: &Api) -> ClientBuilder {
    client_with(api, INTENTS)
}

fn client_with(api: &Api, intents: GatewayIntents) -> ClientBuilder {
    let http = HttpBuilder::new(&api.token)
        .proxy(&api.base)
        .ratelimiter_disabled(true)
        .build();
    ClientBuilder::new_with_http(http, intents)
}

async fn until(stop: CancellationToken, client: ClientBuilder) -> Result<(), String> {
    let mut client = client.await.map_err(|error| error.to_string())?;
    let shards = client.shard_manager.clone();
    tokio::select! {
        result = client.start() => result.map_err(|error| error.to_string()),
        () = async { stop.cancelled().await; shards.shutdown_all().await } => Ok(()),
    }
}

/// A poise bot with a command and a button of its own that mounts ours.
fn poise_host() -> Bot {
    Bot::new(|api, stop| async move {
        let mut all = commands::<HostData, HostError>();
        all.push(ping());
        let options = poise::FrameworkOptions {
            commands: all,
            event_handler: |ctx, event| {
                Box::pin(async move {
                    handle_event(ctx.serenity_context, event, ctx.user_data.cleartext()).await;
                    if let FullEvent::InteractionCreate {
                        interaction: Interaction::Component(press),
                    } = event
                        && press.data.custom_id.starts_with("host:")
                    {
                        let text =
                            CreateInteractionResponseMessage::new().content("the host's own");
                        let response = CreateInteractionResponse::Message(text);
                        press
                            .create_response(ctx.serenity_context, response)
                            .await
                            .map_err(|_| HostError)?;
                    }
                    Ok(())
                })
            },
            on_error: |_| Box::pin(async { panic!("the host saw an error") }),
            pre_command: |_| Box::pin(async {}),
            ..options()
        };
        let framework = poise::Framework::builder()
            .options(options)
            .initialize_owners(false)
            .setup(|ctx, _, framework| {
                Box::pin(async move {
                    let all = &framework.options().commands;
                    poise::builtins::register_globally(ctx, all)
                        .await
                        .map_err(|_| HostError)?;
                    Ok(HostData {
                        cleartext: State::new(setup()),
                    })
                })
            })
            .build();
        until(stop, client(&api).framework(framework)).await
    })
}

/// The defaults, which poise has only for errors that a host's need not be.
fn options() -> poise::FrameworkOptions<HostData, HostError> {
    poise::FrameworkOptions {
        prefix_options: poise::PrefixFrameworkOptions {
            mention_as_prefix: false,
            ..Default::default()
        },
        ..Default::default()
    }
}

impl std::fmt::Display for HostError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("the host's error")
    }
}

impl std::error::Error for HostError {}

/// A framework of a plain host's own, which hears every event as ours does.
struct Counting(Arc<AtomicUsize>);

#[serenity::async_trait]
impl Framework for Counting {
    async fn dispatch(&self, _: Context, event: FullEvent) {
        if let FullEvent::InteractionCreate { .. } = event {
            self.0.fetch_add(1, Ordering::SeqCst);
        }
    }
}

/// A plain host that registers our commands under its own names, and one of its own that nobody answers.
struct Registering(Names);

#[serenity::async_trait]
impl EventHandler for Registering {
    async fn ready(&self, ctx: Context, _: Ready) {
        let mut all = definitions(&self.0);
        all.push(CreateCommand::new("foreign").description("Not ours"));
        ctx.http
            .create_global_commands(&described(&all))
            .await
            .expect("the fake takes them");
    }
}

#[test]
fn a_plain_host_names_our_commands_and_keeps_its_own_framework() {
    let heard = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&heard);
    let host = Bot::new(move |api, stop| {
        let counting = Counting(Arc::clone(&counted));
        async move {
            let names = Names::prefixed("e2ee-").map_err(|error| error.to_string())?;
            let setup = Setup {
                names: names.clone(),
                ..setup()
            };
            let plugin = Plugin::new(State::new(setup)).beside(counting);
            let client = client(&api).event_handler(Registering(names));
            until(stop, client.framework(plugin)).await
        }
    });
    discord(host, async |d| {
        let question = &[("question", SURE)];
        let answer = d.alice().slash("e2ee-ask", question).await.reply().await;
        assert_eq!(answer.title(), SURE);
        let completed = d.alice().types("e2ee-ask", "question", "fog").await;
        assert!(!completed.is_empty());
        let help = mention(d.alice(), "").await;
        assert_eq!(
            help.content,
            "Ask me something after the mention, or use /e2ee-ask: I answer from a file of cited sources."
        );
        let old = answer.click_custom_id("ct1:dance", d.alice()).await;
        let text = old.reply().await.content;
        assert!(text.ends_with("Please ask again with /e2ee-ask."), "{text}");
        // Ours leaves alone what is not ours, though it hears it.
        let foreign = d.alice().slash("foreign", &[]).await;
        foreign.may_stay_unanswered();
        let all_heard = async {
            while heard.load(Ordering::SeqCst) < 4 {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        tokio::time::timeout(Duration::from_secs(30), all_heard)
            .await
            .expect("the host's framework hears what ours hears");
        d.silence().await;
    });
}

/// A plain serenity bot that hands us its events.
struct PlainHost(State);

#[serenity::async_trait]
impl EventHandler for PlainHost {
    async fn message(&self, ctx: Context, new_message: Message) {
        handle_event(&ctx, &FullEvent::Message { new_message }, &self.0).await;
    }

    async fn interaction_create(&self, ctx: Context, interaction: Interaction) {
        handle_event(&ctx, &FullEvent::InteractionCreate { interaction }, &self.0).await;
    }

    async fn guild_delete(&self, ctx: Context, incomplete: UnavailableGuild, full: Option<Guild>) {
        handle_event(&ctx, &FullEvent::GuildDelete { incomplete, full }, &self.0).await;
    }
}

#[test]
fn a_poise_host_keeps_its_own_and_gets_ours() {
    discord(poise_host(), async |d| {
        let mut names = d.registered_commands().await;
        names.sort();
        assert_eq!(
            names,
            [
                "Find a sourced answer",
                "about",
                "ask",
                "cleartext",
                "help",
                "ping",
                "source",
                "topics"
            ]
        );
        // serenity writes the number of a right as text, which Discord takes but its own description of the API does not.
        d.last_request_was_wrong_on_purpose();
        assert_eq!(
            d.alice().slash("ping", &[]).await.reply().await.content,
            "pong"
        );
        assert_eq!(ask(d.alice(), SURE).await.title(), SURE);
        assert_eq!(mention(d.alice(), SURE).await.title(), SURE);
        assert!(!d.alice().types("ask", "question", "fog").await.is_empty());
        let choice = ask(d.alice(), TORN).await;
        let own = choice
            .click_custom_id("host:vote:1", d.alice())
            .await
            .reply()
            .await;
        assert_eq!(own.content, "the host's own");
        let label = "What does the fog horn cost a year?";
        assert_eq!(
            choice.click(label, d.alice()).await.reply().await.title(),
            label
        );
    });
}

#[test]
fn a_plain_host_gets_mentions_and_buttons_and_no_commands() {
    let host = Bot::new(|api, stop| async move {
        let handler = PlainHost(State::new(setup()));
        until(stop, client(&api).event_handler(handler)).await
    });
    discord(host, async |d| {
        assert_eq!(mention(d.alice(), SURE).await.title(), SURE);
        let choice = d.alice().dm(TORN).await.reply().await;
        let label = "What does the fog horn cost a year?";
        assert_eq!(
            choice.click(label, d.alice()).await.reply().await.title(),
            label
        );
        assert_eq!(d.requests("PUT", "/applications/*/commands").len(), 0);
        // It learned who it is by asking once, since this host handed us no READY.
        assert_eq!(d.requests("GET", "/users/@me").len(), 1);
    });
}

#[cfg(feature = "memory")]
#[test]
fn a_server_that_removes_a_host_which_hears_of_it_is_forgotten() {
    use cleartext::memory::{Change, Gaps, GuildId, Memory, Settings};

    let temporary = tempfile::TempDir::new().expect("a temporary folder can be made");
    let memory = crate::discord_moderation::memory_in(&temporary);
    let again = memory.clone();
    let host = Bot::new(move |api, stop| {
        let memory: Memory = again();
        async move {
            let setup = Setup {
                memory: Some(memory),
                ..setup()
            };
            let handler = PlainHost(State::new(setup));
            let intents = INTENTS | GatewayIntents::GUILDS;
            until(stop, client_with(&api, intents).event_handler(handler)).await
        }
    });
    discord(host, async |d| {
        let guild = GuildId::new(d.look(|world| world.cast.guild.get())).expect("not zero");
        let memory = memory();
        let on = memory.set(guild, &Change::Gaps(Gaps::On)).await;
        assert_eq!(on.expect("it is stored").gaps, Gaps::On);
        d.guild_has_an_outage();
        // An answer after it shows that it was handled.
        assert_eq!(mention(d.alice(), SURE).await.title(), SURE);
        let kept = memory.settings(guild).await.expect("it can be read");
        assert_eq!(kept.gaps, Gaps::On);
        d.guild_removes_bot();
        while memory.settings(guild).await.expect("it can be read") != Settings::default() {
            tokio::task::yield_now().await;
        }
        memory.close().await;
    });
}
