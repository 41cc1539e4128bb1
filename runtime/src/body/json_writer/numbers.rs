//! Binary floating-point numbers.

use super::{JsonWriter, json_problem};
use crate::body::error::BodyError;

impl JsonWriter {
    /// A binary floating-point number; a whole one without a fraction, as people and JavaScript write it. `INF`, `-INF`
    /// and `NaN` are strings (OData JSON 4.01, 7.1).
    ///
    /// # Errors
    /// When the JSON writer fails, which on a buffer in memory it does not.
    pub fn double(&mut self, value: f64) -> Result<(), BodyError> {
        match (non_finite(value), whole(value)) {
            (Some(text), _) => self.string(text),
            (None, Some(whole)) => self.integer(whole),
            (None, None) => serde_json::to_writer(&mut self.out, &value).map_err(json_problem),
        }
    }

    /// The same for single precision: as few digits as tell it from its neighbours.
    ///
    /// # Errors
    /// When the JSON writer fails, which on a buffer in memory it does not.
    pub fn single(&mut self, value: f32) -> Result<(), BodyError> {
        match (non_finite(f64::from(value)), whole(f64::from(value))) {
            (Some(text), _) => self.string(text),
            (None, Some(whole)) => self.integer(whole),
            (None, None) => serde_json::to_writer(&mut self.out, &value).map_err(json_problem),
        }
    }
}

/// A number without a fraction, as far as a double holds every integer. Not the negative zero, whose sign it would lose.
fn whole(value: f64) -> Option<i64> {
    const EXACT: f64 = 9_007_199_254_740_992.0;
    let is_whole = value.fract() == 0.0 && value.abs() <= EXACT;
    // In range by the line before, so nothing is cut off.
    (is_whole && !(value == 0.0 && value.is_sign_negative())).then_some(value as i64)
}

fn non_finite(value: f64) -> Option<&'static str> {
    if value.is_finite() {
        None
    } else if value.is_nan() {
        Some("NaN")
    } else if value > 0.0 {
        Some("INF")
    } else {
        Some("-INF")
    }
}
