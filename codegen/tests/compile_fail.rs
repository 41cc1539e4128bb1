//! A position that accepts derived types accepts no others. To update the expected messages, run
//! `TRYBUILD=overwrite cargo test -p msgraph-codegen --test compile_fail`.

#[test]
fn a_position_takes_no_other_type() {
    trybuild::TestCases::new().compile_fail("tests/compile_fail/*.rs");
}
