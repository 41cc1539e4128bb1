use msgraph_tap::ExcludeTarget;

fn main() {
    let _ = ExcludeTarget::new().id(None);
}
