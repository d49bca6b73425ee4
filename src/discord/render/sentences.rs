//! A text with marks as sentences that each carry one: the pieces that a text may be cut between.

use unicode_segmentation::UnicodeSegmentation;

use crate::answering::{Mark, MarkedText, Span};

/// Stands for marks while sentences are cut: a private-use character that no keyboard writes.
const MARK: char = '\u{E000}';

/// A piece of a sentence.
#[derive(Clone, Debug)]
pub(super) enum Part {
    Text(String),
    Marks(Vec<Mark>),
}

/// A sentence.
pub(super) type Sentence = Vec<Part>;

/// Cuts a text into sentences that each carry a mark.
///
/// Every sentence of checked knowledge does, so an end without a mark before it is none: an abbreviation, an initial.
pub(super) fn sentences(text: &MarkedText) -> Vec<Sentence> {
    let mut flat = String::new();
    let mut brackets = Vec::new();
    for span in &text.spans {
        match span {
            // The stand-in for marks must never come from outside.
            Span::Text(words) => flat.extend(words.chars().filter(|character| *character != MARK)),
            Span::Marks(marks) => {
                flat.push(MARK);
                brackets.push(marks);
            }
        }
    }
    let mut pieces: Vec<String> = Vec::new();
    for piece in flat.split_sentence_bounds() {
        match pieces.last_mut() {
            Some(last) if !last.contains(MARK) => last.push_str(piece),
            _ => pieces.push(piece.to_owned()),
        }
    }
    if pieces.len() > 1
        && let Some(rest) = pieces.pop_if(|last| !last.contains(MARK))
        && let Some(last) = pieces.last_mut()
    {
        last.push_str(&rest);
    }
    let mut brackets = brackets.into_iter();
    pieces
        .into_iter()
        .map(|piece| {
            let mut sentence = Vec::new();
            for (position, words) in piece.split(MARK).enumerate() {
                if position > 0
                    && let Some(marks) = brackets.next()
                {
                    sentence.push(Part::Marks(marks.clone()));
                }
                if !words.is_empty() {
                    sentence.push(Part::Text(words.to_owned()));
                }
            }
            sentence
        })
        .collect()
}
