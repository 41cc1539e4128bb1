//! A build script whose `main` returns the error.
#![allow(missing_docs, clippy::unwrap_used)] // a test may fail loudly

use msgraph_codegen::Config;

#[test]
fn what_main_prints_of_an_error_is_its_readable_text() {
    let manifest = "api-version = \"v1.0\"\nmetadta = 1\n";
    let config = Config::new("graph.toml").manifest_text(manifest);
    let error = config.try_build().unwrap_err();
    // Rust prints `Debug` of the error that `main` returns.
    let shown = format!("{error:?}");
    assert_eq!(shown, error.to_string());
    assert!(shown.contains("\n --> graph.toml:2:1\n"), "{shown}");
    assert!(shown.contains("did you mean `metadata`?"), "{shown}");
}
