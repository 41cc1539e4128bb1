//! Marker types.

use quote::quote;

use super::table::{Table, literal};
use super::types::RustType;
use super::{Item, Part, docs, ident};
use crate::ir::Union;

pub(super) fn union(item: &Union) -> Item {
    let docs = docs::comment(&docs::union(item));
    let name = ident(&item.rust.name);
    let definition = quote! {
        #docs
        #[derive(Debug)]
        pub enum #name {}
    };
    let table = item.is_read.then(|| table(item));
    [Part::Rust(definition)].into_iter().chain(table).collect()
}

/// The types that a value may be read as.
fn table(item: &Union) -> Part {
    let mut head = item.rust.name.clone();
    if item.members.iter().any(|member| member.ty == item.ty) {
        head.push_str(&format!(": {}", literal(&item.ty)));
    }
    let mut table = Table::new("union", &head);
    for member in &item.members {
        let ty = RustType::Output(member.rust.seen_from(&item.rust.module));
        table.entry(&format!("{} {ty}", literal(&member.ty)));
    }
    table.finish()
}
