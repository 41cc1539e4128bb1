//! The next run removes temporary files of a killed run, even if it writes nothing, but not those of a run that is still
//! active.
#![allow(clippy::expect_used, reason = "a test may panic")]

#[allow(dead_code, reason = "each test takes what it needs")]
mod command;

use std::fs::{self, File};
use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::path::{Path, PathBuf};

use command::msgraph;
use tempfile::TempDir;

const LEFT: &str = ".msgraph-Ab12Cd.tmp";
const LIVE: &str = ".msgraph-Ef34Gh.tmp";

/// A crate with a manifest and its CSDL file.
fn crate_() -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let write = |name: &str, text: &str| {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().expect("a folder")).expect("made");
        fs::write(path, text).expect("written");
    };
    let pages = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/pages");
    let library = fs::read_to_string(pages.join("library.csdl")).expect("read");
    write("metadata/v1.0.csdl", &library);
    write(
        "Cargo.toml",
        "[package]\nname = \"a\"\nedition = \"2024\"\n",
    );
    write("src/lib.rs", "");
    write(
        "graph.toml",
        "api-version = \"v1.0\"\n[metadata]\n\"v1.0\" = \"metadata/v1.0.csdl\"\n\
         [[update]]\npath = \"/books/{id}\"\n",
    );
    folder
}

/// Runs twice, the second time with nothing to write. Each run removes the leftover files.
fn clears(folder: &Path, arguments: &[&str], folders: &[&str]) {
    for nth in 0..2 {
        let paths: Vec<PathBuf> = folders.iter().map(|it| folder.join(it)).collect();
        let mut live = Vec::new();
        for path in &paths {
            fs::create_dir_all(path).expect("made");
            fs::write(path.join(LEFT), "half").expect("written");
            let file = File::create(path.join(LIVE)).expect("created");
            file.lock().expect("locked");
            live.push(file);
        }
        let ran = msgraph(folder, arguments);
        assert_eq!(ran.code, 0, "{ran:?}");
        for path in &paths {
            assert!(!path.join(LEFT).exists(), "{nth} {arguments:?} {path:?}");
            assert!(path.join(LIVE).exists(), "{nth} {arguments:?} {path:?}");
        }
    }
}

#[test]
fn generate_removes_them() {
    let folder = crate_();
    clears(folder.path(), &["generate"], &["src"]);
    let tree = ["generate", "--tree", "--out", "tree", "--index"];
    // An empty folder of an earlier run that was killed.
    clears(
        folder.path(),
        &tree,
        &["tree", "tree/graph", "tree/graph/lost"],
    );
}

#[test]
fn check_removes_nothing() {
    let folder = crate_();
    let left = folder.path().join("src").join(LEFT);
    fs::write(&left, "half").expect("written");
    assert_eq!(msgraph(folder.path(), &["generate", "--check"]).code, 1);
    assert!(left.exists());
}

#[test]
fn slice_removes_them() {
    let folder = crate_();
    clears(
        folder.path(),
        &["slice", "-o", "metadata/s.csdl"],
        &["metadata"],
    );
}

#[test]
fn init_removes_them() {
    let folder = crate_();
    let arguments = ["init", "--path", "/people/{id}", "--yes"];
    clears(folder.path(), &arguments, &[".", "src"]);
}

#[cfg(unix)]
#[test]
fn fetch_removes_them_where_a_link_leads_too() {
    let folder = crate_();
    let library = fs::read(folder.path().join("metadata/v1.0.csdl")).expect("read");
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let root = format!("http://{}", listener.local_addr().expect("an address"));
    std::thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let mut seen = Vec::new();
            let mut byte = [0];
            while !seen.ends_with(b"\r\n\r\n") && stream.read(&mut byte).is_ok_and(|n| n > 0) {
                seen.extend(byte);
            }
            let head = format!(
                "HTTP/1.1 200 OK\r\ncontent-type: application/xml\r\ncontent-length: {}\r\n\
                 connection: close\r\n\r\n",
                library.len()
            );
            let _ = stream.write_all(head.as_bytes());
            let _ = stream.write_all(&library);
        }
    });
    fs::create_dir(folder.path().join("elsewhere")).expect("made");
    std::os::unix::fs::symlink(
        "../elsewhere/v1.0.csdl",
        folder.path().join("metadata/linked.csdl"),
    )
    .expect("linked");
    let arguments = ["fetch", "--root", &root, "-o", "metadata/linked.csdl"];
    clears(folder.path(), &arguments, &["metadata", "elsewhere"]);
}
