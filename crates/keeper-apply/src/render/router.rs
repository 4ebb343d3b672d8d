//! What keeper-router is told, as systemd's EnvironmentFile.

use config::Config;

/// `router.env`.
pub(super) fn variables(config: &Config) -> String {
    // No port is opened for a tunnel that is off.
    let map = config.router.map && config.tunnel.switch.enabled();
    format!(
        "KEEPER_ROUTER_MAP={map}\nKEEPER_ROUTER_PORT={}\n",
        config.tunnel.public_port.get()
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_router_is_asked_for_a_port_only_while_the_tunnel_is_on() {
        let on = "tunnel = { enabled = true, paid_plan_confirmed = true, public_port = 443 }\n";
        for (toml, map, port) in [
            (String::new(), false, 10022),
            ("router.map = true".to_owned(), false, 10022),
            (on.to_owned(), false, 443),
            (format!("{on}router.map = true"), true, 443),
        ] {
            let text = variables(&config::parse(&toml).expect("a good configuration"));
            let expected = format!("KEEPER_ROUTER_MAP={map}\nKEEPER_ROUTER_PORT={port}\n");
            assert_eq!(text, expected);
        }
    }
}
