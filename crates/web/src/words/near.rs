//! Cable, Wi-Fi, own address and the way out.

use super::{Step, failed, not_tried, pick, well};
use crate::data::Diagnosis;
use config::Language;
use near::Adapter;

pub(super) fn link(diagnosis: &Diagnosis, language: Language) -> Step {
    let title = pick(language, "Network link", "ネットワーク接続");
    let adapters = &diagnosis.link.adapters;
    let up = names(adapters.iter().filter(|adapter| adapter.up), language);
    let all = names(adapters.iter(), language);
    match (diagnosis.other_way(), language) {
        (_, Language::En) if !up.is_empty() => well(title, format!("Connected: {up}.")),
        (_, Language::Ja) if !up.is_empty() => well(title, format!("接続済み: {up}")),
        (Some(way), Language::En) => well(title, format!("The way out is {way}.")),
        (Some(way), Language::Ja) => well(title, format!("{way} を経由しています。")),
        (None, Language::En) if all.is_empty() => failed(
            title,
            "No network adapter was found.".to_owned(),
            "Switch the device off and on again; if that does not help, connect another adapter.",
        ),
        (None, Language::Ja) if all.is_empty() => failed(
            title,
            "ネットワークアダプターが見つかりません。".to_owned(),
            "機器の電源を入れ直してください。それでも直らない場合は、別のアダプターを接続してください。",
        ),
        (None, Language::En) => failed(
            title,
            format!("Not connected: {all}."),
            "Plug in the network cable, or check the Wi-Fi's name and password in the file network-config on the boot partition.",
        ),
        (None, Language::Ja) => failed(
            title,
            format!("未接続: {all}"),
            "LAN ケーブルを接続するか、ブートパーティションの network-config で Wi-Fi の名前とパスワードを確認してください。",
        ),
    }
}

fn names<'a>(adapters: impl Iterator<Item = &'a Adapter>, language: Language) -> String {
    let name = |adapter: &Adapter| match (language, adapter.wireless) {
        (Language::En, true) => format!("{} (Wi-Fi)", adapter.name),
        (Language::En, false) => format!("{} (cable)", adapter.name),
        (Language::Ja, true) => format!("{}(Wi-Fi)", adapter.name),
        (Language::Ja, false) => format!("{}(有線)", adapter.name),
    };
    let names: Vec<String> = adapters.map(name).collect();
    names.join(pick(language, ", ", "、"))
}

pub(super) fn route(diagnosis: &Diagnosis, language: Language) -> Step {
    let title = pick(language, "Address and route", "アドレスと経路");
    if !diagnosis.is_linked() {
        return not_tried(title);
    }
    let seen = match (&diagnosis.route.interface, diagnosis.route.address) {
        (Some(interface), Some(address)) => {
            return well(
                title,
                match language {
                    Language::En => format!("{address} on {interface}."),
                    Language::Ja => format!("{interface} のアドレスは {address} です。"),
                },
            );
        }
        (Some(interface), None) => match language {
            Language::En => format!("{interface} has no address yet."),
            Language::Ja => format!("{interface} にまだアドレスがありません。"),
        },
        (None, _) => pick(
            language,
            "There is no route to other networks yet.",
            "外部ネットワークへの経路がまだありません。",
        )
        .to_owned(),
    };
    failed(
        title,
        seen,
        pick(
            language,
            "Check that the router is on and gives out addresses (DHCP); restart it if in doubt.",
            "ルーターの電源とアドレスの割り当て(DHCP)を確認し、必要なら再起動してください。",
        ),
    )
}
