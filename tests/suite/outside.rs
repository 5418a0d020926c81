//! Used from outside as a blind person does: keys only, judged by a client of the accessibility bus
//! and by the sound that came out.

use std::path::Path;
use std::process::Command;

use mianzheng::core::message::Msg;
use mianzheng::core::screen::Lang;
use mianzheng::devices::voice::{Library, Piece, RATE, plan};
use mianzheng::locale::Locale;

use crate::support::root;

/// Every so many samples are compared: 4 kHz are enough to tell words apart.
const STEP: usize = 6;

fn journey(command: &mut Command) -> String {
    let out = command.output().expect("runs; ./x test installs what it needs");
    let said = String::from_utf8_lossy(&out.stdout).into_owned();
    assert!(out.status.success(), "{said}{}", String::from_utf8_lossy(&out.stderr));
    said
}

/// Keys on a pad, the pages of a screen reader, the voice into a file.
#[test]
fn check_32_a_blind_person_registers_and_checks_in_by_keys_and_voice_alone() {
    let folder = tempfile::tempdir().expect("a folder");
    let wav = folder.path().join("heard.wav");
    let mut command = Command::new("dbus-run-session");
    command.args(["--", "/usr/bin/python3"]).arg(root().join("tests/outside/blind.py"));
    let said = journey(command.arg(env!("CARGO_BIN_EXE_mianzheng")).arg(&wav).args(["en", "face"]));
    assert!(said.contains("done"), "{said}");
    let bytes = std::fs::read(&wav).expect("a recording");
    let heard = samples(&bytes[44..]);
    in_order(Lang::En, &heard, &[
        Msg::HomeTitle, Msg::BtnRegister, Msg::CardTitleEnrol, Msg::NoticeTitleEnrol, Msg::BtnContinue, Msg::ConsentTitleEnrol, Msg::BtnAgree,
        Msg::ClaimTitleEnrol, Msg::EnrolledTitle, Msg::BtnHome, Msg::BtnFace, Msg::ClaimTitleVerify, Msg::NoticeTitleVerify,
        Msg::ConsentTitleVerify, Msg::BtnAgree, Msg::GrantedTitle,
    ]);
    // Success was not said before there was one.
    let granted = clip(Lang::En, Msg::GrantedTitle);
    let asked = find(&heard, &clip(Lang::En, Msg::ConsentTitleVerify), 0).expect("the question");
    assert!(find(&heard[..asked], &granted, 0).is_none());
}

/// The same through a sound server and a sound card that records what it plays.
#[test]
fn what_the_sound_card_plays_is_what_the_screen_says() {
    let folder = tempfile::tempdir().expect("a folder");
    let raw = folder.path().join("heard.raw");
    let mut command = Command::new("sh");
    command.arg(root().join("tests/outside/sound.sh"));
    journey(command.arg(env!("CARGO_BIN_EXE_mianzheng")).arg(&raw).args(["zh-CN", "card"]));
    let heard = samples(&std::fs::read(&raw).expect("a recording"));
    in_order(Lang::ZhCn, &heard, &[Msg::HomeTitle, Msg::BtnCard, Msg::CardTitleVerify, Msg::GrantedTitle]);
}

fn samples(bytes: &[u8]) -> Vec<f32> {
    let all: Vec<f32> = bytes.chunks_exact(2).map(|pair| f32::from(i16::from_le_bytes([pair[0], pair[1]])) / 32_768.0).collect();
    thinned(&all)
}

fn thinned(samples: &[f32]) -> Vec<f32> {
    samples.chunks(STEP).map(|part| part.iter().sum::<f32>() / part.len() as f32).collect()
}

/// The beginning of the first clip of a message: half a second, without the quiet before it.
fn clip(lang: Lang, msg: Msg) -> Vec<f32> {
    let library = Library::new(Path::new(&root().join("assets/voice")));
    let pieces = plan(lang, &Locale::new().text(lang, msg), &library);
    let Some(Piece::Clip(words)) = pieces.first() else { panic!("{msg:?}: {pieces:?}") };
    let sound = library.sound(lang, words).expect("a clip");
    let start = sound.iter().position(|sample| sample.abs() > 0.02).unwrap_or(0);
    thinned(&sound[start..(start + RATE as usize / 2).min(sound.len())])
}

fn in_order(lang: Lang, heard: &[f32], said: &[Msg]) {
    let mut from = 0;
    for msg in said {
        let at = find(heard, &clip(lang, *msg), from);
        from = at.unwrap_or_else(|| panic!("{} was not heard after {:.1} s", msg.id(), (from * STEP) as f32 / RATE as f32));
    }
}

/// Where these samples come next, however loud: normalised correlation.
fn find(heard: &[f32], sample: &[f32], from: usize) -> Option<usize> {
    let energy: f32 = sample.iter().map(|s| s * s).sum();
    (from..heard.len().saturating_sub(sample.len())).find(|at| {
        let part = &heard[*at..*at + sample.len()];
        // Most places are excluded by a few samples of them.
        if part[0].abs() < 1e-4 && part[sample.len() / 2].abs() < 1e-4 && part[sample.len() / 3].abs() < 1e-4 {
            return false;
        }
        let (mut both, mut own) = (0.0_f32, 0.0_f32);
        for (a, b) in part.iter().zip(sample) {
            both += a * b;
            own += a * a;
        }
        own > 1e-6 && both / (own * energy).sqrt() > 0.8
    })
}
