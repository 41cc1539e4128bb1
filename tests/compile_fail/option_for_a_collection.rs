use msgraph_tap::{ExcludeTarget, TemporaryAccessPassPatch};

fn main() {
    let targets: Option<Vec<ExcludeTarget>> = None;
    let _ = TemporaryAccessPassPatch::new().with_exclude_targets(targets);
}
