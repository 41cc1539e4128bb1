use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;

use crate::body::equality::is_equal;
use crate::body::structured::{FieldVisitor, Structured, VisitResult};
use crate::body::type_info::TypeInfo;

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
/// # #[derive(Default)] struct IosConfiguration { name: Option<String> }
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
    base: PhantomData<fn() -> B>,
}

impl<B: 'static> AnyOf<B> {
    /// Wraps a value.
    pub fn new(value: impl DerivesFrom<B>) -> Self {
        Self {
            is_base: value.is_base(),
            value: Arc::new(value),
            base: PhantomData,
        }
    }

    /// The qualified name of the value's own type.
    pub fn type_name(&self) -> &'static str {
        self.value.type_name()
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
