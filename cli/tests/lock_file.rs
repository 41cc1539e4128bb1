//! An untrusted `lock.toml` never passes unchecked, never makes the command hang or fill memory, and its contents never
//! become part of a suggested command.
#![allow(clippy::expect_used, reason = "a test may panic")]

#[allow(dead_code, reason = "each test takes what it needs")]
mod command;

use std::fs;
use std::path::Path;
use std::process::Command;

use command::msgraph;
use tempfile::TempDir;

/// A folder with a manifest, its CSDL file, and this lock file.
fn folder(lock: &str) -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let pages = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/pages");
    let metadata = folder.path().join("metadata");
    fs::create_dir(&metadata).expect("made");
    fs::copy(pages.join("library.csdl"), metadata.join("v1.0.csdl")).expect("copied");
    fs::write(
        folder.path().join("graph.toml"),
        "api-version = \"v1.0\"\n[metadata]\n\"v1.0\" = \"metadata/v1.0.csdl\"\n\
         [[update]]\npath = \"/books/{id}\"\n",
    )
    .expect("written");
    fs::write(metadata.join("lock.toml"), lock).expect("written");
    folder
}

/// A lock file with an entry of this name.
fn lock(name: &str, source: &str) -> String {
    format!(
        "version = 1\n[file.{name}]\nsource = '{source}'\nfetched = 2026-01-01T00:00:00Z\n\
         sha256 = \"00\"\nsize = 1\n"
    )
}

const SOURCE: &str = "https://graph.microsoft.com/v1.0/$metadata";

#[test]
fn a_name_that_leads_elsewhere_is_a_malformed_lock_file() {
    for name in [
        "\"\"",
        "\".\"",
        "\"..\"",
        "\"a/v1.0.csdl\"",
        "\"../metadata/v1.0.csdl\"",
        "\"/v1.0.csdl\"",
        "\"v1.0.csdl/\"",
        "\"./v1.0.csdl\"",
        "'a\\v1.0.csdl'",
        "'..\\v1.0.csdl'",
        "\"a\\u0000b\"",
    ] {
        let folder = folder(&lock(name, SOURCE));
        for arguments in [
            &["fetch", "--check"] as &[&str],
            &["generate", "--check"],
            &["slice", "-o", "metadata/slice.csdl"],
            &["fetch", "--root", "http://127.0.0.1:9"],
        ] {
            let ran = msgraph(folder.path(), arguments);
            assert_eq!(ran.code, 3, "{name} {arguments:?}: {ran:?}");
            assert!(ran.err.contains("lock.toml`: "), "{}", ran.err);
            assert!(ran.err.contains("is not the name of a file"), "{}", ran.err);
        }
        assert!(!folder.path().join("metadata/slice.csdl").exists());
    }
}

/// A name that the lock file cannot contain is not fetched either.
#[test]
fn fetch_takes_no_name_that_the_lock_file_would_reject() {
    let folder = folder("version = 1\n");
    let ran = msgraph(folder.path(), &["fetch", "-o", "a\\b.csdl"]);
    assert_eq!(ran.code, if cfg!(windows) { 4 } else { 2 }, "{ran:?}");
}

#[test]
fn an_unknown_key_is_a_malformed_lock_file() {
    let good = lock("\"v1.0.csdl\"", SOURCE);
    for (text, key) in [
        (good.replace("[file.", "[files."), "unknown field `files`"),
        (good.replace("[file.", "[File."), "unknown field `File`"),
        (good.clone() + "[other]\n", "unknown field `other`"),
        (good.clone() + "sha1 = \"00\"\n", "unknown field `sha1`"),
        (
            format!("documents = 1\n{good}"),
            "unknown field `documents`",
        ),
    ] {
        let folder = folder(&text);
        for command in ["fetch", "generate"] {
            let ran = msgraph(folder.path(), &[command, "--check"]);
            assert_eq!(ran.code, 3, "{text}: {ran:?}");
            assert!(ran.err.contains(key), "{key}: {}", ran.err);
        }
    }
}

/// `--check` with nothing to check must not look like a success.
#[test]
fn a_check_of_nothing_fails() {
    for text in ["", "version = 1\n", "version = 1\n[file]\n"] {
        let ran = msgraph(folder(text).path(), &["fetch", "--check"]);
        assert_eq!(ran.code, 2, "{text}: {ran:?}");
        assert!(ran.err.contains("has no entries"), "{}", ran.err);
    }
    let folder = folder(&lock("\"beta.csdl\"", SOURCE));
    let ran = msgraph(
        folder.path(),
        &["fetch", "--check", "--out", "metadata/v1.0.csdl"],
    );
    assert_eq!(ran.code, 2, "{ran:?}");
    assert!(ran.err.contains("has no entry for"), "{}", ran.err);
}

#[test]
fn a_wrong_size_and_a_document_without_an_end_are_found() {
    let text = lock("\"v1.0.csdl\"", SOURCE);
    let empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    let folder = folder(&text.replace("\"00\"", &format!("\"{empty}\"")));
    let path = folder.path().join("metadata/v1.0.csdl");
    let document = fs::File::create(path).expect("emptied");
    let ran = msgraph(folder.path(), &["fetch", "--check"]);
    assert_eq!(ran.code, 1, "{ran:?}");
    document.set_len(5 << 30).expect("a file with a hole");
    let ran = msgraph(folder.path(), &["fetch", "--check"]);
    assert_eq!(ran.code, 4, "{ran:?}");
    assert!(ran.err.contains("more than 33554432 bytes"), "{}", ran.err);
}

#[test]
fn a_lock_file_without_an_end_is_not_read() {
    let folder = folder(&"#\n".repeat(600_000));
    for arguments in [["fetch", "--check"], ["generate", "--check"]] {
        let ran = msgraph(folder.path(), &arguments);
        assert_eq!(ran.code, 3, "{ran:?}");
        assert!(ran.err.contains("more than 1048576 bytes"), "{}", ran.err);
    }
    // Without `--check`, `generate` warns.
    let ran = msgraph(folder.path(), &["generate"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(ran.err.contains("more than 1048576 bytes"), "{}", ran.err);
}

#[cfg(unix)]
#[test]
fn a_lock_file_that_is_no_file_is_not_opened() {
    let folder = folder("");
    let lock = folder.path().join("metadata/lock.toml");
    fs::remove_file(&lock).expect("removed");
    let made = Command::new("mkfifo").arg(&lock).status().expect("mkfifo");
    assert!(made.success());
    for arguments in [
        &["fetch", "--check"] as &[&str],
        &["generate", "--check"],
        &["slice", "-o", "metadata/slice.csdl"],
        &["fetch", "--root", "http://127.0.0.1:9"],
    ] {
        let ran = msgraph(folder.path(), arguments);
        assert_eq!(ran.code, 4, "{arguments:?}: {ran:?}");
        assert!(ran.err.contains("lock.toml` is not a file"), "{}", ran.err);
    }
}

/// The words of the command that a message suggests, as split by a shell.
#[cfg(unix)]
fn suggested(folder: &Path, message: &str, start: &str) -> Option<Vec<String>> {
    let at = message.find(&format!("`{start}"))?;
    let (command, _) = message.get(at + 1..)?.split_once("`;")?;
    let output = Command::new("sh")
        .arg("-c")
        .arg(format!("printf '%s\\n' {command}"))
        .current_dir(folder)
        .output()
        .expect("a shell");
    let words = String::from_utf8(output.stdout).expect("text");
    Some(words.lines().map(str::to_owned).collect())
}

#[cfg(unix)]
#[test]
fn a_suggested_command_runs_nothing_else() {
    let source = "https://x.example/$(touch owned);`touch owned`/v1.0 beta/$metadata";
    let folder = folder(&lock("\"my $HOME \\\"v1.0\\\".csdl\"", source));
    let ran = msgraph(folder.path(), &["fetch", "--check"]);
    assert_eq!(ran.code, 1, "{ran:?}");
    let expected = [
        "msgraph",
        "fetch",
        "--root",
        "https://x.example/$(touch owned);`touch owned`",
        "--api-version",
        "v1.0 beta",
        "-o",
        "metadata/my $HOME \"v1.0\".csdl",
    ];
    let words = suggested(folder.path(), &ran.err, "msgraph fetch");
    assert_eq!(
        words,
        Some(expected.map(str::to_owned).to_vec()),
        "{}",
        ran.err
    );
    assert!(!folder.path().join("owned").exists());
    // Without a known and printable source of the metadata, no command is suggested.
    for source in [
        "https://x.example",
        "https://x\u{202e}.example/v1.0/$metadata",
    ] {
        let lock = lock("\"absent.csdl\"", source);
        fs::write(folder.path().join("metadata/lock.toml"), lock).expect("written");
        let ran = msgraph(folder.path(), &["fetch", "--check"]);
        assert!(ran.err.contains("help: fetch it again; or,"), "{}", ran.err);
    }
}

/// All other help messages with a command that contains user input.
#[cfg(unix)]
#[test]
fn a_suggested_command_takes_names_as_they_are() {
    let pages = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/pages");
    let folder = folder("version = 1\n");
    let hostile = "a $(b) 'c'";
    let made = |path: &str| folder.path().join(path);
    fs::create_dir_all(made(hostile).join("src")).expect("made");
    fs::write(
        made(hostile).join("Cargo.toml"),
        "[package]\nname = \"a\"\nedition = \"2024\"\n",
    )
    .expect("written");
    fs::write(made(hostile).join("src/lib.rs"), "").expect("written");

    let ran = msgraph(
        folder.path(),
        &["init", "--path", "/x", "--crate-dir", hostile],
    );
    assert_eq!(ran.code, 2, "{ran:?}");
    let out = format!("{hostile}/metadata/v1.0.csdl");
    let expected = ["msgraph", "fetch", "--api-version", "v1.0", "-o", &out];
    let message = ran.err.replace("`, or", "`; or");
    let words = suggested(folder.path(), &message, "msgraph fetch");
    assert_eq!(
        words,
        Some(expected.map(str::to_owned).to_vec()),
        "{}",
        ran.err
    );

    let document = made(hostile).join("whole.csdl");
    fs::copy(pages.join("library.csdl"), &document).expect("copied");
    let own = format!("{hostile}/whole.csdl");
    let ran = msgraph(folder.path(), &["slice", &own, "-o", &own]);
    assert_eq!(ran.code, 2, "{ran:?}");
    let expected = ["msgraph", "slice", "target/v1.0.csdl", "--out", &own];
    let message = ran.err.trim_end().to_owned() + ";";
    let words = suggested(folder.path(), &message, "msgraph slice");
    assert_eq!(
        words,
        Some(expected.map(str::to_owned).to_vec()),
        "{}",
        ran.err
    );

    let slice = format!("{hostile}/s.csdl");
    let ran = msgraph(folder.path(), &["slice", "-o", &slice]);
    assert_eq!(ran.code, 0, "{ran:?}");
    let ran = msgraph(folder.path(), &["fetch", "-o", &slice]);
    let expected = ["msgraph", "slice", "target/s.csdl", "-o", &slice];
    let words = suggested(folder.path(), &ran.err, "msgraph slice");
    assert_eq!(
        words,
        Some(expected.map(str::to_owned).to_vec()),
        "{}",
        ran.err
    );

    for (arguments, pattern) in [
        (["explain", "/books/'*; x"], "/books/'*; x"),
        (["explain", "IBRARY.B"], "IBRARY.B"),
    ] {
        let ran = msgraph(folder.path(), &arguments);
        assert_eq!(ran.code, 2, "{ran:?}");
        let message = ran
            .err
            .replace("` lists", "`; lists")
            .replace("` finds", "`; finds");
        let words = suggested(folder.path(), &message, "msgraph list");
        let expected = ["msgraph", "list", pattern].map(str::to_owned);
        assert_eq!(words, Some(expected.to_vec()), "{}", ran.err);
    }
}
