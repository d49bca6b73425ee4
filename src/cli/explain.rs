//! Why a question was answered the way it was, on a terminal.
//!
//! What is told is the answerer's own account; here it gets its columns.

use super::terminal::{Look, Page};
use crate::answering::{Account, Answerer};

/// The account of how a question was matched.
pub(super) fn explanation(answerer: &Answerer, question: &str, look: Look) -> String {
    let mut page = Page::new(look);
    page.heading("Why");
    match answerer.account(question) {
        Account::Id(entry) => page.paragraph(&format!(
            "“{entry}” is the id of an entry; nothing had to be matched."
        )),
        Account::Matched(lines) => {
            for (name, text) in lines {
                page.item(&format!("{name:<15}"), &text);
            }
        }
    }
    page.into_text()
}
