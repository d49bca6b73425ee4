//! Discord's limits on what a bot may send, as its documentation gives them. Lengths are in Unicode code points.
//!
//! Judges bodies only: never looks at the world and never changes a body.

use serde_json::Value;

use super::refusal::{Form, Refused};

/// Longest `content` of a message.
const CONTENT: usize = 2_000;
/// All embed text of one message together.
const ALL_EMBEDS: usize = 6_000;
/// Longest `custom_id`.
const CUSTOM_ID: usize = 100;
/// Flags a bot may set: suppress embeds, ephemeral (interactions only), suppress notifications.
const SUPPRESS_EMBEDS: u64 = 1 << 2;
/// The flag of messages that one person sees.
pub(crate) const EPHEMERAL: u64 = 1 << 6;
/// The flag of a deferred response that is not filled yet.
pub(crate) const LOADING: u64 = 1 << 7;
const SILENT: u64 = 1 << 12;

/// Where a message is sent, for the flags it may carry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Route {
    Channel,
    Interaction,
}

/// Checks a message body. `root` is `""` for messages and `"data"` for responses.
pub(crate) fn message(body: &Value, root: &str, route: Route) -> Result<(), Refused> {
    let mut form = Form::default();
    let place = |field: &str| {
        if root.is_empty() {
            field.to_owned()
        } else {
            format!("{root}.{field}")
        }
    };
    form.text(&place("content"), &body["content"], 0, CONTENT);
    embeds(&mut form, &place("embeds"), &body["embeds"]);
    components(&mut form, &place("components"), &body["components"]);
    allowed_mentions(
        &mut form,
        &place("allowed_mentions"),
        &body["allowed_mentions"],
    );
    let settable = match route {
        Route::Channel => SUPPRESS_EMBEDS | SILENT,
        Route::Interaction => SUPPRESS_EMBEDS | EPHEMERAL | SILENT,
    };
    // Discord ignores some of these; a bot that sets them has a mistake in it all the same.
    if body["flags"].as_u64().unwrap_or(0) & !settable != 0 {
        form.fault(
            &place("flags"),
            "MESSAGE_FLAGS_INVALID",
            "These flags cannot be set here.",
        );
    }
    if let Value::String(nonce) = &body["nonce"]
        && nonce.chars().count() > 25
    {
        form.fault(
            &place("nonce"),
            "NONCE_TYPE_TOO_LONG",
            "Nonce must be 25 or fewer in length.",
        );
    }
    form.check()
}

/// Whether a message would show anything at all.
pub(crate) fn shows_something(body: &Value) -> bool {
    let filled = |field: &str| {
        body[field]
            .as_array()
            .is_some_and(|items| !items.is_empty())
    };
    body["content"]
        .as_str()
        .is_some_and(|text| !text.trim().is_empty())
        || filled("embeds")
        || filled("components")
}

fn embeds(form: &mut Form, at: &str, embeds: &Value) {
    let mut total = 0;
    for (i, embed) in form.list(at, embeds, 0, 10).iter().enumerate() {
        let at = format!("{at}.{i}");
        for (field, most) in [("title", 256), ("description", 4_096)] {
            form.text(&format!("{at}.{field}"), &embed[field], 0, most);
            total += length(&embed[field]);
        }
        for (object, field, most) in [("footer", "text", 2_048), ("author", "name", 256)] {
            if !embed[object].is_null() {
                form.text(
                    &format!("{at}.{object}.{field}"),
                    &embed[object][field],
                    1,
                    most,
                );
                total += length(&embed[object][field]);
            }
        }
        for (j, field) in form
            .list(&format!("{at}.fields"), &embed["fields"], 0, 25)
            .iter()
            .enumerate()
        {
            for (part, most) in [("name", 256), ("value", 1_024)] {
                form.text(&format!("{at}.fields.{j}.{part}"), &field[part], 1, most);
                total += length(&field[part]);
            }
        }
        form.number(&format!("{at}.color"), &embed["color"], 0, 0xFF_FF_FF);
        link(form, &format!("{at}.url"), &embed["url"]);
        link(form, &format!("{at}.author.url"), &embed["author"]["url"]);
        if let Value::String(time) = &embed["timestamp"]
            && chrono::DateTime::parse_from_rfc3339(time).is_err()
        {
            form.fault(
                &format!("{at}.timestamp"),
                "DATE_TIME_TYPE_PARSE",
                format!("Could not parse {time}. Should be ISO8601."),
            );
        }
    }
    if total > ALL_EMBEDS {
        form.fault(
            at,
            "MAX_EMBED_SIZE_EXCEEDED",
            format!("Embed size exceeds maximum size of {ALL_EMBEDS}"),
        );
    }
}

fn link(form: &mut Form, at: &str, value: &Value) {
    match value {
        Value::Null => {}
        Value::String(url) if url.starts_with("https://") || url.starts_with("http://") => {}
        Value::String(_)
        | Value::Bool(_)
        | Value::Number(_)
        | Value::Array(_)
        | Value::Object(_) => {
            form.fault(at, "URL_TYPE_INVALID_URL", "Not a well formed URL.");
        }
    }
}

fn length(value: &Value) -> usize {
    value.as_str().map_or(0, |text| text.chars().count())
}

fn components(form: &mut Form, at: &str, rows: &Value) {
    let mut ids = Vec::new();
    for (i, row) in form.list(at, rows, 0, 5).iter().enumerate() {
        let at = format!("{at}.{i}");
        if row["type"] != 1 {
            form.fault(
                &format!("{at}.type"),
                "UNION_TYPE_CHOICES",
                "Value of field \"type\" must be one of (1,).",
            );
            continue;
        }
        let children = form.list(&format!("{at}.components"), &row["components"], 1, 5);
        let selects = children
            .iter()
            .filter(|child| matches!(child["type"].as_u64(), Some(3 | 5..=8)))
            .count();
        if selects > 0 && children.len() > 1 {
            form.fault(
                &at,
                "COMPONENT_LAYOUT_WIDTH_EXCEEDED",
                "The specified component exceeds the maximum width",
            );
        }
        for (j, child) in children.iter().enumerate() {
            let at = format!("{at}.components.{j}");
            match child["type"].as_u64() {
                Some(2) => button(form, &at, child),
                Some(3) => select(form, &at, child),
                Some(5..=8) => form.text(
                    &format!("{at}.custom_id"),
                    &child["custom_id"],
                    1,
                    CUSTOM_ID,
                ),
                _ => form.fault(
                    &format!("{at}.type"),
                    "UNION_TYPE_CHOICES",
                    "Value of field \"type\" must be one of (2, 3, 5, 6, 7, 8).",
                ),
            }
            if let Some(id) = child["custom_id"].as_str() {
                if ids.contains(&id) {
                    form.fault(
                        &format!("{at}.custom_id"),
                        "COMPONENT_CUSTOM_ID_DUPLICATED",
                        "Component custom id cannot be duplicated",
                    );
                }
                ids.push(id);
            }
        }
    }
}

fn button(form: &mut Form, at: &str, button: &Value) {
    form.text(&format!("{at}.label"), &button["label"], 0, 80);
    if length(&button["label"]) == 0 && button["emoji"].is_null() {
        form.fault(
            at,
            "BUTTON_COMPONENT_INVALID_LABEL",
            "A button must have a label or emoji",
        );
    }
    match button["style"].as_u64() {
        Some(1..=4) => {
            form.text(
                &format!("{at}.custom_id"),
                &button["custom_id"],
                1,
                CUSTOM_ID,
            );
            if !button["url"].is_null() {
                form.fault(
                    at,
                    "BUTTON_COMPONENT_CUSTOM_ID_AND_URL",
                    "A custom id and url cannot both be specified",
                );
            }
        }
        Some(5) => {
            form.text(&format!("{at}.url"), &button["url"], 1, 512);
            link(form, &format!("{at}.url"), &button["url"]);
            if !button["custom_id"].is_null() {
                form.fault(
                    at,
                    "BUTTON_COMPONENT_CUSTOM_ID_AND_URL",
                    "A custom id and url cannot both be specified",
                );
            }
        }
        _ => form.fault(
            &format!("{at}.style"),
            "BASE_TYPE_CHOICES",
            "Value must be one of (1, 2, 3, 4, 5).",
        ),
    }
}

fn select(form: &mut Form, at: &str, select: &Value) {
    form.text(
        &format!("{at}.custom_id"),
        &select["custom_id"],
        1,
        CUSTOM_ID,
    );
    form.text(&format!("{at}.placeholder"), &select["placeholder"], 0, 150);
    let options = form.list(&format!("{at}.options"), &select["options"], 1, 25);
    let count = i64::try_from(options.len()).expect("a list's length fits");
    form.number(&format!("{at}.min_values"), &select["min_values"], 0, count);
    form.number(&format!("{at}.max_values"), &select["max_values"], 1, count);
    let mut values = Vec::new();
    for (i, option) in options.iter().enumerate() {
        let at = format!("{at}.options.{i}");
        form.text(&format!("{at}.label"), &option["label"], 1, 100);
        form.text(&format!("{at}.value"), &option["value"], 1, 100);
        form.text(&format!("{at}.description"), &option["description"], 0, 100);
        if values.contains(&&option["value"]) {
            form.fault(
                &format!("{at}.value"),
                "SELECT_COMPONENT_OPTION_VALUE_DUPLICATED",
                "The specified option value is already used",
            );
        }
        values.push(&option["value"]);
    }
}

fn allowed_mentions(form: &mut Form, at: &str, allowed: &Value) {
    let parse = form.list(&format!("{at}.parse"), &allowed["parse"], 0, 3);
    for (i, kind) in parse.iter().enumerate() {
        if !matches!(kind.as_str(), Some("users" | "roles" | "everyone")) {
            form.fault(
                &format!("{at}.parse.{i}"),
                "BASE_TYPE_CHOICES",
                "Value must be one of ('users', 'everyone', 'roles').",
            );
        }
    }
    for kind in ["users", "roles"] {
        let named = form.list(&format!("{at}.{kind}"), &allowed[kind], 0, 100);
        if !named.is_empty() && parse.iter().any(|parsed| parsed == kind) {
            form.fault(
                at,
                "MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE",
                format!("parse:[\"{kind}\"] and {kind}: [ids...] are mutually exclusive."),
            );
        }
    }
}

/// Checks the choices of an autocomplete response.
pub(crate) fn choices(data: &Value) -> Result<(), Refused> {
    let mut form = Form::default();
    for (i, choice) in form
        .list("data.choices", &data["choices"], 0, 25)
        .iter()
        .enumerate()
    {
        form.text(&format!("data.choices.{i}.name"), &choice["name"], 1, 100);
        if choice["value"].is_string() || choice["value"].is_null() {
            form.text(&format!("data.choices.{i}.value"), &choice["value"], 1, 100);
        }
    }
    form.check()
}

/// Checks a modal.
pub(crate) fn modal(data: &Value) -> Result<(), Refused> {
    let mut form = Form::default();
    form.text("data.title", &data["title"], 1, 45);
    form.text("data.custom_id", &data["custom_id"], 1, CUSTOM_ID);
    for (i, row) in form
        .list("data.components", &data["components"], 1, 5)
        .iter()
        .enumerate()
    {
        let at = format!("data.components.{i}");
        let inputs = form.list(&format!("{at}.components"), &row["components"], 1, 1);
        for (j, input) in inputs.iter().enumerate() {
            let at = format!("{at}.components.{j}");
            if input["type"] != 4 {
                form.fault(
                    &format!("{at}.type"),
                    "UNION_TYPE_CHOICES",
                    "Value of field \"type\" must be one of (4,).",
                );
            }
            form.text(
                &format!("{at}.custom_id"),
                &input["custom_id"],
                1,
                CUSTOM_ID,
            );
            form.text(&format!("{at}.label"), &input["label"], 1, 45);
            form.text(&format!("{at}.value"), &input["value"], 0, 4_000);
            form.text(&format!("{at}.placeholder"), &input["placeholder"], 0, 100);
            form.number(&format!("{at}.min_length"), &input["min_length"], 0, 4_000);
            form.number(&format!("{at}.max_length"), &input["max_length"], 1, 4_000);
            if !matches!(input["style"].as_u64(), Some(1 | 2)) {
                form.fault(
                    &format!("{at}.style"),
                    "BASE_TYPE_CHOICES",
                    "Value must be one of (1, 2).",
                );
            }
        }
    }
    form.check()
}

#[cfg(test)]
mod tests;
