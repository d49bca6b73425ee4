//! A title with lines below it, as an embed or as plain text. Lines that do not fit are left out whole, and counted.

use std::fmt::Write;

use super::markdown::{self, length};
use super::render::Card;

/// Longest title of an embed.
const TITLE: usize = 256;
/// Longest description of an embed.
const DESCRIPTION: usize = 4_096;
/// Longest message without an embed.
const CONTENT: usize = 2_000;
/// Longest footer.
const FOOTER: usize = 300;
/// What the line that counts the others needs.
const LEFT_OUT: usize = 40;

const GREY: u32 = 0x0080_848E;

/// Lines of Markdown under a title in plain words.
#[derive(Clone, Debug)]
pub(super) struct Sheet {
    title: String,
    lines: Vec<String>,
}

impl Sheet {
    /// A sheet without lines.
    pub(super) fn new(title: &str) -> Self {
        Self {
            title: title.to_owned(),
            lines: Vec::new(),
        }
    }

    /// Adds a line of Markdown.
    pub(super) fn line(&mut self, line: &str) {
        self.lines.push(line.to_owned());
    }

    /// As an embed.
    pub(super) fn into_card(self, footer: &str) -> Card {
        Card {
            title: markdown::cut_escaped(&self.title, TITLE),
            description: fitted(&self.lines, DESCRIPTION),
            footer: markdown::cut(&markdown::plain(footer), FOOTER),
            colour: GREY,
        }
    }

    /// As plain text.
    pub(super) fn into_text(self, footer: &str) -> String {
        let head = format!("**{}**\n", markdown::cut_escaped(&self.title, TITLE));
        let tail = format!("\n-# {}", markdown::cut_escaped(footer, FOOTER));
        let room = CONTENT.saturating_sub(length(&head) + length(&tail));
        format!("{head}{}{tail}", fitted(&self.lines, room))
    }
}

/// As many whole lines as fit, and how many were left out.
fn fitted(lines: &[String], room: usize) -> String {
    let whole = lines.join("\n");
    if length(&whole) <= room {
        return whole;
    }
    let room = room.saturating_sub(LEFT_OUT);
    let mut text = String::new();
    for (position, line) in lines.iter().enumerate() {
        if length(&text) + length(line) + 1 > room {
            let left_out = lines.len() - position;
            let _infallible = write!(text, "… and {left_out} more lines");
            break;
        }
        text.push_str(line);
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sheet_fits_and_counts_what_it_leaves_out() {
        let mut sheet = Sheet::new("*Topics*");
        for number in 0..100 {
            sheet.line(&format!("- {number} {}", "x".repeat(90)));
        }
        let text = sheet.clone().into_text("edition 1");
        assert!(length(&text) <= CONTENT, "{}", length(&text));
        assert!(text.starts_with("**\\*Topics\\***\n- 0 x"), "{text}");
        let shown = text.lines().filter(|line| line.starts_with("- ")).count();
        let rest = format!("… and {} more lines\n-# edition 1", 100 - shown);
        assert!(shown > 10 && text.ends_with(&rest), "{text}");
        let card = sheet.into_card("edition 1");
        assert!(length(&card.description) <= DESCRIPTION);
        assert!(card.description.ends_with("more lines"));
    }
}
