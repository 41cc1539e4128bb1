//! The body of an update, the values inside it, and what a response is read as.

#![cfg(feature = "command")]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test reports failures by panicking"
)]

mod published;

use std::path::Path;

use msgraph_codegen::Config;
use msgraph_codegen::command::Survey;
use msgraph_codegen::ir::{
    Api, Body, Enumeration, Field, Operation, Response, ResponseValue, Role, Struct,
};

const SCHEMA: &str = r#"
<EntityType Name="user">
  <Key><PropertyRef Name="id"/></Key>
  <Property Name="id" Type="Edm.String" Nullable="false"/>
  <Property Name="displayName" Type="Edm.String"/>
  <Property Name="password" Type="Edm.String"/>
  <Property Name="photo" Type="Edm.Stream"/>
  <Property Name="age" Type="graph.age">
    <Annotation Term="Org.OData.Core.V1.Computed" Bool="true"/>
  </Property>
  <NavigationProperty Name="methods" Type="Collection(graph.method)" ContainsTarget="true"/>
  <NavigationProperty Name="manager" Type="graph.user"/>
</EntityType>
<ComplexType Name="age">
  <Property Name="years" Type="Edm.Int32"/>
  <Property Name="unit" Type="graph.unit"/>
</ComplexType>
<EnumType Name="unit"><Member Name="day"/><Member Name="unknownValue"/></EnumType>
<EntityType Name="method" Abstract="true">
  <Key><PropertyRef Name="id"/></Key>
  <Property Name="id" Type="Edm.String" Nullable="false"/>
  <Property Name="created" Type="Edm.DateTimeOffset">
    <Annotation Term="Org.OData.Core.V1.Immutable" Bool="true"/>
  </Property>
</EntityType>
<EntityType Name="passMethod" BaseType="graph.method"/>
<EntityType Name="keyMethod" BaseType="graph.method"/>
<EntityType Name="policy">
  <Key><PropertyRef Name="id"/></Key>
  <Property Name="id" Type="Edm.String" Nullable="false"/>
  <NavigationProperty Name="owners" Type="Collection(graph.user)" ContainsTarget="true"/>
  <NavigationProperty Name="allowed" Type="Collection(graph.method)" ContainsTarget="true"/>
</EntityType>
<EntityContainer Name="container">
  <EntitySet Name="users" EntityType="graph.user"/>
  <EntitySet Name="policies" EntityType="graph.policy"/>
</EntityContainer>"#;

const NESTED: &str = "[[update]]\npath = \"/policies/{id}\"\n\
     [type.\"microsoft.graph.policy\"]\ninline = [\"owners\"]\n";

fn survey(manifest: &str) -> Api {
    let directory = tempfile::tempdir().unwrap();
    let document = format!(
        "<edmx:Edmx Version=\"4.0\" xmlns:edmx=\"http://docs.oasis-open.org/odata/ns/edmx\">\
         <edmx:DataServices><Schema Namespace=\"microsoft.graph\" Alias=\"graph\" \
         xmlns=\"http://docs.oasis-open.org/odata/ns/edm\">{SCHEMA}</Schema></edmx:DataServices>\
         </edmx:Edmx>"
    );
    std::fs::write(directory.path().join("metadata.csdl"), document).unwrap();
    let path = directory.path().join("graph.toml");
    let head = "metadata = { \"v1.0\" = \"metadata.csdl\" }\napi-version = \"v1.0\"\n";
    std::fs::write(&path, format!("{head}{manifest}")).unwrap();
    surveyed(&Config::new(path)).index
}

fn surveyed(config: &Config) -> Survey {
    let survey = config.survey().unwrap();
    assert!(survey.unavailable.is_empty(), "{:?}", survey.unavailable);
    survey
}

fn structure<'a>(api: &'a Api, name: &str) -> &'a Struct {
    let mut structs = api.structs.iter();
    structs
        .find(|ty| ty.rust.as_str() == name)
        .unwrap_or_else(|| panic!("no struct `{name}`"))
}

fn names(api: &Api) -> Vec<&str> {
    api.structs.iter().map(|ty| ty.rust.as_str()).collect()
}

fn field<'a>(ty: &'a Struct, wire: &str) -> &'a Field {
    let mut fields = ty.fields.iter();
    fields
        .find(|field| field.wire == wire)
        .unwrap_or_else(|| panic!("no field `{wire}` in `{}`", ty.rust))
}

fn wires(ty: &Struct) -> Vec<&str> {
    ty.fields.iter().map(|field| field.wire.as_str()).collect()
}

fn update<'a>(api: &'a Api, path: &str) -> &'a Operation {
    let mut operations = api.operations.iter();
    operations
        .find(|operation| operation.path == path)
        .unwrap_or_else(|| panic!("no update of `{path}`"))
}

fn read_as(operation: &Operation) -> &Body {
    match operation.response.value() {
        Some(ResponseValue::Structured(body)) => body,
        other => panic!("{other:?} is not structured"),
    }
}

#[test]
fn an_entity_that_is_a_body_and_a_value_has_two_structs() {
    let api = survey(&format!("{NESTED}[[update]]\npath = \"/users/{{id}}\"\n"));
    assert_eq!(names(&api), ["Age", "PolicyPatch", "UserPatch", "User"]);
    let (patch, plain) = (structure(&api, "UserPatch"), structure(&api, "User"));
    assert_eq!((patch.role, plain.role), (Role::Patch, Role::Plain));
    assert_eq!(
        wires(patch),
        ["displayName", "password", "manager@odata.bind"]
    );
    assert_eq!(
        wires(plain),
        ["id", "displayName", "password", "age", "manager@odata.bind"]
    );
    assert!(field(plain, "age").read_only);
    assert!(!field(plain, "id").read_only && field(plain, "id").is_key);
    assert!(field(plain, "password").secret && !field(plain, "displayName").secret);
    let left_out: Vec<&str> = plain.left_out.iter().map(|it| it.wire.as_str()).collect();
    assert_eq!(left_out, ["photo"]);
    // The update of a policy sends users as values.
    let policy = structure(&api, "PolicyPatch");
    assert_eq!(field(policy, "owners").csdl.item, "microsoft.graph.user");
    assert_eq!(
        api.operations
            .iter()
            .filter(|it| it.response != Response::UNTYPED)
            .count(),
        0
    );
}

#[test]
fn a_type_without_a_path_is_an_update_with_its_key() {
    let api = survey("[[struct]]\ntype = \"microsoft.graph.user\"\n");
    assert_eq!(names(&api), ["UserPatch"]);
    assert!(field(structure(&api, "UserPatch"), "id").is_key);
}

#[test]
fn settings_make_read_only_properties_writable() {
    let api = survey(&format!(
        "{NESTED}[property.\"microsoft.graph.user/age\"]\nsend = true\n"
    ));
    assert!(!field(structure(&api, "User"), "age").read_only);
    let api = survey(&format!("send-read-only = true\n{NESTED}"));
    assert!(!field(structure(&api, "User"), "age").read_only);
    let api = survey(&format!(
        "{NESTED}[property.\"microsoft.graph.user/displayName\"]\nsend = false\n"
    ));
    assert!(field(structure(&api, "User"), "displayName").read_only);
}

#[test]
fn a_replaced_value_does_not_carry_over_what_is_read_only() {
    let api = survey(&format!(
        "{NESTED}[type.\"microsoft.graph.user\"]\nreplaces = true\n"
    ));
    assert_eq!(
        structure(&api, "User").not_sent,
        ["photo", "age", "methods", "manager"]
    );
}

#[test]
fn responses_are_read_as_values() {
    let api = survey(
        "read = true\n[[update]]\npath = \"/users/{id}\"\n\
         [[update]]\npath = \"/users/{id}/methods/{id}\"\n",
    );
    let names = names(&api);
    for name in ["UserPatch", "User", "PassMethodPatch", "PassMethod"] {
        assert!(names.contains(&name), "{name}");
    }
    assert!(structure(&api, "User").has_constants);
    assert!(!structure(&api, "UserPatch").has_constants);
    assert!(!structure(&api, "Age").has_constants);
    let user = update(&api, "/users/{id}");
    assert_eq!(read_as(user).ty.path, ["User"]);
    let method = update(&api, "/users/{id}/methods/{id}");
    let (body, response) = (method.body.as_ref().unwrap(), read_as(method));
    assert_eq!(body.ty.path, ["AnyMethodPatch"]);
    assert!(body.is_union && response.is_union);
    assert_eq!(response.ty.path, ["AnyMethod"]);
    let unions: Vec<(&str, Role, usize)> = api
        .unions
        .iter()
        .map(|union| (union.rust.as_str(), union.role, union.members.len()))
        .collect();
    assert_eq!(
        unions,
        [
            ("AnyMethodPatch", Role::Patch, 2),
            ("AnyMethod", Role::Plain, 2)
        ]
    );
    let pass = structure(&api, "PassMethod");
    let [membership] = pass.unions.as_slice() else {
        panic!("{:?}", pass.unions);
    };
    assert_eq!(membership.union.path, ["AnyMethod"]);
    assert!(field(pass, "created").immutable && !field(pass, "created").read_only);
}

#[test]
fn only_what_a_request_may_send_has_setters() {
    let user = "[[update]]\npath = \"/users/{id}\"\n";
    let setters = |api: &Api, ty: &str| -> Vec<String> {
        let fields = structure(api, ty).fields.iter();
        fields.filter_map(|field| field.setter.clone()).collect()
    };
    let read = survey(&format!("read = true\n{user}"));
    assert_eq!(
        setters(&read, "UserPatch"),
        ["with_display_name", "with_password", "with_manager_bind"]
    );
    assert_eq!(setters(&read, "User"), [""; 0]);
    assert_eq!(setters(&read, "Age"), [""; 0]);
    // The update of a policy sends users as values.
    let nested = survey(&format!("read = true\n{NESTED}{user}"));
    assert_eq!(
        setters(&nested, "User"),
        [
            "with_id",
            "with_display_name",
            "with_password",
            "with_manager_bind"
        ]
    );
    let named = survey(&format!(
        "read = true\n{user}[[struct]]\ntype = \"microsoft.graph.age\"\n"
    ));
    assert_eq!(setters(&named, "Age"), ["with_years", "with_unit"]);
}

#[test]
fn keys_are_named_after_their_set() {
    let arguments = |path: &str| -> Vec<String> {
        let api = survey(&format!("[[update]]\npath = \"{path}\"\n"));
        let parameters = api.operations.iter().flat_map(|it| it.parameters.clone());
        parameters.map(|parameter| parameter.rust).collect()
    };
    assert_eq!(
        arguments("/users/{id}/methods/{id}"),
        ["user_id", "method_id"]
    );
    assert_eq!(
        arguments("/policies/{id}/owners/{user-principal-name}/methods/{id}"),
        ["policy_id", "user_principal_name", "method_id"]
    );
    assert_eq!(arguments("/users('{id}')"), ["user_id"]);
    // As in a path of the whole API, where placeholders are named after the type of the item.
    assert_eq!(
        arguments("/policies/{policy-id}/owners/{user-id}/methods/{user-id1}"),
        ["policy_id", "owner_id", "method_id"]
    );
    assert_eq!(
        arguments("/policies/{id}/allowed/microsoft.graph.passMethod/{id}"),
        ["policy_id", "allowed_id"]
    );
}

#[test]
fn no_member_has_the_variant_of_unknown_members() {
    let api = survey(NESTED);
    let [Enumeration { members, .. }] = api.enumerations.as_slice() else {
        panic!("{:?}", api.enumerations);
    };
    let names: Vec<&str> = members.iter().map(|member| member.rust.as_str()).collect();
    assert_eq!(names, ["Day", "UnknownValue2"]);
}

#[test]
fn a_name_in_the_manifest_names_every_role() {
    let api = survey(&format!(
        "{NESTED}[[update]]\npath = \"/users/{{id}}\"\nname = \"Person\"\n"
    ));
    assert_eq!(names(&api), ["Age", "PolicyPatch", "PersonPatch", "Person"]);
}

#[test]
fn the_whole_api_is_lowered() {
    let test = "roles::the_whole_api_is_lowered";
    let Some(document) = published::shared(test, "metadata/v1.0-global-clean.csdl") else {
        return;
    };
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR")).join("../metadata/graph.toml");
    let config = Config::new(manifest).metadata([document]).whole(None);
    let api = surveyed(&config).index;
    let arguments: Vec<&str> = update(
        &api,
        "/users/{user-id}/mailFolders/{mailFolder-id}/childFolders/{mailFolder-id1}/messages/{message-id}",
    )
    .parameters
    .iter()
    .map(|parameter| parameter.rust.as_str())
    .collect();
    assert_eq!(
        arguments,
        ["user_id", "mail_folder_id", "child_folder_id", "message_id"]
    );
    let count = |role| api.structs.iter().filter(|ty| ty.role == role).count();
    let (patches, values) = (count(Role::Patch), count(Role::Plain));
    assert!(patches > 500 && values > 500, "{patches} {values}");
    for ty in &api.structs {
        let is_patch = ty.is_entity && ty.rust.ends_with("Patch");
        assert_eq!(ty.role == Role::Patch, is_patch, "{}", ty.rust);
        assert!(
            ty.role == Role::Plain || ty.fields.iter().all(|field| !field.read_only),
            "{}",
            ty.rust
        );
    }
}
