//! Entity types and complex types as structs.

use proc_macro2::TokenStream;
use quote::quote;

use super::table::{Table, literal, literals};
use super::types::{self, RustType};
use super::{Item, Part, deprecation, docs, ident};
use crate::ir::{DYNAMIC_PROPERTIES, Field, Role, Struct, UNKNOWN_PROPERTIES};

/// Why a navigation property has no field.
const NAVIGATION: &str = "a navigation property, which has its own URL";

pub(super) fn structure(item: &Struct) -> Item {
    let setters = setters(item);
    let table = table(item);
    [Part::Rust(definition(item))]
        .into_iter()
        .chain(setters)
        .chain([table])
        .collect()
}

fn definition(item: &Struct) -> TokenStream {
    let docs = docs::comment(&docs::structure(item));
    let deprecated = deprecation::of(item.deprecation.as_ref());
    let name = ident(&item.rust.name);
    let fields = item.fields.iter().map(|field| {
        let docs = docs::comment(&docs::field(field, item.role));
        let deprecated = deprecation::of(field.deprecation.as_ref());
        let (name, ty) = (ident(&field.rust), types::field(field));
        quote! {
            #docs
            #deprecated
            pub #name: __rt::Option<#ty>,
        }
    });
    let dynamic = item.open.then(|| {
        let name = ident(DYNAMIC_PROPERTIES);
        quote! {
            /// Properties that the metadata does not declare: the type is open.
            pub #name: __rt::DynamicProperties,
        }
    });
    let unknown = item.keeps_unknown.then(|| {
        let name = ident(UNKNOWN_PROPERTIES);
        quote! {
            /// Properties that this code does not know, as Graph sent them. Never sent.
            pub #name: __rt::DynamicProperties,
        }
    });
    quote! {
        #docs
        #deprecated
        #[must_use]
        pub struct #name {
            #(#fields)*
            #dynamic
            #unknown
        }
    }
}

/// Setters, formatted here: prettyplease gives a line to each argument of a long signature, and most are long.
fn setters(item: &Struct) -> Option<Part> {
    let fields = item.fields.iter();
    let setters = fields.filter_map(|field| setter(field, item.role));
    let setters: String = setters.collect();
    let name = &item.rust.name;
    (!setters.is_empty()).then(|| Part::Text(format!("impl {name} {{\n{setters}}}\n")))
}

fn setter(field: &Field, role: Role) -> Option<String> {
    let setter = field.setter.as_ref()?;
    let name = &field.rust;
    let docs = docs::setter(field, role);
    let deprecated = field.deprecation.as_ref().and_then(deprecation::note);
    let deprecated =
        deprecated.map(|note| format!("    #[deprecated(note = {})]\n", literal(&note)));
    let (argument, convert) = types::setter(field);
    Some(format!(
        "    /// {docs}
{}    pub fn {setter}(mut self, value: {}) -> Self {{
        self.{name} = value.{convert}();
        self
    }}
",
        deprecated.unwrap_or_default(),
        argument.code()
    ))
}

/// What the runtime knows about the struct.
fn table(item: &Struct) -> Part {
    let mut head = format!("{}: {}", item.rust.name, literal(&item.ty));
    if item.writes_odata_type {
        head.push_str(", typed");
    }
    if item.replaces {
        head.push_str(", replaced");
    }
    match item.role {
        Role::New => head.push_str(", new"),
        Role::Parameters => head.push_str(", parameters"),
        Role::Patch | Role::Plain => {}
    }
    let mut table = Table::new(if item.is_read { "model" } else { "body" }, &head);
    if !item.not_sent.is_empty() {
        table.entry(&format!("not_sent {}", literals(&item.not_sent)));
    }
    if item.is_read {
        let left_out = item.left_out.iter().map(|it| (&it.wire, it.why));
        let navigation = item.navigation.iter().map(|wire| (wire, NAVIGATION));
        let left_out = left_out.chain(navigation);
        table.list(
            "left_out",
            left_out.map(|(wire, why)| format!("{} {}", literal(wire), literal(why))),
        );
    }
    // No request sends a value that has a patch.
    let is_checked = |field: &&Field| !field.read_only && item.patch.is_none();
    let checked = item.fields.iter().filter(is_checked);
    table.list("limits", checked.flat_map(limits));
    if let Some(patch) = &item.patch {
        table.entry(&format!("patch {patch}"));
    }
    // The macros have a fixed order.
    for (keyword, is_base) in [("base", true), ("is", false)] {
        for membership in item.unions.iter().filter(|it| it.is_base == is_base) {
            let union = RustType::from(&membership.union);
            table.entry(&format!("{keyword} {union}"));
        }
    }
    for field in &item.fields {
        table.entry(&entry(field, item.has_constants));
    }
    if item.open {
        table.entry(&format!("..{DYNAMIC_PROPERTIES}"));
    }
    if item.keeps_unknown {
        table.entry(&format!("+{UNKNOWN_PROPERTIES}"));
    }
    table.finish()
}

/// The limits that the runtime checks.
fn limits(field: &Field) -> Vec<String> {
    let Some(facts) = &field.facts else {
        return Vec::new();
    };
    let wire = literal(&field.wire);
    let minimum = facts.minimum.map(|bound| format!("Minimum {bound}"));
    let maximum = facts.maximum.map(|bound| format!("Maximum {bound}"));
    let between = facts.between.as_ref();
    let between = between.map(|(low, high)| format!("Between {} {}", literal(low), literal(high)));
    let limits = [minimum, maximum, between].into_iter().flatten();
    limits.map(|limit| format!("{wire} {limit}")).collect()
}

fn entry(field: &Field, has_constant: bool) -> String {
    let mut entry = format!("{} {}", literal(&field.wire), field.rust);
    if has_constant && !field.delta && !field.is_reference() {
        // As for setters, the underscore behind a keyword is left out.
        let constant = field.rust.trim_end_matches('_').to_ascii_uppercase();
        entry.push_str(&format!(" [{constant}]"));
    }
    let marks = [
        (field.delta, "delta"),
        (field.replaces && !field.delta, "replaced"),
        (field.read_only, "read_only"),
        (field.immutable, "immutable"),
        (field.secret, "secret"),
    ];
    for (_, mark) in marks.into_iter().filter(|(has_it, _)| *has_it) {
        entry.push_str(": ");
        entry.push_str(mark);
    }
    entry
}
