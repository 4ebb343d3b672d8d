//! The help texts in Japanese. The examples are the same; what stands behind them is not.

/// English as clap has it, and Japanese.
pub(super) const TABLE: &[(&str, &str)] = &[
    ("Looks after Colab Keeper on this device", "この機器の Colab Keeper を管理します"),
    (
        "Examples:
  keeper status               how is it?
  keeper status --watch       the same, until Ctrl-C
  keeper reload               reload all notebooks now
  keeper renew                keep them for another keep_hours
  keeper screenshot a.png     what does the desktop show?
  keeper doctor               can the Colab machine come in?
  keeper config check         is /etc/keeper/keeper.toml right?
  sudo keeper apply           put /etc/keeper/keeper.toml in force
  keeper shell                a shell on the Colab machine

Root, the desktop and members of the group keeper-people may ask keeperd.

Exit status:
  0  done
  1  failed; the reason is on stderr
  2  wrong usage",
        "例:
  keeper status               現在の状態
  keeper status --watch       Ctrl-C まで表示し続ける
  keeper reload               すべてのノートブックを今すぐ再読み込み
  keeper renew                これから keep_hours の間、維持する
  keeper screenshot a.png     デスクトップの画像
  keeper doctor               Colab マシンからの経路の診断
  keeper config check         /etc/keeper/keeper.toml の確認
  sudo keeper apply           /etc/keeper/keeper.toml の反映
  keeper shell                Colab マシンのシェル

keeperd を操作できるのは、root、デスクトップ、グループ keeper-people のメンバーです。

終了ステータス:
  0  成功
  1  失敗(理由は標準エラー出力に表示)
  2  使い方の誤り",
    ),
    ("Shows what keeperd is doing; fails when it does not answer", "keeperd の状態を表示します。応答がなければ失敗します"),
    (
        "Examples:
  keeper status
  keeper status --watch
  keeper status --json | jq -r .state
  keeper status --json --watch | jq --unbuffered -r .reason",
        "例:
  keeper status
  keeper status --watch
  keeper status --json | jq -r .state
  keeper status --json --watch | jq --unbuffered -r .reason",
    ),
    ("Print JSON", "JSON で表示します"),
    ("Look again every 2 seconds, until Ctrl-C", "Ctrl-C まで、2 秒ごとに表示し直します"),
    ("Where keeperd listens", "keeperd のソケットの場所"),
    ("Reloads one notebook now, or all of them", "ノートブックを今すぐ再読み込みします"),
    (
        "Examples:
  keeper reload       all notebooks
  keeper reload 2     the second one",
        "例:
  keeper reload       すべてのノートブック
  keeper reload 2     2 番目のノートブック",
    ),
    ("Its number in `keeper status`; without it, all", "`keeper status` に表示される番号。省略するとすべて"),
    ("Reloads nothing more until `keeper resume`", "`keeper resume` まで再読み込みを止めます"),
    ("Example:\n  keeper pause", "例:\n  keeper pause"),
    ("Ends a pause", "一時停止を終えます"),
    ("Example:\n  keeper resume", "例:\n  keeper resume"),
    (
        "Keeps the notebooks for another keep_hours from now on",
        "これから keep_hours の間、ノートブックを維持します",
    ),
    ("Example:\n  keeper renew && keeper status", "例:\n  keeper renew && keeper status"),
    ("Keeps one more notebook open, until it is closed", "ノートブックをもう 1 つ、閉じるまで開いておきます"),
    (
        "Example:
  keeper open 'https://colab.research.google.com/drive/…'

Notebooks for every day belong into /etc/keeper/keeper.toml.",
        "例:
  keeper open 'https://colab.research.google.com/drive/…'

いつも開いておくノートブックは /etc/keeper/keeper.toml に書きます。",
    ),
    ("The notebook's address", "ノートブックの URL"),
    (
        "Keeps a notebook no longer that `keeper open` has opened",
        "`keeper open` で開いたノートブックの維持をやめます",
    ),
    (
        "Example:\n  keeper close 'https://colab.research.google.com/drive/…'",
        "例:\n  keeper close 'https://colab.research.google.com/drive/…'",
    ),
    ("The notebook's address, as it was opened", "開いたときのノートブックの URL"),
    ("Starts the browser plainly, for a person to sign in", "ログインのために、ブラウザーを通常の状態で起動します"),
    (
        "Example:
  keeper sign-in       then sign in on the desktop
  keeper signed-in     back to keeping",
        "例:
  keeper sign-in       このあとデスクトップでログイン
  keeper signed-in     維持に戻る",
    ),
    ("Ends what `keeper sign-in` has begun", "`keeper sign-in` で始めた手続きを完了します"),
    ("Example:\n  keeper signed-in", "例:\n  keeper signed-in"),
    (
        "Shows the journal of keeperd, of the desktop and of the browser",
        "keeperd、デスクトップ、ブラウザーのログを表示します",
    ),
    (
        "Examples:
  keeper logs -n 50
  keeper logs -f
  keeper logs --since '1 hour ago'

Only root and members of the groups adm and systemd-journal can read the journal.",
        "例:
  keeper logs -n 50
  keeper logs -f
  keeper logs --since '1 hour ago'

ジャーナルを読めるのは、root と、グループ adm または systemd-journal のメンバーだけです。",
    ),
    ("Only the last lines", "最後の行だけ"),
    ("Go on with new lines as they come, until Ctrl-C", "Ctrl-C まで、新しい行を表示し続けます"),
    ("Only from this time on, as journalctl understands it", "この時刻以降だけ(journalctl の書式)"),
    ("The program that shows them", "表示に使うプログラム"),
    ("Where the journal is", "ジャーナルの場所"),
    ("Takes a picture of the desktop", "デスクトップの画像を保存します"),
    (
        "Examples:
  keeper screenshot desktop.png
  ssh pi keeper screenshot - > desktop.png",
        "例:
  keeper screenshot desktop.png
  ssh pi keeper screenshot - > desktop.png",
    ),
    ("Where to; a PNG. - is stdout", "保存先(PNG)。- は標準出力"),
    ("Puts the configuration in force, or takes it back", "設定を反映します。元に戻すこともできます"),
    (
        "Examples:
  sudo keeper apply           put /etc/keeper/keeper.toml in force
  sudo keeper apply --check   which files would change?
  sudo keeper apply --back    put in force again what was before",
        "例:
  sudo keeper apply           /etc/keeper/keeper.toml を反映
  sudo keeper apply --check   変更されるファイルの一覧
  sudo keeper apply --back    以前の設定に戻す",
    ),
    (
        "Change nothing; check the configuration and print the files that would change",
        "何も変更せずに設定を確認し、変更されるファイルを表示します",
    ),
    ("Put in force again what was before", "以前の設定に戻します"),
    ("The program that does it", "反映に使うプログラム"),
    (
        "Makes this device new again: removes people, settings and secrets, and restarts it",
        "この機器を初期化します。ユーザー、設定、秘密の情報を削除して再起動します",
    ),
    (
        "Examples:
  sudo keeper reset         asks for the device's name first
  sudo keeper reset --yes

Without SSH: put an empty file keeper-reset.txt on the boot partition and start the device.",
        "例:
  sudo keeper reset         最初に機器の名前を確認
  sudo keeper reset --yes

SSH を使えないときは、ブートパーティションに空のファイル keeper-reset.txt を置いて起動してください。",
    ),
    ("Do not ask", "確認しません"),
    ("Checks or shows the configuration", "設定を確認または表示します"),
    (
        "Checks a configuration and lists everything that is wrong with it",
        "設定を確認し、誤りをすべて表示します",
    ),
    (
        "Examples:
  keeper config check
  keeper config check ./keeper.toml && sudo install -o root -g keeperd -m 640 ./keeper.toml /etc/keeper/",
        "例:
  keeper config check
  keeper config check ./keeper.toml && sudo install -o root -g keeperd -m 640 ./keeper.toml /etc/keeper/",
    ),
    ("The file to check", "確認するファイル"),
    ("Prints a configuration with every default filled in", "省略時の値を補った設定を表示します"),
    (
        "Example:\n  keeper config show | grep reload_minutes",
        "例:\n  keeper config show | grep reload_minutes",
    ),
    ("The file to read", "読み込むファイル"),
    ("Enrols Colab machines, lists them, revokes them", "Colab マシンを登録・一覧・取り消しします"),
    (
        "Writes the notebook that has a Colab machine dial in. There is no secret in it",
        "Colab マシンから接続するためのノートブックを書き出します。秘密の情報は含まれません",
    ),
    (
        "Examples:
  keeper notebook --out keeper.ipynb
  ssh pi keeper notebook > keeper.ipynb     then open it in Colab",
        "例:
  keeper notebook --out keeper.ipynb
  ssh pi keeper notebook > keeper.ipynb     その後 Colab で開く",
    ),
    ("Where to [default: stdout]", "書き出し先 [既定: 標準出力]"),
    (
        "The configuration that says which machine to ask for",
        "要求するマシンを指定する設定ファイル",
    ),
    (
        "Enters the Colab machine: one session for all, which waits for it and joins it again",
        "Colab マシンに入ります。セッションは全員で 1 つで、切れても自動で戻ります",
    ),
    (
        "Examples:
  keeper shell                        F12 leaves; what runs there runs on
  keeper shell --run nvidia-smi
  keeper shell --run 'tar c out' > out.tar",
        "例:
  keeper shell                        F12 で離れる(実行中の処理は続く)
  keeper shell --run nvidia-smi
  keeper shell --run 'tar c out' > out.tar",
    ),
    (
        "Run a command there instead, with our stdin and stdout; ends as it ends",
        "代わりにコマンドを実行し、その終了コードで終わります",
    ),
    (
        "Prints what a laptop's ~/.ssh/config needs to reach the Colab machine through this device",
        "この機器を経由して Colab マシンに接続するための ~/.ssh/config を表示します",
    ),
    (
        "Examples:
  ssh pi keeper ssh-config >> ~/.ssh/config
  ssh pi keeper ssh-config --known-hosts > ~/.ssh/known_hosts_colab
  ssh colab
  rsync -a data colab:",
        "例:
  ssh pi keeper ssh-config >> ~/.ssh/config
  ssh pi keeper ssh-config --known-hosts > ~/.ssh/known_hosts_colab
  ssh colab
  rsync -a data colab:",
    ),
    (
        "Print the keys by which it knows the machines instead",
        "代わりに、マシンを識別する鍵を表示します",
    ),
    (
        "The configuration that says where this device is reached",
        "この機器の外部アドレスを指定する設定ファイル",
    ),
    ("The enrolled machines", "登録されたマシンのファイル"),
    (
        "Enrols a Colab machine, and prints the one line to paste there. It is a secret",
        "Colab マシンを登録し、貼り付ける 1 行を表示します。秘密の情報です",
    ),
    (
        "Examples:
  sudo keeper tunnel enrol
  sudo keeper tunnel enrol --name gpu --days 7",
        "例:
  sudo keeper tunnel enrol
  sudo keeper tunnel enrol --name gpu --days 7",
    ),
    ("What to call it [default: colab]", "名前 [既定: colab]"),
    (
        "Days until it ends [default: tunnel.days of keeper.toml]",
        "有効日数 [既定: keeper.toml の tunnel.days]",
    ),
    (
        "Where this device is reached from the internet [default: tunnel.address or ddns.name of keeper.toml]",
        "この機器の外部アドレス [既定: keeper.toml の tunnel.address か ddns.name]",
    ),
    ("Lists the enrolled machines", "登録されたマシンを一覧表示します"),
    (
        "Example:
  keeper tunnel keys",
        "例:
  keeper tunnel keys",
    ),
    ("Revokes an enrolment and ends its connection", "登録を取り消し、その接続を切断します"),
    (
        "Example:
  sudo keeper tunnel revoke 1f2e3d4c",
        "例:
  sudo keeper tunnel revoke 1f2e3d4c",
    ),
    (
        "Which, as `keeper tunnel keys` lists it; its beginning is enough",
        "`keeper tunnel keys` で表示される ID(先頭の数文字でも可)",
    ),
    (
        "Looks at the way from the internet to the Colab machine, and says what to mend",
        "インターネットから Colab マシンまでの経路を診断し、直し方を表示します",
    ),
    (
        "Examples:
  keeper doctor
  keeper doctor --json | jq -r '.[] | select(.verdict == \"failed\") | .step'

Every step is ok, failed or not tested. One that failed makes the exit status 1.
It asks api.ipify.org for the address that the internet sees.",
        "例:
  keeper doctor
  keeper doctor --json | jq -r '.[] | select(.verdict == \"failed\") | .step'

各項目は「正常」「異常」「未確認」のいずれかです。異常があれば終了ステータスは 1 です。
外から見たアドレスは api.ipify.org に問い合わせます。",
    ),
    ("Print JSON, in English", "JSON で表示します(英語)"),
    ("The configuration", "設定ファイル"),
    ("Who tells the address", "アドレスの問い合わせ先"),
];
