//! Measuring: error rates with their intervals and the pages that state them, and how long each
//! step takes.

pub mod about;
pub mod bootstrap;
pub mod comparisons;
pub mod csv;
pub mod det;
pub mod groups;
pub mod histogram;
pub mod html;
pub mod interval;
pub mod pad;
pub mod pad_page;
pub mod pairs;
pub mod plot;
pub mod timing;
pub mod verification_page;
pub mod verify;
pub mod words;
