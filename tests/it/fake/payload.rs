//! The world in Discord's JSON. Every shape here is checked against serenity's own type before it is sent.

use serde_json::{Value, json};
use serenity::model::Permissions;
use serenity::model::id::{GuildId, UserId};

use super::entities::{
    Account, Audience, Cause, Channel, ChannelKind, Install, Interaction, InteractionKind, Life,
    Message, ThreadState,
};
use super::limits::{EPHEMERAL, LOADING};
use super::world::World;

/// Largest attachment of an unboosted place, in bytes.
const ATTACHMENT_LIMIT: u64 = 10 * 1024 * 1024;

/// Who reads a message: decides whether its text is left in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reading {
    /// With the right to all text, by intent or because the user handed the message over.
    Full,
    /// Without it: text only of messages that mention the bot, of direct messages and of its own.
    Addressed,
}

/// An ISO 8601 time as Discord writes it.
pub(crate) fn time(ms: u64) -> String {
    let ms = i64::try_from(ms).expect("milliseconds since 1970 fit");
    let time = chrono::DateTime::from_timestamp_millis(ms)
        .expect("the world's clock is within chrono's range");
    time.format("%Y-%m-%dT%H:%M:%S%.6f+00:00").to_string()
}

impl World {
    /// A user object.
    pub(crate) fn user_json(&self, id: UserId) -> Value {
        let user = self.user(id);
        json!({
            "id": id,
            "username": user.name,
            "discriminator": if user.account == Account::Bot { "4242" } else { "0" },
            "global_name": if user.account == Account::Bot { Value::Null } else { json!(user.name) },
            "avatar": null,
            "avatar_decoration_data": null,
            "banner": null,
            "accent_color": null,
            "bot": user.account == Account::Bot,
            "flags": 0,
            "public_flags": 0,
            "primary_guild": null,
        })
    }

    /// A member object without its user.
    fn bare_member_json(guild: GuildId, user: UserId) -> Value {
        json!({
            "avatar": null,
            "banner": null,
            "communication_disabled_until": null,
            "deaf": false,
            "flags": 0,
            "joined_at": time(World::made_at_ms(guild.get().max(user.get()))),
            "mute": false,
            "nick": null,
            "pending": false,
            "premium_since": null,
            "roles": [],
        })
    }

    /// A member object; `permissions` only belongs into interactions.
    pub(crate) fn member_json(
        &self,
        guild: GuildId,
        user: UserId,
        permissions: Option<Permissions>,
    ) -> Value {
        let mut member = Self::bare_member_json(guild, user);
        member["user"] = self.user_json(user);
        if let Some(permissions) = permissions {
            member["permissions"] = json!(permissions);
            member["unusual_dm_activity_until"] = Value::Null;
        }
        member
    }

    /// A guild object as REST gives it.
    pub(crate) fn guild_json(&self, id: GuildId) -> Value {
        let guild = self.guild(id);
        json!({
            "id": id, "name": guild.name, "icon": null, "splash": null, "discovery_splash": null, "description": null,
            "owner_id": self.cast.moderator, "afk_channel_id": null, "afk_timeout": 300, "verification_level": 1,
            "default_message_notifications": 1, "explicit_content_filter": 0, "roles": [Self::everyone_json(id)], "emojis": [],
            "stickers": [], "features": [], "mfa_level": 0, "nsfw_level": 0, "application_id": null, "system_channel_id": null,
            "system_channel_flags": 0, "rules_channel_id": null, "public_updates_channel_id": null, "safety_alerts_channel_id": null,
            "max_members": 500_000, "max_presences": null, "vanity_url_code": null, "banner": null, "premium_tier": 0,
            "premium_subscription_count": 0, "preferred_locale": guild.locale, "premium_progress_bar_enabled": false,
            "incidents_data": null, "region": "deprecated", "widget_enabled": false, "widget_channel_id": null,
        })
    }

    /// A guild's channels without its threads, as REST gives them.
    pub(crate) fn channels_json(&self, guild: GuildId) -> Value {
        let listed = self.channels.values().filter(|channel| {
            channel.guild() == Some(guild) && !matches!(channel.kind, ChannelKind::Thread { .. })
        });
        listed.map(|channel| self.channel_json(channel)).collect()
    }

    /// A guild as `GUILD_CREATE` gives it.
    pub(crate) fn guild_create_json(&self, id: GuildId) -> Value {
        let mut guild = self.guild_json(id);
        let here = |channel: &&Channel| channel.guild() == Some(id);
        let is_thread = |channel: &&Channel| matches!(channel.kind, ChannelKind::Thread { .. });
        let channels: Vec<Value> = self
            .channels
            .values()
            .filter(here)
            .filter(|c| !is_thread(c))
            .map(|c| self.channel_json(c))
            .collect();
        let threads: Vec<Value> = self
            .channels
            .values()
            .filter(here)
            .filter(is_thread)
            .map(|c| self.channel_json(c))
            .collect();
        guild["channels"] = json!(channels);
        guild["threads"] = json!(threads);
        guild["members"] = json!([self.member_json(id, self.bot, None)]);
        guild["member_count"] = json!(self.guild(id).members.len() + 1);
        guild["joined_at"] = json!(time(World::made_at_ms(id.get())));
        for empty in [
            "voice_states",
            "presences",
            "stage_instances",
            "guild_scheduled_events",
            "soundboard_sounds",
        ] {
            guild[empty] = json!([]);
        }
        guild["large"] = json!(false);
        guild["unavailable"] = json!(false);
        guild
    }

    fn everyone_json(guild: GuildId) -> Value {
        json!({
            "id": guild, "name": "@everyone", "description": null, "permissions": super::world::MEMBER_RIGHTS, "position": 0,
            "color": 0, "colors": { "primary_color": 0, "secondary_color": null, "tertiary_color": null },
            "hoist": false, "managed": false, "mentionable": false, "icon": null, "unicode_emoji": null, "flags": 0,
        })
    }

    /// A channel object. The bot's rights stand in an overwrite for it, so that computing them gives the same.
    pub(crate) fn channel_json(&self, channel: &Channel) -> Value {
        let overwrites =
            json!([{ "id": self.bot, "type": 1, "allow": channel.bot, "deny": !channel.bot }]);
        let id = channel.id;
        match channel.kind {
            ChannelKind::Text { guild } | ChannelKind::Forum { guild } => json!({
                "id": id, "type": kind_number(channel.kind), "guild_id": guild, "name": channel.name, "position": 0,
                "permission_overwrites": overwrites, "parent_id": null, "topic": null, "nsfw": false, "flags": 0,
                "last_message_id": null, "rate_limit_per_user": 0,
            }),
            ChannelKind::Thread { guild, parent, .. } => json!({
                "id": id, "type": kind_number(channel.kind), "guild_id": guild, "name": channel.name, "parent_id": parent,
                "owner_id": self.cast.alice, "message_count": 1, "member_count": 2, "rate_limit_per_user": 0, "flags": 0,
                "total_message_sent": 1, "last_message_id": null, "thread_metadata": thread_metadata(channel),
            }),
            ChannelKind::Direct { with } => json!({
                "id": id, "type": 1, "last_message_id": null, "flags": 0, "recipients": [self.user_json(with)],
            }),
            ChannelKind::Group { owner } => json!({
                "id": id, "type": 3, "last_message_id": null, "flags": 0, "name": channel.name, "icon": null, "owner_id": owner,
                "recipients": [self.user_json(owner), self.user_json(self.cast.bob)],
            }),
        }
    }

    /// The partial channel of an interaction.
    fn interaction_channel_json(&self, channel: &Channel, user: UserId) -> Value {
        let mut partial = json!({ "id": channel.id, "type": kind_number(channel.kind), "flags": 0, "last_message_id": null });
        match channel.kind {
            ChannelKind::Text { guild }
            | ChannelKind::Forum { guild }
            | ChannelKind::Thread { guild, .. } => {
                partial["name"] = json!(channel.name);
                partial["guild_id"] = json!(guild);
                partial["permissions"] = json!(self.rights_of(user, channel.id));
            }
            ChannelKind::Direct { .. } => partial["recipients"] = json!([self.user_json(user)]),
            ChannelKind::Group { .. } => partial["name"] = json!(channel.name),
        }
        if let ChannelKind::Thread { parent, .. } = channel.kind {
            partial["parent_id"] = json!(parent);
            partial["thread_metadata"] = thread_metadata(channel);
        }
        partial
    }

    /// Whether the bot may read a message's text without the Message Content intent.
    fn is_addressed(&self, message: &Message) -> bool {
        let direct = matches!(
            self.channel(message.channel).kind,
            ChannelKind::Direct { .. }
        );
        direct || message.author == self.bot || message.pings.users.contains(&self.bot)
    }

    /// A message object.
    pub(crate) fn message_json(&self, message: &Message, reading: Reading) -> Value {
        let open = reading == Reading::Full || self.is_addressed(message);
        let text = |value: Value, empty: Value| if open { value } else { empty };
        let mut flags = message.flags;
        if let Audience::Only(_) = message.audience {
            flags |= EPHEMERAL;
        }
        if message.life == Life::Thinking {
            flags |= LOADING;
        }
        let mut out = json!({
            "id": message.id, "channel_id": message.channel, "author": self.user_json(message.author),
            "content": text(json!(message.content), json!("")), "timestamp": time(World::made_at_ms(message.id.get())),
            "edited_timestamp": message.edited_ms.map(time), "tts": false, "mention_everyone": message.pings.everyone,
            "mentions": message.pings.users.iter().map(|user| self.user_json(*user)).collect::<Vec<_>>(),
            "mention_roles": message.pings.roles, "attachments": [], "pinned": false, "flags": flags,
            "embeds": text(json!(message.embeds), json!([])), "components": text(json!(message.components), json!([])),
            "type": 0,
        });
        if let Some(nonce) = &message.nonce {
            out["nonce"] = nonce.clone();
        }
        if let Some(target) = message.reply_to {
            out["type"] = json!(19);
            out["message_reference"] =
                json!({ "type": 0, "message_id": target, "channel_id": message.channel });
            if let Some(guild) = self.channel(message.channel).guild() {
                out["message_reference"]["guild_id"] = json!(guild);
            }
            let found = self
                .messages
                .get(&target)
                .filter(|target| target.life == Life::Shown);
            out["referenced_message"] = found.map_or(Value::Null, |target| {
                // Discord nests one level only.
                let mut inner = self.message_json(
                    &Message {
                        reply_to: None,
                        ..target.clone()
                    },
                    reading,
                );
                inner["type"] = json!(if target.reply_to.is_some() { 19 } else { 0 });
                inner
            });
        }
        if let Cause::Interaction(id) = message.cause {
            let interaction = self.interaction(id);
            out["application_id"] = json!(self.application);
            out["webhook_id"] = json!(self.application);
            out["type"] = json!(if interaction.kind == InteractionKind::Command {
                20
            } else {
                19
            });
            out["interaction_metadata"] = self.metadata_json(interaction);
        }
        out
    }

    fn metadata_json(&self, interaction: &Interaction) -> Value {
        let mut metadata = json!({
            "id": interaction.id, "type": interaction.kind as u8, "user": self.user_json(interaction.user),
            "authorizing_integration_owners": self.owners_json(interaction),
        });
        match interaction.kind {
            InteractionKind::Command | InteractionKind::Autocomplete => {
                metadata["name"] = interaction.data["name"].clone();
            }
            InteractionKind::Component => {
                metadata["interacted_message_id"] = json!(interaction.source);
            }
            InteractionKind::Modal => {
                metadata["triggering_interaction_metadata"] = json!({
                    "id": interaction.id, "type": 2, "user": self.user_json(interaction.user),
                    "authorizing_integration_owners": self.owners_json(interaction), "name": "modal",
                });
            }
        }
        metadata
    }

    fn owners_json(&self, interaction: &Interaction) -> Value {
        let channel = self.channel(interaction.channel);
        match (interaction.install, channel.guild()) {
            (Install::Guild, Some(guild)) => json!({ "0": guild }),
            // A guild's command in a direct message: Discord says "0".
            (Install::Guild, None) => json!({ "0": "0" }),
            (Install::User, _) => json!({ "1": interaction.user }),
        }
    }

    /// An interaction as `INTERACTION_CREATE` gives it.
    pub(crate) fn interaction_json(&self, interaction: &Interaction) -> Value {
        let channel = self.channel(interaction.channel);
        let mut out = json!({
            "id": interaction.id, "application_id": self.application, "type": interaction.kind as u8, "token": interaction.token,
            "version": 1, "data": interaction.data, "channel_id": channel.id,
            "channel": self.interaction_channel_json(channel, interaction.user), "app_permissions": channel.bot,
            "locale": self.user(interaction.user).locale, "entitlements": [], "entitlement_sku_ids": [],
            "authorizing_integration_owners": self.owners_json(interaction), "context": channel.context(),
            "attachment_size_limit": ATTACHMENT_LIMIT,
        });
        match channel.guild() {
            Some(guild) => {
                out["guild_id"] = json!(guild);
                out["guild_locale"] = json!(self.guild(guild).locale);
                out["guild"] =
                    json!({ "id": guild, "locale": self.guild(guild).locale, "features": [] });
                out["member"] = self.member_json(
                    guild,
                    interaction.user,
                    Some(self.rights_of(interaction.user, channel.id)),
                );
            }
            None => out["user"] = self.user_json(interaction.user),
        }
        if let Some(message) = interaction.source.and_then(|id| self.messages.get(&id)) {
            out["message"] = self.message_json(message, Reading::Full);
        }
        out
    }

    /// A message as `MESSAGE_CREATE` gives it: with guild and member.
    pub(crate) fn message_event_json(&self, message: &Message, reading: Reading) -> Value {
        let mut out = self.message_json(message, reading);
        out["channel_type"] = json!(kind_number(self.channel(message.channel).kind));
        if let Some(guild) = self.channel(message.channel).guild() {
            out["guild_id"] = json!(guild);
            out["member"] = Self::bare_member_json(guild, message.author);
            for mentioned in out["mentions"].as_array_mut().into_iter().flatten() {
                let user = mentioned["id"]
                    .as_str()
                    .and_then(|id| id.parse().ok())
                    .map(UserId::new);
                if let Some(user) = user {
                    mentioned["member"] = Self::bare_member_json(guild, user);
                }
            }
        }
        out
    }

    /// The application as its own bot sees it.
    pub(crate) fn application_json(&self) -> Value {
        json!({
            "id": self.application, "name": "cleartext", "icon": null, "description": "", "bot": self.user_json(self.bot),
            "bot_public": true, "bot_require_code_grant": false, "owner": self.user_json(self.cast.moderator), "team": null,
            "verify_key": "0".repeat(64), "flags": 0, "redirect_uris": [], "interactions_endpoint_url": null,
            "role_connections_verification_url": null, "integration_types_config": { "0": {}, "1": {} },
            "approximate_guild_count": 1, "approximate_user_install_count": 1, "hook": true, "summary": "", "type": null,
        })
    }
}

fn thread_metadata(channel: &Channel) -> Value {
    let locked = matches!(
        channel.kind,
        ChannelKind::Thread {
            state: ThreadState::Locked,
            ..
        }
    );
    let made = time(World::made_at_ms(channel.id.get()));
    json!({ "archived": locked, "locked": locked, "auto_archive_duration": 1440, "archive_timestamp": made, "create_timestamp": made })
}

fn kind_number(kind: ChannelKind) -> u8 {
    match kind {
        ChannelKind::Text { .. } => 0,
        ChannelKind::Direct { .. } => 1,
        ChannelKind::Group { .. } => 3,
        ChannelKind::Thread { .. } => 11,
        ChannelKind::Forum { .. } => 15,
    }
}
