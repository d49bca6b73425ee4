//! Prose with citations: `… 800 suspects a month [@nca-statement-2024, para. 11].` taken apart and cut into sentences.
//!
//! The citation form is Pandoc's: <https://pandoc.org/MANUAL.html#citation-syntax>, of which only the bracketed
//! one is read: `[@id, locator; @other, locator]`.

use unicode_segmentation::UnicodeSegmentation;

use super::SourceId;

/// One reference to a spot in a source.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Citation {
    /// The source.
    pub source: SourceId,
    /// Where in the source, such as `para. 11`; absent only where the source has no parts.
    pub locator: Option<String>,
}

/// A stretch of prose, or the citations that stand between two stretches.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    /// Text to read, white space collapsed.
    Text(String),
    /// One bracket of citations, in the order written.
    Citations(Vec<Citation>),
}

/// Prose whose citations have been taken apart.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CitedText {
    pieces: Vec<Piece>,
}

/// What is wrong with a bracket, and the bracket as written, to find its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CitationFault {
    /// The bracket, or the part of it that is wrong.
    pub written: String,
    /// What is wrong with it.
    pub what: String,
    /// What to write instead.
    pub remedy: String,
}

/// One sentence with the citations that stand in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sentence {
    /// The words, without citations.
    pub text: String,
    /// Its citations, in order.
    pub citations: Vec<Citation>,
}

/// Stands for a bracket while sentences are cut: a private-use character that no keyboard writes.
const MARK: char = '\u{E000}';

/// Words that end in a full stop without ending a sentence.
const ABBREVIATIONS: [&str; 28] = [
    "approx", "arg", "art", "arts", "c", "ca", "cf", "ch", "dr", "ed", "e.g", "etc", "fig", "i.e",
    "inc", "ltd", "mr", "mrs", "ms", "no", "nos", "p", "para", "paras", "pp", "sec", "st", "vs",
];

impl CitedText {
    /// Takes prose apart. Faulty brackets are reported and left out; the rest is read all the same.
    ///
    /// ```
    /// use cleartext::knowledge::CitedText;
    ///
    /// let (text, faults) = CitedText::parse("It is 61 metres tall [@harbour-2024, para. 3].");
    /// assert!(faults.is_empty());
    /// assert_eq!(text.plain(), "It is 61 metres tall.");
    /// ```
    pub fn parse(prose: &str) -> (Self, Vec<CitationFault>) {
        let mut pieces = Vec::new();
        let mut faults = Vec::new();
        let mut rest = prose;
        while let Some((before, bracket_on)) = rest.split_once("[@") {
            push_text(&mut pieces, before);
            let Some((inside, after)) = bracket_on.split_once(']') else {
                faults.push(CitationFault {
                    written: format!("[@{}", bracket_on.chars().take(40).collect::<String>()),
                    what: "a citation bracket is not closed".to_owned(),
                    remedy: "write `[@source-id, locator]`".to_owned(),
                });
                rest = bracket_on;
                break;
            };
            let citations = parse_bracket(inside, &mut faults);
            if !citations.is_empty() {
                pieces.push(Piece::Citations(citations));
            }
            rest = after;
        }
        push_text(&mut pieces, rest);
        (Self { pieces }, faults)
    }

    /// The pieces in reading order.
    pub fn pieces(&self) -> &[Piece] {
        &self.pieces
    }

    /// The words alone, without citations.
    pub fn plain(&self) -> String {
        let mut plain = String::new();
        for piece in &self.pieces {
            match piece {
                Piece::Text(text) => plain.push_str(text),
                Piece::Citations(_) => {
                    plain.truncate(plain.trim_end().len());
                }
            }
        }
        plain.trim().to_owned()
    }

    /// Every citation, in reading order.
    ///
    /// ```
    /// use cleartext::knowledge::CitedText;
    ///
    /// let (text, _) = CitedText::parse("Tall [@harbour-2024, para. 3; @keepers-2025].");
    /// let sources: Vec<_> = text.citations().map(|citation| citation.source.as_str()).collect();
    /// assert_eq!(sources, ["harbour-2024", "keepers-2025"]);
    /// ```
    pub fn citations(&self) -> impl Iterator<Item = &Citation> {
        self.pieces.iter().flat_map(|piece| match piece {
            Piece::Text(_) => [].iter(),
            Piece::Citations(citations) => citations.iter(),
        })
    }

    /// The sentences with their citations.
    ///
    /// A sentence ends where Unicode's rules (UAX 29) end one, unless the last word is a known abbreviation or an initial.
    ///
    /// ```
    /// use cleartext::knowledge::CitedText;
    ///
    /// let (text, _) = CitedText::parse("It is tall, e.g. taller than a mill [@a]. It is old.");
    /// let cited: Vec<_> = text.sentences().iter().map(|sentence| sentence.citations.len()).collect();
    /// assert_eq!(cited, [1, 0]);
    /// ```
    pub fn sentences(&self) -> Vec<Sentence> {
        let mut marked = String::new();
        let mut brackets = Vec::new();
        for piece in &self.pieces {
            match piece {
                Piece::Text(text) => marked.push_str(text),
                Piece::Citations(citations) => {
                    marked.push(MARK);
                    brackets.push(citations);
                }
            }
        }
        let mut brackets = brackets.into_iter();
        split_sentences(&marked)
            .into_iter()
            .map(|sentence| {
                let marks = sentence.matches(MARK).count();
                let citations = brackets.by_ref().take(marks).flatten().cloned().collect();
                let text = sentence
                    .replace([MARK], "")
                    .split_whitespace()
                    .collect::<Vec<_>>()
                    .join(" ");
                Sentence {
                    text: close_up(&text),
                    citations,
                }
            })
            .filter(|sentence| {
                sentence.text.chars().any(char::is_alphanumeric) || !sentence.citations.is_empty()
            })
            .collect()
    }
}

/// Where a citation stood before a full stop, no space is left: "month ." becomes "month.".
fn close_up(text: &str) -> String {
    let mut closed = text.to_owned();
    for stop in [".", ",", ";", ":", "!", "?", ")"] {
        closed = closed.replace(&format!(" {stop}"), stop);
    }
    closed
}

fn push_text(pieces: &mut Vec<Piece>, text: &str) {
    if text.is_empty() {
        return;
    }
    let mut collapsed = String::with_capacity(text.len());
    let mut space = false;
    for character in text.chars() {
        // The stand-in for brackets must never come from outside.
        if character == MARK {
            continue;
        }
        if character.is_whitespace() {
            space = true;
        } else {
            if space {
                collapsed.push(' ');
            }
            space = false;
            collapsed.push(character);
        }
    }
    if space {
        collapsed.push(' ');
    }
    pieces.push(Piece::Text(collapsed));
}

fn parse_bracket(inside: &str, faults: &mut Vec<CitationFault>) -> Vec<Citation> {
    let mut citations = Vec::new();
    for (position, part) in inside.split(';').enumerate() {
        let part = part.trim();
        let bare = if position == 0 {
            part
        } else {
            part.strip_prefix('@').unwrap_or_default()
        };
        let (id, locator) = match bare.split_once(',') {
            Some((id, locator)) => (id.trim(), Some(locator.trim())),
            None => (bare, None),
        };
        match SourceId::new(id) {
            Ok(source) => {
                let locator = locator
                    .filter(|locator| !locator.is_empty())
                    .map(str::to_owned);
                citations.push(Citation { source, locator });
            }
            Err(why) => faults.push(CitationFault {
                written: part.to_owned(),
                what: format!("`{part}` is not a citation ({why})"),
                remedy: "write `[@source-id, locator; @other-id, locator]`".to_owned(),
            }),
        }
    }
    citations
}

/// Unicode's sentence bounds, with the pieces joined again that an abbreviation tore apart.
///
/// Unicode does not end a sentence before a digit that a lowercase word follows ("in 2024. 32 chiefs"); here it ends.
fn split_sentences(text: &str) -> Vec<String> {
    let mut sentences: Vec<String> = Vec::new();
    let mut open = false;
    for piece in text.split_sentence_bounds().flat_map(split_before_digits) {
        match sentences.last_mut() {
            Some(last) if open => last.push_str(&piece),
            _ => sentences.push(piece),
        }
        open = sentences
            .last()
            .is_some_and(|sentence| ends_in_abbreviation(sentence));
    }
    sentences
}

/// Cuts after a full stop and white space wherever a digit follows.
fn split_before_digits(text: &str) -> Vec<String> {
    let mut pieces = vec![String::new()];
    let (mut stopped, mut spaced) = (false, false);
    for character in text.chars() {
        if stopped && spaced && character.is_ascii_digit() {
            pieces.push(String::new());
        }
        spaced = character.is_whitespace();
        stopped = character == '.' || (stopped && spaced);
        if let Some(last) = pieces.last_mut() {
            last.push(character);
        }
    }
    pieces
}

fn ends_in_abbreviation(sentence: &str) -> bool {
    let sentence = sentence.trim_end();
    let Some(before_stop) = sentence.strip_suffix('.') else {
        return false;
    };
    let word = before_stop
        .rsplit(|character: char| character.is_whitespace() || "([\"“‘".contains(character))
        .next()
        .unwrap_or_default();
    let mut letters = word.chars();
    let initial =
        matches!((letters.next(), letters.next()), (Some(letter), None) if letter.is_uppercase());
    initial || ABBREVIATIONS.contains(&word.to_lowercase().as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sentences(prose: &str) -> Vec<(String, usize)> {
        let (text, faults) = CitedText::parse(prose);
        assert_eq!(faults, []);
        text.sentences()
            .into_iter()
            .map(|sentence| (sentence.text, sentence.citations.len()))
            .collect()
    }

    #[test]
    fn citations_belong_to_the_sentence_they_stand_in() {
        let check = |prose: &str, expected: &[(&str, usize)]| {
            let expected: Vec<_> = expected
                .iter()
                .map(|(text, count)| ((*text).to_owned(), *count))
                .collect();
            assert_eq!(sentences(prose), expected, "{prose}");
        };
        check(
            "One thing [@a, para. 1]. Another [@b, p. 2; @c, sec. 3].",
            &[("One thing.", 1), ("Another.", 2)],
        );
        check(
            "No citation here. But here [@a, para. 1].",
            &[("No citation here.", 0), ("But here.", 1)],
        );
        check(
            "Mr. Biggar of the U.K. agency spoke [@a, para. 1].",
            &[("Mr. Biggar of the U.K. agency spoke.", 1)],
        );
        check(
            "It cost 4.8 million, i.e. a lot [@a, p. 1].",
            &[("It cost 4.8 million, i.e. a lot.", 1)],
        );
        check(
            "See para. 11 and No. 10 on it [@a, p. 1].",
            &[("See para. 11 and No. 10 on it.", 1)],
        );
        check(
            "“Stop.” He went on [@a, p. 1].",
            &[("“Stop.”", 0), ("He went on.", 1)],
        );
        check(
            "Was it 32? The NCA says so [@a, p. 1].",
            &[("Was it 32?", 0), ("The NCA says so.", 1)],
        );
        check(
            "In 2024. 32 chiefs met [@a, p. 1].",
            &[("In 2024.", 0), ("32 chiefs met.", 1)],
        );
    }

    #[test]
    fn the_plain_text_reads_as_if_there_were_no_citations() {
        let (text, _) =
            CitedText::parse("Some\n 1,200 children [@a, para. 11] are safe [@b, p. 1].");
        assert_eq!(text.plain(), "Some 1,200 children are safe.");
    }

    #[test]
    fn a_broken_bracket_is_reported_and_the_rest_is_read() {
        let (text, faults) = CitedText::parse("One [@Bad Id, p. 1; @good, p. 2]. Two [@a");
        assert_eq!(
            text.citations()
                .map(|citation| citation.source.as_str())
                .collect::<Vec<_>>(),
            ["good"]
        );
        assert_eq!(faults.len(), 2, "{faults:?}");
    }

    #[test]
    fn a_locator_may_hold_commas() {
        let (text, _) = CitedText::parse("x [@a, Part 4, ch. 2, sec. 67]");
        let citation = text.citations().next().expect("one citation");
        assert_eq!(citation.locator.as_deref(), Some("Part 4, ch. 2, sec. 67"));
    }
}
