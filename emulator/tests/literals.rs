//! Literals in paths: for any key, the emulator finds the resource at the URL that the generator emits.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

use std::fmt::Write as _;
use std::path::Path;

use msgraph_codegen::Config;
use msgraph_csdl::path::segment::SegmentParts;
use msgraph_emulator::Emulator;
use serde_json::json;

const LITERALS: usize = 150;

/// A key with characters that are delimiters in some context.
fn literal(random: &mut fastrand::Rng) -> String {
    const CHARACTERS: [char; 22] = [
        'a', 'b', '\'', '\'', ',', '=', '/', '(', ')', '%', 'é', '$', '{', '}', ':', ';', '&', '+',
        ' ', '?', '#', '.',
    ];
    (0..random.usize(1..=6))
        .map(|_| *random.choice(&CHARACTERS).unwrap())
        .collect()
}

/// Percent-encodes characters that a URL does not allow, those in `also`, and some others.
fn encoded(text: &str, also: &str, random: &mut fastrand::Rng) -> String {
    let mut url = String::new();
    for c in text.chars() {
        let stands = c.is_ascii_alphanumeric() || "-._~!$&'()*+,;=:@/".contains(c);
        if stands && !also.contains(c) && random.u8(..4) > 0 {
            url.push(c);
        } else {
            let mut bytes = [0; 4];
            for byte in c.encode_utf8(&mut bytes).bytes() {
                let _ = write!(url, "%{byte:02X}");
            }
        }
    }
    url
}

/// The URL in the code generated for the key of a device.
fn emitted(key: &str) -> String {
    let model = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/model.csdl");
    let manifest = format!(
        "api-version = \"v1.0\"\nmetadata = {{ \"v1.0\" = {model:?} }}\n\
         [[update]]\npath = \"/devices{key}\"\n"
    );
    let config = Config::new("graph.toml").manifest_text(manifest);
    let code = match config.generate() {
        Ok(generated) => generated.code,
        Err(error) => panic!("{error}"),
    };
    let (_, path) = code.split_once("\"/devices").unwrap();
    let (path, _) = path.split_once('"').unwrap();
    format!("/devices{path}")
}

#[tokio::test]
async fn every_literal_reaches_its_resource() {
    let mut random = fastrand::Rng::with_seed(10);
    let model = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/model.csdl");
    let mut paths = Vec::new();
    let mut emulator = Emulator::builder().metadata("v1.0", model);
    for nth in 0..LITERALS {
        // Numbered, so that each is a different device.
        let key = format!("{}{nth}", literal(&mut random));
        let quoted = encoded(&key.replace('\'', "''"), "", &mut random);
        let mut forms = vec![
            format!("('{quoted}')"),
            format!("(id=%27{quoted}%27)"),
            format!("%28serialNumber='{quoted}')"),
        ];
        if !key.starts_with('$') {
            // A segment encodes slashes, and parentheses so that it does not look like a call.
            let segment = encoded(&key, "/()", &mut random);
            forms.push(format!("/{segment}"));
        }
        let seeded = format!("/v1.0/devices('{}')", quoted.replace('/', "%2F"));
        emulator = emulator.seed(&seeded, json!({"serial": key}));
        let parts = format!("devices('{quoted}')");
        let parts = SegmentParts::parse(&parts).unwrap();
        assert_eq!(
            parts.arguments.unwrap()[0].value().unwrap(),
            key,
            "{quoted}"
        );
        paths.extend(
            forms
                .into_iter()
                .map(|form| (emitted(&form), seeded.clone())),
        );
    }
    let emulator = emulator.start().await.unwrap();
    let client = reqwest::Client::new();
    for (nth, (path, seeded)) in paths.iter().enumerate() {
        let url = format!("{}/v1.0{path}", emulator.root());
        let body = json!({"small": nth});
        let request = client.patch(&url).bearer_auth("t").json(&body);
        let response = request.send().await.unwrap();
        assert!(
            response.status().is_success(),
            "{path}: {}",
            response.text().await.unwrap()
        );
        let device = emulator.state(seeded).unwrap();
        assert_eq!(device["small"], nth, "{path} is not {seeded}");
    }
}

#[tokio::test]
async fn a_cast_takes_a_key_and_a_path_is_no_address() {
    let model = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/model.csdl");
    let phone = json!({"@odata.type": "#microsoft.graph.phone"});
    let emulator = Emulator::builder()
        .metadata("v1.0", model)
        .seed("/v1.0/devices/p", phone)
        .seed("/v1.0/devices/d", json!({}))
        .start()
        .await
        .unwrap();
    let client = reqwest::Client::new();
    for (path, status) in [
        ("/devices/microsoft.graph.phone('p')", 204),
        ("/devices/microsoft.graph.phone(id='p')", 204),
        ("/devices/microsoft.graph.phone%28%27p%27%29", 204),
        ("/devices('p')/microsoft.graph.phone", 204),
        ("/devices/microsoft.graph.phone('d')", 404),
        ("/devices/microsoft.graph.phone('p','d')", 404),
        ("/devices('p')/microsoft.graph.phone('p')", 404),
        ("/devices('a/b')", 404),
        ("/devices/p:/parts:", 501),
    ] {
        let url = format!("{}/v1.0{path}", emulator.root());
        let request = client
            .patch(&url)
            .bearer_auth("t")
            .json(&json!({"small": 1}));
        assert_eq!(request.send().await.unwrap().status(), status, "{path}");
    }
}
