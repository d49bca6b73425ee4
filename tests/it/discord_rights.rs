//! Who may use `/cleartext …`, and what the others are told.

use insta::assert_snapshot;
use serde_json::json;
use serenity::all::{Permissions, UserId};

use crate::discord::{bot, shown};
use crate::discord_moderation::{told, with_memory};
use crate::fake::{MEMBER_RIGHTS, discord};

#[test]
fn the_command_is_registered_for_those_with_manage_server() {
    discord(bot(), async |d| {
        let _registered = d.registered_commands().await;
        let puts = d.requests("PUT", "/applications/*/commands");
        let all = puts[0].as_array().into_iter().flatten();
        let command = all.last().expect("commands are registered");
        // A number, as Discord's description of its API has it; 32 is Manage Server.
        assert_eq!(command["default_member_permissions"], json!(32));
        assert_eq!(command["integration_types"], json!([0]));
        let options = command["options"].as_array().into_iter().flatten();
        let names: Vec<_> = options
            .filter_map(|option| option["name"].as_str())
            .collect();
        assert_eq!(
            names,
            [
                "status", "settings", "explain", "gaps", "feedback", "reload", "doctor", "forget"
            ]
        );
    });
}

#[test]
fn who_may_not_is_told_what_to_do() {
    with_memory(async |d| {
        let settings = told(&d, "settings", &[]).await;
        assert!(!d.alice().is_offered("cleartext"));
        // Discord goes on showing buttons to who has lost the right.
        let was = d.moderator().with_rights(MEMBER_RIGHTS);
        let refused = settings.select("Mentions: off", was).await.reply().await;
        assert_snapshot!(shown(&refused), @"
        (only moderator sees this)
        You need Manage Server for this. A server admin can change who may use it in Server Settings > Integrations > cleartext.
        ");
        let administrator = d.moderator().with_rights(Permissions::ADMINISTRATOR);
        let set = settings
            .select("Mentions: off", administrator)
            .await
            .reply()
            .await;
        assert!(set.content.starts_with("Set: I do not answer"), "{set}");
        let direct = d
            .moderator()
            .in_dm()
            .slash("cleartext status", &[])
            .await
            .reply()
            .await;
        assert_snapshot!(shown(&direct), @"
        (only moderator sees this)
        This is for servers: it shows and sets how I behave in one. Use it in a server where you have Manage Server.
        ");
    });
}

#[test]
fn whom_the_server_gives_the_command_may_use_it() {
    with_memory(async |d| {
        let settings = told(&d, "settings", &[]).await;
        let give = |user: UserId, allowed| {
            d.with(|world| {
                let guild = world.cast.guild;
                world.commands.give(guild, "cleartext", user, allowed);
            });
        };
        give(d.alice().user, true);
        let status = d.alice().slash("cleartext status", &[]).await;
        assert!(status.reply().await.content.starts_with("**Status**"));
        // A button does not say which command it came from.
        let was = d.moderator().with_rights(MEMBER_RIGHTS);
        let press = async || {
            let pressed = settings.select("Mentions: off", was.clone()).await;
            pressed.reply().await.content
        };
        let refusal = "You need Manage Server for this.";
        assert!(press().await.starts_with(refusal));
        give(was.user, true);
        d.when("GET", "/applications/*/guilds/*/commands/permissions")
            .times(1)
            .answers(500);
        assert!(press().await.starts_with(refusal));
        assert!(press().await.starts_with("Set: I do not answer"));
        give(was.user, false);
        assert!(press().await.starts_with(refusal));
    });
}
