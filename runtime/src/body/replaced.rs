//! Fields that the service replaces instead of merging.

use serde_json::Value as Untyped;

use crate::body::carried::with_nulls_of;
use crate::body::error::BodyError;
use crate::body::json_writer::JsonWriter;
use crate::body::value::Field;

/// A field whose value the service replaces as a whole: what an update of the value leaves out is removed or reset.
///
/// Generated code wraps the fields that the facts or the manifest mark so; a whole type is marked by
/// [`Structured::replaces`](crate::Structured::replaces). [`diff`](crate::diff()) then completes the value with what was read.
///
/// ```
/// # use msgraph_runtime::{FieldVisitor, Nullable, Structured, VisitResult};
/// # #[derive(Debug, Default)] struct Hours { from: Option<Nullable<String>>, to: Option<Nullable<String>> }
/// # impl Structured for Hours {
/// #     fn type_name(&self) -> &'static str { "microsoft.graph.hours" }
/// #     fn visit(&self, visitor: &mut dyn FieldVisitor) -> VisitResult {
/// #         visitor.fields(&[("from", &self.from), ("to", &self.to)])
/// #     }
/// # }
/// use msgraph_runtime::{Replaced, diff};
///
/// #[derive(Debug, Default)]
/// struct Room {
///     hours: Option<Hours>,
/// }
///
/// // As it is generated.
/// impl Structured for Room {
///     fn type_name(&self) -> &'static str {
///         "microsoft.graph.room"
///     }
///     fn visit(&self, visitor: &mut dyn FieldVisitor) -> VisitResult {
///         visitor.fields(&[("hours", &Replaced(&self.hours))])
///     }
/// }
///
/// let current = serde_json::json!({ "hours": { "from": "08:00", "to": "17:00" } });
/// let desired = Room { hours: Some(Hours { to: Some("18:00".into()), ..Default::default() }) };
/// assert_eq!(diff(&current, &desired)?.to_json()?, r#"{"hours":{"to":"18:00","from":"08:00"}}"#);
/// # Ok::<(), msgraph_runtime::BodyError>(())
/// ```
#[derive(Clone, Copy)]
pub struct Replaced<'f>(pub &'f dyn Field);

impl Field for Replaced<'_> {
    fn is_absent(&self) -> bool {
        self.0.is_absent()
    }

    fn write(&self, writer: &mut JsonWriter) -> Result<(), BodyError> {
        writer.replaced(&|writer| self.0.write(writer))
    }

    fn is_same(&self, current: &Untyped) -> bool {
        let mut writer = JsonWriter::new();
        self.0.write(&mut writer).is_ok()
            && serde_json::from_slice(&writer.into_bytes())
                .is_ok_and(|desired| self.0.is_same(&with_nulls_of(&desired, current.clone())))
    }
}
