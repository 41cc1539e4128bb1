use msgraph_tap::{AuthenticationMethodTargetType, ExcludeTarget};

fn main() {
    let _ = ExcludeTarget::new().with_target_type(AuthenticationMethodTargetType::UnknownFutureValue);
}
