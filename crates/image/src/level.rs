//! How hard an image is compressed.

use anyhow::{Result, bail};
use serde::{Deserialize, Serialize};

/// How hard to compress.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Level(u32);

impl Level {
    /// As quick as xz can be: for trying things out.
    pub const FAST: Self = Self(0);
    /// As small as is worth the time: for releases.
    pub const BEST: Self = Self(6);

    /// xz's own number, 0 to 9.
    pub fn number(self) -> u32 {
        self.0
    }
}

impl std::str::FromStr for Level {
    type Err = anyhow::Error;

    fn from_str(text: &str) -> Result<Self> {
        match text {
            "fast" => Ok(Self::FAST),
            "best" => Ok(Self::BEST),
            digit => match digit.parse() {
                Ok(level @ 0..=9) => Ok(Self(level)),
                _ => bail!("accepted are fast, best and 0 to 9"),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn levels_have_names_and_numbers() {
        assert_eq!("fast".parse::<Level>().unwrap(), Level(0));
        assert_eq!("9".parse::<Level>().unwrap(), Level(9));
        for wrong in ["10", "-1", "slow", ""] {
            let error = wrong.parse::<Level>().unwrap_err().to_string();
            assert_eq!(error, "accepted are fast, best and 0 to 9");
        }
    }
}
