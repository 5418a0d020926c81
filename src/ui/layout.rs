//! Where things stand: the same places on every screen.

use egui::{Rect, pos2, vec2};

use super::theme::{Theme, is_portrait};

/// The fixed places of a screen.
pub(super) struct Places {
    pub(super) head: Rect,
    pub(super) content: Rect,
    /// Beside the content, on a window wider than high.
    pub(super) aside: Option<Rect>,
    /// Easier to use: language is in the head, these below.
    pub(super) access: Rect,
    /// Three slots; the middle one is always staff.
    pub(super) ways: [Rect; 3],
    pub(super) foot: Rect,
    pub(super) deck: Option<Rect>,
}

impl Places {
    /// Divides a window. A demo gives up a strip at the bottom.
    pub(super) fn new(window: Rect, theme: &Theme, demo: bool) -> Self {
        let px = |v| theme.px(v);
        let portrait = is_portrait(window.width(), window.height());
        let (mut main, mut deck) = (window, None);
        if demo {
            let strip = px(if portrait { 176.0 } else { 104.0 });
            main.max.y -= strip;
            deck = Some(Rect::from_min_max(pos2(window.left(), main.bottom()), window.max));
        }
        let head = Rect::from_min_size(main.min, vec2(main.width(), px(if portrait { 150.0 } else { 112.0 })));
        let foot = Rect::from_min_max(pos2(main.left(), main.bottom() - px(60.0)), main.max);
        let body = Rect::from_min_max(pos2(main.left(), head.bottom()), pos2(main.right(), foot.top()));
        if portrait {
            let margin = px(44.0);
            let inner = body.shrink2(vec2(margin, 0.0));
            let ways = Rect::from_min_max(pos2(inner.left(), inner.bottom() - px(124.0)), inner.max);
            let access = Rect::from_min_max(pos2(inner.left(), ways.top() - px(128.0)), pos2(inner.right(), ways.top() - px(24.0)));
            let content = Rect::from_min_max(pos2(inner.left(), inner.top() + px(34.0)), pos2(inner.right(), access.top() - px(28.0)));
            return Self { head, content, aside: None, access, ways: columns(ways, px(22.0)), foot, deck };
        }
        let rail = Rect::from_min_max(pos2(body.right() - px(470.0), body.top() + px(30.0)), pos2(body.right() - px(44.0), body.bottom()));
        let content = Rect::from_min_max(pos2(body.left() + px(44.0), body.top() + px(30.0)), pos2(rail.left() - px(40.0), body.bottom()));
        let slot = px(98.0);
        let gap = px(16.0);
        let ways = [0.0, 1.0, 2.0].map(|i: f32| {
            let top = rail.bottom() - (3.0 - i) * slot - (2.0 - i) * gap;
            Rect::from_min_size(pos2(rail.left(), top), vec2(rail.width(), slot))
        });
        let access = Rect::from_min_max(pos2(rail.left(), ways[0].top() - px(162.0)), pos2(rail.right(), ways[0].top() - px(26.0)));
        let aside = rail.with_max_y(access.top() - px(20.0));
        Self { head, content, aside: Some(aside), access, ways, foot, deck }
    }
}

/// Equal columns.
pub(super) fn columns<const N: usize>(area: Rect, gap: f32) -> [Rect; N] {
    let width = (area.width() - gap * (N as f32 - 1.0)) / N as f32;
    std::array::from_fn(|i| {
        Rect::from_min_size(pos2(area.left() + i as f32 * (width + gap), area.top()), vec2(width, area.height()))
    })
}
