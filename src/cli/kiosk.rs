//! `run`: the real kiosk; and what it shares with the demo.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use mianzheng::config::{Site, Sound, policy_mark};
use mianzheng::core::alarm::Alarm;
use mianzheng::core::message::Msg;
use mianzheng::core::readiness::{FaceLock, Known, Models, reasons};
use mianzheng::core::screen::Lang;
use mianzheng::devices::camera::{NokhwaCamera, Pair};
use mianzheng::devices::clock::SystemClock;
use mianzheng::devices::none::NoVoice;
use mianzheng::devices::printer::PaperPrinter;
use mianzheng::devices::sentinel::MachineSentinel;
use mianzheng::devices::voice::{self, ClipVoice, Library, Loudspeaker, Output};
use mianzheng::locale::Locale;
use mianzheng::papers::SiteScribe;
use mianzheng::ports::{Beside, Camera, Clock, DemoDeck, Eyes, Security, StoreRoom, Voice};
use mianzheng::runtime::{Devices, EyesLoader, Kiosk, KioskHandle, NoEyes, Shared};
use mianzheng::sandbox::{Needs, restrict};
use mianzheng::store::{Spool, StoreError, StorePaths};
use mianzheng::ui::KioskUi;
use mianzheng::vision::infrared::WithInfrared;
use mianzheng::vision::manifest::{self, ModelError};
use mianzheng::vision::pipeline::Pipeline;

use super::args::{Args, RunArgs};
use super::ending::Ending;
use super::heart::Heart;
use super::office::open_store;
use super::say::{DONE, FAULT, Failure, Say};
use super::ways::{outcome, phone, reader, scanner, ways_need};

/// Runs the kiosk until its window is closed.
pub(super) fn run(run: &RunArgs, args: &Args, say: &Say) -> Result<u8, Failure> {
    let site = Site::load(&run.site).map_err(|e| say.site(&e))?;
    need_display(say)?;
    let lang = args.lang.map_or(site.language, Lang::from);
    let clock: Arc<dyn Clock> = Arc::new(SystemClock::default());
    let data = run.data.clone().unwrap_or_else(default_data);
    let (camera, beside) = cameras(&site, &clock);
    let (mut records, code) = room(&data, &site, args, say)?;
    let reader = reader(&site, &clock);
    tell_locks(&site, (camera.present(), reader.present()), &mut *records, &*clock, args, say);
    let eyes = loader(args, beside, say);
    // Reads the program file, which the walls will not let it.
    let sentinel = Box::new(MachineSentinel::new());
    let mut needs = needs(args);
    needs.write.push(data);
    needs.read.extend(voice_needs(&run.site));
    ways_need(&site, &site.devices.reader, &mut needs);
    wall_off(&needs);
    let voice = if site.devices.sound == Sound::On { speaking(&site, &run.site, Loudspeaker::default) } else { Box::new(NoVoice) };
    let devices = Devices {
        camera,
        reader,
        phone: phone(&site),
        scanner: scanner(&site, say)?,
        records,
        sentinel,
        outcome: outcome(&site, &clock, say)?,
        clock: clock.clone(),
        eyes,
        journal: None,
        scribe: Box::new(SiteScribe::new(&site)),
        printer: Arc::new(PaperPrinter::new(&site.devices.printer)),
        voice,
        elder_age: site.comfort.offer_large_from_age,
        site: site.facts(&manifest::mark(&manifest::folder(args.models.as_deref()))),
        policy_mark: policy_mark(&site.policy),
        in_service: true,
    };
    let kiosk = Kiosk::start(site.policy.clone(), lang, devices);
    let size = if run.windowed { Some([720, 1280]) } else { None };
    show(kiosk, &site, None, size, say).map(|()| code)
}

/// The site's camera; with an infrared one beside it, if it names one.
fn cameras(site: &Site, clock: &Arc<dyn Clock>) -> (Box<dyn Camera>, Option<Arc<Beside>>) {
    let colour = NokhwaCamera::new(&site.devices.camera, clock.clone());
    let name = &site.devices.infrared;
    if name.is_empty() {
        return (Box::new(colour), None);
    }
    let beside = Arc::new(Beside::default());
    let infrared = NokhwaCamera::new(name, clock.clone()).infrared();
    (Box::new(Pair::new(colour, infrared, beside.clone())), Some(beside))
}

/// A voice of all clips, the site's own among them.
pub(super) fn speaking<O: Output>(site: &Site, file: &str, output: impl FnOnce() -> O + Send + 'static) -> Box<dyn Voice> {
    Box::new(ClipVoice::start(library(site, file).0, output))
}

/// All clips, and what of the site's own words has none.
pub(super) fn library(site: &Site, file: &str) -> (Library, Vec<String>) {
    let mut library = Library::new(&voice::folder());
    let missing = library.add_site(beside(file), &site.spoken());
    (library, missing)
}

/// Where clips are read from.
pub(super) fn voice_needs(file: &str) -> [PathBuf; 2] {
    [voice::folder(), beside(file).join("speech")]
}

fn beside(file: &str) -> &Path {
    Path::new(file).parent().unwrap_or(Path::new(""))
}

/// Says at the terminal why the face way will be closed, before there is a screen.
fn tell_locks(site: &Site, (camera, card_reader): (bool, bool), records: &mut dyn StoreRoom, clock: &dyn Clock, args: &Args, say: &Say) {
    let condition = records.condition();
    // The policy is looked at with the machine, a moment later.
    let facts = condition.map(|condition| mianzheng::core::readiness::StoreFacts { policy_approved: true, ..condition.facts });
    let locks = reasons(&Known {
        site: &site.facts(&manifest::mark(&manifest::folder(args.models.as_deref()))),
        models: Models::Ready,
        camera,
        card_reader,
        store: facts.as_ref(),
        alarms: &[],
        today: clock.today(),
        in_service: true,
    });
    locks.iter().for_each(|lock| eprintln!("mianzheng: {}", say.lock(*lock)));
}

/// The store; or, where it cannot be opened, a spool that keeps the card and staff ways going.
pub(super) fn room(data: &Path, site: &Site, args: &Args, say: &Say) -> Result<(Box<dyn StoreRoom>, u8), Failure> {
    match open_store(data, site, args, say)? {
        Ok(mut store) => {
            // A change people must be asked about waits for two persons; the face way says so.
            let _ = store.offer_notice();
            Ok((Box::new(store), DONE))
        }
        Err(error) => {
            eprintln!("mianzheng: {}", say.store(&error).message);
            eprintln!("mianzheng: {}", say.text(Msg::CliCardOnly));
            let mut spool = Spool::beside(&StorePaths::under(data));
            if matches!(error, StoreError::Stale(_) | StoreError::WrongKey(_)) {
                let _ = spool.raise(Alarm::FileSwapped);
            }
            Ok((Box::new(spool), FAULT))
        }
    }
}

/// Besides what every program of this kind needs: the models and the files of this run.
pub(super) fn needs(args: &Args) -> Needs {
    Needs { read: vec![manifest::folder(args.models.as_deref())], ..Needs::default() }
}

/// Gives up what is not needed from here on. Before any other thread is started.
pub(super) fn wall_off(needs: &Needs) {
    // What is missing is logged as a warning; doctor says it in words.
    let _ = restrict(needs);
    lock_memory();
}

/// Keeps keys and faces out of swap, where the limits allow it. True if they did.
pub(super) fn lock_memory() -> bool {
    use rustix::mm::{MlockAllFlags, mlockall};
    use rustix::process::{Resource, getrlimit};
    // With a limit, locking all that is to come would make ordinary allocations fail.
    getrlimit(Resource::Memlock).current.is_none()
        && mlockall(MlockAllFlags::CURRENT | MlockAllFlags::FUTURE | MlockAllFlags::ONFAULT).is_ok()
}

/// Where data is kept if nobody says otherwise.
pub(super) fn default_data() -> PathBuf {
    let home = |name: &str| std::env::var_os(name).filter(|v| !v.is_empty()).map(PathBuf::from);
    home("XDG_DATA_HOME")
        .or_else(|| home("HOME").map(|h| h.join(".local/share")))
        .unwrap_or_else(|| PathBuf::from("/var/lib"))
        .join("mianzheng")
}

/// Loads the models on the worker; says on the terminal what is wrong with them.
pub(super) fn loader(args: &Args, beside: Option<Arc<Beside>>, say: &Say) -> EyesLoader {
    let folder = manifest::folder(args.models.as_deref());
    let (locale, lang) = (Locale::new(), say.lang);
    Box::new(move || match Pipeline::load(&folder) {
        Ok(pipeline) => Ok(match beside {
            Some(beside) => Box::new(WithInfrared::new(pipeline, beside)) as Box<dyn Eyes>,
            None => Box::new(pipeline),
        }),
        Err(error) => {
            let say = Say { locale, lang };
            eprintln!("mianzheng: {}", say.model(&error).message);
            eprintln!("mianzheng: {}", say.lock(FaceLock::ModelsRefused));
            Err(if matches!(error, ModelError::Changed(_)) { NoEyes::Changed } else { NoEyes::Unusable })
        }
    })
}

/// Fails with a sentence where there is no display.
pub(super) fn need_display(say: &Say) -> Result<(), Failure> {
    let set = |name: &str| std::env::var_os(name).is_some_and(|v| !v.is_empty());
    if set("DISPLAY") || set("WAYLAND_DISPLAY") { Ok(()) } else { Err(say.fail(FAULT, Msg::CliNoDisplay, &[])) }
}

/// Shows the kiosk in a window, or on the whole screen, until it is closed.
pub(super) fn show(
    kiosk: KioskHandle,
    site: &Site,
    deck: Option<Arc<dyn DemoDeck>>,
    size: Option<[u32; 2]>,
    say: &Say,
) -> Result<(), Failure> {
    show_until(kiosk, site, deck, size, say, Box::new(|_, _| false))
}

/// Asked after each frame whether it was the last.
pub(super) type Done = Box<dyn FnMut(&KioskUi, &egui::Context) -> bool>;

/// As [`show`], until `done` says so after a frame.
pub(super) fn show_until(
    kiosk: KioskHandle,
    site: &Site,
    deck: Option<Arc<dyn DemoDeck>>,
    size: Option<[u32; 2]>,
    say: &Say,
    done: Done,
) -> Result<(), Failure> {
    let viewport = egui::ViewportBuilder::default().with_title(say.text(Msg::AppName)).with_app_id("mianzheng");
    let viewport = match size {
        Some([width, height]) => viewport.with_inner_size([width as f32, height as f32]),
        None => viewport.with_fullscreen(true).with_decorations(false),
    };
    let options = eframe::NativeOptions { viewport, renderer: eframe::Renderer::Glow, ..eframe::NativeOptions::default() };
    let site = site.text();
    let closable = size.is_some();
    let broken = Arc::new(AtomicBool::new(false));
    let told = broken.clone();
    let locale = Arc::new(Locale::new());
    let window = move |cc: &eframe::CreationContext| -> Result<Box<dyn eframe::App>, Box<dyn std::error::Error + Send + Sync>> {
        let shared = kiosk.shared.clone();
        let ctx = cc.egui_ctx.clone();
        let ending = Ending::listen({
            let ctx = ctx.clone();
            move || ctx.request_repaint()
        });
        shared.on_change(Box::new(move || ctx.request_repaint()));
        let act: Box<dyn Fn(mianzheng::runtime::Act)> = Box::new(move |act| kiosk.act(act));
        let behind = shared.clone();
        let ui = KioskUi::new(&cc.egui_ctx, shared, act, locale, site, deck);
        Ok(Box::new(Window { ui, done, closable, heart: Heart::new(), ending, behind, broken: told }))
    };
    // The window library panics when the display goes away under it: that too ends in a sentence.
    let shown = std::panic::AssertUnwindSafe(|| eframe::run_native("mianzheng", options, Box::new(window)));
    match std::panic::catch_unwind(shown) {
        Ok(Ok(())) if broken.load(Ordering::SeqCst) => Err(say.fail(FAULT, Msg::CliStopped, &[])),
        Ok(Ok(())) => Ok(()),
        Ok(Err(error)) => {
            tracing::error!(%error, "window");
            Err(say.fail(FAULT, Msg::CliNoDisplay, &[]))
        }
        Err(_) => Err(say.fail(FAULT, Msg::CliDisplayGone, &[])),
    }
}

/// A bare X server has nobody who would make the window as large as the screen, or hand it the keys.
fn fill_screen(ctx: &egui::Context) {
    let (monitor, inner) = ctx.input(|input| (input.viewport().monitor_size, input.viewport().inner_rect));
    let (Some(monitor), Some(inner)) = (monitor, inner) else { return };
    let covers = inner.width() + 1.0 >= monitor.x && inner.height() + 1.0 >= monitor.y;
    if !covers && monitor.x > 1.0 && monitor.y > 1.0 {
        ctx.send_viewport_cmd(egui::ViewportCommand::OuterPosition(egui::Pos2::ZERO));
        ctx.send_viewport_cmd(egui::ViewportCommand::InnerSize(monitor));
        ctx.send_viewport_cmd(egui::ViewportCommand::Focus);
    }
}

struct Window {
    ui: KioskUi,
    done: Done,
    closable: bool,
    heart: Heart,
    ending: Ending,
    behind: Arc<Shared>,
    broken: Arc<AtomicBool>,
}

impl eframe::App for Window {
    fn logic(&mut self, ctx: &egui::Context, _frame: &mut eframe::Frame) {
        // On the whole screen nobody closes the kiosk by a key.
        if !self.closable && ctx.input(|input| input.viewport().close_requested()) {
            ctx.send_viewport_cmd(egui::ViewportCommand::CancelClose);
        }
        if !self.closable {
            fill_screen(ctx);
        }
        self.heart.beat(&self.behind, ctx);
        // A screen nobody answers behind is worse than none: whoever watches starts it anew.
        let broke = self.behind.ended() && !self.broken.swap(true, Ordering::SeqCst);
        if broke || self.ending.asked() {
            self.closable = true;
            ctx.send_viewport_cmd(egui::ViewportCommand::Close);
        }
    }

    fn ui(&mut self, ui: &mut egui::Ui, _frame: &mut eframe::Frame) {
        self.ui.draw(ui);
        self.heart.drawn();
        if (self.done)(&self.ui, ui.ctx()) {
            self.closable = true;
            ui.ctx().send_viewport_cmd(egui::ViewportCommand::Close);
        }
    }
}
