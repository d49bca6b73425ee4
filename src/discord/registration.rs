//! Telling Discord which commands there are: tried until it works, and never a condition for answering.

use std::sync::atomic::{AtomicBool, Ordering};

use serde_json::{Value, json};
use serenity::all::{CreateCommand, Http};
use tokio::time::sleep;

use super::deliver::Failure;
use super::plain::definitions;
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
            let wanted = described(&definitions(state.names()));
            match http.create_global_commands(&wanted).await {
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

/// Commands as Discord's description of its API has them, for `Http::create_global_commands`.
///
/// serenity writes the number of a right as text, and a field `nsfw` that the description does not know. Discord takes both today.
///
/// ```
/// use cleartext::discord::{Names, definitions, described};
/// use serenity::all::CreateCommand;
///
/// # async fn register(http: &serenity::http::Http) -> Result<(), serenity::Error> {
/// // Those of a poise bot are `poise::builtins::create_application_commands(&framework.options().commands)`.
/// let mut all = definitions(&Names::default());
/// all.push(CreateCommand::new("roll").description("Rolls a die"));
/// http.create_global_commands(&described(&all)).await?;
/// # Ok(())
/// # }
/// # let json = described(&definitions(&Names::default()));
/// # assert_eq!(json[6]["default_member_permissions"], 32);
/// ```
pub fn described(commands: &[CreateCommand]) -> Value {
    let mut described = json!(commands);
    let commands = described.as_array_mut().into_iter().flatten();
    for command in commands.filter_map(Value::as_object_mut) {
        command.remove("nsfw");
        if let Some(rights) = command.get_mut("default_member_permissions")
            && let Some(number) = rights.as_str().and_then(|text| text.parse::<u64>().ok())
        {
            *rights = json!(number);
        }
    }
    described
}
