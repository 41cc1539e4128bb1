//! What the real metadata offers, and small schemas for each rule.

use std::collections::{BTreeMap, BTreeSet};

use msgraph_csdl::facts::Facts;
use msgraph_csdl::path::{Bounds, ResourceOperation, calls, corrected, enumerate, walk, walk_call};
use msgraph_csdl::read::{read_facts, read_file, read_schema};
use msgraph_csdl::source::Sources;

use super::{built_in_facts, shared};

const ALL: Bounds = Bounds {
    navigations: None,
    paths: 100_000,
};

/// The counts of the corrected metadata without facts. Those of updates are the same as in
/// Microsoft's conversion to OpenAPI; the others are ours.
#[test]
fn operations_of_the_corrected_metadata_are_counted() {
    let test = "offered::operations_of_the_corrected_metadata_are_counted";
    let Some(metadata) = shared(test, "metadata/v1.0-global-clean.csdl") else {
        return;
    };
    let mut sources = Sources::new();
    let metadata = read_file(&mut sources, metadata).unwrap();
    let schema = read_schema(&sources, &[metadata]).unwrap();
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for path in enumerate(&schema, &Facts::default(), None, ALL).unwrap() {
        let offered = ResourceOperation::ALL.iter();
        for operation in offered.filter(|operation| path.target.offers(**operation)) {
            *counts.entry(operation.name()).or_default() += 1;
        }
        for call in calls(&schema, &path) {
            *counts.entry(call.method()).or_default() += 1;
            let again = walk_call(&schema, &call.template()).unwrap();
            assert_eq!(again.template(), call.template());
        }
    }
    let expected = [
        ("list", 2031),
        ("get", 3353),
        ("create", 1559),
        ("update", 2127),
        ("replace", 20),
        ("delete", 2041),
        ("add-ref", 36),
        ("set-ref", 10),
        ("remove-ref", 46),
        ("get-content", 153),
        ("put-content", 128),
        ("GET", 600),
        ("POST", 2507),
    ];
    assert_eq!(counts, BTreeMap::from(expected));
}

/// Microsoft's permission data lists methods and paths, mostly in lower case and without `/$ref`.
/// It covers v1.0 and beta, so a path that the metadata lacks is ignored.
#[test]
fn requests_with_permissions_are_offered() {
    let test = "offered::requests_with_permissions_are_offered";
    let (Some(metadata), Some(permissions)) = (
        shared(test, "metadata/v1.0-global-clean.csdl"),
        shared(test, "permissions/permissions.json"),
    ) else {
        return;
    };
    let mut sources = Sources::new();
    let metadata = read_file(&mut sources, metadata).unwrap();
    let permissions = std::fs::read_to_string(permissions).unwrap();
    let facts = built_in_facts(&mut sources);
    let schema = read_schema(&sources, &[metadata]).unwrap();
    let mut offered: BTreeMap<String, BTreeSet<&str>> = BTreeMap::new();
    for path in enumerate(&schema, &facts, None, ALL).unwrap() {
        let methods = offered.entry(folded(&path.template())).or_default();
        let operations = ResourceOperation::ALL.iter();
        let operations = operations.filter(|operation| path.target.offers(**operation));
        methods.extend(operations.map(|operation| operation.method()));
        for call in calls(&schema, &path) {
            let template = folded(&call.template());
            offered.entry(template).or_default().insert(call.method());
        }
    }
    let (mut known, mut missing) = (0, BTreeSet::new());
    for (method, path) in requests(&permissions) {
        if let Some(methods) = offered.get(&folded(&path)) {
            known += 1;
            if !methods.contains(method.as_str()) {
                missing.insert(format!("{method} {path}"));
            }
        }
    }
    // Most of the others are methods on a collection that belong to its items, or lack `/$ref`.
    assert_eq!((known, missing.len()), (3806, 100), "{missing:#?}");
}

/// The methods and paths in the permission data.
fn requests(permissions: &str) -> BTreeSet<(String, String)> {
    let data: serde_json::Value = serde_json::from_str(permissions).unwrap();
    let permissions = data["permissions"].as_object().unwrap().values();
    let sets = permissions.flat_map(|permission| permission["pathSets"].as_array().unwrap());
    let mut requests = BTreeSet::new();
    for set in sets {
        for method in set["methods"].as_array().unwrap() {
            for path in set["paths"].as_object().unwrap().keys() {
                let path = path.trim_end_matches("/$ref").trim_end_matches("/$value");
                requests.insert((method.as_str().unwrap().to_owned(), path.to_owned()));
            }
        }
    }
    requests
}

/// A template in lower case, without names of placeholders, quotes and the namespace of Graph.
fn folded(template: &str) -> String {
    let literals = msgraph_csdl::path::template::literals(template).collect::<Vec<_>>();
    let folded = literals.join("{}").to_lowercase().replace('\'', "");
    folded.replace("microsoft.graph.", "")
}

const SHELF: &str = r#"
    <edmx:Edmx Version="4.0" xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx"><edmx:DataServices>
    <Schema Namespace="lib" Alias="l" xmlns="http://docs.oasis-open.org/odata/ns/edm">
      <EnumType Name="order"><Member Name="up" Value="0" /></EnumType>
      <EntityType Name="base" Abstract="true"><Key><PropertyRef Name="id" /></Key><Property Name="id" Type="Edm.String" Nullable="false" /></EntityType>
      <EntityType Name="book" BaseType="lib.base">
        <Property Name="scan" Type="Edm.Stream" />
        <NavigationProperty Name="pages" Type="Collection(lib.page)" ContainsTarget="true" />
        <NavigationProperty Name="notes" Type="Collection(lib.page)" ContainsTarget="true">
          <Annotation Term="Org.OData.Capabilities.V1.InsertRestrictions"><Record><PropertyValue Property="Insertable" Bool="false" /></Record></Annotation>
          <Annotation Term="Org.OData.Capabilities.V1.DeleteRestrictions"><Record><PropertyValue Property="Deletable" Bool="false" /></Record></Annotation>
          <Annotation Term="Org.OData.Capabilities.V1.ReadRestrictions"><Record><PropertyValue Property="Readable" Bool="true" /><PropertyValue Property="ReadByKeyRestrictions"><Record><PropertyValue Property="Readable" Bool="false" /></Record></PropertyValue></Record></Annotation>
        </NavigationProperty>
        <NavigationProperty Name="cited" Type="Collection(lib.book)" />
        <NavigationProperty Name="authors" Type="Collection(lib.base)">
          <Annotation Term="Org.OData.Capabilities.V1.NavigationRestrictions"><Record><PropertyValue Property="Referenceable" Bool="true" /></Record></Annotation>
        </NavigationProperty>
        <NavigationProperty Name="editor" Type="lib.base">
          <Annotation Term="Org.OData.Capabilities.V1.NavigationRestrictions"><Record><PropertyValue Property="Referenceable" Bool="true" /></Record></Annotation>
        </NavigationProperty>
        <NavigationProperty Name="cover" Type="lib.picture" ContainsTarget="true" />
      </EntityType>
      <EntityType Name="page" BaseType="lib.base" />
      <EntityType Name="picture" BaseType="lib.base" Abstract="true" />
      <EntityType Name="photo" BaseType="lib.picture" HasStream="true" />
      <Action Name="lend" IsBound="true"><Parameter Name="it" Type="lib.base" /><Parameter Name="to" Type="Edm.String" /></Action>
      <Action Name="burn" IsBound="true"><Parameter Name="it" Type="lib.book" /><Annotation Term="Org.OData.Core.V1.RequiresExplicitBinding" /></Action>
      <Function Name="delta" IsBound="true"><Parameter Name="it" Type="Collection(lib.book)" /><ReturnType Type="Collection(lib.book)" /></Function>
      <Function Name="delta" IsBound="true"><Parameter Name="it" Type="Collection(lib.book)" /><Parameter Name="token" Type="Edm.String" /><ReturnType Type="Collection(lib.book)" /></Function>
      <Function Name="sorted" IsBound="true"><Parameter Name="it" Type="Collection(lib.page)" /><Parameter Name="by" Type="lib.order" /><Parameter Name="count" Type="Edm.Int32" />
        <Parameter Name="from" Type="Edm.String"><Annotation Term="Org.OData.Core.V1.OptionalParameter" /></Parameter><ReturnType Type="Collection(lib.page)" /></Function>
      <Function Name="between" IsBound="true"><Parameter Name="it" Type="lib.book" /><Parameter Name="from" Type="Edm.Int32" /><ReturnType Type="Edm.Stream" /></Function>
      <Function Name="between" IsBound="true"><Parameter Name="it" Type="lib.book" /><Parameter Name="from" Type="Edm.Int32" /><Parameter Name="to" Type="Edm.Int32" /><ReturnType Type="Edm.Stream" /></Function>
      <Function Name="having" IsBound="true"><Parameter Name="it" Type="lib.book" /><Parameter Name="words" Type="Collection(Edm.String)" /><ReturnType Type="Edm.Boolean" /></Function>
      <Action Name="close"><Parameter Name="early" Type="Edm.Boolean" /></Action>
      <EntityContainer Name="Service">
        <EntitySet Name="books" EntityType="lib.book" />
        <Singleton Name="desk" Type="lib.book" />
        <ActionImport Name="closeAll" Action="l.close" />
      </EntityContainer>
    </Schema></edmx:DataServices></edmx:Edmx>"#;

#[test]
fn each_target_offers_its_operations() {
    let mut sources = Sources::new();
    let id = sources.add("shelf.csdl", SHELF.trim());
    let schema = read_schema(&sources, &[id]).unwrap();
    for (path, expected) in [
        ("/books", "list create"),
        ("/books/{id}", "get update delete"),
        ("/desk", "get update"),
        ("/desk/pages", "list create"),
        ("/desk/pages/{id}", "get update delete"),
        ("/desk/notes", "list"),
        ("/desk/notes/{id}", "update"),
        // Linked, but not annotated as `Referenceable`.
        ("/desk/cited", "list"),
        ("/desk/cited/{id}", "get"),
        ("/desk/authors", "list add-ref"),
        ("/desk/authors/{id}", "remove-ref"),
        ("/desk/editor", "get remove-ref set-ref"),
        // A subtype has a stream.
        ("/desk/cover", "get update delete get-content put-content"),
        ("/desk/scan", "get-content put-content"),
    ] {
        let target = walk(&schema, path).unwrap().target;
        let offered = ResourceOperation::ALL.iter().copied();
        let offered: Vec<&str> = offered
            .filter(|operation| target.offers(*operation))
            .map(ResourceOperation::name)
            .collect();
        assert_eq!(offered.join(" "), expected, "{path}");
    }
}

#[test]
fn facts_correct_what_is_offered() {
    let mut sources = Sources::new();
    let id = sources.add("shelf.csdl", SHELF.trim());
    let facts = sources.add(
        "facts.toml",
        r#"
        [property."lib.book/pages"]
        insertable = false
        source = "s"
        [property."lib.book/cited"]
        referenceable = true
        source = "s"
        [operation."DELETE /books/{id}"]
        deletable = false
        source = "s"
        [operation."POST /books/{id}/lib.lend"]
        idempotent = true
        source = "s"
        [type."lib.page"]
        has-stream = true
        create-only = ["id"]
        source = "s"
        "#,
    );
    let facts = read_facts(&sources, &[facts]).unwrap();
    let schema = read_schema(&sources, &[id]).unwrap();
    let offers = |path: &str, operation| {
        let path = walk(&schema, path).unwrap();
        corrected(&schema, &facts, path).target.offers(operation)
    };
    assert!(!offers("/desk/pages", ResourceOperation::Create));
    assert!(offers("/desk/cited", ResourceOperation::AddRef));
    assert!(!offers("/desk/cited/{id}", ResourceOperation::Get));
    assert!(!offers("/books/{id}", ResourceOperation::Delete));
    assert!(offers("/books/{id}", ResourceOperation::Update));
    assert!(offers("/desk/pages/{id}", ResourceOperation::GetContent));
    let lend = facts.operation_of("POST", "/books/{book-id}/lib.lend");
    assert!(lend.unwrap().idempotent);
    assert!(facts.operation_of("PATCH", "/books/{id}").is_none());
    assert_eq!(facts.sends("lib.page", "id"), Some(false));
    let mut sources = Sources::new();
    let wrong = "[operation.\"FETCH /books\"]\nsource = \"s\"\n";
    let wrong = sources.add("facts.toml", wrong);
    let error = read_facts(&sources, &[wrong]).unwrap_err();
    assert!(format!("{error}").contains("does not begin with a method"));
}

#[test]
fn calls_are_resolved() {
    let mut sources = Sources::new();
    let id = sources.add("shelf.csdl", SHELF.trim());
    let schema = read_schema(&sources, &[id]).unwrap();
    for (path, template) in [
        ("/books/{id}/lend", "/books/{id}/lend"),
        ("/books/{id}/l.lend", "/books/{id}/l.lend"),
        ("/desk/pages/1/lend", "/desk/pages/1/lend"),
        // Requires an explicit binding, and is named explicitly.
        ("/desk/burn", "/desk/burn"),
        ("/books/delta()", "/books/delta"),
        ("/books/delta(token='{t}')", "/books/delta(token='{t}')"),
        (
            "/desk/pages/sorted",
            "/desk/pages/sorted(by='{by}',count={count})",
        ),
        (
            "/desk/pages/sorted(count=2,from='a',by='up')",
            "/desk/pages/sorted(count=2,from='a',by='up')",
        ),
        ("/desk/between(to=2,from=1)", "/desk/between(to=2,from=1)"),
        ("/closeAll", "/closeAll"),
    ] {
        let call = walk_call(&schema, path).unwrap();
        assert_eq!(call.template(), template);
    }
}

#[test]
fn wrong_calls_are_rejected() {
    let mut sources = Sources::new();
    let id = sources.add("shelf.csdl", SHELF.trim());
    let schema = read_schema(&sources, &[id]).unwrap();
    for (path, message, help) in [
        (
            "/desk/between",
            "the function `between` has several overloads",
            "write `between(from={from})` or `between(from={from},to={to})`",
        ),
        (
            "/desk/between(from=1,until=2)",
            "the function `between` has other arguments",
            "write `between(from={from})` or `between(from={from},to={to})`",
        ),
        (
            "/desk/between(from='a')",
            "`'a'` is not an `Edm.Int32`",
            "write an integer from -2147483648 to 2147483647",
        ),
        (
            "/desk/having",
            "`words` of `having` is a collection",
            "a function is called only with arguments of primitive and enumeration types",
        ),
        (
            "/desk/lend(to='me')",
            "the action `lend` has arguments in the path",
            "write `lend`: the arguments of an action are in the body",
        ),
        (
            "/books/Delta",
            "a collection of `lib.book` has no action or function `Delta`",
            "did you mean `delta`?",
        ),
        (
            "/closeall",
            "the service root has no action or function `closeall`",
            "did you mean `closeAll`?",
        ),
        (
            "/desk/scan/lend",
            "`lib.book` has no action or function `lend`",
            "it has no actions or functions",
        ),
    ] {
        let wrong = walk_call(&schema, path).unwrap_err();
        assert_eq!(
            (wrong.message.as_str(), wrong.help.as_str()),
            (message, help)
        );
    }
}

#[test]
fn calls_are_offered_where_they_bind() {
    let mut sources = Sources::new();
    let id = sources.add("shelf.csdl", SHELF.trim());
    let schema = read_schema(&sources, &[id]).unwrap();
    let offered = |path: &str| -> Vec<String> {
        let calls = calls(&schema, &walk(&schema, path).unwrap());
        calls.iter().map(|call| call.segment.text.clone()).collect()
    };
    assert_eq!(offered("/books"), ["delta", "delta(token='{token}')"]);
    assert_eq!(
        offered("/desk"),
        [
            "between(from={from})",
            "between(from={from},to={to})",
            "lend"
        ]
    );
    // A linked resource has its operations at its own path.
    assert!(offered("/desk/editor").is_empty());
}
