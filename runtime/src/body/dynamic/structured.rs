//! Structured values as dynamic properties.

use serde_json::Value as Untyped;

use super::{DynamicProperties, DynamicPropertyError};
use crate::body::json_writer::JsonWriter;
use crate::body::purpose::Purpose;
use crate::body::structured::Structured;
use crate::body::type_rule::{Required, TypeRule};

impl DynamicProperties {
    /// Sets a property to a structured value, including its `@odata.type`, which is required because the property is not
    /// declared (OData JSON 4.01, 4.5.3).
    ///
    /// # Errors
    /// Those of [`insert`](Self::insert), and if the value cannot be sent.
    pub fn insert_structured(
        &mut self,
        name: impl Into<String>,
        value: &dyn Structured,
    ) -> Result<Option<Untyped>, DynamicPropertyError> {
        let types = TypeRule {
            declared: None,
            required: Required::Whole,
        };
        let value = JsonWriter::body(value, types, Purpose::Update)
            .and_then(JsonWriter::into_value)
            .map_err(DynamicPropertyError::Value)?;
        self.insert(name, value)
    }
}
