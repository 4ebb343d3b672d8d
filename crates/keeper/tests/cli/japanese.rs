//! The same in Japanese, when the environment asks for it.

use crate::harness::{StandIn, answered, command, idle, statuses, stderr, stdout};
use control::{
    Gpu, KeepStatus, KioskState, KioskStatus, NotebookState, NotebookStatus, TunnelState,
    TunnelStatus,
};

#[test]
fn a_status_lines_up_in_japanese_too() {
    let mut status = idle();
    status.kiosk = Some(KioskStatus {
        state: KioskState::Running,
        detail: Some("Chrome/120.0".into()),
        for_seconds: 61,
        restarts: 1,
    });
    status.notebooks = vec![NotebookStatus {
        number: 1,
        url: "https://a.example/".into(),
        state: NotebookState::SignedOut,
        reason: "sign-in page".into(),
        for_seconds: 7200,
        reloads: 3,
        last_reload_seconds: Some(600),
        next_reload_seconds: None,
        opened: false,
    }];
    status.keep = Some(KeepStatus {
        hours: 12,
        left_seconds: 0,
        paused: false,
        person: true,
        signing_in: false,
    });
    status.tunnel = Some(TunnelStatus {
        state: TunnelState::Up,
        for_seconds: 60,
        detail: None,
        connected_seconds: Some(62),
        round_trip_us: Some(31_000),
        gpu: Some(Gpu {
            name: "Tesla T4".into(),
            memory_mib: 15_360,
        }),
    });
    let keeperd = StandIn::new(statuses(1, &status));
    let mut command = keeperd.command(&["status"]);
    let output = command
        .env("LANG", "ja_JP.UTF-8")
        .output()
        .expect("starting keeper");
    assert!(output.status.success(), "{output:?}");
    let expected = "\
keeperd        0.1.0、pid 7、稼働時間 5 秒
状態           待機中: no notebook configured
設定           /x: 有効
ブラウザー     応答しています(1 分 前から)、再起動の要求: 1 回 (Chrome/120.0)
ノートブック 1 ログインが必要です(2 時間 0 分 前から): sign-in page
               https://a.example/
               再読み込み: 3 回、前回は 10 分 前
維持           12 時間が終わりました。`keeper renew` で更新できます
               デスクトップの使用中は再読み込みしません
トンネル       Colab マシンは応答しています(1 分 前から)
               接続時間 1 分、往復 31 ミリ秒、GPU Tesla T4、15360 MiB
";
    assert_eq!(stdout(&output), expected);
}

#[test]
fn errors_and_hints_are_in_japanese() {
    let keeperd = StandIn::absent();
    let mut command = keeperd.command(&["pause"]);
    let output = command
        .env("LC_ALL", "ja_JP.UTF-8")
        .output()
        .expect("starting keeper");
    assert_eq!(output.status.code(), Some(1));
    let said = stderr(&output);
    assert!(
        said.starts_with("エラー: keeperd が動作していません: "),
        "{said}"
    );
    assert!(
        said.ends_with("ヒント: `systemctl status keeperd` で理由が分かります\n"),
        "{said}"
    );

    let refusal = b"{\"reply\":\"error\",\"message\":\"no\"}\n";
    let keeperd = StandIn::new(answered("{\"ask\":\"pause\"}", refusal));
    let mut command = keeperd.command(&["pause"]);
    let output = command.env("LANG", "ja").output().expect("starting keeper");
    assert_eq!(stderr(&output), "エラー: keeperd が拒否しました: no\n");
}

#[test]
fn help_is_in_japanese_and_what_scripts_read_is_not() {
    for (arguments, part) in [
        (&["--help"][..], "終了ステータス:"),
        (&["status", "--help"], "keeperd の状態を表示します"),
        (&["config", "check", "--help"], "確認するファイル"),
    ] {
        let output = command(arguments).env("LANG", "ja_JP.UTF-8").output();
        let help = stdout(&output.expect("starting keeper"));
        assert!(help.contains(part), "{part}: {help}");
    }
    let keeperd = StandIn::new(statuses(1, &idle()));
    let mut command = keeperd.command(&["status", "--json"]);
    let output = command
        .env("LANG", "ja_JP.UTF-8")
        .output()
        .expect("starting keeper");
    let status: control::Status = control::from_line(&output.stdout).expect("JSON");
    assert_eq!(status, idle());
}
