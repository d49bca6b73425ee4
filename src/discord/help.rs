//! What this bot is and what it can do, in its own words, with the commands written so that they can be clicked.

use std::collections::BTreeMap;

use serenity::all::{Command, CommandId};

use super::custom_id::Page;
use super::messages::counted;
use super::outgoing::Outgoing;
use super::pages::Scene;
use super::remembered::Keeps;
use super::sheet::Sheet;

/// Name of the entry in a message's menu.
pub(super) const MENU: &str = "Find a sourced answer";

/// The ids of our commands, as far as they are known: a command can only be clicked with its id.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Commands(BTreeMap<String, CommandId>);

impl Commands {
    /// Learns a command's id.
    pub(super) fn learn(&mut self, name: &str, id: CommandId) {
        self.0.insert(name.to_owned(), id);
    }

    /// Learns those that Discord lists.
    pub(super) fn learn_all(&mut self, commands: &[Command]) {
        for command in commands {
            self.learn(&command.name, command.id);
        }
    }

    /// Whether this command is known.
    pub(super) fn knows(&self, name: &str) -> bool {
        self.0.contains_key(name)
    }

    /// A command, or a subcommand with its command before it, so that it can be clicked where its id is known.
    fn written(&self, called: &str) -> String {
        let name = called.split(' ').next().unwrap_or(called);
        match self.0.get(name) {
            Some(id) => format!("</{called}:{id}>"),
            None => format!("`/{called}`"),
        }
    }
}

/// What it can be asked to do.
pub(super) fn help(scene: &Scene<'_>) -> Outgoing {
    let command = |name| scene.commands.written(name);
    let mut sheet = Sheet::new("What you can ask me to do");
    for line in [
        format!(
            "{} answers a question in any words, or an entry by its id. Sure answers are for the channel where the server \
             allows it; `visibility` changes that.",
            command("ask")
        ),
        format!("{} browses everything in the file.", command("topics")),
        format!(
            "{} shows a source and all that cites it.",
            command("source")
        ),
        format!(
            "{} says what the file is and how answers are found.",
            command("about")
        ),
        format!(
            "**{MENU}**, under Apps in the menu of a message, looks for what answers that message. Only you see what it \
             finds, until you reply with it."
        ),
        "Mention me with a question, or write to me directly. If you edit the question, I change the answer; if you delete \
         it, I delete mine."
            .to_owned(),
        "**Remove** below an answer takes it away: for who asked, and for anybody with Manage Messages."
            .to_owned(),
        format!(
            "{} is for those with Manage Server: what holds in a server, how I am doing, and what readers said.",
            command("cleartext settings")
        ),
    ] {
        sheet.line(&format!("- {line}"));
    }
    let share = scene.last_button(&Page::Help).into_iter().collect();
    scene.sheet(sheet, &scene.edition()).with_buttons(share)
}

/// What this is, and on what it stands.
pub(super) fn about(scene: &Scene<'_>) -> Outgoing {
    let answerer = scene.answerer;
    let percent = |share: f32| format!("{:.0} %", share * 100.0);
    let thresholds = answerer.thresholds();
    let mut sheet = Sheet::new(answerer.title());
    for line in [
        format!(
            "{}, {} and {} in {}. Every sentence of an answer names its source and the place in it.",
            counted(answerer.replies().len(), "answer", "answers"),
            counted(answerer.topics().len(), "topic", "topics"),
            counted(answerer.sources().len(), "source", "sources"),
            scene.edition(),
        ),
        String::new(),
        format!(
            "**How answers are found**\nYour words are compared with known wordings of each question. The result is the \
             probability that the best one is meant. From {} on it is answered; from {} on I ask which one you mean; below \
             that I say that it is not in the file. Nothing is written by a machine at that moment: the same question gets \
             the same answer.",
            percent(thresholds.answer_at),
            percent(thresholds.suggest_at),
        ),
        String::new(),
        "**Both sides**\nWhere a matter is disputed, each side is shown with who holds it and its own sources.".to_owned(),
        String::new(),
        format!(
            "**Privacy**\nI read commands, messages that mention me, direct messages, and a message whose menu you open for me. \
             {} To avoid repeating myself I remember for a short time, in memory only, which message I answered where.",
            kept(scene.keeps)
        ),
    ] {
        sheet.line(&line);
    }
    let share = scene.last_button(&Page::About).into_iter().collect();
    scene.sheet(sheet, &scene.edition()).with_buttons(share)
}

/// What is written down of people where this is read.
fn kept(keeps: Keeps) -> &'static str {
    match keeps {
        Keeps::Nothing => "I keep no names, ids or questions on disk.",
        Keeps::Counts => {
            "On disk I keep what moderators set, and how often each answer was judged helpful or not what was asked; no names, \
             ids or questions of people."
        }
        Keeps::Questions => {
            "On disk I keep what moderators set, and how often each answer was judged helpful or not what was asked. This server \
             has also switched on that a question which nothing here answers is kept for 30 days, once two people have asked it, \
             without who asked. I keep no names or ids of people."
        }
    }
}
