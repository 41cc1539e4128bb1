use std::any::Any;
use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;

use crate::body::equality::is_equal;
use crate::body::structured::{FieldVisitor, Structured, VisitResult};
use crate::body::type_info::TypeInfo;
use crate::body::unknown_subtype::UnknownSubtype;

/// Marks the type of the marker `B`, and every type that derives from it, directly or indirectly.
///
/// `B` is an empty enumeration in generated code, one for each base type: `AnyDeviceConfiguration`.
pub trait DerivesFrom<B: 'static>: Structured {
    /// Whether this is the type of `B` itself. A value of another type writes `@odata.type` in an [`AnyOf`].
    fn is_base(&self) -> bool {
        false
    }
}

/// A value of any type that derives from the type of the marker `B`, for positions whose declared type is abstract or has
/// derived types. It writes `@odata.type` unless it has the declared type.
///
/// Two values are equal if their types and all their properties are.
///
/// ```
/// # use msgraph_runtime::__private as __rt;
/// # struct IosConfiguration { name: Option<String> }
/// # enum AnyConfiguration {}
/// # __rt::body! { IosConfiguration: "microsoft.graph.iosConfiguration"; is AnyConfiguration; "name" name; }
/// use msgraph_runtime::edm::AnyOf;
/// use msgraph_runtime::json::Structured;
///
/// let any: AnyOf<AnyConfiguration> = IosConfiguration { name: Some("a".into()) }.into();
/// assert_eq!(any.type_name(), "microsoft.graph.iosConfiguration");
/// assert_eq!(any.to_json()?, r##"{"@odata.type":"#microsoft.graph.iosConfiguration","name":"a"}"##);
/// # Ok::<(), msgraph_runtime::error::BodyError>(())
/// ```
pub struct AnyOf<B> {
    value: Arc<dyn Structured>,
    is_base: bool,
    /// The type that was read, if this code does not know it.
    unknown_type: Option<Arc<str>>,
    base: PhantomData<fn() -> B>,
}

impl<B: 'static> AnyOf<B> {
    /// Wraps a value.
    pub fn new(value: impl DerivesFrom<B>) -> Self {
        Self {
            is_base: value.is_base(),
            value: Arc::new(value),
            unknown_type: None,
            base: PhantomData,
        }
    }

    /// A value of a type that this code does not know.
    pub(crate) fn of_unknown_type(value: UnknownSubtype) -> Self {
        Self {
            // Without a type, it is written as it was read.
            is_base: value.0.odata_type().is_none(),
            unknown_type: None,
            value: Arc::new(value),
            base: PhantomData,
        }
    }

    pub(crate) fn with_unknown_type(mut self, name: &str) -> Self {
        self.unknown_type = Some(name.into());
        self
    }

    /// The qualified name of the value's own type, also if this code does not know it.
    pub fn type_name(&self) -> &str {
        match &self.unknown_type {
            Some(name) => name,
            None => self.value.type_name(),
        }
    }

    /// The value, if it is a `T`. A value that was read, and whose type this code does not know, is of the declared type of
    /// its position, unless that is abstract.
    ///
    /// ```
    /// # use msgraph_runtime::__private as __rt;
    /// # struct IosConfiguration { name: Option<String> }
    /// # enum AnyConfiguration {}
    /// # __rt::body! { IosConfiguration: "microsoft.graph.iosConfiguration"; is AnyConfiguration; "name" name; }
    /// use msgraph_runtime::edm::AnyOf;
    ///
    /// let any: AnyOf<AnyConfiguration> = IosConfiguration { name: Some("a".into()) }.into();
    /// let ios: Option<&IosConfiguration> = any.downcast_ref();
    /// assert_eq!(ios.unwrap().name.as_deref(), Some("a"));
    /// ```
    pub fn downcast_ref<T: DerivesFrom<B>>(&self) -> Option<&T> {
        let value: &dyn Any = &*self.value;
        value.downcast_ref()
    }

    /// The value.
    pub fn as_structured(&self) -> &dyn Structured {
        &*self.value
    }
}

impl<B> Clone for AnyOf<B> {
    fn clone(&self) -> Self {
        Self {
            value: Arc::clone(&self.value),
            is_base: self.is_base,
            unknown_type: self.unknown_type.clone(),
            base: PhantomData,
        }
    }
}

impl<B> fmt::Debug for AnyOf<B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.value.fmt(f)
    }
}

impl<B> PartialEq for AnyOf<B> {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.value, &other.value) || is_equal(&*self.value, &*other.value)
    }
}

impl<B: 'static> Structured for AnyOf<B> {
    fn info(&self) -> &TypeInfo {
        self.value.info()
    }

    fn is_declared_type(&self) -> Option<bool> {
        Some(self.is_base)
    }

    fn visit(&self, visitor: &mut dyn FieldVisitor) -> VisitResult {
        self.value.visit(visitor)
    }
}

impl<B: 'static> DerivesFrom<B> for AnyOf<B> {
    fn is_base(&self) -> bool {
        self.is_base
    }
}

// Every emitted struct has a `Default`, and `AnyOf` has none, so this does not overlap with `From<T> for T`.
impl<B: 'static, T: DerivesFrom<B> + Structured + Default> From<T> for AnyOf<B> {
    fn from(value: T) -> Self {
        Self::new(value)
    }
}
