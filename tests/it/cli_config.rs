//! Configuration and environment: what is read, what stands over what, and what is refused.

use insta::assert_snapshot;

use crate::program::{Output, cleartext};

fn with_config(text: &str) -> Output {
    cleartext("ask --knowledge small bridge-age")
        .file("config.toml", text)
        .run()
}

fn title(output: &Output) -> &str {
    output.stdout.lines().next().unwrap_or_default()
}

#[test]
fn the_example_is_a_configuration_as_it_is_and_with_every_line_in_use() {
    let example = include_str!("../../config.example.toml");
    let in_use: String = example
        .lines()
        .map(|line| match line.strip_prefix('#') {
            Some(key) if !key.starts_with(' ') => format!("{key}\n"),
            _ => format!("{line}\n"),
        })
        .collect();
    assert_eq!(with_config(example).code, 0);
    let used = with_config(&in_use);
    assert_eq!((used.code, used.stderr.as_str()), (0, ""), "{used}");
    for key in [
        "path",
        "token_file",
        "api_base",
        "url",
        "answer_at",
        "suggest_at",
    ] {
        assert!(in_use.contains(&format!("\n{key} = ")), "{key} in {in_use}");
    }
}

#[test]
fn arguments_stand_over_the_environment_and_that_over_the_file() {
    let ask = |arguments: &[&str], variable: &str, id: &str| {
        let mut program = cleartext("ask")
            .argument(id)
            .variable("CLEARTEXT_KNOWLEDGE", variable)
            .file("config.toml", "[knowledge]\npath = \"torn.toml\"");
        for argument in arguments {
            program = program.argument(argument);
        }
        title(&program.run()).to_owned()
    };
    assert_eq!(ask(&[], "", "red-lamp"), "What is the red lamp for?");
    assert_eq!(
        ask(&[], "small", "bridge-age"),
        "When was the bridge built?"
    );
    assert_eq!(
        ask(&["--knowledge", "torn.toml"], "small", "red-lamp"),
        "What is the red lamp for?"
    );
}

#[test]
fn paths_in_the_file_start_from_its_folder() {
    let output = cleartext("ask bridge-age --config settings/mine.toml")
        .file("settings/mine.toml", "[knowledge]\npath = \"../small\"")
        .run();
    assert_eq!(title(&output), "When was the bridge built?");
}

#[test]
fn thresholds_can_be_set() {
    let asked = |matching: &str| {
        let program = cleartext("ask --knowledge small fee for a car");
        program
            .file("config.toml", &format!("[matching]\n{matching}"))
            .run()
            .code
    };
    assert_eq!(asked("answer_at = 0\nsuggest_at = 0"), 0);
    assert_eq!(asked("answer_at = 1"), 1);
}

#[test]
fn every_fault_is_told_with_its_place() {
    let check = |text: &str| {
        let output = with_config(text);
        assert_eq!((output.code, output.stdout.as_str()), (2, ""));
        output.stderr
    };
    assert_snapshot!(check("[knowledge]\npaht = \"small\""), @"error: config.toml:2:1: unknown key `paht` in [knowledge]; write `path`");
    assert_snapshot!(check("[discrod]"), @"error: config.toml:1:2: unknown key `discrod`; write `discord`");
    assert_snapshot!(check("colour = true"), @"error: config.toml:1:1: unknown key `colour`; remove it, or write it under the table it belongs to");
    assert_snapshot!(check("[knowledge]\npath = "), @"error: config.toml:2:8: this is not TOML: string values must be quoted, expected literal string; correct the syntax");
    assert_snapshot!(check("knowledge = \"small\""), @"error: config.toml:1:13: `knowledge` is a string, not a table; write `[knowledge]` on a line of its own");
    assert_snapshot!(check("[matching]\nanswer_at = 1.5\nsuggest_at = \"0.2\""), @"
    error: the configuration has 2 faults:
    config.toml:2:13: `answer_at` is not a number from 0 to 1; write for example `answer_at = 0.8`
    config.toml:3:14: `suggest_at` is not a number from 0 to 1; write for example `suggest_at = 0.8`
    ");
    assert_snapshot!(check("[matching]\nanswer_at = 0.2\nsuggest_at = 0.4"), @"error: config.toml:2:13: `answer_at` (0.2) is below `suggest_at` (0.4); write an `answer_at` that is at least as high");
}

#[test]
fn a_stand_in_for_discord_is_on_this_machine_or_refused() {
    let check = |address: &str| with_config(&format!("[discord]\napi_base = \"{address}\""));
    for address in [
        "http://127.0.0.1:8080",
        "http://127.9.9.9/",
        "https://localhost:1",
        "http://[::1]:8080",
        "http://LOCALHOST",
    ] {
        assert_eq!(check(address).code, 0, "{address}");
    }
    for address in [
        "http://example.org",
        "http://0.0.0.0:80",
        "http://127.0.0.1.example.org",
        "http://localhost@example.org",
        "http://10.0.0.1",
        "ftp://127.0.0.1",
        "127.0.0.1:8080",
        "localhost",
        "http://[::ffff:8.8.8.8]",
        "file:///etc/passwd",
    ] {
        assert_eq!(check(address).code, 2, "{address}");
    }
    assert_snapshot!(check("https://discord.example/api"), @r#"
    exit code 2
    stderr:
    error: config.toml:2:12: `api_base` is not an address of this machine, and the token is sent there; write a loopback address such as `api_base = "http://127.0.0.1:8080"`, or remove the key
    "#);
}

#[test]
fn a_configuration_that_cannot_be_read_is_named() {
    assert_snapshot!(cleartext("ask x --config missing.toml").run(), @"
    exit code 2
    stderr:
    error: the configuration missing.toml cannot be read: there is no such file or folder; name another with --config
    ");
    assert_snapshot!(cleartext("ask x --config small").run(), @"
    exit code 2
    stderr:
    error: the configuration small cannot be read: it is a folder, not a file; name another with --config
    ");
    assert_snapshot!(cleartext("ask x --knowledge missing").run(), @"
    exit code 2
    stderr:
    error: the knowledge missing cannot be read: there is no such file or folder; name a TOML file or a folder of them
    ");
    assert_snapshot!(cleartext("ask x --knowledge faulty/lexicon.toml").run(), @r#"
    exit code 2
    stderr:
    error: the knowledge cannot be used before these 5 faults are mended:
    faulty/lexicon.toml:1:1: a [[group]] holds fewer than two words; write `words = ["e2ee", "end-to-end encryption"]`
    faulty/lexicon.toml:1:1: the knowledge has no `title`; write `title = "The …"` in manifest.toml
    faulty/lexicon.toml:1:1: the knowledge has no `edition`; write `edition = "2026.11"` in manifest.toml
    faulty/lexicon.toml:1:1: the knowledge has no `language`; write `language = "en"` in manifest.toml
    faulty/lexicon.toml:1:1: the knowledge has no entries; write an `[[entry]]`
    "#);
}

/// Not a real token, but in every place where one could be.
const TOKEN: &str = "MTAxMDEw.GsecretX.never-to-be-shown";

fn serve() -> crate::program::Program {
    cleartext("serve --knowledge small")
}

#[test]
fn a_missing_token_is_one_clear_sentence() {
    assert_snapshot!(serve().run(), @"
    exit code 2
    stderr:
    error: there is no token to join Discord with; set DISCORD_TOKEN, or name a file that holds it as `token_file` under [discord] in the configuration
    ");
    assert_eq!(serve().variable("DISCORD_TOKEN", "").run(), serve().run());
}

#[test]
fn a_token_file_that_does_not_serve_is_one_clear_sentence() {
    let check = |file: &str, text: &str| {
        serve()
            .file(
                "config.toml",
                &format!("[discord]\ntoken_file = \"{file}\""),
            )
            .file("token", text)
            .run()
    };
    assert_snapshot!(check("missing", ""), @"
    exit code 2
    stderr:
    error: the token file missing cannot be read: there is no such file or folder; correct `token_file` under [discord], or set DISCORD_TOKEN
    ");
    assert_snapshot!(check("small", ""), @"
    exit code 2
    stderr:
    error: the token file small cannot be read: it is a folder, not a file; correct `token_file` under [discord], or set DISCORD_TOKEN
    ");
    assert_snapshot!(check("token", " \n"), @"
    exit code 2
    stderr:
    error: there is no token in the token file token; copy it from the bot's page in Discord's developer portal
    ");
    assert_snapshot!(check("token", &format!("{TOKEN}\n{TOKEN}\n")), @"
    exit code 2
    stderr:
    error: the token in the token file token holds characters that no token has, such as a space or a line feed; copy it again from the bot's page in Discord's developer portal
    ");
}

#[test]
fn the_token_never_shows() {
    let never = |output: &Output| {
        assert_eq!(output.code, 2, "{output}");
        for part in ["MTAxMDEw", "GsecretX", "never-to-be"] {
            assert!(!output.to_string().contains(part), "{output}");
        }
    };
    never(
        &serve()
            .variable("DISCORD_TOKEN", &format!("{TOKEN}\nx"))
            .run(),
    );
    never(
        &serve()
            .variable("DISCORD_TOKEN", &format!("{TOKEN} x"))
            .run(),
    );
    let in_the_file = with_config(&format!("[discord]\ntoken = \"{TOKEN}\""));
    never(&in_the_file);
    assert_snapshot!(in_the_file, @"
    exit code 2
    stderr:
    error: config.toml:2:9: the token is never written here; set DISCORD_TOKEN, or write it to a file of its own and name that with `token_file`
    ");
    never(&with_config(&format!("[discord]\ntoken = \"{TOKEN}")));
    never(&with_config(&format!("[discord]\ntoken = {TOKEN}")));
    never(&with_config(&format!(
        "[discord]\ntoken_file = \"{TOKEN}\"\napi_base = \"http://example.org\""
    )));
}

#[test]
fn a_log_filter_that_is_none_is_refused() {
    let program = serve()
        .variable("DISCORD_TOKEN", TOKEN)
        .variable("CLEARTEXT_LOG", "cleartext=loud");
    assert_snapshot!(program.run(), @"
    exit code 2
    stderr:
    error: CLEARTEXT_LOG is not a log filter; write for example `warn,cleartext=info,serenity=error,poise=error`
    ");
}
