//! Where an interaction happens, and what that allows: who can be shown something, and in which form.

use serenity::all::{
    AuthorizingIntegrationOwner, AuthorizingIntegrationOwners, ChannelId, CommandInteraction,
    ComponentInteraction, GuildId, InteractionContext, PartialChannel, Permissions, UserId,
};

use super::render::Form;
use super::settings::ServerSettings;

/// Who will see what is made, and so which buttons stand below it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// Who asked, beside others to whom it can be shared.
    Private,
    /// Who asked, with nobody to share it with, or where the server does not want it shared.
    Alone,
    /// Everybody in the channel; this person asked for it.
    Public(UserId),
}

/// The place of an interaction.
#[derive(Clone, Copy, Debug)]
pub(super) struct Here<'a> {
    pub(super) guild: Option<GuildId>,
    pub(super) channel: ChannelId,
    pub(super) user: UserId,
    partial: Option<&'a PartialChannel>,
    context: Option<InteractionContext>,
    /// What who asks may do here; Discord computes it for the channel. Unknown outside servers.
    rights: Option<Permissions>,
    /// What the bot may do here.
    own_rights: Option<Permissions>,
    owners: &'a AuthorizingIntegrationOwners,
}

impl<'a> From<&'a CommandInteraction> for Here<'a> {
    fn from(asked: &'a CommandInteraction) -> Self {
        Self {
            guild: asked.guild_id,
            channel: asked.channel_id,
            user: asked.user.id,
            partial: asked.channel.as_ref(),
            context: asked.context,
            rights: asked.member.as_ref().and_then(|member| member.permissions),
            own_rights: asked.app_permissions,
            owners: &asked.authorizing_integration_owners,
        }
    }
}

impl<'a> From<&'a ComponentInteraction> for Here<'a> {
    fn from(press: &'a ComponentInteraction) -> Self {
        Self {
            guild: press.guild_id,
            channel: press.channel_id,
            user: press.user.id,
            partial: press.channel.as_ref(),
            context: press.context,
            rights: press.member.as_ref().and_then(|member| member.permissions),
            own_rights: press.app_permissions,
            owners: &press.authorizing_integration_owners,
        }
    }
}

impl Here<'_> {
    /// Whether this is a conversation with the bot alone.
    pub(super) fn is_alone(&self) -> bool {
        match self.context {
            Some(InteractionContext::BotDm) => true,
            Some(InteractionContext::Guild | InteractionContext::PrivateChannel) => false,
            Some(_) | None => self.guild.is_none(),
        }
    }

    /// Whether who asks could post here themselves, and have it seen.
    pub(super) fn may_speak(&self) -> bool {
        let needed = self.speaking();
        !self.is_muzzled() && self.rights.is_none_or(|rights| rights.contains(needed))
    }

    /// Whether Discord shows what the bot says to who asks alone, whatever it wants: in a server that it was not added to,
    /// where who brings it along lacks Use External Apps.
    fn is_muzzled(&self) -> bool {
        let lacking = |rights: Permissions| !rights.contains(Permissions::USE_EXTERNAL_APPS);
        self.guild.is_some() && !self.is_added() && self.rights.is_some_and(lacking)
    }

    /// Whether the bot was added to the server, or is alone with who asks.
    fn is_added(&self) -> bool {
        self.owners
            .0
            .iter()
            .any(|owner| matches!(owner, AuthorizingIntegrationOwner::GuildInstall(_)))
    }

    /// Whether who asks may have the bot post here for them.
    pub(super) fn may_reply(&self, settings: &ServerSettings) -> bool {
        self.may_speak() && self.is_open(settings)
    }

    /// Whether who asks may take messages of others away.
    pub(super) fn may_moderate(&self) -> bool {
        self.rights
            .is_some_and(|rights| rights.contains(Permissions::MANAGE_MESSAGES))
    }

    /// Whether the bot itself can post here as a reply: it was added to the server and has the rights.
    pub(super) fn bot_may_reply(&self) -> bool {
        let needed =
            Permissions::VIEW_CHANNEL | Permissions::READ_MESSAGE_HISTORY | self.speaking();
        let allowed = || self.own_rights.is_none_or(|own| own.contains(needed));
        // Discord names the rights in a conversation with the bot as well, where none is needed.
        self.is_added() && (self.is_alone() || allowed())
    }

    fn speaking(&self) -> Permissions {
        let thread = self
            .partial
            .is_some_and(|channel| channel.thread_metadata.is_some());
        if thread {
            Permissions::SEND_MESSAGES_IN_THREADS
        } else {
            Permissions::SEND_MESSAGES
        }
    }

    /// Whether the server wants the bot to speak in public here.
    pub(super) fn is_open(&self, settings: &ServerSettings) -> bool {
        let parent = self.partial.and_then(|channel| channel.parent_id);
        settings.allows(self.channel, parent)
    }

    /// The place of what only who asks shall see.
    pub(super) fn for_asker(&self, settings: &ServerSettings) -> Place {
        if self.is_alone() || self.is_muzzled() || !self.is_open(settings) {
            Place::Alone
        } else {
            Place::Private
        }
    }

    /// The form that the bot may use here.
    pub(super) fn form(&self) -> Form {
        match self.own_rights {
            Some(own) if !own.contains(Permissions::EMBED_LINKS) => Form::Text,
            Some(_) | None => Form::Card,
        }
    }
}
