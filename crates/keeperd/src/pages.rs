//! keeperd's pages: where they are served, and what they know. What they say and who may ask is in
//! the `web` crate; what is behind them in `wizard`, `dashboard`, and the rest of keeperd.
//!
//! A port that is taken does not end keeperd: the rest of it goes on, `keeper status` says why there
//! are no pages, and it tries again.

use crate::clock::Alarm;
use crate::dashboard;
use crate::desk::Desk;
use crate::journal;
use crate::network::Network;
use crate::settings::Settings;
use crate::wizard::Setup;
use camino::Utf8PathBuf;
use config::{Language, NotebookUrl};
use control::{Reply, Request, State, Status, WebStatus};
use setup::{Fault, Field, Purpose, Step};
use std::cell::RefCell;
use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;
use tunnel::Wishes;
use web::{
    Applying, Dashboard, Errand, Failure, Limits, Overview, Site, Start, Trouble, View, Wizard,
};

/// The time between two attempts to listen.
const AGAIN: Duration = Duration::from_secs(5);

/// How often the server says that it turns, when nobody asks.
const BEAT: Duration = Duration::from_secs(30);

/// As the pages' server has them, but that a look for Wi-Fi networks may take half a minute.
fn limits() -> Limits {
    Limits {
        whole: Duration::from_secs(45),
        ..Limits::default()
    }
}

/// What the pages know.
#[derive(Clone)]
pub(crate) struct Knowledge {
    pub(crate) settings: Arc<Settings>,
    pub(crate) network: Arc<Network>,
    pub(crate) desk: Desk,
    pub(crate) setup: Setup,
    /// The root of the file system.
    pub(crate) system: Utf8PathBuf,
}

impl Site for Knowledge {
    fn language(&self) -> Language {
        let chosen = self.setup.language();
        chosen.unwrap_or_else(|| self.settings.language())
    }

    async fn start(&self, number: usize) -> Start {
        let notebooks = match self.settings.notebooks() {
            Ok(notebooks) => notebooks,
            Err(problems) => return Start::Misconfigured { problems },
        };
        match number.checked_sub(1).and_then(|index| notebooks.get(index)) {
            Some(url) => self.way_to(url).await,
            None => Start::NotConfigured {
                count: notebooks.len(),
            },
        }
    }

    async fn act(&self, request: Request) -> Reply {
        self.desk.ask(request).await
    }
}

impl Wizard for Knowledge {
    fn purpose(&self) -> Purpose {
        self.setup.purpose()
    }

    async fn view(&self) -> View {
        self.setup.view()
    }

    async fn save(&self, step: Step, fields: Vec<(Field, String)>) -> Vec<Fault> {
        self.setup.save(step, fields)
    }

    async fn errand(&self, errand: Errand) -> Result<(), Failure> {
        self.setup.errand(errand).await
    }

    async fn apply(&self) -> Result<(), Vec<Fault>> {
        self.setup.apply()
    }

    async fn applying(&self, purpose: Purpose) -> Applying {
        self.setup.applying(purpose)
    }

    fn forget_approval(&self) {
        self.setup.forget_approval();
    }
}

impl Dashboard for Knowledge {
    async fn overview(&self) -> Overview {
        let status = match self.desk.ask(Request::Status {}).await {
            Reply::Status(status) => status,
            _ => self.ending(),
        };
        dashboard::overview(&self.system, status, self.settings.config().as_ref())
    }

    async fn logs(&self) -> Vec<String> {
        journal::last()
    }

    async fn notebook(&self) -> Result<Vec<u8>, String> {
        let config = self.settings.config();
        let tunnel = config.ok_or("no configuration is in force")?.tunnel;
        let wishes = Wishes {
            gpu: tunnel.gpu,
            high_ram: tunnel.high_ram,
        };
        Ok(tunnel::notebook(wishes).into_bytes())
    }
}

impl Knowledge {
    /// Of a keeperd that no longer answers itself.
    fn ending(&self) -> Status {
        Status {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            pid: std::process::id(),
            state: State::Idle,
            reason: "keeperd is ending".to_owned(),
            uptime_seconds: 0,
            config: self.settings.status(),
            browser: None,
            kiosk: None,
            network: None,
            web: None,
            notebooks: Vec::new(),
            keep: None,
            tunnel: None,
        }
    }

    async fn way_to(&self, url: &NotebookUrl) -> Start {
        let seen = self.network.look(url).await;
        if seen.diagnosis.answers() {
            return Start::Open(url.clone());
        }
        Start::Trouble(Trouble {
            diagnosis: seen.diagnosis,
            lasting: seen.since.elapsed(),
        })
    }
}

/// The server of the pages.
pub(crate) struct Pages {
    /// Where it is to listen; port 0 is any.
    wanted: SocketAddr,
    status: RefCell<WebStatus>,
}

impl Pages {
    pub(crate) fn new(wanted: SocketAddr) -> Self {
        let status = RefCell::new(WebStatus {
            address: wanted.to_string(),
            problem: Some("not listening yet".to_owned()),
        });
        Self { wanted, status }
    }

    /// Serves for ever; `beat` is called every [`BEAT`] at least.
    pub(crate) async fn serve(&self, knowledge: Knowledge, beat: impl Fn()) -> Infallible {
        let (listener, address, router) = self.listen(&knowledge, &beat).await;
        journal::info(format_args!("pages at http://{address}/"));
        *self.status.borrow_mut() = WebStatus {
            address: address.to_string(),
            problem: None,
        };
        let mut alarm = Alarm::new();
        let turn = async || {
            beat();
            alarm.next(BEAT).await;
        };
        web::serve(listener, router, limits(), turn).await
    }

    pub(crate) fn status(&self) -> WebStatus {
        self.status.borrow().clone()
    }

    async fn listen(
        &self,
        knowledge: &Knowledge,
        beat: &impl Fn(),
    ) -> (TcpListener, SocketAddr, web::Router) {
        loop {
            beat();
            let listener = TcpListener::bind(self.wanted).await;
            let ready = listener.and_then(|listener| {
                let address = listener.local_addr()?;
                let router = web::router(knowledge.clone(), address)?;
                Ok((listener, address, router))
            });
            match ready {
                Ok(ready) => return ready,
                Err(error) => self.note(format!("listening on {}: {error}", self.wanted)),
            }
            tokio::time::sleep(AGAIN).await;
        }
    }

    /// The same problem is told once.
    fn note(&self, problem: String) {
        let mut status = self.status.borrow_mut();
        if status.problem.as_ref() != Some(&problem) {
            journal::error(format_args!("{problem}; trying again"));
            status.problem = Some(problem);
        }
    }
}

/// Reads an address of this machine alone: the pages ask nobody who they are.
///
/// # Errors
/// It is no address and port, or not a loopback one; in words.
pub(crate) fn loopback(text: &str) -> Result<SocketAddr, String> {
    match text.parse::<SocketAddr>() {
        Ok(address) if address.ip().is_loopback() => Ok(address),
        Ok(_) => Err("not an address of this machine alone, such as 127.0.0.1:8470".to_owned()),
        Err(error) => Err(format!("{error}, such as 127.0.0.1:8470")),
    }
}
