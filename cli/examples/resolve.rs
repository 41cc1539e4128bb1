//! Parses and resolves documents, one after the other, and does nothing with them: what `msgraph diff`
//! is measured against. `cargo run --release -p msgraph-cli --example resolve -- OLD NEW`.

use msgraph_codegen::Error;
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
