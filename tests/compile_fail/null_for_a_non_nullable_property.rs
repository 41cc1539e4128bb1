use msgraph_tap::ExcludeTarget;
use msgraph_tap::runtime::Null;

fn main() {
    let _ = ExcludeTarget::new().with_id(Null);
}
