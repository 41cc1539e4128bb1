//! The changes that the metadata and the facts allow at a position.

use msgraph_csdl::annotations::{delete_restrictions, update_restrictions};
use msgraph_csdl::document::Annotation;
use msgraph_csdl::facts::{UpdateFacts, UpdateMethod};

/// The restrictions of `Capabilities`, corrected by facts.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Restrictions {
    pub(crate) updatable: Option<bool>,
    pub(crate) deletable: Option<bool>,
    /// Whether `UpdateMethod` is `PUT`.
    pub(crate) by_put: bool,
    pub(crate) if_match_required: bool,
}

impl Restrictions {
    /// Adds the annotations of one element. Those added before take precedence.
    pub(crate) fn add<'s, 'a: 's>(
        &mut self,
        annotations: impl IntoIterator<Item = &'s Annotation<'a>> + Clone,
    ) {
        let update = update_restrictions::of(annotations.clone()).unwrap_or_default();
        self.updatable = self.updatable.or(update.updatable);
        self.by_put |= update.is_put == Some(true);
        self.if_match_required |= update.requires_if_match;
        let deletable = delete_restrictions::deletable(annotations);
        self.deletable = self.deletable.or(deletable);
    }

    /// Applies facts, which override annotations. PUT stays allowed if the metadata names it.
    pub(crate) fn correct(&mut self, facts: UpdateFacts) {
        self.updatable = facts.updatable.or(self.updatable);
        self.by_put |= facts.method == Some(UpdateMethod::Put);
        self.if_match_required |= facts.if_match;
    }
}
