//! The wizard's addresses: pages that are shown, and forms that are taken.
//!
//! A form that is in order is answered with the address of the next page, so that loading a page anew
//! sends nothing twice. What becomes of a button is in `take`, what becomes of the whole in `apply`.

mod apply;
mod take;

use super::{Applying, Wizard, flow, form};
use crate::guard::FORM_HEADERS;
use crate::pages::wizard::{self as pages, Note, Page};
use crate::token::Token;
use axum::Router;
use axum::extract::rejection::PathRejection;
use axum::extract::{DefaultBodyLimit, Path, RawQuery, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::map_response_with_state;
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use maud::Markup;
use setup::{Fault, Purpose, Step};

/// The pages of one purpose.
#[derive(Clone)]
struct Room<S> {
    site: S,
    token: Token,
    purpose: Purpose,
}

/// Asks a page to say what is wrong with its answers; a link from the last page carries it.
pub(crate) const CHECK: &str = "check";

/// All addresses of the wizard.
pub(crate) fn routes<S: Wizard>(site: S, token: Token) -> Router {
    let of = |purpose| {
        let base = flow::base(purpose);
        let room = Room {
            site: site.clone(),
            token: token.clone(),
            purpose,
        };
        Router::new()
            .route(base, get(enter::<S>))
            .route(
                &format!("{base}/{{step}}"),
                get(show::<S>).post(take::take::<S>),
            )
            .route(
                &format!("{base}/apply"),
                post(apply::apply::<S>)
                    .get(async move || see(&flow::address(purpose, Step::Summary))),
            )
            .route(&format!("{base}/progress"), get(apply::progress::<S>))
            .route(
                &format!("{base}/confirm"),
                post(apply::confirm::<S>).get(async move || see(&format!("{base}/progress"))),
            )
            .layer(map_response_with_state(room.clone(), forget::<S>))
            .with_state(room)
    };
    of(Purpose::FirstBoot)
        .merge(of(Purpose::Settings))
        .layer(DefaultBodyLimit::max(form::MAX))
}

impl<S: Wizard> Room<S> {
    /// Where to go instead: the device is in the other state, or work is under way.
    async fn elsewhere(&self) -> Option<Response> {
        let progress = format!("{}/progress", flow::base(self.purpose));
        match self.site.applying(self.purpose).await {
            // After its last step, a new device is one at work.
            Applying::Working(_) => Some(see(&progress)),
            Applying::Done { .. } | Applying::Unknown(_) if self.purpose == Purpose::FirstBoot => {
                Some(see(&progress))
            }
            _ if self.site.purpose() != self.purpose => Some(see("/")),
            _ => None,
        }
    }

    /// The first page that has no answers, or wrong ones. Settings have answers to everything.
    async fn first_unanswered(&self) -> Step {
        let visited = self.site.view().await.visited;
        for step in Step::of(self.purpose).filter(|step| *step != Step::Summary) {
            let answered = self.purpose == Purpose::Settings || visited.contains(&step);
            if !answered || self.faults(step).await.iter().any(flow::is_in_the_way) {
                return step;
            }
        }
        Step::Summary
    }

    /// What is wrong with the answers of a page.
    async fn faults(&self, step: Step) -> Vec<Fault> {
        self.site.save(step, Vec::new()).await
    }

    /// A page as it is now.
    async fn page(&self, step: Step, faults: &[Fault], note: Option<&Note>) -> Markup {
        let view = self.site.view().await;
        pages::step(&Page {
            purpose: self.purpose,
            step,
            view: &view,
            faults,
            note,
            github: "",
            approver: "",
            token: self.token.as_str(),
        })
    }

    /// For an address that there is not.
    async fn not_found(&self) -> Response {
        let view = self.site.view().await;
        let page = pages::not_found(self.purpose, pages::language(&view));
        html(StatusCode::NOT_FOUND, page)
    }
}

/// Nothing goes on with an approval that did not begin the work; what has begun has its own.
async fn forget<S: Wizard>(State(room): State<Room<S>>, response: Response) -> Response {
    room.site.forget_approval();
    response
}

async fn enter<S: Wizard>(State(room): State<Room<S>>) -> Response {
    match room.elsewhere().await {
        Some(elsewhere) => elsewhere,
        None => see(&flow::address(room.purpose, room.first_unanswered().await)),
    }
}

async fn show<S: Wizard>(
    State(room): State<Room<S>>,
    step: Result<Path<String>, PathRejection>,
    RawQuery(query): RawQuery,
) -> Response {
    if let Some(elsewhere) = room.elsewhere().await {
        return elsewhere;
    }
    let Some(step) = parse(room.purpose, step) else {
        return room.not_found().await;
    };
    let query = query.unwrap_or_default();
    let faults = match &*query {
        CHECK => room.faults(step).await,
        _ => Vec::new(),
    };
    let note = Note::parse(&query);
    html(
        StatusCode::OK,
        room.page(step, &faults, note.as_ref()).await,
    )
}

fn parse(purpose: Purpose, step: Result<Path<String>, PathRejection>) -> Option<Step> {
    let Path(step) = step.ok()?;
    flow::parse(purpose, &step)
}

fn html(status: StatusCode, page: Markup) -> Response {
    let kind = [(header::CONTENT_TYPE, "text/html; charset=utf-8")];
    (status, FORM_HEADERS, kind, page.into_string()).into_response()
}

/// "See there": the browser asks for `place` next.
fn see(place: &str) -> Response {
    match HeaderValue::from_str(place) {
        Ok(place) => (StatusCode::SEE_OTHER, [(header::LOCATION, place)]).into_response(),
        // Our own addresses hold nothing that a header may not.
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

/// What cannot be read as a form is no page's of ours.
fn unreadable() -> Response {
    (StatusCode::BAD_REQUEST, "This is no form of this server.\n").into_response()
}
