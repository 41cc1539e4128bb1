/// A list that needs no allocation for the usual one name.
#[derive(Clone, Debug, Default)]
pub(super) struct Names {
    first: Option<&'static str>,
    more: Vec<&'static str>,
}

impl Names {
    #[inline]
    pub(super) fn push(&mut self, name: &'static str) {
        match self.first {
            None => self.first = Some(name),
            Some(_) => self.more.push(name),
        }
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &'static str> {
        self.first.into_iter().chain(self.more.iter().copied())
    }
}
