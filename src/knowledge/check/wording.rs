//! Words that take a side, and sentences too long to take in: what an answer must not have in its own voice.

use super::super::parse::{EntryDraft, ProseDraft};
use crate::tables::Fault;

/// A word of one side, and what to write instead in an answer's own voice.
struct Loaded {
    /// How it is written, in lowercase; an ending may follow.
    words: &'static [&'static str],
    /// Whose word it is, or what it takes for granted.
    reason: &'static str,
    /// A neutral way to say it.
    neutral: &'static str,
}

/// Words that are fine in quotation marks and in positions, where a reader sees whose they are.
const LOADED: &[Loaded] = &[
    Loaded {
        words: &["spying", "spy on", "spies on", "snoop"],
        reason: "takes for granted that looking is illegitimate",
        neutral: "scanning, reading or monitoring",
    },
    Loaded {
        words: &["mass surveillance", "police state"],
        reason: "is the critics' word for scanning or retention",
        neutral: "scanning of everybody's messages",
    },
    Loaded {
        words: &["chat control", "chatcontrol"],
        reason: "is the critics' name for the EU's child sexual abuse rules",
        neutral: "the CSA Regulation, or the interim rules",
    },
    Loaded {
        words: &["going dark", "gone dark", "goes dark"],
        reason: "is the investigators' picture of losing access",
        neutral: "losing access to data",
    },
    Loaded {
        words: &["backdoor", "back door"],
        reason: "is the critics' word where police say lawful access",
        neutral: "a means of access, with who calls it what",
    },
    Loaded {
        words: &[
            "breaks encryption",
            "break encryption",
            "breaking encryption",
            "weakens encryption",
        ],
        reason: "is itself what is disputed",
        neutral: "what the measure does, with who says that it breaks encryption",
    },
    Loaded {
        words: &[
            "paedophile-friendly",
            "pedophile-friendly",
            "safe haven for",
            "haven for criminals",
        ],
        reason: "blames a product for its worst users",
        neutral: "what is said to happen on the service, with who says it",
    },
    Loaded {
        words: &[
            "so-called",
            "self-styled",
            "alleged experts",
            "zealot",
            "propaganda",
            "scaremonger",
            "hysteri",
        ],
        reason: "passes judgement on the speaker",
        neutral: "the name without the judgement",
    },
    Loaded {
        words: &[
            "obviously",
            "of course",
            "clearly,",
            "undoubtedly",
            "everyone knows",
        ],
        reason: "asks for assent instead of giving a source",
        neutral: "the statement and its source",
    },
];

/// Longest sentence in words: beyond it a reader on a phone loses the beginning. Twice the 20 to 25 words that plain-language
/// guides aim at, since an attribution and a date take room.
const LONGEST_SENTENCE: usize = 50;

/// Checks an entry's own voice: its answer and its detail.
pub(super) fn check(entry: &EntryDraft, faults: &mut Vec<Fault>) {
    for draft in entry.answer.iter().chain(&entry.detail) {
        loaded(draft, faults);
    }
    let positions = entry
        .positions
        .iter()
        .filter_map(|position| position.text.as_ref());
    for draft in entry.answer.iter().chain(&entry.detail).chain(positions) {
        long_sentences(draft, faults);
    }
}

fn loaded(draft: &ProseDraft, faults: &mut Vec<Fault>) {
    let own = outside_quotes(&draft.text.plain().to_lowercase());
    for Loaded {
        words,
        reason,
        neutral,
    } in LOADED
    {
        if let Some(word) = words.iter().find(|word| contains_word(&own, word)) {
            let what = format!("“{word}” {reason}");
            let remedy =
                format!("write {neutral}; or put it in quotation marks and say whose word it is");
            faults.push(Fault::error(draft.place.clone(), what, remedy));
        }
    }
}

/// Whether a word begins here, rather than standing inside another one.
fn contains_word(text: &str, word: &str) -> bool {
    text.match_indices(word).any(|(at, _)| {
        let before = text.get(..at).and_then(|before| before.chars().next_back());
        before.is_none_or(|letter| !letter.is_alphanumeric())
    })
}

/// The text with everything between quotation marks blanked.
fn outside_quotes(text: &str) -> String {
    let mut inside = false;
    text.chars()
        .map(|character| {
            match character {
                '"' => inside = !inside,
                '“' | '«' => inside = true,
                '”' | '»' => inside = false,
                _ => return if inside { ' ' } else { character },
            }
            ' '
        })
        .collect()
}

fn long_sentences(draft: &ProseDraft, faults: &mut Vec<Fault>) {
    for sentence in draft.text.sentences() {
        let words = sentence.text.split_whitespace().count();
        if words > LONGEST_SENTENCE {
            let start: Vec<_> = sentence.text.split_whitespace().take(5).collect();
            let what = format!("a sentence of {words} words: “{}…”", start.join(" "));
            let remedy = format!("write at most {LONGEST_SENTENCE}, better half of that");
            faults.push(Fault::warning(draft.place.clone(), what, remedy));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_in_quotes_is_not_the_answers_own_voice() {
        let check = |text: &str, word: &str, found: bool| {
            assert_eq!(contains_word(&outside_quotes(text), word), found, "{text}");
        };
        check("police speak of \"going dark\" here", "going dark", false);
        check("police speak of “going dark” here", "going dark", false);
        check("police are going dark here", "going dark", true);
        check("\"a\" going dark \"b\"", "going dark", true);
        check("unobviously", "obviously", false);
        check("backdoors", "backdoor", true);
    }
}
