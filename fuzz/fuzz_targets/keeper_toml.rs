//! Any text as a keeper.toml: read or refused; and what is read is written as what it is.
#![no_main]

libfuzzer_sys::fuzz_target!(|text: &str| {
    match config::parse(text) {
        Ok(config) => {
            let written = config.to_toml();
            // Written out in full, a file near the limit may be beyond it.
            if written.len() <= config::MAX_BYTES {
                assert_eq!(config::parse(&written).as_ref(), Ok(&config));
            }
        }
        Err(problems) => assert!(!problems.list().is_empty()),
    }
});
