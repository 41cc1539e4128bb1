//! Cycles of a graph.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};

/// The edges from which a way leads back to where they start: those within one strongly connected
/// component. Kosaraju's algorithm without recursion, since a chain of types is as long as its
/// author likes; asking of each edge for a way back would take the square of that.
pub(super) fn on_circles<Node: Copy + Ord>(
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
    fn an_edge_is_on_a_circle_where_a_way_leads_back() {
        let table: [(Pairs, Pairs); 5] = [
            (&[(0, 0)], &[(0, 0)]),
            (&[(0, 1), (1, 2)], &[]),
            (&[(2, 1), (1, 2), (2, 3)], &[(1, 2), (2, 1)]),
            // Two circles and the bridge between them, which is on neither.
            (
                &[(0, 1), (1, 0), (1, 2), (2, 3), (3, 2)],
                &[(0, 1), (1, 0), (2, 3), (3, 2)],
            ),
            // Two ways to one type are no circle.
            (&[(0, 1), (0, 2), (1, 3), (2, 3)], &[]),
        ];
        for (pairs, expected) in table {
            let expected = expected.iter().copied().collect();
            assert_eq!(on_circles(&edges(pairs)), expected, "{pairs:?}");
        }
    }

    // With a search from each edge this takes 20,000 million steps; with recursion, the stack.
    #[test]
    fn a_chain_of_any_length_is_walked_once() {
        let mut pairs: Vec<(u32, u32)> = (0..200_000).map(|nth| (nth, nth + 1)).collect();
        assert!(on_circles(&edges(&pairs)).is_empty());
        pairs.push((200_000, 0));
        assert_eq!(on_circles(&edges(&pairs)).len(), 200_001);
    }
}
