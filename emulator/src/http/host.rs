//! Which hosts a request may name. A web page can have its own name resolve to 127.0.0.1 and then
//! call a server on loopback (DNS rebinding); it cannot choose what the browser sends as `Host`.

use std::net::IpAddr;

use hyper::header;
use hyper::http::request::Parts;

use crate::rejection::Refusal;

/// Rejects a request for a host other than loopback.
pub(crate) fn check(head: &Parts) -> Result<(), Refusal> {
    let in_headers = head.headers.get_all(header::HOST).iter();
    let mut named: Vec<&str> = in_headers
        .map(|value| value.to_str().unwrap_or(""))
        .collect();
    // A request target may be a whole URL.
    named.extend(head.uri.authority().map(|authority| authority.as_str()));
    match named.iter().find(|authority| !is_loopback(authority)) {
        None if !named.is_empty() => Ok(()),
        found => Err(Refusal::new(
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
fn is_loopback(authority: &str) -> bool {
    let (host, port) = match authority.rsplit_once(':') {
        Some((host, port)) if !port.ends_with(']') => (host, port),
        _ => (authority, ""),
    };
    if !port.bytes().all(|byte| byte.is_ascii_digit()) {
        return false;
    }
    let address = host
        .strip_prefix('[')
        .and_then(|host| host.strip_suffix(']'))
        .unwrap_or(host);
    host.eq_ignore_ascii_case("localhost")
        || address
            .parse::<IpAddr>()
            .is_ok_and(|address| address.is_loopback())
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
