//! Code that must not compile. To update the expected messages, run
//! `TRYBUILD=overwrite cargo test --test compile_fail`.

#[test]
fn what_must_not_compile_does_not() {
    trybuild::TestCases::new().compile_fail("tests/compile_fail/*.rs");
}
