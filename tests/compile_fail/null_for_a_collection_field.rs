use msgraph_tap::TemporaryAccessPassPatch;
use msgraph_tap::runtime::Nullable;

fn main() {
    let _ = TemporaryAccessPassPatch {
        exclude_targets: Some(Nullable::Null),
        ..Default::default()
    };
}
