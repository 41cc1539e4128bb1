//! Writes the program that checks the rows.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::derive::Derived;

/// The start of the program. A call of `run` for each row follows.
const DRIVER: &str = include_str!("driver.rs");

/// Documented placeholders such as `datetime-value` are replaced by values of the type.
const SAMPLES: &[(&str, &str)] = &[
    ("Edm.Binary", "AAEC"),
    ("Edm.Date", "2024-02-29"),
    ("Edm.DateTimeOffset", "2024-02-29T12:00:00Z"),
    ("Edm.Duration", "P1D"),
    ("Edm.Guid", "11111111-2222-3333-4444-555555555555"),
    ("Edm.TimeOfDay", "12:00:00"),
];

/// The URL of the resource in the body of a `$ref`, from the service root.
pub(crate) fn reference(row: &Value) -> Option<&str> {
    let is_reference = row["path"].as_str()?.ends_with("/$ref");
    let url = row["body"]["@odata.id"].as_str().filter(|_| is_reference)?;
    let path = url.strip_prefix("https://graph.microsoft.com/v1.0");
    Some(path.unwrap_or(url))
}

/// The operation of a row in the index.
pub(crate) fn operation<'i>(index: &'i Value, row: &Value, needs: &Derived) -> Option<&'i Value> {
    let kind = needs.operation.unwrap_or(match row["method"] == "GET" {
        true => "function",
        false => "action",
    });
    let mut operations = index["operations"].as_array()?.iter();
    operations.find(|operation| {
        let is_fit = |ty: &String| list(&operation["bodies"]).any(|body| body["type"] == *ty);
        operation["kind"] == kind
            && operation["path"] == needs.template
            && needs.body_type.as_ref().is_none_or(is_fit)
    })
}

/// The whole program. `references` are the resources that can be referred to.
pub(crate) fn program(
    rows: &[(&Value, Derived)],
    index: &Value,
    references: &[(String, Vec<String>)],
) -> String {
    let mut program = DRIVER.to_owned();
    let structs: BTreeSet<&str> = list(&index["types"])
        .filter(|item| item["role"] == "plain")
        .map(|item| text(item, "rust"))
        .collect();
    for rust in structs {
        program.push_str(&format!("again!(graph::{rust});\n"));
    }
    for item in list(&index["enumerations"]) {
        program.push_str(&format!("members!(graph::{});\n", text(item, "rust")));
    }
    program.push_str("\nfn main() {\n");
    for (row, needs) in rows {
        let operation = operation(index, row, needs).unwrap();
        program.push_str(&check(row, needs, operation, index, references));
    }
    program.push_str("}\n");
    program
}

/// The call of `run` for a row.
fn check(
    row: &Value,
    needs: &Derived,
    operation: &Value,
    index: &Value,
    references: &[(String, Vec<String>)],
) -> String {
    let mut arguments: Vec<String> = list(&operation["parameters"])
        .zip(&needs.keys)
        .map(|(parameter, key)| argument(text(parameter, "type"), key))
        .collect();
    let mut before = String::new();
    let written = body(row);
    if let Some(takes) = operation["takes"].as_str() {
        let value = match takes {
            "&Reference" => {
                let to = crate::program::reference(row).unwrap_or_default();
                refer(to, index, references)
            }
            "&Content" => {
                let bytes = row["body_text"].as_str().unwrap_or_default();
                let media = row["headers"]["Content-type"].as_str().unwrap_or_default();
                format!("Content::new({bytes:?}, {media:?})")
            }
            _ if written.is_null() => {
                format!("graph::{}::new()", body_type(operation, takes, needs))
            }
            _ if takes.starts_with("&CollectionBody<") => format!(
                "body::<CollectionBody<graph::{}>>(documented)",
                body_type(operation, takes, needs)
            ),
            _ => format!(
                "body::<graph::{}>(documented)",
                body_type(operation, takes, needs)
            ),
        };
        before = format!("let body = {value};\n        ");
        arguments.push("&body".to_owned());
    }
    let options = query(row);
    let page = operation["returns"]
        .as_str()
        .is_some_and(|ty| ty.starts_with("Page<"));
    let mut typed: String = options
        .iter()
        .map(|(name, value)| option(name, value, page, row, index))
        .collect();
    if let Some(etag) = named(&row["headers"], "if-match") {
        typed.push_str(&format!(".if_match({etag:?}.parse().expect(\"an ETag\"))"));
    }
    let written = match (&row["body_text"], written) {
        (Value::String(content), _) => Some(content.clone()),
        (_, Value::Null) => None,
        (_, body) => Some(body.to_string()),
    };
    let response = match &row["response"] {
        Value::Null if row["status"] == 302 => None,
        Value::Null => row["response_text"].as_str().map(str::to_owned),
        json => Some(json.to_string()),
    };
    let response = match response {
        None if operation["returns"] == "Content" && row["status"] == 200 => Some("…".to_owned()),
        response => response,
    };
    let types: Vec<(&String, &String)> = needs.derived.iter().collect();
    let header = |name: &str| named(&row["response_headers"], name);
    let location = ["location", "operation-location"]
        .into_iter()
        .find_map(|name| Some((name, header(name)?)));
    let is_content = operation["returns"] == "Content";
    let content_type = match header("content-type") {
        Some(media) if is_content => media,
        None if is_content => "text/plain",
        _ => "application/json",
    };
    format!(
        "    run(&Documented {{\n        row: {:?}, method: {}, path: {:?},\n        query: &{:?},\n        \
         body: {written:?},\n        status: {}, location: {:?},\n        response: {response:?},\n        \
         content_type: {content_type:?}, types: &{types:?},\n    }}, |documented| {{\n        {before}let \
         request = graph::{}({});\n        Sent(request{typed}).check(documented);\n    }});\n",
        crate::name(row),
        row["method"],
        decoded(&needs.url),
        options,
        row["status"],
        location,
        text(operation, "rust"),
        arguments.join(", "),
    )
}

/// The header called `name`.
fn named<'v>(headers: &'v Value, name: &str) -> Option<&'v str> {
    let mut headers = headers.as_object().into_iter().flatten();
    let found = headers.find(|(other, _)| other.eq_ignore_ascii_case(name));
    found.and_then(|(_, value)| value.as_str())
}

/// The value of a placeholder as an argument.
fn argument(ty: &str, key: &str) -> String {
    match ty {
        "&str" => format!("{key:?}"),
        "bool" | "u8" | "i16" | "i32" | "i64" => key.to_owned(),
        _ => format!("{key:?}.parse().expect(\"{ty}\")"),
    }
}

/// The Rust type of a body, from the module `graph`.
fn body_type(operation: &Value, takes: &str, needs: &Derived) -> String {
    let ty = needs.body_type.as_ref();
    let mut bodies = list(&operation["bodies"]);
    if let Some(body) = bodies.find(|body| ty.is_none_or(|ty| body["type"] == *ty)) {
        return text(body, "rust").to_owned();
    }
    let module = text(operation, "rust").rsplit_once("::");
    let module = module
        .map(|(module, _)| format!("{module}::"))
        .unwrap_or_default();
    format!("{module}{}", takes.trim_start_matches('&'))
}

/// A reference to a resource.
fn refer(to: &str, index: &Value, references: &[(String, Vec<String>)]) -> String {
    let found = references.iter().find(|(template, keys)| {
        let mut keys = keys.iter();
        let segments: Vec<String> = template
            .split('/')
            .map(|segment| match segment.starts_with('{') {
                true => keys.next().cloned().unwrap_or_default(),
                false => segment.to_owned(),
            })
            .collect();
        segments.join("/") == to
    });
    let function = found.and_then(|(template, keys)| {
        let mut operations = list(&index["operations"]);
        let operation = operations
            .find(|operation| operation["kind"] == "reference" && operation["path"] == *template)?;
        let arguments: Vec<String> = keys.iter().map(|key| format!("{key:?}")).collect();
        Some(format!(
            "graph::{}({})",
            text(operation, "rust"),
            arguments.join(", ")
        ))
    });
    function.unwrap_or_else(|| format!("compile_error!(\"no function for {to}\")"))
}

/// The documented body without what the service computes or the path contains, and with values instead of placeholders.
pub(crate) fn body(row: &Value) -> Value {
    let mut body = row["body"].clone();
    for note in list(&row["request_notes"]) {
        let (what, at) = (note[0].as_str().unwrap_or_default(), note[1].as_str());
        let pointer = at.unwrap_or_default().replace('[', "/").replace(']', "");
        let is_in_path = what == "key property in body" && row["method"] != "POST";
        if what == "computed property in body" || is_in_path {
            let (parent, name) = pointer.rsplit_once('/').unwrap_or_default();
            let parent = body.pointer_mut(parent).and_then(Value::as_object_mut);
            parent.map(|parent| parent.remove(name));
        }
        let sample = SAMPLES
            .iter()
            .find(|(ty, _)| what.starts_with(&format!("format:{ty} ")));
        if let (Some((_, sample)), Some(value)) = (sample, body.pointer_mut(&pointer)) {
            *value = (*sample).into();
        }
    }
    body
}

/// The query options with their OData names, decoded.
fn query(row: &Value) -> Vec<(String, String)> {
    const NAMES: &[&str] = &[
        "count", "expand", "filter", "format", "orderby", "search", "select", "skip", "top",
    ];
    let query = row["query"].as_str().unwrap_or_default();
    let options = query.split('&').filter(|option| !option.is_empty());
    options
        .map(|option| {
            let (name, value) = option.split_once('=').unwrap_or((option, ""));
            let name = name.to_ascii_lowercase();
            let is_bare = NAMES.contains(&name.as_str());
            let documented = option.split('=').next().unwrap_or_default().to_owned();
            let name = match (is_bare, name.strip_prefix('$')) {
                (true, _) => format!("${name}"),
                (_, Some(rest)) if NAMES.contains(&rest) => name,
                _ => documented,
            };
            (name, decoded(value))
        })
        .collect()
}

/// The method of the request for a query option.
fn option(name: &str, value: &str, is_page: bool, row: &Value, index: &Value) -> String {
    let quoted = value
        .strip_prefix('"')
        .and_then(|rest| rest.strip_suffix('"'));
    match name {
        "$expand" => format!(".expand({value:?})"),
        "$filter" if is_page => format!(".filter({value:?})"),
        "$orderby" if is_page => format!(".orderby({value:?})"),
        "$top" if is_page => format!(".top({value})"),
        "$skip" if is_page => format!(".skip({value})"),
        "$count" if is_page && value == "true" => ".count()".to_owned(),
        "$search" if is_page && quoted.is_some_and(|inner| !inner.contains('"')) => {
            format!(".search({:?})", quoted.unwrap_or_default())
        }
        "$select" => match constants(value, row, index) {
            Some(constants) => format!(".select([{}])", constants.join(", ")),
            None => format!(".query({name:?}, {value:?})"),
        },
        _ => format!(".query({name:?}, {value:?})"),
    }
}

/// The constants of the properties in `$select`, if the type of the resource has all of them.
fn constants(names: &str, row: &Value, index: &Value) -> Option<Vec<String>> {
    let is_union = list(&index["unions"])
        .any(|item| item["type"] == row["declared_type"] && item["role"] == "plain");
    let item = list(&index["types"])
        .find(|item| item["type"] == row["declared_type"] && item["role"] == "plain")
        .filter(|_| !is_union)?;
    names
        .split(',')
        .map(|name| {
            let field = list(&item["fields"]).find(|field| field["wire"] == name.trim())?;
            let constant = text(field, "rust").trim_start_matches("r#").to_uppercase();
            Some(format!("graph::{}::{constant}", text(item, "rust")))
        })
        .collect()
}

fn decoded(text: &str) -> String {
    msgraph_csdl::path::segment::decode(text).unwrap_or_else(|| text.to_owned())
}

fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

fn text<'v>(value: &'v Value, key: &str) -> &'v str {
    value[key].as_str().unwrap_or_default()
}
