//! The memory of a running bot: opened beside the connection to Discord, and cleared once in a while of what is no longer kept.
//!
//! It never ends the program: a memory that fails is a warning, and answers go on without it.

use std::convert::Infallible;
use std::time::Duration;

use tokio::time::sleep;

use super::config::Remembering;
use super::today;
use crate::memory::{Error, Memory};

/// How often is cleared: days are what is counted, so a day that has ended is noticed within hours of it.
const CLEARING: Duration = Duration::from_hours(6);
/// How soon is tried again after a failure.
const AGAIN: Duration = Duration::from_mins(1);

/// The memory that is configured; `None` where it is off. It connects when it is first used. Call it inside a runtime.
pub(super) fn memory(remembering: &Remembering) -> Option<Memory> {
    match remembering {
        Remembering::At(address) => Some(Memory::lazy(address)),
        Remembering::Off => None,
    }
}

/// Opens the memory and keeps clearing it, for as long as it is polled.
pub(super) async fn keep(memory: Option<Memory>) -> Infallible {
    let Some(memory) = memory else {
        tracing::info!("the memory is off; nothing is stored");
        return std::future::pending().await;
    };
    let mut told = false;
    loop {
        match clear(&memory).await {
            Ok(deleted) => {
                if !told {
                    tracing::info!(place = %memory, "the memory is open");
                }
                told = true;
                if deleted > 0 {
                    tracing::info!(
                        deleted,
                        "unanswered questions were deleted, as is their time"
                    );
                }
                sleep(CLEARING).await;
            }
            Err(error) => {
                tracing::warn!("{error}");
                told = false;
                sleep(AGAIN).await;
            }
        }
    }
}

async fn clear(memory: &Memory) -> Result<u64, Error> {
    memory.prepare().await?;
    memory.purge(today()).await
}

/// Ends its connections.
pub(super) async fn end(memory: Option<Memory>) {
    if let Some(memory) = memory {
        memory.close().await;
    }
}
