use serde_json::{Map, Number};

use crate::{
    BodyError, DynamicProperties, Field, FieldVisitor, JsonWriter, Structured, Untyped, VisitResult,
};

/// The smallest update that makes `current`, the resource as it was read, agree with `desired`: the fields that
/// `desired` sets and that stand otherwise in `current`.
///
/// Pure: nothing is read or sent. What counts as the same:
/// - values, not spellings: `8` and `8.0`, a GUID in capitals, one instant at two offsets, flags in another order, base64
///   in another alphabet;
/// - a complex value, when every field that `desired` sets in it is the same, since Graph merges those; one that is not
///   goes into the update as `desired` has it;
/// - a collection as a whole, since Graph replaces it: as many items, in the same order, each with the same properties.
///
/// A property that `current` does not have was not read, and goes into the update. So does a reference, `manager@odata.bind`:
/// what is read of a resource does not say what is bound to it, and Graph takes the same reference again.
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
    let nothing = Map::new();
    let current = current.as_object().unwrap_or(&nothing);
    let mut differing = Differing {
        current,
        fields: Vec::new(),
        dynamic: Vec::new(),
    };
    desired.visit(&mut differing)?;
    Ok(Changes {
        type_name: desired.type_name(),
        odata_type: desired.odata_type(),
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
    fields: Vec<(&'static str, Written)>,
    dynamic: DynamicProperties,
}

/// A value as the bytes that go over the wire: a detour over a JSON tree would cost an `Edm.Decimal` its digits.
#[derive(Clone, Debug, PartialEq)]
struct Written {
    json: Vec<u8>,
    evolved_member: bool,
}

impl Field for Written {
    fn is_absent(&self) -> bool {
        false
    }

    fn write(&self, writer: &mut JsonWriter) -> Result<(), BodyError> {
        writer.raw(&self.json);
        if self.evolved_member {
            writer.note_evolved_member();
        }
        Ok(())
    }

    fn is_same(&self, current: &Untyped) -> bool {
        serde_json::from_slice::<Untyped>(&self.json).is_ok_and(|value| same_json(&value, current))
    }
}

impl Structured for Changes {
    fn type_name(&self) -> &'static str {
        self.type_name
    }

    fn odata_type(&self) -> Option<&'static str> {
        self.odata_type
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
    fields: Vec<(&'static str, Written)>,
    dynamic: Vec<(String, Untyped)>,
}

impl FieldVisitor for Differing<'_> {
    fn fields(&mut self, fields: &[(&'static str, &dyn Field)]) -> VisitResult {
        for (name, field) in fields {
            if field.is_absent()
                || self
                    .current
                    .get(*name)
                    .is_some_and(|current| field.is_same(current))
            {
                continue;
            }
            let mut writer = JsonWriter::new();
            field
                .write(&mut writer)
                .map_err(|error| error.within(name))?;
            let evolved_member = writer.wrote_evolved_member();
            self.fields.push((
                name,
                Written {
                    json: writer.into_bytes(),
                    evolved_member,
                },
            ));
        }
        Ok(())
    }

    fn dynamic(&mut self, properties: &DynamicProperties) -> VisitResult {
        for (name, value) in properties {
            if !self
                .current
                .get(name)
                .is_some_and(|current| same_json(value, current))
            {
                self.dynamic.push((name.to_owned(), value.clone()));
            }
        }
        Ok(())
    }
}

/// Whether every field that `value` sets is the same in `current`; with `whole`, also whether `current` has nothing
/// besides them but annotations and nulls.
pub(crate) fn same_object(value: &dyn Structured, current: &Untyped, whole: bool) -> bool {
    let Some(current) = current.as_object() else {
        return false;
    };
    let type_differs = |there: &str| {
        // Absolute or abbreviated: only the name after the last `#` counts.
        let name = |text: &str| text.rsplit('#').next().map(str::to_owned);
        value
            .odata_type()
            .is_some_and(|here| name(here) != name(there))
    };
    if current
        .get("@odata.type")
        .and_then(Untyped::as_str)
        .is_some_and(type_differs)
    {
        return false;
    }
    let mut compared = Compared {
        current,
        names: Vec::new(),
        differs: false,
    };
    // A visit fails only where its visitor does, and this one does not.
    let _ = value.visit(&mut compared);
    if compared.differs {
        return false;
    }
    let unset =
        |name: &String| !name.contains('@') && !compared.names.iter().any(|known| known == name);
    !whole
        || current
            .iter()
            .all(|(name, there)| there.is_null() || !unset(name))
}

struct Compared<'c> {
    current: &'c Map<String, Untyped>,
    names: Vec<String>,
    differs: bool,
}

impl FieldVisitor for Compared<'_> {
    fn fields(&mut self, fields: &[(&'static str, &dyn Field)]) -> VisitResult {
        for (name, field) in fields {
            if !field.is_absent() {
                self.differs |= !self
                    .current
                    .get(*name)
                    .is_some_and(|current| field.is_same(current));
                self.names.push((*name).to_owned());
            }
        }
        Ok(())
    }

    fn dynamic(&mut self, properties: &DynamicProperties) -> VisitResult {
        for (name, value) in properties {
            self.differs |= !self
                .current
                .get(name)
                .is_some_and(|current| same_json(value, current));
            self.names.push(name.to_owned());
        }
        Ok(())
    }
}

/// The same JSON, numbers by value and objects without regard to order.
pub(crate) fn same_json(one: &Untyped, other: &Untyped) -> bool {
    match (one, other) {
        (Untyped::Number(one), Untyped::Number(other)) => same_number(one, other),
        (Untyped::Array(one), Untyped::Array(other)) => {
            one.len() == other.len()
                && one
                    .iter()
                    .zip(other)
                    .all(|(one, other)| same_json(one, other))
        }
        (Untyped::Object(one), Untyped::Object(other)) => {
            one.len() == other.len()
                && one.iter().all(|(name, value)| {
                    other.get(name).is_some_and(|there| same_json(value, there))
                })
        }
        _ => one == other,
    }
}

fn same_number(one: &Number, other: &Number) -> bool {
    match (one.as_i64(), other.as_i64()) {
        (Some(one), Some(other)) => one == other,
        _ => one == other || one.as_f64() == other.as_f64(),
    }
}
