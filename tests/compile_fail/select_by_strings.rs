use msgraph_tap::pass;

fn main() {
    let _ = pass::list("1").select(["isUsable"]);
}
