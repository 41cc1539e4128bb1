use msgraph_tap::runtime::__private as __rt;

// As in the setter of a collection of strings.
fn with_names(_: impl __rt::IntoItems<__rt::String>) {}

fn main() {
    let name = String::from("a");
    with_names([]);
    with_names(["a"]);
    with_names(vec![name.clone()]);
    with_names([name]);
}
