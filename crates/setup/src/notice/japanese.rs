//! The notice in Japanese, for the file alone.

use super::{Notice, SETUP_NAME};
use crate::code::Code;

pub(super) fn lines(notice: &Notice<'_>) -> Vec<String> {
    match notice.code {
        Some(code) => to_set_up(notice, code),
        None => set_up(notice),
    }
}

fn to_set_up(notice: &Notice<'_>, code: &Code) -> Vec<String> {
    let mut lines = say(&["Colab Keeper: この機器はまだ設定されていません。", ""]);
    lines.extend(problems(notice));
    lines.extend(remarks(notice));
    lines.extend(without_address(notice));
    lines.extend(say(&[
        "同じネットワークにあるパソコンで、次の手順を行ってください。",
        "",
        "1. リモートデスクトップのアプリを開きます。リモート デスクトップ接続(Windows)、",
        "   Windows App(macOS)、Remmina(Linux)などを使えます。",
    ]));
    lines.push(format!("2. 接続先: {}", notice.local_name()));
    lines.extend(
        notice
            .addresses
            .iter()
            .map(|address| format!("   または: {address}")),
    );
    lines.extend(fingerprint(
        notice,
        "3. 証明書を承認する前に、フィンガープリントが次と同じであることを確認します。",
    ));
    lines.push(format!("4. ユーザー名: {SETUP_NAME}"));
    lines.push(format!("   パスワード: {}", code.reveal()));
    lines.extend(say(&[
        "",
        "このパスワードはこの機器だけのもので、設定が完了すると使えなくなります。",
    ]));
    lines
}

fn set_up(notice: &Notice<'_>) -> Vec<String> {
    let name = notice.local_name();
    let mut lines = say(&["Colab Keeper: この機器の設定は完了しています。", ""]);
    lines.extend(problems(notice));
    lines.extend(remarks(notice));
    lines.push(format!("名前: {name}"));
    lines.extend(
        notice
            .addresses
            .iter()
            .map(|address| format!("アドレス: {address}")),
    );
    lines.push(format!(
        "リモートデスクトップ: {name} に、自分のユーザー名とパスワードで接続します。"
    ));
    lines.push(format!("SSH: ssh ユーザー名@{name}"));
    lines.push(String::new());
    lines.extend(without_address(notice));
    lines.extend(fingerprint(
        notice,
        "リモートデスクトップの証明書のフィンガープリント:",
    ));
    lines.extend(say(&[
        "",
        "機器を譲るとき、または最初からやり直すときは、このファイルと同じ場所に",
        "keeper-reset.txt という空のファイルを作り、機器を起動してください。",
        "すべてのアカウントとそのファイル、すべての設定が削除されます。",
    ]));
    lines
}

fn problems(notice: &Notice<'_>) -> Vec<String> {
    if notice.problems.is_empty() {
        return Vec::new();
    }
    let mut lines = say(&[
        "ブートパーティションの keeper.toml は、次の理由で使用されませんでした。",
        "",
    ]);
    lines.extend(
        notice
            .problems
            .iter()
            .map(|problem| format!("   {problem}")),
    );
    lines.extend(say(&[
        "",
        "ファイルを修正して機器を再起動するか、ファイルを使わずに設定を続けてください。",
        "",
    ]));
    lines
}

fn remarks(notice: &Notice<'_>) -> Vec<String> {
    if notice.remarks.is_empty() {
        return Vec::new();
    }
    let mut lines = say(&["お知らせ:", ""]);
    lines.extend(notice.remarks.iter().map(|remark| format!("   {remark}")));
    lines.push(String::new());
    lines
}

fn without_address(notice: &Notice<'_>) -> Vec<String> {
    if !notice.addresses.is_empty() {
        return Vec::new();
    }
    say(&[
        "機器にはまだネットワークのアドレスがありません。",
        "   ケーブルを使う場合: ルーターに接続し、1 分ほど待ってください。",
        "   Wi-Fi だけを使う場合: 機器の電源を切り、カードをパソコンに入れます。ブートパーティションの",
        "   network-config(または keeper.toml)に記入してから、機器を起動してください。",
        "",
    ])
}

fn fingerprint(notice: &Notice<'_>, before: &str) -> Vec<String> {
    let mut lines = Vec::new();
    for (method, value) in notice.fingerprints() {
        lines.push(format!("   {method}"));
        lines.push(format!("   {value}"));
    }
    if lines.is_empty() {
        return lines;
    }
    lines.insert(0, before.to_owned());
    lines.push("   異なる場合は、接続を中止してください。".to_owned());
    lines
}

fn say(lines: &[&str]) -> Vec<String> {
    lines.iter().map(|&line| line.to_owned()).collect()
}
