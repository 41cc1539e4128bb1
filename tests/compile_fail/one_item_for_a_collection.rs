use msgraph_tap::{ExcludeTarget, TemporaryAccessPassPatch};

fn main() {
    let _ = TemporaryAccessPassPatch::new().with_exclude_targets(ExcludeTarget::new());
}
