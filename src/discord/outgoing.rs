//! A message before it is known how it will be sent: text, embeds, rows of buttons and selects.
//!
//! It turns itself into serenity's builders; what stands in it is `messages` and `pages`. Nobody is mentioned by it.

use std::collections::HashSet;

use serenity::all::{
    ButtonStyle, CreateActionRow, CreateAllowedMentions, CreateButton, CreateEmbed,
    CreateEmbedFooter, CreateInteractionResponseFollowup, CreateInteractionResponseMessage,
    CreateMessage, CreateSelectMenu, CreateSelectMenuKind, CreateSelectMenuOption,
    EditInteractionResponse, EditMessage,
};

use super::custom_id::Action;
use super::markdown;
use super::render::Card;

/// Longest label of a button.
pub(super) const LABEL: usize = 80;
/// Longest label of an option.
const OPTION: usize = 100;
/// Most options of a select.
pub(super) const MOST_OPTIONS: usize = 25;
/// Longest message without an embed.
const CONTENT: usize = 2_000;

/// A message before it is known how it will be sent.
#[derive(Clone, Debug, Default)]
pub(super) struct Outgoing {
    pub(super) text: String,
    pub(super) cards: Vec<Card>,
    pub(super) rows: Vec<Row>,
}

/// A row below a message. Discord takes five.
#[derive(Clone, Debug)]
pub(super) enum Row {
    /// Up to five of them.
    Buttons(Vec<Button>),
    /// A select, which fills its row.
    Menu(Menu),
}

/// A button.
#[derive(Clone, Debug)]
pub(super) struct Button {
    label: String,
    action: Action,
    weight: Weight,
}

/// How much a button stands out.
#[derive(Clone, Copy, Debug)]
pub(super) enum Weight {
    Plain,
    Quiet,
}

/// A select: one of its options is an action.
#[derive(Clone, Debug)]
pub(super) struct Menu {
    /// Tells the selects of a message apart.
    pub(super) slot: u8,
    /// What stands in it before anything is chosen.
    pub(super) placeholder: &'static str,
    /// Labels and actions, 1 to [`MOST_OPTIONS`]; more are left out.
    pub(super) options: Vec<(String, Action)>,
}

impl Outgoing {
    /// A sentence.
    pub(super) fn sentence(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            ..Self::default()
        }
    }

    /// An embed.
    pub(super) fn card(card: Card) -> Self {
        Self {
            cards: vec![card],
            ..Self::default()
        }
    }

    /// The same with buttons below it; without any, no row.
    pub(super) fn with_buttons(mut self, buttons: Vec<Button>) -> Self {
        if !buttons.is_empty() {
            self.rows.push(Row::Buttons(buttons));
        }
        self
    }

    /// The same with a select below it; without options, none.
    pub(super) fn with_menu(mut self, menu: Menu) -> Self {
        if !menu.options.is_empty() {
            self.rows.push(Row::Menu(menu));
        }
        self
    }

    /// The same with nothing to press or choose.
    pub(super) fn without_rows(mut self) -> Self {
        self.rows.clear();
        self
    }

    /// The same with a line above it, for which there has to be room; nothing for none.
    pub(super) fn with_note(mut self, note: &str) -> Self {
        if note.is_empty() {
            return self;
        }
        self.text = if self.text.is_empty() {
            note.to_owned()
        } else {
            markdown::cut(&format!("{note}\n{}", self.text), CONTENT)
        };
        self
    }

    /// Whether it holds an embed.
    pub(super) fn has_card(&self) -> bool {
        !self.cards.is_empty()
    }

    /// As the response to an interaction. All parts are written, so that an update replaces all parts.
    pub(super) fn into_response(self) -> CreateInteractionResponseMessage {
        CreateInteractionResponseMessage::new()
            .content(self.text)
            .embeds(embeds(self.cards))
            .components(components(self.rows))
            .allowed_mentions(nobody())
    }

    /// As what replaces the response to an interaction.
    pub(super) fn into_changed_response(self) -> EditInteractionResponse {
        EditInteractionResponse::new()
            .content(self.text)
            .embeds(embeds(self.cards))
            .components(components(self.rows))
            .allowed_mentions(nobody())
    }

    /// As a further message to an interaction.
    pub(super) fn into_follow_up(self) -> CreateInteractionResponseFollowup {
        CreateInteractionResponseFollowup::new()
            .content(self.text)
            .embeds(embeds(self.cards))
            .components(components(self.rows))
            .allowed_mentions(nobody())
    }

    /// As a message in a channel.
    pub(super) fn into_message(self) -> CreateMessage {
        let mut message = CreateMessage::new()
            .embeds(embeds(self.cards))
            .components(components(self.rows))
            .allowed_mentions(nobody());
        if !self.text.is_empty() {
            message = message.content(self.text);
        }
        message
    }

    /// As what replaces a message in a channel.
    pub(super) fn into_edit(self) -> EditMessage {
        EditMessage::new()
            .content(self.text)
            .embeds(embeds(self.cards))
            .components(components(self.rows))
            .allowed_mentions(nobody())
    }
}

impl Button {
    /// A button; a label that is too long ends with "…".
    pub(super) fn new(label: &str, action: Action, weight: Weight) -> Self {
        Self {
            label: markdown::cut(&markdown::plain(label), LABEL),
            action,
            weight,
        }
    }

    /// One that does not stand out.
    pub(super) fn quiet(label: &str, action: Action) -> Self {
        Self::new(label, action, Weight::Quiet)
    }
}

/// Nobody is mentioned, whatever a text holds.
pub(super) fn nobody() -> CreateAllowedMentions {
    CreateAllowedMentions::new().replied_user(false)
}

fn embeds(cards: Vec<Card>) -> Vec<CreateEmbed> {
    cards.into_iter().map(embed).collect()
}

fn embed(card: Card) -> CreateEmbed {
    let mut embed = CreateEmbed::new()
        .description(card.description)
        .colour(card.colour);
    if !card.footer.trim().is_empty() {
        embed = embed.footer(CreateEmbedFooter::new(card.footer));
    }
    if !card.title.trim().is_empty() {
        embed = embed.title(card.title);
    }
    embed
}

fn components(rows: Vec<Row>) -> Vec<CreateActionRow> {
    rows.into_iter()
        .map(|row| match row {
            Row::Buttons(buttons) => {
                CreateActionRow::Buttons(buttons.into_iter().map(button).collect())
            }
            Row::Menu(menu) => CreateActionRow::SelectMenu(select(menu)),
        })
        .collect()
}

fn button(button: Button) -> CreateButton {
    let style = match button.weight {
        Weight::Plain => ButtonStyle::Primary,
        Weight::Quiet => ButtonStyle::Secondary,
    };
    CreateButton::new(button.action.to_string())
        .label(button.label)
        .style(style)
}

fn select(menu: Menu) -> CreateSelectMenu {
    let mut values = HashSet::new();
    let options = menu
        .options
        .into_iter()
        .map(|(label, action)| (label, action.to_string()))
        // Discord refuses a select that offers the same twice.
        .filter(|(_, value)| values.insert(value.clone()))
        .take(MOST_OPTIONS)
        .map(|(label, value)| {
            let label = markdown::cut(&markdown::plain(&label), OPTION);
            CreateSelectMenuOption::new(label, value)
        })
        .collect();
    let id = Action::Menu(menu.slot).to_string();
    CreateSelectMenu::new(id, CreateSelectMenuKind::String { options })
        .placeholder(menu.placeholder)
}
