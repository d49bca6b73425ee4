//! `cleartext schema`, held against the shipped knowledge.

use crate::program::cleartext;

#[test]
fn the_shipped_knowledge_follows_the_schema() {
    let output = cleartext("schema").run();
    assert_eq!((output.code, output.stderr.as_str()), (0, ""));
    let schema: serde_json::Value = serde_json::from_str(&output.stdout).expect("it is JSON");
    let validator = jsonschema::validator_for(&schema).expect("it is a schema");
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("knowledge");
    let mut files: Vec<_> = ["manifest.toml", "sources.toml", "lexicon.toml"]
        .map(|name| folder.join(name))
        .into();
    let entries = std::fs::read_dir(folder.join("entries")).expect("the entries are there");
    files.extend(entries.map(|item| item.expect("an item can be read").path()));
    for file in files {
        let text = std::fs::read_to_string(&file).expect("a file can be read");
        let value: toml::Value = toml::from_str(&text).expect("it is TOML");
        let value = serde_json::to_value(value).expect("TOML fits into JSON");
        let told: Vec<_> = validator
            .iter_errors(&value)
            .map(|error| format!("{}: {error}", error.instance_path()))
            .collect();
        assert_eq!(told, [""; 0], "{}", file.display());
    }
}

#[test]
fn what_does_not_follow_it_is_seen() {
    let schema = cleartext("schema").run().stdout;
    let schema: serde_json::Value = serde_json::from_str(&schema).expect("it is JSON");
    let validator = jsonschema::validator_for(&schema).expect("it is a schema");
    let check = |text: &str| {
        let value: toml::Value = toml::from_str(text).expect("the case is TOML");
        assert!(
            !validator.is_valid(&serde_json::to_value(value).expect("it fits")),
            "{text}"
        );
    };
    check("colour = \"red\"");
    check("[[topic]]\nid = \"Not An Id\"\ntitle = \"T\"\nsummary = \"S\"");
    check(
        "[[source]]\nid = \"a\"\ntitle = \"T\"\npublisher = \"P\"\nkind = \"gossip\"\nside = \"press\"",
    );
    check(
        "[[source]]\nid = \"a\"\ntitle = \"T\"\npublisher = \"P\"\nkind = \"law\"\nside = \"press\"\nurl = \"http://x.org\"",
    );
    check("[[group]]\nwords = [\"one\"]");
}
