//! The bot inside a plain serenity bot: commands, completions, buttons, mentions and direct messages in one piece.
//!
//! It is a serenity [`Framework`] and not an `EventHandler`, because only a framework is handed the client's shard
//! manager, without which poise runs no command. serenity gives every event to both, so the host's handlers stay as
//! they are. It registers nothing and starts no task of its own.

use std::convert::Infallible;

use serenity::all::{Client, Context, CreateCommand, Framework, FullEvent, Interaction};

use super::commands::commands_with;
use super::events::handle_event;
use super::names::Names;
use super::outgoing::nobody;
use super::state::State;

type Inner = poise::Framework<State, Infallible>;
type Trouble<'a> = poise::FrameworkError<'a, State, Infallible>;
type OnError = fn(Trouble<'_>) -> poise::BoxFuture<'_, ()>;

/// Our bot for a host that uses serenity without poise: give it to `ClientBuilder::framework`.
///
/// ```no_run
/// use cleartext::discord::{Plugin, State};
/// use cleartext::library::Library;
/// use serenity::all::{Client, EventHandler, GatewayIntents};
///
/// struct Mine;
/// impl EventHandler for Mine {}
///
/// # async fn start() -> Result<(), Box<dyn std::error::Error>> {
/// let state = State::new(Library::open("knowledge")?);
/// let intents = GatewayIntents::GUILD_MESSAGES | GatewayIntents::DIRECT_MESSAGES;
/// let mut client = Client::builder("a token", intents)
///     .event_handler(Mine)
///     .framework(Plugin::new(state))
///     .await?;
/// client.start().await?;
/// # Ok(())
/// # }
/// ```
///
/// The commands are the host's to register, with [`definitions`] among its own.
pub struct Plugin {
    inner: Inner,
    state: State,
    host: Option<Box<dyn Framework>>,
}

impl std::fmt::Debug for Plugin {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Plugin")
            .field("state", &self.state)
            .finish_non_exhaustive()
    }
}

impl Plugin {
    /// The bot that answers from a state, under the names that the state was given.
    ///
    /// ```
    /// use cleartext::discord::{Plugin, State};
    /// use cleartext::library::Library;
    ///
    /// # let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/discord");
    /// let plugin = Plugin::new(State::new(Library::open(path)?));
    /// # let _given_to_the_client = plugin;
    /// # Ok::<(), cleartext::library::LoadError>(())
    /// ```
    pub fn new(state: State) -> Self {
        Self::with(state, |error| {
            // A command that is not ours is the host's.
            if !matches!(error, poise::FrameworkError::UnknownInteraction { .. }) {
                log(&error);
            }
            Box::pin(async {})
        })
    }

    /// The whole bot, in which every command is ours.
    pub(super) fn alone(state: State) -> Self {
        Self::with(state, |error| {
            log(&error);
            Box::pin(async {})
        })
    }

    fn with(state: State, on_error: OnError) -> Self {
        Self {
            inner: framework(state.clone(), on_error),
            state,
            host: None,
        }
    }

    /// The same beside a framework of the host's own, since serenity takes only one. Both get every event.
    ///
    /// ```no_run
    /// # use serenity::all::{Context, Framework, FullEvent};
    /// use cleartext::discord::{Plugin, State};
    ///
    /// struct Mine;
    /// #[serenity::async_trait]
    /// impl Framework for Mine {
    ///     async fn dispatch(&self, _: Context, _: FullEvent) {}
    /// }
    /// # fn mount(state: State) -> Plugin {
    /// Plugin::new(state).beside(Mine)
    /// # }
    /// ```
    #[must_use]
    pub fn beside(mut self, host: impl Framework + 'static) -> Self {
        self.host = Some(Box::new(host));
        self
    }

    async fn ours(&self, ctx: Context, event: FullEvent) {
        // poise answers completions by itself, so a second one has to be stopped before it.
        if let FullEvent::InteractionCreate {
            interaction: Interaction::Autocomplete(typed),
            ..
        } = &event
            && !self.state.is_new(typed.id.get())
        {
            return;
        }
        self.inner.dispatch(ctx, event).await;
    }
}

#[serenity::async_trait]
impl Framework for Plugin {
    async fn init(&mut self, client: &Client) {
        self.inner.init(client).await;
        if let Some(host) = &mut self.host {
            host.init(client).await;
        }
    }

    async fn dispatch(&self, ctx: Context, event: FullEvent) {
        match &self.host {
            None => self.ours(ctx, event).await,
            // At the same time: neither waits for what the other posts.
            Some(host) => {
                tokio::join!(
                    self.ours(ctx.clone(), event.clone()),
                    host.dispatch(ctx, event)
                );
            }
        }
    }
}

/// The commands as serenity's builders, for a host to register among its own.
///
/// ```
/// use cleartext::discord::{Names, definitions};
///
/// let commands = definitions(&Names::prefixed("e2ee-")?);
/// // Registered with `http.create_global_commands(&described(&commands)).await`.
/// # let json = serde_json::to_value(&commands).expect("builders are JSON");
/// # assert_eq!(json[0]["name"], "e2ee-ask");
/// # Ok::<(), cleartext::discord::NameError>(())
/// ```
pub fn definitions(names: &Names) -> Vec<CreateCommand> {
    let commands = commands_with::<State, Infallible>(names);
    poise::builtins::create_application_commands(&commands)
}

/// poise with our commands, without prefixes and without a look at who owns the bot.
fn framework(state: State, on_error: OnError) -> Inner {
    let options = poise::FrameworkOptions {
        commands: commands_with(state.names()),
        event_handler: |ctx, event| {
            Box::pin(async move {
                handle_event(ctx.serenity_context, event, ctx.user_data).await;
                Ok(())
            })
        },
        on_error,
        allowed_mentions: Some(nobody()),
        prefix_options: poise::PrefixFrameworkOptions {
            mention_as_prefix: false,
            ..Default::default()
        },
        ..Default::default()
    };
    poise::Framework::builder()
        .options(options)
        .initialize_owners(false)
        // Nothing here may fail: poise would never answer anything again.
        .setup(|_, _, _| Box::pin(async { Ok(state) }))
        .build()
}

/// Our commands handle their failures, so this is what poise itself could not do with an interaction.
fn log(error: &Trouble<'_>) {
    let what = match error {
        poise::FrameworkError::CommandPanic { .. } => "a command panicked",
        poise::FrameworkError::UnknownInteraction { .. } => {
            "Discord sent a command that this version does not have"
        }
        poise::FrameworkError::CommandStructureMismatch { .. } => {
            "Discord sent a command in another form than this version's"
        }
        _ => "poise could not handle an event",
    };
    tracing::warn!(what, "an event was left out");
}
