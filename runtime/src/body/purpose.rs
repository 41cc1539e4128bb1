/// What a value is written for. It decides which properties are written.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(crate) enum Purpose {
    #[default]
    Update,
    /// A POST, which also writes what an update cannot change.
    Creation,
    /// The JSON of a value as it was read.
    Copy,
}
