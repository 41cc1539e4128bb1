//! Structured values as dynamic properties.

use serde_json::Value as Untyped;

use super::{DynamicProperties, DynamicPropertyError};
use crate::body::json_writer::JsonWriter;
use crate::body::structured::Structured;
use crate::body::type_rule::TypeRule;

impl DynamicProperties {
    /// Sets a property to a structured value, with its `@odata.type`: the property is not declared, so nothing else tells
    /// the type (OData JSON 4.01, 4.5.3).
    ///
    /// ```
    /// # use msgraph_runtime::{FieldVisitor, Structured, VisitResult};
    /// # #[derive(Debug, Default)] struct Address { city: Option<String> }
    /// # impl Structured for Address {
    /// #     fn type_name(&self) -> &'static str { "microsoft.graph.address" }
    /// #     fn visit(&self, visitor: &mut dyn FieldVisitor) -> VisitResult { visitor.fields(&[("city", &self.city)]) }
    /// # }
    /// use msgraph_runtime::DynamicProperties;
    ///
    /// let mut properties = DynamicProperties::default();
    /// properties.insert_structured("depot", &Address { city: Some("Oslo".into()) })?;
    /// let expected = serde_json::json!({ "@odata.type": "#microsoft.graph.address", "city": "Oslo" });
    /// assert_eq!(properties.get("depot"), Some(&expected));
    /// # Ok::<(), msgraph_runtime::DynamicPropertyError>(())
    /// ```
    ///
    /// # Errors
    /// As [`insert`](Self::insert), and when the value cannot be sent.
    pub fn insert_structured(
        &mut self,
        name: impl Into<String>,
        value: &dyn Structured,
    ) -> Result<Option<Untyped>, DynamicPropertyError> {
        let value = JsonWriter::body(value, TypeRule::UNDECLARED)
            .and_then(JsonWriter::into_value)
            .map_err(DynamicPropertyError::Value)?;
        self.insert(name, value)
    }
}
