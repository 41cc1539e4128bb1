use msgraph_tap::AuthenticationMethodTargetPatch;

fn main() {
    let _ = AuthenticationMethodTargetPatch::new().is_registration_required(None);
}
