//! The schemes that a change has in common.

use msgraph_csdl::permissions::Scheme;

/// The schemes by their value.
pub(super) fn in_common<T: PartialEq>(value: impl Fn(Scheme) -> T) -> Vec<(Vec<Scheme>, T)> {
    let mut groups: Vec<(Vec<Scheme>, T)> = Vec::new();
    for scheme in Scheme::ALL {
        let value = value(scheme);
        match groups.iter_mut().find(|(_, same)| *same == value) {
            Some((schemes, _)) => schemes.push(scheme),
            None => groups.push((vec![scheme], value)),
        }
    }
    groups
}

/// The names in JSON.
pub(super) fn names(schemes: &[Scheme]) -> Vec<&'static str> {
    schemes.iter().map(|scheme| scheme.name()).collect()
}

/// `delegated, personal accounts and application`.
pub(super) fn prose(schemes: &[Scheme]) -> String {
    let names: Vec<&str> = schemes.iter().map(|scheme| scheme.label()).collect();
    match names.as_slice() {
        [all @ .., before, last] => [all, &[&format!("{before} and {last}")]]
            .concat()
            .join(", "),
        _ => names.concat(),
    }
}
