//! Gateway sessions: IDENTIFY, RESUME, sequence numbers, intents, and the check of every event before it is sent.
//!
//! State only. The socket is in `connection`.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use serenity::model::event::{
    Event as SerenityEvent, GatewayEvent, GuildCreateEvent, InteractionCreateEvent,
    MessageCreateEvent, MessageDeleteBulkEvent, MessageDeleteEvent, MessageUpdateEvent, ReadyEvent,
    ThreadCreateEvent,
};
use serenity::model::gateway::GatewayIntents;
use serenity::model::id::{ChannelId, GuildId, MessageId};
use tokio::sync::mpsc::UnboundedSender;

use super::connection::Cut;
use super::entities::Presence;
use super::world::World;

/// Discord's heartbeat interval.
const HEARTBEAT: Duration = Duration::from_millis(41_250);

/// How payloads travel to a client that asked for `compress`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Frames {
    /// Never compressed.
    Text,
    /// Compressed above 8 KiB, as Discord does.
    ZlibWhenLarge,
    /// Always compressed.
    Zlib,
}

/// Whether the gateway does one of its duties; tests switch them off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Duty {
    Kept,
    Neglected,
}

/// What goes down a socket.
#[derive(Clone, Debug)]
pub(crate) enum Frame {
    Payload(Value),
    /// Sent as it is, however malformed.
    Raw(String),
    Close(u16, String),
    Abort,
}

impl Frame {
    /// Op 1, which a client answers with a heartbeat at once.
    pub(crate) fn heartbeat_request() -> Self {
        Frame::Payload(json!({ "op": 1, "s": null, "t": null, "d": null }))
    }
}

/// The live end of a session.
#[derive(Clone, Debug)]
pub(crate) struct Line {
    /// Number of the connection, from 1.
    pub(crate) connection: usize,
    pub(crate) frames: UnboundedSender<Frame>,
    pub(crate) cut: Cut,
}

/// A session; it outlives its connection so that it can be resumed.
#[derive(Debug)]
pub(crate) struct Session {
    pub(crate) id: String,
    pub(crate) intents: GatewayIntents,
    /// Sequence number of the last event.
    pub(crate) seq: u64,
    /// Sequence number that the bot's last heartbeat named.
    pub(crate) seen: u64,
    /// All dispatched payloads, for replay.
    pub(crate) sent: Vec<Value>,
    pub(crate) line: Option<Line>,
}

/// State and switches of the gateway.
#[derive(Debug)]
pub(crate) struct Gateway {
    pub(crate) heartbeat: Duration,
    pub(crate) frames: Frames,
    /// Privileged intents that the application has been granted.
    pub(crate) privileged: GatewayIntents,
    pub(crate) hello: Duty,
    pub(crate) ready: Duty,
    pub(crate) acks: Duty,
    pub(crate) reading: Duty,
    /// Every IDENTIFY and RESUME is closed with this code.
    pub(crate) refuses_with: Option<u16>,
    /// Sockets that said no HELLO yet or no more belong to a session are here too, newest last.
    pub(crate) lines: Vec<Line>,
    pub(crate) sessions: BTreeMap<String, Session>,
    pub(crate) connections: usize,
    pub(crate) identifies: usize,
    pub(crate) resumes: usize,
    pub(crate) heartbeats: usize,
    /// Close codes the bot sent; `None` for a socket that just ended.
    pub(crate) closed_by_bot: Vec<Option<u16>>,
}

impl Default for Gateway {
    fn default() -> Self {
        Gateway {
            heartbeat: HEARTBEAT,
            frames: Frames::ZlibWhenLarge,
            privileged: GatewayIntents::empty(),
            hello: Duty::Kept,
            ready: Duty::Kept,
            acks: Duty::Kept,
            reading: Duty::Kept,
            refuses_with: None,
            lines: Vec::new(),
            sessions: BTreeMap::new(),
            connections: 0,
            identifies: 0,
            resumes: 0,
            heartbeats: 0,
            closed_by_bot: Vec::new(),
        }
    }
}

/// An event on its way to sessions.
#[derive(Debug)]
pub(crate) struct Event {
    name: &'static str,
    /// Intents that bring it; none means that everybody gets it.
    needs: GatewayIntents,
    full: Value,
    /// The form without the text that the Message Content intent guards.
    addressed: Value,
}

impl Event {
    /// `MESSAGE_CREATE` or `MESSAGE_UPDATE`.
    pub(crate) fn message(name: &'static str, direct: bool, full: Value, addressed: Value) -> Self {
        Event {
            name,
            needs: message_intent(direct),
            full,
            addressed,
        }
    }

    /// `GUILD_DELETE`: the bot was removed, or with an outage the guild is away for a while.
    pub(crate) fn guild_gone(id: GuildId, outage: bool) -> Self {
        let data = json!({ "id": id, "unavailable": outage });
        Event {
            name: "GUILD_DELETE",
            needs: GatewayIntents::GUILDS,
            full: data.clone(),
            addressed: data,
        }
    }

    /// `MESSAGE_DELETE`.
    pub(crate) fn deletion(id: MessageId, channel: ChannelId, guild: Option<GuildId>) -> Self {
        let mut data = json!({ "id": id, "channel_id": channel });
        if let Some(guild) = guild {
            data["guild_id"] = json!(guild);
        }
        Event {
            name: "MESSAGE_DELETE",
            needs: message_intent(guild.is_none()),
            full: data.clone(),
            addressed: data,
        }
    }

    /// `MESSAGE_DELETE_BULK`.
    pub(crate) fn purge(ids: &[MessageId], channel: ChannelId, guild: GuildId) -> Self {
        let data = json!({ "ids": ids, "channel_id": channel, "guild_id": guild });
        Event {
            name: "MESSAGE_DELETE_BULK",
            needs: message_intent(false),
            full: data.clone(),
            addressed: data,
        }
    }

    /// `INTERACTION_CREATE`.
    pub(crate) fn interaction(data: Value) -> Self {
        Event {
            name: "INTERACTION_CREATE",
            needs: GatewayIntents::empty(),
            full: data.clone(),
            addressed: data,
        }
    }

    /// `THREAD_CREATE`.
    pub(crate) fn thread(data: Value) -> Self {
        Event {
            name: "THREAD_CREATE",
            needs: GatewayIntents::GUILDS,
            full: data.clone(),
            addressed: data,
        }
    }

    fn is_wanted(&self, intents: GatewayIntents) -> bool {
        self.needs.is_empty() || intents.intersects(self.needs)
    }
}

fn message_intent(direct: bool) -> GatewayIntents {
    if direct {
        GatewayIntents::DIRECT_MESSAGES
    } else {
        GatewayIntents::GUILD_MESSAGES
    }
}

/// Why a handshake failed.
#[derive(Debug)]
pub(crate) enum Rejected {
    Close(u16, &'static str),
    /// Op 9 with `d: false`.
    InvalidSession,
}

impl World {
    /// Sends an event to every session whose intents ask for it.
    pub(crate) fn dispatch(&mut self, event: &Event) {
        let wanted: Vec<(String, GatewayIntents)> = self
            .gateway
            .sessions
            .values()
            .filter(|session| event.is_wanted(session.intents))
            .map(|session| (session.id.clone(), session.intents))
            .collect();
        for (session, intents) in wanted {
            let data = if intents.message_content() {
                &event.full
            } else {
                &event.addressed
            };
            self.dispatch_to(&session, event.name, data);
        }
    }

    fn dispatch_to(&mut self, session: &str, name: &str, data: &Value) {
        if let Err(fault) = check(name, data) {
            self.complain(format!(
                "the fake made a {name} that serenity cannot read: {fault}; {data}"
            ));
        }
        let Some(session) = self.gateway.sessions.get_mut(session) else {
            return;
        };
        session.seq += 1;
        let payload = json!({ "op": 0, "s": session.seq, "t": name, "d": data });
        session.sent.push(payload.clone());
        let (seq, live) = (session.seq, session.line.is_some());
        if let Some(line) = &session.line {
            // A socket that just ended loses the frame; the session keeps it for replay.
            let _ = line.frames.send(Frame::Payload(payload));
        }
        self.note(format!(
            "gateway: {name} seq {seq}{}",
            if live { "" } else { " (kept for replay)" }
        ));
    }

    /// Op 2. On success READY has been sent and the session's id is returned.
    pub(crate) fn identify(&mut self, line: &Line, data: &Value) -> Result<String, Rejected> {
        self.gateway.identifies += 1;
        self.note(format!(
            "gateway: IDENTIFY on connection {}",
            line.connection
        ));
        self.authenticate(data)?;
        let bits = data["intents"].as_u64().unwrap_or(u64::MAX);
        let Some(intents) = GatewayIntents::from_bits(bits) else {
            return Err(Rejected::Close(4013, "Invalid intent(s)."));
        };
        let privileged = intents & GatewayIntents::privileged();
        if !self.gateway.privileged.contains(privileged) {
            return Err(Rejected::Close(4014, "Disallowed intent(s)."));
        }
        if !data["shard"].is_null() && data["shard"] != json!([0, 1]) {
            return Err(Rejected::Close(4010, "Invalid shard."));
        }
        let id = format!("{:032x}", self.next_id());
        let session = Session {
            id: id.clone(),
            intents,
            seq: 0,
            seen: 0,
            sent: Vec::new(),
            line: Some(line.clone()),
        };
        self.gateway.sessions.insert(id.clone(), session);
        if self.gateway.ready == Duty::Neglected {
            self.note("gateway: READY withheld");
            return Ok(id);
        }
        let guilds: Vec<GuildId> = self
            .guilds
            .values()
            .filter(|guild| guild.bot == Presence::Member)
            .map(|guild| guild.id)
            .collect();
        let mut user = self.user_json(self.bot);
        for (key, value) in [
            ("verified", json!(true)),
            ("mfa_enabled", json!(true)),
            ("email", Value::Null),
        ] {
            user[key] = value;
        }
        let ready = json!({
            "v": 10, "user": user, "session_id": id, "session_type": "normal", "shard": data["shard"],
            "guilds": guilds.iter().map(|id| json!({ "id": id, "unavailable": true })).collect::<Vec<_>>(),
            "resume_gateway_url": format!("ws://{}", self.address), "application": { "id": self.application, "flags": 0 },
            "private_channels": [], "presences": [], "relationships": [], "user_settings": {}, "geo_ordered_rtc_regions": [],
            "guild_join_requests": [], "auth": {}, "_trace": ["fake"],
        });
        self.dispatch_to(&id, "READY", &ready);
        if intents.guilds() {
            for guild in guilds {
                let data = self.guild_create_json(guild);
                self.dispatch_to(&id, "GUILD_CREATE", &data);
            }
        }
        Ok(id)
    }

    /// Op 6. On success the missed events and RESUMED have been sent.
    pub(crate) fn resume(&mut self, line: &Line, data: &Value) -> Result<String, Rejected> {
        self.gateway.resumes += 1;
        let seq = data["seq"].as_u64().unwrap_or(u64::MAX);
        self.note(format!(
            "gateway: RESUME from seq {seq} on connection {}",
            line.connection
        ));
        self.authenticate(data)?;
        let id = data["session_id"].as_str().unwrap_or_default().to_owned();
        let Some(session) = self.gateway.sessions.get_mut(&id) else {
            return Err(Rejected::InvalidSession);
        };
        if seq > session.seq {
            return Err(Rejected::Close(4007, "Invalid seq."));
        }
        session.line = Some(line.clone());
        for payload in session
            .sent
            .iter()
            .filter(|payload| payload["s"].as_u64() > Some(seq))
        {
            // As in `dispatch_to`.
            let _ = line.frames.send(Frame::Payload(payload.clone()));
        }
        self.dispatch_to(&id, "RESUMED", &json!({ "_trace": ["fake"] }));
        Ok(id)
    }

    fn authenticate(&self, data: &Value) -> Result<(), Rejected> {
        if let Some(code) = self.gateway.refuses_with {
            return Err(Rejected::Close(code, "As the test asked."));
        }
        let token = data["token"].as_str().unwrap_or_default();
        if token.strip_prefix("Bot ").unwrap_or(token) == self.token {
            Ok(())
        } else {
            Err(Rejected::Close(4004, "Authentication failed."))
        }
    }
}

/// Reads an event with serenity's own type, so that a missing field has a name.
fn check(name: &str, data: &Value) -> Result<(), String> {
    fn read<T: DeserializeOwned>(data: &Value) -> Result<(), String> {
        serde_json::from_value::<T>(data.clone())
            .map(drop)
            .map_err(|fault| fault.to_string())
    }
    match name {
        "READY" => read::<ReadyEvent>(data)?,
        "GUILD_CREATE" => read::<GuildCreateEvent>(data)?,
        "MESSAGE_CREATE" => read::<MessageCreateEvent>(data)?,
        "MESSAGE_UPDATE" => read::<MessageUpdateEvent>(data)?,
        "THREAD_CREATE" => read::<ThreadCreateEvent>(data)?,
        "MESSAGE_DELETE" => read::<MessageDeleteEvent>(data)?,
        "MESSAGE_DELETE_BULK" => read::<MessageDeleteBulkEvent>(data)?,
        "INTERACTION_CREATE" => read::<InteractionCreateEvent>(data)?,
        _ => {}
    }
    let whole = json!({ "op": 0, "s": 1, "t": name, "d": data });
    match serde_json::from_value::<GatewayEvent>(whole) {
        // serenity files what it cannot place under "unknown" without a word.
        Ok(GatewayEvent::Dispatch(_, SerenityEvent::Unknown(_))) => {
            Err("it counts as an unknown event".to_owned())
        }
        Ok(_) => Ok(()),
        Err(fault) => Err(fault.to_string()),
    }
}
