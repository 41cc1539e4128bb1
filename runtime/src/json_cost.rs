//! How much memory a JSON text takes once it is read: tiny values take a hundred times their length.

/// How many bytes the values of a response may take, about: four times what a response of 16 MiB with ordinary resources
/// takes.
const MOST: usize = 128 << 20;
/// What `serde_json` takes for a value, with the room that its array leaves for more;
const VALUE: usize = 64;
/// for an array that is not empty;
const ARRAY: usize = 128;
/// and for an object, which makes room for eleven properties at once.
const OBJECT: usize = 640;

/// Whether reading this JSON would take more memory than a response may.
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
