//! `doctor`: what is missing on this machine, and how to get it.

use std::path::Path;
use std::sync::Arc;

use mianzheng::config::{Site, Sound};
use mianzheng::core::message::Msg;
use mianzheng::core::readiness::FaceLock;
use mianzheng::core::theft::Theft;
use mianzheng::devices::camera::nodes;
use mianzheng::devices::card::{DeskReader, Port};
use mianzheng::devices::clock::SystemClock;
use mianzheng::devices::phone::PhoneHelper;
use mianzheng::devices::voice::Loudspeaker;
use mianzheng::locale::Arg;
use mianzheng::sandbox::{Needs, Wall, restrict};
use mianzheng::store::{StorePaths, glance};
use mianzheng::vision::manifest;
use mianzheng::vision::pipeline::Pipeline;

use super::args::{Args, DoctorArgs};
use super::kiosk::{default_data, library, lock_memory, need_display};
use super::office::unlock;
use super::say::{DONE, Failure, NO, Say};

/// Checks one thing after the other and prints a line for each.
pub(super) fn doctor(doctor: &DoctorArgs, args: &Args, say: &Say) -> Result<u8, Failure> {
    let site = Site::load(&doctor.site).map_err(|e| say.site(&e))?;
    let data = doctor.data.clone().unwrap_or_else(default_data);
    let mut findings = vec![models(args, say), camera(&site.devices.camera, say), display(say)];
    if !site.devices.infrared.is_empty() {
        findings.insert(2, camera(&site.devices.infrared, say));
    }
    findings.extend(site_lines(&site, say));
    findings.extend(voice(&site, &doctor.site, say));
    let (lines, theft) = store(&data, args, say);
    findings.extend(lines);
    findings.push(reader(&site, say));
    findings.extend(phone(&site, say));
    // Last: behind the walls no device can be asked.
    findings.extend([walls(say), memory(say)]);
    let bad = findings.iter().filter(|finding| finding.is_err()).count();
    for finding in &findings {
        let (mark, line) = match finding {
            Ok(line) => (say.text(Msg::DocGood), line),
            Err(line) => (say.text(Msg::DocBad), line),
        };
        println!("[{mark}] {line}");
    }
    if let Some(theft) = theft {
        println!("      {}", say.text(theft.words()));
    }
    let count = u64::try_from(bad).unwrap_or(0);
    let summary = if bad == 0 { say.text(Msg::DocSummaryGood) } else { say.with(Msg::DocSummaryBad, &[("count", Arg::Number(count))]) };
    println!("{summary}");
    Ok(if bad == 0 { DONE } else { NO })
}

type Finding = Result<String, String>;

fn models(args: &Args, say: &Say) -> Finding {
    match Pipeline::load(&manifest::folder(args.models.as_deref())) {
        Ok(_) => Ok(say.text(Msg::DocModels)),
        Err(error) => Err(say.model(&error).message),
    }
}

fn camera(part: &str, say: &Say) -> Finding {
    let Some(node) = nodes().into_iter().find(|node| node.name.contains(part)) else { return Err(say.text(Msg::DocCameraNone)) };
    let name = [("name", Arg::Text(&node.name))];
    let path = format!("/dev/video{}", node.index);
    let readable = rustix::fs::access(&path, rustix::fs::Access::READ_OK | rustix::fs::Access::WRITE_OK).is_ok();
    if readable { Ok(say.with(Msg::DocCamera, &name)) } else { Err(say.with(Msg::DocCameraDenied, &name)) }
}

fn display(say: &Say) -> Finding {
    need_display(say).map(|()| say.text(Msg::DocDisplay)).map_err(|_| say.text(Msg::DocDisplayNone))
}

fn site_lines(site: &Site, say: &Say) -> Vec<Finding> {
    let facts = site.facts("");
    let mut locks: Vec<FaceLock> = facts.blanks.into_iter().map(FaceLock::Blank).collect();
    locks.extend(facts.private_place.then_some(FaceLock::ForbiddenPlace));
    locks.extend((!facts.face_offered).then_some(FaceLock::NotOffered));
    if locks.is_empty() {
        return vec![Ok(say.with(Msg::DocSite, &[("name", Arg::Text(site.name.in_lang(say.lang)))]))];
    }
    locks.into_iter().map(|lock| Err(say.lock(lock))).collect()
}

/// Whether the card reader answers, and which security module it has.
fn reader(site: &Site, say: &Say) -> Finding {
    let (name, pinned) = (&site.devices.reader, &site.devices.reader_sam);
    if name.is_empty() {
        return Err(say.text(Msg::DocReaderNone));
    }
    let port = Arg::Text(name);
    match DeskReader::probe(&Port::named(name), Arc::new(SystemClock::default())) {
        Err(error) => Err(say.with(Msg::DocReaderSilent, &[("port", port), ("reason", Arg::Text(&error.to_string()))])),
        Ok(sam) => {
            let sam = sam.unwrap_or_default();
            let words = [("port", port), ("sam", Arg::Text(&sam))];
            if pinned.is_empty() || *pinned == sam { Ok(say.with(Msg::DocReader, &words)) } else { Err(say.with(Msg::DocReaderOther, &words)) }
        }
    }
}

/// Whether the helper for people's own phones answers, where the site has that way.
fn phone(site: &Site, say: &Say) -> Option<Finding> {
    let socket = &site.devices.phone;
    let words = [("socket", Arg::Text(socket))];
    (!socket.is_empty()).then(|| {
        if PhoneHelper::at(Path::new(socket)).answers() {
            Ok(say.with(Msg::DocPhone, &words))
        } else {
            Err(say.with(Msg::DocPhoneNone, &words))
        }
    })
}

/// Whether there is sound, and whether all that is said has a recording.
fn voice(site: &Site, file: &str, say: &Say) -> Vec<Finding> {
    if site.devices.sound == Sound::Off {
        return Vec::new();
    }
    let sound = Loudspeaker::check()
        .map(|()| say.text(Msg::DocVoice))
        .map_err(|reason| say.with(Msg::DocVoiceNone, &[("reason", Arg::Text(&reason))]));
    let (_, missing) = library(site, file);
    let unsaid = (!missing.is_empty()).then(|| Err(say.with(Msg::DocUnsaid, &[("list", Arg::Text(&missing.join(" ")))])));
    [sound].into_iter().chain(unsaid).collect()
}

/// Looks without making anything.
fn store(data: &Path, args: &Args, say: &Say) -> (Vec<Finding>, Option<Theft>) {
    let unlock = match unlock(args, say) {
        Ok(unlock) => unlock,
        Err(failure) => return (vec![Err(failure.message)], None),
    };
    match glance(&StorePaths::under(data), &unlock) {
        Ok(None) => (vec![Ok(say.text(Msg::DocStoreNew))], Some(Theft::KeyFile)),
        Ok(Some(seen)) => {
            let people = say.with(Msg::DocStore, &[("count", Arg::Number(seen.people))]);
            let operators = match seen.operators {
                0 => Err(say.text(Msg::DocOperatorsNone)),
                count => Ok(say.with(Msg::DocOperators, &[("count", Arg::Number(count))])),
            };
            (vec![Ok(people), operators], Some(seen.theft))
        }
        Err(error) => (vec![Err(say.store(&error).message)], None),
    }
}

/// Tries the walls on a thread of its own: the rest of this program goes on without them.
fn walls(say: &Say) -> Finding {
    let walls = std::thread::spawn(|| restrict(&Needs::default())).join();
    let whole = walls.is_ok_and(|walls| walls.files != Wall::Missing && walls.calls == Wall::Full);
    if whole { Ok(say.text(Msg::DocSandbox)) } else { Err(say.text(Msg::DocSandboxPart)) }
}

fn memory(say: &Say) -> Finding {
    if lock_memory() { Ok(say.text(Msg::DocMemory)) } else { Err(say.text(Msg::DocMemoryNot)) }
}
