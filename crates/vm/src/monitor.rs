//! The monitor and the keyboard of a machine that has them.

use anyhow::Result;
use camino::Utf8Path;
use serde_json::json;

use crate::running::Running;

impl Running {
    /// Photographs the monitor into `file`, a PPM with eight bits a channel, which lies where the
    /// tools see it.
    ///
    /// # Errors
    /// There is no monitor, or QEMU is gone.
    pub fn photograph(&mut self, file: &Utf8Path) -> Result<()> {
        self.qmp()?
            .execute("screendump", json!({ "filename": file }))?;
        Ok(())
    }

    /// Presses one key after another; they have the names of QEMU's `QKeyCode`, which for a letter
    /// is that letter.
    ///
    /// # Errors
    /// There is no such key, or QEMU is gone.
    pub fn type_keys(&mut self, names: &[&str]) -> Result<()> {
        let mut qmp = self.qmp()?;
        for name in names {
            let keys = json!({ "keys": [{ "type": "qcode", "data": name }] });
            qmp.execute("send-key", keys)?;
            // QEMU holds a key for 100 ms and forgets what comes meanwhile.
            std::thread::sleep(std::time::Duration::from_millis(300));
        }
        Ok(())
    }
}
