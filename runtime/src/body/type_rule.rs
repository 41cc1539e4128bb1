use std::borrow::Cow;

use crate::body::structured::Structured;

/// Which structured values of a body write `@odata.type` (OData JSON 4.01, 4.5.3).
///
/// A value writes it where its type is not the one that its position declares. Inside of a body the Rust types show
/// that: a field that is a struct takes values of the declared type alone, and an [`AnyOf`](crate::AnyOf) compares. Of
/// the body itself, only the request says what its path declares.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct TypeRule {
    /// The type that the position of the whole value declares, where it is known.
    pub(crate) declared: Option<&'static str>,
    /// Which values write it whatever their position declares.
    pub(crate) required: Required,
}

/// Which structured values write `@odata.type` although they are of the declared type.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(crate) enum Required {
    #[default]
    None,
    /// The whole value, and no other in it.
    Whole,
    /// Each.
    All,
}

impl TypeRule {
    /// For the value of an undeclared property, whose type nothing else shows.
    pub(crate) const UNDECLARED: Self = Self {
        declared: None,
        required: Required::Whole,
    };

    /// For every value.
    pub(crate) const ALL: Self = Self {
        declared: None,
        required: Required::All,
    };

    /// What `value` writes as `@odata.type`; `is_whole` where it is the whole body.
    pub(crate) fn written(
        self,
        value: &dyn Structured,
        is_whole: bool,
    ) -> Option<Cow<'static, str>> {
        if let Some(always) = value.odata_type() {
            return Some(Cow::Borrowed(always));
        }
        let is_required = match self.required {
            Required::None => false,
            Required::Whole => is_whole,
            Required::All => true,
        };
        let differs = match self.declared {
            Some(declared) if is_whole => declared != value.type_name(),
            _ => value.is_declared_type() == Some(false),
        };
        // The wrapper around a collection is no value of a type.
        ((differs || is_required) && !is_collection(value))
            .then(|| Cow::Owned(["#", value.type_name()].concat()))
    }
}

/// Whether this is the body of a request that replaces a collection; see [`CollectionBody`](crate::CollectionBody).
pub(crate) fn is_collection(value: &dyn Structured) -> bool {
    value.type_name().starts_with("Collection(")
}

/// Whether a value may be of another type than the one in its place: where it cannot, it has no say in that.
pub(crate) fn may_differ(value: &dyn Structured) -> bool {
    value.is_declared_type().is_some() || value.odata_type().is_some()
}
