//! The whole of the answers: begun, watched, and confirmed over the network that it changed.

use super::{Room, html, see, unreadable};
use crate::pages::wizard::{self as pages, Note, Outcome};
use crate::wizard::form::{Form, TOKEN};
use crate::wizard::{Applying, Errand, Failure, Wizard, flow};
use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use setup::Step;

pub(super) async fn apply<S: Wizard>(State(room): State<Room<S>>, body: Bytes) -> Response {
    match Form::parse(&body) {
        // Not every button of the last page begins.
        Some(form) => room.taken(Step::Summary, &form, form.go()).await,
        None => unreadable(),
    }
}

/// Looks only: any other site can have a browser load it.
pub(super) async fn progress<S: Wizard>(State(room): State<Room<S>>) -> Response {
    let applying = room.site.applying(room.purpose).await;
    room.outcome(&applying, StatusCode::OK, None).await
}

pub(super) async fn confirm<S: Wizard>(State(room): State<Room<S>>, body: Bytes) -> Response {
    let Some(form) = Form::parse(&body) else {
        return unreadable();
    };
    let applying = room.site.applying(room.purpose).await;
    if !form.get(TOKEN).is_some_and(|sent| room.token.is(sent)) {
        let note = Some(&Note::Expired);
        return room.outcome(&applying, StatusCode::FORBIDDEN, note).await;
    }
    let waits = matches!(
        applying,
        Applying::Done {
            confirm: Some(1..),
            ..
        }
    );
    let confirmed = if waits {
        room.site.errand(Errand::Confirm).await
    } else {
        Err(Failure::NotFound)
    };
    match confirmed {
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
    pub(super) async fn begin(&self, form: &Form) -> Response {
        if self.site.view().await.stale {
            let page = self.page(Step::Summary, &[], None).await;
            return html(StatusCode::CONFLICT, page);
        }
        match self.site.apply().await {
            Ok(()) => see(&format!("{}/progress", flow::base(self.purpose))),
            Err(faults) => self.refused(Step::Summary, &faults, form).await,
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
