use msgraph_tap::{AuthenticationMethodTargetType, ExcludeTarget};

fn main() {
    let _ = ExcludeTarget::new().target_type(AuthenticationMethodTargetType::UnknownFutureValue);
}
