/// Which structured values of a body write `@odata.type` (OData JSON 4.01, 4.5.3).
///
/// A value writes it if its type differs from the declared type of its position. In a body, the Rust types show this: a
/// field that is a struct always has the declared type, and an [`AnyOf`](crate::edm::AnyOf) compares. For the body itself,
/// only the request knows which type its path declares.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct TypeRule {
    /// The declared type of the body's position, if known.
    pub(crate) declared: Option<&'static str>,
    pub(crate) required: Required,
}

/// Which structured values write `@odata.type` although they have the declared type.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(crate) enum Required {
    #[default]
    None,
    /// The body itself.
    Whole,
    /// The body and every value in it.
    All,
}
