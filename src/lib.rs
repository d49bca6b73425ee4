//! Cleartext answers questions from a curated knowledge folder, with a source behind every sentence.
//!
//! The map of the house, from the inside out; an arrow of use never points back:
//!
//! - [`tables`]: TOML read with places and remedies, for knowledge and configuration.
//! - [`knowledge`]: entries, sources and citations, parsed and checked.
//! - [`matching`]: from a question in any spelling to ranked documents with probabilities.
//! - [`answering`]: from a question to an answer: found, "which one?", or "not in this file".
//! - [`library`]: a knowledge folder on disk, held ready and reloaded.
//! - [`memory`]: what the bot remembers, in SQLite or PostgreSQL (feature `memory`).
//! - [`discord`]: the bot, and the plugin for other bots (feature `discord`).
//! - [`cli`]: the program `cleartext` (feature `cli`).
//!
//! # Three ways in
//! The engine alone, with no Discord and no async runtime (`default-features = false`):
//!
//! ```
//! use cleartext::answering::{Answer, Overrides};
//! use cleartext::library::Library;
//!
//! // `None` is the knowledge that the crate ships; `Library::open(path)` opens another.
//! let library = Library::open_with(None, Overrides::default())?;
//! match library.ask("how many police chiefs signd it") {
//!     Answer::Found(found) => println!("{}\n{}", found.reply.title, found.reply.body),
//!     Answer::Choose(choice) => println!("one of {}?", choice.candidates.len()),
//!     Answer::Unknown(unknown) => println!("not in this file; near: {}", unknown.near.len()),
//! }
//! # Ok::<(), cleartext::library::LoadError>(())
//! ```
//!
//! In a poise bot, whose data gives us our state (feature `discord`):
//!
#![cfg_attr(not(feature = "discord"), doc = "```ignore")]
#![cfg_attr(feature = "discord", doc = "```")]
//! use cleartext::discord::{HasState, State, commands, handle_event};
//!
//! struct Data { cleartext: State }
//! impl HasState for Data {
//!     fn cleartext(&self) -> &State { &self.cleartext }
//! }
//! # type Error = Box<dyn std::error::Error + Send + Sync>;
//! let options = poise::FrameworkOptions::<Data, Error> {
//!     commands: commands(), // and the host's own
//!     event_handler: |ctx, event| Box::pin(async move {
//!         handle_event(ctx.serenity_context, event, ctx.user_data.cleartext()).await;
//!         Ok(())
//!     }),
//!     ..Default::default()
//! };
//! # let _given_to_the_framework = options;
//! ```
//!
//! In a serenity bot without poise:
//!
#![cfg_attr(not(feature = "discord"), doc = "```ignore")]
#![cfg_attr(feature = "discord", doc = "```no_run")]
//! use cleartext::discord::{Plugin, State, definitions};
//! use cleartext::library::Library;
//! # use serenity::all::{Client, Command, GatewayIntents};
//! # async fn host(token: &str) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
//!
//! let state = State::new(Library::open("knowledge")?);
//! let commands = definitions(state.names()); // to be registered among the host's own
//! # let _registered = commands;
//! let intents = GatewayIntents::GUILD_MESSAGES | GatewayIntents::DIRECT_MESSAGES;
//! let client = Client::builder(token, intents).framework(Plugin::new(state)).await?;
//! # drop(client);
//! # Ok(())
//! # }
//! ```
//!
//! On the last two nothing installs a logger, reads the environment, registers commands, or starts a task or a thread that stays.
//! `examples/host_bot.rs` and `examples/plain_serenity.rs` are whole bots.

pub mod answering;
#[cfg(feature = "cli")]
pub mod cli;
#[cfg(feature = "discord")]
pub mod discord;
pub mod knowledge;
pub mod library;
pub mod matching;
#[cfg(any(feature = "discord", feature = "memory"))]
pub mod memory;
pub mod tables;
