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
}
