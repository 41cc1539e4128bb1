//! Objects and arrays.

use serde_json::{Map, Value as Json};

use crate::body::dynamic::DynamicProperties;
use crate::body::odata_type::{ODATA_TYPE, is_type, type_name};
use crate::body::structured::{Names, Structured};
use crate::read::finding::ReadFinding;
use crate::read::notes::{PathSegment, ReadNotes};
use crate::read::readable::{FieldReader, ReadField, ReadValue, Readable};

impl ReadNotes {
    /// Reads the fields of an object with a reader that is passed to `visit`. Returns whether it is an object. The value
    /// takes `size` bytes.
    pub(crate) fn object(
        &mut self,
        json: &Json,
        (type_name, size): (&'static str, usize),
        visit: &mut dyn FnMut(&mut dyn FieldReader),
    ) -> bool {
        let Some(object) = json.as_object() else {
            return self.mismatch::<()>(json, "an object").is_some();
        };
        self.nested(size, |notes| notes.properties(object, type_name, visit))
            .is_some()
    }

    fn properties(
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

    /// Reads the items of an array with `read`, which returns whether it could read an item. Returns whether all could be
    /// read.
    pub(crate) fn items(
        &mut self,
        json: &Json,
        read: &mut dyn FnMut(&Json, &mut Self) -> bool,
    ) -> bool {
        let Some(items) = json.as_array() else {
            return self.mismatch::<()>(json, "an array").is_some();
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
                self.mismatch::<()>(found, "the name of a type");
            }
            None => {}
        }
    }

    /// Checks a property or annotation that is not declared.
    fn check_undeclared(&mut self, name: &str, json: &Json, declared: &Declared) {
        let unknown = match name.split_once('@') {
            Some((property, _)) => {
                self.is_strict()
                    && !property.is_empty()
                    && !declared.open
                    && !declared.has_annotated(property)
            }
            None => match declared.why_left_out(name) {
                Some(why) => {
                    if self.is_strict() {
                        self.note(ReadFinding::NotSent { why });
                    }
                    return;
                }
                None if declared.open => {
                    name.is_empty() || (self.is_strict() && declared.is_near(name))
                }
                None => true,
            },
        };
        if unknown {
            let alternatives = self.alternatives(name, &declared.names);
            self.note(ReadFinding::UnknownProperty(alternatives));
        } else if self.is_strict()
            && let Some(at) = name.find('@')
        {
            let (property, annotation) = name.split_at(at);
            self.check_annotation(property, annotation, json, declared);
        }
    }

    /// Rejects the properties of a value that no request sends.
    fn check_read_only(&mut self, json: &Json, value: &dyn Structured) {
        for name in Names::of(value).read_only {
            if json.get(name).is_some() {
                self.within(PathSegment::Declared(name), |notes| {
                    notes.note(ReadFinding::NotSent { why: "read-only" });
                });
            }
        }
    }

    fn check_annotation(
        &mut self,
        property: &str,
        annotation: &str,
        json: &Json,
        declared: &Declared,
    ) {
        let is_lost = match annotation {
            ODATA_TYPE if !json.is_string() => {
                self.mismatch::<()>(json, "the name of a type");
                return;
            }
            // Redundant for a declared property with a type. That of a dynamic property is a dynamic property too.
            ODATA_TYPE => declared.untyped.contains(&property),
            // At the root, it only describes the resource. Below, it links another one.
            "@odata.id" => !property.is_empty() || self.path.len() > 1,
            "@odata.bind" => true,
            _ if ANNOTATIONS.contains(&annotation) => false,
            // Terms of other vocabularies have a namespace.
            _ if annotation.starts_with("@odata.")
                || !annotation.contains('.')
                || annotation.rfind('@') != Some(0) =>
            {
                let alternatives = self.alternatives(annotation, ANNOTATIONS);
                self.note(ReadFinding::UnknownAnnotation(alternatives));
                return;
            }
            _ => true,
        };
        if is_lost {
            self.note(ReadFinding::UnheldAnnotation);
        }
    }
}

/// OData's annotations (OData JSON 4.01, 4.6, with the prefix of 4.0, which Graph uses). All but the first three only
/// describe a response, and have no effect in a request.
const ANNOTATIONS: &[&str] = &[
    ODATA_TYPE,
    "@odata.bind",
    "@odata.id",
    "@odata.context",
    "@odata.count",
    "@odata.etag",
    "@odata.editLink",
    "@odata.navigationLink",
    "@odata.nextLink",
    "@odata.readLink",
    "@odata.associationLink",
    "@odata.deltaLink",
    "@odata.mediaContentType",
    "@odata.mediaEditLink",
    "@odata.mediaEtag",
    "@odata.mediaReadLink",
    "@odata.metadataEtag",
    "@odata.totalCount",
];

struct ObjectReader<'j, 'n> {
    object: &'j Map<String, Json>,
    notes: &'n mut ReadNotes,
    declared: Declared,
}

/// The properties of a type.
#[derive(Default)]
struct Declared {
    names: Vec<&'static str>,
    left_out: &'static [(&'static str, &'static str)],
    /// The declared properties in the JSON whose values are untyped.
    untyped: Vec<&'static str>,
    open: bool,
}

impl Declared {
    fn has(&self, name: &str) -> bool {
        self.names.contains(&name)
    }

    fn why_left_out(&self, name: &str) -> Option<&'static str> {
        let mut left_out = self.left_out.iter();
        left_out.find_map(|(property, why)| (*property == name).then_some(*why))
    }

    /// Whether an undeclared name is too similar to a declared one to be a dynamic property: it differs only in case, or is
    /// the name of a navigation property that is sent as a reference.
    fn is_near(&self, name: &str) -> bool {
        let mut names = self.names.iter();
        names.any(|declared| {
            declared.eq_ignore_ascii_case(name) || declared.split('@').next() == Some(name)
        })
    }

    /// Whether a property may have annotations: declared, sent as a reference (`manager@odata.bind`), or not sent.
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
        let knows = |name: &str| declared.has(name) || declared.why_left_out(name).is_some();
        let is_dynamic = |name: &str| match name.split_once('@') {
            None => !name.is_empty() && !knows(name),
            Some((property, "odata.type")) => !property.is_empty() && !knows(property),
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
    fn read(json: &Json, notes: &mut ReadNotes) -> Option<Self> {
        let mut value = T::default();
        let type_name = value.type_name();
        let is_object = notes.object(json, (type_name, size_of::<T>()), &mut |reader| {
            value.visit_mut(reader)
        });
        if notes.is_strict() {
            notes.check_read_only(json, &value);
        }
        is_object.then_some(value)
    }
}
