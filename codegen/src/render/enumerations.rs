//! Enumeration types as enums.

use quote::quote;

use super::table::{Table, literal};
use super::{Item, Part, deprecation, docs, ident};
use crate::ir::{Enumeration, UNKNOWN_VALUE};

pub(super) fn enumeration(item: &Enumeration) -> Item {
    let docs = docs::comment(&docs::enumeration(item));
    let deprecated = deprecation::of(item.deprecation.as_ref());
    let name = ident(&item.rust.name);
    let variants = item.members.iter().map(|member| {
        let docs = docs::comment(&docs::member(member));
        let deprecated = deprecation::of(member.deprecation.as_ref());
        let name = ident(&member.rust);
        quote!(#docs #deprecated #name,)
    });
    let unknown = ident(UNKNOWN_VALUE);
    let definition = quote! {
        #docs
        #deprecated
        #[derive(Clone)]
        #[non_exhaustive]
        pub enum #name {
            #(#variants)*
            /// A member that the metadata does not declare.
            #unknown(__rt::UnknownMember),
        }
    };
    vec![Part::Rust(definition), table(item)]
}

fn table(item: &Enumeration) -> Part {
    let head = format!("{}: {}", item.rust.name, literal(&item.ty));
    let mut table = Table::new("enumeration", &head);
    let mut is_evolved = false;
    for member in &item.members {
        if member.evolved && !is_evolved {
            is_evolved = true;
            table.entry("evolved");
        }
        table.entry(&format!("{} {}", literal(&member.wire), member.rust));
    }
    table.finish()
}
