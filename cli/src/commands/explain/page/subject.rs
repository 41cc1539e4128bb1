//! The part of a page about the requested type.

use msgraph_codegen::command::catalogue::Kind;
use serde::{Serialize, Serializer};

use super::Page;
use crate::commands::explain::sheet::Sheet;

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct TypeSubject {
    #[serde(rename = "type")]
    pub(crate) ty: String,
    #[serde(serialize_with = "as_text")]
    pub(crate) kind: Kind,
    #[serde(rename = "abstract")]
    pub(crate) is_abstract: bool,
    /// Supertypes, nearest first.
    pub(crate) bases: Vec<String>,
    /// Direct subtypes.
    pub(crate) derived: Vec<String>,
    /// Properties of this type.
    pub(crate) used_by: Vec<String>,
    /// Creates and updates whose body may have this type.
    pub(crate) requests: Vec<RequestOfType>,
    /// The bound on navigation properties, if `requests` needed one.
    pub(crate) depth: Option<usize>,
}

fn as_text<S: Serializer>(kind: &Kind, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(kind)
}

/// A request, such as one whose body may have a type.
#[derive(Debug, Serialize)]
pub(crate) struct RequestOfType {
    pub(crate) method: String,
    pub(crate) path: String,
    /// The declared type, if it is a supertype.
    pub(crate) declared: Option<String>,
}

impl TypeSubject {
    /// `abstract entity type`.
    pub(super) fn kind(&self) -> String {
        let is_abstract = if self.is_abstract { "abstract " } else { "" };
        format!("{is_abstract}{}", self.kind)
    }

    pub(super) fn write(&self, sheet: &mut Sheet, page: &Page) {
        sheet.heading("Where it is used");
        sheet.named("Base types", &self.bases);
        sheet.list("Types that derive from it", &self.derived);
        sheet.list("Properties of this type", &self.used_by);
        let functions = page.functions.iter().map(|operation| {
            let (method, path) = (&operation.method, &operation.path);
            format!("{} ({method} {path})", operation.rust)
        });
        let functions: Vec<String> = functions.collect();
        sheet.list("Functions that take or return it", &functions);
        let bound = self
            .depth
            .map(|depth| format!(" (paths with up to {depth} navigation properties)"));
        let title = format!(
            "Requests whose body may have it{}",
            bound.unwrap_or_default()
        );
        if self.requests.is_empty() && self.kind != Kind::Enumeration {
            sheet.prose(format!(
                "{title}: none; it is only sent inside other bodies"
            ));
        }
        let requests: Vec<String> = self.requests.iter().map(RequestOfType::text).collect();
        sheet.list(&title, &requests);
    }
}

impl RequestOfType {
    pub(super) fn text(&self) -> String {
        match &self.declared {
            Some(declared) => format!("{} {} (declared as {declared})", self.method, self.path),
            None => format!("{} {}", self.method, self.path),
        }
    }
}
