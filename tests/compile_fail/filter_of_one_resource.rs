use msgraph_tap::runtime::Request;

fn main() {
    let _ = Request::get("v1.0", "/users/{id}", &[&"1"]).filter("accountEnabled eq true");
}
