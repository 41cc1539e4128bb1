//! Dynamic properties that the caller sets.

use serde_json::Value as Untyped;

use super::{DynamicProperties, DynamicPropertyError};
use crate::edm::convert::IntoUntyped;

impl DynamicProperties {
    /// Sets a property, and returns its previous value. [`Null`](crate::Null) sends null. For an `Option`, see
    /// [`null_if_none`](crate::null_if_none()).
    ///
    /// # Errors
    /// If the name is empty, or contains an `@` other than in `name@odata.type`.
    pub fn insert(
        &mut self,
        name: impl Into<String>,
        value: impl IntoUntyped,
    ) -> Result<Option<Untyped>, DynamicPropertyError> {
        let name = name.into();
        let plain = name.strip_suffix("@odata.type").unwrap_or(&name);
        if name.is_empty() {
            return Err(DynamicPropertyError::Empty);
        }
        if plain.is_empty() || plain.contains('@') {
            return Err(DynamicPropertyError::Annotation(name));
        }
        Ok(self.set(name, value.into_untyped()))
    }
}

impl<N: Into<String>, V: IntoUntyped, const LEN: usize> TryFrom<[(N, V); LEN]>
    for DynamicProperties
{
    type Error = DynamicPropertyError;

    fn try_from(properties: [(N, V); LEN]) -> Result<Self, DynamicPropertyError> {
        let mut all = Self::new();
        for (name, value) in properties {
            all.insert(name, value)?;
        }
        Ok(all)
    }
}
