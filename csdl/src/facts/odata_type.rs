//! Positions in which the service requires `@odata.type`, although the value has the declared type.

use super::fact_path::{BELOW, covers};
use super::{Facts, cited, overrides};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::model::{Schema, TypeId};
use crate::source::Span;
use crate::toml_table::{Setting, Table};

/// Which values of a body write `@odata.type`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum NamedTypes {
    /// Those whose type is not the declared type of their position (OData JSON 4.01, 4.5.3).
    #[default]
    Differing,
    /// The same, and the body itself.
    Body,
    /// Every structured value.
    All,
}

/// `[operation."…/**"]`.
#[derive(Debug)]
pub struct SubtreeFacts {
    /// The location of the entry.
    pub span: Span,
    /// `odata-type`: which values of a body write `@odata.type`.
    pub odata_type: Option<NamedTypes>,
    /// `source`: the page that documents the fact.
    pub source: String,
}

impl Facts {
    /// Which values of the body of the update at a path write `@odata.type`. The entry of the path
    /// applies, or else the entry of the smallest subtree that contains it. A placeholder of an
    /// entry matches any segment.
    pub fn named_types(&self, path: &str) -> NamedTypes {
        let mut operations = self.operations.iter();
        let of_path =
            operations.find_map(|(entry, facts)| facts.odata_type.filter(|_| covers(entry, path)));
        let of_subtree = || {
            let subtrees = self.subtrees.iter();
            let covering = subtrees.filter(|(entry, _)| covers(entry, path));
            covering
                .filter_map(|(entry, facts)| Some((entry.len(), facts.odata_type?)))
                .max()
        };
        of_path
            .or_else(|| of_subtree().map(|(_, named)| named))
            .unwrap_or_default()
    }

    /// Whether values of a type write `@odata.type` in every position, according to the facts about
    /// the type or a supertype.
    pub fn names_always(&self, schema: &Schema<'_>, ty: TypeId) -> bool {
        schema.supertypes(ty).any(|ty| {
            let facts = self.types.get(&schema[ty].qualified_name());
            facts.is_some_and(|facts| facts.odata_type)
        })
    }

    /// Reads the entries of subtrees, and returns those of single paths.
    pub(super) fn read_subtrees<'t>(
        &mut self,
        tables: Vec<(Setting, Table<'t>)>,
        diagnostics: &mut Diagnostics,
    ) -> Vec<(Setting, Table<'t>)> {
        let (mut subtrees, paths): (Vec<_>, Vec<_>) = tables
            .into_iter()
            .partition(|(name, _)| name.text.ends_with(BELOW));
        overrides(&mut self.subtrees, &mut subtrees, diagnostics);
        for (name, mut table) in subtrees {
            let facts = SubtreeFacts {
                span: name.span,
                odata_type: of_body(&mut table, diagnostics),
                source: cited(&name, &mut table, diagnostics),
            };
            table.finish(diagnostics);
            self.subtrees.insert(name.text.into_owned(), facts);
        }
        paths
    }
}

/// `odata-type` of an update.
pub(super) fn of_body(table: &mut Table<'_>, diagnostics: &mut Diagnostics) -> Option<NamedTypes> {
    let stated = table.string("odata-type", diagnostics)?;
    match stated.text.as_ref() {
        "differing" => Some(NamedTypes::Differing),
        "body" => Some(NamedTypes::Body),
        "all" => Some(NamedTypes::All),
        other => {
            diagnostics.push(
                Diagnostic::error(stated.span, format!("unknown `odata-type` `{other}`"))
                    .help("write `body`, `all` or `differing`"),
            );
            None
        }
    }
}

/// `odata-type` of a type. `false` is rejected: if the type of a value differs from the declared
/// one, `@odata.type` is always required.
pub(super) fn of_type(
    name: &Setting,
    table: &mut Table<'_>,
    diagnostics: &mut Diagnostics,
) -> bool {
    let stated = table.boolean("odata-type", diagnostics);
    if stated == Some(false) {
        diagnostics.push(
            Diagnostic::error(
                name.span,
                format!("`odata-type = false` of `{}` has no effect", name.text),
            )
            .help(
                "remove it: by default, `@odata.type` is written only if the type of a value differs \
                 from the declared type of its position",
            ),
        );
    }
    stated == Some(true)
}
