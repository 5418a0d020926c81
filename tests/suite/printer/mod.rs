//! Pages as PDF, and the way to CUPS.

mod cups;
mod fake;
mod pdf;
