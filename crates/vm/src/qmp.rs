//! QEMU's machine protocol, as far as it is needed: one command after another, events passed over.
//! The commands themselves are those of QEMU's qmp-ref.

use std::io::{BufRead, BufReader, Write};
use std::os::unix::net::UnixStream;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};

/// QEMU answers at once or not at all.
const PATIENCE: Duration = Duration::from_secs(60);

/// A connection that takes commands.
#[derive(Debug)]
pub struct Qmp {
    reader: BufReader<UnixStream>,
    writer: UnixStream,
}

impl Qmp {
    /// Greets QEMU.
    pub(crate) fn open(stream: UnixStream) -> Result<Self> {
        stream.set_read_timeout(Some(PATIENCE))?;
        stream.set_write_timeout(Some(PATIENCE))?;
        let writer = stream.try_clone()?;
        let mut qmp = Self {
            reader: BufReader::new(stream),
            writer,
        };
        let greeting = qmp.receive().context("waiting for QEMU's greeting")?;
        if greeting.get("QMP").is_none() {
            bail!("QEMU greeted with {greeting}");
        }
        qmp.execute("qmp_capabilities", json!({}))?;
        Ok(qmp)
    }

    /// Executes one command and returns what it returned.
    ///
    /// # Errors
    /// QEMU refused it or is gone.
    pub fn execute(&mut self, command: &str, arguments: Value) -> Result<Value> {
        let request = json!({ "execute": command, "arguments": arguments });
        tracing::debug!(target: "qmp", "{request}");
        let context = || format!("asking QEMU for {command}");
        writeln!(self.writer, "{request}").with_context(context)?;
        loop {
            let mut answer = self.receive().with_context(context)?;
            tracing::debug!(target: "qmp", "{answer}");
            if let Some(error) = answer.get("error") {
                let said = error.get("desc").and_then(Value::as_str);
                bail!(
                    "QEMU refused {command}: {}",
                    said.unwrap_or("without a reason")
                );
            }
            if let Some(value) = answer.get_mut("return") {
                return Ok(value.take());
            }
        }
    }

    fn receive(&mut self) -> Result<Value> {
        let mut line = String::new();
        if self.reader.read_line(&mut line)? == 0 {
            bail!("QEMU closed the connection");
        }
        serde_json::from_str(&line).with_context(|| format!("understanding {line:?}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn qemu_that_says(said: &str) -> UnixStream {
        let (ours, mut qemus) = UnixStream::pair().unwrap();
        qemus.write_all(said.as_bytes()).unwrap();
        // What we say to it is not looked at, but must go somewhere.
        std::thread::spawn(move || std::io::copy(&mut qemus, &mut std::io::sink()));
        ours
    }

    const HELLO: &str = "{\"QMP\": {}}\n{\"return\": {}}\n";

    #[test]
    fn events_are_passed_over_and_refusals_are_errors() {
        let said = "{\"event\": \"STOP\"}\n{\"return\": {\"status\": \"x\"}}\n{\"error\": {\"desc\": \"no\"}}\n";
        let mut qmp = Qmp::open(qemu_that_says(&format!("{HELLO}{said}"))).unwrap();
        let status = qmp.execute("query-status", json!({})).unwrap();
        assert_eq!(status["status"], "x");
        let error = qmp.execute("stop", json!({})).unwrap_err().to_string();
        assert_eq!(error, "QEMU refused stop: no");
    }

    #[test]
    fn something_else_than_qemu_is_noticed() {
        Qmp::open(qemu_that_says("{}\n")).unwrap_err();
        Qmp::open(qemu_that_says("SSH-2.0-x\n")).unwrap_err();
    }
}
