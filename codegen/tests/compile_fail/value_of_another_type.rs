#[allow(dead_code, deprecated)]
mod graph {
    include!("../cases/unions/output.rs");
}

use msgraph_runtime::edm::AnyOf;

fn main() {
    let target: AnyOf<graph::AnyTarget> = graph::GroupTarget::new().with_group_id("g").into();
    let _ = graph::IosConfigurationPatch::new().with_fallbacks([target]);
    // An alert is not a target.
    let target: AnyOf<graph::AnyTarget> = graph::security::RedAlert::new().into();
    let _ = graph::IosConfigurationPatch::new().with_fallbacks([target]);
}
