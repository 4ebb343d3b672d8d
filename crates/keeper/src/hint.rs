//! What to type next, for the errors that know.

use crate::{apply, client, doctor, logs, picture, settings};

/// The hint of an error, in the person's language.
pub(crate) fn of(error: &anyhow::Error) -> Option<String> {
    let client = error.downcast_ref::<client::Error>();
    let settings = error.downcast_ref::<settings::Refused>();
    let apply = error.downcast_ref::<apply::Error>();
    let logs = error.downcast_ref::<logs::Error>();
    let picture = error.downcast_ref::<picture::Error>();
    let doctor = error.downcast_ref::<doctor::Broken>();
    client
        .and_then(client::Error::hint)
        .or_else(|| settings.map(settings::Refused::hint))
        .or_else(|| apply.map(apply::Error::hint))
        .or_else(|| logs.map(logs::Error::hint))
        .or_else(|| doctor.map(doctor::Broken::hint))
        .or_else(|| picture.and_then(picture::Error::hint))
}
