//! Certificates of the HTTP client.

use reqwest::tls::Version;
use reqwest::{Certificate, Identity};

use super::setup_error::SetupError;
use crate::secret::Secret;

#[derive(Default)]
pub(super) struct TlsSettings {
    pub(super) root_certificates: Vec<RootCertificate>,
    pub(super) client_certificate: Option<ClientCertificate>,
}

pub(super) enum RootCertificate {
    /// One or more.
    Pem(Vec<u8>),
    Der(Vec<u8>),
}

pub(super) struct ClientCertificate {
    /// The certificate and its chain, as PEM.
    pub(super) chain: String,
    /// As PEM.
    pub(super) key: Secret,
}

impl TlsSettings {
    pub(super) fn apply(
        self,
        http: reqwest::ClientBuilder,
    ) -> Result<reqwest::ClientBuilder, SetupError> {
        // The platform's library may allow TLS 1.0.
        let mut http = with_backend(http).tls_version_min(Version::TLS_1_2);
        for certificate in self.root_certificates {
            http = http.tls_certs_merge(certificate.read()?);
        }
        Ok(match self.client_certificate {
            Some(certificate) => http.identity(certificate.identity()?),
            None => http,
        })
    }
}

/// Another crate may enable features of `reqwest` that change its default.
fn with_backend(http: reqwest::ClientBuilder) -> reqwest::ClientBuilder {
    #[cfg(feature = "native-tls")]
    return http.tls_backend_native();
    #[cfg(not(feature = "native-tls"))]
    return http.tls_backend_rustls();
}

impl RootCertificate {
    fn read(self) -> Result<Vec<Certificate>, SetupError> {
        let certificates = match self {
            Self::Pem(pem) => Certificate::from_pem_bundle(&pem),
            Self::Der(der) => Certificate::from_der(&der).map(|certificate| vec![certificate]),
        };
        match certificates {
            Ok(certificates) if certificates.is_empty() => Err(SetupError::Certificate(
                "the PEM contains no certificate".to_owned(),
            )),
            Ok(certificates) => Ok(certificates),
            Err(error) => Err(SetupError::certificate(&error)),
        }
    }
}

impl ClientCertificate {
    fn identity(&self) -> Result<Identity, SetupError> {
        let (chain, key) = (self.chain.as_bytes(), self.key.expose().as_bytes());
        #[cfg(feature = "native-tls")]
        let identity = Identity::from_pkcs8_pem(chain, key);
        #[cfg(not(feature = "native-tls"))]
        let identity = Identity::from_pem(&zeroize::Zeroizing::new([chain, b"\n", key].concat()));
        identity.map_err(|error| SetupError::certificate(&error))
    }
}
