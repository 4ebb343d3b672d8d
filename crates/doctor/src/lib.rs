//! What is between the Colab machine and this device, judged step by step: `keeper doctor`.
//!
//! Data flow: [`look`] → [`Seen`], plain data → [`judge()`] → one [`Finding`] for each [`Step`], in the
//! order of the way. Judging does no I/O, so that every case can be tried. What is said is a
//! [`Sentence`]: English with places for values, and [`japanese`] has it in Japanese.
//!
//! What is not here: the settings (whoever calls makes [`Wants`] of them), and how findings are shown.

mod finding;
mod judge;
pub mod look;
mod seen;
mod words;

pub use finding::{Finding, Step, Verdict};
pub use judge::judge;
pub use seen::{
    Door, Enrolment, Entrance, Gpu, Lookup, Mapping, Reach, Route, Seen, Told, Update, Wants,
};
pub use words::{Sentence, japanese};
