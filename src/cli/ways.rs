//! The devices a site file names for the ways besides the face: reader, phone, scanner, and where
//! outcomes go.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use mianzheng::config::{DeviceNames, DoorRelay, Site};
use mianzheng::core::message::Msg;
use mianzheng::devices::card::{DeskReader, Port};
use mianzheng::devices::none::{NoPhone, NoReader, NoScanner};
use mianzheng::devices::outcome::{Fan, HostOutcome, LogOutcome, RelayOutcome, Wiring};
use mianzheng::devices::phone::PhoneHelper;
use mianzheng::devices::scan::{Rules, WedgeScanner, Which};
use mianzheng::locale::Arg;
use mianzheng::ports::{CardReader, Clock, IdentityAuthority, OutcomePort, Scanner};
use mianzheng::sandbox::Needs;

use super::say::{FAULT, Failure, Say, USAGE};

/// The site's card reader, asked who it is.
pub(super) fn reader(site: &Site, clock: &Arc<dyn Clock>) -> Box<dyn CardReader> {
    let DeviceNames { reader, reader_sam, .. } = &site.devices;
    if reader.is_empty() {
        return Box::new(NoReader);
    }
    let pinned = (!reader_sam.is_empty()).then(|| reader_sam.clone());
    Box::new(DeskReader::new(Port::named(reader), pinned, clock.clone()))
}

/// The site's way through people's own phones, if it has one.
pub(super) fn phone(site: &Site) -> Box<dyn IdentityAuthority> {
    match site.devices.phone.as_str() {
        "" => Box::new(NoPhone),
        socket => Box::new(PhoneHelper::at(Path::new(socket))),
    }
}

/// The site's scanner.
pub(super) fn scanner(site: &Site, say: &Say) -> Result<Box<dyn Scanner>, Failure> {
    let name = &site.devices.scanner;
    if name.is_empty() {
        return Ok(Box::new(NoScanner));
    }
    let which: Which = name.parse().map_err(|_| say.usage(&format!("devices.scanner = \"{name}\"")))?;
    // A number that falters must not be taken for two.
    Ok(Box::new(WedgeScanner::new(which, Rules::default().only_with_end())))
}

/// Log, host system and door.
pub(super) fn outcome(site: &Site, clock: &Arc<dyn Clock>, say: &Say) -> Result<Box<dyn OutcomePort>, Failure> {
    let failed = |what: &str, reason: &str| say.fail(FAULT, Msg::CliPairs, &[("file", Arg::Text(what)), ("reason", Arg::Text(reason))]);
    let mut ports: Vec<Box<dyn OutcomePort>> = vec![Box::new(LogOutcome)];
    let host = &site.outcome.host;
    if !host.is_empty() {
        let started = HostOutcome::start(Path::new(host), site.policy.version, clock.clone());
        ports.push(Box::new(started.map_err(|e| failed(host, &e.to_string()))?));
    }
    if let Some(door) = &site.outcome.door {
        let started = RelayOutcome::start(wiring(door, say)?, clock.clone());
        ports.push(Box::new(started.map_err(|e| failed(&door.port, &e.to_string()))?));
    }
    Ok(Box::new(Fan::new(ports)))
}

fn wiring(door: &DoorRelay, say: &Say) -> Result<Wiring, Failure> {
    let (open, close) = (door.open.as_deref().unwrap_or(Wiring::OPEN), door.close.as_deref().unwrap_or(Wiring::CLOSE));
    let wiring = Wiring::lcus(Path::new(&door.port)).with_bytes(open, close);
    let wiring = wiring.and_then(|wiring| wiring.with_hold(door.hold_ms.unwrap_or(Wiring::HOLD_MS)));
    let wiring = wiring.map_err(|e| Failure { code: USAGE, ..say.usage(&format!("outcome.door: {e}")) })?;
    Ok(match door.baud {
        Some(baud) => wiring.with_baud(baud),
        None => wiring,
    })
}

/// What these devices need of the file system.
pub(super) fn ways_need(site: &Site, reader: &str, needs: &mut Needs) {
    let DeviceNames { phone, scanner, .. } = &site.devices;
    let door = site.outcome.door.iter().map(|door| door.port.as_str());
    let serial = door.chain([reader]).filter(|name| !name.is_empty());
    needs.devices.extend(serial.map(node));
    if !scanner.is_empty() {
        needs.devices.push(PathBuf::from("/dev/input"));
    }
    needs.sockets.extend([phone, &site.outcome.host].into_iter().filter_map(|socket| folder(socket)));
}

/// A node of /dev, or where its next one appears after it was unplugged.
fn node(name: &str) -> PathBuf {
    let port = Port::named(name);
    let Some(path) = port.path() else { return PathBuf::from("/dev/bus/usb") };
    let pseudo = path.canonicalize().is_ok_and(|node| node.starts_with("/dev/pts"));
    if pseudo { PathBuf::from("/dev/pts") } else { path.to_owned() }
}

/// The folder of a socket: its program may be restarted, and then it is another one.
fn folder(socket: &str) -> Option<PathBuf> {
    Path::new(socket).parent().filter(|folder| !folder.as_os_str().is_empty()).map(Path::to_owned)
}
