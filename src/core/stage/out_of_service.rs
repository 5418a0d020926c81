//! Nothing can be recorded, so nothing can be granted: staff take over.

#[derive(Debug)]
pub(in crate::core) struct OutOfService;
