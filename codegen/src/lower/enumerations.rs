//! Enumeration types.

use msgraph_csdl::annotations::description::description;
use msgraph_csdl::model::{EnumType, TypeId};

use super::identifier::{distinct_from, keyword_free, upper_camel};
use super::{Lowering, SENTINEL};
use crate::ir::{Enumeration, Member, UNKNOWN_VALUE};
use crate::select::{Body, SelectedType, TypeInRole};

impl Lowering<'_, '_> {
    pub(super) fn enumeration(
        &self,
        id: TypeId,
        ty: &EnumType<'_>,
        selected: &SelectedType,
    ) -> Enumeration {
        let declaration = &self.input.schema[id];
        let is_sentinel = |wire: &str| wire == SENTINEL;
        let mut names = ty.members.iter().map(|member| &*member.name.text);
        let sentinel = names.position(is_sentinel).unwrap_or(ty.members.len());
        let known = ty.members.iter().enumerate();
        let known: Vec<_> = known
            .filter(|(_, member)| !is_sentinel(&member.name.text))
            .collect();
        let wanted = known.iter().map(|(_, member)| {
            let wire = &*member.name.text;
            (wire, keyword_free(upper_camel(wire)))
        });
        let variants = distinct_from(Some(UNKNOWN_VALUE), wanted);
        let members = known.into_iter().zip(variants);
        Enumeration {
            ty: declaration.qualified_name(),
            rust: self.path(Body::Type(TypeInRole::plain(id))).clone(),
            flags: ty.is_flags,
            description: description(&declaration.annotations).map(str::to_owned),
            members: members
                .map(|((nth, member), rust)| Member {
                    wire: member.name.text.to_string(),
                    rust,
                    description: description(&member.annotations).map(str::to_owned),
                    evolved: nth > sentinel,
                    deprecation: self.member_deprecation(id, member),
                })
                .collect(),
            reason: self.reason(&selected.reason),
            deprecation: self.type_deprecation(id),
        }
    }
}
