//! [Suggest this question]: what nothing in the file answers, said again in the asker's own words.
//!
//! The button stands only where the server keeps such questions, and the form says so. Like every unanswered question it is
//! written down once two people have asked it, without who they are.

use serenity::all::{
    ComponentInteraction, CreateActionRow, CreateInputText, CreateInteractionResponse, CreateModal,
    InputTextStyle, ModalInteraction,
};

use super::custom_id::Action;
use super::deliver::{self, Asked};
use super::events::today;
use super::feedback::{self, LONGEST_TEXT, TEXT};
use super::messages;
use super::outgoing::Outgoing;
use super::remembered::{Keeps, home, id};
use super::state::State;
use crate::answering::Answer;
use crate::memory::{Noted, Person, Unkept};

/// What the form says of the text, in the 45 characters that a label has.
const LABEL: &str = "Question (kept 30 days, without your name)";
/// Shortest text: less is no question.
const SHORTEST_TEXT: u16 = 3;

const KEPT: &str =
    "Thank you. Others have asked this as well; the moderators can see it, without who asked.";
const WAITING: &str =
    "Thank you. It is written down once somebody else asks it as well, without who asked.";
const SWITCHED_OFF: &str = "This server does not keep questions, so it was not written down.";
const PERSONAL: &str = "It was not written down: something in it looks like an address, a link, a long number or a key. \
                        Suggest it again without that.";
const UNFIT: &str = "It was not written down: there have to be words in it, and not too many.";
const FULL: &str =
    "It was not written down: as many questions as I keep are waiting for an answer here.";
const FAILED: &str = "It could not be written down at the moment. Try again later.";
const PERHAPS: &str = "With these words I find something.";

/// Opens the form, with what was asked in it.
pub(super) async fn open_form(state: &State, asked: Asked<'_>, press: &ComponentInteraction) {
    let guild = home(press.guild_id, &press.authorizing_integration_owners);
    match state.keeps(guild).await {
        Keeps::Questions => {}
        // Switched off since the button was made.
        Keeps::Nothing | Keeps::Counts => {
            return feedback::private(state, asked, Outgoing::sentence(SWITCHED_OFF)).await;
        }
    }
    let mut input = CreateInputText::new(InputTextStyle::Paragraph, LABEL, TEXT)
        .required(true)
        .min_length(SHORTEST_TEXT)
        .max_length(LONGEST_TEXT);
    if let Some(question) = messages::asked(&press.message.content) {
        let question: String = question.chars().take(LONGEST_TEXT.into()).collect();
        input = input.value(question);
    }
    let form = CreateModal::new(Action::Suggest.to_string(), messages::SUGGEST)
        .components(vec![CreateActionRow::InputText(input)]);
    let _told =
        deliver::respond_or_apologise(state, asked, CreateInteractionResponse::Modal(form)).await;
}

/// Looks once more with the text, and notes it unless that finds an answer.
pub(super) async fn sent(state: &State, asked: Asked<'_>, form: &ModalInteraction) {
    let text = feedback::written(form);
    let told = match state.library().ask(&text) {
        answer @ Answer::Found(_) => messages::choice(answer.candidates()).with_note(PERHAPS),
        Answer::Choose(_) | Answer::Unknown(_) => {
            Outgoing::sentence(note(state, form, &text).await)
        }
    };
    feedback::private(state, asked, told).await;
}

/// Notes a text, and says what became of it.
async fn note(state: &State, form: &ModalInteraction, text: &str) -> &'static str {
    let (Some(memory), Some(guild)) = (state.memory(), feedback::home_of(form)) else {
        return SWITCHED_OFF;
    };
    let person = Person::new(form.user.id.get());
    match memory
        .note_gap(id(guild), person, text, None, today())
        .await
    {
        Ok(Noted::Kept) => KEPT,
        Ok(Noted::Waiting) => WAITING,
        Ok(Noted::SwitchedOff) => SWITCHED_OFF,
        Ok(Noted::Unfit(Unkept::Personal)) => PERSONAL,
        Ok(Noted::Unfit(Unkept::Empty | Unkept::TooLong)) => UNFIT,
        Ok(Noted::Full) => FULL,
        Err(error) => {
            tracing::warn!("a suggested question was not noted: {error}");
            FAILED
        }
    }
}
