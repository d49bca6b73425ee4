//! Registered application commands: what Discord accepts, and what a user's client makes of them.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use serenity::model::Permissions;
use serenity::model::id::{ApplicationId, GuildId, UserId};

use super::refusal::{Form, Refused};
use super::world::World;

/// All text of one command together.
const WHOLE_COMMAND: usize = 8_000;

/// Where commands are registered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Scope {
    Global,
    Guild(GuildId),
}

/// Commands by scope, as Discord gives them back.
#[derive(Debug, Default)]
pub(crate) struct Commands {
    by_scope: BTreeMap<Scope, Vec<Value>>,
    /// Who may use which command of a guild, as its administrators set it under Integrations.
    given: Vec<Given>,
}

/// What a guild has set for a command and a member.
#[derive(Clone, Debug)]
struct Given {
    guild: GuildId,
    command: String,
    user: UserId,
    allowed: bool,
}

impl Commands {
    /// The commands of a scope.
    pub(crate) fn of(&self, scope: Scope) -> &[Value] {
        self.by_scope.get(&scope).map_or(&[], Vec::as_slice)
    }

    /// All commands.
    pub(crate) fn all(&self) -> impl Iterator<Item = &Value> {
        self.by_scope.values().flatten()
    }

    /// Finds a command by type (1 chat, 3 message menu) and name.
    pub(crate) fn find(&self, kind: u64, name: &str) -> Option<&Value> {
        self.all()
            .find(|command| command["type"] == kind && command["name"] == name)
    }

    /// Sets under Integrations whether a member may use a command, whatever their rights.
    pub(crate) fn give(&mut self, guild: GuildId, command: &str, user: UserId, allowed: bool) {
        let id = self.find(1, command).map(|command| &command["id"]);
        let id = id.unwrap_or_else(|| panic!("there is no command {command}"));
        let command = id.as_str().expect("an id is text").to_owned();
        self.given.push(Given {
            guild,
            command,
            user,
            allowed,
        });
    }

    /// What a guild has set for a command and a member, if anything; the last time counts.
    pub(crate) fn given(&self, guild: GuildId, command: &Value, user: UserId) -> Option<bool> {
        let mut set = self.given.iter().rev();
        set.find(|set| set.guild == guild && set.command == command["id"] && set.user == user)
            .map(|set| set.allowed)
    }

    /// What a guild has set, as REST gives it.
    pub(crate) fn given_json(&self, application: ApplicationId, guild: GuildId) -> Value {
        let mut commands: BTreeMap<&str, BTreeMap<UserId, bool>> = BTreeMap::new();
        for set in self.given.iter().filter(|set| set.guild == guild) {
            let of = commands.entry(&set.command).or_default();
            of.insert(set.user, set.allowed);
        }
        let listed = commands.iter().map(|(command, users)| {
            let users = users
                .iter()
                .map(|(user, allowed)| json!({ "id": user, "type": 2, "permission": allowed }));
            let users: Vec<Value> = users.collect();
            json!({ "id": command, "application_id": application, "guild_id": guild, "permissions": users })
        });
        listed.collect()
    }

    /// Takes a command away; whether it was there.
    pub(crate) fn remove(&mut self, scope: Scope, id: &str) -> bool {
        let commands = self.by_scope.entry(scope).or_default();
        let before = commands.len();
        commands.retain(|command| command["id"] != id);
        commands.len() < before
    }
}

impl World {
    /// PUT: replaces all commands of a scope. Those that keep type and name keep their id.
    pub(crate) fn replace_commands(
        &mut self,
        scope: Scope,
        body: &Value,
    ) -> Result<Value, Refused> {
        let Some(list) = body.as_array() else {
            return Err(Refused::bad_json());
        };
        check_all(list)?;
        let old = self.commands.by_scope.remove(&scope).unwrap_or_default();
        let new: Vec<Value> = list
            .iter()
            .map(|command| self.completed(command, scope, &old))
            .collect();
        self.commands.by_scope.insert(scope, new.clone());
        Ok(Value::Array(new))
    }

    /// POST: adds one command, or replaces the one of that type and name.
    pub(crate) fn upsert_command(&mut self, scope: Scope, body: &Value) -> Result<Value, Refused> {
        let mut form = Form::default();
        command(&mut form, "", body);
        form.check()?;
        let old = self.commands.of(scope).to_vec();
        let new = self.completed(body, scope, &old);
        let commands = self.commands.by_scope.entry(scope).or_default();
        commands.retain(|command| command["id"] != new["id"]);
        commands.push(new.clone());
        Ok(new)
    }

    fn completed(&mut self, command: &Value, scope: Scope, old: &[Value]) -> Value {
        let kind = kind_of(command);
        let known = old
            .iter()
            .find(|had| had["type"] == kind && had["name"] == command["name"]);
        let id = match known {
            Some(had) => had["id"].clone(),
            None => json!(self.next_id().to_string()),
        };
        let mut whole = json!({
            "id": id,
            "application_id": self.application,
            "version": self.next_id().to_string(),
            "type": kind,
            "description": "",
            "default_member_permissions": null,
            "dm_permission": true,
            "nsfw": false,
            "integration_types": [0],
            "contexts": null,
        });
        for (key, value) in command.as_object().into_iter().flatten() {
            whole[key] = value.clone();
        }
        // Discord takes a number or text and gives text.
        if let Some(bits) = whole["default_member_permissions"].as_u64() {
            whole["default_member_permissions"] = json!(bits.to_string());
        }
        if let Scope::Guild(guild) = scope {
            whole["guild_id"] = json!(guild);
        }
        whole
    }
}

fn kind_of(command: &Value) -> u64 {
    command["type"].as_u64().unwrap_or(1)
}

/// Whether a client offers a command: its contexts, its installation, and the right it asks for.
pub(crate) fn is_offered(
    command: &Value,
    context: u64,
    integration: u64,
    rights: Permissions,
) -> bool {
    let names = |list: &Value, wanted: u64| {
        list.as_array()
            .is_none_or(|items| items.iter().any(|item| *item == wanted))
    };
    let needed = command["default_member_permissions"]
        .as_str()
        .and_then(|bits| bits.parse().ok())
        .map(Permissions::from_bits_retain);
    names(&command["contexts"], context)
        && names(&command["integration_types"], integration)
        // Outside guilds there are no members and so no such demand.
        && (context != 0 || needed.is_none_or(|needed| rights.contains(needed) || rights.administrator()))
}

fn check_all(commands: &[Value]) -> Result<(), Refused> {
    let mut form = Form::default();
    let mut seen = Vec::new();
    for (i, body) in commands.iter().enumerate() {
        command(&mut form, &format!("{i}."), body);
        let name = (kind_of(body), body["name"].as_str().unwrap_or_default());
        if seen.contains(&name) {
            form.fault(
                &format!("{i}.name"),
                "APPLICATION_COMMANDS_DUPLICATE_NAME",
                "Application command names must be unique",
            );
        }
        seen.push(name);
    }
    // 100 chat commands; 15 each of the user's and the message's menu.
    for (kind, most) in [(1, 100), (2, 15), (3, 15)] {
        if seen.iter().filter(|(of, _)| *of == kind).count() > most {
            form.fault(
                "_root",
                "APPLICATION_COMMANDS_MAX",
                format!("At most {most} commands of type {kind}."),
            );
        }
    }
    form.check()
}

fn command(form: &mut Form, at: &str, command: &Value) {
    let kind = kind_of(command);
    let name = format!("{at}name");
    match kind {
        1 => {
            chat_name(form, &name, &command["name"]);
            form.text(&format!("{at}description"), &command["description"], 1, 100);
        }
        2 | 3 => {
            form.text(&name, &command["name"], 1, 32);
            if command["description"]
                .as_str()
                .is_some_and(|text| !text.is_empty())
            {
                form.fault(
                    &format!("{at}description"),
                    "APPLICATION_COMMAND_INVALID_DESCRIPTION",
                    "Context menu commands cannot have a description",
                );
            }
        }
        _ => form.fault(
            &format!("{at}type"),
            "BASE_TYPE_CHOICES",
            "Value must be one of (1, 2, 3).",
        ),
    }
    for text in translations(&command["description_localizations"]) {
        form.text(&format!("{at}description_localizations"), text, 1, 100);
    }
    if size(command) > WHOLE_COMMAND {
        form.fault(
            &format!("{at}description"),
            "APPLICATION_COMMAND_TOO_LARGE",
            "Command exceeds maximum size (8000)",
        );
    }
    options(form, at, &command["options"]);
}

fn options(form: &mut Form, at: &str, list: &Value) {
    let mut optional_seen = false;
    for (i, option) in form
        .list(&format!("{at}options"), list, 0, 25)
        .iter()
        .enumerate()
    {
        let at = format!("{at}options.{i}.");
        chat_name(form, &format!("{at}name"), &option["name"]);
        form.text(&format!("{at}description"), &option["description"], 1, 100);
        let required = option["required"].as_bool().unwrap_or(false);
        if required && optional_seen {
            form.fault(
                at.trim_end_matches('.'),
                "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID",
                "Required options must be placed before non-required options",
            );
        }
        optional_seen |= !required && !matches!(option["type"].as_u64(), Some(1 | 2));
        let choices = form.list(&format!("{at}choices"), &option["choices"], 0, 25);
        if !choices.is_empty() && option["autocomplete"] == true {
            form.fault(
                &format!("{at}autocomplete"),
                "APPLICATION_COMMAND_AUTOCOMPLETE_CHOICES",
                "Choices and autocomplete exclude each other",
            );
        }
        for (j, choice) in choices.iter().enumerate() {
            form.text(&format!("{at}choices.{j}.name"), &choice["name"], 1, 100);
            if choice["value"].is_string() {
                form.text(&format!("{at}choices.{j}.value"), &choice["value"], 1, 100);
            }
        }
        if !matches!(option["type"].as_u64(), Some(1..=11)) {
            form.fault(
                &format!("{at}type"),
                "BASE_TYPE_CHOICES",
                "Value must be one of (1 … 11).",
            );
        }
        options(form, &at, &option["options"]);
    }
}

fn chat_name(form: &mut Form, at: &str, name: &Value) {
    form.text(at, name, 1, 32);
    let text = name.as_str().unwrap_or_default();
    let fits = |c: char| c == '-' || c == '_' || c == '\'' || c.is_alphanumeric();
    if !text.chars().all(fits) || text.to_lowercase() != text {
        form.fault(
            at,
            "APPLICATION_COMMAND_INVALID_NAME",
            "Command name is invalid",
        );
    }
}

fn translations(map: &Value) -> impl Iterator<Item = &Value> {
    map.as_object().into_iter().flat_map(|map| map.values())
}

fn size(command: &Value) -> usize {
    let length = |value: &Value| value.as_str().map_or(0, |text| text.chars().count());
    let inner = |list: &Value, size: &dyn Fn(&Value) -> usize| {
        list.as_array()
            .into_iter()
            .flatten()
            .map(size)
            .sum::<usize>()
    };
    length(&command["name"])
        + length(&command["description"])
        + inner(&command["options"], &size)
        + inner(&command["choices"], &|choice| {
            length(&choice["name"]) + length(&choice["value"])
        })
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};
    use serenity::model::Permissions;

    use super::{check_all, is_offered};

    /// Demands that registering these commands is fine, or refused.
    fn check(commands: &[Value], fine: bool) {
        assert_eq!(check_all(commands).is_ok(), fine, "{commands:?}");
    }

    fn chat(name: &str, options: &Value) -> Value {
        json!({ "name": name, "description": "d", "options": options })
    }

    #[test]
    fn commands_have_their_rules() {
        check(
            &[
                chat("ask", &json!([])),
                json!({ "type": 3, "name": "Find a sourced answer" }),
            ],
            true,
        );
        check(&[chat("Ask", &json!([]))], false);
        check(&[chat("two words", &json!([]))], false);
        check(&[chat("ask", &json!([])), chat("ask", &json!([]))], false);
        check(&[json!({ "name": "ask" })], false);
        check(
            &[json!({ "type": 3, "name": "Look", "description": "d" })],
            false,
        );
        let option = |name: &str, required: bool| json!({ "type": 3, "name": name, "description": "d", "required": required });
        check(
            &[chat("ask", &json!([option("a", true), option("b", false)]))],
            true,
        );
        check(
            &[chat("ask", &json!([option("a", false), option("b", true)]))],
            false,
        );
        let both = json!([{ "type": 3, "name": "a", "description": "d", "autocomplete": true, "choices": [{ "name": "n", "value": "v" }] }]);
        check(&[chat("ask", &both)], false);
        let menus: Vec<Value> = (0..16)
            .map(|i| json!({ "type": 3, "name": format!("menu {i}") }))
            .collect();
        check(&menus[..15], true);
        check(&menus, false);
        let choices = vec![json!({ "name": "n".repeat(100), "value": "v".repeat(100) }); 25];
        let wide =
            |name: &str| json!({ "type": 3, "name": name, "description": "d", "choices": choices });
        check(&[chat("ask", &json!([wide("a")]))], true);
        check(&[chat("ask", &json!([wide("a"), wide("b")]))], false);
    }

    #[test]
    fn a_client_offers_what_the_command_says() {
        let offered = |command: Value, context, integration, rights| {
            is_offered(&command, context, integration, rights)
        };
        let none = Permissions::empty();
        assert!(offered(json!({}), 0, 0, none));
        assert!(!offered(json!({ "contexts": [0] }), 1, 0, none));
        assert!(!offered(json!({ "integration_types": [0] }), 0, 1, none));
        let guarded = json!({ "default_member_permissions": "32" });
        assert!(!offered(guarded.clone(), 0, 0, none));
        assert!(offered(guarded.clone(), 0, 0, Permissions::MANAGE_GUILD));
        assert!(offered(guarded, 1, 0, none));
    }
}
