//! The dashboard of a device at work: what is known ([`Overview`]), who knows it ([`Dashboard`]), and its addresses.
//!
//! What is answered at each of them is in `home` (the page itself), `act` (its buttons), `live` (the same for
//! programs, as it changes) and `more` (the log, the notebook for Colab). What a page says is in `pages`
//! and `words`; whether there is a dashboard at all, and not the wizard in its place, is `router`'s business.

mod act;
mod home;
mod live;
mod more;

pub use act::{Act, Notice};

use crate::pages::{DASHBOARD_STYLE_PATH, LIVE, LOGS, NOTEBOOK};
use crate::router::Site;
use crate::token::Token;
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::{get, post};
use control::Status;
use std::future::Future;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::sync::Semaphore;

/// The most bytes of a form: its token.
const FORM: usize = 256;

/// The most programs that may listen at the same time.
const LISTENERS: usize = 4;

/// Who knows what the dashboard shows, beyond what [`Site`] knows.
pub trait Dashboard: Clone + Send + Sync + 'static {
    /// How the device is. Asked for every few seconds while somebody looks.
    fn overview(&self) -> impl Future<Output = Overview> + Send;

    /// The last lines of the log, newest last; more than are shown is no harm.
    fn logs(&self) -> impl Future<Output = Vec<String>> + Send;

    /// The notebook (.ipynb) that brings a Colab machine here; or why there is none, in words.
    fn notebook(&self) -> impl Future<Output = Result<Vec<u8>, String>> + Send;
}

/// How the device is. What could not be found out is absent.
#[derive(Debug, Clone, PartialEq)]
pub struct Overview {
    /// keeperd's own status. Of its texts only those are shown that are no address.
    pub status: Status,
    /// The file system of the device's own files.
    pub disk: Option<Space>,
    /// Free is what programs can still have (MemAvailable).
    pub memory: Option<Space>,
    /// Of the processor, in °C.
    pub temperature: Option<f32>,
    /// Since the device was switched on.
    pub uptime: Duration,
    /// Programs that waited for a processor: means of the last minute, five and fifteen.
    pub load: Option<[f32; 3]>,
    /// Updates of the distribution.
    pub updates: Option<Updates>,
    /// The public name; absent when the device keeps none.
    pub public_name: Option<PublicName>,
}

/// Bytes that there are, and those of them that are free.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Space {
    /// What is left.
    pub free: u64,
    /// All of it.
    pub total: u64,
}

/// Updates of the distribution.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Updates {
    /// Packages of which there are newer ones.
    pub waiting: u32,
    /// Whether something that was updated needs a restart of the device.
    pub restart: bool,
}

/// The name under which the device is found from the internet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicName {
    /// The name.
    pub name: String,
    /// Since it was last brought up to date; absent when it has not been yet.
    pub updated: Option<Duration>,
    /// What the last attempt has met, in words; absent when it was well.
    pub error: Option<String>,
}

/// What every address of the dashboard has at hand.
#[derive(Clone)]
struct Room<S> {
    site: S,
    token: Token,
    /// Shown by the next page that is asked for, and then no more.
    notice: Arc<Mutex<Option<Notice>>>,
    listeners: Arc<Semaphore>,
}

/// All addresses of the dashboard, `/` among them. `token` is what their forms must carry.
pub(crate) fn routes<S: Site + Dashboard>(site: S, token: Token) -> Router {
    let room = Room {
        site,
        token,
        notice: Arc::default(),
        listeners: Arc::new(Semaphore::new(LISTENERS)),
    };
    let router = Router::new()
        .route("/", get(home::home::<S>))
        .route(LIVE, get(live::live::<S>))
        .route(LOGS, get(more::logs::<S>))
        .route(NOTEBOOK, get(more::notebook::<S>))
        .route(DASHBOARD_STYLE_PATH, get(home::style))
        .route("/do/reload/{number}", post(act::reload_one::<S>));
    let buttons = Act::WHOLE.into_iter();
    buttons
        .fold(router, |router, what| {
            let press = move |room, form| act::press::<S>(room, form, what);
            router.route(&what.address(), post(press))
        })
        .layer(DefaultBodyLimit::max(FORM))
        .with_state(room)
}
