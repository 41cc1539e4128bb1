//! The restrictions that limit subtrees.

use msgraph_csdl::annotations::{Role, TERMS};
use msgraph_csdl::model::{ItemType, TypeId};

use super::annotations::OFFERS;
use super::{Element, Slicer};

impl Slicer<'_, '_> {
    /// Keeps the annotations on kept elements without which a subtree would have more paths.
    pub(super) fn keep_restrictions(&mut self) {
        let schema = self.schema;
        for element in self.kept.elements.clone() {
            let (chain, ty, is_open) = match element {
                Element::Child(nth) => match schema.container().get(nth) {
                    Some(child) => (vec![element], child.ty, true),
                    None => continue,
                },
                Element::Navigation(declaring, nth) => {
                    let ty = schema.structured(declaring);
                    let Some(property) = ty.and_then(|ty| ty.navigation_properties.get(nth)) else {
                        continue;
                    };
                    // The target of a link can be updated only if it is annotated, and its subtree has only complex
                    // properties.
                    let is_open = property.contains_target || self.on_path.contains(&element);
                    let mut chain = self.seen_from_kept(declaring, &property.name.text);
                    chain.push(element);
                    (chain, property.target, is_open)
                }
                Element::Operation(nth) => {
                    self.keep(Role::Operation, &[element]);
                    let operation = schema.operations().get(nth);
                    let composable = operation.filter(|operation| operation.is_composable);
                    let result = composable.and_then(|operation| operation.return_type);
                    match result.map(|ty| ty.item) {
                        Some(ItemType::Declared(ty)) => (vec![element], ty, true),
                        _ => continue,
                    }
                }
                _ => continue,
            };
            if self.has_offers {
                for term in OFFERS {
                    self.keep_seen_from_each(&chain, term);
                    self.keep_on_supertypes(ty, term);
                }
            }
            for term in TERMS {
                let Role::Path { on_types, on_links } = term.role else {
                    continue;
                };
                if is_open || on_links {
                    self.keep_seen_from_each(&chain, term);
                    if on_types {
                        self.keep_on_supertypes(ty, term);
                    }
                }
            }
        }
    }

    /// The annotations that kept types add to a property that they inherit from `declaring`.
    fn seen_from_kept(&self, declaring: TypeId, name: &str) -> Vec<Element> {
        let schema = self.schema;
        let kept = self
            .kept
            .types
            .iter()
            .filter(|id| schema.is_subtype_of(**id, declaring));
        kept.filter(|id| {
            let mut between = schema.supertypes(**id).take_while(|ty| *ty != declaring);
            between.all(|ty| self.kept.types.contains(&ty))
        })
        .flat_map(|id| {
            let added = schema.structured(*id).map(|ty| &ty.inherited_annotations);
            let added = added.into_iter().flatten().enumerate();
            added
                .filter(|(_, (property, _))| property == name)
                .map(|(nth, _)| Element::Inherited(*id, nth))
        })
        .collect()
    }
}
