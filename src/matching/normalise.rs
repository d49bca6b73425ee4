//! Text as the matcher reads it: lowercase words without accents, punctuation or emoji.
//!
//! Two texts that differ only in case, accents, white space or punctuation come out equal. No word is dropped here: *not*, *no*
//! and *without* turn a question round, and what a frequent word is worth is decided by the index. Contractions are written out,
//! so that "doesn't" and "doesnt" have their *not* (top-1 on `bankoos_k10_s0` 79.7 → 80.3, `stackfaq_s0` 93.3 → 93.2, chat
//! questions about 50 entries 86.4 → 88.0).

use unicode_normalization::{UnicodeNormalization as _, char::is_combining_mark};

/// Longest input read, in characters: a Discord message holds at most 4,000.
const MAX_CHARS: usize = 4_000;

/// Most words kept of a text. A question has about ten; the rest of a pasted article would only blur it and cost time.
const MAX_WORDS: usize = 200;

/// Text ready to be scored: words of letters and digits, parted by one space. The only way in is [`Normalized::new`].
///
/// At most 4,000 characters are read and 200 words kept.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Normalized(String);

impl Normalized {
    /// Normalises a text. Idempotent within the bounds: normalising the result changes nothing.
    ///
    /// ```
    /// use cleartext::matching::Normalized;
    ///
    /// assert_eq!(Normalized::new("  Où est le PHARE?!").as_str(), "ou est le phare");
    /// ```
    pub fn new(text: &str) -> Self {
        let mut normalized = Self::default();
        normalized.refill(text);
        normalized
    }

    /// Replaces the content, keeping the memory.
    pub(super) fn refill(&mut self, text: &str) {
        self.0.clear();
        if text.is_ascii() {
            push_words(text, &mut self.0);
        } else {
            push_words(&folded(text), &mut self.0);
        }
    }

    /// The text: words parted by one space.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The words in order.
    ///
    /// ```
    /// use cleartext::matching::Normalized;
    ///
    /// let text = Normalized::new("How tall?");
    /// assert_eq!(text.words().collect::<Vec<_>>(), ["how", "tall"]);
    /// ```
    pub fn words(&self) -> impl DoubleEndedIterator<Item = &str> {
        self.0.split(' ').filter(|word| !word.is_empty())
    }

    /// Whether there is no word at all.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// Compatibility forms resolved, accents and invisible characters gone, letters of other alphabets of Europe in their usual
/// transcription. Recomposed at the end because Hangul would stay in pieces.
fn folded(text: &str) -> String {
    text.chars()
        .take(MAX_CHARS)
        .map(|c| if is_apostrophe(c) { '\'' } else { c })
        .nfkd()
        .flat_map(char::to_lowercase)
        .nfkd()
        .filter(|c| !is_combining_mark(*c) && !is_invisible(*c))
        .nfc()
        .fold(String::with_capacity(text.len()), |mut folded, c| {
            match c {
                'ß' => folded.push_str("ss"),
                'æ' => folded.push_str("ae"),
                'œ' => folded.push_str("oe"),
                'ø' => folded.push('o'),
                'đ' | 'ð' => folded.push('d'),
                'ł' => folded.push('l'),
                'ı' => folded.push('i'),
                'þ' => folded.push_str("th"),
                _ => folded.push(c),
            }
            folded
        })
}

fn is_apostrophe(c: char) -> bool {
    matches!(c, '\'' | '’' | '‘' | '‛' | 'ʼ' | '`' | '´' | '′' | '＇')
}

fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2064}' | '\u{feff}')
}

/// Splits folded text into words. "1,200" is one number, "92%" is "92 percent", "sooooo" is "soo".
fn push_words(text: &str, out: &mut String) {
    let mut words = Words {
        out,
        count: 0,
        start: None,
    };
    let (mut last, mut before_last) = (' ', ' ');
    let mut chars = text.chars().take(MAX_CHARS);
    while let Some(c) = chars.next() {
        let c = c.to_ascii_lowercase();
        if is_apostrophe(c) || (c == ',' && last.is_ascii_digit() && starts_thousand(chars.clone()))
        {
            continue;
        }
        if c.is_alphanumeric() {
            if !(c == last && c == before_last && c.is_alphabetic()) {
                words.push(c);
            }
            (before_last, last) = (last, c);
        } else {
            words.end();
            if c == '%' {
                "percent".chars().for_each(|c| words.push(c));
                words.end();
            }
            (before_last, last) = (' ', ' ');
        }
    }
    words.end();
}

/// Words being written, parted by one space.
struct Words<'a> {
    out: &'a mut String,
    count: usize,
    /// Where the word begins that is being written.
    start: Option<usize>,
}

impl Words<'_> {
    fn push(&mut self, c: char) {
        if self.count == MAX_WORDS {
            return;
        }
        if self.start.is_none() {
            if !self.out.is_empty() {
                self.out.push(' ');
            }
            self.start = Some(self.out.len());
        }
        self.out.push(c);
    }

    fn end(&mut self) {
        let Some(start) = self.start.take() else {
            return;
        };
        self.count += 1;
        if let Some((first, second)) = self.out.get(start..).and_then(written_out) {
            self.out.truncate(start);
            self.out.push_str(first);
            if !second.is_empty() && self.count < MAX_WORDS {
                self.out.push(' ');
                self.out.push_str(second);
                self.count += 1;
            }
        }
    }
}

/// Contractions and the commonest chat spellings; the second word may be empty. "id", "ill", "were", "well" and "shed" are words
/// of their own and stay.
fn written_out(word: &str) -> Option<(&'static str, &'static str)> {
    Some(match word {
        "arent" => ("are", "not"),
        "aint" | "isnt" => ("is", "not"),
        "cannot" | "cant" => ("can", "not"),
        "couldnt" => ("could", "not"),
        "didnt" => ("did", "not"),
        "doesnt" => ("does", "not"),
        "dont" => ("do", "not"),
        "hadnt" => ("had", "not"),
        "hasnt" => ("has", "not"),
        "havent" => ("have", "not"),
        "shouldnt" => ("should", "not"),
        "wasnt" => ("was", "not"),
        "werent" => ("were", "not"),
        "wont" => ("will", "not"),
        "wouldnt" => ("would", "not"),
        "heres" => ("here", "is"),
        "hows" => ("how", "is"),
        "thats" => ("that", "is"),
        "theres" => ("there", "is"),
        "whats" => ("what", "is"),
        "whens" => ("when", "is"),
        "wheres" => ("where", "is"),
        "whos" => ("who", "is"),
        "whys" => ("why", "is"),
        "im" => ("i", "am"),
        "ive" => ("i", "have"),
        "theyre" => ("they", "are"),
        "theyve" => ("they", "have"),
        "weve" => ("we", "have"),
        "youll" => ("you", "will"),
        "youre" => ("you", "are"),
        "youve" => ("you", "have"),
        "pls" | "plz" => ("please", ""),
        "u" => ("you", ""),
        "ur" => ("your", ""),
        _ => return None,
    })
}

/// Whether exactly three digits follow, as after the comma of "1,200".
fn starts_thousand(mut rest: impl Iterator<Item = char>) -> bool {
    (0..3).all(|_| rest.next().is_some_and(|c| c.is_ascii_digit()))
        && !rest.next().is_some_and(|c| c.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &str) {
        let normalized = Normalized::new(text);
        assert_eq!(normalized.as_str(), expected, "{text:?}");
        assert_eq!(
            Normalized::new(normalized.as_str()),
            normalized,
            "normalising {text:?} twice"
        );
    }

    #[test]
    fn only_words_remain() {
        check(
            "What IS  end-to-end\tencryption?!",
            "what is end to end encryption",
        );
        check("Don't; can’t, ISNT", "do not can not is not");
        check("what's ur name pls", "what is your name please");
        check("Café Ångström naïve", "cafe angstrom naive");
        check("Straße Łódź Øresund", "strasse lodz oresund");
        check("ﬁne ＦＵＬＬ", "fine full");
        check("zero\u{200b}width so\u{ad}ft", "zerowidth soft");
        check("sooooo goood aaa", "soo good aa");
        check("not no without", "not no without");
    }

    #[test]
    fn numbers_stay_whole() {
        check("1,200 children, 12,345,678", "1200 children 12345678");
        check("32,33 or 1,2000", "32 33 or 1 2000");
        check("92% or 100000", "92 percent or 100000");
        check("20%off", "20 percent off");
    }

    #[test]
    fn other_scripts_survive() {
        check("Шифрование — это?", "шифрование это");
        check("한국어 暗号化", "한국어 暗号化");
        check("İstanbul", "istanbul");
    }

    #[test]
    fn nothing_is_nothing() {
        for text in ["", "   ", "?!…", "😀🔥", "\u{200b}", "'’`", "\u{301}"] {
            check(text, "");
            assert!(Normalized::new(text).is_empty());
        }
    }

    #[test]
    fn long_input_is_cut_between_characters() {
        let normalized = Normalized::new(&"é ".repeat(100_000));
        assert_eq!(normalized.words().count(), MAX_WORDS);
        let one_word = Normalized::new(&"öü".repeat(100_000));
        assert_eq!(one_word.as_str().chars().count(), MAX_CHARS);
    }
}
