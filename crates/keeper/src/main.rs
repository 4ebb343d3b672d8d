//! `keeper`, the command line of the device.

fn main() -> std::process::ExitCode {
    keeper::main()
}
