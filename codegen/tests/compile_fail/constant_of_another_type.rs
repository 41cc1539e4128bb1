#[allow(dead_code, deprecated)]
mod graph {
    include!("../cases/delta/output.rs");
}

fn main() {
    let patch = graph::DefinitionPatch::new().with_description("d");
    let _ = graph::definitions::update("1", &patch).select([graph::Definition::DESCRIPTION]);
    let _ = graph::definitions::update("1", &patch).select([graph::AllowedValue::IS_ACTIVE]);
}
