//! Runs a script against the real screens: touches land where the controls are drawn.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use egui::{Context, Event, Key, Modifiers, PointerButton, Pos2, RawInput, Rect, pos2, vec2};

use crate::core::screen::{Screen, View};
use crate::ports::{Clock, DemoDeck, Witness};
use crate::runtime::Shared;
use crate::ui::{Hits, KioskUi};

use super::raster::Raster;
use super::script::{Expectation, Step, Todo};

/// How long a control may take to appear. Units: milliseconds.
const TAP_PATIENCE_MS: u64 = 10_000;
/// How long an expectation may take. Units: milliseconds.
const EXPECT_PATIENCE_MS: u64 = 20_000;
/// Time between two looks.
const PACE: Duration = Duration::from_millis(15);

/// A line of the script did not hold.
#[derive(Debug, thiserror::Error)]
#[error("line {line}: {reason}")]
pub struct ScriptFailed {
    /// Which.
    pub line: usize,
    /// Why.
    pub reason: String,
}

/// A kiosk drawn in memory.
pub struct Headless {
    ctx: Context,
    ui: KioskUi,
    raster: Raster,
    size: [f32; 2],
    events: Vec<Event>,
    shared: Arc<Shared>,
    deck: Arc<dyn DemoDeck>,
    witness: Box<dyn Witness>,
    clock: Arc<dyn Clock>,
}

impl Headless {
    /// A window of this size that nobody sees. Units: pixels. `ui` must be made for `ctx`.
    #[must_use]
    pub fn new(
        ctx: Context,
        ui: KioskUi,
        size: [f32; 2],
        shared: Arc<Shared>,
        deck: Arc<dyn DemoDeck>,
        witness: Box<dyn Witness>,
        clock: Arc<dyn Clock>,
    ) -> Self {
        Self { ctx, ui, raster: Raster::default(), size, events: Vec::new(), shared, deck, witness, clock }
    }

    /// Where the controls are.
    #[must_use]
    pub fn hits(&self) -> &Hits {
        self.ui.hits()
    }

    /// Runs all steps.
    ///
    /// # Errors
    /// The first line that did not hold.
    pub fn play(&mut self, script: &[(usize, Step)]) -> Result<(), ScriptFailed> {
        let start = self.clock.tick();
        self.frame();
        for (line, step) in script {
            while self.clock.tick().since(start) < step.at_ms {
                self.pause();
            }
            self.step(&step.todo).map_err(|reason| ScriptFailed { line: *line, reason })?;
        }
        Ok(())
    }

    fn step(&mut self, todo: &Todo) -> Result<(), String> {
        match todo {
            Todo::Tap { id, until: None } => self.tap(id),
            Todo::Tap { id, until: Some(other) } => self.tap_until(id, other),
            Todo::Key { id } => self.key(id),
            Todo::Card { id } => self.deck.lay_card(id).then_some(()).ok_or_else(|| format!("there is no card {id}")),
            Todo::Camera { id } => self.deck.show(id).then_some(()).ok_or_else(|| format!("there is no scene {id}")),
            Todo::Wait { ms } => {
                let until = self.clock.tick() + *ms;
                while self.clock.tick() < until {
                    self.pause();
                }
                Ok(())
            }
            Todo::Expect(expectation) => self.expect(expectation),
            Todo::Hits { file } => self.save_hits(file).map_err(|e| format!("{}: {e}", file.display())),
            Todo::Screenshot { file } => self.screenshot(file).map_err(|e| format!("{}: {e}", file.display())),
        }
    }

    fn tap(&mut self, id: &str) -> Result<(), String> {
        let until = self.clock.tick() + TAP_PATIENCE_MS;
        let place = loop {
            self.frame();
            if let Some(rect) = self.ui.hits().get(id) {
                break rect.center();
            }
            if self.clock.tick() >= until {
                let offered: Vec<&str> = self.ui.hits().keys().map(String::as_str).collect();
                return Err(format!("{id} is not on the screen; there are: {}", offered.join(" ")));
            }
            self.pause();
        };
        self.touch(place);
        Ok(())
    }

    fn tap_until(&mut self, id: &str, other: &str) -> Result<(), String> {
        let until = self.clock.tick() + EXPECT_PATIENCE_MS;
        while self.clock.tick() < until {
            self.pause();
            if self.ui.hits().contains_key(other) {
                return Ok(());
            }
            if self.ui.hits().contains_key(id) {
                self.tap(id)?;
            }
        }
        Err(format!("{other} did not come however often {id} was touched"))
    }

    fn touch(&mut self, pos: Pos2) {
        let button = |pressed| Event::PointerButton { pos, button: PointerButton::Primary, pressed, modifiers: Modifiers::NONE };
        self.events.push(Event::PointerMoved(pos));
        self.frame();
        self.events.push(button(true));
        self.frame();
        self.events.extend([button(false), Event::PointerGone]);
        self.frame();
        // What was touched goes to the kiosk's own thread: give it a moment to answer.
        std::thread::sleep(PACE);
        self.frame();
    }

    fn key(&mut self, id: &str) -> Result<(), String> {
        if id.len() == 1 && id.chars().all(|c| c.is_ascii_digit()) {
            self.events.push(Event::Text(id.to_owned()));
        } else if let Some(text) = id.strip_prefix("text:") {
            self.events.push(Event::Text(text.to_owned()));
        } else {
            let key = Key::from_name(id).ok_or_else(|| format!("there is no key {id}"))?;
            for pressed in [true, false] {
                self.events.push(Event::Key { key, physical_key: None, pressed, repeat: false, modifiers: Modifiers::NONE });
            }
        }
        self.frame();
        std::thread::sleep(PACE);
        self.frame();
        Ok(())
    }

    fn expect(&mut self, expectation: &Expectation) -> Result<(), String> {
        let until = self.clock.tick() + expectation.within_ms.unwrap_or(EXPECT_PATIENCE_MS);
        loop {
            self.frame();
            let screen = self.shared.screen();
            let Some(reason) = self.unmet(expectation, &screen) else { return Ok(()) };
            if self.clock.tick() >= until {
                return Err(reason);
            }
            self.pause();
        }
    }

    /// The first part of an expectation that does not hold now.
    fn unmet(&self, e: &Expectation, screen: &Screen) -> Option<String> {
        let stage = stage_name(&screen.view);
        if e.stage.as_deref().is_some_and(|wanted| wanted != stage) {
            return Some(format!("the stage is {stage}: {:?}", screen.view));
        }
        let mut shown = serde_json::to_string(&screen.view).unwrap_or_default();
        shown.push_str(screen.ticket.map_or("", |_| "\"ticket-shown\""));
        if let Some(missing) = e.prompts.iter().find(|id| !shown.contains(&format!("\"{id}\""))) {
            return Some(format!("{missing} is not shown: {shown}"));
        }
        let offered = |id: &String| {
            screen.controls.iter().any(|c| serde_json::to_value(c).is_ok_and(|v| v.as_str() == Some(id)))
                && self.ui.hits().contains_key(id)
        };
        if let Some(id) = e.offers.iter().find(|id| !offered(id)) {
            return Some(format!("{id} cannot be used"));
        }
        if let Some(id) = e.lacks.iter().find(|id| offered(id)) {
            return Some(format!("{id} can be used"));
        }
        let camera = if self.witness.camera_on() { "on" } else { "off" };
        if e.camera.as_deref().is_some_and(|wanted| wanted != camera) {
            return Some(format!("the camera is {camera}"));
        }
        let opened = self.witness.camera_opened();
        if e.camera_opened.is_some_and(|wanted| wanted != opened) {
            return Some(format!("the camera was opened {opened} times"));
        }
        let outcome = self.witness.outcome().unwrap_or("none");
        if e.outcome.as_deref().is_some_and(|wanted| wanted != outcome) {
            return Some(format!("the outcome is {outcome}"));
        }
        None
    }

    /// Draws the screen into a PNG file.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn screenshot(&mut self, file: &Path) -> std::io::Result<()> {
        // Pictures and fonts met for the first time arrive with the next frame.
        self.frame();
        self.frame();
        let output = self.pass();
        let shapes = self.ctx.tessellate(output.shapes, output.pixels_per_point);
        let [width, height] = self.pixels();
        let rgb = self.raster.draw(&shapes, output.pixels_per_point, width, height);
        if let Some(folder) = file.parent() {
            std::fs::create_dir_all(folder)?;
        }
        let to = std::io::BufWriter::new(std::fs::File::create(file)?);
        let (width, height) = (u32::try_from(width).unwrap_or(0), u32::try_from(height).unwrap_or(0));
        let mut encoder = png::Encoder::new(to, width, height);
        encoder.set_color(png::ColorType::Rgb);
        encoder.write_header()?.write_image_data(&rgb)?;
        Ok(())
    }

    fn save_hits(&mut self, file: &Path) -> std::io::Result<()> {
        self.frame();
        let places: std::collections::BTreeMap<&str, [f32; 4]> = self
            .ui
            .hits()
            .iter()
            .map(|(id, rect)| (id.as_str(), [rect.left(), rect.top(), rect.width(), rect.height()]))
            .collect();
        std::fs::write(file, serde_json::to_string(&places)?)
    }

    /// Lets the kiosk work, and draws.
    pub fn pause(&mut self) {
        std::thread::sleep(PACE);
        self.frame();
    }

    fn frame(&mut self) {
        let _ = self.pass();
    }

    fn pass(&mut self) -> egui::FullOutput {
        let time = self.clock.tick().0 as f64 / 1000.0;
        let input = RawInput {
            screen_rect: Some(Rect::from_min_size(pos2(0.0, 0.0), vec2(self.size[0], self.size[1]))),
            time: Some(time),
            events: std::mem::take(&mut self.events),
            focused: true,
            ..RawInput::default()
        };
        let mut output = self.ctx.run_ui(input, |ui| self.ui.draw(ui));
        self.raster.update(&output.textures_delta);
        output.textures_delta.clear();
        output
    }

    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    fn pixels(&self) -> [usize; 2] {
        self.size.map(|side| side as usize)
    }
}

fn stage_name(view: &View) -> String {
    match serde_json::to_value(view) {
        Ok(serde_json::Value::String(name)) => name,
        Ok(serde_json::Value::Object(map)) => map.keys().next().cloned().unwrap_or_default(),
        _ => String::new(),
    }
}
