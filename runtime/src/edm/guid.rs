use serde_json::Value as Untyped;
use uuid::Uuid;

use crate::body::error::BodyError;
use crate::body::json_writer::JsonWriter;
use crate::body::value::Value;

/// `Edm.Guid`, written in lower case with hyphens, as Graph writes it.
pub type Guid = Uuid;

impl Value for Uuid {
    fn write(&self, writer: &mut JsonWriter) -> Result<(), BodyError> {
        let mut buffer = Uuid::encode_buffer();
        writer.string(self.hyphenated().encode_lower(&mut buffer))
    }

    fn is_same(&self, current: &Untyped) -> bool {
        let current = current.as_str().and_then(|text| Uuid::parse_str(text).ok());
        current == Some(*self)
    }
}
