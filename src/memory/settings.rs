//! What a server's moderators have set, and what holds where they have set nothing.
//!
//! Only the shapes and their bounds; what a setting does is the Discord side's part.

use std::fmt;

use serde::Serialize;

use super::ChannelId;

/// Longest cooldown, in seconds: six hours, as Discord's own slow mode.
pub const LONGEST_COOLDOWN: u32 = 21_600;
/// Most channels that can be listed: as many as a server can have.
pub const MOST_CHANNELS: usize = 500;
/// Longest name of a language, in bytes: Discord's longest is `es-419`, this leaves room for a script.
const LONGEST_LANGUAGE: usize = 16;

/// A person's cooldown where none was set: with [`ANSWERS_A_COOLDOWN`] answers in it, nobody in a conversation notices it.
pub const USER_COOLDOWN: Cooldown = Cooldown(30);
/// A channel's cooldown where none was set: long enough that an answer is still on the screen.
pub const CHANNEL_COOLDOWN: Cooldown = Cooldown(60);
/// How many answers one person gets within a cooldown.
pub const ANSWERS_A_COOLDOWN: usize = 5;

/// A server's settings, whole: what was set, and the defaults for the rest.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Settings {
    /// Where the bot answers.
    pub channels: Channels,
    /// Who sees a sure answer.
    pub visibility: Visibility,
    /// Whether a mention is answered.
    pub mentions: Mentions,
    /// Within how long one person gets at most [`ANSWERS_A_COOLDOWN`] answers.
    pub user_cooldown: Cooldown,
    /// How long a channel is not given the same answer again.
    pub channel_cooldown: Cooldown,
    /// Whether unanswered questions are kept.
    pub gaps: Gaps,
    /// The language of the interface; `None` leaves it to Discord.
    pub language: Option<Language>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            channels: Channels::default(),
            visibility: Visibility::default(),
            mentions: Mentions::default(),
            user_cooldown: USER_COOLDOWN,
            channel_cooldown: CHANNEL_COOLDOWN,
            gaps: Gaps::default(),
            language: None,
        }
    }
}

impl Settings {
    /// What holds while a server's own settings cannot be known: nothing goes to a whole channel against its will.
    ///
    /// ```
    /// use cleartext::memory::{Settings, Visibility};
    ///
    /// assert_eq!(Settings::default().visibility, Visibility::Public);
    /// assert_eq!(Settings::cautious().visibility, Visibility::Private);
    /// ```
    pub fn cautious() -> Self {
        Self {
            visibility: Visibility::Private,
            ..Self::default()
        }
    }
}

/// One thing to set; the rest stays as it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// Where the bot answers.
    Channels(Channels),
    /// Who sees a sure answer.
    Visibility(Visibility),
    /// Whether a mention is answered.
    Mentions(Mentions),
    /// Within how long one person gets at most [`ANSWERS_A_COOLDOWN`] answers.
    UserCooldown(Cooldown),
    /// How long a channel is not given the same answer again.
    ChannelCooldown(Cooldown),
    /// Whether unanswered questions are kept. Off deletes those that are kept.
    Gaps(Gaps),
    /// The language of the interface; `None` leaves it to Discord.
    Language(Option<Language>),
}

/// Why a value cannot be set: one sentence with its remedy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Invalid {
    /// More than [`MOST_CHANNELS`].
    #[error("{0} channels are too many; name at most {MOST_CHANNELS}, or none for all of them")]
    Channels(usize),
    /// More than [`LONGEST_COOLDOWN`].
    #[error(
        "a cooldown of {0} seconds is too long; write 0 to {LONGEST_COOLDOWN}, that is six hours"
    )]
    Cooldown(u32),
    /// Not the form of a language's name.
    #[error(
        "that is not the name of a language; write it as Discord does, such as `en-GB` or `de`"
    )]
    Language,
}

/// The channels that the bot answers in; none listed means all of them. In order, and none twice.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Channels(Vec<ChannelId>);

impl Channels {
    /// Accepts at most [`MOST_CHANNELS`].
    ///
    /// ```
    /// use cleartext::memory::{ChannelId, Channels};
    ///
    /// let channels = Channels::new([9, 7, 9].into_iter().filter_map(ChannelId::new))?;
    /// let listed: Vec<_> = channels.listed().iter().map(|channel| channel.get()).collect();
    /// assert_eq!(listed, [7, 9]);
    /// # Ok::<(), cleartext::memory::Invalid>(())
    /// ```
    pub fn new(channels: impl IntoIterator<Item = ChannelId>) -> Result<Self, Invalid> {
        let mut channels: Vec<_> = channels.into_iter().collect();
        channels.sort_unstable();
        channels.dedup();
        if channels.len() > MOST_CHANNELS {
            return Err(Invalid::Channels(channels.len()));
        }
        Ok(Self(channels))
    }

    /// The list; empty for all channels.
    pub fn listed(&self) -> &[ChannelId] {
        &self.0
    }

    /// Whether the bot answers in this channel. A thread is asked for by its own number or its parent's.
    ///
    /// ```
    /// use cleartext::memory::{ChannelId, Channels};
    ///
    /// let channel = ChannelId::new(7).expect("it is not zero");
    /// let other = ChannelId::new(8).expect("it is not zero");
    /// let channels = Channels::new([channel])?;
    /// assert!(channels.allow(channel) && !channels.allow(other));
    /// // Where none is listed it answers in all of them.
    /// assert!(Channels::default().allow(other));
    /// # Ok::<(), cleartext::memory::Invalid>(())
    /// ```
    pub fn allow(&self, channel: ChannelId) -> bool {
        self.0.is_empty() || self.0.binary_search(&channel).is_ok()
    }
}

/// Numbers parted by spaces, as they are stored.
impl fmt::Display for Channels {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (position, channel) in self.0.iter().enumerate() {
            if position > 0 {
                f.write_str(" ")?;
            }
            channel.fmt(f)?;
        }
        Ok(())
    }
}

impl Channels {
    /// Reads what [`fmt::Display`] wrote.
    ///
    /// ```
    /// use cleartext::memory::{ChannelId, Channels};
    ///
    /// let channels = Channels::new([9, 7].into_iter().filter_map(ChannelId::new))?;
    /// assert_eq!(channels.to_string(), "7 9");
    /// assert_eq!(Channels::parse("7 9"), Some(channels));
    /// assert_eq!(Channels::parse("7,9"), None);
    /// # Ok::<(), cleartext::memory::Invalid>(())
    /// ```
    pub fn parse(text: &str) -> Option<Self> {
        let channels: Option<Vec<_>> = text
            .split_whitespace()
            .map(|id| id.parse().ok().and_then(ChannelId::new))
            .collect();
        Self::new(channels?).ok()
    }
}

macro_rules! choice {
    ($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $word:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
        #[serde(rename_all = "snake_case")]
        pub enum $name { $($(#[$variant_doc])* $variant),+ }

        impl $name {
            /// The word by which it is stored and shown.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }

            /// Reads such a word.
            ///
            /// ```
            #[doc = concat!("use cleartext::memory::", stringify!($name), ";")]
            ///
            #[doc = concat!("let usual = ", stringify!($name), "::default();")]
            #[doc = concat!("assert_eq!(", stringify!($name), "::parse(usual.as_str()), Some(usual));")]
            #[doc = concat!("assert_eq!(", stringify!($name), "::parse(\"perhaps\"), None);")]
            /// ```
            pub fn parse(word: &str) -> Option<Self> {
                match word { $($word => Some(Self::$variant),)+ _ => None }
            }
        }
    };
}

choice! {
    /// Who sees a sure answer. Unsure ones are seen by the asker alone in any case.
    Visibility {
        /// The channel.
        #[default]
        Public = "public",
        /// The asker alone, who can share it.
        Private = "private",
    }
}
choice! {
    /// Whether a mention of the bot is answered.
    Mentions {
        /// It is.
        #[default]
        On = "on",
        /// It is not.
        Off = "off",
    }
}
choice! {
    /// Whether unanswered questions and the texts of feedback are kept for the curator.
    Gaps {
        /// Those that two people or more have asked are.
        On = "on",
        /// None is.
        #[default]
        Off = "off",
    }
}

/// Whole seconds; zero is no cooldown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(transparent)]
pub struct Cooldown(u32);

impl Cooldown {
    /// Accepts 0 to [`LONGEST_COOLDOWN`] seconds.
    ///
    /// ```
    /// use cleartext::memory::{Cooldown, Invalid, LONGEST_COOLDOWN};
    ///
    /// assert_eq!(Cooldown::new(90)?.seconds(), 90);
    /// assert_eq!(Cooldown::new(LONGEST_COOLDOWN + 1), Err(Invalid::Cooldown(21_601)));
    /// # Ok::<(), Invalid>(())
    /// ```
    pub fn new(seconds: u32) -> Result<Self, Invalid> {
        if seconds > LONGEST_COOLDOWN {
            return Err(Invalid::Cooldown(seconds));
        }
        Ok(Self(seconds))
    }

    /// The seconds.
    pub fn seconds(self) -> u32 {
        self.0
    }
}

/// The name of a language in the form that Discord uses, such as `en-GB`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Language(String);

impl Language {
    /// Accepts two or three lowercase letters, and after hyphens letters and digits. Whether we speak it is not asked here.
    ///
    /// ```
    /// use cleartext::memory::{Invalid, Language};
    ///
    /// assert_eq!(Language::new("en-GB")?.as_str(), "en-GB");
    /// assert_eq!(Language::new("English"), Err(Invalid::Language));
    /// # Ok::<(), Invalid>(())
    /// ```
    pub fn new(name: &str) -> Result<Self, Invalid> {
        let mut parts = name.split('-');
        let first = parts.next().unwrap_or_default();
        let well_formed = name.len() <= LONGEST_LANGUAGE
            && (2..=3).contains(&first.len())
            && first.bytes().all(|byte| byte.is_ascii_lowercase())
            && parts.all(|part| {
                (2..=8).contains(&part.len())
                    && part.bytes().all(|byte| byte.is_ascii_alphanumeric())
            });
        if well_formed {
            Ok(Self(name.to_owned()))
        } else {
            Err(Invalid::Language)
        }
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn channels(ids: &[u64]) -> Vec<ChannelId> {
        ids.iter().copied().filter_map(ChannelId::new).collect()
    }

    #[test]
    fn a_list_of_channels_is_in_order_and_an_empty_one_means_all() {
        let listed = Channels::new(channels(&[9, 7, 9])).expect("few");
        assert_eq!(listed.to_string(), "7 9");
        assert_eq!(Channels::parse("7 9"), Some(listed.clone()));
        let check = |list: &Channels, id: u64, expected: bool| {
            let id = ChannelId::new(id).expect("not zero");
            assert_eq!(list.allow(id), expected, "{list} {id}");
        };
        check(&listed, 7, true);
        check(&listed, 8, false);
        check(&Channels::default(), 8, true);
        assert_eq!(Channels::parse(""), Some(Channels::default()));
        for damaged in ["seven", "7,9", "0", "-1"] {
            assert_eq!(Channels::parse(damaged), None, "{damaged}");
        }
    }

    #[test]
    fn what_cannot_be_set_says_what_can() {
        let check = |told: Option<Invalid>, expected: &str| {
            assert_eq!(
                told.map(|told| told.to_string()).unwrap_or_default(),
                expected
            );
        };
        let many: Vec<_> = (1..=501).collect();
        check(Channels::new(channels(&many[..500])).err(), "");
        check(
            Channels::new(channels(&many)).err(),
            "501 channels are too many; name at most 500, or none for all of them",
        );
        check(Cooldown::new(21_600).err(), "");
        check(
            Cooldown::new(21_601).err(),
            "a cooldown of 21601 seconds is too long; write 0 to 21600, that is six hours",
        );
        for name in ["de", "en-GB", "es-419", "zh-Hant-TW"] {
            check(Language::new(name).err(), "");
        }
        for name in [
            "",
            "d",
            "DE",
            "en_GB",
            "en-",
            "english",
            "de-a-very-long-name",
        ] {
            check(
                Language::new(name).err(),
                "that is not the name of a language; write it as Discord does, such as `en-GB` or `de`",
            );
        }
    }

    #[test]
    fn nothing_is_kept_unless_it_is_switched_on() {
        assert_eq!(Settings::default().gaps, Gaps::Off);
        assert_eq!(Settings::cautious().visibility, Visibility::Private);
    }
}
