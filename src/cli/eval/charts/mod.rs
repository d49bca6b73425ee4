//! The charts of the page, as SVG that stands in the HTML.
//!
//! They are drawn by hand: the chart crates' SVG backends (plotters' among them) write fixed sizes, fixed colours and text without
//! roles, so their pictures can neither follow a phone's width, nor a dark scheme, nor be read out. Here a picture has a title and
//! a description, takes its colours from the page's style by class, and scales with its box. No meaning is carried by colour
//! alone: every number is written where it is drawn.
//!
//! - `outcomes`: bars by topic; `crossings`: which topic was shown for which; `reliability`: confidence against truth; `latency`: time.

pub(super) mod crossings;
pub(super) mod latency;
pub(super) mod outcomes;
pub(super) mod reliability;

use maud::{Markup, html};

/// Width of each picture in its own units: the text column of a phone 360 CSS pixels wide, where a unit is then one pixel.
const WIDTH: f64 = 328.0;

/// A picture with its name and what it says in words.
fn picture(id: &str, title: &str, description: &str, height: f64, inside: &Markup) -> Markup {
    let names = format!("{id}-title {id}-description");
    html! {
        svg class="chart" viewBox=(format!("0 0 {WIDTH} {}", unit(height))) role="img" aria-labelledby=(names) {
            title id={ (id) "-title" } { (title) }
            desc id={ (id) "-description" } { (description) }
            (inside)
        }
    }
}

fn text(class: &str, x: f64, y: f64, content: &str) -> Markup {
    html! { text class=(class) x=(unit(x)) y=(unit(y)) { (content) } }
}

fn line(class: &str, from: (f64, f64), to: (f64, f64)) -> Markup {
    html! { line class=(class) x1=(unit(from.0)) y1=(unit(from.1)) x2=(unit(to.0)) y2=(unit(to.1)) {} }
}

fn bar(class: &str, x: f64, y: f64, width: f64, height: f64) -> Markup {
    html! { rect class=(class) x=(unit(x)) y=(unit(y)) width=(unit(width)) height=(unit(height)) {} }
}

/// A length or place, to the hundredth of a pixel.
fn unit(length: f64) -> String {
    let rounded = format!("{length:.2}");
    rounded
        .trim_end_matches('0')
        .trim_end_matches('.')
        .to_owned()
}

#[expect(
    clippy::cast_precision_loss,
    reason = "counts of questions are far below 2^52"
)]
fn number(count: usize) -> f64 {
    count as f64
}

/// The beginning of a name where all of it would not fit.
fn shortened(name: &str, most: usize) -> String {
    if name.chars().count() <= most {
        return name.to_owned();
    }
    let mut short: String = name.chars().take(most.saturating_sub(1)).collect();
    short.push('…');
    short
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_short_and_plain() {
        let check = |length: f64, expected: &str| assert_eq!(unit(length), expected);
        check(0.0, "0");
        check(12.0, "12");
        check(1200.0, "1200");
        check(1.0 / 3.0, "0.33");
        check(2.5, "2.5");
    }

    #[test]
    fn a_name_is_cut_between_characters() {
        assert_eq!(shortened("Überschrift", 20), "Überschrift");
        assert_eq!(shortened("Überschrift", 4), "Übe…");
    }
}
