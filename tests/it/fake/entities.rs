//! What a world is made of: users, guilds, channels, messages, interactions, and what a bot posts.
//!
//! Plain values. Nothing in here has rules.

use std::collections::BTreeMap;

use serde_json::Value;
use serenity::model::Permissions;
use serenity::model::id::{ChannelId, GuildId, InteractionId, MessageId, RoleId, UserId};

/// Who is behind an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Account {
    Human,
    Bot,
}

/// Whether an account takes direct messages from the bot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum DirectMessages {
    Open,
    Closed,
}

/// An account.
#[derive(Clone, Debug)]
pub(crate) struct User {
    pub(crate) id: UserId,
    pub(crate) name: String,
    pub(crate) account: Account,
    /// Language of the user's client, as Discord names it: `en-GB`, `de`.
    pub(crate) locale: String,
    pub(crate) direct_messages: DirectMessages,
}

/// Whether the bot was added to a guild, or is only brought along by users who installed it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Presence {
    Member,
    Absent,
}

/// A guild. Permissions of people hold for the whole guild, those of the bot for each channel.
#[derive(Clone, Debug)]
pub(crate) struct Guild {
    pub(crate) id: GuildId,
    pub(crate) name: String,
    pub(crate) locale: String,
    pub(crate) bot: Presence,
    pub(crate) members: BTreeMap<UserId, Permissions>,
}

/// State of a thread.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ThreadState {
    Open,
    Locked,
}

/// Kinds of channel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ChannelKind {
    Text {
        guild: GuildId,
    },
    Forum {
        guild: GuildId,
    },
    Thread {
        guild: GuildId,
        parent: ChannelId,
        state: ThreadState,
    },
    Direct {
        with: UserId,
    },
    /// A group of people without the bot; only user-installed apps work there.
    Group {
        owner: UserId,
    },
}

/// A channel, with what the bot may do in it.
#[derive(Clone, Debug)]
pub(crate) struct Channel {
    pub(crate) id: ChannelId,
    pub(crate) name: String,
    pub(crate) kind: ChannelKind,
    pub(crate) bot: Permissions,
}

impl Channel {
    /// `context` of interactions here: 0 guild, 1 direct message with the bot, 2 other private channel.
    pub(crate) fn context(&self) -> u64 {
        match self.kind {
            ChannelKind::Text { .. } | ChannelKind::Forum { .. } | ChannelKind::Thread { .. } => 0,
            ChannelKind::Direct { .. } => 1,
            ChannelKind::Group { .. } => 2,
        }
    }

    /// The guild around this channel.
    pub(crate) fn guild(&self) -> Option<GuildId> {
        match self.kind {
            ChannelKind::Text { guild }
            | ChannelKind::Forum { guild }
            | ChannelKind::Thread { guild, .. } => Some(guild),
            ChannelKind::Direct { .. } | ChannelKind::Group { .. } => None,
        }
    }
}

/// Who can see a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Audience {
    Everyone,
    Only(UserId),
}

/// What made the bot post something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Cause {
    Interaction(InteractionId),
    Message(MessageId),
    Nothing,
}

/// Who gets a notification from a message.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Pings {
    pub(crate) users: Vec<UserId>,
    pub(crate) roles: Vec<RoleId>,
    /// `@everyone` or `@here`.
    pub(crate) everyone: bool,
}

/// Whether a message is there, still "thinking", or gone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Life {
    Shown,
    Thinking,
    Deleted,
}

/// A message.
#[derive(Clone, Debug)]
pub(crate) struct Message {
    pub(crate) id: MessageId,
    pub(crate) channel: ChannelId,
    pub(crate) author: UserId,
    pub(crate) content: String,
    pub(crate) embeds: Vec<Value>,
    pub(crate) components: Vec<Value>,
    pub(crate) flags: u64,
    pub(crate) reply_to: Option<MessageId>,
    pub(crate) pings: Pings,
    pub(crate) nonce: Option<Value>,
    pub(crate) edited_ms: Option<u64>,
    pub(crate) cause: Cause,
    pub(crate) audience: Audience,
    pub(crate) life: Life,
}

/// Kinds of interaction; the numbers are Discord's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum InteractionKind {
    Command = 2,
    Component = 3,
    Autocomplete = 4,
    Modal = 5,
}

/// Who brought the app to the place of an interaction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Install {
    Guild,
    User,
}

/// What the bot has said to an interaction.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Response {
    Nothing,
    /// Types 4 and 5 (a message, "thinking") and 6, 7 (the message that was clicked).
    Message(MessageId),
    Choices(Vec<Value>),
    Modal(Value),
}

/// An interaction.
#[derive(Clone, Debug)]
pub(crate) struct Interaction {
    pub(crate) id: InteractionId,
    pub(crate) token: String,
    pub(crate) kind: InteractionKind,
    pub(crate) user: UserId,
    pub(crate) channel: ChannelId,
    pub(crate) install: Install,
    pub(crate) born_ms: u64,
    /// The message that carries the pressed component (or that opened the modal).
    pub(crate) source: Option<MessageId>,
    /// `data` as sent to the bot.
    pub(crate) data: Value,
    pub(crate) response: Response,
}

/// How something that the bot posted came about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum How {
    /// A message in a channel.
    Message,
    /// The first response to an interaction.
    Response,
    /// A later message through the interaction's token.
    FollowUp,
    /// A press changed the message that was pressed.
    Update,
    /// An older message, or a "thinking" one, got new text.
    Edit,
    /// A message was taken away.
    Deletion,
}

/// Something of the bot's that a test must look at.
#[derive(Clone, Debug)]
pub(crate) enum Post {
    Shown {
        how: How,
        message: Box<Message>,
    },
    Modal {
        interaction: InteractionId,
        data: Value,
    },
}

impl Post {
    /// What made the bot post it.
    pub(crate) fn cause(&self) -> Cause {
        match self {
            Post::Shown { message, .. } => message.cause,
            Post::Modal { interaction, .. } => Cause::Interaction(*interaction),
        }
    }
}
