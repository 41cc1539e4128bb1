//! TLS settings of the HTTP client: backend, minimum version, and certificates.

use reqwest::tls::Version;
use reqwest::{Certificate, Identity};

use super::setup_error::SetupError;
use crate::secret::Secret;

/// Selects the TLS backend, because another crate may enable features of `reqwest` that change its default.
pub(super) fn with_backend(http: reqwest::ClientBuilder) -> reqwest::ClientBuilder {
    // The platform's library may allow TLS 1.0.
    let http = http.tls_version_min(Version::TLS_1_2);
    #[cfg(feature = "native-tls")]
    return http.tls_backend_native();
    #[cfg(not(feature = "native-tls"))]
    return http.tls_backend_rustls();
}

/// The root certificates in a PEM, at least one.
pub(super) fn root_certificates(pem: &[u8]) -> Result<Vec<Certificate>, SetupError> {
    match Certificate::from_pem_bundle(pem) {
        Ok(certificates) if certificates.is_empty() => Err(SetupError::Certificate(
            "the PEM contains no certificate".to_owned(),
        )),
        Ok(certificates) => Ok(certificates),
        Err(error) => Err(SetupError::certificate(&error)),
    }
}

/// The identity of a client from its certificate chain and its key, both as PEM.
pub(super) fn identity(chain: &str, key: &Secret) -> Result<Identity, SetupError> {
    let (chain, key) = (chain.as_bytes(), key.expose().as_bytes());
    #[cfg(feature = "native-tls")]
    let identity = Identity::from_pkcs8_pem(chain, key);
    #[cfg(not(feature = "native-tls"))]
    let identity = Identity::from_pem(&zeroize::Zeroizing::new([chain, b"\n", key].concat()));
    identity.map_err(|error| SetupError::certificate(&error))
}
