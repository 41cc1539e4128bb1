use msgraph_tap::{AuthenticationMethodTargetType, TemporaryAccessPassPatch};

fn main() {
    let _ = TemporaryAccessPassPatch::new().state(AuthenticationMethodTargetType::User);
}
