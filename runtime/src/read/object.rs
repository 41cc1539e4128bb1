//! Objects and arrays.

use serde_json::{Map, Value as Json};

use crate::body::dynamic::DynamicProperties;
use crate::body::odata_type::{ODATA_TYPE, described, is_type, type_name};
use crate::body::purpose::Purpose;
use crate::body::structured::{Names, Structured};
use crate::body::type_info::TypeInfo;
use crate::read::finding::ReadFinding;
use crate::read::notes::{PathSegment, ReadNotes};
use crate::read::readable::{FieldReader, ReadField, ReadValue, Readable};

impl ReadNotes {
    /// Reads the fields of an object with a reader that is passed to `visit`. Returns whether it is an object. The value
    /// takes `size` bytes.
    pub(crate) fn object(
        &mut self,
        json: &Json,
        (info, size): (TypeInfo, usize),
        visit: &mut dyn FnMut(&mut dyn FieldReader),
    ) -> bool {
        let Some(object) = json.as_object() else {
            return self.mismatch::<()>(json, "an object").is_some();
        };
        if self.path.is_empty() {
            self.purpose = info.purpose();
        }
        self.nested(size, |notes| notes.properties(object, info, visit))
            .is_some()
    }

    fn properties(
        &mut self,
        object: &Map<String, Json>,
        info: TypeInfo,
        visit: &mut dyn FnMut(&mut dyn FieldReader),
    ) {
        let has_type = object.get(ODATA_TYPE).is_none_or(|found| {
            self.within(PathSegment::Declared(ODATA_TYPE), |notes| {
                notes.check_type(found, info.type_name)
            })
        });
        let mut reader = ObjectReader {
            object,
            notes: self,
            has_type,
            unfit: Vec::new(),
            declared: Declared {
                left_out: info.left_out,
                ..Declared::default()
            },
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

    /// Whether an object has the expected type.
    fn check_type(&mut self, found: &Json, expected: &'static str) -> bool {
        match found.as_str() {
            Some(name) if is_type(name, expected) => return true,
            Some(name) => self.note(ReadFinding::OtherType {
                found: type_name(name).to_owned(),
                expected,
            }),
            None if self.is_strict() => {
                self.mismatch::<()>(found, "the name of a type");
            }
            None => {}
        }
        false
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
    fn check_never_sent(&mut self, json: &Json, value: &dyn Structured) {
        for name in Names::when(self.purpose, value).never_sent {
            if json.get(name).is_some() {
                let read_only = Names::when(Purpose::Creation, value).never_sent;
                let is_read_only = read_only.contains(&name);
                let why = if is_read_only {
                    "read-only"
                } else {
                    "immutable"
                };
                self.within(PathSegment::Declared(name), |notes| {
                    notes.note(ReadFinding::NotSent { why });
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
    /// Whether the object has the type that is read, or names none.
    has_type: bool,
    /// The declared properties whose value does not match their type.
    unfit: Vec<&'static str>,
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
    fn fields(&mut self, fields: &mut [(&'static str, &mut dyn ReadField)]) {
        for (name, field) in fields {
            self.declared.names.push(name);
            if let Some(json) = self.object.get(*name) {
                let segment = PathSegment::Declared(name);
                let fits = self.notes.within(segment, |notes| field.read(json, notes));
                if !fits {
                    self.unfit.push(name);
                }
                if std::mem::take(&mut self.notes.read_untyped) {
                    self.declared.untyped.push(name);
                }
            }
        }
    }

    fn dynamic(&mut self, properties: &mut DynamicProperties) {
        self.declared.open = true;
        *properties = self.undeclared();
    }

    fn unknown(&mut self, properties: &mut DynamicProperties) {
        *properties = self.undeclared();
    }
}

impl ObjectReader<'_, '_> {
    /// The properties and annotations that no field has.
    fn undeclared(&self) -> DynamicProperties {
        let mut properties = DynamicProperties::new();
        for (name, value) in self.object {
            let is_sent = self.declared.open && self.is_dynamic(described(name).unwrap_or(name));
            if is_sent || (!self.notes.is_strict() && self.is_kept(name)) {
                properties.push(name.clone(), value.clone(), is_sent);
            }
        }
        properties
    }

    /// Whether this is a dynamic property of an open type. An expanded navigation property is not.
    fn is_dynamic(&self, name: &str) -> bool {
        let is_annotated =
            |annotation: &&str| self.object.contains_key(&[name, annotation].concat());
        !name.is_empty()
            && !name.contains('@')
            && !self.declared.has_annotated(name)
            && !NAVIGATION.iter().any(is_annotated)
    }

    /// Whether to keep a property or annotation that no request sends.
    fn is_kept(&self, name: &str) -> bool {
        let is_read = |name: &str| self.declared.has(name) && !self.unfit.contains(&name);
        match name.find('@').map(|at| name.split_at(at)) {
            None => !is_read(name),
            Some(("", ODATA_TYPE)) => !self.has_type,
            Some((property, ODATA_TYPE)) => !is_read(property),
            Some((_, annotation)) => {
                !NAVIGATION.contains(&annotation) && !LINKS.contains(&annotation)
            }
        }
    }
}

/// The annotations that only an expanded navigation property has.
const NAVIGATION: &[&str] = &[
    "@odata.context",
    "@odata.navigationLink",
    "@odata.associationLink",
];

/// Links to the object itself.
const LINKS: &[&str] = &["@odata.editLink", "@odata.readLink"];

impl<T: Readable> ReadValue for T {
    const IS_BODY: bool = true;

    fn read(json: &Json, notes: &mut ReadNotes) -> Option<Self> {
        let mut value = T::default();
        let info = *value.info();
        let is_object = notes.object(json, (info, size_of::<T>()), &mut |reader| {
            value.visit_mut(reader)
        });
        if notes.is_strict() {
            notes.check_never_sent(json, &value);
        }
        is_object.then_some(value)
    }
}
