//! Positions that accept several types.

use std::collections::BTreeSet;

use msgraph_csdl::model::TypeId;
use msgraph_csdl::path::ResourcePath;

use super::{Body, Selector};

impl Selector<'_, '_, '_> {
    /// The types that a position of this declared type accepts.
    pub(super) fn position(&mut self, declared: TypeId) -> Body {
        let is_abstract = self.is_abstract(declared);
        let mut accepted = self.schema().subtypes(declared);
        accepted.retain(|ty| {
            !self.is_abstract(*ty) && (is_abstract || self.is_whole_api || self.named.contains(ty))
        });
        if accepted.is_empty() {
            return Body::Type(declared);
        }
        self.any_of(declared, accepted)
    }

    /// The body of an update whose body type is named. Items of a collection write `@odata.type` unless they have the
    /// declared type, and one request may have items of both types.
    pub(super) fn body(&mut self, path: &ResourcePath, ty: TypeId) -> Body {
        let declared = path.target.ty;
        if !path.target.is_collection || ty == declared {
            return Body::Type(ty);
        }
        self.any_of(declared, vec![ty])
    }

    fn any_of(&mut self, declared: TypeId, accepted: Vec<TypeId>) -> Body {
        let own = (!self.is_abstract(declared)).then_some(declared);
        let union = self.selection.unions.entry(declared).or_default();
        union.extend(accepted.into_iter().chain(own));
        Body::AnyOf(declared)
    }

    pub(super) fn body_types(&self, body: Body) -> BTreeSet<TypeId> {
        match body {
            Body::Type(ty) => BTreeSet::from([ty]),
            Body::AnyOf(declared) => {
                let union = self.selection.unions.get(&declared);
                union.cloned().unwrap_or_default()
            }
        }
    }
}
