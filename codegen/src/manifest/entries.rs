//! `[[update]]`, `[[resource]]`, `[[call]]` and `[[struct]]`: what is selected.

use msgraph_csdl::diagnostic::{Diagnostic, Diagnostics, nearest_or};
use msgraph_csdl::facts::UpdateMethod;
use msgraph_csdl::source::Span;
use msgraph_csdl::toml_table::{Setting, Table};

use crate::ir::OperationKind;

/// What selects updates and types.
#[derive(Clone, Debug, Default)]
pub(crate) enum SelectionSource {
    /// The entries of the manifest.
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

/// The path of an entry: a single path, or a subtree.
#[derive(Debug)]
pub(crate) struct EntryPath {
    pub(crate) path: Setting,
    pub(crate) exclude: Vec<Setting>,
    pub(crate) depth: Option<(Span, usize)>,
}

impl EntryPath {
    pub(super) fn new(path: Setting) -> Self {
        EntryPath {
            path,
            exclude: Vec::new(),
            depth: None,
        }
    }

    /// The path whose subtree the entry selects; empty for the whole API.
    pub(crate) fn subtree(&self) -> Option<&str> {
        let prefix = self.path.text.strip_suffix("**")?;
        Some(prefix.strip_suffix('/').unwrap_or(prefix))
    }

    /// Reads `path`, `exclude` and `depth` of an entry, given its name and the help for a missing `path`.
    fn read(
        table: &mut Table<'_>,
        (name, missing): (&str, &str),
        diagnostics: &mut Diagnostics,
    ) -> Option<Self> {
        let span = table.span();
        let path = table.string("path", diagnostics);
        let exclude = table.strings("exclude", diagnostics);
        let depth = table.integer("depth", diagnostics);
        if depth.is_some_and(|depth| depth < 0) {
            diagnostics.push(
                Diagnostic::error(span, "`depth` is negative")
                    .help("it is the maximum number of navigation properties on a path"),
            );
        }
        let Some(path) = path else {
            let message = format!("`[[{name}]]` has no `path`");
            diagnostics.push(Diagnostic::error(span, message).help(missing));
            return None;
        };
        Some(EntryPath {
            path,
            exclude,
            depth: depth.and_then(|depth| Some((span, usize::try_from(depth).ok()?))),
        })
    }
}

/// `[[update]]`.
#[derive(Debug)]
pub(crate) struct Update {
    pub(crate) at: EntryPath,
    pub(crate) ty: Option<Setting>,
    pub(crate) name: Option<Setting>,
    pub(crate) updatable: Option<(Span, bool)>,
    pub(crate) method: Option<UpdateMethod>,
}

impl Update {
    pub(super) fn new(path: Setting) -> Self {
        Update {
            at: EntryPath::new(path),
            ty: None,
            name: None,
            updatable: None,
            method: None,
        }
    }
}

pub(super) fn updates(top: &mut Table<'_>, diagnostics: &mut Diagnostics) -> Vec<Update> {
    let mut updates = Vec::new();
    let missing = "write the path of the resource: `path = \"/users/{id}\"`";
    for mut table in top.tables("update", diagnostics) {
        let span = table.span();
        let at = EntryPath::read(&mut table, ("update", missing), diagnostics);
        let ty = table.string("type", diagnostics);
        let name = table.string("name", diagnostics);
        let updatable = table.boolean("updatable", diagnostics);
        let method = UpdateMethod::read(&mut table, diagnostics);
        table.finish(diagnostics);
        updates.extend(at.map(|at| Update {
            at,
            ty,
            name,
            updatable: updatable.map(|updatable| (span, updatable)),
            method,
        }));
    }
    updates
}

/// `[[resource]]`.
#[derive(Debug)]
pub(crate) struct Resource {
    pub(crate) at: EntryPath,
    /// `operations`; empty for all that are offered.
    pub(crate) operations: Vec<(Span, OperationKind)>,
    pub(crate) ty: Option<Setting>,
    pub(crate) name: Option<Setting>,
}

impl Resource {
    pub(super) fn new(path: Setting) -> Self {
        Resource {
            at: EntryPath::new(path),
            operations: Vec::new(),
            ty: None,
            name: None,
        }
    }
}

pub(super) fn resources(top: &mut Table<'_>, diagnostics: &mut Diagnostics) -> Vec<Resource> {
    let mut resources = Vec::new();
    let missing = "write the path of a resource or a collection: `path = \"/users\"`";
    for mut table in top.tables("resource", diagnostics) {
        let at = EntryPath::read(&mut table, ("resource", missing), diagnostics);
        if let Some(span) = table.empty_array("operations") {
            let message = "`operations` is empty";
            let help = "name operations, or remove the key to select all that are offered";
            diagnostics.push(Diagnostic::error(span, message).help(help));
        }
        let named = table.strings("operations", diagnostics);
        let operations = named.iter();
        let operations = operations.filter_map(|name| operation(name, diagnostics));
        let operations: Vec<(Span, OperationKind)> = operations.collect();
        let ty = table.string("type", diagnostics);
        let name = table.string("name", diagnostics);
        table.finish(diagnostics);
        // An entry with only unknown operations would otherwise select all.
        if named.is_empty() || !operations.is_empty() {
            resources.extend(at.map(|at| Resource {
                at,
                operations,
                ty,
                name,
            }));
        }
    }
    resources
}

fn operation(written: &Setting, diagnostics: &mut Diagnostics) -> Option<(Span, OperationKind)> {
    let mut all = OperationKind::OF_RESOURCE.into_iter();
    let kind = all.find(|kind| kind.name() == written.text);
    if kind.is_none() {
        let names = OperationKind::OF_RESOURCE.map(OperationKind::name);
        let message = format!("unknown operation `{}`", written.text);
        let help = format!("the operations are `{}`", names.join("`, `"));
        let help = nearest_or(&written.text, names, &help);
        diagnostics.push(Diagnostic::error(written.span, message).help(help));
    }
    Some((written.span, kind?))
}

/// `[[call]]`.
#[derive(Debug)]
pub(crate) struct Call {
    pub(crate) at: EntryPath,
    pub(crate) name: Option<Setting>,
}

pub(super) fn calls(top: &mut Table<'_>, diagnostics: &mut Diagnostics) -> Vec<Call> {
    let mut calls = Vec::new();
    let missing =
        "write the path of an action or function: `path = \"/users/{id}/revokeSignInSessions\"`";
    for mut table in top.tables("call", diagnostics) {
        let at = EntryPath::read(&mut table, ("call", missing), diagnostics);
        let name = table.string("name", diagnostics);
        table.finish(diagnostics);
        calls.extend(at.map(|at| Call { at, name }));
    }
    calls
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
