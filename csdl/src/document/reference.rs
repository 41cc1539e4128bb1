//! `edmx:Reference` (§3.3).

use roxmltree::Node;

use super::name::Name;
use super::reader::{EDMX, Reader, attributes};

/// `edmx:Reference` (§3.3).
#[derive(Debug)]
pub struct Reference<'a> {
    /// `Uri`.
    pub uri: Name<'a>,
    /// `edmx:Include` (§3.4): namespace and alias. The alias applies to the whole document.
    pub includes: Vec<(Name<'a>, Option<Name<'a>>)>,
}

impl<'a> Reference<'a> {
    pub(super) fn read(reader: &mut Reader<'_>, node: Node<'_, 'a>) -> Option<Self> {
        let uri = reader.required(node, "Uri")?;
        let includes = node
            .children()
            .filter(|child| child.has_tag_name((EDMX, "Include")))
            .filter_map(|include| {
                let namespace = reader.namespace(include)?;
                let [alias] = attributes(include, ["Alias"]);
                Some((namespace, alias.and_then(|alias| reader.alias(alias))))
            })
            .collect();
        Some(Reference { uri, includes })
    }
}
