use msgraph_tap::{ExcludeTarget, update_temporary_access_pass};

fn main() {
    let _ = update_temporary_access_pass(&ExcludeTarget::new());
}
