//! The program on a terminal: style, width, links, and the line editor with its keys.

use std::process::Command;

use rexpect::session::{PtySession, spawn_command};

use crate::program::{Program, cleartext};

/// How long a terminal may be silent, in milliseconds, before a test gives up: far more than a busy machine needs.
const PATIENCE: u64 = 60_000;

/// Starts the program on a terminal of its own, 60 columns wide.
fn on_a_terminal(program: Program) -> (PtySession, tempfile::TempDir) {
    let (command, folder) = program.variable("TERM", "xterm-256color").into_command();
    let mut sized = Command::new("sh");
    sized
        .arg("-c")
        .arg("stty cols 60 rows 24; \"$0\" \"$@\"; echo \"exit code $?\"")
        .arg(command.get_program())
        .args(command.get_args())
        .current_dir(folder.path())
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap_or_default());
    for (name, value) in command.get_envs() {
        if let Some(value) = value {
            sized.env(name, value);
        }
    }
    let session = spawn_command(sized, Some(PATIENCE)).expect("a terminal can be had");
    (session, folder)
}

/// Everything that the program shows until it ends well.
fn shown(program: Program) -> String {
    let (mut session, _folder) = on_a_terminal(program);
    let text = session.exp_eof().expect("the program ends");
    // The terminal's reader takes each byte for a character.
    let bytes: Vec<u8> = text
        .chars()
        .filter_map(|byte| u8::try_from(u32::from(byte)).ok())
        .collect();
    let text = String::from_utf8(bytes)
        .expect("the program writes UTF-8")
        .replace("\r\n", "\n");
    let shown = text.strip_suffix("exit code 0\n");
    shown
        .unwrap_or_else(|| panic!("it ends well: {text}"))
        .to_owned()
}

#[test]
fn a_title_is_bold_and_lines_keep_to_the_width() {
    let text = shown(cleartext("ask --knowledge small bridge-toll"));
    assert!(
        text.starts_with("\u{1b}[1mShould crossing cost a toll?\u{1b}[0m\n"),
        "{text}"
    );
    let plain = text
        .replace("\u{1b}[1m", "")
        .replace("\u{1b}[2m", "")
        .replace("\u{1b}[0m", "");
    for line in plain.lines().filter(|line| !line.contains("https://")) {
        assert!(line.chars().count() <= 60, "{line}");
    }
}

#[test]
fn addresses_are_links_where_the_terminal_knows_them() {
    let url = "https://example.org/archive/history-of-the-bridge/with/an/address/that/is/longer/than/a/line";
    let link = format!("    \u{1b}]8;;{url}\u{1b}\\{url}\u{1b}]8;;\u{1b}\\\n");
    let ask = || cleartext("ask --knowledge small bridge-toll");
    let text = shown(ask().variable("TERM_PROGRAM", "WezTerm"));
    assert!(text.contains(&link), "{text}");
    let text = shown(ask());
    assert!(text.contains(&format!("    {url}\n")), "{text}");
}

#[test]
fn who_wants_no_colour_gets_no_escape_sequence() {
    let program =
        cleartext("ask --knowledge small bridge-toll").variable("TERM_PROGRAM", "WezTerm");
    let text = shown(program.variable("NO_COLOR", "1"));
    assert!(!text.contains('\u{1b}'), "{text:?}");
}

#[test]
fn json_is_laid_out_for_people() {
    let text = shown(cleartext("ask --json --knowledge small bridge-age"));
    assert!(
        text.starts_with("{\n  \"question\": \"bridge-age\",\n"),
        "{text}"
    );
}

#[test]
fn a_conversation_greets_answers_and_takes_numbers() {
    let (mut session, _folder) = on_a_terminal(cleartext("--knowledge small"));
    session.exp_string("The town bridge").expect("a greeting");
    session.exp_string("> ").expect("a prompt");
    session.send_line("name of the mason").expect("it listens");
    session
        .exp_string("Who built the bridge?")
        .expect("an answer");
    session.exp_string("> ").expect("a prompt");
    session.send_line("/topics").expect("it listens");
    session.exp_string("1. The bridge").expect("a list");
    session.exp_string("> ").expect("a prompt");
    session.send_line("2").expect("it listens");
    session
        .exp_string("Should crossing cost a toll?")
        .expect("the topic's question");
    session.exp_string("> ").expect("a prompt");
    session.send_line("/quit").expect("it listens");
    session.exp_string("exit code 0").expect("it leaves");
}

#[test]
fn the_arrow_key_brings_back_what_was_asked() {
    let (mut session, _folder) = on_a_terminal(cleartext("chat --knowledge small"));
    session.exp_string("> ").expect("a prompt");
    session.send_line("bridge-age").expect("it listens");
    session
        .exp_string("When was the bridge built?")
        .expect("an answer");
    session.exp_string("match 100 %").expect("the last line");
    session.exp_string("> ").expect("a prompt");
    session.send("\u{1b}[A\r").expect("it listens");
    session.flush().expect("it listens");
    session
        .exp_string("When was the bridge built?")
        .expect("the same answer");
    session.exp_string("match 100 %").expect("the last line");
    session.exp_string("> ").expect("a prompt");
    session.send_control('d').expect("it listens");
    session.exp_string("exit code 0").expect("Ctrl-D leaves");
}

#[test]
fn ctrl_c_clears_the_line_and_leaves_an_empty_one() {
    let (mut session, _folder) = on_a_terminal(cleartext("chat --knowledge small"));
    session.exp_string("> ").expect("a prompt");
    session.send("/quit").expect("it listens");
    session.flush().expect("it listens");
    session.exp_string("/quit").expect("the line is shown");
    session.send_control('c').expect("it listens");
    session.send_line("bridge-toll").expect("it listens");
    session
        .exp_string("Should crossing cost a toll?")
        .expect("the line was cleared, not sent");
    session.exp_string("match 100 %").expect("the last line");
    session.exp_string("> ").expect("a prompt");
    session.send_control('c').expect("it listens");
    session.exp_string("exit code 0").expect("it leaves");
}
