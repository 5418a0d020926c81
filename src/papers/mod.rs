//! Pages for people, staff and the authority: what the store knows, in the words of the locale.

mod assessment;
mod filing;
mod html;
mod incident;
mod own;
mod receipt;
mod records;
mod report;

pub use assessment::{answers, assessment, blank, questions};
pub use filing::{Count, certificate, materials, step};
pub use html::html;
pub use incident::incident;
pub use records::records;
pub use report::{Facts, Reported, report};

use crate::config::{Site, SiteText};
use crate::core::consent::AgeBand;
use crate::core::message::Msg;
use crate::core::screen::Lang;
use crate::locale::{Arg, Locale};
use crate::ports::{ConsentRecord, OwnData, Paper, Scribe};

/// Writes the pages of one site.
pub struct SiteScribe {
    pub(crate) locale: Locale,
    pub(crate) site: SiteText,
}

impl SiteScribe {
    /// A scribe for a site.
    #[must_use]
    pub fn new(site: &Site) -> Self {
        Self { locale: Locale::new(), site: site.text() }
    }

    pub(crate) fn say(&self, lang: Lang, msg: Msg) -> String {
        self.locale.text(lang, msg)
    }

    pub(crate) fn with(&self, lang: Lang, msg: Msg, args: &[(&str, Arg)]) -> String {
        self.locale.with(lang, msg, args)
    }
}

impl Scribe for SiteScribe {
    fn own(&self, data: &OwnData, lang: Lang) -> Paper {
        own::page(self, data, lang)
    }

    fn receipt(&self, record: &ConsentRecord, age: Option<AgeBand>, lang: Lang) -> Paper {
        receipt::page(self, record, age, lang)
    }
}

/// The day of a moment, where the device stands.
#[must_use]
pub fn day(ms: i64) -> String {
    zoned(ms).strftime("%Y-%m-%d").to_string()
}

/// Day and minute of a moment, where the device stands.
#[must_use]
pub fn minute(ms: i64) -> String {
    zoned(ms).strftime("%Y-%m-%d %H:%M").to_string()
}

fn zoned(ms: i64) -> jiff::Zoned {
    jiff::Timestamp::from_millisecond(ms).unwrap_or_default().to_zoned(jiff::tz::TimeZone::system())
}
