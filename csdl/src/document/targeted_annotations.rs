//! `Annotations` (§14.2.2).

use roxmltree::Node;

use super::annotation::Annotation;
use super::name::Name;
use super::reader::Reader;
use crate::diagnostic::Diagnostic;

/// `Annotations` (§14.2.2): annotations outside their target.
#[derive(Debug)]
pub struct TargetedAnnotations<'a> {
    /// `Target` (§14.2.2), as written.
    pub target: Name<'a>,
    /// The annotations.
    pub annotations: Vec<Annotation<'a>>,
}

impl<'a> TargetedAnnotations<'a> {
    pub(super) fn read(reader: &mut Reader<'_>, node: Node<'_, 'a>) -> Option<Self> {
        let target = reader.required(node, "Target")?;
        if target.text.trim().is_empty() {
            reader.diagnostics.push(
                Diagnostic::error(target.span, "`Target` is empty").help(
                    "name what is annotated: `graph.user/mail` (OData CSDL XML 4.01 §14.2.2)",
                ),
            );
            return None;
        }
        Some(TargetedAnnotations {
            target,
            annotations: Annotation::all(reader, node),
        })
    }
}
