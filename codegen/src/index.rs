//! An index of what was generated, as JSON for tools; `docs/index.md` has its schema.

use serde_json::{Value, json};

use crate::item::{Function, Module, Struct};

/// The version of the schema; it counts on when a member changes its meaning or goes.
const SCHEMA: u32 = 1;

/// The index of a module and of all below it.
pub(crate) fn index(root: &Module, api_version: &str) -> String {
    let mut operations = Vec::new();
    let mut types = Vec::new();
    let mut enumerations = Vec::new();
    let mut open = vec![(String::new(), root)];
    while let Some((path, module)) = open.pop() {
        operations.extend(module.functions.iter().map(|item| operation(&path, item)));
        types.extend(module.structs.iter().map(|item| structure(&path, item)));
        enumerations.extend(module.enumerations.iter().map(|item| {
            let members = item
                .members
                .iter()
                .map(|member| json!({"wire": member.wire, "rust": member.name}))
                .collect::<Vec<_>>();
            json!({
                "type": item.type_name,
                "rust": format!("{path}{}", item.name),
                "members": members,
            })
        }));
        open.extend(
            module
                .modules
                .iter()
                .map(|(name, inner)| (format!("{path}{name}::"), inner)),
        );
    }
    operations.sort_by_cached_key(|item| sort_key(item, "path"));
    types.sort_by_cached_key(|item| sort_key(item, "type"));
    enumerations.sort_by_cached_key(|item| sort_key(item, "type"));
    let index = json!({
        "schema": SCHEMA,
        "apiVersion": api_version,
        "operations": operations,
        "types": types,
        "enumerations": enumerations,
    });
    format!("{index:#}\n")
}

/// The entries stand in order of this member; two of the same in order of their Rust paths.
fn sort_key(item: &Value, key: &str) -> (String, String) {
    let text = |key| {
        let text = item.get(key).and_then(Value::as_str);
        text.unwrap_or_default().to_owned()
    };
    (text(key), text("rust"))
}

fn operation(module: &str, item: &Function) -> Value {
    let parameters = item
        .arguments
        .iter()
        .map(|argument| json!({"rust": argument.name, "type": argument.ty.to_string()}))
        .collect::<Vec<_>>();
    let bodies = item
        .accepts
        .iter()
        .map(|(ty, rust)| json!({"type": ty, "rust": rust}))
        .collect::<Vec<_>>();
    let headers: &[&str] = if item.if_match { &["If-Match"] } else { &[] };
    json!({
        "method": item.method.to_uppercase(),
        "path": item.template,
        "parameters": parameters,
        "rust": format!("{module}{}", item.name),
        "bodies": bodies,
        "headers": headers,
        "permissions": item.permissions,
        "roles": item.roles,
    })
}

fn structure(module: &str, item: &Struct) -> Value {
    let fields = item
        .fields
        .iter()
        .map(|field| {
            json!({
                "wire": field.wire,
                "rust": field.name,
                "type": format!("Option<{}>", field.ty),
                "nullable": field.ty.is_nullable(),
            })
        })
        .collect::<Vec<_>>();
    let left_out = item
        .origin
        .left_out
        .iter()
        .map(|(wire, why)| json!({"wire": wire, "why": why}))
        .collect::<Vec<_>>();
    json!({
        "type": item.type_name,
        "rust": format!("{module}{}", item.name),
        "base": item.origin.base,
        "writesODataType": item.odata_type.is_some(),
        "open": item.dynamic.is_some(),
        "fields": fields,
        "leftOut": left_out,
        "reason": item.origin.reason,
    })
}
