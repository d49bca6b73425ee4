//! Which topic was shown for which: a heat map with topics by number, so that it fits a phone.
//!
//! A cell's shade is its part of the row; its number is written in it.

use std::collections::BTreeMap;

use maud::{Markup, html};

use super::{WIDTH, bar, line, number, picture, text};

/// Most topics that a phone shows in legible cells; beyond it the list of pairs serves.
pub(in crate::cli::eval) const MOST_TOPICS: usize = 20;

/// Room for the numbers of rows and columns.
const EDGE: f64 = 22.0;
/// What stands for no topic: questions that nothing answers, and questions not answered.
pub(in crate::cli::eval) const NO_TOPIC: &str = "–";

/// Counts of questions by the place of the topic that answers them and of the topic shown first.
pub(in crate::cli::eval) type Counts = BTreeMap<(Option<usize>, Option<usize>), usize>;

/// The chart for so many topics.
pub(in crate::cli::eval) fn chart(topics: usize, counts: &Counts) -> Markup {
    let places: Vec<Option<usize>> = (0..topics).map(Some).chain([None]).collect();
    let cell = ((WIDTH - EDGE) / number(places.len())).min(40.0);
    let at = |place: usize| EDGE + number(place) * cell;
    let name = |place: Option<usize>| {
        place.map_or_else(|| NO_TOPIC.to_owned(), |place| (place + 1).to_string())
    };
    let small = if cell < 17.0 { " small" } else { "" };
    let rows = places.iter().enumerate().map(|(row, &wanted)| {
        let of = |found: Option<usize>| counts.get(&(wanted, found)).copied().unwrap_or_default();
        let all: usize = places.iter().map(|&found| of(found)).sum();
        let cells: Vec<Markup> = places
            .iter()
            .enumerate()
            .map(|(column, &found)| {
                let shade = shade(of(found), all);
                let kind = if wanted == found { "hit" } else { "miss" };
                let count = of(found);
                html! {
                    (bar(&format!("cell {kind} shade-{shade}"), at(column), at(row), cell - 1.0, cell - 1.0))
                    @if count > 0 {
                        (text(&format!("count on-{kind}-{shade}{small}"), at(column) + (cell - 1.0) / 2.0, at(row) + cell / 2.0 + 3.5, &count.to_string()))
                    }
                }
            })
            .collect();
        html! {
            (text("end axis", EDGE - 5.0, at(row) + cell / 2.0 + 3.5, &name(wanted)))
            @for cell in cells { (cell) }
        }
    });
    let bottom = at(places.len());
    let inside = html! {
        @for (column, &place) in places.iter().enumerate() {
            (text("middle axis", at(column) + cell / 2.0, EDGE - 7.0, &name(place)))
        }
        @for row in rows { (row) }
        (line("rule", (EDGE, bottom), (bottom, bottom)))
    };
    picture(
        "crossings-chart",
        "Which topic was shown for which",
        "Rows are the topics that answer the questions, columns the topics of the entries shown first. \
         The table below names every cell beside the diagonal.",
        bottom + 1.0,
        &inside,
    )
}

/// How dark a cell is, 0 to 4, by its part of the row; only an empty one is 0.
fn shade(count: usize, all: usize) -> usize {
    if count == 0 {
        return 0;
    }
    1 + (count * 4 / all.max(1)).min(3)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shades_follow_the_part_of_the_row() {
        let check = |count, all, expected| assert_eq!(shade(count, all), expected);
        check(0, 0, 0);
        check(0, 9, 0);
        check(1, 100, 1);
        check(25, 100, 2);
        check(50, 100, 3);
        check(75, 100, 4);
        check(100, 100, 4);
    }
}
