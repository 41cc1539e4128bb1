#[allow(dead_code)]
mod graph {
    include!("../cases/unions/output.rs");
}

use msgraph_runtime::AnyOf;

fn main() {
    let target: AnyOf<graph::AnyTarget> = graph::GroupTarget::new().group_id("g").into();
    let _ = graph::IosConfigurationPatch::new().fallbacks([target]);
    // An alert is not a target.
    let target: AnyOf<graph::AnyTarget> = graph::security::RedAlert::new().into();
    let _ = graph::IosConfigurationPatch::new().fallbacks([target]);
}
