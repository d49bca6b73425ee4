//! What our commands are called inside a host's bot, so that they do not clash with its own.
//!
//! Names are values that are checked when they are made: no command is ever offered under a name that Discord refuses.

use std::collections::BTreeMap;
use std::convert::Infallible;

use super::commands::commands;
use super::state::State;

/// Longest name of a command or of a menu entry that Discord takes, in characters.
const LONGEST: usize = 32;

/// What our commands are called; by default as they call themselves. Covers every command that [`commands`] gives.
///
/// ```
/// use cleartext::discord::Names;
///
/// let names = Names::prefixed("e2ee-")?;
/// assert_eq!(names.of("ask"), Some("e2ee-ask"));
/// # Ok::<(), cleartext::discord::NameError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Names {
    /// From our own name to the host's, for slash commands.
    slash: BTreeMap<String, String>,
    /// The same for entries of a message's menu.
    menu: BTreeMap<String, String>,
}

/// Why a command cannot be called that.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NameError {
    /// We have no such command.
    #[error("there is no command `{name}` to rename; the commands are {known}")]
    Unknown {
        /// What was to be renamed.
        name: String,
        /// Our commands, listed.
        known: String,
    },
    /// It is too short or too long for Discord.
    #[error("`{name}` has {length} characters; Discord takes names of 1 to {LONGEST}")]
    Length {
        /// The name.
        name: String,
        /// Its length in characters.
        length: usize,
    },
    /// It holds a capital letter.
    #[error(
        "`{name}` holds a capital letter; Discord takes command names in lower case: `{lower}`"
    )]
    Capital {
        /// The name.
        name: String,
        /// The name that would do.
        lower: String,
    },
    /// It holds a character that Discord does not take there.
    #[error(
        "`{name}` holds {character:?}; Discord takes letters, digits, `-`, `_` and `'` in command names"
    )]
    Character {
        /// The name.
        name: String,
        /// The first such character.
        character: char,
    },
    /// A menu entry begins or ends with a space, or holds a line break.
    #[error(
        "the menu entry `{name}` has a space at its edge or a control character in it; leave it out"
    )]
    Blank {
        /// The name.
        name: String,
    },
    /// Two of our commands would have it.
    #[error("two commands would be called `{name}`; give each its own name")]
    Twice {
        /// The name.
        name: String,
    },
}

impl Default for Names {
    /// Every command as it calls itself.
    fn default() -> Self {
        let commands = commands::<State, Infallible>();
        let slash = commands
            .iter()
            .filter(|command| command.slash_action.is_some());
        let menu = commands
            .iter()
            .filter(|command| command.context_menu_action.is_some());
        let same = |name: &str| (name.to_owned(), name.to_owned());
        Self {
            slash: slash.map(|command| same(&command.name)).collect(),
            menu: menu.map(|command| same(menu_name(command))).collect(),
        }
    }
}

/// What a command is called in a message's menu.
fn menu_name<U, E>(command: &poise::Command<U, E>) -> &str {
    command
        .context_menu_name
        .as_deref()
        .unwrap_or(&command.name)
}

impl Names {
    /// Every slash command with the same beginning, such as `e2ee-`. Menu entries keep their names, which are sentences.
    ///
    /// ```
    /// use cleartext::discord::{NameError, Names};
    ///
    /// let error = Names::prefixed("E2EE ").expect_err("capitals and spaces are refused");
    /// assert!(matches!(error, NameError::Capital { .. }));
    /// ```
    ///
    /// # Errors
    /// If one of the names would not be taken by Discord.
    pub fn prefixed(prefix: &str) -> Result<Self, NameError> {
        let mut names = Self::default();
        for name in names.slash.values_mut() {
            *name = slash(&format!("{prefix}{name}"))?;
        }
        Ok(names)
    }

    /// The same with one command, slash or menu, called otherwise. `ours` is the name that it has by default.
    ///
    /// ```
    /// use cleartext::discord::Names;
    ///
    /// let names = Names::default().renamed("ask", "frag")?;
    /// assert_eq!(names.of("ask"), Some("frag"));
    /// let error = Names::default().renamed("aks", "frag").expect_err("a typing error");
    /// assert!(error.to_string().starts_with("there is no command `aks`"));
    /// # Ok::<(), cleartext::discord::NameError>(())
    /// ```
    ///
    /// # Errors
    /// If we have no such command, if Discord would not take the name, or if another of ours has it.
    pub fn renamed(mut self, ours: &str, name: &str) -> Result<Self, NameError> {
        let (names, name) = if self.slash.contains_key(ours) {
            (&mut self.slash, slash(name)?)
        } else if self.menu.contains_key(ours) {
            (&mut self.menu, menu(name)?)
        } else {
            let known = self.slash.keys().chain(self.menu.keys());
            return Err(NameError::Unknown {
                name: ours.to_owned(),
                known: known
                    .map(|name| format!("`{name}`"))
                    .collect::<Vec<_>>()
                    .join(", "),
            });
        };
        if names
            .iter()
            .any(|(other, taken)| other != ours && *taken == name)
        {
            return Err(NameError::Twice { name });
        }
        names.insert(ours.to_owned(), name);
        Ok(self)
    }

    /// What a command is called that calls itself `ours`; `None` if we have no such command.
    ///
    /// ```
    /// use cleartext::discord::Names;
    ///
    /// assert_eq!(Names::default().of("ask"), Some("ask"));
    /// assert_eq!(Names::default().of("ping"), None);
    /// ```
    pub fn of(&self, ours: &str) -> Option<&str> {
        let name = self.slash.get(ours).or_else(|| self.menu.get(ours));
        name.map(String::as_str)
    }

    /// Gives a command its name.
    pub(super) fn give<U, E>(&self, command: &mut poise::Command<U, E>) {
        let menu = self.menu.get(menu_name(command)).cloned();
        if command.context_menu_action.is_some()
            && let Some(menu) = menu
        {
            command.context_menu_name = Some(menu.into());
        }
        if command.slash_action.is_some()
            && let Some(slash) = self.slash.get(&*command.name).cloned()
        {
            command.name = slash.clone().into();
            command.qualified_name = slash.into();
        }
    }

    /// A sentence of ours with each `/command` in it as it is called here.
    pub(super) fn in_text(&self, text: &str) -> String {
        let mut said = String::with_capacity(text.len());
        // The first piece stands before any slash.
        for (position, piece) in text.split('/').enumerate() {
            if position > 0 {
                said.push('/');
            }
            let end = piece.find(|character| !may_stand_in_slash(character));
            let (word, rest) = piece.split_at(end.unwrap_or(piece.len()));
            let begins_word =
                position > 0 && !said.trim_end_matches('/').ends_with(char::is_alphanumeric);
            let name = self.slash.get(word).filter(|_| begins_word);
            said.push_str(name.map_or(word, String::as_str));
            said.push_str(rest);
        }
        said
    }
}

/// A name for a slash command, by Discord's rules for `CHAT_INPUT` commands.
fn slash(name: &str) -> Result<String, NameError> {
    measure(name)?;
    let lower = name.to_lowercase();
    if lower != name {
        let name = name.to_owned();
        return Err(NameError::Capital { name, lower });
    }
    match name
        .chars()
        .find(|character| !may_stand_in_slash(*character))
    {
        Some(character) => Err(NameError::Character {
            name: name.to_owned(),
            character,
        }),
        None => Ok(name.to_owned()),
    }
}

/// A name for a menu entry, which may hold spaces and capitals.
fn menu(name: &str) -> Result<String, NameError> {
    measure(name)?;
    if name.trim() != name || name.contains(char::is_control) {
        let name = name.to_owned();
        return Err(NameError::Blank { name });
    }
    Ok(name.to_owned())
}

fn measure(name: &str) -> Result<(), NameError> {
    let length = name.chars().count();
    if (1..=LONGEST).contains(&length) {
        return Ok(());
    }
    let name = name.to_owned();
    Err(NameError::Length { name, length })
}

/// Discord's `[-_'\p{L}\p{N}\p{sc=Deva}\p{sc=Thai}]`: the two scripts are named there for their vowel signs.
fn may_stand_in_slash(character: char) -> bool {
    character.is_alphanumeric()
        || "-_'".contains(character)
        || matches!(character, '\u{900}'..='\u{963}' | '\u{966}'..='\u{97F}' | '\u{E01}'..='\u{E3A}' | '\u{E40}'..='\u{E5B}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_prefix_is_held_to_discords_rules() {
        let check = |prefix: &str, expected: &str| {
            let said = match Names::prefixed(prefix) {
                Ok(names) => names.of("ask").expect("it is ours").to_owned(),
                Err(error) => error.to_string(),
            };
            assert_eq!(said, expected, "{prefix:?}");
        };
        check("", "ask");
        check("e2ee-", "e2ee-ask");
        check("क्या_", "क्या_ask");
        check(
            "E2EE-",
            "`E2EE-about` holds a capital letter; Discord takes command names in lower case: `e2ee-about`",
        );
        check(
            "e2ee ",
            "`e2ee about` holds ' '; Discord takes letters, digits, `-`, `_` and `'` in command names",
        );
        check(
            "e2ee/",
            "`e2ee/about` holds '/'; Discord takes letters, digits, `-`, `_` and `'` in command names",
        );
        check(
            &"x".repeat(30),
            &format!(
                "`{}about` has 35 characters; Discord takes names of 1 to 32",
                "x".repeat(30)
            ),
        );
    }

    #[test]
    fn a_name_of_its_own_is_held_to_them_as_well() {
        let check = |ours: &str, name: &str, expected: Option<&str>| {
            let named = Names::default().renamed(ours, name);
            let of = named.as_ref().ok().and_then(|names| names.of(ours));
            assert_eq!(of, expected, "{ours:?} {name:?} {named:?}");
        };
        check("ask", "frag", Some("frag"));
        check("ask", "ask", Some("ask"));
        check("ask", "", None);
        check("ask", "Frag", None);
        check("aks", "frag", None);
        assert_eq!(
            menu("Find a sourced answer").as_deref(),
            Ok("Find a sourced answer")
        );
        assert!(menu(" Find").is_err() && menu("a\nb").is_err() && menu("").is_err());
    }

    #[test]
    fn two_commands_never_share_a_name() {
        let same = Names::default().renamed("ask", "topics");
        assert_eq!(
            same,
            Err(NameError::Twice {
                name: "topics".to_owned()
            })
        );
    }

    #[test]
    fn sentences_use_the_names_given() {
        let names = Names::prefixed("e2ee-").expect("a sound prefix");
        let check = |text: &str, expected: &str| assert_eq!(names.in_text(text), expected);
        check("Try /ask: only you …", "Try /e2ee-ask: only you …");
        check("/ask", "/e2ee-ask");
        check("(/ask) and `/ask`", "(/e2ee-ask) and `/e2ee-ask`");
        check("/asking and/ask a/b // /", "/asking and/ask a/b // /");
        check("no command", "no command");
        check("", "");
    }
}
