//! Keeps every request, and writes them down for the check against Discord's own description of its API.

use std::fs::OpenOptions;
use std::io::Write;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::{Value, json};

use super::world::World;

/// Names the folder that requests are written to, one file an instance.
const RECORD_TO: &str = "CLEARTEXT_RECORD";

/// Numbers the files: tests run side by side, and one test may start two fakes.
static INSTANCES: AtomicUsize = AtomicUsize::new(0);

/// A request of the bot's.
#[derive(Clone, Debug)]
pub(crate) struct Request {
    pub(crate) method: String,
    /// With `/api/v10` and the query.
    pub(crate) path: String,
    /// `None` for a request without a body.
    pub(crate) body: Option<Value>,
    pub(crate) care: Care,
}

/// Whether a request is the bot's own or one that a test got wrong on purpose.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Care {
    Meant,
    WrongOnPurpose,
}

impl World {
    /// Appends the requests that were meant to `$CLEARTEXT_RECORD/<test>.jsonl`, if that variable is set.
    pub(crate) fn write_record(&self) {
        let Some(folder) = std::env::var_os(RECORD_TO) else {
            return;
        };
        let number = INSTANCES.fetch_add(1, Ordering::Relaxed);
        let test = std::thread::current()
            .name()
            .unwrap_or("unnamed")
            .replace("::", ".");
        let path = Path::new(&folder).join(format!("{test}-{}-{number}.jsonl", std::process::id()));
        let written = std::fs::create_dir_all(&folder)
            .and_then(|()| OpenOptions::new().create(true).append(true).open(&path))
            .and_then(|mut file| file.write_all(self.record().as_bytes()));
        if let Err(fault) = written {
            panic!(
                "the requests could not be recorded in {}: {fault}",
                path.display()
            );
        }
    }

    /// The requests that were meant, one JSON object a line.
    pub(crate) fn record(&self) -> String {
        let meant = self
            .requests
            .iter()
            .filter(|request| request.care == Care::Meant);
        let lines = meant.map(|request| json!({ "method": request.method, "path": request.path, "body": request.body }));
        lines.fold(String::new(), |all, line| format!("{all}{line}\n"))
    }
}
