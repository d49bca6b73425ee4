//! How Discord says no: a status, a code, a sentence and, for bad forms, the place of each fault.

use std::fmt;

use serde_json::{Map, Value, json};

/// A request that Discord turned down.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Refused {
    pub(crate) status: u16,
    /// Discord's own error code.
    pub(crate) code: u32,
    pub(crate) message: String,
    /// The tree of faults of a form, where there is one.
    pub(crate) errors: Option<Value>,
}

impl Refused {
    fn new(status: u16, code: u32, message: &str) -> Self {
        Refused {
            status,
            code,
            message: message.to_owned(),
            errors: None,
        }
    }

    pub(crate) fn unauthorized() -> Self {
        Self::new(401, 0, "401: Unauthorized")
    }

    pub(crate) fn unknown_route() -> Self {
        Self::new(404, 0, "404: Not Found")
    }

    pub(crate) fn unknown_application() -> Self {
        Self::new(404, 10002, "Unknown Application")
    }

    pub(crate) fn unknown_channel() -> Self {
        Self::new(404, 10003, "Unknown Channel")
    }

    pub(crate) fn unknown_guild() -> Self {
        Self::new(404, 10004, "Unknown Guild")
    }

    pub(crate) fn unknown_member() -> Self {
        Self::new(404, 10007, "Unknown Member")
    }

    pub(crate) fn unknown_message() -> Self {
        Self::new(404, 10008, "Unknown Message")
    }

    pub(crate) fn unknown_user() -> Self {
        Self::new(404, 10013, "Unknown User")
    }

    pub(crate) fn unknown_webhook() -> Self {
        Self::new(404, 10015, "Unknown Webhook")
    }

    pub(crate) fn unknown_interaction() -> Self {
        Self::new(404, 10062, "Unknown interaction")
    }

    pub(crate) fn unknown_command() -> Self {
        Self::new(404, 10063, "Unknown application command")
    }

    pub(crate) fn already_acknowledged() -> Self {
        Self::new(400, 40060, "Interaction has already been acknowledged.")
    }

    pub(crate) fn no_access() -> Self {
        Self::new(403, 50001, "Missing Access")
    }

    pub(crate) fn not_the_author() -> Self {
        Self::new(403, 50005, "Cannot edit a message authored by another user")
    }

    pub(crate) fn empty_message() -> Self {
        Self::new(400, 50006, "Cannot send an empty message")
    }

    pub(crate) fn closed_to_messages() -> Self {
        Self::new(403, 50007, "Cannot send messages to this user")
    }

    pub(crate) fn wrong_channel_kind() -> Self {
        Self::new(400, 50008, "Cannot send messages in a non-text channel")
    }

    pub(crate) fn no_permission() -> Self {
        Self::new(403, 50013, "Missing Permissions")
    }

    pub(crate) fn dead_token() -> Self {
        Self::new(401, 50027, "Invalid Webhook Token")
    }

    pub(crate) fn locked_thread() -> Self {
        Self::new(400, 50083, "Thread is archived")
    }

    pub(crate) fn bad_json() -> Self {
        Self::new(400, 50109, "The request body contains invalid JSON.")
    }

    pub(crate) fn no_history() -> Self {
        Self::new(
            403,
            160_002,
            "Cannot reply without permission to read message history",
        )
    }

    /// The body as Discord writes it.
    pub(crate) fn body(&self) -> Value {
        let mut body = json!({ "code": self.code, "message": self.message });
        if let Some(errors) = &self.errors {
            body["errors"] = errors.clone();
        }
        body
    }
}

impl fmt::Display for Refused {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            out,
            "{} with code {} “{}”",
            self.status, self.code, self.message
        )?;
        match &self.errors {
            Some(errors) => write!(out, " {errors}"),
            None => Ok(()),
        }
    }
}

/// A refusal that the bot received, for the test to look at.
#[derive(Clone, Debug)]
pub(crate) struct Refusal {
    pub(crate) method: String,
    /// Without `/api/v10`.
    pub(crate) path: String,
    pub(crate) refused: Refused,
    /// Which request, counted from the first.
    pub(crate) request: usize,
}

impl Refusal {
    /// Discord's error code.
    pub(crate) fn code(&self) -> u32 {
        self.refused.code
    }

    /// The HTTP status.
    pub(crate) fn status(&self) -> u16 {
        self.refused.status
    }

    /// The places of a bad form's faults, as `embeds.0.description`.
    pub(crate) fn places(&self) -> Vec<String> {
        fn walk(value: &Value, at: &str, found: &mut Vec<String>) {
            let Some(map) = value.as_object() else { return };
            if map.contains_key("_errors") {
                found.push(at.to_owned());
            }
            for (key, inner) in map.iter().filter(|(key, _)| *key != "_errors") {
                let at = if at.is_empty() {
                    key.clone()
                } else {
                    format!("{at}.{key}")
                };
                walk(inner, &at, found);
            }
        }
        let mut found = Vec::new();
        walk(
            self.refused.errors.as_ref().unwrap_or(&Value::Null),
            "",
            &mut found,
        );
        found
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            out,
            "{} {} was refused: {}",
            self.method, self.path, self.refused
        )
    }
}

/// Collects the faults of a form (code 50035), each at its place.
#[derive(Debug, Default)]
pub(crate) struct Form {
    faults: Map<String, Value>,
}

impl Form {
    /// Adds a fault at a dotted place such as `embeds.0.title`.
    pub(crate) fn fault(&mut self, place: &str, code: &str, message: impl Into<String>) {
        let mut map = &mut self.faults;
        for step in place.split('.') {
            map = map
                .entry(step)
                .or_insert_with(|| json!({}))
                .as_object_mut()
                .expect("every step of the tree is an object");
        }
        map.entry("_errors")
            .or_insert_with(|| json!([]))
            .as_array_mut()
            .expect("`_errors` is only ever made as a list")
            .push(json!({ "code": code, "message": message.into() }));
    }

    /// Demands a text of `least..=most` characters; absent and null are fine when `least` is 0.
    pub(crate) fn text(&mut self, place: &str, value: &Value, least: usize, most: usize) {
        match value {
            Value::Null if least == 0 => {}
            Value::Null => self.fault(place, "BASE_TYPE_REQUIRED", "This field is required"),
            Value::String(text) => {
                let length = text.chars().count();
                if length < least {
                    self.fault(
                        place,
                        "BASE_TYPE_BAD_LENGTH",
                        format!("Must be between {least} and {most} in length."),
                    );
                } else if length > most {
                    self.fault(
                        place,
                        "BASE_TYPE_MAX_LENGTH",
                        format!("Must be {most} or fewer in length."),
                    );
                }
            }
            Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => {
                self.fault(
                    place,
                    "STRING_TYPE_CONVERT",
                    "Could not interpret the value as string.",
                );
            }
        }
    }

    /// Demands a whole number in a range; absent and null are fine.
    pub(crate) fn number(&mut self, place: &str, value: &Value, least: i64, most: i64) {
        match value {
            Value::Null => {}
            other => match other.as_i64() {
                Some(number) if (least..=most).contains(&number) => {}
                Some(_) => self.fault(
                    place,
                    "NUMBER_TYPE_RANGE",
                    format!("int value should be between {least} and {most}."),
                ),
                None => self.fault(place, "NUMBER_TYPE_COERCE", "Value is not int."),
            },
        }
    }

    /// Demands a list of `least..=most` items and returns it; absent and null are an empty list.
    pub(crate) fn list<'v>(
        &mut self,
        place: &str,
        value: &'v Value,
        least: usize,
        most: usize,
    ) -> &'v [Value] {
        let items = match value {
            Value::Null => &[][..],
            Value::Array(items) => items.as_slice(),
            Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Object(_) => {
                self.fault(
                    place,
                    "LIST_TYPE_CONVERT",
                    "Only iterables may be used in a ListType",
                );
                return &[];
            }
        };
        if !(least..=most).contains(&items.len()) {
            self.fault(
                place,
                "BASE_TYPE_BAD_LENGTH",
                format!("Must be between {least} and {most} in length."),
            );
        }
        items
    }

    /// The verdict.
    pub(crate) fn check(self) -> Result<(), Refused> {
        if self.faults.is_empty() {
            return Ok(());
        }
        Err(Refused {
            status: 400,
            code: 50035,
            message: "Invalid Form Body".to_owned(),
            errors: Some(Value::Object(self.faults)),
        })
    }
}
