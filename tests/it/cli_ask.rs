//! `ask`: the three outcomes, as text and as JSON, and all the ways a question can come in.

use insta::{assert_json_snapshot, assert_snapshot};
use serde_json::Value;

use crate::program::{Output, cleartext};

fn ask(question: &str) -> Output {
    cleartext("ask --knowledge small").argument(question).run()
}

#[test]
fn a_found_answer_has_marks_sources_and_notes() {
    assert_snapshot!(ask("bridge-age"), @"
    exit code 0
    stdout:
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
    - Should crossing cost a toll? (bridge-toll)

    bridge-age · edition 2026.1 · match 100 %
    ");
}

#[test]
fn a_disputed_entry_shows_each_side_with_its_holder() {
    assert_snapshot!(ask("bridge-toll"), @"
    exit code 0
    stdout:
    Should crossing cost a toll?

    The town proposed a toll, and shops oppose it [1][2].

    Positions
    - Town (government): Repairs must be paid by those who drive across [1].
    - Association of Shops (industry): Customers would stay away from the old
      centre [2].

    Sources
    [1] Town Archive, “History of the bridge”, 4 May 2001, p. 9 (primary)
        https://example.org/archive/history-of-the-bridge/with/an/address/that/is/longer/than/a/line
        Note: Read in a reprint of 2010.
    [2] Association of Shops, “No toll”, March 2020, p. 1 (position)

    See also
    - When was the bridge built? (bridge-age)
    - Who built the bridge? (bridge-builder)

    bridge-toll · edition 2026.1 · match 100 %
    ");
}

#[test]
fn a_typo_still_finds_the_answer() {
    let output = cleartext("ask --knowledge small yaer when building fnished")
        .file(
            "config.toml",
            "[matching]\nanswer_at = 0.5\nsuggest_at = 0.2",
        )
        .run();
    assert_eq!(output.code, 0, "{output}");
    assert!(
        output.stdout.starts_with("When was the bridge built?\n"),
        "{output}"
    );
}

#[test]
fn more_shows_the_detail_and_its_sources() {
    let brief = ask("bridge-age").stdout;
    let full = cleartext("ask --knowledge small --more bridge-age")
        .run()
        .stdout;
    assert!(
        !brief.contains("stood still") && !brief.contains("\n[4] "),
        "{brief}"
    );
    assert!(full.contains("stood still for two years [4]."), "{full}");
    assert!(full.contains("\n[4] Town Archive"), "{full}");
}

#[test]
fn a_question_that_two_entries_answer_becomes_a_choice() {
    assert_snapshot!(cleartext("ask --knowledge torn.toml the lamp at the door").run(), @"
    exit code 1
    stdout:
    Which one did you mean?
    - What is the red lamp for? (red-lamp)
    - What is the blue lamp for? (blue-lamp)

    Ask again with one of these questions, or with the name in brackets.
    ");
}

#[test]
fn what_is_not_in_the_file_is_not_answered() {
    assert_snapshot!(ask("🤷"), @"
    exit code 1
    stdout:
    This is not in the file.

    Topics near it
    - The bridge: When it was built and by whom.
    - The toll: What is argued about.
    ");
}

#[test]
fn an_empty_question_is_not_answered() {
    let unknown = ask("🤷");
    assert_eq!(ask(""), unknown);
    assert_eq!(ask(" \n\t"), unknown);
    assert_eq!(cleartext("ask --knowledge small -").run(), unknown);
}

#[test]
fn words_need_no_quotes_and_a_dash_reads_standard_input() {
    let quoted = ask("year when building ended");
    assert_eq!(quoted.code, 0);
    assert_eq!(
        cleartext("ask --knowledge small year when building ended").run(),
        quoted
    );
    let piped = cleartext("ask --knowledge small -").input("year when\nbuilding ended\n");
    assert_eq!(piped.run(), quoted);
    let broken = cleartext("ask --knowledge small -").input(b"year when \xff building ended");
    assert_eq!(broken.run().code, 0);
}

#[test]
fn a_missing_question_is_a_wrong_use() {
    assert_snapshot!(cleartext("ask").run(), @"
    exit code 2
    stderr:
    error: the following required arguments were not provided:
      <QUESTION>...

    Usage: cleartext ask <QUESTION>...

    For more information, try '--help'.
    ");
}

#[test]
fn the_json_of_a_found_answer_keeps_to_the_contract() {
    let output = cleartext("ask --json --knowledge small bridge-age").run();
    assert_eq!((output.code, output.stderr.as_str()), (0, ""));
    assert_eq!(output.stdout.lines().count(), 1, "one line in a pipe");
    let shape: Value = serde_json::from_str(&output.stdout).expect("it is JSON");
    assert_json_snapshot!(shape, @r#"
    {
      "candidates": [
        {
          "confidence": 1.0,
          "entry": "bridge-age",
          "question": "When was the bridge built?"
        }
      ],
      "confidence": 1.0,
      "entry": "bridge-age",
      "outcome": "found",
      "question": "bridge-age",
      "reply": {
        "body": "It was finished in 1788 [1][2]. The archive puts the first stone at 1781 [3].",
        "citations": [
          {
            "kind": "primary",
            "locator": "p. 3",
            "mark": 1,
            "published": "2001-05-04",
            "publisher": "Town Archive",
            "source": "town-2001",
            "title": "History of the bridge",
            "url": "https://example.org/archive/history-of-the-bridge/with/an/address/that/is/longer/than/a/line"
          },
          {
            "kind": "primary",
            "locator": null,
            "mark": 2,
            "published": null,
            "publisher": "Town",
            "source": "plaque",
            "title": "Plaque on the bridge",
            "url": null
          },
          {
            "kind": "primary",
            "locator": "p. 2",
            "mark": 3,
            "published": "2001-05-04",
            "publisher": "Town Archive",
            "source": "town-2001",
            "title": "History of the bridge",
            "url": "https://example.org/archive/history-of-the-bridge/with/an/address/that/is/longer/than/a/line"
          },
          {
            "kind": "primary",
            "locator": "p. 4",
            "mark": 4,
            "published": "2001-05-04",
            "publisher": "Town Archive",
            "source": "town-2001",
            "title": "History of the bridge",
            "url": "https://example.org/archive/history-of-the-bridge/with/an/address/that/is/longer/than/a/line"
          }
        ],
        "detail": "The work stood still for two years [4].",
        "notes": [
          "As of 4 May 2001",
          "This may be out of date: its review was due on 1 January 2020"
        ],
        "positions": [],
        "see_also": [
          "bridge-toll"
        ],
        "title": "When was the bridge built?"
      }
    }
    "#);
    let order = [
        "question",
        "outcome",
        "confidence",
        "entry",
        "candidates",
        "reply",
        "title",
        "body",
        "positions",
        "citations",
        "mark",
        "source",
        "locator",
        "title",
        "publisher",
        "published",
        "url",
        "kind",
        "notes",
        "see_also",
        "detail",
    ];
    in_order(&output.stdout, &order);
}

/// Checks that the keys come one after the other.
fn in_order(json: &str, keys: &[&str]) {
    let mut rest = json;
    for key in keys {
        rest = rest
            .split_once(&format!("\"{key}\":"))
            .unwrap_or_else(|| panic!("`{key}` comes where it should in {json}"))
            .1;
    }
}

#[test]
fn the_json_of_a_choice_names_no_entry() {
    assert_snapshot!(cleartext("ask --json --knowledge torn.toml the lamp at the door").run(), @r#"
    exit code 1
    stdout:
    {"question":"the lamp at the door","outcome":"choose","confidence":0.5,"entry":null,"candidates":[{"entry":"red-lamp","question":"What is the red lamp for?","confidence":0.5},{"entry":"blue-lamp","question":"What is the blue lamp for?","confidence":0.5}],"reply":null}
    "#);
}

#[test]
fn the_json_of_a_miss_says_so() {
    assert_snapshot!(cleartext("ask --json --knowledge small 🤷").run(), @r#"
    exit code 1
    stdout:
    {"question":"🤷","outcome":"unknown","confidence":0.0,"entry":null,"candidates":[],"reply":null}
    "#);
}

#[test]
fn a_disputed_reply_has_its_positions_in_json() {
    let output = cleartext("ask --json --knowledge small bridge-toll").run();
    let shape: Value = serde_json::from_str(&output.stdout).expect("it is JSON");
    assert_json_snapshot!(shape["reply"]["positions"], @r#"
    [
      {
        "body": "Repairs must be paid by those who drive across [1].",
        "holder": "Town",
        "side": "government"
      },
      {
        "body": "Customers would stay away from the old centre [2].",
        "holder": "Association of Shops",
        "side": "industry"
      }
    ]
    "#);
    assert!(shape["reply"]["citations"][1]["url"].is_null());
}

#[test]
fn three_candidates_at_most_come_with_any_question() {
    let output = cleartext("ask --json --knowledge small name of the mason").run();
    let shape: Value = serde_json::from_str(&output.stdout).expect("it is JSON");
    assert_eq!(shape["entry"], "bridge-builder");
    let candidates = shape["candidates"].as_array().expect("a list");
    assert!((1..=3).contains(&candidates.len()), "{candidates:#?}");
    assert_eq!(candidates[0]["confidence"], shape["confidence"]);
}

#[test]
fn control_characters_in_a_question_come_out_escaped() {
    let output = cleartext("ask --json --explain --knowledge small")
        .argument("a\u{1b}[31m\u{9b}b")
        .run();
    assert!(
        output
            .stdout
            .starts_with(r#"{"question":"a\u001b[31m\u009bb","#),
        "{output}"
    );
    let raw = |text: &str| {
        text.chars()
            .any(|character| character.is_control() && character != '\n')
    };
    assert!(!raw(&output.stdout) && !raw(&output.stderr), "{output:?}");
}

#[test]
fn explain_tells_what_was_repaired_and_what_counted() {
    let output = cleartext("ask --explain --knowledge small yaer of construction").run();
    let (_, why) = output
        .stdout
        .split_once("\nWhy\n")
        .expect("there is a reason");
    for part in [
        "yaer → year",
        "Words for",
        "Winner         bridge-age",
        "Runner-up",
        "Thresholds",
        "Outcome",
    ] {
        assert!(why.contains(part), "{part} in {why}");
    }
}

#[test]
fn explain_beside_json_goes_to_standard_error() {
    let output = cleartext("ask --json --explain --knowledge small bridge-age").run();
    assert!(
        serde_json::from_str::<Value>(&output.stdout).is_ok(),
        "{output}"
    );
    assert_eq!(
        output.stderr,
        "Why\n“bridge-age” is the id of an entry; nothing had to be matched.\n"
    );
}

#[test]
fn lines_in_a_pipe_keep_to_eighty_columns_but_for_addresses() {
    let output = cleartext("ask --more --knowledge small bridge-age").run();
    let long: Vec<_> = output
        .stdout
        .lines()
        .filter(|line| line.chars().count() > 80)
        .collect();
    assert_eq!(
        long,
        ["    https://example.org/archive/history-of-the-bridge/with/an/address/that/is/longer/than/a/line";
            3]
    );
    assert!(!output.stdout.contains('\u{1b}'));
}

#[test]
fn without_any_knowledge_named_the_built_in_one_answers() {
    let manifest = include_str!("../../knowledge/manifest.toml");
    let (_, topic) = manifest
        .split_once("[[topic]]")
        .expect("the manifest has topics");
    let (_, title) = topic.split_once("title = \"").expect("a topic has a title");
    let (title, _) = title.split_once('"').expect("a title has an end");
    let output = cleartext("chat").input("/topics").run();
    assert!(
        output
            .stdout
            .starts_with(&format!("Topics\n  1. {title}: ")),
        "{output}"
    );
}

#[cfg(target_os = "linux")]
#[test]
fn an_answer_that_cannot_be_written_is_an_error() {
    let full = std::fs::File::create("/dev/full").expect("Linux has it");
    let (mut command, _folder) = cleartext("ask --knowledge small bridge-age").into_command();
    let output = command.stdout(full).output().expect("the program runs");
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(
        String::from_utf8_lossy(&output.stderr),
        "error: standard output cannot be written: No space left on device\n"
    );
}
