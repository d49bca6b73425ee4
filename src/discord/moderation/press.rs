//! What stands in the `custom_id` of moderators' buttons and selects: `ct1:mod-gaps:2`.
//!
//! Like all of ours it lives in Discord's message and works after a restart. Nothing about a person is in it.

use std::fmt;

/// What these ids begin with; the first part is that of all our ids.
const PREFIX: &str = "ct1:mod-";

/// What a press asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Press {
    /// The channels that were chosen are those to answer in.
    Channels,
    /// What was chosen is a setting and its value.
    Set,
    /// Answer in all channels.
    Everywhere,
    /// Put all settings back; asked for, and confirmed.
    Reset(Step),
    /// Hand over all that is stored of the server.
    Export,
    /// Delete all that is stored of the server; asked for, and confirmed.
    Forget(Step),
    /// Leave all as it is.
    Keep,
    /// This page of the gaps; the first is 0.
    Gaps(usize),
    /// The gaps as a file.
    GapsFile,
    /// This page of the feedback.
    Feedback(usize),
}

/// What deletes something is asked about once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// Somebody wants it.
    Asked,
    /// They were told what it does, and want it still.
    Confirmed,
}

impl Press {
    /// Reads a `custom_id`; `None` if it is none of these.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let rest = text.strip_prefix(PREFIX)?;
        let (word, page) = match rest.split_once(':') {
            Some((word, page)) => (word, Some(page)),
            None => (rest, None),
        };
        let number = |page: &str| {
            let number: u16 = page.parse().ok()?;
            (number.to_string() == page).then_some(usize::from(number))
        };
        Some(match (word, page) {
            ("channels", None) => Self::Channels,
            ("set", None) => Self::Set,
            ("everywhere", None) => Self::Everywhere,
            ("reset", None) => Self::Reset(Step::Asked),
            ("reset-yes", None) => Self::Reset(Step::Confirmed),
            ("export", None) => Self::Export,
            ("forget", None) => Self::Forget(Step::Asked),
            ("forget-yes", None) => Self::Forget(Step::Confirmed),
            ("keep", None) => Self::Keep,
            ("gaps", Some(page)) => Self::Gaps(number(page)?),
            ("gaps-file", None) => Self::GapsFile,
            ("feedback", Some(page)) => Self::Feedback(number(page)?),
            _ => return None,
        })
    }
}

impl fmt::Display for Press {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(PREFIX)?;
        match self {
            Self::Channels => f.write_str("channels"),
            Self::Set => f.write_str("set"),
            Self::Everywhere => f.write_str("everywhere"),
            Self::Reset(Step::Asked) => f.write_str("reset"),
            Self::Reset(Step::Confirmed) => f.write_str("reset-yes"),
            Self::Export => f.write_str("export"),
            Self::Forget(Step::Asked) => f.write_str("forget"),
            Self::Forget(Step::Confirmed) => f.write_str("forget-yes"),
            Self::Keep => f.write_str("keep"),
            Self::Gaps(page) => write!(f, "gaps:{page}"),
            Self::GapsFile => f.write_str("gaps-file"),
            Self::Feedback(page) => write!(f, "feedback:{page}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_again_and_nothing_else() {
        let all = [
            Press::Channels,
            Press::Set,
            Press::Everywhere,
            Press::Reset(Step::Asked),
            Press::Reset(Step::Confirmed),
            Press::Export,
            Press::Forget(Step::Asked),
            Press::Forget(Step::Confirmed),
            Press::Keep,
            Press::Gaps(0),
            Press::GapsFile,
            Press::Feedback(12),
        ];
        for press in all {
            assert_eq!(Press::parse(&press.to_string()), Some(press));
        }
        for other in [
            "ct1:pick:horn:01234567",
            "ct1:mod-",
            "ct1:mod-dance",
            "ct1:mod-gaps",
            "ct1:mod-gaps:01",
            "ct1:mod-gaps:-1",
            "ct1:mod-keep:1",
            "ct2:mod-keep",
        ] {
            assert_eq!(Press::parse(other), None, "{other}");
        }
    }
}
