//! Dates as far as they are known, for machines (`2024-04`) and for readers ("April 2024").

use std::fmt;

use chrono::{Datelike, NaiveDate};
use serde::{Serialize, Serializer};

use crate::tables::DateOrText;

/// When something was published, as exactly as is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum PublishedDate {
    /// Only the year is known.
    Year(i32),
    /// Year and month (1 to 12) are known.
    Month(i32, u32),
    /// The day is known.
    Day(NaiveDate),
}

impl PublishedDate {
    /// Reads `2024-04-21`, `2024-04` or `2024`.
    ///
    /// ```
    /// use cleartext::knowledge::PublishedDate;
    ///
    /// assert_eq!(PublishedDate::parse("2024-04"), Some(PublishedDate::Month(2024, 4)));
    /// assert_eq!(PublishedDate::parse("April 2024"), None);
    /// ```
    pub fn parse(text: &str) -> Option<Self> {
        let number = |text: &str, digits: usize| {
            (text.len() == digits && text.bytes().all(|byte| byte.is_ascii_digit()))
                .then(|| text.parse::<u32>().ok())?
        };
        let mut parts = text.split('-');
        let year = i32::try_from(number(parts.next()?, 4)?).ok()?;
        let Some(month) = parts.next() else {
            return Some(Self::Year(year));
        };
        let month = number(month, 2)?;
        NaiveDate::from_ymd_opt(year, month, 1)?;
        match (parts.next(), parts.next()) {
            (None, _) => Some(Self::Month(year, month)),
            (Some(day), None) => {
                NaiveDate::from_ymd_opt(year, month, number(day, 2)?).map(Self::Day)
            }
            (Some(_), Some(_)) => None,
        }
    }

    /// The first day it can mean.
    ///
    /// ```
    /// use cleartext::knowledge::PublishedDate;
    ///
    /// assert_eq!(PublishedDate::Month(2024, 4).earliest().to_string(), "2024-04-01");
    /// ```
    pub fn earliest(self) -> NaiveDate {
        let (year, month) = match self {
            Self::Year(year) => (year, 1),
            Self::Month(year, month) => (year, month),
            Self::Day(day) => return day,
        };
        NaiveDate::from_ymd_opt(year, month, 1).unwrap_or_default()
    }
}

impl From<NaiveDate> for PublishedDate {
    fn from(day: NaiveDate) -> Self {
        Self::Day(day)
    }
}

impl TryFrom<DateOrText> for PublishedDate {
    type Error = ();

    fn try_from(written: DateOrText) -> Result<Self, ()> {
        match written {
            DateOrText::Date(date) => Ok(Self::Day(date)),
            DateOrText::Text(text) => Self::parse(&text).ok_or(()),
        }
    }
}

impl Serialize for PublishedDate {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Year(year) => serializer.collect_str(&format_args!("{year:04}")),
            Self::Month(year, month) => {
                serializer.collect_str(&format_args!("{year:04}-{month:02}"))
            }
            Self::Day(day) => serializer.collect_str(&day.format("%Y-%m-%d")),
        }
    }
}

/// As readers see it: "21 April 2024", "April 2024" or "2024".
impl fmt::Display for PublishedDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Year(year) => write!(f, "{year}"),
            Self::Month(..) => write!(f, "{}", self.earliest().format("%B %Y")),
            Self::Day(day) => write!(f, "{} {}", day.day(), day.format("%B %Y")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_is_shown_as_exactly_as_it_is_known() {
        let check = |text: &str, shown: &str, json: &str| {
            let date = PublishedDate::parse(text).expect("the case is a date");
            assert_eq!(date.to_string(), shown);
            assert_eq!(
                serde_json::to_string(&date).expect("a date serialises"),
                json
            );
        };
        check("2024-04-21", "21 April 2024", "\"2024-04-21\"");
        check("2024-04-01", "1 April 2024", "\"2024-04-01\"");
        check("2024-04", "April 2024", "\"2024-04\"");
        check("2024", "2024", "\"2024\"");
    }

    #[test]
    fn what_is_no_date_is_refused() {
        for text in [
            "",
            "24",
            "2024-13",
            "2024-04-31",
            "2024-4",
            "2024-04-21-1",
            "undated",
            "２０２４",
        ] {
            assert_eq!(PublishedDate::parse(text), None, "{text:?}");
        }
    }
}
