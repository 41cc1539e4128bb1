//! Starts the binary like a user.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

/// Kills the process when the test ends.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn command() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_msgraph-emulator"));
    command
        .current_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join(".."))
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

#[tokio::test]
async fn it_prints_its_root_and_serves() {
    let mut running = Running(command().spawn().unwrap());
    let mut root = String::new();
    let stdout = running.0.stdout.take().unwrap();
    BufReader::new(stdout).read_line(&mut root).unwrap();
    let url = format!(
        "{}/v1.0/policies/authenticationMethodsPolicy/authenticationMethodConfigurations/\
         temporaryAccessPass",
        root.trim()
    );
    let client = reqwest::Client::new();
    let response = client.get(url).bearer_auth("t").send().await.unwrap();
    assert_eq!(response.status(), 200);
}

#[test]
fn it_says_what_is_wrong_with_its_metadata() {
    let output = command()
        .args(["--metadata", "v1.0=no/such.csdl"])
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(1));
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert!(stderr.contains("no/such.csdl"), "{stderr}");
}
