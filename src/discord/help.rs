//! What this bot is and what it can do, in its own words, with the commands written so that they can be clicked.

use std::collections::BTreeMap;

use serenity::all::{Command, CommandId};

use super::custom_id::Page;
use super::markdown;
use super::messages::counted;
use super::names::Names;
use super::outgoing::Outgoing;
use super::pages::Scene;
use super::remembered::Keeps;
use super::sheet::Sheet;

/// What the entry in a message's menu calls itself.
const MENU: &str = "Find a sourced answer";

/// What our commands are called here, and their ids as far as they are known: a command can only be clicked with its id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Commands {
    names: Names,
    /// By the names that Discord has.
    ids: BTreeMap<String, CommandId>,
}

impl Commands {
    /// Commands of these names, of which no id is known yet.
    pub(super) fn new(names: Names) -> Self {
        let ids = BTreeMap::new();
        Self { names, ids }
    }

    /// Learns the id of a command that Discord calls `name`.
    pub(super) fn learn(&mut self, name: &str, id: CommandId) {
        self.ids.insert(name.to_owned(), id);
    }

    /// Learns those that Discord lists.
    pub(super) fn learn_all(&mut self, commands: &[Command]) {
        for command in commands {
            self.learn(&command.name, command.id);
        }
    }

    /// Whether the id of a command is known that calls itself `ours`.
    pub(super) fn knows(&self, ours: &str) -> bool {
        self.ids.contains_key(self.called(ours))
    }

    /// The id of a command that calls itself `ours`, where it is known.
    pub(super) fn id(&self, ours: &str) -> Option<CommandId> {
        self.ids.get(self.called(ours)).copied()
    }

    /// What a command or menu entry is called here that calls itself `ours`.
    fn called<'a>(&'a self, ours: &'a str) -> &'a str {
        self.names.of(ours).unwrap_or(ours)
    }

    /// A command of ours, or a subcommand with its command before it, so that it can be clicked where its id is known.
    fn written(&self, ours: &str) -> String {
        let (command, rest) = match ours.find(' ') {
            Some(end) => ours.split_at(end),
            None => (ours, ""),
        };
        let name = self.called(command);
        match self.ids.get(name) {
            Some(id) => format!("</{name}{rest}:{id}>"),
            None => format!("`/{name}{rest}`"),
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
            "**{}**, under Apps in the menu of a message, looks for what answers that message. Only you see what it finds, \
             until you reply with it.",
            markdown::escape(scene.commands.called(MENU))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_are_written_as_they_are_called_here() {
        let names = Names::prefixed("e2ee-")
            .and_then(|names| names.renamed(MENU, "Ask the file"))
            .expect("sound names");
        let mut commands = Commands::new(names);
        // The host has one of that name, which is none of ours.
        commands.learn("ask", CommandId::new(1));
        assert!(!commands.knows("ask"));
        assert_eq!(commands.written("ask"), "`/e2ee-ask`");
        commands.learn("e2ee-ask", CommandId::new(2));
        commands.learn("e2ee-cleartext", CommandId::new(3));
        assert!(commands.knows("ask"));
        assert_eq!(commands.written("ask"), "</e2ee-ask:2>");
        assert_eq!(
            commands.written("cleartext settings"),
            "</e2ee-cleartext settings:3>"
        );
        assert_eq!(commands.called(MENU), "Ask the file");
    }

    #[test]
    fn the_menu_entry_is_there() {
        assert_eq!(Names::default().of(MENU), Some(MENU));
    }
}
