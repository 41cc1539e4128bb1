/// The least privileged permissions for a request, as far as they are known. Any item of a list is sufficient, and so are
/// higher permissions. An item may name several that are needed together: `A and B`.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
#[non_exhaustive]
pub struct RequiredPermissions {
    /// Delegated permissions, for a signed-in user; empty if none are known.
    pub delegated: &'static [&'static str],
    /// Application permissions, for an application without a user; empty if none are known.
    pub application: &'static [&'static str],
}

impl RequiredPermissions {
    pub(crate) const NONE: Self = Self {
        delegated: &[],
        application: &[],
    };
}
