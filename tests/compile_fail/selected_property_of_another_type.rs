use msgraph_tap::runtime::Request;
use msgraph_tap::runtime::request::{CollectionBody, PropertyName};

struct User;
impl User {
    const DISPLAY_NAME: PropertyName<Self> = PropertyName::new("displayName");
}

fn main() {
    let names = Request::get("v1.0", "/domains/names", &[]).reading::<CollectionBody<String>>();
    let _ = names.select([User::DISPLAY_NAME]);
}
