//! Every sentence in Japanese. A `{}` is a value; their order is the same in both languages.

/// English as it stands in the code, and Japanese.
pub(super) const TABLE: &[(&str, &str)] = &[
    // Errors and hints.
    ("error:", "エラー:"),
    ("hint:", "ヒント:"),
    (
        "keeperd is not running: connecting to {}",
        "keeperd が動作していません: {} に接続できません",
    ),
    (
        "not allowed to talk to keeperd: connecting to {}",
        "keeperd に接続する権限がありません: {}",
    ),
    (
        "keeperd does not answer within {} s",
        "keeperd から {} 秒以内に応答がありません",
    ),
    ("talking to keeperd", "keeperd との通信に失敗しました"),
    (
        "keeperd's answer makes no sense",
        "keeperd の応答を理解できません",
    ),
    (
        "keeperd answered something else than it was asked",
        "keeperd から質問と異なる応答がありました",
    ),
    ("keeperd refuses: {}", "keeperd が拒否しました: {}"),
    (
        "`systemctl status keeperd` says why",
        "`systemctl status keeperd` で理由が分かります",
    ),
    (
        "use sudo, or an account in the group keeper-people",
        "sudo を使うか、グループ keeper-people のアカウントを使ってください",
    ),
    (
        "`journalctl -u keeperd -n 20` may say more",
        "`journalctl -u keeperd -n 20` で詳細が分かる場合があります",
    ),
    ("writing to stdout", "標準出力に書き込めません"),
    ("starting {}", "{} を起動できません"),
    (
        "this works on the device itself; `keeper config check FILE` works everywhere",
        "これは機器の上でのみ動作します。`keeper config check FILE` はどこでも使えます",
    ),
    (
        "this works on the device itself, which has systemd",
        "これは systemd のある機器の上でのみ動作します",
    ),
    (
        "not allowed to read the journal",
        "ジャーナルを読む権限がありません",
    ),
    (
        "use sudo, or an account in the group adm or systemd-journal: `sudo adduser NAME systemd-journal`",
        "sudo を使うか、グループ adm または systemd-journal のアカウントを使ってください: `sudo adduser NAME systemd-journal`",
    ),
    (
        "a picture is nothing for a terminal",
        "画像は端末に表示できません",
    ),
    ("{} is there and is no file", "{} はファイルではありません"),
    (
        "what keeperd sent is no PNG",
        "keeperd から届いたものは PNG ではありません",
    ),
    (
        "the picture broke off after {} bytes",
        "画像が {} バイトで途切れました",
    ),
    ("the picture does not end", "画像が終わりません"),
    ("writing {}", "{} に書き込めません"),
    (
        "`keeper screenshot FILE.png` writes a file",
        "`keeper screenshot FILE.png` でファイルに保存できます",
    ),
    (
        "try again; `keeper logs -n 20` may say more",
        "もう一度試してください。`keeper logs -n 20` で詳細が分かる場合があります",
    ),
    ("the configuration has problems", "設定に問題があります"),
    (
        "use sudo, or an account in the group keeperd",
        "sudo を使うか、グループ keeperd のアカウントを使ってください",
    ),
    (
        "`keeper config check FILE` checks another file than {}",
        "`keeper config check FILE` で {} 以外のファイルを確認できます",
    ),
    (
        "mend the lines named above, then `keeper config check {}` again",
        "上の行を修正してから、もう一度 `keeper config check {}` を実行してください",
    ),
    ("{}: ok", "{}: 問題ありません"),
    ("catching Ctrl-C", "Ctrl-C を受け取る準備ができません"),
    (
        "This removes all people with their homes, all settings and all secrets of this device, for ever.",
        "この機器のすべてのユーザーとそのホーム、設定、秘密の情報が完全に削除されます。元に戻すことはできません。",
    ),
    (
        "Type the name of the device to go on:",
        "続けるには、この機器の名前を入力してください:",
    ),
    // The status.
    ("keeperd", "keeperd"),
    ("state", "状態"),
    ("config", "設定"),
    ("browser", "インストール"),
    ("kiosk", "ブラウザー"),
    ("network", "ネットワーク"),
    ("pages", "ページ"),
    ("notebook {}", "ノートブック {}"),
    ("keeping", "維持"),
    ("{}, pid {}, up {}", "{}、pid {}、稼働時間 {}"),
    ("idle", "待機中"),
    ("waiting", "準備中"),
    ("keeping the notebooks open", "ノートブックを維持しています"),
    ("a person is needed", "人の操作が必要です"),
    ("paused", "一時停止中"),
    ("misconfigured", "設定に誤りがあります"),
    ("1 problem", "問題が 1 件あります"),
    ("{} problems", "問題が {} 件あります"),
    ("{}: in force", "{}: 有効"),
    (
        "{}: {}; the earlier one stays in force",
        "{}: {}。以前の設定が有効です",
    ),
    ("{}: {}; none is in force", "{}: {}。有効な設定がありません"),
    ("the browser is starting", "起動しています"),
    ("the browser answers", "応答しています"),
    ("the browser does not answer", "応答しません"),
    ("no browser has come up", "起動していません"),
    ("{}, for {}", "{}({} 前から)"),
    (", restarts asked for: {}", "、再起動の要求: {} 回"),
    ("notebook {}: {}, for {}", "ノートブック {}: {}({} 前から)"),
    ("none: {}", "ありません: {}"),
    ("starting", "起動中"),
    ("open", "開いています"),
    ("reloading", "再読み込み中"),
    ("signed out", "ログインが必要です"),
    ("crashed", "異常終了しました"),
    ("offline", "接続できません"),
    ("its hours are over", "維持する時間が終わりました"),
    ("{}, for {}: {}", "{}({} 前から): {}"),
    ("{} (until `keeper close`)", "{}(`keeper close` まで)"),
    ("reloads: {}", "再読み込み: {} 回"),
    (", the last one {} ago", "、前回は {} 前"),
    (", the next one in {}", "、次回は {} 後"),
    ("{} of {} h are left", "残り {}(全 {} 時間)"),
    (
        "the {} h are over: `keeper renew` begins them anew",
        "{} 時間が終わりました。`keeper renew` で更新できます",
    ),
    (
        "paused: `keeper resume` goes on",
        "一時停止中です。`keeper resume` で再開します",
    ),
    (
        "a person is using the desktop: nothing is reloaded",
        "デスクトップの使用中は再読み込みしません",
    ),
    (
        "waiting for a sign-in: `keeper signed-in` ends it",
        "ログインを待っています。`keeper signed-in` で完了します",
    ),
    ("tunnel", "トンネル"),
    (
        "no Colab machine is connected",
        "Colab マシンは接続されていません",
    ),
    (
        "the entrance is taken by a program of this device",
        "入口のポートをこの機器のプログラムが使っています",
    ),
    (
        "a Colab machine has dialled in and is being asked",
        "Colab マシンから接続があり、確認しています",
    ),
    ("the Colab machine answers", "Colab マシンは応答しています"),
    (
        "what is connected is not the machine that was enrolled",
        "接続しているのは登録されたマシンではありません",
    ),
    (
        "the machine does not take this device's key",
        "マシンがこの機器の鍵を受け付けません",
    ),
    (
        "no sshd answers on the machine",
        "マシンの sshd が応答しません",
    ),
    ("the machine does not answer", "マシンが応答しません"),
    (
        "the machine cannot be asked",
        "マシンの状態を確認できません",
    ),
    ("connected for {}", "接続時間 {}"),
    ("round trip {} ms", "往復 {} ミリ秒"),
    ("GPU {}, {} MiB", "GPU {}、{} MiB"),
    (", ", "、"),
    (
        "`keeper doctor` looks at the whole way",
        "`keeper doctor` で経路全体を調べられます",
    ),
    // The doctor.
    ("ok", "正常"),
    ("failed", "異常"),
    ("not tested", "未確認"),
    ("steps that failed: {}", "異常のある項目: {}"),
    (
        "mend the first one that failed, then `keeper doctor` again",
        "最初の異常を直してから、もう一度 `keeper doctor` を実行してください",
    ),
    (
        "looking; this takes up to a minute and a half",
        "調べています(最長 1 分半)",
    ),
    ("{} s", "{} 秒"),
    ("{} min", "{} 分"),
    ("{} h {} min", "{} 時間 {} 分"),
    ("{} d {} h", "{} 日 {} 時間"),
    // The tunnel.
    (
        "no machine is enrolled: `sudo keeper tunnel enrol`",
        "登録されたマシンはありません。`sudo keeper tunnel enrol` で登録できます",
    ),
    ("revoked at {}", "{} に取り消し済み"),
    ("good until {}", "{} まで有効"),
    ("; connected", "、接続中"),
    ("expired at {}", "{} に期限切れ"),
    ("reading {}", "{} を読み込めません"),
];
