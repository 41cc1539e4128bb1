//! Facts about single operations.

use std::borrow::Cow;

use super::capabilities::CapabilityFacts;
use super::odata_type::{self, NamedTypes};
use super::permissions;
use super::{Facts, cited, overrides, texts};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::path::segment;
use crate::path::template::same_template;
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
    /// The facts about the update at a path, by PATCH or PUT. The names of placeholders do not matter, nor whether
    /// keys are segments or in parentheses.
    pub fn operation(&self, template: &str) -> Option<&OperationFacts> {
        self.find_operation(template)
    }

    /// The facts about the operation with this method at a path.
    pub fn operation_of(&self, method: &str, template: &str) -> Option<&OperationFacts> {
        match UPDATES.contains(&method) {
            true => self.find_operation(template),
            false => self.find_operation(&format!("{method} {template}")),
        }
    }

    /// Whether DELETE at a path resets the resource.
    pub fn resets(&self, template: &str) -> bool {
        self.operation(template).is_some_and(|facts| facts.reset)
    }

    /// The facts about what exactly this path offers. `method` and `if-match` are those of the update.
    pub fn of_path(&self, template: &str) -> Option<CapabilityFacts> {
        let of_method = |method: &&str| {
            let capabilities = self.operation_of(method, template)?.capabilities;
            Some(match UPDATES.contains(method) {
                true => capabilities,
                false => CapabilityFacts {
                    method: None,
                    if_match: false,
                    ..capabilities
                },
            })
        };
        METHODS
            .iter()
            .filter_map(of_method)
            .reduce(CapabilityFacts::or)
    }

    fn find_operation(&self, template: &str) -> Option<&OperationFacts> {
        let find = |template: &str| {
            let mut known = self.operations.iter();
            let same = known.find(|(known, _)| same_template(known, template));
            same.map(|(_, facts)| facts)
        };
        let with_segments = || match segment::key_segments(template) {
            Cow::Owned(template) => find(&template),
            Cow::Borrowed(_) => None,
        };
        let exact = self.operations.get(template);
        exact.or_else(|| find(template)).or_else(with_segments)
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
    }
}

/// Removes the method of an update from a key, and rejects unknown methods.
fn normalize(key: &mut Setting, diagnostics: &mut Diagnostics) {
    let Some((method, path)) = key.text.split_once(' ') else {
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
