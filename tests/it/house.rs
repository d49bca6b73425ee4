//! Holds the house to its plan: who may use whom, and which doors to the outside each room has.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// Each room of `src` with the rooms it may use. What is not listed here does not exist.
const ARROWS: &[(&str, &[&str])] = &[
    ("tables", &[]),
    ("knowledge", &["tables"]),
    ("matching", &[]),
    ("answering", &["knowledge", "matching"]),
    ("library", &["answering", "knowledge", "tables"]),
    ("memory", &["answering", "matching"]),
    ("discord", &["answering", "library", "memory"]),
    (
        "cli",
        &[
            "answering",
            "discord",
            "knowledge",
            "library",
            "memory",
            "tables",
        ],
    ),
    ("main", &["cli"]),
];

/// Rooms that are functions over values: no file, clock, environment, process, thread-local or socket.
const PURE: &[&str] = &["tables", "knowledge", "matching", "answering"];

/// Words that open a door to the outside, with the rooms that may write them.
const DOORS: &[(&str, &[&str])] = &[
    ("std::fs", &["library", "memory", "cli"]),
    ("std::env", &["cli", "main"]),
    ("std::net", &["discord", "cli"]),
    ("std::process", &["cli", "main"]),
    ("Instant", &["memory", "discord", "cli"]),
    ("SystemTime", &[]),
    ("Local::now", &["discord", "cli"]),
    ("Utc::now", &["discord", "cli"]),
    ("thread_local!", &[]),
    ("sqlx::", &["memory"]),
    ("serenity::", &["discord"]),
    ("poise::", &["discord"]),
    ("clap::", &["cli"]),
    ("tracing_subscriber", &["cli"]),
];

/// Words by which something would be left behind in a host's process, with the files of `discord` that may write them. The
/// gateway's own thread is the bot's that `run` announces; the plugin comes nowhere near it.
const LEFT_BEHIND: &[(&str, &[&str])] = &[
    ("spawn(", &["session.rs"]),
    // The reading of knowledge for a moderator, which is waited for.
    ("spawn_blocking", &["moderation/knowledge.rs"]),
    ("runtime::Builder", &["session.rs"]),
    ("std::thread", &["session.rs"]),
    ("tokio::signal", &[]),
    ("set_hook", &[]),
    ("tracing::subscriber", &[]),
    ("set_global_default", &[]),
    ("env::", &[]),
];

/// Public functions without an example, with the reason: a signature that says all, or a place where it stands in use.
const NO_EXAMPLE: &[(&str, &[&str], &str)] = &[
    (
        "answering/mod.rs",
        &[
            "replies",
            "topic",
            "topics",
            "sources",
            "title",
            "edition",
            "language",
            "thresholds",
        ],
        "returns what its name says",
    ),
    (
        "answering/evaluation/metrics.rs",
        &["confidence", "first"],
        "stands in the example of `Judged::rank`",
    ),
    (
        "answering/evaluation/phrasing_set.rs",
        &["ids", "ask"],
        "stands in the example of `PhrasingSet::read`",
    ),
    (
        "answering/evaluation/reasons/mends.rs",
        &["told"],
        "stands in the example of `mends`",
    ),
    (
        "answering/evaluation/reasons/mod.rs",
        &["is_wrong_answer", "is_lost"],
        "stands in the example of `Miss::of`",
    ),
    (
        "answering/evaluation/wording.rs",
        &["of"],
        "stands in the example of `Miss::of`, its only use",
    ),
    (
        "discord/state.rs",
        &["library", "names"],
        "returns what its name says",
    ),
    (
        "knowledge/ids.rs",
        &["as_str"],
        "returns what its name says",
    ),
    (
        "knowledge/mod.rs",
        &["as_str", "source", "entry", "topic", "texts"],
        "returns what its name says",
    ),
    (
        "knowledge/parse.rs",
        &["faults", "phrasing_place"],
        "stands in the examples of its neighbours",
    ),
    (
        "knowledge/text.rs",
        &["pieces", "plain"],
        "stands in the example of `CitedText::parse`",
    ),
    (
        "matching/explain.rs",
        &["runner_up"],
        "returns what its name says",
    ),
    (
        "matching/mod.rs",
        &["thresholds"],
        "returns what its name says",
    ),
    (
        "matching/normalise.rs",
        &["as_str", "is_empty"],
        "returns what its name says",
    ),
    (
        "memory/ids.rs",
        &["get"],
        "stands in the examples of `GuildId::new` and `ChannelId::new`",
    ),
    (
        "memory/settings.rs",
        &["listed", "as_str", "seconds"],
        "stands in the example of its type's `new` or `parse`",
    ),
    (
        "tables.rs",
        &[
            "table",
            "error",
            "place",
            "fault",
            "has",
            "place_of",
            "required_string",
            "string",
            "required_prose",
            "boolean",
            "date",
            "date_or_text",
            "tables",
        ],
        "is one of a row of readers, of which `strings`, `fraction`, `prose` and `finish` show how they are used",
    ),
];

fn source_files(folder: &Path, files: &mut Vec<PathBuf>) {
    for item in fs::read_dir(folder).expect("the source folder can be read") {
        let path = item.expect("a folder's item can be read").path();
        if path.is_dir() {
            source_files(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
}

/// Every source line outside comments, by room.
fn rooms() -> BTreeMap<String, Vec<(String, String)>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    source_files(&root, &mut files);
    let mut rooms: BTreeMap<String, Vec<(String, String)>> = BTreeMap::new();
    for file in files {
        let inner = file.strip_prefix(&root).expect("the file lies in src");
        let first = inner
            .iter()
            .next()
            .expect("a file has a name")
            .to_string_lossy();
        let name = first.trim_end_matches(".rs").to_owned();
        // Tests in files of their own may reach for whatever they build their cases from.
        if file.ends_with("tests.rs") {
            continue;
        }
        let text = fs::read_to_string(&file).expect("a source file can be read");
        for line in text
            .lines()
            .map(str::trim)
            .filter(|line| !line.starts_with("//"))
        {
            rooms
                .entry(name.clone())
                .or_default()
                .push((inner.display().to_string(), line.to_owned()));
        }
    }
    rooms
}

/// The rooms that a line names after `crate::` (or, in the binary, `cleartext::`).
fn used(line: &str) -> BTreeSet<String> {
    let word = |text: &str| -> String {
        text.chars()
            .take_while(|character| character.is_alphanumeric() || *character == '_')
            .collect()
    };
    let mut used = BTreeSet::new();
    for rest in line
        .split("crate::")
        .skip(1)
        .chain(line.split("cleartext::").skip(1))
    {
        match rest.strip_prefix('{') {
            Some(group) => used.extend(group.split(',').map(|part| word(part.trim()))),
            None => _ = used.insert(word(rest)),
        }
    }
    used
}

#[test]
fn arrows_of_use_point_inwards_only() {
    let rooms = rooms();
    let known: BTreeMap<_, _> = ARROWS.iter().copied().collect();
    let mut wrong = Vec::new();
    for (room, lines) in rooms.iter().filter(|(room, _)| *room != "lib") {
        let allowed = known
            .get(room.as_str())
            .unwrap_or_else(|| panic!("src/{room} is not in the plan"));
        for (file, line) in lines {
            for other in used(line)
                .iter()
                .filter(|other| known.contains_key(other.as_str()))
            {
                if other != room && !allowed.contains(&other.as_str()) {
                    wrong.push(format!("{file}: {room} must not use {other}: {line}"));
                }
            }
        }
    }
    assert_eq!(wrong, [""; 0]);
    for (room, _) in ARROWS {
        assert!(
            rooms.contains_key(*room),
            "the plan names src/{room}, which does not exist"
        );
    }
}

#[test]
fn doors_to_the_outside_open_only_where_they_are_planned() {
    let mut wrong = Vec::new();
    for (room, lines) in &rooms() {
        for (file, line) in lines {
            for (door, allowed) in DOORS {
                let opened = line.contains(door)
                    && (PURE.contains(&room.as_str()) || !allowed.contains(&room.as_str()));
                if opened {
                    wrong.push(format!("{file}: {line}"));
                }
            }
        }
    }
    assert_eq!(wrong, [""; 0]);
}

#[test]
fn the_plugin_leaves_nothing_behind() {
    let rooms = rooms();
    let lines = rooms.get("discord").expect("there is a Discord side");
    let mut wrong = Vec::new();
    for (file, line) in lines {
        for (word, allowed) in LEFT_BEHIND {
            if line.contains(word) && !allowed.iter().any(|allowed| file.ends_with(allowed)) {
                wrong.push(format!("{file}: {line}"));
            }
        }
    }
    assert_eq!(wrong, [""; 0]);
}

/// The public functions of a source text, each with whether its documentation holds an example.
fn public_functions(text: &str) -> Vec<(String, bool)> {
    let mut functions = Vec::new();
    let mut example = false;
    let mut in_attribute = false;
    for line in text.lines().map(str::trim) {
        if line.starts_with("#[cfg(test)]") {
            break;
        }
        if line.starts_with("///") {
            example |= line.contains("```");
            continue;
        }
        // Attributes stand between documentation and function, some on several lines.
        if in_attribute || line.starts_with("#[") {
            let code = line.split(" //").next().unwrap_or_default();
            in_attribute = !code.ends_with(']');
            continue;
        }
        let signature = line.strip_prefix("pub ").map(|rest| {
            let rest = rest.strip_prefix("const ").unwrap_or(rest);
            rest.strip_prefix("async ").unwrap_or(rest)
        });
        if let Some(rest) = signature.and_then(|rest| rest.strip_prefix("fn ")) {
            let word = |character: char| character.is_alphanumeric() || character == '_';
            let name = rest.split(|character| !word(character)).next();
            functions.push((name.unwrap_or_default().to_owned(), example));
        }
        example = false;
    }
    functions
}

#[test]
fn every_public_function_has_an_example() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    source_files(&root, &mut files);
    let mut without = Vec::new();
    let mut needless: Vec<_> = NO_EXAMPLE
        .iter()
        .flat_map(|(file, names, _)| names.iter().map(move |name| (*file, *name)))
        .collect();
    for file in files {
        let inner = file.strip_prefix(&root).expect("the file lies in src");
        // The program's rooms are its own; what a crate sees of it is `cli::run`.
        if inner.starts_with("cli") && inner != Path::new("cli/mod.rs") {
            continue;
        }
        let text = fs::read_to_string(&file).expect("a source file can be read");
        let inner = inner.to_string_lossy().replace('\\', "/");
        for (name, example) in public_functions(&text) {
            let excused = NO_EXAMPLE
                .iter()
                .any(|(file, names, _)| inner.starts_with(file) && names.contains(&name.as_str()));
            if !example && !excused {
                without.push(format!("{inner}: {name}"));
            }
            if !example {
                needless.retain(|(file, excused)| !inner.starts_with(file) || *excused != name);
            }
        }
    }
    assert_eq!(without, [""; 0], "give them an example that compiles");
    assert_eq!(needless, [("", ""); 0], "these need no excuse any more");
}

#[test]
fn the_reader_of_examples_sees_every_form() {
    let check = |text: &str, expected: &[(&str, bool)]| {
        let seen = public_functions(text);
        let seen: Vec<_> = seen
            .iter()
            .map(|(name, example)| (name.as_str(), *example))
            .collect();
        assert_eq!(seen, expected, "{text}");
    };
    check("/// A.\npub fn a() {}", &[("a", false)]);
    check(
        "/// ```\n/// a();\n/// ```\n#[must_use]\npub async fn a<T>() {}\npub const fn b() {}",
        &[("a", true), ("b", false)],
    );
    check(
        "/// ```\n/// ```\n#[expect(\n    lint,\n    reason = \"\"\n)]\npub fn a() {}\n#[skip] // why\npub fn b() {}",
        &[("a", true), ("b", false)],
    );
    check(
        "/// ```\n/// ```\nfn private() {}\npub fn a() {}",
        &[("a", false)],
    );
    check(
        "pub(super) fn a() {}\npub struct B;\n#[cfg(test)]\npub fn c() {}",
        &[],
    );
}

#[test]
fn the_reader_of_arrows_sees_every_form() {
    let check = |line: &str, expected: &[&str]| {
        assert_eq!(
            used(line).iter().map(String::as_str).collect::<Vec<_>>(),
            expected,
            "{line}"
        );
    };
    check("use crate::matching::Band;", &["matching"]);
    check(
        "use crate::{knowledge, matching::Band};",
        &["knowledge", "matching"],
    );
    check(
        "crate::library::draft(crate::tables::x())",
        &["library", "tables"],
    );
    check("std::process::exit(cleartext::cli::main())", &["cli"]);
    check("let x = 1;", &[]);
}
