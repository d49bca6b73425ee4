//! Discord's Markdown and its way of counting: escaping, links, and cuts that tear nothing.
//!
//! Lengths are UTF-16 units, as Discord's clients count; its servers count code points, which are never more.

use std::fmt::Write;

use unicode_segmentation::UnicodeSegmentation;

/// What stands for the rest of a text that was cut.
pub(super) const ELLIPSIS: &str = "…";

/// Longest address that is linked; above it the markup would push the answer itself out of a message.
const LONGEST_URL: usize = 1_000;

/// How long Discord finds a text, in UTF-16 units.
pub(super) fn length(text: &str) -> usize {
    text.encode_utf16().count()
}

/// A text for places without Markdown: labels, names, footers. Line breaks and other control characters become spaces.
pub(super) fn plain(text: &str) -> String {
    text.chars()
        .map(|character| {
            if character.is_control() {
                ' '
            } else {
                character
            }
        })
        .collect()
}

/// Escapes Markdown so that a text shows as written, wherever it stands in a line.
///
/// Mentions, time stamps and custom emoji are disarmed with it, and so are bare addresses, which would unfold a preview.
pub(super) fn escape(text: &str) -> String {
    let text = plain(text);
    let mut escaped = String::with_capacity(text.len() + 8);
    let starts_list = starts_numbered_list(&text);
    let mut at_start = true;
    let mut numbering = starts_list;
    let mut rest = text.chars();
    while let Some(character) = rest.next() {
        let special = match character {
            '\\' | '*' | '_' | '~' | '|' | '`' | '<' | '[' | ']' | '@' => true,
            '#' | '>' | '-' | '+' => at_start,
            '.' | ')' => numbering,
            ':' => rest.as_str().starts_with("//"),
            _ => false,
        };
        if special {
            escaped.push('\\');
        }
        escaped.push(character);
        at_start &= character.is_whitespace();
        numbering &= character.is_whitespace() || character.is_ascii_digit();
    }
    escaped
}

/// What [`escape`] was given: its output as Discord shows it.
pub(super) fn unescaped(escaped: &str) -> String {
    let mut shown = String::with_capacity(escaped.len());
    let mut rest = escaped.chars();
    while let Some(character) = rest.next() {
        shown.push(match character {
            '\\' => rest.next().unwrap_or('\\'),
            other => other,
        });
    }
    shown
}

/// Whether a line would be read as an item of a numbered list.
fn starts_numbered_list(text: &str) -> bool {
    let line = text.trim_start();
    let after = line.trim_start_matches(|character: char| character.is_ascii_digit());
    after.len() < line.len() && after.starts_with(['.', ')'])
}

/// An address as it can stand inside `(…)` or `<…>`; `None` if it is none that can be linked.
pub(super) fn address(url: &str) -> Option<String> {
    if !(url.starts_with("https://") || url.starts_with("http://")) {
        return None;
    }
    let mut address = String::with_capacity(url.len());
    for byte in url.bytes() {
        let safe = byte.is_ascii_alphanumeric() || b"-._~:/?#@!$&'*+,;=%".contains(&byte);
        if safe {
            address.push(char::from(byte));
        } else {
            // RFC 3986, section 2.1: what a URL cannot hold as it is stands there as its bytes.
            let _infallible = write!(address, "%{byte:02X}");
        }
    }
    (address.len() <= LONGEST_URL).then_some(address)
}

/// A number in superscript: `12` becomes `¹²`.
pub(super) fn superscript(number: usize) -> String {
    const DIGITS: [char; 10] = ['⁰', '¹', '²', '³', '⁴', '⁵', '⁶', '⁷', '⁸', '⁹'];
    number
        .to_string()
        .bytes()
        .filter_map(|digit| DIGITS.get(usize::from(digit.wrapping_sub(b'0'))))
        .collect()
}

/// Cuts a text to a length, between graphemes and where it can at the end of a word; what was cut shows as `…`.
pub(super) fn cut(text: &str, limit: usize) -> String {
    if length(text) <= limit {
        return text.to_owned();
    }
    let Some(room) = limit.checked_sub(length(ELLIPSIS)) else {
        return String::new();
    };
    let mut kept = String::new();
    let mut used = 0;
    let mut last_word_end = 0;
    for grapheme in text.graphemes(true) {
        if grapheme.chars().all(char::is_whitespace) {
            last_word_end = kept.len();
        }
        used += length(grapheme);
        if used > room {
            break;
        }
        kept.push_str(grapheme);
    }
    // A word longer than half of the room is cut inside rather than lost.
    if last_word_end > kept.len() / 2 {
        kept.truncate(last_word_end);
    }
    kept.truncate(kept.trim_end().len());
    kept.push_str(ELLIPSIS);
    kept
}

/// Cuts a text so that it fits once it is escaped.
pub(super) fn cut_escaped(text: &str, limit: usize) -> String {
    let mut room = limit;
    loop {
        let escaped = escape(&cut(text, room));
        let excess = length(&escaped).saturating_sub(limit);
        if excess == 0 {
            return escaped;
        }
        // Escaping at most doubles a text, so half of the excess is surely too much.
        room = room.saturating_sub(excess.div_ceil(2));
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_would_be_markup_is_escaped() {
        let check = |text: &str, expected: &str| assert_eq!(escape(text), expected, "{text:?}");
        check("1,200 children (a month)", "1,200 children (a month)");
        check("*bold* _it_ ~~no~~", r"\*bold\* \_it\_ \~\~no\~\~");
        check("||secret|| `code`", r"\|\|secret\|\| \`code\`");
        check("[text](https://a.b)", r"\[text\](https\://a.b)");
        check(
            "<@123> <#1> <t:1:R> @everyone",
            r"\<\@123> \<#1> \<t:1:R> \@everyone",
        );
        check("# title", r"\# title");
        check("a # b > c - d", "a # b > c - d");
        check("> quote", r"\> quote");
        check("-# small", r"\-# small");
        check("1. first", r"1\. first");
        check("24) first", r"24\) first");
        check("In 2024. Then", "In 2024. Then");
        check("a\nb\u{7}c", "a b c");
        check(r"back\slash", r"back\\slash");
    }

    #[test]
    fn an_address_cannot_leave_its_brackets() {
        let check = |url: &str, expected: Option<&str>| {
            assert_eq!(address(url).as_deref(), expected, "{url:?}");
        };
        check("https://a.b/c_d?e=f#g", Some("https://a.b/c_d?e=f#g"));
        check("https://a.b/c(d)e", Some("https://a.b/c%28d%29e"));
        check("https://a.b/> <x", Some("https://a.b/%3E%20%3Cx"));
        check("https://a.b/ü", Some("https://a.b/%C3%BC"));
        check("javascript:alert(1)", None);
        check(&format!("https://a.b/{}", "x".repeat(2_000)), None);
    }

    #[test]
    fn a_cut_keeps_words_and_graphemes_whole() {
        let check = |text: &str, limit: usize, expected: &str| {
            assert_eq!(cut(text, limit), expected, "{text:?} to {limit}");
        };
        check("short", 10, "short");
        check("one two three", 10, "one two…");
        check("one two three", 8, "one two…");
        check("incomprehensibilities", 8, "incompr…");
        check("👩‍👩‍👧‍👦👩‍👩‍👧‍👦", 12, "👩‍👩‍👧‍👦…");
        check("👩‍👩‍👧‍👦👩‍👩‍👧‍👦", 11, "…");
        check("ab", 1, "…");
        check("ab", 0, "");
    }

    #[test]
    fn marks_are_superscript_numbers() {
        assert_eq!(superscript(1), "¹");
        assert_eq!(superscript(120), "¹²⁰");
    }

    proptest! {
        #[test]
        fn a_cut_text_fits(text in any::<String>(), limit in 0_usize..200) {
            prop_assert!(length(&cut(&text, limit)) <= limit);
            prop_assert!(length(&cut_escaped(&text, limit)) <= limit);
        }

        #[test]
        fn escaped_text_reads_as_written(text in any::<String>()) {
            // What Discord does with a backslash before punctuation: it shows the punctuation.
            prop_assert_eq!(unescaped(&escape(&text)), plain(&text));
        }
    }
}
