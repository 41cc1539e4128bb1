//! Checks the limits of what is written.

use serde_json::Value as Untyped;

use super::JsonWriter;
use crate::body::error::BodyError;
use crate::body::limit::{LimitViolation, Merged};
use crate::body::purpose::Purpose;
use crate::body::structured::Structured;

impl JsonWriter {
    /// The limits that `value` violates, at any depth, if it is merged into `current`.
    pub(crate) fn limit_violations(
        value: &dyn Structured,
        purpose: Purpose,
        current: &Untyped,
    ) -> Result<Vec<LimitViolation>, BodyError> {
        let mut writer = Self::completing(current, false);
        writer.purpose = purpose;
        writer.violations = Some(Vec::new());
        writer.object(value)?;
        Ok(writer.violations.unwrap_or_default())
    }

    /// Checks the object that was written from `start`, except for its closing brace.
    pub(super) fn check_limits(&mut self, start: usize, value: &dyn Structured) {
        let limits = value.info().limits;
        // A replaced object was completed with its current properties.
        let is_merged = !self.is_replaced();
        let completion = self.completion.as_ref().filter(|_| is_merged);
        let Some(violations) = self.violations.as_mut().filter(|_| !limits.is_empty()) else {
            return;
        };
        let mut json = vec![b'{'];
        json.extend_from_slice(self.out.get(start..).unwrap_or_default());
        json.push(b'}');
        let Ok(Untyped::Object(written)) = serde_json::from_slice(&json) else {
            return;
        };
        let merged = Merged {
            written: &written,
            current: completion.and_then(|it| it.current()?.as_object()),
        };
        violations.extend(limits.iter().filter_map(|(property, limit)| {
            let (value_of_property, bound) = merged.exceeded(property, *limit)?;
            Some(LimitViolation {
                type_name: value.type_name(),
                property,
                value: value_of_property,
                bound,
            })
        }));
    }
}
