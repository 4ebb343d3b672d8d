//! A page's form: what was typed is kept, whatever button was pressed.

use super::{Room, html, parse, see, unreadable};
use crate::pages::wizard::{self as pages, Note, Page};
use crate::wizard::form::{Form, GITHUB, Go, TOKEN};
use crate::wizard::{Errand, Failure, View, Wizard, flow};
use axum::body::Bytes;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use setup::{Fault, Field, Step};

/// The longest name at GitHub.
const GITHUB_NAME: usize = 39;

pub(super) async fn take<S: Wizard>(
    State(room): State<Room<S>>,
    step: Result<Path<String>, PathRejection>,
    body: Bytes,
) -> Response {
    let Some(step) = parse(room.purpose, step) else {
        return room.not_found().await;
    };
    let Some(form) = Form::parse(&body) else {
        return unreadable();
    };
    room.taken(step, &form, form.go()).await
}

impl<S: Wizard> Room<S> {
    /// What becomes of a form whose page is known.
    pub(super) async fn taken(&self, step: Step, form: &Form, go: Go) -> Response {
        if let Some(elsewhere) = self.elsewhere().await {
            return elsewhere;
        }
        if !form.get(TOKEN).is_some_and(|sent| self.token.is(sent)) {
            return self.expired(step, form).await;
        }
        if go == Go::Anew {
            return self.anew(step).await;
        }
        let answers = form.answers(step, &self.site.view().await);
        let faults = self.site.save(step, answers).await;
        let in_the_way = faults.iter().any(flow::is_in_the_way);
        let at = |step| see(&flow::address(self.purpose, step));
        match go {
            Go::Next | Go::Review | Go::Check if in_the_way => {
                self.refused(step, &faults, form).await
            }
            Go::Next if step == Step::Summary => self.begin(form).await,
            Go::Next => at(flow::next(self.purpose, step)),
            Go::Review => at(Step::Summary),
            Go::Back => at(flow::before(self.purpose, step)),
            Go::Check => self.noted(step, Note::Fine),
            Go::Scan => self.errand(step, Errand::Scan, form).await,
            Go::Router => self.errand(step, Errand::Router, form).await,
            Go::Github => match github_name(form) {
                Some(name) => self.errand(step, Errand::GithubKeys(name), form).await,
                None => {
                    let note = Note::Failed(Errand::GithubKeys(String::new()), Failure::NotFound);
                    self.failed(step, form, note).await
                }
            },
            Go::Anew => self.anew(step).await,
        }
    }

    pub(super) async fn refused(&self, step: Step, faults: &[Fault], form: &Form) -> Response {
        let view = self.site.view().await;
        let page = pages::step(&Page {
            faults,
            ..self.again(step, &view, form)
        });
        html(StatusCode::UNPROCESSABLE_ENTITY, page)
    }

    /// Its page with what was typed that is no answer.
    fn again<'a>(&'a self, step: Step, view: &'a View, form: &'a Form) -> Page<'a> {
        Page {
            purpose: self.purpose,
            step,
            view,
            faults: &[],
            note: None,
            github: form.get(GITHUB).unwrap_or_default(),
            approver: form.get(Field::Approver.as_str()).unwrap_or_default(),
            token: self.token.as_str(),
        }
    }

    async fn anew(&self, step: Step) -> Response {
        match self.site.errand(Errand::Anew).await {
            Ok(()) => see(flow::base(self.purpose)),
            Err(failure) => {
                let note = Note::Failed(Errand::Anew, failure);
                html(
                    StatusCode::CONFLICT,
                    self.page(step, &[], Some(&note)).await,
                )
            }
        }
    }

    async fn errand(&self, step: Step, errand: Errand, form: &Form) -> Response {
        match self.site.errand(errand.clone()).await {
            Ok(()) => self.noted(step, Note::Succeeded(errand)),
            Err(failure) => self.failed(step, form, Note::Failed(errand, failure)).await,
        }
    }

    /// Its page again, which says what was done.
    fn noted(&self, step: Step, note: Note) -> Response {
        let address = flow::address(self.purpose, step);
        see(&format!("{address}?{}", note.as_str()))
    }

    async fn failed(&self, step: Step, form: &Form, note: Note) -> Response {
        let view = self.site.view().await;
        let page = pages::step(&Page {
            note: Some(&note),
            ..self.again(step, &view, form)
        });
        html(StatusCode::BAD_GATEWAY, page)
    }

    /// Of a page from before keeperd started, or of nobody's: nothing is taken over, but what was typed
    /// is still there, on a page that counts. Secrets are typed again.
    async fn expired(&self, step: Step, form: &Form) -> Response {
        let mut view = self.site.view().await;
        let answers = form.answers(step, &view);
        for (field, value) in answers {
            view.draft.set(field, value);
        }
        let page = pages::step(&Page {
            note: Some(&Note::Expired),
            ..self.again(step, &view, form)
        });
        html(StatusCode::FORBIDDEN, page)
    }
}

/// The name that was typed, if anybody at GitHub could have it: it becomes part of an address.
fn github_name(form: &Form) -> Option<String> {
    let name = form.get(GITHUB)?.trim();
    let letter = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
    let is_one = (1..=GITHUB_NAME).contains(&name.len()) && name.bytes().all(letter);
    is_one.then(|| name.to_owned())
}
