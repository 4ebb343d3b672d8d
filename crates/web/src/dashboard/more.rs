//! What the dashboard leads to: the log, and the notebook that brings a Colab machine here.

use super::{Dashboard, Room};
use crate::pages;
use crate::router::{Site, html};
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};

/// As the notebook is saved.
const FILE: &str = "attachment; filename=\"keeper.ipynb\"";

pub(super) async fn logs<S: Site + Dashboard>(State(room): State<Room<S>>) -> Response {
    let lines = room.site.logs().await;
    html(pages::logs(&lines, room.site.language()))
}

pub(super) async fn notebook<S: Site + Dashboard>(State(room): State<Room<S>>) -> Response {
    match room.site.notebook().await {
        Ok(notebook) => {
            let headers = [
                (header::CONTENT_TYPE, "application/x-ipynb+json"),
                (header::CONTENT_DISPOSITION, FILE),
            ];
            (headers, notebook).into_response()
        }
        Err(why) => {
            let page = html(pages::no_notebook(&why, room.site.language()));
            (StatusCode::SERVICE_UNAVAILABLE, page).into_response()
        }
    }
}
