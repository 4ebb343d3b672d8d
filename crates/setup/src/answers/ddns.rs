//! The public name: which of its fields a provider wants, and which it does not.

use config::{Ddns, DdnsProvider, DomainName, Text as _};

use super::Answers;
use crate::check::Reason;
use crate::field::Field;
use crate::network;
use crate::step::Purpose;

impl Answers<'_> {
    pub(super) fn ddns(&mut self, ddns: &mut Ddns) {
        let draft = self.draft;
        let before = self.faults.len();
        let typed = draft.ddns_provider.trim();
        self.optional(Field::DdnsProvider, typed, &mut ddns.provider);
        self.optional(Field::DdnsName, &draft.ddns_name, &mut ddns.name);
        self.optional(Field::DdnsServer, &draft.ddns_server, &mut ddns.server);
        self.optional(Field::DdnsZone, &draft.ddns_zone, &mut ddns.zone);
        self.optional(Field::DdnsUser, &draft.ddns_user, &mut ddns.user);
        let Some(provider) = ddns.provider.filter(|_| !typed.is_empty()) else {
            return;
        };
        // Fields that are wrong by themselves are as they were, so that they say nothing together.
        if self.faults.len() == before {
            self.together(ddns, provider);
        }
        self.ddns_secret();
    }

    fn together(&mut self, ddns: &Ddns, provider: DdnsProvider) {
        let dyndns2 = provider == DdnsProvider::Dyndns2;
        let cloudflare = provider == DdnsProvider::Cloudflare;
        let accounts = dyndns2 || provider == DdnsProvider::Noip;
        let other = |wanted: bool, there: bool| wanted != there;
        for (wrong, field, reason) in [
            (ddns.name.is_none(), Field::DdnsName, Reason::Missing),
            (
                ddns.name.is_some() && !is_providers(ddns, provider),
                Field::DdnsName,
                Reason::Name,
            ),
            (
                other(dyndns2, ddns.server.is_some()),
                Field::DdnsServer,
                Reason::Provider,
            ),
            (
                other(cloudflare, ddns.zone.is_some()),
                Field::DdnsZone,
                Reason::Provider,
            ),
            (
                accounts && ddns.user.is_none(),
                Field::DdnsUser,
                Reason::Provider,
            ),
        ] {
            if wrong {
                self.fault(field, reason);
            }
        }
    }

    /// At first boot there is none yet; later an empty field leaves it as it is.
    fn ddns_secret(&mut self) {
        let secret = self.secrets.ddns.reveal().trim();
        if self.purpose == Purpose::FirstBoot || !secret.is_empty() {
            self.hold(Field::Ddns, network::ddns_secret(secret));
        }
    }
}

/// Whether the name is one that the provider can have: DuckDNS's own, or one in the zone.
fn is_providers(ddns: &Ddns, provider: DdnsProvider) -> bool {
    let name = ddns.name.as_ref().map_or("", DomainName::as_str);
    if provider == DdnsProvider::Duckdns {
        let own = name.strip_suffix(".duckdns.org");
        return own.is_some_and(|own| !own.contains('.'));
    }
    ddns.zone.as_ref().is_none_or(|zone| {
        let above = name.strip_suffix(zone.as_str());
        above.is_some_and(|above| above.is_empty() || above.ends_with('.'))
    })
}
