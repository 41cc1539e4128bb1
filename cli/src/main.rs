//! The command `msgraph`; see `docs/cli.md`.

use std::process::ExitCode;

fn main() -> ExitCode {
    msgraph_cli::run()
}
