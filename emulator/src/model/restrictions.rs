//! The changes that the metadata and the facts allow at a position.

use msgraph_csdl::annotations::{
    delete_restrictions, insert_restrictions, read_restrictions, update_restrictions,
};
use msgraph_csdl::document::Annotation;
use msgraph_csdl::facts::{CapabilityFacts, UpdateMethod};

/// The restrictions of `Capabilities`, corrected by facts.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Restrictions {
    pub(crate) updatable: Option<bool>,
    pub(crate) deletable: Option<bool>,
    pub(crate) insertable: Option<bool>,
    pub(crate) readable: Option<bool>,
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
        let deletable = delete_restrictions::deletable(annotations.clone());
        self.deletable = self.deletable.or(deletable);
        let insertable = insert_restrictions::insertable(annotations.clone());
        self.insertable = self.insertable.or(insertable);
        let read = read_restrictions::of(annotations).unwrap_or_default();
        self.readable = self.readable.or(read.readable);
    }

    /// Applies facts, which override annotations. PUT stays allowed if the metadata names it.
    pub(crate) fn correct(&mut self, facts: CapabilityFacts) {
        self.updatable = facts.updatable.or(self.updatable);
        self.insertable = facts.insertable.or(self.insertable);
        self.readable = facts.readable.or(self.readable);
        self.deletable = facts.deletable.or(self.deletable);
        self.by_put |= facts.method == Some(UpdateMethod::Put);
        self.if_match_required |= facts.if_match;
    }
}
