//! `/cleartext doctor`: which rights the bot lacks, channel by channel and by their names in Discord's settings; how it was
//! added; which entries are overdue; whether the memory answers.
//!
//! Rights are computed from the server's roles and overwrites, since nothing of a server is held ready.

use serenity::all::{ChannelType, GuildChannel, GuildId, Http, Member, PartialGuild, Permissions};

use super::super::deliver::Failure;
use super::super::events::today;
use super::super::remembered::id;
use super::super::settings::ServerSettings;
use super::super::state::State;
use super::told::{Told, fitted};

/// The rights that replies in a channel need, by their names in Discord's settings.
const RIGHTS: [(Permissions, &str); 5] = [
    (Permissions::VIEW_CHANNEL, "View Channel"),
    (Permissions::SEND_MESSAGES, "Send Messages"),
    (
        Permissions::SEND_MESSAGES_IN_THREADS,
        "Send Messages in Threads",
    ),
    (Permissions::EMBED_LINKS, "Embed Links"),
    (Permissions::READ_MESSAGE_HISTORY, "Read Message History"),
];

/// A forum for pictures, for which serenity has no name.
const MEDIA: ChannelType = ChannelType::Unknown(16);

/// What was found out about a server.
struct Server {
    guild: PartialGuild,
    me: Member,
    channels: Vec<GuildChannel>,
}

pub(super) async fn told(state: &State, http: &Http, guild: GuildId) -> Told {
    let settings = state.settings(Some(guild)).await;
    let mut lines = Vec::new();
    match look(state, http, guild).await {
        Ok(server) => {
            lines.push("- **Scopes**: `bot` and `applications.commands`".to_owned());
            lines.extend(rights(state, &server, &settings));
        }
        Err(Failure::Refused {
            status: 403 | 404, ..
        }) => {
            let link = http.application_id().map_or_else(String::new, |application| {
                format!(" Add it with <https://discord.com/oauth2/authorize?client_id={application}&scope=bot+applications.commands&permissions={}>.", all().bits())
            });
            lines.push(format!(
                "- **Scopes**: `applications.commands` only. Commands work; without the scope `bot` I hear no mentions.{link}"
            ));
        }
        Err(failure) => {
            tracing::warn!(%failure, "a server's rights could not be looked at");
            lines.push(
                "- **Rights**: Discord did not say what they are; try again in a minute."
                    .to_owned(),
            );
        }
    }
    lines.push(memory(state, guild).await);
    lines.extend(overdue(state));
    Told::text(fitted("**Doctor**", &lines))
}

/// All rights that are needed.
fn all() -> Permissions {
    RIGHTS
        .iter()
        .fold(Permissions::empty(), |all, (right, _)| all | *right)
}

async fn look(state: &State, http: &Http, guild: GuildId) -> Result<Server, Failure> {
    let failure = |error: serenity::Error| Failure::from(&error);
    let me = state.me(http).await.map_err(failure)?;
    let (found, me, channels) = tokio::join!(
        http.get_guild(guild),
        http.get_member(guild, me),
        http.get_channels(guild)
    );
    Ok(Server {
        guild: found.map_err(failure)?,
        me: me.map_err(failure)?,
        channels: channels.map_err(failure)?,
    })
}

/// The channels that lack something, those where mentions are answered first; one line says so if none does. Where nothing is lacking
/// any more the bot posts again at once: who has mended a channel does not wait for an hour.
fn rights(state: &State, server: &Server, settings: &ServerSettings) -> Vec<String> {
    let mut found: Vec<(bool, u16, String)> = Vec::new();
    let mut again = Vec::new();
    let mut fine = 0_usize;
    for channel in &server.channels {
        let Some(needed) = needed(channel.kind) else {
            continue;
        };
        let heard = settings.mentions && settings.allows(channel.id, channel.parent_id);
        let rights = server.guild.user_permissions_in(channel, &server.me);
        let lacking: Vec<_> = RIGHTS
            .iter()
            .filter(|(right, _)| needed.contains(*right) && !rights.contains(*right))
            .map(|(_, name)| *name)
            .collect();
        if lacking.is_empty() {
            fine += 1;
            if state.post_again(channel.id) {
                again.push(format!(
                    "- **Mended**: <#{}> refused a reply of mine lately; I answer there again",
                    channel.id
                ));
            }
        } else {
            let here = if heard {
                ""
            } else {
                " (mentions are not answered there)"
            };
            let line = format!("  - <#{}>{here}: {}", channel.id, lacking.join(", "));
            found.push((!heard, channel.position, line));
        }
    }
    let mut lines = if found.is_empty() {
        vec![format!("- **Rights**: none is missing in {fine} channels")]
    } else {
        vec![format!(
            "- **Rights**: missing in {} of {} channels; give them to my role in Server Settings > Roles, or in the channel's Permissions",
            found.len(),
            found.len() + fine
        )]
    };
    found.sort();
    lines.extend(found.into_iter().map(|(_, _, line)| line));
    lines.extend(again);
    lines
}

/// What a reply in a kind of channel needs; `None` where nobody can write to the bot.
fn needed(kind: ChannelType) -> Option<Permissions> {
    match kind {
        ChannelType::Text | ChannelType::News => Some(all()),
        ChannelType::Voice | ChannelType::Stage => {
            Some(all() - Permissions::SEND_MESSAGES_IN_THREADS)
        }
        // Their posts are threads.
        ChannelType::Forum | MEDIA => Some(all() - Permissions::SEND_MESSAGES),
        _ => None,
    }
}

async fn memory(state: &State, guild: GuildId) -> String {
    let memory = match state.memory() {
        None => "none; nothing is stored and the defaults hold",
        Some(memory) => match memory.settings(id(guild)).await {
            Ok(_) => "reachable",
            Err(_) => "does not answer at the moment; the operator's log says why",
        },
    };
    format!("- **Memory**: {memory}")
}

/// Entries whose review was due, the longest overdue first.
fn overdue(state: &State) -> Vec<String> {
    let knowledge = state.library().current();
    let today = today();
    let mut overdue: Vec<_> = knowledge
        .replies()
        .iter()
        .filter_map(|reply| {
            let due = reply.review_by.filter(|due| *due < today)?;
            Some((due, reply.entry.as_str()))
        })
        .collect();
    overdue.sort_unstable();
    if overdue.is_empty() {
        return vec!["- **Overdue entries**: none".to_owned()];
    }
    let mut lines = vec![format!("- **Overdue entries**: {}", overdue.len())];
    lines.extend(
        overdue
            .iter()
            .map(|(due, entry)| format!("  - `{entry}`, due on {}", due.format("%-d %B %Y"))),
    );
    lines
}
