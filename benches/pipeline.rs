//! Compares the generator with its XML parser alone.
//!
//! Run `cargo bench --bench pipeline`. It reads the published metadata from `../shared/metadata`.

#![allow(clippy::unwrap_used, reason = "a bench reports failures by panicking")]

use std::fs;
use std::path::{Path, PathBuf};

use divan::{AllocProfiler, Bencher};
use msgraph_codegen::Config;

#[global_allocator]
static ALLOCATIONS: AllocProfiler = AllocProfiler::system();

fn main() {
    divan::main();
}

/// Our metadata and, if present, the published file.
fn documents() -> Vec<&'static str> {
    let all = ["metadata/v1.0.csdl", "../shared/metadata/v1.0-global.csdl"];
    all.into_iter().filter(|file| path(file).exists()).collect()
}

fn path(file: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(file)
}

/// XML parsing alone, the baseline.
#[divan::bench(args = documents())]
fn roxmltree(bencher: Bencher<'_, '_>, file: &str) {
    let text = fs::read_to_string(path(file)).unwrap();
    bencher.bench_local(|| roxmltree::Document::parse(&text).unwrap());
}

/// From the file to formatted Rust: everything that a build script does, except writing the output.
#[divan::bench(args = documents())]
fn tap(bencher: Bencher<'_, '_>, file: &str) {
    let config = Config::new(path("metadata/graph.toml")).metadata([path(file)]);
    bencher.bench_local(|| config.generate().unwrap());
}
