//! msgraph-codegen.
