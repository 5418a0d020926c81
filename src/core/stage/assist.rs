//! Staff have been asked for; the screen says so, large enough to be seen from the desk.

#[derive(Debug)]
pub(in crate::core) struct Assist;
