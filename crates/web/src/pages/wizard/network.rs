//! Wi-Fi. A device with a cable needs none.

use super::Page;
use super::parts::{self, Typed};
use crate::wizard::form::{NAMED, NETWORK, OTHER};
use crate::words::wizard::COUNTRIES;
use maud::{Markup, html};
use setup::{Field, Network, Purpose};

/// The most networks that are shown; the strongest come first.
const SHOWN: usize = 30;

pub(super) fn fields(page: &Page<'_>) -> Markup {
    let countries =
        COUNTRIES.map(|(value, english, japanese)| (value, page.pick(english, japanese)));
    let none = page.pick("Choose a country", "選択してください");
    // Without a cable there is no way but Wi-Fi, though a cable may yet come.
    let expected = !page.view.wired && page.purpose == Purpose::FirstBoot;
    let typed = Typed {
        expected,
        ..Typed::default()
    };
    html! {
        (state(page))
        (parts::select(page, Field::WifiCountry, typed, &countries, Some(none)))
        (choice(page))
        (parts::secret(page, Field::Wifi, Typed { least: Some(8), most: Some(64), ..typed }))
        (parts::switch(page, Field::WifiOpen))
    }
}

fn state(page: &Page<'_>) -> Markup {
    html! {
        @if page.view.wired {
            p.good {
                (page.pick(
                    "The device is connected by cable. You can skip Wi-Fi: just go on.",
                    "有線で接続されています。Wi-Fi の設定は省略して、次に進めます。",
                ))
            }
        } @else if page.purpose == Purpose::Settings {
            p.lead {
                (page.pick(
                    "Nothing changes unless you choose a network here.",
                    "ここでネットワークを選ばない限り、現在の接続は変わりません。",
                ))
            }
        } @else {
            p.lead {
                (page.pick(
                    "No cable is connected. Choose a Wi-Fi network, or plug in a cable.",
                    "有線では接続されていません。Wi-Fi を選ぶか、LAN ケーブルを接続してください。",
                ))
            }
        }
    }
}

fn choice(page: &Page<'_>) -> Markup {
    let found = page.view.networks.as_deref();
    html! {
        fieldset.networks id=(NETWORK) {
            legend { (page.pick("Wi-Fi network", "Wi-Fi ネットワーク")) }
            p {
                (parts::button("scan", match found {
                    None => page.pick("Look for networks", "ネットワークを検索"),
                    Some(_) => page.pick("Look again", "もう一度検索"),
                }, true))
            }
            @match found {
                None => {}
                Some([]) => p role="status" {
                    (page.pick(
                        "No network was found. Type its name if it is hidden.",
                        "ネットワークが見つかりません。非公開の場合は名前を入力してください。",
                    ))
                }
                Some(networks) => (cards(page, networks)),
            }
            div.other-network {
                (parts::line(page, Field::WifiName, Typed { most: Some(32), ..Typed::default() }))
            }
        }
    }
}

fn cards(page: &Page<'_>, networks: &[Network]) -> Markup {
    let chosen = page.text(Field::WifiName);
    let known = networks.iter().any(|network| network.name == chosen);
    let none = match page.purpose {
        Purpose::FirstBoot => page.pick("No Wi-Fi", "Wi-Fi を使わない"),
        Purpose::Settings => page.pick("Leave it as it is", "変更しない"),
    };
    let other = page.pick(
        "Another network, perhaps a hidden one",
        "その他のネットワーク(非公開など)",
    );
    html! {
        div.cards {
            @for (index, network) in networks.iter().take(SHOWN).enumerate() {
                @let value = format!("{NAMED}{}", network.name);
                (card(&format!("{NETWORK}-{index}"), &value, network.name == chosen, html! {
                    strong { (network.name) }
                    span { (signal(page, network)) }
                }))
            }
            (card("network-other", OTHER, !known && !chosen.is_empty(), html! { strong { (other) } }))
            (card("network-none", "none", chosen.is_empty(), html! { strong { (none) } }))
        }
    }
}

fn card(id: &str, value: &str, checked: bool, label: Markup) -> Markup {
    html! {
        div.card {
            input id=(id) type="radio" name=(NETWORK) value=(value) checked[checked];
            label for=(id) { (label) }
        }
    }
}

fn signal(page: &Page<'_>, network: &Network) -> String {
    let strength = match network.signal {
        67.. => page.pick("strong signal", "電波: 強い"),
        34..67 => page.pick("fair signal", "電波: 普通"),
        _ => page.pick("weak signal", "電波: 弱い"),
    };
    let lock = match network.secured {
        true => page.pick("with a password", "パスワードあり"),
        false => page.pick(
            "open: everybody nearby can listen",
            "パスワードなし(通信が保護されません)",
        ),
    };
    format!("{strength}{}{lock}", page.pick(", ", "、"))
}
