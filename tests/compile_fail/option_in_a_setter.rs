use msgraph_tap::TemporaryAccessPassPatch;
use msgraph_tap::runtime::{null_if_none, unchanged_if_none};

fn main() {
    let length: Option<i32> = None;
    let _ = TemporaryAccessPassPatch::new().with_default_length(unchanged_if_none(length));
    let _ = TemporaryAccessPassPatch::new().with_default_length(null_if_none(length));
    let _ = TemporaryAccessPassPatch::new().with_default_length(length);
}
