use std::fmt;
use std::net::{IpAddr, Ipv6Addr};
use std::str::FromStr;

use crate::cloud::Cloud;

/// The root URL of a Graph service: scheme, host and port, without a path.
///
/// The scheme is https, or http on a loopback host: a token must not leave the machine in plain text.
///
/// ```
/// use msgraph_runtime::Cloud;
/// use msgraph_runtime::request::Root;
///
/// assert_eq!(Root::from(Cloud::Global).as_str(), "https://graph.microsoft.com");
/// assert!("http://127.0.0.1:8080".parse::<Root>().is_ok());
/// assert!("http://graph.microsoft.com".parse::<Root>().is_err());
/// ```
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub struct Root(String);

/// A string that is not a valid root. Userinfo, query and fragment are removed from it, since they may contain secrets.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum RootError {
    /// Not `scheme://host` or `scheme://host:port`, optionally with a trailing slash.
    Malformed(String),
    /// Neither https nor http on a loopback host.
    Insecure(String),
}

impl Root {
    /// The root, without a trailing slash.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether a URL with this scheme and authority leads to this root.
    pub(crate) fn is_origin(&self, origin: &str) -> bool {
        let normalized = |origin: &str| {
            let origin = origin.to_ascii_lowercase();
            let default_port = if origin.starts_with("https:") {
                ":443"
            } else {
                ":80"
            };
            origin
                .strip_suffix(default_port)
                .map(str::to_owned)
                .unwrap_or(origin)
        };
        normalized(&self.0) == normalized(origin)
    }
}

impl From<Cloud> for Root {
    fn from(cloud: Cloud) -> Self {
        Self(cloud.root().to_owned())
    }
}

impl FromStr for Root {
    type Err = RootError;

    fn from_str(text: &str) -> Result<Self, RootError> {
        let malformed = || RootError::Malformed(without_secrets(text));
        let (scheme, rest) = text.split_once("://").ok_or_else(malformed)?;
        let authority = rest.strip_suffix('/').unwrap_or(rest);
        let host = host_of(authority).ok_or_else(malformed)?;
        match scheme {
            "https" => {}
            "http" if is_loopback(host) => {}
            _ => return Err(RootError::Insecure(without_secrets(text))),
        }
        Ok(Self(format!("{scheme}://{authority}")))
    }
}

/// Removes userinfo, query and fragment. Any character may be invalid, so everything before the last `@` is removed.
fn without_secrets(text: &str) -> String {
    let (scheme, rest) = text.split_at(text.find("//").map_or(0, |at| at + 2));
    let (hidden, rest) = match rest.rsplit_once('@') {
        Some((_, host)) => ("***@", host),
        None => ("", rest),
    };
    match rest.find(['?', '#']) {
        Some(at) => format!("{scheme}{hidden}{}***", rest.get(..=at).unwrap_or_default()),
        None => format!("{scheme}{hidden}{rest}"),
    }
}

/// The host of `host`, `host:port`, `[v6]` or `[v6]:port`.
fn host_of(authority: &str) -> Option<&str> {
    let is_port =
        |port: &str| port.bytes().all(|b| b.is_ascii_digit()) && port.parse::<u16>().is_ok();
    if let Some(bracketed) = authority.strip_prefix('[') {
        let (host, port) = bracketed.split_once(']')?;
        host.parse::<Ipv6Addr>().ok()?;
        return (port.is_empty() || port.strip_prefix(':').is_some_and(is_port)).then_some(host);
    }
    let (host, port) = authority.split_once(':').unwrap_or((authority, "443"));
    let is_host = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'.';
    (!host.is_empty() && host.bytes().all(is_host) && is_port(port)).then_some(host)
}

fn is_loopback(host: &str) -> bool {
    host == "localhost"
        || host
            .parse::<IpAddr>()
            .is_ok_and(|address| address.is_loopback())
}

impl fmt::Display for Root {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Display for RootError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Malformed(text) => write!(
                f,
                "{text:?} is not a valid root: use https://host or https://host:port"
            ),
            Self::Insecure(text) => write!(
                f,
                "{text:?} would send the token in plain text: use https, or http on loopback"
            ),
        }
    }
}

impl std::error::Error for RootError {}
