//! What a qualified name of a document means: its aliases, replaced by namespaces.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashSet};

use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::document::{Document, Text};

/// What the names of one document mean: aliases of its schemas and of its includes.
pub(super) struct Scope<'a> {
    pub(super) aliases: BTreeMap<Text<'a>, Text<'a>>,
    /// The aliases of more than one namespace.
    pub(super) ambiguous: HashSet<Text<'a>>,
}

impl<'a> Scope<'a> {
    pub(super) fn of(document: &Document<'a>, diagnostics: &mut Diagnostics) -> Self {
        let own = document
            .schemas
            .iter()
            .map(|schema| (&schema.namespace, &schema.alias));
        let included = document
            .references
            .iter()
            .flat_map(|reference| &reference.includes)
            .map(|(namespace, alias)| (namespace, alias));
        let mut aliases: BTreeMap<Text<'a>, Text<'a>> = BTreeMap::new();
        let mut ambiguous = HashSet::new();
        for (namespace, alias) in own.chain(included) {
            let Some(alias) = alias else { continue };
            let before = aliases.insert(alias.text.clone(), namespace.text.clone());
            if let Some(before) = before.filter(|before| *before != namespace.text) {
                ambiguous.insert(alias.text.clone());
                diagnostics.push(
                    Diagnostic::error(
                        alias.span,
                        format!("alias `{}` already stands for `{before}`", alias.text),
                    )
                    .help("an alias must be unique in its document (OData CSDL XML 4.01 §5.2)"),
                );
            }
        }
        Scope { aliases, ambiguous }
    }

    /// The namespace that a namespace or alias stands for.
    pub(super) fn namespace<'s>(&'s self, written: &'s str) -> &'s str {
        self.aliases
            .get(written)
            .map_or(written, |namespace| namespace.as_ref())
    }

    /// A qualified name with its alias replaced.
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
