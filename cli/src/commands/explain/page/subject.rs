//! The part of a page that is about the type that is asked for.

use msgraph_codegen::command::catalogue::Kind;
use serde::{Serialize, Serializer};

use super::Page;
use super::sheet::Sheet;

/// A type that is asked for.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Subject {
    #[serde(rename = "type")]
    pub(crate) ty: String,
    #[serde(serialize_with = "in_words")]
    pub(crate) kind: Kind,
    #[serde(rename = "abstract")]
    pub(crate) is_abstract: bool,
    /// Nearest first.
    pub(crate) bases: Vec<String>,
    /// Those that name it as their base.
    pub(crate) derived: Vec<String>,
    /// The properties that are declared with it.
    pub(crate) used_by: Vec<String>,
    /// The updates whose body may be of it.
    pub(crate) updates: Vec<Taken>,
    /// The depth to which the updates are listed, where they have no end.
    pub(crate) depth: Option<usize>,
}

fn in_words<S: Serializer>(kind: &Kind, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(kind)
}

/// An update whose body may be of a type.
#[derive(Debug, Serialize)]
pub(crate) struct Taken {
    pub(crate) method: &'static str,
    pub(crate) path: String,
    /// The declared type, where that is a base of it.
    pub(crate) declared: Option<String>,
}

impl Subject {
    pub(super) fn write(&self, sheet: &mut Sheet, page: &Page) {
        sheet.heading(&self.ty);
        let is_abstract = if self.is_abstract { "abstract " } else { "" };
        sheet.line(0, format!("{is_abstract}{}", self.kind));
        sheet.named("Base types", &self.bases);
        sheet.list("Types that derive from it", &self.derived);
        sheet.list("Properties of this type", &self.used_by);
        let functions: Vec<String> = page
            .functions
            .iter()
            .map(|operation| {
                format!(
                    "{} ({} {})",
                    operation.rust, operation.method, operation.path
                )
            })
            .collect();
        sheet.list("Functions that take it", &functions);
        let updates: Vec<String> = self.updates.iter().map(Taken::text).collect();
        let title = match self.depth {
            Some(depth) => format!(
                "Updates whose body it may be (up to {depth} navigation properties on a path)"
            ),
            None => "Updates whose body it may be".to_owned(),
        };
        if updates.is_empty() && self.kind != Kind::Enumeration {
            sheet.line(
                0,
                format!("{title}: none; it is sent inside other bodies only"),
            );
        }
        sheet.list(&title, &updates);
    }
}

impl Taken {
    fn text(&self) -> String {
        match &self.declared {
            Some(declared) => format!("{} {} (declared as {declared})", self.method, self.path),
            None => format!("{} {}", self.method, self.path),
        }
    }
}
