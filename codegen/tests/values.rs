//! Each line of the table of values in `docs/manifest.md` compiles, and sends the JSON in the table.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test reports failures by panicking"
)]

use std::fmt::Write as _;
use std::path::Path;

use msgraph_codegen::Config;

/// The start of the program; `{output}` is the generated code.
const HEAD: &str = "//! The lines of a table.\n\
    #![allow(dead_code, unused_imports, missing_docs)]\n\
    mod graph {\n    include!({output});\n}\n\
    use graph::*;\nuse msgraph_runtime::edm::*;\nuse msgraph_runtime::*;\n\
    fn main() -> Result<(), Box<dyn std::error::Error>> {\n";

#[test]
fn the_table_of_values_compiles_and_sends_what_it_says() {
    let project = Path::new(env!("CARGO_MANIFEST_DIR"));
    let page = std::fs::read_to_string(project.join("../docs/manifest.md")).unwrap();
    let (_, section) = page.split_once("\n## Setting values\n").unwrap();
    let section = section.split("\n## ").next().unwrap();

    let directory = tempfile::tempdir().unwrap();
    let output = directory.path().join("graph.rs");
    let generated = Config::new(project.join("tests/values/graph.toml"))
        .generate()
        .unwrap();
    std::fs::write(&output, &generated.code).unwrap();

    let mut program = HEAD.replace("{output}", &format!("{output:?}"));
    let mut lines = 0;
    for row in section
        .lines()
        .filter(|line| line.starts_with("| "))
        .skip(1)
    {
        let cells: Vec<&str> = row.trim_matches('|').split(" | ").map(str::trim).collect();
        let [_, written, sent] = *cells else {
            panic!("not three cells: {row}")
        };
        let code = |cell: &str| {
            let code = cell
                .strip_prefix('`')
                .and_then(|code| code.strip_suffix('`'));
            code.unwrap_or_else(|| panic!("not code: {cell}"))
                .to_owned()
        };
        let sent = code(sent);
        for written in written.split(", or ") {
            let written = code(written);
            let made = match written.strip_prefix('.') {
                Some(setter) => format!("let patch = RoomPatch::new().{setter};"),
                None => format!("let mut patch = RoomPatch::new();\n{written}"),
            };
            writeln!(
                program,
                "{{\n{made}\nlet request = update_room(\"1\", &patch).prepare(&Cloud::Global.into())?;\n\
                 assert_eq!(String::from_utf8(request.into_body())?, {:?}, \"{{}}\", {written:?});\n}}",
                format!("{{{sent}}}")
            )
            .unwrap();
            lines += 1;
        }
    }
    assert!(lines > 20, "only {lines} lines are found");
    program.push_str("Ok(())\n}\n");
    let path = directory.path().join("table.rs");
    std::fs::write(&path, program).unwrap();
    trybuild::TestCases::new().pass(path);
}
