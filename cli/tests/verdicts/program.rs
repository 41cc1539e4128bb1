//! A program that uses everything in an index, like a careful user: each struct as a literal that ends in
//! `..Default::default()`, each setter, each variant by name and in a `match` with `_`, each function with each body that
//! it accepts.

use std::fmt::Write;

use msgraph_codegen::ir::{Api, Operation, Struct};

/// The program, for a generated crate named `graph`.
pub(crate) fn program(index: &Api) -> String {
    let mut text = "//! Uses all of it.\n\
        #![allow(unused, deprecated)]\n\
        use msgraph_runtime::{Nullable, Secret, edm::*, request::CollectionBody};\n\
        fn takes<U: 'static, T: DerivesFrom<U>>() {}\n"
        .to_owned();
    for (nth, ty) in index.structs.iter().enumerate() {
        structure(&mut text, nth, ty);
    }
    for (nth, ty) in index.enumerations.iter().enumerate() {
        let path = &ty.rust;
        let arms = ty
            .members
            .iter()
            .map(|member| format!("graph::{path}::{} => 1,", member.rust));
        let arms: String = arms.collect();
        line(
            &mut text,
            &format!("fn e{nth}(value: graph::{path}) -> u8 {{ match value {{ {arms} _ => 0 }} }}"),
        );
    }
    for (nth, union) in index.unions.iter().enumerate() {
        let calls = union
            .members
            .iter()
            .map(|member| format!("takes::<graph::{}, graph::{}>();", union.rust, member.rust));
        let calls: String = calls.collect();
        line(&mut text, &format!("fn u{nth}() {{ {calls} }}"));
    }
    for (nth, operation) in index.operations.iter().enumerate() {
        function(&mut text, nth, operation, index);
    }
    text.push_str("fn main() {}\n");
    text
}

fn structure(text: &mut String, nth: usize, ty: &Struct) {
    let path = &ty.rust;
    for (at, field) in ty.fields.iter().enumerate() {
        let (name, field_type) = (&field.rust, absolute(path, &field.rust_type()));
        let value = field_type
            .strip_prefix("Option<")
            .and_then(|rest| rest.strip_suffix('>'))
            .unwrap();
        line(
            text,
            &format!(
                "fn t{nth}_{at}(value: {field_type}, other: {value}) {{ \
                 let _ = graph::{path} {{ {name}: value, ..Default::default() }};"
            ),
        );
        if let Some(setter) = &field.setter {
            line(
                text,
                &format!("let _ = graph::{path}::new().{setter}(other);"),
            );
        }
        line(text, "}");
    }
    if ty.open {
        line(
            text,
            &format!(
                "fn t{nth}_dynamic(value: graph::{path}) {{ let _: DynamicProperties = value.dynamic_properties; }}"
            ),
        );
    }
}

fn function(text: &mut String, nth: usize, operation: &Operation, index: &Api) {
    let mut lets = String::new();
    let mut arguments = String::new();
    for (at, parameter) in operation.parameters.iter().enumerate() {
        match parameter.rust_type().as_str() {
            "&str" => lets.push_str(&format!("let a{at}: &str = \"\";")),
            ty => lets.push_str(&format!("let a{at}: {ty} = Default::default();")),
        }
        arguments.push_str(&format!("a{at}, "));
    }
    let name = &operation.rust;
    let Some(takes) = &operation.takes() else {
        line(
            text,
            &format!("fn f{nth}() {{ {lets} let _ = graph::{name}({arguments}); }}"),
        );
        return;
    };
    let bodies: Vec<String> = if takes.starts_with("&CollectionBody<AnyOf<") {
        let mut unions = index.unions.iter();
        let union = unions.find(|union| union.ty == operation.declared).unwrap();
        vec![format!("CollectionBody<AnyOf<graph::{}>>", union.rust)]
    } else if takes.starts_with("&CollectionBody<") {
        let bodies = operation.bodies.iter();
        bodies
            .map(|body| format!("CollectionBody<graph::{}>", body.rust))
            .collect()
    } else {
        let bodies = operation.bodies.iter();
        bodies.map(|body| format!("graph::{}", body.rust)).collect()
    };
    for (at, body) in bodies.iter().enumerate() {
        line(
            text,
            &format!(
                "fn f{nth}_{at}(body: &{body}) {{ {lets} let _ = graph::{name}({arguments}body); }}"
            ),
        );
    }
}

/// Converts a type, as written in the module of a struct, to its path from another crate.
fn absolute(of: &str, ty: &str) -> String {
    if let Some((around, rest)) = ty.split_once('<') {
        let inner = rest.strip_suffix('>').unwrap();
        return format!("{around}<{}>", absolute(of, inner));
    }
    let known = [
        "bool",
        "i8",
        "u8",
        "i16",
        "i32",
        "i64",
        "f32",
        "f64",
        "String",
        "Binary",
        "Date",
        "DateTimeOffset",
        "Decimal",
        "Duration",
        "Reference",
        "Secret",
        "TimeOfDay",
        "Untyped",
        "Guid",
        "Uuid",
    ];
    if known.contains(&ty) {
        return ty.to_owned();
    }
    let mut path: Vec<&str> = of.split("::").collect();
    path.pop();
    for segment in ty.split("::") {
        if segment == "super" {
            path.pop();
        } else {
            path.push(segment);
        }
    }
    format!("graph::{}", path.join("::"))
}

fn line(text: &mut String, content: &str) {
    writeln!(text, "{content}").unwrap();
}
