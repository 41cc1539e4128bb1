#[allow(dead_code, deprecated)]
mod graph {
    include!("../cases/unions/output.rs");
}

fn main() {
    let allowed = graph::IosConfigurationPatch::new().with_display_name("iOS");
    let _ = graph::configurations::update("1", &allowed);
    // A complex type does not derive from a configuration.
    let _ = graph::configurations::update("1", &graph::AllTarget::new());
}
