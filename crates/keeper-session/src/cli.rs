//! Options and help texts of `keeper-session`. No behaviour.

use camino::Utf8PathBuf;
use clap::Parser;

/// Answers keeperd's questions about the desktop. The desktop's session starts it.
#[derive(Debug, Parser)]
#[command(
    version,
    args_override_self = true,
    after_help = "Examples:
  keeper-session    as the desktop starts it: systemctl --user start keeper-session-helper
  keeper-session --display :1 --client \"$(id -un)\" --socket /tmp/session.sock
                    for another user's questions, such as: echo '{\"ask\":\"idle\"}'"
)]
pub(crate) struct Args {
    /// Where to listen.
    #[arg(long, value_name = "PATH", default_value = control::SESSION)]
    pub(crate) socket: Utf8PathBuf,
    /// Who may ask besides the user who runs it: a name or a number.
    #[arg(long, value_name = "USER", default_value = "keeperd")]
    pub(crate) client: String,
    /// The display to look at [default: $DISPLAY].
    #[arg(long, value_name = "DISPLAY")]
    pub(crate) display: Option<String>,
    /// What shows a notice; takes the arguments of notify-send.
    #[arg(long, value_name = "PROGRAM", default_value = "notify-send")]
    pub(crate) notify_send: Utf8PathBuf,
}
