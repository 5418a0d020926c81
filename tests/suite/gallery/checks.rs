//! What must hold of every screen, judged from what was painted.

use std::collections::HashSet;

use egui::epaint::ClippedShape;
use egui::{Color32, Context, Event, Key, Modifiers, Rect, Shape};
use mianzheng::core::screen::{Comfort, Control, Lang, View};

use super::scenes::{self, Scene};
use super::{SIZES, Stand, modes, screen};
use crate::support::root;

/// Least height of text anywhere, as a share of the window's shorter side; 9.4 px of 600,
/// 16.8 of 1080.
const LEAST_TEXT: f32 = 0.0156;

/// A text as it was painted.
struct Painted {
    text: String,
    rect: Rect,
    clip: Rect,
    size: f32,
    colour: Color32,
    ground: Color32,
}

#[test]
fn every_screen_in_every_mode_is_whole_legible_and_large_enough() {
    let mut faults = Vec::new();
    let mut count = 0;
    for (size_name, size) in SIZES {
        // One context for all: fonts are laid out once.
        let ctx = Context::default();
        for scene in scenes::all() {
            for (mode, comfort) in modes() {
                for lang in Lang::ALL {
                    let mut stand = Stand::new(ctx.clone(), screen(&scene, lang, comfort), &scene, size);
                    let _ = stand.frame(vec![]);
                    let output = stand.frame(vec![]);
                    let found = look(&stand, &scene, comfort, size, &output.shapes);
                    faults.extend(found.into_iter().map(|fault| format!("{size_name} {mode} {lang:?} {}: {fault}", scene.name)));
                    count += 1;
                }
            }
        }
    }
    assert!(count > 6_000, "only {count} screens");
    // All of them are there to be read, in one place.
    let file = root().join("out/faults.txt");
    let _ = std::fs::create_dir_all(root().join("out"));
    let _ = std::fs::write(&file, faults.join("\n"));
    let shown: Vec<&String> = faults.iter().take(20).collect();
    assert!(faults.is_empty(), "{} of {count}, all in out/faults.txt: {shown:#?}", faults.len());
}

fn look(stand: &Stand, scene: &Scene, comfort: Comfort, size: [f32; 2], shapes: &[ClippedShape]) -> Vec<String> {
    let mut faults = Vec::new();
    let window = Rect::from_min_size(egui::Pos2::ZERO, egui::vec2(size[0], size[1]));
    let staff = matches!(scene.screen.view, View::StaffLogIn { .. } | View::Board { .. });
    let texts = painted(shapes);
    let least = if comfort.contrast { 7.0 } else { 4.5 };
    for text in &texts {
        if !window.expand(0.5).contains_rect(text.rect) && text.clip.contains_rect(text.rect) {
            faults.push(format!("outside the window: {}", text.text));
        }
        // On a page that scrolls the rest comes with scrolling; all else is whole.
        if text.clip == window && !text.clip.expand(1.0).contains_rect(text.rect) {
            faults.push(format!("cut: {}", text.text));
        }
        let got = contrast(text.colour, text.ground);
        if got < least - 0.01 {
            faults.push(format!("contrast {got:.1} of {}", text.text));
        }
        if !staff && text.size < LEAST_TEXT * size[0].min(size[1]) {
            faults.push(format!("{:.1} px: {}", text.size, text.text));
        }
    }
    for (i, a) in texts.iter().enumerate() {
        for b in &texts[i + 1..] {
            let both = a.rect.shrink(1.5).intersect(b.rect.shrink(1.5)).intersect(a.clip).intersect(b.clip);
            if both.is_positive() && scene.screen.warning.is_none() {
                faults.push(format!("{} lies over {}", b.text, a.text));
            }
        }
    }
    let finger = if comfort.large { 60.0 } else { 44.0 };
    // The smallest window is less high than a hand reaches, wherever it hangs.
    let reach = if !comfort.low || size[1] < 700.0 { 0.0 } else if size[1] > size[0] { 0.40 } else { 0.28 };
    let hits: Vec<(&String, &Rect)> = stand.hits().iter().collect();
    for (at, (id, rect)) in hits.iter().enumerate() {
        // Staff's own keyboard: as on a telephone.
        let finger = if staff && (id.starts_with("key-") || id.starts_with("staff-")) { 36.0_f32.min(finger) } else { finger };
        if rect.width() < finger || rect.height() < finger {
            faults.push(format!("{id} is {:.0} x {:.0}", rect.width(), rect.height()));
        }
        if rect.top() < size[1] * reach - 1.0 && !staff {
            faults.push(format!("{id} is out of reach"));
        }
        if !window.expand(0.5).contains_rect(**rect) {
            faults.push(format!("{id} is outside"));
        }
        if scene.screen.warning.is_none() {
            for (other, place) in &hits[at + 1..] {
                if rect.shrink(1.0).intersect(place.shrink(1.0)).is_positive() {
                    faults.push(format!("{id} lies over {other}"));
                }
            }
        }
    }
    // What can be used is there to be used.
    for control in &scene.screen.controls {
        let id = serde_json::to_value(control).expect("an id");
        let id = id.as_str().expect("a text");
        let sound = matches!(control, Control::Faster | Control::Slower | Control::Louder | Control::Softer | Control::Repeat);
        let covered = scene.screen.warning.is_some() && !matches!(control, Control::MoreTime | Control::MethodCard | Control::CallStaff | Control::Home);
        let elsewhere = matches!((&scene.screen.view, control), (View::OutOfService, Control::MethodCard | Control::CallStaff | Control::Home));
        let unsaid = sound && (!comfort.speech || matches!(scene.screen.view, View::StaffLogIn { .. }));
        if !stand.hits().contains_key(id) && !covered && !elsewhere && !unsaid {
            faults.push(format!("{id} is offered and not there"));
        }
    }
    faults
}

#[test]
fn keys_reach_every_control_and_nothing_traps_them() {
    for (size_name, size) in SIZES {
        for scene in scenes::all() {
            for comfort in [Comfort::default(), Comfort { simple: true, low: true, ..Comfort::default() }] {
                let mut stand = Stand::new(Context::default(), screen(&scene, Lang::En, comfort), &scene, size);
                stand.ctx.enable_accesskit();
                let _ = stand.frame(vec![]);
                // In a text field the arrows belong to the text; tab leads out of it.
                let key = if matches!(scene.screen.view, View::StaffLogIn { .. }) { Key::Tab } else { Key::ArrowDown };
                let mut reached = HashSet::new();
                let mut first = None;
                for _ in 0..=stand.hits().len() {
                    let _ = stand.frame(vec![press(key, true)]);
                    let _ = stand.frame(vec![press(key, false)]);
                    let focused = stand.ctx.memory(egui::Memory::focused).expect("something is focused");
                    first.get_or_insert(focused);
                    reached.insert(focused);
                }
                let want = stand.hits().len();
                assert_eq!(reached.len(), want, "{size_name} {}: keys reach {} of {want}", scene.name, reached.len());
                assert_eq!(stand.ctx.memory(egui::Memory::focused), first, "{}: going on leads round", scene.name);
                let output = stand.frame(vec![]);
                assert!(ring_width(&output.shapes) >= 3.0, "{}: the focus cannot be seen", scene.name);
                let update = output.platform_output.accesskit_update.expect("a tree");
                for (_, node) in &update.nodes {
                    if matches!(node.role(), egui::accesskit::Role::Button | egui::accesskit::Role::TextInput) {
                        assert!(node.label().is_some_and(|label| !label.trim().is_empty()), "{}: a control without a name", scene.name);
                    }
                }
            }
        }
    }
}

fn press(key: Key, pressed: bool) -> Event {
    Event::Key { key, physical_key: None, pressed, repeat: false, modifiers: Modifiers::NONE }
}

/// Width of the widest frame in the colour of the focus.
fn ring_width(shapes: &[ClippedShape]) -> f32 {
    let colours = [Color32::from_rgb(0xd9, 0x53, 0x00), Color32::from_rgb(0x5c, 0xd6, 0xff)];
    let mut widest = 0.0_f32;
    for clipped in shapes {
        if let Shape::Rect(rect) = &clipped.shape
            && colours.contains(&rect.stroke.color)
        {
            widest = widest.max(rect.stroke.width);
        }
    }
    widest
}

/// Every text with the ground it was painted on, after the last veil.
fn painted(shapes: &[ClippedShape]) -> Vec<Painted> {
    let flat: Vec<(Rect, &Shape)> = shapes.iter().flat_map(|clipped| parts(clipped.clip_rect, &clipped.shape)).collect();
    let is_veil = |shape: &Shape| matches!(shape, Shape::Rect(rect) if rect.fill.a() > 100 && rect.fill.a() < 255 && rect.rect.width() > 700.0 && rect.rect.height() > 500.0);
    let start = flat.iter().rposition(|(_, shape)| is_veil(shape)).map_or(0, |at| at + 1);
    let mut texts = Vec::new();
    for (at, (clip, shape)) in flat.iter().enumerate().skip(start) {
        let Shape::Text(text) = shape else { continue };
        let rect = text.galley.mesh_bounds.translate(text.pos.to_vec2());
        if !rect.is_positive() || !rect.intersects(*clip) {
            continue;
        }
        let section = &text.galley.job.sections[0].format;
        let colour = if section.color == Color32::PLACEHOLDER { text.fallback_color } else { section.color };
        let ground = ground(&flat[..at], rect.center());
        texts.push(Painted { text: text.galley.text().to_owned(), rect, clip: *clip, size: section.font_id.size, colour, ground });
    }
    texts
}

fn parts(clip: Rect, shape: &Shape) -> Vec<(Rect, &Shape)> {
    match shape {
        Shape::Vec(shapes) => shapes.iter().flat_map(|shape| parts(clip, shape)).collect(),
        shape => vec![(clip, shape)],
    }
}

/// The colour under a point, from what was painted before.
fn ground(shapes: &[(Rect, &Shape)], at: egui::Pos2) -> Color32 {
    let mut ground = Color32::BLACK;
    for (clip, shape) in shapes {
        if !clip.contains(at) {
            continue;
        }
        let fill = match shape {
            Shape::Rect(rect) if rect.rect.contains(at) => rect.fill,
            Shape::Circle(circle) if circle.center.distance(at) < circle.radius => circle.fill,
            // The head: its lightest corner is the hardest case.
            Shape::Mesh(mesh) if mesh.texture_id == egui::TextureId::default() && mesh.calc_bounds().contains(at) => {
                let brightest = mesh.vertices.iter().max_by(|a, b| luminance(a.color).total_cmp(&luminance(b.color)));
                brightest.map_or(Color32::TRANSPARENT, |vertex| vertex.color)
            }
            _ => continue,
        };
        ground = ground.blend(fill);
    }
    ground
}

/// WCAG 2.2 relative luminance.
fn luminance(colour: Color32) -> f32 {
    let part = |v: u8| {
        let v = f32::from(v) / 255.0;
        if v <= 0.04045 { v / 12.92 } else { ((v + 0.055) / 1.055).powf(2.4) }
    };
    0.2126 * part(colour.r()) + 0.7152 * part(colour.g()) + 0.0722 * part(colour.b())
}

fn contrast(a: Color32, b: Color32) -> f32 {
    let (x, y) = (luminance(a), luminance(b));
    (x.max(y) + 0.05) / (x.min(y) + 0.05)
}

/// EN 301 549, 5.1.4: a capital H is at least 0.0122 of the distance. At half a metre, on the 21.5
/// inch portrait screen (0.248 mm a pixel) that is 24.6 px; in the bundled font H is 0.733 em.
pub(crate) fn letters_are_high_enough() {
    let least = 0.0122 * 500.0 / 0.248 / 0.733;
    let mut low = Vec::new();
    for scene in scenes::all().iter().filter(|scene| !matches!(scene.screen.view, View::StaffLogIn { .. } | View::Board { .. })) {
        for lang in Lang::ALL {
            let comfort = Comfort { large: true, contrast: true, ..Comfort::default() };
            let mut stand = Stand::new(Context::default(), screen(scene, lang, comfort), scene, SIZES[0].1);
            let _ = stand.frame(vec![]);
            let output = stand.frame(vec![]);
            // Head, wishes and foot say the same on every screen.
            let Some(content) = stand.hits().get("large").map(egui::Rect::top) else { continue };
            for text in painted(&output.shapes).iter().filter(|text| text.rect.top() > 150.0 && text.rect.bottom() < content) {
                if text.size < least {
                    low.push(format!("{lang:?} {}: {:.0} px {}", scene.name, text.size, text.text));
                }
            }
        }
    }
    assert!(low.is_empty(), "{} below {least:.1} px: {:#?}", low.len(), low.iter().take(40).collect::<Vec<_>>());
}
