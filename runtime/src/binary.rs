use std::fmt;
use std::str::FromStr;

use base64::Engine;
use base64::alphabet::URL_SAFE;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

use crate::{BodyError, JsonWriter, Untyped, Value};

const BASE64URL: GeneralPurpose = GeneralPurpose::new(
    &URL_SAFE,
    GeneralPurposeConfig::new()
        .with_encode_padding(true)
        .with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// `Edm.Binary`. Written in base64url with padding (OData JSON 4.01, 7.1); read from either alphabet, with padding or
/// without.
#[derive(Clone, Debug, Default, Eq, Hash, PartialEq)]
pub struct Binary(Vec<u8>);

/// Text that is not base64.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct BinaryError(base64::DecodeError);

impl Binary {
    /// The bytes.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// The bytes themselves.
    pub fn into_bytes(self) -> Vec<u8> {
        self.0
    }
}

impl<T: Into<Vec<u8>>> From<T> for Binary {
    fn from(bytes: T) -> Self {
        Self(bytes.into())
    }
}

impl FromStr for Binary {
    type Err = BinaryError;

    fn from_str(text: &str) -> Result<Self, BinaryError> {
        let url_safe: String = text
            .chars()
            .map(|c| {
                if c == '+' {
                    '-'
                } else if c == '/' {
                    '_'
                } else {
                    c
                }
            })
            .collect();
        BASE64URL.decode(url_safe).map(Self).map_err(BinaryError)
    }
}

impl fmt::Display for Binary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&BASE64URL.encode(&self.0))
    }
}

impl Value for Binary {
    fn write(&self, writer: &mut JsonWriter) -> Result<(), BodyError> {
        writer.string(&BASE64URL.encode(&self.0))
    }

    fn is_same(&self, current: &Untyped) -> bool {
        current
            .as_str()
            .and_then(|text| text.parse().ok())
            .is_some_and(|there: Self| there == *self)
    }
}

impl fmt::Display for BinaryError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "not base64: {}", self.0)
    }
}

impl std::error::Error for BinaryError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.0)
    }
}
