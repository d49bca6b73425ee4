//! Who has asked how often, what has been answered where, and which message was replied to with which: for a short while.
//!
//! In the process's memory only, bounded in number and age, and gone with it. People stand in it as a number made with a
//! key of this process, from which nobody's id can be told.

use std::collections::{HashMap, VecDeque};
use std::hash::{BuildHasher, Hash, RandomState};
use std::sync::Arc;
use std::time::{Duration, Instant};

use serenity::all::{ChannelId, InteractionId, MessageId, Timestamp, UserId};
use tokio::sync::Mutex;

use super::settings::Cooldown;
use crate::answering::EntryId;

/// How many people's, and how many answers', last minute is remembered.
const MOST: usize = 4_096;
/// How many questions are remembered with the reply they got.
const MOST_REPLIES: usize = 1_024;
/// How long a question is remembered: a typo is mended within minutes.
const REPLY_LIFE: Duration = Duration::from_hours(1);

/// Whether somebody may ask now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Pace {
    /// Yes.
    Fine,
    /// Not for so long. They have not been told yet.
    TooFast(Duration),
    /// Not for so long, which they have been told.
    StillTooFast(Duration),
}

/// When people last asked.
#[derive(Debug, Default)]
pub(super) struct Askers {
    key: RandomState,
    by: HashMap<u64, Asker>,
}

#[derive(Debug, Default)]
struct Asker {
    times: VecDeque<Instant>,
    told: Option<Instant>,
}

impl Askers {
    /// Somebody asks.
    pub(super) fn asks(&mut self, user: UserId, cooldown: Cooldown, now: Instant) -> Pace {
        if cooldown.times == 0 {
            return Pace::Fine;
        }
        let over = |time: &Instant| now.duration_since(*time) >= cooldown.within;
        let key = self.key.hash_one(user);
        if self.by.len() >= MOST && !self.by.contains_key(&key) {
            self.by
                .retain(|_, asker| asker.times.back().is_some_and(|last| !over(last)));
            make_room(&mut self.by, |asker| asker.times.back().copied());
        }
        let asker = self.by.entry(key).or_default();
        while asker.times.front().is_some_and(over) {
            asker.times.pop_front();
        }
        if asker.times.len() < cooldown.times {
            asker.times.push_back(now);
            asker.told = None;
            return Pace::Fine;
        }
        let first = asker.times.front().copied().unwrap_or(now);
        let wait = cooldown.within.saturating_sub(now.duration_since(first));
        match asker.told.replace(now) {
            None => Pace::TooFast(wait),
            Some(_) => Pace::StillTooFast(wait),
        }
    }
}

/// Whether an answer is new in a channel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Given {
    /// It is, and counts as given from now on.
    Now,
    /// It was given a moment ago, in this message if that is known, at this Unix time.
    Before(Option<MessageId>, i64),
}

/// Which answers were given where.
#[derive(Debug, Default)]
pub(super) struct Answers {
    by: HashMap<(ChannelId, EntryId), Standing>,
}

#[derive(Debug)]
struct Standing {
    at: Instant,
    unix: i64,
    /// The interaction it responds to; Discord tells the message's id only afterwards.
    through: Option<InteractionId>,
    message: Option<MessageId>,
}

impl Answers {
    /// An answer is to be given in a channel; `unix` is the time of day, for people.
    pub(super) fn give(
        &mut self,
        channel: ChannelId,
        entry: &EntryId,
        through: Option<InteractionId>,
        cooldown: Duration,
        (now, unix): (Instant, i64),
    ) -> Given {
        let key = (channel, entry.clone());
        if let Some(given) = self.by.get(&key)
            && now.duration_since(given.at) < cooldown
        {
            return Given::Before(given.message, given.unix);
        }
        if self.by.len() >= MOST && !self.by.contains_key(&key) {
            make_room(&mut self.by, |given| Some(given.at));
        }
        let given = Standing {
            at: now,
            unix,
            through,
            message: None,
        };
        self.by.insert(key, given);
        Given::Now
    }

    /// The answer stands in this message.
    pub(super) fn stands_in(&mut self, channel: ChannelId, entry: &EntryId, message: MessageId) {
        if let Some(given) = self.by.get_mut(&(channel, entry.clone())) {
            given.message = Some(message);
        }
    }

    /// The response to an interaction is this message.
    pub(super) fn responded(&mut self, interaction: InteractionId, message: MessageId) {
        let given = self
            .by
            .values_mut()
            .find(|given| given.through == Some(interaction));
        if let Some(given) = given {
            given.message = Some(message);
        }
    }

    /// It was not given after all.
    pub(super) fn take_back(&mut self, channel: ChannelId, entry: &EntryId) {
        self.by.remove(&(channel, entry.clone()));
    }

    /// This message is gone.
    pub(super) fn message_is_gone(&mut self, message: MessageId) {
        self.by.retain(|_, given| given.message != Some(message));
    }
}

/// A question with the reply that it gets.
#[derive(Clone, Debug)]
pub(super) struct Replied {
    /// Unknown as long as it is being posted.
    reply: Option<MessageId>,
    /// When the question was last edited, as far as it was taken in.
    edited: Option<Timestamp>,
    at: Instant,
    /// Held while the reply is posted or changed: Discord takes requests that are open together in any order.
    turn: Turn,
}

/// To be held while a reply is posted or changed.
pub(super) type Turn = Arc<Mutex<()>>;

impl Replied {
    /// A reply that is to be posted from `at` on, to a question last edited at `edited`.
    pub(super) fn new(edited: Option<Timestamp>, at: Instant) -> Self {
        Self {
            reply: None,
            edited,
            at,
            turn: Arc::default(),
        }
    }

    fn is_old(&self, now: Instant) -> bool {
        now.duration_since(self.at) >= REPLY_LIFE
    }
}

/// Which reply each question got.
#[derive(Debug, Default)]
pub(super) struct Replies {
    by: HashMap<MessageId, Replied>,
}

impl Replies {
    /// A question is going to get a reply; returns what is to be held until that is posted.
    pub(super) fn begin(&mut self, question: MessageId, replied: Replied) -> Turn {
        let now = replied.at;
        self.by.retain(|_, replied| !replied.is_old(now));
        if self.by.len() >= MOST_REPLIES {
            make_room(&mut self.by, |replied| Some(replied.at));
        }
        let turn = Arc::clone(&replied.turn);
        self.by.insert(question, replied);
        turn
    }

    /// The reply to a question is posted; `false` if the question is gone meanwhile, and the reply has to go as well.
    pub(super) fn posted(&mut self, question: MessageId, reply: MessageId) -> bool {
        let Some(replied) = self.by.get_mut(&question) else {
            return false;
        };
        replied.reply = Some(reply);
        true
    }

    /// The question gets no reply.
    pub(super) fn not_posted(&mut self, question: MessageId) {
        self.by.remove(&question);
    }

    /// The reply to a question, once it is posted.
    pub(super) fn reply_to(&self, question: MessageId) -> Option<MessageId> {
        self.by.get(&question)?.reply
    }

    /// Whether a reply is to follow an edit of its question: what to hold while it does. An edit is taken in once; Discord sends
    /// an update for unfolded links as well, without a new time.
    pub(super) fn edited(
        &mut self,
        question: MessageId,
        edited: Timestamp,
        now: Instant,
    ) -> Option<Turn> {
        let replied = self.by.get_mut(&question)?;
        if replied.is_old(now) || replied.edited.is_some_and(|known| known >= edited) {
            return None;
        }
        replied.edited = Some(edited);
        Some(Arc::clone(&replied.turn))
    }

    /// Whether the question was edited again since, or is gone with its reply.
    pub(super) fn is_overtaken(&self, question: MessageId, edited: Timestamp) -> bool {
        let known = self.by.get(&question).and_then(|replied| replied.edited);
        known != Some(edited)
    }

    /// A message is gone: the reply to be taken away with it, where it was a question that has one, and what to hold meanwhile.
    pub(super) fn message_is_gone(
        &mut self,
        message: MessageId,
        now: Instant,
    ) -> Option<(MessageId, Turn)> {
        let question = self.by.remove(&message);
        self.by.retain(|_, replied| replied.reply != Some(message));
        question
            .filter(|replied| !replied.is_old(now))
            .and_then(|replied| Some((replied.reply?, replied.turn)))
    }
}

/// Forgets what is oldest.
fn make_room<K: Clone + Eq + Hash, V>(by: &mut HashMap<K, V>, at: impl Fn(&V) -> Option<Instant>) {
    let oldest = by
        .iter()
        .min_by_key(|(_, value)| at(value))
        .map(|(key, _)| key.clone());
    if let Some(oldest) = oldest {
        by.remove(&oldest);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(start: Instant, seconds: u64) -> Instant {
        start + Duration::from_secs(seconds)
    }

    #[test]
    fn five_questions_in_half_a_minute_are_enough() {
        let start = Instant::now();
        let cooldown = Cooldown {
            times: 5,
            within: Duration::from_secs(30),
        };
        let mut askers = Askers::default();
        let mut asks =
            |user: u64, seconds: u64| askers.asks(UserId::new(user), cooldown, at(start, seconds));
        for second in 0..5 {
            assert_eq!(asks(1, second), Pace::Fine);
        }
        assert_eq!(asks(1, 5), Pace::TooFast(Duration::from_secs(25)));
        assert_eq!(asks(1, 6), Pace::StillTooFast(Duration::from_secs(24)));
        assert_eq!(asks(2, 6), Pace::Fine, "others are not concerned");
        assert_eq!(asks(1, 30), Pace::Fine);
        assert_eq!(asks(1, 30), Pace::TooFast(Duration::from_secs(1)));
        for user in 10..10_000 {
            asks(user, 31);
        }
        assert!(askers.by.len() <= MOST);
    }

    #[test]
    fn an_answer_is_given_once_a_minute_in_a_channel() {
        let start = Instant::now();
        let minute = Duration::from_mins(1);
        let (here, there) = (ChannelId::new(1), ChannelId::new(2));
        let entry = EntryId::new("how-tall").expect("an id");
        let mut answers = Answers::default();
        let asked = InteractionId::new(7);
        let first = answers.give(here, &entry, Some(asked), minute, (at(start, 0), 100));
        assert_eq!(first, Given::Now);
        let before = |message| Given::Before(message, 100);
        let again = |answers: &mut Answers, channel, seconds| {
            answers.give(channel, &entry, None, minute, (at(start, seconds), 200))
        };
        assert_eq!(again(&mut answers, here, 1), before(None));
        answers.responded(asked, MessageId::new(9));
        assert_eq!(
            again(&mut answers, here, 59),
            before(Some(MessageId::new(9)))
        );
        assert_eq!(again(&mut answers, there, 59), Given::Now);
        assert_eq!(again(&mut answers, here, 60), Given::Now);
        answers.stands_in(here, &entry, MessageId::new(10));
        answers.message_is_gone(MessageId::new(10));
        assert_eq!(again(&mut answers, here, 61), Given::Now);
        answers.take_back(here, &entry);
        assert_eq!(again(&mut answers, here, 62), Given::Now);
        for channel in 10..10_000 {
            again(&mut answers, ChannelId::new(channel), 63);
        }
        assert!(answers.by.len() <= MOST);
    }

    #[test]
    fn an_edit_is_taken_in_once_and_for_an_hour() {
        let start = Instant::now();
        let time = |second: i64| Timestamp::from_unix_timestamp(second).expect("a time");
        let (question, reply) = (MessageId::new(1), MessageId::new(2));
        let mut replies = Replies::default();
        replies.begin(question, Replied::new(None, start));
        assert!(replies.posted(question, reply));
        let mut edited = |second: i64, seconds: u64| {
            let turn = replies.edited(question, time(second), at(start, seconds));
            turn.is_some()
        };
        assert!(edited(5, 5));
        assert!(!edited(5, 6));
        assert!(!edited(4, 6));
        assert!(!edited(9, 3_600));
        assert_eq!(replies.reply_to(question), Some(reply));
        assert!(!replies.is_overtaken(question, time(5)));
        assert!(replies.is_overtaken(question, time(4)));
        let gone = |replies: &mut Replies, message| {
            let gone = replies.message_is_gone(message, at(start, 10));
            gone.map(|(reply, _)| reply)
        };
        assert_eq!(gone(&mut replies, question), Some(reply));
        assert_eq!(gone(&mut replies, question), None);
        assert!(replies.is_overtaken(question, time(5)), "it is gone");
        replies.begin(question, Replied::new(None, start));
        assert!(replies.posted(question, reply));
        assert_eq!(gone(&mut replies, reply), None);
        assert_eq!(
            gone(&mut replies, question),
            None,
            "its reply was gone already"
        );
        for question in 10..5_000 {
            replies.begin(MessageId::new(question), Replied::new(None, start));
        }
        assert!(replies.by.len() <= MOST_REPLIES);
        let later = Replied::new(None, at(start, 3_600));
        replies.begin(question, later);
        assert_eq!(replies.by.len(), 1, "what is old is not held");
    }

    #[test]
    fn a_question_that_goes_while_its_reply_is_posted_is_told_so() {
        let start = Instant::now();
        let (question, reply) = (MessageId::new(1), MessageId::new(2));
        let mut replies = Replies::default();
        let turn = replies.begin(question, Replied::new(None, start));
        let edited = Timestamp::from_unix_timestamp(5).expect("a time");
        let follow = replies.edited(question, edited, start);
        let follow = follow.expect("the reply is to follow");
        assert!(Arc::ptr_eq(&turn, &follow), "it waits for its turn");
        assert_eq!(replies.reply_to(question), None);
        assert!(replies.message_is_gone(question, start).is_none());
        assert!(!replies.posted(question, reply));
        replies.begin(question, Replied::new(None, start));
        replies.not_posted(question);
        assert!(replies.edited(question, edited, start).is_none());
    }
}
