//! A Microsoft Graph on loopback, from the command line.

mod line;
mod seed;

use std::error::Error;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::mpsc::sync_channel;

use clap::Parser;
use msgraph_emulator::{Builder, Emulator, StartError};

/// A Microsoft Graph on loopback that validates every request against CSDL metadata.
///
/// Prints its root URL, then a line for each request, until Ctrl-C. Accepts any bearer token, except
/// with --enforce-permissions. Actions and functions need the library: here they are answered with 501,
/// unless the results of a function are seeded.
#[derive(Parser)]
#[command(version)]
struct Arguments {
    /// Folder with v1.0.csdl, beta.csdl and facts.toml, or a CSDL file of v1.0, or VERSION=FILE. May
    /// be repeated [default: the folder metadata if it has CSDL, else the current folder]
    #[arg(long, value_name = "PATH")]
    metadata: Vec<String>,
    /// File of facts that adds to the built-in ones and overrides them. May be repeated [default:
    /// facts.toml in the folder of the metadata, else in the current folder, if there is one]
    #[arg(long, value_name = "FILE")]
    facts: Vec<PathBuf>,
    /// Do not use the built-in facts
    #[arg(long)]
    no_built_in_facts: bool,
    /// Initial entity: PATH=JSON or PATH=@FILE, where PATH includes the API version; or several
    /// entities: a JSON object from paths to entities, or @FILE with one. May be repeated
    #[arg(long, value_name = "SEED", verbatim_doc_comment)]
    seed: Vec<String>,
    /// Ignore read-only properties and keys in bodies, as OData requires, instead of rejecting
    /// changed values
    #[arg(long)]
    ignore_read_only: bool,
    /// Respond to a GET of a stream property with 302 to a URL that works without a token
    #[arg(long)]
    redirect_content: bool,
    /// Respond with 401 to a token that is not a JSON Web Token, and with 403 to one that grants no
    /// permission for the operation
    #[arg(long)]
    enforce_permissions: bool,
    /// Port on 127.0.0.1; 0 selects a free one
    #[arg(long, default_value_t = 0)]
    port: u16,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    match run(Arguments::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // Returning the error would print its Debug form; `eprintln!` panics without stderr.
            let _ = writeln!(std::io::stderr(), "error: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn run(arguments: Arguments) -> Result<(), Box<dyn Error>> {
    let mut builder = metadata(&arguments)
        .port(arguments.port)
        .ignore_read_only(arguments.ignore_read_only)
        .redirect_content(arguments.redirect_content);
    if arguments.enforce_permissions {
        builder = builder.enforce_permissions();
    }
    for text in &arguments.seed {
        for (path, entity) in seed::read(text)? {
            builder = builder.seed(path, entity);
        }
    }
    // A thread prints the lines, because a slow reader of stdout must not block the emulator. Lines
    // are dropped when the queue is full.
    let (send, receive) = sync_channel::<String>(10_000);
    let emulator = builder
        .on_exchange(move |exchange| {
            let _ = send.try_send(line::lines(exchange));
        })
        .start()
        .await
        .map_err(message)?;
    writeln!(std::io::stdout(), "{}", emulator.root())?;
    std::thread::spawn(move || {
        // The emulator continues when the pipe is closed (`| head`).
        receive
            .iter()
            .try_for_each(|line| writeln!(std::io::stdout(), "{line}"))
    });
    tokio::signal::ctrl_c().await?;
    Ok(())
}

/// Why the emulator did not start, and which option mends it.
fn message(error: StartError) -> String {
    match error {
        StartError::NoMetadata { .. } => {
            format!("{error}\nhelp: name a CSDL file with `--metadata v1.0=FILE`")
        }
        _ => error.to_string(),
    }
}

fn metadata(arguments: &Arguments) -> Builder {
    let mut builder = Emulator::builder();
    let default = || {
        let mut files = ["metadata/v1.0.csdl", "metadata/beta.csdl"].iter();
        let found = files.any(|file| Path::new(file).exists());
        vec![if found { "metadata" } else { "." }.to_owned()]
    };
    let given = match arguments.metadata.is_empty() {
        true => default(),
        false => arguments.metadata.clone(),
    };
    let mut has_facts = !arguments.facts.is_empty();
    for metadata in given {
        builder = match metadata.split_once('=') {
            Some((version, file)) => builder.metadata(version, file),
            None if Path::new(&metadata).is_dir() => {
                has_facts |= Path::new(&metadata).join("facts.toml").exists();
                builder.folder(metadata)
            }
            None => builder.metadata("v1.0", metadata),
        };
    }
    if !has_facts && Path::new("facts.toml").exists() {
        builder = builder.facts("facts.toml");
    }
    for facts in &arguments.facts {
        builder = builder.facts(facts);
    }
    if arguments.no_built_in_facts {
        builder = builder.without_built_in_facts();
    }
    builder
}
