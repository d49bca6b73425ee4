//! Who gives a moderators' command, where, and whether they may.

use serenity::all::{CommandInteraction, ComponentInteraction, GuildId, Member, Permissions};

use super::super::state::State;

/// Said in direct messages.
const FOR_SERVERS: &str = "This is for servers: it shows and sets how I behave in one. Use it in a server where you have Manage Server.";

/// Who asks, and where.
#[derive(Clone, Copy, Debug)]
pub(super) struct Caller<'a> {
    guild: Option<GuildId>,
    member: Option<&'a Member>,
}

impl<'a> Caller<'a> {
    pub(super) fn of_command(asked: &'a CommandInteraction) -> Self {
        Self {
            guild: asked.guild_id,
            member: asked.member.as_deref(),
        }
    }

    pub(super) fn of_press(press: &'a ComponentInteraction) -> Self {
        Self {
            guild: press.guild_id,
            member: press.member.as_ref(),
        }
    }

    /// The server, if who asks may moderate the bot there; else what to tell them. Discord computes the rights for each call.
    pub(super) fn admitted(self, state: &State) -> Result<GuildId, String> {
        let guild = self.guild.ok_or(FOR_SERVERS)?;
        let rights = self.member.and_then(|member| member.permissions);
        let enough = Permissions::MANAGE_GUILD | Permissions::ADMINISTRATOR;
        if rights.is_some_and(|rights| rights.intersects(enough)) {
            return Ok(guild);
        }
        Err(format!(
            "You need Manage Server for this. A server admin can change who may use it in Server Settings > Integrations > {}.",
            state.vitals().name()
        ))
    }
}
