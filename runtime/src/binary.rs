use std::fmt;
use std::str::FromStr;

use base64::Engine;
use base64::alphabet::{STANDARD, URL_SAFE};
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

use crate::{BodyError, JsonWriter, Untyped, Value};

const PADDED: GeneralPurposeConfig = GeneralPurposeConfig::new()
    .with_encode_padding(true)
    .with_decode_padding_mode(DecodePaddingMode::Indifferent);
const UNPADDED: GeneralPurposeConfig = PADDED.with_encode_padding(false);

/// `Edm.Binary`. Made of bytes, it is written in base64url with padding (OData JSON 4.01, 7.1). Read from text it keeps the
/// spelling of that text: Graph's reference shows the standard alphabet, and an update that was read must not change it.
///
/// Two are equal when their bytes are.
///
/// ```
/// use msgraph_runtime::Binary;
///
/// let thumbprint: Binary = "3q2-7w==".parse()?;
/// assert_eq!(thumbprint.as_bytes(), [0xde, 0xad, 0xbe, 0xef]);
/// assert_eq!(Binary::from([0xde, 0xad, 0xbe, 0xef]), thumbprint);
/// # Ok::<(), msgraph_runtime::BinaryError>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct Binary {
    bytes: Vec<u8>,
    spelling: Spelling,
}

/// How the bytes are written.
#[derive(Clone, Copy, Debug, Default)]
struct Spelling {
    standard_alphabet: bool,
    unpadded: bool,
}

impl Spelling {
    const fn engine(self) -> GeneralPurpose {
        let alphabet = if self.standard_alphabet {
            &STANDARD
        } else {
            &URL_SAFE
        };
        let config = if self.unpadded { UNPADDED } else { PADDED };
        GeneralPurpose::new(alphabet, config)
    }
}

impl PartialEq for Binary {
    fn eq(&self, other: &Self) -> bool {
        self.bytes == other.bytes
    }
}

impl Eq for Binary {}

impl std::hash::Hash for Binary {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.bytes.hash(state);
    }
}

/// Text that is not base64.
///
/// ```
/// use msgraph_runtime::Binary;
///
/// assert!("no base64!".parse::<Binary>().is_err());
/// ```
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct BinaryError(base64::DecodeError);

impl Binary {
    /// The bytes.
    pub fn as_bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The bytes themselves.
    pub fn into_bytes(self) -> Vec<u8> {
        self.bytes
    }
}

impl<T: Into<Vec<u8>>> From<T> for Binary {
    fn from(bytes: T) -> Self {
        Self {
            bytes: bytes.into(),
            spelling: Spelling::default(),
        }
    }
}

impl FromStr for Binary {
    type Err = BinaryError;

    fn from_str(text: &str) -> Result<Self, BinaryError> {
        let spelling = Spelling {
            standard_alphabet: text.contains(['+', '/']),
            unpadded: !text.len().is_multiple_of(4),
        };
        let bytes = spelling.engine().decode(text).map_err(BinaryError)?;
        Ok(Self { bytes, spelling })
    }
}

impl fmt::Display for Binary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.spelling.engine().encode(&self.bytes))
    }
}

impl Value for Binary {
    fn write(&self, writer: &mut JsonWriter) -> Result<(), BodyError> {
        writer.string(&self.spelling.engine().encode(&self.bytes))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_written_in_base64url_and_text_as_it_was() {
        let bytes = [0xfb, 0xff, 0xfe, 0x01];
        assert_eq!(Binary::from(bytes).to_string(), "-__-AQ==");
        for text in [
            "-__-AQ==",
            "+//+AQ==",
            "-__-AQ",
            "+//+AQ",
            "cGF5bG9hZA==",
            "",
        ] {
            let binary: Binary = text.parse().expect(text);
            assert_eq!(binary.to_string(), text);
        }
        let standard: Binary = "+//+AQ".parse().expect("base64");
        assert_eq!(standard, Binary::from(bytes));
        for text in ["+_==", "a", "====", "\u{e9}"] {
            assert!(text.parse::<Binary>().is_err(), "{text}");
        }
    }
}
