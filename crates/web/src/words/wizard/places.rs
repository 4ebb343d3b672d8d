//! Keyboards, countries and keepers of public names to choose from. Any other that is in force can be chosen too, under its
//! code.

/// A code, and its name in English and Japanese.
pub(crate) type Place = (&'static str, &'static str, &'static str);

/// XKB layouts.
pub(crate) const KEYBOARDS: [Place; 32] = [
    ("us", "English (US)", "英語(米国)"),
    ("jp", "Japanese", "日本語"),
    ("gb", "English (UK)", "英語(英国)"),
    ("de", "German", "ドイツ語"),
    ("fr", "French", "フランス語"),
    ("be", "Belgian", "ベルギー"),
    ("br", "Portuguese (Brazil)", "ポルトガル語(ブラジル)"),
    ("ca", "French (Canada)", "フランス語(カナダ)"),
    ("ch", "Swiss", "スイス"),
    ("cn", "Chinese", "中国語"),
    ("cz", "Czech", "チェコ語"),
    ("dk", "Danish", "デンマーク語"),
    ("ee", "Estonian", "エストニア語"),
    ("es", "Spanish", "スペイン語"),
    ("fi", "Finnish", "フィンランド語"),
    ("gr", "Greek", "ギリシャ語"),
    ("hr", "Croatian", "クロアチア語"),
    ("hu", "Hungarian", "ハンガリー語"),
    ("il", "Hebrew", "ヘブライ語"),
    ("it", "Italian", "イタリア語"),
    ("kr", "Korean", "韓国語"),
    ("latam", "Spanish (Latin America)", "スペイン語(中南米)"),
    ("nl", "Dutch", "オランダ語"),
    ("no", "Norwegian", "ノルウェー語"),
    ("pl", "Polish", "ポーランド語"),
    ("pt", "Portuguese", "ポルトガル語"),
    ("ro", "Romanian", "ルーマニア語"),
    ("ru", "Russian", "ロシア語"),
    ("se", "Swedish", "スウェーデン語"),
    ("th", "Thai", "タイ語"),
    ("tr", "Turkish", "トルコ語"),
    ("ua", "Ukrainian", "ウクライナ語"),
];

/// ISO 3166, by their English names.
pub(crate) const COUNTRIES: [Place; 52] = [
    ("AR", "Argentina", "アルゼンチン"),
    ("AU", "Australia", "オーストラリア"),
    ("AT", "Austria", "オーストリア"),
    ("BE", "Belgium", "ベルギー"),
    ("BR", "Brazil", "ブラジル"),
    ("BG", "Bulgaria", "ブルガリア"),
    ("CA", "Canada", "カナダ"),
    ("CL", "Chile", "チリ"),
    ("CN", "China", "中国"),
    ("CO", "Colombia", "コロンビア"),
    ("HR", "Croatia", "クロアチア"),
    ("CZ", "Czechia", "チェコ"),
    ("DK", "Denmark", "デンマーク"),
    ("EG", "Egypt", "エジプト"),
    ("EE", "Estonia", "エストニア"),
    ("FI", "Finland", "フィンランド"),
    ("FR", "France", "フランス"),
    ("DE", "Germany", "ドイツ"),
    ("GR", "Greece", "ギリシャ"),
    ("HK", "Hong Kong", "香港"),
    ("HU", "Hungary", "ハンガリー"),
    ("IS", "Iceland", "アイスランド"),
    ("IN", "India", "インド"),
    ("ID", "Indonesia", "インドネシア"),
    ("IE", "Ireland", "アイルランド"),
    ("IL", "Israel", "イスラエル"),
    ("IT", "Italy", "イタリア"),
    ("JP", "Japan", "日本"),
    ("LV", "Latvia", "ラトビア"),
    ("LT", "Lithuania", "リトアニア"),
    ("MY", "Malaysia", "マレーシア"),
    ("MX", "Mexico", "メキシコ"),
    ("NL", "Netherlands", "オランダ"),
    ("NZ", "New Zealand", "ニュージーランド"),
    ("NO", "Norway", "ノルウェー"),
    ("PH", "Philippines", "フィリピン"),
    ("PL", "Poland", "ポーランド"),
    ("PT", "Portugal", "ポルトガル"),
    ("RO", "Romania", "ルーマニア"),
    ("SG", "Singapore", "シンガポール"),
    ("SK", "Slovakia", "スロバキア"),
    ("ZA", "South Africa", "南アフリカ"),
    ("KR", "South Korea", "韓国"),
    ("ES", "Spain", "スペイン"),
    ("SE", "Sweden", "スウェーデン"),
    ("CH", "Switzerland", "スイス"),
    ("TW", "Taiwan", "台湾"),
    ("TH", "Thailand", "タイ"),
    ("TR", "Türkiye", "トルコ"),
    ("UA", "Ukraine", "ウクライナ"),
    ("GB", "United Kingdom", "イギリス"),
    ("US", "United States", "アメリカ合衆国"),
];

/// Who keeps public names, under the names of the configuration.
pub(crate) const PROVIDERS: [Place; 5] = [
    ("desec", "deSEC (dedyn.io)", "deSEC(dedyn.io)"),
    ("duckdns", "DuckDNS", "DuckDNS"),
    ("cloudflare", "Cloudflare", "Cloudflare"),
    ("noip", "No-IP", "No-IP"),
    ("dyndns2", "Another one (dyndns2)", "その他(dyndns2)"),
];

#[cfg(test)]
mod tests {
    use super::*;
    use config::{DdnsProvider, Text as _};

    #[test]
    fn each_provider_is_one_of_the_configuration() {
        for (value, ..) in PROVIDERS {
            assert!(DdnsProvider::parse(value).is_ok(), "{value}");
        }
    }
}
