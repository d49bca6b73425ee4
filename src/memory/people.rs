//! How many different people asked, without writing down who.
//!
//! People are told apart by a hash under a key that is drawn when the program starts and lives in its memory only. So within one
//! life of the program nobody counts twice, and after it nobody, the operator included, can tell who was counted. Nothing in here
//! reaches a disk, and all of it is bounded.
//!
//! What it does not promise: two accounts of one person are two people, and after a restart the count begins again.

use std::collections::{BTreeSet, HashMap, HashSet, VecDeque};
use std::hash::{BuildHasher as _, Hash, RandomState};

use chrono::NaiveDate;

use super::{GuildId, Person};

/// Most questions that are counted at once; the server with the most gives up its oldest, so that a flood in one costs no other.
const MOST_QUESTIONS: usize = 8_192;
/// Most people told apart for one question; beyond it the number is large enough.
const MOST_PEOPLE: usize = 256;
/// Most verdicts remembered: who is older than that could judge once more.
const MOST_VERDICTS: usize = 65_536;

/// Counts who asked what.
#[derive(Debug, Default)]
pub(super) struct Crowd {
    key: RandomState,
    questions: HashMap<u64, Question>,
    asked: u64,
}

#[derive(Debug)]
struct Question {
    guild: GuildId,
    people: BTreeSet<u64>,
    last_day: NaiveDate,
    /// Grows with each asking: the least is the oldest.
    turn: u64,
}

impl Crowd {
    /// Counts somebody's question; returns how many different people have asked it since the program started.
    pub(super) fn count(
        &mut self,
        guild: GuildId,
        question: impl Hash,
        person: Person,
        today: NaiveDate,
    ) -> u64 {
        self.asked += 1;
        let question = self.key.hash_one((guild, question));
        let person = self.key.hash_one((question, person));
        if self.questions.len() >= MOST_QUESTIONS && !self.questions.contains_key(&question) {
            self.make_room();
        }
        let question = self.questions.entry(question).or_insert(Question {
            guild,
            people: BTreeSet::new(),
            last_day: today,
            turn: 0,
        });
        (question.turn, question.last_day) = (self.asked, today);
        if question.people.len() < MOST_PEOPLE {
            question.people.insert(person);
        }
        question.people.len() as u64
    }

    /// Forgets all that was asked in a server.
    pub(super) fn forget(&mut self, guild: GuildId) {
        self.questions.retain(|_, question| question.guild != guild);
    }

    /// Forgets what was last asked on this day or before.
    pub(super) fn forget_until(&mut self, day: NaiveDate) {
        self.questions.retain(|_, question| question.last_day > day);
    }

    fn make_room(&mut self) {
        let mut servers: HashMap<GuildId, usize> = HashMap::new();
        for question in self.questions.values() {
            *servers.entry(question.guild).or_default() += 1;
        }
        let largest = servers
            .iter()
            .max_by_key(|(guild, questions)| (**questions, **guild))
            .map(|(guild, _)| *guild);
        let oldest = self
            .questions
            .iter()
            .filter(|(_, question)| Some(question.guild) == largest)
            .min_by_key(|(_, question)| question.turn)
            .map(|(key, _)| *key);
        if let Some(oldest) = oldest {
            self.questions.remove(&oldest);
        }
    }
}

/// Remembers which verdicts were given, so that nobody gives the same one twice.
#[derive(Debug, Default)]
pub(super) struct Verdicts {
    key: RandomState,
    given: HashSet<u64>,
    order: VecDeque<u64>,
}

/// A verdict that is being counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Given(u64);

impl Verdicts {
    /// Remembers a verdict; `None` if it was given before.
    pub(super) fn give(&mut self, about: impl Hash, person: Person) -> Option<Given> {
        let given = self.key.hash_one((about, person));
        if !self.given.insert(given) {
            return None;
        }
        self.order.push_back(given);
        if self.order.len() > MOST_VERDICTS
            && let Some(oldest) = self.order.pop_front()
        {
            self.given.remove(&oldest);
        }
        Some(Given(given))
    }

    /// Takes a verdict back, because it could not be stored.
    pub(super) fn take_back(&mut self, given: Given) {
        self.given.remove(&given.0);
        self.order.retain(|other| *other != given.0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 11, day).expect("a day of November")
    }

    fn guild(id: u64) -> GuildId {
        GuildId::new(id).expect("not zero")
    }

    #[test]
    fn different_people_count_and_the_same_one_does_not() {
        let mut crowd = Crowd::default();
        let mut check = |server: u64, question: &str, person: u64, expected: u64| {
            let people = crowd.count(guild(server), question, Person::new(person), day(1));
            assert_eq!(people, expected, "{server} {question} {person}");
        };
        check(1, "who paid", 7, 1);
        check(1, "who paid", 7, 1);
        check(1, "who paid", 8, 2);
        check(1, "who voted", 8, 1);
        check(2, "who paid", 8, 1);
        check(1, "who paid", 7, 2);
    }

    #[test]
    fn what_is_forgotten_is_counted_from_one() {
        let mut crowd = Crowd::default();
        let ask = |crowd: &mut Crowd, server, person, today| {
            crowd.count(guild(server), "q", Person::new(person), today)
        };
        ask(&mut crowd, 1, 7, day(1));
        ask(&mut crowd, 2, 7, day(2));
        crowd.forget(guild(1));
        assert_eq!(ask(&mut crowd, 1, 8, day(3)), 1);
        assert_eq!(ask(&mut crowd, 2, 8, day(3)), 2);
        crowd.forget_until(day(3));
        assert_eq!(ask(&mut crowd, 2, 9, day(4)), 1);
    }

    #[test]
    fn a_flood_in_one_server_costs_no_other() {
        let mut crowd = Crowd::default();
        crowd.count(guild(1), "quiet", Person::new(7), day(1));
        for flood in 0..MOST_QUESTIONS + 100 {
            crowd.count(guild(2), flood, Person::new(9), day(1));
        }
        assert_eq!(crowd.questions.len(), MOST_QUESTIONS);
        assert_eq!(crowd.count(guild(1), "quiet", Person::new(8), day(1)), 2);
        assert_eq!(crowd.count(guild(2), 0, Person::new(8), day(1)), 1);
    }

    #[test]
    fn a_verdict_is_given_once_unless_it_is_taken_back() {
        let mut verdicts = Verdicts::default();
        let given = verdicts.give("entry", Person::new(7)).expect("the first");
        assert_eq!(verdicts.give("entry", Person::new(7)), None);
        assert!(verdicts.give("entry", Person::new(8)).is_some());
        verdicts.take_back(given);
        assert_eq!(verdicts.give("entry", Person::new(7)), Some(given));
        for flood in 0..MOST_VERDICTS {
            assert!(verdicts.give(flood, Person::new(1)).is_some());
        }
        assert_eq!(verdicts.given.len(), MOST_VERDICTS);
        assert_eq!(verdicts.order.len(), MOST_VERDICTS);
    }

    #[test]
    fn a_person_cannot_be_shown() {
        assert_eq!(format!("{:?}", Person::new(80_351_110)), "Person(…)");
    }
}
