//! A small tenant of people, and updates of them, for tests of the client against the emulator.

use msgraph_emulator::{Builder, Emulator};
use msgraph_tap::runtime::{__private as __rt, Request};

/// The whole metadata.
const METADATA: &str = r#"<?xml version="1.0" encoding="utf-8"?>
<edmx:Edmx Version="4.0" xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx">
  <edmx:DataServices>
    <Schema Namespace="microsoft.graph" Alias="graph" xmlns="http://docs.oasis-open.org/odata/ns/edm">
      <EntityType Name="person">
        <Key><PropertyRef Name="id" /></Key>
        <Property Name="id" Type="Edm.String" Nullable="false" />
        <Property Name="displayName" Type="Edm.String" Nullable="false" />
      </EntityType>
      <Action Name="welcome" IsBound="true">
        <Parameter Name="this" Type="graph.person" />
        <ReturnType Type="Edm.Boolean" Nullable="false" />
      </Action>
      <EntityContainer Name="GraphService">
        <EntitySet Name="people" EntityType="graph.person" />
      </EntityContainer>
    </Schema>
  </edmx:DataServices>
</edmx:Edmx>"#;

/// An update of a person.
pub(crate) struct PersonPatch {
    display_name: Option<String>,
}

impl PersonPatch {
    /// Names the person.
    pub(crate) fn named(name: impl Into<String>) -> Self {
        let display_name = Some(name.into());
        Self { display_name }
    }
}

__rt::body! {
    PersonPatch: "microsoft.graph.person";
    "displayName" display_name;
}

/// The template of a person.
pub(crate) const PERSON: &str = "/people/{person-id}";

/// The update of a person.
pub(crate) fn update<'a>(id: &str, patch: &'a PersonPatch) -> Request<'a> {
    Request::patch("v1.0", PERSON, &[&id], patch).permissions(&["Person.ReadWrite.All"])
}

/// The creation of a person.
#[allow(dead_code, reason = "each test file uses its part")]
pub(crate) fn create(new: &PersonPatch) -> Request<'_> {
    Request::post("v1.0", "/people", &[], new).permissions(&["Person.ReadWrite.All"])
}

/// The action of a person.
#[allow(dead_code, reason = "each test file uses its part")]
pub(crate) fn welcome(id: &str) -> Request<'static> {
    Request::post_empty("v1.0", WELCOME, &[&id])
}

/// The template of the action.
#[allow(dead_code, reason = "each test file uses its part")]
pub(crate) const WELCOME: &str = "/people/{person-id}/welcome";

/// An emulator of the tenant, to be filled.
pub(crate) fn tenant() -> Builder {
    Emulator::builder().metadata_text("v1.0", "people.csdl", METADATA)
}
