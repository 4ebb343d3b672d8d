//! The dashboard's page, and its style.

use super::{Dashboard, Room};
use crate::guard::FORM_HEADERS;
use crate::pages::{self, DASHBOARD_STYLE};
use crate::router::{Site, html};
use axum::extract::State;
use axum::http::{Method, header};
use axum::response::{IntoResponse as _, Response};
use std::sync::PoisonError;

pub(super) async fn home<S: Site + Dashboard>(
    State(room): State<Room<S>>,
    method: Method,
) -> Response {
    let overview = room.site.overview().await;
    // Whoever asks for the head alone does not read it.
    let notice = (method == Method::GET)
        .then(|| room.notice.lock().unwrap_or_else(PoisonError::into_inner))
        .and_then(|mut notice| notice.take());
    let token = room.token.as_str();
    let page = pages::dashboard(&overview, notice.as_ref(), token, room.site.language());
    (FORM_HEADERS, html(page)).into_response()
}

pub(super) async fn style() -> Response {
    let kind = [(header::CONTENT_TYPE, "text/css; charset=utf-8")];
    (kind, DASHBOARD_STYLE).into_response()
}
