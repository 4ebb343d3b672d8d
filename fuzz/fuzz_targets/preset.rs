//! Any text as a preset: read or refused. What is left after its use has none of the secrets that were read, so that it is
//! no preset any more.
#![no_main]

libfuzzer_sys::fuzz_target!(|text: &str| {
    let left = setup::without_secrets(text);
    let Ok(preset) = setup::parse_preset(text) else {
        return;
    };
    let change = preset.change;
    let owner = change.owner.into_iter();
    let of_owner = owner.flat_map(|owner| [owner.password, owner.password_hash]);
    let of_wifi = change.wifi.into_iter().map(|wifi| wifi.password);
    let secrets = of_owner.chain(of_wifi).chain([change.ddns_secret]);
    if secrets.flatten().count() > 0 {
        assert!(setup::parse_preset(&left).is_err());
    }
});
