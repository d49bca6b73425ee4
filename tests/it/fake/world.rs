//! What exists: users, guilds, channels, messages, interactions, and what the bot has posted.
//!
//! Plain values under one lock. Nothing in here knows HTTP or WebSocket, and nothing waits.

use std::collections::{BTreeMap, VecDeque};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serenity::model::Permissions;
use serenity::model::id::{ApplicationId, ChannelId, GuildId, InteractionId, MessageId, UserId};

use super::commands::Commands;
use super::entities::{
    Account, Channel, ChannelKind, DirectMessages, Guild, Interaction, Message, Post, Presence,
    ThreadState, User,
};
use super::faults::Rule;
use super::gateway::Gateway;
use super::record::Request;
use super::refusal::Refusal;

/// First millisecond of 2015, where Discord's snowflakes begin.
const DISCORD_EPOCH_MS: u64 = 1_420_070_400_000;

/// What Discord asks of an interaction's first response.
const FIRST_RESPONSE: Duration = Duration::from_secs(3);

/// How long an interaction's token can be used.
const TOKEN_LIFE: Duration = Duration::from_mins(15);

/// What a human member may do where nothing else was said.
pub(crate) const MEMBER_RIGHTS: Permissions = Permissions::VIEW_CHANNEL
    .union(Permissions::SEND_MESSAGES)
    .union(Permissions::SEND_MESSAGES_IN_THREADS)
    .union(Permissions::READ_MESSAGE_HISTORY)
    .union(Permissions::EMBED_LINKS)
    .union(Permissions::ATTACH_FILES)
    .union(Permissions::ADD_REACTIONS)
    .union(Permissions::USE_APPLICATION_COMMANDS)
    .union(Permissions::USE_EXTERNAL_APPS);

/// The clock of the world: the wall's, moved forward by tests.
#[derive(Debug, Default)]
pub(crate) struct Clock {
    ahead: Duration,
}

impl Clock {
    /// Milliseconds since 1970.
    pub(crate) fn now_ms(&self) -> u64 {
        let wall = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .expect("the machine's clock is after 1970");
        u64::try_from((wall + self.ahead).as_millis())
            .expect("milliseconds fit until the year 584556019")
    }

    /// Moves the world's clock forward, for every deadline at once.
    pub(crate) fn advance(&mut self, by: Duration) {
        self.ahead += by;
    }
}

/// How long a test waits for an effect. Far more than any needs on a busy machine; only a failing test waits this long.
const PATIENCE: Duration = Duration::from_secs(20);

/// Deadlines that tests may move.
#[derive(Debug)]
pub(crate) struct Deadlines {
    pub(crate) first_response: Duration,
    pub(crate) token_life: Duration,
    /// How long the test itself waits.
    pub(crate) patience: Duration,
}

/// Where the bot's run stands.
#[derive(Clone, Debug)]
pub(crate) enum BotLife {
    NotStarted,
    Running,
    /// By itself or because it was asked to.
    Ended(Result<(), String>),
}

/// The people and places every test begins with.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Cast {
    pub(crate) alice: UserId,
    pub(crate) bob: UserId,
    /// A member with Manage Server and Manage Messages.
    pub(crate) moderator: UserId,
    /// Another bot.
    pub(crate) robot: UserId,
    pub(crate) guild: GuildId,
    pub(crate) general: ChannelId,
    pub(crate) thread: ChannelId,
    pub(crate) forum: ChannelId,
    /// A guild that the bot never joined.
    pub(crate) elsewhere: ChannelId,
    /// A group of people without the bot.
    pub(crate) group: ChannelId,
}

/// Everything.
pub(crate) struct World {
    pub(crate) clock: Clock,
    pub(crate) deadlines: Deadlines,
    /// The bot's token, without the word `Bot`.
    pub(crate) token: String,
    /// `127.0.0.1:PORT`.
    pub(crate) address: String,
    pub(crate) bot: UserId,
    pub(crate) application: ApplicationId,
    pub(crate) cast: Cast,
    pub(crate) users: BTreeMap<UserId, User>,
    pub(crate) guilds: BTreeMap<GuildId, Guild>,
    pub(crate) channels: BTreeMap<ChannelId, Channel>,
    pub(crate) messages: BTreeMap<MessageId, Message>,
    pub(crate) interactions: BTreeMap<InteractionId, Interaction>,
    pub(crate) commands: Commands,
    pub(crate) gateway: Gateway,
    pub(crate) faults: Vec<Rule>,
    pub(crate) requests: Vec<Request>,
    /// Names and texts of files that the bot sent beside messages, oldest first.
    pub(crate) uploads: Vec<(String, String)>,
    /// Requests that have come in and are not answered yet.
    pub(crate) open_requests: usize,
    /// What the bot posted and the test has not looked at, oldest first.
    pub(crate) unread: VecDeque<Post>,
    /// 4xx answers that the test has not looked at, oldest first.
    pub(crate) refusals: VecDeque<Refusal>,
    /// What cannot be right whatever the test says; fails it.
    pub(crate) complaints: Vec<String>,
    pub(crate) life: BotLife,
    /// Interactions that a test allows to stay unanswered.
    pub(crate) forgiven: Vec<InteractionId>,
    /// One line for each thing that happened, for messages of failed tests.
    pub(crate) log: Vec<String>,
    born_ms: u64,
    last_id: u64,
}

impl World {
    /// A world with the usual cast, served at `address`.
    pub(crate) fn new(address: String) -> Self {
        let clock = Clock::default();
        let born_ms = clock.now_ms();
        let nobody = UserId::new(1);
        let mut world = World {
            clock,
            deadlines: Deadlines {
                first_response: FIRST_RESPONSE,
                token_life: TOKEN_LIFE,
                patience: PATIENCE,
            },
            // Shaped like a token, because serenity refuses others; the first part is the bot's id in base 64.
            token: "MTA0MjAwMDAwMDAwMDAwMDAwMA.fake00.the-token-of-the-bot-under-test-000000"
                .to_owned(),
            address,
            bot: nobody,
            application: ApplicationId::new(1),
            cast: Cast {
                alice: nobody,
                bob: nobody,
                moderator: nobody,
                robot: nobody,
                guild: GuildId::new(1),
                general: ChannelId::new(1),
                thread: ChannelId::new(1),
                forum: ChannelId::new(1),
                elsewhere: ChannelId::new(1),
                group: ChannelId::new(1),
            },
            users: BTreeMap::new(),
            guilds: BTreeMap::new(),
            channels: BTreeMap::new(),
            messages: BTreeMap::new(),
            interactions: BTreeMap::new(),
            commands: Commands::default(),
            gateway: Gateway::default(),
            faults: Vec::new(),
            requests: Vec::new(),
            uploads: Vec::new(),
            open_requests: 0,
            unread: VecDeque::new(),
            refusals: VecDeque::new(),
            complaints: Vec::new(),
            life: BotLife::NotStarted,
            forgiven: Vec::new(),
            log: Vec::new(),
            born_ms,
            last_id: 0,
        };
        world.settle_in();
        world
    }

    fn settle_in(&mut self) {
        self.bot = self.add_user("cleartext", Account::Bot);
        // A modern application and its bot share one id.
        self.application = ApplicationId::new(self.bot.get());
        self.cast.alice = self.add_user("alice", Account::Human);
        self.cast.bob = self.add_user("bob", Account::Human);
        self.cast.moderator = self.add_user("moderator", Account::Human);
        self.cast.robot = self.add_user("robot", Account::Bot);

        self.cast.guild = self.add_guild("The club", Presence::Member);
        let staff = MEMBER_RIGHTS | Permissions::MANAGE_GUILD | Permissions::MANAGE_MESSAGES;
        let moderator = self.cast.moderator;
        self.guild_mut(self.cast.guild)
            .members
            .insert(moderator, staff);
        let guild = self.cast.guild;
        self.cast.general = self.add_channel("general", ChannelKind::Text { guild }, MEMBER_RIGHTS);
        let parent = self.cast.general;
        let thread = ChannelKind::Thread {
            guild,
            parent,
            state: ThreadState::Open,
        };
        self.cast.thread = self.add_channel("a thread", thread, MEMBER_RIGHTS);
        self.cast.forum = self.add_channel("forum", ChannelKind::Forum { guild }, MEMBER_RIGHTS);

        let foreign = self.add_guild("Elsewhere", Presence::Absent);
        self.cast.elsewhere =
            self.add_channel("lobby", ChannelKind::Text { guild: foreign }, MEMBER_RIGHTS);
        let owner = self.cast.alice;
        self.cast.group = self.add_channel("friends", ChannelKind::Group { owner }, MEMBER_RIGHTS);
    }

    /// A new snowflake: 19 digits, of now, never the same twice.
    pub(crate) fn next_id(&mut self) -> u64 {
        let now = (self.clock.now_ms() - DISCORD_EPOCH_MS) << 22;
        self.last_id = now.max(self.last_id + 1);
        self.last_id
    }

    /// When an id was made, in milliseconds since 1970.
    pub(crate) fn made_at_ms(id: u64) -> u64 {
        (id >> 22) + DISCORD_EPOCH_MS
    }

    /// Adds an account; it joins every guild there is.
    pub(crate) fn add_user(&mut self, name: &str, account: Account) -> UserId {
        let id = UserId::new(self.next_id());
        let user = User {
            id,
            name: name.to_owned(),
            account,
            locale: "en-GB".to_owned(),
            direct_messages: DirectMessages::Open,
        };
        self.users.insert(id, user);
        for guild in self.guilds.values_mut() {
            guild.members.insert(id, MEMBER_RIGHTS);
        }
        id
    }

    /// Adds a guild with everybody in it.
    pub(crate) fn add_guild(&mut self, name: &str, bot: Presence) -> GuildId {
        let id = GuildId::new(self.next_id());
        let members = self
            .users
            .keys()
            .filter(|user| **user != self.bot)
            .map(|user| (*user, MEMBER_RIGHTS))
            .collect();
        self.guilds.insert(
            id,
            Guild {
                id,
                name: name.to_owned(),
                locale: "en-GB".to_owned(),
                bot,
                members,
            },
        );
        id
    }

    /// Adds a channel, where the bot may do as told.
    pub(crate) fn add_channel(
        &mut self,
        name: &str,
        kind: ChannelKind,
        bot: Permissions,
    ) -> ChannelId {
        let id = ChannelId::new(self.next_id());
        self.channels.insert(
            id,
            Channel {
                id,
                name: name.to_owned(),
                kind,
                bot,
            },
        );
        id
    }

    /// The direct-message channel between the bot and a user, made when first asked for.
    pub(crate) fn direct_channel(&mut self, with: UserId) -> ChannelId {
        let known = self
            .channels
            .values()
            .find(|channel| channel.kind == ChannelKind::Direct { with })
            .map(|channel| channel.id);
        known.unwrap_or_else(|| {
            self.add_channel("direct", ChannelKind::Direct { with }, MEMBER_RIGHTS)
        })
    }

    /// The account with this id; the world only hands out ids of what it holds.
    pub(crate) fn user(&self, id: UserId) -> &User {
        self.users
            .get(&id)
            .expect("the world knows every user whose id it gave out")
    }

    /// The guild with this id.
    pub(crate) fn guild(&self, id: GuildId) -> &Guild {
        self.guilds
            .get(&id)
            .expect("the world knows every guild whose id it gave out")
    }

    /// The guild with this id, to change it.
    pub(crate) fn guild_mut(&mut self, id: GuildId) -> &mut Guild {
        self.guilds
            .get_mut(&id)
            .expect("the world knows every guild whose id it gave out")
    }

    /// The channel with this id.
    pub(crate) fn channel(&self, id: ChannelId) -> &Channel {
        self.channels
            .get(&id)
            .expect("the world knows every channel whose id it gave out")
    }

    /// The interaction with this id.
    pub(crate) fn interaction(&self, id: InteractionId) -> &Interaction {
        self.interactions
            .get(&id)
            .expect("the world knows every interaction whose id it gave out")
    }

    /// What a person may do in a channel; direct channels know no limits.
    pub(crate) fn rights_of(&self, user: UserId, channel: ChannelId) -> Permissions {
        match self.channel(channel).guild() {
            Some(guild) => self
                .guild(guild)
                .members
                .get(&user)
                .copied()
                .unwrap_or(Permissions::empty()),
            None => MEMBER_RIGHTS,
        }
    }

    /// Whether the bot belongs to the place of a channel and so hears and may speak there.
    pub(crate) fn bot_is_in(&self, channel: ChannelId) -> bool {
        let channel = self.channel(channel);
        match channel.kind {
            ChannelKind::Group { .. } => false,
            ChannelKind::Direct { .. } => true,
            ChannelKind::Text { guild }
            | ChannelKind::Forum { guild }
            | ChannelKind::Thread { guild, .. } => {
                self.guild(guild).bot == Presence::Member
                    && channel.bot.contains(Permissions::VIEW_CHANNEL)
            }
        }
    }

    /// Notes something that happened.
    pub(crate) fn note(&mut self, what: impl AsRef<str>) {
        let at = self.clock.now_ms().saturating_sub(self.born_ms);
        self.log.push(format!("{at:>6} ms  {}", what.as_ref()));
    }

    /// Notes something that cannot be right; the test fails.
    pub(crate) fn complain(&mut self, what: impl Into<String>) {
        let what = what.into();
        self.note(format!("COMPLAINT: {what}"));
        self.complaints.push(what);
    }
}
