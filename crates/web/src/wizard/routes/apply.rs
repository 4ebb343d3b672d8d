//! The whole of the answers: begun, watched, and confirmed over the network that it changed.

use super::{Room, html, see, unreadable};
use crate::pages::wizard::{self as pages, Note, Outcome};
use crate::wizard::form::{Form, Go, TOKEN};
use crate::wizard::{Applying, Errand, Wizard, flow};
use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use setup::{Purpose, Step};

pub(super) async fn apply<S: Wizard>(State(room): State<Room<S>>, body: Bytes) -> Response {
    match Form::parse(&body) {
        Some(form) => room.taken(Step::Summary, &form, Go::Next).await,
        None => unreadable(),
    }
}

pub(super) async fn progress<S: Wizard>(State(room): State<Room<S>>) -> Response {
    let applying = room.site.applying().await;
    if let (
        Purpose::FirstBoot,
        Applying::Done {
            confirm: Some(_), ..
        },
    ) = (room.purpose, &applying)
    {
        // The page is loaded again by itself, and nobody may be left to press anything: the setup
        // session ends. What fails here, the page still offers as a button.
        if room.site.errand(Errand::Confirm).await.is_ok() {
            let applying = room.site.applying().await;
            return room.outcome(&applying, StatusCode::OK, None).await;
        }
    }
    room.outcome(&applying, StatusCode::OK, None).await
}

pub(super) async fn confirm<S: Wizard>(State(room): State<Room<S>>, body: Bytes) -> Response {
    let Some(form) = Form::parse(&body) else {
        return unreadable();
    };
    let applying = room.site.applying().await;
    if !form.get(TOKEN).is_some_and(|sent| room.token.is(sent)) {
        let note = Some(&Note::Expired);
        return room.outcome(&applying, StatusCode::FORBIDDEN, note).await;
    }
    match room.site.errand(Errand::Confirm).await {
        Ok(()) => see(&format!("{}/progress", flow::base(room.purpose))),
        Err(failure) => {
            let note = Note::Failed(Errand::Confirm, failure);
            room.outcome(&applying, StatusCode::CONFLICT, Some(&note))
                .await
        }
    }
}

impl<S: Wizard> Room<S> {
    /// Begins, unless the settings are no longer those that the answers were made from.
    pub(super) async fn begin(&self) -> Response {
        if self.site.view().await.stale {
            let page = self.page(Step::Summary, &[], None).await;
            return html(StatusCode::CONFLICT, page);
        }
        match self.site.apply().await {
            Ok(()) => see(&format!("{}/progress", flow::base(self.purpose))),
            Err(faults) => self.refused(Step::Summary, &faults).await,
        }
    }

    async fn outcome(
        &self,
        applying: &Applying,
        status: StatusCode,
        note: Option<&Note>,
    ) -> Response {
        let view = self.site.view().await;
        let page = pages::outcome(&Outcome {
            purpose: self.purpose,
            language: pages::language(&view),
            applying,
            note,
            token: self.token.as_str(),
        });
        match page {
            Some(page) => html(status, page),
            None => see(flow::base(self.purpose)),
        }
    }
}
