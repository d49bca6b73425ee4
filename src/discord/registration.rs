//! Telling Discord which commands there are: tried until it works, and never a condition for answering.

use std::convert::Infallible;
use std::sync::atomic::{AtomicBool, Ordering};

use serenity::all::{Command, Http};
use tokio::time::sleep;

use super::commands::commands;
use super::deliver::Failure;
use super::state::State;
use super::supervision::Backoff;

/// Whether the commands of this process are registered; outlives single connections.
#[derive(Debug, Default)]
pub(super) struct Registration(AtomicBool);

impl Registration {
    /// Replaces the application's global commands by ours, and returns when that is done.
    ///
    /// It takes the id of the application, which serenity learns with READY.
    pub(super) async fn keep_trying(&self, http: &Http, state: &State) {
        let mut backoff = Backoff::new(state.timings().register);
        while !self.0.load(Ordering::Acquire) {
            let commands = commands::<State, Infallible>();
            let wanted = poise::builtins::create_application_commands(&commands);
            match Command::set_global_commands(http, wanted).await {
                Ok(registered) => {
                    state.learn_commands(&registered);
                    tracing::info!(commands = registered.len(), "commands are registered");
                    self.0.store(true, Ordering::Release);
                }
                // Discord took them; only its answer is not understood.
                Err(serenity::Error::Json(_)) => {
                    tracing::warn!("commands are registered, but the answer could not be read");
                    self.0.store(true, Ordering::Release);
                }
                Err(error) => {
                    let failure = Failure::from(&error);
                    let wait = backoff.wait();
                    tracing::warn!(%failure, ?wait, "commands could not be registered; trying again");
                    sleep(wait).await;
                }
            }
        }
    }
}
