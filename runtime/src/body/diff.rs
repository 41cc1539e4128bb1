use std::borrow::Cow;

use serde_json::{Map, Value as Untyped};

use crate::body::bound::{self, Bind};
use crate::body::carried::{Carried, with_nulls_of};
use crate::body::dynamic::DynamicProperties;
use crate::body::error::BodyError;
use crate::body::json_writer::{Fragment, JsonWriter};
use crate::body::odata_type::described;
use crate::body::same_json::same_json;
use crate::body::structured::{FieldVisitor, Structured, VisitResult};
use crate::body::type_rule::TypeRule;
use crate::body::value::Field;

/// The smallest update that makes `current`, the resource as it was read, agree with `desired`: the fields that
/// `desired` sets and that stand otherwise in `current`.
///
/// Pure: nothing is read or sent. What is merged and what is replaced is in `docs/merging.md`. What counts as the same:
/// - values, not spellings: `8` and `8.0`, a GUID in capitals, one instant at two offsets, flags in another order, base64
///   in another alphabet;
/// - a complex value, when every field that `desired` sets in it is the same. One that is not goes into the update as
///   `desired` has it, and Graph merges it. Where the service replaces it instead ([`Replaced`](crate::Replaced),
///   [`Structured::replaces`]), the update carries over what `current` has and `desired` does not set. So nothing is
///   lost, and to remove a property is to set it to null;
/// - a collection as a whole, since Graph replaces it: as many items, in the same order, each with the same properties.
///
/// A property that `current` does not have was not read, and is sent. `x@odata.type` is sent with `x`, and is no
/// difference by itself.
///
/// A nested delta, `allowedValues@delta`, says what to do and not what is there: it is never compared, and always sent.
///
/// A reference, `members@odata.bind`, is compared with the entities that `current` has under `members` (read with
/// `$expand=members`, or put there from a reading of `/members`), or with the URLs that it has under
/// `members@odata.bind`. It is the same if it leads there: by `id`, `userPrincipalName`, an alternate key, or
/// `@odata.id`. A bind on a collection adds to it, and Graph rejects a reference that is there already, so those that
/// are there are left out. Where `current` has neither, the references were not read, and all are sent.
///
/// ```
/// use msgraph_runtime::diff;
/// # use msgraph_runtime::{FieldVisitor, Nullable, Structured, VisitResult};
/// # #[derive(Debug, Default)]
/// # struct TapPatch { default_length: Option<Nullable<i32>>, is_usable_once: Option<Nullable<bool>> }
/// # impl Structured for TapPatch {
/// #     fn type_name(&self) -> &'static str { "microsoft.graph.tap" }
/// #     fn visit(&self, visitor: &mut dyn FieldVisitor) -> VisitResult {
/// #         visitor.fields(&[("defaultLength", &self.default_length), ("isUsableOnce", &self.is_usable_once)])
/// #     }
/// # }
///
/// let current = serde_json::json!({ "defaultLength": 8, "isUsableOnce": false });
/// let desired = TapPatch { default_length: Some(8.into()), is_usable_once: Some(true.into()) };
/// assert_eq!(diff(&current, &desired)?.to_json()?, r#"{"isUsableOnce":true}"#);
/// # Ok::<(), msgraph_runtime::BodyError>(())
/// ```
///
/// # Errors
/// When a value of `desired` that belongs into the update cannot be sent.
pub fn diff(current: &Untyped, desired: &dyn Structured) -> Result<Changes, BodyError> {
    let current = if desired.replaces() {
        let nulls = JsonWriter::body(desired, TypeRule::default())?.into_value()?;
        Cow::Owned(with_nulls_of(&nulls, current.clone()))
    } else {
        Cow::Borrowed(current)
    };
    let nothing = Map::new();
    let current = current.as_object().unwrap_or(&nothing);
    let mut differing = Differing::from(current, false);
    desired.visit(&mut differing)?;
    let differs = !differing.fields.is_empty() || !differing.dynamic.is_empty();
    if differs && desired.replaces() {
        differing = Differing::from(current, true);
        desired.visit(&mut differing)?;
        differing.carry(Carried::of(desired, current))?;
    }
    Ok(Changes {
        type_name: desired.type_name(),
        odata_type: desired.odata_type(),
        is_declared_type: desired.is_declared_type(),
        fields: differing.fields,
        dynamic: DynamicProperties::from_valid(differing.dynamic),
    })
}

/// An update cut down to what changes; see [`diff`]. It stands in for the whole one:
/// `update_policy(&desired).with_body(&changes)`.
///
/// ```
/// use msgraph_runtime::{CollectionBody, Request, Structured, diff};
///
/// let desired = CollectionBody::from(["a".to_owned(), "b".to_owned()]);
/// let changes = diff(&serde_json::json!({ "value": ["a"] }), &desired)?;
/// let request = Request::put("v1.0", "/domains/names", &[], &desired).with_body(&changes);
/// assert_eq!(request.body_json()?.as_deref(), Some(br#"{"value":["a","b"]}"#.as_slice()));
/// assert!(diff(&serde_json::json!({ "value": ["a", "b"] }), &desired)?.is_empty());
/// # Ok::<(), msgraph_runtime::BodyError>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Changes {
    type_name: &'static str,
    odata_type: Option<&'static str>,
    is_declared_type: Option<bool>,
    fields: Vec<(&'static str, Written)>,
    dynamic: DynamicProperties,
}

#[derive(Clone, Debug, PartialEq)]
struct Written {
    fragment: Fragment,
    /// The same with `@odata.type` in every structured value, where `fragment` leaves one out: the request decides which
    /// of them is sent, and it is not known yet.
    typed: Option<Fragment>,
    evolved_member: bool,
    delta: bool,
}

impl Written {
    fn json(&self) -> Untyped {
        serde_json::from_slice(&self.fragment.json).unwrap_or_default()
    }
}

impl Field for Written {
    fn is_absent(&self) -> bool {
        false
    }

    fn write(&self, writer: &mut JsonWriter) -> Result<(), BodyError> {
        let typed = self.typed.as_ref().filter(|_| writer.names_all_types());
        writer.fragment(typed.unwrap_or(&self.fragment));
        if self.evolved_member {
            writer.note_evolved_member();
        }
        if self.delta {
            writer.note_delta();
        }
        Ok(())
    }

    fn is_same(&self, current: &Untyped) -> bool {
        same_json(&self.json(), current)
    }
}

impl Structured for Changes {
    fn type_name(&self) -> &'static str {
        self.type_name
    }

    fn odata_type(&self) -> Option<&'static str> {
        self.odata_type
    }

    fn is_declared_type(&self) -> Option<bool> {
        self.is_declared_type
    }

    fn visit(&self, visitor: &mut dyn FieldVisitor) -> VisitResult {
        let fields: Vec<(&'static str, &dyn Field)> = self
            .fields
            .iter()
            .map(|(name, value)| (*name, value as &dyn Field))
            .collect();
        visitor.fields(&fields)?;
        visitor.dynamic(&self.dynamic)
    }
}

struct Differing<'c> {
    current: &'c Map<String, Untyped>,
    /// Whether the service replaces the whole, so that what is the same is sent too.
    whole: bool,
    fields: Vec<(&'static str, Written)>,
    dynamic: Vec<(String, Untyped)>,
}

impl<'c> Differing<'c> {
    const fn from(current: &'c Map<String, Untyped>, whole: bool) -> Self {
        Self {
            current,
            whole,
            fields: Vec::new(),
            dynamic: Vec::new(),
        }
    }

    fn carry(&mut self, carried: Carried) -> Result<(), BodyError> {
        for (name, read) in carried.declared {
            let mut value = written(&JsonWriter::new, &|writer| writer.untyped(&read))?;
            // It may be a member that stands after the sentinel.
            value.evolved_member = true;
            self.fields.push((name, value));
        }
        self.dynamic.extend(carried.others);
        Ok(())
    }

    /// The value of a field, completed with what was read where the service replaces it.
    fn completed(&self, name: &str, field: &dyn Field) -> Result<Written, BodyError> {
        let current = self.current.get(name).unwrap_or(&Untyped::Null);
        let writer = || JsonWriter::completing(current, self.whole);
        written(&writer, &|writer| field.write(writer))
    }

    fn is_same(&self, name: &str, field: &dyn Field) -> bool {
        let current = self.current.get(name);
        current.is_some_and(|current| field.is_same(current))
    }

    /// The references that are not bound yet.
    fn unbound(&self, navigation: &str, field: &dyn Field) -> Result<Option<Written>, BodyError> {
        let desired = written(&JsonWriter::new, &|writer| field.write(writer))?;
        Ok(
            match bound::missing(self.current, navigation, &desired.json()) {
                None => None,
                Some(Bind::AsDesired) => Some(desired),
                Some(Bind::Collection(references)) => Some(written(&JsonWriter::new, &|writer| {
                    writer.array(&references)
                })?),
            },
        )
    }
}

fn written(
    writer: &dyn Fn() -> JsonWriter,
    write: &dyn Fn(&mut JsonWriter) -> Result<(), BodyError>,
) -> Result<Written, BodyError> {
    let mut by_position = writer();
    write(&mut by_position)?;
    let mut typed = None;
    if by_position.left_type_out() {
        let mut all = writer().naming(TypeRule::ALL);
        write(&mut all)?;
        typed = Some(all.into_fragment());
    }
    Ok(Written {
        evolved_member: by_position.wrote_evolved_member(),
        delta: by_position.wrote_delta(),
        fragment: by_position.into_fragment(),
        typed,
    })
}

impl FieldVisitor for Differing<'_> {
    fn fields(&mut self, fields: &[(&'static str, &dyn Field)]) -> VisitResult {
        for (name, field) in fields {
            if field.is_absent() {
                continue;
            }
            let difference = match name.strip_suffix("@odata.bind") {
                Some(navigation) => self.unbound(navigation, *field),
                None if !self.whole && self.is_same(name, *field) => Ok(None),
                None => self.completed(name, *field).map(Some),
            };
            let difference = difference.map_err(|error| error.within(name))?;
            self.fields.extend(difference.map(|value| (*name, value)));
        }
        Ok(())
    }

    fn dynamic(&mut self, properties: &DynamicProperties) -> VisitResult {
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
        let sent = properties
            .iter()
            .filter(|(name, value)| is_sent(name, value));
        self.dynamic = sent
            .map(|(name, value)| (name.to_owned(), value.clone()))
            .collect();
        Ok(())
    }
}
