//! All paths of a subtree, by the rules of Microsoft's conversion of the metadata to OpenAPI.

use super::correct::corrected;
use super::keys::{alternate_keys, keyed, property_primitive};
use super::literals;
use super::placeholders::placeholder;
use super::restrictions::Restrictions;
use super::steps::{Step, binds, examples, is_allowed, steps};
use super::target::{Target, TargetKind, container_target, navigation_target};
use super::walk::{MAX_SEGMENTS, cast, function, key, next};
use super::{ResourcePath, Segment, SegmentKind};
use crate::annotations::alternate_keys::KeyPart;
use crate::annotations::{insert_restrictions, read_restrictions, update_restrictions};
use crate::document::Annotation;
use crate::facts::{CapabilityFacts, Facts};
use crate::model::{ItemType, NavigationProperty, Operation, Primitive, Property, Schema, TypeId};

/// Limits of an enumeration of paths.
#[derive(Clone, Copy, Debug)]
pub struct Bounds {
    /// Maximum number of properties in a path, after its entity set or singleton. `None` for no
    /// limit.
    pub navigations: Option<usize>,
    /// Maximum number of paths. More than that is an error.
    pub paths: usize,
}

/// There are more paths than [`Bounds::paths`], or longer ones than 64 segments.
#[derive(Debug, PartialEq, Eq)]
pub struct TooManyPaths;

/// All resource paths below `from` (`None`: the service root), `from` included, in order of their
/// templates. The facts override the metadata about updates.
pub fn enumerate(
    schema: &Schema<'_>,
    facts: &Facts,
    from: Option<ResourcePath>,
    bounds: Bounds,
) -> Result<Vec<ResourcePath>, TooManyPaths> {
    let composable = schema.operations().iter();
    let mut enumeration = Enumeration {
        schema,
        facts,
        composable: composable
            .filter(|operation| operation.is_bound && operation.is_composable)
            .collect(),
        bounds,
        found: Vec::new(),
        visited: Vec::new(),
    };
    match from {
        Some(path) => {
            enumeration.visited = navigations(schema, &path);
            enumeration.visit(path)?;
        }
        None => {
            for child in schema.container() {
                enumeration.visit(ResourcePath {
                    segments: vec![Segment::of(&child.name.text, SegmentKind::Name)],
                    target: container_target(schema, child),
                })?;
            }
        }
    }
    let mut found = enumeration.found;
    found.sort_by_cached_key(ResourcePath::template);
    found.dedup();
    Ok(found)
}

/// The navigation properties in a path, which may not occur again.
fn navigations(schema: &Schema<'_>, path: &ResourcePath) -> Vec<(TypeId, String)> {
    steps(schema, path)
        .into_iter()
        .filter_map(|step| match step {
            Step::Navigation(_, declaring, property) => {
                Some((declaring, property.name.text.to_string()))
            }
            _ => None,
        })
        .collect()
}

/// The types that a `DerivedTypeConstraint` names, by qualified name or alias.
fn derived_types<'n>(
    schema: &'n Schema<'_>,
    names: &'n [String],
) -> impl Iterator<Item = TypeId> + 'n {
    names
        .iter()
        .filter_map(|name| schema.find(&schema.unaliased(name)))
}

struct Enumeration<'s, 'a> {
    schema: &'s Schema<'a>,
    facts: &'s Facts,
    /// The operations that a path may contain: a few of a thousand.
    composable: Vec<&'s Operation<'a>>,
    bounds: Bounds,
    found: Vec<ResourcePath>,
    /// Declaring type and name of the navigation properties in the current path.
    visited: Vec<(TypeId, String)>,
}

impl Enumeration<'_, '_> {
    fn is_within(&self, path: &ResourcePath) -> bool {
        let names = path
            .segments
            .iter()
            .filter(|segment| segment.kind == SegmentKind::Name);
        self.bounds
            .navigations
            .is_none_or(|most| names.count() <= most + 1)
    }

    /// Adds a path and everything below it. Recursion is limited by the number of paths, and
    /// because each navigation property occurs once in a path.
    fn visit(&mut self, path: ResourcePath) -> Result<(), TooManyPaths> {
        if !self.is_within(&path) {
            return Ok(());
        }
        if path.segments.len() > MAX_SEGMENTS {
            return Err(TooManyPaths);
        }
        if path.target.is_collection {
            self.take(path.clone())?;
            self.items(&path)
        } else {
            self.resource(path)
        }
    }

    /// Adds the paths below a collection.
    fn items(&mut self, path: &ResourcePath) -> Result<(), TooManyPaths> {
        if path.target.contained {
            self.functions(path)?;
        }
        if path.target.restrictions.is_not_indexable {
            return Ok(());
        }
        if path.target.restrictions.referenceable != Some(true) {
            self.alternate(path)?;
        }
        let keyed = key(self.schema, path, &placeholder(self.schema, path));
        self.visit(keyed)
    }

    /// Adds a resource and the paths below it.
    fn resource(&mut self, path: ResourcePath) -> Result<(), TooManyPaths> {
        let Target {
            kind, contained, ..
        } = path.target;
        let Restrictions {
            is_not_indexable,
            referenceable,
            ..
        } = path.target.restrictions;
        let is_linked = path.target.is_linked_item();
        self.take(path.clone())?;
        match kind {
            TargetKind::Complex => return self.below_complex(&path),
            TargetKind::Stream => return Ok(()),
            _ => {}
        }
        if !self.schema.is_entity(path.target.ty) || is_not_indexable {
            return Ok(());
        }
        self.complex_properties(&path)?;
        if !contained {
            return Ok(());
        }
        if !is_linked {
            self.streams(&path)?;
            self.functions(&path)?;
        }
        if referenceable != Some(true) {
            self.navigation(&path)?;
        }
        for cast in self.casts(&path) {
            self.complex_properties(&cast)?;
            self.navigation(&cast)?;
        }
        Ok(())
    }

    /// Adds stream properties.
    fn streams(&mut self, before: &ResourcePath) -> Result<(), TooManyPaths> {
        for (_, property) in self.schema.properties(before.target.ty) {
            if property.ty.item == ItemType::Primitive(Primitive::Stream)
                && let Ok(path) = next(self.schema, before, &property.name.text)
                && self.is_within(&path)
            {
                self.take(path)?;
            }
        }
        Ok(())
    }

    /// Adds complex properties annotated as addressable, and the paths below them.
    fn complex_properties(&mut self, before: &ResourcePath) -> Result<(), TooManyPaths> {
        let source = before.target.ty;
        for (_, property) in self.schema.properties(source) {
            let annotations: Vec<&Annotation<'_>> = self
                .schema
                .property_annotations(source, &property.name.text, &property.annotations)
                .collect();
            let name = property.name.text.as_ref();
            let of_property = self.facts.property_capabilities(self.schema, source, name);
            if (is_addressed(&annotations) || addresses(of_property))
                && let Some(path) = self.complex(before, property)
            {
                self.take(path.clone())?;
                if !path.target.is_collection {
                    self.below_complex(&path)?;
                    for cast in self.casts(&path) {
                        self.below_complex(&cast)?;
                    }
                }
            }
        }
        Ok(())
    }

    /// Adds the navigation properties of a complex value and of the complex values in it.
    fn below_complex(&mut self, path: &ResourcePath) -> Result<(), TooManyPaths> {
        self.navigation(path)?;
        for (declaring, property) in self.schema.properties(path.target.ty) {
            // A complex type may contain itself. Like navigation properties, a complex property
            // occurs once in a path.
            let step = (declaring, property.name.text.to_string());
            if property.ty.is_collection || self.visited.contains(&step) {
                continue;
            }
            if let Some(path) = self.complex(path, property) {
                self.visited.push(step);
                let below = self.below_complex(&path);
                self.visited.pop();
                below?;
            }
        }
        Ok(())
    }

    /// The path of a property, if its type is complex.
    fn complex(&self, before: &ResourcePath, property: &Property<'_>) -> Option<ResourcePath> {
        let ItemType::Declared(ty) = property.ty.item else {
            return None;
        };
        self.schema.structured(ty)?;
        let path = next(self.schema, before, &property.name.text).ok()?;
        self.is_within(&path).then_some(path)
    }

    /// The path with a cast to each constrained type that it does not already contain.
    fn casts(&self, path: &ResourcePath) -> Vec<ResourcePath> {
        derived_types(self.schema, &path.target.restrictions.derived)
            .filter_map(|derived| {
                let name = self.schema[derived].qualified_name();
                let is_new = path.segments.iter().all(|segment| segment.text != name);
                is_new.then(|| cast(self.schema, path, &name, derived).ok())?
            })
            .collect()
    }

    fn navigation(&mut self, path: &ResourcePath) -> Result<(), TooManyPaths> {
        for (declaring, property) in self.schema.navigation_properties(path.target.ty) {
            self.navigate(path, declaring, property)?;
        }
        Ok(())
    }

    /// Adds bound composable functions, with one navigation property after each.
    fn functions(&mut self, before: &ResourcePath) -> Result<(), TooManyPaths> {
        for nth in 0..self.composable.len() {
            let Some(operation) = self.composable.get(nth).copied() else {
                break;
            };
            let at = (before.target.ty, before.target.is_collection);
            if !binds(self.schema, operation, at)
                || !is_allowed(self.schema, operation, &before.target.restrictions)
            {
                continue;
            }
            let text = format!("{}({})", operation.name.text, examples(operation));
            let Ok(path) = function(self.schema, before, &text, operation) else {
                continue;
            };
            if path.target.is_collection {
                continue;
            }
            for (declaring, property) in self.schema.navigation_properties(path.target.ty) {
                let step = (declaring, property.name.text.to_string());
                let target = navigation_target(self.schema, path.target.ty, property);
                if self.visited.contains(&step) || target.restrictions.is_not_navigable {
                    continue;
                }
                let path = path.then(Segment::of(&property.name.text, SegmentKind::Name), target);
                if self.is_within(&path) {
                    self.take(path)?;
                }
            }
        }
        Ok(())
    }

    fn take(&mut self, path: ResourcePath) -> Result<(), TooManyPaths> {
        if self.found.len() >= self.bounds.paths {
            return Err(TooManyPaths);
        }
        self.found.push(corrected(self.schema, self.facts, path));
        Ok(())
    }

    fn navigate(
        &mut self,
        before: &ResourcePath,
        declaring: TypeId,
        property: &NavigationProperty<'_>,
    ) -> Result<(), TooManyPaths> {
        let source = before.target.ty;
        let step = (declaring, property.name.text.to_string());
        if self.visited.contains(&step) {
            return Ok(());
        }
        let mut target = navigation_target(self.schema, source, property);
        if target.restrictions.is_not_navigable {
            return Ok(());
        }
        // Linked items end a path, so the facts about links apply before the path is complete.
        let facts = self
            .facts
            .property_capabilities(self.schema, source, &step.1);
        let referenceable = &mut target.restrictions.referenceable;
        *referenceable = facts.referenceable.or(*referenceable);
        let path = before.then(Segment::of(&property.name.text, SegmentKind::Name), target);
        self.visited.push(step);
        let visited = self.visit(path);
        self.visited.pop();
        visited
    }

    /// Adds a path for each alternate key of a collection.
    fn alternate(&mut self, set: &ResourcePath) -> Result<(), TooManyPaths> {
        for key in alternate_keys(self.schema, set.target.ty) {
            let arguments: Vec<String> = key
                .iter()
                .map(|KeyPart { name, alias }| {
                    let ty = property_primitive(self.schema, set.target.ty, name);
                    literals::example(alias, ty)
                })
                .collect();
            let Some(name) = set.segments.last().map(|segment| segment.text.clone()) else {
                continue;
            };
            let text = format!("{name}({})", arguments.join(","));
            if let Ok(path) = keyed(self.schema, set.clone(), &text) {
                self.take(path)?;
            }
        }
        Ok(())
    }
}

/// Whether the facts give a complex property its own URL.
fn addresses(facts: CapabilityFacts) -> bool {
    [facts.updatable, facts.readable, facts.insertable].contains(&Some(true))
}

/// Whether a complex property is annotated as readable, updatable or insertable, so that it has its
/// own URL.
fn is_addressed(annotations: &[&Annotation<'_>]) -> bool {
    let annotations = || annotations.iter().copied();
    let update = update_restrictions::of(annotations());
    update.is_some_and(|update| update.updatable == Some(true))
        || read_restrictions::of(annotations()).is_some_and(|read| read.readable == Some(true))
        || insert_restrictions::insertable(annotations()) == Some(true)
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};
    use std::io::Write;

    use super::*;
    use crate::read::{read_file, read_schema};
    use crate::source::Sources;

    /// The test harness hides the output of `eprintln!` if the test passes.
    fn skipped(test: &str, file: &str) {
        let _ = writeln!(std::io::stderr(), "SKIPPED {test}: `{file}` is absent");
    }

    /// Microsoft's conversion of this metadata to OpenAPI has 2,128 updates by PATCH and 20 by PUT.
    /// The test compares the counts of those by PATCH by kind, number of segments, and target type.
    /// `docs/paths.md` explains the one that we lack.
    #[test]
    fn updates_of_the_corrected_metadata_are_microsofts() {
        let test = "path::enumerate::updates_of_the_corrected_metadata_are_microsofts";
        let Some(all) = corrected_metadata(test) else {
            return;
        };
        let (put, mut patch): (Vec<_>, Vec<_>) = all
            .iter()
            .filter(|path| path.target.offers_update())
            .map(|path| (path.template(), path.target.kind, path.target.ty))
            .partition(|(template, ..)| PUT.contains(&template.as_str()));
        let by_put = all
            .iter()
            .filter(|path| path.target.offers_update() && path.target.restrictions.put);
        assert!(by_put.map(ResourcePath::template).eq(PUT));
        assert_eq!(put.len(), 20);

        let keyless = "/invitations/invitedUser/mailboxSettings";
        assert!(all.iter().all(|path| path.template() != keyless));
        let settings = patch
            .iter()
            .find(|(template, ..)| template == "/me/mailboxSettings");
        let (_, kind, ty) = settings.unwrap();
        patch.push((keyless.to_owned(), *kind, *ty));

        let mut kinds: BTreeMap<TargetKind, usize> = BTreeMap::new();
        let mut lengths: BTreeMap<usize, usize> = BTreeMap::new();
        for (template, kind, _) in &patch {
            *kinds.entry(*kind).or_default() += 1;
            *lengths.entry(template.matches('/').count()).or_default() += 1;
        }
        assert_eq!(patch.len(), 2128);
        assert_eq!(
            kinds,
            BTreeMap::from([
                (TargetKind::Singleton, 30),
                (TargetKind::Entity, 45),
                (TargetKind::Navigation, 1967),
                (TargetKind::Complex, 86),
            ])
        );
        let expected = [
            37, 118, 238, 303, 306, 278, 178, 170, 132, 103, 96, 62, 60, 30, 11, 4, 2,
        ];
        assert!(lengths.into_iter().eq((1..).zip(expected)));
        let types: BTreeSet<TypeId> = patch.iter().map(|(_, _, ty)| *ty).collect();
        assert_eq!(types.len(), 812);
        let templates: BTreeSet<String> = all.iter().map(ResourcePath::template).collect();
        assert_eq!(templates.len(), all.len(), "each path once");
    }

    /// One path for each rule that includes or excludes it.
    #[test]
    fn each_rule_shows_in_the_corrected_metadata() {
        let Some(all) =
            corrected_metadata("path::enumerate::each_rule_shows_in_the_corrected_metadata")
        else {
            return;
        };
        let updates: BTreeSet<String> = all
            .iter()
            .filter(|path| path.target.offers_update())
            .map(ResourcePath::template)
            .collect();
        for there in [
            // Alternate keys, of an entity set and of contained navigation.
            "/applications(appId='{appId}')",
            "/applications/{application-id}/federatedIdentityCredentials(name='{name}')",
            // Composable functions, on an item of an entity set and of contained navigation.
            "/sites/{site-id}/getByPath(path='{path}')/onenote",
            "/groups/{group-id}/sites/{site-id}/getByPath(path='{path}')/onenote",
            // Navigation properties of a readable complex property, and of one inside it.
            "/identity/b2xUserFlows/{b2xIdentityUserFlow-id}/apiConnectorConfiguration/postFederationSignup",
            "/identity/authenticationEventsFlows/{authenticationEventsFlow-id}/conditions/applications/includeApplications/{authenticationConditionApplication-id}",
            // After a cast.
            "/places/{place-id}/microsoft.graph.building/map",
        ] {
            assert!(updates.contains(there), "{there}");
        }
        for absent in [
            // Linked only: `Referenceable`.
            "/education/me/assignments/{educationAssignment-id}/categories/{educationCategory-id}",
            // Not `IndexableByKey`: an entity set, and navigation.
            "/invitations/{invitation-id}",
            "/me/calendarView/{event-id}",
            // Not contained, and not annotated as updatable.
            "/me/manager",
        ] {
            assert!(!updates.contains(absent), "{absent}");
        }
    }

    /// Rules with few or no examples in the published metadata.
    #[test]
    fn each_rule_holds_alone() {
        const SHELF: &str = r#"
            <edmx:Edmx Version="4.0" xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx"><edmx:DataServices>
            <Schema Namespace="lib" Alias="l" xmlns="http://docs.oasis-open.org/odata/ns/edm">
              <EntityType Name="shelf">
                <Key><PropertyRef Name="id" /></Key>
                <Property Name="id" Type="Edm.String" Nullable="false" />
                <Property Name="plain" Type="lib.box" />
                <Property Name="readable" Type="lib.box">
                  <Annotation Term="Org.OData.Capabilities.V1.ReadRestrictions"><Record><PropertyValue Property="Readable" Bool="true" /></Record></Annotation>
                  <Annotation Term="Org.OData.Validation.V1.DerivedTypeConstraint"><Collection><String>l.crate</String></Collection></Annotation>
                </Property>
                <NavigationProperty Name="linked" Type="Collection(lib.book)" ContainsTarget="true">
                  <Annotation Term="Org.OData.Capabilities.V1.NavigationRestrictions"><Record><PropertyValue Property="Referenceable" Bool="true" /></Record></Annotation>
                </NavigationProperty>
                <NavigationProperty Name="keyless" Type="Collection(lib.book)" ContainsTarget="true">
                  <Annotation Term="Org.OData.Capabilities.V1.NavigationRestrictions"><Record>
                    <PropertyValue Property="RestrictedProperties"><Collection><Record><PropertyValue Property="IndexableByKey" Bool="false" /></Record></Collection></PropertyValue>
                  </Record></Annotation>
                </NavigationProperty>
                <NavigationProperty Name="fixed" Type="lib.book" ContainsTarget="true">
                  <Annotation Term="Org.OData.Capabilities.V1.NavigationRestrictions"><Record>
                    <PropertyValue Property="RestrictedProperties"><Collection><Record>
                      <PropertyValue Property="UpdateRestrictions"><Record><PropertyValue Property="Updatable" Bool="false" /></Record></PropertyValue>
                    </Record></Collection></PropertyValue>
                  </Record></Annotation>
                </NavigationProperty>
                <NavigationProperty Name="bound" Type="lib.book" ContainsTarget="true">
                  <Annotation Term="Org.OData.Core.V1.ExplicitOperationBindings"><Collection><String>l.next</String></Collection></Annotation>
                </NavigationProperty>
                <NavigationProperty Name="stamps" Type="Collection(lib.stamp)" ContainsTarget="true">
                  <Annotation Term="Org.OData.Capabilities.V1.UpdateRestrictions"><Record><PropertyValue Property="Updatable" Bool="true" /></Record></Annotation>
                </NavigationProperty>
                <NavigationProperty Name="stamp" Type="lib.stamp">
                  <Annotation Term="Org.OData.Capabilities.V1.UpdateRestrictions"><Record><PropertyValue Property="Updatable" Bool="true" /></Record></Annotation>
                </NavigationProperty>
              </EntityType>
              <EntityType Name="book">
                <Key><PropertyRef Name="id" /></Key>
                <Property Name="id" Type="Edm.String" Nullable="false" />
                <NavigationProperty Name="cover" Type="lib.stamp" ContainsTarget="true" />
                <NavigationProperty Name="page" Type="lib.page" ContainsTarget="true" />
              </EntityType>
              <EntityType Name="page">
                <Key><PropertyRef Name="id" /></Key>
                <Property Name="id" Type="Edm.String" Nullable="false" />
              </EntityType>
              <EntityType Name="stamp">
                <Key><PropertyRef Name="id" /></Key>
                <Property Name="id" Type="Edm.String" Nullable="false" />
                <Annotation Term="Org.OData.Capabilities.V1.UpdateRestrictions"><Record><PropertyValue Property="Updatable" Bool="false" /></Record></Annotation>
              </EntityType>
              <ComplexType Name="box">
                <Property Name="inner" Type="lib.box" />
                <NavigationProperty Name="note" Type="lib.page" ContainsTarget="true" />
              </ComplexType>
              <ComplexType Name="crate" BaseType="lib.box">
                <NavigationProperty Name="label" Type="lib.page" ContainsTarget="true" />
              </ComplexType>
              <Function Name="next" IsBound="true" IsComposable="true">
                <Parameter Name="binding" Type="lib.book" />
                <ReturnType Type="lib.book" />
                <Annotation Term="Org.OData.Core.V1.RequiresExplicitBinding" />
              </Function>
              <EntityContainer Name="Service">
                <Singleton Name="shelf" Type="lib.shelf" />
                <EntitySet Name="orders" EntityType="lib.page">
                  <Annotation Term="Org.OData.Capabilities.V1.IndexableByKey" Bool="false" />
                </EntitySet>
              </EntityContainer>
            </Schema></edmx:DataServices></edmx:Edmx>"#;
        let mut sources = Sources::new();
        let id = sources.add("shelf.csdl", SHELF.trim());
        let schema = read_schema(&sources, &[id]).unwrap();
        let bounds = Bounds {
            navigations: None,
            paths: 100,
        };
        let updates: Vec<String> = enumerate(&schema, &Facts::default(), None, bounds)
            .unwrap()
            .iter()
            .filter(|path| path.target.offers_update())
            .map(ResourcePath::template)
            .collect();
        assert_eq!(
            updates,
            [
                "/shelf",
                "/shelf/bound",
                "/shelf/bound/next()/page",
                "/shelf/bound/page",
                "/shelf/fixed/page",
                "/shelf/readable/inner/note",
                "/shelf/readable/lib.crate/inner/note",
                "/shelf/readable/lib.crate/label",
                "/shelf/readable/lib.crate/note",
                "/shelf/readable/note",
                "/shelf/stamp",
            ]
        );
    }

    const PUT: [&str; 20] = [
        "/applications/{application-id}/synchronization",
        "/applications/{application-id}/synchronization/secrets",
        "/connections/{externalConnection-id}/items/{externalItem-id}",
        "/external/connections/{externalConnection-id}/items/{externalItem-id}",
        "/groups/{group-id}/team",
        "/groups/{group-id}/team/schedule",
        "/identityGovernance/accessReviews/definitions/{accessReviewScheduleDefinition-id}",
        "/identityGovernance/entitlementManagement/assignmentPolicies/{accessPackageAssignmentPolicy-id}",
        "/identityGovernance/entitlementManagement/controlConfigurations/{controlConfiguration-id}",
        "/me/joinedTeams/{team-id}/schedule",
        "/me/settings/workHoursAndLocations/occurrences/{workPlanOccurrence-id}",
        "/me/settings/workHoursAndLocations/recurrences/{workPlanRecurrence-id}",
        "/policies/crossTenantAccessPolicy/partners/{crossTenantAccessPolicyConfigurationPartner-id}/identitySynchronization",
        "/servicePrincipals/{servicePrincipal-id}/synchronization",
        "/servicePrincipals/{servicePrincipal-id}/synchronization/secrets",
        "/teams/{team-id}/schedule",
        "/tenantRelationships/multiTenantOrganization",
        "/users/{user-id}/joinedTeams/{team-id}/schedule",
        "/users/{user-id}/settings/workHoursAndLocations/occurrences/{workPlanOccurrence-id}",
        "/users/{user-id}/settings/workHoursAndLocations/recurrences/{workPlanRecurrence-id}",
    ];

    /// All paths of the metadata that Microsoft's SDKs are generated from, if present.
    fn corrected_metadata(test: &str) -> Option<Vec<ResourcePath>> {
        let file = concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/../../shared/metadata/v1.0-global-clean.csdl"
        );
        let mut sources = Sources::new();
        let Ok(id) = read_file(&mut sources, file) else {
            skipped(test, file);
            return None;
        };
        let schema = read_schema(&sources, &[id]).unwrap();
        let bounds = Bounds {
            navigations: None,
            paths: 100_000,
        };
        Some(enumerate(&schema, &Facts::default(), None, bounds).unwrap())
    }

    /// Cyclic containment without a limit is an error.
    #[test]
    fn a_bound_ends_the_enumeration() {
        let file = concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/../../shared/metadata/v1.0-global.csdl"
        );
        let mut sources = Sources::new();
        let Ok(id) = read_file(&mut sources, file) else {
            skipped("path::enumerate::a_bound_ends_the_enumeration", file);
            return;
        };
        let schema = read_schema(&sources, &[id]).unwrap();
        let unbounded = Bounds {
            navigations: None,
            paths: 20_000,
        };
        assert_eq!(
            enumerate(&schema, &Facts::default(), None, unbounded),
            Err(TooManyPaths)
        );
        let bounded = Bounds {
            navigations: Some(2),
            ..unbounded
        };
        let paths = enumerate(&schema, &Facts::default(), None, bounded).unwrap();
        let names = |path: &ResourcePath| {
            let names = path
                .segments
                .iter()
                .filter(|segment| segment.kind == SegmentKind::Name);
            names.count()
        };
        assert_eq!(paths.iter().map(names).max(), Some(3));
        assert!(paths.len() > 300);
    }
}
