//! The part of a page that is about a request: its URLs, headers and body, and its function.

use std::fmt::Write as _;

use msgraph_codegen::index::{Field, Index, Operation};
use msgraph_runtime::Cloud;
use serde::Serialize;

use super::sheet::Sheet;
use super::{Page, quoted};
use crate::support::text::{link, own};

/// A request as it goes over the wire.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Request {
    #[serde(flatten)]
    operation: Operation,
    urls: Vec<Url>,
    /// The headers of the request, with what stands in them.
    request_headers: Vec<Header>,
    /// The body: each member with what it takes; none of a reset.
    body: Vec<Line>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Url {
    cloud: &'static str,
    url: String,
    /// Whether the reference lists the cloud; null where the facts say nothing.
    documented: Option<bool>,
}

#[derive(Debug, Serialize)]
struct Header {
    name: String,
    value: &'static str,
}

/// A member of a body.
#[derive(Debug, Serialize)]
struct Line {
    wire: String,
    takes: String,
}

impl Url {
    fn write(&self, sheet: &mut Sheet) {
        let said = match self.documented {
            Some(true) => ", as the reference says",
            Some(false) => ": the reference does not list it",
            None => "",
        };
        sheet.item(
            link(&self.url)
                .then(own(" ("))
                .then(own(self.cloud))
                .then(own(said))
                .then(own(")")),
        );
    }
}

impl Request {
    pub(super) fn new(operation: &Operation, index: &Index) -> Self {
        let urls = Cloud::ALL.map(|cloud| Url {
            cloud: cloud.as_str(),
            url: format!("{}/{}{}", cloud.root(), index.api_version, operation.path),
            documented: (!operation.clouds.is_empty())
                .then(|| operation.clouds.iter().any(|name| name == cloud.as_str())),
        });
        let header = |name: &str, value| Header {
            name: name.to_owned(),
            value,
        };
        let mut request_headers = vec![
            header("Authorization", "Bearer {token}"),
            header("Accept", "application/json"),
        ];
        if operation.takes.is_some() {
            request_headers.push(header("Content-Type", "application/json"));
        }
        for name in &operation.headers {
            request_headers.push(header(name, "{ETag of the resource}"));
        }
        Request {
            body: body(operation, index),
            operation: operation.clone(),
            urls: urls.into(),
            request_headers,
        }
    }

    /// Whether the body is a collection in `value`.
    fn is_collection(&self) -> bool {
        let takes = self.operation.takes.as_deref().unwrap_or_default();
        takes.starts_with("&CollectionBody<")
    }

    pub(super) fn write(&self, sheet: &mut Sheet, page: &Page) {
        let operation = &self.operation;
        sheet.heading(&format!("{} {}", operation.method, operation.path));
        for url in &self.urls {
            url.write(sheet);
        }
        sheet.block("http", self.wire(&page.api_version).trim_end());
        let module = match operation.rust.rsplit_once("::") {
            Some((module, _)) => format!("module `{module}`"),
            None => "the root module".to_owned(),
        };
        sheet.line(0, format!("Rust: `{}` in {module}", signature(operation)));
        if operation.takes.is_none() {
            sheet.line(0, "Restores the defaults; the resource itself stays.");
        }
        sheet.named("Permission", &operation.permissions);
        sheet.named("Role", &operation.roles);
        sheet.named("Clouds (reference)", &operation.clouds);
        sheet.words(0, operation.note.as_deref());
        if let Some(source) = &operation.source {
            sheet.line(0, own("See ").then(link(source)));
        }
        sheet.deprecated(0, operation.announced.as_deref());
        self.write_bodies(sheet);
    }

    /// The request line, the headers and the body.
    fn wire(&self, api_version: &str) -> String {
        let operation = &self.operation;
        let mut wire = format!("{} /{api_version}{}\n", operation.method, operation.path);
        for Header { name, value } in &self.request_headers {
            let _ = writeln!(wire, "{name}: {value}");
        }
        if operation.takes.is_some() {
            wire.push('\n');
            wire.push_str(&self.body_text());
        }
        wire
    }

    /// The types that the body may have.
    fn write_bodies(&self, sheet: &mut Sheet) {
        let Operation {
            declared, bodies, ..
        } = &self.operation;
        match bodies.as_slice() {
            [] => {}
            [only] if only.ty == *declared => sheet.line(0, format!("Takes `{declared}`")),
            [only] => sheet.line(
                0,
                format!("Takes `{}`; the path is declared as `{declared}`", only.ty),
            ),
            several => sheet.line(
                0,
                format!(
                    "Takes any of {} types that are a `{declared}`",
                    several.len()
                ),
            ),
        }
    }

    fn body_text(&self) -> String {
        let mut text = String::from(if self.is_collection() {
            "{ \"value\": [ {\n"
        } else {
            "{\n"
        });
        for (nth, line) in self.body.iter().enumerate() {
            let comma = if nth + 1 < self.body.len() { "," } else { "" };
            let _ = writeln!(text, "  {}: {}{comma}", quoted(&line.wire), line.takes);
        }
        text.push_str(if self.is_collection() { "} ] }" } else { "}" });
        text
    }
}

/// The members of a body. Of one that may be of several types, the one that tells them apart.
fn body(operation: &Operation, index: &Index) -> Vec<Line> {
    let ty = match operation.bodies.as_slice() {
        [only] => index.types.iter().find(|ty| ty.ty == only.ty),
        _ => None,
    };
    let mut lines = Vec::new();
    let Some(ty) = ty else {
        if operation.takes.is_some() {
            lines.push(Line {
                wire: "@odata.type".to_owned(),
                takes: type_choice(operation),
            });
        }
        return lines;
    };
    let differs = ty.ty != operation.declared || operation.odata_type != "differing";
    if ty.writes_odata_type || differs {
        lines.push(Line {
            wire: "@odata.type".to_owned(),
            takes: quoted(&format!("#{}", ty.ty)),
        });
    }
    lines.extend(ty.fields.iter().map(|field| Line {
        wire: field.wire.clone(),
        takes: takes(field, index),
    }));
    lines
}

/// The `@odata.type` of a body that may be of several types.
fn type_choice(operation: &Operation) -> String {
    let choice = format!("\"#…\", one of {} types", operation.bodies.len());
    let has_declared = operation
        .bodies
        .iter()
        .any(|body| body.ty == operation.declared);
    if has_declared && operation.odata_type == "differing" {
        return format!("{choice}; absent for {}", operation.declared);
    }
    choice
}

/// What a member of a body takes: `Int32 | null`, `[ excludeTarget, … ]`, `"user" | "group"`.
fn takes(field: &Field, index: &Index) -> String {
    const MOST_MEMBERS: usize = 4;
    let item = field.item_type();
    let short = item.rsplit('.').next().unwrap_or(item);
    let enumeration = index.enumerations.iter().find(|ty| ty.ty == item);
    let one = if field.is_reference() {
        format!("\"{{URL of {short}}}\"")
    } else if let Some(ty) = enumeration.filter(|ty| ty.members.len() <= MOST_MEMBERS && !ty.flags)
    {
        let members: Vec<String> = ty
            .members
            .iter()
            .map(|member| quoted(&member.wire))
            .collect();
        members.join(" | ")
    } else if item.starts_with("Edm.") || enumeration.is_some() {
        short.to_owned()
    } else {
        format!("{{ {short} }}")
    };
    let value = if field.is_collection() {
        format!("[ {one}, … ]")
    } else {
        one
    };
    if field.nullable {
        format!("{value} | null")
    } else {
        value
    }
}

/// `update(user_id: &str, patch: &UserPatch)`.
fn signature(operation: &Operation) -> String {
    let name = operation.rust.rsplit("::").next().unwrap_or_default();
    let parameters = operation.parameters.iter();
    let mut arguments: Vec<String> = parameters
        .map(|parameter| format!("{}: {}", parameter.rust, parameter.ty))
        .collect();
    arguments.extend(operation.takes.iter().map(|ty| format!("patch: {ty}")));
    format!("{name}({})", arguments.join(", "))
}
