//! The terms of OData's vocabularies that say what an update may do.

/// `Core.Computed`: the service sets the value.
pub const COMPUTED: &str = "Org.OData.Core.V1.Computed";
/// `Core.Immutable`: set on creation only.
pub const IMMUTABLE: &str = "Org.OData.Core.V1.Immutable";
/// `Core.Permissions`: read, write or both.
pub const PERMISSIONS: &str = "Org.OData.Core.V1.Permissions";
/// `Core.Description`.
pub const DESCRIPTION: &str = "Org.OData.Core.V1.Description";
/// `Core.LongDescription`.
pub const LONG_DESCRIPTION: &str = "Org.OData.Core.V1.LongDescription";
/// `Core.Revisions`: when an element was deprecated, and when it goes.
pub const REVISIONS: &str = "Org.OData.Core.V1.Revisions";
/// `Core.AlternateKeys`.
pub const ALTERNATE_KEYS: &str = "Org.OData.Core.V1.AlternateKeys";
/// `Capabilities.UpdateRestrictions`.
pub const UPDATE_RESTRICTIONS: &str = "Org.OData.Capabilities.V1.UpdateRestrictions";
/// `Capabilities.NavigationRestrictions`.
pub const NAVIGATION_RESTRICTIONS: &str = "Org.OData.Capabilities.V1.NavigationRestrictions";
/// `Capabilities.IndexableByKey`.
pub const INDEXABLE_BY_KEY: &str = "Org.OData.Capabilities.V1.IndexableByKey";
/// `Validation.DerivedTypeConstraint`: the derived types that may stand here.
pub const DERIVED_TYPE_CONSTRAINT: &str = "Org.OData.Validation.V1.DerivedTypeConstraint";
/// `Capabilities.ReadRestrictions`.
pub const READ_RESTRICTIONS: &str = "Org.OData.Capabilities.V1.ReadRestrictions";
/// `Capabilities.InsertRestrictions`.
pub const INSERT_RESTRICTIONS: &str = "Org.OData.Capabilities.V1.InsertRestrictions";
/// `Core.RequiresExplicitBinding`: an operation that binds only where it is named.
pub const REQUIRES_EXPLICIT_BINDING: &str = "Org.OData.Core.V1.RequiresExplicitBinding";
/// `Core.ExplicitOperationBindings`: where such operations are named.
pub const EXPLICIT_OPERATION_BINDINGS: &str = "Org.OData.Core.V1.ExplicitOperationBindings";

/// Whether a term is one of these, whose values are read when the code is generated.
pub fn is_read(term: &str) -> bool {
    [
        COMPUTED,
        IMMUTABLE,
        PERMISSIONS,
        DESCRIPTION,
        LONG_DESCRIPTION,
        REVISIONS,
        ALTERNATE_KEYS,
        UPDATE_RESTRICTIONS,
        NAVIGATION_RESTRICTIONS,
        INDEXABLE_BY_KEY,
        DERIVED_TYPE_CONSTRAINT,
        READ_RESTRICTIONS,
        INSERT_RESTRICTIONS,
        REQUIRES_EXPLICIT_BINDING,
        EXPLICIT_OPERATION_BINDINGS,
    ]
    .contains(&term)
}
