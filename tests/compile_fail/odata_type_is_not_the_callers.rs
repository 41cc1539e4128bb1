use msgraph_tap::TemporaryAccessPassPatch;

fn main() {
    let _ = TemporaryAccessPassPatch {
        odata_type: Some("#microsoft.graph.user".into()),
        ..Default::default()
    };
}
