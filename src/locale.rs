//! From message ids to words, the same for screen, voice and the accessibility tree.

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use unic_langid::langid;

use crate::core::message::Msg;
use crate::core::readiness::FaceLock;
use crate::core::screen::Lang;

/// The Fluent texts, by language.
pub const SOURCES: [(Lang, &str); 3] = [
    (Lang::ZhCn, include_str!("../locales/zh-CN.ftl")),
    (Lang::ZhTw, include_str!("../locales/zh-TW.ftl")),
    (Lang::En, include_str!("../locales/en.ftl")),
];

/// A value inside a sentence.
#[derive(Clone, Copy, Debug)]
pub enum Arg<'a> {
    /// A text.
    Text(&'a str),
    /// A whole number.
    Number(u64),
}

/// All languages, parsed once.
pub struct Locale {
    bundles: Vec<(Lang, FluentBundle<FluentResource>)>,
}

impl Default for Locale {
    fn default() -> Self {
        Self::new()
    }
}

impl Locale {
    /// Parses the built-in texts.
    #[must_use]
    pub fn new() -> Self {
        let bundles = SOURCES.into_iter().map(|(lang, source)| (lang, bundle(lang, source))).collect();
        Self { bundles }
    }

    /// A sentence without values.
    #[must_use]
    pub fn text(&self, lang: Lang, msg: Msg) -> String {
        self.with(lang, msg, &[])
    }

    /// A sentence with values. A test excludes missing messages; should one be missing all the
    /// same, its id is shown rather than nothing.
    #[must_use]
    pub fn with(&self, lang: Lang, msg: Msg, args: &[(&str, Arg)]) -> String {
        self.strict(lang, msg, args).unwrap_or_else(|| msg.id().to_owned())
    }

    /// Why the face way is closed, for staff.
    #[must_use]
    pub fn lock(&self, lang: Lang, lock: FaceLock) -> String {
        match lock {
            FaceLock::Blank(field) | FaceLock::Urging(field) => self.with(lang, lock.words(), &[("field", Arg::Text(field.key()))]),
            FaceLock::Alarm(alarm) => self.with(lang, lock.words(), &[("reason", Arg::Text(&self.text(lang, alarm.words())))]),
            FaceLock::AssessmentChanged(part) => {
                self.with(lang, lock.words(), &[("part", Arg::Text(&self.text(lang, part.words())))])
            }
            _ => self.text(lang, lock.words()),
        }
    }

    /// The sentence, or nothing if it is missing or lacks a value.
    #[must_use]
    pub fn strict(&self, lang: Lang, msg: Msg, args: &[(&str, Arg)]) -> Option<String> {
        let (_, bundle) = self.bundles.iter().find(|(l, _)| *l == lang)?;
        let mut values = FluentArgs::new();
        for (name, arg) in args {
            let value = match arg {
                Arg::Text(text) => FluentValue::from(*text),
                // Plain digits: no grouping, the same in every language.
                Arg::Number(number) => FluentValue::from(number.to_string()),
            };
            values.set(*name, value);
        }
        let pattern = bundle.get_message(msg.id())?.value()?;
        let mut errors = Vec::new();
        let text = bundle.format_pattern(pattern, Some(&values), &mut errors).into_owned();
        errors.is_empty().then_some(text)
    }
}

fn bundle(lang: Lang, source: &str) -> FluentBundle<FluentResource> {
    let id = match lang {
        Lang::ZhCn => langid!("zh-CN"),
        Lang::ZhTw => langid!("zh-TW"),
        Lang::En => langid!("en"),
    };
    let mut bundle = FluentBundle::new_concurrent(vec![id]);
    // The marks around values have no glyph and are read aloud by some screen readers.
    bundle.set_use_isolating(false);
    // A resource with a mistake still gives its good messages; a test excludes mistakes.
    let resource = FluentResource::try_new(source.to_owned()).unwrap_or_else(|(resource, _)| resource);
    bundle.add_resource_overriding(resource);
    bundle
}
