//! The findings as text for a terminal: the figures, then where to look, then what to do.
//!
//! Lists end with how much more there is, unless all is asked for.

use std::fmt::Write as _;

use super::findings::Findings;
use super::{Figures, answered_right, answers_given};
use crate::answering::evaluation::{Confusion, EntryTally, Mend, Miss, Verdict};
use crate::cli::count;
use crate::cli::terminal::{Look, Page, plain};

/// How much of each list is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Extent {
    /// What fits a screen.
    First,
    /// Everything.
    All,
}

/// Entries, pairs and remedies shown: together with the figures a few screens, and a morning's work.
const FIRST: usize = 10;
/// Questions shown of a remedy: enough to write a phrasing from.
const FIRST_MISSES: usize = 3;

/// What every curator is tempted to do.
pub(super) const NO_COPIES: &str = "Write phrasings of your own: a graded question that is copied into the knowledge measures nothing any more.";

impl Extent {
    /// The part of a list to show, and how much more there is.
    fn of<T>(self, list: &[T], first: usize) -> (&[T], usize) {
        let shown = match self {
            Self::First => first.min(list.len()),
            Self::All => list.len(),
        };
        let (shown, rest) = list.split_at(shown);
        (shown, rest.len())
    }
}

/// The report.
pub(super) fn text(
    figures: &Figures,
    findings: &Findings<'_>,
    extent: Extent,
    look: Look,
) -> String {
    let mut report = Report {
        page: Page::new(look),
        look,
        extent,
    };
    report.summary(figures);
    report.topics(findings);
    report.worst(findings);
    report.confusions(findings);
    report.reasons(findings);
    report.mends(findings);
    report.page.into_text()
}

/// A report in the making.
struct Report {
    page: Page,
    look: Look,
    extent: Extent,
}

impl Report {
    fn summary(&mut self, figures: &Figures) {
        let matching = &figures.matching;
        let of = |number: usize, all: usize| format!("{number}  {:>7}", percent(number, all));
        let part = |part: f64| format!("{:.1} %", part * 100.0);
        let inside = |number| of(number, matching.in_scope);
        let outside = |number| of(number, matching.out_of_scope);
        // Fractions of no questions would be noughts that mean nothing.
        let mut groups: Vec<(String, Vec<(&str, String)>)> = Vec::new();
        if matching.in_scope > 0 {
            let rows = vec![
                ("first candidate is right", part(matching.top1)),
                (
                    "a right one among the first three",
                    part(matching.recall_at_3),
                ),
                ("mean reciprocal rank", format!("{:.3}", matching.mrr)),
                ("answered right", inside(matching.answered_right)),
                ("answered wrong", inside(matching.answered_wrong)),
                ("choice with a right one", inside(matching.suggested_right)),
                ("choice without", inside(matching.suggested_wrong)),
                ("not answered", inside(matching.refused)),
            ];
            let questions = count(matching.in_scope, "question");
            groups.push((format!("{questions} with an answer here"), rows));
        }
        if matching.out_of_scope > 0 {
            let mut rows = vec![
                ("answered all the same", outside(matching.oos_answered)),
                ("became a choice", outside(matching.oos_suggested)),
                ("not answered", outside(matching.oos_refused)),
            ];
            if matching.in_scope > 0 {
                rows.push((
                    "told apart (area under the ROC curve)",
                    format!("{:.3}", matching.auroc),
                ));
                rows.push((
                    "kept out while 95 % are let in",
                    part(matching.oos_recall_at_95),
                ));
            }
            let questions = count(matching.out_of_scope, "question");
            groups.push((format!("{questions} without"), rows));
        }
        let right = match answers_given(matching) {
            0 => "–".to_owned(),
            _ => part(answered_right(matching)),
        };
        groups.push((
            "All answers given".to_owned(),
            vec![
                ("right", right),
                (
                    "gap between confidence and truth (ECE)",
                    format!("{:.3}", matching.ece),
                ),
            ],
        ));
        groups.push((
            "Time".to_owned(),
            vec![
                (
                    "half of the questions took at most",
                    format!("{:.1} µs", figures.p50_us),
                ),
                (
                    "99 of 100 took at most",
                    format!("{:.1} µs", figures.p99_us),
                ),
                ("loading", format!("{:.1} ms", figures.load_ms)),
            ],
        ));
        let rows = || groups.iter().flat_map(|(_, rows)| rows);
        let chars = |text: &str| text.chars().count();
        let widest = |column: &dyn Fn(&(&str, String)) -> usize| {
            rows().map(column).max().unwrap_or_default()
        };
        let names = widest(&|(name, _)| chars(name));
        let values = widest(&|(_, value)| chars(value));
        for (title, rows) in &groups {
            self.page.gap();
            self.page.heading(title);
            for (name, value) in rows {
                self.page
                    .row(&format!("  {name:<names$}  {value:>values$}"));
            }
        }
    }

    fn topics(&mut self, findings: &Findings<'_>) {
        if findings.topics.is_empty() {
            return;
        }
        let rows = findings.topics.iter().map(|(place, tally)| {
            let id = findings.scene.topics.get(*place).map(|topic| &topic.id);
            vec![
                id.cloned().unwrap_or_default(),
                tally.questions.to_string(),
                percent(tally.first, tally.questions),
                percent(tally.among, tally.questions),
                tally.answered_right.to_string(),
                tally.answered_wrong.to_string(),
                (tally.choice_right + tally.choice_wrong).to_string(),
                tally.refused.to_string(),
            ]
        });
        self.page.gap();
        self.page.heading("By topic");
        let rows: Vec<_> = rows.collect();
        self.table(
            &[
                "topic", "asked", "first", "in three", "right", "wrong", "choice", "none",
            ],
            &rows,
        );
        self.page.gap();
        self.page.aside(
            "first: the first candidate is right; in three: one of the first three is; right, wrong: answered so; \
             choice: \"which one?\"; none: not answered",
        );
    }

    fn worst(&mut self, findings: &Findings<'_>) {
        let (shown, more) = self.extent.of(&findings.worst, FIRST);
        if shown.is_empty() {
            return;
        }
        let row = |EntryTally { entry, own, taken }: &EntryTally| {
            vec![
                entry.clone(),
                own.questions.to_string(),
                own.first.to_string(),
                own.among.to_string(),
                own.answered_right.to_string(),
                own.answered_wrong.to_string(),
                own.refused.to_string(),
                taken.to_string(),
            ]
        };
        let rows: Vec<_> = shown.iter().map(row).collect();
        self.page.gap();
        self.page.heading("Worst entries");
        self.table(
            &[
                "entry", "asked", "first", "in three", "right", "wrong", "none", "taken",
            ],
            &rows,
        );
        self.page.gap();
        self.page
            .aside("taken: questions for others, or for none, that were answered with it");
        self.more(more);
    }

    fn confusions(&mut self, findings: &Findings<'_>) {
        let (shown, more) = self.extent.of(&findings.confusions, FIRST);
        if shown.is_empty() {
            return;
        }
        self.page.gap();
        self.page.heading("Confused pairs");
        let width = digits(shown.iter().map(|pair| pair.questions.len()).max());
        for pair in shown {
            let lead = format!("  {:>width$}  ", pair.questions.len());
            self.page.item(&lead, &confusion(pair, findings));
        }
        self.more(more);
    }

    fn reasons(&mut self, findings: &Findings<'_>) {
        if findings.reasons.is_empty() {
            return;
        }
        let misses: usize = findings.reasons.iter().map(|(_, number)| number).sum();
        self.page.gap();
        self.page.heading(&format!(
            "Why {} not answered right",
            match misses {
                1 => "1 question was".to_owned(),
                number => format!("{number} questions were"),
            }
        ));
        let width = digits(findings.reasons.first().map(|(_, number)| *number));
        for (class, number) in &findings.reasons {
            self.page.item(&format!("  {number:>width$}  "), class);
        }
    }

    fn mends(&mut self, findings: &Findings<'_>) {
        let (shown, more) = self.extent.of(&findings.mends, FIRST);
        if shown.is_empty() {
            return;
        }
        self.page.gap();
        self.page.heading("What would mend the most");
        self.page.aside(NO_COPIES);
        for (place, mend) in shown.iter().enumerate() {
            self.page.gap();
            self.mend(place + 1, mend, findings);
        }
        self.more(more);
    }

    fn mend(&mut self, number: usize, mend: &Mend, findings: &Findings<'_>) {
        let (shown, more) = self.extent.of(&mend.misses, FIRST_MISSES);
        let lead = format!("{number:>3}. ");
        let questions = count(mend.misses.len(), "question");
        self.page
            .item(&lead, &format!("{} ({questions})", mend.told()));
        for miss in shown {
            let question = findings.question(miss.question);
            self.page
                .item("     - ", &format!("“{question}”: {}", told(miss)));
        }
        if more > 0 {
            self.page.item("     - ", &format!("and {more} more"));
        }
    }

    fn more(&mut self, more: usize) {
        if more > 0 {
            self.page
                .aside(&format!("and {more} more; --all lists them"));
        }
    }

    /// A table whose first column is text and the others numbers; where it is too wide, a paragraph a row.
    fn table(&mut self, header: &[&str], rows: &[Vec<String>]) {
        let header: Vec<String> = header.iter().map(|&name| name.to_owned()).collect();
        let widths: Vec<usize> = (0..header.len())
            .map(|column| {
                std::iter::once(&header)
                    .chain(rows)
                    .filter_map(|row| row.get(column))
                    .map(|cell| plain(cell).chars().count())
                    .max()
                    .unwrap_or_default()
            })
            .collect();
        let width: usize = widths.iter().map(|width| width + 2).sum();
        if width > self.look.width {
            for row in rows {
                let mut cells = header.iter().zip(row);
                let lead = cells.next().map_or("", |(_, name)| name.as_str());
                let facts: Vec<_> = cells.map(|(name, cell)| format!("{name} {cell}")).collect();
                self.page
                    .item("  ", &format!("{lead}: {}", facts.join(", ")));
            }
            return;
        }
        for row in std::iter::once(&header).chain(rows) {
            let mut line = String::new();
            for (column, (cell, width)) in row.iter().zip(&widths).enumerate() {
                // A string takes all that is written to it.
                let _ = if column == 0 {
                    write!(line, "  {cell:<width$}")
                } else {
                    write!(line, "  {cell:>width$}")
                };
            }
            self.page.row(line.trim_end());
        }
    }
}

/// "`a` → `b`, 1 answered: “…”".
fn confusion(pair: &Confusion, findings: &Findings<'_>) -> String {
    let wanted = pair
        .wanted
        .as_ref()
        .map_or_else(|| "nothing".to_owned(), |wanted| format!("`{wanted}`"));
    let answered = match pair.answered {
        0 => String::new(),
        number if number == pair.questions.len() => ", answered".to_owned(),
        number => format!(", {number} answered"),
    };
    let example = pair
        .questions
        .first()
        .map_or("", |&place| findings.question(place));
    format!("{wanted} → `{}`{answered}: “{example}”", pair.found)
}

/// What became of a question, and why.
fn told(miss: &Miss) -> String {
    format!("{}; {}", outcome(miss), miss.reason.told())
}

/// What became of a question that was not answered right.
pub(super) fn outcome(miss: &Miss) -> &'static str {
    match miss.verdict {
        Verdict::AnsweredWrong => "answered wrong",
        Verdict::OutsideAnswered => "answered, though nothing here answers it",
        Verdict::ChoiceWrong => "a choice without the right one",
        Verdict::ChoiceRight => "a choice with the right one",
        Verdict::Refused => "not answered",
        // No misses; told all the same rather than hidden.
        Verdict::AnsweredRight => "answered right",
        Verdict::OutsideRefused => "not answered, rightly",
        Verdict::OutsideChoice => "a choice, though nothing here answers it",
    }
}

/// "97.5 %"; "–" of nothing.
#[expect(
    clippy::cast_precision_loss,
    reason = "counts of questions are far below 2^52"
)]
pub(super) fn percent(number: usize, all: usize) -> String {
    match all {
        0 => "–".to_owned(),
        all => format!("{:.1} %", number as f64 * 100.0 / all as f64),
    }
}

fn digits(number: Option<usize>) -> usize {
    number.unwrap_or_default().to_string().len()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::terminal::{Links, Styling};

    fn table(width: usize) -> String {
        let look = Look {
            width,
            style: Styling::Plain,
            links: Links::Text,
        };
        let mut report = Report {
            page: Page::new(look),
            look,
            extent: Extent::First,
        };
        let rows = [["tea", "12", "5.0 %"], ["coffee", "3", "66.7 %"]];
        let rows = rows.map(|row| row.map(str::to_owned).to_vec());
        report.table(&["entry", "asked", "first"], &rows);
        report.page.into_text()
    }

    #[test]
    fn a_table_that_is_too_wide_becomes_lines() {
        assert_eq!(
            table(30),
            "  entry   asked   first\n  tea        12   5.0 %\n  coffee      3  66.7 %\n"
        );
        assert_eq!(
            table(20),
            "  tea: asked 12,\n  first 5.0 %\n  coffee: asked 3,\n  first 66.7 %\n"
        );
    }

    #[test]
    fn a_list_tells_how_much_it_leaves_out() {
        let check = |extent: Extent, shown: usize, more: usize| {
            let (list, rest) = extent.of(&[1, 2, 3, 4], 3);
            assert_eq!((list.len(), rest), (shown, more));
        };
        check(Extent::First, 3, 1);
        check(Extent::All, 4, 0);
        assert_eq!(Extent::First.of(&[1], 3), ([1].as_slice(), 0));
    }

    #[test]
    fn a_part_of_nothing_is_no_number() {
        assert_eq!(percent(0, 0), "–");
        assert_eq!(percent(1, 3), "33.3 %");
    }
}
