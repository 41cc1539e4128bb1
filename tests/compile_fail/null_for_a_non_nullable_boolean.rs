use msgraph_tap::AuthenticationMethodTarget;
use msgraph_tap::runtime::Null;

fn main() {
    let _ = AuthenticationMethodTarget::new().with_is_registration_required(Null);
}
