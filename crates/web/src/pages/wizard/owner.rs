//! The owner's account, and how they log in over SSH.

use super::Page;
use super::parts::{self, Typed};
use crate::wizard::form::GITHUB;
use crate::words::wizard as words;
use maud::{Markup, html};
use setup::Field;

/// The `id` of the hint of the field for a name at GitHub.
const GITHUB_HINT: &str = "github-hint";

pub(super) fn fields(page: &Page<'_>) -> Markup {
    let password = Typed {
        required: true,
        autocomplete: "new-password",
        least: Some(10),
        most: Some(128),
        ..Typed::default()
    };
    html! {
        p.lead {
            (page.pick(
                "This account replaces the setup code. You use it for remote desktop and SSH.",
                "このアカウントは設定コードの代わりになります。リモートデスクトップと SSH で使います。",
            ))
        }
        (parts::line(page, Field::Owner, Typed {
            required: true,
            autocomplete: "username",
            most: Some(31),
            pattern: Some("[a-z][a-z0-9_\\-]{0,30}"),
            ..Typed::default()
        }))
        (parts::secret(page, Field::Password, password))
        (parts::secret(page, Field::Again, Typed {
            required: !page.is_settled(Field::Password),
            expected: true,
            ..password
        }))
        fieldset {
            legend { (page.pick("Logging in over SSH", "SSH でのログイン")) }
            (warning(page))
            (github(page))
            (parts::lines(page, Field::Keys, 4, "ssh-ed25519 AAAA…"))
            (parts::switch(page, Field::PasswordLogin))
        }
    }
}

/// No error: remote desktop works without either.
fn warning(page: &Page<'_>) -> Markup {
    let said = |warning: &setup::Fault| {
        page.fault(warning.field)
            .is_some_and(|fault| fault == warning)
    };
    let warnings = setup::warnings(&page.view.draft, page.purpose);
    html! {
        @for warning in warnings.iter().filter(|warning| !said(warning)) {
            p.warning { (words::sentence(warning, page.language())) }
        }
    }
}

fn github(page: &Page<'_>) -> Markup {
    html! {
        div.field {
            label for=(GITHUB) {
                (page.pick("User name at GitHub", "GitHub のユーザー名"))
                " " span.optional { (page.pick("(optional)", "(省略可)")) }
            }
            p.hint id=(GITHUB_HINT) {
                (page.pick(
                    "Fetches the public keys that anybody can see there, and adds them below.",
                    "GitHub で公開されている鍵を取得し、下の欄に追加します。",
                ))
            }
            div.beside {
                input id=(GITHUB) name=(GITHUB) type="text" value=(page.github) autocomplete="off"
                    autocapitalize="none" spellcheck="false" maxlength="39" pattern="[A-Za-z0-9\\-]*"
                    aria-describedby=(GITHUB_HINT);
                (parts::button("github", page.pick("Fetch keys", "鍵を取得"), true))
            }
        }
    }
}
