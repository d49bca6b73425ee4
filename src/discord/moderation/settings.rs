//! What a server can set: shown whole with the defaults, changed by options or below the list, and confirmed in words.

use std::fmt::Display;
use std::time::Duration;

use serenity::all::{
    ButtonStyle, ChannelId, ChannelType, CreateActionRow, CreateSelectMenu, CreateSelectMenuKind,
    CreateSelectMenuOption, GuildId,
};

use super::super::remembered::id;
use super::super::settings::{ServerSettings, Visibility as Shown};
use super::super::state::State;
use super::press::{Press, Step};
use super::told::{Told, button};
use crate::memory::{
    self, ANSWERS_A_COOLDOWN, Change, Channels, Cooldown, Error, Gaps, LONGEST_COOLDOWN, Mentions,
    Settings, Visibility,
};
use poise::serenity_prelude as serenity;

/// Most channels that Discord lets choose at once.
const MOST_CHOSEN: u8 = 25;
/// Most channels that are listed by name; more are counted.
const LISTED: usize = 20;

/// Said by everything that needs a memory where there is none.
pub(super) const NO_MEMORY: &str =
    "The operator of this bot keeps no memory: nothing can be set, and nothing is stored.";
/// Said where the memory does not answer.
pub(super) const AWAY: &str =
    "My memory does not answer at the moment. Try again in a minute; answers go on without it.";
const UNCONFIRMED: &str = "My memory did not confirm that. Look at `/cleartext settings` in a minute, and set it again if it is not there.";

/// Who sees a sure answer, as an option.
#[derive(Clone, Copy, Debug, PartialEq, Eq, poise::ChoiceParameter)]
pub(super) enum Who {
    #[name = "public: everybody in the channel"]
    Public,
    #[name = "private: who asked, who can share it"]
    Private,
}

/// On or off, as an option.
#[derive(Clone, Copy, Debug, PartialEq, Eq, poise::ChoiceParameter)]
pub(super) enum OnOff {
    #[name = "on"]
    On,
    #[name = "off"]
    Off,
}

/// The options of `/cleartext settings`.
#[derive(Clone, Copy, Debug)]
pub(super) struct Options {
    pub(super) visibility: Option<Who>,
    pub(super) mentions: Option<OnOff>,
    pub(super) user_cooldown: Option<u32>,
    pub(super) channel_cooldown: Option<u32>,
    pub(super) gaps: Option<OnOff>,
}

impl Options {
    /// The changes that were asked for. Seconds beyond the longest cooldown, which Discord does not let through, are that.
    pub(super) fn changes(self) -> Vec<Change> {
        let cooldown = |seconds: u32| Cooldown::new(seconds.min(LONGEST_COOLDOWN)).ok();
        let visibility = self.visibility.map(|who| match who {
            Who::Public => Change::Visibility(Visibility::Public),
            Who::Private => Change::Visibility(Visibility::Private),
        });
        let mentions = self.mentions.map(|mentions| match mentions {
            OnOff::On => Change::Mentions(Mentions::On),
            OnOff::Off => Change::Mentions(Mentions::Off),
        });
        let gaps = self.gaps.map(|gaps| match gaps {
            OnOff::On => Change::Gaps(Gaps::On),
            OnOff::Off => Change::Gaps(Gaps::Off),
        });
        [
            visibility,
            mentions,
            self.user_cooldown
                .and_then(cooldown)
                .map(Change::UserCooldown),
            self.channel_cooldown
                .and_then(cooldown)
                .map(Change::ChannelCooldown),
            gaps,
        ]
        .into_iter()
        .flatten()
        .collect()
    }
}

/// The channels that were chosen; none is all of them.
pub(super) fn channels(chosen: &[ChannelId]) -> Option<Change> {
    let numbers = chosen
        .iter()
        .filter_map(|id| memory::ChannelId::new(id.get()));
    Channels::new(numbers).ok().map(Change::Channels)
}

/// An option of the select below the list.
pub(super) fn choice(value: &str) -> Option<Change> {
    let (name, value) = value.split_once('=')?;
    match name {
        "visibility" => Visibility::parse(value).map(Change::Visibility),
        "mentions" => Mentions::parse(value).map(Change::Mentions),
        "gaps" => Gaps::parse(value).map(Change::Gaps),
        _ => None,
    }
}

/// Makes changes, says so, and shows what holds now.
pub(super) async fn told(state: &State, guild: GuildId, changes: &[Change]) -> Told {
    let Some(memory) = state.memory() else {
        return Told::text(format!(
            "{NO_MEMORY}\n\n{}",
            list(&state.setup().settings, Gaps::Off)
        ));
    };
    let mut said = Vec::new();
    for change in changes {
        match state.change(memory, guild, change).await {
            Ok(_) => said.push(format!("Set: {}", confirmation(change))),
            Err(error) => {
                warn(&error);
                said.push(state.names().in_text(UNCONFIRMED));
                break;
            }
        }
    }
    match memory.settings(id(guild)).await {
        Ok(settings) => view(state, &said, &settings),
        Err(error) => {
            warn(&error);
            if said.is_empty() {
                said.push(AWAY.to_owned());
            }
            Told::text(said.join("\n"))
        }
    }
}

/// Puts all settings back, after it was asked whether that is meant.
pub(super) async fn reset(state: &State, guild: GuildId, step: Step) -> Told {
    let Some(memory) = state.memory() else {
        return Told::text(NO_MEMORY);
    };
    if step == Step::Asked {
        let text = "Put all settings of this server back to the defaults? Questions that were kept are deleted with it; counts of feedback stay.";
        return Told::text(text).with_row(CreateActionRow::Buttons(vec![
            button(
                "Put all back",
                Press::Reset(Step::Confirmed),
                ButtonStyle::Danger,
            ),
            button("Keep all", Press::Keep, ButtonStyle::Secondary),
        ]));
    }
    let outcome = memory.reset(id(guild)).await;
    state.unlearn(guild);
    match outcome {
        Ok(()) => view(
            state,
            &[
                "All settings are back to the defaults, and no question is kept any more."
                    .to_owned(),
            ],
            &Settings::default(),
        ),
        Err(error) => {
            warn(&error);
            Told::text(state.names().in_text(UNCONFIRMED))
        }
    }
}

/// For the log; the sentence for moderators has no place or address in it.
pub(super) fn warn(error: &Error) {
    tracing::warn!("a moderator's command found the memory failing: {error}");
}

/// A change in words.
fn confirmation(change: &Change) -> String {
    match change {
        Change::Channels(channels) if channels.listed().is_empty() => {
            "I answer in all channels.".to_owned()
        }
        Change::Channels(channels) => format!(
            "I answer in {} and their threads. Elsewhere I do not hear mentions, and commands are answered to who asked alone.",
            names(channels.listed())
        ),
        Change::Visibility(Visibility::Public) => {
            "sure answers are for everybody in the channel.".to_owned()
        }
        Change::Visibility(Visibility::Private) => {
            "answers to commands are for who asked alone, who can share them.".to_owned()
        }
        Change::Mentions(Mentions::On) => "I answer when I am mentioned.".to_owned(),
        Change::Mentions(Mentions::Off) => "I do not answer when I am mentioned.".to_owned(),
        Change::UserCooldown(cooldown) => match cooldown.seconds() {
            0 => "one person gets any number of answers.".to_owned(),
            seconds => format!("one person gets at most {ANSWERS_A_COOLDOWN} answers in {}.", span(seconds)),
        },
        Change::ChannelCooldown(cooldown) => match cooldown.seconds() {
            0 => "a channel can get the same answer again at once.".to_owned(),
            seconds => format!("a channel does not get the same answer again for {}.", span(seconds)),
        },
        Change::Gaps(Gaps::On) => "unanswered questions are kept for 30 days once two people have asked them, without who asked. Tell your members.".to_owned(),
        Change::Gaps(Gaps::Off) => "no question is kept; those that were are deleted.".to_owned(),
        Change::Language(Some(language)) => format!("my language here is {}.", language.as_str()),
        Change::Language(None) => "Discord says which language I use.".to_owned(),
    }
}

/// All settings, a line each: name, value, what it means, and how to change it.
fn list(settings: &ServerSettings, gaps: Gaps) -> String {
    let usual = ServerSettings::default();
    let line = |name: &str, value: &str, is_usual: bool, meaning: &str| {
        let usual = if is_usual { " *(default)*" } else { "" };
        format!("- `{name}` **{value}**{usual} · {meaning}")
    };
    let seconds = |cooldown: Duration| match u32::try_from(cooldown.as_secs()).unwrap_or(u32::MAX) {
        0 => "none".to_owned(),
        seconds => span(seconds),
    };
    let channels = if settings.channels.is_empty() {
        "all".to_owned()
    } else {
        names(&settings.channels)
    };
    let visibility = match settings.visibility {
        Shown::Channel => Visibility::Public,
        Shown::Asker => Visibility::Private,
    };
    let mentions = if settings.mentions {
        Mentions::On
    } else {
        Mentions::Off
    };
    let (answers, within) = match settings.user_cooldown.times {
        0 => (ANSWERS_A_COOLDOWN, Duration::ZERO),
        times => (times, settings.user_cooldown.within),
    };
    let lines = [
        line(
            "channels",
            &channels,
            settings.channels == usual.channels,
            "where I answer; choose below",
        ),
        line(
            "visibility",
            visibility.as_str(),
            settings.visibility == usual.visibility,
            "who sees a sure answer",
        ),
        line(
            "mentions",
            mentions.as_str(),
            settings.mentions == usual.mentions,
            "whether I answer when mentioned",
        ),
        line(
            "user_cooldown",
            &seconds(within),
            settings.user_cooldown == usual.user_cooldown,
            &format!("in which one person gets at most {answers} answers"),
        ),
        line(
            "channel_cooldown",
            &seconds(settings.channel_cooldown),
            settings.channel_cooldown == usual.channel_cooldown,
            "before a channel gets the same answer again",
        ),
        line(
            "gaps",
            gaps.as_str(),
            gaps == Gaps::default(),
            "whether unanswered questions are kept",
        ),
    ];
    format!("**Settings of this server**\n{}", lines.join("\n"))
}

/// The list, what was changed above it, and ways to change more below it.
fn view(state: &State, said: &[String], settings: &Settings) -> Told {
    let said = if said.is_empty() {
        String::new()
    } else {
        format!("{}\n\n", said.join("\n"))
    };
    let how = format!(
        "Change them below, or by options, such as `/cleartext settings user_cooldown:45`; a cooldown is 0 to {LONGEST_COOLDOWN} seconds."
    );
    let how = state.names().in_text(&how);
    let list = list(&ServerSettings::from(settings), settings.gaps);
    Told::text(format!("{said}{list}\n{how}"))
        .with_row(CreateActionRow::SelectMenu(channel_select()))
        .with_row(CreateActionRow::SelectMenu(value_select()))
        .with_row(CreateActionRow::Buttons(vec![
            button(
                "Answer in all channels",
                Press::Everywhere,
                ButtonStyle::Secondary,
            ),
            button("Export", Press::Export, ButtonStyle::Secondary),
            button("Reset", Press::Reset(Step::Asked), ButtonStyle::Secondary),
        ]))
}

fn channel_select() -> CreateSelectMenu {
    let kind = CreateSelectMenuKind::Channel {
        channel_types: Some(vec![
            ChannelType::Text,
            ChannelType::News,
            ChannelType::Forum,
            ChannelType::Voice,
        ]),
        // serenity writes their ids as numbers, which Discord's description of its API does not have; the list names them.
        default_channels: None,
    };
    CreateSelectMenu::new(Press::Channels.to_string(), kind)
        .placeholder("Name all channels that I answer in")
        .min_values(1)
        .max_values(MOST_CHOSEN)
}

fn value_select() -> CreateSelectMenu {
    let option = |label: &str, value: &str| CreateSelectMenuOption::new(label, value);
    let options = vec![
        option("Sure answers: public", "visibility=public"),
        option("Sure answers: private", "visibility=private"),
        option("Mentions: on", "mentions=on"),
        option("Mentions: off", "mentions=off"),
        option("Keep unanswered questions: on", "gaps=on"),
        option("Keep unanswered questions: off", "gaps=off"),
    ];
    CreateSelectMenu::new(
        Press::Set.to_string(),
        CreateSelectMenuKind::String { options },
    )
    .placeholder("Change a setting")
}

/// Channels by name, as Discord shows them to those who can see them.
fn names<T: Display>(listed: &[T]) -> String {
    let names: Vec<_> = listed
        .iter()
        .take(LISTED)
        .map(|id| format!("<#{id}>"))
        .collect();
    let mut names = names.join(", ");
    if listed.len() > LISTED {
        names = format!("{names} and {} more", listed.len() - LISTED);
    }
    names
}

/// Seconds in words.
pub(super) fn span(seconds: u32) -> String {
    let counted = |number: u32, one: &str| match number {
        1 => format!("1 {one}"),
        number => format!("{number} {one}s"),
    };
    match (seconds / 60, seconds % 60) {
        (0, seconds) => counted(seconds, "second"),
        (minutes, 0) => counted(minutes, "minute"),
        (minutes, seconds) => format!(
            "{} {}",
            counted(minutes, "minute"),
            counted(seconds, "second")
        ),
    }
}
