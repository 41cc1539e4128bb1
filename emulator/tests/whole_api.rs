//! For every update that `/**` finds in Graph's metadata, the emulator resolves the path, and accepts a body with a
//! value for each property.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod filled;

use std::io::Write;
use std::path::Path;

use filled::{concrete, filled_path, object_of};
use msgraph_codegen::Config;
use msgraph_codegen::command::catalogue::Offer;
use msgraph_csdl::source::Sources;
use msgraph_emulator::Emulator;
use reqwest::Method;
use serde_json::{Map, Value, json};

/// Updates without an entity or complex value as the body: PUT replaces a collection of complex values.
const COLLECTIONS: [&str; 2] = [
    "/applications/{application-id}/synchronization/secrets",
    "/servicePrincipals/{servicePrincipal-id}/synchronization/secrets",
];

async fn send(emulator: &Emulator, offer: &Offer, path: &str, body: &Value) -> (u16, String) {
    let url = format!("{}{path}", emulator.root());
    let method: Method = offer.kind.method().to_string().parse().unwrap();
    let request = reqwest::Client::new().request(method, url).bearer_auth("t");
    // Some resources require it; here, any version of the resource is fine.
    let request = request.header("if-match", "*").json(body);
    let response = request.send().await.unwrap();
    (response.status().as_u16(), response.text().await.unwrap())
}

#[tokio::test]
async fn every_update_takes_a_filled_body() {
    let shared = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/metadata");
    let file = shared.join("v1.0-global-clean.csdl");
    if !file.exists() {
        // The test harness hides the output of `eprintln!` if the test passes.
        let test = "every_update_takes_a_filled_body";
        let _ = writeln!(std::io::stderr(), "SKIPPED {test}: no {}", file.display());
        return;
    }
    // The selection does not matter: the catalogue has all updates in the metadata.
    let manifest =
        "api-version = \"v1.0\"\n[metadata]\n\"v1.0\" = \"x\"\n[[update]]\npath = \"/admin\"\n";
    let config = Config::new("graph.toml").manifest_text(manifest);
    let catalogue = config.metadata([&file]).catalogue(None, None).unwrap();
    let offers = catalogue.offers.unwrap();
    let mut sources = Sources::new();
    let id = msgraph_csdl::read::read_file(&mut sources, &file).unwrap();
    let schema = msgraph_csdl::read::read_schema(&sources, &[id]).unwrap();
    let builder = Emulator::builder().metadata("v1.0", &file);
    // The body also contains properties that the service sets.
    let builder = builder.ignore_read_only(true).log_limit(1);
    let emulator = builder.start().await.unwrap();
    let mut wrong = Vec::new();
    let updates = offers.iter().filter(|offer| offer.kind.is_update());
    for (number, offer) in updates.enumerate() {
        let ty = concrete(&schema, schema.find(&offer.declared).unwrap());
        let odata_type = json!(format!("#{}", schema[ty]));
        let mut body: Map<String, Value> = object_of(&schema, ty, 1);
        body.insert("@odata.type".into(), odata_type.clone());
        if COLLECTIONS.contains(&offer.path.as_str()) {
            let path = filled_path(&offer.path, number, false);
            emulator
                .seed(path.rsplit_once('/').unwrap().0, json!({}))
                .unwrap();
            let (status, text) = send(&emulator, offer, &path, &json!({"value": [body]})).await;
            assert_eq!(status, 204, "{}: {text}", offer.path);
            continue;
        }
        let seed = |is_guid| {
            let path = filled_path(&offer.path, number, is_guid);
            let entity = json!({"@odata.type": odata_type});
            emulator.seed(&path, entity).map(|()| path)
        };
        let path = match seed(false).or_else(|_| seed(true)) {
            Ok(path) => path,
            Err(error) => {
                wrong.push(format!("{}: {error}", offer.path));
                continue;
            }
        };
        let (status, text) = send(&emulator, offer, &path, &json!(body)).await;
        if status != 204 {
            wrong.push(format!("{}: {status} {text}", offer.path));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(offers.len() > 2_000, "{}", offers.len());
}
