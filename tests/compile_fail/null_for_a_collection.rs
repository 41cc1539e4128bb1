use msgraph_tap::TemporaryAccessPassPatch;
use msgraph_tap::runtime::Null;

fn main() {
    // An empty collection is `[]`.
    let _ = TemporaryAccessPassPatch::new().with_include_targets([]);
    let _ = TemporaryAccessPassPatch::new().with_include_targets(Null);
}
