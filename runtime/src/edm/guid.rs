use std::fmt;
use std::str::FromStr;

use serde_json::Value as Untyped;
use uuid::Uuid;

use crate::body::error::BodyError;
use crate::body::json_writer::JsonWriter;
use crate::body::value::Value;
use crate::edm::nullable::Nullable;

/// `Edm.Guid`: a UUID that is written in the letters it was read in.
///
/// One made from a [`Uuid`] has lower case, as Graph writes them. Equal when the text is; what a resource has is compared
/// by value.
///
/// ```
/// use msgraph_runtime::{Guid, Uuid};
///
/// let read: Guid = "2AF84B1E-32C8-42B7-82BC-DAA82404023B".parse()?;
/// assert_eq!(read.to_string(), "2AF84B1E-32C8-42B7-82BC-DAA82404023B");
/// assert_eq!(Guid::from(Uuid::from(read)).to_string(), "2af84b1e-32c8-42b7-82bc-daa82404023b");
/// # Ok::<(), msgraph_runtime::GuidError>(())
/// ```
#[derive(Clone, Copy, Eq, Hash, PartialEq)]
pub struct Guid {
    value: Uuid,
    /// One bit for each of the 32 digits, the first the highest: whether it is a letter in upper case.
    upper: u32,
}

/// Text that is no GUID: 32 hexadecimal digits in five groups, with hyphens and nothing around them.
///
/// ```
/// use msgraph_runtime::Guid;
///
/// assert!("2af84b1e".parse::<Guid>().is_err());
/// ```
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct GuidError {
    text: String,
}

impl fmt::Display for GuidError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{:?} is not a GUID, as 6f9619ff-8b86-d011-b42d-00cf4fc964ff",
            self.text
        )
    }
}

impl std::error::Error for GuidError {}

impl FromStr for Guid {
    type Err = GuidError;

    fn from_str(text: &str) -> Result<Self, GuidError> {
        // `Uuid` takes other notations too, which Graph does not.
        let value = (text.len() == uuid::fmt::Hyphenated::LENGTH)
            .then(|| Uuid::try_parse(text).ok())
            .flatten();
        let Some(value) = value else {
            return Err(GuidError {
                text: text.to_owned(),
            });
        };
        let digits = text.bytes().filter(|byte| *byte != b'-');
        let upper = digits.fold(0, |upper, digit| {
            upper << 1 | u32::from(digit.is_ascii_uppercase())
        });
        Ok(Self { value, upper })
    }
}

impl From<Uuid> for Guid {
    #[inline]
    fn from(value: Uuid) -> Self {
        Self { value, upper: 0 }
    }
}

impl From<Guid> for Uuid {
    #[inline]
    fn from(guid: Guid) -> Self {
        guid.value
    }
}

impl From<Uuid> for Nullable<Guid> {
    #[inline]
    fn from(value: Uuid) -> Self {
        Self::Value(value.into())
    }
}

impl PartialEq<Uuid> for Guid {
    fn eq(&self, other: &Uuid) -> bool {
        self.value == *other
    }
}

impl fmt::Display for Guid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut buffer = Uuid::encode_buffer();
        let text = self.value.hyphenated().encode_lower(&mut buffer);
        if self.upper == 0 {
            return f.write_str(text);
        }
        let mut digit = 0;
        let cased: String = text
            .chars()
            .map(|character| {
                if character == '-' {
                    return character;
                }
                digit += 1;
                if self.upper.rotate_left(digit) & 1 == 1 {
                    character.to_ascii_uppercase()
                } else {
                    character
                }
            })
            .collect();
        f.write_str(&cased)
    }
}

impl fmt::Debug for Guid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Value for Guid {
    fn write(&self, writer: &mut JsonWriter) -> Result<(), BodyError> {
        writer.string(&self.to_string())
    }

    fn is_same(&self, current: &Untyped) -> bool {
        let current = current.as_str().and_then(|text| text.parse::<Self>().ok());
        current.is_some_and(|current| current.value == self.value)
    }
}
