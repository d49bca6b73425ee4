//! Discord: the bot, and the plugin for other bots. The only place that knows serenity and poise.
//!
//! Four ways in:
//!
//! - [`run`]: the whole bot with its own connection, watched over until it is told to stop.
//! - [`commands`] and [`handle_event`]: the same bot inside a host's poise bot; [`commands_with`] under other [`Names`].
//! - [`Plugin`], [`definitions`] and [`described`]: the same inside a bot that uses serenity without poise.
//! - [`faults`]: what a reply would lose to Discord's limits, for `cleartext check`.
//!
//! The second and the third register nothing, install nothing, read no environment and start no task of their own.
//!
//! ```no_run
//! use cleartext::discord::{State, commands, handle_event};
//! use cleartext::library::Library;
//!
//! # type Error = Box<dyn std::error::Error + Send + Sync>;
//! # fn host() -> Result<poise::Framework<State, Error>, Error> {
//! // A host's own data implements `HasState`; for a bot that has none the state itself will do.
//! let state = State::new(Library::open("knowledge")?);
//! let options = poise::FrameworkOptions {
//!     commands: commands::<State, Error>(),
//!     event_handler: |ctx, event| {
//!         Box::pin(async move {
//!             handle_event(ctx.serenity_context, event, ctx.user_data).await;
//!             Ok(())
//!         })
//!     },
//!     ..Default::default()
//! };
//! # Ok(poise::Framework::builder().options(options).setup(|_, _, _| Box::pin(async { Ok(state) })).build())
//! # }
//! ```
//!
//! Inside, from the pure to the wet:
//!
//! - `markdown`, `custom_id`, `render`, `sheet`: from answers to what is shown. Functions over values.
//! - `messages`, `help`, `sources`, `pages`, `outgoing`: what is said and shown, with the buttons that lead on.
//! - `setup`, `remembered`, `settings`, `here`: what the operator and the servers have decided, and what a place allows.
//! - `recent`, `cooldown`, `state`, `timings`, `vitals`: what has been seen, who is being served, how long anything may take and took.
//! - `deliver`: posting, with every wait bounded and nothing ever posted twice.
//! - `names`: what the commands are called in a host's bot.
//! - `commands`, `find`, `mentions`, `presses`, `events`: what is said to the bot. `plain`: all of it in one piece.
//! - `housekeeping`: events that are no question: connections, moderators' buttons, leaving a server.
//! - `moderation`, `feedback`, `suggestion`: what moderators set and ask, what readers say of an answer, and of a missing one.
//! - `connection`, `session`, `supervision`, `registration`: one life after another on the gateway.
//!
//! It never asks for a privileged intent, never mentions anybody, never repeats an asker's words in public, and
//! keeps nothing about people: no id, name or question is logged at info level or above.

mod commands;
mod connection;
mod cooldown;
mod custom_id;
mod deliver;
mod events;
mod feedback;
mod find;
mod help;
mod here;
mod housekeeping;
mod markdown;
mod mentions;
mod messages;
mod moderation;
mod names;
mod outgoing;
mod pages;
mod plain;
mod presses;
mod recent;
mod registration;
mod remembered;
mod render;
mod session;
mod settings;
mod setup;
mod sheet;
mod sources;
mod state;
mod suggestion;
mod supervision;
mod timings;
mod vitals;

pub use commands::{commands, commands_with};
pub use connection::{Connection, RunError, run};
pub use events::handle_event;
pub use names::{NameError, Names};
pub use plain::{Plugin, definitions};
pub use registration::described;
pub use render::faults;
pub use settings::{Cooldown, ServerSettings, Visibility};
pub use setup::Setup;
pub use state::{HasState, State};
pub use timings::Timings;

/// What a program that runs the bot should log, in the syntax of `tracing-subscriber`'s `EnvFilter`.
///
/// serenity's and poise's warnings hold what they could not handle: message texts, and addresses with the tokens of
/// interactions. Ours say the same without them.
pub const LOG_FILTER: &str = "warn,cleartext=info,serenity=error,poise=error";
