//! The Microsoft clouds, and the roots of their services.

pub(crate) mod root;

use std::fmt;
use std::str::FromStr;

/// A Microsoft cloud, with its root, scope and sign-in authority.
///
/// Source: Microsoft Graph reference, "National cloud deployments".
///
/// ```
/// use msgraph_runtime::Cloud;
///
/// let cloud: Cloud = "us-gov-l5".parse()?;
/// assert_eq!(cloud.root(), "https://dod-graph.microsoft.us");
/// assert_eq!(cloud.scope(), "https://dod-graph.microsoft.us/.default");
/// assert_eq!(cloud.authority(), "https://login.microsoftonline.us");
/// # Ok::<(), msgraph_runtime::error::UnknownCloud>(())
/// ```
#[derive(Clone, Copy, Debug, Default, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub enum Cloud {
    /// The global service.
    #[default]
    Global,
    /// US Government L4 (GCC High).
    UsGovL4,
    /// US Government L5 (DoD).
    UsGovL5,
    /// China, operated by 21Vianet.
    China,
}

/// An unknown cloud name.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct UnknownCloud(String);

impl Cloud {
    /// All clouds.
    pub const ALL: [Self; 4] = [Self::Global, Self::UsGovL4, Self::UsGovL5, Self::China];

    /// The root of the Graph service, without a trailing slash.
    pub const fn root(self) -> &'static str {
        match self {
            Self::Global => "https://graph.microsoft.com",
            Self::UsGovL4 => "https://graph.microsoft.us",
            Self::UsGovL5 => "https://dod-graph.microsoft.us",
            Self::China => "https://microsoftgraph.chinacloudapi.cn",
        }
    }

    /// The scope to request a token for: `<root>/.default`.
    pub const fn scope(self) -> &'static str {
        match self {
            Self::Global => "https://graph.microsoft.com/.default",
            Self::UsGovL4 => "https://graph.microsoft.us/.default",
            Self::UsGovL5 => "https://dod-graph.microsoft.us/.default",
            Self::China => "https://microsoftgraph.chinacloudapi.cn/.default",
        }
    }

    /// The sign-in authority.
    pub const fn authority(self) -> &'static str {
        match self {
            Self::Global => "https://login.microsoftonline.com",
            Self::UsGovL4 | Self::UsGovL5 => "https://login.microsoftonline.us",
            Self::China => "https://login.chinacloudapi.cn",
        }
    }

    /// The name in configuration and on command lines.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Global => "global",
            Self::UsGovL4 => "us-gov-l4",
            Self::UsGovL5 => "us-gov-l5",
            Self::China => "china",
        }
    }
}

impl fmt::Display for Cloud {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl FromStr for Cloud {
    type Err = UnknownCloud;

    fn from_str(name: &str) -> Result<Self, UnknownCloud> {
        Self::ALL
            .into_iter()
            .find(|cloud| cloud.as_str() == name)
            .ok_or_else(|| UnknownCloud(name.to_owned()))
    }
}

impl fmt::Display for UnknownCloud {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "unknown cloud {:?}; expected one of {}",
            self.0,
            Cloud::ALL.map(Cloud::as_str).join(", ")
        )
    }
}

impl std::error::Error for UnknownCloud {}
