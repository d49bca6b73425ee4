//! `cleartext chat`: a conversation, on a terminal with a line editor, in a pipe line by line.
//!
//! What was asked is remembered until the program ends, for the arrow keys, and is never written anywhere.

use std::io::{self, BufRead, IsTerminal, Read};
use std::sync::Arc;

use rustyline::error::ReadlineError;
use rustyline::history::MemHistory;
use rustyline::{
    Cmd, ConditionalEventHandler, Editor, Event, EventContext, EventHandler, KeyEvent, Movement,
    RepeatCount,
};

use super::page::{self, Extent, Numbered};
use super::terminal::{self, Look, Page, Reader};
use super::{Exit, Failure, Setting, count, reason, today};
use crate::answering::{Answer, EntryId, Reply, TopicId};
use crate::library::Library;

/// What invites a question on a terminal.
const PROMPT: &str = "> ";
/// Most that is read of one line in a pipe, in bytes; the rest of the line is the next question.
const LONGEST_LINE: u64 = 64 << 10;

/// Converse: ask in your own words, pick by number, /quit to leave.
///
/// On a terminal the line can be edited and the arrow keys bring back what was asked; nothing is kept afterwards.
/// In a pipe each line is a question and is answered plainly. Leaves with exit code 0 on /quit, Ctrl-D, or Ctrl-C on an empty line.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  cleartext chat\n  cleartext chat < questions.txt")]
pub(super) struct Args {}

pub(super) fn run(setting: &Setting) -> Result<Exit, Failure> {
    let conversation = Conversation::new(setting.library()?, Look::of_stdout());
    if io::stdin().is_terminal() && io::stdout().is_terminal() {
        at_a_terminal(conversation)
    } else {
        in_a_pipe(conversation)
    }
}

fn at_a_terminal(mut conversation: Conversation) -> Result<Exit, Failure> {
    let broken = |error: ReadlineError| Failure(format!("the terminal cannot be read: {error}"));
    let config = rustyline::Config::default();
    let history = MemHistory::with_config(&config);
    let mut editor = Editor::<(), _>::with_history(config, history).map_err(broken)?;
    editor.bind_sequence(
        KeyEvent::ctrl('C'),
        EventHandler::Conditional(Box::new(ClearOrLeave)),
    );
    terminal::print(&conversation.welcome())?;
    loop {
        let line = match editor.readline(PROMPT) {
            Ok(line) => line,
            Err(ReadlineError::Interrupted | ReadlineError::Eof) => return Ok(Exit::Success),
            // A resized window; the next line is laid out anew.
            Err(ReadlineError::Signal(_)) => continue,
            Err(error) => return Err(broken(error)),
        };
        if !line.trim().is_empty() {
            editor.add_history_entry(line.as_str()).map_err(broken)?;
        }
        conversation.look = Look::of_stdout();
        match conversation.hear(&line) {
            Heard::Say(text) => {
                if terminal::print(&format!("\n{text}\n"))? == Reader::Gone {
                    return Ok(Exit::Success);
                }
            }
            Heard::Nothing => {}
            Heard::Leave => return Ok(Exit::Success),
        }
    }
}

fn in_a_pipe(mut conversation: Conversation) -> Result<Exit, Failure> {
    let mut input = io::stdin().lock();
    let mut first = true;
    loop {
        let mut bytes = Vec::new();
        let read = input
            .by_ref()
            .take(LONGEST_LINE)
            .read_until(b'\n', &mut bytes)
            .map_err(|error| {
                Failure(format!("standard input cannot be read: {}", reason(&error)))
            })?;
        if read == 0 {
            return Ok(Exit::Success);
        }
        match conversation.hear(&String::from_utf8_lossy(&bytes)) {
            Heard::Say(text) => {
                let gap = if first { "" } else { "\n" };
                first = false;
                if terminal::print(&format!("{gap}{text}"))? == Reader::Gone {
                    return Ok(Exit::Success);
                }
            }
            Heard::Nothing => {}
            Heard::Leave => return Ok(Exit::Success),
        }
    }
}

/// Ctrl-C clears what is typed, and leaves where nothing is.
struct ClearOrLeave;

impl ConditionalEventHandler for ClearOrLeave {
    fn handle(
        &self,
        _: &Event,
        _: RepeatCount,
        _: bool,
        context: &EventContext<'_>,
    ) -> Option<Cmd> {
        Some(if context.line().is_empty() {
            Cmd::Interrupt
        } else {
            Cmd::Kill(Movement::WholeBuffer)
        })
    }
}

/// What becomes of a line.
#[derive(Debug, PartialEq, Eq)]
enum Heard {
    /// Show this.
    Say(String),
    /// The line was empty.
    Nothing,
    /// The conversation is over.
    Leave,
}

/// Something that the last list numbered.
#[derive(Clone, Debug)]
enum Pick {
    Entry(EntryId),
    Topic(TopicId),
}

/// The state of a conversation: what the numbers stand for, and what was shown last.
struct Conversation {
    library: Library,
    look: Look,
    listed: Vec<Pick>,
    shown: Option<Arc<Reply>>,
}

impl Conversation {
    fn new(library: Library, look: Look) -> Self {
        Self {
            library,
            look,
            listed: Vec::new(),
            shown: None,
        }
    }

    fn welcome(&self) -> String {
        let knowledge = self.library.current();
        let mut page = Page::new(self.look);
        page.heading(knowledge.title());
        page.paragraph(&format!(
            "{} answered, edition {}. Ask in your own words; /help for more, /quit to leave.",
            count(knowledge.replies().len(), "question"),
            knowledge.edition()
        ));
        page.gap();
        page.into_text()
    }

    fn hear(&mut self, line: &str) -> Heard {
        let line = line.trim();
        if line.is_empty() {
            return Heard::Nothing;
        }
        let mut page = Page::new(self.look);
        if let Some(command) = line.strip_prefix('/') {
            match command.trim().to_lowercase().as_str() {
                "quit" | "exit" | "q" => return Heard::Leave,
                "help" | "h" | "?" => help(&mut page),
                "topics" => self.topics(&mut page),
                "more" => self.more(&mut page),
                _ => page.paragraph(&format!(
                    "There is no {line}. Type /help for what there is."
                )),
            }
        } else if let Some(number) = number(line).filter(|_| !self.listed.is_empty()) {
            self.pick(&mut page, number);
        } else {
            self.answer(&mut page, line);
        }
        Heard::Say(page.into_text())
    }

    fn answer(&mut self, page: &mut Page, question: &str) {
        match self.library.ask(question) {
            Answer::Found(found) => {
                self.entry(page, found.reply, Extent::Brief, Some(found.confidence));
            }
            Answer::Choose(choice) => {
                page::choose(page, &choice.candidates, Numbered::Yes);
                page.gap();
                page.aside("Type a number, or ask in other words.");
                let entries = choice.candidates.iter();
                self.listed = entries
                    .map(|candidate| Pick::Entry(candidate.reply.entry.clone()))
                    .collect();
            }
            Answer::Unknown(unknown) => {
                page::not_found(page, &unknown.near, Numbered::Yes);
                let topics = unknown.near.into_iter();
                self.listed = topics.map(|topic| Pick::Topic(topic.id)).collect();
            }
        }
    }

    fn entry(
        &mut self,
        page: &mut Page,
        reply: Arc<Reply>,
        extent: Extent,
        confidence: Option<f32>,
    ) {
        page::entry(page, &reply, extent, today());
        page::related(page, &reply, Numbered::Yes);
        if extent == Extent::Brief && reply.detail.is_some() {
            page.gap();
            page.aside("Type /more for the detail.");
        }
        page::confidence(page, &reply, confidence);
        self.listed = reply
            .see_also
            .iter()
            .map(|near| Pick::Entry(near.entry.clone()))
            .collect();
        self.shown = Some(reply);
    }

    fn more(&mut self, page: &mut Page) {
        match self.shown.clone() {
            Some(reply) if reply.detail.is_some() => self.entry(page, reply, Extent::Full, None),
            Some(_) => page.paragraph("There is no more on the last answer."),
            None => page.paragraph("Ask something first; /more then shows the detail."),
        }
    }

    fn topics(&mut self, page: &mut Page) {
        let knowledge = self.library.current();
        page.heading("Topics");
        page::topics(page, knowledge.topics(), Numbered::Yes);
        page.gap();
        page.aside("Type a number to see a topic's questions.");
        let topics = knowledge.topics().iter();
        self.listed = topics.map(|topic| Pick::Topic(topic.id.clone())).collect();
    }

    fn pick(&mut self, page: &mut Page, number: usize) {
        let picked = number
            .checked_sub(1)
            .and_then(|position| self.listed.get(position).cloned());
        match picked {
            None => page.paragraph(&format!(
                "There is no number {number}; the last list ends at {}.",
                self.listed.len()
            )),
            Some(Pick::Entry(id)) => {
                let reply = self.library.current().entry(&id).map(Arc::clone);
                match reply {
                    Some(reply) => self.entry(page, reply, Extent::Brief, None),
                    None => page.paragraph(page::NOT_IN_THE_FILE),
                }
            }
            Some(Pick::Topic(id)) => self.questions(page, &id),
        }
    }

    /// The questions of a topic.
    fn questions(&mut self, page: &mut Page, topic: &TopicId) {
        let knowledge = self.library.current();
        if let Some(topic) = knowledge.topic(topic) {
            page.heading(&topic.title);
        }
        let replies: Vec<_> = knowledge
            .replies()
            .iter()
            .filter(|reply| reply.topic == *topic)
            .collect();
        let questions = replies
            .iter()
            .map(|reply| (reply.title.as_str(), reply.entry.as_str()));
        page::list(page, questions, Numbered::Yes);
        self.listed = replies
            .iter()
            .map(|reply| Pick::Entry(reply.entry.clone()))
            .collect();
    }
}

fn help(page: &mut Page) {
    page.paragraph("Ask in your own words. A number picks from the last list.");
    page.gap();
    for (command, what) in [
        ("/topics", "what there is to ask about"),
        ("/more", "the detail of the last answer"),
        ("/help", "this list"),
        ("/quit", "leave; so does Ctrl-D"),
    ] {
        page.item(&format!("  {command:<9}"), what);
    }
}

/// A line that is nothing but a short number: longer ones, such as a year, are words of a question.
fn number(line: &str) -> Option<usize> {
    (line.len() <= 3 && line.bytes().all(|byte| byte.is_ascii_digit()))
        .then(|| line.parse().ok())
        .flatten()
}
