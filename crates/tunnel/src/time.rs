//! Moments in UTC, by the second, written as RFC 3339 and as sshd's `expiry-time`.

use std::fmt;
use std::time::{SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Serialize};

const DAY: i64 = 86_400;
/// The last second of the year 9999, the last one that has four digits.
const LAST: i64 = 253_402_300_799;

/// Seconds since 1970, up to the year 9999.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Time(i64);

impl Time {
    /// This moment.
    pub fn now() -> Self {
        let since = SystemTime::now().duration_since(UNIX_EPOCH);
        Self::at(since.map_or(0, |since| i64::try_from(since.as_secs()).unwrap_or(LAST)))
    }

    /// So many seconds after 1970 began; the nearest moment that can be written.
    pub fn at(seconds: i64) -> Self {
        Self(seconds.clamp(0, LAST))
    }

    /// Seconds since 1970.
    pub fn seconds(self) -> i64 {
        self.0
    }

    /// So many days later.
    #[must_use]
    pub fn plus_days(self, days: u16) -> Self {
        Self::at(self.0 + i64::from(days) * DAY)
    }

    /// The minute that is not later, as sshd's `expiry-time` in UTC: `YYYYMMDDHHMMZ`. OpenSSH knows
    /// the Z since 9.1.
    pub fn expiry(self) -> String {
        let (year, month, day, hour, minute, _) = self.parts();
        format!("{year:04}{month:02}{day:02}{hour:02}{minute:02}Z")
    }

    /// Reads what [`fmt::Display`] writes.
    pub fn parse(text: &str) -> Option<Self> {
        let shape = |(at, byte): (usize, u8)| match at {
            4 | 7 => byte == b'-',
            10 => byte == b'T',
            13 | 16 => byte == b':',
            19 => byte == b'Z',
            _ => byte.is_ascii_digit(),
        };
        if text.len() != 20 || !text.bytes().enumerate().all(shape) {
            return None;
        }
        let number = |from: usize, to: usize| text[from..to].parse::<i64>().ok();
        let days = days(number(0, 4)?, number(5, 7)?, number(8, 10)?);
        let seconds = number(11, 13)? * 3600 + number(14, 16)? * 60 + number(17, 19)?;
        let time = Self(days * DAY + seconds);
        // A day or an hour that does not exist would be written as another one.
        (time.0 >= 0 && time.0 <= LAST && time.to_string() == text).then_some(time)
    }

    fn parts(self) -> (i64, i64, i64, i64, i64, i64) {
        let (year, month, day) = date(self.0.div_euclid(DAY));
        let second = self.0.rem_euclid(DAY);
        (
            year,
            month,
            day,
            second / 3600,
            second / 60 % 60,
            second % 60,
        )
    }
}

/// RFC 3339: `2026-12-22T11:58:00Z`.
impl fmt::Display for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day, hour, minute, second) = self.parts();
        write!(
            f,
            "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z"
        )
    }
}

impl From<Time> for String {
    fn from(time: Time) -> Self {
        time.to_string()
    }
}

impl TryFrom<String> for Time {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        Self::parse(&text).ok_or_else(|| "expected a time such as 2026-12-22T11:58:00Z".to_owned())
    }
}

/// Days from 1970 to a day of the Gregorian calendar. Years are counted from March, so that the leap
/// day is the last one.
fn days(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let (era, of_era) = (year.div_euclid(400), year.rem_euclid(400));
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

/// The reverse of [`days`].
fn date(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let (era, of_era) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let year = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    let year = year + era * 400 + i64::from(month <= 2);
    (year, month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_written_and_read() {
        for (seconds, text, expiry) in [
            (0, "1970-01-01T00:00:00Z", "197001010000Z"),
            (951_827_696, "2000-02-29T12:34:56Z", "200002291234Z"),
            (1_795_348_799, "2026-11-22T11:59:59Z", "202611221159Z"),
            (LAST, "9999-12-31T23:59:59Z", "999912312359Z"),
        ] {
            let time = Time::at(seconds);
            assert_eq!(time.to_string(), text);
            assert_eq!(time.expiry(), expiry);
            assert_eq!(Time::parse(text), Some(time));
        }
        assert_eq!(
            Time::at(0).plus_days(59).to_string(),
            "1970-03-01T00:00:00Z"
        );
    }

    #[test]
    fn every_day_of_four_centuries_comes_back() {
        for day in 0..146_097 {
            let time = Time::at(day * DAY + 86_399);
            assert_eq!(Time::parse(&time.to_string()), Some(time));
        }
    }

    #[test]
    fn what_is_no_moment_is_refused() {
        for text in [
            "",
            "2026-02-29T00:00:00Z",
            "2026-01-01T24:00:00Z",
            "2026-13-01T00:00:00Z",
            "2026-00-01T00:00:00Z",
            "2026-01-00T00:00:00Z",
            "1969-12-31T23:59:59Z",
            "2026-01-01 00:00:00Z",
            "2026-01-01T00:00:00é",
            "+026-01-01T00:00:00Z",
        ] {
            assert_eq!(Time::parse(text), None, "{text:?}");
        }
    }
}
