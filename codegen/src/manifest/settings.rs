//! `[type."…"]` and `[property."…"]`: settings of single types and properties.

use std::collections::BTreeMap;

use msgraph_csdl::diagnostic::Diagnostics;
use msgraph_csdl::source::Span;
use msgraph_csdl::toml_table::{Setting, Table};

#[derive(Debug)]
pub(crate) struct TypeSettings {
    pub(crate) span: Span,
    pub(crate) name: Option<Setting>,
    pub(crate) inline: Vec<Setting>,
    pub(crate) replaces: Option<bool>,
}

#[derive(Debug)]
pub(crate) struct PropertySettings {
    pub(crate) span: Span,
    pub(crate) send: Option<bool>,
    pub(crate) replaces: Option<bool>,
    /// Whether an update can change single items of a collection of entities.
    pub(crate) delta: Option<bool>,
    /// The type of a property that the metadata lacks.
    pub(crate) ty: Option<Setting>,
}

pub(super) fn types(
    top: &mut Table<'_>,
    diagnostics: &mut Diagnostics,
) -> BTreeMap<String, TypeSettings> {
    let mut types = BTreeMap::new();
    for (name, mut table) in top.named_tables("type", diagnostics) {
        let settings = TypeSettings {
            span: name.span,
            name: table.string("name", diagnostics),
            inline: table.strings("inline", diagnostics),
            replaces: table.boolean("replaces", diagnostics),
        };
        table.finish(diagnostics);
        types.insert(name.text.into_owned(), settings);
    }
    types
}

pub(super) fn properties(
    top: &mut Table<'_>,
    diagnostics: &mut Diagnostics,
) -> BTreeMap<String, PropertySettings> {
    let mut properties = BTreeMap::new();
    for (name, mut table) in top.named_tables("property", diagnostics) {
        let settings = PropertySettings {
            span: name.span,
            send: table.boolean("send", diagnostics),
            replaces: table.boolean("replaces", diagnostics),
            delta: table.boolean("delta", diagnostics),
            ty: table.string("type", diagnostics),
        };
        table.finish(diagnostics);
        properties.insert(name.text.into_owned(), settings);
    }
    properties
}
