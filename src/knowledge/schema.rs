//! The knowledge format as a JSON Schema, so that editors complete and check the TOML files.
//!
//! It says what one file may hold; what only a whole folder shows (unique ids, known names) is the checker's to say.

use serde_json::{Value, json};

use super::check::{
    LONGEST_ANSWER, LONGEST_DETAIL, LONGEST_PHRASING, LONGEST_POSITION, LONGEST_QUESTION,
    MOST_RELATED, PHRASINGS,
};
use super::{Kind, LONGEST_ID, Side};

/// The pattern of every id.
const ID: &str = "^[a-z0-9]+(-[a-z0-9]+)*$";
/// The pattern of a date known to the year or the month, or a full date in quotes.
const PARTIAL_DATE: &str = r"^\d{4}(-\d{2}(-\d{2})?)?$";
/// The pattern of an address that can be linked.
const HTTPS: &str = r#"^https://[^/\s<>"\\^`{|}][^\s<>"\\^`{|}]*$"#;

/// The schema (draft 7, which editors' TOML extensions read) of a knowledge file.
///
/// ```
/// assert_eq!(cleartext::knowledge::schema()["type"], "object");
/// ```
pub fn schema() -> Value {
    json!({
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "Cleartext knowledge",
        "description": "A file of a knowledge folder; the same tables mean the same in any file.",
        "type": "object",
        "additionalProperties": false,
        "properties": {
            "title": text("What the collection is called; once in the folder."),
            "edition": text("Which edition this is, such as 2026.11; once in the folder."),
            "language": text("The language it is written in, such as en; once in the folder."),
            "topic": list(&topic()),
            "source": list(&source()),
            "entry": list(&entry()),
            "group": list(&group()),
            "foreign": list(&foreign()),
        },
    })
}

fn topic() -> Value {
    table(
        &["id", "title", "summary"],
        &json!({
            "id": id("The topic's id."),
            "title": text("Its name for readers."),
            "summary": text("One sentence on what it holds."),
        }),
    )
}

fn source() -> Value {
    table(
        &["id", "title", "publisher", "kind", "side"],
        &json!({
            "id": id("The source's id, by which texts cite it."),
            "title": text("Its title, in its own language."),
            "publisher": text("Who published it."),
            "kind": words("What sort of document it is.", Kind::WORDS),
            "side": words("Whose voice it is.", Side::WORDS),
            "published": {
                "description": "A bare date, or \"2024-04\" or \"2024\" where no more is known; left out where it bears none.",
                // A bare TOML date reaches a schema as a string or as an object, depending on the editor.
                "anyOf": [{ "type": "string", "pattern": PARTIAL_DATE }, { "type": "object" }],
            },
            "url": address("Its address at the original publisher, never a copy."),
            "archive": address("An archived copy."),
            "author": text("Who wrote it, where named."),
            "language": text("Its language where that is not English."),
            "note": text("What a reader must know of it: what was really read, who paid for it."),
            "parts": flag("false where it has no parts to point into, so that a citation needs no locator."),
        }),
    )
}

fn entry() -> Value {
    table(
        &["id", "topic", "question", "phrasings", "answer"],
        &json!({
            "id": id("The entry's id, stable over editions."),
            "topic": id("The topic it belongs to."),
            "question": {
                "description": "The question in its full form, as readers see it.",
                "type": "string", "maxLength": LONGEST_QUESTION, "pattern": "\\?$",
            },
            "phrasings": {
                "description": "Other ways in which people ask it; diverse words, none that fits another entry.",
                "type": "array", "minItems": PHRASINGS.start(), "maxItems": PHRASINGS.end(), "uniqueItems": true,
                "items": { "type": "string", "minLength": 1, "maxLength": LONGEST_PHRASING },
            },
            "answer": prose("The answer, one to six sentences", LONGEST_ANSWER),
            "detail": prose("More of the same, shown on demand", LONGEST_DETAIL),
            "as_of": date("The day up to which it was true when written."),
            "review_by": date("The day after which it may be out of date."),
            "see_also": {
                "description": "Entries near it.",
                "type": "array", "maxItems": MOST_RELATED, "uniqueItems": true, "items": id("An entry's id."),
            },
            "disputed": flag("true on a contested matter; then positions of at least two sides follow."),
            "position": list(&position()),
        }),
    )
}

fn position() -> Value {
    table(
        &["holder", "side", "text"],
        &json!({
            "holder": text("Who holds it."),
            "side": words("Which side that is.", Side::WORDS),
            "text": prose("What is held", LONGEST_POSITION),
        }),
    )
}

fn group() -> Value {
    table(
        &["words"],
        &json!({
            "words": {
                "description": "Words and short phrases that mean the same here.",
                "type": "array", "minItems": 2, "uniqueItems": true, "items": { "type": "string", "minLength": 1 },
            },
            "note": text("Why they are held to mean the same, where that needs saying."),
        }),
    )
}

fn foreign() -> Value {
    table(
        &["questions"],
        &json!({
            "questions": {
                "description": "Questions that no entry answers, as people type them.",
                "type": "array", "minItems": 1, "uniqueItems": true, "items": { "type": "string", "minLength": 1, "maxLength": LONGEST_PHRASING },
            },
            "about": text("What they are about."),
        }),
    )
}

fn table(required: &[&str], properties: &Value) -> Value {
    json!({ "type": "object", "additionalProperties": false, "required": required, "properties": properties })
}

fn list(items: &Value) -> Value {
    json!({ "type": "array", "items": items })
}

fn text(description: &str) -> Value {
    json!({ "description": description, "type": "string", "minLength": 1 })
}

fn id(description: &str) -> Value {
    json!({ "description": description, "type": "string", "pattern": ID, "maxLength": LONGEST_ID })
}

fn words(description: &str, words: &[&str]) -> Value {
    json!({ "description": description, "enum": words })
}

fn flag(description: &str) -> Value {
    json!({ "description": description, "type": "boolean" })
}

fn date(description: &str) -> Value {
    // A bare TOML date reaches a schema as a string or as an object, depending on the editor.
    json!({ "description": description, "type": ["string", "object"] })
}

fn address(description: &str) -> Value {
    json!({ "description": description, "type": "string", "pattern": HTTPS })
}

fn prose(what: &str, longest: usize) -> Value {
    let description = format!(
        "{what}; every sentence with a citation such as [@source-id, para. 1] before its full stop; \
         at most {longest} characters without citations."
    );
    json!({ "description": description, "type": "string", "minLength": 1 })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::knowledge::{File, parse};

    /// The keys that the reader of files knows in a table, as it tells them beside an unknown one.
    fn known_to_the_reader(table: &str) -> BTreeSet<String> {
        let text = format!("{table}\nzzz = 1\n");
        let draft = parse(&[File {
            name: "k.toml".to_owned(),
            text,
        }]);
        let told = draft
            .faults()
            .iter()
            .find(|fault| fault.what.contains("unknown key `zzz`"));
        let remedy = &told.expect("the unknown key is told").remedy;
        remedy
            .split('`')
            .skip(1)
            .step_by(2)
            .map(str::to_owned)
            .collect()
    }

    fn in_the_schema(table: &Value) -> BTreeSet<String> {
        table["properties"]
            .as_object()
            .expect("a table has properties")
            .keys()
            .cloned()
            .collect()
    }

    #[test]
    fn it_knows_exactly_the_keys_that_the_reader_knows() {
        let check = |table: &str, schema: &Value| {
            assert_eq!(known_to_the_reader(table), in_the_schema(schema), "{table}");
        };
        check("[[topic]]", &topic());
        check("[[source]]", &source());
        check("[[entry]]", &entry());
        check("[[entry]]\n[[entry.position]]", &position());
        check("[[group]]", &group());
        check("[[foreign]]", &foreign());
    }

    #[test]
    fn it_requires_exactly_what_the_reader_requires() {
        let check = |table: &str, schema: &Value, also: &[&str]| {
            let draft = parse(&[File {
                name: "k.toml".to_owned(),
                text: table.to_owned(),
            }]);
            let missing = draft
                .faults()
                .iter()
                .filter(|fault| fault.what.starts_with("[["))
                .filter_map(|fault| {
                    let (_, key) = fault.what.split_once("has no `")?;
                    Some(key.trim_end_matches('`').to_owned())
                });
            let missing: BTreeSet<_> = missing
                .chain(also.iter().map(|key| (*key).to_owned()))
                .collect();
            let required = schema["required"]
                .as_array()
                .expect("a table requires keys");
            let required: BTreeSet<_> = required
                .iter()
                .filter_map(Value::as_str)
                .map(str::to_owned)
                .collect();
            assert_eq!(missing, required, "{table}");
        };
        check("[[topic]]", &topic(), &[]);
        check("[[source]]", &source(), &[]);
        // The checker asks for these two in its own words.
        check("[[entry]]", &entry(), &["phrasings"]);
        check(
            "[[entry]]\nid = \"a\"\ntopic = \"b\"\nquestion = \"c?\"\nanswer = \"d\"\n[[entry.position]]",
            &position(),
            &[],
        );
        check("[[group]]", &group(), &["words"]);
        check("[[foreign]]", &foreign(), &["questions"]);
    }
}
