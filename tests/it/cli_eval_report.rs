//! `eval` as a curator's tool: the lists of its report, and the page for a browser.

use std::fs;
use std::path::Path;

use html5ever::tendril::TendrilSink as _;
use html5ever::{ParseOpts, parse_document};
use insta::assert_snapshot;
use markup5ever_rcdom::{Handle, NodeData, RcDom};
use serde_json::json;

use crate::program::{Output, cleartext};

/// Questions that go wrong in different ways; foreign text with everything that a page must not take for its own.
const QUESTIONS: &str = r#"
{"question": "year when building ended", "entry": "bridge-age"}
{"question": "architect", "entry": "bridge-age"}
{"question": "<b>which</b> enginer \"drew\" & <script>alert(1)</script> zeppelins?", "entry": "bridge-toll"}
{"question": "name of the mason", "entry": "bridge-toll"}
{"question": "bridge-builder", "entry": "bridge-age"}
{"question": "\u001b[31m\u202e?!", "entry": "bridge-age"}
{"question": "should cars pay a fee for the moon", "entry": null}
{"question": "cars should pay", "entry": null}
"#;

/// The report after the times, which differ from run to run.
fn lists(output: &Output) -> &str {
    let (_, rest) = output
        .stdout
        .split_once("\nTime\n")
        .expect("times stand after the figures");
    rest.split_once("\n\n").map_or("", |(_, lists)| lists)
}

/// Those of them that any matcher must take in the same way.
const PLAIN: &str = r#"
{"question": "year when building ended", "entry": "bridge-age"}
{"question": "architect", "entry": "bridge-age"}
{"question": "name of the mason", "entry": "bridge-toll"}
{"question": "bridge-builder", "entry": "bridge-age"}
{"question": "?!", "entry": "bridge-age"}
{"question": "cars should pay", "entry": null}
"#;

#[test]
fn the_report_tells_a_curator_what_to_do() {
    let output = cleartext("eval --knowledge small --questions q.jsonl")
        .file("q.jsonl", PLAIN)
        .run();
    assert_eq!((output.code, output.stderr.as_str()), (0, ""), "{output}");
    assert_snapshot!(lists(&output), @r#"
    By topic
      topic    asked   first  in three  right  wrong  choice  none
      bridge       4  25.0 %    50.0 %      1      2       0     1
      dispute      1   0.0 %   100.0 %      0      1       0     0

    first: the first candidate is right; in three: one of the first three is; right,
    wrong: answered so; choice: "which one?"; none: not answered

    Worst entries
      entry           asked  first  in three  right  wrong  none  taken
      bridge-builder      0      0         0      0      0     0      3
      bridge-age          4      1         2      1      2     1      0
      bridge-toll         1      0         1      0      1     0      1

    taken: questions for others, or for none, that were answered with it

    Confused pairs
      2  `bridge-age` → `bridge-builder`, answered: “architect”
      1  nothing → `bridge-toll`, answered: “cars should pay”
      1  `bridge-toll` → `bridge-builder`, answered: “name of the mason”

    Why 5 questions were not answered right
      2  stands word for word in another entry
      1  no word says what it is about
      1  one word pulled it away
      1  the question is an entry's id

    What would mend the most
    Write phrasings of your own: a graded question that is copied into the knowledge
    measures nothing any more.

      1. Add phrasings to `bridge-age`, with words such as “architect” (1 question)
         - “architect”: answered wrong; “architect” pulled it to `bridge-builder`;
           no phrasing of the wanted one has “architect”

      2. Tell `bridge-builder` and `bridge-toll` apart: give each words of its own,
         or make them one (1 question)
         - “name of the mason”: answered wrong; it stands word for word in
           `bridge-builder`

      3. Keep these from `bridge-toll`: write an entry that answers them, or reword
         what they resemble (1 question)
         - “cars should pay”: answered, though nothing here answers it; it stands
           word for word in `bridge-toll`

      4. Look at these questions again: no phrasing would mend them (2 questions)
         - “bridge-builder”: answered wrong; it is the id of `bridge-builder`, which
           is answered as it stands
         - “?!”: not answered; no word in it says what it is about
    "#);
}

#[test]
fn phrasings_have_no_topics() {
    let output = cleartext("eval --phrasings phrasings.jsonl --questions q.jsonl")
        .file(
            "q.jsonl",
            r#"{"question": "who owns the mill", "entry": "bridge-age"}"#,
        )
        .run();
    assert_snapshot!(lists(&output), @"
    Worst entries
      entry       asked  first  in three  right  wrong  none  taken
      bridge-age      1      0         1      0      1     0      0
      mill-owner      0      0         0      0      0     0      1

    taken: questions for others, or for none, that were answered with it

    Confused pairs
      1  `bridge-age` → `mill-owner`, answered: “who owns the mill”

    Why 1 question was not answered right
      1  stands word for word in another entry

    What would mend the most
    Write phrasings of your own: a graded question that is copied into the knowledge
    measures nothing any more.

      1. Tell `bridge-age` and `mill-owner` apart: give each words of its own, or
         make them one (1 question)
         - “who owns the mill”: answered wrong; it stands word for word in
           `mill-owner`
    ");
}

#[test]
fn long_lists_are_cut_unless_all_is_asked_for() {
    let (mut phrasings, mut questions) = (String::new(), String::new());
    for number in 0..30 {
        let text = format!("word{number} alpha");
        let wrong = (number + 1) % 30;
        phrasings += &json!({"entry": format!("e{number}"), "phrasing": text}).to_string();
        phrasings.push('\n');
        // Two of a kind: one miss of one question may be the question's fault.
        for _ in 0..2 {
            questions += &json!({"question": text, "entry": format!("e{wrong}")}).to_string();
            questions.push('\n');
        }
    }
    let run = |all: &str| {
        let output = cleartext(&format!(
            "eval --phrasings p.jsonl --questions q.jsonl {all}"
        ))
        .file("p.jsonl", &phrasings)
        .file("q.jsonl", &questions)
        .run();
        output.stdout.matches("more; --all lists them").count()
    };
    assert_eq!(run(""), 3, "worst entries, pairs and remedies");
    assert_eq!(run("--all"), 0);
}

/// An element: its name, its attributes, and itself.
type Element = (String, Vec<(String, String)>, Handle);

/// What a page is made of, as a browser reads it.
struct Page {
    dom: RcDom,
    text: String,
}

impl Page {
    fn read(text: String) -> Self {
        let dom = parse_document(RcDom::default(), ParseOpts::default()).one(text.as_str());
        Self { dom, text }
    }

    fn elements(&self) -> Vec<Element> {
        let mut found = Vec::new();
        let mut open = vec![self.dom.document.clone()];
        while let Some(node) = open.pop() {
            if let NodeData::Element { name, attrs, .. } = &node.data {
                let attributes = attrs.borrow();
                let attributes = attributes
                    .iter()
                    .map(|one| (one.name.local.to_string(), one.value.to_string()))
                    .collect();
                found.push((name.local.to_string(), attributes, node.clone()));
            }
            open.extend(node.children.borrow().iter().rev().cloned());
        }
        found
    }

    fn count(&self, name: &str) -> usize {
        let elements = self.elements();
        elements
            .iter()
            .filter(|(found, _, _)| found == name)
            .count()
    }
}

/// The text of a node and all in it.
fn text_of(node: &Handle) -> String {
    let mut text = match &node.data {
        NodeData::Text { contents } => contents.borrow().to_string(),
        _ => String::new(),
    };
    for child in node.children.borrow().iter() {
        text += &text_of(child);
    }
    text
}

/// Runs `eval` with `--html page.html` in a folder of its own; the page, and what the program said.
fn page(arguments: &str, questions: &str) -> (Page, Output) {
    let (mut command, folder) = cleartext(&format!("eval {arguments} --html page.html"))
        .file("q.jsonl", questions)
        .into_command();
    let output = command.output().expect("the program starts");
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let output = Output {
        code: output.status.code().expect("the program ends by itself"),
        stdout: text(&output.stdout),
        stderr: text(&output.stderr),
    };
    let page = fs::read_to_string(folder.path().join("page.html"))
        .unwrap_or_else(|error| panic!("{error}\n{output}"));
    (Page::read(page), output)
}

/// What holds for every page.
fn check(page: &Page) {
    let errors = page.dom.errors.borrow();
    assert_eq!(errors.len(), 0, "{errors:?}");
    assert_eq!(page.count("script"), 0);
    let mut ids = std::collections::BTreeSet::new();
    for (name, attributes, node) in page.elements() {
        for (attribute, value) in &attributes {
            assert!(!attribute.starts_with("on"), "{name} {attribute}");
            assert_ne!(attribute, "src", "{name}");
            let own = attribute != "href" || value.starts_with('#');
            assert!(own, "{name} leads to {value}");
            assert!(
                attribute != "id" || ids.insert(value.clone()),
                "{value} twice"
            );
        }
        let is_picture = attributes
            .iter()
            .any(|(name, value)| name == "role" && value == "img");
        if name == "svg" && is_picture {
            let children: Vec<String> = node
                .children
                .borrow()
                .iter()
                .filter_map(|child| match &child.data {
                    NodeData::Element { name, .. } => Some(name.local.to_string()),
                    _ => None,
                })
                .collect();
            assert_eq!(children[..2], ["title", "desc"], "a picture is named first");
        }
        for (attribute, value) in &attributes {
            if attribute == "aria-labelledby" {
                let known = |id: &str| page.text.contains(&format!("id=\"{id}\""));
                assert!(value.split(' ').all(known), "{name} is named by {value}");
            }
        }
    }
    for outside in ["http://", "https://", "@import", "url(h"] {
        assert!(!page.text.contains(outside), "{outside}");
    }
}

#[test]
fn the_page_is_sound_and_escapes_what_is_foreign() {
    let (page, output) = page("--knowledge small --questions q.jsonl", QUESTIONS);
    assert_eq!((output.code, output.stderr.as_str()), (0, ""), "{output}");
    check(&page);
    assert_eq!(page.count("b"), 0, "a question's <b> is text");
    assert!(!page.text.contains("<script"));
    assert!(!page.text.contains('\u{1b}'));
    let text = text_of(&page.dom.document);
    let question = "“<b>which</b> enginer \"drew\" & <script>alert(1)</script> zeppelins?”";
    assert!(text.contains(question), "{text}");
    let pictures: Vec<String> = page
        .elements()
        .iter()
        .filter(|(name, _, _)| name == "title")
        .map(|(_, _, node)| text_of(node))
        .collect();
    assert_eq!(
        pictures,
        [
            "Match quality: The town bridge, edition 2026.1",
            "What became of the questions",
            "Confidence against truth",
            "Which topic was shown for which",
            "How long the questions took",
        ]
    );
}

#[test]
fn one_question_and_a_set_without_topics_have_a_page_too() {
    let question = r#"{"question": "who owns the mill", "entry": "mill-owner"}"#;
    let (page, _) = page("--phrasings phrasings.jsonl --questions q.jsonl", question);
    check(&page);
    let text = text_of(&page.dom.document);
    assert!(!text.contains("Which topic was shown"), "{text}");
    assert!(
        text.contains("None: every question was answered right"),
        "{text}"
    );
}

#[test]
fn figures_for_programs_and_a_page_go_together() {
    let (page, output) = page("--json --knowledge small --questions q.jsonl", QUESTIONS);
    check(&page);
    assert_eq!(output.stdout.lines().count(), 1, "{output}");
    assert!(output.stdout.starts_with("{\"in_scope\":6,"), "{output}");
}

#[test]
fn a_page_that_cannot_be_written_is_told_before_the_work() {
    let run = |target: &str| {
        cleartext("eval --knowledge small --questions graded.jsonl --html")
            .argument(target)
            .run()
    };
    assert_snapshot!(run("no-such-folder/page.html"), @"
    exit code 2
    stderr:
    error: no-such-folder/page.html cannot be written: there is no such file or folder; name a file in a folder that can be written with --html
    ");
    assert_snapshot!(run("small"), @"
    exit code 2
    stderr:
    error: small cannot be written: it is a folder, not a file; name a file in a folder that can be written with --html
    ");
    #[cfg(unix)]
    assert_snapshot!(run("/dev/null"), @"
    exit code 2
    stderr:
    error: /dev/null cannot be written: it is a device or a pipe, not a file; name a file in a folder that can be written with --html
    ");
}

#[test]
fn an_earlier_page_is_replaced_and_nothing_else_is_left_behind() {
    let (mut command, folder) =
        cleartext("eval --knowledge small --questions graded.jsonl --html page.html")
            .file("page.html", "earlier")
            .into_command();
    let before = names(folder.path());
    let status = command
        .stdout(std::process::Stdio::null())
        .stderr(std::process::Stdio::null())
        .status()
        .expect("the program starts");
    assert!(status.success());
    assert_eq!(names(folder.path()), before);
    let page = folder.path().join("page.html");
    let text = fs::read_to_string(&page).expect("the page is there");
    assert!(text.starts_with("<!DOCTYPE html>"), "{text}");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = fs::metadata(&page)
            .expect("the page is there")
            .permissions()
            .mode();
        let other = folder.path().join("other");
        fs::write(&other, "").expect("a file can be written");
        let usual = fs::metadata(other)
            .expect("the file is there")
            .permissions()
            .mode();
        assert_eq!(mode, usual, "the page is an ordinary file");
    }
}

fn names(folder: &Path) -> Vec<std::ffi::OsString> {
    let items = fs::read_dir(folder).expect("the folder can be listed");
    let mut names: Vec<_> = items
        .map(|item| item.expect("the folder can be listed").file_name())
        .collect();
    names.sort();
    names
}
