//! The wizard as its pages see it: who knows the answers and what becomes of them ([`Wizard`]), and
//! what there is to show ([`View`], [`Applying`]), as plain data.
//!
//! Its addresses are in `routes`, a form that was sent in `form`, the way from page to page in
//! `flow`. What is not here: the pages (`pages::wizard`), their sentences (`words::wizard`), the
//! checks (the `setup` crate), and doing anything: that is the business of whoever implements
//! [`Wizard`].

pub(crate) mod flow;
pub(crate) mod form;
mod routes;

pub(crate) use routes::routes;

use crate::guard::{self, Names};
use crate::pages::{STYLE, STYLE_PATH};
use crate::token::Token;
use axum::Router;
use axum::http::header;
use axum::middleware::from_fn_with_state;
use axum::routing::get;
use setup::{Draft, Fault, Field, Network, Progress, Purpose, Step, Work};
use std::future::Future;
use std::net::SocketAddr;

/// Who keeps the answers, and carries them out.
pub trait Wizard: Clone + Send + Sync + 'static {
    /// [`Purpose::FirstBoot`] while the device has no owner, [`Purpose::Settings`] afterwards.
    fn purpose(&self) -> Purpose;

    /// All that there is to show.
    fn view(&self) -> impl Future<Output = View> + Send;

    /// Takes over what a page's form sent, and says what is wrong with that page. Fields that are not
    /// among `fields` stay; an empty secret leaves the one that is kept. A switch is always among
    /// them: `on`, or empty for off. Without any fields, it only says what is wrong.
    fn save(
        &self,
        step: Step,
        fields: Vec<(Field, String)>,
    ) -> impl Future<Output = Vec<Fault>> + Send;

    /// Runs an errand. It must not take as long as a connection may last.
    fn errand(&self, errand: Errand) -> impl Future<Output = Result<(), Failure>> + Send;

    /// Begins to apply the answers; what is wrong with them, or that it has begun.
    fn apply(&self) -> impl Future<Output = Result<(), Vec<Fault>>> + Send;

    /// How far that is, of answers for this purpose; of others it is [`Applying::Not`].
    fn applying(&self, purpose: Purpose) -> impl Future<Output = Applying> + Send;

    /// Forgets who approves of a change. Their password is given for one form, whatever becomes of it.
    fn forget_approval(&self);
}

/// What the pages show.
#[derive(Debug, Clone)]
pub struct View {
    /// The answers so far.
    pub draft: Draft,
    /// The secrets that are kept; what they are is shown nowhere.
    pub kept: Vec<Field>,
    /// The pages whose answers were taken over once.
    pub visited: Vec<Step>,
    /// Whether a cable is connected.
    pub wired: bool,
    /// The Wi-Fi networks that were seen, strongest first; none before a scan.
    pub networks: Option<Vec<Network>>,
    /// What the router said when it was last tested: its external address, or what went wrong.
    pub router: Option<Result<String, String>>,
    /// What is wrong with the preset on the card.
    pub problems: Vec<String>,
    /// All time zones of the device.
    pub zones: Vec<String>,
    /// Whether the settings have been changed elsewhere since the answers were begun.
    pub stale: bool,
}

/// Something that a page has done for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Errand {
    /// Look for Wi-Fi networks; they are in the next [`View`].
    Scan,
    /// Fetch the SSH keys of this user of GitHub into the draft. The name has been checked.
    GithubKeys(String),
    /// Ask the router for the port, and for its own address.
    Router,
    /// Forget the answers: begin with the settings in force.
    Anew,
    /// The device is still reached over the network that was just changed.
    Confirm,
}

/// Why an errand came to nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Failure {
    /// Another one is under way.
    Busy,
    /// Who was asked has not answered; in words.
    NoAnswer(String),
    /// What was asked for does not exist.
    NotFound,
    /// It was refused; why, in words.
    Refused(String),
}

/// How far the answers are in force.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Applying {
    /// Nobody has asked for it.
    Not,
    /// Under way: what has been heard of each part, in order. Of a part, the last counts.
    Working(Vec<(Work, Progress)>),
    /// All of it.
    Done {
        /// The network was changed, and is taken back unless that is confirmed within so many seconds, from
        /// now on. With 0 the time is over, and nobody has confirmed it.
        confirm: Option<u32>,
        /// For the last page.
        how: HowToLogIn,
    },
    /// Not at all: what had been changed was taken back. What went wrong, in words.
    Failed(String),
    /// Nobody knows yet: whoever makes the change is no longer heard of. What happened, in words.
    Unknown(String),
}

/// How the owner logs in from now on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HowToLogIn {
    /// The device's name on the network.
    pub hostname: String,
    /// Its addresses, most useful first.
    pub addresses: Vec<String>,
    /// Who logs in.
    pub owner: String,
    /// Whether SSH lets them in: there is a key, or passwords are allowed.
    pub ssh: bool,
}

/// The wizard's pages alone, for a server that listens at `address`: for tests, and to look at.
///
/// # Errors
/// The kernel gives no random numbers.
pub fn wizard_router<S: Wizard>(site: S, address: SocketAddr) -> std::io::Result<Router> {
    let style = async || ([(header::CONTENT_TYPE, "text/css; charset=utf-8")], STYLE);
    Ok(routes(site, Token::new()?)
        .route(STYLE_PATH, get(style))
        .layer(from_fn_with_state(Names::of(address), guard::guard)))
}
