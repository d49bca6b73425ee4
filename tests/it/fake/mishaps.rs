//! What goes wrong at the gateway, on demand; and what a test can ask about connections.

use std::time::Duration;

use serde_json::{Value, json};
use serenity::model::Permissions;
use serenity::model::gateway::GatewayIntents;
use serenity::model::id::{ChannelId, GuildId};

use super::Discord;
use super::entities::{ChannelKind, Presence, ThreadState};
use super::gateway::{Duty, Event, Frame, Frames};
use super::world::World;

impl Discord {
    /// Sets the heartbeat interval of connections to come; 41.25 s without this.
    pub(crate) fn heartbeats_every(&self, interval: Duration) {
        self.with(|world| world.gateway.heartbeat = interval);
    }

    /// Sets how payloads travel.
    pub(crate) fn sends_frames(&self, frames: Frames) {
        self.with(|world| world.gateway.frames = frames);
    }

    /// Grants privileged intents to the application; none without this.
    pub(crate) fn grants(&self, intents: GatewayIntents) {
        self.with(|world| world.gateway.privileged = intents);
    }

    /// Switches HELLO on new connections.
    pub(crate) fn says_hello(&self, duty: Duty) {
        self.with(|world| world.gateway.hello = duty);
    }

    /// Switches READY after IDENTIFY.
    pub(crate) fn says_ready(&self, duty: Duty) {
        self.with(|world| world.gateway.ready = duty);
    }

    /// Switches the acknowledgement of heartbeats.
    pub(crate) fn acks_heartbeats(&self, duty: Duty) {
        self.with(|world| world.gateway.acks = duty);
    }

    /// Switches the reading of what clients send; the sockets stay open.
    pub(crate) fn reads_sockets(&self, duty: Duty) {
        self.with(|world| world.gateway.reading = duty);
    }

    /// Closes every IDENTIFY and RESUME with this code from now on; `None` ends that.
    pub(crate) fn refuses_sessions_with(&self, code: Option<u16>) {
        self.with(|world| world.gateway.refuses_with = code);
    }

    /// The guild is away for a while.
    pub(crate) fn guild_has_an_outage(&self) {
        self.with(|world| world.dispatch(&Event::guild_gone(world.cast.guild, true)));
    }

    /// Somebody removes the bot from the guild.
    pub(crate) fn guild_removes_bot(&self) {
        self.with(|world| world.dispatch(&Event::guild_gone(world.cast.guild, false)));
    }

    /// Forgets all sessions, so that a RESUME gets op 9 false.
    pub(crate) fn forgets_sessions(&self) {
        self.with(|world| world.gateway.sessions.clear());
    }

    /// Op 1: asks the bot for a heartbeat.
    pub(crate) fn heartbeat_request(&self) {
        self.to_all(&Frame::heartbeat_request());
    }

    /// Op 7: asks the bot to reconnect.
    pub(crate) fn reconnect_request(&self) {
        self.to_all(&Frame::Payload(
            json!({ "op": 7, "s": null, "t": null, "d": null }),
        ));
    }

    /// Op 9. Unless it can be resumed, the session is forgotten.
    pub(crate) fn invalid_session(&self, resumable: bool) {
        if !resumable {
            // Lines stay: the frame below must still reach them.
            self.forgets_sessions();
        }
        self.to_all(&Frame::Payload(
            json!({ "op": 9, "s": null, "t": null, "d": resumable }),
        ));
    }

    /// Closes all connections with a code.
    pub(crate) fn close(&self, code: u16) {
        self.to_all(&Frame::Close(code, "As the test asked.".to_owned()));
    }

    /// Resets all gateway connections at TCP level.
    pub(crate) fn drop_connection(&self) {
        self.with(|world| {
            for line in &world.gateway.lines {
                line.cut.cut();
                let _ = line.frames.send(Frame::Abort);
            }
            // From this moment events wait for a RESUME.
            for session in world.gateway.sessions.values_mut() {
                session.line = None;
            }
        });
    }

    /// Sends a text that need not be JSON.
    pub(crate) fn sends_raw(&self, text: &str) {
        self.to_all(&Frame::Raw(text.to_owned()));
    }

    /// Sends an event that serenity does not know.
    pub(crate) fn sends_unknown_event(&self) {
        self.with(|world| {
            world.note("gateway: an unknown event");
            for session in world.gateway.sessions.values_mut() {
                session.seq += 1;
                let payload = json!({ "op": 0, "s": session.seq, "t": "FUTURE_EVENT", "d": { "anything": [1, 2, 3] } });
                session.sent.push(payload.clone());
                if let Some(line) = &session.line {
                    let _ = line.frames.send(Frame::Payload(payload));
                }
            }
        });
    }

    /// Sends the last event of every session again, sequence number and all.
    pub(crate) fn duplicate_last_event(&self) {
        self.with(|world| {
            world.note("gateway: the last event once more");
            for session in world.gateway.sessions.values() {
                if let (Some(line), Some(last)) = (&session.line, session.sent.last()) {
                    let _ = line.frames.send(Frame::Payload(last.clone()));
                }
            }
        });
    }

    fn to_all(&self, frame: &Frame) {
        self.with(|world| {
            world.note(format!("gateway: {frame:?}"));
            for line in &world.gateway.lines {
                // A socket that just ended loses it, as on the real wire.
                let _ = line.frames.send(frame.clone());
            }
        });
    }

    /// How often the bot has identified.
    pub(crate) fn identifies(&self) -> usize {
        self.look(|world| world.gateway.identifies)
    }

    /// How often the bot has resumed, or tried.
    pub(crate) fn resumes(&self) -> usize {
        self.look(|world| world.gateway.resumes)
    }

    /// How many gateway connections there have been.
    pub(crate) fn connections(&self) -> usize {
        self.look(|world| world.gateway.connections)
    }

    /// The close codes that the bot has sent; `None` for a socket that just ended.
    pub(crate) fn closes_by_bot(&self) -> Vec<Option<u16>> {
        self.look(|world| world.gateway.closed_by_bot.clone())
    }

    /// Waits until the bot has identified this often in all.
    pub(crate) async fn bot_identifies(&self, times: usize) {
        self.wait_for(&format!("{times} IDENTIFY"), |world| {
            (world.gateway.identifies >= times).then_some(())
        })
        .await;
    }

    /// Waits until the bot has resumed, or tried to, this often in all.
    pub(crate) async fn bot_resumes(&self, times: usize) {
        self.wait_for(&format!("{times} RESUME"), |world| {
            (world.gateway.resumes >= times).then_some(())
        })
        .await;
    }

    /// Waits until the bot has sent this many heartbeats in all.
    pub(crate) async fn bot_heartbeats(&self, times: usize) {
        self.wait_for(&format!("{times} heartbeats"), |world| {
            (world.gateway.heartbeats >= times).then_some(())
        })
        .await;
    }

    /// The bodies of all requests of a method to a path (without `/api/v10`; `*` is any one segment), oldest first.
    pub(crate) fn requests(&self, method: &str, path: &str) -> Vec<Value> {
        let pattern: Vec<&str> = path.trim_start_matches('/').split('/').collect();
        let fits = |its: &str| {
            let its = its
                .split('?')
                .next()
                .unwrap_or_default()
                .trim_start_matches("/api/v10/");
            let its: Vec<&str> = its.split('/').collect();
            its.len() == pattern.len()
                && its
                    .iter()
                    .zip(&pattern)
                    .all(|(segment, wanted)| *wanted == "*" || segment == wanted)
        };
        self.look(|world| {
            let requests = world
                .requests
                .iter()
                .filter(|request| request.method == method && fits(&request.path));
            requests
                .map(|request| request.body.clone().unwrap_or(Value::Null))
                .collect()
        })
    }

    /// Waits until the bot has registered commands of its own, and names them.
    pub(crate) async fn registered_commands(&self) -> Vec<String> {
        self.wait_for("commands to be registered", |world| {
            let names: Vec<String> = world
                .commands
                .all()
                .filter_map(|command| command["name"].as_str().map(str::to_owned))
                .collect();
            (!names.is_empty()).then_some(names)
        })
        .await
    }

    /// Demands that the bot has nothing more to say: it has read every event, no request of its is open, nothing is unread.
    ///
    /// Three round trips of op 1 give its handlers the time to begin. What a slow handler says later still fails the test at
    /// its end, as unread.
    pub(crate) async fn silence(&self) {
        for _ in 0..3 {
            let before = self.look(|world| world.gateway.heartbeats);
            self.heartbeat_request();
            self.wait_for("the bot to read all events", |world| {
                let mut live = world
                    .gateway
                    .sessions
                    .values()
                    .filter(|session| session.line.is_some());
                let all_read = live.all(|session| session.seen >= session.seq);
                (all_read && world.gateway.heartbeats > before && world.open_requests == 0)
                    .then_some(())
            })
            .await;
        }
        let unread = self.look(|world| world.unread.front().cloned());
        assert!(
            unread.is_none(),
            "the bot should be silent, but posted {unread:?}"
        );
    }

    /// The channel every actor begins in.
    pub(crate) fn general(&self) -> ChannelId {
        self.look(|world| world.cast.general)
    }

    /// The guild of the general channel.
    pub(crate) fn guild(&self) -> GuildId {
        self.look(|world| world.cast.guild)
    }

    /// A new text channel where the bot may do only this.
    pub(crate) fn channel_with(&self, name: &str, bot: Permissions) -> ChannelId {
        self.with(|world| {
            world.add_channel(
                name,
                ChannelKind::Text {
                    guild: world.cast.guild,
                },
                bot,
            )
        })
    }

    /// Locks or opens the thread of the general channel.
    pub(crate) fn thread_is(&self, state: ThreadState) {
        self.with(|world| {
            let thread = world
                .channels
                .get_mut(&world.cast.thread)
                .expect("the cast's thread is in the world");
            thread.kind = ChannelKind::Thread {
                guild: world.cast.guild,
                parent: world.cast.general,
                state,
            };
        });
    }

    /// Sets what the bot may do in a channel.
    pub(crate) fn bot_may(&self, channel: ChannelId, rights: Permissions) {
        self.with(|world| {
            world
                .channels
                .get_mut(&channel)
                .expect("the channel is one of the world's")
                .bot = rights;
        });
    }

    /// A new guild with the bot in it and one channel, which is returned.
    pub(crate) fn another_guild(&self, name: &str) -> ChannelId {
        self.with(|world| {
            let guild = world.add_guild(name, Presence::Member);
            world.add_channel(
                "general",
                ChannelKind::Text { guild },
                super::world::MEMBER_RIGHTS,
            )
        })
    }

    /// Looks at everything else.
    pub(crate) fn world<R>(&self, look: impl FnOnce(&World) -> R) -> R {
        self.look(look)
    }
}
