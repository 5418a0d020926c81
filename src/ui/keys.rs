//! Keys and keypads: every key goes through here, so that all of them mean the same on every screen.

use egui::{Context, Event, Id, Key};

use crate::config::Keypad;
use crate::core::screen::{Comfort, Control};
use crate::runtime::Act;

use super::heard::{Heard, Kind, Region};

/// How long each stop is lit while one key goes through all of them. Units: s.
const SCAN_S: f64 = 2.0;
/// How often all of them are gone through before it stops. Scanning for ever would tire.
const SCAN_ROUNDS: usize = 3;

/// What a key means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Meaning {
    Next,
    Previous,
    Action,
    Control(Control),
    Headphones(bool),
}

/// One key going through all stops by itself.
#[derive(Debug)]
struct Scan {
    next_at: f64,
    left: usize,
}

/// Turns keys into moves and acts.
pub(super) struct Keys {
    table: Vec<(Name, Meaning)>,
    scan: Option<Scan>,
}

/// A key by its name, or by what it types.
#[derive(Debug, PartialEq, Eq)]
enum Name {
    Key(Key),
    Types(String),
}

impl Keys {
    /// The keys every keyboard has, and those of the site's keypad.
    pub(super) fn new(pad: &Keypad) -> Self {
        let mut table = vec![
            (Name::Key(Key::ArrowDown), Meaning::Next),
            (Name::Key(Key::ArrowRight), Meaning::Next),
            (Name::Key(Key::ArrowUp), Meaning::Previous),
            (Name::Key(Key::ArrowLeft), Meaning::Previous),
            (Name::Key(Key::Enter), Meaning::Action),
            (Name::Key(Key::Space), Meaning::Action),
        ];
        let lists = [
            (&pad.next, Meaning::Next),
            (&pad.previous, Meaning::Previous),
            (&pad.action, Meaning::Action),
            (&pad.repeat, Meaning::Control(Control::Repeat)),
            (&pad.home, Meaning::Control(Control::Home)),
            (&pad.louder, Meaning::Control(Control::Louder)),
            (&pad.softer, Meaning::Control(Control::Softer)),
            (&pad.faster, Meaning::Control(Control::Faster)),
            (&pad.slower, Meaning::Control(Control::Slower)),
            (&pad.headphones_in, Meaning::Headphones(true)),
            (&pad.headphones_out, Meaning::Headphones(false)),
        ];
        for (names, meaning) in lists {
            table.extend(names.iter().map(|name| (Key::from_name(name).map_or_else(|| Name::Types(name.clone()), Name::Key), meaning)));
        }
        Self { table, scan: None }
    }

    /// Before anything is drawn: egui's own way through the widgets is not ours. True if what is
    /// focused is pressed.
    pub(super) fn begin(&mut self, ctx: &Context, typing: bool) -> bool {
        ctx.memory_mut(|memory| memory.move_focus(egui::FocusDirection::None));
        // A key held down presses once.
        ctx.input_mut(|input| {
            input.events.retain(|event| !matches!(event, Event::Key { key: Key::Enter | Key::Space, repeat: true, .. }));
        });
        // Enter and space press by themselves; the pad's key does as they do.
        let extra = |meaning: &Meaning, name: &Name| *meaning == Meaning::Action && !matches!(name, Name::Key(Key::Enter | Key::Space));
        !typing && self.pressed(ctx, typing).iter().any(|(name, meaning)| extra(meaning, name))
    }

    /// After everything was drawn: moves the focus and says what was done besides.
    pub(super) fn follow(&mut self, ctx: &Context, heard: &Heard, comfort: Comfort, typing: bool, acts: &mut Vec<Act>) {
        let meanings: Vec<Meaning> = self.pressed(ctx, typing).into_iter().map(|(_, meaning)| *meaning).collect();
        let tab = ctx.input(|input| {
            input.events.iter().find_map(|event| match event {
                Event::Key { key: Key::Tab, pressed: true, modifiers, .. } => Some(if modifiers.shift { Meaning::Previous } else { Meaning::Next }),
                _ => None,
            })
        });
        let focused = ctx.memory(egui::Memory::focused);
        for meaning in meanings.into_iter().chain(tab) {
            match meaning {
                Meaning::Next => self.go(ctx, heard, comfort, 1),
                Meaning::Previous => self.go(ctx, heard, comfort, -1),
                Meaning::Action if focused.is_none() => self.begin_scan(ctx, heard, comfort),
                // One key goes on from here: it has to reach the next digit too.
                Meaning::Action => self.renew_scan(ctx, heard),
                Meaning::Control(control) => acts.push(Act::Tap(control)),
                Meaning::Headphones(plugged) => acts.push(Act::Headphones(plugged)),
            }
            if matches!(meaning, Meaning::Next | Meaning::Previous) {
                self.scan = None;
                acts.push(Act::Stir);
            }
        }
        self.step_scan(ctx, heard, comfort);
    }

    fn begin_scan(&mut self, ctx: &Context, heard: &Heard, comfort: Comfort) {
        let count = stops(heard, false).len();
        if comfort.steady && count > 0 {
            move_focus(ctx, heard, false, 1);
            self.scan = Some(Scan { next_at: ctx.input(|input| input.time) + SCAN_S, left: count * SCAN_ROUNDS });
        } else {
            self.go(ctx, heard, comfort, 1);
        }
    }

    fn renew_scan(&mut self, ctx: &Context, heard: &Heard) {
        if let Some(scan) = &mut self.scan {
            *scan = Scan { next_at: ctx.input(|input| input.time) + SCAN_S, left: stops(heard, false).len() * SCAN_ROUNDS };
        }
    }

    fn step_scan(&mut self, ctx: &Context, heard: &Heard, comfort: Comfort) {
        let Some(scan) = &mut self.scan else { return };
        let now = ctx.input(|input| input.time);
        if !comfort.steady || scan.left == 0 {
            // The next press begins anew, it does not act on whatever was lit last.
            self.scan = None;
            if let Some(lit) = ctx.memory(egui::Memory::focused) {
                ctx.memory_mut(|memory| memory.surrender_focus(lit));
            }
            return;
        }
        if now >= scan.next_at {
            scan.next_at = now + SCAN_S;
            scan.left -= 1;
            move_focus(ctx, heard, false, 1);
        }
        ctx.request_repaint_after(std::time::Duration::from_millis(100));
    }

    #[allow(clippy::unused_self)]
    fn go(&self, ctx: &Context, heard: &Heard, comfort: Comfort, by: isize) {
        move_focus(ctx, heard, comfort.speech, by);
    }

    /// The keys that were pressed, each with its meaning; a key held down presses once.
    fn pressed(&self, ctx: &Context, typing: bool) -> Vec<(&Name, &Meaning)> {
        ctx.input(|input| {
            let mut found = Vec::new();
            for event in &input.events {
                let hit = match event {
                    Event::Key { key, physical_key, pressed: true, repeat: false, modifiers, .. } if !modifiers.ctrl && !modifiers.alt => {
                        // Function keys above F12 are turned into others by some keymaps: the place counts.
                        let at = physical_key.filter(|at| at.name().starts_with('F') && at.name().len() == 3).unwrap_or(*key);
                        self.table.iter().find(|(name, _)| *name == Name::Key(at))
                    }
                    Event::Text(text) => self.table.iter().find(|(name, _)| matches!(name, Name::Types(types) if types == text)),
                    _ => None,
                };
                found.extend(hit.map(|(name, meaning)| (name, meaning)));
            }
            // Where letters are typed, only the keys of a pad mean more than themselves.
            found.retain(|(name, _)| !typing || matches!(name, Name::Key(key) if key.name().starts_with('F')));
            found
        })
    }
}

/// Where the focus can stop: the controls; for who listens, the texts too.
fn stops(heard: &Heard, all: bool) -> Vec<(Id, Region)> {
    let message = heard.stops.iter().any(|stop| stop.region == Region::Message);
    heard
        .stops
        .iter()
        .filter(|stop| stop.kind == Kind::Control || (all && stop.region != Region::Deck))
        // Under a message only what it says, and the ways, can be reached.
        .filter(|stop| !message || matches!(stop.region, Region::Message | Region::Ways | Region::Deck))
        .map(|stop| (stop.id, stop.region))
        .collect()
}

fn move_focus(ctx: &Context, heard: &Heard, all: bool, by: isize) {
    let stops = stops(heard, all);
    let count = stops.len().cast_signed();
    if count == 0 {
        return;
    }
    let at = ctx.memory(egui::Memory::focused).and_then(|id| stops.iter().position(|(stop, _)| *stop == id));
    let next = match at {
        Some(at) => (at.cast_signed() + by).rem_euclid(count),
        None if by > 0 => 0,
        None => count - 1,
    };
    ctx.memory_mut(|memory| memory.request_focus(stops[next.cast_unsigned()].0));
    ctx.request_repaint();
}
