//! Every sentence exists in every language, with the same values, in letters the fonts have.

use std::collections::{BTreeMap, BTreeSet};

use fluent_syntax::ast::{Entry, Expression, InlineExpression, Pattern, PatternElement};
use mianzheng::core::fault::Fault;
use mianzheng::core::message::Msg;
use mianzheng::core::screen::Lang;
use mianzheng::locale::{Arg, Locale, SOURCES};

/// Id to the names of its values, in one locale.
fn messages(source: &str) -> BTreeMap<String, BTreeSet<String>> {
    let resource = fluent_syntax::parser::parse(source).unwrap_or_else(|(_, errors)| panic!("{errors:?}"));
    let mut found = BTreeMap::new();
    for entry in &resource.body {
        if let Entry::Message(message) = entry {
            let pattern = message.value.as_ref().expect("a value");
            assert!(message.attributes.is_empty(), "{} has attributes", message.id.name);
            let before = found.insert(message.id.name.to_owned(), values(pattern));
            assert!(before.is_none(), "{} is there twice", message.id.name);
        }
    }
    found
}

fn values(pattern: &Pattern<&str>) -> BTreeSet<String> {
    pattern
        .elements
        .iter()
        .filter_map(|element| match element {
            PatternElement::Placeable { expression: Expression::Inline(InlineExpression::VariableReference { id }) } => {
                Some(id.name.to_owned())
            }
            PatternElement::Placeable { .. } => panic!("only plain values are used"),
            PatternElement::TextElement { .. } => None,
        })
        .collect()
}

#[test]
fn every_locale_has_every_message_with_the_same_values_and_no_other() {
    let ids: BTreeSet<String> = Msg::ALL.iter().map(|m| m.id().to_owned()).collect();
    let (_, first) = SOURCES[0];
    let first = messages(first);
    for (lang, source) in SOURCES {
        let here = messages(source);
        assert_eq!(here.keys().cloned().collect::<BTreeSet<_>>(), ids, "{lang:?}");
        for (id, values) in &here {
            assert_eq!(values, &first[id], "{id} in {lang:?}");
        }
    }
}

#[test]
fn every_message_renders_in_every_locale() {
    let locale = Locale::new();
    let names: BTreeSet<String> = messages(SOURCES[0].1).into_values().flatten().collect();
    let args: Vec<(&str, Arg)> = names.iter().map(|name| (name.as_str(), Arg::Text("7"))).collect();
    for lang in Lang::ALL {
        for msg in Msg::ALL {
            let text = locale.strict(lang, *msg, &args).unwrap_or_else(|| panic!("{} in {lang:?}", msg.id()));
            assert!(!text.trim().is_empty() && !text.contains('{'), "{}: {text}", msg.id());
        }
        // A value that is missing is noticed, not papered over.
        assert!(locale.strict(lang, Msg::FooterDevice, &[]).is_none());
    }
}

#[test]
fn no_word_urges_toward_the_face_or_blames() {
    let blaming = ["失败", "失敗", "非法", "不允许", "hurry", "denied", "rejected", "failed", "illegal"];
    let banned: Vec<&str> = blaming.into_iter().chain(mianzheng::core::notice::URGING).collect();
    for (lang, source) in SOURCES {
        for line in source.lines().filter(|l| !l.starts_with('#')).filter_map(|l| l.split_once(" = ")).map(|(_, text)| text) {
            let small = line.to_lowercase();
            let hit = banned.iter().find(|word| small.contains(**word));
            assert!(hit.is_none(), "{lang:?}: {line}");
        }
    }
}

#[test]
fn every_fault_says_what_happened_and_what_to_do_next() {
    let locale = Locale::new();
    for fault in Fault::ALL {
        let (what, next) = fault.words();
        for lang in Lang::ALL {
            assert_ne!(locale.text(lang, what), locale.text(lang, next));
            let words = locale.text(lang, next);
            let named = ["工作人员", "工作人員", "staff"].iter().any(|word| words.contains(word));
            assert!(named, "{fault:?} in {lang:?} names no way on: {words}");
        }
    }
}

#[test]
fn the_bundled_fonts_have_every_letter() {
    let fonts: Vec<(Lang, &str)> = vec![
        (Lang::ZhCn, "sc-regular.ttf"),
        (Lang::ZhCn, "sc-bold.ttf"),
        (Lang::ZhTw, "tc-regular.ttf"),
        (Lang::ZhTw, "tc-bold.ttf"),
        (Lang::En, "sc-regular.ttf"),
        (Lang::En, "sc-bold.ttf"),
    ];
    for (lang, file) in fonts {
        let bytes = std::fs::read(crate::support::root().join("assets/fonts").join(file)).expect("a font");
        let face = ttf_parser::Face::parse(&bytes, 0).expect("a font");
        let (_, source) = SOURCES.into_iter().find(|(l, _)| *l == lang).expect("a locale");
        // The names of the languages are written in each language's own letters.
        let text = source.lines().filter(|l| !l.starts_with('#') && !l.starts_with("lang-"));
        let missing: BTreeSet<char> =
            text.flat_map(str::chars).filter(|c| !c.is_whitespace() && face.glyph_index(*c).is_none()).collect();
        assert!(missing.is_empty(), "{file}: {missing:?}");
    }
}
