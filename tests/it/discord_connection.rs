//! The bot's life on Discord: starting, registering, resuming, ending.

use std::time::Duration;

use cleartext::discord::{Connection, RunError, Timings, run};
use serde_json::json;
use tokio_util::sync::CancellationToken;

use crate::discord::{
    FAR, SURE, TORN, ask, bot, bot_on, bot_with, faults_strike, folder, mention, setup, short,
};
use crate::fake::{Duty, Frames, discord, discord_before_start};

mod slow;

/// What `run` promises: it ends within this of being told to.
const END: Duration = Duration::from_secs(10);

/// What is registered, in this order.
const COMMANDS: [&str; 7] = [
    "ask",
    "topics",
    "source",
    "about",
    "help",
    "Find a sourced answer",
    "cleartext",
];

#[test]
fn it_registers_its_commands_and_asks_for_no_privileged_intent() {
    discord(bot(), async |d| {
        assert_eq!(d.registered_commands().await, COMMANDS);
        let puts = d.requests("PUT", "/applications/*/commands");
        assert_eq!(puts.len(), 1);
        // The last one, for moderators, is looked at in `discord_moderation`.
        let readers = &puts[0].as_array().expect("a list")[..COMMANDS.len() - 1];
        let text = serde_json::to_string_pretty(readers).expect("JSON is text");
        insta::assert_snapshot!(text, @r#"
        [
          {
            "contexts": [
              0,
              1,
              2
            ],
            "description": "Answers a question from the file, with sources",
            "description_localizations": {},
            "integration_types": [
              0,
              1
            ],
            "name": "ask",
            "name_localizations": {},
            "options": [
              {
                "autocomplete": true,
                "channel_types": [],
                "choices": [],
                "description": "Your question in any words, or pick one from the list",
                "max_length": 300,
                "max_value": null,
                "min_length": null,
                "min_value": null,
                "name": "question",
                "options": [],
                "required": true,
                "type": 3
              },
              {
                "autocomplete": false,
                "channel_types": [],
                "choices": [
                  {
                    "name": "default",
                    "value": "default"
                  },
                  {
                    "name": "me",
                    "value": "me"
                  },
                  {
                    "name": "channel",
                    "value": "channel"
                  }
                ],
                "description": "Who sees a sure answer; without it the server's custom holds",
                "max_length": null,
                "max_value": null,
                "min_length": null,
                "min_value": null,
                "name": "visibility",
                "options": [],
                "required": false,
                "type": 3
              }
            ]
          },
          {
            "contexts": [
              0,
              1,
              2
            ],
            "description": "Browses all topics and questions of the file",
            "description_localizations": {},
            "integration_types": [
              0,
              1
            ],
            "name": "topics",
            "name_localizations": {},
            "options": []
          },
          {
            "contexts": [
              0,
              1,
              2
            ],
            "description": "Shows a source and every answer that cites it",
            "description_localizations": {},
            "integration_types": [
              0,
              1
            ],
            "name": "source",
            "name_localizations": {},
            "options": [
              {
                "autocomplete": true,
                "channel_types": [],
                "choices": [],
                "description": "Words of its title, publisher or author, or pick one from the list",
                "max_length": 100,
                "max_value": null,
                "min_length": null,
                "min_value": null,
                "name": "source",
                "options": [],
                "required": true,
                "type": 3
              }
            ]
          },
          {
            "contexts": [
              0,
              1,
              2
            ],
            "description": "What the file is, how answers are found, and what is not kept",
            "description_localizations": {},
            "integration_types": [
              0,
              1
            ],
            "name": "about",
            "name_localizations": {},
            "options": []
          },
          {
            "contexts": [
              0,
              1,
              2
            ],
            "description": "What can be asked of this bot",
            "description_localizations": {},
            "integration_types": [
              0,
              1
            ],
            "name": "help",
            "name_localizations": {},
            "options": []
          },
          {
            "contexts": [
              0,
              1,
              2
            ],
            "description_localizations": {},
            "integration_types": [
              0,
              1
            ],
            "name": "Find a sourced answer",
            "name_localizations": {},
            "options": [],
            "type": 3
          }
        ]
        "#);
        let intents = d.world(|world| {
            let mut sessions = world.gateway.sessions.values();
            sessions.next().expect("the bot has a session").intents
        });
        assert!(
            intents
                .difference(serenity::all::GatewayIntents::non_privileged())
                .is_empty()
        );
        assert!(!intents.contains(serenity::all::GatewayIntents::GUILDS));
    });
}

#[test]
fn registration_is_tried_again_while_questions_are_answered() {
    discord_before_start(bot(), async |d| {
        d.when("PUT", "/applications/*/commands")
            .times(2)
            .answers(500);
        d.when("PUT", "/applications/*/commands")
            .times(2)
            .answers(429);
        d.start_bot();
        d.bot_is_ready().await;
        assert_eq!(mention(d.alice(), SURE).await.title(), SURE);
        assert_eq!(d.registered_commands().await, COMMANDS);
        assert_eq!(d.requests("PUT", "/applications/*/commands").len(), 5);
        let reply = ask(d.alice(), SURE).await;
        assert_eq!(reply.title(), SURE);
    });
}

#[test]
fn it_reads_all_frames() {
    for frames in [Frames::Text, Frames::Zlib] {
        discord_before_start(bot(), async |d| {
            d.sends_frames(frames);
            d.start_bot();
            assert_eq!(mention(d.alice(), SURE).await.title(), SURE);
        });
    }
}

#[test]
fn what_was_missed_is_answered_once_after_a_resume() {
    discord(bot(), async |d| {
        d.drop_connection();
        let said = d.alice().mentions_bot(SURE).await;
        assert_eq!(said.reply().await.title(), SURE);
        d.reconnect_request();
        d.bot_resumes(2).await;
        assert_eq!(d.alice().dm(SURE).await.reply().await.title(), SURE);
        assert_eq!(d.identifies(), 1);
        d.silence().await;
    });
}

#[test]
fn an_event_that_comes_twice_is_answered_once() {
    discord(bot(), async |d| {
        mention(d.alice(), SURE).await;
        mention(d.alice(), FAR).await;
        d.duplicate_last_event();
        d.silence().await;
        ask(d.alice(), SURE).await;
        d.duplicate_last_event();
        d.silence().await;
        let choice = ask(d.alice(), TORN).await;
        choice.click("None of these", d.alice()).await.reply().await;
        d.duplicate_last_event();
        d.silence().await;
        d.alice().types("ask", "question", "fog").await;
        d.duplicate_last_event();
        d.silence().await;
    });
}

#[test]
fn it_overhears_what_it_does_not_understand() {
    discord(bot(), async |d| {
        d.sends_unknown_event();
        d.sends_raw(r#"{"op":0,"s":1,"t":"MESSAGE_CREATE","d":{"id":"nonsense"}}"#);
        d.sends_raw("not JSON at all");
        d.heartbeat_request();
        assert_eq!(mention(d.alice(), SURE).await.title(), SURE);
    });
}

#[test]
fn buttons_work_after_a_restart() {
    discord(bot(), async |d| {
        let choice = ask(d.alice(), TORN).await;
        d.restart_bot().await;
        let label = "What does the fog horn cost a year?";
        let answer = choice.click(label, d.alice()).await.reply().await;
        assert_eq!((answer.title(), answer.content.as_str()), (label, ""));
    });
}

#[test]
fn buttons_know_when_the_knowledge_has_changed() {
    let changing = tempfile::tempdir().expect("a folder for the test");
    copy(&folder(), changing.path());
    let path = changing.path().to_owned();
    discord(bot_on(path.clone(), short()), async |d| {
        let choice = ask(d.alice(), TORN).await;
        let entries = path.join("entries/lighthouse.toml");
        let text = std::fs::read_to_string(&entries).expect("the copy is there");
        std::fs::write(&entries, text.replace("12,000 crowns", "13,000 crowns"))
            .expect("the copy can be written");
        d.restart_bot().await;
        let label = "What does the fog horn cost a year?";
        let answer = choice.click(label, d.alice()).await.reply().await;
        assert_eq!(
            answer.content,
            "This answer has changed since the button was made."
        );
        assert!(answer.to_string().contains("13,000 crowns"), "{answer}");
        // The next edition has another entry in the place of one.
        let public = ask(d.alice(), "id:horn-silence").await;
        std::fs::write(&entries, text.replace("horn-silence", "horn-quiet"))
            .expect("the copy can be written");
        d.restart_bot().await;
        let old = public.click("Both sides", d.bob()).await.reply().await;
        assert!(old.is_private());
        assert_eq!(old.content, "This answer is no longer in the file.");
    });
}

fn copy(from: &std::path::Path, to: &std::path::Path) {
    std::fs::create_dir_all(to).expect("the folder can be made");
    for item in std::fs::read_dir(from).expect("the folder is there") {
        let item = item.expect("the folder can be read");
        let target = to.join(item.file_name());
        if item.path().is_dir() {
            copy(&item.path(), &target);
        } else {
            std::fs::copy(item.path(), target).expect("the file can be copied");
        }
    }
}

#[test]
fn it_says_goodbye_when_it_is_stopped() {
    discord(bot(), async |d| {
        d.waits_at_most(END);
        assert_eq!(d.stop_bot().await, Ok(()));
        d.wait_for("a close frame", |world| {
            (world.gateway.closed_by_bot == [Some(1000)]).then_some(())
        })
        .await;
    });
}

#[test]
fn an_answer_under_way_is_finished_before_the_end() {
    discord(bot(), async |d| {
        d.when("POST", "/channels/*/messages")
            .times(1)
            .delays(Duration::from_secs(1));
        let said = d.alice().mentions_bot(SURE).await;
        faults_strike(&d, 1).await;
        d.waits_at_most(END);
        assert_eq!(d.stop_bot().await, Ok(()));
        assert_eq!(said.reply().await.title(), SURE);
    });
}

#[test]
fn it_can_be_stopped_whatever_it_waits_for() {
    // Nobody ever answers: each connection is dropped as soon as it is made.
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    runtime.block_on(async {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0")
            .await
            .expect("a free port");
        let address = listener.local_addr().expect("an address");
        let stop = CancellationToken::new();
        let connection = Connection {
            token: "a.b.c".to_owned().into(),
            api_base: Some(format!("http://{address}")),
        };
        let running = tokio::spawn(run(setup(), connection, stop.clone()));
        for _ in 0..3 {
            listener.accept().await.expect("the bot tries again");
        }
        drop(listener);
        stop.cancel();
        assert_eq!(running.await.expect("no panic"), Ok(()));
    });
    discord_before_start(bot(), async |d| {
        d.says_hello(Duty::Neglected);
        d.start_bot();
        d.wait_for("a connection", |world| {
            (world.gateway.connections > 0).then_some(())
        })
        .await;
        d.waits_at_most(END);
        assert_eq!(d.stop_bot().await, Ok(()));
    });
    discord_before_start(bot(), async |d| {
        d.when("GET", "/gateway/bot").never_answers();
        d.start_bot();
        faults_strike(&d, 1).await;
        d.waits_at_most(END);
        assert_eq!(d.stop_bot().await, Ok(()));
    });
}

#[test]
fn a_bot_that_is_dropped_leaves_no_connection() {
    discord_before_start(bot(), async |d| {
        let api = d.api();
        let connection = Connection {
            token: api.token.into(),
            api_base: Some(api.base),
        };
        let never = CancellationToken::new();
        let running = tokio::spawn(run(setup(), connection, never));
        d.bot_is_ready().await;
        running.abort();
        d.wait_for("the connection to end", |world| {
            (world.gateway.closed_by_bot.len() == 1).then_some(())
        })
        .await;
    });
}

#[test]
fn a_gateway_out_of_reach_is_waited_for() {
    discord_before_start(bot(), async |d| {
        d.when("GET", "/gateway/bot").times(2).answers(502);
        d.when("GET", "/gateway/bot").times(1).aborts_before();
        d.when("GET", "/gateway").times(1).answers(500);
        d.start_bot();
        d.bot_is_ready().await;
        assert_eq!(mention(d.alice(), SURE).await.title(), SURE);
    });
}

/// The bot ends by itself with one sentence that holds this and not the token.
async fn check_end(d: &crate::fake::Discord, holds: &str) {
    let end = d.bot_ends().await.expect_err("the bot cannot run");
    assert!(end.contains(holds), "{end}");
    let token = d.api().token;
    assert!(!end.contains(&token), "{end}");
}

#[test]
fn a_bad_token_ends_it_with_one_sentence() {
    discord_before_start(bot(), async |d| {
        d.when("GET", "/gateway/bot").answers(401);
        d.start_bot();
        check_end(&d, "Discord refused the bot token").await;
    });
    discord_before_start(bot(), async |d| {
        d.refuses_sessions_with(Some(4004));
        d.start_bot();
        check_end(&d, "Discord refused the bot token").await;
    });
}

#[test]
fn refused_intents_end_it_with_one_sentence() {
    for code in [4013, 4014] {
        discord_before_start(bot(), async |d| {
            d.refuses_sessions_with(Some(code));
            d.start_bot();
            check_end(&d, "Privileged Gateway Intents").await;
        });
    }
}

#[test]
fn nothing_is_sent_to_a_gateway_elsewhere() {
    discord_before_start(bot(), async |d| {
        let limits =
            json!({ "total": 1000, "remaining": 1000, "reset_after": 0, "max_concurrency": 1 });
        let body =
            json!({ "url": "wss://gateway.example", "shards": 1, "session_start_limit": limits });
        d.when("GET", "/gateway/bot").answers_with(200, &[], body);
        d.start_bot();
        check_end(&d, "a gateway that is not on this machine").await;
    });
}

#[test]
fn an_api_elsewhere_is_refused_before_anything_is_sent() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    let connection = Connection {
        token: "a.b.c".to_owned().into(),
        api_base: Some("http://discord.example".to_owned()),
    };
    let end = runtime.block_on(run(setup(), connection, CancellationToken::new()));
    assert_eq!(end, Err(RunError::ApiBase));
}

#[test]
fn no_session_is_started_when_discord_allows_none() {
    discord_before_start(bot(), async |d| {
        let address = d.api().base.replace("http", "ws");
        let limits =
            json!({ "total": 1000, "remaining": 0, "reset_after": 300, "max_concurrency": 1 });
        let body = json!({ "url": address, "shards": 1, "session_start_limit": limits });
        d.when("GET", "/gateway/bot")
            .times(1)
            .answers_with(200, &[], body);
        d.start_bot();
        d.bot_is_ready().await;
        assert_eq!(
            (d.identifies(), d.requests("GET", "/gateway/bot").len()),
            (1, 2)
        );
    });
}
