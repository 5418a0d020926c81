//! One window of the kiosk: draws it, follows keys and focus, says what is to be said.

use std::sync::Arc;

use egui::{Context, Event as InputEvent, Id, Key, Rect, Ui, pos2};

use crate::config::SiteText;
use crate::core::screen::{Control, Lang, View};
use crate::locale::Locale;
use crate::ports::DemoDeck;
use crate::runtime::{Act, Shared};

use super::canvas::{Canvas, Hits, Typing};
use super::heard::{Heard, Region};
use super::keys::Keys;
use super::layout::Places;
use super::preview::Preview;
use super::reader::Reader;
use super::theme::Theme;
use super::{deck, fonts, frame, screens};

/// Draws the kiosk and tells it what the person did.
pub struct KioskUi {
    shared: Arc<Shared>,
    act: Box<dyn Fn(Act)>,
    locale: Arc<Locale>,
    site: SiteText,
    deck: Option<Arc<dyn DemoDeck>>,
    preview: Preview,
    hits: Hits,
    stage: Option<(std::mem::Discriminant<View>, Lang)>,
    typing: Typing,
    heard: Heard,
    keys: Keys,
    reader: Reader,
    warned: bool,
}

impl KioskUi {
    /// A screen for a running kiosk. `deck` is there in a demo only.
    #[must_use]
    pub fn new(
        ctx: &Context,
        shared: Arc<Shared>,
        act: Box<dyn Fn(Act)>,
        locale: Arc<Locale>,
        site: SiteText,
        deck: Option<Arc<dyn DemoDeck>>,
    ) -> Self {
        fonts::install(ctx);
        egui_extras::install_image_loaders(ctx);
        ctx.options_mut(|options| {
            options.quit_shortcuts.clear();
            options.zoom_with_keyboard = false;
        });
        let keys = Keys::new(&site.keypad);
        Self {
            shared,
            act,
            locale,
            site,
            deck,
            preview: Preview::default(),
            hits: Hits::new(),
            stage: None,
            typing: Typing::default(),
            heard: Heard::default(),
            keys,
            reader: Reader::default(),
            warned: false,
        }
    }

    /// Where each control was drawn last.
    #[must_use]
    pub fn hits(&self) -> &Hits {
        &self.hits
    }

    /// Number of the camera frame that was drawn last.
    #[must_use]
    pub fn preview(&self) -> u64 {
        self.preview.count()
    }

    /// Does what a person could do.
    pub fn act(&self, act: Act) {
        (self.act)(act);
    }

    /// Draws one frame.
    pub fn draw(&mut self, ui: &mut Ui) {
        let screen = self.shared.screen();
        let window = ui.max_rect();
        let theme = Theme::new(screen.comfort, window.width(), window.height());
        self.preview.update(ui.ctx(), &self.shared.latest);
        let stage = (std::mem::discriminant(&screen.view), screen.comfort.lang);
        let before = self.stage.replace(stage);
        if before.map(|(view, _)| view) != Some(stage.0) {
            self.typing = Typing::default();
            // A new screen begins with nothing of the last one in focus.
            if let Some(focused) = ui.memory(egui::Memory::focused) {
                ui.memory_mut(|memory| memory.surrender_focus(focused));
            }
        }
        if before != Some(stage) {
            // A new screen, or the same in another language, begins at its top.
            ui.data_mut(|data| {
                data.remove::<f32>(Id::unique(screens::SCROLL));
                data.remove::<usize>(Id::unique(screens::ITEM));
            });
        }
        self.hits.clear();
        self.heard.clear();
        let warned = screen.warning.is_some();
        let typing = matches!(screen.view, View::StaffLogIn { .. }) && ui.ctx().egui_wants_keyboard_input();
        self.heard.action = self.keys.begin(ui.ctx(), typing);
        let places = Places::new(window, &theme, &screen, self.deck.is_some());
        let mut acts = Vec::new();
        let mut canvas = Canvas {
            ui,
            theme: &theme,
            locale: &self.locale,
            site: &self.site,
            screen: &screen,
            hits: &mut self.hits,
            acts: &mut acts,
            typing: &mut self.typing,
            inert: warned,
            heard: &mut self.heard,
            heard_page: self.reader.page_heard(self.shared.said()),
        };
        canvas.ui.painter().rect_filled(window, 0.0, theme.colour.ground);
        frame::draw_head(&mut canvas, &places);
        let page = self.shared.paper();
        canvas.heard.region = Region::Content;
        let link = self.shared.link();
        screens::draw(&mut canvas, &places, self.preview.texture(), page.as_deref(), link.as_ref());
        canvas.heard.private = false;
        frame::draw_access(&mut canvas, &places);
        frame::draw_foot(&mut canvas, places.foot);
        canvas.inert = false;
        if warned {
            let whole = Rect::from_min_max(window.min, pos2(window.right(), places.foot.bottom()));
            frame::draw_warning(&mut canvas, whole, places.content);
        }
        // Card, staff and start page stay above any message.
        frame::draw_ways(&mut canvas, &places);
        if let (Some(deck), Some(area)) = (&self.deck, places.deck) {
            canvas.heard.region = Region::Deck;
            deck::draw(&mut canvas, &**deck, area);
        }
        if matches!(screen.view, View::Claim { .. } | View::Code { .. }) {
            let keys = typed(&canvas);
            acts.extend(keys);
        }
        let ctx = ui.ctx().clone();
        self.heard.settle();
        self.keys.follow(&ctx, &self.heard, screen.comfort, typing, &mut acts);
        if warned && !self.warned && (screen.comfort.speech || ctx.memory(egui::Memory::focused).is_some()) {
            // One press is enough to stay.
            let more = self.heard.stops.iter().find(|stop| stop.name == "more-time");
            more.into_iter().for_each(|stop| ctx.memory_mut(|memory| memory.request_focus(stop.id)));
        }
        self.warned = warned;
        let focused = ctx.memory(egui::Memory::focused);
        let told = self.reader.follow(&screen, &self.heard, focused, &self.locale);
        for act in acts {
            match act {
                Act::Tap(Control::Repeat) => (self.act)(self.reader.again()),
                Act::Tap(control) => {
                    // Whatever is being said stops when somebody acts.
                    (self.act)(Act::Hush);
                    (self.act)(Act::Tap(control));
                }
                act => (self.act)(act),
            }
        }
        if let Some(told) = told {
            (self.act)(told);
        }
    }
}

/// Digits and backspace from a keyboard or keypad.
fn typed(canvas: &Canvas) -> Vec<Act> {
    canvas.ui.input(|input| {
        input
            .events
            .iter()
            .filter_map(|event| match event {
                InputEvent::Text(text) => {
                    let digit = text.chars().next().and_then(|c| c.to_digit(10))?;
                    u8::try_from(digit).ok().map(Act::Digit)
                }
                InputEvent::Key { key: Key::Backspace, pressed: true, .. } => Some(Act::EraseDigit),
                _ => None,
            })
            .collect()
    })
}
