//! Estimates the memory for parsed JSON, which can be a hundred times its length.

/// In bytes. A response of 16 MiB with ordinary resources takes about half of it.
const MAX_COST: usize = 128 << 20;
/// A `serde_json` value, with the spare capacity of its array.
const VALUE: usize = 64;
/// The allocation of an array.
const ARRAY: usize = 128;
/// The allocation of an object with up to eleven properties.
const OBJECT: usize = 640;

pub(crate) fn is_too_costly(json: &[u8]) -> bool {
    let mut cost = 0_usize;
    let mut in_string = false;
    let mut escaped = false;
    for byte in json {
        if in_string {
            match byte {
                _ if escaped => escaped = false,
                b'\\' => escaped = true,
                b'"' => in_string = false,
                _ => {}
            }
            continue;
        }
        match byte {
            b'"' => in_string = true,
            b',' => cost += VALUE,
            b'[' => cost += VALUE + ARRAY,
            b'{' => cost += VALUE + OBJECT,
            _ => {}
        }
        if cost > MAX_COST {
            return true;
        }
    }
    false
}
