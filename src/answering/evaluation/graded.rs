//! Graded questions: what is asked, and which entries answer it.
//!
//! It reads JSON lines that it is handed; it opens no file and asks nothing.

use serde::Deserialize;

/// A question whose right answer is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Graded {
    /// The question as it was typed.
    pub question: String,
    /// The entries that answer it, the best first; empty if none must be answered.
    pub entries: Vec<String>,
}

/// A line that is not a graded question or phrasing.
#[derive(Debug, thiserror::Error)]
#[error("line {line}: {what}; write {remedy}")]
pub struct GradedError {
    /// The line, counted from 1.
    pub line: usize,
    /// What is wrong.
    pub what: String,
    /// What to write instead.
    pub remedy: &'static str,
}

#[derive(Deserialize)]
struct GradedLine {
    question: String,
    entry: serde_json::Value,
}

const GRADED_FORM: &str =
    r#"{"question": "…", "entry": "id"}, with a list of ids or null where that is meant"#;

/// Reads graded questions, one JSON object a line: `{"question", "entry": id | [ids] | null}`. Blank lines are skipped.
///
/// ```
/// use cleartext::answering::evaluation::read_graded;
///
/// let graded = read_graded(
///     r#"
///     {"question": "hight of the tower", "entry": "how-tall"}
///     {"question": "is the horn worth it", "entry": ["horn-cost", "horn-silence"]}
///     {"question": "will it rain", "entry": null}
///     "#,
/// )?;
/// assert_eq!(graded[1].entries, ["horn-cost", "horn-silence"]);
/// assert!(graded[2].entries.is_empty());
/// # Ok::<(), cleartext::answering::evaluation::GradedError>(())
/// ```
pub fn read_graded(text: &str) -> Result<Vec<Graded>, GradedError> {
    lines(text)
        .map(|(line, text)| {
            let fault = |what: String| GradedError {
                line,
                what,
                remedy: GRADED_FORM,
            };
            let GradedLine { question, entry } = serde_json::from_str(text)
                .map_err(|error| fault(format!("not a graded question ({})", reason(&error))))?;
            let id = |value: serde_json::Value| match value {
                serde_json::Value::String(id) => Ok(id),
                other => Err(fault(format!("`{other}` is not an entry's id"))),
            };
            let entries = match entry {
                serde_json::Value::Null => Vec::new(),
                serde_json::Value::Array(ids) => {
                    ids.into_iter().map(id).collect::<Result<_, _>>()?
                }
                other => vec![id(other)?],
            };
            Ok(Graded { question, entries })
        })
        .collect()
}

/// What is wrong with a line of JSON, without a place inside it that reads like one in the file.
pub(super) fn reason(error: &serde_json::Error) -> String {
    let told = error.to_string();
    told.split(" at line ").next().unwrap_or(&told).to_owned()
}

pub(super) fn lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.lines()
        .enumerate()
        .map(|(index, line)| (index + 1, line.trim()))
        .filter(|(_, line)| !line.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_faulty_line_is_named_with_its_remedy() {
        let check = |text: &str, expected: &str| {
            let error = read_graded(text)
                .expect_err("the case is faulty")
                .to_string();
            assert!(error.starts_with(expected), "{error}");
        };
        check(
            "{\"question\": \"a\", \"entry\": null}\n\nnonsense",
            "line 3: not a graded question",
        );
        check(
            "{\"question\": \"a\"}",
            "line 1: not a graded question (missing field `entry`",
        );
        check(
            "{\"question\": \"a\", \"entry\": 3}",
            "line 1: `3` is not an entry's id",
        );
        check(
            "{\"question\": \"a\", \"entry\": [\"b\", 3]}",
            "line 1: `3` is not an entry's id",
        );
    }
}
