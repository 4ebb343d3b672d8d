//! The page for signing in, and what its "done" button sends.

use super::{Site, html};
use crate::data::SignIn;
use crate::guard::FORM_HEADERS;
use crate::pages::{self, SIGN_IN, SIGN_IN_DONE};
use crate::token::Token;
use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use config::{NotebookUrl, Text as _};
use control::{Reply, Request};

/// The most bytes of a form.
const FORM: usize = 256;

#[derive(Clone)]
struct Room<S> {
    site: S,
    token: Token,
}

/// Both addresses. `token` is what the form must carry.
pub(super) fn routes<S: Site>(site: S, token: Token) -> Router {
    Router::new()
        .route(SIGN_IN, get(show::<S>))
        .route(SIGN_IN_DONE, post(done::<S>))
        .layer(DefaultBodyLimit::max(FORM))
        .with_state(Room { site, token })
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
    (FORM_HEADERS, page).into_response()
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
