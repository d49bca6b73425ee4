//! `eval`: figures on graded questions, floors, and what cannot be graded.

use insta::assert_snapshot;
use serde_json::Value;

use crate::program::cleartext;

/// The contract's keys, in its order.
const KEYS: [&str; 19] = [
    "in_scope",
    "out_of_scope",
    "top1",
    "recall_at_3",
    "mrr",
    "auroc",
    "oos_recall_at_95",
    "answered_right",
    "answered_wrong",
    "suggested_right",
    "suggested_wrong",
    "refused",
    "oos_answered",
    "oos_suggested",
    "oos_refused",
    "ece",
    "p50_us",
    "p99_us",
    "load_ms",
];

#[test]
fn the_json_has_every_figure_in_order() {
    let output = cleartext("eval --json --knowledge small --questions graded.jsonl").run();
    assert_eq!(output.code, 0, "{output}");
    assert_eq!(
        output.stderr,
        "1 question names an entry that this knowledge does not have; left out\n"
    );
    assert_eq!(output.stdout.lines().count(), 1, "one line in a pipe");
    let keys: Vec<_> = output
        .stdout
        .split(['{', ',', '}'])
        .filter_map(|pair| pair.split_once(':'))
        .map(|(key, _)| key.trim_matches('"'))
        .collect();
    assert_eq!(keys, KEYS);
    let figures: Value = serde_json::from_str(&output.stdout).expect("it is JSON");
    for (key, expected) in [
        ("in_scope", 3.0),
        ("out_of_scope", 1.0),
        ("top1", 1.0),
        ("answered_right", 3.0),
        ("oos_refused", 1.0),
        ("auroc", 1.0),
    ] {
        assert_eq!(figures[key].as_f64(), Some(expected), "{key} in {output}");
    }
    for key in ["p50_us", "p99_us", "load_ms"] {
        assert!(
            figures[key].as_f64().is_some_and(|time| time > 0.0),
            "{key} in {output}"
        );
    }
}

#[test]
fn phrasings_stand_in_for_the_knowledge() {
    let output =
        cleartext("eval --json --phrasings phrasings.jsonl --questions graded.jsonl").run();
    let figures: Value = serde_json::from_str(&output.stdout).expect("it is JSON");
    assert_eq!(
        (&figures["in_scope"], &figures["answered_right"]),
        (&2.into(), &2.into()),
        "{output}"
    );
    assert_eq!(
        output.stderr,
        "2 questions name entries that this knowledge does not have; left out\n"
    );
}

#[test]
fn the_report_says_the_same_in_words() {
    let output = cleartext("eval --knowledge small --questions graded.jsonl").run();
    let (figures, rest) = output
        .stdout
        .split_once("\nTime\n")
        .expect("times stand after the figures");
    assert_snapshot!(figures, @"
    3 questions with an answer here
      first candidate is right                   100.0 %
      a right one among the first three          100.0 %
      mean reciprocal rank                         1.000
      answered right                          3  100.0 %
      answered wrong                          0    0.0 %
      choice with a right one                 0    0.0 %
      choice without                          0    0.0 %
      not answered                            0    0.0 %

    1 question without
      answered all the same                   0    0.0 %
      became a choice                         0    0.0 %
      not answered                            1  100.0 %
      told apart (area under the ROC curve)        1.000
      kept out while 95 % are let in             100.0 %

    All answers given
      right                                      100.0 %
      gap between confidence and truth (ECE)       0.007
    ");
    let (times, lists) = rest.split_once("\n\n").expect("lists come after the times");
    assert_eq!(times.lines().count(), 3, "{output}");
    assert_snapshot!(lists, @r#"
    By topic
      topic    asked    first  in three  right  wrong  choice  none
      bridge       2  100.0 %   100.0 %      2      0       0     0
      dispute      1  100.0 %   100.0 %      1      0       0     0

    first: the first candidate is right; in three: one of the first three is; right,
    wrong: answered so; choice: "which one?"; none: not answered
    "#);
}

#[test]
fn a_figure_that_is_not_what_it_has_to_be_fails_with_one_line() {
    let run = |floors: &str| {
        let questions = concat!(
            r#"{"question": "name of the mason", "entry": "bridge-age"}"#,
            "\n",
            r#"{"question": "fee for cars", "entry": "bridge-toll"}"#,
        );
        cleartext("eval --json --knowledge small --questions q.jsonl")
            .file("q.jsonl", questions)
            .argument(floors)
            .run()
    };
    assert_eq!(run("--min-top1=0.5").code, 0);
    assert_eq!(run("--min-answered-right=0.5").stderr, "");
    let under = run("--min-top1=0.6");
    assert_eq!(under.code, 1);
    assert_snapshot!(under.stderr, @"not reached: top-1 is 0.5000, not 0.6 or more");
    assert_eq!(run("--min-answered-right=0.6").code, 1);
    assert_eq!(run("--min-recall-at-3=1.5").code, 2);
    assert_eq!(run("--max-ece=1").code, 0);
    let over = run("--max-ece=0");
    assert_eq!(over.code, 1);
    assert!(
        over.stderr
            .starts_with("not reached: the calibration error is 0."),
        "{}",
        over.stderr
    );
    // Nothing out of scope is asked, so nothing is kept out.
    assert_eq!(run("--min-oos-recall-at-95=0").code, 0);
    assert_snapshot!(run("--min-oos-recall-at-95=0.5").stderr, @"not reached: the out-of-scope part kept out is 0.0000, not 0.5 or more");
    assert_snapshot!(run("--min-auroc=0.5").stderr, @"not reached: AUROC is 0.0000, not 0.5 or more");
}

#[test]
fn what_cannot_be_graded_is_named_with_its_place() {
    let run = |questions: &str| {
        let program = cleartext("eval --knowledge small --questions q.jsonl");
        program.file("q.jsonl", questions).run()
    };
    assert_snapshot!(run("{\"question\": \"a\", \"entry\": null}\nnonsense"), @r#"
    exit code 2
    stderr:
    error: q.jsonl:2: not a graded question (expected ident); write {"question": "…", "entry": "id"}, with a list of ids or null where that is meant
    "#);
    assert_snapshot!(run("{\"question\": \"a\", \"entry\": 7}"), @r#"
    exit code 2
    stderr:
    error: q.jsonl:1: `7` is not an entry's id; write {"question": "…", "entry": "id"}, with a list of ids or null where that is meant
    "#);
    assert_snapshot!(run("{\"question\": \"a\", \"entry\": \"unheard-of\"}"), @"
    exit code 2
    stderr:
    1 question names an entry that this knowledge does not have; left out
    error: q.jsonl holds no question for this knowledge; name a file of graded questions with --questions
    ");
    assert_snapshot!(run(""), @"
    exit code 2
    stderr:
    error: q.jsonl holds no question for this knowledge; name a file of graded questions with --questions
    ");
    assert_snapshot!(cleartext("eval --questions missing.jsonl").run(), @"
    exit code 2
    stderr:
    error: missing.jsonl cannot be read: there is no such file or folder; name a file of JSON lines
    ");
    assert_snapshot!(cleartext("eval --questions small").run(), @"
    exit code 2
    stderr:
    error: small cannot be read: it is a folder, not a file; name a file of JSON lines
    ");
}
