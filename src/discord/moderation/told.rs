//! What a moderator is told: lines of text within Discord's limit, with buttons, selects or a file.
//!
//! Lines are never cut inside; what does not fit goes to the next page, or is counted. Nobody is mentioned.

use serenity::all::{
    ButtonStyle, CreateActionRow, CreateAttachment, CreateButton, CreateInteractionResponseMessage,
    EditInteractionResponse,
};

use super::super::markdown::{self, length};
use super::super::outgoing::nobody;
use super::press::Press;

/// Longest text of one page: Discord takes 2,000 characters, and a heading and a page number stand beside it.
const PAGE: usize = 1_700;
/// Longest message.
const CONTENT: usize = 2_000;

/// What a moderator is told.
#[derive(Debug, Default)]
pub(super) struct Told {
    text: String,
    rows: Vec<CreateActionRow>,
    file: Option<CreateAttachment>,
}

impl Told {
    /// A text; should it ever be too long, it ends with "…".
    pub(super) fn text(text: impl Into<String>) -> Self {
        Self {
            text: markdown::cut(&text.into(), CONTENT),
            ..Self::default()
        }
    }

    /// The same with a row of buttons or a select below.
    pub(super) fn with_row(mut self, row: CreateActionRow) -> Self {
        self.rows.push(row);
        self
    }

    /// The same with a file.
    pub(super) fn with_file(mut self, name: &str, content: String) -> Self {
        self.file = Some(CreateAttachment::bytes(content.into_bytes(), name));
        self
    }

    /// The file, which travels beside the message.
    pub(super) fn take_file(&mut self) -> Option<CreateAttachment> {
        self.file.take()
    }

    /// As a response that its asker alone sees.
    pub(super) fn into_response(self) -> CreateInteractionResponseMessage {
        CreateInteractionResponseMessage::new()
            .content(self.text)
            .components(self.rows)
            .allowed_mentions(nobody())
            .ephemeral(true)
    }

    /// As what replaces the message that was pressed, which its asker alone sees already.
    pub(super) fn into_update(self) -> CreateInteractionResponseMessage {
        CreateInteractionResponseMessage::new()
            .content(self.text)
            .components(self.rows)
            .allowed_mentions(nobody())
    }

    /// As what comes in place of "thinking".
    pub(super) fn into_edit(self) -> EditInteractionResponse {
        EditInteractionResponse::new()
            .content(self.text)
            .components(self.rows)
            .allowed_mentions(nobody())
    }
}

/// A button.
pub(super) fn button(label: &str, press: Press, style: ButtonStyle) -> CreateButton {
    CreateButton::new(press.to_string())
        .label(label)
        .style(style)
}

/// As many whole lines as fit below a heading; the rest is counted.
pub(super) fn fitted(heading: &str, lines: &[String]) -> String {
    let mut text = heading.to_owned();
    for (position, line) in lines.iter().enumerate() {
        if length(&text) + length(line) + 1 > PAGE {
            let more = lines.len() - position;
            return format!("{text}\n… and {more} more");
        }
        text.push('\n');
        text.push_str(line);
    }
    text
}

/// One page of many lines under a heading, with buttons that turn pages where there are several. A page that no longer
/// exists is the last one.
pub(super) fn paged(
    heading: &str,
    lines: &[String],
    number: usize,
    turn: impl Fn(usize) -> Press,
    more: Option<CreateButton>,
) -> Told {
    let pages = pages(lines);
    let number = number.min(pages.len().saturating_sub(1));
    let body = pages.get(number).map_or("", String::as_str);
    let mut text = format!("{heading}\n{body}");
    let mut buttons = Vec::new();
    if pages.len() > 1 {
        text = format!("{text}\n-# Page {} of {}", number + 1, pages.len());
        let quiet = ButtonStyle::Secondary;
        if number > 0 {
            buttons.push(button("Previous", turn(number - 1), quiet));
        }
        if number + 1 < pages.len() {
            buttons.push(button("Next", turn(number + 1), quiet));
        }
    }
    buttons.extend(more);
    let told = Told::text(text);
    if buttons.is_empty() {
        told
    } else {
        told.with_row(CreateActionRow::Buttons(buttons))
    }
}

/// Whole lines, page by page.
fn pages(lines: &[String]) -> Vec<String> {
    let mut pages: Vec<String> = Vec::new();
    for line in lines {
        let line = markdown::cut(line, PAGE);
        match pages.last_mut() {
            Some(page) if length(page) + length(&line) < PAGE => {
                page.push('\n');
                page.push_str(&line);
            }
            _ => pages.push(line),
        }
    }
    pages
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_stay_whole_and_none_is_lost() {
        let lines: Vec<String> = (0..100)
            .map(|n| format!("{n} {}", "x".repeat(60)))
            .collect();
        let pages = pages(&lines);
        assert!(pages.iter().all(|page| length(page) <= PAGE));
        assert_eq!(pages.join("\n"), lines.join("\n"));
        let text = fitted("Many", &lines);
        assert!(text.ends_with("\n… and 74 more"), "{text}");
    }

    #[test]
    fn an_endless_line_is_cut() {
        let told = paged("One", &["y".repeat(9_000)], 7, Press::Gaps, None);
        assert!(length(&told.text) <= CONTENT);
        assert!(told.rows.is_empty());
    }
}
