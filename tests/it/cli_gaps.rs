//! `gaps`: what the memory kept, as a curator gets it.

use cleartext::memory::{Change, Gaps, Memory};
use insta::assert_snapshot;

use crate::memory::place::{Place, entry, guild, person};
use crate::program::{Output, Program, cleartext};

/// Somebody's question, asked by so many people in a server today.
async fn asked(
    memory: &Memory,
    server: u64,
    people: u64,
    question: &str,
    instead_of: Option<&str>,
) {
    memory
        .set(guild(server), &Change::Gaps(Gaps::On))
        .await
        .expect("it is set");
    let instead_of = instead_of.map(entry);
    for who in 0..people {
        memory
            .note_gap(
                guild(server),
                person(who),
                question,
                instead_of.as_ref(),
                chrono::Utc::now().date_naive(),
            )
            .await
            .expect("it is noted");
    }
}

async fn with_questions(place: &Place) {
    let memory = place.memory();
    asked(&memory, 1, 2, "Who paid for it?", None).await;
    asked(&memory, 2, 3, "who paid for it", Some("bridge-age")).await;
    asked(&memory, 2, 4, "is the \"toll\" gone", None).await;
    asked(&memory, 2, 1, "somebody's own words", None).await;
    memory.close().await;
}

fn gaps(place: &Place) -> Program {
    cleartext("gaps").variable("CLEARTEXT_MEMORY", &place.url())
}

#[tokio::test(flavor = "multi_thread")]
async fn gaps_are_graded_questions_and_nobodys_own_words() {
    crate::memory::place::shared(async |place| {
        with_questions(place).await;
        let all = gaps(place).run();
        insta::allow_duplicates! { assert_snapshot!(all, @r#"
        exit code 0
        stdout:
        {"question":"who paid for it","entry":null}
        {"question":"is the toll gone","entry":null}
        "#) };
        let one = gaps(place)
            .argument("--guild")
            .argument("1")
            .argument("--json")
            .run();
        insta::allow_duplicates! { assert_snapshot!(one, @r#"
        exit code 0
        stdout:
        {"question":"who paid for it","entry":null}
        "#) };
        let eval = cleartext("eval --knowledge small --questions gaps.jsonl --json")
            .file("gaps.jsonl", &all.stdout)
            .run();
        assert!(eval.stdout.contains("\"out_of_scope\":2"), "{eval}");
    })
    .await;
}

#[test]
fn without_a_memory_there_is_a_remedy_and_none_is_made() {
    assert_snapshot!(cleartext("gaps").run(), @"
    exit code 2
    stderr:
    error: there is no memory cleartext.db; `cleartext serve` makes it, or name another as `url` under [memory]
    ");
    let off = cleartext("gaps")
        .file("config.toml", "[memory]\nurl = \"off\"")
        .run();
    assert_snapshot!(off, @"
    exit code 2
    stderr:
    error: the memory is off, so there is nothing to list; give it a place as `url` under [memory]
    ");
    assert_snapshot!(cleartext("gaps --guild here").run(), @"
    exit code 2
    stderr:
    error: invalid value 'here' for '--guild <ID>': write the server's number, as Discord copies it

    For more information, try '--help'.
    ");
    let password = cleartext("gaps")
        .variable(
            "CLEARTEXT_MEMORY",
            "postgres://bot:hunter2@127.0.0.1:1/facts?sslmode=disable",
        )
        .run();
    never_the_password(&password);
    assert!(
        password
            .stderr
            .contains("the memory postgres://127.0.0.1:1/facts does not answer"),
        "{password}"
    );
}

fn never_the_password(output: &Output) {
    assert_eq!(output.code, 2, "{output}");
    assert!(!output.to_string().contains("hunter2"), "{output}");
}

#[test]
fn an_address_that_is_none_is_told_with_its_place_and_without_its_password() {
    let written = |url: &str| {
        let output = cleartext("ask --knowledge small bridge-age")
            .file("config.toml", &format!("[memory]\nurl = \"{url}\""))
            .run();
        never_the_password(&output);
        output.stderr
    };
    assert_snapshot!(written("mysql://bot:hunter2@host/facts"), @"error: config.toml:2:7: the address of the memory is neither SQLite nor PostgreSQL; write for example `sqlite://cleartext.db` or `postgres://user@host/database`");
    assert_snapshot!(written("postgres://bot:hunter2@host:port/facts"), @"error: config.toml:2:7: the address of the memory is not one of PostgreSQL; write for example `postgres://user@host/database`, with %-codes for special characters in a password");
    assert_snapshot!(written("postgres://bot@host/facts?pasword=hunter2"), @"error: config.toml:2:7: the address of the memory has an unknown parameter `pasword`; remove it, or write for example `sslmode=verify-full`");
    let variable = cleartext("ask --knowledge small bridge-age")
        .variable("CLEARTEXT_MEMORY", "hunter2")
        .run();
    never_the_password(&variable);
    assert_snapshot!(variable.stderr, @"error: CLEARTEXT_MEMORY: the address of the memory is neither SQLite nor PostgreSQL; write for example `sqlite://cleartext.db` or `postgres://user@host/database`");
}

#[test]
fn the_environment_stands_over_the_file_and_a_path_starts_from_its_folder() {
    let told = |variable: &str| {
        let program = cleartext("gaps --config settings/mine.toml");
        let output = program
            .file("settings/mine.toml", "[memory]\nurl = \"sqlite://kept.db\"")
            .variable("CLEARTEXT_MEMORY", variable)
            .run();
        output
            .stderr
            .split(';')
            .next()
            .unwrap_or_default()
            .to_owned()
    };
    assert_eq!(told(""), "error: there is no memory settings/kept.db");
    assert_eq!(
        told("sqlite://other.db"),
        "error: there is no memory other.db"
    );
    assert_eq!(
        told("off"),
        "error: the memory is off, so there is nothing to list"
    );
    let default = cleartext("gaps --config settings/mine.toml")
        .file("settings/mine.toml", "")
        .run();
    assert!(
        default
            .stderr
            .contains("there is no memory settings/cleartext.db"),
        "{default}"
    );
}
