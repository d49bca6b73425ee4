//! The editorial rules: what a curator is held to beyond what can be served.
//!
//! It judges texts by themselves. Whether entries can be told apart is the matcher's to say.

mod wording;

use std::collections::{BTreeMap, BTreeSet};
use std::ops::RangeInclusive;

use chrono::NaiveDate;

use super::parse::{EntryDraft, PositionDraft, ProseDraft};
use super::{CitedText, Draft, EntryId};
use crate::tables::{Fault, Located, Place};

/// How many phrasings an entry has: fewer miss too many askers, more repeat words. On 280 entries 6, 12, 24 and 36 of them found 68, 75, 88
/// and 93 of 100 unseen questions.
pub const PHRASINGS: RangeInclusive<usize> = 8..=48;
/// Longest question in characters: it stands on buttons and in lists, where a phone shows about a hundred.
pub const LONGEST_QUESTION: usize = 120;
/// Longest phrasing in characters: nobody types more into a search box.
pub const LONGEST_PHRASING: usize = 120;
/// Longest answer in characters without citations: what is read in a chat without scrolling on a phone.
pub const LONGEST_ANSWER: usize = 900;
/// Most sentences in an answer.
const MOST_SENTENCES: usize = 6;
/// Longest detail in characters without citations: with all its links it still fits one embed.
pub const LONGEST_DETAIL: usize = 1_200;
/// Longest position in characters without citations.
pub const LONGEST_POSITION: usize = 450;
/// Longest related list: each is an option that somebody has to read.
pub(super) const MOST_RELATED: usize = 5;
/// How much longer one position may be than another: beyond it one side gets the floor.
const POSITION_RATIO: usize = 2;
/// Two phrasings of an entry that share this part of their words teach the matcher the same thing twice.
const SAME_WORDS: f64 = 0.8;

/// A way of asking, with its words.
struct Asked<'a> {
    entry: &'a Option<Located<EntryId>>,
    set: BTreeSet<String>,
    written: &'a Located<String>,
}

impl Draft {
    /// Every editorial fault, in the order of places; `today` decides what is overdue or in the future.
    ///
    /// ```
    /// use chrono::NaiveDate;
    /// use cleartext::library;
    ///
    /// # let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/discord");
    /// let draft = library::draft(Some(path.as_ref()))?;
    /// let day = NaiveDate::from_ymd_opt(2026, 1, 1).expect("there is such a day");
    /// // Sound, but with fewer phrasings than a curator is asked for.
    /// assert!(draft.check(day).iter().any(|fault| fault.what.contains("phrasings")));
    /// # Ok::<(), cleartext::library::LoadError>(())
    /// ```
    pub fn check(&self, today: NaiveDate) -> Vec<Fault> {
        let mut faults = Vec::new();
        for entry in &self.entries {
            phrasings(entry, &mut faults);
            question(entry, &mut faults);
            lengths(entry, &mut faults);
            dates(entry, today, &mut faults);
            related(entry, &mut faults);
            wording::check(entry, &mut faults);
        }
        self.unique_phrasings(&mut faults);
        self.distinct_phrasings(&mut faults);
        self.unused(&mut faults);
        self.source_dates(today, &mut faults);
        faults.sort_by(|a, b| a.place.cmp(&b.place));
        faults
    }

    /// No two ways of asking may be the same, anywhere: an exact hit must be able to win, and an example of what is declined must
    /// not be what an entry answers.
    fn unique_phrasings(&self, faults: &mut Vec<Fault>) {
        let mut seen: BTreeMap<String, &Place> = BTreeMap::new();
        for entry in &self.entries {
            let phrasings = entry.phrasings.iter().flatten();
            for Located { value, place } in entry.question.iter().chain(phrasings) {
                let key = words(value).join(" ");
                if key.is_empty() {
                    faults.push(Fault::error(
                        place.clone(),
                        format!("“{value}” has no words"),
                        "write how somebody would ask",
                    ));
                } else if let Some(first) = seen.get(&key) {
                    let what = format!("“{value}” is written a second time (first at {first})");
                    faults.push(Fault::error(
                        place.clone(),
                        what,
                        "write a phrasing that fits this entry alone",
                    ));
                } else {
                    seen.insert(key, place);
                }
            }
        }
        for Located { value, place } in self.foreign.iter().flatten() {
            let key = words(value).join(" ");
            if key.is_empty() {
                faults.push(Fault::error(
                    place.clone(),
                    format!("“{value}” has no words"),
                    "leave it out: what has no words is declined anyway",
                ));
            } else if let Some(first) = seen.get(&key) {
                let what = format!("“{value}” is written a second time (first at {first})");
                faults.push(Fault::error(
                    place.clone(),
                    what,
                    "keep one of them: a question is either answered or foreign",
                ));
            } else {
                seen.insert(key, place);
            }
        }
    }

    /// No two ways of asking for different entries may be nearly the same: the matcher could only guess between them.
    fn distinct_phrasings(&self, faults: &mut Vec<Fault>) {
        let mut by_word: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        let mut seen: Vec<Asked<'_>> = Vec::new();
        for entry in &self.entries {
            for phrasing in entry
                .question
                .iter()
                .chain(entry.phrasings.iter().flatten())
            {
                let set: BTreeSet<_> = words(&phrasing.value).into_iter().collect();
                let near: BTreeSet<_> = set
                    .iter()
                    .filter_map(|word| by_word.get(word))
                    .flatten()
                    .copied()
                    .collect();
                let twin = near
                    .into_iter()
                    .map(|position| &seen[position])
                    .find(|other| {
                        other.entry != &entry.id
                            && too_alike(&other.set, &set)
                            && words(&other.written.value) != words(&phrasing.value)
                    });
                if let Some(Asked { written: twin, .. }) = twin {
                    let what = format!(
                        "“{}” has nearly the same words as “{}” ({})",
                        phrasing.value, twin.value, twin.place
                    );
                    faults.push(Fault::error(
                        phrasing.place.clone(),
                        what,
                        "write one that fits this entry alone",
                    ));
                }
                for word in &set {
                    by_word.entry(word.clone()).or_default().push(seen.len());
                }
                seen.push(Asked {
                    entry: &entry.id,
                    set,
                    written: phrasing,
                });
            }
        }
    }

    fn unused(&self, faults: &mut Vec<Fault>) {
        for draft in self
            .sources
            .iter()
            .filter(|draft| !self.cited.contains(&draft.source.id))
        {
            let what = format!("the source `{}` is never cited", draft.source.id);
            faults.push(Fault::error(
                draft.place.clone(),
                what,
                "cite it or remove it",
            ));
        }
        let topics: BTreeSet<_> = self
            .entries
            .iter()
            .filter_map(|entry| entry.topic.as_ref())
            .map(|topic| &topic.value)
            .collect();
        for topic in self
            .topics
            .iter()
            .filter(|topic| !topics.contains(&topic.value.id))
        {
            let what = format!("the topic `{}` has no entries", topic.value.id);
            faults.push(Fault::error(
                topic.place.clone(),
                what,
                "write an entry for it or remove it",
            ));
        }
    }

    fn source_dates(&self, today: NaiveDate, faults: &mut Vec<Fault>) {
        for draft in &self.sources {
            if let Some(published) = draft
                .source
                .published
                .filter(|published| published.earliest() > today)
            {
                let what = format!("`published` lies in the future ({published})");
                faults.push(Fault::error(
                    draft.place.clone(),
                    what,
                    "write the day it was published",
                ));
            }
        }
    }
}

fn phrasings(entry: &EntryDraft, faults: &mut Vec<Fault>) {
    let Some(phrasings) = &entry.phrasings else {
        faults.push(Fault::error(
            entry.place.clone(),
            "the entry has no `phrasings`",
            number_of_phrasings(0),
        ));
        return;
    };
    if !PHRASINGS.contains(&phrasings.len()) {
        let place = phrasings.first().map_or(&entry.place, |first| &first.place);
        let what = match phrasings.len() {
            1 => "a single phrasing".to_owned(),
            number => format!("{number} phrasings"),
        };
        faults.push(Fault::error(
            place.clone(),
            what,
            number_of_phrasings(phrasings.len()),
        ));
    }
    let sets: Vec<_> = phrasings
        .iter()
        .map(|phrasing| words(&phrasing.value).into_iter().collect::<BTreeSet<_>>())
        .collect();
    for (position, phrasing) in phrasings.iter().enumerate() {
        let length = phrasing.value.chars().count();
        if length > LONGEST_PHRASING {
            let what = format!("a phrasing of {length} characters");
            faults.push(Fault::error(
                phrasing.place.clone(),
                what,
                format!("write at most {LONGEST_PHRASING}"),
            ));
        }
        // The very same words in the same order are told by `unique_phrasings`.
        let same = |earlier: usize| words(&phrasings[earlier].value) == words(&phrasing.value);
        let twin = (0..position)
            .find(|&earlier| too_alike(&sets[earlier], &sets[position]) && !same(earlier));
        if let Some(twin) = twin {
            let what = format!(
                "“{}” has nearly the same words as “{}”",
                phrasing.value, phrasings[twin].value
            );
            faults.push(Fault::error(
                phrasing.place.clone(),
                what,
                "write one that uses other words",
            ));
        }
    }
}

fn number_of_phrasings(found: usize) -> String {
    let (least, most) = (PHRASINGS.start(), PHRASINGS.end());
    if found < *least {
        format!("write {least} to {most} diverse ones")
    } else {
        format!("keep the {most} most diverse")
    }
}

/// Whether two phrasings of one entry repeat each other in other words' order, or in all but one of many words.
fn too_alike(a: &BTreeSet<String>, b: &BTreeSet<String>) -> bool {
    let shared = a.intersection(b).count();
    let all = a.union(b).count();
    #[expect(
        clippy::cast_precision_loss,
        reason = "a phrasing has a few dozen words at most"
    )]
    let share = shared as f64 / all.max(1) as f64;
    shared > 0 && share >= SAME_WORDS
}

fn question(entry: &EntryDraft, faults: &mut Vec<Fault>) {
    let Some(Located { value, place }) = &entry.question else {
        return;
    };
    let length = value.chars().count();
    if length > LONGEST_QUESTION {
        let what = format!("a question of {length} characters");
        faults.push(Fault::error(
            place.clone(),
            what,
            format!("write at most {LONGEST_QUESTION}"),
        ));
    }
    if !value.ends_with('?') {
        faults.push(Fault::error(
            place.clone(),
            "the question does not end in a question mark",
            "write it as a question",
        ));
    }
}

fn lengths(entry: &EntryDraft, faults: &mut Vec<Fault>) {
    let mut longest = |draft: Option<&ProseDraft>, name: &str, most: usize| {
        let Some(ProseDraft { text, place }) = draft else {
            return;
        };
        let length = length(text);
        if length > most {
            let what = format!("{name} of {length} characters without citations");
            faults.push(Fault::error(
                place.clone(),
                what,
                format!("write at most {most}"),
            ));
        }
    };
    longest(entry.answer.as_ref(), "an answer", LONGEST_ANSWER);
    longest(entry.detail.as_ref(), "a detail", LONGEST_DETAIL);
    for position in &entry.positions {
        longest(position.text.as_ref(), "a position", LONGEST_POSITION);
    }
    if let Some(answer) = &entry.answer {
        let sentences = answer.text.sentences().len();
        if sentences > MOST_SENTENCES {
            let what = format!("an answer of {sentences} sentences");
            faults.push(Fault::error(
                answer.place.clone(),
                what,
                format!("write at most {MOST_SENTENCES}; the rest can go into `detail`"),
            ));
        }
    }
    balance(&entry.positions, faults);
}

/// Each side gets about as much room as the others.
fn balance(positions: &[PositionDraft], faults: &mut Vec<Fault>) {
    let texts: Vec<_> = positions
        .iter()
        .filter_map(|position| position.text.as_ref())
        .collect();
    let Some(longest) = texts.iter().map(|draft| length(&draft.text)).max() else {
        return;
    };
    for draft in texts {
        let length = length(&draft.text);
        if length * POSITION_RATIO < longest {
            let what = format!("a position of {length} characters beside one of {longest}");
            faults.push(Fault::error(
                draft.place.clone(),
                what,
                "write positions of comparable length, within a factor of two",
            ));
        }
    }
}

fn dates(entry: &EntryDraft, today: NaiveDate, faults: &mut Vec<Fault>) {
    if let Some(as_of) = entry.as_of.as_ref().filter(|as_of| as_of.value > today) {
        let what = format!("`as_of` lies in the future ({})", as_of.value);
        faults.push(Fault::error(
            as_of.place.clone(),
            what,
            "write the day up to which the answer is known to be true",
        ));
    }
    let Some(review_by) = &entry.review_by else {
        return;
    };
    match &entry.as_of {
        None => faults.push(Fault::error(
            review_by.place.clone(),
            "`review_by` without `as_of`",
            "write `as_of` as well, so that the answer is dated",
        )),
        Some(as_of) if as_of.value > review_by.value => {
            let what = format!(
                "`review_by` ({}) comes before `as_of` ({})",
                review_by.value, as_of.value
            );
            faults.push(Fault::error(
                review_by.place.clone(),
                what,
                "write a later day",
            ));
        }
        Some(_) if review_by.value < today => {
            let what = format!("the review was due on {}", review_by.value);
            faults.push(Fault::warning(
                review_by.place.clone(),
                what,
                "read the entry against its sources and set a new day",
            ));
        }
        Some(_) => {}
    }
}

fn related(entry: &EntryDraft, faults: &mut Vec<Fault>) {
    let mut seen = BTreeSet::new();
    for near in &entry.see_also {
        if !seen.insert(&near.value) {
            faults.push(Fault::error(
                near.place.clone(),
                format!("`{}` is listed twice in `see_also`", near.value),
                "keep it once",
            ));
        }
    }
    if let Some(extra) = entry.see_also.get(MOST_RELATED) {
        let what = format!("`see_also` lists {} entries", entry.see_also.len());
        faults.push(Fault::error(
            extra.place.clone(),
            what,
            format!("keep the {MOST_RELATED} nearest"),
        ));
    }
}

fn length(text: &CitedText) -> usize {
    text.plain().chars().count()
}

/// Lowercase words without punctuation: what must differ between two phrasings.
fn words(text: &str) -> Vec<String> {
    text.to_lowercase()
        .split(|character: char| !character.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::knowledge::{File, parse};

    const SOUND: &str = r#"
title = "T"
edition = "1"
language = "en"
[[topic]]
id = "statement"
title = "The statement"
summary = "What was said."
[[source]]
id = "nca-2024"
title = "Statement"
publisher = "NCA"
published = 2024-04-21
kind = "primary"
side = "law-enforcement"
[[entry]]
id = "count"
topic = "statement"
question = "How many chiefs signed?"
phrasings = [
  "number of signatories", "thirty two or thirty three", "who put their name to it", "headcount of the bosses",
  "total police leaders", "were there 32", "size of the group in London", "how long is the list",
]
answer = "Thirty-two did [@nca-2024, para. 2]."
as_of = 2024-04-21
review_by = 2027-01-01
disputed = true
[[entry.position]]
holder = "NCA"
side = "law-enforcement"
text = "There were thirty-two of them in London [@nca-2024, para. 2]."
[[entry.position]]
holder = "A newspaper"
side = "press"
text = "There were thirty-three of them in London [@nca-2024, para. 3]."
"#;

    fn faults(text: &str) -> Vec<String> {
        let draft = parse(&[File {
            name: "k.toml".to_owned(),
            text: text.to_owned(),
        }]);
        assert_eq!(draft.faults(), [], "the case is structurally sound");
        let today = NaiveDate::from_ymd_opt(2026, 11, 23).expect("a date");
        draft.check(today).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn sound_knowledge_has_no_faults() {
        assert_eq!(faults(SOUND), [""; 0]);
    }

    #[test]
    fn each_fault_is_told_once_with_its_place_and_remedy() {
        let long = |length: usize| format!("{}? ", "word ".repeat(length / 5));
        let answer = format!(
            "answer = \"{}Done [@nca-2024, para. 2].",
            "Why [@nca-2024, p. 1]? ".repeat(6)
        );
        // One more than the eight that are there and forty others make the most.
        let many: Vec<_> = (0..=PHRASINGS.end() - 8)
            .map(|at| format!("\"way{at}\","))
            .collect();
        let many = format!("phrasings = [{}", many.concat());
        let cases = [
            ("phrasings = [", many.as_str()),
            ("\"were there 32\", ", ""),
            ("how long is the list", "signatories, number of"),
            ("how long is the list", "Number of signatories!"),
            ("how long is the list", "how many chiefs signed"),
            ("how long is the list", "???"),
            ("how long is the list", &long(LONGEST_PHRASING + 5)),
            ("How many chiefs signed?", "Count of chiefs"),
            ("How many chiefs signed?", &long(LONGEST_QUESTION + 5)),
            ("Thirty-two did", &"word ".repeat(LONGEST_ANSWER / 5 + 1)),
            ("answer = \"Thirty-two did [@nca-2024, para. 2].", &answer),
            ("There were thirty-two of them in London", "Thirty-two"),
            (
                "There were thirty-two of them in London",
                &"word ".repeat(LONGEST_POSITION / 5 + 1),
            ),
            ("Thirty-two did", "Spying began, and police are going dark,"),
            (
                "Thirty-two did",
                "Thirty-two, who spoke of \\\"going dark\\\", did",
            ),
            ("as_of = 2024-04-21\n", ""),
            ("as_of = 2024-04-21", "as_of = 2026-11-24"),
            ("review_by = 2027-01-01", "review_by = 2024-01-01"),
            ("review_by = 2027-01-01", "review_by = 2026-11-22"),
            ("published = 2024-04-21", "published = \"2027\""),
            (
                "[[source]]",
                "[[source]]\nid = \"spare\"\ntitle = \"S\"\npublisher = \"P\"\nkind = \"law\"\nside = \"court\"\n[[source]]",
            ),
            (
                "[[source]]",
                "[[topic]]\nid = \"spare\"\ntitle = \"S\"\nsummary = \"Nothing.\"\n[[source]]",
            ),
        ];
        let told: Vec<_> = cases
            .iter()
            .flat_map(|(from, to)| {
                assert!(SOUND.contains(from), "{from} stands in the sound text");
                faults(&SOUND.replacen(from, to.trim(), 1))
            })
            .collect();
        insta::assert_snapshot!(told.join("\n"), @"
        k.toml:20:14: 49 phrasings; keep the 48 most diverse
        k.toml:21:3: 7 phrasings; write 8 to 48 diverse ones
        k.toml:22:75: “signatories, number of” has nearly the same words as “number of signatories”; write one that uses other words
        k.toml:22:75: “Number of signatories!” is written a second time (first at k.toml:21:3); write a phrasing that fits this entry alone
        k.toml:22:75: “how many chiefs signed” is written a second time (first at k.toml:19:12); write a phrasing that fits this entry alone
        k.toml:22:75: “???” has no words; write how somebody would ask
        k.toml:22:75: a phrasing of 126 characters; write at most 120
        k.toml:19:12: the question does not end in a question mark; write it as a question
        k.toml:19:12: a question of 126 characters; write at most 120
        k.toml:24:10: an answer of 905 characters without citations; write at most 900
        k.toml:24:10: warning: a sentence of 181 words: “word word word word word…”; write at most 50, better half of that
        k.toml:24:10: an answer of 7 sentences; write at most 6; the rest can go into `detail`
        k.toml:31:8: a position of 11 characters beside one of 42; write positions of comparable length, within a factor of two
        k.toml:31:8: a position of 455 characters without citations; write at most 450
        k.toml:31:8: warning: a sentence of 91 words: “word word word word word…”; write at most 50, better half of that
        k.toml:35:8: a position of 42 characters beside one of 455; write positions of comparable length, within a factor of two
        k.toml:24:10: “spying” takes for granted that looking is illegitimate; write scanning, reading or monitoring; or put it in quotation marks and say whose word it is
        k.toml:24:10: “going dark” is the investigators' picture of losing access; write losing access to data; or put it in quotation marks and say whose word it is
        k.toml:25:13: `review_by` without `as_of`; write `as_of` as well, so that the answer is dated
        k.toml:25:9: `as_of` lies in the future (2026-11-24); write the day up to which the answer is known to be true
        k.toml:26:13: `review_by` (2024-01-01) comes before `as_of` (2024-04-21); write a later day
        k.toml:26:13: warning: the review was due on 2026-11-22; read the entry against its sources and set a new day
        k.toml:10:6: `published` lies in the future (2027); write the day it was published
        k.toml:10:6: the source `spare` is never cited; cite it or remove it
        k.toml:10:6: the topic `spare` has no entries; write an entry for it or remove it
        ");
    }

    #[test]
    fn what_is_answered_is_not_foreign() {
        let foreign = "[[foreign]]\nabout = \"talk\"\nquestions = [\"how are you\", \"Who put their name to it?\", \"how are you?!\", \"?\"]\n";
        let told = faults(&format!("{SOUND}{foreign}"));
        insta::assert_snapshot!(told.join("\n"), @"
        k.toml:38:29: “Who put their name to it?” is written a second time (first at k.toml:21:58); keep one of them: a question is either answered or foreign
        k.toml:38:58: “how are you?!” is written a second time (first at k.toml:38:14); keep one of them: a question is either answered or foreign
        k.toml:38:75: “?” has no words; leave it out: what has no words is declined anyway
        ");
    }

    #[test]
    fn phrasings_that_nearly_repeat_another_entrys_are_told() {
        let (head, entry) = SOUND
            .split_once("[[entry]]")
            .expect("the text has an entry");
        let other = entry
            .replacen("count", "others", 1)
            .replace("How many chiefs signed?", "Who else was there?")
            .replace("[\n", "[\n  \"the list: how long is it\", ")
            .replace("\"number of signatories\", ", "")
            .replace("thirty two or thirty three", "guests")
            .replace("who put their name to it", "observers")
            .replace("headcount of the bosses", "staff of the hosts")
            .replace("total police leaders", "diplomats")
            .replace("were there 32", "any ministers")
            .replace("size of the group in London", "journalists let in")
            .replace("how long is the list", "interpreters");
        let told = faults(&format!("{head}[[entry]]{entry}[[entry]]{other}"));
        assert_eq!(
            told,
            [
                "k.toml:41:3: “the list: how long is it” has nearly the same words as “how long is the list” (k.toml:22:75); write one that fits this entry alone"
            ]
        );
    }
}
