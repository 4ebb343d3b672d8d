//! What is said of the near end.

/// English as it stands in the code, and Japanese.
pub(super) const TABLE: &[(&str, &str)] = &[
    (
        "no network adapter was found",
        "ネットワークアダプターが見つかりません",
    ),
    (
        "neither a cable nor a Wi-Fi is connected",
        "ケーブルも Wi-Fi も接続されていません",
    ),
    (
        "plug a network cable into device and router",
        "機器とルーターを LAN ケーブルでつないでください",
    ),
    (
        "for Wi-Fi: the name and password in network-config on the boot partition, then a restart",
        "Wi-Fi の場合: ブートパーティションの network-config に名前とパスワードを書き、再起動してください",
    ),
    ("{} on {}", "{}({})"),
    ("{} on {}, router {}", "{}({})、ルーター {}"),
    (
        "{} is connected, but the router has given no address",
        "{} は接続されていますが、ルーターからアドレスを取得できていません",
    ),
    (
        "start the router again, then the device",
        "ルーター、機器の順に再起動してください",
    ),
    (
        "`networkctl status` and `journalctl -u systemd-networkd` say what happened",
        "`networkctl status` と `journalctl -u systemd-networkd` で経過が分かります",
    ),
    ("{} is {}", "{} は {} です"),
    ("{} is not known: {}", "{} を解決できません: {}"),
    (
        "nobody answers for the name {}",
        "名前 {} の問い合わせに応答がありません",
    ),
    (
        "start the router again: it answers for names in most networks",
        "ルーターを再起動してください。多くのネットワークではルーターが名前を解決します",
    ),
    (
        "`resolvectl status` shows who is asked, `resolvectl query {}` asks",
        "`resolvectl status` で問い合わせ先が分かり、`resolvectl query {}` で問い合わせできます",
    ),
    ("{} answers at port {}", "{} のポート {} が応答します"),
    (
        "{} refuses port {}",
        "{} がポート {} への接続を拒否しました",
    ),
    (
        "{} does not answer at port {}",
        "{} のポート {} から応答がありません",
    ),
    (
        "no way to {}, port {}: {}",
        "{} のポート {} に到達できません: {}",
    ),
    (
        "look whether the router itself is online",
        "ルーターがインターネットに接続されているか確認してください",
    ),
    (
        "try the same address in a browser on another device of this network",
        "同じネットワークの別の機器のブラウザで、同じアドレスを開いてみてください",
    ),
];
