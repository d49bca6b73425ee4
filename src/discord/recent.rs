//! Small memories with a bound: what has been seen lately, and where something holds for a while.

use std::collections::{HashMap, HashSet, VecDeque};
use std::hash::Hash;
use std::time::Instant;

/// The last few keys that were shown to it, oldest forgotten first.
#[derive(Debug)]
pub(super) struct Recent<K> {
    known: HashSet<K>,
    order: VecDeque<K>,
    capacity: usize,
}

impl<K: Copy + Eq + Hash> Recent<K> {
    /// A memory of at most `capacity` keys.
    pub(super) fn new(capacity: usize) -> Self {
        Self {
            known: HashSet::new(),
            order: VecDeque::new(),
            capacity,
        }
    }

    /// Whether a key is seen for the first time; it is known from now on.
    pub(super) fn is_new(&mut self, key: K) -> bool {
        if !self.known.insert(key) {
            return false;
        }
        self.order.push_back(key);
        if self.order.len() > self.capacity
            && let Some(oldest) = self.order.pop_front()
        {
            self.known.remove(&oldest);
        }
        true
    }

    /// Forgets a key, so that it can be new again.
    pub(super) fn forget(&mut self, key: K) {
        if self.known.remove(&key) {
            self.order.retain(|known| *known != key);
        }
    }
}

/// Keys for which something holds until an instant; at most `capacity` of them.
#[derive(Debug)]
pub(super) struct Until<K> {
    ends: HashMap<K, Instant>,
    capacity: usize,
}

impl<K: Copy + Eq + Hash> Until<K> {
    /// A memory of at most `capacity` keys.
    pub(super) fn new(capacity: usize) -> Self {
        Self {
            ends: HashMap::new(),
            capacity,
        }
    }

    /// Lets it hold for a key until `end`. A full memory forgets what is over, then what ends first.
    pub(super) fn hold(&mut self, key: K, end: Instant, now: Instant) {
        if self.ends.len() >= self.capacity && !self.ends.contains_key(&key) {
            self.ends.retain(|_, end| *end > now);
            if self.ends.len() >= self.capacity
                && let Some(first) = self
                    .ends
                    .iter()
                    .min_by_key(|(_, end)| **end)
                    .map(|(key, _)| *key)
            {
                self.ends.remove(&first);
            }
        }
        self.ends.insert(key, end);
    }

    /// Lets it hold for a key no longer; whether it did.
    pub(super) fn release(&mut self, key: K, now: Instant) -> bool {
        self.ends.remove(&key).is_some_and(|end| end > now)
    }

    /// Whether it still holds for a key.
    pub(super) fn holds(&self, key: K, now: Instant) -> bool {
        self.ends.get(&key).is_some_and(|end| *end > now)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn a_key_is_new_once_until_it_is_forgotten() {
        let mut recent = Recent::new(2);
        assert!(recent.is_new(1));
        assert!(!recent.is_new(1));
        assert!(recent.is_new(2));
        assert!(recent.is_new(3), "the third pushes the first out");
        assert!(recent.is_new(1));
        assert!(!recent.is_new(3));
        recent.forget(3);
        assert!(recent.is_new(3));
        assert_eq!(recent.known.len(), recent.order.len());
    }

    #[test]
    fn what_holds_ends_and_never_fills_the_memory() {
        let start = Instant::now();
        let at = |seconds: u64| start + Duration::from_secs(seconds);
        let mut until = Until::new(2);
        until.hold('a', at(10), at(0));
        assert!(until.holds('a', at(9)));
        assert!(!until.holds('a', at(10)));
        until.hold('b', at(20), at(0));
        until.hold('c', at(30), at(0));
        assert!(!until.holds('a', at(1)), "it would have ended first");
        assert!(until.holds('b', at(1)) && until.holds('c', at(1)));
        until.hold('d', at(40), at(25));
        assert!(until.holds('c', at(25)) && until.holds('d', at(25)));
        assert_eq!(until.ends.len(), 2);
        assert!(until.release('c', at(25)) && !until.holds('c', at(25)));
        assert!(!until.release('c', at(25)) && !until.release('d', at(40)));
    }
}
