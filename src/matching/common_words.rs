//! Common English words, which are no misspelling of another word however near one they are.
//!
//! A question with "form" in it, asked of a knowledge that knows "from", is not about "from"; and a question about something else
//! is mostly made of such words. The list is from SCOWL, sizes 10 and 20 (`common_words.LICENSE`).
//!
//! Tried, on `clinc_k10_s0` (top-1 clean / with two typing errors, foreign questions rejected while 95 % of its own are kept):
//!
//! | words | | rejected |
//! |---|---|---|
//! | none: every unknown word may be repaired | 84.2 / 82.2 | 64.8 |
//! | 4,000 (size 10) | 84.2 / 82.2 | 65.6 |
//! | 11,000 (size 20, kept) | 84.1 / 82.0 | 66.3 |
//! | 43,000 (size 35) | 84.1 / 81.9 | 0.7 more than size 20, in another run |
//! | no repair at all | 84.0 / – | 67.1 |
//! | repaired all the same, at half the weight | as none | 64.6 |

/// One a line, sorted by byte, in ASCII.
const WORDS: &str = include_str!("common_words.txt");

/// Whether a normalised word is one of them. Halves the list some fourteen times; no table is made of it.
pub(super) fn is_common_word(word: &str) -> bool {
    let mut rest = WORDS;
    while !rest.is_empty() {
        let (front, _) = rest.split_at(rest.len() / 2);
        let (before, line_on) = rest.split_at(front.rfind('\n').map_or(0, |end| end + 1));
        let (line, after) = line_on.split_once('\n').unwrap_or((line_on, ""));
        rest = match word.cmp(line) {
            std::cmp::Ordering::Less => before,
            std::cmp::Ordering::Equal => return true,
            std::cmp::Ordering::Greater => after,
        };
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::matching::normalise::Normalized;

    #[test]
    fn every_word_is_found_in_the_spelling_that_is_looked_up() {
        let words: Vec<&str> = WORDS.lines().collect();
        assert!(
            words.is_sorted() && WORDS.is_ascii(),
            "halving needs order, and bytes that are letters"
        );
        for word in words {
            assert!(is_common_word(word), "{word}");
            assert!(word.bytes().all(|byte| byte.is_ascii_lowercase()), "{word}");
        }
    }

    #[test]
    fn other_words_are_not_found() {
        for word in [
            "",
            "a",
            "aardvarkz",
            "zzz",
            "encrpytion",
            "wich",
            "recieve",
            "\n",
            "about\n",
            "Able",
        ] {
            assert!(!is_common_word(word), "{word:?}");
        }
        assert!(is_common_word(Normalized::new("Form").as_str()));
    }
}
