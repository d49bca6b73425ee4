//! The configuration: a TOML file, the environment over it, and the token, which is in neither.
//!
//! It reads; it starts nothing. The token is held as a secret and never shown, faulty or not.

use std::ffi::OsString;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use secrecy::SecretString;
use url::{Host, Url};

use super::{Failure, reason};
use crate::answering::Overrides;
use crate::memory::{Address, Error, GuildId};
use crate::tables::{Fault, Faults, Located, Source, Table};

/// The file that is read without being named, where the current folder has one.
const DEFAULT_FILE: &str = "config.toml";
/// The variable that stands over `knowledge.path`.
const KNOWLEDGE_VARIABLE: &str = "CLEARTEXT_KNOWLEDGE";
/// The variable that stands over `memory.url`.
const MEMORY_VARIABLE: &str = "CLEARTEXT_MEMORY";
/// The file of the memory where none is configured. It lies beside the configuration, where an operator looks for it, or else in
/// the current folder: one rule for all systems, and the same as for every other relative path.
const DEFAULT_MEMORY: &str = "cleartext.db";
/// What is written in place of an address by who wants nothing stored.
const MEMORY_OFF: &str = "off";
/// The variable that holds the token; it stands over `discord.token_file`.
const TOKEN_VARIABLE: &str = "DISCORD_TOKEN";
/// Largest token file that is read, in bytes: a token has about seventy.
const LONGEST_TOKEN: u64 = 4 << 10;

/// What is configured. Paths are relative to the current folder.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Config {
    /// Where the knowledge is; `None` for the built-in one.
    pub(super) knowledge: Option<PathBuf>,
    /// Operator's thresholds in place of the fitted ones.
    pub(super) overrides: Overrides,
    /// The file that holds the token.
    token_file: Option<PathBuf>,
    /// A stand-in for Discord's API on this machine.
    pub(super) api_base: Option<String>,
    /// The server whose moderators may have the knowledge read again.
    pub(super) reload_guild: Option<GuildId>,
    /// Where the bot remembers.
    pub(super) memory: Remembering,
}

/// Whether anything is remembered, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Remembering {
    /// There.
    At(Address),
    /// Nothing is.
    Off,
}

impl Default for Remembering {
    fn default() -> Self {
        Self::At(Address::file(DEFAULT_MEMORY.into()))
    }
}

impl Remembering {
    /// Reads an address or "off"; relative paths start from `folder`.
    fn parse(written: &str, folder: &Path) -> Result<Self, Error> {
        match written {
            MEMORY_OFF => Ok(Self::Off),
            url => Address::parse(url, folder).map(Self::At),
        }
    }
}

impl Config {
    /// Reads the named file, or the default one where it exists, and the environment over it.
    pub(super) fn load(named: Option<&Path>) -> Result<Self, Failure> {
        let path = named.unwrap_or(Path::new(DEFAULT_FILE));
        let mut config = match std::fs::read_to_string(path) {
            Ok(text) => {
                let folder = path.parent().unwrap_or(Path::new(""));
                Self::parse(&path.display().to_string(), &text, folder).map_err(|faults| {
                    let lines: Vec<_> = faults.iter().map(ToString::to_string).collect();
                    Failure(match lines.as_slice() {
                        [only] => only.clone(),
                        lines => format!(
                            "the configuration has {} faults:\n{}",
                            lines.len(),
                            lines.join("\n")
                        ),
                    })
                })?
            }
            Err(error) if named.is_none() && error.kind() == io::ErrorKind::NotFound => {
                Self::default()
            }
            Err(error) => {
                return Err(Failure(format!(
                    "the configuration {} cannot be read: {}; name another with --config",
                    path.display(),
                    reason(&error)
                )));
            }
        };
        if let Some(path) = variable(KNOWLEDGE_VARIABLE) {
            config.knowledge = Some(path.into());
        }
        if let Some(written) = variable(MEMORY_VARIABLE) {
            // What is not UTF-8 is no address either, and is told as such.
            config.memory = Remembering::parse(&written.to_string_lossy(), Path::new(""))
                .map_err(|error| Failure(format!("{MEMORY_VARIABLE}: {error}")))?;
        }
        Ok(config)
    }

    /// Reads the text of a configuration file; relative paths in it start from `folder`.
    fn parse(file: &str, text: &str, folder: &Path) -> Result<Self, Vec<Fault>> {
        let faults = Faults::default();
        let source = Source::new(file, text);
        let root = source.parse(&faults);
        let table = root.table(&faults);
        let mut config = Self::default();
        let path = |written: Located<String>| folder.join(written.value);
        if let Some(knowledge) = table.table("knowledge") {
            config.knowledge = knowledge.string("path").map(path);
            knowledge.finish();
        }
        if let Some(discord) = table.table("discord") {
            config.token_file = discord.string("token_file").map(path);
            config.api_base = api_base(&discord);
            config.reload_guild = reload_guild(&discord);
            if let Some(place) = discord.place_of("token") {
                discord.fault(
                    place,
                    "the token is never written here",
                    format!(
                        "set {TOKEN_VARIABLE}, or write it to a file of its own and name that with `token_file`"
                    ),
                );
            }
            discord.finish();
        }
        config.memory = Remembering::At(Address::file(folder.join(DEFAULT_MEMORY)));
        if let Some(memory) = table.table("memory") {
            if let Some(url) = memory.string("url") {
                match Remembering::parse(&url.value, folder) {
                    Ok(remembering) => config.memory = remembering,
                    Err(Error::Address { what, remedy }) => memory.fault(url.place, what, remedy),
                    // Reading an address fails in no other way; this keeps it true if it ever does.
                    Err(other) => memory.fault(url.place, other.to_string(), "correct `url`"),
                }
            }
            memory.finish();
        }
        if let Some(matching) = table.table("matching") {
            config.overrides = overrides(&matching);
            matching.finish();
        }
        table.finish();
        drop(root);
        let faults = faults.into_sorted();
        if faults.is_empty() {
            Ok(config)
        } else {
            Err(faults)
        }
    }

    /// The bot's token: from the environment, else from the file that is configured.
    pub(super) fn token(&self) -> Result<SecretString, Failure> {
        if let Some(token) = variable(TOKEN_VARIABLE) {
            return token_of(token.as_encoded_bytes(), &format!("in {TOKEN_VARIABLE}"));
        }
        let Some(path) = &self.token_file else {
            return Err(Failure(format!(
                "there is no token to join Discord with; set {TOKEN_VARIABLE}, or name a file that holds it as `token_file` under [discord] in the configuration"
            )));
        };
        let read = || -> io::Result<Vec<u8>> {
            let mut bytes = Vec::new();
            std::fs::File::open(path)?
                .take(LONGEST_TOKEN)
                .read_to_end(&mut bytes)?;
            Ok(bytes)
        };
        let bytes = read().map_err(|error| {
            Failure(format!(
                "the token file {} cannot be read: {}; correct `token_file` under [discord], or set {TOKEN_VARIABLE}",
                path.display(),
                reason(&error)
            ))
        })?;
        token_of(&bytes, &format!("in the token file {}", path.display()))
    }
}

/// A variable that is set and not empty.
fn variable(name: &str) -> Option<OsString> {
    std::env::var_os(name).filter(|value| !value.is_empty())
}

/// The token without the white space around it. Its text never becomes part of an error.
fn token_of(bytes: &[u8], place: &str) -> Result<SecretString, Failure> {
    let token = bytes.trim_ascii();
    if token.is_empty() {
        return Err(Failure(format!(
            "there is no token {place}; copy it from the bot's page in Discord's developer portal"
        )));
    }
    match std::str::from_utf8(token) {
        Ok(token) if token.bytes().all(|byte| byte.is_ascii_graphic()) => Ok(token.into()),
        Ok(_) | Err(_) => Err(Failure(format!(
            "the token {place} holds characters that no token has, such as a space or a line feed; copy it again from the bot's page in Discord's developer portal"
        ))),
    }
}

/// The address of a stand-in for Discord. A token sent anywhere but to this machine or to Discord would be given away.
fn api_base(discord: &Table<'_, '_>) -> Option<String> {
    let written = discord.string("api_base")?;
    let url = Url::parse(&written.value).ok();
    let loopback = url.as_ref().is_some_and(|url| {
        matches!(url.scheme(), "http" | "https")
            && match url.host() {
                Some(Host::Ipv4(address)) => address.is_loopback(),
                Some(Host::Ipv6(address)) => address.is_loopback(),
                Some(Host::Domain(name)) => name == "localhost",
                None => false,
            }
    });
    if !loopback {
        discord.fault(
            written.place,
            "`api_base` is not an address of this machine, and the token is sent there",
            "write a loopback address such as `api_base = \"http://127.0.0.1:8080\"`, or remove the key",
        );
        return None;
    }
    Some(written.value.trim_end_matches('/').to_owned())
}

/// A server's number, written as text as Discord copies it.
fn reload_guild(discord: &Table<'_, '_>) -> Option<GuildId> {
    let written = discord.string("reload_guild")?;
    let guild = written.value.parse().ok().and_then(GuildId::new);
    if guild.is_none() {
        discord.fault(
            written.place,
            "`reload_guild` is not the number of a server",
            "write it as Discord copies it with Copy Server ID, such as `reload_guild = \"123456789012345678\"`, or remove the key",
        );
    }
    guild
}

/// The thresholds, which must be in order.
fn overrides(matching: &Table<'_, '_>) -> Overrides {
    let answer_at = matching.fraction("answer_at");
    let suggest_at = matching.fraction("suggest_at");
    if let (Some(answer), Some(suggest)) = (&answer_at, &suggest_at)
        && answer.value < suggest.value
    {
        matching.fault(
            answer.place.clone(),
            format!(
                "`answer_at` ({}) is below `suggest_at` ({})",
                answer.value, suggest.value
            ),
            "write an `answer_at` that is at least as high",
        );
    }
    Overrides {
        answer_at: answer_at.map(|at| at.value),
        suggest_at: suggest_at.map(|at| at.value),
    }
}
