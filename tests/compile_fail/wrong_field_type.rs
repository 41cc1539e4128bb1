use msgraph_tap::TemporaryAccessPassPatch;

fn main() {
    let _ = TemporaryAccessPassPatch {
        default_length: Some("8".into()),
        ..Default::default()
    };
}
