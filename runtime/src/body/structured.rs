use std::fmt::Debug;
use std::sync::Arc;

use serde_json::Value as Untyped;

use crate::body::dynamic::DynamicProperties;
use crate::body::error::BodyError;
use crate::body::json_writer::JsonWriter;
use crate::body::odata_type::described;
use crate::body::type_rule::TypeRule;
use crate::body::value::Field;

/// What a visit gives back; an error ends it.
///
/// ```
/// use msgraph_runtime::{BodyError, BodyProblem, VisitResult};
///
/// fn too_deep() -> VisitResult {
///     Err(BodyError::new(BodyProblem::TooDeep))
/// }
/// assert!(too_deep().is_err());
/// ```
pub type VisitResult = Result<(), BodyError>;

/// Something that walks over the fields of a [`Structured`] value.
///
/// ```
/// use msgraph_runtime::{CollectionBody, DynamicProperties, Field, FieldVisitor, Structured, VisitResult};
///
/// /// Counts the fields that are set.
/// struct Count(usize);
///
/// impl FieldVisitor for Count {
///     fn fields(&mut self, fields: &[(&'static str, &dyn Field)]) -> VisitResult {
///         self.0 += fields.iter().filter(|(_, field)| !field.is_absent()).count();
///         Ok(())
///     }
///     fn dynamic(&mut self, properties: &DynamicProperties) -> VisitResult {
///         self.0 += properties.into_iter().count();
///         Ok(())
///     }
/// }
///
/// let mut count = Count(0);
/// CollectionBody::from(["a".to_owned()]).visit(&mut count)?;
/// assert_eq!(count.0, 1);
/// # Ok::<(), msgraph_runtime::BodyError>(())
/// ```
pub trait FieldVisitor {
    /// The declared fields with their wire names, base type first, set or not.
    ///
    /// # Errors
    /// Whatever ends the visit.
    fn fields(&mut self, fields: &[(&'static str, &dyn Field)]) -> VisitResult;

    /// The dynamic properties of an open type. Comes after the declared fields.
    ///
    /// # Errors
    /// Whatever ends the visit.
    fn dynamic(&mut self, properties: &DynamicProperties) -> VisitResult;
}

/// A structured type of the metadata, complex or entity, as a partial value: implemented by generated code.
///
/// Three members describe the type; everything else is done over them.
///
/// ```
/// use msgraph_runtime::{FieldVisitor, Nullable, Structured, VisitResult};
///
/// // As it is generated.
/// #[derive(Debug, Default)]
/// struct TapPatch {
///     default_length: Option<Nullable<i32>>,
///     is_usable_once: Option<Nullable<bool>>,
/// }
///
/// impl Structured for TapPatch {
///     fn type_name(&self) -> &'static str {
///         "microsoft.graph.tap"
///     }
///     fn visit(&self, visitor: &mut dyn FieldVisitor) -> VisitResult {
///         visitor.fields(&[("defaultLength", &self.default_length), ("isUsableOnce", &self.is_usable_once)])
///     }
/// }
///
/// let patch = TapPatch { default_length: Some(Nullable::Null), ..Default::default() };
/// assert_eq!(patch.to_json()?, r#"{"defaultLength":null}"#);
/// assert_eq!(patch.set_fields(), ["defaultLength"]);
/// assert!(TapPatch::default().is_empty());
/// # Ok::<(), msgraph_runtime::BodyError>(())
/// ```
pub trait Structured: Debug + Send + Sync + 'static {
    /// The qualified name, `microsoft.graph.user`.
    fn type_name(&self) -> &'static str;

    /// What a value of this type writes as `@odata.type` wherever it stands: for types that the service always wants
    /// named. Values of other types write it where the position declares another type; see
    /// [`Request::declared_type`](crate::Request::declared_type) and [`AnyOf`](crate::AnyOf).
    #[inline]
    fn odata_type(&self) -> Option<&'static str> {
        None
    }

    /// Shows every field to `visitor`.
    ///
    /// # Errors
    /// What the visitor gives back.
    fn visit(&self, visitor: &mut dyn FieldVisitor) -> VisitResult;

    /// Whether the service replaces a value of this type as a whole, and so removes or resets what an update does not
    /// set. An entity that is updated by its own URL is such a value too.
    ///
    /// [`diff`](crate::diff()) then completes an update with what was read. [`Replaced`](crate::Replaced) does the same
    /// for one property.
    #[inline]
    fn replaces(&self) -> bool {
        false
    }

    /// The properties of the type that an update does not send, such as those that the service computes. They are not
    /// carried over from what was read.
    #[inline]
    fn not_sent(&self) -> &'static [&'static str] {
        &[]
    }

    /// The JSON that the whole body was read from, where it is to be written as that was; see
    /// [`Document`](crate::Document).
    #[doc(hidden)]
    #[inline]
    fn document_source(&self) -> Option<&Arc<Untyped>> {
        None
    }

    /// In a position that takes several types: whether the value is of the one that the position declares.
    #[doc(hidden)]
    #[inline]
    fn is_declared_type(&self) -> Option<bool> {
        None
    }

    /// The value as JSON text: as the body of an update whose path declares this type.
    ///
    /// # Errors
    /// When a value cannot be sent; see [`BodyProblem`](crate::BodyProblem).
    fn to_json(&self) -> Result<String, BodyError>
    where
        Self: Sized,
    {
        JsonWriter::body(self, TypeRule::default())?.into_string()
    }

    /// The value as a JSON tree. Numbers take the precision of `serde_json::Number`; [`to_json`](Self::to_json) keeps
    /// every digit of an `Edm.Decimal`.
    ///
    /// # Errors
    /// When a value cannot be sent; see [`BodyProblem`](crate::BodyProblem).
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

    /// The wire names of the declared fields that are set, in their order. Dynamic properties are not among them.
    fn set_fields(&self) -> Vec<&'static str>
    where
        Self: Sized,
    {
        set_fields(self)
    }
}

// The work behind the provided methods, over the type forgotten: those are kept out of the vtable, so that a crate with
// a thousand types compiles it once.

/// Whether this is the body of a request that replaces a collection; see [`CollectionBody`](crate::CollectionBody).
pub(crate) fn is_collection(value: &dyn Structured) -> bool {
    value.type_name().starts_with("Collection(")
}

/// Whether a value may be of another type than the one in its place: where it cannot, it has no say in that.
pub(crate) fn may_differ(value: &dyn Structured) -> bool {
    value.is_declared_type().is_some() || value.odata_type().is_some()
}

pub(crate) fn is_empty(value: &dyn Structured) -> bool {
    let mut empty = Empty(true);
    // A visit fails only where its visitor does, and neither of these does.
    let _ = value.visit(&mut empty);
    empty.0
}

pub(crate) fn set_fields(value: &dyn Structured) -> Vec<&'static str> {
    let mut set = SetFields(Vec::new());
    let _ = value.visit(&mut set);
    set.0
}

/// What to select to read what the value sets: names of declared and dynamic properties, without annotations and
/// references (`manager@odata.bind`), which are there to be written only.
pub(crate) fn selection(value: &dyn Structured) -> Vec<String> {
    let mut selection = Selection(Vec::new());
    let _ = value.visit(&mut selection);
    selection.0.retain(|name| !name.contains('@'));
    selection.0
}

struct Selection(Vec<String>);

impl FieldVisitor for Selection {
    fn fields(&mut self, fields: &[(&'static str, &dyn Field)]) -> VisitResult {
        let set = fields.iter().filter(|(_, field)| !field.is_absent());
        self.0.extend(set.map(|(name, _)| (*name).to_owned()));
        Ok(())
    }

    fn dynamic(&mut self, properties: &DynamicProperties) -> VisitResult {
        let names = properties.into_iter().map(|(name, _)| name.to_owned());
        self.0.extend(names);
        Ok(())
    }
}

struct Empty(bool);

impl FieldVisitor for Empty {
    fn fields(&mut self, fields: &[(&'static str, &dyn Field)]) -> VisitResult {
        self.0 = self.0 && fields.iter().all(|(_, field)| field.is_absent());
        Ok(())
    }

    fn dynamic(&mut self, properties: &DynamicProperties) -> VisitResult {
        // What describes a property is sent with it only, and its field was looked at.
        let mut values = properties.iter().map(|(name, _)| name);
        self.0 = self.0 && values.all(|name| described(name).is_some());
        Ok(())
    }
}

struct SetFields(Vec<&'static str>);

impl FieldVisitor for SetFields {
    fn fields(&mut self, fields: &[(&'static str, &dyn Field)]) -> VisitResult {
        let set = fields.iter().filter(|(_, field)| !field.is_absent());
        self.0.extend(set.map(|(name, _)| *name));
        Ok(())
    }

    fn dynamic(&mut self, _: &DynamicProperties) -> VisitResult {
        Ok(())
    }
}

// `Box` is fundamental: a crate may implement `Structured` for a box of its own type, so a separate `Value for Box<T>`
// would overlap with `Value for T: Structured`. Through this one a boxed value is a value.
impl<T: Structured> Structured for Box<T> {
    #[inline]
    fn type_name(&self) -> &'static str {
        T::type_name(self)
    }

    #[inline]
    fn odata_type(&self) -> Option<&'static str> {
        T::odata_type(self)
    }

    #[inline]
    fn is_declared_type(&self) -> Option<bool> {
        T::is_declared_type(self)
    }

    #[inline]
    fn visit(&self, visitor: &mut dyn FieldVisitor) -> VisitResult {
        T::visit(self, visitor)
    }

    #[inline]
    fn replaces(&self) -> bool {
        T::replaces(self)
    }

    #[inline]
    fn not_sent(&self) -> &'static [&'static str] {
        T::not_sent(self)
    }

    #[inline]
    fn document_source(&self) -> Option<&Arc<Untyped>> {
        T::document_source(self)
    }
}
