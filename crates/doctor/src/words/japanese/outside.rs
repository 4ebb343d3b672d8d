//! What is said of the name, the address and the port.

/// English as it stands in the code, and Japanese.
pub(super) const TABLE: &[(&str, &str)] = &[
    (
        "this device has no public name",
        "この機器には公開名がありません",
    ),
    (
        "set tunnel.address, or [ddns] with a provider's name, in /etc/keeper/keeper.toml",
        "/etc/keeper/keeper.toml の tunnel.address か、[ddns] を設定してください",
    ),
    (
        "{} is {}, but the internet sees this network at {}",
        "{} は {} ですが、外から見たこのネットワークのアドレスは {} です",
    ),
    (
        "{} is {}; whether that is right nobody tells",
        "{} は {} です(正しいかどうかは確認できません)",
    ),
    (
        "{}; the provider was told {} ago",
        "{}(プロバイダーへの通知: {} 前)",
    ),
    (
        "let the router or this device keep the name up to date: [ddns] in /etc/keeper/keeper.toml",
        "ルーターかこの機器で名前を更新してください: /etc/keeper/keeper.toml の [ddns]",
    ),
    (
        "`journalctl -u keeper-ddns -n 20` shows what was said",
        "`journalctl -u keeper-ddns -n 20` で詳細が分かります",
    ),
    (
        "ddclient does not run: `systemctl status keeper-ddns` says why",
        "ddclient が動作していません。`systemctl status keeper-ddns` で理由が分かります",
    ),
    (
        "ddclient has not updated the name yet: look again in 5 minutes",
        "ddclient はまだ名前を更新していません。5 分後にもう一度確認してください",
    ),
    (
        "the provider took {} {} ago: names need some minutes to spread",
        "プロバイダーは {} を {} 前に受け付けました。反映には数分かかります",
    ),
    (
        "the provider refused {} ago, with {}",
        "プロバイダーが {} 前に拒否しました: {}",
    ),
    (
        "mend ddns.user or /etc/keeper/secrets/ddns: the provider does not know the two together",
        "ddns.user か /etc/keeper/secrets/ddns を直してください。この組み合わせは認証されません",
    ),
    (
        "mend ddns.name: the provider has no such name in this account",
        "ddns.name を直してください。このアカウントにその名前はありません",
    ),
    (
        "the provider has locked the name after too many updates: unlock it on its pages",
        "更新が多すぎるため名前がロックされました。プロバイダーのページで解除してください",
    ),
    (
        "the provider's server was not reached: wait",
        "プロバイダーのサーバーに接続できませんでした。しばらくお待ちください",
    ),
    (
        "the provider has a fault of its own: wait",
        "プロバイダー側の障害です。しばらくお待ちください",
    ),
    (
        "compare ddns.name, ddns.user and the secret with the provider's pages",
        "ddns.name、ddns.user、シークレットをプロバイダーのページと照らし合わせてください",
    ),
    (
        "the router's own address {} is one that a provider shares (CGNAT)",
        "ルーターのアドレス {} は、プロバイダーの共有アドレスです(CGNAT)",
    ),
    (
        "the router's own address {} is private: there is another router in front of it",
        "ルーターのアドレス {} はプライベートアドレスです。手前に別のルーターがあります",
    ),
    (
        "if the other router is yours, let it forward the port to this one, or make one of them a bridge",
        "手前のルーターもご自分のものなら、ポートを転送させるか、どちらかをブリッジにしてください",
    ),
    (
        "the router has {}, but the internet sees {}: several customers share it (CGNAT)",
        "ルーターのアドレスは {} ですが、外からは {} に見えます。複数の利用者で共有されています(CGNAT)",
    ),
    ("{}, the router's own", "{}(ルーター自身のアドレス)"),
    ("{}, this device's own", "{}(この機器自身のアドレス)"),
    (
        "the internet sees {}; the router does not tell its own address ({})",
        "外からは {} に見えます。ルーターは自身のアドレスを答えません({})",
    ),
    (
        "compare with the internet address on the router's pages: if they differ, it is CGNAT",
        "ルーターの設定画面の WAN 側アドレスと比べてください。異なれば CGNAT です",
    ),
    (
        "the router has {}; no server told what the internet sees ({})",
        "ルーターのアドレスは {} です。外からどう見えるかは確認できませんでした({})",
    ),
    (
        "neither the router nor a server told the address ({}; {})",
        "ルーターからもサーバーからもアドレスを得られませんでした({}、{})",
    ),
    (
        "ask the provider for a public IPv4 address; many give one for nothing or a small sum",
        "プロバイダーにグローバル IPv4 アドレスを依頼してください。無料または少額で提供されることがあります",
    ),
    (
        "Google's own `colab ssh` (package google-colab-cli, on a laptop) needs no open port",
        "Google の `colab ssh`(ノート PC で google-colab-cli を使用)なら、ポートの公開は不要です",
    ),
    (
        "the desktop and the keeping of the notebook need no open port either: leave the tunnel off",
        "デスクトップとノートブックの維持にもポートの公開は不要です。トンネルはオフのままにしてください",
    ),
    (
        "the router must forward TCP port {} to port 22 of {}: see docs/guide/router.md",
        "ルーターで TCP ポート {} を {} のポート 22 に転送してください(docs/guide/router.md)",
    ),
    (
        "{}, port {}: this device's sshd answers",
        "{} のポート {}: この機器の sshd が応答します",
    ),
    (
        "{}, port {}: another machine's sshd answers",
        "{} のポート {}: 別の機器の sshd が応答します",
    ),
    (
        "{}, port {}: what answers is no sshd",
        "{} のポート {}: sshd ではないものが応答します",
    ),
    (
        "{}, port {}: {} from inside, but a Colab machine has come in",
        "{} のポート {}: 内側からは「{}」ですが、Colab マシンは接続できています",
    ),
    (
        "{}, port {}: {} from inside; many routers do not lead back in",
        "{} のポート {}: 内側からは「{}」です。内側からの折り返しに対応しないルーターは多くあります",
    ),
    (
        "try from outside, such as a laptop on a phone's hotspot: `ssh-keyscan -p {} {}`",
        "外部(スマートフォンのテザリングなど)から試してください: `ssh-keyscan -p {} {}`",
    ),
    (
        "with MAP-E (such as v6plus) only some ports are yours: set tunnel.public_port to one of them",
        "MAP-E(v6プラスなど)では使えるポートが限られます。tunnel.public_port をその一つにしてください",
    ),
    (
        "the router says that it has opened port {} ({})",
        "ルーターはポート {} を開いたと答えています({})",
    ),
    (
        "the router has not opened the port: {}",
        "ルーターはポートを開いていません: {}",
    ),
    (
        "nobody asks the router: `systemctl status keeper-router` says why",
        "ルーターへの依頼が動作していません。`systemctl status keeper-router` で理由が分かります",
    ),
    ("this device", "この機器"),
    ("refused", "拒否"),
    ("no answer", "応答なし"),
    ("unreachable ({})", "到達不可({})"),
    ("closed at once", "すぐに切断"),
    ("not to be told", "不明"),
];
