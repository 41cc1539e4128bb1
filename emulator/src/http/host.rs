//! The hosts that a request may name. A web page can make its own domain resolve to 127.0.0.1 and then
//! call a server on loopback (DNS rebinding), but it cannot choose the `Host` header.

use std::net::IpAddr;

use hyper::header;
use hyper::http::request::Parts;
use hyper::http::uri::Authority;

use crate::rejection::{Rejection, Result};

/// Rejects a request for a host other than loopback.
pub(super) fn check(head: &Parts) -> Result<()> {
    let mut hosts: Vec<&str> = head
        .headers
        .get_all(header::HOST)
        .iter()
        .map(|value| value.to_str().unwrap_or(""))
        .collect();
    // A request target may be an absolute URL.
    hosts.extend(head.uri.authority().map(Authority::as_str));
    match hosts.iter().find(|host| !is_loopback(host)) {
        None if !hosts.is_empty() => Ok(()),
        found => Err(Rejection::new(
            hyper::StatusCode::MISDIRECTED_REQUEST,
            "MisdirectedRequest",
            format!(
                "The host '{}' is not served: use localhost, 127.0.0.1 or [::1].",
                found.copied().unwrap_or_default()
            ),
        )),
    }
}

/// Whether `host[:port]` is on loopback.
fn is_loopback(text: &str) -> bool {
    let Ok(authority) = text.parse::<Authority>() else {
        return false;
    };
    let host = authority.host();
    let address = host.trim_start_matches('[').trim_end_matches(']');
    let address = address.parse::<IpAddr>();
    !text.contains('@')
        && (host.eq_ignore_ascii_case("localhost")
            || address.is_ok_and(|address| address.is_loopback()))
}

#[cfg(test)]
mod tests {
    use super::is_loopback;

    #[test]
    fn loopback_hosts() {
        for host in [
            "127.0.0.1",
            "127.0.0.1:8080",
            "127.9.9.9:1",
            "localhost",
            "LocalHost:80",
            "[::1]",
            "[::1]:8080",
        ] {
            assert!(is_loopback(host), "{host}");
        }
        for host in [
            "",
            "x",
            "evil.example:8080",
            "localhost.evil.example",
            "127.0.0.1.evil.example:80",
            "evil@127.0.0.1",
            "10.0.0.1:8080",
            "0.0.0.0",
            "[::]",
            "[fe80::1]:80",
            "localhost:80:80",
            "graph.microsoft.com",
        ] {
            assert!(!is_loopback(host), "{host}");
        }
    }
}
