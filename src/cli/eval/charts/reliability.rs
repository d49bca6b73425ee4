//! Confidence against truth: how often the first candidate is right, by how sure the program was.
//!
//! A bar that ends on the dashed line is as right as it says. Under each stands how many questions it is made of.

use maud::{Markup, html};

use super::{WIDTH, bar, line, number, picture, text};
use crate::answering::evaluation::Bin;

/// Room for the names of the vertical axis.
const LEFT: f64 = 34.0;
/// Room for half of the last name of the horizontal axis.
const RIGHT: f64 = 12.0;
const TOP: f64 = 24.0;
/// Height of the plot; as wide as high would be a phone's whole screen.
const HEIGHT: f64 = 210.0;
/// Room for the names of the horizontal axis and the counts.
const BELOW: f64 = 52.0;

/// The chart.
pub(in crate::cli::eval) fn chart(bins: &[Bin]) -> Markup {
    let step = (WIDTH - LEFT - RIGHT) / number(bins.len().max(1));
    let x = |bin: f64| LEFT + bin * step;
    let y = |part: f64| TOP + HEIGHT * (1.0 - part);
    let right = x(number(bins.len()));
    let bottom = y(0.0);
    let counts = if bins.iter().any(|bin| bin.questions > 999) {
        "middle count small"
    } else {
        "middle count"
    };
    let inside = html! {
        @for quarter in [0.0, 0.25, 0.5, 0.75, 1.0] {
            (line("grid", (LEFT, y(quarter)), (right, y(quarter))))
            (text("end axis", LEFT - 5.0, y(quarter) + 4.0, &format!("{:.0}", quarter * 100.0)))
        }
        (text("axis", 0.0, 10.0, "% right"))
        @for (place, bin) in bins.iter().enumerate() {
            @let left = x(number(place));
            @if bin.questions > 0 {
                @let part = number(bin.right) / number(bin.questions);
                // Even none right shows as a line, unlike none asked.
                @let height = (bottom - y(part)).max(1.5);
                (bar("right", left + 2.0, bottom - height, step - 4.0, height))
            }
            (text(counts, left + step / 2.0, bottom + 46.0, &bin.questions.to_string()))
        }
        (line("halo", (LEFT, bottom), (right, y(1.0))))
        (line("ideal", (LEFT, bottom), (right, y(1.0))))
        (line("rule", (LEFT, bottom), (right, bottom)))
        @for fifth in 0..=5_usize {
            @let place = x(number(bins.len() * fifth) / 5.0);
            (text("middle axis", place, bottom + 14.0, &(fifth * 20).to_string()))
        }
        (text("end axis", right, bottom + 29.0, "% sure"))
        (text("axis", LEFT, bottom + 29.0, "questions in each:"))
    };
    picture(
        "reliability-chart",
        "Confidence against truth",
        "For each tenth of confidence a bar as high as the part of its questions whose first candidate is right. \
         The dashed diagonal is where the two agree. The table below has the same numbers.",
        bottom + BELOW,
        &inside,
    )
}
