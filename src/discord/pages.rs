//! What can be shown of the file, with the buttons that lead on: an answer, its sides, its detail, topics, a source.
//!
//! Functions over values. Whatever the knowledge holds, a page fits Discord's limits.

use std::fmt::Write;
use std::sync::Arc;

use chrono::NaiveDate;

use super::custom_id::{Action, Page, Shown};
use super::here::Place;
use super::markdown::{self, length};
use super::messages;
use super::outgoing::{Button, MOST_OPTIONS, Menu, Outgoing};
use super::remembered::Keeps;
use super::render::{self, CONTENT, Form};
use super::sheet::Sheet;
use crate::answering::{Answerer, Reply, Source, Topic};

/// Entries on one page of a list: what a phone shows without much scrolling.
const ENTRIES: usize = 10;
/// Topics on one page: as many as a select has options.
const TOPICS: usize = MOST_OPTIONS;
/// How much of a title or a question a line of a list shows.
const LINE: usize = 200;
/// How much of a source's note is shown.
const NOTE: usize = 600;

/// With what and for whom a page is made.
#[derive(Clone, Copy, Debug)]
pub(super) struct Scene<'a> {
    pub(super) answerer: &'a Answerer,
    pub(super) today: NaiveDate,
    pub(super) form: Form,
    pub(super) place: Place,
    /// What is kept here; where that is nothing, nobody is asked for a verdict.
    pub(super) keeps: Keeps,
    /// How each command is written so that it can be clicked.
    pub(super) commands: &'a super::help::Commands,
    /// A line above what is shown of an entry; nothing for none.
    pub(super) above: &'a str,
}

impl Scene<'_> {
    /// A page as it is today; says so where it has changed since the button was made, or is no longer there.
    pub(super) fn page(&self, page: &Page) -> Outgoing {
        match page {
            Page::Answer(shown) => self.entry(shown, Self::answer),
            Page::Sides(shown) => self.entry(shown, Self::sides),
            Page::More(shown) => self.entry(shown, Self::more),
            Page::Topics(number) => self.topics(*number),
            Page::Topic(id, number) => match self.answerer.topic(id) {
                Some(topic) => self.topic(topic, *number),
                None => Outgoing::sentence(messages::GONE),
            },
            Page::Source(id, number) => match self.answerer.source(id) {
                Some(source) => self.source(source, *number),
                None => Outgoing::sentence(messages::GONE),
            },
            Page::About => super::help::about(self),
            Page::Help => super::help::help(self),
        }
    }

    /// Whether a page still says what it said when the button was made.
    pub(super) fn is_current(&self, page: &Page) -> bool {
        match page {
            Page::Answer(shown) | Page::Sides(shown) | Page::More(shown) => self
                .answerer
                .entry(&shown.entry)
                .is_some_and(|reply| shown.is(reply.revision)),
            Page::Topics(_) | Page::Topic(..) | Page::Source(..) | Page::About | Page::Help => true,
        }
    }

    fn entry(&self, shown: &Shown, page: impl Fn(&Self, &Reply) -> Outgoing) -> Outgoing {
        let Some(reply) = self.answerer.entry(&shown.entry) else {
            return Outgoing::sentence(messages::GONE);
        };
        if shown.is(reply.revision) {
            page(self, reply)
        } else {
            page(&self.changed(), reply)
        }
    }

    /// The same where the entry has changed since the button was made.
    pub(super) fn changed(&self) -> Self {
        Self {
            above: messages::CHANGED_SINCE,
            ..*self
        }
    }

    /// What a plain text may take up below the line above it.
    fn room(&self) -> usize {
        match length(self.above) {
            0 => CONTENT,
            above => CONTENT.saturating_sub(above + 1),
        }
    }

    /// An answer with its sources.
    pub(super) fn answer(&self, reply: &Reply) -> Outgoing {
        let answer = match self.form {
            Form::Card => Outgoing::card(render::card(reply, self.today)),
            Form::Text => Outgoing::sentence(render::text(reply, self.today, self.room())),
        };
        self.leading_on(answer, reply, &Page::Answer(Shown::of(reply)))
    }

    /// What each side holds; the answer where nothing is disputed any more.
    fn sides(&self, reply: &Reply) -> Outgoing {
        if reply.positions.is_empty() {
            return self.answer(reply);
        }
        let sides = match self.form {
            Form::Card => Outgoing {
                text: format!("**{}**", markdown::cut_escaped(&reply.title, LINE)),
                cards: render::sides(reply, self.today),
                ..Outgoing::default()
            },
            Form::Text => Outgoing::sentence(render::sides_text(reply, self.today, self.room())),
        };
        self.leading_on(sides, reply, &Page::Sides(Shown::of(reply)))
    }

    /// The detail; the answer where there is none any more.
    fn more(&self, reply: &Reply) -> Outgoing {
        let more = match self.form {
            Form::Card => render::more(reply, self.today).map(Outgoing::card),
            Form::Text => render::more_text(reply, self.today, self.room()).map(Outgoing::sentence),
        };
        match more {
            Some(more) => self.leading_on(more, reply, &Page::More(Shown::of(reply))),
            None => self.answer(reply),
        }
    }

    /// Puts below a page of an entry what else there is of it, and what is related.
    fn leading_on(&self, outgoing: Outgoing, reply: &Reply, current: &Page) -> Outgoing {
        let pages = [
            (
                messages::ANSWER,
                Page::Answer(Shown::of(reply)),
                // An answer is what one comes from; it leads back only where something else is shown.
                true,
            ),
            (
                messages::BOTH_SIDES,
                Page::Sides(Shown::of(reply)),
                !reply.positions.is_empty(),
            ),
            (
                messages::MORE,
                Page::More(Shown::of(reply)),
                reply.detail.is_some(),
            ),
        ];
        let mut buttons: Vec<Button> = pages
            .into_iter()
            .filter(|(_, page, exists)| *exists && page != current)
            .map(|(label, page, _)| Button::quiet(label, Action::Show(page)))
            .collect();
        buttons.extend(self.last_button(current));
        outgoing
            .with_note(self.above)
            .with_buttons(buttons)
            .with_buttons(self.verdicts(reply))
            .with_menu(self.related(reply))
    }

    /// Buttons to say what one thinks of an answer, in a row of their own: beside others a phone would break it. Only who
    /// reads it alone is asked; below a public one they would be a vote.
    fn verdicts(&self, reply: &Reply) -> Vec<Button> {
        match (self.place, self.keeps) {
            (Place::Public(_), _) | (_, Keeps::Nothing) => Vec::new(),
            (Place::Private | Place::Alone, Keeps::Counts | Keeps::Questions) => {
                let shown = || Shown::of(reply);
                vec![
                    Button::quiet(messages::HELPFUL, Action::Helpful(shown())),
                    Button::quiet(messages::NOT_ASKED, Action::Missed(shown())),
                ]
            }
        }
    }

    /// [Share] or [Remove], whichever belongs here.
    pub(super) fn last_button(&self, page: &Page) -> Option<Button> {
        match self.place {
            Place::Private => Some(Button::quiet(messages::SHARE, Action::Share(page.clone()))),
            Place::Public(asker) => Some(Button::quiet(messages::REMOVE, Action::Remove(asker))),
            Place::Alone => None,
        }
    }

    fn related(&self, reply: &Reply) -> Menu {
        let related = reply
            .see_also
            .iter()
            .filter_map(|related| self.answerer.entry(&related.entry));
        entries_menu(0, messages::RELATED, related)
    }

    /// All topics.
    fn topics(&self, number: usize) -> Outgoing {
        let all = self.answerer.topics();
        let pages = all.len().div_ceil(TOPICS).max(1);
        let number = number.min(pages - 1);
        let topics: Vec<&Topic> = all.iter().skip(number * TOPICS).take(TOPICS).collect();
        let mut sheet = Sheet::new(&format!("{}: topics", self.answerer.title()));
        for topic in &topics {
            let title = markdown::cut_escaped(&topic.title, LINE);
            let entries = messages::counted(self.entries(topic).count(), "answer", "answers");
            sheet.line(&format!("- **{title}** · {entries}"));
        }
        let options = topics
            .iter()
            .map(|topic| {
                let page = Page::Topic(topic.id.clone(), 0);
                (topic.title.clone(), Action::Show(page))
            })
            .collect();
        let mut buttons = turns(number, pages, Page::Topics);
        buttons.extend(self.last_button(&Page::Topics(number)));
        self.sheet(sheet, &self.footer(number, pages))
            .with_buttons(buttons)
            .with_menu(Menu {
                slot: 0,
                placeholder: messages::PICK_TOPIC,
                options,
            })
    }

    fn entries<'a>(&'a self, topic: &'a Topic) -> impl Iterator<Item = &'a Arc<Reply>> {
        self.answerer
            .replies()
            .iter()
            .filter(|reply| reply.topic == topic.id)
    }

    /// One topic, ten of its questions at a time.
    fn topic(&self, topic: &Topic, number: usize) -> Outgoing {
        let entries: Vec<_> = self.entries(topic).collect();
        let mut sheet = Sheet::new(&topic.title);
        sheet.line(&markdown::cut_escaped(&topic.summary, NOTE));
        sheet.line("");
        let page = |number| Page::Topic(topic.id.clone(), number);
        let all = Button::quiet(messages::ALL_TOPICS, Action::Show(Page::Topics(0)));
        self.list(sheet, &entries, number, page, vec![all], |_| None)
    }

    /// One source, and what cites it.
    fn source(&self, source: &Source, number: usize) -> Outgoing {
        let mut sheet = Sheet::new(&source.title);
        for line in messages::source_lines(source, NOTE) {
            sheet.line(&line);
        }
        let citing: Vec<_> = self
            .answerer
            .replies()
            .iter()
            .filter(|reply| {
                reply
                    .citations
                    .iter()
                    .any(|citation| citation.source == source.id)
            })
            .collect();
        let count = messages::counted(citing.len(), "answer", "answers");
        sheet.line("");
        sheet.line(&format!("**Cited by {count}**"));
        let page = |number| Page::Source(source.id.clone(), number);
        self.list(sheet, &citing, number, page, Vec::new(), |reply| {
            locators(reply, source)
        })
    }

    /// Entries of a list, a page of them, with what leads to each and to the other pages.
    fn list(
        &self,
        mut sheet: Sheet,
        entries: &[&Arc<Reply>],
        number: usize,
        page: impl Fn(usize) -> Page,
        mut buttons: Vec<Button>,
        beside: impl Fn(&Reply) -> Option<String>,
    ) -> Outgoing {
        let pages = entries.len().div_ceil(ENTRIES).max(1);
        // A list that has become shorter ends earlier.
        let number = number.min(pages - 1);
        let first = number * ENTRIES;
        let here: Vec<_> = entries.iter().skip(first).take(ENTRIES).collect();
        for (position, reply) in here.iter().enumerate() {
            let question = markdown::cut_escaped(&reply.title, LINE);
            let beside = beside(reply).map_or_else(String::new, |beside| format!(" · {beside}"));
            // Escaped, because Discord counts on by itself where a list does not begin at one.
            sheet.line(&format!("{}\\. {question}{beside}", first + position + 1));
        }
        buttons.extend(turns(number, pages, &page));
        buttons.extend(self.last_button(&page(number)));
        let menu = entries_menu(0, messages::PICK_QUESTION, here.into_iter().copied());
        self.sheet(sheet, &self.footer(number, pages))
            .with_buttons(buttons)
            .with_menu(menu)
    }

    /// A sheet in the form that can be shown here.
    pub(super) fn sheet(&self, sheet: Sheet, footer: &str) -> Outgoing {
        match self.form {
            Form::Card => Outgoing::card(sheet.into_card(footer)),
            Form::Text => Outgoing::sentence(sheet.into_text(footer)),
        }
    }

    /// Which page of how many, where there are several, and the edition.
    fn footer(&self, number: usize, pages: usize) -> String {
        let edition = self.edition();
        if pages > 1 {
            format!("Page {} of {pages} · {edition}", number + 1)
        } else {
            edition
        }
    }

    pub(super) fn edition(&self) -> String {
        format!("edition {}", self.answerer.edition())
    }
}

/// The buttons that turn the pages of a list.
fn turns(number: usize, pages: usize, page: impl Fn(usize) -> Page) -> Vec<Button> {
    let turn = |label, number| Button::quiet(label, Action::Show(page(number)));
    let previous = number
        .checked_sub(1)
        .map(|before| turn(messages::PREVIOUS, before));
    let next = (number + 1 < pages).then(|| turn(messages::NEXT, number + 1));
    previous.into_iter().chain(next).collect()
}

/// Where a reply points into a source.
fn locators(reply: &Reply, source: &Source) -> Option<String> {
    /// As many as a line of a list has room for.
    const MOST: usize = 4;
    let mut places: Vec<&str> = reply
        .citations
        .iter()
        .filter(|citation| citation.source == source.id)
        .filter_map(|citation| citation.locator.as_deref())
        .collect();
    places.dedup();
    let more = places.len().saturating_sub(MOST);
    places.truncate(MOST);
    if places.is_empty() {
        return None;
    }
    let mut text = markdown::cut_escaped(&places.join("; "), 120);
    if more > 0 {
        let _infallible = write!(text, "; {more} more");
    }
    debug_assert!(length(&text) < LINE, "a line has room for it");
    Some(text)
}

/// A select of entries.
pub(super) fn entries_menu<'a>(
    slot: u8,
    placeholder: &'static str,
    entries: impl Iterator<Item = &'a Arc<Reply>>,
) -> Menu {
    let option = |reply: &Arc<Reply>| {
        let action = Action::Show(Page::Answer(Shown::of(reply)));
        (reply.title.clone(), action)
    };
    Menu {
        slot,
        placeholder,
        options: entries.map(option).collect(),
    }
}

#[cfg(test)]
mod tests;
