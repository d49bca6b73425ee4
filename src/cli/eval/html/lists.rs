//! The lists of the page: the worst entries, the confused pairs, and the misses by what would mend them.
//!
//! The first of each stand open, all others are there a tap away.

use maud::{Markup, html};

use super::{clean, quoted, told};
use crate::answering::evaluation::{Confusion, EntryTally, Mend};
use crate::cli::eval::findings::Findings;
use crate::cli::eval::report::{NO_COPIES, outcome};

/// Rows of a list that stand open; the others are a tap away.
const FIRST: usize = 10;
/// Remedies whose questions stand open.
const OPEN: usize = 3;

pub(super) fn worst(findings: &Findings<'_>) -> Markup {
    let row = |entry: &EntryTally| {
        let own = &entry.own;
        html! {
            tr {
                th scope="row" { code { (clean(&entry.entry)) } }
                @for number in [own.questions, own.first, own.among, own.refused, own.answered_wrong, entry.taken] {
                    td class="number" { (number) }
                }
            }
        }
    };
    let table = |entries: &[EntryTally]| {
        html! {
            div class="scroll" role="region" aria-label="Worst entries" tabindex="0" {
                table {
                    thead {
                        tr {
                            th scope="col" { "entry" }
                            @for name in ["asked", "first", "in 3", "none", "wrong", "taken"] { th scope="col" class="number" { (name) } }
                        }
                    }
                    tbody { @for entry in entries { (row(entry)) } }
                }
            }
        }
    };
    let (first, rest) = findings.worst.split_at(FIRST.min(findings.worst.len()));
    html! {
        section id="worst" aria-labelledby="worst-name" {
            h2 id="worst-name" { "Worst entries" }
            @if first.is_empty() {
                p { "None has a wrong answer, or misses among two questions or more." }
            } @else {
                p { "Of the questions asked for it: how many found it first, or in the first three, were not answered, or were answered wrong. Taken are questions for others, or for none, that were answered with it." }
                (table(first))
                @if !rest.is_empty() {
                    details { summary { "And " (rest.len()) " more" } (table(rest)) }
                }
            }
        }
    }
}

pub(super) fn pairs(findings: &Findings<'_>) -> Markup {
    let list = |pairs: &[Confusion]| {
        html! {
            ul class="pairs" {
                @for pair in pairs {
                    li {
                        strong { (pair.questions.len()) } " "
                        @if let Some(wanted) = &pair.wanted { code { (clean(wanted)) } } @else { "nothing" }
                        " → " code { (clean(&pair.found)) }
                        @if pair.answered > 0 { ", " (pair.answered) " answered" }
                        @if let Some(&example) = pair.questions.first() { span class="example" { (quoted(findings.question(example))) } }
                    }
                }
            }
        }
    };
    let (first, rest) = findings
        .confusions
        .split_at(FIRST.min(findings.confusions.len()));
    html! {
        section id="pairs" aria-labelledby="pairs-name" {
            h2 id="pairs-name" { "Confused pairs" }
            @if first.is_empty() {
                p { "None: whatever was shown first was right." }
            } @else {
                p { "What was wanted → what was shown first, with the number of questions and one of them." }
                (list(first))
                @if !rest.is_empty() {
                    details { summary { "And " (rest.len()) " more" } (list(rest)) }
                }
            }
        }
    }
}

pub(super) fn misses(findings: &Findings<'_>) -> Markup {
    html! {
        section id="misses" aria-labelledby="misses-name" {
            h2 id="misses-name" { "Misses, by what would mend them" }
            @if findings.mends.is_empty() {
                p { "None: every question was answered right, or rightly not answered." }
            } @else {
                ul class="reasons" {
                    @for (class, number) in &findings.reasons { li { strong { (number) } " " (class) } }
                }
                p { "The work that mends the most comes first. " (NO_COPIES) }
                @for (place, mend) in findings.mends.iter().enumerate() { (mended(mend, place < OPEN, findings)) }
            }
        }
    }
}

fn mended(mend: &Mend, open: bool, findings: &Findings<'_>) -> Markup {
    html! {
        details class="mend" open[open] {
            summary { strong { (mend.misses.len()) } " " (told(&mend.told())) }
            ul {
                @for miss in &mend.misses {
                    li {
                        (quoted(findings.question(miss.question)))
                        span class="why" { (outcome(miss)) "; " (told(&miss.reason.told())) }
                    }
                }
            }
        }
    }
}
