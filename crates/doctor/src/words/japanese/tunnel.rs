//! What is said of the tunnel.

/// English as it stands in the code, and Japanese.
pub(super) const TABLE: &[(&str, &str)] = &[
    (
        "`systemctl status ssh` says why",
        "`systemctl status ssh` で理由が分かります",
    ),
    (
        "it answers, with this device's key",
        "この機器の鍵で応答します",
    ),
    (
        "it answers with another key than the device's",
        "この機器のものではない鍵で応答します",
    ),
    (
        "`sudo systemctl restart ssh` has it read the key anew",
        "`sudo systemctl restart ssh` で鍵を読み込み直します",
    ),
    (
        "it answers, but the device's key is missing",
        "応答しますが、機器の鍵が見つかりません",
    ),
    (
        "`systemctl status keeper-host-key` says why",
        "`systemctl status keeper-host-key` で理由が分かります",
    ),
    (
        "port 22 is another program's",
        "ポート 22 は別のプログラムが使用しています",
    ),
    (
        "`sudo ss -tlnp sport = 22` shows whose",
        "`sudo ss -tlnp sport = 22` で分かります",
    ),
    (
        "nothing listens at port 22",
        "ポート 22 で待ち受けているものがありません",
    ),
    (
        "port 22 is open, but nobody answers",
        "ポート 22 は開いていますが、応答がありません",
    ),
    (
        "fail2ban may have banned this address: `sudo fail2ban-client status sshd`",
        "fail2ban がこのアドレスを遮断しているかもしれません: `sudo fail2ban-client status sshd`",
    ),
    (
        "`sudo keeper tunnel enrol` makes a new one; put it into the notebook's secrets",
        "`sudo keeper tunnel enrol` で新しく作り、ノートブックのシークレットに登録してください",
    ),
    (
        "the list of keys cannot be read: {}",
        "鍵の一覧を読めません: {}",
    ),
    (
        "keys in force: {}; {} is good for another {}",
        "有効な鍵: {}。{} はあと {} 有効です",
    ),
    (
        "no Colab machine is enrolled",
        "Colab マシンが登録されていません",
    ),
    ("the key {} was revoked", "鍵 {} は取り消されています"),
    (
        "the key {} expired {} ago",
        "鍵 {} は {} 前に期限切れになりました",
    ),
    (
        "a Colab machine is connected, at port {}",
        "Colab マシンが接続されています(ポート {})",
    ),
    (
        "no Colab machine is connected",
        "Colab マシンが接続されていません",
    ),
    (
        "run all cells of the notebook that `keeper notebook` writes, and read what its cell 4 shows",
        "`keeper notebook` が作るノートブックのセルをすべて実行し、セル 4 の表示を確認してください",
    ),
    (
        "`journalctl -u ssh -n 30` shows who has knocked",
        "`journalctl -u ssh -n 30` で接続の試みが分かります",
    ),
    (
        "port {} is taken by a program of account {}",
        "ポート {} はアカウント {} のプログラムが使用しています",
    ),
    (
        "`sudo ss -tlnp sport = {}` shows which; end it, or set another tunnel.entrance",
        "`sudo ss -tlnp sport = {}` で確認し、終了させるか、別の tunnel.entrance を設定してください",
    ),
    (
        "stop the notebook's cell 4, then run its cells 2 to 4 again",
        "ノートブックのセル 4 を停止し、セル 2 から 4 をもう一度実行してください",
    ),
    (
        "its sshd answers, with the key that was enrolled",
        "sshd が、登録した鍵で応答します",
    ),
    (
        "its sshd has another key than the one enrolled: it may be somebody else's machine",
        "sshd の鍵が登録したものと異なります。別人のマシンかもしれません",
    ),
    (
        "`sudo keeper tunnel revoke ID`, then `sudo keeper tunnel enrol`, for a fresh pair of keys",
        "`sudo keeper tunnel revoke ID`、続けて `sudo keeper tunnel enrol` で鍵を作り直してください",
    ),
    (
        "its sshd answers, but no key of it is known here",
        "sshd は応答しますが、その鍵がこの機器に登録されていません",
    ),
    (
        "`sudo keeper apply` writes the known keys anew",
        "`sudo keeper apply` で既知の鍵を書き直します",
    ),
    (
        "what answers there is no sshd",
        "応答したのは sshd ではありません",
    ),
    (
        "this account may not open the entrance",
        "このアカウントはトンネルの入口に接続できません",
    ),
    (
        "run `keeper doctor` without sudo, as a member of keeper-people",
        "sudo を付けず、keeper-people のメンバーとして `keeper doctor` を実行してください",
    ),
    (
        "it does not answer: the machine may be gone; the entrance is free again within a minute",
        "応答がありません。マシンがなくなった可能性があります。入口は 1 分以内に空きます",
    ),
    (
        "the tunnel stands, but no sshd listens on the machine",
        "トンネルはつながっていますが、マシンで sshd が動作していません",
    ),
    ("it has {}", "{}"),
    (
        "the machine has none, though the notebook asks for one",
        "ノートブックは GPU を要求していますが、マシンにありません",
    ),
    (
        "in Colab: Runtime, Change runtime type, GPU; there may be none left for this plan",
        "Colab の「ランタイムのタイプを変更」で GPU を選んでください。プランの割り当てが残っていない場合もあります",
    ),
    (
        "none, and none is asked for",
        "ありません(要求もしていません)",
    ),
    ("it could not be asked: {}", "確認できませんでした: {}"),
    ("the tunnel is off", "トンネルはオフです"),
    (
        "tunnel.enabled and tunnel.paid_plan_confirmed switch it on; Colab allows SSH only on a paid plan",
        "tunnel.enabled と tunnel.paid_plan_confirmed でオンになります。Colab では SSH は有料プランでのみ許可されています",
    ),
];
