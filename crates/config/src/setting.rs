//! What every value has in common: it is read from TOML, written to TOML, and says in words what it
//! accepts.
//!
//! The macros define the kinds of value that `values` is made of: numbers within bounds, words to
//! choose from, checked strings.

use crate::text;
use toml::Value;
use toml::de::DeValue;

/// Why a value is refused; `None` when saying what is accepted says it all.
pub type Refusal = Option<&'static str>;

/// A value that is written as a TOML string.
pub trait Text: Sized {
    /// Checks and takes over `text`.
    ///
    /// # Errors
    /// The reason, when there is more to say than [`Text::expects`].
    fn parse(text: &str) -> Result<Self, Refusal>;

    /// What is accepted, as the end of a sentence: "expected …".
    fn expects() -> String;

    /// The value as it is written.
    fn as_str(&self) -> &str;

    /// A refused value as a message may show it.
    fn show_refused(text: &str) -> String {
        text::quote(text)
    }
}

/// A value of any TOML type that `reader` can read and `write` can write.
pub(crate) trait Setting: Sized {
    fn read(value: &DeValue<'_>) -> Result<Self, Refusal>;
    fn accepts() -> String;
    fn write(&self) -> Value;
    fn show(value: &DeValue<'_>) -> String {
        text::value(value)
    }
}

impl<T: Text> Setting for T {
    fn read(value: &DeValue<'_>) -> Result<Self, Refusal> {
        value.as_str().ok_or(None).and_then(T::parse)
    }
    fn accepts() -> String {
        T::expects()
    }
    fn write(&self) -> Value {
        self.as_str().into()
    }
    fn show(value: &DeValue<'_>) -> String {
        value
            .as_str()
            .map_or_else(|| text::value(value), T::show_refused)
    }
}

impl Setting for bool {
    fn read(value: &DeValue<'_>) -> Result<Self, Refusal> {
        value.as_bool().ok_or(None)
    }
    fn accepts() -> String {
        "true or false".to_owned()
    }
    fn write(&self) -> Value {
        (*self).into()
    }
}

/// Defines a whole number within bounds.
macro_rules! number {
    ($(#[$doc:meta])* $name:ident = $min:literal..=$max:literal, $what:literal $(, except $taken:expr, $why:literal)?) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        pub struct $name(u16);

        impl $name {
            /// The number, or `None` when it is not one of those accepted.
            pub const fn new(number: u16) -> Option<Self> {
                #[allow(unused_mut, reason = "changes only where ports are taken")]
                let mut accepted = number as u32 >= $min && number as u32 <= $max;
                $(
                    let mut index = 0;
                    while index < $taken.len() {
                        accepted = accepted && number != $taken[index];
                        index += 1;
                    }
                )?
                if accepted { Some(Self(number)) } else { None }
            }

            /// The number itself.
            pub const fn get(self) -> u16 {
                self.0
            }
        }

        impl Setting for $name {
            fn read(value: &DeValue<'_>) -> Result<Self, Refusal> {
                let number = value.as_integer().ok_or(None)?;
                let number = u16::from_str_radix(number.as_str(), number.radix());
                number.ok().and_then(Self::new).ok_or(None)
            }
            fn accepts() -> String {
                concat!($what, " from ", $min, " to ", $max $(, $why)?).to_owned()
            }
            fn write(&self) -> Value {
                i64::from(self.0).into()
            }
        }
    };
}

/// Defines an enum whose values are words.
macro_rules! choice {
    ($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $word:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum $name { $($(#[$variant_doc])* $variant),+ }

        impl Text for $name {
            fn parse(text: &str) -> Result<Self, Refusal> {
                match text {
                    $($word => Ok(Self::$variant),)+
                    _ => Err(None),
                }
            }
            fn expects() -> String {
                [$(concat!("\"", $word, "\"")),+].join(" or ")
            }
            fn as_str(&self) -> &str {
                match self { $(Self::$variant => $word),+ }
            }
        }
    };
}

/// Defines a string that has passed a check.
macro_rules! string {
    ($(#[$doc:meta])* $name:ident, $check:expr, $expects:literal $(, show $show:expr)?) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq)]
        pub struct $name(String);

        impl Text for $name {
            fn parse(text: &str) -> Result<Self, Refusal> {
                $check(text).map(|()| Self(text.to_owned()))
            }
            fn expects() -> String {
                $expects.to_owned()
            }
            fn as_str(&self) -> &str {
                &self.0
            }
            $(fn show_refused(text: &str) -> String {
                $show(text)
            })?
        }
    };
}

pub(crate) use {choice, number, string};
