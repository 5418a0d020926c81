//! Every screen the kiosk can show, in every language, mode and shape of window.

pub(crate) mod checks;
pub(crate) mod heard;
mod scenes;
mod sheets;

use std::sync::{Arc, Mutex};

use egui::{Context, Event, FullOutput, RawInput, Rect, pos2, vec2};
use mianzheng::config::Site;
use mianzheng::core::screen::{Comfort, Lang, Screen};
use mianzheng::headless::Raster;
use mianzheng::locale::Locale;
use mianzheng::runtime::{Act, Shared};
use mianzheng::ui::{Hits, KioskUi};

use crate::support::root;

/// Windows: a portrait kiosk, a landscape one, and the smallest that is supported.
pub(crate) const SIZES: [(&str, [f32; 2]); 3] =
    [("portrait", [1080.0, 1920.0]), ("landscape", [1920.0, 1080.0]), ("small", [1024.0, 600.0])];

/// Each mode alone, and what people combine.
pub(crate) fn modes() -> Vec<(&'static str, Comfort)> {
    let plain = Comfort::default();
    vec![
        ("normal", plain),
        ("large", Comfort { large: true, ..plain }),
        ("contrast", Comfort { contrast: true, ..plain }),
        ("speech", Comfort { speech: true, ..plain }),
        ("text", Comfort { text_only: true, ..plain }),
        ("low", Comfort { low: true, ..plain }),
        ("simple", Comfort { simple: true, ..plain }),
        ("steady", Comfort { steady: true, ..plain }),
        ("large-contrast", Comfort { large: true, contrast: true, ..plain }),
        ("large-low", Comfort { large: true, low: true, ..plain }),
        ("large-simple", Comfort { large: true, simple: true, ..plain }),
        ("all", Comfort { large: true, contrast: true, speech: true, low: true, simple: true, steady: true, ..plain }),
    ]
}

/// One screen, drawn without a window.
pub(crate) struct Stand {
    pub(crate) ctx: Context,
    ui: KioskUi,
    shared: Arc<Shared>,
    size: [f32; 2],
    time: f64,
    acts: Arc<Mutex<Vec<Act>>>,
    pub(crate) raster: Raster,
    /// Keep textures, to draw a picture.
    pub(crate) drawn: bool,
}

impl Stand {
    pub(crate) fn new(ctx: Context, screen: Screen, scene: &scenes::Scene, size: [f32; 2]) -> Self {
        let site = Site::load(root().join("tests/data/demo/site.toml").to_str().expect("a path")).expect("a site");
        let shared = Arc::new(Shared::showing(screen, scene.paper.clone(), scene.link.clone()));
        let acts = Arc::new(Mutex::new(Vec::new()));
        let told = acts.clone();
        let act = Box::new(move |act| told.lock().expect("a list").push(act));
        let ui = KioskUi::new(&ctx, shared.clone(), act, Arc::new(Locale::new()), site.text(), None);
        Self { ctx, ui, shared, size, time: 0.0, acts, raster: Raster::default(), drawn: false }
    }

    pub(crate) fn frame(&mut self, events: Vec<Event>) -> FullOutput {
        self.time += 0.05;
        let input = RawInput {
            screen_rect: Some(Rect::from_min_size(pos2(0.0, 0.0), vec2(self.size[0], self.size[1]))),
            time: Some(self.time),
            events,
            focused: true,
            ..RawInput::default()
        };
        let mut output = self.ctx.run_ui(input, |ui| self.ui.draw(ui));
        if self.drawn {
            self.raster.update(&output.textures_delta);
        }
        output.textures_delta.clear();
        output
    }

    /// What was done since the last look.
    pub(crate) fn acts(&self) -> Vec<Act> {
        std::mem::take(&mut self.acts.lock().expect("a list"))
    }

    /// Another screen follows.
    pub(crate) fn show(&self, screen: Screen) {
        self.shared.show(screen);
    }

    /// An utterance was heard to its end.
    pub(crate) fn heard(&self, id: u64) {
        self.shared.hear(id);
    }

    pub(crate) fn hits(&self) -> &Hits {
        self.ui.hits()
    }
}

/// Every screen in one language and mode.
pub(crate) fn screen(scene: &scenes::Scene, lang: Lang, comfort: Comfort) -> Screen {
    let comfort = Comfort { lang, ..comfort };
    let mut screen = scene.screen.clone();
    screen.comfort = comfort;
    if comfort.simple && scene.leads_back {
        screen.controls.push(mianzheng::core::screen::Control::Back);
    }
    screen
}
