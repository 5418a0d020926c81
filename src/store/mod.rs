//! The store of one device: one SQLite file, everything personal in it sealed.

mod error;
mod file;
mod keys;
mod records;
mod seal;

pub use error::StoreError;
pub use file::{PersonLine, Store, StorePaths};
pub use keys::{KeyFile, KeyPurpose, Keys};
