//! Annotations: one file for each vocabulary term, with its name, its struct, and its only reader.
//!
//! To add a term, add its file and a line below.

mod term;

macro_rules! terms {
    ($($module:ident,)*) => {
        $(pub mod $module;)*

        /// All supported terms.
        pub const TERMS: &[&str] = &[$($module::TERM),*];
    };
}

terms! {
    computed,
    immutable,
    permissions,
    description,
    long_description,
    revisions,
    alternate_keys,
    update_restrictions,
    navigation_restrictions,
    indexable_by_key,
    derived_type_constraint,
    explicit_operation_bindings,
    requires_explicit_binding,
    optional_parameter,
    read_restrictions,
    insert_restrictions,
    delete_restrictions,
}
