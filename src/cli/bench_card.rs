//! `bench`, the card's part: from laying a card down to the outcome, through the whole kiosk, with
//! the simulated reader at the pace of a real wire.

use std::sync::Arc;
use std::sync::mpsc::{Sender, channel};
use std::time::{Duration, Instant};

use mianzheng::config::Site;
use mianzheng::core::alarm::Alarm;
use mianzheng::core::evidence::Grant;
use mianzheng::core::message::Msg;
use mianzheng::core::policy::{CardRule, Policy};
use mianzheng::core::screen::{Control, Lang, View};
use mianzheng::devices::card::{DeskReader, Port};
use mianzheng::devices::clock::SystemClock;
use mianzheng::devices::none::{NoPhone, NoPrinter, NoScanner, NoVoice};
use mianzheng::devices::sentinel::MachineSentinel;
use mianzheng::devices::sim::sam::pty::{BYTE, serve};
use mianzheng::devices::sim::sam::specimen::Card;
use mianzheng::devices::sim::{Deck, SimCamera};
use mianzheng::eval::timing::summary;
use mianzheng::papers::SiteScribe;
use mianzheng::ports::{Clock, OutcomePort, TicketSink};
use mianzheng::runtime::{Act, Devices, Kiosk, KioskHandle, NoEyes};
use mianzheng::store::{Store, StorePaths};
use serde_json::{Value, json};

use super::bench::round;
use super::demo::{TempFolder, samples};
use super::say::{FAULT, Failure, Say};

/// Longest wait for anything. Units: s.
const PATIENCE_S: u64 = 20;

/// Says when somebody was verified.
struct Bell(Sender<Instant>);

impl OutcomePort for Bell {
    #[allow(clippy::disallowed_methods)] // measuring is what this is for
    fn granted(&mut self, _: &Grant) {
        let _ = self.0.send(Instant::now());
    }

    fn staff_called(&mut self) {}

    fn alarm(&mut self, _: Alarm) {}

    /// Gives no numbers.
    fn listen(&mut self, _: TicketSink) {}
}

/// Median and slow end of laying down to outcome. Units: ms.
#[allow(clippy::disallowed_methods)]
pub(super) fn measure(rounds: u32, say: &Say) -> Result<Value, Failure> {
    let fault = || say.fail(FAULT, Msg::FaultReaderFailed, &[]);
    let folder = TempFolder::new().map_err(|_| fault())?;
    let link = folder.0.join("reader");
    let reader = serve(&link, BYTE).map_err(|_| fault())?;
    let site = Site::load(&samples().join("site.toml").display().to_string()).map_err(|e| say.site(&e))?;
    let clock: Arc<dyn Clock> = Arc::new(SystemClock::default());
    let store = Store::open(&StorePaths::under(&folder.0), clock.clone(), 365, "bench").map_err(|e| say.store(&e))?;
    let deck = Deck::load(&samples().join("people.toml")).map_err(|_| fault())?;
    let (bell, rung) = channel();
    let devices = Devices {
        camera: Box::new(SimCamera::new(deck)),
        reader: Box::new(DeskReader::new(Port::Serial(link), None, clock.clone())),
        phone: Box::new(NoPhone),
        scanner: Box::new(NoScanner),
        records: Box::new(store),
        sentinel: Box::new(MachineSentinel::new()),
        outcome: Box::new(Bell(bell)),
        clock,
        eyes: Box::new(|| Err(NoEyes::Unusable)),
        journal: None,
        scribe: Box::new(SiteScribe::new(&site)),
        printer: Arc::new(NoPrinter),
        voice: Box::new(NoVoice),
        elder_age: None,
        site: site.facts(""),
        policy_mark: String::new(),
        in_service: false,
    };
    let kiosk = Kiosk::start(Policy { card: CardRule::Accept, ..Policy::default() }, Lang::En, devices);
    let mut times = Vec::new();
    for turn in 0..rounds {
        until(&kiosk, |view| matches!(view, View::Home { .. })).ok_or_else(fault)?;
        kiosk.act(Act::Tap(Control::MethodCard));
        until(&kiosk, |view| matches!(view, View::Card { .. })).ok_or_else(fault)?;
        // People lay their card down at any moment between two looks of the reader.
        std::thread::sleep(Duration::from_millis(100 + u64::from(turn) * 37 % 300));
        let laid = Instant::now();
        reader.lay(Some(Card::Resident));
        let then = rung.recv_timeout(Duration::from_secs(PATIENCE_S)).map_err(|_| fault())?;
        times.push(then.duration_since(laid).as_secs_f64() * 1000.0);
        reader.lay(None);
        kiosk.act(Act::Tap(Control::Home));
    }
    let found = summary(times);
    Ok(json!({ "p50_ms": round(found.p50_ms), "p95_ms": round(found.p95_ms) }))
}

#[allow(clippy::disallowed_methods)]
fn until(kiosk: &KioskHandle, wanted: impl Fn(&View) -> bool) -> Option<()> {
    let end = Instant::now() + Duration::from_secs(PATIENCE_S);
    while !wanted(&kiosk.shared.screen().view) {
        if Instant::now() > end {
            return None;
        }
        std::thread::sleep(Duration::from_millis(2));
    }
    Some(())
}
