//! Positions in which the service requires `@odata.type`, although the value has the declared type.

use std::borrow::Cow;

use super::{Facts, cited, overrides};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::model::{Schema, TypeId};
use crate::path::segment;
use crate::path::template::same_template;
use crate::source::Span;
use crate::toml_table::{Setting, Table};

/// The end of a subtree's template.
const BELOW: &str = "/**";

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
        let with_segments = || match segment::key_segments(path) {
            Cow::Owned(path) => self.stated_of(&path),
            Cow::Borrowed(_) => None,
        };
        self.stated_of(path)
            .or_else(with_segments)
            .unwrap_or_default()
    }

    fn stated_of(&self, path: &str) -> Option<NamedTypes> {
        let of_path = self
            .operations
            .iter()
            .filter(|(template, _)| covers(template, path))
            .find_map(|(_, facts)| facts.odata_type);
        let of_subtree = || {
            self.subtrees
                .iter()
                .filter(|(template, _)| covers(template, path))
                .filter_map(|(template, facts)| Some((template.len(), facts.odata_type?)))
                .max()
        };
        of_path.or_else(|| of_subtree().map(|(_, named)| named))
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

/// Whether an entry is for this path, or for a subtree that contains it, `/users/**`. A placeholder of the entry matches
/// any segment.
pub fn covers(template: &str, path: &str) -> bool {
    let (template, is_subtree) = match template.strip_suffix(BELOW) {
        Some(root) => (root, true),
        None => (template, false),
    };
    let mut segments = segment::split(path);
    let matches = segment::split(template).all(|wanted| {
        segments.next().is_some_and(|have| {
            let is_placeholder = wanted.starts_with('{') && wanted.ends_with('}');
            is_placeholder || same_template(wanted, have)
        })
    });
    matches && (is_subtree || segments.next().is_none())
}

#[cfg(test)]
mod tests {
    use super::covers;

    #[test]
    fn an_entry_covers_its_path_or_its_subtree() {
        for (template, path, expected) in [
            ("/a", "/a", true),
            ("/a", "/a/b", false),
            ("/a/b", "/a", false),
            ("/a/**", "/a", true),
            ("/a/**", "/a/b/{id}", true),
            ("/a/**", "/ab", false),
            ("/a/{id}", "/a/{key}", true),
            ("/a/{id}", "/a/7", true),
            ("/a/7", "/a/{id}", false),
            ("/a/{id}/**", "/a/7/b", true),
            ("/a/{id}/**", "/a", false),
            ("/a(k='{x}')", "/a(k='{y}')", true),
        ] {
            assert_eq!(covers(template, path), expected, "{template} {path}");
        }
    }
}
