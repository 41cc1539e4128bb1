use std::any::Any;
use std::borrow::Cow;
use std::fmt;

use serde_json::{Map, Value as Untyped};

use crate::body::bind::{self, Bind};
use crate::body::carried::{Carried, with_nulls_of};
use crate::body::copy::complete;
use crate::body::dynamic::DynamicProperties;
use crate::body::error::BodyError;
use crate::body::field;
use crate::body::json_equality::same_json;
use crate::body::json_writer::{Fragment, JsonWriter};
use crate::body::odata_type::described;
use crate::body::purpose::Purpose;
use crate::body::structured::{FieldVisitor, Structured, VisitResult, selection};
use crate::body::type_info::{MarkedField, TypeInfo, is_sent, setting};
use crate::body::value::PatchField;
use crate::edm::convert::seal::Seal;

/// The smallest update that turns `current`, the resource as it was read, into `desired`: the fields that `desired` sets
/// and that differ in `current`.
///
/// `current` is JSON or a generated value, whose properties are compared by name: `diff(&user, &user_patch)`. To change
/// what was read, start from `user.to_patch()`.
///
/// Does not send or read anything. `docs/merging.md` describes what Graph merges and what it replaces. The rules:
/// - Values are compared, not spellings: `8` and `8.0`, a GUID in upper case, one instant at two offsets, flags in another
///   order, base64 in another alphabet are the same.
/// - A complex value is the same if every field that `desired` sets in it is the same. Otherwise the update contains it as
///   `desired` has it, and Graph merges it. If the service replaces it instead, the update also contains the properties
///   that only `current` has. To remove one of them, set it to null.
/// - A collection is compared as a whole, since Graph replaces it: the same number of items, in the same order, each with
///   the same properties.
/// - A property that is missing in `current` was not read, and is sent. `x@odata.type` is sent with `x`, and is not
///   compared.
/// - A nested delta, `allowedValues@delta`, describes a change. It is not compared, and always sent.
/// - A reference, `members@odata.bind`, is compared with the entities that `current` has under `members` (read with
///   `$expand=members`, or inserted from a response of `/members`), or with its URLs under `members@odata.bind`. It is the
///   same if it leads to one of them: by `id`, `userPrincipalName`, an alternate key, or `@odata.id`. A bind on a
///   collection adds to it, and Graph rejects a reference that exists, so only the missing ones are sent. If `current`
///   has neither, all are sent.
///
/// ```
/// use msgraph_runtime::request::diff;
/// # use msgraph_runtime::{Nullable, __private as __rt};
/// # use msgraph_runtime::json::Structured;
/// # struct TapPatch { default_length: Option<Nullable<i32>>, is_usable_once: Option<Nullable<bool>> }
/// # __rt::body! {
/// #     TapPatch: "microsoft.graph.tap";
/// #     "defaultLength" default_length;
/// #     "isUsableOnce" is_usable_once;
/// # }
///
/// let current = serde_json::json!({ "defaultLength": 8, "isUsableOnce": false });
/// let desired = TapPatch { default_length: Some(8.into()), is_usable_once: Some(true.into()) };
/// assert_eq!(diff(&current, &desired)?.to_json()?, r#"{"isUsableOnce":true}"#);
/// # Ok::<(), msgraph_runtime::error::BodyError>(())
/// ```
///
/// # Errors
/// If a value of `desired` that differs cannot be sent.
pub fn diff(current: &impl Current, desired: &dyn Structured) -> Result<Changes, BodyError> {
    changes(&*current.json()?, desired)
}

fn changes(current: &Untyped, desired: &dyn Structured) -> Result<Changes, BodyError> {
    let current = if desired.replaces() {
        let nulls = JsonWriter::tree(|writer| writer.object(desired))?;
        Cow::Owned(with_nulls_of(&nulls, current.clone()))
    } else {
        Cow::Borrowed(current)
    };
    let nothing = Map::new();
    let current = current.as_object().unwrap_or(&nothing);
    let mut differences = Differences::new(current, desired, false)?;
    if desired.replaces() && !differences.is_empty() {
        differences = Differences::new(current, desired, true)?;
        differences.carry(Carried::of(desired, current))?;
    }
    Ok(Changes {
        info: TypeInfo {
            settings: desired.info().settings & setting::typed,
            not_sent: &[],
            left_out: &[],
            ..*desired.info()
        },
        is_declared_type: desired.is_declared_type(),
        fields: differences.fields,
        dynamic: differences.dynamic,
    })
}

/// A resource as it was read: JSON, or a value of a generated type. Sealed.
pub trait Current {
    #[doc(hidden)]
    const SEAL: Seal;

    /// The resource as JSON.
    #[doc(hidden)]
    fn json(&self) -> Result<Cow<'_, Untyped>, BodyError>;
}

impl Current for Untyped {
    const SEAL: Seal = Seal;

    fn json(&self) -> Result<Cow<'_, Untyped>, BodyError> {
        Ok(Cow::Borrowed(self))
    }
}

impl<T: Structured> Current for T {
    const SEAL: Seal = Seal;

    fn json(&self) -> Result<Cow<'_, Untyped>, BodyError> {
        complete(self).map(Cow::Owned)
    }
}

/// Whether `current` has every field that `desired` sets.
pub(super) fn has_all(current: &Map<String, Untyped>, desired: &dyn Structured) -> bool {
    Differences::new(current, desired, false).is_ok_and(|differences| differences.is_empty())
}

/// An update reduced to what differs; see [`diff`]. It replaces the body of a request:
/// `update_policy(&desired).with_body(&changes)`.
///
/// `Debug` shows the names of the properties, but not their values, since some are passwords.
#[derive(Clone, PartialEq)]
pub struct Changes {
    info: TypeInfo,
    is_declared_type: Option<bool>,
    fields: Vec<(&'static str, Written)>,
    dynamic: DynamicProperties,
}

#[derive(Clone, Debug, PartialEq)]
struct Written {
    fragment: Fragment,
    /// The same with `@odata.type` in every structured value, if `fragment` omits one. The request decides later which of
    /// the two is sent.
    typed: Option<Fragment>,
}

impl Written {
    fn new(
        writer: impl Fn() -> JsonWriter,
        write: impl Fn(&mut JsonWriter) -> Result<(), BodyError>,
    ) -> Result<Self, BodyError> {
        let mut by_position = writer();
        write(&mut by_position)?;
        let mut typed = None;
        if by_position.omitted_type() {
            let mut all = writer().requiring_all_types();
            write(&mut all)?;
            typed = Some(all.into_fragment());
        }
        Ok(Self {
            fragment: by_position.into_fragment(),
            typed,
        })
    }

    fn json(&self) -> Untyped {
        serde_json::from_slice(&self.fragment.json).unwrap_or_default()
    }
}

impl PatchField for Written {
    fn is_absent(&self) -> bool {
        false
    }

    fn write(&self, writer: &mut JsonWriter) -> Result<(), BodyError> {
        let typed = self.typed.as_ref().filter(|_| writer.requires_all_types());
        writer.fragment(typed.unwrap_or(&self.fragment));
        Ok(())
    }

    fn is_same(&self, current: &Untyped) -> bool {
        same_json(&self.json(), current)
    }

    fn is_equal(&self, other: &dyn PatchField) -> bool {
        let other: &dyn Any = other;
        other.downcast_ref() == Some(self)
    }

    fn show(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("…")
    }
}

impl fmt::Debug for Changes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Changes of {} ", self.type_name())?;
        f.debug_set().entries(selection(self)).finish()
    }
}

impl Structured for Changes {
    fn info(&self) -> &TypeInfo {
        &self.info
    }

    fn is_declared_type(&self) -> Option<bool> {
        self.is_declared_type
    }

    fn visit(&self, visitor: &mut dyn FieldVisitor) -> VisitResult {
        let fields: Vec<MarkedField<'_>> = self
            .fields
            .iter()
            .map(|(name, value)| (*name, 0, value as &dyn PatchField))
            .collect();
        visitor.fields(&fields, &[&self.dynamic])
    }
}

struct Differences<'c> {
    current: &'c Map<String, Untyped>,
    /// Whether the service replaces the whole value, so that equal fields are sent too.
    whole: bool,
    fields: Vec<(&'static str, Written)>,
    dynamic: DynamicProperties,
}

impl<'c> Differences<'c> {
    fn new(
        current: &'c Map<String, Untyped>,
        desired: &dyn Structured,
        whole: bool,
    ) -> Result<Self, BodyError> {
        let mut differences = Self {
            current,
            whole,
            fields: Vec::new(),
            dynamic: DynamicProperties::new(),
        };
        desired.visit(&mut differences)?;
        Ok(differences)
    }

    fn is_empty(&self) -> bool {
        self.fields.is_empty() && self.dynamic.is_empty()
    }

    fn carry(&mut self, carried: Carried) -> Result<(), BodyError> {
        for (name, current) in carried.declared {
            let value = Written::new(JsonWriter::new, |writer| {
                // It may be a member that is declared after the sentinel.
                writer.note_evolved_member();
                writer.untyped(&current)
            })?;
            self.fields.push((name, value));
        }
        for (name, current) in carried.others {
            self.dynamic.push(name, current, true);
        }
        Ok(())
    }

    /// The part of a field to send.
    fn difference(&self, field: &MarkedField<'_>) -> Result<Option<Written>, BodyError> {
        let name = field.0;
        let write = |writer: &mut JsonWriter| field::write(field, writer);
        if let Some(navigation) = name.strip_suffix("@odata.bind") {
            let desired = Written::new(JsonWriter::new, write)?;
            return match bind::missing(self.current, navigation, &desired.json()) {
                None => Ok(None),
                Some(Bind::AsDesired) => Ok(Some(desired)),
                Some(Bind::Collection(references)) => {
                    Written::new(JsonWriter::new, |writer| writer.array(&references)).map(Some)
                }
            };
        }
        let current = self.current.get(name);
        if !self.whole && current.is_some_and(|current| field::is_same(field, current)) {
            return Ok(None);
        }
        let current = current.unwrap_or(&Untyped::Null);
        Written::new(|| JsonWriter::completing(current, self.whole), write).map(Some)
    }
}

impl FieldVisitor for Differences<'_> {
    fn fields(
        &mut self,
        fields: &[MarkedField<'_>],
        undeclared: &[&DynamicProperties],
    ) -> VisitResult {
        let is_sent = |field: &&MarkedField<'_>| is_sent(field, Purpose::Update);
        for field in fields.iter().filter(is_sent) {
            let name = field.0;
            let difference = self.difference(field);
            let difference = difference.map_err(|error| error.within(name))?;
            self.fields.extend(difference.map(|value| (name, value)));
        }
        undeclared.iter().for_each(|it| self.undeclared(it));
        Ok(())
    }
}

impl Differences<'_> {
    fn undeclared(&mut self, properties: &DynamicProperties) {
        let differs = |name: &str, value: &Untyped| {
            let current = self.current.get(name);
            self.whole || !current.is_some_and(|current| same_json(value, current))
        };
        let is_sent = |name: &str, value: &Untyped| match described(name) {
            None => differs(name, value),
            Some(property) => match properties.get(property) {
                Some(value) => differs(property, value),
                None => self
                    .fields
                    .iter()
                    .any(|(declared, _)| *declared == property),
            },
        };
        let mut sent = DynamicProperties::new();
        for (name, value) in properties.sent() {
            if is_sent(name, value) {
                sent.push(name.to_owned(), value.clone(), true);
            }
        }
        self.dynamic = sent;
    }
}
