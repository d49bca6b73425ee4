//! The commands, for any poise bot whose data gives us our state: `/ask`, `/topics`, `/source`, `/about`, `/help`, the
//! entry in a message's menu, and beside them the moderators' `/cleartext` of `moderation`.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::Instant;

use poise::serenity_prelude as serenity;
use serenity::{
    AutocompleteChoice, CommandInteraction, CreateAutocompleteResponse, CreateInteractionResponse,
};

use super::cooldown::{Given, Pace};
use super::custom_id::{Action, Page};
use super::deliver::{self, Asked};
use super::events::{self, today};
use super::feedback;
use super::find::{self, Match};
use super::help::Commands;
use super::here::{Here, Place};
use super::messages;
use super::moderation;
use super::names::Names;
use super::outgoing::{Menu, Outgoing};
use super::pages::Scene;
use super::remembered::Keeps;
use super::settings::{ServerSettings, Visibility};
use super::sources;
use super::state::{HasState, State};
use crate::answering::{Answer, Answerer, EntryId, SourceId};

/// Most completions that Discord takes.
const MOST_COMPLETIONS: usize = 25;
/// How long Discord is asked for the ids of the commands, for a help that can be clicked.
const ASK_FOR_COMMANDS: std::time::Duration = std::time::Duration::from_secs(1);

/// The commands, to be put among a host's own. They are not registered with Discord by this.
///
/// They answer each interaction themselves and handle their own failures, so they never return an error to the host.
///
/// ```
/// use cleartext::discord::{State, commands};
///
/// # type Error = Box<dyn std::error::Error + Send + Sync>;
/// // A host has its own data here; it takes only that it implements `HasState`.
/// let commands = commands::<State, Error>();
/// assert!(commands.iter().any(|command| command.name == "ask"));
/// ```
pub fn commands<U, E>() -> Vec<poise::Command<U, E>>
where
    U: HasState + Send + Sync + 'static,
    E: Send + Sync + 'static,
{
    vec![
        ask(),
        topics(),
        source(),
        about(),
        help(),
        find_sourced_answer(),
        moderation::cleartext(),
    ]
}

/// The same under a host's names. The state has to know them too: put them into its [`Setup`](super::Setup).
///
/// ```
/// use cleartext::discord::{Names, State, commands_with};
///
/// # type Error = Box<dyn std::error::Error + Send + Sync>;
/// let names = Names::prefixed("e2ee-")?;
/// let commands = commands_with::<State, Error>(&names);
/// assert!(commands.iter().any(|command| command.name == "e2ee-ask"));
/// # Ok::<(), cleartext::discord::NameError>(())
/// ```
pub fn commands_with<U, E>(names: &Names) -> Vec<poise::Command<U, E>>
where
    U: HasState + Send + Sync + 'static,
    E: Send + Sync + 'static,
{
    let mut commands = commands();
    for command in &mut commands {
        names.give(command);
    }
    commands
}

/// Who is to see an answer, as the asker chose it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Wish {
    Default,
    Me,
    Channel,
}

impl Wish {
    const ALL: [(&'static str, Self); 3] = [
        ("default", Self::Default),
        ("me", Self::Me),
        ("channel", Self::Channel),
    ];
}

/// By hand, because poise's own choices travel as numbers, which would change their meaning with their order.
#[serenity::async_trait]
impl poise::SlashArgument for Wish {
    async fn extract(
        _: &serenity::Context,
        _: &CommandInteraction,
        value: &serenity::ResolvedValue<'_>,
    ) -> Result<Self, poise::SlashArgError> {
        let serenity::ResolvedValue::String(word) = value else {
            return Err(poise::SlashArgError::new_command_structure_mismatch(
                "expected text",
            ));
        };
        let known = Self::ALL.into_iter().find(|(known, _)| known == word);
        // A word of another version's means no more than that nothing was chosen.
        Ok(known.map_or(Self::Default, |(_, wish)| wish))
    }

    fn create(builder: serenity::CreateCommandOption) -> serenity::CreateCommandOption {
        let text = builder.kind(serenity::CommandOptionType::String);
        Self::ALL.into_iter().fold(text, |option, (word, _)| {
            option.add_string_choice(word, word)
        })
    }
}

/// Answers a question from the file, with sources
#[poise::command(
    slash_command,
    install_context = "Guild|User",
    interaction_context = "Guild|BotDm|PrivateChannel"
)]
async fn ask<U: HasState + Send + Sync + 'static, E: Send + Sync + 'static>(
    ctx: poise::ApplicationContext<'_, U, E>,
    #[description = "Your question in any words, or pick one from the list"]
    #[autocomplete = "complete"]
    #[max_length = 300]
    question: String,
    #[description = "Who sees a sure answer; without it the server's custom holds"]
    visibility: Option<Wish>,
) -> Result<(), E> {
    let wish = visibility.unwrap_or(Wish::Default);
    serve(ctx, |turn| turn.ask(&question, wish)).await;
    Ok(())
}

/// Browses all topics and questions of the file
#[poise::command(
    slash_command,
    install_context = "Guild|User",
    interaction_context = "Guild|BotDm|PrivateChannel"
)]
async fn topics<U: HasState + Send + Sync + 'static, E: Send + Sync + 'static>(
    ctx: poise::ApplicationContext<'_, U, E>,
) -> Result<(), E> {
    serve(ctx, |turn| turn.page(&Page::Topics(0))).await;
    Ok(())
}

/// Shows a source and every answer that cites it
#[poise::command(
    slash_command,
    install_context = "Guild|User",
    interaction_context = "Guild|BotDm|PrivateChannel"
)]
async fn source<U: HasState + Send + Sync + 'static, E: Send + Sync + 'static>(
    ctx: poise::ApplicationContext<'_, U, E>,
    #[description = "Words of its title, publisher or author, or pick one from the list"]
    #[autocomplete = "complete_source"]
    #[max_length = 100]
    source: String,
) -> Result<(), E> {
    serve(ctx, |turn| turn.source(&source)).await;
    Ok(())
}

/// What the file is, how answers are found, and what is not kept
#[poise::command(
    slash_command,
    install_context = "Guild|User",
    interaction_context = "Guild|BotDm|PrivateChannel"
)]
async fn about<U: HasState + Send + Sync + 'static, E: Send + Sync + 'static>(
    ctx: poise::ApplicationContext<'_, U, E>,
) -> Result<(), E> {
    serve(ctx, |turn| turn.page(&Page::About)).await;
    Ok(())
}

/// What can be asked of this bot
#[poise::command(
    slash_command,
    install_context = "Guild|User",
    interaction_context = "Guild|BotDm|PrivateChannel"
)]
async fn help<U: HasState + Send + Sync + 'static, E: Send + Sync + 'static>(
    ctx: poise::ApplicationContext<'_, U, E>,
) -> Result<(), E> {
    let state = ctx.framework.user_data.cleartext();
    let http = &ctx.framework.serenity_context.http;
    // A bot of our own learned the ids when it registered the commands; a host's did that by itself.
    if !state.commands().knows("ask") {
        let listed = tokio::time::timeout(ASK_FOR_COMMANDS, http.get_global_commands()).await;
        if let Ok(Ok(listed)) = listed {
            state.learn_commands(&listed);
        }
    }
    serve(ctx, |turn| turn.page(&Page::Help)).await;
    Ok(())
}

/// Looks for what in the file answers a message
#[poise::command(
    context_menu_command = "Find a sourced answer",
    install_context = "Guild|User",
    interaction_context = "Guild|BotDm|PrivateChannel"
)]
async fn find_sourced_answer<U: HasState + Send + Sync + 'static, E: Send + Sync + 'static>(
    ctx: poise::ApplicationContext<'_, U, E>,
    message: serenity::Message,
) -> Result<(), E> {
    serve(ctx, |turn| turn.find(&message)).await;
    Ok(())
}

/// A command's turn: who used it where, and what is answered from.
struct Turn<'a> {
    state: &'a State,
    interaction: &'a CommandInteraction,
    here: Here<'a>,
    settings: Arc<ServerSettings>,
    keeps: Keeps,
    answerer: Arc<Answerer>,
    commands: Commands,
}

/// A response that is ready to be sent.
struct Ready {
    outgoing: Outgoing,
    place: Place,
    /// The entry that counts as given in the channel by it.
    gives: Option<EntryId>,
    /// The question, if nothing in the file answers it.
    unanswered: Option<String>,
}

impl Ready {
    fn at(place: Place, outgoing: Outgoing) -> Self {
        Self {
            outgoing,
            place,
            gives: None,
            unanswered: None,
        }
    }
}

/// Answers a command, whatever happens.
async fn serve<U, E>(
    ctx: poise::ApplicationContext<'_, U, E>,
    make: impl FnOnce(&Turn<'_>) -> Ready + Send,
) where
    U: HasState + Send + Sync + 'static,
    E: Send + Sync + 'static,
{
    let at = Instant::now();
    let state = ctx.framework.user_data.cleartext();
    let interaction = ctx.interaction;
    if !state.is_new(interaction.id.get()) {
        return;
    }
    let Some(_place) = state.enter().await else {
        return;
    };
    // A host's own hooks must not respond a second time.
    ctx.has_sent_initial_response
        .store(true, std::sync::atomic::Ordering::SeqCst);
    state.learn_command(&interaction.data.name, interaction.data.id);
    let asked = Asked {
        http: &ctx.framework.serenity_context.http,
        id: interaction.id,
        token: &interaction.token,
        at,
    };
    let handler = async {
        let turn = Turn {
            state,
            interaction,
            here: Here::from(interaction),
            settings: state.settings(interaction.guild_id).await,
            keeps: state.keeps(interaction.guild_id).await,
            answerer: state.library().current(),
            commands: state.commands(),
        };
        let ready = make(&turn);
        // Alone with the bot everything is private as it is, and what is not ephemeral can be read again tomorrow.
        let ephemeral = match ready.place {
            Place::Public(_) => false,
            Place::Private | Place::Alone => !turn.here.is_alone(),
        };
        let message = ready.outgoing.into_response().ephemeral(ephemeral);
        let response = CreateInteractionResponse::Message(message);
        // What becomes of it is in the log; there is nobody else to tell.
        let told = deliver::respond_or_apologise(state, asked, response).await;
        if let (Err(_), Some(entry)) = (told, ready.gives) {
            state.take_back(interaction.channel_id, &entry);
        }
        if let Some(question) = ready.unanswered {
            let owners = Some(&interaction.authorizing_integration_owners);
            let (guild, person) = (interaction.guild_id, interaction.user.id);
            feedback::unanswered(state, guild, owners, person, &question).await;
        }
    };
    events::guarded(state, Some(asked), handler).await;
}

impl Turn<'_> {
    fn scene(&self, place: Place) -> Scene<'_> {
        Scene {
            answerer: &self.answerer,
            today: today(),
            form: self.here.form(),
            place,
            keeps: self.keeps,
            commands: &self.commands,
            above: "",
        }
    }

    /// For who asks alone.
    fn aside(&self, outgoing: Outgoing) -> Ready {
        Ready::at(self.here.for_asker(&self.settings), outgoing)
    }

    fn page(&self, page: &Page) -> Ready {
        let place = self.here.for_asker(&self.settings);
        Ready::at(place, self.scene(place).page(page))
    }

    /// What is said to who asks too fast.
    fn too_fast(&self) -> Option<Ready> {
        let wait = match self.state.asks(self.here.user, &self.settings) {
            Pace::Fine => return None,
            Pace::TooFast(wait) | Pace::StillTooFast(wait) => wait,
        };
        let wait = i64::try_from(wait.as_secs()).unwrap_or(0);
        let until = chrono::Utc::now().timestamp() + wait + 1;
        Some(self.aside(Outgoing::sentence(messages::too_fast(until))))
    }

    /// Sure answers are for whom the asker or the server wants, everything else for the asker alone.
    fn ask(&self, question: &str, wish: Wish) -> Ready {
        if let Some(wait) = self.too_fast() {
            return wait;
        }
        let reply = match self.answerer.ask(question) {
            Answer::Found(found) => found.reply,
            Answer::Choose(choose) => {
                let choice = messages::choice(&choose.candidates);
                return self.aside(choice.asked(self.keeps.suggested(question)));
            }
            Answer::Unknown(unknown) => {
                return Ready {
                    unanswered: Some(question.to_owned()),
                    ..self.aside(messages::unknown(
                        &unknown.near,
                        self.keeps.suggested(question),
                    ))
                };
            }
        };
        let place = self.place_of_an_answer(wish);
        if let Place::Private | Place::Alone = place {
            return Ready::at(place, self.scene(place).answer(&reply));
        }
        let channel = self.here.channel;
        let through = Some(self.interaction.id);
        match self
            .state
            .give(channel, &reply.entry, through, &self.settings)
        {
            Given::Now => Ready {
                gives: Some(reply.entry.clone()),
                ..Ready::at(place, self.scene(place).answer(&reply))
            },
            Given::Before(Some(message), at) => {
                let guild = self.here.guild.map(serenity::GuildId::get);
                let jump = messages::jump(guild, channel.get(), message.get());
                self.aside(Outgoing::sentence(messages::answered_here(at, Some(&jump))))
            }
            // Without a way to the message the pointer would be no help; the asker gets the answer alone.
            Given::Before(None, _) => {
                let place = self.here.for_asker(&self.settings);
                Ready::at(place, self.scene(place).answer(&reply))
            }
        }
    }

    fn place_of_an_answer(&self, wish: Wish) -> Place {
        let wanted = match wish {
            Wish::Default => self.settings.visibility,
            Wish::Me => Visibility::Asker,
            Wish::Channel => Visibility::Channel,
        };
        let possible =
            !self.here.is_alone() && self.here.is_open(&self.settings) && self.here.may_speak();
        match wanted {
            Visibility::Channel if possible => Place::Public(self.here.user),
            Visibility::Channel | Visibility::Asker => self.here.for_asker(&self.settings),
        }
    }

    fn source(&self, typed: &str) -> Ready {
        let found = sources::find(&self.answerer, typed);
        let page = |id: &SourceId| Page::Source(id.clone(), 0);
        match found.as_slice() {
            [] => self.aside(Outgoing::sentence(messages::NO_SUCH_SOURCE)),
            [source] => self.page(&page(&source.id)),
            several => {
                let options = several
                    .iter()
                    .map(|source| {
                        let (label, _) = messages::source_completion(source);
                        (label, Action::Show(page(&source.id)))
                    })
                    .collect();
                let choice = Outgoing::sentence(messages::which_source(several.len()));
                let choice = choice.with_menu(Menu {
                    slot: 0,
                    placeholder: messages::PICK_SOURCE,
                    options,
                });
                self.aside(choice)
            }
        }
    }

    fn find(&self, message: &serenity::Message) -> Ready {
        if let Some(wait) = self.too_fast() {
            return wait;
        }
        let place = self.here.for_asker(&self.settings);
        let found = match find::matches(&self.answerer, message) {
            Match::NoText => Outgoing::sentence(messages::NO_TEXT),
            // What somebody else wrote is not the asker's to suggest.
            Match::None(near) => messages::unknown(&near, None),
            Match::Some(matches) => match matches.first() {
                Some(best) => find::preview(
                    &self.scene(place),
                    best,
                    &matches,
                    message.id,
                    self.here.may_reply(&self.settings),
                ),
                None => Outgoing::sentence(messages::NOT_IN_THE_FILE),
            },
        };
        Ready::at(place, found)
    }
}

/// Completes what has been typed, from memory. Free text is always taken as well.
#[expect(
    clippy::unused_async,
    reason = "poise calls completions as async functions"
)]
async fn complete<U, E>(ctx: poise::Context<'_, U, E>, typed: &str) -> CreateAutocompleteResponse
where
    U: HasState + Send + Sync + 'static,
    E: Send + Sync + 'static,
{
    let state = ctx.framework().user_data.cleartext();
    completions(|| {
        let answerer = state.library().current();
        let found = answerer.complete(typed, MOST_COMPLETIONS);
        found
            .into_iter()
            .map(|reply| messages::completion(reply))
            .collect()
    })
}

/// Completes a source in the same way.
#[expect(
    clippy::unused_async,
    reason = "poise calls completions as async functions"
)]
async fn complete_source<U, E>(
    ctx: poise::Context<'_, U, E>,
    typed: &str,
) -> CreateAutocompleteResponse
where
    U: HasState + Send + Sync + 'static,
    E: Send + Sync + 'static,
{
    let state = ctx.framework().user_data.cleartext();
    completions(|| {
        let answerer = state.library().current();
        let found = sources::find(&answerer, typed).into_iter();
        found.map(messages::source_completion).collect()
    })
}

/// Without a list one can still type on; without a response Discord shows an error.
fn completions(find: impl FnOnce() -> Vec<(String, String)>) -> CreateAutocompleteResponse {
    let found = catch_unwind(AssertUnwindSafe(find)).unwrap_or_else(|_| {
        tracing::error!("completing panicked; an empty list was sent");
        Vec::new()
    });
    let choices = found
        .into_iter()
        .take(MOST_COMPLETIONS)
        .map(|(name, value)| AutocompleteChoice::new(name, value))
        .collect();
    CreateAutocompleteResponse::new().set_choices(choices)
}
