//! The built-in map against Microsoft's permission data. Skipped if that is missing.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::path::Path;
use std::{env, fs};

use msgraph_cli::support::permission_document::PermissionDocument;
use msgraph_csdl::permissions::PermissionMap;

const DOCUMENT: &str = "../shared/permissions/permissions.json";

/// The lines at the top of the built-in map.
fn header(map: &PermissionMap) -> String {
    let lines = map.text().lines();
    let comments = lines.map_while(|line| line.strip_prefix('#'));
    let lines: Vec<&str> = comments
        .map(|line| line.strip_prefix(' ').unwrap_or(line))
        .collect();
    lines.join("\n")
}

/// With `UPDATE_PERMISSIONS` set, the file is written instead.
#[test]
fn the_built_in_map_is_an_import_of_the_published_data() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let Ok(text) = fs::read_to_string(folder.join(DOCUMENT)) else {
        eprintln!("SKIPPED the_built_in_map_is_an_import_of_the_published_data: no {DOCUMENT}");
        return;
    };
    let built_in = PermissionMap::built_in();
    let imported = PermissionDocument::parse(&text)
        .unwrap()
        .map(&header(&built_in));
    if env::var_os("UPDATE_PERMISSIONS").is_some() {
        fs::write(folder.join("csdl/data/permissions.txt"), imported.text()).unwrap();
        return;
    }
    assert!(
        imported.text() == built_in.text(),
        "run this test with UPDATE_PERMISSIONS=1"
    );
}
