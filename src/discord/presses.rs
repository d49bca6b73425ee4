//! Presses on the bot's buttons and choices from its selects, whenever the message was made.
//!
//! What only one person sees is replaced in place; what everybody sees stays, and the one who pressed gets theirs alone.

use std::sync::Arc;

use serenity::all::{
    ComponentInteraction, ComponentInteractionDataKind, CreateInteractionResponse, MessageFlags,
    MessageId, UserId,
};

use super::cooldown::Given;
use super::custom_id::{Action, CustomId, Page, Shown};
use super::deliver::{self, Asked, Failure, Question};
use super::events::{guarded, today};
use super::feedback;
use super::find;
use super::help::Commands;
use super::here::{Here, Place};
use super::messages;
use super::outgoing::Outgoing;
use super::pages::Scene;
use super::remembered::Keeps;
use super::render::Form;
use super::settings::ServerSettings;
use super::state::State;
use super::suggestion;
use crate::answering::Answerer;

/// A press, with all that is needed to act on it.
struct Press<'a> {
    state: &'a State,
    asked: Asked<'a>,
    interaction: &'a ComponentInteraction,
    here: Here<'a>,
    settings: Arc<ServerSettings>,
    keeps: Keeps,
    answerer: Arc<Answerer>,
    commands: Commands,
}

/// Acts on a press; without an action it is one of ours that this version does not know.
pub(super) async fn pressed(
    state: &State,
    asked: Asked<'_>,
    press: &ComponentInteraction,
    action: Option<Action>,
) {
    if !state.is_new(press.id.get()) {
        return;
    }
    let Some(_place) = state.enter().await else {
        return;
    };
    let handler = async {
        let press = Press {
            state,
            asked,
            interaction: press,
            here: Here::from(press),
            settings: state.settings(press.guild_id).await,
            keeps: state.keeps(press.guild_id).await,
            answerer: state.library().current(),
            commands: state.commands(),
        };
        match action.map_or(Some(None), |action| press.chosen(action).map(Some)) {
            Some(Some(action)) => press.act(action).await,
            Some(None) | None => press.tell(messages::OUTDATED).await,
        }
    };
    guarded(state, Some(asked), handler).await;
}

impl Press<'_> {
    /// For a select what was chosen from it; `None` if that is nothing of ours.
    fn chosen(&self, action: Action) -> Option<Action> {
        let Action::Menu(_) = action else {
            return Some(action);
        };
        let ComponentInteractionDataKind::StringSelect { values } = &self.interaction.data.kind
        else {
            return None;
        };
        match CustomId::parse(values.first()?) {
            CustomId::Ours(Action::Menu(_)) | CustomId::Outdated | CustomId::Foreign => None,
            CustomId::Ours(action) => Some(action),
        }
    }

    async fn act(&self, action: Action) {
        match action {
            Action::Show(page) => {
                let place = self.here.for_asker(&self.settings);
                let page = self.scene(place, self.here.form()).page(&page);
                self.replace(page).await;
            }
            Action::NoneOfThese => {
                let near = messages::near_offered(&self.interaction.message, &self.answerer);
                let question = messages::asked(&self.interaction.message.content);
                let suggested = self
                    .keeps
                    .suggested(question.as_deref().unwrap_or_default());
                self.replace(messages::unknown(&near, suggested)).await;
            }
            Action::Share(page) => self.share(&page).await,
            Action::Remove(asker) => self.remove(asker).await,
            Action::Look(shown, target) => self.look(&shown, target).await,
            Action::ReplyTo(shown, target) => self.reply_to(&shown, target).await,
            Action::Helpful(shown) => {
                feedback::helpful(self.state, self.asked, self.interaction, &shown).await;
            }
            Action::Missed(shown) => {
                feedback::open_form(self.state, self.asked, self.interaction, &shown).await;
            }
            Action::Suggest => {
                suggestion::open_form(self.state, self.asked, self.interaction).await;
            }
            Action::Menu(_) => self.tell(messages::OUTDATED).await,
        }
    }

    fn scene(&self, place: Place, form: Form) -> Scene<'_> {
        Scene {
            answerer: &self.answerer,
            today: today(),
            form,
            place,
            keeps: self.keeps,
            commands: &self.commands,
            above: "",
        }
    }

    async fn share(&self, page: &Page) {
        let form = self.here.form();
        let place = self.here.for_asker(&self.settings);
        if !self.scene(place, form).is_current(page) {
            // Nobody shares what they have not seen.
            let today = self.scene(place, form).page(page);
            return self.replace(today).await;
        }
        if !self.here.is_open(&self.settings) {
            return self.tell(messages::NOT_SHARED_HERE).await;
        }
        if !self.here.may_speak() {
            return self.tell(messages::MAY_NOT_SHARE).await;
        }
        let message = self.interaction.message.id.get();
        if !self.state.is_first_share(message) {
            return self.tell(messages::SHARED_ALREADY).await;
        }
        let channel = self.here.channel;
        if let Page::Answer(shown) = page
            && let Given::Before(Some(posted), at) =
                self.state
                    .give(channel, &shown.entry, Some(self.asked.id), &self.settings)
        {
            self.state.forget_share(message);
            let jump = self.jump(posted);
            return self.tell(messages::answered_here(at, Some(&jump))).await;
        }
        let place = Place::Public(self.here.user);
        let shared = self.scene(place, form).page(page).into_response();
        let response = CreateInteractionResponse::Message(shared);
        if deliver::respond_or_apologise(self.state, self.asked, response)
            .await
            .is_err()
        {
            self.state.forget_share(message);
            if let Page::Answer(shown) = page {
                self.state.take_back(channel, &shown.entry);
            }
        }
    }

    /// Takes a public answer away, for who asked for it and for who may take messages away in any case.
    async fn remove(&self, asker: UserId) {
        let allowed = self.here.user == asker || self.here.may_moderate() || self.here.is_alone();
        if !allowed {
            return self.tell(messages::MAY_NOT_REMOVE).await;
        }
        if deliver::acknowledge(self.state, self.asked).await.is_ok() {
            self.state.message_is_gone(self.interaction.message.id);
            deliver::take_away(self.state, self.asked).await;
        }
    }

    /// Shows another of the matches for a message.
    async fn look(&self, shown: &Shown, target: MessageId) {
        let scene = self.scene(self.here.for_asker(&self.settings), self.here.form());
        let offered = find::offered(&self.interaction.message, &self.answerer);
        let may_reply = self.here.may_reply(&self.settings);
        let preview = match self.answerer.entry(&shown.entry) {
            Some(reply) => {
                let scene = if shown.is(reply.revision) {
                    scene
                } else {
                    scene.changed()
                };
                find::preview(&scene, reply, &offered, target, may_reply)
            }
            None => Outgoing::sentence(messages::GONE),
        };
        self.replace(preview).await;
    }

    /// Posts an answer as a reply to the message that it was found for.
    async fn reply_to(&self, shown: &Shown, target: MessageId) {
        let Some(reply) = self.answerer.entry(&shown.entry) else {
            return self.replace(Outgoing::sentence(messages::GONE)).await;
        };
        if !shown.is(reply.revision) {
            // Nobody replies with what they have not seen.
            return self.look(shown, target).await;
        }
        if !self.here.is_open(&self.settings) {
            return self.tell(messages::NOT_SHARED_HERE).await;
        }
        if !self.here.may_speak() {
            return self.tell(messages::MAY_NOT_SHARE).await;
        }
        let preview = self.interaction.message.id.get();
        if !self.state.is_first_share(preview) {
            return self.tell(messages::REPLIED_ALREADY).await;
        }
        let place = if self.here.is_alone() {
            Place::Alone
        } else {
            Place::Public(self.here.user)
        };
        let answer = |form| self.scene(place, form).answer(reply);
        // Where the bot cannot reply, its answer says to what it belongs.
        let above = messages::in_reply_to(&self.jump(target));
        let detached = || {
            let scene = Scene {
                above: &above,
                ..self.scene(place, self.here.form())
            };
            scene.answer(reply)
        };
        if !self.here.bot_may_reply() || self.state.is_quiet(self.here.channel) {
            // The bot is no member here, or may not post: the answer comes as its response, with the way to the message.
            let response = CreateInteractionResponse::Message(detached().into_response());
            let told = deliver::respond_or_apologise(self.state, self.asked, response).await;
            if told.is_err() {
                self.state.forget_share(preview);
            }
            return;
        }
        if deliver::acknowledge(self.state, self.asked).await.is_err() {
            return self.state.forget_share(preview);
        }
        let question = Question {
            channel: self.here.channel,
            message: target,
            nonce: self.interaction.id.get(),
        };
        let done = match deliver::reply(self.state, self.asked.http, question, answer).await {
            Ok(posted) => Ok(Some(self.jump(posted))),
            // Surely nothing was posted, so it goes the way that needs no right.
            Err(Failure::Refused { .. } | Failure::NotSent) => {
                deliver::follow_up(self.state, self.asked, detached())
                    .await
                    .map(|()| None)
            }
            Err(failure) => Err(failure),
        };
        let said = match done {
            Ok(jump) => messages::replied(jump.as_deref()),
            Err(_) => messages::PERHAPS_NOT_REPLIED.to_owned(),
        };
        deliver::change(self.state, self.asked, Outgoing::sentence(said)).await;
    }

    fn jump(&self, message: MessageId) -> String {
        let guild = self.here.guild.map(serenity::all::GuildId::get);
        messages::jump(guild, self.here.channel.get(), message.get())
    }

    /// Replaces the message whose button was pressed, where only who pressed it can see it; else says it to them alone.
    async fn replace(&self, outgoing: Outgoing) {
        let ephemeral = self
            .interaction
            .message
            .flags
            .is_some_and(|flags| flags.contains(MessageFlags::EPHEMERAL));
        let response = if ephemeral || self.here.is_alone() {
            CreateInteractionResponse::UpdateMessage(outgoing.into_response())
        } else {
            CreateInteractionResponse::Message(outgoing.into_response().ephemeral(true))
        };
        let _told = deliver::respond_or_apologise(self.state, self.asked, response).await;
    }

    /// Says something to who pressed a button, alone.
    async fn tell(&self, text: impl AsRef<str>) {
        let text = self.state.names().in_text(text.as_ref());
        let message = Outgoing::sentence(text).into_response().ephemeral(true);
        let response = CreateInteractionResponse::Message(message);
        let _told = deliver::respond_or_apologise(self.state, self.asked, response).await;
    }
}
