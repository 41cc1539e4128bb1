//! Malformed CSDL files: each gives the result listed in `EXPECT.tsv` next to it, in limited time. `cases.rs`
//! has our own cases of the same kinds.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test reports failures by panicking"
)]

mod published;

use std::fs;
use std::path::Path;
use std::process::Command;
use std::sync::mpsc;
use std::time::Duration;

use msgraph_codegen::Config;

const LIMIT: Duration = Duration::from_secs(20);

/// Results that differ from the table, and why.
const OURS: &[(&str, &str, &str)] = &[];

#[derive(Debug)]
enum Verdict {
    /// The code, and whether there were warnings.
    Accepted(String, bool),
    Rejected(String),
}

/// Generates all structured types of a file.
fn run(document: &Path, directory: &Path) -> Verdict {
    let types = structured_types(document);
    let mut manifest = format!(
        "api-version = \"v1.0\"\nmetadata = {{ \"v1.0\" = {:?} }}\nsend-read-only = true\n",
        document.to_str().unwrap()
    );
    if types.is_empty() {
        manifest.push_str("[[struct]]\ntype = \"Demo.Nothing\"\n");
    }
    for ty in types {
        manifest.push_str(&format!("[[struct]]\ntype = {ty:?}\n"));
    }
    let path = directory.join("graph.toml");
    fs::write(&path, manifest).unwrap();
    let (send, receive) = mpsc::channel();
    std::thread::spawn(move || send.send(Box::new(Config::new(path).generate())).is_ok());
    match receive.recv_timeout(LIMIT).map(|result| *result) {
        Ok(Ok(generated)) => Verdict::Accepted(generated.code, !generated.warnings.is_empty()),
        Ok(Err(error)) => Verdict::Rejected(error.to_string()),
        Err(why) => panic!("{}: {why}: a panic, or a hang", document.display()),
    }
}

/// The names of structured types that a lenient search finds.
fn structured_types(document: &Path) -> Vec<String> {
    let Ok(text) = fs::read_to_string(document) else {
        return Vec::new();
    };
    let text = text.trim_start_matches('\u{feff}');
    let Ok(xml) = roxmltree::Document::parse(text) else {
        return Vec::new();
    };
    xml.descendants()
        .filter(|node| matches!(node.tag_name().name(), "EntityType" | "ComplexType"))
        .filter_map(|node| {
            let namespace = node.parent_element()?.attribute("Namespace")?;
            Some(format!("{namespace}.{}", node.attribute("Name")?))
        })
        .collect()
}

#[test]
fn each_document_meets_its_verdict() {
    let Some(folder) = published::shared("hostile::each_document_meets_its_verdict", "hostile")
    else {
        return;
    };
    let directory = tempfile::tempdir().unwrap();
    let mut wrong = Vec::new();
    let mut outputs = Vec::new();
    let table = fs::read_to_string(folder.join("EXPECT.tsv")).unwrap();
    for line in table.lines().skip(1) {
        let columns: Vec<&str> = line.split('\t').collect();
        let [file, expected, _, why] = columns.as_slice() else {
            panic!("a line of four columns: {line}");
        };
        let expected = OURS
            .iter()
            .find(|(ours, _, _)| ours == file)
            .map_or(*expected, |(_, verdict, _)| verdict);
        let verdict = run(&folder.join(file), directory.path());
        let meets = match (expected, &verdict) {
            ("either", _) => true,
            ("reject", Verdict::Rejected(message)) => message.contains("help: "),
            ("accept" | "escape", Verdict::Accepted(..)) => true,
            ("warn", Verdict::Accepted(_, warns)) => *warns,
            _ => false,
        };
        if !meets {
            wrong.push(format!(
                "{file}: expected {expected} ({why}), got {verdict:?}"
            ));
        }
        if let Verdict::Accepted(code, _) = verdict {
            outputs.push(((*file).to_owned(), code));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    compile(directory.path(), &outputs);
}

/// All accepted outputs, in one crate, compile, and their documentation has no doctests and no warnings.
fn compile(directory: &Path, outputs: &[(String, String)]) {
    let package = directory.join("accepted");
    fs::create_dir_all(package.join("src")).unwrap();
    let runtime = Path::new(env!("CARGO_MANIFEST_DIR")).join("../runtime");
    fs::write(
        package.join("Cargo.toml"),
        format!(
            "[package]\nname = \"accepted\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\
             [dependencies]\nmsgraph-runtime = {{ path = {runtime:?}, default-features = false, \
             features = [\"jiff\", \"uuid\", \"decimal\"] }}\n[workspace]\n"
        ),
    )
    .unwrap();
    let lock = Path::new(env!("CARGO_MANIFEST_DIR")).join("../Cargo.lock");
    fs::copy(lock, package.join("Cargo.lock")).unwrap();
    let mut library = "//! Accepted documents.\n#![deny(warnings, missing_docs)]\n".to_owned();
    for (nth, (file, code)) in outputs.iter().enumerate() {
        fs::write(package.join(format!("src/d{nth}.rs")), code).unwrap();
        library.push_str(&format!("/// {file}\npub mod d{nth};\n"));
    }
    fs::write(package.join("src/lib.rs"), library).unwrap();
    for (command, variable) in [("test", "RUSTFLAGS"), ("doc", "RUSTDOCFLAGS")] {
        let output = Command::new(env!("CARGO"))
            .args([command, "--offline", "--quiet"])
            .args((command == "doc").then_some("--no-deps"))
            .current_dir(&package)
            .env("CARGO_TARGET_DIR", target())
            .env(variable, "-D warnings")
            .output()
            .unwrap();
        let text = String::from_utf8_lossy(&output.stdout).into_owned()
            + &String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "cargo {command}:\n{text}");
        assert!(
            !text.contains("1 test"),
            "a description became a doctest:\n{text}"
        );
    }
}

/// A target directory kept between runs, so that the runtime is not rebuilt.
fn target() -> std::path::PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join("accepted")
}
