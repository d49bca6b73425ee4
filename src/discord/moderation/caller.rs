//! Who gives a moderators' command, where, and whether they may.
//!
//! Those with Manage Server may, and those to whom the server has given the command under Integrations. Discord checks both
//! before it hands a command over, but not for an old button, nor where a host registered the command for everybody.

use std::time::Duration;

use serenity::all::{
    CommandId, CommandInteraction, CommandPermission, CommandPermissionType, ComponentInteraction,
    GuildId, Http, Member, Permissions,
};

use super::super::deliver::Failure;
use super::super::state::State;

/// How long Discord is waited for when it is asked who was given the command: there are 3 s for all.
const ASK_FOR_RIGHTS: Duration = Duration::from_secs(1);
/// What the command calls itself.
const COMMAND: &str = "cleartext";

/// Said in direct messages.
const FOR_SERVERS: &str = "This is for servers: it shows and sets how I behave in one. Use it in a server where you have Manage Server.";

/// Who asks, and where.
#[derive(Clone, Copy, Debug)]
pub(super) struct Caller<'a> {
    guild: Option<GuildId>,
    member: Option<&'a Member>,
    /// Which command was given. A button does not say.
    command: Option<CommandId>,
}

impl<'a> Caller<'a> {
    pub(super) fn of_command(asked: &'a CommandInteraction) -> Self {
        Self {
            guild: asked.guild_id,
            member: asked.member.as_deref(),
            command: Some(asked.data.id),
        }
    }

    pub(super) fn of_press(press: &'a ComponentInteraction) -> Self {
        Self {
            guild: press.guild_id,
            member: press.member.as_ref(),
            command: None,
        }
    }

    /// The server, if who asks may moderate the bot there; else what to tell them. Discord computes the rights for each call.
    pub(super) async fn admitted(self, state: &State, http: &Http) -> Result<GuildId, String> {
        let guild = self.guild.ok_or(FOR_SERVERS)?;
        let rights = self.member.and_then(|member| member.permissions);
        let enough = Permissions::MANAGE_GUILD | Permissions::ADMINISTRATOR;
        if rights.is_some_and(|rights| rights.intersects(enough)) {
            return Ok(guild);
        }
        if self.is_given(state, http, guild).await {
            return Ok(guild);
        }
        Err(format!(
            "You need Manage Server for this. A server admin can change who may use it in Server Settings > Integrations > {}.",
            state.vitals().name()
        ))
    }

    /// Whether the server has given who asks the command under Integrations. Where Discord does not say, it has not.
    async fn is_given(self, state: &State, http: &Http, guild: GuildId) -> bool {
        let command = self.command.or_else(|| state.commands().id(COMMAND));
        let (Some(member), Some(command)) = (self.member, command) else {
            return false;
        };
        let listed = http.get_guild_commands_permissions(guild);
        match tokio::time::timeout(ASK_FOR_RIGHTS, listed).await {
            Ok(Ok(listed)) => listed
                .iter()
                .filter(|listed| listed.id == command)
                .any(|listed| gives(&listed.permissions, guild, member)),
            Ok(Err(error)) => {
                let failure = Failure::from(&error);
                tracing::debug!(%failure, "who was given the moderators' command is not known");
                false
            }
            Err(_) => {
                tracing::debug!(
                    "Discord does not say in time who was given the moderators' command"
                );
                false
            }
        }
    }
}

/// Whether what a server has set for a command gives it to a member: what is said of the person counts before what is said of
/// their roles, and of those one that gives it is enough.
fn gives(set: &[CommandPermission], guild: GuildId, member: &Member) -> bool {
    let of = |kind: CommandPermissionType| set.iter().filter(move |set| set.kind == kind);
    let person = of(CommandPermissionType::User).find(|set| set.id.get() == member.user.id.get());
    if let Some(person) = person {
        return person.permission;
    }
    // Everybody's role has the server's id, and is not listed among a member's.
    let has = |role: u64| role == guild.get() || member.roles.iter().any(|has| has.get() == role);
    of(CommandPermissionType::Role).any(|set| set.permission && has(set.id.get()))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const GUILD: u64 = 7;

    #[test]
    fn a_person_counts_before_roles_and_one_role_is_enough() {
        let member: Member = serde_json::from_value(json!({
            "user": { "id": "1", "username": "alice", "discriminator": "0", "avatar": null },
            "roles": ["20", "21"], "joined_at": null, "deaf": false, "mute": false, "flags": 0,
        }))
        .expect("the case is a member");
        let check = |set: &[(u64, u8, bool)], expected: bool| {
            let set: Vec<CommandPermission> = set
                .iter()
                .map(|(id, kind, permission)| {
                    let set =
                        json!({ "id": id.to_string(), "type": kind, "permission": permission });
                    serde_json::from_value(set).expect("the case is a permission")
                })
                .collect();
            let given = gives(&set, GuildId::new(GUILD), &member);
            assert_eq!(given, expected, "{set:?}");
        };
        check(&[], false);
        check(&[(1, 2, true)], true);
        check(&[(2, 2, true)], false);
        check(&[(20, 1, true)], true);
        check(&[(20, 1, false), (21, 1, true)], true);
        check(&[(22, 1, true)], false);
        check(&[(GUILD, 1, true)], true);
        check(&[(GUILD, 1, true), (1, 2, false)], false);
        // A channel of the same number is no person.
        check(&[(1, 3, true)], false);
    }
}
