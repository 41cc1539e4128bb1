use msgraph_tap::runtime::__private as __rt;

// The first item of generated code, with a version that does not exist yet.
__rt::emitted_by!(99);

fn main() {}
