//! Reads objects and arrays, and notes what a type has no place for.

use serde_json::{Map, Value as Json};

use crate::body::dynamic::DynamicProperties;
use crate::body::json_path::PathSegment;
use crate::body::odata_type::{ODATA_TYPE, is_type, type_name};
use crate::read::finding::ReadFinding;
use crate::read::notes::{ReadNotes, Strictness};
use crate::read::readable::{FieldReader, ReadField, ReadValue, Readable};

impl ReadNotes {
    /// Reads an object's fields by `visit`, which is shown a reader for them; whether it is an object. The value takes
    /// `size` bytes.
    pub(crate) fn object(
        &mut self,
        json: &Json,
        (type_name, size): (&'static str, usize),
        visit: &mut dyn FnMut(&mut dyn FieldReader),
    ) -> bool {
        let Some(object) = json.as_object() else {
            return self.unfit::<()>(json, "an object").is_some();
        };
        self.nested(size, |notes| notes.members(object, type_name, visit))
            .is_some()
    }

    fn members(
        &mut self,
        object: &Map<String, Json>,
        type_name: &'static str,
        visit: &mut dyn FnMut(&mut dyn FieldReader),
    ) {
        if let Some(found) = object.get(ODATA_TYPE) {
            self.within(PathSegment::Declared(ODATA_TYPE), |notes| {
                notes.check_type(found, type_name);
            });
        }
        let mut reader = ObjectReader {
            object,
            notes: self,
            declared: Declared::default(),
        };
        visit(&mut reader);
        let declared = reader.declared;
        for (name, value) in object {
            if name != ODATA_TYPE && !declared.has(name) {
                self.within(PathSegment::Name(name.clone()), |notes| {
                    notes.check_undeclared(name, value, &declared);
                });
            }
        }
        self.read_untyped = false;
    }

    /// Reads an array's items by `read`, which says whether an item could be read; whether all could.
    pub(crate) fn items(
        &mut self,
        json: &Json,
        read: &mut dyn FnMut(&Json, &mut Self) -> bool,
    ) -> bool {
        let Some(items) = json.as_array() else {
            return self.unfit::<()>(json, "an array").is_some();
        };
        let complete = self.nested(0, |notes| {
            let mut complete = true;
            for (index, item) in items.iter().enumerate() {
                complete &= notes.within(PathSegment::Index(index), |notes| read(item, notes));
            }
            complete
        });
        complete == Some(true)
    }

    fn check_type(&mut self, found: &Json, expected: &'static str) {
        match found.as_str() {
            Some(name) if is_type(name, expected) => {}
            Some(name) => self.note(ReadFinding::OtherType {
                found: type_name(name).to_owned(),
                expected,
            }),
            None if self.is_strict() => {
                self.unfit::<()>(found, "the name of a type");
            }
            None => {}
        }
    }

    /// Notes what is wrong with a property or annotation that is not among the declared ones.
    fn check_undeclared(&mut self, name: &str, json: &Json, declared: &Declared) {
        let Some((property, term)) = name.split_once('@') else {
            if let Some(why) = declared.why_left_out(name) {
                if self.is_strict() {
                    self.note(ReadFinding::NotSent { why });
                }
            } else if !declared.open
                || name.is_empty()
                || (self.is_strict() && declared.is_near(name))
            {
                let alternatives = self.alternatives(name, &declared.names);
                self.note(ReadFinding::UnknownProperty(alternatives));
            }
            return;
        };
        if !self.is_strict() {
            return;
        }
        if !property.is_empty() && !declared.open && !declared.has_annotated(property) {
            let alternatives = self.alternatives(name, &declared.names);
            self.note(ReadFinding::UnknownProperty(alternatives));
            return;
        }
        let held = match term {
            // Of a property whose type is known it says nothing new, and of a dynamic one it is among the dynamic ones.
            "odata.type" if json.is_string() => !declared.untyped.contains(&property),
            "odata.type" => {
                self.unfit::<()>(json, "the name of a type");
                return;
            }
            // At the root it says where the resource was read; below, which one to link.
            "odata.id" if property.is_empty() => self.path.len() == 1,
            "odata.bind" | "odata.id" => false,
            term if DESCRIBING.contains(&term) => return,
            // Terms that are not OData's own have a namespace.
            term if term.starts_with("odata.") || !term.contains('.') || term.contains('@') => {
                let alternatives = if property.is_empty() {
                    self.alternatives(name, OBJECT_ANNOTATIONS)
                } else {
                    self.alternatives(term, PROPERTY_ANNOTATIONS)
                };
                self.note(ReadFinding::UnknownAnnotation(alternatives));
                return;
            }
            _ => false,
        };
        let keeps = self.strictness == Strictness::KeepingAnnotations && term != "odata.bind";
        if !held && !keeps {
            self.note(ReadFinding::UnheldAnnotation);
        }
    }
}

/// Control information that describes what was read (OData JSON 4.01, 4.6; in 4.0, which Graph speaks, with the prefix).
/// In a request it changes nothing, so what was read can be sent back.
const DESCRIBING: [&str; 15] = [
    "odata.associationLink",
    "odata.context",
    "odata.count",
    "odata.deltaLink",
    "odata.editLink",
    "odata.etag",
    "odata.mediaContentType",
    "odata.mediaEditLink",
    "odata.mediaEtag",
    "odata.mediaReadLink",
    "odata.metadataEtag",
    "odata.navigationLink",
    "odata.nextLink",
    "odata.readLink",
    "odata.totalCount",
];

/// What is suggested for a misspelt annotation of an object.
const OBJECT_ANNOTATIONS: &[&str] = &[
    ODATA_TYPE,
    "@odata.context",
    "@odata.editLink",
    "@odata.etag",
    "@odata.id",
    "@odata.readLink",
];

/// The same, of a property.
const PROPERTY_ANNOTATIONS: &[&str] = &[
    "odata.bind",
    "odata.context",
    "odata.count",
    "odata.navigationLink",
    "odata.nextLink",
    "odata.type",
];

struct ObjectReader<'j, 'n> {
    object: &'j Map<String, Json>,
    notes: &'n mut ReadNotes,
    declared: Declared,
}

/// What a type has, as its fields were shown.
#[derive(Default)]
struct Declared {
    names: Vec<&'static str>,
    left_out: &'static [(&'static str, &'static str)],
    /// Those of them that were there, with a value that has no type of its own.
    untyped: Vec<&'static str>,
    open: bool,
}

impl Declared {
    fn has(&self, name: &str) -> bool {
        self.names.contains(&name)
    }

    /// Whether the type has it, and be it that an update does not send it.
    fn knows(&self, name: &str) -> bool {
        self.has(name) || self.why_left_out(name).is_some()
    }

    fn why_left_out(&self, name: &str) -> Option<&'static str> {
        let mut left_out = self.left_out.iter();
        left_out.find_map(|(property, why)| (*property == name).then_some(*why))
    }

    /// Whether a name that is none of the declared ones cannot be meant as that of a dynamic property:
    /// it differs in the case of its letters only, or leads to what is sent as a reference.
    fn is_near(&self, name: &str) -> bool {
        let mut names = self.names.iter();
        names.any(|declared| {
            declared.eq_ignore_ascii_case(name) || declared.split('@').next() == Some(name)
        })
    }

    /// `manager` can be annotated too where only `manager@odata.bind` is a field, and so can what was left out.
    fn has_annotated(&self, property: &str) -> bool {
        let mut names = self.names.iter();
        names.any(|name| name.split('@').next() == Some(property))
            || self.why_left_out(property).is_some()
    }
}

impl FieldReader for ObjectReader<'_, '_> {
    fn left_out(&mut self, properties: &'static [(&'static str, &'static str)]) {
        self.declared.left_out = properties;
    }

    fn fields(&mut self, fields: &mut [(&'static str, &mut dyn ReadField)]) {
        for (name, field) in fields {
            self.declared.names.push(name);
            if let Some(json) = self.object.get(*name) {
                self.notes
                    .within(PathSegment::Declared(name), |notes| field.read(json, notes));
                if std::mem::take(&mut self.notes.read_untyped) {
                    self.declared.untyped.push(name);
                }
            }
        }
    }

    fn dynamic(&mut self, properties: &mut DynamicProperties) {
        self.declared.open = true;
        let declared = &self.declared;
        let is_dynamic = |name: &str| match name.split_once('@') {
            None => !name.is_empty() && !declared.knows(name),
            Some((property, "odata.type")) => !property.is_empty() && !declared.knows(property),
            Some(_) => false,
        };
        let dynamic = self.object.iter().filter(|(name, _)| is_dynamic(name));
        *properties = DynamicProperties::from_valid(
            dynamic
                .map(|(name, value)| (name.clone(), value.clone()))
                .collect(),
        );
    }
}

impl<T: Readable> ReadValue for T {
    #[inline]
    fn read(json: &Json, notes: &mut ReadNotes) -> Option<Self> {
        let mut value = T::default();
        let type_name = value.type_name();
        notes
            .object(json, (type_name, size_of::<T>()), &mut |reader| {
                value.visit_mut(reader)
            })
            .then_some(value)
    }
}
