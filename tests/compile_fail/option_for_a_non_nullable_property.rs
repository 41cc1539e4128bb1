use msgraph_tap::ExcludeTarget;

fn main() {
    let id: Option<String> = None;
    let _ = ExcludeTarget::new().with_id(id);
}
