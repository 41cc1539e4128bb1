//! `diff` finds exactly the random edits of random models, and nothing else.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test reports failures by panicking"
)]

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;

use msgraph_cli::diff::change::Kind;
use msgraph_cli::diff::compare;
use msgraph_codegen::Config;
use msgraph_codegen::command::Survey;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::Index;

const TYPES: [&str; 6] = [
    "Edm.String",
    "Edm.Int32",
    "Edm.Boolean",
    "Edm.Double",
    "@colour",
    "@size",
];

#[derive(Clone, Debug)]
struct Property {
    name: String,
    ty: usize,
    is_collection: bool,
    nullable: bool,
}

/// A base type and its derived types.
#[derive(Clone, Debug)]
struct Family {
    base: Vec<Property>,
    derived: Vec<Vec<Property>>,
}

#[derive(Clone, Debug)]
struct Model {
    alias: String,
    /// Rotates the order of declarations by this number.
    turn: usize,
    families: Vec<Family>,
    members: Vec<String>,
    /// Derived types that no longer derive from the base type of their family.
    orphans: BTreeSet<(usize, usize)>,
}

/// A model, and random choices for its edits.
fn models() -> impl Strategy<Value = Model> {
    let properties = || vec((0..TYPES.len(), any::<bool>(), any::<bool>()), 1..4);
    let family = (properties(), vec(properties(), 1..4));
    (vec(family, 1..4), 2..6_usize).prop_map(|(families, members)| {
        let named = |place: String, properties: Vec<(usize, bool, bool)>| -> Vec<Property> {
            let properties = properties.into_iter().enumerate();
            properties
                .map(|(nth, (ty, is_collection, nullable))| Property {
                    name: format!("p{place}of{nth}"),
                    ty,
                    is_collection,
                    nullable,
                })
                .collect()
        };
        let families = families.into_iter().enumerate();
        Model {
            alias: "self".to_owned(),
            turn: 0,
            families: families
                .map(|(nth, (base, derived))| Family {
                    base: named(format!("Base{nth}"), base),
                    derived: derived
                        .into_iter()
                        .enumerate()
                        .map(|(at, properties)| named(format!("Derived{nth}x{at}"), properties))
                        .collect(),
                })
                .collect(),
            members: (0..members).map(|nth| format!("m{nth}")).collect(),
            orphans: BTreeSet::new(),
        }
    })
}

impl Model {
    fn csdl(&self) -> String {
        let alias = &self.alias;
        let mut types = vec![
            "<ComplexType Name=\"size\"><Property Name=\"width\" Type=\"Edm.Int32\"/></ComplexType>"
                .to_owned(),
            "<EntityType Name=\"thing\" Abstract=\"true\"><Key><PropertyRef Name=\"id\"/></Key>\
             <Property Name=\"id\" Type=\"Edm.String\" Nullable=\"false\"/></EntityType>"
                .to_owned(),
        ];
        let members = self.members.iter().enumerate();
        let members: String = members
            .map(|(value, name)| format!("<Member Name=\"{name}\" Value=\"{value}\"/>"))
            .collect();
        types.push(format!("<EnumType Name=\"colour\">{members}</EnumType>"));
        let mut sets = String::from("<Singleton Name=\"one\" Type=\"@holder\"/>");
        types.push(
            "<EntityType Name=\"holder\" BaseType=\"@thing\"><Property Name=\"colour\" Type=\"@colour\"/>\
             <Property Name=\"size\" Type=\"@size\"/></EntityType>"
                .to_owned(),
        );
        for (nth, family) in self.families.iter().enumerate() {
            types.push(format!(
                "<EntityType Name=\"base{nth}\" Abstract=\"true\" BaseType=\"@thing\">{}</EntityType>",
                self.properties(&family.base)
            ));
            for (at, properties) in family.derived.iter().enumerate() {
                let base = match self.orphans.contains(&(nth, at)) {
                    true => "thing".to_owned(),
                    false => format!("base{nth}"),
                };
                types.push(format!(
                    "<EntityType Name=\"derived{nth}x{at}\" BaseType=\"@{base}\">{}</EntityType>",
                    self.properties(properties)
                ));
                write!(
                    sets,
                    "<EntitySet Name=\"set{nth}x{at}\" EntityType=\"@derived{nth}x{at}\"/>"
                )
                .unwrap();
            }
        }
        let turn = self.turn % types.len();
        types.rotate_left(turn);
        let types = types.join("\n");
        let text = format!(
            "<edmx:Edmx Version=\"4.0\" xmlns:edmx=\"http://docs.oasis-open.org/odata/ns/edmx\">\
             <edmx:DataServices><Schema Namespace=\"org.random\" Alias=\"{alias}\" \
             xmlns=\"http://docs.oasis-open.org/odata/ns/edm\">{types}\
             <EntityContainer Name=\"all\">{sets}</EntityContainer></Schema></edmx:DataServices></edmx:Edmx>"
        );
        text.replace('@', &format!("{alias}."))
    }

    fn properties(&self, properties: &[Property]) -> String {
        let mut properties: Vec<String> = properties
            .iter()
            .map(|property| {
                let ty = TYPES[property.ty];
                let ty = if property.is_collection {
                    format!("Collection({ty})")
                } else {
                    ty.to_owned()
                };
                let nullable = property.nullable;
                let name = &property.name;
                format!("<Property Name=\"{name}\" Type=\"{ty}\" Nullable=\"{nullable}\"/>")
            })
            .collect();
        let turn = self.turn % properties.len().max(1);
        properties.rotate_left(turn);
        properties.concat()
    }

    fn survey(&self) -> Survey {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("model.csdl");
        fs::write(&path, self.csdl()).unwrap();
        Config::new("graph.toml")
            .manifest_text(
                "api-version = \"v1.0\"\n[metadata]\n\"v1.0\" = []\n[[update]]\npath = \"/**\"\n",
            )
            .metadata([path])
            .survey()
            .unwrap_or_else(|error| panic!("{error}\n{}", self.csdl()))
    }

    /// The positions of all properties: family, and derived type or base.
    fn places(&self) -> Vec<(usize, Option<usize>)> {
        let families = self.families.iter().enumerate();
        families
            .flat_map(|(nth, family)| {
                let derived = (0..family.derived.len()).map(move |at| (nth, Some(at)));
                derived.chain([(nth, None)])
            })
            .collect()
    }

    fn at(&mut self, (family, derived): (usize, Option<usize>)) -> &mut Vec<Property> {
        let family = &mut self.families[family];
        match derived {
            Some(at) => &mut family.derived[at],
            None => &mut family.base,
        }
    }

    /// Makes an edit in an unused position, and returns the changes that it causes.
    fn edit(&mut self, edit: usize, pick: Index, serial: usize) -> Vec<(Kind, String)> {
        let places = self.places();
        let place = places[pick.index(places.len())];
        let type_name = match place {
            (family, Some(at)) => format!("org.random.derived{family}x{at}"),
            (family, None) => format!("org.random.base{family}"),
        };
        let untouched = |property: &Property| !property.name.contains("New");
        let touched = |property: &mut Property| property.name.clone();
        let family_size = self.families[place.0].derived.len();
        let properties = self.at(place);
        let found = properties.iter().position(untouched);
        let element = |name: &str| format!("{type_name}/{name}");
        match (edit % 8, found) {
            (0, _) => {
                let name = format!("pNew{serial}");
                properties.push(Property {
                    name: name.clone(),
                    ty: serial % TYPES.len(),
                    is_collection: false,
                    nullable: true,
                });
                vec![(Kind::Added, element(&name))]
            }
            (1, Some(at)) => {
                let gone = properties.remove(at);
                vec![(Kind::Removed, element(&gone.name))]
            }
            (2, Some(at)) => {
                // The other edits do not find this name.
                let mut property = properties.remove(at);
                let name = touched(&mut property);
                property.ty = (property.ty + 1) % TYPES.len();
                properties.push(property);
                vec![(Kind::Retyped, element(&name))]
            }
            (3, Some(at)) if !properties[at].is_collection => {
                let property = &mut properties[at];
                property.nullable = !property.nullable;
                vec![(Kind::Nullability, element(&property.name))]
            }
            (4, Some(at)) if place.1.is_some() => {
                let moved = properties.remove(at);
                let name = moved.name.clone();
                self.families[place.0].base.push(moved);
                let mut changes = vec![(Kind::Moved, element(&name))];
                if family_size > 1 {
                    // The other derived types now have it too.
                    changes.push((Kind::Added, format!("org.random.base{}/{name}", place.0)));
                }
                changes
            }
            (5, _) => {
                let name = format!("new{serial}");
                self.members.push(name.clone());
                vec![(Kind::Added, format!("org.random.colour/{name}"))]
            }
            (6, _) if self.members.len() > 1 && self.members[0].starts_with('m') => {
                let gone = self.members.remove(0);
                vec![(Kind::Removed, format!("org.random.colour/{gone}"))]
            }
            (7, _) if place.1.is_some() => {
                self.orphans.extend(place.1.map(|at| (place.0, at)));
                let inherited = self.families[place.0].base.iter();
                let lost = inherited.map(|property| (Kind::Removed, element(&property.name)));
                let moved = (Kind::Moved, type_name.clone());
                lost.chain([moved]).collect()
            }
            _ => Vec::new(),
        }
    }
}

fn found(old: &Model, new: &Model) -> BTreeSet<(Kind, String)> {
    let changes = compare(&old.survey(), &new.survey()).changes;
    let changes = changes.into_iter();
    changes
        .map(|change| (change.kind, change.element))
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, ..ProptestConfig::default() })]

    /// Another alias or another order of declarations is not a change, with or without other edits.
    #[test]
    fn an_edit_is_found_and_nothing_else(
        model in models(),
        edit in 0..8_usize,
        pick in any::<Index>(),
        turn in 0..9_usize,
    ) {
        let mut edited = Model { alias: "other".to_owned(), turn, ..model.clone() };
        let expected: BTreeSet<_> = edited.edit(edit, pick, 0).into_iter().collect();
        prop_assert_eq!(found(&model, &edited), expected);
    }

    /// Several edits of different elements are found together.
    #[test]
    fn edits_of_different_types_are_found_together(
        model in models(),
        edits in vec((0..8_usize, any::<Index>()), 1..6),
    ) {
        let mut edited = model.clone();
        let mut expected = BTreeSet::new();
        let mut places = BTreeSet::new();
        for (serial, (edit, pick)) in edits.into_iter().enumerate() {
            let all = edited.places();
            // One edit per family, so that edits do not affect each other.
            if places.insert(all[pick.index(all.len())].0) {
                expected.extend(edited.edit(edit, pick, serial));
            }
        }
        prop_assert_eq!(found(&model, &edited), expected);
    }

    #[test]
    fn order_and_alias_are_no_change(model in models(), turn in 0..50_usize, alias in "[a-z]{1,6}") {
        let turned = Model { alias, turn, ..model.clone() };
        prop_assert_eq!(found(&model, &turned), BTreeSet::new());
    }
}
