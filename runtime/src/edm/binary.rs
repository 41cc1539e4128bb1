use std::fmt;
use std::str::FromStr;

use base64::Engine;
use base64::alphabet::{STANDARD, URL_SAFE};
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use serde_json::Value as Untyped;

use crate::body::error::BodyError;
use crate::body::json_writer::JsonWriter;
use crate::body::value::Value;

/// Writes padding, and does not require it.
const CONFIG: GeneralPurposeConfig =
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent);
const STANDARD_BASE64: GeneralPurpose = GeneralPurpose::new(&STANDARD, CONFIG);
const URL_SAFE_BASE64: GeneralPurpose = GeneralPurpose::new(&URL_SAFE, CONFIG);

/// `Edm.Binary`. It is sent in standard base64 with padding; parsing accepts either alphabet, with or without padding.
///
/// OData JSON 4.01, 7.1 requires base64url. Graph's reference pages show the standard alphabet, and Microsoft's own
/// parsers reject or misread the other one.
///
/// ```
/// use msgraph_runtime::edm::Binary;
///
/// let thumbprint: Binary = "3q2-7w".parse()?;
/// assert_eq!(thumbprint.as_bytes(), [0xde, 0xad, 0xbe, 0xef]);
/// assert_eq!(thumbprint.to_string(), "3q2+7w==");
/// # Ok::<(), msgraph_runtime::edm::BinaryError>(())
/// ```
#[derive(Clone, Debug, Default, Eq, Hash, PartialEq)]
pub struct Binary(Vec<u8>);

/// A string that is not base64.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct BinaryError(base64::DecodeError);

impl Binary {
    /// The bytes.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// The bytes, owned.
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
        let engine = if text.contains(['-', '_']) {
            URL_SAFE_BASE64
        } else {
            STANDARD_BASE64
        };
        engine.decode(text).map(Self).map_err(BinaryError)
    }
}

impl fmt::Display for Binary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&STANDARD_BASE64.encode(&self.0))
    }
}

impl Value for Binary {
    fn write(&self, writer: &mut JsonWriter) -> Result<(), BodyError> {
        writer.string(&self.to_string())
    }

    fn is_same(&self, current: &Untyped) -> bool {
        current
            .as_str()
            .and_then(|text| text.parse().ok())
            .is_some_and(|current: Self| current == *self)
    }
}

impl fmt::Display for BinaryError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "not base64: {}", self.0)
    }
}

impl std::error::Error for BinaryError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn either_alphabet_is_parsed_and_the_standard_one_written() {
        let bytes = [0xfb, 0xff, 0xfe, 0x01];
        assert_eq!(Binary::from(bytes).to_string(), "+//+AQ==");
        for text in ["-__-AQ==", "+//+AQ==", "-__-AQ", "+//+AQ", "-__-AQ="] {
            let binary: Binary = text.parse().expect(text);
            assert_eq!(binary, Binary::from(bytes), "{text}");
            assert_eq!(binary.to_string(), "+//+AQ==", "{text}");
        }
        assert_eq!("".parse::<Binary>().expect("no bytes").to_string(), "");
        for text in ["+_==", "a", "====", "\u{e9}"] {
            assert!(text.parse::<Binary>().is_err(), "{text}");
        }
    }
}
