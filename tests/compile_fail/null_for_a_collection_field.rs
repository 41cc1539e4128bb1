use msgraph_tap::TemporaryAccessPassPatch;
use msgraph_tap::runtime::Null;

fn main() {
    let _ = TemporaryAccessPassPatch {
        exclude_targets: Some(Null),
        ..Default::default()
    };
}
