use std::fmt;

use serde_json::Value as Json;

use crate::{AnyOf, DerivesFrom, ReadNotes, ReadValue, Readable};

/// The types that a marker stands for, so that an [`AnyOf`] of them can be read: implemented by generated code for the
/// markers of a module that was generated with reading.
///
/// ```
/// # use msgraph_runtime::{AnyOf, DerivesFrom, FieldReader, FieldVisitor, Readable, Structured, Union, UnionMember, VisitResult};
/// # #[derive(Debug, Default)] struct GroupTarget { group_id: Option<String> }
/// # impl Structured for GroupTarget {
/// #     fn type_name(&self) -> &'static str { "microsoft.graph.groupTarget" }
/// #     fn visit(&self, visitor: &mut dyn FieldVisitor) -> VisitResult { visitor.fields(&[("groupId", &self.group_id)]) }
/// # }
/// # impl Readable for GroupTarget {
/// #     fn visit_mut(&mut self, reader: &mut dyn FieldReader) { reader.fields(&mut [("groupId", &mut self.group_id)]); }
/// # }
/// # impl DerivesFrom<AnyTarget> for GroupTarget {}
/// enum AnyTarget {}
/// impl Union for AnyTarget {
///     const TYPES: &'static [UnionMember<Self>] = &[UnionMember::of::<GroupTarget>("microsoft.graph.groupTarget")];
/// }
/// let target: AnyOf<AnyTarget> =
///     msgraph_runtime::from_json(r##"{"@odata.type":"#microsoft.graph.groupTarget","groupId":"g"}"##)?;
/// assert_eq!(target.type_name(), "microsoft.graph.groupTarget");
/// # Ok::<(), msgraph_runtime::PatchError>(())
/// ```
pub trait Union: Sized + 'static {
    /// The types that can stand in a position of this kind.
    const TYPES: &'static [UnionMember<Self>];

    /// The name of the type that the position is declared with, where it is one of [`TYPES`](Self::TYPES): what a value
    /// without `@odata.type` is (OData JSON 4.01, 4.6.3).
    const DECLARED: Option<&'static str> = None;
}

/// One of the types of a [`Union`].
pub struct UnionMember<B> {
    type_name: &'static str,
    read: fn(&Json, &mut ReadNotes) -> Option<AnyOf<B>>,
}

impl<B: 'static> UnionMember<B> {
    /// The member `T`, with its qualified name: what [`Structured::type_name`](crate::Structured::type_name) gives.
    pub const fn of<T: Readable + DerivesFrom<B>>(type_name: &'static str) -> Self {
        Self {
            type_name,
            read: |json, notes| T::read(json, notes).map(AnyOf::new),
        }
    }

    /// The qualified name of the type.
    pub const fn type_name(&self) -> &'static str {
        self.type_name
    }

    pub(crate) fn read(&self, json: &Json, notes: &mut ReadNotes) -> Option<AnyOf<B>> {
        (self.read)(json, notes)
    }
}

impl<B> fmt::Debug for UnionMember<B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("UnionMember").field(&self.type_name).finish()
    }
}
