//! The conversation, driven through a pipe: answers, picks by number, commands, and every way out.

use insta::assert_snapshot;

use crate::program::{Output, cleartext};

fn chat(lines: &str) -> Output {
    cleartext("chat --knowledge small").input(lines).run()
}

#[test]
fn a_pipe_is_answered_line_by_line() {
    let output = cleartext("--knowledge small")
        .input("name of the mason\n\n🤷\n")
        .run();
    assert_snapshot!(output, @"
    exit code 0
    stdout:
    Who built the bridge?

    The plaque names Anna Mason [1].

    Sources
    [1] Town, “Plaque on the bridge” (primary)

    bridge-builder · edition 2026.1 · match 99 %

    This is not in the file.

    Topics near it
      1. The bridge: When it was built and by whom.
      2. The toll: What is argued about.
    ");
    assert_eq!(
        chat("name of the mason\n\n🤷\n"),
        output,
        "`chat` is the same"
    );
}

#[test]
fn a_number_picks_from_the_last_list() {
    let titles = |lines: &str| -> Vec<String> {
        let output = chat(lines);
        assert_eq!((output.code, output.stderr.as_str()), (0, ""));
        let questions = output
            .stdout
            .lines()
            .filter(|line| line.ends_with('?') && !line.starts_with(' '));
        questions.map(str::to_owned).collect()
    };
    let (age, builder, toll) = (
        "When was the bridge built?",
        "Who built the bridge?",
        "Should crossing cost a toll?",
    );
    assert_eq!(
        titles("bridge-toll\n2\n"),
        [toll, builder],
        "a related entry"
    );
    assert_eq!(
        titles("/topics\n1\n2\n"),
        [builder],
        "a topic, then its second question"
    );
    assert_eq!(titles("🤷\n2\n1\n"), [toll], "a topic near a miss");
    assert_eq!(
        titles("bridge-toll\n1\n1\n"),
        [toll, age, toll],
        "the list follows the answer"
    );
    let picked = cleartext("chat --knowledge torn.toml")
        .input("the lamp at the door\n2\n")
        .run();
    assert_snapshot!(picked, @"
    exit code 0
    stdout:
    Which one did you mean?
      1. What is the red lamp for?
      2. What is the blue lamp for?

    Type a number, or ask in other words.

    What is the blue lamp for?

    It calms [1].

    Sources
    [1] Lamp House, “The book of lamps”, p. 2 (reporting)

    blue-lamp · edition 1
    ");
}

#[test]
fn a_number_out_of_the_list_is_told() {
    let last = |lines: &str| {
        chat(lines)
            .stdout
            .lines()
            .last()
            .unwrap_or_default()
            .to_owned()
    };
    assert_eq!(
        last("/topics\n3\n"),
        "There is no number 3; the last list ends at 2."
    );
    assert_eq!(
        last("/topics\n0\n"),
        "There is no number 0; the last list ends at 2."
    );
    assert_ne!(
        last("3\n"),
        "There is no number 3; the last list ends at 0.",
        "without a list a number is a question"
    );
}

#[test]
fn commands_help_along() {
    assert_snapshot!(chat("/help\n/more\nbridge-age\n/more\n/QUIT\nname of the mason\n"), @"
    exit code 0
    stdout:
    Ask in your own words. A number picks from the last list.

      /topics  what there is to ask about
      /more    the detail of the last answer
      /help    this list
      /quit    leave; so does Ctrl-D

    Ask something first; /more then shows the detail.

    When was the bridge built?

    It was finished in 1788 [1][2]. The archive puts the first stone at 1781 [3].

    Sources
    [1] Town Archive, “History of the bridge”, 4 May 2001, p. 3 (primary)
        https://example.org/archive/history-of-the-bridge/with/an/address/that/is/longer/than/a/line
        Note: Read in a reprint of 2010.
    [2] Town, “Plaque on the bridge” (primary)
    [3] Town Archive, “History of the bridge”, 4 May 2001, p. 2 (primary)
        https://example.org/archive/history-of-the-bridge/with/an/address/that/is/longer/than/a/line

    As of 4 May 2001
    This may be out of date: its review was due on 1 January 2020

    See also
      1. Should crossing cost a toll?

    Type /more for the detail.

    bridge-age · edition 2026.1 · match 100 %

    When was the bridge built?

    It was finished in 1788 [1][2]. The archive puts the first stone at 1781 [3].

    The work stood still for two years [4].

    Sources
    [1] Town Archive, “History of the bridge”, 4 May 2001, p. 3 (primary)
        https://example.org/archive/history-of-the-bridge/with/an/address/that/is/longer/than/a/line
        Note: Read in a reprint of 2010.
    [2] Town, “Plaque on the bridge” (primary)
    [3] Town Archive, “History of the bridge”, 4 May 2001, p. 2 (primary)
        https://example.org/archive/history-of-the-bridge/with/an/address/that/is/longer/than/a/line
    [4] Town Archive, “History of the bridge”, 4 May 2001, p. 4 (primary)
        https://example.org/archive/history-of-the-bridge/with/an/address/that/is/longer/than/a/line

    As of 4 May 2001
    This may be out of date: its review was due on 1 January 2020

    See also
      1. Should crossing cost a toll?

    bridge-age · edition 2026.1
    ");
    assert_snapshot!(chat("/nonsense\u{1b}[31m\n"), @"
    exit code 0
    stdout:
    There is no /nonsense�[31m. Type /help for what there is.
    ");
}

#[test]
fn every_end_is_a_clean_one() {
    for lines in [
        "",
        "/quit",
        "/exit\n",
        "/q\nwho\n",
        "\n\n",
        "no line feed at the end",
    ] {
        let output = chat(lines);
        assert_eq!((output.code, output.stderr.as_str()), (0, ""), "{lines:?}");
    }
    let binary = cleartext("chat --knowledge small")
        .input(b"\xff\xfe\0\n\x1b[2J\n")
        .run();
    assert_eq!(binary.code, 0);
    assert!(!binary.stdout.contains('\u{1b}'));
    let endless = cleartext("chat --knowledge small")
        .input("bridge ".repeat(40_000))
        .run();
    assert_eq!(endless.code, 0);
}

#[test]
fn a_reader_that_has_had_enough_is_no_error() {
    use std::io::{BufRead as _, BufReader, Read as _};
    use std::process::Stdio;

    let (mut command, _folder) = cleartext("chat --knowledge small").into_command();
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    let mut line = String::new();
    let mut stdout = BufReader::new(child.stdout.take().expect("a pipe"));
    let mut stdin = child.stdin.take().expect("a pipe");
    std::io::Write::write_all(&mut stdin, b"bridge-age\n").expect("it listens");
    stdout.read_line(&mut line).expect("it answers");
    assert_eq!(line, "When was the bridge built?\n");
    drop(stdout);
    // It ends at the first answer that nobody reads, with its input still open.
    std::io::Write::write_all(&mut stdin, b"bridge-toll\nbridge-toll\n").expect("it listens");
    let code = child.wait().expect("it ends").code();
    let mut told = String::new();
    child
        .stderr
        .take()
        .expect("a pipe")
        .read_to_string(&mut told)
        .expect("it is text");
    assert_eq!((code, told.as_str()), (Some(0), ""));
}
