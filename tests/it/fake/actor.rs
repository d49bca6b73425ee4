//! What people do: talk, ask, type, press. Each verb does what a real client could do, and refuses the rest.

use serde_json::json;
use serenity::model::Permissions;
use serenity::model::id::{ChannelId, InteractionId, MessageId, UserId};

use super::Discord;
use super::entities::{
    Account, Cause, ChannelKind, DirectMessages, Install, Message, Post, Response, ThreadState,
};
use super::gateway::Event;
use super::messages::Named;
use super::view::{Modal, Reply};
use super::world::World;

/// Longest message of a person who pays for it; others may write 2,000 characters.
const LONGEST_TEXT: usize = 4_000;

/// A person (or another bot) at a place.
#[derive(Clone)]
pub(crate) struct Actor {
    pub(super) discord: Discord,
    /// The account's id.
    pub(crate) user: UserId,
    /// Where the next verb happens.
    pub(crate) channel: ChannelId,
    pub(super) install: Install,
}

impl Discord {
    /// A member, in the general channel.
    pub(crate) fn alice(&self) -> Actor {
        self.actor(|world| world.cast.alice)
    }

    /// Another member.
    pub(crate) fn bob(&self) -> Actor {
        self.actor(|world| world.cast.bob)
    }

    /// A member with Manage Server and Manage Messages.
    pub(crate) fn moderator(&self) -> Actor {
        self.actor(|world| world.cast.moderator)
    }

    /// Another bot.
    pub(crate) fn robot(&self) -> Actor {
        self.actor(|world| world.cast.robot)
    }

    /// A new member.
    pub(crate) fn newcomer(&self, name: &str) -> Actor {
        let user = self.with(|world| world.add_user(name, Account::Human));
        self.actor(|_| user)
    }

    fn actor(&self, who: impl FnOnce(&World) -> UserId) -> Actor {
        let (user, channel) = self.look(|world| (who(world), world.cast.general));
        Actor {
            discord: self.clone(),
            user,
            channel,
            install: Install::Guild,
        }
    }

    /// Waits for the next thing that the bot posted and the test has not seen.
    pub(crate) async fn reply(&self) -> Reply {
        let post = self
            .wait_for("a reply", |world| world.unread.pop_front())
            .await;
        Reply::new(self, post)
    }

    async fn reply_because(&self, what: &str, cause: Cause) -> Post {
        self.wait_for(what, |world| {
            let place = world.unread.iter().position(|post| post.cause() == cause)?;
            world.unread.remove(place)
        })
        .await
    }
}

/// A message that somebody wrote.
#[derive(Clone)]
pub(crate) struct Said {
    discord: Discord,
    pub(crate) id: MessageId,
    pub(crate) channel: ChannelId,
}

impl Said {
    /// Waits for the bot's next post in reply to this message.
    pub(crate) async fn reply(&self) -> Reply {
        Reply::new(
            &self.discord,
            self.discord
                .reply_because("a reply to a message", Cause::Message(self.id))
                .await,
        )
    }
}

/// An interaction that somebody began.
#[derive(Clone)]
pub(crate) struct Asked {
    pub(super) discord: Discord,
    pub(crate) id: InteractionId,
}

impl Asked {
    /// Waits for the bot's next post through this interaction.
    pub(crate) async fn reply(&self) -> Reply {
        let post = self
            .discord
            .reply_because("a response to an interaction", Cause::Interaction(self.id))
            .await;
        Reply::new(&self.discord, post)
    }

    /// Waits for the modal that the bot opens.
    pub(crate) async fn modal(&self) -> Modal {
        match self
            .discord
            .reply_because("a modal", Cause::Interaction(self.id))
            .await
        {
            Post::Modal { data, .. } => Modal::new(&self.discord, self.id, &data),
            Post::Shown { message, .. } => {
                panic!("the bot answered with a message, not a modal: {message:?}")
            }
        }
    }

    /// Waits until the bot has responded in any way, a deferral included.
    pub(crate) async fn is_acknowledged(&self) {
        let id = self.id;
        let done =
            |world: &mut World| (world.interaction(id).response != Response::Nothing).then_some(());
        self.discord.wait_for("an acknowledgement", done).await;
    }

    /// The test does not mind when the bot never responds, or stays "thinking".
    pub(crate) fn may_stay_unanswered(&self) {
        self.discord.with(|world| world.forgiven.push(self.id));
    }
}

impl Actor {
    /// The same person in a channel.
    pub(crate) fn in_channel(mut self, channel: ChannelId) -> Self {
        self.channel = channel;
        self
    }

    /// The same person in the thread of the general channel.
    pub(crate) fn in_thread(self) -> Self {
        let thread = self.discord.look(|world| world.cast.thread);
        self.in_channel(thread)
    }

    /// The same person in direct messages with the bot.
    pub(crate) fn in_dm(self) -> Self {
        let channel = self.discord.with(|world| world.direct_channel(self.user));
        self.in_channel(channel)
    }

    /// The same person in a guild that the bot never joined, with the bot as an app of their own.
    pub(crate) fn elsewhere(self) -> Self {
        let channel = self.discord.look(|world| world.cast.elsewhere);
        self.in_channel(channel).by_user_install()
    }

    /// The same person in a group of friends, with the bot as an app of their own.
    pub(crate) fn in_group(self) -> Self {
        let channel = self.discord.look(|world| world.cast.group);
        self.in_channel(channel).by_user_install()
    }

    /// The same person with the bot as an app of their own.
    pub(crate) fn by_user_install(mut self) -> Self {
        self.install = Install::User;
        self
    }

    /// Sets the language of this person's client.
    pub(crate) fn speaks(self, locale: &str) -> Self {
        self.discord.with(|world| {
            let user = world
                .users
                .get_mut(&self.user)
                .expect("an actor is a user of the world");
            locale.clone_into(&mut user.locale);
        });
        self
    }

    /// Sets what this person may do in every guild.
    pub(crate) fn with_rights(self, rights: Permissions) -> Self {
        self.discord.with(|world| {
            for guild in world.guilds.values_mut() {
                guild.members.insert(self.user, rights);
            }
        });
        self
    }

    /// Closes this person's direct messages to the bot.
    pub(crate) fn closes_direct_messages(self) -> Self {
        self.discord.with(|world| {
            let user = world
                .users
                .get_mut(&self.user)
                .expect("an actor is a user of the world");
            user.direct_messages = DirectMessages::Closed;
        });
        self
    }

    /// Writes a message.
    pub(crate) async fn says(&self, text: &str) -> Said {
        self.writes(text, None).await
    }

    /// Writes a message that begins with a mention of the bot.
    pub(crate) async fn mentions_bot(&self, text: &str) -> Said {
        let bot = self.discord.look(|world| world.bot);
        self.writes(&format!("<@{bot}> {text}"), None).await
    }

    /// Writes to the bot in direct messages.
    pub(crate) async fn dm(&self, text: &str) -> Said {
        self.clone().in_dm().writes(text, None).await
    }

    /// Replies to a message, which pings its author, as clients do unless told otherwise.
    pub(crate) async fn replies_to(&self, target: MessageId, text: &str) -> Said {
        self.writes(text, Some(target)).await
    }

    async fn writes(&self, text: &str, reply_to: Option<MessageId>) -> Said {
        self.discord.bot_has_session().await;
        let length = text.chars().count();
        assert!(
            length <= LONGEST_TEXT,
            "a client does not send {length} characters"
        );
        let id = self.discord.with(|world| {
            let mut message = world.blank(self.channel, self.user, Cause::Nothing);
            text.clone_into(&mut message.content);
            message.reply_to = reply_to;
            set_pings(world, &mut message);
            world.messages.insert(message.id, message.clone());
            world.note(format!(
                "{} writes {}: {text}",
                world.user(self.user).name,
                message.id
            ));
            world.announce(&message, "MESSAGE_CREATE");
            message.id
        });
        Said {
            discord: self.discord.clone(),
            id,
            channel: self.channel,
        }
    }

    /// Opens a post in the forum: a thread, and its first message.
    pub(crate) async fn opens_post(&self, title: &str, text: &str) -> Said {
        self.discord.bot_has_session().await;
        let thread = self.discord.with(|world| {
            let kind = ChannelKind::Thread {
                guild: world.cast.guild,
                parent: world.cast.forum,
                state: ThreadState::Open,
            };
            let thread = world.add_channel(title, kind, world.channel(world.cast.forum).bot);
            let mut data = world.channel_json(world.channel(thread));
            data["newly_created"] = json!(true);
            world.dispatch(&Event::thread(data));
            thread
        });
        self.clone().in_channel(thread).writes(text, None).await
    }

    /// Changes the text of an own message.
    pub(crate) async fn edits(&self, said: &Said, text: &str) {
        self.discord.bot_has_session().await;
        self.discord.with(|world| {
            let mut message = own(world, self.user, said.id);
            text.clone_into(&mut message.content);
            // Discord tells microseconds: no two edits have the same time.
            let after_last = message.edited_ms.map_or(0, |last| last + 1);
            message.edited_ms = Some(world.clock.now_ms().max(after_last));
            set_pings(world, &mut message);
            world.messages.insert(message.id, message.clone());
            world.announce(&message, "MESSAGE_UPDATE");
        });
    }

    /// Deletes an own message.
    pub(crate) async fn deletes(&self, said: &Said) {
        self.discord.bot_has_session().await;
        self.discord.with(|world| {
            let message = own(world, self.user, said.id);
            world.remove(message);
        });
    }

    /// Takes away several messages of a channel in one go, with Manage Messages.
    pub(crate) async fn purges(&self, said: &[&Said]) {
        self.discord.bot_has_session().await;
        self.discord.with(|world| {
            let rights = world.rights_of(self.user, self.channel);
            assert!(rights.manage_messages(), "only moderators purge a channel");
            let ids: Vec<MessageId> = said.iter().map(|said| said.id).collect();
            world.purge(self.channel, &ids);
        });
    }
}

fn own(world: &World, user: UserId, id: MessageId) -> Message {
    let message = world
        .messages
        .get(&id)
        .expect("what was said is in the world")
        .clone();
    assert!(
        message.author == user,
        "people cannot change the messages of others"
    );
    message
}

/// People's mentions always ping; a reply pings the author of what it replies to.
fn set_pings(world: &World, message: &mut Message) {
    let named = Named::of(&message.content);
    let replied = message
        .reply_to
        .and_then(|id| world.messages.get(&id))
        .map(|target| target.author);
    let mut users: Vec<UserId> = named
        .users
        .into_iter()
        .chain(replied)
        .filter(|user| world.users.contains_key(user))
        .collect();
    users.dedup();
    message.pings.users = users;
    message.pings.roles = named.roles;
    let may_ping_all = world
        .rights_of(message.author, message.channel)
        .contains(Permissions::MENTION_EVERYONE);
    message.pings.everyone = named.everyone && may_ping_all;
}
