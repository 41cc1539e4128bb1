//! `generated/` is the reviewed snapshot of the generated code, byte for byte.

#![allow(clippy::unwrap_used, reason = "a test reports failures by panicking")]

use std::fs;
use std::path::Path;

use msgraph_codegen::Config;

const RENEW: &str = "MSGRAPH_REWRITE=1 cargo test --test snapshot";

fn project(path: &str) -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

#[test]
fn the_snapshot_is_what_is_generated() {
    for version in ["v1.0", "beta"] {
        let generated = Config::new(project("metadata/graph.toml"))
            .checked_in(true)
            .api_version(version)
            .generate()
            .unwrap_or_else(|error| panic!("{version}:\n{error}"));
        for (ending, text) in [("rs", &generated.code), ("json", &generated.index)] {
            let file = format!("generated/{version}.{ending}");
            let path = project(&file);
            if std::env::var_os("MSGRAPH_REWRITE").is_some() {
                fs::write(&path, text).unwrap();
            }
            let snapshot = fs::read_to_string(&path).unwrap_or_default();
            assert!(
                snapshot == *text,
                "`{file}` is stale: renew it with `{RENEW}` and read the difference"
            );
        }
    }
    // `build` and `generate` use the same pipeline.
    let built = include_str!(concat!(env!("OUT_DIR"), "/graph.rs"));
    let generated = Config::new(project("metadata/graph.toml"))
        .generate()
        .unwrap();
    assert!(
        generated.code == built,
        "`generate` does not give what the build emits"
    );
}
