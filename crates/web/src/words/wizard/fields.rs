//! What each field is called, and what it takes.

use crate::words::pick;
use config::Language;
use setup::Field;

/// What a field is called.
pub(crate) fn label(field: Field, language: Language) -> &'static str {
    let (english, japanese) = match field {
        Field::Language => ("Language", "言語"),
        Field::Keyboard => ("Keyboard", "キーボード"),
        Field::Timezone => ("Time zone", "タイムゾーン"),
        Field::Hostname => ("Name on the network", "ネットワーク上の名前"),
        Field::WifiCountry => ("Country", "国または地域"),
        Field::WifiName => ("Name of the Wi-Fi network (SSID)", "Wi-Fi の名前(SSID)"),
        Field::Wifi => ("Wi-Fi password", "Wi-Fi のパスワード"),
        Field::WifiOpen => (
            "The network has no password",
            "パスワードのないネットワーク",
        ),
        Field::Owner => ("User name", "ユーザー名"),
        Field::Password => ("Password", "パスワード"),
        Field::Again => ("Password again", "パスワード(確認)"),
        Field::Keys => ("SSH public keys", "SSH の公開鍵"),
        Field::PasswordLogin => (
            "Allow SSH logins with the password too",
            "SSH でパスワードによるログインも許可する",
        ),
        Field::Runtime => ("Runtime", "実行環境"),
        Field::Notebooks => ("Addresses of the notebooks", "ノートブックの URL"),
        Field::ReloadMinutes => ("Minutes between reloads", "再読み込みの間隔(分)"),
        Field::Tunnel => ("Switch the tunnel on", "トンネルを有効にする"),
        Field::PaidPlan => (
            "I have a paid Colab plan with a positive balance of compute units",
            "有料プランに加入していて、コンピューティング ユニットの残高があります",
        ),
        Field::Entrance => ("Port on the device", "機器のポート"),
        Field::PublicPort => ("Port on the router", "ルーターのポート"),
        Field::Address => (
            "Name or address of the router",
            "ルーターの名前またはアドレス",
        ),
        Field::DdnsProvider => ("Dynamic DNS provider", "公開名のプロバイダー"),
        Field::DdnsName => ("Public name", "公開名"),
        Field::DdnsServer => ("Update server", "更新サーバー"),
        Field::DdnsZone => ("Zone", "ゾーン"),
        Field::DdnsUser => ("Account at the provider", "プロバイダーのアカウント"),
        Field::Ddns => (
            "Token or password of the provider",
            "プロバイダーのトークンまたはパスワード",
        ),
        Field::Router => (
            "Have the router open the port",
            "ルーターのポートを自動で開放する",
        ),
        Field::Approver => ("Administrator’s user name", "管理者のユーザー名"),
        Field::Approval => ("Administrator’s password", "管理者のパスワード"),
    };
    pick(language, english, japanese)
}

/// What it takes, in a sentence; empty where the label says it all.
pub(crate) fn hint(field: Field, language: Language) -> &'static str {
    let (english, japanese) = match field {
        Field::Language | Field::Runtime | Field::Again | Field::Approval => ("", ""),
        Field::Keyboard => (
            "The layout of the keyboard in front of you.",
            "お手元のキーボードの配列です。",
        ),
        Field::Timezone => (
            "Type a few letters of the nearest large city, such as Tokyo.",
            "近くの大きな都市の英語名を数文字入力してください(例: Tokyo)。",
        ),
        Field::Hostname => (
            "Lower-case letters, digits and hyphens. Other computers find the device as this name and “.local”.",
            "英小文字、数字、ハイフンが使えます。ほかのパソコンからは、この名前に「.local」を付けて接続します。",
        ),
        Field::WifiCountry => (
            "It decides which radio channels may be used.",
            "使用できる無線チャンネルが決まります。",
        ),
        Field::WifiName => (
            "Exactly as the router has it: capital letters count.",
            "ルーターの表示どおりに入力してください。大文字と小文字は区別されます。",
        ),
        Field::Wifi => ("8 to 63 characters.", "8~63 文字です。"),
        Field::WifiOpen => (
            "Everybody nearby can listen to such a network.",
            "通信が保護されないため、ほかの人に読み取られるおそれがあります。",
        ),
        Field::Owner => (
            "Lower-case letters, digits, - and _, beginning with a letter. You log in with it.",
            "英小文字で始め、英小文字、数字、-、_ が使えます。ログインに使います。",
        ),
        Field::Password => (
            "At least 10 characters. A few words in a row are easy to remember.",
            "10 文字以上です。単語をいくつか並べると覚えやすくなります。",
        ),
        Field::Keys => (
            "One per line, such as “ssh-ed25519 AAAA… name”: what is in the file whose name ends in .pub.",
            "1 行に 1 つずつ「ssh-ed25519 AAAA… 名前」のように入力します。名前が .pub で終わるファイルの内容です。",
        ),
        Field::PasswordLogin => (
            "Keys are safer. Remote desktop asks for the password in any case.",
            "鍵のほうが安全です。リモートデスクトップでは常にパスワードを使います。",
        ),
        Field::Notebooks => (
            "One per line, as the browser’s address bar shows it. It can wait until later.",
            "1 行に 1 つずつ、ブラウザーのアドレスバーのとおりに入力します。あとで設定することもできます。",
        ),
        Field::ReloadMinutes => (
            "From 1 to 1440. 10 is a good number.",
            "1~1440 です。通常は 10 のままで問題ありません。",
        ),
        Field::Tunnel => (
            "Nothing but SSH goes through it.",
            "SSH 以外の通信は通りません。",
        ),
        Field::PaidPlan => (
            "The tunnel cannot be switched on without it.",
            "確認いただけない場合、トンネルは有効にできません。",
        ),
        Field::Entrance => (
            "From 1024 to 65535. The tunnel ends there; nobody else on the network can reach it.",
            "1024~65535 です。トンネルの出口で、ほかの機器からは接続できません。",
        ),
        Field::PublicPort => (
            "From 1 to 65535. The router leads it to port 22 of the device.",
            "1~65535 です。ルーターがこのポートを機器のポート 22 に転送します。",
        ),
        Field::Address => (
            "Where it is reached from the internet. Leave it empty to use the public name below.",
            "インターネットから接続するときの宛先です。空のままにすると、下の公開名を使います。",
        ),
        Field::DdnsProvider => (
            "It follows the router’s address when that changes.",
            "ルーターのアドレスが変わっても、この名前で接続できます。",
        ),
        Field::DdnsName => (
            "The whole name in lower-case letters, such as home.dedyn.io or home.duckdns.org.",
            "英小文字の完全な名前です(例: home.dedyn.io、home.duckdns.org)。",
        ),
        Field::DdnsServer => (
            "The provider’s pages name it, such as update.example.org.",
            "プロバイダーの案内にある名前です(例: update.example.org)。",
        ),
        Field::DdnsZone => (
            "The domain at Cloudflare that the name is in, such as example.org.",
            "公開名が属する Cloudflare のドメインです(例: example.org)。",
        ),
        Field::DdnsUser => (
            "What you log in with there.",
            "プロバイダーへのログインに使う名前です。",
        ),
        Field::Ddns => (
            "Without spaces, quotes, backslashes and #.",
            "空白、引用符、バックスラッシュ、# は使えません。",
        ),
        Field::Router => (
            "Works with routers that know UPnP, NAT-PMP or PCP. Otherwise forward the port by hand.",
            "UPnP、NAT-PMP、PCP に対応したルーターで使えます。対応していない場合は手動で転送を設定してください。",
        ),
        Field::Approver => (
            "Somebody who may use sudo on the device.",
            "この機器で sudo を使える人の名前です。",
        ),
    };
    pick(language, english, japanese)
}
