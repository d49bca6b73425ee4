//! Cleartext answers questions from a curated knowledge folder, with a source behind every sentence.
//!
//! The map of the house, from the inside out; an arrow of use never points back:
//!
//! - [`tables`]: TOML read with places and remedies, for knowledge and configuration.
//! - [`knowledge`]: entries, sources and citations, parsed and checked.
//! - [`matching`]: from a question in any spelling to ranked documents with probabilities.
//! - [`answering`]: from a question to an answer: found, "which one?", or "not in this file".
//! - [`library`]: a knowledge folder on disk, held ready and reloaded.

pub mod answering;
pub mod knowledge;
pub mod library;
pub mod matching;
pub mod tables;
