//! The unselected types that decide the names of selected ones.

use msgraph_csdl::model::Schema;

use crate::lower::identifier::fold;
use crate::lower::type_names::{rivals, settled, union_name};
use crate::select::{Selection, TypeInRole};

/// The types without which a selected type would have another name, and that type itself, for each
/// group of types whose names collide.
pub(super) fn distinguishing(schema: &Schema<'_>, selection: &Selection) -> Vec<Vec<TypeInRole>> {
    let mut groups: Vec<Vec<TypeInRole>> = rivals(schema, selection).into_values().collect();
    groups.sort();
    for group in &mut groups {
        let selected: Vec<TypeInRole> = group
            .iter()
            .copied()
            .filter(|id| selection.types.contains_key(id))
            .collect();
        let names = |rivals: &[TypeInRole]| -> Vec<String> {
            let names = selected.iter().map(|id| settled(schema, rivals, *id));
            names.collect()
        };
        let wanted = names(group);
        for rival in group.clone() {
            let mut fewer = group.clone();
            fewer.retain(|id| *id != rival);
            if !selected.contains(&rival) && names(&fewer) == wanted {
                *group = fewer;
            }
        }
    }
    groups
}

/// The types whose names win over that of a union, for each union.
pub(super) fn union_rivals(schema: &Schema<'_>, selection: &Selection) -> Vec<Vec<TypeInRole>> {
    let rivals = rivals(schema, selection);
    let unions = selection.unions.keys();
    unions
        .filter_map(|id| {
            let folded = fold(&union_name(schema, *id));
            rivals.get(&(&*schema[id.ty].namespace, folded)).cloned()
        })
        .filter(|rivals| !rivals.is_empty())
        .collect()
}
