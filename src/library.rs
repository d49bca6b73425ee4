//! A knowledge folder on disk, held ready: reads it, answers from it, and on a reload keeps the last good one.
//!
//! The only place outside the program's command line that touches the file system.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use arc_swap::{ArcSwap, ArcSwapOption};
use chrono::{DateTime, Utc};
use include_dir::{Dir, include_dir};

use crate::answering::{Answer, Answerer, Overrides};
use crate::knowledge::{self, Draft, File, Knowledge};
use crate::tables::Fault;

/// The knowledge that the crate ships, built in so that it is there whatever folder the program runs in.
static BUILT_IN: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/knowledge");

/// Largest knowledge file that is read, in bytes: fifty times the shipped one. Above it a path is surely a mistake.
const LARGEST_FILE: u64 = 16 << 20;
/// Deepest folder below the knowledge folder that is read; a guard against links that lead in circles.
const DEEPEST: usize = 8;

/// Knowledge that can be asked. Cheap to clone; clones share the same knowledge and see each other's reloads.
#[derive(Clone, Debug)]
pub struct Library(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    path: Option<PathBuf>,
    overrides: Overrides,
    current: ArcSwap<Answerer>,
    last_reload: ArcSwapOption<Reloaded>,
}

/// A reload, and what became of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reloaded {
    /// When.
    pub at: DateTime<Utc>,
    /// What became of it.
    pub outcome: Reload,
}

/// What became of a reload.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reload {
    /// The new knowledge serves.
    Done(Changes),
    /// The last good one goes on serving.
    Failed {
        /// How many faults the new one has; 1 where it could not be read at all.
        faults: usize,
    },
}

/// What a reload has changed, counted in entries. Displays as `+3 ~2 −1`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Changes {
    /// New ones.
    pub added: usize,
    /// Those of which anything that is shown has changed.
    pub changed: usize,
    /// Those that are gone.
    pub removed: usize,
}

impl Changes {
    fn between(old: &Answerer, new: &Answerer) -> Self {
        let mut changes = Self::default();
        for reply in new.replies() {
            match old.entry(&reply.entry) {
                None => changes.added += 1,
                Some(before) if before.revision != reply.revision => changes.changed += 1,
                Some(_) => {}
            }
        }
        let gone = |entry| new.entry(entry).is_none();
        changes.removed = old
            .replies()
            .iter()
            .filter(|reply| gone(&reply.entry))
            .count();
        changes
    }
}

impl fmt::Display for Changes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "+{} ~{} −{}", self.added, self.changed, self.removed)
    }
}

/// Why knowledge could not be loaded.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    /// A file or folder could not be read.
    #[error("{path}: {source}", path = path.display())]
    Read {
        /// Which one.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// There is nothing to read there.
    #[error("{path}: there is no .toml file in this folder; write manifest.toml, sources.toml and entries/<topic>.toml, or name another folder", path = path.display())]
    Empty {
        /// The folder.
        path: PathBuf,
    },
    /// The files were read, but cannot be served.
    #[error("{0}")]
    Faults(Faults),
}

/// Every structural fault of a knowledge folder; displays one a line.
#[derive(Debug)]
pub struct Faults(pub Vec<Fault>);

impl fmt::Display for Faults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (position, fault) in self.0.iter().enumerate() {
            if position > 0 {
                writeln!(f)?;
            }
            write!(f, "{fault}")?;
        }
        Ok(())
    }
}

impl Library {
    /// Opens a knowledge file or folder with the thresholds fitted to it.
    ///
    /// ```
    /// use cleartext::library::Library;
    ///
    /// # let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/discord");
    /// let library = Library::open(path)?;
    /// assert_eq!(library.current().title(), "The lighthouse dispute");
    /// # Ok::<(), cleartext::library::LoadError>(())
    /// ```
    ///
    /// # Errors
    /// If it cannot be read or has structural faults, all of which are told at once.
    pub fn open(path: impl Into<PathBuf>) -> Result<Self, LoadError> {
        Self::open_with(Some(path.into()), Overrides::default())
    }

    /// Opens a knowledge file or folder, or where `path` is `None` the knowledge that the crate ships.
    ///
    /// ```
    /// use cleartext::answering::Overrides;
    /// use cleartext::library::Library;
    ///
    /// let cautious = Overrides { answer_at: Some(0.99), ..Overrides::default() };
    /// let shipped = Library::open_with(None, cautious)?;
    /// assert!(!shipped.current().replies().is_empty());
    /// # Ok::<(), cleartext::library::LoadError>(())
    /// ```
    ///
    /// # Errors
    /// As [`Library::open`].
    pub fn open_with(path: Option<PathBuf>, overrides: Overrides) -> Result<Self, LoadError> {
        let answerer = Answerer::new(&load(path.as_deref())?, overrides);
        Ok(Self(Arc::new(Inner {
            path,
            overrides,
            current: ArcSwap::from_pointee(answerer),
            last_reload: ArcSwapOption::empty(),
        })))
    }

    /// Reads the knowledge again and swaps it in whole; `now` is what [`Library::last_reload`] will say of when.
    ///
    /// ```
    /// use cleartext::library::Library;
    ///
    /// # let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/discord");
    /// let library = Library::open(path)?;
    /// let clone = library.clone();
    /// // Somebody edits the folder; then both answer from the new knowledge, or, if that is faulty, both from the old.
    /// library.reload(chrono::Utc::now())?;
    /// assert_eq!(clone.current().edition(), library.current().edition());
    /// # Ok::<(), cleartext::library::LoadError>(())
    /// ```
    ///
    /// # Errors
    /// As [`Library::open`]; then the last good knowledge goes on answering.
    pub fn reload(&self, now: DateTime<Utc>) -> Result<Changes, LoadError> {
        let outcome = load(self.0.path.as_deref()).map(|knowledge| {
            let new = Arc::new(Answerer::new(&knowledge, self.0.overrides));
            let old = self.0.current.swap(Arc::clone(&new));
            Changes::between(&old, &new)
        });
        let told = match &outcome {
            Ok(changes) => Reload::Done(*changes),
            Err(LoadError::Faults(faults)) => Reload::Failed {
                faults: faults.0.len(),
            },
            Err(LoadError::Read { .. } | LoadError::Empty { .. }) => Reload::Failed { faults: 1 },
        };
        self.0.last_reload.store(Some(Arc::new(Reloaded {
            at: now,
            outcome: told,
        })));
        outcome
    }

    /// The last reload, if there was one.
    ///
    /// ```
    /// use cleartext::library::{Changes, Library, Reload};
    ///
    /// # let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/discord");
    /// let library = Library::open(path)?;
    /// assert_eq!(library.last_reload(), None);
    /// let now = chrono::Utc::now();
    /// library.reload(now)?;
    /// let last = library.last_reload().expect("there was one");
    /// assert_eq!(last.at, now);
    /// assert_eq!(last.outcome, Reload::Done(Changes::default()));
    /// # Ok::<(), cleartext::library::LoadError>(())
    /// ```
    pub fn last_reload(&self) -> Option<Arc<Reloaded>> {
        self.0.last_reload.load_full()
    }

    /// The knowledge as it is now; hold it while one question is being handled.
    ///
    /// ```
    /// use cleartext::library::Library;
    ///
    /// # let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/discord");
    /// let library = Library::open(path)?;
    /// let current = library.current();
    /// // What it says stays the same, whatever is reloaded meanwhile.
    /// assert_eq!(current.edition(), "2026.11");
    /// # Ok::<(), cleartext::library::LoadError>(())
    /// ```
    pub fn current(&self) -> Arc<Answerer> {
        self.0.current.load_full()
    }

    /// Answers a question in any words, or an entry's id.
    ///
    /// ```
    /// use cleartext::answering::Answer;
    /// use cleartext::library::Library;
    ///
    /// # let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/discord");
    /// let library = Library::open(path)?;
    /// let Answer::Found(found) = library.ask("How tall is the lighthouse?") else {
    ///     panic!("an entry's own question finds it");
    /// };
    /// assert_eq!(found.reply.entry.as_str(), "how-tall");
    /// # Ok::<(), cleartext::library::LoadError>(())
    /// ```
    pub fn ask(&self, question: &str) -> Answer {
        self.0.current.load().ask(question)
    }
}

/// Reads and parses a knowledge file or folder, or the built-in one, without judging it.
///
/// ```
/// use cleartext::library;
///
/// # let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/discord");
/// let draft = library::draft(Some(path.as_ref()))?;
/// assert!(draft.faults().is_empty());
/// # Ok::<(), cleartext::library::LoadError>(())
/// ```
///
/// # Errors
/// If it cannot be read.
pub fn draft(path: Option<&Path>) -> Result<Draft, LoadError> {
    Ok(knowledge::parse(&files(path)?))
}

fn load(path: Option<&Path>) -> Result<Knowledge, LoadError> {
    draft(path)?
        .into_knowledge()
        .map_err(|faults| LoadError::Faults(Faults(faults)))
}

/// The TOML files of a knowledge folder, in the order of their names.
fn files(path: Option<&Path>) -> Result<Vec<File>, LoadError> {
    let Some(path) = path else {
        let mut files = Vec::new();
        built_in(&BUILT_IN, &mut files);
        files.sort_by(|a, b| a.name.cmp(&b.name));
        return Ok(files);
    };
    let metadata = std::fs::metadata(path).map_err(|source| read_error(path, source))?;
    if metadata.is_file() {
        return Ok(vec![File {
            name: path.display().to_string(),
            text: read(path)?,
        }]);
    }
    let mut files = Vec::new();
    folder(path, DEEPEST, &mut files)?;
    if files.is_empty() {
        return Err(LoadError::Empty {
            path: path.to_owned(),
        });
    }
    files.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(files)
}

fn built_in(folder: &Dir<'_>, files: &mut Vec<File>) {
    for file in folder.files() {
        let is_toml = file
            .path()
            .extension()
            .is_some_and(|extension| extension == "toml");
        if let Some(text) = file.contents_utf8().filter(|_| is_toml) {
            files.push(File {
                name: file.path().to_string_lossy().into_owned(),
                text: text.to_owned(),
            });
        }
    }
    for inner in folder.dirs() {
        built_in(inner, files);
    }
}

fn folder(path: &Path, deepest: usize, files: &mut Vec<File>) -> Result<(), LoadError> {
    for item in std::fs::read_dir(path).map_err(|source| read_error(path, source))? {
        let item = item.map_err(|source| read_error(path, source))?;
        let inner = item.path();
        // Editors leave their drafts behind as hidden files.
        if item.file_name().to_string_lossy().starts_with('.') {
            continue;
        }
        let metadata = std::fs::metadata(&inner).map_err(|source| read_error(&inner, source))?;
        if metadata.is_dir() && deepest > 0 {
            folder(&inner, deepest - 1, files)?;
        } else if metadata.is_file()
            && inner
                .extension()
                .is_some_and(|extension| extension == "toml")
        {
            files.push(File {
                name: inner.display().to_string(),
                text: read(&inner)?,
            });
        }
    }
    Ok(())
}

fn read(path: &Path) -> Result<String, LoadError> {
    let length = std::fs::metadata(path)
        .map_err(|source| read_error(path, source))?
        .len();
    if length > LARGEST_FILE {
        let what = format!("{length} bytes is too large for a knowledge file; split it");
        return Err(read_error(path, io::Error::other(what)));
    }
    let bytes = std::fs::read(path).map_err(|source| read_error(path, source))?;
    String::from_utf8(bytes).map_err(|error| {
        let sound = error.utf8_error().valid_up_to();
        let before = String::from_utf8_lossy(error.as_bytes().get(..sound).unwrap_or_default());
        let line = before.matches('\n').count() + 1;
        read_error(
            path,
            io::Error::other(format!("line {line} is not UTF-8; save the file as UTF-8")),
        )
    })
}

fn read_error(path: &Path, source: io::Error) -> LoadError {
    LoadError::Read {
        path: path.to_owned(),
        source,
    }
}
