use std::any::Any;
use std::borrow::Cow;
use std::fmt::Debug;

use serde_json::Value as Untyped;

use crate::body::dynamic::DynamicProperties;
use crate::body::error::BodyError;
use crate::body::json_writer::JsonWriter;
use crate::body::odata_type::described;
use crate::body::purpose::Purpose;
use crate::body::type_info::{MarkedField, TypeInfo, is_never_sent, is_sent};
use crate::body::type_rule::TypeRule;

/// The result of a visit. An error ends it.
pub type VisitResult = Result<(), BodyError>;

/// Visits the fields of a [`Structured`] value.
pub trait FieldVisitor {
    /// Visits the declared fields, those of the base type first, set or not, and the undeclared properties, if the type
    /// has a field for them: none or one.
    ///
    /// # Errors
    /// Any error ends the visit.
    fn fields(
        &mut self,
        fields: &[MarkedField<'_>],
        undeclared: &[&DynamicProperties],
    ) -> VisitResult;
}

/// A complex or entity type as a partial value. Implemented by generated code only.
///
/// ```
/// # use msgraph_runtime::__private as __rt;
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
pub trait Structured: Any + Debug + Send + Sync {
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

    /// The value as JSON, written as the body of a request whose path declares this type: of an update, or of a POST if it
    /// is a body that creates, or the parameters of an action.
    ///
    /// # Errors
    /// If a value cannot be sent; see [`BodyProblem`](crate::error::BodyProblem).
    fn to_json(&self) -> Result<String, BodyError>
    where
        Self: Sized,
    {
        JsonWriter::body(self, TypeRule::default(), self.info().purpose())?.into_string()
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
        JsonWriter::body(self, TypeRule::default(), self.info().purpose())?.into_value()
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

/// Passes the fields and the undeclared properties of a value to `visit`. A value with several parts passes each.
pub(crate) fn each_part(
    value: &dyn Structured,
    visit: impl FnMut(&[MarkedField<'_>], &[&DynamicProperties]),
) {
    struct Visitor<F>(F);

    impl<F: FnMut(&[MarkedField<'_>], &[&DynamicProperties])> FieldVisitor for Visitor<F> {
        fn fields(
            &mut self,
            fields: &[MarkedField<'_>],
            undeclared: &[&DynamicProperties],
        ) -> VisitResult {
            (self.0)(fields, undeclared);
            Ok(())
        }
    }

    // The visitor never fails.
    let _ = value.visit(&mut Visitor(visit));
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

/// The name of the value's type: the one that was read, if this code does not know it.
pub(crate) fn own_type(value: &dyn Structured) -> Cow<'static, str> {
    let mut read = None;
    each_part(value, |_, undeclared| {
        let mut types = undeclared.iter().filter_map(|it| it.odata_type());
        read = read.take().or_else(|| types.next().map(str::to_owned));
    });
    read.map_or(Cow::Borrowed(value.type_name()), Cow::Owned)
}

pub(crate) fn is_empty(value: &dyn Structured) -> bool {
    let purpose = value.info().purpose();
    let mut empty = true;
    each_part(value, |fields, undeclared| {
        // The type of a property does not count without the property.
        let mut dynamic = undeclared.iter().flat_map(|properties| properties.sent());
        empty &= !fields.iter().any(|field| is_sent(field, purpose))
            && dynamic.all(|(name, _)| described(name).is_some());
    });
    empty
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
    pub(crate) never_sent: Vec<&'static str>,
    /// The others that are sent.
    pub(crate) dynamic: Vec<String>,
    /// The others that were read, and are not sent.
    pub(crate) received: Vec<String>,
}

impl Names {
    pub(crate) fn of(value: &dyn Structured) -> Self {
        Self::when(value.info().purpose(), value)
    }

    pub(crate) fn when(purpose: Purpose, value: &dyn Structured) -> Self {
        let mut names = Self::default();
        each_part(value, |fields, undeclared| {
            for field in fields {
                names.declared.push(field.0);
                if is_never_sent(field, purpose) {
                    names.never_sent.push(field.0);
                } else if is_sent(field, purpose) {
                    names.set.push(field.0);
                }
            }
            for properties in undeclared {
                let sent = properties.sent().map(|(name, _)| name.to_owned());
                names.dynamic.extend(sent);
                let received = properties.received().map(|(name, _)| name.to_owned());
                names.received.extend(received);
            }
        });
        names
    }

    pub(crate) fn declares(&self, name: &str) -> bool {
        self.declared.contains(&name)
    }

    pub(crate) fn sets(&self, name: &str) -> bool {
        self.set.contains(&name) || self.dynamic.iter().any(|dynamic| dynamic == name)
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
