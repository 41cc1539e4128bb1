//! The smallest set of permissions that allows several operations.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use msgraph_csdl::permissions::Access;

/// After this many steps, the search keeps the smallest set so far. Only selections of thousands of operations need
/// more.
const MAX_STEPS: usize = 20_000;

/// The alternatives of an operation: each is a set of permissions that are needed together.
type Alternatives<'p> = BTreeSet<BTreeSet<&'p str>>;

/// The smallest set of permissions that, in addition to the granted ones, allows the operations. The candidates are the
/// first least privileged permissions of the operations. Operations without one are ignored.
pub fn smallest_set<'p>(operations: &[&'p Access], granted: &BTreeSet<&str>) -> BTreeSet<&'p str> {
    let mut uses: BTreeMap<&str, usize> = BTreeMap::new();
    let mut needy = Vec::new();
    for access in operations {
        let is_allowed = access.is_allowed(|name| granted.contains(name));
        if let (Some(first), false) = (access.least.first(), is_allowed) {
            for name in first.names().filter(|name| !granted.contains(name)) {
                *uses.entry(name).or_default() += 1;
            }
            needy.push(access);
        }
    }
    let alternatives = |access: &&'p Access| -> Alternatives<'p> {
        let all = access.all().map(|requirement| {
            let names = requirement.names();
            names.filter(|name| !granted.contains(name)).collect()
        });
        all.filter(|names: &BTreeSet<&str>| names.iter().all(|name| uses.contains_key(name)))
            .collect()
    };
    let distinct: BTreeSet<Alternatives<'p>> = needy.into_iter().map(alternatives).collect();
    let mut operations: Vec<Alternatives<'p>> = distinct.into_iter().collect();
    operations.sort_by_key(BTreeSet::len);
    let mut search = Search {
        smallest: without_unnecessary(&uses, &operations),
        operations,
        steps: 0,
    };
    search.extend(&BTreeSet::new());
    search.smallest
}

/// The candidates without those that others make unnecessary. If two make each other unnecessary, the one that is the
/// first of more operations stays.
fn without_unnecessary<'p>(
    uses: &BTreeMap<&'p str, usize>,
    operations: &[Alternatives<'p>],
) -> BTreeSet<&'p str> {
    let mut set: BTreeSet<&str> = uses.keys().copied().collect();
    let mut order: Vec<&str> = uses.keys().copied().collect();
    order.sort_by_key(|name| (uses.get(name), Reverse(*name)));
    for name in order {
        set.remove(name);
        if !operations.iter().all(|it| is_allowed(it, &set)) {
            set.insert(name);
        }
    }
    set
}

/// Branch and bound.
struct Search<'p> {
    /// Those with the fewest alternatives first.
    operations: Vec<Alternatives<'p>>,
    smallest: BTreeSet<&'p str>,
    steps: usize,
}

impl<'p> Search<'p> {
    /// Searches the sets that contain this one for a smaller one.
    fn extend(&mut self, set: &BTreeSet<&'p str>) {
        let mut open = self.operations.iter().filter(|it| !is_allowed(it, set));
        let Some(next) = open.next().cloned() else {
            self.smallest.clone_from(set);
            return;
        };
        for alternative in &next {
            let larger = set | alternative;
            let is_smaller = larger.len() + self.needed(&larger) < self.smallest.len();
            if is_smaller && self.steps < MAX_STEPS {
                self.steps += 1;
                self.extend(&larger);
            }
        }
    }

    /// A lower bound of what a set lacks: operations without a common permission need one each.
    fn needed(&self, set: &BTreeSet<&'p str>) -> usize {
        let mut seen: BTreeSet<&str> = BTreeSet::new();
        let open = self.operations.iter().filter(|it| !is_allowed(it, set));
        open.filter(|alternatives| {
            let names: BTreeSet<&str> = alternatives.iter().flat_map(|it| it - set).collect();
            let is_separate = seen.is_disjoint(&names);
            if is_separate {
                seen.extend(names);
            }
            is_separate
        })
        .count()
    }
}

fn is_allowed(alternatives: &Alternatives<'_>, set: &BTreeSet<&str>) -> bool {
    alternatives.iter().any(|names| names.is_subset(set))
}

#[cfg(test)]
mod tests {
    use std::slice;

    use proptest::collection::vec;
    use proptest::prelude::*;

    use super::*;
    use msgraph_csdl::permissions::Requirement;

    fn requirement(text: &str) -> Requirement {
        let mut names = text.split(" and ").map(str::to_owned);
        Requirement {
            permission: names.next().expect("a name"),
            also: names.collect(),
        }
    }

    fn access(least: &[&str], higher: &[&str]) -> Access {
        let requirements = |texts: &[&str]| texts.iter().map(|text| requirement(text)).collect();
        Access {
            least: requirements(least),
            higher: requirements(higher),
            ..Access::default()
        }
    }

    fn smallest(operations: &[Access]) -> Vec<&str> {
        addition(operations, &[])
    }

    fn addition<'p>(operations: &'p [Access], granted: &[&str]) -> Vec<&'p str> {
        let operations: Vec<&Access> = operations.iter().collect();
        let granted = granted.iter().copied().collect();
        smallest_set(&operations, &granted).into_iter().collect()
    }

    #[test]
    fn a_permission_that_another_one_makes_unnecessary_is_omitted() {
        let reads = access(&["Users.Read"], &["Users.ReadWrite", "Directory.ReadWrite"]);
        let writes = access(&["Users.ReadWrite"], &["Directory.ReadWrite"]);
        assert_eq!(smallest(slice::from_ref(&reads)), ["Users.Read"]);
        assert_eq!(smallest(&[reads, writes]), ["Users.ReadWrite"]);
    }

    #[test]
    fn a_permission_that_is_not_least_privileged_is_never_added() {
        let one = access(&["A"], &["Wide"]);
        let other = access(&["B"], &["Wide"]);
        assert_eq!(smallest(&[one, other, access(&[], &["Wide"])]), ["A", "B"]);
    }

    #[test]
    fn permissions_that_are_needed_together_stay_together() {
        let both = access(&["A and B"], &["C"]);
        assert_eq!(smallest(slice::from_ref(&both)), ["A", "B"]);
        assert_eq!(smallest(&[both, access(&["C"], &[])]), ["C"]);
    }

    #[test]
    fn the_first_alternative_is_used_unless_another_is_needed_anyway() {
        let either = access(&["A", "B"], &[]);
        assert_eq!(smallest(slice::from_ref(&either)), ["A"]);
        assert_eq!(smallest(&[either, access(&["B"], &[])]), ["B"]);
    }

    #[test]
    fn of_two_interchangeable_permissions_the_more_used_one_is_kept() {
        let one = access(&["A"], &["B"]);
        let other = access(&["B"], &["A"]);
        assert_eq!(smallest(&[one.clone(), other.clone()]), ["A"]);
        assert_eq!(smallest(&[one, other.clone(), other]), ["B"]);
    }

    #[test]
    fn the_set_is_smaller_than_a_greedy_one() {
        let operations = [
            access(&["A"], &["C"]),
            access(&["B"], &["C"]),
            access(&["C"], &["A"]),
        ];
        assert_eq!(smallest(&operations), ["C"]);
    }

    #[test]
    fn an_addition_has_only_what_the_granted_permissions_lack() {
        let both = access(&["A and B"], &["C"]);
        let reads = access(&["D"], &["B"]);
        assert_eq!(addition(slice::from_ref(&both), &["A"]), ["B"]);
        assert_eq!(addition(&[both.clone(), reads.clone()], &["A"]), ["B"]);
        assert_eq!(addition(&[both.clone(), reads.clone()], &["C"]), ["D"]);
        assert!(addition(&[both, reads], &["B", "C"]).is_empty());
    }

    fn any_requirement() -> impl Strategy<Value = Requirement> {
        vec("[A-H]", 1..=2).prop_map(|mut names| Requirement {
            permission: names.remove(0),
            also: names,
        })
    }

    fn any_access() -> impl Strategy<Value = Access> {
        let requirements = |max| vec(any_requirement(), 0..=max);
        (requirements(2), requirements(4)).prop_map(|(least, higher)| Access {
            least,
            higher,
            ..Access::default()
        })
    }

    /// The number of permissions in the smallest set, by trying all.
    fn smallest_size(operations: &[&Access], granted: &BTreeSet<&str>) -> usize {
        let needy = || {
            let decided = operations.iter().filter(|it| !it.least.is_empty());
            decided.filter(|access| !access.is_allowed(|name| granted.contains(name)))
        };
        let firsts = needy().filter_map(|access| access.least.first());
        let candidates: BTreeSet<&str> = firsts.flat_map(Requirement::names).collect();
        let candidates: Vec<&str> = candidates.difference(granted).copied().collect();
        let sets = (0_u32..1 << candidates.len()).filter(|bits| {
            let mut chosen = granted.clone();
            let names = candidates.iter().enumerate();
            chosen.extend(
                names
                    .filter(|(nth, _)| bits >> nth & 1 == 1)
                    .map(|it| *it.1),
            );
            needy().all(|access| access.is_allowed(|name| chosen.contains(name)))
        });
        let sizes = sets.map(u32::count_ones).min().expect("all candidates");
        sizes as usize
    }

    proptest! {
        #[test]
        fn the_set_is_the_smallest_whatever_the_order(
            operations in vec(any_access(), 0..12),
            granted in vec("[A-H]", 0..3),
        ) {
            let all: Vec<&Access> = operations.iter().collect();
            let granted: BTreeSet<&str> = granted.iter().map(String::as_str).collect();
            let set = smallest_set(&all, &granted);
            let union = &set | &granted;
            for access in all.iter().filter(|access| !access.least.is_empty()) {
                prop_assert!(access.is_allowed(|name| union.contains(name)), "{access:?}");
            }
            for name in &set {
                let mut firsts = all.iter().filter_map(|access| access.least.first());
                prop_assert!(firsts.any(|first| first.names().any(|it| it == *name)));
            }
            prop_assert_eq!(set.len(), smallest_size(&all, &granted));
            let mut shuffled = all.clone();
            shuffled.reverse();
            prop_assert_eq!(smallest_set(&shuffled, &granted), set);
        }
    }
}
