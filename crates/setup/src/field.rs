//! The fields of the wizard's forms: names, and what kind of field each is. What may stand in them is in `answers`.

use crate::step::Step;

/// A field of a form. Its name in the form is [`Field::as_str`]. They are in the order of the pages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[allow(missing_docs, reason = "as the fields of Draft and Secrets")]
pub enum Field {
    Language,
    Keyboard,
    Timezone,
    Hostname,
    WifiCountry,
    WifiName,
    Wifi,
    WifiOpen,
    Owner,
    Password,
    Again,
    Keys,
    PasswordLogin,
    Runtime,
    Notebooks,
    ReloadMinutes,
    Tunnel,
    PaidPlan,
    Entrance,
    PublicPort,
    Address,
    DdnsProvider,
    DdnsName,
    DdnsServer,
    DdnsZone,
    DdnsUser,
    Ddns,
    Router,
    Approver,
    Approval,
}

impl Field {
    /// All of them, in the order of the pages.
    pub const ALL: [Self; 30] = [
        Self::Language,
        Self::Keyboard,
        Self::Timezone,
        Self::Hostname,
        Self::WifiCountry,
        Self::WifiName,
        Self::Wifi,
        Self::WifiOpen,
        Self::Owner,
        Self::Password,
        Self::Again,
        Self::Keys,
        Self::PasswordLogin,
        Self::Runtime,
        Self::Notebooks,
        Self::ReloadMinutes,
        Self::Tunnel,
        Self::PaidPlan,
        Self::Entrance,
        Self::PublicPort,
        Self::Address,
        Self::DdnsProvider,
        Self::DdnsName,
        Self::DdnsServer,
        Self::DdnsZone,
        Self::DdnsUser,
        Self::Ddns,
        Self::Router,
        Self::Approver,
        Self::Approval,
    ];

    /// Its name, such as `reload_minutes`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Language => "language",
            Self::Keyboard => "keyboard",
            Self::Timezone => "timezone",
            Self::Hostname => "hostname",
            Self::WifiCountry => "wifi_country",
            Self::WifiName => "wifi_name",
            Self::Wifi => "wifi",
            Self::WifiOpen => "wifi_open",
            Self::Owner => "owner",
            Self::Password => "password",
            Self::Again => "again",
            Self::Keys => "keys",
            Self::PasswordLogin => "password_login",
            Self::Runtime => "runtime",
            Self::Notebooks => "notebooks",
            Self::ReloadMinutes => "reload_minutes",
            Self::Tunnel => "tunnel",
            Self::PaidPlan => "paid_plan",
            Self::Entrance => "entrance",
            Self::PublicPort => "public_port",
            Self::Address => "address",
            Self::DdnsProvider => "ddns_provider",
            Self::DdnsName => "ddns_name",
            Self::DdnsServer => "ddns_server",
            Self::DdnsZone => "ddns_zone",
            Self::DdnsUser => "ddns_user",
            Self::Ddns => "ddns",
            Self::Router => "router",
            Self::Approver => "approver",
            Self::Approval => "approval",
        }
    }

    /// The field that a form's name means.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|field| field.as_str() == text)
    }

    /// The page that it is on.
    pub fn step(self) -> Step {
        match self {
            Self::Language => Step::Language,
            Self::Keyboard | Self::Timezone | Self::Hostname => Step::Place,
            Self::WifiCountry | Self::WifiName | Self::Wifi | Self::WifiOpen => Step::Network,
            Self::Owner | Self::Password | Self::Again | Self::Keys | Self::PasswordLogin => {
                Step::Owner
            }
            Self::Runtime => Step::Runtime,
            Self::Notebooks | Self::ReloadMinutes => Step::Notebook,
            Self::Tunnel
            | Self::PaidPlan
            | Self::Entrance
            | Self::PublicPort
            | Self::Address
            | Self::DdnsProvider
            | Self::DdnsName
            | Self::DdnsServer
            | Self::DdnsZone
            | Self::DdnsUser
            | Self::Ddns
            | Self::Router => Step::Tunnel,
            Self::Approver | Self::Approval => Step::Summary,
        }
    }

    /// Whether it is a secret: typed anew each time, shown never.
    pub fn is_secret(self) -> bool {
        matches!(
            self,
            Self::Wifi | Self::Password | Self::Again | Self::Ddns | Self::Approval
        )
    }

    /// Whether it is ticked, not typed.
    pub fn is_switch(self) -> bool {
        matches!(
            self,
            Self::WifiOpen | Self::PasswordLogin | Self::Tunnel | Self::PaidPlan | Self::Router
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn all_fields_have_names_of_their_own_and_stand_in_the_order_of_the_pages() {
        let names: BTreeSet<_> = Field::ALL.into_iter().map(Field::as_str).collect();
        assert_eq!(names.len(), Field::ALL.len());
        assert!(Field::ALL.is_sorted());
        assert!(Field::ALL.map(Field::step).is_sorted());
        for field in Field::ALL {
            assert_eq!(Field::parse(field.as_str()), Some(field));
        }
        assert_eq!(Field::parse("Language"), None);
        for step in Step::ALL {
            assert!(
                Field::ALL.iter().any(|field| field.step() == step),
                "{step:?}"
            );
        }
    }
}
