//! What the bot posted, as people see it, and what they can do with it: press, choose, fill in.

use std::fmt;

use serde_json::{Value, json};
use serenity::model::id::{ChannelId, InteractionId, MessageId};

use super::Discord;
use super::actor::{Actor, Asked};
use super::entities::{Audience, How, InteractionKind, Life, Message, Pings, Post};
use super::world::World;

/// Something that the bot posted, as it was at that moment. Pressing uses the message as it is now.
#[derive(Clone)]
#[expect(
    clippy::struct_field_names,
    reason = "`reply_to` is a reply in Discord's sense, the struct in the test's"
)]
pub(crate) struct Reply {
    discord: Discord,
    pub(crate) id: MessageId,
    pub(crate) channel: ChannelId,
    pub(crate) how: How,
    pub(crate) content: String,
    pub(crate) embeds: Vec<Embed>,
    pub(crate) buttons: Vec<Button>,
    pub(crate) selects: Vec<Select>,
    pub(crate) flags: u64,
    /// The message that this one is a reply to.
    pub(crate) reply_to: Option<MessageId>,
    pub(crate) seen_by: Audience,
    pub(crate) pings: Pings,
    words: String,
}

/// An embed's parts; absent ones are empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Embed {
    pub(crate) title: String,
    pub(crate) description: String,
    pub(crate) url: String,
    /// Name and value.
    pub(crate) fields: Vec<(String, String)>,
    pub(crate) footer: String,
    pub(crate) colour: Option<u64>,
}

/// A button.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Button {
    pub(crate) label: String,
    /// Empty for a link.
    pub(crate) custom_id: String,
    /// Empty for a button that is no link.
    pub(crate) url: String,
    pub(crate) style: u64,
    pub(crate) disabled: bool,
}

/// A select.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Select {
    pub(crate) placeholder: String,
    pub(crate) custom_id: String,
    /// Label and value.
    pub(crate) options: Vec<(String, String)>,
    pub(crate) disabled: bool,
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

fn parts(message: &Message) -> impl Iterator<Item = &Value> {
    message
        .components
        .iter()
        .flat_map(|row| row["components"].as_array().into_iter().flatten())
}

fn buttons(message: &Message) -> Vec<Button> {
    parts(message)
        .filter(|part| part["type"] == 2)
        .map(|part| Button {
            label: text(&part["label"]),
            custom_id: text(&part["custom_id"]),
            url: text(&part["url"]),
            style: part["style"].as_u64().unwrap_or_default(),
            disabled: part["disabled"] == true,
        })
        .collect()
}

fn selects(message: &Message) -> Vec<Select> {
    parts(message)
        .filter(|part| part["type"] == 3)
        .map(|part| Select {
            placeholder: text(&part["placeholder"]),
            custom_id: text(&part["custom_id"]),
            options: part["options"]
                .as_array()
                .into_iter()
                .flatten()
                .map(|option| (text(&option["label"]), text(&option["value"])))
                .collect(),
            disabled: part["disabled"] == true,
        })
        .collect()
}

fn embed(value: &Value) -> Embed {
    let field = |field: &Value| (text(&field["name"]), text(&field["value"]));
    Embed {
        title: text(&value["title"]),
        description: text(&value["description"]),
        url: text(&value["url"]),
        fields: value["fields"]
            .as_array()
            .into_iter()
            .flatten()
            .map(field)
            .collect(),
        footer: text(&value["footer"]["text"]),
        colour: value["color"].as_u64(),
    }
}

/// A message as one would read it aloud: who sees it, text, embeds behind a bar, buttons in brackets, selects in parentheses.
pub(crate) fn in_words(world: &World, message: &Message) -> String {
    let mut lines = Vec::new();
    if message.life == Life::Deleted {
        lines.push("(deleted)".to_owned());
    }
    if let Audience::Only(user) = message.audience {
        lines.push(format!("(only {} sees this)", world.user(user).name));
    }
    if !message.content.is_empty() {
        lines.push(message.content.clone());
    }
    for embed in message.embeds.iter().map(embed) {
        let mut bars = vec![embed.title, embed.description];
        bars.extend(
            embed
                .fields
                .into_iter()
                .flat_map(|(name, value)| [name, value]),
        );
        bars.push(embed.footer);
        let bars = bars
            .iter()
            .filter(|part| !part.is_empty())
            .flat_map(|part| part.lines());
        lines.extend(bars.map(|line| format!("▌ {line}").trim_end().to_owned()));
    }
    for row in &message.components {
        let row = Message {
            components: vec![row.clone()],
            ..message.clone()
        };
        let pressed: Vec<String> = buttons(&row)
            .iter()
            .map(|button| format!("[{}]", button.label))
            .collect();
        if !pressed.is_empty() {
            lines.push(pressed.join(" "));
        }
        for select in selects(&row) {
            let options: Vec<&str> = select
                .options
                .iter()
                .map(|(label, _)| label.as_str())
                .collect();
            lines.push(format!(
                "( {} ▾ {} )",
                select.placeholder,
                options.join(" | ")
            ));
        }
    }
    lines.join("\n")
}

impl fmt::Display for Reply {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.words)
    }
}

impl fmt::Debug for Reply {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{:?} {}:\n{}", self.how, self.id, self.words)
    }
}

impl Reply {
    pub(super) fn new(discord: &Discord, post: Post) -> Self {
        let (how, message) = match post {
            Post::Shown { how, message } => (how, message),
            Post::Modal { data, .. } => panic!("the bot opened a modal, not a message: {data}"),
        };
        Reply {
            discord: discord.clone(),
            id: message.id,
            channel: message.channel,
            how,
            content: message.content.clone(),
            embeds: message.embeds.iter().map(embed).collect(),
            buttons: buttons(&message),
            selects: selects(&message),
            flags: message.flags,
            reply_to: message.reply_to,
            seen_by: message.audience,
            pings: message.pings.clone(),
            words: discord.look(|world| in_words(world, &message)),
        }
    }

    /// The same message as it is now.
    pub(crate) fn as_it_is_now(&self) -> Reply {
        let message = self
            .discord
            .look(|world| world.messages.get(&self.id).cloned());
        let message = Box::new(message.expect("what was posted stays in the world"));
        Reply::new(
            &self.discord,
            Post::Shown {
                how: self.how,
                message,
            },
        )
    }

    /// Whether one person sees this.
    pub(crate) fn is_private(&self) -> bool {
        matches!(self.seen_by, Audience::Only(_))
    }

    /// Whether nobody is notified.
    pub(crate) fn pings_nobody(&self) -> bool {
        self.pings == Pings::default()
    }

    /// The title of the first embed, or nothing.
    pub(crate) fn title(&self) -> &str {
        self.embeds.first().map_or("", |embed| embed.title.as_str())
    }

    /// Labels of all buttons, in order.
    pub(crate) fn labels(&self) -> Vec<&str> {
        self.buttons
            .iter()
            .map(|button| button.label.as_str())
            .collect()
    }

    /// Labels of all options of all selects, in order.
    pub(crate) fn options(&self) -> Vec<&str> {
        self.selects
            .iter()
            .flat_map(|select| select.options.iter().map(|(label, _)| label.as_str()))
            .collect()
    }

    /// The button with a label.
    pub(crate) fn button(&self, label: &str) -> &Button {
        let found = self.buttons.iter().find(|button| button.label == label);
        found.unwrap_or_else(|| {
            panic!(
                "there is no button “{label}”, only {:?} in:\n{self}",
                self.labels()
            )
        })
    }

    /// Presses a button by its label.
    pub(crate) async fn click(&self, label: &str, who: Actor) -> Asked {
        let message = self.now(&who).await;
        let found = buttons(&message)
            .into_iter()
            .find(|button| button.label == label);
        let button =
            found.unwrap_or_else(|| panic!("there is no button “{label}” any more in:\n{self}"));
        assert!(
            !button.disabled && button.url.is_empty(),
            "“{label}” cannot be pressed: {button:?}"
        );
        Self::press(&message, 2, &button.custom_id, None, who)
    }

    /// Sends a press with this `custom_id`, as from a button of long ago or of a forger.
    pub(crate) async fn click_custom_id(&self, custom_id: &str, who: Actor) -> Asked {
        let message = self.now(&who).await;
        Self::press(&message, 2, custom_id, None, who)
    }

    /// Chooses one option by its label, in whichever select has it.
    pub(crate) async fn select(&self, label: &str, who: Actor) -> Asked {
        let message = self.now(&who).await;
        let all = selects(&message);
        let found = all.iter().find_map(|select| {
            select
                .options
                .iter()
                .find(|(its, _)| its == label)
                .map(|(_, value)| (select, value))
        });
        let (select, value) =
            found.unwrap_or_else(|| panic!("there is no option “{label}” in:\n{self}"));
        assert!(!select.disabled, "the select of “{label}” is disabled");
        Self::press(&message, 3, &select.custom_id, Some(json!([value])), who)
    }

    /// Chooses channels in the message's channel select.
    pub(crate) async fn select_channels(&self, channels: &[ChannelId], who: Actor) -> Asked {
        let message = self.now(&who).await;
        let select = parts(&message)
            .find(|part| part["type"] == 8)
            .cloned()
            .unwrap_or_else(|| panic!("there is no channel select in:\n{self}"));
        let count = channels.len() as u64;
        let least = select["min_values"].as_u64().unwrap_or(1);
        let most = select["max_values"].as_u64().unwrap_or(1);
        assert!(
            (least..=most).contains(&count),
            "a client does not choose {count} of {least} to {most} channels"
        );
        let custom_id = text(&select["custom_id"]);
        Self::press(&message, 8, &custom_id, Some(json!(channels)), who)
    }

    /// The message as it is now, if this person can see it.
    async fn now(&self, who: &Actor) -> Message {
        self.discord.bot_has_session().await;
        let message = self
            .discord
            .look(|world| world.messages.get(&self.id).cloned())
            .expect("what was posted stays in the world");
        assert!(message.life == Life::Shown, "the message is gone:\n{self}");
        let visible = match message.audience {
            Audience::Everyone => true,
            Audience::Only(user) => user == who.user,
        };
        assert!(visible, "this person does not see the message:\n{self}");
        message
    }

    fn press(
        message: &Message,
        kind: u64,
        custom_id: &str,
        values: Option<Value>,
        who: Actor,
    ) -> Asked {
        let mut data = json!({ "custom_id": custom_id, "component_type": kind, "id": 1 });
        if let Some(values) = values {
            data["values"] = values;
        }
        who.at(message)
            .asks(InteractionKind::Component, data, Some(message.id))
    }
}

/// A modal that the bot opened.
#[derive(Clone)]
pub(crate) struct Modal {
    discord: Discord,
    opened_by: InteractionId,
    pub(crate) title: String,
    pub(crate) custom_id: String,
    pub(crate) fields: Vec<Field>,
}

/// A text input of a modal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Field {
    pub(crate) custom_id: String,
    pub(crate) label: String,
    /// What stands in it when it opens.
    pub(crate) value: String,
    pub(crate) placeholder: String,
    pub(crate) required: bool,
    pub(crate) min_length: Option<u64>,
    pub(crate) max_length: Option<u64>,
}

impl Modal {
    pub(super) fn new(discord: &Discord, opened_by: InteractionId, data: &Value) -> Self {
        let inputs = data["components"]
            .as_array()
            .into_iter()
            .flatten()
            .flat_map(|row| row["components"].as_array().into_iter().flatten());
        let field = |input: &Value| Field {
            custom_id: text(&input["custom_id"]),
            label: text(&input["label"]),
            value: text(&input["value"]),
            placeholder: text(&input["placeholder"]),
            required: input["required"] != false,
            min_length: input["min_length"].as_u64(),
            max_length: input["max_length"].as_u64(),
        };
        Modal {
            discord: discord.clone(),
            opened_by,
            title: text(&data["title"]),
            custom_id: text(&data["custom_id"]),
            fields: inputs.map(field).collect(),
        }
    }

    /// Fills in fields by label and submits; fields not named keep what stands in them.
    pub(crate) async fn submit(&self, filled: &[(&str, &str)]) -> Asked {
        for (label, _) in filled {
            assert!(
                self.fields.iter().any(|field| field.label == *label),
                "the modal has no field “{label}”: {:?}",
                self.fields
            );
        }
        self.discord.bot_has_session().await;
        let rows: Vec<Value> = self.fields.iter().map(|field| {
            let value = filled.iter().find(|(label, _)| *label == field.label).map_or(field.value.as_str(), |(_, text)| text);
            let length = value.chars().count() as u64;
            let least = field.min_length.unwrap_or(u64::from(field.required));
            let fits = length <= field.max_length.unwrap_or(4_000) && (length >= least || (length == 0 && !field.required));
            assert!(fits, "a client does not submit {length} characters in {field:?}");
            json!({ "type": 1, "id": 1, "components": [{ "type": 4, "id": 2, "custom_id": field.custom_id, "value": value }] })
        }).collect();
        let data = json!({ "custom_id": self.custom_id, "components": rows });
        let opener = self
            .discord
            .look(|world| world.interaction(self.opened_by).clone());
        let who = Actor::of(&self.discord, &opener);
        who.asks(InteractionKind::Modal, data, opener.source)
    }
}
