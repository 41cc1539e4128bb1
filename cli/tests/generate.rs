//! `msgraph generate`, and behaviour of all commands: usage, colours, completions, closed outputs.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test reports failures by panicking"
)]

#[allow(dead_code, reason = "each test takes what it needs")]
mod command;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Stdio;

use command::{command, metadata, msgraph};
use msgraph_codegen::Config;
use serde_json::{Value, json};
use tempfile::TempDir;

/// A folder with the project's own manifest and metadata.
fn folder() -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    for name in ["graph.toml", "v1.0.csdl", "beta.csdl"] {
        fs::copy(metadata().join(name), folder.path().join(name)).expect("copied");
    }
    folder
}

/// All files in a folder with their contents, by path.
fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut open = vec![folder.to_owned()];
    while let Some(directory) = open.pop() {
        for entry in fs::read_dir(&directory).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                open.push(path);
            } else {
                let name = path
                    .strip_prefix(folder)
                    .expect("below it")
                    .to_string_lossy()
                    .to_string();
                found.insert(name, fs::read(&path).expect("read"));
            }
        }
    }
    found
}

fn modified(path: &Path) -> std::time::SystemTime {
    fs::metadata(path)
        .and_then(|data| data.modified())
        .expect("a time")
}

#[test]
fn what_is_written_is_what_the_build_script_writes_with_the_lints_allowed() {
    let folder = folder();
    let ran = msgraph(folder.path(), &["generate", "--index"]);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    assert_eq!(ran.out, "added src/graph.json\nadded src/graph.rs\n");
    for version in ["v1.0", "beta"] {
        msgraph(
            folder.path(),
            &[
                "generate",
                "--api-version",
                version,
                "--out",
                version,
                "--index",
            ],
        );
        let config = Config::new(folder.path().join("graph.toml")).api_version(version);
        let included = config.generate().expect("it generates");
        let generated = config.checked_in(true).generate().expect("it generates");
        let written = files(&folder.path().join(version));
        assert_eq!(written["graph.rs"], generated.code.as_bytes());
        assert_eq!(written["graph.json"], generated.index.as_bytes());
        let (head, rest) = generated
            .code
            .split_once("//! Generated from CSDL by msgraph-codegen.\n\n#![allow(")
            .expect("docs and allowed lints");
        let (_, rest) = rest.split_once(")]\n\n").expect("the end of the attribute");
        assert_eq!(format!("{head}{rest}"), included.code);
        let snapshot = metadata()
            .join("../generated")
            .join(format!("{version}.rs"));
        assert_eq!(written["graph.rs"], fs::read(snapshot).expect("read"));
    }
}

#[test]
fn what_is_right_already_is_not_touched() {
    let folder = folder();
    msgraph(folder.path(), &["generate"]);
    let file = folder.path().join("src/graph.rs");
    let before = modified(&file);
    std::thread::sleep(std::time::Duration::from_millis(20));
    let ran = msgraph(folder.path(), &["generate"]);
    assert_eq!(ran.out, "unchanged src/graph.rs\n");
    assert_eq!(modified(&file), before);
    let ran = msgraph(folder.path(), &["generate", "--check"]);
    assert_eq!((ran.code, ran.out.as_str(), ran.err.as_str()), (0, "", ""));
}

#[test]
fn an_error_without_a_line_has_no_margin() {
    let folder = folder();
    let ran = msgraph(folder.path(), &["generate", "--manifest", "."]);
    let expected = "error: `.` is not a file\nhelp: name a file\n";
    assert_eq!((ran.code, ran.err.as_str()), (3, expected));
}

#[test]
fn an_empty_list_of_documents_is_an_error() {
    let folder = folder();
    let manifest = "api-version = \"v1.0\"\n[metadata]\n\"v1.0\" = []\n[[update]]\npath = \"/a\"\n";
    fs::write(folder.path().join("graph.toml"), manifest).expect("written");
    let ran = msgraph(folder.path(), &["generate"]);
    let expected = "error: `[metadata]` has no document for `v1.0`\n --> graph.toml:1:15\n";
    assert_eq!(ran.code, 3);
    assert!(ran.err.starts_with(expected), "{}", ran.err);
}

#[test]
fn a_check_shows_the_drift_and_writes_nothing() {
    let folder = folder();
    let ran = msgraph(folder.path(), &["generate", "--check"]);
    assert_eq!(ran.code, 1);
    assert!(!folder.path().join("src").exists());
    msgraph(folder.path(), &["generate"]);
    let file = folder.path().join("src/graph.rs");
    let code = fs::read_to_string(&file).expect("read");
    fs::write(&file, code.replace("pub default_length:", "pub length:")).expect("written");
    let before = files(folder.path());
    for out in ["v1.0.csdl", "v1.0.csdl/x"] {
        let ran = msgraph(folder.path(), &["generate", "--check", "--out", out]);
        assert_eq!((ran.code, ran.out.as_str()), (4, ""), "{}", ran.err);
        assert!(
            ran.err.starts_with("error: cannot read `v1.0.csdl/"),
            "{}",
            ran.err
        );
    }
    let ran = msgraph(folder.path(), &["generate", "--check"]);
    assert_eq!(ran.code, 1);
    assert!(
        ran.out
            .contains("\n-    pub length: __rt::Option<__rt::Nullable<i32>>,\n"),
        "{}",
        ran.out
    );
    assert!(
        ran.out
            .contains("\n+    pub default_length: __rt::Option<__rt::Nullable<i32>>,\n"),
        "{}",
        ran.out
    );
    assert!(
        ran.err
            .contains("`msgraph generate` without `--check` updates them"),
        "{}",
        ran.err
    );
    let json = msgraph(folder.path(), &["generate", "--check", "--format", "json"]);
    assert_eq!(json.code, 1);
    let report: Value = serde_json::from_str(&json.out).expect("JSON");
    assert_eq!(report["files"][0]["state"], json!("changed"));
    assert_eq!(report["files"][0]["diff"].as_str(), Some(ran.out.as_str()));
    let markdown = msgraph(
        folder.path(),
        &["--format", "markdown", "generate", "--check"],
    );
    assert_eq!(markdown.out, format!("```diff\n{}```\n", ran.out));
    assert_eq!(files(folder.path()), before);
    assert_eq!(
        msgraph(folder.path(), &["generate"]).out,
        "changed src/graph.rs\n"
    );
    assert_eq!(fs::read_to_string(&file).expect("read"), code);
}

#[test]
fn what_somebody_wrote_by_hand_is_not_replaced() {
    let folder = folder();
    fs::create_dir(folder.path().join("src")).expect("a folder");
    // A module, and JSON that is not an index.
    for (name, text) in [
        ("graph.rs", "msgraph_runtime::include_graph!(pub mod v1);\n"),
        ("graph.json", "{\n  \"nodes\": []\n}\n"),
    ] {
        let file = folder.path().join("src").join(name);
        fs::write(&file, text).expect("written");
        let before = files(folder.path());
        let ran = msgraph(folder.path(), &["generate", "--index"]);
        assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{}", ran.err);
        for word in [
            &format!("`src/{name}` is not a generated file"),
            "`--file-name`",
            "remove the file",
        ] {
            assert!(ran.err.contains(word), "no {word} in {}", ran.err);
        }
        let ran = msgraph(folder.path(), &["generate", "--index", "--check"]);
        assert_eq!(ran.code, 1);
        for word in [
            &format!("`src/{name}` is not a generated file"),
            "does not need `msgraph generate`",
        ] {
            assert!(ran.err.contains(word), "no {word} in {}", ran.err);
        }
        let json = msgraph(
            folder.path(),
            &["generate", "--index", "--check", "--format", "json"],
        );
        assert!(json.out.contains("\"state\": \"notGenerated\""), "{json:?}");
        assert_eq!(files(folder.path()), before);
        // An empty file may be overwritten, and so may one whose line endings git has converted.
        fs::write(&file, "").expect("written");
        assert_eq!(msgraph(folder.path(), &["generate", "--index"]).code, 0);
        let code = fs::read_to_string(&file).expect("read");
        fs::write(&file, code.replace('\n', "\r\n")).expect("written");
        assert_eq!(msgraph(folder.path(), &["generate", "--index"]).code, 0);
        assert_eq!(fs::read_to_string(&file).expect("read"), code);
        fs::remove_file(&file).expect("removed");
    }
}

#[test]
fn a_tree_loses_what_it_has_no_more_and_nothing_else() {
    let folder = folder();
    let manifest = fs::read_to_string(folder.path().join("graph.toml")).expect("read");
    let more = format!("{manifest}\n[[update]]\npath = \"/policies\"\n");
    fs::write(folder.path().join("graph.toml"), more).expect("written");
    let run = |more: &[&str]| {
        let start = ["generate", "--tree"];
        msgraph(folder.path(), &[&start[..], more].concat())
    };
    assert_eq!(
        run(&[]).out,
        "added src/graph/directory_objects.rs\nadded src/graph/groups.rs\n\
         added src/graph/groups/members.rs\nadded src/graph/pass.rs\nadded src/graph/policies.rs\n\
         added src/graph/temporary_access_pass.rs\nadded src/graph/users.rs\nadded src/graph.rs\n"
    );
    let own = folder.path().join("src/graph/own.rs");
    fs::write(&own, "// by hand\n").expect("written");
    fs::write(folder.path().join("graph.toml"), manifest).expect("written");
    let ran = run(&["--check"]);
    assert_eq!(ran.code, 1);
    assert!(folder.path().join("src/graph/policies.rs").exists());
    let ran = run(&[]);
    assert!(
        ran.out.contains("removed src/graph/policies.rs\n"),
        "{}",
        ran.out
    );
    assert!(!folder.path().join("src/graph/policies.rs").exists());
    assert!(own.exists());
    assert_eq!(run(&["--check"]).code, 0);
}

#[test]
fn a_crate_whose_build_script_generates_commits_nothing() {
    let folder = folder();
    let script = "fn main() { msgraph_codegen::build(\"graph.toml\"); }\n";
    fs::write(folder.path().join("build.rs"), script).expect("written");
    for check in [&["--check"] as &[&str], &[]] {
        let ran = msgraph(folder.path(), &[&["generate"], check].concat());
        assert_eq!(ran.code, i32::from(!check.is_empty()));
        let note = "the crate's build script generates the code";
        assert!(ran.err.contains(note), "{}", ran.err);
        assert!(!ran.err.contains("updates them"), "{}", ran.err);
    }
    // The code is committed, though the build script generates too.
    fs::write(folder.path().join("src/graph.rs"), "").expect("written");
    let ran = msgraph(folder.path(), &["generate", "--check"]);
    assert!(ran.err.contains("updates them"), "{}", ran.err);
}

#[test]
fn on_an_error_not_a_byte_is_written() {
    let folder = folder();
    msgraph(folder.path(), &["generate", "--index"]);
    let manifest = fs::read_to_string(folder.path().join("graph.toml")).expect("read");
    let wrong = manifest.replace(
        "/authenticationMethodsPolicy/",
        "/authenticationMethodPolicy/",
    );
    fs::write(folder.path().join("graph.toml"), wrong).expect("written");
    let before = files(folder.path());
    for more in [
        &["--index"] as &[&str],
        &["--check"],
        &["--tree"],
        &["--format", "json"],
    ] {
        let ran = msgraph(folder.path(), &[&["generate"], more].concat());
        assert_eq!((ran.code, ran.out.as_str()), (3, ""), "{more:?}");
        assert!(ran.err.contains("graph.toml:10:19"), "{}", ran.err);
        assert!(
            ran.err
                .contains("did you mean `authenticationMethodsPolicy`?"),
            "{}",
            ran.err
        );
        assert_eq!(files(folder.path()), before);
    }
    let ran = msgraph(folder.path(), &["generate", "--manifest", "absent.toml"]);
    assert_eq!(ran.code, 2);
    assert!(ran.err.contains("absent.toml"), "{}", ran.err);
    // A file instead of the folder.
    fs::copy(
        metadata().join("graph.toml"),
        folder.path().join("graph.toml"),
    )
    .expect("copied");
    fs::write(folder.path().join("file"), "").expect("written");
    let ran = msgraph(folder.path(), &["generate", "--out", "file"]);
    assert_eq!(ran.code, 4);
    assert!(ran.err.contains("file/graph.rs"), "{}", ran.err);
}

#[test]
fn what_is_misspelt_is_wrong_usage_with_the_nearest_name() {
    let folder = folder();
    for (arguments, help) in [
        (&["generat"] as &[&str], "'generate'"),
        (&["generate", "--chek"], "'--check'"),
        (&["list", "--format", "jsn"], "'json'"),
        (&["--color", "sometimes", "list"], "auto, always, never"),
        (&["completions", "bsh"], "'bash'"),
        (&[], "Usage: msgraph"),
    ] {
        let ran = msgraph(folder.path(), arguments);
        assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{arguments:?}");
        assert!(ran.err.contains(help), "{arguments:?}: {}", ran.err);
    }
}

#[test]
fn help_is_a_result() {
    let folder = folder();
    for arguments in [
        &["--help"] as &[&str],
        &["help", "explain"],
        &["generate", "--help"],
        &["clouds", "-h"],
        &["--version"],
    ] {
        let ran = msgraph(folder.path(), arguments);
        assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{arguments:?}");
        assert!(!ran.out.is_empty());
    }
    assert!(
        msgraph(folder.path(), &["--help"])
            .out
            .contains("Exit codes: 0 success")
    );
}

#[test]
fn there_are_completions_for_every_shell() {
    let folder = folder();
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let ran = msgraph(folder.path(), &["completions", shell]);
        assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{shell}");
        assert!(
            ran.out.contains("generate") && ran.out.contains("check"),
            "{shell}"
        );
    }
}

#[test]
fn colours_are_for_terminals_and_for_who_asks() {
    let folder = folder();
    let escape = '\u{1b}';
    assert!(!msgraph(folder.path(), &["list"]).out.contains(escape));
    assert!(
        msgraph(folder.path(), &["list", "--color", "always"])
            .out
            .contains(escape)
    );
    let wrong = msgraph(folder.path(), &["--color", "always", "explain", "nothing"]);
    assert!(
        wrong.err.contains(escape)
            && !msgraph(folder.path(), &["explain", "nothing"])
                .err
                .contains(escape)
    );
    let never = command(folder.path(), &["list", "--color", "never"])
        .env("CLICOLOR_FORCE", "1")
        .output()
        .expect("it runs");
    assert!(!never.stdout.contains(&0x1b));
    let asked = command(folder.path(), &["list", "--color", "always"])
        .env("NO_COLOR", "1")
        .output()
        .expect("it runs");
    assert!(asked.stdout.contains(&0x1b));
}

#[test]
fn a_pipe_that_is_closed_is_no_failure() {
    let folder = folder();
    let explain = ["explain", "authenticationMethodTarget", "--all"];
    for arguments in [
        &["completions", "bash"] as &[&str],
        &["list"],
        &explain,
        &["--help"],
    ] {
        let mut child = command(folder.path(), arguments)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("it runs");
        // The reader has closed the pipe before the first byte.
        drop(child.stdout.take());
        let ran = child.wait_with_output().expect("it ends");
        let err = String::from_utf8_lossy(&ran.stderr).into_owned();
        assert_eq!(ran.status.code(), Some(0), "{arguments:?}: {err}");
        assert!(
            !err.contains("error") && !err.contains("panicked"),
            "{arguments:?}: {err}"
        );
    }
}

/// With `pipefail`, `| head` must not turn a failed check into a success.
#[test]
fn a_verdict_outlives_the_pipe() {
    let folder = folder();
    let csdl = fs::read_to_string(folder.path().join("v1.0.csdl")).expect("read");
    let lacks = csdl.replace("Name=\"defaultLength\"", "Name=\"usualLength\"");
    assert_ne!(csdl, lacks);
    fs::write(folder.path().join("after.csdl"), lacks).expect("written");
    fs::create_dir(folder.path().join("clouds")).expect("a folder");
    let none = csdl.replace("Name=\"policies\"", "Name=\"rules\"");
    fs::write(folder.path().join("clouds/v1.0.csdl"), &csdl).expect("written");
    fs::write(folder.path().join("clouds/v1.0-china.csdl"), none).expect("written");
    for arguments in [
        &["generate", "--check"] as &[&str],
        &["diff", "v1.0.csdl", "after.csdl", "--fail-on", "patch"],
        &["clouds", "clouds", "--check"],
        &["list", "nothing", "--format", "json"],
        &["init", "--path", "/policies", "--metadata", "v1.0.csdl"],
    ] {
        fs::write(
            folder.path().join("Cargo.toml"),
            "[package]\nname = \"a\"\nedition = \"2024\"\n",
        )
        .expect("written");
        let whole = msgraph(folder.path(), arguments);
        assert_eq!(whole.code, 1, "{arguments:?}: {}", whole.err);
        let mut child = command(folder.path(), arguments)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("it runs");
        drop(child.stdout.take());
        let ended = child.wait().expect("it ends");
        assert_eq!(ended.code(), Some(1), "{arguments:?}");
    }
}

#[test]
#[cfg(target_os = "linux")]
fn a_full_disk_is_said() {
    let folder = folder();
    for arguments in [
        &["list"] as &[&str],
        &["explain", "authenticationMethodTarget"],
        &["list", "--format", "json"],
        &["completions", "bash"],
        &["generate"],
    ] {
        let full = fs::OpenOptions::new()
            .write(true)
            .open("/dev/full")
            .expect("a full disk");
        let ran = command(folder.path(), arguments)
            .stdout(full)
            .output()
            .expect("it runs");
        let err = String::from_utf8_lossy(&ran.stderr).into_owned();
        assert_eq!(ran.status.code(), Some(4), "{arguments:?}: {err}");
        assert!(
            err.contains("cannot write to standard output"),
            "{arguments:?}: {err}"
        );
    }
}

/// A manifest that is not there is a mistake of the command line.
#[test]
fn without_a_manifest_the_way_to_one_is_told() {
    let folder = tempfile::tempdir().expect("a folder");
    for arguments in [
        &["generate"] as &[&str],
        &["slice", "-o", "slice.csdl"],
        &["clouds"],
        &["list", "--manifest", "graph.toml"],
    ] {
        let ran = msgraph(folder.path(), arguments);
        assert_eq!(ran.code, 2, "{arguments:?}: {}", ran.err);
        assert_eq!(
            ran.err,
            "error: there is no `graph.toml`\nhelp: name a manifest with `--manifest FILE`, or create \
             one with `msgraph init`\n",
            "{arguments:?}"
        );
    }
}

/// Files are compared byte by byte, even if they look the same.
#[test]
fn a_file_that_is_no_text_differs() {
    let folder = folder();
    let document = folder.path().join("v1.0.csdl");
    let csdl = fs::read_to_string(&document).expect("text");
    let csdl = csdl.replace("Whether the method is enabled", "Whether \u{fffd} is on");
    fs::write(&document, csdl).expect("written");
    let run = |arguments: &[&str]| msgraph(folder.path(), arguments).code;
    assert_eq!(run(&["generate"]), 0);
    assert_eq!(run(&["generate", "--check"]), 0);
    let path = folder.path().join("src/graph.rs");
    let text = fs::read(&path).expect("generated");
    let sign = "\u{fffd}".as_bytes();
    let at = text.windows(sign.len()).position(|it| it == sign);
    let at = at.expect("it is there");
    let mut broken = text.clone();
    broken.splice(at..at + sign.len(), [0xff]);
    fs::write(&path, broken).expect("written");
    assert_eq!(run(&["generate", "--check"]), 1);
    assert_eq!(run(&["generate"]), 0);
    assert!(fs::read(&path).expect("renewed") == text);
}

/// A named pipe in the folder of the tree is neither removed nor read.
#[cfg(unix)]
#[test]
fn a_pipe_in_the_tree_is_left_alone() {
    let folder = folder();
    let pipe = folder.path().join("src/graph/pipe.rs");
    fs::create_dir_all(folder.path().join("src/graph")).expect("made");
    let made = std::process::Command::new("mkfifo").arg(&pipe).status();
    assert!(made.expect("mkfifo runs").success());
    assert_eq!(msgraph(folder.path(), &["generate", "--tree"]).code, 0);
    assert!(pipe.exists());
}

#[test]
fn a_name_that_is_none_is_wrong_usage() {
    let folder = folder();
    let before = files(folder.path());
    for (arguments, word) in [
        (
            &["--index", "--file-name", "graph.json"] as &[&str],
            "index",
        ),
        (
            &["--check", "--index", "--file-name", "graph.JSON"],
            "index",
        ),
        (&["--file-name", ""], "--file-name"),
        (&["--file-name", ".."], "--file-name"),
        (&["--file-name", "/"], "--file-name"),
        (&["--file-name", "graph/"], "--file-name"),
        (&["--api-version", "v1\"x"], "--api-version"),
    ] {
        let ran = msgraph(folder.path(), &[&["generate"], arguments].concat());
        assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{arguments:?}");
        assert!(ran.err.contains(word), "{arguments:?}: {}", ran.err);
        assert_eq!(files(folder.path()), before);
    }
}

#[cfg(unix)]
#[test]
fn a_link_is_written_through_and_a_protected_file_is_not() {
    use std::os::unix::fs::{PermissionsExt as _, symlink};

    let folder = folder();
    let path = |name: &str| folder.path().join(name);
    fs::create_dir_all(path("src")).expect("a folder");
    fs::create_dir_all(path("elsewhere")).expect("a folder");
    symlink("../elsewhere/code.rs", path("src/graph.rs")).expect("a link");
    let ran = msgraph(folder.path(), &["generate"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert!(path("src/graph.rs").is_symlink());
    let code = fs::read_to_string(path("elsewhere/code.rs")).expect("the code");

    let mode = |mode| {
        fs::set_permissions(path("elsewhere/code.rs"), fs::Permissions::from_mode(mode))
            .expect("set");
    };
    mode(0o444);
    // Files that are up to date are not touched.
    assert_eq!(msgraph(folder.path(), &["generate"]).code, 0);
    mode(0o644);
    fs::write(path("elsewhere/code.rs"), code.clone() + "// more\n").expect("written");
    mode(0o444);
    let before = files(folder.path());
    let ran = msgraph(folder.path(), &["generate", "--index"]);
    assert_eq!(ran.code, 4);
    assert!(
        ran.err.contains("graph.rs` is write-protected"),
        "{}",
        ran.err
    );
    assert_eq!(files(folder.path()), before);
    // An executable file stays executable.
    mode(0o755);
    assert_eq!(msgraph(folder.path(), &["generate"]).code, 0);
    let data = fs::metadata(path("elsewhere/code.rs")).expect("data");
    assert_eq!(data.permissions().mode() & 0o777, 0o755);
}

/// Published metadata has inconsistencies that users cannot fix, so they are shown only on request.
#[test]
fn inconsistencies_in_the_metadata_are_shown_only_when_asked() {
    let folder = tempfile::tempdir().expect("a folder");
    let again = "<Property Name=\"id\" Type=\"Edm.String\" Nullable=\"false\" />";
    let map = "<EntityType Name=\"map\" BaseType=\"l.item\">";
    let library = include_str!("pages/library.csdl").replace(map, &format!("{map}{again}"));
    fs::write(folder.path().join("v1.0.csdl"), library).expect("written");
    fs::write(
        folder.path().join("graph.toml"),
        "api-version = \"v1.0\"\n[metadata]\n\"v1.0\" = \"v1.0.csdl\"\n\
         [[update]]\npath = \"/people/{id}\"\n",
    )
    .expect("written");
    for arguments in [
        &["generate", "--out", "."] as &[&str],
        &["generate", "--out", ".", "--check"],
    ] {
        let ran = msgraph(folder.path(), arguments);
        assert_eq!((ran.code, ran.err.as_str()), (0, ""));
        let ran = msgraph(folder.path(), &[arguments, &["--warnings"]].concat());
        assert_eq!(ran.code, 0);
        assert!(ran.err.starts_with("warning: `library.map`"), "{}", ran.err);
    }
}
