//! The file that a page goes to: replaced whole or not at all.
//!
//! The page is written beside the file and then takes its name, so that who has it open never sees half of one.

use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use crate::cli::{Failure, reason};

/// A file that can be written, as far as could be known when it was named.
#[derive(Debug)]
pub(super) struct Target(PathBuf);

impl Target {
    /// Tries whether a file can be put there.
    ///
    /// # Errors
    /// If its folder does not exist or cannot be written, or if what stands there is no file.
    pub(super) fn new(path: &Path) -> Result<Self, Failure> {
        let target = Self(path.to_owned());
        // A folder, a device or a pipe must not be replaced by a file.
        if let Ok(there) = fs::metadata(path)
            && !there.is_file()
        {
            let what = if there.is_dir() {
                "it is a folder, not a file"
            } else {
                "it is a device or a pipe, not a file"
            };
            return Err(target.failure(what));
        }
        match target.beside() {
            Ok(_dropped) => Ok(target),
            Err(error) => Err(target.failure(&reason(&error))),
        }
    }

    /// Writes the file, in place of an earlier one.
    ///
    /// # Errors
    /// If that fails; an earlier file is still there then.
    pub(super) fn write(&self, text: &str) -> Result<(), Failure> {
        let written = self.beside().and_then(|mut file| {
            file.write_all(text.as_bytes())?;
            file.as_file().sync_all()?;
            // A link stays a link: what it points to is replaced.
            let place = fs::canonicalize(&self.0).unwrap_or_else(|_| self.0.clone());
            file.persist(place).map_err(|error| error.error)
        });
        match written {
            Ok(_) => Ok(()),
            Err(error) => Err(self.failure(&reason(&error))),
        }
    }

    /// A new file in the same folder, gone when dropped.
    fn beside(&self) -> io::Result<NamedTempFile> {
        let place = fs::canonicalize(&self.0).unwrap_or_else(|_| self.0.clone());
        let folder = match place.parent() {
            Some(folder) if folder != Path::new("") => folder,
            Some(_) | None => Path::new("."),
        };
        let mut builder = tempfile::Builder::new();
        builder.prefix(".cleartext-");
        // Temporary files are private by default; a page is an ordinary file, and the user's mask decides who may read it.
        #[cfg(unix)]
        builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
        builder.tempfile_in(folder)
    }

    fn failure(&self, why: &str) -> Failure {
        Failure(format!(
            "{} cannot be written: {why}; name a file in a folder that can be written with --html",
            self.0.display()
        ))
    }
}
