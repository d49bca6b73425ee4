//! How long anything may take. One place for all of it, so that the bounds can be seen together.

use std::time::Duration;

/// How long the bot waits for things. The defaults suit Discord; shorter ones suit a fake of it.
#[derive(Clone, Debug)]
pub struct Timings {
    /// To open a connection for a request.
    pub connect: Duration,
    /// For a whole request. Without it a hung one would hang its task for ever.
    pub request: Duration,
    /// For the first response to an interaction, all attempts together. Discord takes none after 3 s.
    pub respond: Duration,
    /// For one attempt at it. A second one is safe: Discord refuses it if the first came through.
    pub respond_attempt: Duration,
    /// For a reply in a channel, all attempts together.
    pub post: Duration,
    /// Before a reply that surely was not posted is tried a second time.
    pub post_again: Duration,
    /// For a free place among those being served; then an event is dropped.
    pub queue: Duration,
    /// How long a channel that refused a reply is left alone: 10,000 refusals in 10 minutes ban the address.
    pub quiet: Duration,
    /// At the end, for answers that are being posted.
    pub drain: Duration,
    /// At the end, for the gateway connection to say goodbye. serenity looks at its orders every 500 ms.
    pub farewell: Duration,
    /// From the start of a connection to READY. serenity waits for ever.
    pub ready: Duration,
    /// Without a gateway event or an acknowledged heartbeat. Acknowledgements come every 41.25 s at Discord; serenity
    /// itself needs about 87 s to notice.
    pub silence: Duration,
    /// Without a turn of the connection's event loop. serenity polls a dead stream in a tight loop after some close codes.
    pub starved: Duration,
    /// Between two looks of the watchdog.
    pub look: Duration,
    /// The first and the longest wait before a new connection is built.
    pub restart: (Duration, Duration),
    /// The first and the longest wait between two reconnects of one connection. serenity itself waits 10 ms. The longest
    /// is such that a day has fewer than 300, where Discord allows 1,000 IDENTIFY.
    pub reconnect: (Duration, Duration),
    /// How long a connection has to live for the waits to begin at the first again.
    pub stable: Duration,
    /// The first and the longest wait before commands are registered again after a failure.
    pub register: (Duration, Duration),
}

impl Default for Timings {
    fn default() -> Self {
        let seconds = Duration::from_secs;
        let milliseconds = Duration::from_millis;
        Self {
            connect: seconds(5),
            request: seconds(15),
            respond: milliseconds(2_600),
            respond_attempt: milliseconds(1_300),
            post: seconds(10),
            post_again: seconds(1),
            queue: seconds(1),
            quiet: seconds(60 * 60),
            drain: seconds(3),
            farewell: milliseconds(600),
            ready: seconds(60),
            silence: seconds(70),
            starved: seconds(5),
            look: milliseconds(500),
            restart: (seconds(1), seconds(60)),
            reconnect: (seconds(1), seconds(5 * 60)),
            stable: seconds(2 * 60),
            register: (seconds(2), seconds(15 * 60)),
        }
    }
}
