//! Prints what a manifest generates: `cargo run -p msgraph-codegen --example generate --
//! metadata/graph.toml`.

use std::process::ExitCode;

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let Some(manifest) = arguments.next().filter(|first| !first.starts_with('-')) else {
        eprintln!("usage: generate MANIFEST [API-VERSION [METADATA ...]]");
        return ExitCode::from(2);
    };
    let mut config = msgraph_codegen::Config::new(manifest);
    if let Some(version) = arguments.next() {
        config = config.api_version(version);
    }
    let metadata: Vec<String> = arguments.collect();
    if !metadata.is_empty() {
        config = config.metadata(metadata);
    }
    match config.generate() {
        Ok(generated) => {
            print!("{}", generated.code);
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}
