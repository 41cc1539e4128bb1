//! What the types forbid. `TRYBUILD=overwrite cargo test --test compile_fail` writes the expected
//! messages anew.

#[test]
fn what_must_not_compile_does_not() {
    trybuild::TestCases::new().compile_fail("tests/compile_fail/*.rs");
}
