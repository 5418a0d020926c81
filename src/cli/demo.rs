//! `demo`: the kiosk with sample people and simulated devices.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use mianzheng::config::{Site, policy_mark};
use mianzheng::core::message::Msg;
use mianzheng::core::readiness::FaceLock;
use mianzheng::core::screen::Lang;
use mianzheng::devices::clock::SystemClock;
use mianzheng::devices::camera::{NokhwaCamera, nodes};
use mianzheng::devices::card::{DeskReader, Port};
use mianzheng::devices::none::{NoPrinter, NoVoice};
use mianzheng::devices::sentinel::MachineSentinel;
use mianzheng::devices::sim::{Deck, SimCamera, SimReader, Watch};
use mianzheng::devices::voice::{Loudspeaker, Recording};
use mianzheng::headless::{Headless, Step, parse};
use mianzheng::locale::{Arg, Locale};
use mianzheng::papers::SiteScribe;
use mianzheng::ports::{Camera, CardReader, Clock, DemoDeck, StoreFault, Voice};
use mianzheng::runtime::journal::Journal;
use mianzheng::runtime::{Devices, Kiosk, KioskHandle};
use mianzheng::sandbox::Needs;
use mianzheng::resources;
use mianzheng::ui::KioskUi;
use mianzheng::vision::manifest;

use super::args::{Args, DemoArgs};
use super::kiosk::{loader, need_display, needs, show, speaking, voice_needs, wall_off};
use super::office::open_store;
use super::probe;
use super::say::{DONE, FAULT, Failure, NO, Say, USAGE};
use super::ways::{outcome, phone, scanner, ways_need};

/// Everything a demo is made of.
pub(super) struct Stage {
    pub(super) kiosk: KioskHandle,
    pub(super) site: Site,
    pub(super) deck: Arc<dyn DemoDeck>,
    pub(super) watch: Arc<Watch>,
    pub(super) clock: Arc<dyn Clock>,
    /// Removed at the end.
    pub(super) folder: Option<TempFolder>,
}

/// Shows the demo, or plays a script.
pub(super) fn demo(demo: &DemoArgs, args: &Args, say: &Say) -> Result<u8, Failure> {
    if demo.headless && demo.script.is_none() && !demo.probe {
        return Err(say.usage("--headless needs --script FILE"));
    }
    if demo.script.is_some() && !demo.headless {
        return Err(say.usage("--script needs --headless"));
    }
    if !demo.headless {
        need_display(say)?;
    }
    let script = demo.script.as_deref().map(|file| read_script(file, say)).transpose()?.unwrap_or_default();
    let stage = set_up(demo, &script, args, say)?;
    if demo.probe {
        return probe::probe(stage, demo, say);
    }
    if demo.script.is_none() {
        // Bound, so that it is removed only after the window is closed.
        let Stage { kiosk, site, deck, folder: _folder, .. } = stage;
        return show(kiosk, &site, Some(deck), Some(demo.size), say).map(|()| DONE);
    }
    let mut headless = headless(stage, demo);
    headless.play(&script).map_err(|e| Failure { code: NO, ..script_failed(e.line, &e.reason, say) })?;
    Ok(DONE)
}

fn set_up(demo: &DemoArgs, script: &[(usize, Step)], args: &Args, say: &Say) -> Result<Stage, Failure> {
    let people = demo.people.clone().unwrap_or_else(|| samples().join("people.toml"));
    let site_file = site_file(demo);
    let site = Site::load(&site_file).map_err(|e| say.site(&e))?;
    let facts = site.facts(&manifest::mark(&manifest::folder(args.models.as_deref())));
    facts.blanks.iter().for_each(|field| eprintln!("mianzheng: {}", say.lock(FaceLock::Blank(*field))));
    let deck = Deck::load(&people)
        .map_err(|e| say.fail(USAGE, Msg::CliSiteInvalid, &[("file", Arg::Text(&e.file)), ("reason", Arg::Text(&e.reason))]))?;
    let real = demo.camera.as_deref().and_then(real_camera);
    let deck = match &demo.camera {
        Some(_) if real.is_some() => deck,
        Some(path) => {
            std::fs::metadata(path).map_err(|e| say.picture(path, &e.to_string()))?;
            deck.with_camera(path)
        }
        None => deck,
    };
    let (data, folder) = if let Some(data) = &demo.data { (data.clone(), None) } else {
        let folder = TempFolder::in_memory().map_err(|e| Failure { code: FAULT, ..say.usage(&e.to_string()) })?;
        (folder.0.clone(), Some(folder))
    };
    let clock: Arc<dyn Clock> = Arc::new(SystemClock::default());
    let mut store = open_store(&data, &site, args, say)?.map_err(|e| say.store(&e))?;
    // A simulated card must not act on the people of a device in service.
    if demo.data.is_some() && store.has_operators() {
        return Err(say.fail(USAGE, Msg::CliDeniedNobody, &[]));
    }
    store.offer_notice().map_err(|StoreFault| say.fail(FAULT, Msg::FaultStoreWrite, &[]))?;
    let lang = args.lang.map_or(site.language, Lang::from);
    let journal = match &demo.journal {
        None => None,
        Some(path) => {
            let file = File::create(path).and_then(|f| Journal::start(Box::new(f), &site.policy, lang));
            Some(file.map_err(|e| Failure { code: FAULT, ..say.usage(&format!("{}: {e}", path.display())) })?)
        }
    };
    // A reader on a wire, such as that of `sim reader`, or the deck's own.
    let reader: Box<dyn CardReader> = match &demo.reader {
        Some(port) => Box::new(DeskReader::new(Port::named(port), None, clock.clone())),
        None => Box::new(SimReader::new(deck.clone())),
    };
    let sentinel = Box::new(MachineSentinel::new());
    wall_off(&demo_needs(demo, args, &data, &people, script));
    let voice = voice_of(demo, &site, &site_file, &clock);
    let watch = Arc::new(Watch::default());
    let camera: Box<dyn Camera> = match &real {
        Some(name) => Box::new(NokhwaCamera::new(name, clock.clone())),
        None => Box::new(SimCamera::new(deck.clone()).paced(Duration::from_millis(if demo.probe { 33 } else { 66 }))),
    };
    let devices = Devices {
        camera: watch.camera(camera),
        reader: watch.reader(reader),
        phone: phone(&site),
        scanner: scanner(&site, say)?,
        records: Box::new(store),
        sentinel,
        outcome: watch.outcome(outcome(&site, &clock, say)?),
        clock: clock.clone(),
        eyes: loader(args, None, say),
        journal,
        scribe: Box::new(SiteScribe::new(&site)),
        printer: Arc::new(NoPrinter),
        voice,
        elder_age: site.comfort.offer_large_from_age,
        site: facts,
        policy_mark: policy_mark(&site.policy),
        in_service: false,
    };
    let kiosk = Kiosk::start(site.policy.clone(), lang, devices);
    Ok(Stage { kiosk, site, deck, watch, clock, folder })
}

/// The name of the camera at this node of /dev; none if it is no camera.
fn real_camera(path: &Path) -> Option<String> {
    let path = path.canonicalize().ok()?;
    let name = path.to_str()?.strip_prefix("/dev/video")?;
    let index = name.parse::<u32>().ok()?;
    nodes().into_iter().find(|node| node.index == index).map(|node| node.name)
}

fn site_file(demo: &DemoArgs) -> String {
    demo.site.clone().unwrap_or_else(|| samples().join("site.toml").display().to_string())
}

/// The loudspeaker in a window, a file where one is named, else nothing.
fn voice_of(demo: &DemoArgs, site: &Site, file: &str, clock: &Arc<dyn Clock>) -> Box<dyn Voice> {
    match demo.voice.as_deref() {
        Some("off") => Box::new(NoVoice),
        None if demo.headless => Box::new(NoVoice),
        None | Some("speaker") => speaking(site, file, Loudspeaker::default),
        Some(wav) => {
            let wav = PathBuf::from(wav);
            let clock = clock.clone();
            speaking(site, file, move || Recording::new(&wav, clock))
        }
    }
}

/// The demo reads its samples again and again, and writes pictures where the script says.
fn demo_needs(demo: &DemoArgs, args: &Args, data: &Path, people: &Path, script: &[(usize, Step)]) -> Needs {
    let mut needs = needs(args);
    if let Ok(site) = Site::load(&site_file(demo)) {
        ways_need(&site, demo.reader.as_deref().unwrap_or_default(), &mut needs);
    }
    needs.read.extend(voice_needs(&site_file(demo)));
    if let Some(wav) = demo.voice.as_deref().filter(|voice| !matches!(*voice, "off" | "speaker")) {
        // A folder, so that the file can be made.
        let folder = Path::new(wav).parent().filter(|folder| !folder.as_os_str().is_empty());
        needs.write.push(folder.unwrap_or(Path::new(".")).to_owned());
    }
    let root = samples().join("..");
    needs.read.extend([root, people.parent().unwrap_or(people).join("..")]);
    needs.read.extend(demo.camera.clone());
    needs.write.push(data.to_owned());
    needs.write.extend(script.iter().filter_map(|(_, step)| step.writes_to()).map(|file| match file.parent() {
        Some(folder) if folder.is_dir() => folder.to_owned(),
        // A folder that is not there yet is made below this one.
        _ => PathBuf::from("."),
    }));
    needs
}

fn read_script(script: &Path, say: &Say) -> Result<Vec<(usize, Step)>, Failure> {
    let text = std::fs::read_to_string(script)
        .map_err(|e| Failure { code: FAULT, ..say.usage(&format!("{}: {e}", script.display())) })?;
    parse(&text).map_err(|(line, reason)| script_failed(line, &reason, say))
}

fn script_failed(line: usize, reason: &str, say: &Say) -> Failure {
    let line = u64::try_from(line).unwrap_or(0);
    say.fail(USAGE, Msg::CliScript, &[("line", Arg::Number(line)), ("reason", Arg::Text(reason))])
}

pub(super) fn headless(stage: Stage, demo: &DemoArgs) -> Headless {
    let Stage { kiosk, site, deck, watch, clock, folder } = stage;
    let ctx = egui::Context::default();
    let shared = kiosk.shared.clone();
    let act: Box<dyn Fn(mianzheng::runtime::Act)> = Box::new(move |act| {
        // The folder of sample data lives as long as the kiosk that writes to it.
        let _ = &folder;
        kiosk.act(act);
    });
    let ui = KioskUi::new(&ctx, shared.clone(), act, Arc::new(Locale::new()), site.text(), Some(deck.clone()));
    let size = demo.size.map(|side| side as f32);
    Headless::new(ctx, ui, size, shared, deck, Box::new(watch), clock)
}

/// Where the sample people are.
pub(super) fn samples() -> PathBuf {
    resources::folder("demo", "tests/data/demo", "people.toml")
}

/// A private folder that goes when its owner does.
pub(super) struct TempFolder(pub(crate) PathBuf);

impl TempFolder {
    /// On the disk: for measuring.
    pub(super) fn new() -> std::io::Result<Self> {
        Self::below(&std::env::temp_dir())
    }

    /// Not on the disk, where there is such a place: gone at the latest when the machine is off. The
    /// walls let nobody take away a folder of the common one.
    pub(super) fn in_memory() -> std::io::Result<Self> {
        Self::below(Path::new("/dev/shm")).or_else(|_| Self::new())
    }

    fn below(place: &Path) -> std::io::Result<Self> {
        use std::os::unix::fs::DirBuilderExt;
        let mut random = [0_u8; 8];
        getrandom::fill(&mut random).map_err(std::io::Error::other)?;
        let name: String = random.iter().map(|b| format!("{b:02x}")).collect();
        let path = place.join(format!("mianzheng-demo-{name}"));
        std::fs::DirBuilder::new().mode(0o700).create(&path)?;
        Ok(Self(path))
    }
}

impl Drop for TempFolder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}
