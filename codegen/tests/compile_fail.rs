//! A position that takes the types that derive from one takes no other. `TRYBUILD=overwrite cargo
//! test -p msgraph-codegen --test compile_fail` writes the expected messages anew.

#[test]
fn a_position_takes_no_other_type() {
    trybuild::TestCases::new().compile_fail("tests/compile_fail/*.rs");
}
