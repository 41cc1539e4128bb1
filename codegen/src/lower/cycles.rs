//! Cycles of structs.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};

use crate::select::{Body, Content, Selection, TypeInRole};

/// The component of each type: the types on its cycles of single-valued positions. If such a position
/// leads to a type of the same component, its value has no finite size without a `Box`.
pub(super) fn components(selection: &Selection) -> BTreeMap<TypeInRole, TypeInRole> {
    let targets = |content| match content {
        Content::Structured(Body::Type(target), false) => Some(target),
        _ => None,
    };
    let mut edges: BTreeMap<TypeInRole, Vec<TypeInRole>> = BTreeMap::new();
    for (id, selected) in &selection.types {
        let fields = selected.fields.iter();
        let targets = fields.filter_map(|field| targets(field.content));
        edges.insert(*id, targets.collect());
    }
    connected(&edges)
}

/// The strongly connected component of each node, named by one of its nodes. Kosaraju's algorithm:
/// searching from each edge would take quadratic time, and recursion would overflow the stack on a long
/// chain of types.
fn connected<Node: Copy + Ord>(edges: &BTreeMap<Node, Vec<Node>>) -> BTreeMap<Node, Node> {
    let mut seen = BTreeSet::new();
    let mut finished = Vec::with_capacity(edges.len());
    for start in edges.keys() {
        if !seen.insert(*start) {
            continue;
        }
        let mut open = vec![(*start, edges.get(start).into_iter().flatten())];
        while let Some((at, targets)) = open.last_mut() {
            if let Some(target) = targets.next() {
                if seen.insert(*target) {
                    open.push((*target, edges.get(target).into_iter().flatten()));
                }
            } else {
                finished.push(*at);
                open.pop();
            }
        }
    }
    let mut sources: BTreeMap<Node, Vec<Node>> = BTreeMap::new();
    for (source, targets) in edges {
        for target in targets {
            sources.entry(*target).or_default().push(*source);
        }
    }
    let mut components: BTreeMap<Node, Node> = BTreeMap::new();
    for last in finished.into_iter().rev() {
        let mut open = vec![last];
        while let Some(at) = open.pop() {
            if let Entry::Vacant(slot) = components.entry(at) {
                slot.insert(last);
                open.extend(sources.get(&at).into_iter().flatten());
            }
        }
    }
    components
}

#[cfg(test)]
mod tests {
    use super::*;

    type Pairs = &'static [(u32, u32)];

    /// The edges within a component.
    fn cyclic_edges(pairs: &[(u32, u32)]) -> Vec<(u32, u32)> {
        let mut edges: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
        for (source, target) in pairs {
            edges.entry(*target).or_default();
            edges.entry(*source).or_default().push(*target);
        }
        let components = connected(&edges);
        let pairs = pairs.iter().copied();
        pairs
            .filter(|(source, target)| components.get(source) == components.get(target))
            .collect()
    }

    #[test]
    fn an_edge_is_cyclic_if_a_path_leads_back() {
        let table: [(Pairs, Pairs); 5] = [
            (&[(0, 0)], &[(0, 0)]),
            (&[(0, 1), (1, 2)], &[]),
            (&[(2, 1), (1, 2), (2, 3)], &[(2, 1), (1, 2)]),
            // Two cycles and the bridge between them.
            (
                &[(0, 1), (1, 0), (1, 2), (2, 3), (3, 2)],
                &[(0, 1), (1, 0), (2, 3), (3, 2)],
            ),
            // Two paths to one type.
            (&[(0, 1), (0, 2), (1, 3), (2, 3)], &[]),
        ];
        for (pairs, expected) in table {
            assert_eq!(cyclic_edges(pairs), expected, "{pairs:?}");
        }
    }

    // With a search from each edge this takes 20,000 million steps; with recursion, the stack.
    #[test]
    fn a_chain_of_any_length_is_walked_once() {
        let mut pairs: Vec<(u32, u32)> = (0..200_000).map(|nth| (nth, nth + 1)).collect();
        assert!(cyclic_edges(&pairs).is_empty());
        pairs.push((200_000, 0));
        assert_eq!(cyclic_edges(&pairs).len(), 200_001);
    }
}
