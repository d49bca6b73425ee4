//! Everything that is tested from outside, in one binary: a module a feature. `fake` is Discord as the tests see it.

#[cfg(feature = "cli")]
mod cli_ask;
#[cfg(feature = "cli")]
mod cli_chat;
#[cfg(feature = "cli")]
mod cli_check;
#[cfg(feature = "cli")]
mod cli_config;
#[cfg(feature = "cli")]
mod cli_eval;
#[cfg(feature = "cli")]
mod cli_eval_report;
#[cfg(feature = "cli")]
mod cli_gaps;
#[cfg(feature = "cli")]
mod cli_schema;
#[cfg(all(feature = "cli", unix))]
mod cli_serve;
#[cfg(all(feature = "cli", unix))]
mod cli_terminal;
#[cfg(feature = "discord")]
mod discord;
#[cfg(feature = "discord")]
mod discord_browse;
#[cfg(feature = "discord")]
mod discord_buttons;
#[cfg(feature = "discord")]
mod discord_connection;
#[cfg(all(feature = "discord", unix))]
mod discord_examples;
#[cfg(all(feature = "discord", feature = "memory"))]
mod discord_feedback;
#[cfg(feature = "discord")]
mod discord_find;
#[cfg(feature = "discord")]
mod discord_follow;
#[cfg(feature = "cli")]
mod discord_log;
#[cfg(feature = "discord")]
mod discord_manners;
#[cfg(all(feature = "discord", feature = "memory"))]
mod discord_moderation;
#[cfg(feature = "discord")]
mod discord_plugin;
#[cfg(all(feature = "discord", feature = "memory"))]
mod discord_rights;
#[cfg(feature = "discord")]
mod discord_shipped;
#[cfg(all(feature = "discord", feature = "memory"))]
mod discord_suggestion;
#[cfg(feature = "discord")]
mod discord_trouble;
#[cfg(feature = "discord")]
mod discord_views;
#[cfg(feature = "discord")]
mod fake;
#[cfg(feature = "discord")]
mod fake_test;
mod house;
#[cfg(feature = "memory")]
mod memory;
#[cfg(feature = "memory")]
mod privacy;
#[cfg(feature = "cli")]
mod program;
#[cfg(feature = "discord")]
mod properties;
mod shipped;
