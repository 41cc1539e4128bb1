//! The metadata of one API version, corrected and completed by facts.

pub(crate) mod enumeration;
pub(crate) mod key;
pub(crate) mod primitive;
pub(crate) mod restrictions;

use std::sync::Arc;

use msgraph_csdl::annotations::alternate_keys::{self, KeyPart};
use msgraph_csdl::annotations::{computed, immutable, navigation_restrictions, permissions};
use msgraph_csdl::diagnostic::Error;
use msgraph_csdl::document::Annotation;
use msgraph_csdl::facts::{
    CapabilityFacts, Facts, KnownKey, KnownPermissions, NamedTypes, PermissionFacts, PropertyFacts,
    TypeFacts, split_key,
};
use msgraph_csdl::model::{NavigationProperty, Property, Schema, TypeId};
use msgraph_csdl::path::segment::{decode, key_segments};
use msgraph_csdl::permissions::PermissionMap;
use msgraph_csdl::read::read_schema;
use msgraph_csdl::source::{FileId, Sources};
use msgraph_csdl::toml_table::TomlValue;
use self_cell::self_cell;
use serde_json::{Number, Value};

self_cell!(
    struct OwnedSchema {
        owner: Sources,
        #[covariant]
        dependent: Schema,
    }
);

/// The metadata of one API version, corrected and completed by facts.
pub(crate) struct Model {
    schema: OwnedSchema,
    facts: Arc<Facts>,
}

impl Model {
    pub(crate) fn read(
        sources: Sources,
        files: &[FileId],
        facts: Arc<Facts>,
    ) -> Result<Self, Error> {
        let schema = OwnedSchema::try_new(sources, |sources| {
            let mut schema = read_schema(sources, files)?;
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

    /// The type that the value of `@odata.type` names: a URL with the name as its fragment.
    pub(crate) fn type_of_annotation(&self, text: &str) -> Option<TypeId> {
        self.find_type(text.rsplit('#').next().unwrap_or(text))
    }

    pub(crate) fn type_name(&self, ty: TypeId) -> String {
        self.schema()[ty].qualified_name()
    }

    /// Whether the body for a resource of type `ty`, at a path with the declared type `declared`, must
    /// have `@odata.type`: if the types differ (OData JSON 4.01 §4.5.3), or if facts require it.
    pub(crate) fn needs_odata_type(&self, ty: TypeId, declared: TypeId, path: &[String]) -> bool {
        ty != declared
            || self.facts.names_always(self.schema(), ty)
            || self.facts.named_types(&format!("/{}", path.join("/"))) != NamedTypes::Differing
    }

    /// Whether entities of a type may have a media stream.
    pub(crate) fn has_stream(&self, ty: TypeId) -> bool {
        let schema = self.schema();
        schema.has_stream(ty) || self.has_type_fact(ty, |facts| facts.has_stream)
    }

    /// Whether the facts about a type or one of its supertypes pass a test.
    fn has_type_fact(&self, ty: TypeId, passes: impl Fn(&TypeFacts) -> bool) -> bool {
        let facts_of = |ty| self.facts.types.get(&self.type_name(ty));
        let mut facts = self.schema().supertypes(ty).filter_map(facts_of);
        facts.any(passes)
    }

    /// Whether references of a navigation property can be added and removed. Facts override the
    /// annotations. Without either, a contained navigation property has no references.
    pub(crate) fn has_references(
        &self,
        ty: TypeId,
        navigation: &NavigationProperty<'_>,
        annotations: &[&Annotation<'_>],
    ) -> bool {
        let name = &navigation.name.text;
        let facts = self.facts.property_capabilities(self.schema(), ty, name);
        let annotated = navigation_restrictions::of_property(annotations.iter().copied(), name);
        let referenceable = facts.referenceable.or(annotated.referenceable);
        referenceable.unwrap_or(!navigation.contains_target)
    }

    /// Whether a value must be of a subtype, because this type is abstract. Some abstract types of
    /// Graph have no concrete subtype in the metadata: the type of their values is not published.
    pub(crate) fn needs_derived_type(&self, ty: TypeId) -> bool {
        let schema = self.schema();
        let is_abstract = |ty| schema.structured(ty).is_some_and(|ty| ty.is_abstract);
        let mut subtypes = schema.subtypes(ty).into_iter();
        is_abstract(ty) && subtypes.any(|ty| !is_abstract(ty))
    }

    /// Whether a navigation property is sent by value in the body.
    pub(crate) fn is_inline(&self, ty: TypeId, navigation: &str) -> bool {
        self.facts.is_inline(self.schema(), ty, navigation)
    }

    /// The facts about a property of `ty` or of its supertypes.
    pub(crate) fn property_facts(&self, ty: TypeId, name: &str) -> Option<&PropertyFacts> {
        self.facts.property(self.schema(), ty, name)
    }

    /// Properties with a value between those of two others: name, lower and upper bound.
    pub(crate) fn bounded_properties(&self, ty: TypeId) -> Vec<(String, String, String)> {
        let properties = self.schema().properties(ty).into_iter();
        let bounded = properties.filter_map(|(_, property)| {
            let name = property.name.text.as_ref();
            let (low, high) = self.property_facts(ty, name)?.between.clone()?;
            Some((name.to_owned(), low, high))
        });
        bounded.collect()
    }

    /// The default value of a property, according to facts.
    pub(crate) fn default_value(&self, ty: TypeId, name: &str) -> Option<Value> {
        self.property_facts(ty, name)?.default.as_ref().map(json)
    }

    /// The items that facts list for the collection at a path.
    pub(crate) fn known_keys(&self, path: &[String]) -> &[KnownKey] {
        let mut keys = self.facts.keys.iter();
        let found = keys.find(|(template, _)| matches_template(template, path));
        found.map_or(&[], |(_, keys)| &keys.values)
    }

    /// Whether DELETE restores the defaults at a path.
    pub(crate) fn resets(&self, path: &[String]) -> bool {
        let mut operations = self.facts.operations.iter();
        operations.any(|(key, facts)| facts.reset && matches_template(split_key(key).1, path))
    }

    /// The permissions of the operation with this method at a path, given with and without its casts;
    /// `None` if they are not known.
    pub(crate) fn permissions(
        &self,
        method: &str,
        path: &str,
        without_casts: &str,
    ) -> Option<KnownPermissions> {
        let map = PermissionMap::built_in();
        let facts = &self.facts;
        facts.permissions(Some(&map), method, path, without_casts)
    }

    /// The facts about a permission that does not cover a whole operation.
    pub(crate) fn permission_facts(&self, permission: &str) -> Option<&PermissionFacts> {
        self.facts.permissions.get(permission)
    }

    /// The facts about the update at a path, which ends with the property `position` of a type.
    pub(crate) fn update_facts(
        &self,
        path: &[String],
        position: Option<(TypeId, &str)>,
        ty: TypeId,
    ) -> CapabilityFacts {
        let operations = self.facts.operations.iter();
        let of_path = operations
            .filter(|(key, _)| matches_template(split_key(key).1, path))
            .map(|(_, facts)| facts.capabilities);
        self.facts
            .capabilities(self.schema(), of_path, position, ty)
    }

    /// Whether updates cannot change a property: it is computed, immutable or read-only. Facts
    /// override the annotations.
    pub(crate) fn is_read_only(&self, ty: TypeId, property: &Property<'_>) -> bool {
        let name = property.name.text.as_ref();
        if let Some(sends) = self.sends(ty, name) {
            return !sends;
        }
        let schema = self.schema();
        let annotations = || schema.property_annotations(ty, name, &property.annotations);
        computed::is_computed(annotations())
            || immutable::is_immutable(annotations())
            || permissions::is_read_only(annotations())
    }

    /// Whether updates send a property, if facts of the type or a supertype document that.
    fn sends(&self, ty: TypeId, name: &str) -> Option<bool> {
        let mut supertypes = self.schema().supertypes(ty);
        supertypes.find_map(|ty| self.facts.sends(&self.type_name(ty), name))
    }

    /// Whether the service computes a property, so that a POST cannot set it. Facts override the
    /// annotations.
    pub(crate) fn is_computed(&self, ty: TypeId, property: &Property<'_>) -> bool {
        let name = property.name.text.as_ref();
        if self.has_type_fact(ty, |facts| facts.create_only.contains(name)) {
            return false;
        }
        if let Some(sends) = self.sends(ty, name) {
            return !sends;
        }
        let schema = self.schema();
        let annotations = || schema.property_annotations(ty, name, &property.annotations);
        computed::is_computed(annotations()) || permissions::is_read_only(annotations())
    }

    /// Whether an update of a value of this type removes what the body omits.
    pub(crate) fn replaces(&self, ty: TypeId) -> bool {
        self.facts.replaces(self.schema(), ty)
    }

    /// Like [`Model::replaces`], for the value of one property.
    pub(crate) fn replaces_property(&self, ty: TypeId, name: &str) -> bool {
        self.facts.replaces_property(self.schema(), ty, name)
    }

    /// The properties that a value keeps when an update replaces it and omits them: updates cannot
    /// send them, or they are required and have no default.
    pub(crate) fn kept_on_replace(&self, ty: TypeId) -> Vec<String> {
        let properties = self.schema().properties(ty).into_iter();
        let kept = properties
            .filter(|(_, property)| {
                let is_required = !property.nullable
                    && !property.ty.is_collection
                    && self.default_value(ty, &property.name.text).is_none();
                is_required || self.is_read_only(ty, property)
            })
            .map(|(_, property)| &property.name);
        let kept = kept.chain(self.schema().key(ty));
        kept.map(|name| name.text.to_string()).collect()
    }

    /// The alternate keys of a type at a position, each with the alias and path of its properties.
    pub(crate) fn alternate_keys(
        &self,
        ty: TypeId,
        of_position: &[&Annotation<'_>],
    ) -> Vec<Vec<(String, String)>> {
        let schema = self.schema();
        let of_types = schema
            .supertypes(ty)
            .flat_map(|ty| alternate_keys::of(&schema[ty].annotations));
        let of_position = alternate_keys::of(of_position.iter().copied());
        let strings = |part: KeyPart<'_>| (part.alias.to_owned(), part.name.to_owned());
        let keys = of_types.chain(of_position);
        keys.map(|key| key.into_iter().map(strings).collect())
            .collect()
    }
}

/// A path template without the API version, which is optional in it.
pub(crate) fn without_version<'t>(template: &'t str, version: &str) -> &'t str {
    let rest = template
        .strip_prefix('/')
        .and_then(|rest| rest.strip_prefix(version));
    rest.filter(|rest| rest.starts_with('/'))
        .unwrap_or(template)
}

/// Whether a path matches a template with `{…}` for keys. Literal keys match in any case, as in the
/// service.
pub(crate) fn matches_template(template: &str, path: &[String]) -> bool {
    let template = key_segments(template);
    let segments = template.split('/').filter(|segment| !segment.is_empty());
    let segments: Vec<&str> = segments.collect();
    segments.len() == path.len()
        && segments.iter().zip(path).all(|(want, have)| {
            (want.starts_with('{') && want.ends_with('}'))
                || decode(want).is_some_and(|want| want.eq_ignore_ascii_case(have))
        })
}

fn json(value: &TomlValue) -> Value {
    match value {
        TomlValue::Boolean(value) => Value::Bool(*value),
        TomlValue::Integer(value) => Value::from(*value),
        // OData writes a number that JSON does not have (`inf`) as a string.
        TomlValue::Float(text) => {
            let number = text.parse().ok().and_then(Number::from_f64);
            number.map_or_else(|| Value::String(text.clone()), Value::Number)
        }
        TomlValue::String(text) => Value::String(text.clone()),
        TomlValue::Array(items) => items.iter().map(json).collect(),
        TomlValue::Table(entries) => {
            let entries = entries.iter();
            entries
                .map(|(name, value)| (name.as_str(), json(value)))
                .collect()
        }
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
