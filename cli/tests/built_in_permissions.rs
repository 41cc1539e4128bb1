//! The built-in map against Microsoft's permission data. Skipped if that is missing.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[allow(dead_code, reason = "each test takes what it needs")]
mod command;

use std::fs;
use std::path::Path;

use msgraph_csdl::permissions::PermissionMap;

use command::msgraph;

const DOCUMENT: &str = "../shared/permissions/permissions.json";

#[test]
fn the_built_in_map_is_an_import_of_the_published_data() {
    let project = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    if !project.join(DOCUMENT).exists() {
        eprintln!("SKIPPED the_built_in_map_is_an_import_of_the_published_data: no {DOCUMENT}");
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("permissions.txt");
    let shown = out.to_str().unwrap();
    let ran = msgraph(
        &project,
        &["permissions", "import", DOCUMENT, "--out", shown],
    );
    assert_eq!(ran.code, 0, "{}", ran.err);
    let imported = fs::read_to_string(&out).unwrap();
    let message = "run `msgraph permissions import ../shared/permissions/permissions.json --out csdl/data/permissions.txt`";
    assert!(imported == PermissionMap::built_in().text(), "{message}");
    PermissionMap::parse(imported).unwrap();
}
