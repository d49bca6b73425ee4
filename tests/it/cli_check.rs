//! `check`: every fault in one run, each with its place and what to write.

use insta::assert_snapshot;

use crate::program::cleartext;

#[test]
fn sound_knowledge_passes_with_its_warnings() {
    assert_snapshot!(cleartext("check small --today 2026-11-23").run(), @"
    exit code 0
    stdout:
    small/entries/bridge.toml:20:13: warning: the review was due on 2020-01-01; read the entry against its sources and set a new day
    stderr:
    3 entries, 3 sources: no errors, 1 warning
    ");
}

#[test]
fn a_check_without_anything_to_say_is_silent_but_for_the_summary() {
    let program = cleartext("check later").file("later/k.toml", &later("2030-01-01"));
    assert_snapshot!(program.run(), @"
    exit code 0
    stderr:
    3 entries, 3 sources: no errors
    ");
}

/// One sound file: the small knowledge with another day of review.
fn later(day: &str) -> String {
    let part = |name: &str| {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/cli/small/");
        std::fs::read_to_string(format!("{folder}{name}")).expect("the test data can be read")
    };
    [
        "manifest.toml",
        "sources.toml",
        "entries/bridge.toml",
        "entries/dispute.toml",
    ]
    .map(part)
    .join("\n")
    .replace("review_by = 2020-01-01", &format!("review_by = {day}"))
}

#[test]
fn the_day_that_is_named_decides_what_is_overdue() {
    let check = |today: &str| {
        let program = cleartext("check k.toml --today").argument(today);
        program.file("k.toml", &later("2030-01-01")).run()
    };
    assert_eq!(check("2030-01-01").stdout, "");
    assert!(
        check("2030-01-02")
            .stdout
            .contains("warning: the review was due on 2030-01-01")
    );
}

#[test]
fn faults_of_every_kind_are_told_in_one_run() {
    let output = cleartext("check faulty --today 2026-11-23").run();
    assert_eq!(output.code, 2);
    let places: Vec<_> = output
        .stdout
        .lines()
        .map(|line| line.splitn(4, ':').collect::<Vec<_>>())
        .collect();
    assert!(places.len() >= 20, "{output}");
    for place in &places {
        assert!(place[0].starts_with("faulty/"), "{place:?}");
        assert!(
            place[1].parse::<usize>().is_ok() && place[2].parse::<usize>().is_ok(),
            "{place:?}"
        );
        assert!(place[3].contains("; "), "a remedy in {place:?}");
    }
    let mut told: Vec<_> = output.stdout.lines().collect();
    told.dedup();
    assert_eq!(told.len(), places.len(), "nothing is told twice: {output}");
    assert_snapshot!(output, @r#"
    exit code 2
    stdout:
    faulty/broken.toml:1:9: this is not TOML: unclosed array table, expected `]`; correct the syntax
    faulty/broken.toml:2:1: unknown key `id`; remove it, or write it under the table it belongs to
    faulty/entries/facts.toml:4:12: the question does not end in a question mark; write it as a question
    faulty/entries/facts.toml:5:14: 3 phrasings; write 8 to 48 diverse ones
    faulty/entries/facts.toml:5:32: “one way to ask it” has nearly the same words as “one way to ask”; write one that uses other words
    faulty/entries/facts.toml:5:53: “???” has no words; write how somebody would ask
    faulty/entries/facts.toml:6:51: `@two` is cited without a locator; write for example `[@two, para. 1]`, or `parts = false` in the source if it has none
    faulty/entries/facts.toml:6:79: there is no source `three`; write a `[[source]]` with this id, or name another
    faulty/entries/facts.toml:6:111: a citation bracket is not closed; write `[@source-id, locator]`
    faulty/entries/facts.toml:7:13: `first` sees itself; remove it from `see_also`
    faulty/entries/facts.toml:7:22: there is no entry `nowhere`; write a `[[entry]]` with this id, or name another
    faulty/entries/facts.toml:8:13: `review_by` without `as_of`; write `as_of` as well, so that the answer is dated
    faulty/entries/facts.toml:9:12: a disputed entry with positions of 0 sides; write an `[[entry.position]]` for each of at least two sides
    faulty/entries/facts.toml:10:1: [[entry]] has no `question`; write `question = "…?"`
    faulty/entries/facts.toml:10:1: the entry has no `phrasings`; write 8 to 48 diverse ones
    faulty/entries/facts.toml:11:6: the entry id `first` is used a second time (first at faulty/entries/facts.toml:2:6); give one of them another id
    faulty/entries/facts.toml:13:13: `phrasings` is a string, not a list of strings; write `phrasings = ["…", "…"]`
    faulty/entries/facts.toml:15:9: `as_of` is not a calendar date; write for example `as_of = 2024-04-21`, without quotes
    faulty/entries/facts.toml:16:1: a position in an entry that is not disputed; write `disputed = true` in the entry
    faulty/lexicon.toml:1:1: a [[group]] holds fewer than two words; write `words = ["e2ee", "end-to-end encryption"]`
    faulty/manifest.toml:1:1: the knowledge has no `language`; write `language = "en"` in manifest.toml
    faulty/manifest.toml:1:1: unknown key `titel`; write `title`
    faulty/manifest.toml:2:11: `edition` is an integer, not a string; write `edition` in quotes
    faulty/manifest.toml:3:1: [[topic]] has no `summary`; write `summary = "One sentence on what the topic holds."`
    faulty/manifest.toml:4:6: `Main Topic` is not an id: an id is lowercase words and digits joined by single hyphens; write for example `main-topic`
    faulty/manifest.toml:8:9: `title` is empty; write a text or remove the key
    faulty/sources.toml:2:6: the source `one` is never cited; cite it or remove it
    faulty/sources.toml:5:13: `published` is not a date; write `published = 2024-04-21`, or "2024-04" or "2024" in quotes where no more is known
    faulty/sources.toml:6:7: `url` is not an https address; write `url = "https://example.org/one"`
    faulty/sources.toml:7:8: `primry` is not a kind; write `primary`
    faulty/sources.toml:8:8: `police` is not a side; write `law-enforcement`, `government`, `industry`, `civil-society`, `child-protection`, `academia`, `court`, `press` or `international`
    faulty/sources.toml:10:6: `published` lies in the future (1 January 2999); write the day it was published
    faulty/sources.toml:17:6: the source id `two` is used a second time (first at faulty/sources.toml:10:6); give one of them another id
    faulty/sources.toml:22:9: `parts` is a string, not a boolean; write `parts = true` or `parts = false`
    faulty/sources.toml:23:1: unknown key `colour` in [[source]]; remove it; known here: `id`, `title`, `publisher`, `kind`, `side`, `published`, `url`, `archive`, `author`, `language`, `note`, `parts`
    stderr:
    35 errors in 5 files
    "#);
}

#[test]
fn twin_entries_are_an_error() {
    let twins = later("2030-01-01").replace(
        "phrasings = [\n  \"name of the mason\",",
        "phrasings = [\n  \"how old is the bridge at present\", \"in which year did the building end\", \"what year did the opening have\", \"on which date was it finished\",",
    );
    let output = cleartext("check k.toml").file("k.toml", &twins).run();
    assert_eq!(output.code, 2, "{output}");
    assert!(
        output
            .stdout
            .contains("the two cannot be told apart; give each of the two words of its own"),
        "{output}"
    );
}

#[test]
fn entries_that_lack_words_are_told_with_examples_and_single_phrasings_are_not() {
    let shop = |strays: usize| {
        let frames = [
            "where can one buy",
            "what is the price of",
            "who delivers",
            "which days bring fresh",
            "do they bake or make their own",
            "may a dog come along to get",
            "is there any organic",
            "how long does one keep",
            "can a child carry",
        ];
        let goods = [
            "bread", "cheese", "honey", "coffee", "pepper", "lemons", "salt", "vinegar", "olives",
            "rice", "butter", "eggs", "onions",
        ];
        let entries = goods.iter().map(|good| {
            let phrasings = frames.iter().enumerate().map(|(at, frame)| {
                if *good == "bread" && at < strays {
                    format!("\"{frame} {}\"", goods[3 * at + 1..3 * at + 4].join(", "))
                } else {
                    format!("\"{frame} {good}\"")
                }
            });
            format!(
                "[[entry]]\nid = \"{good}\"\ntopic = \"shop\"\nquestion = \"Where is the {good}?\"\nphrasings = [{}]\n\
                 answer = \"On the shelf of {good} [@plan, p. 1].\"\n",
                phrasings.collect::<Vec<_>>().join(", ")
            )
        });
        let head = "title = \"Shop\"\nedition = \"1\"\nlanguage = \"en\"\n[[topic]]\nid = \"shop\"\ntitle = \"Shop\"\n\
                    summary = \"Where things are.\"\n[[source]]\nid = \"plan\"\ntitle = \"Plan\"\npublisher = \"Shop\"\n\
                    published = 2024\nkind = \"primary\"\nside = \"industry\"\n";
        let text = head.replace("= 2024", "= \"2024\"") + &entries.collect::<String>();
        let output = cleartext("check k.toml").file("k.toml", &text).run();
        output.stdout
    };
    let told = |strays| {
        let faults = shop(strays);
        let line = faults
            .lines()
            .find(|line| line.contains("do not even offer"));
        line.map(str::to_owned)
    };
    assert_eq!(told(1), None, "one of nine is less than an eighth");
    let line = told(4).expect("four of nine are more");
    let what = "warning: 4 of the 9 phrasings of `bread`, left out, do not even offer it: “where can one buy cheese, honey, coffee” finds `";
    assert!(line.starts_with("k.toml:") && line.contains(what), "{line}");
    let remedy = ", and so on; write phrasings of the entry that share a telling word with these";
    assert!(line.ends_with(remedy), "{line}");
}

#[test]
fn the_named_path_stands_over_all_others() {
    let checked = |arguments: &str| {
        let output = cleartext(arguments)
            .file("config.toml", "[knowledge]\npath = \"torn.toml\"")
            .run();
        output.stderr.lines().last().unwrap_or_default().to_owned()
    };
    assert!(checked("check").starts_with("2 entries, 1 source: "));
    assert!(checked("check --knowledge small").starts_with("3 entries, 3 sources: "));
    assert!(checked("check --knowledge torn.toml small").starts_with("3 entries, 3 sources: "));
}

#[test]
fn what_is_not_there_cannot_be_checked() {
    assert_snapshot!(cleartext("check nowhere").run(), @"
    exit code 2
    stderr:
    error: the knowledge nowhere cannot be read: there is no such file or folder; name a TOML file or a folder of them
    ");
    assert_snapshot!(cleartext("check empty").file("empty/readme.md", "").run(), @"
    exit code 2
    stderr:
    error: empty: there is no .toml file in this folder; write manifest.toml, sources.toml and entries/<topic>.toml, or name another folder
    ");
    assert_snapshot!(cleartext("check --today yesterday small").run(), @"
    exit code 2
    stderr:
    error: invalid value 'yesterday' for '--today <DAY>': input contains invalid characters

    For more information, try '--help'.
    ");
}
