//! Where things stand: the same places on every screen, lower for who sits.

use egui::{Rect, pos2, vec2};

use super::theme::{Theme, is_portrait};
use crate::core::screen::{Screen, View};

/// The fixed places of a screen.
pub(super) struct Places {
    pub(super) head: Rect,
    pub(super) content: Rect,
    /// Above the content, where who sits can look but not reach: words and pictures only.
    pub(super) poster: Option<Rect>,
    /// Beside the content, on a window wider than high.
    pub(super) aside: Option<Rect>,
    /// Ways to be served, and languages where the head is out of reach.
    pub(super) access: Rect,
    /// The voice: again, softer, louder, slower, faster.
    pub(super) sound: Option<Rect>,
    /// The middle one is always staff; the last one, where there are four, one step back.
    pub(super) ways: Vec<Rect>,
    pub(super) foot: Rect,
    pub(super) deck: Option<Rect>,
    /// Languages are with the other wishes, not in the head.
    pub(super) langs_below: bool,
    /// Wishes in one row; below each other.
    pub(super) access_columns: usize,
}

/// What of the height stays out of reach in low mode.
const HIGH: [f32; 2] = [0.40, 0.28];

/// Windows less high than this are within reach as they are. Units: points.
const LOW_WINDOW: f32 = 700.0;

/// Least height of anything touched. Units: points; 44, and 60 with large text.
fn touch(theme: &Theme, large: bool, design: f32) -> f32 {
    theme.px(design).max(if large { 62.0 } else { 46.0 })
}

impl Places {
    /// Divides a window. A demo gives up a strip at the bottom.
    pub(super) fn new(window: Rect, theme: &Theme, screen: &Screen, demo: bool) -> Self {
        let px = |v| theme.px(v);
        let comfort = screen.comfort;
        let portrait = is_portrait(window.width(), window.height());
        let (mut main, mut deck) = (window, None);
        if demo {
            let strip = px(if portrait { 176.0 } else { 104.0 });
            main.max.y -= strip;
            deck = Some(Rect::from_min_max(pos2(window.left(), main.bottom()), window.max));
        }
        let langs_below = comfort.low;
        let large = comfort.large;
        // The smallest windows are less high than a hand reaches; staff type with both hands.
        let staff = matches!(screen.view, View::StaffLogIn { .. });
        let lowered = comfort.low && main.height() >= LOW_WINDOW && !staff;
        let high = if lowered { main.height() * HIGH[usize::from(!portrait)] } else { 0.0 };
        let head_height = px(if portrait { 150.0 } else { 104.0 }).max(touch(theme, large, 84.0) + px(14.0));
        let head = Rect::from_min_size(main.min, vec2(main.width(), head_height));
        let foot = Rect::from_min_max(pos2(main.left(), main.bottom() - touch(theme, large, 64.0) - px(8.0)), main.max);
        let body_top = if lowered { (main.top() + high).max(head.bottom()) } else { head.bottom() };
        let body = Rect::from_min_max(pos2(main.left(), body_top), pos2(main.right(), foot.top()));
        let poster = Rect::from_min_max(head.left_bottom(), pos2(main.right(), body_top)).shrink2(vec2(px(44.0), px(18.0)));
        let poster = (lowered && portrait && poster.height() > px(90.0)).then_some(poster);
        let ways_count = if comfort.simple { 4 } else { 3 };
        let wishes = if langs_below { 10 } else { 7 };
        let gap = px(12.0);
        if portrait {
            let inner = body.shrink2(vec2(px(44.0), 0.0));
            let ways = Rect::from_min_max(pos2(inner.left(), inner.bottom() - touch(theme, large, 120.0)), inner.max);
            let access_columns = if langs_below { 5 } else { 7 };
            let rows = wishes / access_columns;
            let row = touch(theme, large, 112.0);
            let access_height = row * rows as f32 + gap * (rows - 1) as f32;
            let access = above(ways, access_height, px(20.0));
            let sound = (comfort.speech && !staff).then(|| above(access, touch(theme, large, 84.0), gap));
            let end = sound.unwrap_or(access).top();
            let top = inner.top() + px(if comfort.low { 16.0 } else { 30.0 });
            let content = Rect::from_min_max(pos2(inner.left(), top), pos2(inner.right(), end - px(22.0)));
            let ways = row_of(ways, ways_count, px(20.0));
            return Self { head, content, poster, aside: None, access, sound, ways, foot, deck, langs_below, access_columns };
        }
        let access_columns = 4;
        let rows = (wishes as f32 / 4.0).ceil();
        let cell = touch(theme, large, if comfort.low { 82.0 } else { 90.0 });
        let finger = if large { 62.0 } else { 46.0 };
        let across = if comfort.speech { 5.0 } else { 4.0 };
        let rail_width = px(520.0).max(across * finger + (across - 1.0) * gap);
        let rail_top = body.top() + px(if comfort.low { 12.0 } else { 24.0 });
        let rail = Rect::from_min_max(pos2(body.right() - px(40.0) - rail_width, rail_top), pos2(body.right() - px(40.0), body.bottom()));
        let content = Rect::from_min_max(pos2(body.left() + px(40.0), rail_top), pos2(rail.left() - px(36.0), body.bottom()));
        let slot = touch(theme, large, if comfort.low || comfort.speech || comfort.simple { 82.0 } else { 96.0 });
        // Two and two, where one step back is offered as well.
        let high = if ways_count == 4 { slot * 2.0 + gap } else { slot * 3.0 + gap * 2.0 };
        let block = rail.with_min_y(rail.bottom() - high);
        let ways = if ways_count == 4 {
            let [upper, lower] = [block.with_max_y(block.top() + slot), block.with_min_y(block.bottom() - slot)];
            [row_of(upper, 2, gap), row_of(lower, 2, gap)].concat()
        } else {
            (0..3).map(|i| Rect::from_min_size(pos2(block.left(), block.top() + i as f32 * (slot + gap)), vec2(block.width(), slot))).collect()
        };
        let access = above(block, cell * rows + gap * (rows - 1.0), px(20.0));
        let sound = (comfort.speech && !staff).then(|| above(access, touch(theme, large, 122.0), gap));
        let aside = rail.with_max_y(sound.unwrap_or(access).top() - px(20.0));
        let aside = (aside.height() > px(120.0)).then_some(aside);
        Self { head, content, poster, aside, access, sound, ways, foot, deck, langs_below, access_columns }
    }
}

/// A place above another one.
fn above(lower: Rect, height: f32, gap: f32) -> Rect {
    Rect::from_min_max(pos2(lower.left(), lower.top() - gap - height), pos2(lower.right(), lower.top() - gap))
}

/// Equal places side by side.
pub(super) fn row_of(area: Rect, count: usize, gap: f32) -> Vec<Rect> {
    let width = (area.width() - gap * (count as f32 - 1.0)) / count as f32;
    let place = |i: usize| Rect::from_min_size(pos2(area.left() + i as f32 * (width + gap), area.top()), vec2(width, area.height()));
    (0..count).map(place).collect()
}

/// Equal columns.
pub(super) fn columns<const N: usize>(area: Rect, gap: f32) -> [Rect; N] {
    let places = row_of(area, N, gap);
    std::array::from_fn(|i| places[i])
}
