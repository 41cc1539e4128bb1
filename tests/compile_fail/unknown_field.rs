use msgraph_tap::TemporaryAccessPassPatch;

fn main() {
    let _ = TemporaryAccessPassPatch {
        is_usable_twice: Some(true.into()),
        ..Default::default()
    };
}
