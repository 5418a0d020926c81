//! The roster: who may come in, imported from a spreadsheet that people made by hand.
//!
//! `table` reads a file into rows, `columns` finds the fields by their header, `read` checks every
//! row. Nothing here has a `Debug` that shows contents, and no error carries a cell's content.

pub mod columns;
mod csv;
mod fields;
pub mod problem;
pub mod read;
mod rows;
mod sheet;
pub mod table;
mod text;
mod unpack;

pub use columns::{ColumnsError, Field, IgnoredColumn};
pub use problem::{Problem, RowError};
pub use read::{Entry, Preview, Roster, RosterError, read, read_file};
pub use table::TableError;
