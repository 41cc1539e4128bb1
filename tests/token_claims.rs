//! The client and the emulator read the claims of a token in the same way.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test fails by panicking"
)]

use base64::Engine;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE, URL_SAFE_NO_PAD};
use msgraph_emulator::Emulator;
use msgraph_runtime::{AccessToken, Client, Cloud, Request};
use serde_json::Value;

const MODEL: &str = r#"
    <edmx:Edmx Version="4.0" xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx">
      <edmx:DataServices>
        <Schema Namespace="microsoft.graph" xmlns="http://docs.oasis-open.org/odata/ns/edm">
          <EntityType Name="thing">
            <Key><PropertyRef Name="id" /></Key>
            <Property Name="id" Type="Edm.String" Nullable="false" />
          </EntityType>
          <EntityContainer Name="GraphService">
            <EntitySet Name="ofUsers" EntityType="microsoft.graph.thing" />
            <EntitySet Name="ofApplications" EntityType="microsoft.graph.thing" />
          </EntityContainer>
        </Schema>
      </edmx:DataServices>
    </edmx:Edmx>"#;

const FACTS: &str = r#"
    [operation."GET /ofUsers"]
    permissions = { delegated = ["Mail.Read"] }
    source = "this test"
    [operation."GET /ofApplications"]
    permissions = { application = ["Mail.Read"] }
    source = "this test"
"#;

/// What a token grants.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Reading {
    /// Delegated permission `Mail.Read`.
    User,
    /// Application permission `Mail.Read`.
    Application,
    /// Other permissions or none.
    Other,
    /// The token is not a JWT.
    Unreadable,
}

fn by_client(token: &AccessToken) -> Reading {
    let Some(permissions) = token.permissions() else {
        return Reading::Unreadable;
    };
    match permissions.names().iter().any(|name| name == "Mail.Read") {
        true if permissions.is_application() => Reading::Application,
        true => Reading::User,
        false => Reading::Other,
    }
}

async fn by_emulator(emulator: &Emulator, token: &AccessToken) -> Reading {
    let builder = Client::builder(Cloud::Global, token.clone());
    let client = builder
        .root(emulator.root().parse().unwrap())
        .build()
        .unwrap();
    let status = async |path: &'static str| {
        let request: Request<'_, Value> = Request::get("v1.0", path, &[]);
        match client.send(request).await {
            Ok(_) => 200,
            Err(error) => error.status().unwrap(),
        }
    };
    match (status("/ofUsers").await, status("/ofApplications").await) {
        (200, 403) => Reading::User,
        (403, 200) => Reading::Application,
        (403, 403) => Reading::Other,
        (401, 401) => Reading::Unreadable,
        statuses => unreachable!("{statuses:?}"),
    }
}

fn jwt(payload: &str) -> String {
    format!("eyJhbGciOiJub25lIn0.{payload}.")
}

const CLAIMS: [(&str, Reading); 22] = [
    (r#"{"scp":"Mail.Read"}"#, Reading::User),
    (r#"{"scp":"openid  Mail.Read User.Read"}"#, Reading::User),
    (r#"{"scp":"Mail.Read","idtyp":"user"}"#, Reading::User),
    (r#"{"scp":"Mail.Read","idtyp":"device"}"#, Reading::User),
    (
        r#"{"scp":"Mail.Read","idtyp":null,"roles":null}"#,
        Reading::User,
    ),
    // The user's roles in the application are not permissions.
    (
        r#"{"scp":"Mail.Read","roles":["User.Read.All"]}"#,
        Reading::User,
    ),
    (
        r#"{"scp":"User.Read","roles":["Mail.Read"]}"#,
        Reading::Other,
    ),
    (r#"{"idtyp":"user","roles":["Mail.Read"]}"#, Reading::Other),
    (
        r#"{"roles":["User.Read.All","Mail.Read"]}"#,
        Reading::Application,
    ),
    (
        r#"{"roles":["Mail.Read"],"idtyp":"app"}"#,
        Reading::Application,
    ),
    (
        r#"{"roles":["Mail.Read"],"scp":"User.Read","idtyp":"app"}"#,
        Reading::Application,
    ),
    (
        r#" {"roles":["Mail.Read"],"scp":null}"#,
        Reading::Application,
    ),
    // Names differ if their case does, and a name has no spaces.
    (r#"{"scp":"mail.read"}"#, Reading::Other),
    (r#"{"roles":["Mail.Read User.Read"]}"#, Reading::Other),
    // An application without permissions.
    ("{}", Reading::Other),
    // Claims of the wrong type.
    (r#"{"scp":["Mail.Read"]}"#, Reading::Unreadable),
    (r#"{"roles":"Mail.Read"}"#, Reading::Unreadable),
    (r#"{"roles":["Mail.Read",7]}"#, Reading::Unreadable),
    (
        r#"{"scp":"Mail.Read","scp":"User.Read"}"#,
        Reading::Unreadable,
    ),
    (
        r#"["user","Mail.Read",["Mail.Read"],null]"#,
        Reading::Unreadable,
    ),
    (r#""Mail.Read""#, Reading::Unreadable),
    ("\u{feff}{\"scp\":\"Mail.Read\"}", Reading::Unreadable),
];

fn cases() -> Vec<(String, Reading)> {
    let claims = CLAIMS.map(|(claims, reading)| (jwt(&URL_SAFE_NO_PAD.encode(claims)), reading));
    let mut cases = claims.to_vec();
    let deep = format!("{}{}", "[".repeat(5_000), "]".repeat(5_000));
    let deep = format!(r#"{{"scp":"Mail.Read","x":{deep}}}"#);
    cases.push((jwt(&URL_SAFE_NO_PAD.encode(deep)), Reading::User));
    // In base64, this has `_` or `/`, and padding.
    let claims = r#"{"scp":"Mail.Read","name":"??>"}"#;
    let bare = URL_SAFE_NO_PAD.encode(claims);
    let [padded, standard] = [URL_SAFE.encode(claims), STANDARD_NO_PAD.encode(claims)];
    assert!(padded != bare && standard != bare, "{padded} {standard}");
    cases.push((jwt(&bare), Reading::User));
    cases.push((format!("a.{bare}.b"), Reading::User));
    let unreadable = [
        jwt(&padded),
        jwt(&standard),
        jwt("bnVsbA"),
        jwt(&bare[..20]),
        jwt(""),
        bare.clone(),
        format!("a.{bare}"),
        format!("a.{bare}.b.c"),
        format!("a.b.{bare}.c.d"),
        "any".to_owned(),
        "..".to_owned(),
    ];
    cases.extend(unreadable.map(|token| (token, Reading::Unreadable)));
    cases
}

#[tokio::test]
async fn client_and_emulator_agree() {
    let builder = Emulator::builder().metadata_text("v1.0", "model.csdl", MODEL);
    let builder = builder
        .facts_text("facts.toml", FACTS)
        .enforce_permissions();
    let emulator = builder.start().await.unwrap();
    for (token, expected) in cases() {
        let access = AccessToken::new(token.as_str()).unwrap();
        assert_eq!(by_client(&access), expected, "client: {token:.200}");
        let found = by_emulator(&emulator, &access).await;
        assert_eq!(found, expected, "emulator: {token:.200}");
    }
}
