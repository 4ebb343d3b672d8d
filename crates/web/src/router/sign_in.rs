//! The page for signing in, and what its "done" button sends.

use super::{Site, html};
use crate::data::SignIn;
use crate::pages::{self, SIGN_IN, SIGN_IN_DONE};
use crate::token::Token;
use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::{HeaderName, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use config::{NotebookUrl, Text as _};
use control::{Reply, Request};

/// The most bytes of a form.
const FORM: usize = 256;

/// Its form may be sent to us. And the browser must say where that comes from: under `no-referrer` it
/// would send `Origin: null`. Other sites are told nothing all the same.
const HEADERS: [(HeaderName, &str); 2] = [
    (
        header::CONTENT_SECURITY_POLICY,
        "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
    ),
    (header::REFERRER_POLICY, "same-origin"),
];

#[derive(Clone)]
struct Room<S> {
    site: S,
    token: Token,
}

/// Both addresses.
///
/// # Errors
/// The kernel gives no random numbers.
pub(super) fn routes<S: Site>(site: S) -> std::io::Result<Router> {
    let token = Token::new()?;
    Ok(Router::new()
        .route(SIGN_IN, get(show::<S>))
        .route(SIGN_IN_DONE, post(done::<S>))
        .layer(DefaultBodyLimit::max(FORM))
        .with_state(Room { site, token }))
}

async fn show<S: Site>(State(room): State<Room<S>>) -> Response {
    let state = match room.site.act(Request::Status {}).await {
        Reply::Status(status) if status.keep.as_ref().is_some_and(|keep| keep.signing_in) => {
            let urls = status.notebooks.iter().map(|notebook| &*notebook.url);
            SignIn::UnderWay {
                // Whatever else it may be, it is no link.
                notebooks: urls
                    .filter_map(|url| NotebookUrl::parse(url).ok())
                    .collect(),
                token: room.token.as_str().to_owned(),
            }
        }
        _ => SignIn::NotUnderWay,
    };
    let page = html(pages::sign_in(&state, room.site.language()));
    (HEADERS, page).into_response()
}

async fn done<S: Site>(State(room): State<Room<S>>, form: Bytes) -> Response {
    let (status, state) = if room.token.is_in(&form) {
        match room.site.act(Request::SignedIn {}).await {
            Reply::Done { .. } => (StatusCode::OK, SignIn::Done),
            Reply::Error { message } => (StatusCode::CONFLICT, SignIn::Failed(message)),
            Reply::Status(_) | Reply::Picture {} => {
                let reason = "keeperd answered something else".to_owned();
                (StatusCode::INTERNAL_SERVER_ERROR, SignIn::Failed(reason))
            }
        }
    } else {
        (StatusCode::FORBIDDEN, SignIn::Stale)
    };
    let page = html(pages::sign_in(&state, room.site.language()));
    (status, page).into_response()
}
