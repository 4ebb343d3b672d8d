//! A machine for a person: says how to reach it and waits for its end.

use anyhow::Result;
use image::hint::Hint;
use image::tools::Tools;

use crate::machine::{Console, Machine, Ports};
use crate::running::Running;

/// Starts `machine`, tells on stderr how to reach it, and returns when QEMU has ended. Ctrl-C ends
/// it, unless the console has the terminal: then Ctrl-A X does.
///
/// # Errors
/// QEMU could not be started, or failed.
pub fn boot(machine: Machine, ports: Ports, tools: &Tools) -> Result<()> {
    let log = machine.console_log.clone();
    let end = match machine.console {
        Console::Log => "Ctrl-C",
        Console::Stdio => "Ctrl-A X",
    };
    let mut running = Running::start(machine, tools)?;
    // Known to work only now: the sockets are there when QEMU has taken its command line.
    drop(running.qmp()?);
    eprintln!("SSH       ssh -p {} USER@127.0.0.1", ports.ssh);
    eprintln!("RDP       127.0.0.1:{}", ports.rdp);
    eprintln!("Console   {log}");
    eprintln!("{end} ends it; nothing that happens in it is kept");
    running.wait().hint(format!("its console is in {log}"))
}
