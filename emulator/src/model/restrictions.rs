//! What the metadata and the facts allow at a place.

use msgraph_csdl::document::{Annotation, Expression};
use msgraph_csdl::facts::{UpdateFacts, UpdateMethod};

const UPDATE_RESTRICTIONS: &str = "Org.OData.Capabilities.V1.UpdateRestrictions";
const DELETE_RESTRICTIONS: &str = "Org.OData.Capabilities.V1.DeleteRestrictions";

/// What `Capabilities` says of changes at a place.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Restrictions {
    pub(crate) updatable: Option<bool>,
    pub(crate) deletable: Option<bool>,
    /// `UpdateMethod` is `PUT`.
    pub(crate) by_put: bool,
    pub(crate) if_match_required: bool,
}

impl Restrictions {
    /// Reads annotations, those nearest to the place first.
    pub(crate) fn of<'s, 'a: 's>(
        annotations: impl IntoIterator<Item = &'s Annotation<'a>>,
    ) -> Self {
        let mut found = Restrictions::default();
        for annotation in annotations {
            let Some(value) = &annotation.value else {
                continue;
            };
            let flag = |name| value.property(name).and_then(Expression::as_bool);
            if annotation.term.text == UPDATE_RESTRICTIONS {
                found.updatable = found.updatable.or_else(|| flag("Updatable"));
                found.by_put |= value
                    .property("UpdateMethod")
                    .is_some_and(|method| method.members().eq(["PUT"]));
                let headers = value.property("CustomHeaders");
                found.if_match_required |= headers.is_some_and(|headers| {
                    headers.items().iter().any(|header| {
                        header.property("Name").and_then(Expression::as_str) == Some("If-Match")
                            && header.property("Required").and_then(Expression::as_bool)
                                == Some(true)
                    })
                });
            } else if annotation.term.text == DELETE_RESTRICTIONS {
                found.deletable = found.deletable.or_else(|| flag("Deletable"));
            }
        }
        found
    }

    /// Facts overrule annotations. PUT stays allowed where the metadata says so.
    pub(crate) fn correct(&mut self, facts: UpdateFacts) {
        self.updatable = facts.updatable.or(self.updatable);
        self.by_put |= facts.method == Some(UpdateMethod::Put);
        self.if_match_required |= facts.if_match;
    }
}
