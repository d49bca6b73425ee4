//! How long the questions took: a histogram on a logarithmic axis, with the median and the 99th percentile marked.
//!
//! It draws times that others took.

use std::time::Duration;

use maud::{Markup, html};

use super::{WIDTH, bar, line, number, picture, text, unit};

/// Bars to a power of ten: each is a third wider than the one before, which shows two humps where there are two.
const BARS_A_DECADE: f64 = 8.0;
/// Fewest bars, so that times that are all alike are not one bar as wide as the page.
const FEWEST_BARS: usize = 8;
const LEFT: f64 = 8.0;
const TOP: f64 = 40.0;
const HEIGHT: f64 = 130.0;
const BELOW: f64 = 36.0;
/// Room that the name of a tick takes.
const TICK: f64 = 44.0;

/// Room that the name of a mark takes.
const NAME: f64 = 80.0;

/// On which side of its line a mark's name stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Side {
    Before,
    After,
}

/// The bars: where the first begins, as a place on the logarithmic axis, and how many questions are in each.
fn bars(microseconds: &[f64]) -> (f64, Vec<usize>) {
    let place = |time: f64| (time.max(1e-3).log10() * BARS_A_DECADE).floor();
    let (Some(&least), Some(&most)) = (microseconds.first(), microseconds.last()) else {
        return (0.0, vec![0; FEWEST_BARS]);
    };
    let mut first = place(least);
    let index = |time: f64| {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a whole number that is not negative: the times are sorted"
        )]
        let index = (place(time) - place(least)) as usize;
        index
    };
    let mut counts = vec![0; index(most) + 1];
    for &time in microseconds {
        if let Some(count) = counts.get_mut(index(time)) {
            *count += 1;
        }
    }
    while counts.len() < FEWEST_BARS {
        counts.push(0);
        if counts.len() < FEWEST_BARS {
            counts.insert(0, 0);
            first -= 1.0;
        }
    }
    (first, counts)
}

/// Times that an axis names: 1, 2 and 5 of each power of ten.
fn ticks(from: f64, to: f64) -> impl Iterator<Item = f64> {
    (-3..=9_i32)
        .flat_map(|power| [1.0, 2.0, 5.0].map(|digit| digit * 10_f64.powi(power)))
        .filter(move |time| (from..=to).contains(&time.log10()))
}

/// "20 µs", "5 ms".
pub(in crate::cli::eval) fn named(microseconds: f64) -> String {
    let rounded = |time: f64| {
        if time < 10.0 {
            unit((time * 10.0).round() / 10.0)
        } else {
            unit(time.round())
        }
    };
    if microseconds < 1e3 {
        format!("{} µs", rounded(microseconds))
    } else if microseconds < 1e6 {
        format!("{} ms", rounded(microseconds / 1e3))
    } else {
        format!("{} s", rounded(microseconds / 1e6))
    }
}

/// The chart of sorted times with their median and 99th percentile in microseconds.
pub(in crate::cli::eval) fn chart(times: &[Duration], p50: f64, p99: f64) -> Markup {
    let microseconds: Vec<f64> = times.iter().map(|time| time.as_secs_f64() * 1e6).collect();
    let (first, counts) = bars(&microseconds);
    let step = (WIDTH - 2.0 * LEFT) / number(counts.len());
    let most = counts.iter().copied().max().unwrap_or_default().max(1);
    let bottom = TOP + HEIGHT;
    let x = |log10: f64| LEFT + (log10 * BARS_A_DECADE - first) * step;
    let (from, to) = (
        first / BARS_A_DECADE,
        (first + number(counts.len())) / BARS_A_DECADE,
    );
    let mut free = 0.0;
    let named_ticks: Vec<(f64, f64)> = ticks(from, to)
        .map(|time| (x(time.log10()), time))
        .filter(|(place, _)| {
            let fits = place - TICK / 2.0 >= free && place + TICK / 2.0 <= WIDTH;
            if fits {
                free = place + TICK / 2.0;
            }
            fits
        })
        .collect();
    let mark = |time: f64, name: &str, y: f64, side: Side| {
        let place = x(time.max(1e-3).log10()).clamp(LEFT, WIDTH - LEFT);
        let side = match side {
            Side::Before if place < NAME => Side::After,
            Side::After if place > WIDTH - NAME => Side::Before,
            Side::Before | Side::After => side,
        };
        let (class, beside) = match side {
            Side::Before => ("end mark", place - 4.0),
            Side::After => ("mark", place + 4.0),
        };
        html! {
            (line("halo", (place, y - 9.0), (place, bottom)))
            (line("marked", (place, y - 9.0), (place, bottom)))
            (text(class, beside, y, &format!("{name} {}", named(time))))
        }
    };
    let inside = html! {
        @for (place, &count) in counts.iter().enumerate() {
            @if count > 0 {
                @let height = (HEIGHT * number(count) / number(most)).max(1.0);
                (bar("time", LEFT + number(place) * step + 0.5, bottom - height, (step - 1.0).max(0.5), height))
            }
        }
        (line("rule", (LEFT, bottom), (WIDTH - LEFT, bottom)))
        @for (place, time) in named_ticks {
            (line("rule", (place, bottom), (place, bottom + 4.0)))
            (text("middle axis", place, bottom + 17.0, &named(time)))
        }
        // Outwards from each other and the later one higher, so that no line crosses a name.
        (mark(p99, "p99", 14.0, Side::After))
        (mark(p50, "p50", 30.0, Side::Before))
    };
    picture(
        "latency-chart",
        "How long the questions took",
        &format!(
            "A histogram with a logarithmic axis. Half of the questions took at most {}, 99 of 100 at most {}.",
            named(p50),
            named(p99)
        ),
        bottom + BELOW - 12.0,
        &inside,
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_question_is_in_a_bar() {
        let check = |times: &[f64], first: f64, expected: &[usize]| {
            let (from, counts) = bars(times);
            assert!((from - first).abs() < 1e-9, "{from}");
            assert_eq!(counts, expected);
        };
        check(&[], 0.0, &[0; 8]);
        check(&[10.0], 5.0, &[0, 0, 0, 1, 0, 0, 0, 0]);
        check(&[1.0, 1.1, 9.9], 0.0, &[2, 0, 0, 0, 0, 0, 0, 1]);
        check(
            &[1.0, 100.0],
            0.0,
            &[1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1],
        );
        check(&[0.0, 0.0], -27.0, &[0, 0, 0, 2, 0, 0, 0, 0]);
    }

    #[test]
    fn times_have_their_unit() {
        let check = |time: f64, expected: &str| assert_eq!(named(time), expected);
        check(0.04, "0 µs");
        check(2.25, "2.3 µs");
        check(34.3, "34 µs");
        check(2_000.0, "2 ms");
        check(3_400_000.0, "3.4 s");
    }
}
