//! A wizard that only remembers what it was asked, its server, and a browser's side of it.

use crate::samples::blank;
use setup::{Fault, Field, Purpose, Reason, Step};
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::timeout;
use web::{Applying, Errand, Failure, Limits, View, Wizard, serve, wizard_router};

/// Generous: the machine may be busy or emulated.
const SOON: Duration = Duration::from_secs(30);

/// What it remembers, and what it shall say.
pub struct State {
    pub purpose: Purpose,
    pub view: View,
    pub saved: Vec<(Step, Vec<(Field, String)>)>,
    pub errands: Vec<Errand>,
    pub failure: Option<Failure>,
    pub applied: usize,
    pub refusal: Vec<Fault>,
    pub applying: Applying,
    /// Whose work that is; none is everybody's.
    pub of: Option<Purpose>,
    /// How often the approval was forgotten.
    pub forgotten: usize,
}

#[derive(Clone)]
pub struct Fake(Arc<Mutex<State>>);

impl Fake {
    pub fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().expect("the state")
    }
}

impl Wizard for Fake {
    fn purpose(&self) -> Purpose {
        self.state().purpose
    }

    async fn view(&self) -> View {
        self.state().view.clone()
    }

    async fn save(&self, step: Step, fields: Vec<(Field, String)>) -> Vec<Fault> {
        let mut state = self.state();
        for (field, value) in &fields {
            state.view.draft.set(*field, value.clone());
        }
        let faults = wrong(&state.view, step);
        if !fields.is_empty() {
            state.saved.push((step, fields));
            state.view.visited.push(step);
        }
        faults
    }

    async fn errand(&self, errand: Errand) -> Result<(), Failure> {
        let mut state = self.state();
        state.errands.push(errand.clone());
        if let Some(failure) = state.failure.clone() {
            return Err(failure);
        }
        if let (Errand::Confirm, Applying::Done { confirm, .. }) = (errand, &mut state.applying) {
            *confirm = None;
        }
        Ok(())
    }

    async fn apply(&self) -> Result<(), Vec<Fault>> {
        let mut state = self.state();
        state.applied += 1;
        if state.refusal.is_empty() {
            state.applying = Applying::Working(Vec::new());
            return Ok(());
        }
        Err(state.refusal.clone())
    }

    async fn applying(&self, purpose: Purpose) -> Applying {
        let state = self.state();
        if state.of.unwrap_or(purpose) == purpose {
            state.applying.clone()
        } else {
            Applying::Not
        }
    }

    fn forget_approval(&self) {
        self.state().forgotten += 1;
    }
}

fn wrong(view: &View, step: Step) -> Vec<Fault> {
    let (field, reason, is_wrong) = match step {
        Step::Place => (
            Field::Hostname,
            Reason::Form,
            view.draft.hostname.contains(' '),
        ),
        Step::Owner if view.draft.owner.is_empty() => (Field::Owner, Reason::Missing, true),
        Step::Owner => (Field::Keys, Reason::NoKey, view.draft.keys.is_empty()),
        _ => return Vec::new(),
    };
    is_wrong
        .then_some(Fault { field, reason })
        .into_iter()
        .collect()
}

/// A server for a new device, and what stands behind it.
pub async fn start() -> (Fake, SocketAddr) {
    let fake = Fake(Arc::new(Mutex::new(State {
        purpose: Purpose::FirstBoot,
        view: blank("en"),
        saved: Vec::new(),
        errands: Vec::new(),
        failure: None,
        applied: 0,
        refusal: Vec::new(),
        applying: Applying::Not,
        of: None,
        forgotten: 0,
    })));
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("its address");
    let router = wizard_router(fake.clone(), address).expect("a router");
    let nothing = std::future::pending::<()>;
    tokio::spawn(serve(listener, router, Limits::default(), nothing));
    (fake, address)
}

/// Everything that comes back after `request`, in which HOST stands for the server.
pub async fn ask(address: SocketAddr, request: &str) -> String {
    let mut stream = TcpStream::connect(address).await.expect("connecting");
    let request = request.replace("HOST", &address.to_string());
    // A server that has heard enough may close before the end.
    let _ = stream.write_all(request.as_bytes()).await;
    let mut answer = Vec::new();
    let _ = timeout(SOON, stream.read_to_end(&mut answer))
        .await
        .expect("an end");
    String::from_utf8(answer).expect("UTF-8")
}

pub async fn get(address: SocketAddr, path: &str) -> String {
    ask(
        address,
        &format!("GET {path} HTTP/1.1\r\nHost: HOST\r\n\r\n"),
    )
    .await
}

/// What our own pages send with every form.
pub const OURS: &str = "Origin: http://HOST\r\nContent-Type: application/x-www-form-urlencoded\r\n";

pub async fn send(address: SocketAddr, path: &str, headers: &str, form: &str) -> String {
    let length = form.len();
    let request = format!(
        "POST {path} HTTP/1.1\r\nHost: HOST\r\n{headers}Content-Length: {length}\r\n\r\n{form}"
    );
    ask(address, &request).await
}

/// The token in the page of a step.
pub async fn token(address: SocketAddr, path: &str) -> String {
    let page = get(address, path).await;
    let (_, rest) = page.split_once("name=\"token\" value=\"").expect("a token");
    rest.split_once('"').expect("its end").0.to_owned()
}

/// Sends a form as our own page does.
pub async fn press(address: SocketAddr, path: &str, fields: &str) -> String {
    let from = path
        .replace("/apply", "/summary")
        .replace("/confirm", "/progress");
    let token = token(address, &from).await;
    send(address, path, OURS, &format!("token={token}&{fields}")).await
}

#[track_caller]
pub fn leads_to(answer: &str, place: &str) {
    assert!(answer.starts_with("HTTP/1.1 303 "), "{answer}");
    assert!(
        answer.contains(&format!("location: {place}\r\n")),
        "{place}: {answer}"
    );
}

#[track_caller]
pub fn has(answer: &str, status: u16, parts: &[&str]) {
    assert!(
        answer.starts_with(&format!("HTTP/1.1 {status} ")),
        "{status}: {answer}"
    );
    for part in parts {
        assert!(answer.contains(part), "{part}: {answer}");
    }
}
