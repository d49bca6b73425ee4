//! Why the memory could not do something: what failed, where, and the remedy.
//!
//! Never the password of an address, and never what was to be stored.

use std::path::PathBuf;

/// Why something was not remembered or recalled. Answers never depend on it.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// An address that is none.
    #[error("{what}; {remedy}")]
    Address {
        /// What is wrong; without the address, which may hold a password.
        what: String,
        /// What to write.
        remedy: &'static str,
    },
    /// The folder of the file does not exist.
    #[error(
        "the memory {} cannot be made: its folder {} does not exist; make the folder, or name another place as `url` under [memory]",
        file.display(), folder.display()
    )]
    Folder {
        /// The file.
        file: PathBuf,
        /// Its folder.
        folder: PathBuf,
    },
    /// There is no such file, and none was to be made.
    #[error("there is no memory {}; `cleartext serve` makes it, or name another as `url` under [memory]", .0.display())]
    Missing(PathBuf),
    /// The file cannot be made or opened.
    #[error("the memory {} cannot be opened: {why}; let this user write to the file and its folder, or name another place as `url` under [memory]", file.display())]
    File {
        /// The file.
        file: PathBuf,
        /// The system's words.
        why: String,
    },
    /// A later version wrote it.
    #[error(
        "the memory {0} was written by a later version of cleartext; install that version, or name another place as `url` under [memory]"
    )]
    Later(String),
    /// The database does not answer.
    #[error(
        "the memory {place} does not answer ({why}); it is tried again by itself, and answers go on without it"
    )]
    Away {
        /// Which memory, without user and password.
        place: String,
        /// What was heard, if anything.
        why: String,
    },
    /// Somebody else holds it for longer than a call may take.
    #[error("the memory {place} is busy ({why}); try again")]
    Busy {
        /// Which memory, without user and password.
        place: String,
        /// What was heard.
        why: String,
    },
    /// The database answered, and refused.
    #[error("the memory {place} could not {doing}: {why}; look after the database, and try again")]
    Refused {
        /// Which memory, without user and password.
        place: String,
        /// What was to be done.
        doing: &'static str,
        /// The database's words.
        why: String,
    },
    /// A row that this program did not write.
    #[error(
        "the memory {place} holds {what} that this program did not write; correct or delete that row"
    )]
    Strange {
        /// Which memory, without user and password.
        place: String,
        /// Which value.
        what: String,
    },
}
