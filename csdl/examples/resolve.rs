//! Parses and resolves files, for measurements: `cargo run --release -p msgraph-csdl --example resolve -- FILE ...`.

use msgraph_csdl::diagnostic::Error;
use msgraph_csdl::read::{read_file, read_schema};
use msgraph_csdl::source::Sources;

fn main() -> Result<(), Error> {
    for path in std::env::args().skip(1) {
        let mut sources = Sources::new();
        let file = read_file(&mut sources, path)?;
        read_schema(&sources, &[file])?;
    }
    Ok(())
}
