//! What a server may set about the reading side, with the defaults that hold where nothing was set.

use std::time::Duration;

use serenity::all::ChannelId;

use crate::memory::{self, ANSWERS_A_COOLDOWN, Mentions};

/// What a server has set about the reading side.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServerSettings {
    /// Where the bot speaks in public, threads of these channels included; empty for everywhere. Elsewhere mentions are
    /// not heard, and commands are answered to the asker alone.
    pub channels: Vec<ChannelId>,
    /// Who sees a sure answer to `/ask` unless the asker says otherwise.
    pub visibility: Visibility,
    /// Whether mentions are answered.
    pub mentions: bool,
    /// How often one person may ask.
    pub user_cooldown: Cooldown,
    /// How long the same answer is not given in the same channel again, but pointed to; zero for never.
    pub channel_cooldown: Duration,
}

/// Who sees an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Visibility {
    /// Everybody in the channel.
    Channel,
    /// Who asked.
    Asker,
}

/// So many times within so long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cooldown {
    /// How many times; zero for no limit.
    pub times: usize,
    /// Within how long.
    pub within: Duration,
}

impl Default for ServerSettings {
    /// Public where sure, mentions answered, five questions a person in 30 s, the same answer in a channel once in 60 s.
    fn default() -> Self {
        Self {
            channels: Vec::new(),
            visibility: Visibility::Channel,
            mentions: true,
            user_cooldown: Cooldown {
                times: 5,
                within: Duration::from_secs(30),
            },
            channel_cooldown: Duration::from_mins(1),
        }
    }
}

/// What the memory holds for a server, as the reading side uses it.
impl From<&memory::Settings> for ServerSettings {
    fn from(settings: &memory::Settings) -> Self {
        let span = |cooldown: memory::Cooldown| Duration::from_secs(cooldown.seconds().into());
        let within = span(settings.user_cooldown);
        Self {
            channels: settings
                .channels
                .listed()
                .iter()
                .map(|id| ChannelId::new(id.get()))
                .collect(),
            visibility: match settings.visibility {
                memory::Visibility::Public => Visibility::Channel,
                memory::Visibility::Private => Visibility::Asker,
            },
            mentions: match settings.mentions {
                Mentions::On => true,
                Mentions::Off => false,
            },
            user_cooldown: Cooldown {
                times: if within.is_zero() {
                    0
                } else {
                    ANSWERS_A_COOLDOWN
                },
                within,
            },
            channel_cooldown: span(settings.channel_cooldown),
        }
    }
}

impl ServerSettings {
    /// Whether the bot may speak in public in a channel, or in a thread of the channel `parent`.
    pub(super) fn allows(&self, channel: ChannelId, parent: Option<ChannelId>) -> bool {
        let listed = |channel| self.channels.contains(&channel);
        self.channels.is_empty() || listed(channel) || parent.is_some_and(listed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_that_has_set_nothing_gets_the_same_with_a_memory_and_without() {
        let remembered = ServerSettings::from(&memory::Settings::default());
        assert_eq!(remembered, ServerSettings::default());
    }

    #[test]
    fn what_a_server_has_set_holds() {
        let none = memory::Cooldown::new(0).expect("short");
        let set = memory::Settings {
            channels: memory::Channels::new(memory::ChannelId::new(7)).expect("few"),
            visibility: memory::Visibility::Private,
            mentions: Mentions::Off,
            user_cooldown: none,
            channel_cooldown: none,
            ..memory::Settings::default()
        };
        let expected = ServerSettings {
            channels: vec![ChannelId::new(7)],
            visibility: Visibility::Asker,
            mentions: false,
            user_cooldown: Cooldown {
                times: 0,
                within: Duration::ZERO,
            },
            channel_cooldown: Duration::ZERO,
        };
        assert_eq!(ServerSettings::from(&set), expected);
    }

    #[test]
    fn a_list_of_channels_holds_for_their_threads() {
        let check = |listed: &[u64], channel: u64, parent: Option<u64>, expected: bool| {
            let settings = ServerSettings {
                channels: listed.iter().copied().map(ChannelId::new).collect(),
                ..ServerSettings::default()
            };
            let allowed = settings.allows(ChannelId::new(channel), parent.map(ChannelId::new));
            assert_eq!(allowed, expected, "{channel} in {listed:?}");
        };
        check(&[], 1, None, true);
        check(&[1, 2], 2, None, true);
        check(&[1, 2], 3, None, false);
        check(&[1], 3, Some(1), true);
        check(&[1], 3, Some(2), false);
    }
}
