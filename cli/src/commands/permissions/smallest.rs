//! The smallest set of permissions that allows several operations.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use msgraph_csdl::permissions::{Access, Requirement};

/// The smallest set of permissions for operations: the first least requirement of each, without the permissions that the
/// others make unnecessary. Operations without a least requirement add nothing.
pub(super) fn smallest_set<'p>(operations: &[&'p Access]) -> BTreeSet<&'p str> {
    let mut uses: BTreeMap<&str, usize> = BTreeMap::new();
    // The operations that each permission helps to allow.
    let mut accepted_by: BTreeMap<&str, Vec<&Access>> = BTreeMap::new();
    for access in operations {
        let Some(first) = access.least.first() else {
            continue;
        };
        for name in first.names() {
            *uses.entry(name).or_default() += 1;
        }
        let names: BTreeSet<&str> = access.all().flat_map(Requirement::names).collect();
        for name in names {
            accepted_by.entry(name).or_default().push(access);
        }
    }
    let mut set: BTreeSet<&str> = uses.keys().copied().collect();
    // If two permissions make each other unnecessary, the one that is the least of more operations stays.
    let mut order: Vec<(&str, usize)> = uses.into_iter().collect();
    order.sort_by_key(|(name, uses)| (*uses, Reverse(*name)));
    for (name, _) in order {
        set.remove(name);
        let affected = accepted_by.get(name).into_iter().flatten();
        let is_unnecessary = affected
            .clone()
            .all(|access| access.is_allowed(&|name| set.contains(name)));
        if !is_unnecessary {
            set.insert(name);
        }
    }
    set
}

#[cfg(test)]
mod tests {
    use std::slice;

    use proptest::collection::vec;
    use proptest::prelude::*;

    use super::*;

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
        let operations: Vec<&Access> = operations.iter().collect();
        smallest_set(&operations).into_iter().collect()
    }

    #[test]
    fn a_permission_that_another_one_makes_unnecessary_is_left_out() {
        let reads = access(&["Users.Read"], &["Users.ReadWrite", "Directory.ReadWrite"]);
        let writes = access(&["Users.ReadWrite"], &["Directory.ReadWrite"]);
        assert_eq!(smallest(slice::from_ref(&reads)), ["Users.Read"]);
        assert_eq!(smallest(&[reads, writes]), ["Users.ReadWrite"]);
    }

    #[test]
    fn a_permission_that_is_the_least_of_no_operation_is_never_added() {
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
    fn the_first_alternative_is_taken_unless_another_is_there_anyway() {
        let either = access(&["A", "B"], &[]);
        assert_eq!(smallest(slice::from_ref(&either)), ["A"]);
        assert_eq!(smallest(&[either, access(&["B"], &[])]), ["B"]);
    }

    #[test]
    fn of_two_that_make_each_other_unnecessary_the_more_used_stays() {
        let one = access(&["A"], &["B"]);
        let other = access(&["B"], &["A"]);
        assert_eq!(smallest(&[one.clone(), other.clone()]), ["A"]);
        assert_eq!(smallest(&[one, other.clone(), other]), ["B"]);
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

    proptest! {
        #[test]
        fn the_set_allows_every_operation_and_nothing_can_be_removed(
            operations in vec(any_access(), 0..12)
        ) {
            let all: Vec<&Access> = operations.iter().collect();
            let set = smallest_set(&all);
            let decided = || all.iter().filter(|access| !access.least.is_empty());
            for access in decided() {
                prop_assert!(access.is_allowed(&|name| set.contains(name)), "{access:?}");
            }
            for removed in &set {
                let is_left = |name: &str| name != *removed && set.contains(name);
                prop_assert!(!decided().all(|access| access.is_allowed(&is_left)), "{removed}");
                let mut firsts = decided().filter_map(|access| access.least.first());
                prop_assert!(firsts.any(|first| first.names().any(|name| name == *removed)));
            }
            let mut shuffled = all.clone();
            shuffled.reverse();
            prop_assert_eq!(smallest_set(&shuffled), set);
        }
    }
}
