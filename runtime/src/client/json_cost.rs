//! Estimates the memory that parsed JSON takes: for tiny values, a hundred times their length.

/// The limit in bytes. A response of 16 MiB with ordinary resources takes about half of it.
const MOST: usize = 128 << 20;
/// A `serde_json` value, including the spare capacity of its array.
const VALUE: usize = 64;
/// The allocation of an array.
const ARRAY: usize = 128;
/// The allocation of an object, which has room for eleven properties.
const OBJECT: usize = 640;

/// Whether parsing this JSON would take more memory than a response may.
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
        if cost > MOST {
            return true;
        }
    }
    false
}
