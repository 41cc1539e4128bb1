//! `facts.toml`: facts about the service that its CSDL lacks, with their sources.

pub mod added_property;
mod capabilities;
mod declared;
mod fact_path;
mod odata_type;
mod operation;
mod permissions;
mod replaces;
mod unknown_names;

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::document::StructuredKind;
use crate::model::{Schema, TypeId};
use crate::path::segment;
use crate::source::{FileId, Source, Span};
use crate::toml_table::{self, Setting, Table, TomlValue};
pub use capabilities::{CapabilityFacts, UpdateMethod};
pub use declared::check_declared;
use fact_path::comparable;
pub use fact_path::{covers, same_path};
pub use odata_type::{NamedTypes, SubtreeFacts};
pub use operation::{CLOUDS, OperationFacts, split_key};
pub use permissions::{KnownPermissions, PermissionFacts, PermissionOrigin};
pub use unknown_names::check_fact_names;

/// The built-in facts, as TOML.
pub const BUILT_IN: &str = include_str!("../data/facts.toml");

/// The name of the built-in facts in diagnostics.
pub const BUILT_IN_NAME: &str = "<built-in facts>";

/// Facts about a service that its CSDL lacks.
#[derive(Debug, Default)]
pub struct Facts {
    /// Facts about types, by qualified name.
    pub types: BTreeMap<String, TypeFacts>,
    /// Facts about properties, by the qualified name of a type, a slash, and the property's name.
    /// They also apply to subtypes.
    pub properties: BTreeMap<String, PropertyFacts>,
    /// Facts about operations, by method and path template: `POST /users`. The method of an update,
    /// PATCH or PUT, is omitted.
    pub operations: BTreeMap<String, OperationFacts>,
    /// The keys of `operations`, by the comparable form of the path.
    operations_at: BTreeMap<String, Vec<String>>,
    /// Facts about every update at and below a path, by its template.
    pub subtrees: BTreeMap<String, SubtreeFacts>,
    /// Permissions that allow an operation only in part, by name.
    pub permissions: BTreeMap<String, PermissionFacts>,
    /// Known keys of contained sets, by the path of the set.
    pub keys: BTreeMap<String, KnownKeys>,
    /// Names of properties with facts. Most lookups fail, so this is checked first.
    names: BTreeSet<String>,
}

/// `[type."…"]`.
#[derive(Debug)]
pub struct TypeFacts {
    /// The location of the entry.
    pub span: Span,
    /// `odata-type`: whether values of this type write `@odata.type` in every position.
    pub odata_type: bool,
    /// `inline`: navigation properties that are sent in the body.
    pub inline: Vec<Setting>,
    /// `read-only`: properties that the service computes, but that are not annotated as `Computed`.
    pub read_only: BTreeSet<String>,
    /// `create-only`: properties that can only be set when the resource is created, but that are
    /// not annotated as `Immutable`; navigation properties, too, if they are `inline`.
    pub create_only: BTreeSet<String>,
    /// Facts about operations on every resource of this type.
    pub capabilities: CapabilityFacts,
    /// `has-stream`: whether resources of this type have content at `/$value`, if `HasStream` is
    /// missing.
    pub has_stream: bool,
    /// `replaces`: whether an update of a value of this type removes or resets the properties that
    /// it omits.
    pub replaces: Option<bool>,
    /// `source`: the page that documents the fact.
    pub source: String,
}

/// `[property."…"]`.
#[derive(Clone, Debug)]
pub struct PropertyFacts {
    /// The location of the entry.
    pub span: Span,
    /// `default`: the value in a resource that was never changed.
    pub default: Option<TomlValue>,
    /// `minimum`, inclusive.
    pub minimum: Option<i64>,
    /// `maximum`, inclusive.
    pub maximum: Option<i64>,
    /// `between`: two properties of the same resource that bound this one, inclusive.
    pub between: Option<(String, String)>,
    /// `send`: whether an update may send it, if the annotations are wrong.
    pub send: Option<bool>,
    /// `type`: the type of a property that the metadata lacks.
    pub ty: Option<Setting>,
    /// `secret`: whether its value is a secret, if its name does not show that.
    pub secret: Option<bool>,
    /// Facts about operations on the resource that the property leads to.
    pub capabilities: CapabilityFacts,
    /// `replaces`: whether an update of its value removes or resets the properties that it omits.
    pub replaces: Option<bool>,
    /// `delta`: for a navigation property, whether an update can change single items of the
    /// collection.
    pub delta: Option<bool>,
    /// `source`: the page that documents the fact.
    pub source: String,
}

impl PropertyFacts {
    /// The range and the default in words, `8 to 48; default 8`, with strings from the facts
    /// escaped by `escape`. `None` if there are none.
    pub fn limits(&self, escape: &dyn Fn(&str) -> String) -> Option<String> {
        let mut limits = Vec::new();
        match (self.minimum, self.maximum) {
            (Some(low), Some(high)) => limits.push(format!("{low} to {high}")),
            (Some(low), None) => limits.push(format!("at least {low}")),
            (None, Some(high)) => limits.push(format!("at most {high}")),
            (None, None) => {}
        }
        if let Some((low, high)) = &self.between {
            limits.push(format!("between `{low}` and `{high}`"));
        }
        if let Some(default) = &self.default {
            limits.push(format!("default {}", default.display(escape)));
        }
        (!limits.is_empty()).then(|| limits.join("; "))
    }
}

/// `[keys."…"]`.
#[derive(Clone, Debug)]
pub struct KnownKeys {
    /// The location of the entry.
    pub span: Span,
    /// `values`: the keys.
    pub values: Vec<KnownKey>,
    /// `source`: the page that documents the fact.
    pub source: String,
}

/// An item of `[keys]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownKey {
    /// The value of the key.
    pub value: String,
    /// The qualified name of its type.
    pub ty: String,
}

impl Facts {
    /// Whether a navigation property is sent in the body by value: the facts say so for the type or
    /// a supertype, or the type is complex. A complex value has no URL, so its navigation
    /// properties can only be sent with it.
    pub fn is_inline(&self, schema: &Schema<'_>, ty: TypeId, property: &str) -> bool {
        let is_complex = schema
            .structured(ty)
            .is_some_and(|ty| ty.kind == StructuredKind::Complex);
        is_complex
            || schema.supertypes(ty).any(|ty| {
                let facts = self.types.get(&schema[ty].qualified_name());
                facts.is_some_and(|facts| facts.inline.iter().any(|name| name.text == property))
            })
    }

    /// The known keys of a set.
    pub fn keys_of(&self, set: &str) -> Option<&[KnownKey]> {
        let mut sets = self.keys.iter();
        let (_, keys) = sets.find(|(known, _)| same_path(known, set))?;
        Some(&keys.values)
    }

    /// A known key of a set, regardless of case.
    pub fn key(&self, set: &str, key: &str) -> Option<&KnownKey> {
        let mut keys = self.keys_of(set)?.iter();
        keys.find(|known| known.value.eq_ignore_ascii_case(key))
    }

    /// The facts of a property for `ty`: those of the nearest supertype.
    pub fn property(&self, schema: &Schema<'_>, ty: TypeId, name: &str) -> Option<&PropertyFacts> {
        if !self.names.contains(name) {
            return None;
        }
        schema
            .supertypes(ty)
            .find_map(|ty| self.properties.get(&format!("{}/{name}", schema[ty])))
    }

    /// Adds the facts of a file. A later file overrides an earlier one, entry by entry.
    pub fn read(&mut self, file: FileId, source: &Source, diagnostics: &mut Diagnostics) {
        let Some(mut top) = toml_table::parse(file, source, diagnostics) else {
            return;
        };
        self.read_types(&mut top, diagnostics);
        self.read_properties(&mut top, diagnostics);
        self.read_operations(&mut top, diagnostics);
        self.read_permissions(&mut top, diagnostics);
        self.read_keys(&mut top, diagnostics);
        top.finish(diagnostics);
    }

    /// `[type."…"]`.
    fn read_types(&mut self, top: &mut Table<'_>, diagnostics: &mut Diagnostics) {
        for (name, mut table) in top.named_tables("type", diagnostics) {
            let facts = TypeFacts {
                span: name.span,
                odata_type: odata_type::of_type(&name, &mut table, diagnostics),
                inline: table.strings("inline", diagnostics),
                read_only: texts(table.strings("read-only", diagnostics)),
                create_only: texts(table.strings("create-only", diagnostics)),
                capabilities: CapabilityFacts::read(&mut table, diagnostics),
                has_stream: table.boolean("has-stream", diagnostics).unwrap_or(false),
                replaces: table.boolean("replaces", diagnostics),
                source: cited(&name, &mut table, diagnostics),
            };
            table.finish(diagnostics);
            self.types.insert(name.text.into_owned(), facts);
        }
    }

    /// `[property."…/…"]`.
    fn read_properties(&mut self, top: &mut Table<'_>, diagnostics: &mut Diagnostics) {
        for (name, mut table) in top.named_tables("property", diagnostics) {
            let facts = PropertyFacts {
                span: name.span,
                default: table.value("default").map(|(_, value)| value),
                minimum: table.integer("minimum", diagnostics),
                maximum: table.integer("maximum", diagnostics),
                between: between(&mut table, diagnostics),
                send: table.boolean("send", diagnostics),
                ty: table.string("type", diagnostics),
                secret: table.boolean("secret", diagnostics),
                capabilities: CapabilityFacts::read(&mut table, diagnostics),
                replaces: table.boolean("replaces", diagnostics),
                delta: table.boolean("delta", diagnostics),
                source: cited(&name, &mut table, diagnostics),
            };
            table.finish(diagnostics);
            if !name.text.contains('/') {
                diagnostics.push(
                    Diagnostic::error(name.span, format!("`{}` is not a property", name.text))
                        .help("write the qualified type, a slash and the property"),
                );
            } else if let Some(written) = &facts.ty {
                check_declared(&name.text, name.span, written, diagnostics);
            }
            let property = name.text.rsplit('/').next().unwrap_or_default();
            self.names.insert(property.to_owned());
            self.properties.insert(name.text.into_owned(), facts);
        }
    }

    /// `[keys."/…"]`.
    fn read_keys(&mut self, top: &mut Table<'_>, diagnostics: &mut Diagnostics) {
        let mut tables = top.named_tables("keys", diagnostics);
        overrides(&mut self.keys, &mut tables, diagnostics);
        for (path, mut table) in tables {
            let source = cited(&path, &mut table, diagnostics);
            let values = table
                .named_strings("values", diagnostics)
                .into_iter()
                .filter_map(|(value, types)| {
                    Some(KnownKey {
                        value: value.text.into_owned(),
                        ty: types.into_iter().next()?.text.into_owned(),
                    })
                })
                .collect();
            table.finish(diagnostics);
            let keys = KnownKeys {
                span: path.span,
                values,
                source,
            };
            self.keys.insert(path.text.into_owned(), keys);
        }
    }
}

fn texts<C: FromIterator<String>>(settings: Vec<Setting>) -> C {
    settings
        .into_iter()
        .map(|setting| setting.text.into_owned())
        .collect()
}

/// Removes entries of earlier files for the paths in this one. Two entries for the same path in one file are an error.
fn overrides<T>(
    known: &mut BTreeMap<String, T>,
    tables: &mut [(Setting, Table<'_>)],
    diagnostics: &mut Diagnostics,
) {
    let form = |key: &str| {
        let (method, path) = split_key(key);
        (method.map(str::to_owned), comparable(path))
    };
    tables.sort_by_key(|(path, _)| path.span.start);
    let mut paths = BTreeMap::new();
    for (path, _) in tables {
        if let Cow::Owned(encoded) = segment::encode_slashes(&path.text) {
            path.text = encoded.into();
        }
        let (key, span) = (&path.text, path.span);
        if let Some(other) = paths.insert(form(key), key.clone()) {
            diagnostics.push(
                Diagnostic::error(
                    span,
                    format!("`{key}` is the same path as `{other}`, which already has an entry"),
                )
                .help("merge the two entries"),
            );
        }
    }
    known.retain(|known, _| !paths.contains_key(&form(known)));
}

fn between(table: &mut Table<'_>, diagnostics: &mut Diagnostics) -> Option<(String, String)> {
    let bounds = table.strings("between", diagnostics);
    match bounds.as_slice() {
        [] => None,
        [low, high] => Some((low.text.to_string(), high.text.to_string())),
        [first, ..] => {
            diagnostics.push(
                Diagnostic::error(first.span, "`between` needs two properties")
                    .help("the lower bound first, then the upper"),
            );
            None
        }
    }
}

/// A fact without a source cannot be checked.
fn cited(name: &Setting, table: &mut Table<'_>, diagnostics: &mut Diagnostics) -> String {
    match table.string("source", diagnostics) {
        Some(source) => source.text.into_owned(),
        None => {
            diagnostics.push(
                Diagnostic::error(name.span, format!("`{}` has no `source`", name.text))
                    .help("add the URL of the page that documents it"),
            );
            String::new()
        }
    }
}
