//! What became of the questions: a bar a topic, parted by outcome, and one for the questions that nothing answers.
//!
//! The parts always stand in the order of the key, and each bears its number where that fits.

use maud::{Markup, html};

use super::{WIDTH, bar, number, picture, shortened, text};

/// A bar: what it is about, and how many questions had each outcome.
#[derive(Debug)]
pub(in crate::cli::eval) struct Row {
    pub(in crate::cli::eval) name: String,
    pub(in crate::cli::eval) parts: Vec<(Part, usize)>,
}

/// A part of a bar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::cli::eval) enum Part {
    /// Answered right; where nothing answers the question, not answered.
    Right,
    /// A choice with a right one.
    Choice,
    /// A choice without; where nothing answers the question, any choice.
    Astray,
    /// Not answered.
    Silent,
    /// Answered wrong.
    Wrong,
}

impl Part {
    /// All of them, in the order of a bar.
    pub(in crate::cli::eval) const ALL: [Self; 5] = [
        Self::Right,
        Self::Choice,
        Self::Astray,
        Self::Silent,
        Self::Wrong,
    ];

    /// Its name in the page's style.
    pub(in crate::cli::eval) fn class(self) -> &'static str {
        match self {
            Self::Right => "right",
            Self::Choice => "choice",
            Self::Astray => "astray",
            Self::Silent => "silent",
            Self::Wrong => "wrong",
        }
    }

    /// Its name for readers.
    pub(in crate::cli::eval) fn name(self) -> &'static str {
        match self {
            Self::Right => "answered right, or rightly not answered",
            Self::Choice => "a choice with a right one",
            Self::Astray => "a choice without a right one",
            Self::Silent => "not answered",
            Self::Wrong => "answered wrong",
        }
    }
}

/// From the top of a name to that of the next one.
const STEP: f64 = 40.0;
const BAR: f64 = 18.0;
/// From the top of a row to its bar: room for the name.
const DOWN: f64 = 17.0;
/// Width of a digit, so that a number stands only in a part that has room for it.
const DIGIT: f64 = 7.5;
/// Characters of a name that fit beside the number of questions.
const LONGEST_NAME: usize = 42;

/// The chart; all bars are as wide, the numbers tell how much each is made of.
pub(in crate::cli::eval) fn chart(rows: &[Row]) -> Markup {
    let drawn = rows.iter().enumerate().map(|(place, row)| {
        let top = number(place) * STEP;
        let all: usize = row.parts.iter().map(|(_, count)| count).sum();
        let mut x = 0.0;
        let parts = row.parts.iter().filter(|(_, count)| *count > 0);
        let bars: Vec<Markup> = parts
            .map(|(part, count)| {
                let width = WIDTH * number(*count) / number(all.max(1));
                let label = count.to_string();
                let fits = number(label.len()) * DIGIT + 4.0 <= width;
                let drawn = html! {
                    (bar(part.class(), x, top + DOWN, width, BAR))
                    @if fits {
                        (text(&format!("on-{}", part.class()), x + width / 2.0, top + DOWN + 13.0, &label))
                    }
                };
                x += width;
                drawn
            })
            .collect();
        html! {
            (text("name", 0.0, top + 12.0, &shortened(&row.name, LONGEST_NAME)))
            (text("end", WIDTH, top + 12.0, &all.to_string()))
            @for bar in bars { (bar) }
        }
    });
    let inside = html! {
        defs {
            pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)" {
                (bar("hatch-ground", 0.0, 0.0, 6.0, 6.0))
                (bar("hatch-line", 0.0, 0.0, 2.5, 6.0))
            }
        }
        @for row in drawn { (row) }
    };
    picture(
        "outcomes-chart",
        "What became of the questions",
        "A bar for each topic, parted by outcome. The table below has the same numbers.",
        number(rows.len()) * STEP,
        &inside,
    )
}

/// Which fill is which outcome.
pub(in crate::cli::eval) fn key() -> Markup {
    html! {
        ul class="key" {
            @for part in Part::ALL {
                li {
                    svg class="swatch" viewBox="0 0 16 16" aria-hidden="true" { (bar(part.class(), 0.0, 0.0, 16.0, 16.0)) }
                    " " (part.name())
                }
            }
        }
    }
}
