use msgraph_tap::TemporaryAccessPassPatch;

fn main() {
    let _ = TemporaryAccessPassPatch::new().with_default_length(None);
}
