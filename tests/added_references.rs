//! The emulator, like Graph, rejects a reference that already exists, so the client must not add one twice.
#![allow(clippy::unwrap_used, reason = "a test reports failures by panicking")]

use msgraph_emulator::{Emulator, Fault};
use msgraph_tap::runtime::edm::Reference;
use msgraph_tap::runtime::{
    __private as __rt, AccessToken, Client, Cloud, ErrorKind, Fate, Request,
};
use serde_json::json;

const METADATA: &str = r#"<?xml version="1.0" encoding="utf-8"?>
<edmx:Edmx Version="4.0" xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx">
  <edmx:DataServices>
    <Schema Namespace="microsoft.graph" Alias="graph" xmlns="http://docs.oasis-open.org/odata/ns/edm">
      <EntityType Name="person">
        <Key><PropertyRef Name="id" /></Key>
        <Property Name="id" Type="Edm.String" Nullable="false" />
      </EntityType>
      <EntityType Name="group">
        <Key><PropertyRef Name="id" /></Key>
        <Property Name="id" Type="Edm.String" Nullable="false" />
        <NavigationProperty Name="members" Type="Collection(graph.person)" />
      </EntityType>
      <EntityContainer Name="GraphService">
        <EntitySet Name="people" EntityType="graph.person" />
        <EntitySet Name="groups" EntityType="graph.group">
          <NavigationPropertyBinding Path="members" Target="people" />
        </EntitySet>
      </EntityContainer>
    </Schema>
  </edmx:DataServices>
</edmx:Edmx>"#;

struct GroupPatch {
    members: Option<Vec<Reference>>,
}

__rt::body! {
    GroupPatch: "microsoft.graph.group";
    "members@odata.bind" members;
}

#[tokio::test]
async fn a_member_that_may_have_been_added_is_not_added_again() {
    let emulator = Emulator::builder()
        .metadata_text("v1.0", "groups.csdl", METADATA)
        .seed("/v1.0/people/ada", json!({}))
        .seed("/v1.0/groups/7", json!({}))
        .start()
        .await
        .unwrap();
    let client = Client::builder(Cloud::Global, AccessToken::new("eyJ0eXAi").unwrap())
        .root(emulator.root().parse().unwrap())
        .build()
        .unwrap();
    let members = vec![Reference::to("/people/{id}", &[&"ada"])];
    let patch = GroupPatch {
        members: Some(members),
    };
    emulator.fault(Fault::GatewayTimeout { applied: true });
    let add = Request::patch("v1.0", "/groups/{id}", &[&"7"], &patch);
    let error = client.send(add.clone()).await.unwrap_err();
    assert_eq!(error.fate(), Fate::Unknown, "{error}");
    assert_eq!(error.call().map(|call| call.attempts), Some(1), "{error}");
    // The first attempt added it, so adding it again is an error.
    let again = client.send(add).await.unwrap_err();
    assert_eq!(again.status(), Some(400), "{again}");
    assert_eq!(again.kind(), ErrorKind::Service);
}
