//! Names as Rust identifiers: case, reserved names, and name conflicts. [`lower`](super) has the rules.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashSet};

use heck::{ToSnakeCase, ToUpperCamelCase};

/// Equal for two names that collide after a change of case.
pub(crate) fn fold(name: &str) -> String {
    if name.is_ascii() {
        let mut folded = name.replace('_', "");
        folded.make_ascii_lowercase();
        return folded;
    }
    name.chars()
        .filter(|c| *c != '_')
        .flat_map(char::to_lowercase)
        .collect()
}

fn ascii(name: &str) -> Cow<'_, str> {
    if name.is_ascii() {
        return name.into();
    }
    let mut ascii = String::with_capacity(name.len());
    for c in name.chars() {
        if c.is_ascii() {
            ascii.push(c);
        } else {
            ascii.push_str(&format!("u{:x}", u32::from(c)));
        }
    }
    ascii.into()
}

pub(super) fn snake(name: &str) -> String {
    match snake_part(name) {
        part if part.starts_with(|c: char| c.is_ascii_digit()) => format!("_{part}"),
        part => part,
    }
}

/// A part of a longer name, which may start with a digit. The change of case removes underscores, and
/// may leave an empty string.
pub(super) fn snake_part(name: &str) -> String {
    let part = ascii(name).to_snake_case();
    if part.is_empty() {
        "underscore".to_owned()
    } else {
        part
    }
}

pub(super) fn upper_camel(name: &str) -> String {
    match ascii(name).to_upper_camel_case() {
        camel if camel.is_empty() => "Underscore".to_owned(),
        camel if camel.starts_with(|c: char| c.is_ascii_digit()) => format!("N{camel}"),
        camel => camel,
    }
}

/// The name of an argument.
pub(super) fn argument_name(snake: String) -> String {
    // `snake` adds the underscore before a digit.
    match snake.strip_prefix('_') {
        Some(part) => format!("key{part}"),
        None => keyword_free(snake),
    }
}

/// Whether it is a keyword of any edition. `syn` accepts `gen`, a keyword since 2024.
fn is_keyword(name: &str) -> bool {
    name == "gen" || syn::parse_str::<syn::Ident>(name).is_err()
}

pub(super) fn keyword_free(name: String) -> String {
    if is_keyword(&name) {
        format!("{name}_")
    } else {
        name
    }
}

pub(super) fn is_upper_camel(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_uppercase())
        && name.chars().all(|c| c.is_ascii_alphanumeric())
}

/// Makes names distinct. Each is given with its name in CSDL, which decides who keeps it.
pub(super) fn distinct<'n>(wanted: impl IntoIterator<Item = (&'n str, String)>) -> Vec<String> {
    distinct_from(None, wanted)
}

/// As [`distinct`], with a name that none of them gets.
pub(super) fn distinct_from<'n>(
    reserved: Option<&str>,
    wanted: impl IntoIterator<Item = (&'n str, String)>,
) -> Vec<String> {
    let wanted: Vec<(&str, String)> = wanted.into_iter().collect();
    let plain: HashSet<&str> = wanted.iter().map(|(_, name)| name.as_str()).collect();
    if plain.len() == wanted.len() && reserved.is_none_or(|name| !plain.contains(name)) {
        return wanted.into_iter().map(|(_, name)| name).collect();
    }
    let mut order: Vec<usize> = (0..wanted.len()).collect();
    let rank = |at: &usize| {
        wanted
            .get(*at)
            .map(|(wire, _)| (!is_lower_camel(wire), *wire))
    };
    order.sort_by_key(rank);
    let mut taken = Taken::default();
    taken.names.extend(reserved.map(str::to_owned));
    let mut names = vec![String::new(); wanted.len()];
    for at in order {
        if let (Some((_, name)), Some(slot)) = (wanted.get(at), names.get_mut(at)) {
            // A number must not make the name of another.
            *slot = taken.unique(name, |candidate| plain.contains(candidate));
        }
    }
    names
}

/// Names in use, and the next number of each.
#[derive(Default)]
pub(super) struct Taken {
    names: BTreeSet<String>,
    next: BTreeMap<String, usize>,
}

impl Taken {
    /// The name itself, or with the first number from 2 that makes it free and not reserved.
    pub(super) fn unique(&mut self, wanted: &str, is_reserved: impl Fn(&str) -> bool) -> String {
        if self.names.insert(wanted.to_owned()) {
            return wanted.to_owned();
        }
        let next = self.next.entry(wanted.to_owned()).or_insert(2);
        loop {
            let name = numbered(wanted, *next);
            *next += 1;
            if !is_reserved(&name) && self.names.insert(name.clone()) {
                return name;
            }
        }
    }
}

/// A name with a number.
pub(super) fn numbered(name: &str, number: usize) -> String {
    // A numbered name is not a keyword, and `Self_2` is not camel case.
    format!("{}{number}", name.trim_end_matches('_'))
}

/// Makes names distinct; the first keeps its name.
pub(super) fn distinct_in_order(wanted: impl IntoIterator<Item = String>) -> Vec<String> {
    let wanted: Vec<String> = wanted.into_iter().collect();
    if wanted.iter().collect::<HashSet<_>>().len() == wanted.len() {
        return wanted;
    }
    let mut taken = Taken::default();
    let names = wanted.iter().map(|name| taken.unique(name, |_| false));
    names.collect()
}

/// Graph's own style for names.
fn is_lower_camel(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_lowercase())
        && name.chars().all(|c| c.is_ascii_alphanumeric())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_cased_and_legal() {
        let table = [
            ("isUsableOnce", "is_usable_once", "IsUsableOnce"),
            (
                "macOSCompliancePolicy",
                "mac_os_compliance_policy",
                "MacOsCompliancePolicy",
            ),
            (
                "windows10EndpointX",
                "windows10_endpoint_x",
                "Windows10EndpointX",
            ),
            ("RSA", "rsa", "Rsa"),
            ("_365", "_365", "N365"),
            ("_", "underscore", "Underscore"),
            ("é", "u00e9", "U00e9"),
            ("remote_Control", "remote_control", "RemoteControl"),
        ];
        for (wire, field, ty) in table {
            assert_eq!(snake(wire), field.replace("u00e9", "ue9"), "{wire}");
            assert_eq!(upper_camel(wire), ty.replace("U00e9", "Ue9"), "{wire}");
        }
    }

    #[test]
    fn collisions_are_settled_by_style_then_code_points() {
        let names = |wires: &[&str]| distinct(wires.iter().map(|wire| (*wire, snake(wire))));
        assert_eq!(names(&["foo_bar", "fooBar"]), ["foo_bar2", "foo_bar"]);
        assert_eq!(names(&["Foo", "FOO"]), ["foo2", "foo"]);
        assert_eq!(
            names(&["fooBar", "foo_bar", "fooBar2"]),
            ["foo_bar", "foo_bar3", "foo_bar2"]
        );
        assert_eq!(names(&["a", "b"]), ["a", "b"]);
    }

    #[test]
    fn keywords_get_a_suffix() {
        for keyword in [
            "type", "self", "Self", "crate", "super", "async", "gen", "try", "yield",
        ] {
            assert_eq!(keyword_free(keyword.to_owned()), format!("{keyword}_"));
        }
        assert_eq!(keyword_free("Option".to_owned()), "Option");
    }
}
