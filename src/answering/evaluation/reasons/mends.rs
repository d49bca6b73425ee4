//! What would mend the misses: those with the same remedy together, the most rewarding work first.
//!
//! It proposes; the wording is the curator's.

use std::collections::BTreeMap;

use super::{Miss, Reason, Told};

/// What to do about a miss.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Remedy {
    /// The entry needs phrasings that ask like this.
    AddPhrasings {
        /// The entry.
        entry: String,
    },
    /// Two entries are too alike.
    TellApart {
        /// The two, in the order of their ids.
        entries: (String, String),
    },
    /// The entry draws questions that nothing answers.
    Guard {
        /// The entry.
        entry: String,
    },
    /// No wording would mend it; the graded question itself wants a look.
    LookAgain,
}

impl Miss {
    /// What would mend it.
    ///
    /// ```
    /// use cleartext::answering::evaluation::{Miss, Reason, Remedy, Verdict};
    ///
    /// let miss = Miss {
    ///     question: 0,
    ///     verdict: Verdict::Refused,
    ///     wanted: Some("oven".to_owned()),
    ///     found: None,
    ///     reason: Reason::Lacks {
    ///         words: vec!["hob".to_owned()],
    ///         found: "tea".to_owned(),
    ///         led: Vec::new(),
    ///     },
    /// };
    /// assert_eq!(miss.remedy(), Remedy::AddPhrasings { entry: "oven".to_owned() });
    /// ```
    pub fn remedy(&self) -> Remedy {
        let add = || match &self.wanted {
            Some(entry) => Remedy::AddPhrasings {
                entry: entry.clone(),
            },
            None => Remedy::LookAgain,
        };
        let apart = |other: &str| match &self.wanted {
            Some(wanted) => {
                let mut pair = [wanted.clone(), other.to_owned()];
                pair.sort();
                let [one, two] = pair;
                Remedy::TellApart {
                    entries: (one, two),
                }
            }
            None => Remedy::Guard {
                entry: other.to_owned(),
            },
        };
        match &self.reason {
            Reason::NamesEntry { .. }
            | Reason::NothingToGoBy
            | Reason::OneWord { .. }
            | Reason::BothRight { .. } => Remedy::LookAgain,
            Reason::SameWording { other } | Reason::CloseSecond { other, .. } => apart(other),
            Reason::Behind { found, .. } => apart(found),
            Reason::Misread { .. }
            | Reason::Pulled { .. }
            | Reason::Lacks { .. }
            | Reason::Outscored { .. }
            | Reason::Unsure { .. } => add(),
            Reason::Resembles { found, .. } => Remedy::Guard {
                entry: found.clone(),
            },
        }
    }

    /// The words whose lack is to blame, as typed.
    pub(super) fn lacking(&self) -> &[String] {
        match &self.reason {
            Reason::Lacks { words, .. } => words,
            Reason::Pulled { lacking, .. } | Reason::Unsure { lacking, .. } => lacking,
            Reason::Misread { from, .. } => std::slice::from_ref(from),
            Reason::NamesEntry { .. }
            | Reason::NothingToGoBy
            | Reason::OneWord { .. }
            | Reason::SameWording { .. }
            | Reason::Behind { .. }
            | Reason::CloseSecond { .. }
            | Reason::BothRight { .. }
            | Reason::Outscored { .. }
            | Reason::Resembles { .. } => &[],
        }
    }
}

/// Misses that the same work on the knowledge would mend.
#[derive(Clone, Debug, PartialEq)]
pub struct Mend {
    /// The work.
    pub remedy: Remedy,
    /// For new phrasings: words that they should have, each with how many of the questions have it, the most frequent first.
    pub words: Vec<(String, usize)>,
    /// The misses, wrong answers first, then those that were not even offered.
    pub misses: Vec<Miss>,
}

impl Mend {
    fn number(&self, is_so: impl Fn(&Miss) -> bool) -> usize {
        self.misses.iter().filter(|miss| is_so(miss)).count()
    }

    /// What to do, for a curator: an imperative.
    pub fn told(&self) -> Told {
        let told = Told::default();
        match &self.remedy {
            Remedy::AddPhrasings { entry } => {
                let told = told.words("Add phrasings to ").id(entry);
                let words: Vec<_> = self.words.iter().map(|(word, _)| word.clone()).collect();
                if words.is_empty() {
                    return told.words(" that ask in this way");
                }
                told.quotes_in(
                    ", with words such as ",
                    words.get(..MOST_WORDS).unwrap_or(&words),
                    "",
                )
            }
            Remedy::TellApart {
                entries: (one, two),
            } => told
                .words("Tell ")
                .id(one)
                .words(" and ")
                .id(two)
                .words(" apart: give each words of its own, or make them one"),
            Remedy::Guard { entry } => told
                .words("Keep these from ")
                .id(entry)
                .words(": write an entry that answers them, or reword what they resemble"),
            Remedy::LookAgain => {
                told.words("Look at these questions again: no phrasing would mend them")
            }
        }
    }
}

/// Most words that new phrasings are asked to have; the misses name the others.
const MOST_WORDS: usize = 5;

/// Puts misses with the same remedy together. The remedy comes first that mends the most questions whose askers were not even offered
/// what they wanted, then the one that mends the most of all; what no wording mends comes last.
///
/// ```
/// use cleartext::answering::evaluation::{Miss, Reason, Verdict, mends};
///
/// let miss = Miss {
///     question: 0,
///     verdict: Verdict::Refused,
///     wanted: Some("oven".to_owned()),
///     found: None,
///     reason: Reason::Lacks {
///         words: vec!["hob".to_owned()],
///         found: "tea".to_owned(),
///         led: Vec::new(),
///     },
/// };
/// let again = Miss { question: 1, ..miss.clone() };
/// let mends = mends(vec![miss, again]);
/// assert_eq!(mends.len(), 1);
/// assert_eq!(mends[0].words, [("hob".to_owned(), 2)]);
/// assert_eq!(mends[0].told().to_string(), "Add phrasings to `oven`, with words such as “hob”");
/// ```
pub fn mends(misses: Vec<Miss>) -> Vec<Mend> {
    let mut groups: BTreeMap<Remedy, Vec<Miss>> = BTreeMap::new();
    for miss in misses {
        groups.entry(miss.remedy()).or_default().push(miss);
    }
    let mut mends: Vec<Mend> = groups
        .into_iter()
        .map(|(remedy, mut misses)| {
            misses.sort_by_key(|miss| (!miss.is_wrong_answer(), !miss.is_lost(), miss.question));
            let mut words: Vec<(String, usize)> = Vec::new();
            for word in misses.iter().flat_map(Miss::lacking) {
                match words.iter_mut().find(|(known, _)| known == word) {
                    Some((_, number)) => *number += 1,
                    None => words.push((word.clone(), 1)),
                }
            }
            words.sort_by_key(|(_, number)| std::cmp::Reverse(*number));
            Mend {
                remedy,
                words,
                misses,
            }
        })
        .collect();
    mends.sort_by_key(|mend| {
        let all = mend.misses.len();
        let lost = mend.number(Miss::is_lost);
        let wrong = mend.number(Miss::is_wrong_answer);
        let is_last = mend.remedy == Remedy::LookAgain;
        (is_last, std::cmp::Reverse((lost, all, wrong)))
    });
    mends
}
