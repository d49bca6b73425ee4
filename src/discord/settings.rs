//! What a server may set about the reading side, with the defaults that hold where nothing was set.

use std::time::Duration;

use serenity::all::ChannelId;

/// What a server has set. In direct messages and outside servers the defaults hold.
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
    /// Whether questions that were not answered are remembered for the curators.
    pub gaps: bool,
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
    /// Public where sure, mentions answered, five questions a person in 30 s, the same answer in a channel once in 60 s,
    /// nothing remembered.
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
            gaps: false,
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
