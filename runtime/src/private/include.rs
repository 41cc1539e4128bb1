/// Declares a module with the code that the build script generated: `graph.rs` in `OUT_DIR`, or another file by name.
///
/// ```text
/// msgraph_runtime::include_graph!(pub mod graph);
/// msgraph_runtime::include_graph!(mod beta = "graph_beta.rs");
/// ```
#[macro_export]
macro_rules! include_graph {
    ($(#[$attribute:meta])* $visibility:vis mod $name:ident $(;)?) => {
        $crate::include_graph!($(#[$attribute])* $visibility mod $name = "graph.rs");
    };
    ($(#[$attribute:meta])* $visibility:vis mod $name:ident = $file:literal $(;)?) => {
        /// Generated from CSDL by msgraph-codegen.
        $(#[$attribute])*
        #[allow(
            dead_code,
            deprecated,
            unreachable_pub,
            unused_qualifications,
            clippy::doc_markdown,
            clippy::enum_variant_names,
            clippy::large_stack_arrays,
            clippy::module_inception,
            clippy::similar_names,
            clippy::struct_field_names,
            clippy::too_many_arguments
        )]
        $visibility mod $name {
            ::core::include!(::core::concat!(::core::env!(
                "OUT_DIR",
                "`include_graph!` includes what a build script generated, and this crate has none: \
                 include checked-in code by `mod graph;`"
            ), "/", $file));
        }
    };
}
