//! The entries of the facts, with their locations.

use msgraph_csdl::facts::{
    BUILT_IN_NAME, CapabilityFacts, Facts, OperationFacts, PropertyFacts, TypeFacts, covers,
    same_path, split_key,
};
use msgraph_csdl::source::{Sources, Span};

/// An entry of the facts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FactEntry {
    /// The subject of the entry.
    pub subject: FactSubject,
    /// The keys that it has, without `source`.
    pub keys: Vec<&'static str>,
    /// The file with the entry; `None` for a built-in fact.
    pub file: Option<String>,
    /// The line of the entry.
    pub line: usize,
    /// The URL of the page that documents it.
    pub source: String,
}

/// The subject of an entry of the facts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FactSubject {
    /// `[type."…"]`: a type, by CSDL name.
    Type(String),
    /// `[property."…"]`: the CSDL name of a type or an action, a slash, and a property or parameter.
    Property(String),
    /// `[operation."…"]`: a method and a path; an update has no method.
    Operation(String),
    /// `[keys."…"]`: the path of a set.
    Keys(String),
    /// `[permission."…"]`: the name of a permission.
    Permission(String),
}

impl FactSubject {
    /// The entry as in a file: `[type."microsoft.graph.user"]`.
    pub fn header(&self) -> String {
        let (table, name) = match self {
            FactSubject::Type(name) => ("type", name),
            FactSubject::Property(name) => ("property", name),
            FactSubject::Operation(name) => ("operation", name),
            FactSubject::Keys(name) => ("keys", name),
            FactSubject::Permission(name) => ("permission", name),
        };
        format!("[{table}.\"{name}\"]")
    }

    /// Whether it is about an operation. An update has the method PATCH or PUT.
    pub fn is_operation(&self, method: &str, path: &str) -> bool {
        let FactSubject::Operation(key) = self else {
            return false;
        };
        match split_key(key) {
            (Some(of_method), entry) => of_method == method && same_path(entry, path),
            (None, entry) => {
                let is_update = matches!(method, "PATCH" | "PUT");
                is_update
                    && (same_path(entry, path) || (entry.ends_with("/**") && covers(entry, path)))
            }
        }
    }

    /// Whether it lists the keys of the set that has the resource at a path.
    pub fn has_keys_of(&self, path: &str) -> bool {
        let set = path.rsplit_once('/').map(|(set, _)| set);
        matches!((self, set), (FactSubject::Keys(known), Some(set)) if same_path(known, set))
    }
}

/// All entries, in the order of their tables and names.
pub(super) fn entries(facts: &Facts, sources: &Sources) -> Vec<FactEntry> {
    let entry = |subject, span: Span, keys: Vec<&'static str>, source: &str| {
        let location = sources.location(span);
        FactEntry {
            subject,
            keys,
            file: (location.name != BUILT_IN_NAME).then(|| location.name.to_owned()),
            line: location.line,
            source: source.to_owned(),
        }
    };
    let operations = facts.operations.iter().map(|(name, facts)| {
        let subject = FactSubject::Operation(name.clone());
        entry(subject, facts.span, operation(facts), &facts.source)
    });
    let subtrees = facts.subtrees.iter().map(|(name, facts)| {
        let subject = FactSubject::Operation(name.clone());
        entry(subject, facts.span, vec!["odata-type"], &facts.source)
    });
    let keys = facts.keys.iter().map(|(name, facts)| {
        let subject = FactSubject::Keys(name.clone());
        entry(subject, facts.span, vec!["values"], &facts.source)
    });
    let permissions = facts.permissions.iter().map(|(name, facts)| {
        let subject = FactSubject::Permission(name.clone());
        entry(subject, facts.span, vec!["partial"], &facts.source)
    });
    let types = facts.types.iter().map(|(name, facts)| {
        let subject = FactSubject::Type(name.clone());
        entry(subject, facts.span, of_type(facts), &facts.source)
    });
    let properties = facts.properties.iter().map(|(name, facts)| {
        let subject = FactSubject::Property(name.clone());
        entry(subject, facts.span, property(facts), &facts.source)
    });
    let all = operations.chain(subtrees).chain(keys).chain(permissions);
    all.chain(types).chain(properties).collect()
}

fn operation(facts: &OperationFacts) -> Vec<&'static str> {
    let mut keys = present(&[
        ("permissions", facts.permissions.is_some()),
        ("roles", !facts.roles.is_empty()),
        ("clouds", !facts.clouds.is_empty()),
        ("odata-type", facts.odata_type.is_some()),
        ("reset", facts.reset),
        ("idempotent", facts.idempotent),
        ("note", facts.note.is_some()),
    ]);
    keys.extend(capabilities(&facts.capabilities));
    keys
}

fn of_type(facts: &TypeFacts) -> Vec<&'static str> {
    let mut keys = present(&[
        ("odata-type", facts.odata_type),
        ("inline", !facts.inline.is_empty()),
        ("read-only", !facts.read_only.is_empty()),
        ("create-only", !facts.create_only.is_empty()),
        ("has-stream", facts.has_stream),
        ("replaces", facts.replaces.is_some()),
    ]);
    keys.extend(capabilities(&facts.capabilities));
    keys
}

fn property(facts: &PropertyFacts) -> Vec<&'static str> {
    let mut keys = present(&[
        ("default", facts.default.is_some()),
        ("minimum", facts.minimum.is_some()),
        ("maximum", facts.maximum.is_some()),
        ("between", facts.between.is_some()),
        ("send", facts.send.is_some()),
        ("type", facts.ty.is_some()),
        ("secret", facts.secret.is_some()),
        ("replaces", facts.replaces.is_some()),
        ("delta", facts.delta.is_some()),
    ]);
    keys.extend(capabilities(&facts.capabilities));
    keys
}

fn capabilities(facts: &CapabilityFacts) -> Vec<&'static str> {
    present(&[
        ("method", facts.method.is_some()),
        ("if-match", facts.if_match),
        ("updatable", facts.updatable.is_some()),
        ("readable", facts.readable.is_some()),
        ("insertable", facts.insertable.is_some()),
        ("deletable", facts.deletable.is_some()),
        ("referenceable", facts.referenceable.is_some()),
    ])
}

fn present(keys: &[(&'static str, bool)]) -> Vec<&'static str> {
    let present = keys.iter().filter(|(_, is_present)| *is_present);
    present.map(|(key, _)| *key).collect()
}
