//! Where the questions went: by topic, by entry, and which entries are taken for which.
//!
//! It counts and sorts; why a question missed is told by `reasons`.

use std::collections::BTreeMap;

use super::metrics::{Outcome, Run, Verdict};

/// Least questions that an entry must have to stand among the worst, unless a wrong answer was given: one miss of one question
/// may be the question's fault.
const ENOUGH: usize = 2;

/// How some of the in-scope questions came out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// How many there are.
    pub questions: usize,
    /// Of which the first candidate is right.
    pub first: usize,
    /// With a right one among the first three.
    pub among: usize,
    /// Answered with a right entry.
    pub answered_right: usize,
    /// Answered with a wrong entry.
    pub answered_wrong: usize,
    /// Became a choice with a right one in it.
    pub choice_right: usize,
    /// Became a choice without a right one.
    pub choice_wrong: usize,
    /// Refused.
    pub refused: usize,
}

impl Tally {
    /// Counts a question; out-of-scope ones do not belong in here.
    fn add(&mut self, (graded, judged): Run<'_>) {
        let rank = judged.rank(graded);
        self.questions += 1;
        self.first += usize::from(rank == Some(0));
        self.among += usize::from(rank.is_some());
        match Verdict::of((graded, judged)) {
            Verdict::AnsweredRight => self.answered_right += 1,
            Verdict::AnsweredWrong => self.answered_wrong += 1,
            Verdict::ChoiceRight => self.choice_right += 1,
            Verdict::ChoiceWrong => self.choice_wrong += 1,
            Verdict::Refused => self.refused += 1,
            Verdict::OutsideAnswered | Verdict::OutsideChoice | Verdict::OutsideRefused => {}
        }
    }

    /// Adds another's counts.
    fn join(&mut self, other: &Self) {
        self.questions += other.questions;
        self.first += other.first;
        self.among += other.among;
        self.answered_right += other.answered_right;
        self.answered_wrong += other.answered_wrong;
        self.choice_right += other.choice_right;
        self.choice_wrong += other.choice_wrong;
        self.refused += other.refused;
    }
}

/// How the questions for one entry came out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EntryTally {
    /// The entry.
    pub entry: String,
    /// Its own questions.
    pub own: Tally,
    /// Questions for other entries, or for none, that were answered with it.
    pub taken: usize,
}

/// The tallies of all entries that a question was graded for or answered with, in the order of their ids. A question with several
/// right entries counts for the best of them.
///
/// ```
/// use cleartext::answering::evaluation::{by_entry};
/// # use cleartext::answering::evaluation::{Judged, Outcome, read_graded};
///
/// # let graded = read_graded(
/// #     r#"
/// #     {"question": "what is the height of it", "entry": "how-tall"}
/// #     {"question": "how old is it", "entry": "when-built"}
/// #     "#,
/// # )?;
/// # let answered = |id: &str| Judged {
/// #     outcome: Outcome::Answered,
/// #     candidates: vec![(id.to_owned(), 0.9)],
/// # };
/// // The first question, for "how-tall", was answered with "when-built"; the second was answered right.
/// let judged = [answered("when-built"), answered("when-built")];
/// let entries = by_entry(graded.iter().zip(&judged));
/// assert_eq!((entries[0].entry.as_str(), entries[0].own.answered_wrong), ("how-tall", 1));
/// assert_eq!((entries[1].entry.as_str(), entries[1].taken), ("when-built", 1));
/// # Ok::<(), cleartext::answering::evaluation::GradedError>(())
/// ```
pub fn by_entry<'a>(runs: impl IntoIterator<Item = Run<'a>>) -> Vec<EntryTally> {
    let mut entries: BTreeMap<&str, (Tally, usize)> = BTreeMap::new();
    for (graded, judged) in runs {
        if let Some(wanted) = graded.entries.first() {
            entries.entry(wanted).or_default().0.add((graded, judged));
        }
        match Verdict::of((graded, judged)) {
            Verdict::AnsweredWrong | Verdict::OutsideAnswered => {
                if let Some(found) = judged.first() {
                    entries.entry(found).or_default().1 += 1;
                }
            }
            Verdict::AnsweredRight
            | Verdict::ChoiceRight
            | Verdict::ChoiceWrong
            | Verdict::Refused
            | Verdict::OutsideRefused
            | Verdict::OutsideChoice => {}
        }
    }
    entries
        .into_iter()
        .map(|(entry, (own, taken))| EntryTally {
            entry: entry.to_owned(),
            own,
            taken,
        })
        .collect()
}

/// The tallies of groups of entries, such as topics, in the order of the groups' keys; entries without a group are left out.
///
/// ```
/// use cleartext::answering::evaluation::{by_entry, by_group};
/// # use cleartext::answering::evaluation::{Judged, Outcome, read_graded};
///
/// # let graded = read_graded(
/// #     r#"
/// #     {"question": "what is the height of it", "entry": "how-tall"}
/// #     {"question": "how old is it", "entry": "when-built"}
/// #     "#,
/// # )?;
/// # let answered = |id: &str| Judged {
/// #     outcome: Outcome::Answered,
/// #     candidates: vec![(id.to_owned(), 0.9)],
/// # };
/// // The first question, for "how-tall", was answered with "when-built"; the second was answered right.
/// let judged = [answered("when-built"), answered("when-built")];
/// let entries = by_entry(graded.iter().zip(&judged));
/// let topics = by_group(&entries, |id| (id != "horn-cost").then_some("lighthouse"));
/// assert_eq!(topics["lighthouse"].questions, 2);
/// assert_eq!(topics["lighthouse"].answered_right, 1);
/// # Ok::<(), cleartext::answering::evaluation::GradedError>(())
/// ```
pub fn by_group<K: Ord>(
    entries: &[EntryTally],
    group_of: impl Fn(&str) -> Option<K>,
) -> BTreeMap<K, Tally> {
    let mut groups: BTreeMap<K, Tally> = BTreeMap::new();
    for entry in entries.iter().filter(|entry| entry.own.questions > 0) {
        if let Some(group) = group_of(&entry.entry) {
            groups.entry(group).or_default().join(&entry.own);
        }
    }
    groups
}

/// How many questions of each group, such as a topic, were shown an entry of each group first. `None` is no group: on the left
/// questions that nothing answers, on the right those that were refused.
///
/// ```
/// use cleartext::answering::evaluation::{crossings};
/// # use cleartext::answering::evaluation::{Judged, Outcome, read_graded};
///
/// # let graded = read_graded(
/// #     r#"
/// #     {"question": "what is the height of it", "entry": "how-tall"}
/// #     {"question": "how old is it", "entry": "when-built"}
/// #     "#,
/// # )?;
/// # let answered = |id: &str| Judged {
/// #     outcome: Outcome::Answered,
/// #     candidates: vec![(id.to_owned(), 0.9)],
/// # };
/// // The first question, on the lighthouse, was answered from the fog horn; the second was answered right.
/// let judged = [answered("horn-cost"), answered("when-built")];
/// let topic = |id: &str| Some(if id == "horn-cost" { "fog-horn" } else { "lighthouse" });
/// let crossings = crossings(graded.iter().zip(&judged), topic);
/// assert_eq!(crossings[&(Some("lighthouse"), Some("fog-horn"))], 1);
/// assert_eq!(crossings[&(Some("lighthouse"), Some("lighthouse"))], 1);
/// # Ok::<(), cleartext::answering::evaluation::GradedError>(())
/// ```
pub fn crossings<'a, K: Ord>(
    runs: impl IntoIterator<Item = Run<'a>>,
    group_of: impl Fn(&str) -> Option<K>,
) -> BTreeMap<(Option<K>, Option<K>), usize> {
    let mut crossings = BTreeMap::new();
    for (graded, judged) in runs {
        let wanted = graded.entries.first().and_then(|id| group_of(id));
        // Where several entries are right, the one that was shown is the one that was wanted.
        let shown = match judged.outcome {
            Outcome::Answered | Outcome::Suggested => judged.first(),
            Outcome::Refused => None,
        };
        let found = shown.and_then(&group_of);
        let wanted = if judged.rank(graded) == Some(0) && found.is_some() {
            shown.and_then(&group_of)
        } else {
            wanted
        };
        *crossings.entry((wanted, found)).or_default() += 1;
    }
    crossings
}

/// The entries with which something is wrong, the worst first: by wrong answers given to their questions or with them, then by
/// questions that did not get them offered, then by questions that did not find them first.
///
/// ```
/// use cleartext::answering::evaluation::{by_entry, worst};
/// # use cleartext::answering::evaluation::{Judged, Outcome, read_graded};
///
/// # let graded = read_graded(
/// #     r#"
/// #     {"question": "what is the height of it", "entry": "how-tall"}
/// #     {"question": "how old is it", "entry": "when-built"}
/// #     "#,
/// # )?;
/// # let answered = |id: &str| Judged {
/// #     outcome: Outcome::Answered,
/// #     candidates: vec![(id.to_owned(), 0.9)],
/// # };
/// // The first question, for "how-tall", was answered with "horn-cost"; the second was answered right.
/// let judged = [answered("horn-cost"), answered("when-built")];
/// let entries = by_entry(graded.iter().zip(&judged));
/// let worst: Vec<_> = worst(&entries).iter().map(|entry| entry.entry.as_str()).collect();
/// // The one was wanted and not found, the other was found and not wanted; nothing is wrong with "when-built".
/// assert_eq!(worst, ["how-tall", "horn-cost"]);
/// # Ok::<(), cleartext::answering::evaluation::GradedError>(())
/// ```
pub fn worst(entries: &[EntryTally]) -> Vec<&EntryTally> {
    let wrong = |entry: &EntryTally| entry.own.answered_wrong + entry.taken;
    let lost = |entry: &EntryTally| entry.own.choice_wrong + entry.own.refused;
    let mut worst: Vec<_> = entries
        .iter()
        .filter(|entry| {
            let missed = entry.own.questions - entry.own.answered_right;
            wrong(entry) > 0 || (entry.own.questions >= ENOUGH && missed > 0)
        })
        .collect();
    worst.sort_by_key(|entry| {
        let not_first = entry.own.questions - entry.own.first;
        let missed = entry.own.questions - entry.own.answered_right;
        std::cmp::Reverse((wrong(entry), lost(entry), not_first, missed))
    });
    worst
}

/// An entry that was shown first where another was wanted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Confusion {
    /// The entry that answers the questions; the best of them where several do. `None` where none does.
    pub wanted: Option<String>,
    /// The entry shown first.
    pub found: String,
    /// The questions, by their places in the run.
    pub questions: Vec<usize>,
    /// How many of them were answered with it; the others became a choice with it on top.
    pub answered: usize,
}

/// Which entries were shown first in the place of others, or of none: the most frequent first, then those with more wrong answers.
///
/// Refused questions showed nothing and are not counted; nor are out-of-scope ones that became a choice, which is honest.
///
/// ```
/// use cleartext::answering::evaluation::{confusions};
/// # use cleartext::answering::evaluation::{Judged, Outcome, read_graded};
///
/// # let graded = read_graded(
/// #     r#"
/// #     {"question": "what is the height of it", "entry": "how-tall"}
/// #     {"question": "how old is it", "entry": "when-built"}
/// #     "#,
/// # )?;
/// # let answered = |id: &str| Judged {
/// #     outcome: Outcome::Answered,
/// #     candidates: vec![(id.to_owned(), 0.9)],
/// # };
/// // The first question, for "how-tall", was answered with "when-built"; the second was answered right.
/// let judged = [answered("when-built"), answered("when-built")];
/// let confusions = confusions(graded.iter().zip(&judged));
/// assert_eq!(confusions.len(), 1);
/// assert_eq!(confusions[0].wanted.as_deref(), Some("how-tall"));
/// assert_eq!(confusions[0].found, "when-built");
/// # Ok::<(), cleartext::answering::evaluation::GradedError>(())
/// ```
pub fn confusions<'a>(runs: impl IntoIterator<Item = Run<'a>>) -> Vec<Confusion> {
    // Wanted and found, with the questions and how many of them were answered.
    type Pairs<'a> = BTreeMap<(Option<&'a str>, &'a str), (Vec<usize>, usize)>;
    let mut pairs = Pairs::new();
    for (place, (graded, judged)) in runs.into_iter().enumerate() {
        let Some(found) = judged.first() else {
            continue;
        };
        let answered = judged.outcome == Outcome::Answered;
        let shown = match judged.outcome {
            Outcome::Answered => true,
            Outcome::Suggested => !graded.entries.is_empty(),
            Outcome::Refused => false,
        };
        if shown && judged.rank(graded) != Some(0) {
            let wanted = graded.entries.first().map(String::as_str);
            let (questions, answers) = pairs.entry((wanted, found)).or_default();
            questions.push(place);
            *answers += usize::from(answered);
        }
    }
    let mut confusions: Vec<_> = pairs
        .into_iter()
        .map(|((wanted, found), (questions, answered))| Confusion {
            wanted: wanted.map(str::to_owned),
            found: found.to_owned(),
            questions,
            answered,
        })
        .collect();
    confusions.sort_by_key(|confusion| {
        std::cmp::Reverse((confusion.questions.len(), confusion.answered))
    });
    confusions
}

#[cfg(test)]
mod tests {
    use super::super::graded::Graded;
    use super::super::metrics::Judged;
    use super::*;

    /// A question: which entries answer it, what became of it, and what was found.
    fn asked(wanted: &[&str], outcome: Outcome, found: &[&str]) -> (Graded, Judged) {
        let graded = Graded {
            question: "?".to_owned(),
            entries: wanted.iter().map(|id| (*id).to_owned()).collect(),
        };
        let candidates = found.iter().map(|id| ((*id).to_owned(), 0.5)).collect();
        let judged = Judged {
            outcome,
            candidates,
        };
        (graded, judged)
    }

    fn day() -> Vec<(Graded, Judged)> {
        use Outcome::{Answered, Refused, Suggested};
        vec![
            asked(&["tea"], Answered, &["tea", "mug"]),
            asked(&["tea"], Answered, &["mug", "tea"]),
            asked(&["tea", "mug"], Suggested, &["mug", "jug"]),
            asked(&["mug"], Suggested, &["jug", "mug"]),
            asked(&["mug"], Suggested, &["jug", "tea"]),
            asked(&["jug"], Refused, &["tea"]),
            asked(&["cup"], Answered, &["cup"]),
            asked(&["cup"], Answered, &["cup"]),
            asked(&[], Answered, &["pot"]),
            asked(&[], Suggested, &["mug"]),
            asked(&[], Refused, &[]),
        ]
    }

    fn runs(day: &[(Graded, Judged)]) -> impl Iterator<Item = Run<'_>> {
        day.iter().map(|(graded, judged)| (graded, judged))
    }

    #[test]
    fn a_question_counts_for_its_best_entry() {
        let entries = by_entry(runs(&day()));
        let of = |id: &str| {
            entries
                .iter()
                .find(|entry| entry.entry == id)
                .unwrap_or_else(|| panic!("{id} was asked for"))
        };
        let tea = Tally {
            questions: 3,
            first: 2,
            among: 3,
            answered_right: 1,
            answered_wrong: 1,
            choice_right: 1,
            choice_wrong: 0,
            refused: 0,
        };
        assert_eq!((of("tea").own, of("tea").taken), (tea, 0));
        assert_eq!(
            (of("mug").own.choice_right, of("mug").own.choice_wrong),
            (1, 1)
        );
        assert_eq!((of("mug").own.first, of("mug").taken), (0, 1));
        assert_eq!((of("pot").own, of("pot").taken), (Tally::default(), 1));
        assert_eq!(of("jug").own.refused, 1);
    }

    #[test]
    fn the_worst_entries_gave_wrong_answers_then_none() {
        let entries = by_entry(runs(&day()));
        let ids: Vec<_> = worst(&entries)
            .iter()
            .map(|entry| entry.entry.as_str())
            .collect();
        // jug has one question only and was never a wrong answer; cup has no miss.
        assert_eq!(ids, ["mug", "tea", "pot"]);
    }

    #[test]
    fn topics_add_up_their_entries() {
        let entries = by_entry(runs(&day()));
        let topics = by_group(&entries, |id| match id {
            "tea" => Some("drinks"),
            "mug" | "jug" | "cup" => Some("pots"),
            _ => None,
        });
        let row = |topic: &str| {
            let tally = topics[topic];
            (tally.questions, tally.first, tally.among, tally.refused)
        };
        assert_eq!(topics.len(), 2);
        assert_eq!(row("drinks"), (3, 2, 3, 0));
        assert_eq!(row("pots"), (5, 2, 3, 1));
    }

    #[test]
    fn crossings_tell_where_questions_went() {
        let day = day();
        let crossings = crossings(runs(&day), |id| match id {
            "tea" => Some("drinks"),
            _ => Some("pots"),
        });
        let told: Vec<_> = crossings
            .into_iter()
            .map(|((wanted, found), number)| {
                let name = |group: Option<&'static str>| group.unwrap_or("-");
                format!("{} > {}: {number}", name(wanted), name(found))
            })
            .collect();
        assert_eq!(
            told,
            [
                "- > -: 1",
                "- > pots: 2",
                "drinks > drinks: 1",
                "drinks > pots: 1",
                "pots > -: 1",
                "pots > pots: 5",
            ]
        );
    }

    #[test]
    fn pairs_are_those_that_were_shown() {
        let pairs: Vec<_> = confusions(runs(&day()))
            .into_iter()
            .map(|pair| {
                let wanted = pair.wanted.unwrap_or_else(|| "-".to_owned());
                let answered = pair.answered;
                format!(
                    "{wanted} > {}: {:?}, {answered} answered",
                    pair.found, pair.questions
                )
            })
            .collect();
        // "tea or mug" found mug, which is right; what was refused, and a choice where nothing is right, showed nothing wrong.
        assert_eq!(
            pairs,
            [
                "mug > jug: [3, 4], 0 answered",
                "- > pot: [8], 1 answered",
                "tea > mug: [1], 1 answered",
            ]
        );
    }
}
