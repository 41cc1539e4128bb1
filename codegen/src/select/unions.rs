//! Positions that accept several types.

use msgraph_csdl::model::TypeId;
use msgraph_csdl::path::ResourcePath;

use super::{Body, Reason, Selector, TypeInRole};
use crate::ir::Role;

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
        let role = TypeInRole::body(self.schema(), ty).role;
        self.named_body(path, ty, role)
    }

    /// As [`Selector::body`], in any role.
    pub(super) fn named_body(&mut self, path: &ResourcePath, ty: TypeId, role: Role) -> Body {
        let declared = path.target.ty;
        if !path.target.is_collection || ty == declared {
            return Body::Type(TypeInRole { ty, role });
        }
        self.any_of(TypeInRole { ty: declared, role }, vec![ty])
    }

    /// Selects the types of responses: for an update, the types of its body as the service returns them.
    pub(super) fn need_responses(&mut self) {
        let operations = self.operations.values();
        let responses: Vec<(String, Option<Body>, Body)> = operations
            .filter_map(|operation| {
                let read = operation.response.structured()?;
                Some((operation.template(), operation.body, read))
            })
            .collect();
        for (template, body, read) in responses {
            if let (Some(Body::AnyOf(sent)), Body::AnyOf(read)) = (body, read)
                && sent.ty == read.ty
                && let Some(accepted) = self.selection.unions.get(&sent).cloned()
            {
                let union = self.selection.unions.entry(read).or_default();
                union.extend(accepted);
            }
            for ty in self.body_types(read) {
                self.need(ty, Reason::Response(template.clone()));
            }
        }
    }

    fn any_of(&mut self, declared: TypeInRole, accepted: Vec<TypeId>) -> Body {
        let own = (!self.is_abstract(declared.ty)).then_some(declared.ty);
        let union = self.selection.unions.entry(declared).or_default();
        union.extend(accepted.into_iter().chain(own));
        Body::AnyOf(declared)
    }

    pub(super) fn body_types(&self, body: Body) -> Vec<TypeInRole> {
        match body {
            Body::Type(ty) => vec![ty],
            Body::AnyOf(TypeInRole { ty, role }) => {
                let union = self.selection.unions.get(&TypeInRole { ty, role });
                let accepted = union.into_iter().flatten();
                accepted.map(|ty| TypeInRole { ty: *ty, role }).collect()
            }
        }
    }
}
