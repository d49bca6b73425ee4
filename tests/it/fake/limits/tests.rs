//! Each limit at its edge: what just fits, and where what does not is named.

use serde_json::{Value, json};

use super::{Route, choices, message, modal};
use crate::fake::refusal::{Refusal, Refused};

/// Demands that a body is refused at exactly these places; none means that it is fine.
fn check(verdict: Result<(), Refused>, places: &[&str]) {
    let found = match verdict {
        Ok(()) => Vec::new(),
        Err(refused) => {
            assert_eq!((refused.status, refused.code), (400, 50035));
            Refusal {
                method: String::new(),
                path: String::new(),
                refused,
                request: 0,
            }
            .places()
        }
    };
    assert_eq!(found, places);
}

fn embed(embed: &Value) -> Result<(), Refused> {
    message(&json!({ "embeds": [embed] }), "", Route::Channel)
}

fn row(children: &Value) -> Result<(), Refused> {
    message(
        &json!({ "components": [{ "type": 1, "components": children }] }),
        "",
        Route::Channel,
    )
}

fn button(label: usize, id: usize) -> Value {
    json!({ "type": 2, "style": 1, "label": "l".repeat(label), "custom_id": "i".repeat(id) })
}

fn select(options: usize, label: usize) -> Value {
    let options: Vec<Value> = (0..options)
        .map(|i| json!({ "label": "l".repeat(label), "value": i.to_string() }))
        .collect();
    json!({ "type": 3, "custom_id": "s", "options": options })
}

#[test]
fn text_has_its_limits() {
    let text = |n: usize| message(&json!({ "content": "é".repeat(n) }), "", Route::Channel);
    check(text(2_000), &[]);
    check(text(2_001), &["content"]);
    check(
        message(&json!({ "content": 7 }), "data", Route::Interaction),
        &["data.content"],
    );
    check(
        message(&json!({ "nonce": "n".repeat(26) }), "", Route::Channel),
        &["nonce"],
    );
}

#[test]
fn embeds_have_their_limits() {
    check(
        embed(&json!({ "title": "t".repeat(256), "description": "d".repeat(4_096) })),
        &[],
    );
    check(
        embed(&json!({ "title": "t".repeat(257) })),
        &["embeds.0.title"],
    );
    check(
        embed(&json!({ "description": "d".repeat(4_097) })),
        &["embeds.0.description"],
    );
    check(
        embed(&json!({ "footer": { "text": "f".repeat(2_049) } })),
        &["embeds.0.footer.text"],
    );
    check(
        embed(&json!({ "author": { "name": "a".repeat(257) } })),
        &["embeds.0.author.name"],
    );
    check(
        embed(&json!({ "fields": [{ "name": "", "value": "v".repeat(1_025) }] })),
        &["embeds.0.fields.0.name", "embeds.0.fields.0.value"],
    );
    check(
        embed(&json!({ "fields": vec![json!({ "name": "n", "value": "v" }); 26] })),
        &["embeds.0.fields"],
    );
    check(
        embed(&json!({ "color": 0x0100_0000, "url": "ftp://x", "timestamp": "today" })),
        &["embeds.0.color", "embeds.0.timestamp", "embeds.0.url"],
    );
    check(
        message(
            &json!({ "embeds": vec![json!({ "description": "d" }); 11] }),
            "",
            Route::Channel,
        ),
        &["embeds"],
    );
    check(
        message(
            &json!({ "embeds": vec![json!({ "description": "d".repeat(3_001) }); 2] }),
            "",
            Route::Channel,
        ),
        &["embeds"],
    );
}

#[test]
fn components_have_their_limits() {
    let at = |part: &str| format!("components.0.components.{part}");
    check(row(&json!([button(80, 100)])), &[]);
    check(
        row(&json!([button(81, 101)])),
        &[&at("0.custom_id"), &at("0.label")],
    );
    check(row(&json!([button(0, 1)])), &[&at("0")]);
    check(
        row(&json!([button(1, 1), button(1, 1)])),
        &[&at("1.custom_id")],
    );
    let six: Vec<Value> = (1..=6).map(|id| button(1, id)).collect();
    check(row(&json!(six)), &["components.0.components"]);
    check(row(&json!([])), &["components.0.components"]);
    check(
        row(&json!([{ "type": 2, "style": 5, "label": "l", "url": "https://x.example" }])),
        &[],
    );
    check(
        row(&json!([{ "type": 2, "style": 5, "label": "l", "custom_id": "i" }])),
        &[&at("0"), &at("0.url")],
    );
    check(row(&json!([select(25, 100)])), &[]);
    check(row(&json!([select(26, 1)])), &[&at("0.options")]);
    check(row(&json!([select(1, 101)])), &[&at("0.options.0.label")]);
    check(row(&json!([select(1, 1), button(1, 1)])), &["components.0"]);
    let rows = vec![
        json!({ "type": 1, "components": [{ "type": 2, "style": 5, "label": "l", "url": "https://x.example" }] });
        6
    ];
    check(
        message(&json!({ "components": rows }), "", Route::Channel),
        &["components"],
    );
    check(
        message(
            &json!({ "components": [{ "type": 10, "content": "new" }] }),
            "",
            Route::Channel,
        ),
        &["components.0.type"],
    );
}

#[test]
fn flags_and_mentions_have_their_rules() {
    check(
        message(&json!({ "flags": 64 }), "data", Route::Interaction),
        &[],
    );
    check(
        message(&json!({ "flags": 64 }), "", Route::Channel),
        &["flags"],
    );
    check(
        message(
            &json!({ "allowed_mentions": { "parse": [], "users": ["1"] } }),
            "",
            Route::Channel,
        ),
        &[],
    );
    check(
        message(
            &json!({ "allowed_mentions": { "parse": ["users"], "users": ["1"] } }),
            "",
            Route::Channel,
        ),
        &["allowed_mentions"],
    );
    check(
        message(
            &json!({ "allowed_mentions": { "parse": ["friends"] } }),
            "",
            Route::Channel,
        ),
        &["allowed_mentions.parse.0"],
    );
}

#[test]
fn suggestions_and_modals_have_their_limits() {
    let choice =
        |name: usize, value: usize| json!({ "name": "n".repeat(name), "value": "v".repeat(value) });
    check(
        choices(&json!({ "choices": vec![choice(100, 100); 25] })),
        &[],
    );
    check(
        choices(&json!({ "choices": vec![choice(1, 1); 26] })),
        &["data.choices"],
    );
    check(
        choices(&json!({ "choices": [choice(101, 101)] })),
        &["data.choices.0.name", "data.choices.0.value"],
    );
    let form = |title: usize, label: usize, rows: usize| {
        let input = json!({ "type": 4, "style": 1, "custom_id": "i", "label": "l".repeat(label) });
        modal(
            &json!({ "title": "t".repeat(title), "custom_id": "m", "components": vec![json!({ "type": 1, "components": [input] }); rows] }),
        )
    };
    check(form(45, 45, 5), &[]);
    check(form(46, 1, 1), &["data.title"]);
    check(form(1, 46, 1), &["data.components.0.components.0.label"]);
    check(form(1, 1, 6), &["data.components"]);
}
