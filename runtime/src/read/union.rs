use std::fmt;

use serde_json::Value as Json;

use crate::body::any_of::{AnyOf, DerivesFrom};
use crate::body::json_path::PathSegment;
use crate::body::odata_type::{ODATA_TYPE, is_type, type_name};
use crate::read::finding::ReadFinding;
use crate::read::notes::ReadNotes;
use crate::read::readable::{ReadValue, Readable};

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
///
/// ```
/// # use msgraph_runtime::{DerivesFrom, FieldReader, FieldVisitor, Readable, Structured, VisitResult};
/// # #[derive(Debug, Default)] struct IosPatch { name: Option<String> }
/// # impl Structured for IosPatch {
/// #     fn type_name(&self) -> &'static str { "microsoft.graph.iosConfiguration" }
/// #     fn visit(&self, visitor: &mut dyn FieldVisitor) -> VisitResult { visitor.fields(&[("name", &self.name)]) }
/// # }
/// # impl Readable for IosPatch {
/// #     fn visit_mut(&mut self, reader: &mut dyn FieldReader) { reader.fields(&mut [("name", &mut self.name)]); }
/// # }
/// # enum AnyConfiguration {}
/// # impl DerivesFrom<AnyConfiguration> for IosPatch {}
/// use msgraph_runtime::UnionMember;
///
/// let member: UnionMember<AnyConfiguration> = UnionMember::of::<IosPatch>("microsoft.graph.iosConfiguration");
/// ```
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

impl<B: Union> ReadValue for AnyOf<B> {
    #[inline]
    fn read(json: &Json, notes: &mut ReadNotes) -> Option<Self> {
        let names = |index: usize| B::TYPES.get(index).map(|member| member.type_name());
        let index = notes.choose(json, &names, B::DECLARED)?;
        B::TYPES.get(index)?.read(json, notes)
    }
}

impl ReadNotes {
    /// The index in `names` of the type that `json` says it has.
    fn choose(
        &mut self,
        json: &Json,
        names: &dyn Fn(usize) -> Option<&'static str>,
        declared: Option<&'static str>,
    ) -> Option<usize> {
        let Some(object) = json.as_object() else {
            return self.unfit(json, "an object");
        };
        let all = || (0..).map_while(names);
        let index_of = |wanted: &str| all().position(|name| is_type(wanted, name));
        let Some(found) = object.get(ODATA_TYPE) else {
            let index = declared.and_then(index_of);
            if index.is_none() {
                let known: Vec<_> = all().collect();
                let alternatives = self.alternatives("", &known);
                self.within(PathSegment::Declared(ODATA_TYPE), |notes| {
                    notes.note(ReadFinding::MissingType(alternatives));
                });
            }
            return index;
        };
        self.within(PathSegment::Declared(ODATA_TYPE), |notes| {
            let Some(name) = found.as_str() else {
                return notes.unfit(found, "the name of a type");
            };
            let index = index_of(name);
            if index.is_none() {
                let known: Vec<_> = all().collect();
                let name = type_name(name);
                let alternatives = notes.alternatives(name, &known);
                notes.note(ReadFinding::UnknownType {
                    found: name.to_owned(),
                    alternatives,
                });
            }
            index
        })
    }
}

impl<B> fmt::Debug for UnionMember<B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("UnionMember").field(&self.type_name).finish()
    }
}
