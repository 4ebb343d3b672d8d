//! The device's web pages: what they say, who may ask for them, and the server that hands them out.
//!
//! Data flow: a request → `guard` (who asks, and how) → `router` (which page) → [`Site`] (what is
//! known) → `pages` (HTML). Pages are pure functions of plain data ([`Start`], [`Overview`]), so they are tested, and looked at, without a network. `words` has their sentences in every language.
//! [`metrics()`] is the same for machines. [`serve()`] keeps slow, silent and greedy clients within bounds.
//!
//! What is not here: finding anything out, and doing anything. That is the business of whoever
//! implements [`Site`], [`Dashboard`] and [`Wizard`].
//! There is no script on any page, and nothing comes from elsewhere.

mod dashboard;
mod data;
mod guard;
mod metrics;
pub mod pages;
mod router;
mod serve;
mod token;
mod wizard;
mod words;

pub use axum::Router;
pub use dashboard::{Act, Dashboard, Notice, Overview, PublicName, Space, Updates};
pub use data::{Diagnosis, Link, Lookup, Route, Server, SignIn, Start, Trouble};
pub use metrics::metrics;
pub use router::{Site, router};
pub use serve::{Limits, serve};
pub use wizard::{Applying, Errand, Failure, HowToLogIn, View, Wizard, wizard_router};
pub use words::{Step, Verdict, duration, first_failure, steps};
