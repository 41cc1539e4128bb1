use msgraph_tap::ExcludeTarget;
use msgraph_tap::runtime::{null_if_none, unchanged_if_none};

fn main() {
    let id: Option<String> = None;
    let _ = ExcludeTarget::new().with_id(unchanged_if_none(id.clone()));
    let _ = ExcludeTarget::new().with_id(null_if_none(id));
}
