//! A Microsoft Graph on loopback, from the command line.

use std::error::Error;
use std::io::Write as _;
use std::path::PathBuf;

use clap::Parser;
use msgraph_emulator::Emulator;

/// A Microsoft Graph on loopback that holds every request against CSDL metadata.
///
/// Prints its root URL and serves until Ctrl-C.
#[derive(Parser)]
#[command(version)]
struct Arguments {
    /// A folder with v1.0.csdl, beta.csdl and facts.toml, or a CSDL file, which `VERSION=FILE` puts
    /// under another API version than v1.0. May be given more than once.
    #[arg(long, value_name = "PATH", default_value = "metadata")]
    metadata: Vec<String>,
    /// What the CSDL does not say. May be given more than once.
    #[arg(long, value_name = "FILE")]
    facts: Vec<PathBuf>,
    /// The port on 127.0.0.1; 0 for a free one.
    #[arg(long, default_value_t = 0)]
    port: u16,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let arguments = Arguments::parse();
    let mut builder = Emulator::builder().port(arguments.port);
    for metadata in arguments.metadata {
        builder = match metadata.split_once('=') {
            Some((version, file)) => builder.metadata(version, file),
            None if PathBuf::from(&metadata).is_dir() => builder.folder(metadata),
            None => builder.metadata("v1.0", metadata),
        };
    }
    for facts in arguments.facts {
        builder = builder.facts(facts);
    }
    let emulator = match builder.start().await {
        Ok(emulator) => emulator,
        Err(error) => {
            // `main`'s own report would be the Debug form.
            writeln!(std::io::stderr(), "{error}")?;
            std::process::exit(1);
        }
    };
    writeln!(std::io::stdout(), "{}", emulator.root())?;
    tokio::signal::ctrl_c().await?;
    Ok(())
}
