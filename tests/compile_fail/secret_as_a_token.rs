use msgraph_tap::runtime::{Client, Cloud, Secret};

fn main() {
    let _ = Client::new(Cloud::Global, Secret::new("password"));
}
