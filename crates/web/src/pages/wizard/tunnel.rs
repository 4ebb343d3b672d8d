//! The tunnel: Colab's rules first, then the switch, and where the machine finds the device.

use super::Page;
use super::parts::{self, Typed};
use crate::words::wizard::PROVIDERS;
use maud::{Markup, html};
use setup::Field;
use std::net::Ipv4Addr;

/// Whole names of the DNS.
const NAME: &str = "[a-z0-9.\\-]+";

pub(super) fn fields(page: &Page<'_>) -> Markup {
    html! {
        p.lead {
            (page.pick(
                "The Colab machine dials home, and you get a shell on it. You can leave this off and go on.",
                "Colab マシンからこの機器に接続し、シェルを使えるようにします。無効のまま次に進むこともできます。",
            ))
        }
        section.warning {
            p {
                strong {
                    (page.pick(
                        "Colab allows SSH only on a paid plan with a positive balance of compute units.",
                        "Colab で SSH を使えるのは、有料プランに加入し、コンピューティング ユニットの残高がある場合だけです。",
                    ))
                }
                " "
                (page.pick(
                    "It blocks accounts that use SSH otherwise.",
                    "それ以外で SSH を使うと、アカウントが停止されることがあります。",
                ))
            }
        }
        (parts::switch(page, Field::Tunnel))
        div.tunnel {
            (parts::switch(page, Field::PaidPlan))
            fieldset {
                legend { (page.pick("Ports", "ポート")) }
                (parts::line(page, Field::Entrance, port(true)))
                (parts::line(page, Field::PublicPort, port(true)))
                (parts::switch(page, Field::Router))
                (router(page))
            }
            fieldset {
                legend { (page.pick("Where the device is found", "機器の公開名")) }
                (parts::line(page, Field::Address, Typed { most: Some(253), ..Typed::default() }))
                (provider(page))
            }
        }
    }
}

fn port(required: bool) -> Typed {
    Typed {
        required,
        mode: Some("numeric"),
        pattern: Some("[0-9]{1,5}"),
        most: Some(5),
        ..Typed::default()
    }
}

fn router(page: &Page<'_>) -> Markup {
    html! {
        div.field {
            p { (parts::button("router", page.pick("Test the router", "ルーターをテスト"), true)) }
            div role="status" {
                @match &page.view.router {
                    None => {}
                    Some(Ok(address)) if is_shared(address) => p.warning {
                        (page.pick(
                            "The router answers, but its own address is no public one: another router or the provider is \
                             in front of it, so that nobody reaches this port from the internet. ",
                            "ルーターは応答しましたが、そのアドレスはグローバルアドレスではありません。上位に別のルーターや事業者の設備があるため、インターネットからは接続できません。",
                        ))
                        code { (address) }
                    }
                    Some(Ok(address)) => p.good {
                        (page.pick(
                            "The router takes such requests. Its address on the internet: ",
                            "ルーターはポートの開放に対応しています。インターネット側のアドレス: ",
                        ))
                        code { (address) }
                    }
                    Some(Err(error)) => p.warning {
                        (page.pick(
                            "The router takes no such requests. Switch on UPnP or NAT-PMP there, or forward the port by hand. ",
                            "ルーターのポートを自動で開放できません。UPnP か NAT-PMP を有効にするか、手動で転送を設定してください。",
                        ))
                        code { (error) }
                    }
                }
            }
        }
    }
}

/// Whether an address is one that many networks have: private, or a provider's (RFC 6598).
fn is_shared(address: &str) -> bool {
    let address: Option<Ipv4Addr> = address.parse().ok();
    address.is_some_and(|address| {
        let [first, second, ..] = address.octets();
        address.is_private() || address.is_link_local() || (first == 100 && second & 0xc0 == 64)
    })
}

/// Fields of a provider are shown with that provider alone, by the style; what is sent all the same is
/// sorted out when it comes.
fn provider(page: &Page<'_>) -> Markup {
    let options = PROVIDERS.map(|(value, english, japanese)| (value, page.pick(english, japanese)));
    let none = page.pick(
        "None, or the router does it",
        "なし(ルーター自身が更新する場合も)",
    );
    let name = Typed {
        most: Some(253),
        pattern: Some(NAME),
        ..Typed::default()
    };
    html! {
        div.provider {
            (parts::select(page, Field::DdnsProvider, Typed::default(), &options, Some(none)))
            div.of.any { (parts::line(page, Field::DdnsName, name)) }
            div.of.dyndns2 { (parts::line(page, Field::DdnsServer, name)) }
            div.of.cloudflare { (parts::line(page, Field::DdnsZone, name)) }
            div.of.account {
                (parts::line(page, Field::DdnsUser, Typed { most: Some(254), ..Typed::default() }))
            }
            div.of.any {
                (parts::secret(page, Field::Ddns, Typed {
                    autocomplete: "off",
                    most: Some(1024),
                    ..Typed::default()
                }))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn an_address_that_many_have_is_none_on_the_internet() {
        for (address, expected) in [
            ("203.0.113.7", false),
            ("192.168.1.1", true),
            ("10.0.0.1", true),
            ("100.64.0.1", true),
            ("100.127.255.255", true),
            ("100.128.0.1", false),
            ("100.63.0.1", false),
            ("169.254.0.1", true),
            ("2001:db8::1", false),
            ("", false),
        ] {
            assert_eq!(super::is_shared(address), expected, "{address}");
        }
    }
}
