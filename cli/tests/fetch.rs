//! `msgraph fetch` with a loopback server that fails in every way: the old file and the lock file stay intact, no
//! temporary file remains, and the message says what to do.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test reports failures by panicking"
)]

use std::collections::BTreeMap;
use std::fs;
use std::io::{Read as _, Write};
use std::net::{TcpListener, TcpStream};
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use flate2::Compression;
use flate2::write::GzEncoder;

/// A small CSDL file.
fn csdl(property: &str) -> String {
    format!(
        r#"<?xml version="1.0" encoding="utf-8"?>
<edmx:Edmx Version="4.0" xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx">
  <edmx:DataServices>
    <Schema Namespace="microsoft.graph" xmlns="http://docs.oasis-open.org/odata/ns/edm">
      <EntityType Name="lamp">
        <Key><PropertyRef Name="id" /></Key>
        <Property Name="id" Type="Edm.String" Nullable="false" />
        <Property Name="{property}" Type="Edm.Int32" />
      </EntityType>
      <EntityContainer Name="GraphService">
        <Singleton Name="lamp" Type="microsoft.graph.lamp" />
      </EntityContainer>
    </Schema>
  </edmx:DataServices>
</edmx:Edmx>
"#
    )
}

/// Responds to each connection with `respond`, which gets the number of earlier connections.
struct Server {
    root: String,
    requests: Arc<AtomicUsize>,
}

impl Server {
    fn new(answer: impl Fn(usize, &mut TcpStream) + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let root = format!("http://{}", listener.local_addr().unwrap());
        let requests = Arc::new(AtomicUsize::new(0));
        let counter = Arc::clone(&requests);
        let answer = Arc::new(answer);
        // The thread ends with the process of the test.
        thread::spawn(move || {
            for stream in listener.incoming() {
                let mut stream = stream.unwrap();
                let nth = counter.fetch_add(1, Ordering::SeqCst);
                let answer = Arc::clone(&answer);
                thread::spawn(move || {
                    let mut seen = Vec::new();
                    let mut byte = [0];
                    while !seen.ends_with(b"\r\n\r\n")
                        && stream.read(&mut byte).is_ok_and(|count| count > 0)
                    {
                        seen.push(byte[0]);
                    }
                    let seen = String::from_utf8_lossy(&seen).into_owned();
                    let expected = seen.starts_with("GET /v1.0/$metadata HTTP/1.1\r\n")
                        && !seen.to_lowercase().contains("authorization");
                    if expected {
                        answer(nth, &mut stream);
                    } else {
                        send(&mut stream, "400 Bad Request", seen.as_bytes());
                    }
                });
            }
        });
        Server { root, requests }
    }

    /// Always the same response.
    fn with(head: &str, body: impl Into<Vec<u8>>) -> Self {
        let (head, body) = (head.to_owned(), body.into());
        Server::new(move |_, stream| send(stream, &head, &body))
    }

    fn requests(&self) -> usize {
        self.requests.load(Ordering::SeqCst)
    }
}

/// Writes a response; the client may have disconnected.
fn send(stream: &mut TcpStream, head: &str, body: &[u8]) {
    let length = if head.contains("-length") || head.contains("chunked") {
        String::new()
    } else {
        format!("content-length: {}\r\n", body.len())
    };
    let _ = stream
        .write_all(format!("HTTP/1.1 {head}\r\n{length}connection: close\r\n\r\n").as_bytes())
        .and_then(|()| stream.write_all(body));
}

const XML: &str = "200 OK\r\ncontent-type: application/xml";

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// 1 GiB of spaces in about 1 MB of gzip with several members.
fn bomb() -> Server {
    let member = gzip(&vec![b' '; 1 << 24]);
    let head = format!("{XML}\r\ncontent-encoding: gzip");
    Server::with(&head, member.repeat(64))
}

/// A folder to fetch into.
struct Folder(tempfile::TempDir);

impl Folder {
    fn new() -> Self {
        Folder(tempfile::tempdir().unwrap())
    }

    /// A folder with a fetched file.
    fn fetched() -> Self {
        let folder = Folder::new();
        let output = folder.fetch(&Server::with(XML, csdl("old")), &[]);
        assert!(output.status.success(), "{output:?}");
        folder
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap()
    }

    fn command(&self, root: &str, more: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_msgraph"));
        command
            .args(["fetch", "--root", root])
            .args(more)
            .current_dir(self.0.path())
            // No proxy: the server is on this machine.
            .env("HTTP_PROXY", "http://127.0.0.1:9")
            .env("ALL_PROXY", "http://127.0.0.1:9");
        if !more.contains(&"--tries") {
            command.args(["--tries", "2"]);
        }
        command
    }

    fn fetch(&self, server: &Server, more: &[&str]) -> Output {
        self.command(&server.root, more).output().unwrap()
    }

    /// All files below the folder, with their contents.
    fn files(&self) -> BTreeMap<PathBuf, Vec<u8>> {
        let mut files = BTreeMap::new();
        let mut open = vec![self.0.path().to_owned()];
        while let Some(directory) = open.pop() {
            for entry in fs::read_dir(directory).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    open.push(path);
                } else {
                    files.insert(path.clone(), fs::read(path).unwrap());
                }
            }
        }
        files
    }
}

fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

/// Checks that a fetch fails with this code and message, and changes nothing, both with and without an old file.
#[track_caller]
fn fails(server: &Server, more: &[&str], code: i32, words: &[&str]) -> String {
    let mut message = String::new();
    for folder in [Folder::fetched(), Folder::new()] {
        let before = folder.files();
        let output = folder.fetch(server, more);
        message = stderr(&output);
        assert_eq!(output.status.code(), Some(code), "{message}");
        assert_eq!(stdout(&output), "");
        for word in words {
            assert!(message.contains(word), "no `{word}` in: {message}");
        }
        assert!(!message.contains("panicked"), "{message}");
        assert_eq!(folder.files(), before, "{message}");
    }
    message
}

#[test]
fn a_document_is_fetched_recorded_and_not_written_twice() {
    let folder = Folder::new();
    let server = Server::with(XML, csdl("old"));
    let output = folder.fetch(&server, &[]);
    assert!(output.status.success(), "{}", stderr(&output));
    assert_eq!(stderr(&output), "", "no progress bar into a pipe");
    let said = stdout(&output);
    assert!(said.starts_with("added metadata/v1.0.csdl: "), "{said}");
    assert_eq!(folder.read("metadata/v1.0.csdl"), csdl("old"));
    let lock = folder.read("metadata/lock.toml");
    let size = csdl("old").len();
    for line in [
        "[file.\"v1.0.csdl\"]\n".to_owned(),
        format!("source = \"{}/v1.0/$metadata\"\n", server.root),
        format!("size = {size}\n"),
    ] {
        assert!(lock.contains(&line), "no {line} in {lock}");
    }

    let before = folder.files();
    let written = |name| fs::metadata(folder.path(name)).unwrap().modified().unwrap();
    let times = (written("metadata/v1.0.csdl"), written("metadata/lock.toml"));
    thread::sleep(Duration::from_millis(1100));
    let output = folder.fetch(&server, &[]);
    let said = stdout(&output);
    assert!(said.starts_with("unchanged metadata/v1.0.csdl: "), "{said}");
    assert_eq!(folder.files(), before);
    let now = (written("metadata/v1.0.csdl"), written("metadata/lock.toml"));
    assert_eq!(now, times, "what is the same is not written");

    let server = Server::with(XML, csdl("new"));
    let output = folder.fetch(&server, &["--format", "json"]);
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(report["state"], "changed");
    assert_eq!(report["size"], csdl("new").len());
    assert_ne!(report["sha256"], report["before"]["sha256"]);
    assert_eq!(folder.read("metadata/v1.0.csdl"), csdl("new"));
    let now = folder.read("metadata/lock.toml");
    assert!(now.contains(report["sha256"].as_str().unwrap()), "{now}");
    assert_eq!(now.matches("[file.").count(), 1, "{now}");
    assert_eq!(folder.files().len(), 2);
}

#[test]
fn what_happens_to_the_lock_file_during_a_download_stays() {
    let folder = Folder::fetched();
    let lock = folder.path("metadata/lock.toml");
    let server = Server::new(move |_, stream| {
        let edited = fs::read_to_string(&lock).unwrap() + "# By hand.\n";
        fs::write(&lock, edited).unwrap();
        send(stream, XML, csdl("new").as_bytes());
    });
    let output = folder.fetch(&server, &["-o", "metadata/other.csdl"]);
    assert!(output.status.success(), "{}", stderr(&output));
    let lock = folder.read("metadata/lock.toml");
    assert!(lock.contains("# By hand."), "{lock}");
    assert_eq!(lock.matches("[file.").count(), 2, "{lock}");

    // All at once: the server responds after it has all requests.
    const AT_ONCE: usize = 8;
    let all_there = Arc::new(std::sync::Barrier::new(AT_ONCE));
    let server = Server::new(move |_, stream| {
        all_there.wait();
        send(stream, XML, csdl("new").as_bytes());
    });
    let folder = Folder::new();
    let running: Vec<_> = (0..AT_ONCE)
        .map(|nth| {
            let name = format!("metadata/{nth}.csdl");
            let mut command = folder.command(&server.root, &["-o", &name]);
            command.stdout(Stdio::null()).spawn().unwrap()
        })
        .collect();
    for mut fetch in running {
        assert!(fetch.wait().unwrap().success());
    }
    let lock = folder.read("metadata/lock.toml");
    assert_eq!(lock.matches("[file.").count(), AT_ONCE, "{lock}");
    assert_eq!(folder.files().len(), AT_ONCE + 1, "nothing else is left");
}

#[test]
fn what_a_server_says_steers_no_terminal() {
    let body =
        r#"{"error":{"code":"x\u001b]0;a\u0007","message":"no\nerror: forged\u009b2J\u202e"}}"#;
    let server = Server::with("403 Forbidden\r\ncontent-type: application/json", body);
    let message = fails(
        &server,
        &[],
        4,
        &["no error: forged", "\\u{1b}]0;a", "\\u{202e}"],
    );
    assert!(
        message
            .chars()
            .all(|c| c == '\n' || !c.is_control() && c != '\u{202e}'),
        "{message:?}"
    );
}

#[test]
fn other_files_stand_beside_it() {
    let folder = Folder::fetched();
    let server = Server::with(XML, csdl("other"));
    for more in [&["--cloud", "china"][..], &["-o", "metadata/a.csdl"]] {
        let output = folder.fetch(&server, more);
        assert!(output.status.success(), "{}", stderr(&output));
    }
    assert_eq!(folder.read("metadata/v1.0-china.csdl"), csdl("other"));
    assert_eq!(folder.read("metadata/v1.0.csdl"), csdl("old"));
    let lock = folder.read("metadata/lock.toml");
    let files: Vec<&str> = lock.lines().filter(|line| line.starts_with('[')).collect();
    let expected = ["a.csdl", "v1.0-china.csdl", "v1.0.csdl"];
    assert_eq!(files, expected.map(|name| format!("[file.\"{name}\"]")));

    let output = folder.fetch(&server, &["-o", "plain.csdl"]);
    assert!(output.status.success(), "{}", stderr(&output));
    let lock = folder.read("lock.toml");
    assert!(lock.contains("[file.\"plain.csdl\"]"), "{lock}");
}

#[cfg(unix)]
#[test]
fn a_link_and_permissions_stay() {
    use std::os::unix::fs::PermissionsExt;
    let folder = Folder::fetched();
    let mode = |name| {
        let permissions = fs::metadata(folder.path(name)).unwrap().permissions();
        permissions.mode() & 0o777
    };
    fs::write(folder.path("fresh"), "").unwrap();
    assert_eq!(mode("metadata/v1.0.csdl"), mode("fresh"), "the umask's");
    fs::rename(folder.path("metadata/v1.0.csdl"), folder.path("real.csdl")).unwrap();
    fs::set_permissions(folder.path("real.csdl"), PermissionsExt::from_mode(0o640)).unwrap();
    std::os::unix::fs::symlink("../real.csdl", folder.path("metadata/v1.0.csdl")).unwrap();
    let output = folder.fetch(&Server::with(XML, csdl("new")), &[]);
    assert!(output.status.success(), "{}", stderr(&output));
    assert!(folder.path("metadata/v1.0.csdl").is_symlink());
    assert_eq!(folder.read("real.csdl"), csdl("new"));
    assert_eq!(mode("real.csdl"), 0o640);
    let lock = folder.read("metadata/lock.toml");
    assert!(
        lock.contains(&format!("size = {}\n", csdl("new").len())),
        "{lock}"
    );

    // Also a dangling link, into a folder that is created.
    let link = folder.path("metadata/new.csdl");
    std::os::unix::fs::symlink("../far/new.csdl", &link).unwrap();
    let output = folder.fetch(
        &Server::with(XML, csdl("new")),
        &["-o", "metadata/new.csdl"],
    );
    assert!(output.status.success(), "{}", stderr(&output));
    assert!(link.is_symlink());
    assert_eq!(folder.read("far/new.csdl"), csdl("new"));
    assert!(!folder.path("far/lock.toml").exists(), "beside the link");
    let round = folder.path("metadata/round.csdl");
    std::os::unix::fs::symlink("round.csdl", &round).unwrap();
    let output = folder.fetch(
        &Server::with(XML, csdl("new")),
        &["-o", "metadata/round.csdl"],
    );
    assert_eq!(output.status.code(), Some(4), "{}", stderr(&output));
    assert!(round.is_symlink());
}

#[test]
fn gzip_is_unpacked() {
    let folder = Folder::new();
    let packed = gzip(csdl("packed").as_bytes());
    let (one, two) = packed.split_at(40);
    let chunks = [
        format!("{:x}\r\n", one.len()).as_bytes(),
        one,
        format!("\r\n{:x}\r\n", two.len()).as_bytes(),
        two,
        b"\r\n0\r\n\r\n",
    ]
    .concat();
    let chunked = "content-encoding: gzip\r\ntransfer-encoding: chunked";
    for (head, body) in [("content-encoding: gzip", packed), (chunked, chunks)] {
        let output = folder.fetch(&Server::with(&format!("{XML}\r\n{head}"), body), &[]);
        assert!(output.status.success(), "{}", stderr(&output));
        assert_eq!(folder.read("metadata/v1.0.csdl"), csdl("packed"));
    }
}

#[test]
fn what_is_cut_off_is_tried_again_and_then_refused() {
    let whole = csdl("new");
    let half = &whole[..whole.len() / 2];
    let longer = format!("{XML}\r\ncontent-length: {}", whole.len());
    let server = Server::with(&longer, half);
    let words = [
        "the connection was lost after",
        "(after 2 attempts)",
        "retrying in",
    ];
    fails(&server, &[], 4, &words);
    assert_eq!(server.requests(), 4, "two folders, two tries each");

    let chunk = format!("{:x}\r\n{half}\r\n", half.len());
    let server = Server::with(&format!("{XML}\r\ntransfer-encoding: chunked"), chunk);
    fails(&server, &["--tries", "1"], 4, &words[..1]);

    let packed = gzip(whole.as_bytes());
    let head = format!("{XML}\r\ncontent-encoding: gzip");
    for cut in [1, 8, 12, packed.len() - 1] {
        let server = Server::with(&head, &packed[..packed.len() - cut]);
        fails(&server, &[], 4, &["invalid gzip"]);
    }

    // The second attempt may succeed.
    let folder = Folder::fetched();
    let server = Server::new(move |nth, stream| match nth {
        0 => send(stream, &longer, b"<?xml"),
        _ => send(stream, XML, csdl("new").as_bytes()),
    });
    let output = folder.fetch(&server, &[]);
    assert!(output.status.success(), "{}", stderr(&output));
    assert_eq!(folder.read("metadata/v1.0.csdl"), csdl("new"));
}

#[test]
fn what_is_no_document_is_refused() {
    let page = "<!DOCTYPE html><html><body>Sign in</body></html>";
    let html = "200 OK\r\ncontent-type: text/html; charset=utf-8";
    let words = ["`text/html; charset=utf-8`", "sign-in page"];
    fails(&Server::with(html, page), &[], 4, &words);
    let json = "200 OK\r\ncontent-type: application/json";
    fails(
        &Server::with(json, "{}"),
        &[],
        4,
        &["`application/json`, not XML"],
    );
    fails(&Server::with(XML, ""), &[], 4, &["is empty"]);
    let brotli = format!("{XML}\r\ncontent-encoding: br");
    fails(&Server::with(&brotli, "x"), &[], 4, &["encoding `br`"]);
    let wrong = format!("{XML}\r\ncontent-encoding: gzip");
    let message = fails(
        &Server::with(&wrong, csdl("new")),
        &[],
        4,
        &["invalid gzip"],
    );
    assert_eq!(message.lines().count(), 1, "{message}");

    // A page that claims to be XML; an external entity; another root element; an unresolved name; invalid
    // UTF-8.
    let place = "/v1.0/$metadata, for metadata/v1.0.csdl";
    let xxe = "<?xml version=\"1.0\"?>\n\
               <!DOCTYPE a [<!ENTITY x SYSTEM \"file:///etc/hostname\">]>\n<a>&x;</a>";
    let unresolved = csdl("new").replace("Edm.Int32", "graph.nowhere");
    for (body, word) in [
        (page.into(), "an HTML page"),
        (xxe.into(), "DTD"),
        ("<a><b/></a>".into(), "Edmx"),
        (unresolved.into(), "graph.nowhere"),
        (gzip(csdl("new").as_bytes()), "compressed with gzip"),
        (b"<a>\xff</a>".to_vec(), "not UTF-8"),
    ] {
        fails(&Server::with(XML, body), &[], 3, &[place, word]);
    }
}

#[test]
fn other_answers_are_explained() {
    let gone = Server::with("404 Not Found\r\ncontent-type: text/plain", "no");
    fails(&gone, &[], 4, &["404 Not Found", "`v1.0` and `beta`"]);
    assert_eq!(gone.requests(), 2, "once for each folder");
    let moved = "302 Found\r\nlocation: https://elsewhere.example/v1.0/$metadata";
    fails(
        &Server::with(moved, ""),
        &[],
        4,
        &["https://elsewhere.example", "not followed"],
    );
    let refused = "401 Unauthorized\r\ncontent-type: application/json";
    let body = r#"{"error":{"code":"InvalidAuthenticationToken","message":"It is empty."}}"#;
    let words = ["InvalidAuthenticationToken: It is empty.", "no token"];
    fails(&Server::with(refused, body), &[], 4, &words);
    fails(
        &Server::with("206 Partial Content", "<a"),
        &[],
        4,
        &["206 Partial Content"],
    );
    let broken = Server::with("500 Internal Server Error", "");
    fails(&broken, &[], 4, &["500", "try again later"]);
    assert_eq!(broken.requests(), 2, "once for each folder");
    let other = Server::new(|_, stream| {
        let _ = stream.write_all(b"SSH-2.0-x\r\n");
    });
    fails(&other, &["--tries", "1"], 4, &["the connection was lost"]);
}

#[test]
fn retry_after_is_heeded_within_bounds() {
    let later = "date: Sun, 06 Nov 1994 08:49:37 GMT\r\nretry-after: Sun, 06 Nov 1994 08:49:38 GMT";
    for head in [
        "503 Service Unavailable\r\nretry-after: 1".to_owned(),
        "429 Too Many Requests\r\nretry-after: 1".to_owned(),
        format!("503 Service Unavailable\r\n{later}"),
    ] {
        let asked = head.clone();
        let server = Server::new(move |nth, stream| match nth {
            0 => send(stream, &asked, b""),
            _ => send(stream, XML, csdl("new").as_bytes()),
        });
        let folder = Folder::fetched();
        let start = Instant::now();
        let output = folder.fetch(&server, &[]);
        let message = stderr(&output);
        assert!(output.status.success(), "{message}");
        assert!(start.elapsed() >= Duration::from_secs(1), "{head}");
        assert!(
            message.contains("retrying in 1.") && message.contains(" s (attempt 1 of 2)"),
            "{message}"
        );
        assert_eq!(folder.read("metadata/v1.0.csdl"), csdl("new"));
    }
    for absurd in [
        "86400",
        "99999999999999999999999",
        "Fri, 31 Dec 9999 23:59:59 GMT",
    ] {
        let head = format!("503 Service Unavailable\r\nretry-after: {absurd}");
        let server = Server::with(&head, "");
        fails(
            &server,
            &[],
            4,
            &["503", "`Retry-After` is", "try again later"],
        );
        assert_eq!(server.requests(), 2, "{absurd}: once for each folder");
    }
    // An invalid `Retry-After` is ignored.
    let server = Server::with("503 Service Unavailable\r\nretry-after: soon", "");
    fails(&server, &[], 4, &["503", "(after 2 attempts)"]);
    // A wait that ends after the time for everything is not begun.
    let server = Server::with("503 Service Unavailable\r\nretry-after: 20", "");
    fails(&server, &["--timeout", "5"], 4, &["`Retry-After` is 20 s"]);
}

#[test]
fn what_is_slow_ends() {
    let silent = Server::new(|_, _| thread::sleep(Duration::from_secs(60)));
    let quick = ["--tries", "1", "--idle-timeout", "1"];
    fails(
        &silent,
        &quick,
        4,
        &["no data for 1 s after 0 bytes", "--idle-timeout"],
    );

    let stalled = Server::new(|_, stream| {
        send(stream, &format!("{XML}\r\ncontent-length: 1000"), b"<?xml");
        thread::sleep(Duration::from_secs(60));
    });
    fails(&stalled, &quick, 4, &["no data for 1 s after 5 bytes"]);

    let trickling = Server::new(|_, stream| {
        send(stream, &format!("{XML}\r\ncontent-length: 1000"), b"");
        while stream.write_all(b" ").is_ok() {
            thread::sleep(Duration::from_millis(100));
        }
    });
    fails(
        &trickling,
        &["--timeout", "2"],
        4,
        &["not complete after 2 s", "--timeout"],
    );
    // An error with an endless body is still an error.
    let endless = Server::new(|_, stream| {
        send(stream, "400 Bad Request\r\ntransfer-encoding: chunked", b"");
        while stream.write_all(b"1\r\n \r\n").is_ok() {}
    });
    fails(&endless, &[], 4, &["400 Bad Request"]);
}

#[test]
fn what_is_too_large_ends() {
    let words = ["more than 33554432 bytes"];
    let declared = Server::with(&format!("{XML}\r\ncontent-length: 99999999999"), "<");
    fails(&declared, &[], 4, &words);

    let endless = Server::new(|_, stream| {
        send(stream, &format!("{XML}\r\ntransfer-encoding: chunked"), b"");
        let chunk = [b"10000\r\n".as_slice(), &[b' '; 0x10000], b"\r\n"].concat();
        while stream.write_all(&chunk).is_ok() {}
    });
    fails(&endless, &[], 4, &words);
    fails(&bomb(), &[], 4, &words);
}

/// With enough address space for the program and one file, but not for an unpacked gzip bomb.
#[cfg(target_os = "linux")]
#[test]
fn a_bomb_takes_no_memory() {
    let folder = Folder::new();
    let limited = "ulimit -v 524288; exec \"$0\" fetch --root \"$1\" -o x.csdl";
    let output = Command::new("sh")
        .args(["-c", limited, env!("CARGO_BIN_EXE_msgraph"), &bomb().root])
        .current_dir(folder.0.path())
        .output()
        .unwrap();
    let message = stderr(&output);
    assert_eq!(output.status.code(), Some(4), "{message}");
    assert!(message.contains("more than 33554432 bytes"), "{message}");
}

#[test]
fn without_a_connection_it_says_so() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let root = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let folder = Folder::fetched();
    let before = folder.files();
    let output = folder.command(&root, &[]).output().unwrap();
    assert_eq!(output.status.code(), Some(4));
    let message = stderr(&output);
    assert!(
        message.contains("there is no connection; is a server running there?"),
        "{message}"
    );
    assert!(message.contains("(after 2 attempts)"), "{message}");
    assert_eq!(folder.files(), before);

    // TLS works, and its failures are reported.
    let plain = Server::with(XML, csdl("new"));
    let root = plain.root.replace("http:", "https:");
    let mut command = folder.command(&root, &["--tries", "1"]);
    let output = command.env_remove("ALL_PROXY").output().unwrap();
    assert_eq!(output.status.code(), Some(4));
    let message = stderr(&output);
    assert!(
        message.contains("there is no connection; check the network"),
        "{message}"
    );
    assert_eq!(folder.files(), before);
}

/// The short name of the US government cloud means L4.
#[test]
fn us_gov_is_l4() {
    let folder = Folder::new();
    let server = Server::with(XML, csdl("new"));
    let said = stdout(&folder.fetch(&server, &["--cloud", "us-gov"]));
    assert!(said.contains("metadata/v1.0-us-gov-l4.csdl"), "{said}");
}

#[test]
fn wrong_usage_is_told_before_anything_is_asked() {
    let server = Server::with(XML, csdl("new"));
    let folder = Folder::fetched();
    fs::create_dir(folder.path("folder")).unwrap();
    const SLICE: &str = "<!--\n  A slice of the metadata, made by `msgraph slice`: what one \
                         selection needs.\n-->";
    fs::write(folder.path("slice.csdl"), SLICE).unwrap();
    for (more, code, word) in [
        (
            ["--root", "http://graph.microsoft.com"],
            2,
            "use https, or http on loopback",
        ),
        (
            ["--root", "ftp://127.0.0.1"],
            2,
            "use https, or http on loopback",
        ),
        (["--root", "https://user@host/path"], 2, "https://host"),
        (["--cloud", "globol"], 2, "'global'"),
        (["--api-version", "../../v1.0"], 2, "`v1.0` or `beta`"),
        (["--api-version", ".."], 2, "`v1.0` or `beta`"),
        (["--timeout", "0"], 2, "1..=86400"),
        (["-o", "folder"], 4, "`folder` is not a file"),
        (["-o", ".."], 2, "cannot have an entry in a lock file"),
        (
            ["-o", "lock.toml"],
            2,
            "cannot have an entry in a lock file",
        ),
        (
            ["-o", "slice.csdl"],
            2,
            "is a slice, which is not replaced by the whole",
        ),
    ] {
        let mut command = Command::new(env!("CARGO_BIN_EXE_msgraph"));
        command.arg("fetch").args(more).current_dir(folder.0.path());
        if !more.contains(&"--root") {
            command.args(["--root", &server.root]);
        }
        let output = command.output().unwrap();
        let message = stderr(&output);
        assert_eq!(output.status.code(), Some(code), "{more:?} {message}");
        assert!(message.contains(word), "{message}");
    }
    assert_eq!(folder.read("slice.csdl"), SLICE);
    fs::write(folder.path("metadata/lock.toml"), "version = 7\n").unwrap();
    let output = folder.fetch(&server, &[]);
    let message = stderr(&output);
    assert_eq!(output.status.code(), Some(3), "{message}");
    assert!(message.contains("`version` is not 1"), "{message}");
    assert_eq!(server.requests(), 0);
}

#[test]
fn generate_holds_the_lock_file() {
    let folder = Folder::fetched();
    let document = folder.path("metadata/v1.0.csdl");
    let lock_file = folder.path("metadata/lock.toml");
    let manifest = "api-version = \"v1.0\"\n[metadata]\n\"v1.0\" = \"metadata/v1.0.csdl\"\n\
                    [[update]]\npath = \"/lamp\"\n";
    fs::write(folder.path("graph.toml"), manifest).unwrap();
    let generate = |more: &[&str]| {
        let output = Command::new(env!("CARGO_BIN_EXE_msgraph"))
            .arg("generate")
            .args(more)
            .current_dir(folder.0.path())
            .output()
            .unwrap();
        (
            output.status.code().unwrap(),
            stderr(&output),
            stdout(&output),
        )
    };
    let (code, message, _) = generate(&[]);
    assert_eq!((code, message.as_str()), (0, ""));
    assert_eq!(generate(&["--check"]).0, 0);

    // Line endings converted by git do not change the generated code.
    fs::write(&document, csdl("old").replace('\n', "\r\n")).unwrap();
    let (code, message, _) = generate(&["--check"]);
    assert_eq!(code, 1);
    assert!(message.contains("*.csdl -text"), "{message}");

    let edited = csdl("old").replace("Edm.Int32\" />", "Edm.Int32\"/>");
    fs::write(&document, edited).unwrap();
    let (code, message, report) = generate(&["--check", "--format", "json"]);
    assert_eq!(code, 1, "{message}");
    let report: serde_json::Value = serde_json::from_str(&report).unwrap();
    assert_eq!(report["files"][0]["state"], "unchanged");
    assert!(
        message.contains("`metadata/v1.0.csdl` differs from its entry"),
        "{message}"
    );
    assert!(
        message.contains("--api-version v1.0 -o metadata/v1.0.csdl"),
        "{message}"
    );
    let (code, message, _) = generate(&[]);
    assert_eq!(code, 0);
    assert!(
        message.starts_with("warning: `metadata/v1.0.csdl`"),
        "{message}"
    );

    // Fetching again repairs it, even if only the lock file is out of date.
    let server = Server::with(XML, csdl("old"));
    assert!(folder.fetch(&server, &[]).status.success());
    assert_eq!(generate(&["--check"]).0, 0);
    let lock = folder.read("metadata/lock.toml");
    let sha256 = lock
        .lines()
        .find(|line| line.starts_with("sha256"))
        .unwrap();
    fs::write(&lock_file, lock.replace(sha256, "sha256 = \"00\"")).unwrap();
    assert_eq!(generate(&["--check"]).0, 1);
    let said = stdout(&folder.fetch(&server, &[]));
    assert!(said.starts_with("unchanged"), "{said}");
    assert_eq!(generate(&["--check"]).0, 0);

    fs::write(&lock_file, "what\n").unwrap();
    assert_eq!(generate(&["--check"]).0, 3);
    assert_eq!(generate(&[]).0, 0);
}

/// The check in a crate with a build script needs neither a manifest nor the network.
#[test]
fn the_lock_file_is_held_by_itself() {
    let folder = Folder::fetched();
    let check = |more: &[&str]| {
        let output = Command::new(env!("CARGO_BIN_EXE_msgraph"))
            .args(["fetch", "--check"])
            .args(more)
            .current_dir(folder.0.path())
            .output()
            .unwrap();
        (
            output.status.code().unwrap(),
            stdout(&output),
            stderr(&output),
        )
    };
    let server = Server::with(XML, csdl("other"));
    let out = ["--out", "metadata/other.csdl"];
    assert!(folder.fetch(&server, &out).status.success());
    let before = folder.files();
    let (code, said, note) = check(&[]);
    assert_eq!((code, said.as_str()), (0, ""));
    assert_eq!(note, "2 of 2 files match `metadata/lock.toml`\n");
    assert_eq!(check(&out).0, 0);
    assert_eq!(folder.files(), before);

    let other = folder.path("metadata/other.csdl");
    fs::write(&other, csdl("edited")).unwrap();
    let (code, _, message) = check(&[]);
    assert_eq!(code, 1, "{message}");
    assert!(
        message.contains("`metadata/other.csdl` differs from its entry"),
        "{message}"
    );
    assert!(message.contains("1 of 2 files match"), "{message}");
    fs::remove_file(&other).unwrap();
    let (code, report, message) = check(&["--format", "json"]);
    assert_eq!(code, 1);
    assert!(
        message.contains("there is no `metadata/other.csdl`"),
        "{message}"
    );
    let report: serde_json::Value = serde_json::from_str(&report).unwrap();
    assert_eq!(report["documents"][1], "metadata/v1.0.csdl");
    assert_eq!(report["metadata"][0]["path"], "metadata/other.csdl");
    assert_eq!(report["metadata"][0]["found"], serde_json::Value::Null);

    let (code, _, message) = check(&["-o", "elsewhere/v1.0.csdl"]);
    assert_eq!(code, 2);
    assert!(
        message.contains("there is no `elsewhere/lock.toml`"),
        "{message}"
    );
    assert_eq!(check(&["--cloud", "china"]).0, 2);
    assert_eq!(server.requests(), 1);
}

/// During a download, during a wait, and before a response.
#[cfg(unix)]
#[test]
fn an_interrupt_leaves_everything_as_it_was() {
    let answers: [fn(&mut TcpStream); 3] = [
        |stream| send(stream, &format!("{XML}\r\ncontent-length: 1000"), b"<?xml"),
        |stream| send(stream, "503 Service Unavailable\r\nretry-after: 25", b""),
        |_| {},
    ];
    for (answer, signal) in answers.into_iter().zip(["INT", "TERM", "HUP"]) {
        let folder = Folder::fetched();
        let before = folder.files();
        let server = Server::new(move |_, stream| {
            answer(stream);
            thread::sleep(Duration::from_secs(60));
        });
        let child = folder
            .command(&server.root, &[])
            .stderr(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        while server.requests() == 0 {
            thread::sleep(Duration::from_millis(10));
        }
        thread::sleep(Duration::from_millis(300));
        let kill = Command::new("kill")
            .args([&format!("-{signal}"), &child.id().to_string()])
            .status();
        assert!(kill.unwrap().success());
        let output = child.wait_with_output().unwrap();
        let message = stderr(&output);
        assert_eq!(output.status.code(), Some(130), "{signal}: {message}");
        assert!(
            message.contains("error: interrupted; nothing was changed"),
            "{message}"
        );
        assert_eq!(folder.files(), before);
    }
}

#[test]
fn a_file_that_is_write_protected_stays() {
    let folder = Folder::fetched();
    let before = folder.files();
    for name in ["metadata/v1.0.csdl", "metadata/lock.toml"] {
        let path = folder.path(name);
        let usual = fs::metadata(&path).unwrap().permissions();
        let mut protected = usual.clone();
        protected.set_readonly(true);
        fs::set_permissions(&path, protected).unwrap();
        let server = Server::with(XML, csdl("new"));
        let output = folder.fetch(&server, &[]);
        fs::set_permissions(&path, usual).unwrap();
        let message = stderr(&output);
        assert_eq!(output.status.code(), Some(4), "{message}");
        assert!(message.contains("write-protected"), "{message}");
        assert_eq!(folder.files(), before);
        assert_eq!(server.requests(), 0);
    }
}
