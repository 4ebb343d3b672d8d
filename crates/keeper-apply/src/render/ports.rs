//! The TCP ports of the device's own services.

/// Where xrdp listens, for the local network.
pub(super) const RDP: u16 = 3389;
/// xrdp's session manager, which checks passwords. Loopback only, as all that follow.
pub(super) const SESMAN: u16 = 3350;
/// The desktop's VNC server, which asks for no password.
pub(super) const VNC: u16 = 5901;
/// keeperd's pages.
pub(super) const WEB: u16 = 8470;
/// The browser's debugging port: whoever reaches it is the browser's user.
pub(super) const BROWSER: u16 = 9222;
