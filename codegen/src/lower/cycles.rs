//! Cycles of structs.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};

use crate::select::{Body, Content, Selection, TypeInRole};

/// The single-valued positions on a cycle of structs, as owner and value type: without a `Box` such
/// a value would have no finite size.
pub(super) fn boxed(selection: &Selection) -> BTreeSet<(TypeInRole, TypeInRole)> {
    let targets = |content| match content {
        Content::Structured(Body::Type(target), false) => Some(target),
        _ => None,
    };
    let types = selection.types.iter();
    let edges = types.map(|(id, selected)| {
        let fields = selected.fields.iter();
        (
            *id,
            fields.filter_map(|field| targets(field.content)).collect(),
        )
    });
    cyclic_edges(&edges.collect())
}

/// The edges within a strongly connected component. Kosaraju's algorithm: searching from each edge
/// would take quadratic time, and recursion would overflow the stack on a long chain of types.
fn cyclic_edges<Node: Copy + Ord>(
    edges: &BTreeMap<Node, BTreeSet<Node>>,
) -> BTreeSet<(Node, Node)> {
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
    // Each type's component, by the type of it that was finished last.
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
    edges
        .iter()
        .flat_map(|(source, targets)| targets.iter().map(move |target| (*source, *target)))
        .filter(|(source, target)| components.get(source) == components.get(target))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    type Pairs = &'static [(u32, u32)];

    fn edges(pairs: &[(u32, u32)]) -> BTreeMap<u32, BTreeSet<u32>> {
        let mut edges: BTreeMap<u32, BTreeSet<u32>> = BTreeMap::new();
        for (source, target) in pairs {
            edges.entry(*target).or_default();
            let targets = edges.entry(*source).or_default();
            targets.insert(*target);
        }
        edges
    }

    #[test]
    fn an_edge_is_cyclic_if_a_path_leads_back() {
        let table: [(Pairs, Pairs); 5] = [
            (&[(0, 0)], &[(0, 0)]),
            (&[(0, 1), (1, 2)], &[]),
            (&[(2, 1), (1, 2), (2, 3)], &[(1, 2), (2, 1)]),
            // Two cycles and the bridge between them.
            (
                &[(0, 1), (1, 0), (1, 2), (2, 3), (3, 2)],
                &[(0, 1), (1, 0), (2, 3), (3, 2)],
            ),
            // Two paths to one type.
            (&[(0, 1), (0, 2), (1, 3), (2, 3)], &[]),
        ];
        for (pairs, expected) in table {
            let expected = expected.iter().copied().collect();
            assert_eq!(cyclic_edges(&edges(pairs)), expected, "{pairs:?}");
        }
    }

    // With a search from each edge this takes 20,000 million steps; with recursion, the stack.
    #[test]
    fn a_chain_of_any_length_is_walked_once() {
        let mut pairs: Vec<(u32, u32)> = (0..200_000).map(|nth| (nth, nth + 1)).collect();
        assert!(cyclic_edges(&edges(&pairs)).is_empty());
        pairs.push((200_000, 0));
        assert_eq!(cyclic_edges(&edges(&pairs)).len(), 200_001);
    }
}
