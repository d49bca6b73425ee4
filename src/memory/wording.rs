//! From what somebody typed to what may be kept of it: lowercase words, and the words by which like questions are grouped.
//!
//! A text in which something looks personal (an address, a link, a number as long as a telephone's, a key) is refused whole:
//! what stands around such a thing is seldom a question for a curator. Names of people cannot be told from other words; against
//! those stands only that a question is written down once two people have asked it.

use rust_stemmers::{Algorithm, Stemmer};
use unicode_normalization::UnicodeNormalization as _;

use crate::matching::Normalized;

/// Longest text that is kept, in characters: the longest of the shipped graded questions has about half of that.
const LONGEST: usize = 200;
/// From this many digits in a row a number is an id, an account or a telephone, not a year or an amount.
const LONG_NUMBER: usize = 6;
/// From this many digits with spaces, hyphens and the like between them they are read as one number.
const LONG_GROUPED_NUMBER: usize = 7;
/// From this many letters and digits in one word that has both, it is a key and not a word.
const KEY: usize = 10;
/// From this many characters a word is no word of a language: the longest that people use have about thirty.
const LONGEST_WORD: usize = 40;

/// Words that change with the speaker and not with the question. Question words stay, and so do negations.
#[rustfmt::skip] // one word a line would hide how short the list is
const LITTLE_WORDS: &[&str] = &[
    "a", "am", "an", "are", "be", "been", "did", "do", "does", "had", "has", "have", "hello", "hey", "hi", "is", "of", "please",
    "thanks", "that", "the", "this", "to", "was", "were",
];

/// Why a text is not kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unkept {
    /// There are no words in it.
    Empty,
    /// It is longer than a question.
    TooLong,
    /// Something in it looks like an address, a link, a telephone number, an id or a key.
    Personal,
}

/// A question fit to be kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Wording {
    /// Lowercase words without punctuation.
    pub(super) question: String,
    /// The words that matter, stemmed and in alphabetical order: the same for like questions.
    pub(super) group: String,
}

impl Wording {
    /// Reads a text. Mentions, emoji and timestamps in Discord's notation are left out; whatever else looks personal refuses it.
    pub(super) fn new(text: &str) -> Result<Self, Unkept> {
        // Compatibility forms first, so that no letter is taken for another: ＠ is @.
        let text: String = text.chars().take(4 * LONGEST).nfkc().collect();
        let text = without_notation(&text);
        if looks_personal(&text) {
            return Err(Unkept::Personal);
        }
        let normalized = Normalized::new(&text);
        let question = normalized.as_str();
        if question.is_empty() {
            return Err(Unkept::Empty);
        }
        if question.chars().count() > LONGEST {
            return Err(Unkept::TooLong);
        }
        Ok(Self {
            group: group(&normalized),
            question: question.to_owned(),
        })
    }
}

/// The text without `<@1>`, `<#1>`, `<:name:1>`, `<t:1>` and their like.
fn without_notation(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('<') {
        plain.push_str(before);
        let notation = after.split_once('>').filter(|(inside, _)| {
            inside.starts_with(['@', '#', ':', '/'])
                || inside.starts_with("a:")
                || inside.starts_with("t:")
                || inside.starts_with("id:")
        });
        if let Some((_, behind)) = notation {
            plain.push(' ');
            rest = behind;
        } else {
            plain.push('<');
            rest = after;
        }
    }
    plain.push_str(rest);
    plain
}

fn looks_personal(text: &str) -> bool {
    text.contains('@')
        || text.contains("://")
        || has_long_number(text)
        || text.split_whitespace().any(|word| {
            let word = word.trim_matches(|c: char| !c.is_alphanumeric());
            is_address(word) || is_key(word)
        })
}

/// "example.org", "example.org/page" and "192.0.2.1", but neither "e.g" nor "3.5".
fn is_address(word: &str) -> bool {
    let host = word.split(['/', '?', ':', '#']).next().unwrap_or_default();
    let mut parts = host.rsplit('.');
    let last = parts.next().unwrap_or_default();
    let others: Vec<_> = parts.collect();
    let name = last.chars().count() >= 2 && last.chars().all(char::is_alphabetic);
    let long = others.iter().any(|part| part.chars().count() >= 2);
    let numbers = host
        .bytes()
        .all(|byte| byte.is_ascii_digit() || byte == b'.');
    (name && long) || (numbers && others.len() == 3)
}

fn is_key(word: &str) -> bool {
    let length = word.chars().count();
    let letters = word.chars().any(char::is_alphabetic);
    let digits = word.chars().filter(|c| c.is_numeric()).count();
    length >= LONGEST_WORD || (length >= KEY && letters && digits >= 3)
}

fn has_long_number(text: &str) -> bool {
    let (mut in_a_row, mut grouped) = (0, 0);
    for c in text.chars() {
        if c.is_numeric() {
            in_a_row += 1;
            grouped += 1;
            if in_a_row >= LONG_NUMBER || grouped >= LONG_GROUPED_NUMBER {
                return true;
            }
        } else {
            in_a_row = 0;
            if !matches!(c, ' ' | '-' | '.' | '/' | '(' | ')' | '+' | '\u{a0}') {
                grouped = 0;
            }
        }
    }
    false
}

fn group(normalized: &Normalized) -> String {
    let stemmer = Stemmer::create(Algorithm::English);
    let mut words: Vec<_> = normalized
        .words()
        .filter(|word| LITTLE_WORDS.binary_search(word).is_err())
        .map(|word| stemmer.stem(word).into_owned())
        .collect();
    if words.is_empty() {
        return normalized.as_str().to_owned();
    }
    words.sort_unstable();
    words.dedup();
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn like_questions_are_one_group() {
        let group = |text: &str| Wording::new(text).expect("fit to be kept").group;
        let same = |one: &str, other: &str| assert_eq!(group(one), group(other), "{one} / {other}");
        same("Who paid for the campaign?", "who paid for the campaigns");
        same(
            "is Signal banned in France",
            "Hello, was signal banned in the france??",
        );
        same("WHO PAID", "who   paíd!!!");
        same(
            "<@!123456789012345678> who paid <:smile:123456789012345678>",
            "who paid",
        );
        let apart =
            |one: &str, other: &str| assert_ne!(group(one), group(other), "{one} / {other}");
        apart("who paid", "who did not pay");
        apart("who signed it", "when was it signed");
        apart("the", "is it");
    }

    #[test]
    fn what_is_kept_is_lowercase_words() {
        let check = |text: &str, expected: &str| {
            assert_eq!(
                Wording::new(text).expect("fit to be kept").question,
                expected
            );
        };
        check(
            "Did <@80351110224678912> sign, e.g. in 2024?",
            "did sign e g in 2024",
        );
        check(
            "does 1,200 a month < 92% hold?",
            "does 1200 a month 92 percent hold",
        );
        check("iOS 17.4 and TLS 1.3?", "ios 17 4 and tls 1 3");
        check("32,000,000 reports", "32000000 reports");
    }

    #[test]
    fn what_looks_personal_is_refused() {
        let check = |text: &str| assert_eq!(Wording::new(text), Err(Unkept::Personal), "{text}");
        check("is ann@example.org one of them");
        check("is ann＠example.org one of them");
        check("is @ann one of them");
        check("what says https://example.org/page");
        check("what says example.org about it");
        check("what says (example.org/page?a=1) about it");
        check("call me at +44 20 7946 0958");
        check("call me at 020-7946-0958");
        check("who is 80351110224678912");
        check("born on 1980-01-31");
        check("what is 192.0.2.1");
        check("is ghp16C7e42F292c a token");
        check("what is deadbeefdeadbeefdeadbeefdeadbeefdeadbeef");
    }

    #[test]
    fn what_is_no_question_is_refused() {
        let check = |text: &str, why: Unkept| assert_eq!(Wording::new(text), Err(why), "{text}");
        check("", Unkept::Empty);
        check("  ?! 👍 ", Unkept::Empty);
        check("<@123>", Unkept::Empty);
        check(&"word ".repeat(41), Unkept::TooLong);
        assert!(Wording::new(&"word ".repeat(40)).is_ok());
    }

    #[test]
    fn little_words_are_sorted_and_spare_negations_and_question_words() {
        assert!(LITTLE_WORDS.is_sorted(), "binary search needs order");
        for word in ["not", "no", "never", "who", "when", "how", "why"] {
            assert!(!LITTLE_WORDS.contains(&word), "{word}");
        }
    }
}
