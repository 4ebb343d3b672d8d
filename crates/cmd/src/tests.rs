//! Tests of [`Cmd`], with the shell as the program that is run.

use super::*;

#[test]
fn the_error_quotes_the_command_the_status_and_the_end_of_the_talk() {
    let script = "for i in $(seq 40); do echo line $i >&2; done; exit 3";
    let error = Cmd::new("sh")
        .args(["-c", script])
        .run()
        .unwrap_err()
        .to_string();
    assert!(error.starts_with("`sh -c '"), "{error}");
    assert!(error.contains("exit status: 3"), "{error}");
    assert!(
        error.contains("line 40") && !error.contains("line 5\n"),
        "{error}"
    );
}

#[test]
fn a_missing_program_is_named() {
    let error = Cmd::new("no-such-program")
        .arg("x y")
        .read()
        .unwrap_err()
        .to_string();
    assert!(
        error.contains("starting `no-such-program 'x y'`"),
        "{error}"
    );
}

#[test]
fn reading_returns_stdout_alone() {
    let said = Cmd::new("sh")
        .args(["-c", "echo out; echo talk >&2"])
        .read()
        .unwrap();
    assert_eq!(said, "out\n");
}

#[test]
fn large_output_on_both_streams_does_not_block() {
    let script = "head -c 300000 /dev/zero >&2; head -c 300000 /dev/zero";
    let output = Cmd::new("sh").args(["-c", script]).output().unwrap();
    assert_eq!(output.stdout.len(), 300_000);
}
#[test]
fn a_stream_that_nobody_reads_on_ends_the_program() {
    let endless = || Cmd::new("sh").args(["-c", "yes; exit 3"]);
    let error = endless()
        .stream(|_| Err::<(), Box<dyn std::error::Error>>("enough".into()))
        .unwrap_err();
    assert_eq!(error.to_string(), "enough");
    let taken: Result<usize, Error> = Cmd::new("sh")
        .args(["-c", "echo out; echo why >&2; exit 3"])
        .stream(|mut pipe| Ok(pipe.read_to_end(&mut Vec::new()).unwrap()));
    assert!(taken.unwrap_err().to_string().contains("why"));
}
