//! The metadata of one API version with the text it borrows from, and what facts add to it.

pub(crate) mod key;
pub(crate) mod primitive;
pub(crate) mod restrictions;

use std::sync::Arc;

use msgraph_csdl::diagnostic::Error;
use msgraph_csdl::document::{Annotation, Expression};
use msgraph_csdl::facts::{Facts, KnownKey, NamedTypes, PropertyFacts, UpdateFacts};
use msgraph_csdl::model::{EnumType, ItemType, Property, Schema, TypeId, TypeKind};
use msgraph_csdl::read::read_schema;
use msgraph_csdl::segment::{decode, key_segments};
use msgraph_csdl::source::{FileId, Sources};
use msgraph_csdl::table::TomlValue;
use self_cell::self_cell;
use serde_json::{Map, Value};

self_cell!(
    struct OwnedSchema {
        owner: Sources,
        #[covariant]
        dependent: Schema,
    }
);

/// One API version.
pub(crate) struct Model {
    schema: OwnedSchema,
    facts: Arc<Facts>,
}

const COMPUTED: &str = "Org.OData.Core.V1.Computed";
const IMMUTABLE: &str = "Org.OData.Core.V1.Immutable";
const PERMISSIONS: &str = "Org.OData.Core.V1.Permissions";
const ALTERNATE_KEYS: &str = "Org.OData.Core.V1.AlternateKeys";

impl Model {
    pub(crate) fn read(
        sources: Sources,
        documents: &[FileId],
        facts: Arc<Facts>,
    ) -> Result<Self, Error> {
        let schema = OwnedSchema::try_new(sources, |sources| {
            let mut schema = read_schema(sources, documents)?;
            facts.add_properties(&mut schema);
            Ok::<_, Error>(schema)
        })?;
        Ok(Model { schema, facts })
    }

    pub(crate) fn schema(&self) -> &Schema<'_> {
        self.schema.borrow_dependent()
    }

    /// A type by its qualified name, with the namespace or its alias.
    pub(crate) fn find_type(&self, qualified: &str) -> Option<TypeId> {
        self.schema().find(&self.schema().unaliased(qualified))
    }

    /// The type that `@odata.type` names: a URL whose fragment is the name, most often without what
    /// precedes `#`.
    pub(crate) fn type_of_annotation(&self, text: &str) -> Option<TypeId> {
        let name = text.rsplit('#').next().unwrap_or(text);
        self.find_type(name)
    }

    pub(crate) fn facts(&self) -> &Facts {
        &self.facts
    }

    pub(crate) fn type_name(&self, ty: TypeId) -> String {
        self.schema()[ty].qualified_name()
    }

    /// Whether a body for a resource of type `ty`, at a path that declares `declared`, must name its
    /// type: where the two differ (OData JSON 4.01 §4.5.3), and where facts ask for it.
    pub(crate) fn needs_odata_type(&self, ty: TypeId, declared: TypeId, path: &[String]) -> bool {
        ty != declared
            || self.facts.names_always(self.schema(), ty)
            || self.facts.named_types(&format!("/{}", path.join("/"))) != NamedTypes::Differing
    }

    /// Whether a value of this type must be of a type that derives from it: it is abstract. Some abstract
    /// types of Graph have no concrete one in the metadata; their values are of a type that it hides.
    pub(crate) fn needs_derived_type(&self, ty: TypeId) -> bool {
        let schema = self.schema();
        let is_abstract = |ty| schema.structured(ty).is_some_and(|ty| ty.is_abstract);
        is_abstract(ty) && schema.subtypes(ty).into_iter().any(|ty| !is_abstract(ty))
    }

    /// Whether a navigation property travels in the body by value.
    pub(crate) fn is_inline(&self, ty: TypeId, navigation: &str) -> bool {
        self.facts.is_inline(self.schema(), ty, navigation)
    }

    /// What facts say of a property, as seen from `ty`.
    pub(crate) fn property_facts(&self, ty: TypeId, name: &str) -> Option<&PropertyFacts> {
        self.schema().supertypes(ty).find_map(|ty| {
            self.facts
                .properties
                .get(&format!("{}/{name}", self.type_name(ty)))
        })
    }

    /// Properties whose value two others bound: name, lower, upper.
    pub(crate) fn bounded_properties(&self, ty: TypeId) -> Vec<(String, String, String)> {
        let properties = self.schema().properties(ty);
        properties
            .iter()
            .filter_map(|(_, property)| {
                let name = property.name.text.as_ref();
                let (low, high) = self.property_facts(ty, name)?.between.clone()?;
                Some((name.to_owned(), low, high))
            })
            .collect()
    }

    /// The value of a property that nobody has set, by facts.
    pub(crate) fn default_value(&self, ty: TypeId, name: &str) -> Option<Value> {
        self.property_facts(ty, name)?.default.as_ref().map(json)
    }

    /// The keys that facts know in the set at a path.
    pub(crate) fn known_keys(&self, path: &[String]) -> &[KnownKey] {
        self.facts
            .keys
            .iter()
            .find(|(template, _)| matches_template(template, path))
            .map_or(&[], |(_, keys)| keys)
    }

    /// Whether DELETE restores the defaults at a path.
    pub(crate) fn resets(&self, path: &[String]) -> bool {
        self.facts
            .operations
            .iter()
            .any(|(template, facts)| facts.reset && matches_template(template, path))
    }

    /// What facts state about the update at a path, which `position`, a type and its property, leads to.
    pub(crate) fn update_facts(
        &self,
        path: &[String],
        position: Option<(TypeId, &str)>,
        ty: TypeId,
    ) -> UpdateFacts {
        let operations = self.facts.operations.iter();
        let of_path = operations
            .filter(|(template, _)| matches_template(template, path))
            .map(|(_, facts)| facts.update);
        self.facts.update(self.schema(), of_path, position, ty)
    }

    /// Whether an update leaves a property as it is: computed, immutable, or read only. Facts may
    /// correct the annotations.
    pub(crate) fn is_read_only(&self, ty: TypeId, property: &Property<'_>) -> bool {
        let name = property.name.text.as_ref();
        let mut supertypes = self.schema().supertypes(ty);
        if let Some(sends) = supertypes.find_map(|ty| self.facts.sends(&self.type_name(ty), name)) {
            return !sends;
        }
        let annotations = || {
            self.schema()
                .property_annotations(ty, name, &property.annotations)
        };
        let tagged = |term| {
            annotations().any(|annotation| {
                annotation.term.text == term
                    && annotation
                        .value
                        .as_ref()
                        .is_none_or(|value| value.as_bool() == Some(true))
            })
        };
        tagged(COMPUTED)
            || tagged(IMMUTABLE)
            || annotations().any(|annotation| {
                annotation.term.text == PERMISSIONS
                    && annotation
                        .value
                        .as_ref()
                        .is_some_and(|value| value.members().eq(["Read"]))
            })
    }

    /// Whether an update of a value of this type removes what it leaves out.
    pub(crate) fn replaces(&self, ty: TypeId) -> bool {
        self.facts().replaces(self.schema(), ty)
    }

    /// The same, of the value of one property.
    pub(crate) fn replaces_property(&self, ty: TypeId, name: &str) -> bool {
        self.facts().replaces_property(self.schema(), ty, name)
    }

    /// The properties that a value keeps although an update replaces it: no update sends them.
    pub(crate) fn kept(&self, ty: TypeId) -> Vec<String> {
        let properties = self.schema().properties(ty);
        let read_only = properties
            .iter()
            .filter(|(_, property)| self.is_read_only(ty, property))
            .map(|(_, property)| property.name.text.to_string());
        let key = self.schema().key(ty).iter();
        read_only
            .chain(key.map(|key| key.text.to_string()))
            .collect()
    }

    /// Replaces members behind the sentinel of an enumeration by the sentinel, in all values of an
    /// object of type `ty`.
    // As deep as the values, which came out of bodies.
    pub(crate) fn hide_evolved_members(&self, ty: TypeId, object: &mut Map<String, Value>) {
        let named = object.get("@odata.type").and_then(Value::as_str);
        let ty = named
            .and_then(|name| self.type_of_annotation(name))
            .unwrap_or(ty);
        for (name, value) in object {
            let property = self
                .schema()
                .property(ty, name)
                .map(|property| property.ty.item);
            let navigation = || self.schema().navigation_property(ty, name);
            let of = match property {
                Some(ItemType::Declared(of)) => of,
                Some(ItemType::Primitive(_)) => continue,
                None => match navigation() {
                    Some((_, navigation)) => navigation.target,
                    None => continue,
                },
            };
            let values = match value {
                Value::Array(items) => items.as_mut_slice(),
                single => std::slice::from_mut(single),
            };
            for value in values {
                match (&self.schema()[of].kind, value) {
                    (TypeKind::Enumeration(enumeration), Value::String(text)) => {
                        hide_evolved(enumeration, text);
                    }
                    (TypeKind::Structured(_), Value::Object(object)) => {
                        self.hide_evolved_members(of, object);
                    }
                    _ => {}
                }
            }
        }
    }

    /// The alternate keys of a type: of each, alias and property path of its parts.
    pub(crate) fn alternate_keys(
        &self,
        ty: TypeId,
        of_place: &[&Annotation<'_>],
    ) -> Vec<Vec<(String, String)>> {
        let inherited = self
            .schema()
            .supertypes(ty)
            .flat_map(|ty| &self.schema()[ty].annotations);
        inherited
            .chain(of_place.iter().copied())
            .filter(|annotation| annotation.term.text == ALTERNATE_KEYS)
            .filter_map(|annotation| annotation.value.as_ref())
            .flat_map(Expression::items)
            .filter_map(|key| {
                key.property("Key")?
                    .items()
                    .iter()
                    .map(|part| {
                        let name = part.property("Name")?.as_str()?;
                        let alias = part.property("Alias").and_then(Expression::as_str);
                        Some((alias.unwrap_or(name).to_owned(), name.to_owned()))
                    })
                    .collect()
            })
            .collect()
    }
}

/// The member that stands for those that a client may not know.
pub(crate) const SENTINEL: &str = "unknownFutureValue";

fn hide_evolved(enumeration: &EnumType<'_>, text: &mut String) {
    let known = enumeration
        .members
        .iter()
        .map(|member| member.name.text.as_ref())
        .take_while(|name| *name != SENTINEL);
    let has_sentinel = enumeration
        .members
        .iter()
        .any(|member| member.name.text == SENTINEL);
    let known: Vec<&str> = known.collect();
    if has_sentinel && text.split(',').any(|name| !known.contains(&name.trim())) {
        SENTINEL.clone_into(text);
    }
}

/// Whether a path is one that a template with `{…}` for keys stands for. Keys that a template
/// spells out match in either case, as the service reads them.
fn matches_template(template: &str, path: &[String]) -> bool {
    let template = key_segments(template);
    let mut segments = template.split('/').filter(|segment| !segment.is_empty());
    path.iter().all(|have| {
        segments.next().is_some_and(|want| {
            (want.starts_with('{') && want.ends_with('}'))
                || decode(want).is_some_and(|want| want.eq_ignore_ascii_case(have))
        })
    }) && segments.next().is_none()
}

fn json(value: &TomlValue) -> Value {
    match value {
        TomlValue::Boolean(value) => Value::Bool(*value),
        TomlValue::Integer(value) => Value::from(*value),
        // A number that JSON does not have (`inf`) is written as a text, as OData does.
        TomlValue::Float(text) => text
            .parse()
            .ok()
            .and_then(serde_json::Number::from_f64)
            .map_or_else(|| Value::String(text.clone()), Value::Number),
        TomlValue::String(text) => Value::String(text.clone()),
        TomlValue::Array(items) => Value::Array(items.iter().map(json).collect()),
        TomlValue::Table(members) => Value::Object(
            members
                .iter()
                .map(|(name, value)| (name.clone(), json(value)))
                .collect(),
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::matches_template;

    #[test]
    fn templates_match_whole_paths_and_any_key() {
        let path =
            |text: &str| -> Vec<String> { text.split('/').skip(1).map(str::to_owned).collect() };
        assert!(matches_template(
            "/users/{id}/photo",
            &path("/users/7/photo")
        ));
        assert!(matches_template(
            "/policies/x/ABC",
            &path("/policies/x/abc")
        ));
        assert!(matches_template(
            "/users('{id}')/x(a='b%2Cc')",
            &path("/users/7/x/b,c")
        ));
        assert!(!matches_template("/users/{id}", &path("/users/7/photo")));
        assert!(!matches_template("/users/{id}/photo", &path("/users/7")));
    }
}
