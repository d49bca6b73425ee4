//! Faults on demand for REST: rules of which request, after how many, how often, and what goes wrong.

use std::time::Duration;

use serde_json::Value;

use super::Discord;
use super::world::World;

/// What goes wrong.
#[derive(Clone, Debug)]
pub(crate) enum Fault {
    /// This answer instead of the real one; the request is not carried out.
    Answer {
        status: u16,
        headers: Vec<(String, String)>,
        body: Value,
    },
    /// The real answer, later.
    Delay(Duration),
    /// The connection is reset; the request is not carried out.
    AbortBefore,
    /// The request is carried out, then the connection is reset without an answer.
    AbortAfter,
    /// The request is carried out; half of the answer's body arrives.
    Truncate,
    /// The request is not carried out and the connection stays open in silence.
    NeverAnswer,
}

/// A fault and the requests it befalls.
#[derive(Debug)]
pub(crate) struct Rule {
    method: String,
    /// Segments of the path; `*` is any one.
    path: Vec<String>,
    skip: usize,
    /// `None`: from then on.
    times: Option<usize>,
    used: usize,
    fault: Fault,
}

impl Rule {
    fn fits(&self, method: &str, segments: &[&str]) -> bool {
        let same = |(pattern, segment): (&String, &&str)| pattern == "*" || pattern == segment;
        self.method == method
            && self.path.len() == segments.len()
            && self.path.iter().zip(segments).all(same)
    }
}

impl World {
    /// The fault that befalls a request, by the first rule that fits and is not used up.
    pub(crate) fn fault_for(&mut self, method: &str, segments: &[&str]) -> Option<Fault> {
        let rule = self
            .faults
            .iter_mut()
            .find(|rule| rule.times != Some(0) && rule.fits(method, segments))?;
        if rule.skip > 0 {
            rule.skip -= 1;
            return None;
        }
        rule.times = rule.times.map(|left| left - 1);
        rule.used += 1;
        let fault = rule.fault.clone();
        self.note(format!("fault: {fault:?}"));
        Some(fault)
    }

    /// Rules that never came into play: the test did not test what it thinks.
    pub(crate) fn idle_rules(&self) -> impl Iterator<Item = String> {
        self.faults
            .iter()
            .filter(|rule| rule.used == 0)
            .map(|rule| {
                format!(
                    "the fault for {} /{} never came into play: {:?}",
                    rule.method,
                    rule.path.join("/"),
                    rule.fault
                )
            })
    }
}

/// A rule in the making: `d.when("POST", "/channels/*/messages").times(2).answers(500)`.
#[must_use = "a rule does nothing until its fault is named"]
pub(crate) struct When {
    discord: Discord,
    method: String,
    path: Vec<String>,
    skip: usize,
    times: Option<usize>,
}

impl Discord {
    /// Begins a rule for requests of a method to a path (without `/api/v10`; `*` is any one segment).
    pub(crate) fn when(&self, method: &str, path: &str) -> When {
        let path = path
            .trim_start_matches('/')
            .split('/')
            .map(str::to_owned)
            .collect();
        When {
            discord: self.clone(),
            method: method.to_owned(),
            path,
            skip: 0,
            times: None,
        }
    }
}

impl When {
    /// Lets this many such requests pass first.
    pub(crate) fn after(mut self, requests: usize) -> Self {
        self.skip = requests;
        self
    }

    /// Ends after this many; without it the rule stays.
    pub(crate) fn times(mut self, times: usize) -> Self {
        self.times = Some(times);
        self
    }

    /// Answers with a status and an empty object.
    pub(crate) fn answers(self, status: u16) {
        self.answers_with(status, &[], Value::Object(serde_json::Map::new()));
    }

    /// Answers with status, headers and body.
    pub(crate) fn answers_with(self, status: u16, headers: &[(&str, &str)], body: Value) {
        let headers = headers
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect();
        self.fault(Fault::Answer {
            status,
            headers,
            body,
        });
    }

    /// Answers rightly, but later.
    pub(crate) fn delays(self, by: Duration) {
        self.fault(Fault::Delay(by));
    }

    /// Resets the connection before anything is done.
    pub(crate) fn aborts_before(self) {
        self.fault(Fault::AbortBefore);
    }

    /// Does what was asked, then resets the connection.
    pub(crate) fn aborts_after(self) {
        self.fault(Fault::AbortAfter);
    }

    /// Does what was asked and sends half of the answer.
    pub(crate) fn truncates(self) {
        self.fault(Fault::Truncate);
    }

    /// Does nothing and says nothing.
    pub(crate) fn never_answers(self) {
        self.fault(Fault::NeverAnswer);
    }

    fn fault(self, fault: Fault) {
        let When {
            discord,
            method,
            path,
            skip,
            times,
        } = self;
        discord.with(|world| {
            world.faults.push(Rule {
                method,
                path,
                skip,
                times,
                used: 0,
                fault,
            });
        });
    }
}
