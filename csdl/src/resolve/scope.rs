//! Replaces the aliases in qualified names of a document with namespaces.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap, HashSet};

use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::document::{Document, Text};

/// The scope of names in a document: aliases of its schemas and includes.
pub(super) struct Scope<'a> {
    pub(super) aliases: BTreeMap<Text<'a>, Text<'a>>,
    /// Ambiguous aliases.
    pub(super) ambiguous: HashSet<Text<'a>>,
}

impl<'a> Scope<'a> {
    pub(super) fn of(document: &Document<'a>, diagnostics: &mut Diagnostics) -> Self {
        let own = document
            .schemas
            .iter()
            .map(|schema| (&schema.namespace, &schema.alias));
        let included = document
            .includes
            .iter()
            .map(|(namespace, alias)| (namespace, alias));
        unique_namespaces(document, diagnostics);
        let named: Vec<_> = own.chain(included).collect();
        let namespaces: HashSet<&str> = named.iter().map(|(it, _)| it.text.as_ref()).collect();
        let mut aliases: BTreeMap<Text<'a>, Text<'a>> = BTreeMap::new();
        let mut ambiguous = HashSet::new();
        for (namespace, alias) in &named {
            let Some(alias) = alias else { continue };
            if alias.text != namespace.text && namespaces.contains(alias.text.as_ref()) {
                ambiguous.insert(alias.text.clone());
                diagnostics.push(
                    Diagnostic::error(
                        alias.span,
                        format!(
                            "alias `{}` of `{}` is a namespace",
                            alias.text, namespace.text
                        ),
                    )
                    .help(
                        "choose another alias: it must differ from the namespaces of its document \
                         (OData CSDL XML 4.01 §5.2)",
                    ),
                );
                continue;
            }
            let before = aliases.insert(alias.text.clone(), namespace.text.clone());
            if let Some(before) = before.filter(|before| *before != namespace.text) {
                ambiguous.insert(alias.text.clone());
                diagnostics.push(
                    Diagnostic::error(
                        alias.span,
                        format!("alias `{}` is already used for `{before}`", alias.text),
                    )
                    .help("an alias must be unique in its document (OData CSDL XML 4.01 §5.2)"),
                );
            }
        }
        Scope { aliases, ambiguous }
    }

    /// The namespace of a namespace or alias.
    pub(super) fn namespace<'s>(&'s self, written: &'s str) -> &'s str {
        self.aliases
            .get(written)
            .map_or(written, |namespace| namespace.as_ref())
    }

    /// Replaces the alias in a qualified name.
    pub(super) fn canonical(&self, name: &Text<'a>) -> Text<'a> {
        match name.rsplit_once('.') {
            Some((qualifier, rest)) => match self.aliases.get(qualifier) {
                Some(namespace) => Cow::Owned(format!("{namespace}.{rest}")),
                None => name.clone(),
            },
            None => name.clone(),
        }
    }
}

/// Reports schemas with the same namespace as an earlier schema of the document.
fn unique_namespaces(document: &Document<'_>, diagnostics: &mut Diagnostics) {
    let mut first = HashMap::new();
    for schema in &document.schemas {
        let namespace = &schema.namespace;
        let before = *first.entry(&namespace.text).or_insert(namespace.span);
        if before != namespace.span {
            diagnostics.push(
                Diagnostic::error(
                    namespace.span,
                    format!("namespace `{}` is declared twice", namespace.text),
                )
                .help(
                    "move its elements into one schema: a namespace is unique in its document \
                     (OData CSDL XML 4.01 §5)",
                )
                .related(before, "first declared here"),
            );
        }
    }
}
