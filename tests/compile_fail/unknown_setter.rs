use msgraph_tap::TemporaryAccessPassPatch;

fn main() {
    let _ = TemporaryAccessPassPatch::new().with_is_usable_twice(true);
}
