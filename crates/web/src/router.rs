//! Which address is which page.

mod sign_in;

use crate::dashboard::{self, Dashboard};
use crate::data::Start;
use crate::guard::{self, Names};
use crate::metrics::{self, metrics};
use crate::pages::{self, RETRY, STYLE, STYLE_PATH};
use crate::token::Token;
use crate::wizard::{self, Wizard};
use axum::Router;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use config::{Language, Text as _};
use control::Reply;
use maud::Markup;
use setup::Purpose;
use std::future::Future;
use std::net::SocketAddr;

/// Who knows what the pages show.
pub trait Site: Clone + Send + Sync + 'static {
    /// The language of all pages.
    fn language(&self) -> Language;

    /// How it is with notebook `number`, counted from 1. May take as long as a look at the network
    /// does, but not longer.
    fn start(&self, number: usize) -> impl Future<Output = Start> + Send;

    /// Asks keeperd as its command line does.
    fn act(&self, request: control::Request) -> impl Future<Output = Reply> + Send;
}

/// All pages of `site`, for the server that listens at `address`.
///
/// # Errors
/// The kernel gives no random numbers.
pub fn router<S: Site + Dashboard + Wizard>(
    site: S,
    address: SocketAddr,
) -> std::io::Result<Router> {
    let token = Token::new()?;
    let sign_in = sign_in::routes(site.clone(), token.clone());
    let wizard = wizard::routes(site.clone(), token.clone());
    let dashboard = dashboard::routes(site.clone(), token)
        .layer(from_fn_with_state(site.clone(), with_an_owner::<S>));
    let router = Router::new()
        .route("/healthz", get(async || "ok\n"))
        .route("/start/{number}", get(start::<S>))
        .route("/metrics", get(numbers::<S>))
        .route(STYLE_PATH, get(style))
        .fallback(not_found::<S>)
        .with_state(site)
        .merge(sign_in)
        .merge(wizard)
        .merge(dashboard)
        .layer(from_fn_with_state(Names::of(address), guard::guard));
    Ok(router)
}

/// A device without an owner has no dashboard: the wizard is in its place.
async fn with_an_owner<S: Wizard>(State(site): State<S>, request: Request, next: Next) -> Response {
    match site.purpose() {
        Purpose::FirstBoot => see("/setup"),
        Purpose::Settings => next.run(request).await,
    }
}

async fn start<S: Site>(
    State(site): State<S>,
    number: Result<Path<String>, PathRejection>,
) -> Response {
    let number = number.ok().and_then(|Path(number)| number.parse().ok());
    let Some(number @ 1..) = number else {
        return not_found(State(site)).await;
    };
    let state = site.start(number).await;
    let page = pages::start(number, &state, site.language());
    match (state, page) {
        (Start::Open(url), _) => see(url.as_str()),
        (Start::Trouble(_), Some(page)) => {
            let again = [(header::RETRY_AFTER, RETRY.as_secs().to_string())];
            (StatusCode::SERVICE_UNAVAILABLE, again, html(page)).into_response()
        }
        (_, page) => html(page.unwrap_or_default()),
    }
}

async fn numbers<S: Site>(State(site): State<S>) -> Response {
    match site.act(control::Request::Status {}).await {
        Reply::Status(status) => {
            let kind = [(header::CONTENT_TYPE, metrics::CONTENT_TYPE)];
            (kind, metrics(&status)).into_response()
        }
        _ => (StatusCode::SERVICE_UNAVAILABLE, "no status\n").into_response(),
    }
}

async fn style() -> Response {
    ([(header::CONTENT_TYPE, "text/css; charset=utf-8")], STYLE).into_response()
}

async fn not_found<S: Site>(State(site): State<S>) -> Response {
    (
        StatusCode::NOT_FOUND,
        html(pages::not_found(site.language())),
    )
        .into_response()
}

pub(crate) fn html(page: Markup) -> Response {
    let kind = [(header::CONTENT_TYPE, "text/html; charset=utf-8")];
    (kind, page.into_string()).into_response()
}

/// "See there": the browser asks for `place` next.
pub(crate) fn see(place: &str) -> Response {
    match HeaderValue::from_str(place) {
        Ok(place) => (StatusCode::SEE_OTHER, [(header::LOCATION, place)]).into_response(),
        // A checked address holds nothing that a header may not.
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}
