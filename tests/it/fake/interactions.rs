//! Interactions: the one first response in three seconds, and what its token allows for fifteen minutes.

use serde_json::{Value, json};
use serenity::model::Permissions;
use serenity::model::id::{InteractionId, MessageId};

use super::entities::{
    Audience, Cause, How, Install, Interaction, InteractionKind, Life, Message, Post, Response,
};
use super::gateway::Event;
use super::limits::{self, EPHEMERAL, Route};
use super::messages::message_shows_something;
use super::payload::Reading;
use super::refusal::{Form, Refused};
use super::world::World;

impl World {
    /// Makes an interaction and sends it to the bot.
    pub(crate) fn interact(&mut self, mut interaction: Interaction) -> InteractionId {
        let id = InteractionId::new(self.next_id());
        interaction.id = id;
        interaction.token = format!("interaction-token-{id}-{:x}", id.get().reverse_bits());
        interaction.born_ms = self.clock.now_ms();
        self.note(format!(
            "{} of {}: {}",
            kind_name(interaction.kind),
            self.user(interaction.user).name,
            interaction.data
        ));
        self.interactions.insert(id, interaction.clone());
        let payload = self.interaction_json(&interaction);
        self.dispatch(&Event::interaction(payload));
        id
    }

    /// POST /interactions/{id}/{token}/callback. The value is the body of the `with_response` form.
    pub(crate) fn respond(
        &mut self,
        id: InteractionId,
        token: &str,
        body: &Value,
    ) -> Result<Value, Refused> {
        let Some(interaction) = self
            .interactions
            .get(&id)
            .filter(|known| known.token == token)
            .cloned()
        else {
            return Err(Refused::unknown_interaction());
        };
        if interaction.response != Response::Nothing {
            return Err(Refused::already_acknowledged());
        }
        if u128::from(self.clock.now_ms() - interaction.born_ms)
            > self.deadlines.first_response.as_millis()
        {
            return Err(Refused::unknown_interaction());
        }
        let data = &body["data"];
        let kind = body["type"].as_u64().unwrap_or(0);
        let response = match (kind, interaction.kind) {
            (4, InteractionKind::Command | InteractionKind::Component | InteractionKind::Modal) => {
                limits::message(data, "data", Route::Interaction)?;
                if !limits::shows_something(data) {
                    return Err(Refused::empty_message());
                }
                let mut message = self.blank(interaction.channel, self.bot, Cause::Interaction(id));
                message.audience = audience(self, &interaction, data);
                self.fill(&mut message, data);
                let id = message.id;
                self.post(How::Response, message);
                Response::Message(id)
            }
            (5, InteractionKind::Command | InteractionKind::Component | InteractionKind::Modal) => {
                limits::message(data, "data", Route::Interaction)?;
                let mut message = self.blank(interaction.channel, self.bot, Cause::Interaction(id));
                message.audience = audience(self, &interaction, data);
                message.life = Life::Thinking;
                let id = message.id;
                self.messages.insert(id, message);
                Response::Message(id)
            }
            (6, InteractionKind::Component | InteractionKind::Modal)
                if interaction.source.is_some() =>
            {
                Response::Message(interaction.source.expect("the guard saw a source"))
            }
            (7, InteractionKind::Component | InteractionKind::Modal)
                if interaction.source.is_some() =>
            {
                limits::message(data, "data", Route::Interaction)?;
                let source = interaction.source.expect("the guard saw a source");
                let mut message = self
                    .messages
                    .get(&source)
                    .cloned()
                    .ok_or_else(Refused::unknown_message)?;
                self.fill(&mut message, data);
                if !message_shows_something(&message) {
                    return Err(Refused::empty_message());
                }
                message.cause = Cause::Interaction(id);
                self.repost(How::Update, message);
                Response::Message(source)
            }
            (8, InteractionKind::Autocomplete) => {
                limits::choices(data)?;
                Response::Choices(data["choices"].as_array().cloned().unwrap_or_default())
            }
            (9, InteractionKind::Command | InteractionKind::Component) => {
                limits::modal(data)?;
                self.unread.push_back(Post::Modal {
                    interaction: id,
                    data: data.clone(),
                });
                Response::Modal(data.clone())
            }
            (_, of) => {
                let mut form = Form::default();
                let message = format!("A response of type {kind} does not fit {}.", kind_name(of));
                form.fault("type", "INTERACTION_RESPONSE_TYPE_INVALID", message);
                return form.check().map(|()| Value::Null);
            }
        };
        let resource = self.resource(kind, &response);
        self.interactions
            .get_mut(&id)
            .expect("it was found above")
            .response = response;
        Ok(json!({
            "interaction": { "id": id, "type": interaction.kind as u8, "response_message_id": resource["message"]["id"] },
            "resource": resource,
        }))
    }

    fn resource(&self, kind: u64, response: &Response) -> Value {
        match response {
            Response::Message(id) => {
                let message = self
                    .messages
                    .get(id)
                    .map(|message| self.message_json(message, Reading::Full));
                json!({ "type": kind, "message": message })
            }
            Response::Nothing | Response::Choices(_) | Response::Modal(_) => {
                json!({ "type": kind })
            }
        }
    }

    /// The interaction of a webhook token that is still good and has been answered.
    fn by_token(&self, token: &str) -> Result<Interaction, Refused> {
        let known = self
            .interactions
            .values()
            .find(|interaction| interaction.token == token)
            .cloned();
        let interaction = known.ok_or_else(Refused::unknown_webhook)?;
        if u128::from(self.clock.now_ms() - interaction.born_ms)
            > self.deadlines.token_life.as_millis()
        {
            return Err(Refused::dead_token());
        }
        // Before the first response there is nothing to follow up on.
        if interaction.response == Response::Nothing {
            return Err(Refused::unknown_webhook());
        }
        Ok(interaction)
    }

    /// The message that `@original`, or an id, means for a token.
    fn of_token(&self, token: &str, which: &str) -> Result<(Interaction, Message), Refused> {
        let interaction = self.by_token(token)?;
        let id = match (which, &interaction.response) {
            ("@original", Response::Message(id)) => Some(*id),
            ("@original", Response::Nothing | Response::Choices(_) | Response::Modal(_)) => None,
            (number, _) => number.parse().ok().map(MessageId::new),
        };
        let own = |message: &&Message| {
            let original = interaction.response == Response::Message(message.id);
            message.life != Life::Deleted
                && (original || message.cause == Cause::Interaction(interaction.id))
        };
        let message = id
            .and_then(|id| self.messages.get(&id))
            .filter(own)
            .cloned()
            .ok_or_else(Refused::unknown_message)?;
        Ok((interaction, message))
    }

    /// POST /webhooks/{application}/{token}: a follow-up, or the filling of a "thinking" response.
    pub(crate) fn follow_up(&mut self, token: &str, body: &Value) -> Result<Value, Refused> {
        let interaction = self.by_token(token)?;
        limits::message(body, "", Route::Interaction)?;
        if !limits::shows_something(body) {
            return Err(Refused::empty_message());
        }
        if let Response::Message(id) = interaction.response
            && let Some(thinking) = self
                .messages
                .get(&id)
                .filter(|message| message.life == Life::Thinking)
                .cloned()
        {
            // Discord fills the deferred message; whether it is private was decided by the deferral.
            return Ok(self.settle(thinking, body));
        }
        let mut message = self.blank(
            interaction.channel,
            self.bot,
            Cause::Interaction(interaction.id),
        );
        message.audience = audience(self, &interaction, body);
        self.fill(&mut message, body);
        Ok(self.post(How::FollowUp, message))
    }

    fn settle(&mut self, mut message: Message, body: &Value) -> Value {
        self.fill(&mut message, body);
        self.repost(How::Edit, message)
    }

    /// GET of a message by its token.
    pub(crate) fn get_by_token(&self, token: &str, which: &str) -> Result<Value, Refused> {
        let (_, message) = self.of_token(token, which)?;
        Ok(self.message_json(&message, Reading::Full))
    }

    /// PATCH of a message by its token.
    pub(crate) fn edit_by_token(
        &mut self,
        token: &str,
        which: &str,
        body: &Value,
    ) -> Result<Value, Refused> {
        let (interaction, mut message) = self.of_token(token, which)?;
        limits::message(body, "", Route::Interaction)?;
        self.fill(&mut message, body);
        if !message_shows_something(&message) {
            return Err(Refused::empty_message());
        }
        message.cause = Cause::Interaction(interaction.id);
        Ok(self.repost(How::Edit, message))
    }

    /// DELETE of a message by its token.
    pub(crate) fn delete_by_token(&mut self, token: &str, which: &str) -> Result<(), Refused> {
        let (interaction, mut message) = self.of_token(token, which)?;
        message.cause = Cause::Interaction(interaction.id);
        self.take_away(message);
        Ok(())
    }
}

/// Who sees a response: what its flags say, and nobody but the asker where outside apps may not speak.
fn audience(world: &World, interaction: &Interaction, body: &Value) -> Audience {
    let private = body["flags"].as_u64().unwrap_or(0) & EPHEMERAL != 0;
    let rights: Permissions = world.rights_of(interaction.user, interaction.channel);
    let muzzled =
        interaction.install == Install::User && !rights.contains(Permissions::USE_EXTERNAL_APPS);
    if private || muzzled {
        Audience::Only(interaction.user)
    } else {
        Audience::Everyone
    }
}

/// What people call a kind of interaction.
pub(crate) fn kind_name(kind: InteractionKind) -> &'static str {
    match kind {
        InteractionKind::Command => "a command",
        InteractionKind::Component => "a press",
        InteractionKind::Autocomplete => "an autocomplete",
        InteractionKind::Modal => "a modal's submission",
    }
}
