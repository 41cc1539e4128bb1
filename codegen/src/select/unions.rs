//! Positions that accept several types.

use std::collections::BTreeSet;

use msgraph_csdl::model::TypeId;
use msgraph_csdl::path::ResourcePath;

use super::{Body, Reason, Selector, TypeInRole};

impl Selector<'_, '_, '_> {
    /// The types that a position of this declared type accepts, in the role of the position.
    pub(super) fn position(&mut self, declared: TypeInRole) -> Body {
        let is_abstract = self.is_abstract(declared.ty);
        let mut accepted = self.schema().subtypes(declared.ty);
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
        let body = |ty| TypeInRole::body(self.schema(), ty);
        if !path.target.is_collection || ty == declared {
            return Body::Type(body(ty));
        }
        self.any_of(body(declared), vec![ty])
    }

    /// Selects the read model of each update: the types of its body as the service returns them.
    pub(super) fn responses(&mut self) {
        let updates = self.updates.values();
        let bodies: Vec<(String, Body)> = updates
            .map(|update| (update.path.template(), update.body))
            .collect();
        for (template, body) in bodies {
            let response = body.plain();
            if let (Body::AnyOf(sent), Body::AnyOf(read)) = (body, response)
                && let Some(accepted) = self.selection.unions.get(&sent).cloned()
            {
                self.selection
                    .unions
                    .entry(read)
                    .or_default()
                    .extend(accepted);
            }
            for ty in self.body_types(response) {
                self.need(ty, Reason::Response(template.clone()));
            }
            if let Some(update) = self.updates.get_mut(&(template, body)) {
                update.response = Some(response);
            }
        }
    }

    fn any_of(&mut self, declared: TypeInRole, accepted: Vec<TypeId>) -> Body {
        let own = (!self.is_abstract(declared.ty)).then_some(declared.ty);
        let union = self.selection.unions.entry(declared).or_default();
        union.extend(accepted.into_iter().chain(own));
        Body::AnyOf(declared)
    }

    pub(super) fn body_types(&self, body: Body) -> BTreeSet<TypeInRole> {
        match body {
            Body::Type(ty) => BTreeSet::from([ty]),
            Body::AnyOf(TypeInRole { ty, role }) => {
                let union = self.selection.unions.get(&TypeInRole { ty, role });
                let accepted = union.into_iter().flatten();
                accepted.map(|ty| TypeInRole { ty: *ty, role }).collect()
            }
        }
    }
}
