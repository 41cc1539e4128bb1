//! `[[update]]` and `[[struct]]`: what is selected.

use msgraph_csdl::diagnostic::{Diagnostic, Diagnostics};
use msgraph_csdl::facts::UpdateMethod;
use msgraph_csdl::source::Span;
use msgraph_csdl::toml_table::{Setting, Table};

/// What selects updates and types.
#[derive(Clone, Debug, Default)]
pub(crate) enum SelectionSource {
    /// `[[update]]` and `[[struct]]` of the manifest.
    #[default]
    Manifest,
    /// Every update in the metadata, up to this many navigation properties on a path.
    Everything { depth: Option<usize> },
    /// These paths and types. A key in a path is an example of any key, and a type may be an enumeration.
    Only {
        paths: Vec<String>,
        types: Vec<String>,
    },
}

/// One path, or a subtree.
#[derive(Debug)]
pub(crate) struct Update {
    pub(crate) path: Setting,
    pub(crate) ty: Option<Setting>,
    pub(crate) name: Option<Setting>,
    pub(crate) updatable: Option<(Span, bool)>,
    pub(crate) method: Option<UpdateMethod>,
    pub(crate) exclude: Vec<Setting>,
    pub(crate) depth: Option<(Span, usize)>,
}

impl Update {
    pub(super) fn new(path: Setting) -> Self {
        Update {
            path,
            ty: None,
            name: None,
            updatable: None,
            method: None,
            exclude: Vec::new(),
            depth: None,
        }
    }
}

pub(super) fn updates(top: &mut Table<'_>, diagnostics: &mut Diagnostics) -> Vec<Update> {
    let mut updates = Vec::new();
    for mut table in top.tables("update", diagnostics) {
        let path = table.string("path", diagnostics);
        let ty = table.string("type", diagnostics);
        let name = table.string("name", diagnostics);
        let span = table.span();
        let updatable = table.boolean("updatable", diagnostics);
        let method = UpdateMethod::read(&mut table, diagnostics);
        let exclude = table.strings("exclude", diagnostics);
        let depth = table.integer("depth", diagnostics);
        if depth.is_some_and(|depth| depth < 0) {
            diagnostics.push(
                Diagnostic::error(span, "`depth` is negative")
                    .help("it is the maximum number of navigation properties on a path"),
            );
        }
        table.finish(diagnostics);
        match path {
            Some(path) => updates.push(Update {
                path,
                ty,
                name,
                updatable: updatable.map(|updatable| (span, updatable)),
                method,
                exclude,
                depth: depth.and_then(|depth| Some((span, usize::try_from(depth).ok()?))),
            }),
            None => diagnostics.push(
                Diagnostic::error(span, "an `[[update]]` without `path`")
                    .help("write the path of the resource: `path = \"/users/{id}\"`"),
            ),
        }
    }
    updates
}

pub(super) fn structs(top: &mut Table<'_>, diagnostics: &mut Diagnostics) -> Vec<Setting> {
    let mut structs = Vec::new();
    for mut table in top.tables("struct", diagnostics) {
        let ty = table.string("type", diagnostics);
        let span = table.span();
        table.finish(diagnostics);
        match ty {
            Some(ty) => structs.push(ty),
            None => diagnostics.push(
                Diagnostic::error(span, "a `[[struct]]` without `type`")
                    .help("write the qualified name of the type"),
            ),
        }
    }
    structs
}
