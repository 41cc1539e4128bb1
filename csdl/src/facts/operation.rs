//! Facts about single operations.

use super::capabilities::CapabilityFacts;
use super::fact_path::comparable;
use super::odata_type::{self, NamedTypes};
use super::permissions;
use super::{Facts, cited, overrides, texts};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::permissions::Permissions;
use crate::source::Span;
use crate::toml_table::{Setting, Table};

/// The methods of operations. A key without a method is that of an update.
const METHODS: [&str; 4] = ["PATCH", "GET", "POST", "DELETE"];

const UPDATES: [&str; 2] = ["PATCH", "PUT"];

/// `[operation."…"]`.
#[derive(Debug)]
pub struct OperationFacts {
    /// The location of the entry.
    pub span: Span,
    /// `permissions`: those that allow it, instead of those of the permission map.
    pub permissions: Option<Permissions>,
    /// `roles`: directory roles that allow it, least privileged first.
    pub roles: Vec<String>,
    /// `clouds`: the clouds that the reference lists.
    pub clouds: Vec<String>,
    /// Facts about what the path offers, `if-match` included.
    pub capabilities: CapabilityFacts,
    /// `odata-type`: which values of the body write `@odata.type`.
    pub odata_type: Option<NamedTypes>,
    /// `reset`: whether DELETE restores the defaults instead of removing the resource.
    pub reset: bool,
    /// `idempotent`: whether a call that was sent twice has the effect of one.
    pub idempotent: bool,
    /// `note`: a remark for the caller.
    pub note: Option<String>,
    /// `source`: the page that documents the fact.
    pub source: String,
}

/// The names of the clouds in `facts.toml`.
pub const CLOUDS: [&str; 4] = ["global", "us-gov-l4", "us-gov-l5", "china"];

impl Facts {
    /// The facts about the update at a path, by PATCH or PUT.
    pub fn operation(&self, path: &str) -> Option<&OperationFacts> {
        self.operation_of("PATCH", path)
    }

    /// The facts about the operation with this method at a path. The case of segments, the names of placeholders, the
    /// notation of keys, and the namespace of an action or function of Graph do not matter.
    pub fn operation_of(&self, method: &str, path: &str) -> Option<&OperationFacts> {
        let method = Some(method).filter(|method| !UPDATES.contains(method));
        let mut keys = self.operations_at.get(&comparable(path))?.iter();
        let key = keys.find(|key| split_key(key).0 == method)?;
        self.operations.get(key)
    }

    /// Whether DELETE at a path resets the resource.
    pub fn resets(&self, template: &str) -> bool {
        self.operation(template).is_some_and(|facts| facts.reset)
    }

    /// The facts about what exactly this path offers. `method` and `if-match` are those of the update.
    pub fn of_path(&self, path: &str) -> Option<CapabilityFacts> {
        let keys = self.operations_at.get(&comparable(path))?;
        let capabilities = |key: &String| {
            let capabilities = self.operations.get(key)?.capabilities;
            Some(match split_key(key).0 {
                None => capabilities,
                Some(_) => CapabilityFacts {
                    method: None,
                    if_match: false,
                    ..capabilities
                },
            })
        };
        let all = keys.iter().filter_map(capabilities);
        all.reduce(CapabilityFacts::or)
    }

    /// `[operation."/…"]` and `[operation."POST /…"]`.
    pub(super) fn read_operations(&mut self, top: &mut Table<'_>, diagnostics: &mut Diagnostics) {
        let tables = top.named_tables("operation", diagnostics);
        let mut tables = self.read_subtrees(tables, diagnostics);
        for (name, _) in &mut tables {
            normalize(name, diagnostics);
        }
        overrides(&mut self.operations, &mut tables, diagnostics);
        for (name, mut table) in tables {
            let facts = OperationFacts {
                span: name.span,
                capabilities: CapabilityFacts::read(&mut table, diagnostics),
                permissions: permissions::of_operation(&mut table, diagnostics),
                roles: texts(table.strings("roles", diagnostics)),
                clouds: texts(clouds(&mut table, diagnostics)),
                odata_type: odata_type::of_body(&mut table, diagnostics),
                reset: table.boolean("reset", diagnostics).unwrap_or(false),
                idempotent: table.boolean("idempotent", diagnostics).unwrap_or(false),
                note: table
                    .string("note", diagnostics)
                    .map(|note| note.text.into_owned()),
                source: cited(&name, &mut table, diagnostics),
            };
            table.finish(diagnostics);
            self.operations.insert(name.text.into_owned(), facts);
        }
        self.operations_at.clear();
        for key in self.operations.keys() {
            let path = comparable(split_key(key).1);
            let keys = self.operations_at.entry(path).or_default();
            keys.push(key.clone());
        }
    }
}

/// The method and the path of a key. An update has no method.
pub fn split_key(key: &str) -> (Option<&str>, &str) {
    match key.split_once(' ') {
        Some((method, path)) => (Some(method), path),
        None => (None, key),
    }
}

/// Removes the method of an update from a key, and rejects unknown methods.
fn normalize(key: &mut Setting, diagnostics: &mut Diagnostics) {
    let (Some(method), path) = split_key(&key.text) else {
        return;
    };
    if UPDATES.contains(&method) {
        key.text = path.to_owned().into();
    } else if !METHODS.contains(&method) {
        let message = format!("`{}` does not begin with a method", key.text);
        diagnostics.push(
            Diagnostic::error(key.span, message)
                .help("write `POST /users`, or `/users/{id}` for an update"),
        );
    }
}

/// Reads the clouds of an operation.
fn clouds(table: &mut Table<'_>, diagnostics: &mut Diagnostics) -> Vec<Setting> {
    let clouds = table.strings("clouds", diagnostics);
    for cloud in &clouds {
        if !CLOUDS.contains(&cloud.text.as_ref()) {
            diagnostics.push(
                Diagnostic::error(cloud.span, format!("unknown cloud `{}`", cloud.text))
                    .help(format!("the clouds are `{}`", CLOUDS.join("`, `"))),
            );
        }
    }
    clouds
}
