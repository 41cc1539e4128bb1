//! msgraph-emulator.
