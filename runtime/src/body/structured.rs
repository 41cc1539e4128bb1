use std::fmt::Debug;

use serde_json::Value as Untyped;

use crate::body::dynamic::DynamicProperties;
use crate::body::error::BodyError;
use crate::body::json_writer::JsonWriter;
use crate::body::odata_type::described;
use crate::body::type_info::{MarkedField, TypeInfo, is_read_only, is_sent};
use crate::body::type_rule::TypeRule;

/// The result of a visit. An error ends it.
pub type VisitResult = Result<(), BodyError>;

/// Visits the fields of a [`Structured`] value.
pub trait FieldVisitor {
    /// Visits the declared fields, those of the base type first, set or not.
    ///
    /// # Errors
    /// Any error ends the visit.
    fn fields(&mut self, fields: &[MarkedField<'_>]) -> VisitResult;

    /// Visits the dynamic properties of an open type, after the declared fields.
    ///
    /// # Errors
    /// Any error ends the visit.
    fn dynamic(&mut self, properties: &DynamicProperties) -> VisitResult;
}

/// A complex or entity type as a partial value. Implemented by generated code only.
///
/// ```
/// # use msgraph_runtime::__private as __rt;
/// # #[derive(Default)]
/// # struct TapPatch { default_length: Option<Nullable<i32>>, is_usable_once: Option<Nullable<bool>> }
/// # __rt::body! {
/// #     TapPatch: "microsoft.graph.tap";
/// #     "defaultLength" default_length;
/// #     "isUsableOnce" is_usable_once;
/// # }
/// use msgraph_runtime::Nullable;
/// use msgraph_runtime::json::Structured;
///
/// let patch = TapPatch { default_length: Some(Nullable::Null), ..Default::default() };
/// assert_eq!(patch.to_json()?, r#"{"defaultLength":null}"#);
/// assert_eq!(patch.set_fields(), ["defaultLength"]);
/// assert!(TapPatch::default().is_empty());
/// # Ok::<(), msgraph_runtime::error::BodyError>(())
/// ```
pub trait Structured: Debug + Send + Sync + 'static {
    #[doc(hidden)]
    fn info(&self) -> &TypeInfo;

    /// Passes every field to `visitor`.
    #[doc(hidden)]
    fn visit(&self, visitor: &mut dyn FieldVisitor) -> VisitResult;

    /// The qualified name, such as `microsoft.graph.user`.
    fn type_name(&self) -> &'static str {
        self.info().type_name
    }

    /// Whether the service replaces a value of this type as a whole, and so removes or resets the properties that an
    /// update does not set. [`diff`](crate::request::diff()) then adds the current values of those properties to an update.
    #[doc(hidden)]
    fn replaces(&self) -> bool {
        self.info().is_replaced()
    }

    /// Whether the value has the declared type of its position, if the position accepts several types.
    #[doc(hidden)]
    fn is_declared_type(&self) -> Option<bool> {
        None
    }

    /// The value as JSON, written as the body of an update whose path declares this type.
    ///
    /// # Errors
    /// If a value cannot be sent; see [`BodyProblem`](crate::error::BodyProblem).
    fn to_json(&self) -> Result<String, BodyError>
    where
        Self: Sized,
    {
        JsonWriter::body(self, TypeRule::default())?.into_string()
    }

    /// The value as a JSON tree. Its numbers have the precision of `serde_json::Number`; [`to_json`](Self::to_json) keeps
    /// every digit of an `Edm.Decimal`.
    ///
    /// # Errors
    /// If a value cannot be sent; see [`BodyProblem`](crate::error::BodyProblem).
    fn to_value(&self) -> Result<Untyped, BodyError>
    where
        Self: Sized,
    {
        JsonWriter::body(self, TypeRule::default())?.into_value()
    }

    /// Whether no field is set. `@odata.type` does not count.
    fn is_empty(&self) -> bool
    where
        Self: Sized,
    {
        is_empty(self)
    }

    /// The wire names of the declared fields that are set and sent, in declaration order.
    fn set_fields(&self) -> Vec<&'static str>
    where
        Self: Sized,
    {
        Names::of(self).set
    }
}

// The provided methods call functions over `dyn Structured`, so that a crate with a thousand types compiles those once.

/// Whether this is the body of a request that replaces a collection; see [`CollectionBody`](crate::request::CollectionBody).
pub(crate) fn is_collection(value: &dyn Structured) -> bool {
    value.type_name().starts_with("Collection(")
}

/// Whether a value may have another type than the current value of its property.
pub(crate) fn may_differ(value: &dyn Structured) -> bool {
    value.is_declared_type().is_some() || value.info().is_typed()
}

pub(crate) fn is_empty(value: &dyn Structured) -> bool {
    let mut empty = Empty(true);
    // The visitor never fails.
    let _ = value.visit(&mut empty);
    empty.0
}

struct Empty(bool);

impl FieldVisitor for Empty {
    fn fields(&mut self, fields: &[MarkedField<'_>]) -> VisitResult {
        self.0 = self.0 && !fields.iter().any(is_sent);
        Ok(())
    }

    fn dynamic(&mut self, properties: &DynamicProperties) -> VisitResult {
        // The type of a property does not count without the property.
        let mut names = properties.iter().map(|(name, _)| name);
        self.0 = self.0 && names.all(|name| described(name).is_some());
        Ok(())
    }
}

/// What to `$select` to read the properties that `value` sets: without annotations, and without references
/// (`manager@odata.bind`), which are write-only.
pub(crate) fn selection(value: &dyn Structured) -> Vec<String> {
    let names = Names::of(value);
    let set = names.set.into_iter().map(str::to_owned);
    set.chain(names.dynamic)
        .filter(|name| !name.contains('@'))
        .collect()
}

/// The wire names of a value's properties.
#[derive(Default)]
pub(crate) struct Names {
    pub(crate) declared: Vec<&'static str>,
    /// The declared ones that are set and sent.
    pub(crate) set: Vec<&'static str>,
    /// The declared ones that are never sent.
    pub(crate) read_only: Vec<&'static str>,
    pub(crate) dynamic: Vec<String>,
}

impl Names {
    pub(crate) fn of(value: &dyn Structured) -> Self {
        let mut names = Self::default();
        // The visitor never fails.
        let _ = value.visit(&mut names);
        names
    }

    pub(crate) fn declares(&self, name: &str) -> bool {
        self.declared.contains(&name)
    }

    pub(crate) fn sets(&self, name: &str) -> bool {
        self.set.contains(&name) || self.dynamic.iter().any(|dynamic| dynamic == name)
    }
}

impl FieldVisitor for Names {
    fn fields(&mut self, fields: &[MarkedField<'_>]) -> VisitResult {
        for field in fields {
            self.declared.push(field.0);
            if is_read_only(field) {
                self.read_only.push(field.0);
            } else if is_sent(field) {
                self.set.push(field.0);
            }
        }
        Ok(())
    }

    fn dynamic(&mut self, properties: &DynamicProperties) -> VisitResult {
        let names = properties.iter().map(|(name, _)| name.to_owned());
        self.dynamic.extend(names);
        Ok(())
    }
}

// `Box` is fundamental: a crate may implement `Structured` for a box of its own type, so a separate `Value for Box<T>`
// would overlap with `Value for T: Structured`.
impl<T: Structured> Structured for Box<T> {
    fn info(&self) -> &TypeInfo {
        self.as_ref().info()
    }

    fn is_declared_type(&self) -> Option<bool> {
        self.as_ref().is_declared_type()
    }

    fn visit(&self, visitor: &mut dyn FieldVisitor) -> VisitResult {
        self.as_ref().visit(visitor)
    }
}
