//! The part of a page about a request: URLs, headers, body, and the function.

use std::fmt::Write as _;

use msgraph_codegen::ir::{Api, Field, Method, Operation, OperationKind, Response, Role, Struct};
use msgraph_runtime::Cloud;
use serde::Serialize;

use super::Page;
use super::permissions;
use crate::commands::explain::sheet::{Line, Sheet, Span};
use crate::support::arguments::quoted;
use crate::support::index::{names_type, takes_collection};
use crate::support::type_name::local;

/// An example of the request: its URLs, headers and body.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ExampleRequest {
    #[serde(flatten)]
    operation: Operation,
    urls: Vec<CloudUrl>,
    request_headers: Vec<ExampleHeader>,
    body: Vec<BodyLine>,
    #[serde(skip)]
    has_permission_data: bool,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct CloudUrl {
    cloud: &'static str,
    url: String,
    /// Whether the reference lists the cloud; null if the facts do not document
    /// the clouds.
    documented: Option<bool>,
}

#[derive(Debug, Serialize)]
struct ExampleHeader {
    name: String,
    value: &'static str,
}

/// A property of the body, and the values that it accepts.
#[derive(Debug, Serialize)]
struct BodyLine {
    wire: String,
    takes: String,
}

impl ExampleRequest {
    pub(super) fn new(operation: &Operation, index: &Api) -> Self {
        let urls = Cloud::ALL.map(|cloud| CloudUrl {
            cloud: cloud.as_str(),
            url: format!("{}/{}{}", cloud.root(), index.api_version, operation.path),
            documented: (!operation.clouds.is_empty())
                .then(|| operation.clouds.iter().any(|name| name == cloud.as_str())),
        });
        let mut headers = vec![
            ("Authorization", "Bearer {token}"),
            ("Accept", "application/json"),
        ];
        if has_json(operation) {
            headers.push(("Content-Type", "application/json"));
        }
        let of_operation = operation.headers();
        headers.extend(
            of_operation
                .iter()
                .map(|name| (name.as_str(), "{ETag of the resource}")),
        );
        let headers = headers.into_iter().map(|(name, value)| ExampleHeader {
            name: name.to_owned(),
            value,
        });
        ExampleRequest {
            request_headers: headers.collect(),
            body: body(operation, index),
            operation: operation.clone(),
            has_permission_data: index.has_permission_data,
            urls: urls.into(),
        }
    }

    pub(super) fn operation(&self) -> &Operation {
        &self.operation
    }

    /// Writes the request, the function, and who may send it where.
    pub(super) fn write(&self, sheet: &mut Sheet, page: &Page) {
        let operation = &self.operation;
        sheet.heading(&match page.requests.as_slice() {
            [_] => "Request".to_owned(),
            _ => self.name(),
        });
        sheet.code("http", self.http(&page.api_version).trim_end());
        let module = match operation.rust.module.as_slice() {
            [] => "the root module".to_owned(),
            module => format!("module `{}`", module.join("::")),
        };
        sheet.prose(format!("Rust: `{}` in {module}", signature(operation)));
        if operation.kind == OperationKind::Reset {
            sheet.prose("Resets the resource to its defaults; it is not deleted.");
        }
        sheet.plain(operation.description.as_deref());
        let is_known = ![Response::Nothing, Response::UNTYPED].contains(&operation.response);
        if let Some(returns) = operation.returns().filter(|_| is_known) {
            sheet.prose(format!("Response: `{returns}`"));
        }
        if operation.idempotent {
            sheet.prose("Idempotent: it is sent again although it may have been applied.");
        }
        if let Some(taken) = taken(operation) {
            sheet.prose(taken);
        }
        sheet.deprecated(operation.announced().as_deref());
        permissions::write(operation, self.has_permission_data, sheet);
        sheet.named("Role", &operation.roles);
        self.write_clouds(sheet);
        sheet.plain(operation.note.as_deref());
        if let Some(source) = &operation.source {
            let source = Span::Link(source.clone());
            sheet.paragraph(Line::default().text("See ").and(source));
        }
    }

    /// `PATCH /users/{id}`.
    pub(super) fn name(&self) -> String {
        format!("{} {}", self.operation.method, self.operation.path)
    }

    fn write_clouds(&self, sheet: &mut Sheet) {
        let of = |documented: bool| -> Vec<&str> {
            let urls = self.urls.iter();
            let urls = urls.filter(|url| url.documented == Some(documented));
            urls.map(|url| url.cloud).collect()
        };
        let (listed, others) = (of(true), of(false));
        if listed.is_empty() && others.is_empty() {
            return;
        }
        let mut text = format!("Clouds (reference): {}", listed.join(", "));
        if !others.is_empty() {
            text.push_str(&format!("; not listed: {}", others.join(", ")));
        }
        sheet.plain(Some(&text));
    }

    /// The request line, the headers and the body.
    fn http(&self, api_version: &str) -> String {
        let operation = &self.operation;
        let mut http = format!("{} /{api_version}{}\n", operation.method, operation.path);
        for ExampleHeader { name, value } in &self.request_headers {
            let _ = writeln!(http, "{name}: {value}");
        }
        if !has_json(operation) {
            return http;
        }
        let (start, end) = if takes_collection(operation) {
            ("{ \"value\": [ {", "} ] }")
        } else {
            ("{", "}")
        };
        let lines = self.body.iter();
        let lines: Vec<String> = lines
            .map(|line| format!("  {}: {}", quoted(&line.wire), line.takes))
            .collect();
        let gap = if lines.is_empty() { "" } else { "\n" };
        let _ = write!(http, "\n{start}\n{}{gap}{end}", lines.join(",\n"));
        http
    }
}

/// The properties of a body; only `@odata.type` if several types are accepted.
fn body(operation: &Operation, index: &Api) -> Vec<BodyLine> {
    let type_line = |takes| BodyLine {
        wire: "@odata.type".to_owned(),
        takes,
    };
    let is_parameters = |ty: &&Struct| {
        ty.role == Role::Parameters
            && ty.ty == operation.declared
            && ty.rust.module == operation.rust.module
    };
    if operation.body.is_none() && has_json(operation) {
        return vec![BodyLine {
            wire: "@odata.id".to_owned(),
            takes: reference(&operation.declared),
        }];
    }
    let ty = match operation.bodies.as_slice() {
        _ if operation.kind == OperationKind::Action => index.structs.iter().find(is_parameters),
        [only] => index.structs.iter().find(|ty| ty.rust == only.rust),
        _ => None,
    };
    let Some(ty) = ty else {
        let body = operation.body.iter();
        return body.map(|_| type_line(type_choice(operation))).collect();
    };
    let mut lines = Vec::new();
    let is_named = ty.role != Role::Parameters && names_type(operation, &ty.ty);
    if ty.writes_odata_type || is_named {
        lines.push(type_line(quoted(&format!("#{}", ty.ty))));
    }
    let is_post = operation.method == Method::Post;
    let sent = ty.fields.iter();
    let sent = sent.filter(|field| !field.read_only && (is_post || !field.immutable));
    lines.extend(sent.map(|field| BodyLine {
        wire: field.wire.clone(),
        takes: values(field, index),
    }));
    lines
}

/// The types that a body may have.
fn taken(operation: &Operation) -> Option<String> {
    let declared = &operation.declared;
    match operation.bodies.as_slice() {
        [] => None,
        [only] if only.ty == *declared => Some(format!("Takes `{declared}`")),
        [only] => Some(format!(
            "Takes `{}`; the path is declared as `{declared}`",
            only.ty
        )),
        several => Some(format!(
            "Takes any of {} types that are or derive from `{declared}`",
            several.len()
        )),
    }
}

/// Whether the body is JSON.
fn has_json(operation: &Operation) -> bool {
    let kind = operation.kind;
    operation.body.is_some() || matches!(kind, OperationKind::AddRef | OperationKind::SetRef)
}

/// The URL of an entity of a type.
fn reference(ty: &str) -> String {
    quoted(&format!("{{URL of {}}}", local(ty)))
}

/// The `@odata.type` of a body that may have several types.
fn type_choice(operation: &Operation) -> String {
    let Operation {
        declared, bodies, ..
    } = operation;
    let choice = format!("\"#…\", one of {} types", bodies.len());
    let has_declared = bodies.iter().any(|body| body.ty == *declared);
    if has_declared && !names_type(operation, declared) {
        format!("{choice}; absent for {declared}")
    } else {
        choice
    }
}

/// The values of a field: `Int32 | null`, `[ excludeTarget, … ]`, `"user" | "group"`.
fn values(field: &Field, index: &Api) -> String {
    const MAX_MEMBERS: usize = 4;
    let item = field.csdl.item.as_str();
    let short = local(item);
    let enumeration = index.enumerations.iter().find(|ty| ty.ty == item);
    let one = match enumeration {
        _ if field.is_reference() => reference(item),
        Some(ty) if ty.members.len() <= MAX_MEMBERS && !ty.flags => {
            let members = ty.members.iter().map(|member| quoted(&member.wire));
            members.collect::<Vec<_>>().join(" | ")
        }
        Some(_) => short.to_owned(),
        None if item.starts_with("Edm.") => short.to_owned(),
        None => format!("{{ {short} }}"),
    };
    let value = if field.csdl.is_collection {
        format!("[ {one}, … ]")
    } else {
        one
    };
    let null = if field.nullable { " | null" } else { "" };
    format!("{value}{null}")
}

/// `update(user_id: &str, patch: &UserPatch)`.
fn signature(operation: &Operation) -> String {
    let name = &operation.rust.name;
    let parameters = operation.parameters.iter();
    let mut arguments: Vec<String> = parameters
        .map(|parameter| format!("{}: {}", parameter.rust, parameter.rust_type()))
        .collect();
    let argument = operation.kind.body_argument().unwrap_or_default();
    arguments.extend(
        operation
            .takes()
            .iter()
            .map(|ty| format!("{argument}: {ty}")),
    );
    format!("{name}({})", arguments.join(", "))
}
