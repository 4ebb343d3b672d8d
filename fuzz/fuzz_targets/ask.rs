//! Any bytes as a message: read or refused; and what is read arrives again when it is sent on.
#![no_main]

use setup::{Answer, Ask, LineError, parse_line, to_line};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    if let Ok(ask) = parse_line::<Ask>(bytes) {
        match to_line(&ask) {
            Ok(line) => assert_eq!(parse_line::<Ask>(&line), Ok(ask)),
            Err(error) => assert_eq!(error, LineError::TooLong),
        }
    }
    if let Ok(answer) = parse_line::<Answer>(bytes) {
        match to_line(&answer) {
            Ok(line) => assert_eq!(parse_line::<Answer>(&line), Ok(answer)),
            Err(error) => assert_eq!(error, LineError::TooLong),
        }
    }
});
