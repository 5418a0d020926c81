//! When a touch counts: for steady hands at once, for trembling ones when it is held.

use egui::{Context, Id, Rect, Response};

/// How long a trembling hand holds before a touch counts. Units: s.
const HOLD_S: f64 = 0.35;
/// Two touches of a trembling hand that are closer together are one (EN 301 549, 5.8). Units: s.
const APART_S: f64 = 0.7;

/// Whether a touch that began on this place, and may have slipped since, was held and is over.
pub(super) fn held(ctx: &Context, response: &Response, area: Rect) -> bool {
    let key = Id::unique("held-since");
    let (now, down, released, pos) = ctx.input(|input| {
        let pointer = &input.pointer;
        (input.time, pointer.primary_pressed(), pointer.primary_released(), pointer.interact_pos())
    });
    let inside = pos.is_some_and(|pos| area.contains(pos));
    if down && inside && response.contains_pointer() {
        ctx.data_mut(|data| data.insert_temp(key, (response.id, now)));
    }
    let begun: Option<(Id, f64)> = ctx.data(|data| data.get_temp(key));
    let Some((_, since)) = begun.filter(|(id, _)| *id == response.id) else { return false };
    if released {
        ctx.data_mut(|data| data.remove::<(Id, f64)>(key));
    }
    released && inside && now - since >= HOLD_S
}

/// Whether enough time went by since the last touch of a trembling hand that counted.
pub(super) fn is_apart(ctx: &Context) -> bool {
    let key = Id::unique("touched-at");
    let now = ctx.input(|input| input.time);
    let last: Option<f64> = ctx.data(|data| data.get_temp(key));
    let apart = last.is_none_or(|last| now - last >= APART_S);
    if apart {
        ctx.data_mut(|data| data.insert_temp(key, now));
    }
    apart
}
