//! From a field of a form to an answer. What an answer must be is in the `setup` crate; here is only what
//! must not even be remembered.

use setup::{Draft, Fault, Field, Reason, Secret, Secrets};

/// The most bytes of a line.
const LINE: usize = 4 * 1024;
/// The most bytes of a field with lines.
const LINES: usize = 64 * 1024;

/// Takes over what a form sent; what is wrong with that so far. A secret that is empty leaves the one that is
/// kept, unless it belonged to something else.
pub(super) fn take(
    draft: &mut Draft,
    secrets: &mut Secrets,
    fields: Vec<(Field, String)>,
) -> Vec<Fault> {
    let mut faults = Vec::new();
    let typed = |wanted| {
        let value = fields.iter().rfind(|(field, _)| *field == wanted);
        value.is_some_and(|(_, value)| !value.is_empty())
    };
    // Half a new password is not to be compared with half of the earlier one.
    if typed(Field::Password) || typed(Field::Again) {
        (secrets.password, secrets.again) = Default::default();
    }
    // Names before the secrets that go with them.
    let (hidden, plain): (Vec<_>, Vec<_>) = fields.into_iter().partition(|one| one.0.is_secret());
    for (field, value) in plain.into_iter().chain(hidden) {
        if let Err(reason) = refuse(field, &value) {
            faults.push(Fault { field, reason });
        } else if !field.is_secret() {
            leave(draft, secrets, field, &value);
            draft.set(field, value.clone());
            secrets.set(field, value);
        } else if !value.is_empty() {
            secrets.set(field, value);
        }
    }
    faults
}

/// Why a value is not to be remembered at all.
fn refuse(field: Field, value: &str) -> Result<(), Reason> {
    let most = match field {
        Field::Keys | Field::Notebooks => LINES,
        _ => LINE,
    };
    // The answers lie on the card, where a private key must never be.
    if !field.is_secret() && setup::holds_private_key(value) {
        Err(Reason::PrivateKey)
    } else if value.len() > most {
        Err(Reason::Form)
    } else {
        Ok(())
    }
}

/// Forgets the secret that goes with a name which becomes another one.
fn leave(draft: &Draft, secrets: &mut Secrets, field: Field, value: &str) {
    match field {
        Field::WifiName if draft.wifi_name != value => secrets.wifi = Secret::default(),
        Field::DdnsProvider if draft.ddns_provider != value => secrets.ddns = Secret::default(),
        Field::Approver if secrets.approver != value => secrets.approval = Secret::default(),
        _ => {}
    }
}

/// Those secrets that are kept. An approval never is: it is given for one form.
pub(super) fn kept(secrets: &Secrets) -> Vec<Field> {
    let all = [
        (Field::Password, &secrets.password),
        (Field::Again, &secrets.again),
        (Field::Wifi, &secrets.wifi),
        (Field::Ddns, &secrets.ddns),
    ];
    let kept = all.into_iter().filter(|(_, secret)| !secret.is_empty());
    kept.map(|(field, _)| field).collect()
}

/// `text` without any of the secrets: what fails may quote what it was given.
pub(super) fn redacted(text: &str, secrets: &Secrets) -> String {
    let all = [
        &secrets.password,
        &secrets.wifi,
        &secrets.ddns,
        &secrets.approval,
    ];
    let long = all
        .into_iter()
        .map(Secret::reveal)
        .filter(|secret| secret.len() > 3);
    long.fold(text.to_owned(), |text, secret| {
        text.replace(secret, "(not shown)")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn taken(draft: &mut Draft, secrets: &mut Secrets, fields: &[(Field, &str)]) -> Vec<Fault> {
        let fields = fields
            .iter()
            .map(|(field, value)| (*field, (*value).to_owned()));
        take(draft, secrets, fields.collect())
    }

    #[test]
    fn what_was_not_sent_stays_and_an_empty_secret_leaves_the_one_kept() {
        let (mut draft, mut secrets) = (Draft::default(), Secrets::default());
        let fields = [
            (Field::WifiName, " home"),
            (Field::Wifi, " a secret "),
            (Field::Tunnel, "on"),
            (Field::Keys, "a\nb\n"),
        ];
        assert_eq!(taken(&mut draft, &mut secrets, &fields), []);
        assert_eq!((&*draft.wifi_name, &*draft.keys), (" home", "a\nb\n"));
        assert_eq!(secrets.wifi.reveal(), " a secret ");
        let before = draft.clone();
        taken(
            &mut draft,
            &mut secrets,
            &[(Field::WifiName, " home"), (Field::Wifi, "")],
        );
        assert_eq!((&draft, secrets.wifi.reveal()), (&before, " a secret "));
        assert_eq!(kept(&secrets), [Field::Wifi]);
        taken(&mut draft, &mut secrets, &[(Field::Tunnel, "")]);
        assert!(!draft.tunnel);
    }

    #[test]
    fn a_secret_is_forgotten_with_the_name_that_it_belonged_to() {
        let (mut draft, mut secrets) = (Draft::default(), Secrets::default());
        // The name of who approves is among them, and no secret.
        let of = |secrets: &Secrets| Secrets {
            approver: secrets.approver.clone(),
            ..Secrets::default()
        };
        for (name, secret, names) in [
            (Field::WifiName, Field::Wifi, ["one", "two"]),
            (Field::DdnsProvider, Field::Ddns, ["duckdns", "noip"]),
            (Field::Approver, Field::Approval, ["hanako", "taro"]),
        ] {
            // The order in which a form sends them does not matter to what was sent with it.
            taken(
                &mut draft,
                &mut secrets,
                &[(secret, "hush hush"), (name, names[0])],
            );
            let listed = [secret].into_iter().filter(|one| *one != Field::Approval);
            assert_eq!(kept(&secrets), Vec::from_iter(listed));
            assert_ne!(secrets, of(&secrets));
            taken(&mut draft, &mut secrets, &[(name, names[1])]);
            assert_eq!(secrets, of(&secrets));
        }
    }

    #[test]
    fn of_a_password_both_halves_are_new_or_neither_is() {
        let (mut draft, mut secrets) = (Draft::default(), Secrets::default());
        let both = [(Field::Password, "first"), (Field::Again, "first")];
        taken(&mut draft, &mut secrets, &both);
        taken(
            &mut draft,
            &mut secrets,
            &[(Field::Password, ""), (Field::Again, "")],
        );
        assert_eq!(secrets.again.reveal(), "first");
        taken(
            &mut draft,
            &mut secrets,
            &[(Field::Password, "second"), (Field::Again, "")],
        );
        assert_eq!(
            (secrets.password.reveal(), secrets.again.reveal()),
            ("second", "")
        );
    }

    #[test]
    fn what_must_not_lie_on_the_card_is_not_remembered() {
        let (mut draft, mut secrets) = (Draft::default(), Secrets::default());
        let before = draft.clone();
        let private = "-----BEGIN OPENSSH PRIVATE KEY-----\nxyz";
        let long = "x".repeat(LINES + 1);
        for (field, value, reason) in [
            (Field::Keys, private, Reason::PrivateKey),
            (Field::Hostname, private, Reason::PrivateKey),
            (Field::Keys, &*long, Reason::Form),
            (Field::Hostname, &long[..LINE + 1], Reason::Form),
            (Field::Password, &long[..LINE + 1], Reason::Form),
        ] {
            let faults = taken(&mut draft, &mut secrets, &[(field, value)]);
            assert_eq!(faults, [Fault { field, reason }]);
        }
        assert_eq!((draft, secrets), (before, Secrets::default()));
    }

    #[test]
    fn what_fails_does_not_quote_a_secret() {
        let secrets = Secrets {
            wifi: Secret::new("hush hush"),
            ddns: Secret::new("x"),
            ..Secrets::default()
        };
        let shown = redacted("expected an extra \"hush hush\"", &secrets);
        assert_eq!(shown, "expected an extra \"(not shown)\"");
    }
}
