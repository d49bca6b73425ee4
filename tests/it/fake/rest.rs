//! The REST side: authorization, routes, faults and the record. Translates between HTTP and the world.

use std::convert::Infallible;

use axum::Router;
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{ConnectInfo, Request, State, WebSocketUpgrade};
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::Response;
use axum::routing::any;
use serde_json::{Value, json};
use serenity::model::id::{ChannelId, GuildId, InteractionId, MessageId, UserId};

use super::Discord;
use super::commands::Scope;
use super::connection::{self, Cut, CutListener};
use super::entities::{Account, Presence};
use super::faults::Fault;
use super::record::{self, Care};
use super::refusal::{Refusal, Refused};
use super::world::World;

/// The prefix of all routes.
const API: &str = "/api/v10";

/// Far more than any body that Discord takes without attachments.
const LARGEST_BODY: usize = 1 << 20;

/// Serves until the task is dropped.
pub(crate) async fn serve(discord: Discord, listener: CutListener) {
    let routes = Router::new()
        .route("/", any(upgrade))
        .fallback(rest)
        .with_state(discord);
    let service = routes.into_make_service_with_connect_info::<Cut>();
    axum::serve(listener, service)
        .await
        .expect("serving never ends by itself");
}

async fn upgrade(
    State(discord): State<Discord>,
    ConnectInfo(cut): ConnectInfo<Cut>,
    socket: WebSocketUpgrade,
) -> Response {
    socket.on_upgrade(move |socket| connection::serve(discord, socket, cut))
}

/// An answer before it becomes HTTP. Without a body it is a 204.
type Answer = Result<Option<Value>, Refused>;

/// Counts a request as open until it is answered, or given up by either side.
struct Open(Discord);

impl Open {
    fn new(discord: &Discord) -> Self {
        discord.with(|world| world.open_requests += 1);
        Open(discord.clone())
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        self.0.with(|world| world.open_requests -= 1);
    }
}

async fn rest(
    State(discord): State<Discord>,
    ConnectInfo(cut): ConnectInfo<Cut>,
    request: Request,
) -> Response {
    let _open = Open::new(&discord);
    let (parts, body) = request.into_parts();
    let Ok(bytes) = to_bytes(body, LARGEST_BODY).await else {
        // The client went away in the middle of its own request.
        return std::future::pending().await;
    };
    let header = |name: HeaderName| {
        parts
            .headers
            .get(name)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default()
            .to_owned()
    };
    let call = Call {
        method: parts.method.to_string(),
        path: parts.uri.path().to_owned(),
        query: parts.uri.query().unwrap_or_default().to_owned(),
        authorization: header(header::AUTHORIZATION),
        content_type: header(header::CONTENT_TYPE),
    };
    let (number, fault) = discord.with(|world| call.arrive(world, &bytes));
    match &fault {
        Some(Fault::Answer {
            status,
            headers,
            body,
        }) => return respond(*status, headers, body.to_string().into()),
        Some(Fault::AbortBefore) => return gone(&cut).await,
        Some(Fault::NeverAnswer) => return std::future::pending().await,
        Some(Fault::Delay(by)) => tokio::time::sleep(*by).await,
        Some(Fault::AbortAfter | Fault::Truncate) | None => {}
    }
    let (status, text) = discord.with(|world| call.answer(world, &bytes, number));
    match fault {
        Some(Fault::AbortAfter) => gone(&cut).await,
        Some(Fault::Truncate) => truncated(status, &text),
        Some(Fault::Answer { .. } | Fault::AbortBefore | Fault::NeverAnswer | Fault::Delay(_))
        | None => respond(status, &[], text.into()),
    }
}

/// Resets the connection; the future is dropped with it.
async fn gone(cut: &Cut) -> Response {
    cut.cut();
    std::future::pending().await
}

fn respond(status: u16, headers: &[(String, String)], body: Body) -> Response {
    let mut response = Response::new(body);
    *response.status_mut() =
        StatusCode::from_u16(status).expect("the status of a rule is a real one");
    response.headers_mut().insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("application/json"),
    );
    for (name, value) in headers {
        let name: HeaderName = name
            .parse()
            .expect("the header of a rule has a proper name");
        response.headers_mut().insert(
            name,
            value
                .parse()
                .expect("the header of a rule has a proper value"),
        );
    }
    response
}

/// Promises the whole text and sends half of it; hyper then closes the connection.
fn truncated(status: u16, text: &str) -> Response {
    let half = Bytes::copy_from_slice(&text.as_bytes()[..text.len() / 2]);
    let stream = futures_util::stream::once(std::future::ready(Ok::<_, Infallible>(half)));
    respond(
        status,
        &[("content-length".to_owned(), text.len().to_string())],
        Body::from_stream(stream),
    )
}

/// A request, read.
struct Call {
    method: String,
    path: String,
    query: String,
    authorization: String,
    content_type: String,
}

impl Call {
    fn segments(&self) -> Vec<&str> {
        let path = self.path.strip_prefix(API).unwrap_or(&self.path);
        path.trim_start_matches('/').split('/').collect()
    }

    fn arrive(&self, world: &mut World, bytes: &[u8]) -> (usize, Option<Fault>) {
        let path = if self.query.is_empty() {
            self.path.clone()
        } else {
            format!("{}?{}", self.path, self.query)
        };
        let body = match self.parts(bytes) {
            None => serde_json::from_slice(bytes).ok(),
            Some(parts) => parts.payload.ok(),
        };
        let request = record::Request {
            method: self.method.clone(),
            path,
            body,
            care: Care::Meant,
        };
        world.requests.push(request);
        (
            world.requests.len() - 1,
            world.fault_for(&self.method, &self.segments()),
        )
    }

    fn answer(&self, world: &mut World, bytes: &[u8], number: usize) -> (u16, String) {
        if let Some(parts) = self.parts(bytes) {
            world.uploads.extend(parts.files);
        }
        let answer = self
            .body(bytes)
            .and_then(|body| self.allowed(world).and_then(|()| self.route(world, &body)));
        let (status, text) = match answer {
            Ok(Some(body)) => (200, body.to_string()),
            Ok(None) => (204, String::new()),
            Err(refused) => {
                let (status, text) = (refused.status, refused.body().to_string());
                let path = format!("/{}", self.segments().join("/"));
                let refusal = Refusal {
                    method: self.method.clone(),
                    path,
                    refused,
                    request: number,
                };
                world.refusals.push_back(refusal);
                (status, text)
            }
        };
        world.note(format!("{} {} -> {status}", self.method, self.path));
        (status, text)
    }

    /// The parts of a form, which is how files come beside a message.
    fn parts(&self, bytes: &[u8]) -> Option<Parts> {
        let boundary = self
            .content_type
            .strip_prefix("multipart/form-data; boundary=")?;
        Some(Parts::of(&String::from_utf8_lossy(bytes), boundary))
    }

    fn body(&self, bytes: &[u8]) -> Result<Value, Refused> {
        if let Some(parts) = self.parts(bytes) {
            return parts.payload.map_err(|_| Refused::bad_json());
        }
        if bytes.is_empty() || !self.content_type.starts_with("application/json") {
            return if bytes.is_empty() {
                Ok(Value::Null)
            } else {
                Err(Refused::bad_json())
            };
        }
        serde_json::from_slice(bytes).map_err(|_| Refused::bad_json())
    }

    /// `GET /gateway` asks for nothing: after a refusal there serenity would go to the real gateway. The interaction's own
    /// routes need no token, but a wrong one is wrong.
    fn allowed(&self, world: &World) -> Result<(), Refused> {
        let right = self.authorization == format!("Bot {}", world.token);
        let allowed = match self.segments().as_slice() {
            ["gateway"] => true,
            ["interactions" | "webhooks", ..] => right || self.authorization.is_empty(),
            _ => right,
        };
        if allowed {
            Ok(())
        } else {
            Err(Refused::unauthorized())
        }
    }

    fn route(&self, world: &mut World, body: &Value) -> Answer {
        if !self.path.starts_with(API) {
            return self.unknown(world);
        }
        match (self.method.as_str(), self.segments().as_slice()) {
            ("GET", ["gateway"]) => Ok(Some(json!({ "url": format!("ws://{}", world.address) }))),
            ("GET", ["gateway", "bot"]) => Ok(Some(json!({
                "url": format!("ws://{}", world.address), "shards": 1,
                "session_start_limit": { "total": 1000, "remaining": 999, "reset_after": 86_400_000, "max_concurrency": 1 },
            }))),
            ("GET", ["oauth2", "applications", "@me"] | ["applications", "@me"]) => {
                Ok(Some(world.application_json()))
            }
            ("GET", ["users", "@me"]) => Ok(Some(world.user_json(world.bot))),
            ("GET", ["users", id]) => known_user(world, id).map(|user| Some(world.user_json(user))),
            ("POST", ["users", "@me", "channels"]) => open_direct(world, &body["recipient_id"]),
            ("GET", ["channels", channel]) => {
                let channel = channel_id(channel)?;
                world
                    .may_see(channel)
                    .map(|()| Some(world.channel_json(world.channel(channel))))
            }
            ("POST", ["channels", channel, "messages"]) => {
                world.create_message(channel_id(channel)?, body).map(Some)
            }
            ("POST", ["channels", channel, "typing"]) => {
                world.may_post(channel_id(channel)?).map(|()| None)
            }
            ("GET", ["channels", channel, "messages", id]) => world
                .get_message(channel_id(channel)?, message_id(id)?)
                .map(Some),
            ("PATCH", ["channels", channel, "messages", id]) => world
                .edit_message(channel_id(channel)?, message_id(id)?, body)
                .map(Some),
            ("DELETE", ["channels", channel, "messages", id]) => world
                .delete_message(channel_id(channel)?, message_id(id)?)
                .map(|()| None),
            ("GET", ["guilds", guild]) => {
                joined(world, guild).map(|guild| Some(world.guild_json(guild)))
            }
            ("GET", ["guilds", guild, "channels"]) => {
                joined(world, guild).map(|guild| Some(world.channels_json(guild)))
            }
            ("GET", ["guilds", guild, "members", user]) => {
                let guild = joined(world, guild)?;
                let user = known_user(world, user)?;
                let there = user == world.bot || world.guild(guild).members.contains_key(&user);
                if there {
                    Ok(Some(world.member_json(guild, user, None)))
                } else {
                    Err(Refused::unknown_member())
                }
            }
            (_, ["applications", application, rest @ ..]) => {
                if *application != world.application.to_string() {
                    return Err(Refused::unknown_application());
                }
                match rest {
                    ["commands", rest @ ..] => self.commands(world, Scope::Global, rest, body),
                    ["guilds", guild, "commands", "permissions"] if self.method == "GET" => {
                        let guild = joined(world, guild)?;
                        let given = world.commands.given_json(world.application, guild);
                        Ok(Some(given))
                    }
                    ["guilds", guild, "commands", rest @ ..] => {
                        let guild = joined(world, guild)?;
                        self.commands(world, Scope::Guild(guild), rest, body)
                    }
                    _ => self.unknown(world),
                }
            }
            ("POST", ["interactions", id, token, "callback"]) => {
                let id = snowflake(id)
                    .map(InteractionId::new)
                    .ok_or_else(Refused::unknown_interaction)?;
                let answer = world.respond(id, token, body)?;
                Ok(self
                    .query
                    .split('&')
                    .any(|part| part == "with_response=true")
                    .then_some(answer))
            }
            (_, ["webhooks", application, token, rest @ ..])
                if *application == world.application.to_string() =>
            {
                self.webhook(world, token, rest, body)
            }
            _ => self.unknown(world),
        }
    }

    fn commands(&self, world: &mut World, scope: Scope, rest: &[&str], body: &Value) -> Answer {
        match (self.method.as_str(), rest) {
            ("GET", []) => Ok(Some(Value::Array(world.commands.of(scope).to_vec()))),
            ("PUT", []) => world.replace_commands(scope, body).map(Some),
            ("POST", []) => world.upsert_command(scope, body).map(Some),
            ("DELETE", [id]) if world.commands.remove(scope, id) => Ok(None),
            ("DELETE", [_]) => Err(Refused::unknown_command()),
            _ => self.unknown(world),
        }
    }

    fn webhook(&self, world: &mut World, token: &str, rest: &[&str], body: &Value) -> Answer {
        match (self.method.as_str(), rest) {
            ("POST", []) => world.follow_up(token, body).map(Some),
            ("GET", ["messages", which]) => world.get_by_token(token, which).map(Some),
            ("PATCH", ["messages", which]) => world.edit_by_token(token, which, body).map(Some),
            ("DELETE", ["messages", which]) => world.delete_by_token(token, which).map(|()| None),
            _ => self.unknown(world),
        }
    }

    /// The bot must not ask for what the fake does not have: either is wrong.
    fn unknown(&self, world: &mut World) -> Answer {
        world.complain(format!(
            "the fake knows no route {} {}",
            self.method, self.path
        ));
        Err(Refused::unknown_route())
    }
}

/// A form, read: the message, and text files with their names.
struct Parts {
    payload: serde_json::Result<Value>,
    files: Vec<(String, String)>,
}

impl Parts {
    fn of(text: &str, boundary: &str) -> Self {
        let mut parts = Parts {
            payload: serde_json::from_str(""),
            files: Vec::new(),
        };
        for part in text.split(&format!("--{boundary}")) {
            let Some((head, content)) = part.split_once("\r\n\r\n") else {
                continue;
            };
            let content = content.strip_suffix("\r\n").unwrap_or(content);
            let named = |key: &str| {
                let (_, rest) = head.split_once(&format!("{key}=\""))?;
                rest.split_once('"').map(|(value, _)| value.to_owned())
            };
            match (named("; name"), named("filename")) {
                (_, Some(file)) => parts.files.push((file, content.to_owned())),
                (Some(name), None) if name == "payload_json" => {
                    parts.payload = serde_json::from_str(content);
                }
                (_, None) => {}
            }
        }
        parts
    }
}

fn snowflake(text: &str) -> Option<u64> {
    text.parse().ok().filter(|id| *id > 0)
}

fn channel_id(text: &str) -> Result<ChannelId, Refused> {
    snowflake(text)
        .map(ChannelId::new)
        .ok_or_else(Refused::unknown_channel)
}

fn message_id(text: &str) -> Result<MessageId, Refused> {
    snowflake(text)
        .map(MessageId::new)
        .ok_or_else(Refused::unknown_message)
}

fn known_user(world: &World, text: &str) -> Result<UserId, Refused> {
    snowflake(text)
        .map(UserId::new)
        .filter(|id| world.users.contains_key(id))
        .ok_or_else(Refused::unknown_user)
}

/// A guild that exists and that the bot is in.
fn joined(world: &World, text: &str) -> Result<GuildId, Refused> {
    let guild = snowflake(text)
        .and_then(|id| world.guilds.get(&GuildId::new(id)))
        .ok_or_else(Refused::unknown_guild)?;
    match guild.bot {
        Presence::Member => Ok(guild.id),
        Presence::Absent => Err(Refused::no_access()),
    }
}

fn open_direct(world: &mut World, recipient: &Value) -> Answer {
    let user = known_user(world, recipient.as_str().unwrap_or_default())?;
    if world.user(user).account == Account::Bot {
        return Err(Refused::closed_to_messages());
    }
    let channel = world.direct_channel(user);
    Ok(Some(world.channel_json(world.channel(channel))))
}
