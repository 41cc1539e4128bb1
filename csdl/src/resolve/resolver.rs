//! Resolves the type names in a document.

use std::collections::HashMap;

use super::parts::Declared;
use super::scope::Scope;
use crate::diagnostic::{Diagnostic, Diagnostics, did_you_mean, nearest_or};
use crate::document::{Name, TypeExpression};
use crate::model::{ItemType, Primitive, TypeId, TypeIndex, TypeReference};
use crate::source::Span;

/// The second pass: resolves names to the types of all documents.
pub(super) struct Resolver<'a, 'd> {
    pub(super) index: TypeIndex<'a>,
    pub(super) diagnostics: &'d mut Diagnostics,
}

impl<'a> Resolver<'a, '_> {
    pub(super) fn error(&mut self, span: Span, message: String, help: impl Into<String>) {
        self.diagnostics
            .push(Diagnostic::error(span, message).help(help));
    }

    /// Indexes the types, which are sorted by namespace and name.
    pub(super) fn index_types(&mut self, types: &[Declared<'a, '_>]) {
        let mut ids = (0u32..).map(TypeId);
        for types in types.chunk_by(|one, other| one.namespace == other.namespace) {
            let mut ids_by_name = HashMap::with_capacity(types.len());
            let mut before: Option<&Name<'a>> = None;
            for (declared, id) in types.iter().zip(&mut ids) {
                let name = declared.name();
                match before {
                    Some(first) if first.text == name.text => self.diagnostics.push(
                        Diagnostic::error(
                            name.span,
                            format!("`{}.{}` is declared twice", declared.namespace, name.text),
                        )
                        .help("remove one of them")
                        .related(first.span, "first declared here"),
                    ),
                    _ => {
                        ids_by_name.insert(name.text.clone(), id);
                        before = Some(name);
                    }
                }
            }
            if let Some(first) = types.first() {
                self.index.insert(first.namespace.clone(), ids_by_name);
            }
        }
    }

    fn lookup(&self, scope: &Scope<'a>, written: &str) -> Option<TypeId> {
        let (qualifier, name) = written.rsplit_once('.')?;
        let types = self.index.get(scope.namespace(qualifier))?;
        types.get(name).copied()
    }

    fn unknown_type(&mut self, scope: &Scope<'a>, written: &Name<'a>) {
        let (qualifier, name) = written.text.rsplit_once('.').unwrap_or(("", &written.text));
        if scope.ambiguous.contains(qualifier) {
            // The ambiguous alias is reported instead.
            return;
        }
        if self.diagnostics.is_flooded() {
            // Limit the number of hints, because each compares a name with all others.
            self.error(
                written.span,
                format!("unknown type `{}`", written.text),
                "declare the type, or add the file that declares it",
            );
            return;
        }
        let help = match self.index.get(scope.namespace(qualifier)) {
            Some(types) => nearest_or(
                name,
                types.keys().map(AsRef::as_ref),
                "declare the type, or add the file that declares it",
            ),
            None => {
                let known: Vec<&str> = self
                    .index
                    .keys()
                    .map(AsRef::as_ref)
                    .chain(scope.aliases.keys().map(AsRef::as_ref))
                    .collect();
                let hint = did_you_mean(qualifier, known).unwrap_or_default();
                format!("no namespace or alias `{qualifier}`; {hint}")
            }
        };
        self.error(
            written.span,
            format!("unknown type `{}`", written.text),
            help,
        );
    }

    pub(super) fn type_id(&mut self, scope: &Scope<'a>, written: &Name<'a>) -> Option<TypeId> {
        let id = self.lookup(scope, &written.text);
        if id.is_none() {
            self.unknown_type(scope, written);
        }
        id
    }

    pub(super) fn primitive(&mut self, written: &Name<'a>) -> Option<Primitive> {
        let name = written.text.strip_prefix("Edm.")?;
        let primitive = Primitive::from_name(name);
        if primitive.is_none() {
            let help = match name {
                "DateTime" => "OData 4 has `Edm.DateTimeOffset`".to_owned(),
                "Time" => "OData 4 has `Edm.Duration` and `Edm.TimeOfDay`".to_owned(),
                _ => "see the primitive types in OData CSDL XML 4.01 §4.4".to_owned(),
            };
            self.error(
                written.span,
                format!("unknown type `{}`", written.text),
                help,
            );
        }
        primitive
    }

    pub(super) fn item_type(&mut self, scope: &Scope<'a>, written: &Name<'a>) -> Option<ItemType> {
        if written.text.starts_with("Edm.") {
            self.primitive(written).map(ItemType::Primitive)
        } else {
            self.type_id(scope, written).map(ItemType::Declared)
        }
    }

    pub(super) fn type_reference(
        &mut self,
        scope: &Scope<'a>,
        ty: &TypeExpression<'a>,
    ) -> Option<TypeReference> {
        Some(TypeReference {
            is_collection: ty.is_collection,
            item: self.item_type(scope, &ty.name)?,
        })
    }
}
