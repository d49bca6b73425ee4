//! Posting: every wait bounded, nothing posted twice, and no more tries where Discord has said no.
//!
//! An error is no proof that nothing was posted. A response to an interaction may be tried again, because Discord takes
//! only one; a message in a channel only when it is certain that the first try posted nothing.

use std::future::Future;
use std::pin::Pin;
use std::time::{Duration, Instant};

use serenity::all::{
    ChannelId, CreateAttachment, CreateInteractionResponse, CreateMessage, Http, HttpError,
    InteractionId, Message, MessageId, Nonce,
};
use tokio::time::{sleep, timeout};

use super::outgoing::Outgoing;
use super::render::Form;
use super::state::State;

/// "Unknown interaction": it is too late.
const UNKNOWN_INTERACTION: isize = 10_062;
/// "Interaction has already been acknowledged": an earlier try came through.
const ALREADY_ACKNOWLEDGED: isize = 40_060;
/// "Cannot send an empty message": an embed alone was dropped.
const EMPTY_MESSAGE: isize = 50_006;
/// "You lack permissions to perform that action": for an embed alone also the right to embed links.
const MISSING_PERMISSIONS: isize = 50_013;
/// "Cannot message this thread until after the post author has sent an initial message": a forum's post is on its way, and Discord
/// has announced its first message before it takes replies there.
const NO_FIRST_MESSAGE: isize = 40_058;
/// "Cannot reply without permission to read message history".
const NO_HISTORY: isize = 160_002;

/// Why something was not posted, or may not have been. Displays without addresses, which hold interaction tokens.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum Failure {
    /// Discord said no; nothing was posted.
    #[error("Discord refused it: HTTP {status}, code {code}")]
    Refused {
        /// The HTTP status, 400 to 499.
        status: u16,
        /// Discord's own code.
        code: isize,
    },
    /// It never reached Discord.
    #[error("Discord was not reached")]
    NotSent,
    /// Nobody knows.
    #[error("{0}")]
    Uncertain(String),
    /// Time ran out.
    #[error("time ran out")]
    Late,
}

impl From<&serenity::Error> for Failure {
    fn from(error: &serenity::Error) -> Self {
        match error {
            serenity::Error::Http(HttpError::UnsuccessfulRequest(response)) => {
                let status = response.status_code.as_u16();
                let code = response.error.code;
                if (400..500).contains(&status) {
                    Self::Refused { status, code }
                } else {
                    Self::Uncertain(format!("HTTP {status}"))
                }
            }
            serenity::Error::Http(HttpError::Request(error)) if error.is_connect() => Self::NotSent,
            serenity::Error::Http(HttpError::Request(error)) if error.is_timeout() => Self::Late,
            serenity::Error::Http(HttpError::Request(_)) => {
                Self::Uncertain("the connection broke".to_owned())
            }
            serenity::Error::Http(_) => Self::Uncertain("the request could not be made".to_owned()),
            serenity::Error::Model(error) => Self::Uncertain(format!("not sendable: {error}")),
            serenity::Error::Json(_) => Self::Uncertain("the reply could not be read".to_owned()),
            _ => Self::Uncertain("the request failed".to_owned()),
        }
    }
}

/// Where the response to an interaction goes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Asked<'a> {
    pub(super) http: &'a Http,
    pub(super) id: InteractionId,
    pub(super) token: &'a str,
    /// When the event arrived.
    pub(super) at: Instant,
}

/// Responds to an interaction, with a second try while Discord still takes one.
pub(super) async fn respond(
    state: &State,
    asked: Asked<'_>,
    response: CreateInteractionResponse,
) -> Result<(), Failure> {
    let timings = state.timings();
    let left = || timings.respond.saturating_sub(asked.at.elapsed());
    let mut failure = Failure::Late;
    for attempt in 0..2 {
        let time = left().min(timings.respond_attempt);
        if time.is_zero() {
            return Err(failure);
        }
        let send =
            asked
                .http
                .create_interaction_response(asked.id, asked.token, &response, Vec::new());
        failure = match timeout(time, send).await {
            Ok(Ok(())) => {
                state.vitals().answered(asked.at.elapsed());
                return Ok(());
            }
            Ok(Err(error)) => Failure::from(&error),
            Err(_) => Failure::Late,
        };
        match failure {
            // The first try came through after all.
            Failure::Refused { code, .. } if code == ALREADY_ACKNOWLEDGED && attempt > 0 => {
                return Ok(());
            }
            Failure::Refused { status: 429, .. }
            | Failure::NotSent
            | Failure::Uncertain(_)
            | Failure::Late => {}
            Failure::Refused { .. } => return Err(failure),
        }
        sleep(left().min(Duration::from_millis(100))).await;
    }
    Err(failure)
}

/// Responds to an interaction; if Discord will not have the response, with an apology that only the asker sees.
pub(super) async fn respond_or_apologise(
    state: &State,
    asked: Asked<'_>,
    response: CreateInteractionResponse,
) -> Result<(), Failure> {
    let Err(failure) = respond(state, asked, response).await else {
        return Ok(());
    };
    match &failure {
        Failure::Refused { code, .. }
            if [UNKNOWN_INTERACTION, ALREADY_ACKNOWLEDGED].contains(code) =>
        {
            tracing::debug!(%failure, "an interaction was answered too late");
        }
        Failure::Refused { .. } => apologise(state, asked, &failure.to_string()).await,
        Failure::NotSent | Failure::Uncertain(_) | Failure::Late => {
            tracing::warn!(%failure, "an interaction could not be answered");
        }
    }
    Err(failure)
}

/// Responds to an interaction with a file beside the message: one try, which takes as long as a response may.
pub(super) async fn respond_with_file(
    state: &State,
    asked: Asked<'_>,
    response: CreateInteractionResponse,
    file: CreateAttachment,
) -> Result<(), Failure> {
    let left = state.timings().respond.saturating_sub(asked.at.elapsed());
    let send = asked
        .http
        .create_interaction_response(asked.id, asked.token, &response, vec![file]);
    let failure = match timeout(left, send).await {
        Ok(Ok(())) => return Ok(()),
        Ok(Err(error)) => Failure::from(&error),
        Err(_) => Failure::Late,
    };
    match &failure {
        Failure::Refused { .. } => apologise(state, asked, &failure.to_string()).await,
        Failure::NotSent | Failure::Uncertain(_) | Failure::Late => {
            tracing::warn!(%failure, "an interaction could not be answered");
        }
    }
    Err(failure)
}

/// Says that something broke, to the asker alone, with a reference to the line in the log.
pub(super) async fn apologise(state: &State, asked: Asked<'_>, why: &str) {
    let reference = reference();
    tracing::error!(reference, why, "an interaction could not be answered");
    let message = Outgoing::sentence(apology(&reference))
        .into_response()
        .ephemeral(true);
    if let Err(failure) = respond(state, asked, CreateInteractionResponse::Message(message)).await {
        tracing::debug!(%failure, reference, "the apology was not sent either");
    }
}

/// Acknowledges a press without changing anything yet.
pub(super) async fn acknowledge(state: &State, asked: Asked<'_>) -> Result<(), Failure> {
    respond(state, asked, CreateInteractionResponse::Acknowledge).await
}

/// Changes the message whose button was pressed and acknowledged, or the response that was given.
pub(super) async fn change(state: &State, asked: Asked<'_>, outgoing: Outgoing) {
    let edit = outgoing.into_changed_response();
    let send = asked
        .http
        .edit_original_interaction_response(asked.token, &edit, Vec::new());
    let changed = within(state, Box::pin(async { send.await.map(drop) })).await;
    if let Err(failure) = changed {
        tracing::warn!(%failure, "a message could not be changed");
    }
}

/// Takes the message away whose button was pressed and acknowledged. It needs no right in the channel.
pub(super) async fn take_away(state: &State, asked: Asked<'_>) {
    let send = asked.http.delete_original_interaction_response(asked.token);
    if let Err(failure) = within(state, Box::pin(send)).await {
        tracing::warn!(%failure, "a message could not be taken away");
    }
}

/// Posts a further message to an interaction that was acknowledged. It needs no right in the channel.
pub(super) async fn follow_up(
    state: &State,
    asked: Asked<'_>,
    outgoing: Outgoing,
) -> Result<(), Failure> {
    let message = outgoing.into_follow_up();
    let send = asked
        .http
        .create_followup_message(asked.token, &message, Vec::new());
    within(state, Box::pin(async { send.await.map(drop) })).await
}

/// Changes a reply in a channel, as its question was edited.
pub(super) async fn change_reply(
    state: &State,
    http: &Http,
    channel: ChannelId,
    reply: MessageId,
    answer: impl Fn(Form) -> Outgoing,
) -> Result<(), Failure> {
    if state.is_quiet(channel) {
        return Err(Failure::NotSent);
    }
    let edit = answer(form(state, channel)).into_edit();
    let send = http.edit_message(channel, reply, &edit, Vec::new());
    let changed = within(state, Box::pin(async { send.await.map(drop) })).await;
    changed.inspect_err(|failure| {
        left_quiet(state, channel, failure);
    })
}

/// Takes a reply in a channel away, as its question is gone.
pub(super) async fn take_reply_away(
    state: &State,
    http: &Http,
    channel: ChannelId,
    reply: MessageId,
) -> Result<(), Failure> {
    // Also where nothing may be posted: it needs no more than to see the channel, and is tried once a reply.
    let taken = within(state, Box::pin(http.delete_message(channel, reply, None))).await;
    taken.inspect_err(|failure| {
        left_quiet(state, channel, failure);
    })
}

/// Waits a bounded time for a request. It comes in a box, because serenity's requests are kilobytes large.
async fn within(
    state: &State,
    send: Pin<Box<impl Future<Output = Result<(), serenity::Error>>>>,
) -> Result<(), Failure> {
    match timeout(state.timings().post, send).await {
        Ok(result) => result.map_err(|error| Failure::from(&error)),
        Err(_) => Err(Failure::Late),
    }
}

/// A message that is replied to.
#[derive(Clone, Copy, Debug)]
pub(super) struct Question {
    pub(super) channel: ChannelId,
    pub(super) message: MessageId,
    /// What makes the reply one of a kind: Discord posts one message a nonce within minutes.
    pub(super) nonce: u64,
}

impl From<&Message> for Question {
    fn from(message: &Message) -> Self {
        Self {
            channel: message.channel_id,
            message: message.id,
            // A question replayed after a restart is not answered twice.
            nonce: message.id.get(),
        }
    }
}

/// Replies to a message, and says in which. `answer` is asked for the form that the channel takes.
pub(super) async fn reply(
    state: &State,
    http: &Http,
    question: Question,
    answer: impl Fn(Form) -> Outgoing,
) -> Result<MessageId, Failure> {
    let channel = question.channel;
    if state.is_quiet(channel) {
        tracing::debug!("a channel that refused posts lately is left alone");
        return Err(Failure::NotSent);
    }
    let at = Instant::now();
    let deadline = timeout(
        state.timings().post,
        reply_within(state, http, question, &answer),
    );
    let failure = match deadline.await {
        Ok(Ok(posted)) => {
            state.vitals().answered(at.elapsed());
            return Ok(posted);
        }
        Ok(Err(failure)) => failure,
        Err(_) => Failure::Late,
    };
    if !left_quiet(state, channel, &failure) {
        tracing::warn!(%failure, "a reply could not be posted");
    }
    Err(failure)
}

/// Leaves a channel alone for a while if it refused something for want of a right; whether it did.
fn left_quiet(state: &State, channel: ChannelId, failure: &Failure) -> bool {
    let Failure::Refused { status: 403, code } = *failure else {
        return false;
    };
    if code == NO_FIRST_MESSAGE {
        return false;
    }
    state.leave_quiet(channel);
    tracing::info!(
        code,
        "a channel refused a reply or its change; it is left alone for a while"
    );
    true
}

fn form(state: &State, channel: ChannelId) -> Form {
    if state.is_text_only(channel) {
        Form::Text
    } else {
        Form::Card
    }
}

/// Posts a reply in the form and manner that the channel takes, found out by being refused.
async fn reply_within(
    state: &State,
    http: &Http,
    question: Question,
    answer: &impl Fn(Form) -> Outgoing,
) -> Result<MessageId, Failure> {
    let channel = question.channel;
    let mut form = form(state, channel);
    let mut pointing = Pointing::AtQuestion;
    loop {
        let outgoing = answer(form);
        let has_card = outgoing.has_card();
        match post(state, http, question, pointing, outgoing).await {
            // Without Embed Links an embed beside text is dropped in silence, and one alone refused.
            Ok(posted) if has_card && posted.embeds.is_empty() => {
                state.use_text(channel);
                let edit = answer(Form::Text).into_edit();
                let edited = http
                    .edit_message(channel, posted.id, &edit, Vec::new())
                    .await;
                return edited
                    .map(|edited| edited.id)
                    .map_err(|error| Failure::from(&error));
            }
            Ok(posted) => return Ok(posted.id),
            Err(Failure::Refused { code, .. })
                if has_card && [EMPTY_MESSAGE, MISSING_PERMISSIONS].contains(&code) =>
            {
                // If it was not for the embed, the text is refused as well and the channel left alone for as long.
                state.use_text(channel);
                form = Form::Text;
            }
            Err(Failure::Refused { code, .. })
                if code == NO_HISTORY && pointing == Pointing::AtQuestion =>
            {
                pointing = Pointing::Nowhere;
            }
            Err(failure) => return Err(failure),
        }
    }
}

/// Whether a reply points at the question, which takes the right to read the channel's history.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Pointing {
    AtQuestion,
    Nowhere,
}

/// Posts a reply; a second time only when the first surely posted nothing.
async fn post(
    state: &State,
    http: &Http,
    question: Question,
    pointing: Pointing,
    outgoing: Outgoing,
) -> Result<Message, Failure> {
    let mut message: CreateMessage = outgoing
        .into_message()
        .nonce(Nonce::String(question.nonce.to_string()))
        .enforce_nonce(true);
    if pointing == Pointing::AtQuestion {
        message = message.reference_message((question.channel, question.message));
    }
    let send = || async {
        http.send_message(question.channel, Vec::new(), &message)
            .await
            .map_err(|error| Failure::from(&error))
    };
    match send().await {
        Err(
            Failure::Refused { status: 429, .. }
            | Failure::Refused {
                code: NO_FIRST_MESSAGE,
                ..
            }
            | Failure::NotSent,
        ) => {
            sleep(state.timings().post_again).await;
            send().await
        }
        other => other,
    }
}

/// What is said when something broke.
pub(super) fn apology(reference: &str) -> String {
    format!("Something broke on my side (reference {reference}). Nothing was posted.")
}

/// Six hexadecimal digits that lead from what a user saw to the line in the log.
pub(super) fn reference() -> String {
    format!("{:06X}", super::supervision::random() & 0x00FF_FFFF)
}
