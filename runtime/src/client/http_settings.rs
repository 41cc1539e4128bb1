//! Builds the HTTP client from its settings.

use std::time::Duration;

use super::setup_error::SetupError;
#[cfg(any(feature = "rustls", feature = "native-tls"))]
use super::tls_settings::TlsSettings;
use crate::secret::Secret;

/// Changes the settings of `reqwest` directly.
#[cfg(feature = "reqwest_0_13")]
type Adjustment = Box<dyn FnOnce(reqwest::ClientBuilder) -> reqwest::ClientBuilder + Send + Sync>;

pub(super) struct HttpSettings {
    pub(super) proxy: ProxySetting,
    pub(super) connect_timeout: Duration,
    /// Those of `reqwest` if `None`.
    pub(super) pool_idle_timeout: Option<Duration>,
    /// That of `reqwest`, no limit, if `None`.
    pub(super) pool_max_idle_per_host: Option<usize>,
    #[cfg(any(feature = "rustls", feature = "native-tls"))]
    pub(super) tls: TlsSettings,
    #[cfg(feature = "reqwest_0_13")]
    pub(super) adjustment: Option<Adjustment>,
}

pub(super) enum ProxySetting {
    /// `HTTPS_PROXY` and the like, or the settings of the system.
    Environment,
    Never,
    /// It may contain a password.
    Url(Secret),
}

impl HttpSettings {
    pub(super) fn new() -> Self {
        Self {
            proxy: ProxySetting::Environment,
            connect_timeout: Duration::from_secs(10),
            pool_idle_timeout: None,
            pool_max_idle_per_host: None,
            #[cfg(any(feature = "rustls", feature = "native-tls"))]
            tls: TlsSettings::default(),
            #[cfg(feature = "reqwest_0_13")]
            adjustment: None,
        }
    }

    pub(super) fn build(self, is_plain_http: bool) -> Result<reqwest::Client, SetupError> {
        let mut http = reqwest::Client::builder();
        http = match self.proxy {
            ProxySetting::Environment => http,
            ProxySetting::Never => http.no_proxy(),
            ProxySetting::Url(url) => {
                let proxy = reqwest::Proxy::all(url.expose());
                http.proxy(proxy.map_err(|error| SetupError::proxy(&error))?)
            }
        };
        if let Some(timeout) = self.pool_idle_timeout {
            http = http.pool_idle_timeout(timeout);
        }
        if let Some(count) = self.pool_max_idle_per_host {
            http = http.pool_max_idle_per_host(count);
        }
        #[cfg(any(feature = "rustls", feature = "native-tls"))]
        {
            http = self.tls.apply(http)?;
        }
        #[cfg(feature = "reqwest_0_13")]
        if let Some(adjustment) = self.adjustment {
            http = adjustment(http);
        }
        // Plain HTTP is for loopback only. Through a proxy (set in the environment, say) the token would leave the
        // machine in plain text. Over HTTPS a proxy only sees a tunnel.
        if is_plain_http {
            http = http.no_proxy();
        }
        http.redirect(reqwest::redirect::Policy::none())
            .referer(false)
            .retry(reqwest::retry::never())
            .connect_timeout(self.connect_timeout)
            .build()
            .map_err(|error| SetupError::http(&error))
    }
}
