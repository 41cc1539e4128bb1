use msgraph_tap::{AuthenticationMethodTargetType, TemporaryAccessPassPatch};

fn main() {
    let _ = TemporaryAccessPassPatch::new().with_state(AuthenticationMethodTargetType::User);
}
