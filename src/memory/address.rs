//! Where the memory is: a file, the program's own memory, or a PostgreSQL server.
//!
//! It reads an address and connects to nothing. A password in it is never shown.

use std::fmt;
use std::path::{Path, PathBuf};

use url::Url;

use super::Error;

/// What a PostgreSQL address may say after its `?`. A misspelt one would end up in the log with its value.
const PARAMETERS: &[&str] = &[
    "application_name",
    "dbname",
    "host",
    "hostaddr",
    "options",
    "password",
    "port",
    "sslcert",
    "sslkey",
    "sslmode",
    "sslrootcert",
    "statement-cache-capacity",
    "user",
];

/// Where the memory is. Displays without user, password and parameters.
#[derive(Clone, PartialEq, Eq)]
pub struct Address(pub(super) Place);

#[derive(Clone, PartialEq, Eq)]
pub(super) enum Place {
    /// A SQLite file.
    File(PathBuf),
    /// SQLite without a file; gone when the program ends.
    InProcess,
    /// A PostgreSQL server.
    Server {
        /// As it was written, password and all.
        url: String,
        /// What may be shown of it.
        shown: String,
    },
}

impl Address {
    /// A SQLite file.
    ///
    /// ```
    /// use cleartext::memory::Address;
    ///
    /// let address = Address::file("notes/cleartext.db".into());
    /// assert_eq!(address, Address::parse("sqlite://cleartext.db", "notes".as_ref())?);
    /// # Ok::<(), cleartext::memory::Error>(())
    /// ```
    pub fn file(path: PathBuf) -> Self {
        Self(Place::File(path))
    }

    /// Reads `sqlite://PATH`, `sqlite::memory:` or `postgres://…`. A relative path starts from `folder`; a path is taken as it
    /// is written, with no percent signs to decode.
    ///
    /// ```
    /// use cleartext::memory::Address;
    ///
    /// let address = Address::parse("postgres://bot:hunter2@db.example/facts", "".as_ref())?;
    /// assert_eq!(address.to_string(), "postgres://db.example/facts");
    /// assert!(Address::parse("mysql://db.example/facts", "".as_ref()).is_err());
    /// # Ok::<(), cleartext::memory::Error>(())
    /// ```
    pub fn parse(url: &str, folder: &Path) -> Result<Self, Error> {
        let fault = |what: &str, remedy| {
            Err(Error::Address {
                what: what.to_owned(),
                remedy,
            })
        };
        if let Some(path) = url.strip_prefix("sqlite:") {
            let path = path.strip_prefix("//").unwrap_or(path);
            if path == ":memory:" {
                return Ok(Self(Place::InProcess));
            }
            if path.is_empty() || path.ends_with('/') {
                return fault(
                    "the address of the memory names no file",
                    "write for example `sqlite://cleartext.db`",
                );
            }
            if path.contains('?') {
                return fault(
                    "the address of a SQLite memory takes no parameters",
                    "remove what begins with `?`",
                );
            }
            return Ok(Self(Place::File(folder.join(path))));
        }
        if !url.starts_with("postgres://") && !url.starts_with("postgresql://") {
            return fault(
                "the address of the memory is neither SQLite nor PostgreSQL",
                "write for example `sqlite://cleartext.db` or `postgres://user@host/database`",
            );
        }
        let malformed = fault(
            "the address of the memory is not one of PostgreSQL",
            "write for example `postgres://user@host/database`, with %-codes for special characters in a password",
        );
        let Ok(read) = Url::parse(url) else {
            return malformed;
        };
        if let Some((key, _)) = read
            .query_pairs()
            .find(|(key, _)| !PARAMETERS.contains(&&**key) && !key.starts_with("options["))
        {
            return fault(
                &format!("the address of the memory has an unknown parameter `{key}`"),
                "remove it, or write for example `sslmode=verify-full`",
            );
        }
        if url.parse::<sqlx::postgres::PgConnectOptions>().is_err() {
            return malformed;
        }
        let host = read.host_str().unwrap_or_default();
        let port = read.port().map(|port| format!(":{port}"));
        Ok(Self(Place::Server {
            shown: format!(
                "postgres://{host}{}{}",
                port.unwrap_or_default(),
                read.path()
            ),
            url: url.to_owned(),
        }))
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Place::File(path) => path.display().fmt(f),
            Place::InProcess => f.write_str("sqlite::memory:"),
            Place::Server { shown, .. } => f.write_str(shown),
        }
    }
}

impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Address({self})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(url: &str) -> Result<Address, Error> {
        Address::parse(url, Path::new("settings"))
    }

    #[test]
    fn an_address_is_shown_without_what_is_secret() {
        let check = |url: &str, expected: &str| {
            let address = parse(url).expect("an address");
            assert_eq!(address.to_string(), expected);
            assert_eq!(format!("{address:?}"), format!("Address({expected})"));
        };
        check("sqlite://cleartext.db", "settings/cleartext.db");
        check("sqlite:cleartext.db", "settings/cleartext.db");
        check("sqlite:///var/lib/bot/a b.db", "/var/lib/bot/a b.db");
        check("sqlite::memory:", "sqlite::memory:");
        check("sqlite://:memory:", "sqlite::memory:");
        check(
            "postgres://bot:hunter2@db.example.org:5433/facts",
            "postgres://db.example.org:5433/facts",
        );
        check(
            "postgresql://bot@localhost/facts?password=hunter2&sslmode=require",
            "postgres://localhost/facts",
        );
        check(
            "postgres:///facts?host=/run/postgresql",
            "postgres:///facts",
        );
    }

    #[test]
    fn what_is_no_address_is_told_without_showing_it() {
        let check = |url: &str, expected: &str| {
            let told = parse(url).expect_err("no address").to_string();
            assert!(told.starts_with(expected), "{url}: {told}");
            assert!(!told.contains("hunter2"), "{told}");
        };
        check(
            "",
            "the address of the memory is neither SQLite nor PostgreSQL",
        );
        check(
            "hunter2",
            "the address of the memory is neither SQLite nor PostgreSQL",
        );
        check(
            "mysql://bot:hunter2@host/facts",
            "the address of the memory is neither SQLite nor PostgreSQL",
        );
        check("sqlite://", "the address of the memory names no file");
        check(
            "sqlite://folder/",
            "the address of the memory names no file",
        );
        check(
            "sqlite://a.db?mode=ro",
            "the address of a SQLite memory takes no parameters",
        );
        check(
            "postgres://bot:hunter2@host:port/facts",
            "the address of the memory is not one of PostgreSQL",
        );
        check(
            "postgres://bot:hunter2@[host/facts",
            "the address of the memory is not one of PostgreSQL",
        );
        check(
            "postgres://bot@host/facts?sslmode=hunter2",
            "the address of the memory is not one of PostgreSQL",
        );
        check(
            "postgres://bot@host/facts?passwrd=hunter2",
            "the address of the memory has an unknown parameter `passwrd`",
        );
    }
}
