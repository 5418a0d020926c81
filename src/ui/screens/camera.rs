//! The camera is on: the mirrored picture, one hint, and what it is for.

use egui::{Color32, Id, Mesh, Rect, Sense, Shape, Stroke, TextureHandle, WidgetInfo, Role, epaint::EllipseShape, pos2, vec2};

use crate::core::evidence::Guidance;
use crate::core::fault::Fault;
use crate::core::message::Msg;
use crate::locale::Arg;
use crate::ui::canvas::Canvas;
use crate::ui::icons::Icon;

pub(super) struct Position {
    pub(super) live: bool,
    pub(super) away: Option<Fault>,
    pub(super) hint: Option<Guidance>,
    pub(super) percent: u8,
    pub(super) offer_others: bool,
}

pub(super) fn draw(c: &mut Canvas, area: Rect, poster: Option<Rect>, preview: Option<&TextureHandle>, state: &Position) {
    let low = area.height() < area.width();
    let (words, picture) = if let Some(poster) = poster {
        // The picture near the camera, the words where the hands are.
        (area, poster)
    } else if low {
        let (left, right) = area.split_left_right_at_fraction(0.36);
        (left.with_max_x(left.right() - c.px(28.0)), right)
    } else {
        area.split_top_bottom_at_y(area.top() + c.px(330.0))
    };
    let hint_msg = match (state.away, state.live, state.hint) {
        (Some(_), _, _) => Msg::PositionAway,
        (None, false, _) => Msg::PositionStarting,
        (None, true, Some(guidance)) => guidance.words(),
        (None, true, None) => Msg::PositionGood,
    };
    let title = c.say(state.away.map_or(Msg::PositionTitle, |fault| fault.words().0));
    let style = c.style(50.0, true, c.theme.colour.ink);
    let style = c.fitted(&title, style, vec2(words.width(), style.size * 2.9));
    let below = c.text("title", &title, style, words);
    let purpose = c.say(c.site.purpose.words());
    let purpose = c.say_with(Msg::PositionPurpose, &[("use", Arg::Text(&purpose))]);
    let style = c.style(32.0, false, c.theme.colour.ink);
    let below = c.text("purpose", &purpose, style, words.with_min_y(below + c.px(4.0)));
    let below = if c.screen.comfort.low {
        // Whoever sits, or is small, is not hurried.
        let seated = c.say(Msg::PositionSeated);
        let style = c.style(30.0, false, c.theme.colour.ink);
        c.text("seated", &seated, style, words.with_min_y(below + c.px(4.0)))
    } else {
        below
    };
    let box_top = if low { below + c.px(30.0) } else { words.bottom() - c.px(150.0) };
    let hint_box = Rect::from_min_size(pos2(words.left(), box_top), vec2(words.width(), if low { c.px(220.0).min((words.bottom() - box_top) * if state.offer_others { 0.55 } else { 1.0 }) } else { c.px(128.0) }));
    c.panel(hint_box, c.theme.colour.tint);
    let hint = c.say(hint_msg);
    let style = c.style(46.0, true, c.theme.colour.primary);
    c.text_in("hint", &hint, style, hint_box.shrink(c.px(18.0)));
    announce(c, &hint);
    if state.offer_others && state.away.is_none() {
        let others = c.say(Msg::PositionOthers);
        let style = c.style(28.0, false, c.theme.colour.ink);
        let place = if low || poster.is_some() {
            Rect::from_min_max(pos2(words.left(), hint_box.bottom() + c.px(20.0)), words.max)
        } else {
            Rect::from_min_max(pos2(picture.left(), picture.bottom() - c.px(56.0)), picture.max)
        };
        c.text_in("others", &others, style, place);
    }
    let room = if low || poster.is_some() { picture } else { picture.with_min_y(picture.top() + c.px(8.0)).with_max_y(picture.bottom() - c.px(64.0)) };
    show(c, room, preview, state);
}

/// The mirrored picture, cut to its frame, with the oval and how far things are.
fn show(c: &mut Canvas, room: Rect, preview: Option<&TextureHandle>, state: &Position) {
    let frame = room;
    let radius = c.px(26.0);
    c.ui.painter().rect_filled(frame, radius, c.theme.colour.head_top);
    if let Some(texture) = preview {
        let size = texture.size_vec2();
        // Fill the frame; what does not fit is cut at the sides.
        let zoom = (frame.width() / size.x).max(frame.height() / size.y);
        let (u, v) = (frame.width() / (size.x * zoom) / 2.0, frame.height() / (size.y * zoom) / 2.0);
        let mut mesh = Mesh::with_texture(texture.id());
        let mirrored = Rect::from_min_max(pos2(0.5 + u, 0.5 - v), pos2(0.5 - u, 0.5 + v));
        mesh.add_rect_with_uv(frame, mirrored, Color32::WHITE);
        c.ui.painter().add(Shape::mesh(mesh));
    }
    let name = c.say(Msg::PreviewName);
    let response = c.ui.interact(frame, Id::unique("preview"), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Image, true, &name));
    if state.away.is_some() {
        let side = frame.height().min(frame.width()) * 0.3;
        c.icon(Icon::CameraOff, Rect::from_center_size(frame.center(), vec2(side, side)), c.theme.colour.panel);
        return;
    }
    let height = frame.height() * 0.78;
    let oval = vec2(height * 0.36, height * 0.48);
    let good = state.live && state.hint.is_none();
    let colour = if good { c.theme.colour.good } else { c.theme.colour.panel };
    let ring = |radius, stroke| Shape::Ellipse(EllipseShape { center: frame.center(), radius, fill: Color32::TRANSPARENT, stroke, angle: 0.0 });
    let painter = c.ui.painter();
    painter.add(ring(oval, Stroke::new(c.px(14.0), c.theme.colour.veil)));
    painter.add(ring(oval, Stroke::new(c.px(7.0), colour)));
    let bar = Rect::from_min_size(frame.left_bottom() - vec2(0.0, c.px(18.0)), vec2(frame.width(), c.px(18.0)));
    painter.rect_filled(bar, 0.0, c.theme.colour.veil);
    let done = bar.with_max_x(bar.left() + bar.width() * f32::from(state.percent) / 100.0);
    painter.rect_filled(done, 0.0, c.theme.colour.good);
    let progress = c.say_with(Msg::PositionProgress, &[("percent", Arg::Number(u64::from(state.percent)))]);
    let response = c.ui.interact(bar, Id::unique("progress"), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::ProgressIndicator, true, &progress));
    let on = Rect::from_min_size(frame.min + vec2(c.px(18.0), c.px(18.0)), vec2(c.px(330.0) * c.theme.text, c.px(56.0) * c.theme.text));
    c.ui.painter().rect_filled(on, c.px(28.0), c.theme.colour.veil);
    let dot = pos2(on.left() + c.px(30.0), on.center().y);
    c.icon(Icon::Camera, Rect::from_center_size(dot, vec2(c.px(30.0), c.px(30.0))), Color32::WHITE);
    let words = c.say(Msg::PositionOn);
    let mut style = c.style(26.0, true, Color32::WHITE);
    style.align = egui::Align::Min;
    c.text_in("camera-on", &words, style, on.with_min_x(dot.x + c.px(26.0)).with_max_x(on.right() - c.px(14.0)));
}

/// Speaks the hint to a screen reader when it changes.
fn announce(c: &mut Canvas, hint: &str) {
    let id = Id::unique("hint-live");
    let hint = hint.to_owned();
    c.ui.ctx().accesskit_node_builder(id, |node| {
        node.set_role(egui::accesskit::Role::Status);
        node.set_live(egui::accesskit::Live::Polite);
        node.set_label(hint);
    });
}
