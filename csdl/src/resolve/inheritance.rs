//! Base types: checks their kinds, finds cycles, and makes subtypes of open types open.

use super::resolver::Resolver;
use crate::document::StructuredKind;
use crate::model::{Schema, TypeId, TypeKind};

/// Maximum inheritance depth: lookups walk the whole chain.
const MAX_LINEAGE: usize = 100;

impl<'a> Resolver<'a, '_> {
    /// Checks base types and records derived ones; false if there is an inheritance cycle.
    pub(super) fn inheritance(&mut self, schema: &mut Schema<'a>) -> bool {
        let edges = self.base_types(schema);
        let is_sound = !self.diagnostics.has_errors();
        if !self.has_no_cycle(schema, &edges) || !is_sound {
            return false;
        }
        for (id, base) in edges {
            if let Some(TypeKind::Structured(base)) = schema.kind_mut(base) {
                base.derived.push(id);
            }
        }
        open_types(schema);
        true
    }

    /// The types with a base type of the same kind.
    fn base_types(&mut self, schema: &Schema<'a>) -> Vec<(TypeId, TypeId)> {
        let mut edges = Vec::new();
        for (id, declaration) in schema.types() {
            let Some((ty, base)) = schema.structured(id).and_then(|ty| Some((ty, ty.base?))) else {
                continue;
            };
            match schema.structured(base) {
                Some(base_type) if base_type.kind == ty.kind => edges.push((id, base)),
                _ => {
                    let kind = match ty.kind {
                        StructuredKind::Entity => "an entity type",
                        StructuredKind::Complex => "a complex type",
                    };
                    self.error(
                        declaration.name.span,
                        format!(
                            "`{declaration}` is {kind}, but its base type `{}` is not",
                            schema[base]
                        ),
                        "a base type and its derived types must be of the same kind (OData CSDL XML 4.01 §6.2, §9.2)",
                    );
                }
            }
        }
        edges
    }

    /// Whether all inheritance chains end, within the limit.
    fn has_no_cycle(&mut self, schema: &Schema<'a>, edges: &[(TypeId, TypeId)]) -> bool {
        let mut sound = true;
        for &(id, base) in edges {
            // More supertypes than there are types: a cycle, reported once, at its first type.
            let mut steps = 0;
            let mut cycle = vec![id];
            let mut at = Some(base);
            while let Some(ty) = at {
                if ty == id || steps > MAX_LINEAGE {
                    break;
                }
                cycle.push(ty);
                steps += 1;
                at = schema.structured(ty).and_then(|ty| ty.base);
            }
            if at == Some(id) {
                sound = false;
                if cycle.iter().min() == Some(&id) {
                    let names: Vec<String> = cycle
                        .iter()
                        .chain([&id])
                        .map(|ty| format!("`{}`", schema[*ty]))
                        .collect();
                    self.error(
                        schema[id].name.span,
                        format!("`{}` is its own base type", schema[id]),
                        format!("inheritance cycle: {}", names.join(" → ")),
                    );
                }
            } else if at.is_some() {
                sound = false;
                // It may lead into a cycle, which is reported at the types in the cycle.
                let leads_into_cycle = cycle
                    .iter()
                    .enumerate()
                    .any(|(nth, ty)| cycle.iter().skip(nth + 1).any(|other| other == ty));
                if !leads_into_cycle {
                    self.error(
                        schema[id].name.span,
                        format!("`{}` has more than {MAX_LINEAGE} base types", schema[id]),
                        "no type of Graph has ten; is the file damaged?",
                    );
                    break;
                }
            }
        }
        sound
    }
}

/// A type derived from an open type is open (OData CSDL XML 4.01 §6.3).
fn open_types(schema: &mut Schema<'_>) {
    let roots: Vec<TypeId> = schema
        .types()
        .filter(|(id, _)| schema.structured(*id).is_some_and(|ty| ty.is_open))
        .map(|(id, _)| id)
        .collect();
    for root in roots {
        for id in schema.subtypes(root) {
            if let Some(TypeKind::Structured(ty)) = schema.kind_mut(id) {
                ty.is_open = true;
            }
        }
    }
}
