//! Generates the Temporary Access Pass client from the CSDL in `metadata/`.

fn main() {
    msgraph_codegen::build("metadata/graph.toml");
}
