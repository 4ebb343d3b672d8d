//! The dashboard's buttons: what is asked of keeperd, and what the next page says of it.

use super::{Dashboard, Room};
use crate::pages;
use crate::router::{Site, html, see};
use axum::body::Bytes;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use control::{Reply, Request};
use std::sync::PoisonError;

/// What a button asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Act {
    /// Reload all notebooks, or this one, counted from 1.
    Reload(Option<usize>),
    /// Reload nothing until it is resumed.
    Pause,
    /// Go on keeping.
    Resume,
    /// The hours begin anew.
    Renew,
    /// The browser is started for a person to sign in.
    SignIn,
}

/// What has become of a button that was pressed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Notice {
    /// It is done, or has begun.
    Done(Act),
    /// It was refused or has failed; why, in keeperd's words.
    Failed(Act, String),
}

impl Act {
    /// Those that need no number.
    pub(super) const WHOLE: [Self; 5] = [
        Self::Reload(None),
        Self::Pause,
        Self::Resume,
        Self::Renew,
        Self::SignIn,
    ];

    /// Where its button sends its token.
    pub fn address(self) -> String {
        match self {
            Self::Reload(None) => "/do/reload".to_owned(),
            Self::Reload(Some(number)) => format!("/do/reload/{number}"),
            Self::Pause => "/do/pause".to_owned(),
            Self::Resume => "/do/resume".to_owned(),
            Self::Renew => "/do/renew".to_owned(),
            Self::SignIn => "/do/sign-in".to_owned(),
        }
    }

    fn request(self) -> Request {
        match self {
            Self::Reload(notebook) => Request::Reload { notebook },
            Self::Pause => Request::Pause {},
            Self::Resume => Request::Resume {},
            Self::Renew => Request::Renew {},
            Self::SignIn => Request::SignIn {},
        }
    }
}

/// Does what a button asks, if the form is ours, and leads back to the dashboard.
pub(super) async fn press<S: Site + Dashboard>(
    State(room): State<Room<S>>,
    form: Bytes,
    what: Act,
) -> Response {
    if !room.token.is_in(&form) {
        let page = html(pages::stale(room.site.language()));
        return (StatusCode::FORBIDDEN, page).into_response();
    }
    let notice = match room.site.act(what.request()).await {
        Reply::Done { .. } => Notice::Done(what),
        Reply::Error { message } => Notice::Failed(what, message),
        Reply::Status(_) | Reply::Picture {} => {
            Notice::Failed(what, "keeperd answered something else".to_owned())
        }
    };
    *room.notice.lock().unwrap_or_else(PoisonError::into_inner) = Some(notice);
    see("/")
}

/// The same for a notebook whose number is in the address.
pub(super) async fn reload_one<S: Site + Dashboard>(
    room: State<Room<S>>,
    number: Result<Path<String>, PathRejection>,
    form: Bytes,
) -> Response {
    let number = number.ok().and_then(|Path(number)| number.parse().ok());
    match number {
        Some(number @ 1..) => press(room, form, Act::Reload(Some(number))).await,
        _ => {
            let page = html(pages::not_found(room.site.language()));
            (StatusCode::NOT_FOUND, page).into_response()
        }
    }
}
