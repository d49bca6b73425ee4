//! Messages in channels: what a bot may post, change and delete, and who is pinged by it.

use serde_json::Value;
use serenity::model::Permissions;
use serenity::model::id::{ChannelId, MessageId, RoleId, UserId};

use super::entities::{
    Audience, Cause, ChannelKind, DirectMessages, How, Life, Message, Pings, Post, ThreadState,
};
use super::gateway::Event;
use super::limits::{self, Route};
use super::payload::Reading;
use super::refusal::{Form, Refused};
use super::world::World;

/// How long Discord remembers a nonce for `enforce_nonce`: "the past few minutes".
const NONCE_MEMORY_MS: u64 = 3 * 60 * 1_000;

impl World {
    /// POST /channels/{id}/messages.
    pub(crate) fn create_message(
        &mut self,
        channel: ChannelId,
        body: &Value,
    ) -> Result<Value, Refused> {
        self.may_post(channel)?;
        limits::message(body, "", Route::Channel)?;
        let mut body = body.clone();
        let had_embeds = body["embeds"]
            .as_array()
            .is_some_and(|embeds| !embeds.is_empty());
        let rights = self.channel(channel).bot;
        if had_embeds && !rights.contains(Permissions::EMBED_LINKS) {
            // Embeds vanish in silence beside text; alone they are refused (discord-api-docs issue 2601).
            body["embeds"] = Value::Null;
            if !limits::shows_something(&body) {
                return Err(Refused::no_permission());
            }
        }
        if !limits::shows_something(&body) {
            return Err(Refused::empty_message());
        }
        let reply_to = self.reference(channel, &body["message_reference"])?;
        if let Some(twin) = self.twin_by_nonce(channel, &body) {
            return Ok(self.message_json(&twin, self.rest_reading()));
        }
        let cause = reply_to.map_or(Cause::Nothing, Cause::Message);
        let mut message = self.blank(channel, self.bot, cause);
        message.reply_to = reply_to;
        self.fill(&mut message, &body);
        Ok(self.post(How::Message, message))
    }

    /// A message with nothing in it yet.
    pub(crate) fn blank(&mut self, channel: ChannelId, author: UserId, cause: Cause) -> Message {
        Message {
            id: MessageId::new(self.next_id()),
            channel,
            author,
            content: String::new(),
            embeds: Vec::new(),
            components: Vec::new(),
            flags: 0,
            reply_to: None,
            pings: Pings::default(),
            nonce: None,
            edited_ms: None,
            cause,
            audience: Audience::Everyone,
            life: Life::Shown,
        }
    }

    /// Puts what a body says into a message; fields that are absent stay.
    pub(crate) fn fill(&mut self, message: &mut Message, body: &Value) {
        if let Some(content) = body.get("content") {
            content
                .as_str()
                .unwrap_or_default()
                .clone_into(&mut message.content);
        }
        if let Some(embeds) = body.get("embeds") {
            message.embeds = embeds.as_array().cloned().unwrap_or_default();
            for embed in &mut message.embeds {
                embed["type"] = Value::from("rich");
            }
        }
        if let Some(components) = body.get("components") {
            message.components = components.as_array().cloned().unwrap_or_default();
        }
        if let Some(flags) = body["flags"].as_u64() {
            message.flags = flags & !limits::EPHEMERAL;
        }
        if let Some(nonce) = body.get("nonce").filter(|nonce| !nonce.is_null()) {
            message.nonce = Some(nonce.clone());
        }
        let replied_to = message
            .reply_to
            .and_then(|id| self.messages.get(&id))
            .map(|target| target.author);
        message.pings = self.pings(
            &message.content,
            &body["allowed_mentions"],
            replied_to,
            message.channel,
        );
    }

    /// Keeps a message of the bot's, announces it, and puts it before the test.
    pub(crate) fn post(&mut self, how: How, message: Message) -> Value {
        let out = self.message_json(&message, Reading::Full);
        self.messages.insert(message.id, message.clone());
        self.announce(&message, "MESSAGE_CREATE");
        self.show(how, message);
        out
    }

    /// Keeps a changed message of the bot's, announces the change, and puts it before the test.
    pub(crate) fn repost(&mut self, how: How, mut message: Message) -> Value {
        message.edited_ms = Some(self.clock.now_ms());
        message.life = Life::Shown;
        let out = self.message_json(&message, Reading::Full);
        self.messages.insert(message.id, message.clone());
        self.announce(&message, "MESSAGE_UPDATE");
        self.show(how, message);
        out
    }

    fn show(&mut self, how: How, message: Message) {
        let text: String = message.content.chars().take(60).collect();
        self.note(format!(
            "the bot: {how:?} {} with {} embeds: {text}",
            message.id,
            message.embeds.len()
        ));
        let message = Box::new(message);
        self.unread.push_back(Post::Shown { how, message });
    }

    /// Tells the gateway sessions that may know about a message. Private ones are announced to nobody.
    pub(crate) fn announce(&mut self, message: &Message, kind: &'static str) {
        if message.audience == Audience::Everyone && self.bot_is_in(message.channel) {
            let full = self.message_event_json(message, Reading::Full);
            let addressed = self.message_event_json(message, Reading::Addressed);
            let direct = self.channel(message.channel).guild().is_none();
            self.dispatch(&Event::message(kind, direct, full, addressed));
        }
    }

    /// PATCH of a message that a channel shows.
    pub(crate) fn edit_message(
        &mut self,
        channel: ChannelId,
        id: MessageId,
        body: &Value,
    ) -> Result<Value, Refused> {
        self.may_see(channel)?;
        let mut message = self.shown(channel, id)?;
        if message.author != self.bot {
            return Err(Refused::not_the_author());
        }
        limits::message(body, "", Route::Channel)?;
        self.fill(&mut message, body);
        if !self.channel(channel).bot.contains(Permissions::EMBED_LINKS)
            && !matches!(message.cause, Cause::Interaction(_))
        {
            message.embeds.clear();
        }
        if !message_shows_something(&message) {
            return Err(Refused::empty_message());
        }
        Ok(self.repost(How::Edit, message))
    }

    /// DELETE of a message that a channel shows.
    pub(crate) fn delete_message(
        &mut self,
        channel: ChannelId,
        id: MessageId,
    ) -> Result<(), Refused> {
        self.may_see(channel)?;
        let message = self.shown(channel, id)?;
        if message.author != self.bot
            && !self
                .channel(channel)
                .bot
                .contains(Permissions::MANAGE_MESSAGES)
        {
            return Err(Refused::no_permission());
        }
        self.take_away(message);
        Ok(())
    }

    /// Deletes a message for the bot, which the test must look at.
    pub(crate) fn take_away(&mut self, message: Message) {
        let gone = self.remove(message);
        self.show(How::Deletion, gone);
    }

    /// Deletes a message and announces it.
    pub(crate) fn remove(&mut self, message: Message) -> Message {
        let message = self.lose(message);
        if message.audience == Audience::Everyone && self.bot_is_in(message.channel) {
            let guild = self.channel(message.channel).guild();
            self.dispatch(&Event::deletion(message.id, message.channel, guild));
        }
        message
    }

    /// Takes away several messages of a guild's channel in one go, as moderators' tools do: one event tells of them all.
    pub(crate) fn purge(&mut self, channel: ChannelId, ids: &[MessageId]) {
        for id in ids {
            let message = self.messages.get(id).expect("it is in the world").clone();
            assert!(message.channel == channel, "messages of one channel only");
            self.lose(message);
        }
        let guild = self.channel(channel).guild();
        let guild = guild.expect("Discord purges in guilds only");
        self.dispatch(&Event::purge(ids, channel, guild));
    }

    fn lose(&mut self, mut message: Message) -> Message {
        message.life = Life::Deleted;
        self.messages.insert(message.id, message.clone());
        message
    }

    /// GET of a message that a channel shows.
    pub(crate) fn get_message(&self, channel: ChannelId, id: MessageId) -> Result<Value, Refused> {
        self.may_see(channel)?;
        let rights = self.channel(channel).bot;
        if !rights.contains(Permissions::READ_MESSAGE_HISTORY) {
            return Err(Refused::no_permission());
        }
        let message = self.shown(channel, id)?;
        Ok(self.message_json(&message, self.rest_reading()))
    }

    /// Over REST the application's own switch decides about text, not the session's intents.
    fn rest_reading(&self) -> Reading {
        if self.gateway.privileged.message_content() {
            Reading::Full
        } else {
            Reading::Addressed
        }
    }

    fn shown(&self, channel: ChannelId, id: MessageId) -> Result<Message, Refused> {
        self.messages
            .get(&id)
            .filter(|message| {
                message.channel == channel
                    && message.life == Life::Shown
                    && message.audience == Audience::Everyone
            })
            .cloned()
            .ok_or_else(Refused::unknown_message)
    }

    /// Whether the bot may look into a channel.
    pub(crate) fn may_see(&self, channel: ChannelId) -> Result<(), Refused> {
        if !self.channels.contains_key(&channel) {
            return Err(Refused::unknown_channel());
        }
        if self.bot_is_in(channel) {
            Ok(())
        } else {
            Err(Refused::no_access())
        }
    }

    /// Whether the bot may post into a channel.
    pub(crate) fn may_post(&self, channel: ChannelId) -> Result<(), Refused> {
        self.may_see(channel)?;
        let channel = self.channel(channel);
        let needed = match channel.kind {
            ChannelKind::Text { .. } => Permissions::SEND_MESSAGES,
            ChannelKind::Thread {
                state: ThreadState::Open,
                ..
            } => Permissions::SEND_MESSAGES_IN_THREADS,
            ChannelKind::Thread {
                state: ThreadState::Locked,
                ..
            } => return Err(Refused::locked_thread()),
            ChannelKind::Forum { .. } => return Err(Refused::wrong_channel_kind()),
            ChannelKind::Group { .. } => return Err(Refused::no_access()),
            ChannelKind::Direct { with } => {
                return match self.user(with).direct_messages {
                    DirectMessages::Open => Ok(()),
                    DirectMessages::Closed => Err(Refused::closed_to_messages()),
                };
            }
        };
        if channel.bot.contains(needed) {
            Ok(())
        } else {
            Err(Refused::no_permission())
        }
    }

    fn reference(
        &self,
        channel: ChannelId,
        reference: &Value,
    ) -> Result<Option<MessageId>, Refused> {
        let Some(id) = reference["message_id"].as_str() else {
            return Ok(None);
        };
        if !self
            .channel(channel)
            .bot
            .contains(Permissions::READ_MESSAGE_HISTORY)
        {
            return Err(Refused::no_history());
        }
        let target = id.parse().ok().map(MessageId::new);
        let known = target.filter(|id| self.shown(channel, *id).is_ok());
        if known.is_none() && reference["fail_if_not_exists"] != false {
            let mut form = Form::default();
            form.fault(
                "message_reference",
                "REPLIES_UNKNOWN_MESSAGE",
                "Unknown message",
            );
            form.check()?;
        }
        Ok(known)
    }

    fn twin_by_nonce(&self, channel: ChannelId, body: &Value) -> Option<Message> {
        if body["enforce_nonce"] != true || body["nonce"].is_null() {
            return None;
        }
        let since = self.clock.now_ms().saturating_sub(NONCE_MEMORY_MS);
        self.messages
            .values()
            .find(|message| {
                let same = message.author == self.bot
                    && message.channel == channel
                    && message.nonce.as_ref() == Some(&body["nonce"]);
                same && World::made_at_ms(message.id.get()) >= since
            })
            .cloned()
    }

    /// Who is notified by a text, given `allowed_mentions`.
    pub(crate) fn pings(
        &self,
        content: &str,
        allowed: &Value,
        replied_to: Option<UserId>,
        channel: ChannelId,
    ) -> Pings {
        let named = Named::of(content);
        let parses = |kind: &str| {
            allowed.is_null()
                || allowed["parse"]
                    .as_array()
                    .is_some_and(|parse| parse.iter().any(|item| item == kind))
        };
        let lists = |kind: &str, id: u64| {
            let id = id.to_string();
            allowed[kind]
                .as_array()
                .is_some_and(|ids| ids.iter().any(|item| item.as_str() == Some(id.as_str())))
        };
        let mut pings = Pings::default();
        for user in named.users {
            if self.users.contains_key(&user)
                && !pings.users.contains(&user)
                && (parses("users") || lists("users", user.get()))
            {
                pings.users.push(user);
            }
        }
        pings.roles = named
            .roles
            .into_iter()
            .filter(|role| parses("roles") || lists("roles", role.get()))
            .collect();
        pings.everyone = named.everyone
            && parses("everyone")
            && self
                .channel(channel)
                .bot
                .contains(Permissions::MENTION_EVERYONE);
        let replied = replied_to.filter(|_| allowed.is_null() || allowed["replied_user"] == true);
        if let Some(user) = replied.filter(|user| !pings.users.contains(user)) {
            pings.users.push(user);
        }
        pings
    }
}

/// Whether a message would show anything.
pub(crate) fn message_shows_something(message: &Message) -> bool {
    !message.content.trim().is_empty()
        || !message.embeds.is_empty()
        || !message.components.is_empty()
}

/// Mentions as they stand in a text.
#[derive(Debug, Default)]
pub(crate) struct Named {
    pub(crate) users: Vec<UserId>,
    pub(crate) roles: Vec<RoleId>,
    pub(crate) everyone: bool,
}

impl Named {
    /// Reads `<@1>`, `<@!1>`, `<@&1>`, `@everyone` and `@here`.
    pub(crate) fn of(text: &str) -> Self {
        let mut named = Named {
            everyone: text.contains("@everyone") || text.contains("@here"),
            ..Named::default()
        };
        for after in text.split("<@").skip(1) {
            let Some((inside, _)) = after.split_once('>') else {
                continue;
            };
            let number = |digits: &str| digits.parse::<u64>().ok().filter(|id| *id > 0);
            if let Some(role) = inside.strip_prefix('&').and_then(number) {
                named.roles.push(RoleId::new(role));
            } else if let Some(user) = number(inside.strip_prefix('!').unwrap_or(inside)) {
                named.users.push(UserId::new(user));
            }
        }
        named
    }
}
