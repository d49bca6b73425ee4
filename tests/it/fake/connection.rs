//! The sockets: a listener whose connections can be cut, and the gateway's WebSocket loop.

use std::io::{self, Write};
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use axum::extract::connect_info::Connected;
use axum::extract::ws::{CloseFrame, Message, WebSocket};
use axum::serve::{IncomingStream, Listener};
use flate2::Compression;
use flate2::write::ZlibEncoder;
use futures_util::task::AtomicWaker;
use serde_json::{Value, json};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

use super::Discord;
use super::gateway::{Duty, Frame, Frames, Line, Rejected};

/// Discord compresses payloads for `compress: true` when they are large.
const LARGE_PAYLOAD: usize = 8 * 1024;

/// Largest payload that a client may send.
const LARGEST_SENT: usize = 4_096;

/// How long a closing socket is read on, so that the peer sees the close frame and not a reset.
const DRAIN: Duration = Duration::from_secs(1);

/// Cuts a TCP connection from anywhere.
#[derive(Clone, Debug, Default)]
pub(crate) struct Cut(Arc<CutState>);

#[derive(Debug, Default)]
struct CutState {
    done: AtomicBool,
    waker: AtomicWaker,
}

impl Cut {
    /// Resets the connection.
    pub(crate) fn cut(&self) {
        self.0.done.store(true, Ordering::SeqCst);
        self.0.waker.wake();
    }

    fn is_cut(&self) -> bool {
        self.0.done.load(Ordering::SeqCst)
    }
}

/// Accepts connections that can be cut.
pub(crate) struct CutListener(pub(crate) TcpListener);

impl Listener for CutListener {
    type Io = CutStream;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (CutStream, SocketAddr) {
        let (stream, address) = Listener::accept(&mut self.0).await;
        // Discord does not hold back small frames; if it cannot be switched off here, they come 40 ms later.
        let _ = stream.set_nodelay(true);
        (
            CutStream {
                stream,
                cut: Cut::default(),
            },
            address,
        )
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        self.0.local_addr()
    }
}

impl Connected<IncomingStream<'_, CutListener>> for Cut {
    fn connect_info(stream: IncomingStream<'_, CutListener>) -> Self {
        stream.io().cut.clone()
    }
}

/// A TCP stream with a [`Cut`].
pub(crate) struct CutStream {
    stream: TcpStream,
    cut: Cut,
}

impl CutStream {
    fn if_whole(&self) -> io::Result<()> {
        if self.cut.is_cut() {
            Err(io::ErrorKind::ConnectionAborted.into())
        } else {
            Ok(())
        }
    }
}

impl Drop for CutStream {
    fn drop(&mut self) {
        if self.cut.is_cut() {
            // Without lingering the kernel sends a reset instead of an orderly end; if it cannot, the end is orderly.
            let _ = self.stream.set_zero_linger();
        }
    }
}

impl AsyncRead for CutStream {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        self.cut.0.waker.register(cx.waker());
        self.if_whole()?;
        Pin::new(&mut self.stream).poll_read(cx, buf)
    }
}

impl AsyncWrite for CutStream {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.if_whole()?;
        Pin::new(&mut self.stream).poll_write(cx, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.if_whole()?;
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.if_whole()?;
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}

/// What a client sent asks the loop to do.
enum Step {
    Go,
    Close(u16, &'static str),
}

/// A gateway connection from HELLO to its end.
pub(crate) async fn serve(discord: Discord, mut socket: WebSocket, cut: Cut) {
    let (frames, mut outgoing) = unbounded_channel();
    let (line, hello) = discord.with(|world| {
        world.gateway.connections += 1;
        let line = Line { connection: world.gateway.connections, frames, cut };
        world.gateway.lines.push(line.clone());
        world.note(format!("gateway: connection {}", line.connection));
        let hello = (world.gateway.hello == Duty::Kept).then(|| {
            let interval = u64::try_from(world.gateway.heartbeat.as_millis()).expect("an interval of a test is short");
            json!({ "op": 10, "s": null, "t": null, "d": { "heartbeat_interval": interval, "_trace": ["fake"] } })
        });
        (line, hello)
    });
    if let Some(hello) = hello {
        let _ = line.frames.send(Frame::Payload(hello));
    }
    let mut client = Client {
        discord: discord.clone(),
        line: line.clone(),
        session: None,
        compress: Duty::Neglected,
    };
    client.converse(&mut socket, &mut outgoing).await;
    discord.with(|world| {
        world.note(format!("gateway: connection {} ended", line.connection));
        world
            .gateway
            .lines
            .retain(|other| other.connection != line.connection);
        for session in world.gateway.sessions.values_mut() {
            if session
                .line
                .as_ref()
                .is_some_and(|its| its.connection == line.connection)
            {
                session.line = None;
            }
        }
    });
}

struct Client {
    discord: Discord,
    line: Line,
    session: Option<String>,
    /// Kept once the client asked for compressed payloads.
    compress: Duty,
}

impl Client {
    async fn converse(&mut self, socket: &mut WebSocket, outgoing: &mut UnboundedReceiver<Frame>) {
        let mut changed = self.discord.changes();
        loop {
            let reading = self.discord.look(|world| world.gateway.reading);
            tokio::select! {
                frame = outgoing.recv() => {
                    let Some(frame) = frame else { return };
                    if !self.send(socket, frame).await { return }
                }
                message = socket.recv(), if reading == Duty::Kept => {
                    let step = match message {
                        Some(Ok(Message::Text(text))) => self.hear(text.as_str()),
                        Some(Ok(Message::Close(frame))) => { self.closed(frame.as_ref()); return }
                        Some(Ok(Message::Binary(_))) => Step::Close(4002, "Error while decoding payload."),
                        Some(Ok(Message::Ping(_) | Message::Pong(_))) => Step::Go,
                        Some(Err(_)) | None => { self.discord.with(|world| world.gateway.closed_by_bot.push(None)); return }
                    };
                    if let Step::Close(code, reason) = step {
                        let _ = self.line.frames.send(Frame::Close(code, reason.to_owned()));
                    }
                }
                // A switch may have been turned: look again at whether to read.
                alive = changed.changed() => if alive.is_err() { return },
            }
        }
    }

    /// Whether the connection goes on.
    async fn send(&mut self, socket: &mut WebSocket, frame: Frame) -> bool {
        match frame {
            Frame::Payload(payload) => socket.send(self.packed(payload.to_string())).await.is_ok(),
            Frame::Raw(text) => socket.send(self.packed(text)).await.is_ok(),
            Frame::Close(code, reason) => {
                self.discord.with(|world| {
                    world.note(format!(
                        "gateway: closes connection {} with {code}",
                        self.line.connection
                    ));
                });
                let frame = CloseFrame {
                    code,
                    reason: reason.into(),
                };
                if socket.send(Message::Close(Some(frame))).await.is_ok() {
                    let drained = async { while let Some(Ok(_)) = socket.recv().await {} };
                    // The peer may never answer; then the socket just ends.
                    let _ = tokio::time::timeout(DRAIN, drained).await;
                }
                false
            }
            Frame::Abort => {
                self.line.cut.cut();
                false
            }
        }
    }

    fn packed(&self, text: String) -> Message {
        let frames = self.discord.look(|world| world.gateway.frames);
        let compress = match (self.compress, frames) {
            (Duty::Neglected, _) | (Duty::Kept, Frames::Text) => Duty::Neglected,
            (Duty::Kept, Frames::ZlibWhenLarge) if text.len() <= LARGE_PAYLOAD => Duty::Neglected,
            (Duty::Kept, Frames::ZlibWhenLarge | Frames::Zlib) => Duty::Kept,
        };
        match compress {
            Duty::Neglected => Message::Text(text.into()),
            Duty::Kept => {
                let mut encoder = ZlibEncoder::new(Vec::new(), Compression::default());
                encoder
                    .write_all(text.as_bytes())
                    .expect("a Vec takes all bytes");
                Message::Binary(encoder.finish().expect("a Vec takes all bytes").into())
            }
        }
    }

    fn closed(&self, frame: Option<&CloseFrame>) {
        let code = frame.map(|frame| frame.code);
        self.discord.with(|world| {
            world.note(format!("gateway: the bot closes with {code:?}"));
            world.gateway.closed_by_bot.push(code);
            // 1000 and 1001 end the session; with anything else it can be resumed.
            if let (Some(1000 | 1001), Some(session)) = (code, &self.session) {
                world.gateway.sessions.remove(session);
            }
        });
    }

    fn hear(&mut self, text: &str) -> Step {
        let Ok(payload) = serde_json::from_str::<Value>(text) else {
            return Step::Close(4002, "Error while decoding payload.");
        };
        if text.len() > LARGEST_SENT {
            return Step::Close(4002, "Payload too large.");
        }
        let data = &payload["d"];
        match (payload["op"].as_u64(), &self.session) {
            (Some(1), _) => self.heartbeat(data),
            (Some(2 | 6), Some(_)) => return Step::Close(4005, "Already authenticated."),
            (Some(op @ (2 | 6)), None) => {
                if data["compress"] == true {
                    self.compress = Duty::Kept;
                }
                let line = self.line.clone();
                let result = self.discord.with(|world| {
                    if op == 2 {
                        world.identify(&line, data)
                    } else {
                        world.resume(&line, data)
                    }
                });
                match result {
                    Ok(session) => self.session = Some(session),
                    Err(Rejected::Close(code, reason)) => return Step::Close(code, reason),
                    Err(Rejected::InvalidSession) => {
                        let _ = self.line.frames.send(Frame::Payload(
                            json!({ "op": 9, "s": null, "t": null, "d": false }),
                        ));
                    }
                }
            }
            (Some(3 | 4 | 8 | 31), Some(_)) => {}
            (Some(3 | 4 | 8 | 31), None) => return Step::Close(4003, "Not authenticated."),
            (_, _) => return Step::Close(4001, "Unknown opcode."),
        }
        Step::Go
    }

    fn heartbeat(&self, data: &Value) {
        self.discord.with(|world| {
            world.gateway.heartbeats += 1;
            if let (Some(seq), Some(session)) = (
                data.as_u64(),
                self.session
                    .as_ref()
                    .and_then(|id| world.gateway.sessions.get_mut(id)),
            ) {
                session.seen = seq;
            }
            if world.gateway.acks == Duty::Kept {
                let _ = self.line.frames.send(Frame::Payload(
                    json!({ "op": 11, "s": null, "t": null, "d": null }),
                ));
            }
        });
    }
}
