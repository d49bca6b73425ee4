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
