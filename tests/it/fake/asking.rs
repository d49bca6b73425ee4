//! How people command: slash commands, suggestions while they type, menus. A client sends only what was registered.

use serde_json::{Value, json};
use serenity::model::id::{ChannelId, InteractionId, MessageId};

use super::Discord;
use super::actor::{Actor, Asked};
use super::commands::is_offered;
use super::entities::{
    Cause, ChannelKind, Install, Interaction, InteractionKind, Life, Message, Presence, Response,
};
use super::payload::Reading;
use super::world::World;

/// A suggestion while somebody types.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Choice {
    pub(crate) name: String,
    pub(crate) value: String,
}

impl Actor {
    /// Runs a slash command: `slash("ask", &[("question", "…")])`; subcommands as `"cleartext settings"`.
    pub(crate) async fn slash(&self, command: &str, options: &[(&str, &str)]) -> Asked {
        let (root, path, registered) = self.command(1, command).await;
        let leaf = leaf_of(&registered, &path);
        let filled = fill_options(&leaf, options);
        let data = json!({ "id": registered["id"], "name": root, "type": 1, "options": nest(&path, &registered, filled) });
        self.asks(InteractionKind::Command, data, None)
    }

    /// Types into an option and returns what the bot suggests.
    pub(crate) async fn types(&self, command: &str, option: &str, text: &str) -> Vec<Choice> {
        let asked = self.begins_to_type(command, option, text).await;
        let id = asked.id;
        let choices = self.discord.wait_for("suggestions", |world| {
            match &world.interaction(id).response {
                Response::Choices(choices) => Some(choices.clone()),
                Response::Nothing | Response::Message(_) | Response::Modal(_) => None,
            }
        });
        let text = |value: &Value| {
            value
                .as_str()
                .map_or_else(|| value.to_string(), str::to_owned)
        };
        choices
            .await
            .iter()
            .map(|choice| Choice {
                name: text(&choice["name"]),
                value: text(&choice["value"]),
            })
            .collect()
    }

    /// Types into an option and does not wait.
    pub(crate) async fn begins_to_type(&self, command: &str, option: &str, text: &str) -> Asked {
        let (root, path, registered) = self.command(1, command).await;
        let leaf = leaf_of(&registered, &path);
        let declared = declared(&leaf, option);
        assert!(
            declared["autocomplete"] == true,
            "/{command} {option} has no autocomplete: {declared}"
        );
        let typed = vec![
            json!({ "name": option, "type": declared["type"], "value": text, "focused": true }),
        ];
        let data = json!({ "id": registered["id"], "name": root, "type": 1, "options": nest(&path, &registered, typed) });
        self.asks(InteractionKind::Autocomplete, data, None)
    }

    /// Picks an entry of a message's menu.
    pub(crate) async fn message_menu(&self, name: &str, target: MessageId) -> Asked {
        let registered = self.offered(3, name).await;
        let message = self.discord.look(|world| {
            let message = world
                .messages
                .get(&target)
                .filter(|message| message.life == Life::Shown);
            let message =
                message.unwrap_or_else(|| panic!("there is no message {target} to open a menu on"));
            world.message_json(message, Reading::Full)
        });
        let mut resolved = json!({ "messages": {} });
        resolved["messages"][target.to_string()] = message;
        let data = json!({ "id": registered["id"], "name": name, "type": 3, "target_id": target, "resolved": resolved });
        self.asks(InteractionKind::Command, data, None)
    }

    /// Whether this person's client offers a slash command here.
    pub(crate) fn is_offered(&self, command: &str) -> bool {
        self.discord.look(|world| {
            world
                .commands
                .find(1, command)
                .is_some_and(|found| self.may_use(world, found))
        })
    }

    fn may_use(&self, world: &World, command: &Value) -> bool {
        let channel = world.channel(self.channel);
        let given = |guild| world.commands.given(guild, command, self.user);
        if let Some(allowed) = channel.guild().and_then(given) {
            return allowed;
        }
        let context = channel.context();
        let integration = match self.install {
            Install::Guild => 0,
            Install::User => 1,
        };
        is_offered(
            command,
            context,
            integration,
            world.rights_of(self.user, self.channel),
        )
    }

    async fn command(&self, kind: u64, name: &str) -> (String, Vec<String>, Value) {
        let mut words = name.split(' ').map(str::to_owned);
        let root = words.next().expect("splitting gives at least one part");
        let registered = self.offered(kind, &root).await;
        (root, words.collect(), registered)
    }

    /// Waits until the bot has registered a command and checks that this person's client shows it here.
    async fn offered(&self, kind: u64, name: &str) -> Value {
        self.discord.bot_has_session().await;
        let wanted = format!("the bot to register the command “{name}”");
        let found = self
            .discord
            .wait_for(&wanted, |world| world.commands.find(kind, name).cloned())
            .await;
        let allowed = self.discord.look(|world| self.may_use(world, &found));
        assert!(
            allowed,
            "Discord does not offer “{name}” to this person here: {found}"
        );
        found
    }

    pub(super) fn asks(
        &self,
        kind: InteractionKind,
        data: Value,
        source: Option<MessageId>,
    ) -> Asked {
        let id = self.discord.with(|world| {
            world.check_install(self.channel, self.install);
            world.interact(Interaction {
                id: InteractionId::new(1),
                token: String::new(),
                kind,
                user: self.user,
                channel: self.channel,
                install: self.install,
                born_ms: 0,
                source,
                data,
                response: Response::Nothing,
            })
        });
        Asked {
            discord: self.discord.clone(),
            id,
        }
    }

    /// The person who began an interaction, at its place.
    pub(super) fn of(discord: &Discord, interaction: &Interaction) -> Self {
        let Interaction {
            user,
            channel,
            install,
            ..
        } = *interaction;
        Actor {
            discord: discord.clone(),
            user,
            channel,
            install,
        }
    }

    /// The same person where a message stands, with the app installed as it was for that message.
    pub(super) fn at(mut self, message: &Message) -> Self {
        self.channel = message.channel;
        if let Cause::Interaction(id) = message.cause {
            self.install = self.discord.look(|world| world.interaction(id).install);
        }
        self
    }
}

impl World {
    /// A guild's command cannot be used where the bot is not: a mistake of the test's.
    fn check_install(&self, channel: ChannelId, install: Install) {
        let channel = self.channel(channel);
        let absent = match channel.kind {
            ChannelKind::Group { .. } => true,
            ChannelKind::Direct { .. } => false,
            ChannelKind::Text { guild }
            | ChannelKind::Forum { guild }
            | ChannelKind::Thread { guild, .. } => self.guild(guild).bot == Presence::Absent,
        };
        assert!(
            !(absent && install == Install::Guild),
            "the bot is not in {}; say `by_user_install()`",
            channel.name
        );
    }
}

/// The declaration of the subcommand at a path, or of the command itself.
fn leaf_of(command: &Value, path: &[String]) -> Value {
    path.iter()
        .fold(command.clone(), |at, name| declared(&at, name))
}

fn declared(command: &Value, option: &str) -> Value {
    let options = command["options"].as_array().into_iter().flatten();
    let found = options
        .clone()
        .find(|declared| declared["name"] == option)
        .cloned();
    found.unwrap_or_else(|| {
        let names: Vec<&Value> = options.map(|declared| &declared["name"]).collect();
        panic!(
            "{} has no option “{option}”, only {names:?}",
            command["name"]
        )
    })
}

/// The options as a client sends them: typed, known, complete.
fn fill_options(command: &Value, given: &[(&str, &str)]) -> Vec<Value> {
    for required in command["options"]
        .as_array()
        .into_iter()
        .flatten()
        .filter(|option| option["required"] == true)
    {
        let name = required["name"].as_str().unwrap_or_default();
        assert!(
            given.iter().any(|(given, _)| *given == name),
            "a client does not send {} without “{name}”",
            command["name"]
        );
    }
    given
        .iter()
        .map(|(name, text)| {
            let declared = declared(command, name);
            let value = match declared["type"].as_u64() {
                Some(4) => json!(text.parse::<i64>().expect("the option is a whole number")),
                Some(5) => json!(text.parse::<bool>().expect("the option is true or false")),
                Some(10) => json!(text.parse::<f64>().expect("the option is a number")),
                _ => json!(text),
            };
            let choices = declared["choices"]
                .as_array()
                .filter(|choices| !choices.is_empty());
            let listed =
                choices.is_none_or(|choices| choices.iter().any(|choice| choice["value"] == value));
            assert!(
                listed,
                "“{text}” is none of the choices of “{name}”: {}",
                declared["choices"]
            );
            let length = text.chars().count() as u64;
            let fits = declared["type"] != 3
                || (declared["min_length"]
                    .as_u64()
                    .is_none_or(|least| length >= least)
                    && declared["max_length"]
                        .as_u64()
                        .is_none_or(|most| length <= most));
            assert!(
                fits,
                "a client does not send a “{name}” of {length} characters: {declared}"
            );
            json!({ "name": name, "type": declared["type"], "value": value })
        })
        .collect()
}

/// Wraps options into their subcommand and group.
fn nest(path: &[String], command: &Value, options: Vec<Value>) -> Vec<Value> {
    let Some((first, rest)) = path.split_first() else {
        return options;
    };
    let inner = declared(command, first);
    vec![json!({ "name": first, "type": inner["type"], "options": nest(rest, &inner, options) })]
}
