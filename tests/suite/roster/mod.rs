//! The roster: real files, read.

mod common;
mod files;
mod fuzz;
mod problems;
mod workbook;
