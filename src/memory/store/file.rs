//! The SQLite file: made for its owner alone, and how it is opened.
//!
//! It writes nothing into it; that is SQLite's part.

use std::io;
use std::path::Path;
use std::time::Duration;

use sqlx::ConnectOptions as _;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};

use crate::memory::{Absence, Error};

/// Sees to it that there is a file that can be opened.
pub(super) fn prepare(path: &Path, absence: Absence) -> Result<(), Error> {
    if path.is_file() {
        return Ok(());
    }
    if path.is_dir() {
        return Err(Error::File {
            file: path.to_owned(),
            why: "it is a folder".to_owned(),
        });
    }
    match absence {
        Absence::Make => {}
        Absence::Report => return Err(Error::Missing(path.to_owned())),
    }
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        Some(_) | None => Path::new("."),
    };
    if !folder.is_dir() {
        return Err(Error::Folder {
            file: path.to_owned(),
            folder: folder.to_owned(),
        });
    }
    match make(path) {
        Ok(()) => Ok(()),
        // Another process was quicker.
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists && path.is_file() => Ok(()),
        Err(error) => Err(Error::File {
            file: path.to_owned(),
            why: reason(&error),
        }),
    }
}

/// Makes an empty file, which is an empty database. SQLite's side files take over its permissions: it may hold what people asked,
/// so other users of the machine have no business in it.
fn make(path: &Path) -> io::Result<()> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).map(drop)
}

/// The system's words without its error number.
fn reason(error: &io::Error) -> String {
    let told = error.to_string();
    told.split(" (os error")
        .next()
        .unwrap_or_default()
        .to_owned()
}

/// How a file is opened: what was acknowledged is on the disk, and what was deleted is not.
pub(super) fn options(path: &Path, busy: Duration) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(false)
        .journal_mode(SqliteJournalMode::Wal)
        // Syncs the log at each commit: it outlives not only a killed process but also a loss of power.
        .synchronous(SqliteSynchronous::Full)
        // What macOS calls a sync stays in the disk's own memory without it; elsewhere it says nothing.
        .pragma("fullfsync", "ON")
        .pragma("checkpoint_fullfsync", "ON")
        // Overwrites what is deleted.
        .pragma("secure_delete", "ON")
        .busy_timeout(busy)
        .thread_name(|number| format!("memory-{number}"))
        .disable_statement_logging()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_commit_is_on_the_disk_and_a_deletion_overwrites() {
        let folder = tempfile::TempDir::new().expect("a temporary folder");
        let path = folder.path().join("memory.db");
        prepare(&path, Absence::Make).expect("it can be made");
        let mut connection = options(&path, Duration::ZERO)
            .connect()
            .await
            .expect("it opens");
        let mut check = async |statement: &'static str, expected: &str| {
            let setting: String = sqlx::query_scalar(statement)
                .fetch_one(&mut connection)
                .await
                .expect("it can be read");
            assert_eq!(setting, expected, "{statement}");
        };
        check("SELECT journal_mode FROM pragma_journal_mode", "wal").await;
        // 2 is FULL.
        check(
            "SELECT CAST(synchronous AS TEXT) FROM pragma_synchronous",
            "2",
        )
        .await;
        check(
            "SELECT CAST(secure_delete AS TEXT) FROM pragma_secure_delete",
            "1",
        )
        .await;
    }
}
