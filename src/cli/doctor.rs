//! `doctor`: what is missing on this machine, and how to get it.

use std::path::Path;
use std::sync::Arc;

use mianzheng::config::Site;
use mianzheng::core::message::Msg;
use mianzheng::core::readiness::FaceLock;
use mianzheng::devices::camera::nodes;
use mianzheng::devices::clock::SystemClock;
use mianzheng::locale::Arg;
use mianzheng::store::StorePaths;
use mianzheng::vision::manifest;
use mianzheng::vision::pipeline::Pipeline;

use super::args::{Args, DoctorArgs};
use super::kiosk::{default_data, need_display, open_store};
use super::say::{DONE, Failure, NO, Say};

/// Checks one thing after the other and prints a line for each.
pub(super) fn doctor(doctor: &DoctorArgs, args: &Args, say: &Say) -> Result<u8, Failure> {
    let site = Site::load(&doctor.site).map_err(|e| say.site(&e))?;
    let data = doctor.data.clone().unwrap_or_else(default_data);
    let mut findings = vec![models(args, say), camera(say), display(say)];
    findings.extend(site_lines(&site, say));
    findings.push(store(&data, &site, say));
    findings.push(Err(say.text(Msg::DocReaderNone)));
    let bad = findings.iter().filter(|finding| finding.is_err()).count();
    for finding in &findings {
        let (mark, line) = match finding {
            Ok(line) => (say.text(Msg::DocGood), line),
            Err(line) => (say.text(Msg::DocBad), line),
        };
        println!("[{mark}] {line}");
    }
    println!("      {}", say.text(Msg::DocKey));
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

fn camera(say: &Say) -> Finding {
    let Some(node) = nodes().into_iter().next() else { return Err(say.text(Msg::DocCameraNone)) };
    let name = [("name", Arg::Text(&node.name))];
    let path = format!("/dev/video{}", node.index);
    let readable = rustix::fs::access(&path, rustix::fs::Access::READ_OK | rustix::fs::Access::WRITE_OK).is_ok();
    if readable { Ok(say.with(Msg::DocCamera, &name)) } else { Err(say.with(Msg::DocCameraDenied, &name)) }
}

fn display(say: &Say) -> Finding {
    need_display(say).map(|()| say.text(Msg::DocDisplay)).map_err(|_| say.text(Msg::DocDisplayNone))
}

fn site_lines(site: &Site, say: &Say) -> Vec<Finding> {
    let locks: Vec<FaceLock> = site.locks();
    if locks.is_empty() {
        return vec![Ok(say.with(Msg::DocSite, &[("name", Arg::Text(site.name.in_lang(say.lang)))]))];
    }
    locks.into_iter().map(|lock| Err(say.lock(lock))).collect()
}

/// Looks without making anything.
fn store(data: &Path, site: &Site, say: &Say) -> Finding {
    if !StorePaths::under(data).database.exists() {
        return Ok(say.text(Msg::DocStoreNew));
    }
    let people = open_store(data, site, Arc::new(SystemClock::default())).and_then(|mut store| store.people());
    match people {
        Ok(people) => {
            let count = u64::try_from(people.len()).unwrap_or(0);
            Ok(say.with(Msg::DocStore, &[("count", Arg::Number(count))]))
        }
        Err(error) => Err(say.store(&error).message),
    }
}
