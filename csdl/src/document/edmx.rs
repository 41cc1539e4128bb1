//! `edmx:Edmx` (§3.1) and its `edmx:DataServices` (§3.2).

use roxmltree::Node;

use super::name::Name;
use super::reader::{EDM, EDMX, Reader, attributes};
use super::schema::Schema;
use crate::source::FileId;

/// `edmx:Edmx` (§3.1) with the schemas of its `edmx:DataServices` (§3.2).
#[derive(Debug)]
pub struct Document<'a> {
    /// The source of the document.
    pub file: FileId,
    /// `edmx:Include` (§3.4): a namespace, and its alias in the whole document. The enclosing `edmx:Reference` is never
    /// followed.
    pub includes: Vec<(Name<'a>, Option<Name<'a>>)>,
    /// `Schema`.
    pub schemas: Vec<Schema<'a>>,
}

impl<'a> Document<'a> {
    pub(crate) fn read(reader: &mut Reader<'_>, root: Node<'_, 'a>) -> Option<Self> {
        if let Some((message, help)) = other_root(root) {
            reader.error(reader.tag(root), message, help);
            return None;
        }
        check_version(reader, root);
        let mut document = Document {
            file: reader.file,
            includes: Vec::new(),
            schemas: Vec::new(),
        };
        let mut has_data_services = false;
        for child in root.children().filter(Node::is_element) {
            if child.tag_name().namespace() != Some(EDMX) {
                continue;
            }
            match child.tag_name().name() {
                "Reference" => document.includes.extend(includes(reader, child)),
                "DataServices" => {
                    has_data_services = true;
                    let children = child.children().filter(Node::is_element);
                    for schema in children.filter(|it| it.tag_name().name() == "Schema") {
                        document.schemas.extend(schema_of_edm(reader, schema));
                    }
                }
                _ => {}
            }
        }
        if !has_data_services {
            reader.error(
                reader.tag(root),
                "`edmx:Edmx` has no `edmx:DataServices`",
                "it contains the schemas (OData CSDL XML 4.01 §3.2)",
            );
        }
        Some(document)
    }
}

fn includes<'a>(
    reader: &mut Reader<'_>,
    reference: Node<'_, 'a>,
) -> Vec<(Name<'a>, Option<Name<'a>>)> {
    let children = reference.children();
    let includes = children.filter(|child| child.has_tag_name((EDMX, "Include")));
    includes
        .filter_map(|include| {
            let namespace = reader.namespace(include)?;
            let [alias] = attributes(include, ["Alias"]);
            Some((namespace, alias.and_then(|alias| reader.alias(alias))))
        })
        .collect()
}

/// The error for a root that is not the `Edmx` of CSDL 4.
fn other_root(root: Node<'_, '_>) -> Option<(String, &'static str)> {
    let name = root.tag_name().name();
    let namespace = root.tag_name().namespace().unwrap_or_default();
    if name == "Edmx" && namespace == EDMX {
        return None;
    }
    Some(
        if namespace.starts_with("http://schemas.microsoft.com/ado/") {
            (
                "this is OData version 2 or 3".to_owned(),
                "the generator reads CSDL 4.0 and 4.01; Graph serves it at `/v1.0/$metadata`",
            )
        } else if name == "Edmx" {
            (
                format!("`Edmx` is in the XML namespace `{namespace}`"),
                "CSDL 4.0 has `http://docs.oasis-open.org/odata/ns/edmx`",
            )
        } else if name == "Schema" {
            (
                "the document is a bare `Schema`".to_owned(),
                "wrap it in `edmx:Edmx` and `edmx:DataServices` (OData CSDL XML 4.01 §3.1)",
            )
        } else {
            (
                format!("`{name}` is not the root of a CSDL document"),
                "it must be `edmx:Edmx`; is this an error page or another file?",
            )
        },
    )
}

fn check_version(reader: &mut Reader<'_>, root: Node<'_, '_>) {
    let [version] = attributes(root, ["Version"]);
    match version {
        Some(version) if matches!(version.value(), "4.0" | "4.01") => {}
        Some(version) => reader.error(
            version.range_value(),
            format!("`Version` is `{}`", version.value()),
            "the generator reads CSDL 4.0 and 4.01",
        ),
        None => reader.error(
            reader.tag(root),
            "`edmx:Edmx` has no `Version`",
            "write `Version=\"4.0\"` (OData CSDL XML 4.01 §3.1)",
        ),
    }
}

/// A schema, unless it has another version of OData.
fn schema_of_edm<'a>(reader: &mut Reader<'_>, schema: Node<'_, 'a>) -> Option<Schema<'a>> {
    let namespace = schema.tag_name().namespace();
    if namespace == Some(EDM) {
        return Schema::read(reader, schema);
    }
    reader.error(
        reader.tag(schema),
        format!(
            "this `Schema` is of another version of OData (`{}`)",
            namespace.unwrap_or_default()
        ),
        format!("CSDL 4.0 has the XML namespace `{EDM}`"),
    );
    None
}
