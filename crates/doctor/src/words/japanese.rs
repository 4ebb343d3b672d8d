//! Every sentence in Japanese. A `{}` is a value; their order is the same in both languages.

mod near;
mod outside;
mod tunnel;

/// English as it stands in the code, and Japanese.
pub(super) fn sentences() -> impl Iterator<Item = &'static (&'static str, &'static str)> {
    [STEPS, near::TABLE, outside::TABLE, tunnel::TABLE]
        .into_iter()
        .flatten()
}

const STEPS: &[(&str, &str)] = &[
    ("link", "接続"),
    ("DNS", "名前解決"),
    ("internet", "インターネット"),
    ("public name", "公開名"),
    ("address", "アドレス"),
    ("public port", "公開ポート"),
    ("sshd", "sshd"),
    ("enrolment", "登録鍵"),
    ("tunnel", "トンネル"),
    ("Colab machine", "Colab マシン"),
    ("GPU", "GPU"),
    (
        "first mend what stands above: {}",
        "先に上の項目を直してください: {}",
    ),
    ("not looked at", "調べていません"),
    ("{} s", "{} 秒"),
    ("{} min", "{} 分"),
    ("{} h", "{} 時間"),
    ("{} d", "{} 日"),
];
