//! The findings as one page for a browser: no script, nothing fetched, readable on a phone, in light and in dark.
//!
//! `lists` holds the worst entries, the confused pairs and the misses.
//!
//! All that comes from questions and knowledge is foreign text: the templates escape it, `clean` takes out what HTML forbids, and
//! the page's own policy forbids the browser to run or load anything.

mod lists;

use std::time::Duration;

use maud::{DOCTYPE, Markup, PreEscaped, html};

use crate::answering::evaluation::{Piece, Tally, Told};
use crate::cli::count;
use crate::cli::eval::charts::crossings::{self, MOST_TOPICS, NO_TOPIC};
use crate::cli::eval::charts::latency;
use crate::cli::eval::charts::outcomes::{self, Part, Row};
use crate::cli::eval::charts::reliability;
use crate::cli::eval::findings::Findings;
use crate::cli::eval::report::percent;
use crate::cli::eval::{Figures, answered_right, answers_given};
use crate::cli::terminal::plain;

/// The page's style.
const STYLE: &str = include_str!("page.css");
/// Nothing is loaded and nothing runs, even if a template were wrong.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'";

/// The page; `times` are sorted.
pub(super) fn page(figures: &Figures, times: &[Duration], findings: &Findings<'_>) -> String {
    let scene = &findings.scene;
    let topics = !findings.topics.is_empty();
    let markup = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                meta http-equiv="Content-Security-Policy" content=(POLICY);
                title { "Match quality: " (clean(&scene.knowledge)) }
                style { (PreEscaped(STYLE)) }
            }
            body {
                header {
                    h1 { "Match quality" }
                    p {
                        (clean(&scene.knowledge)) ", " (entries(scene.entries)) ", asked "
                        (count(findings.runs.len(), "question")) " from " span class="file" { (clean(&scene.questions)) }
                        " on " time datetime=(scene.day.to_string()) { (scene.day.format("%-d %B %Y")) } "."
                    }
                    nav aria-label="Sections" {
                        a href="#figures" { "Figures" }
                        a href="#outcomes" { "Outcomes" }
                        a href="#reliability" { "Confidence" }
                        @if topics { a href="#crossings" { "Topics" } }
                        a href="#latency" { "Time" }
                        a href="#worst" { "Worst entries" }
                        a href="#pairs" { "Confused pairs" }
                        a href="#misses" { "Misses" }
                    }
                }
                main {
                    (summary(figures))
                    div class="pair" {
                        div {
                            (outcome_bars(findings))
                            (reliability_diagram(figures, findings))
                        }
                        div {
                            @if topics { (topic_crossings(findings)) }
                            (times_taken(figures, times))
                        }
                    }
                    div class="pair" {
                        (lists::worst(findings))
                        (lists::pairs(findings))
                    }
                    (lists::misses(findings))
                }
            }
        }
    };
    markup.into_string()
}

/// Foreign text without the characters that HTML does not allow: control characters and the code points that are none.
fn clean(text: &str) -> String {
    plain(text)
        .chars()
        .map(|character| {
            let code = u32::from(character);
            if (0xFDD0..=0xFDEF).contains(&code) || code & 0xFFFE == 0xFFFE {
                char::REPLACEMENT_CHARACTER
            } else {
                character
            }
        })
        .collect()
}

/// Words of a question; `bdi` keeps the direction of their writing to themselves.
fn quoted(text: &str) -> Markup {
    html! { "“" bdi { (clean(text)) } "”" }
}

fn told(told: &Told) -> Markup {
    html! {
        @for piece in &told.0 {
            @match piece {
                Piece::Words(words) => (words),
                Piece::Id(id) => code { (clean(id)) },
                Piece::Quote(text) => (quoted(text)),
            }
        }
    }
}

fn entries(number: usize) -> String {
    match number {
        1 => "1 entry".to_owned(),
        number => format!("{number} entries"),
    }
}

fn part(part: f64) -> String {
    format!("{:.1} %", part * 100.0)
}

/// A figure with its name and what it is made of.
fn tile(name: &str, figure: &str, note: &str) -> Markup {
    html! {
        div {
            dt { (name) }
            dd { strong { (figure) } @if !note.is_empty() { " " span { (note) } } }
        }
    }
}

fn summary(figures: &Figures) -> Markup {
    let matching = &figures.matching;
    let given = answers_given(matching);
    let inside = |name: &str, number: usize| {
        tile(
            name,
            &number.to_string(),
            &percent(number, matching.in_scope),
        )
    };
    let outside = |name: &str, number: usize| {
        tile(
            name,
            &number.to_string(),
            &percent(number, matching.out_of_scope),
        )
    };
    html! {
        section id="figures" aria-labelledby="figures-name" {
            h2 id="figures-name" { "Figures" }
            @if matching.in_scope > 0 {
                h3 { (count(matching.in_scope, "question")) " with an answer here" }
                dl class="tiles" {
                    (tile("first candidate right", &part(matching.top1), ""))
                    (tile("right one in first three", &part(matching.recall_at_3), ""))
                    (tile("mean reciprocal rank", &format!("{:.3}", matching.mrr), ""))
                    (inside("answered right", matching.answered_right))
                    (inside("choice with a right one", matching.suggested_right))
                    (inside("choice without", matching.suggested_wrong))
                    (inside("not answered", matching.refused))
                    (inside("answered wrong", matching.answered_wrong))
                }
            }
            @if matching.out_of_scope > 0 {
                h3 { (count(matching.out_of_scope, "question")) " without" }
                dl class="tiles" {
                    (outside("not answered", matching.oos_refused))
                    (outside("became a choice", matching.oos_suggested))
                    (outside("answered all the same", matching.oos_answered))
                    @if matching.in_scope > 0 {
                        (tile("told apart (AUROC)", &format!("{:.3}", matching.auroc), ""))
                        (tile("kept out, 95 % let in", &part(matching.oos_recall_at_95), ""))
                    }
                }
            }
            h3 { (count(given, "answer")) " given" }
            dl class="tiles" {
                @if given > 0 { (tile("right", &part(answered_right(matching)), "")) }
                (tile("calibration error (ECE)", &format!("{:.3}", matching.ece), ""))
            }
            h3 { "Time" }
            dl class="tiles" {
                (tile("half within", &format!("{:.1} µs", figures.p50_us), ""))
                (tile("99 of 100 within", &format!("{:.1} µs", figures.p99_us), ""))
                (tile("loading", &format!("{:.0} ms", figures.load_ms), ""))
            }
        }
    }
}

fn parts(tally: &Tally) -> Vec<(Part, usize)> {
    Part::ALL
        .map(|part| {
            let number = match part {
                Part::Right => tally.answered_right,
                Part::Choice => tally.choice_right,
                Part::Astray => tally.choice_wrong,
                Part::Silent => tally.refused,
                Part::Wrong => tally.answered_wrong,
            };
            (part, number)
        })
        .to_vec()
}

fn outcome_rows(findings: &Findings<'_>) -> Vec<Row> {
    let mut rows: Vec<Row> = findings
        .topics
        .iter()
        .map(|(place, tally)| {
            let topic = findings.scene.topics.get(*place);
            Row {
                name: topic.map_or_else(String::new, |topic| clean(&topic.title)),
                parts: parts(tally),
            }
        })
        .collect();
    if rows.is_empty() && findings.inside.questions > 0 {
        rows.push(Row {
            name: "Questions with an answer here".to_owned(),
            parts: parts(&findings.inside),
        });
    }
    let [refused, choice, answered] = findings.outside;
    if refused + choice + answered > 0 {
        rows.push(Row {
            name: "Questions that nothing here answers".to_owned(),
            parts: vec![
                (Part::Right, refused),
                (Part::Astray, choice),
                (Part::Wrong, answered),
            ],
        });
    }
    rows
}

fn outcome_bars(findings: &Findings<'_>) -> Markup {
    let rows = outcome_rows(findings);
    html! {
        section id="outcomes" aria-labelledby="outcomes-name" {
            h2 id="outcomes-name" { "Outcomes" @if !findings.topics.is_empty() { " by topic" } }
            (outcomes::key())
            (outcomes::chart(&rows))
            details {
                summary { "As a table" }
                div class="scroll" role="region" aria-label="Outcomes as a table" tabindex="0" {
                    table {
                        thead {
                            tr {
                                th scope="col" { "topic" }
                                @for name in ["right", "choice", "without", "none", "wrong"] { th scope="col" class="number" { (name) } }
                            }
                        }
                        tbody {
                            @for row in &rows {
                                tr {
                                    th scope="row" { (row.name) }
                                    @for part in Part::ALL {
                                        @let number = row.parts.iter().find(|(one, _)| *one == part).map(|(_, number)| *number);
                                        td class="number" { @if let Some(number) = number { (number) } @else { "–" } }
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn topic_crossings(findings: &Findings<'_>) -> Markup {
    let topics = &findings.scene.topics;
    let name = |place: Option<usize>, none: &str| {
        let topic = place.and_then(|place| topics.get(place));
        topic.map_or_else(|| none.to_owned(), |topic| clean(&topic.title))
    };
    let mut astray: Vec<_> = findings
        .crossings
        .iter()
        .filter(|((wanted, found), _)| wanted != found)
        .collect();
    astray.sort_by_key(|(_, number)| std::cmp::Reverse(**number));
    html! {
        section id="crossings" aria-labelledby="crossings-name" {
            h2 id="crossings-name" { "Which topic was shown for which" }
            @if topics.len() <= MOST_TOPICS {
                p { "A row is the topic that answers, a column that of the entry shown first. On the diagonal the topic is right." }
                (crossings::chart(topics.len(), &findings.crossings))
                ol class="legend" {
                    @for topic in topics { li { (clean(&topic.title)) } }
                }
                p class="legend-none" { (NO_TOPIC) " row: nothing here answers; column: not answered" }
            }
            @if !astray.is_empty() {
                details {
                    summary { "Off the diagonal, as a table" }
                    table {
                        thead { tr { th scope="col" { "topic" } th scope="col" { "shown" } th scope="col" class="number" { "questions" } } }
                        tbody {
                            @for ((wanted, found), number) in astray {
                                tr {
                                    td { (name(*wanted, "nothing answers")) }
                                    td { (name(*found, "not answered")) }
                                    td class="number" { (number) }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn reliability_diagram(figures: &Figures, findings: &Findings<'_>) -> Markup {
    let bins = &findings.reliability;
    let mean = |sum: f64, number: u32| {
        if number == 0 {
            "–".to_owned()
        } else {
            format!("{:.0} %", sum * 100.0 / f64::from(number))
        }
    };
    let whole = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
    html! {
        section id="reliability" aria-labelledby="reliability-name" {
            h2 id="reliability-name" { "Is it as right as it is sure?" }
            p {
                "Bars that end on the dashed line are. The mean gap (ECE) is " strong { (format!("{:.3}", figures.matching.ece)) }
                "; a question that nothing answers is never right."
            }
            (reliability::chart(bins))
            details {
                summary { "As a table" }
                table {
                    thead {
                        tr {
                            @for name in ["sure", "questions", "mean", "right"] { th scope="col" class="number" { (name) } }
                        }
                    }
                    tbody {
                        @for (place, bin) in bins.iter().enumerate() {
                            tr {
                                th scope="row" class="number" { (place * 10) "–" (place * 10 + 10) " %" }
                                td class="number" { (bin.questions) }
                                td class="number" { (mean(bin.confidence, whole(bin.questions))) }
                                td class="number" { (mean(f64::from(whole(bin.right)), whole(bin.questions))) }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn times_taken(figures: &Figures, times: &[Duration]) -> Markup {
    let least = times.first().map_or(0.0, |time| time.as_secs_f64() * 1e6);
    let most = times.last().map_or(0.0, |time| time.as_secs_f64() * 1e6);
    html! {
        section id="latency" aria-labelledby="latency-name" {
            h2 id="latency-name" { "Time a question takes" }
            (latency::chart(times, figures.p50_us, figures.p99_us))
            p {
                "Half of the questions took at most " (latency::named(figures.p50_us)) " (p50), 99 of 100 at most "
                (latency::named(figures.p99_us)) " (p99), the fastest " (latency::named(least)) ", the slowest "
                (latency::named(most)) ", each from its raw text to the answer."
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn foreign_text_holds_nothing_that_html_forbids() {
        let check = |text: &str, expected: &str| assert_eq!(clean(text), expected);
        check("a\u{0}b\u{1b}[31m\u{9b}", "a�b�[31m�");
        check("\u{fdd0}\u{ffff}\u{1fffe}", "���");
        check("two\nlines <b> & 日本", "two lines <b> & 日本");
    }
}
