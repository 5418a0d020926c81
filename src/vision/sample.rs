//! Square crops out of a frame, turned and scaled, as the models take them.

use crate::ports::Frame;

/// From a pixel of the crop to a place in the frame: rows of `[x; y] = [xu xv x0; yu yv y0] [u; v; 1]`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct FrameFromCrop(pub(super) [[f64; 3]; 2]);

impl FrameFromCrop {
    /// A turn and a scale, `a + ib`, then a shift.
    pub(super) fn turned(a: f64, b: f64, [tx, ty]: [f64; 2]) -> Self {
        Self([[a, -b, tx], [b, a, ty]])
    }

    /// Where a point of the crop lies in the frame.
    pub(super) fn apply(self, u: f64, v: f64) -> (f64, f64) {
        let Self([[xu, xv, x0], [yu, yv, y0]]) = self;
        (xu * u + xv * v + x0, yu * u + yv * v + y0)
    }

    /// Column `u` is read where column `last - u` would be.
    pub(super) fn mirrored(self, last: f64) -> Self {
        let Self([[xu, xv, x0], [yu, yv, y0]]) = self;
        Self([[-xu, xv, x0 + xu * last], [-yu, yv, y0 + yu * last]])
    }
}

/// What lies beyond the frame.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Beyond {
    /// Black.
    Black,
    /// The border, drawn out.
    Border,
}

/// How a crop is to be delivered.
#[derive(Clone, Copy)]
pub(super) struct Form {
    /// Units: pixels.
    pub(super) side: usize,
    /// Which of red, green, blue each plane holds.
    pub(super) order: [usize; 3],
    /// What the largest value is.
    pub(super) top: f32,
    pub(super) beyond: Beyond,
}

/// Samples bilinearly. Shape: 3 planes of `side` x `side`.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // coordinates of a picture
pub(super) fn planes(frame: &Frame, map: FrameFromCrop, form: Form) -> Vec<f32> {
    let Form { side, order, top, beyond } = form;
    let (width, height) = (frame.width() as usize, frame.height() as usize);
    let rgb = frame.rgb();
    let scale = top / 255.0;
    let mut planes = vec![0.0_f32; 3 * side * side];
    let (first, rest) = planes.split_at_mut(side * side);
    let (second, third) = rest.split_at_mut(side * side);
    for row in 0..side {
        let line = row * side..(row + 1) * side;
        let cells = first[line.clone()].iter_mut().zip(&mut second[line.clone()]).zip(&mut third[line]);
        for (col, ((one, two), three)) in cells.enumerate() {
            let (x, y) = map.apply(col as f64, row as f64);
            let (left, above) = (x.floor(), y.floor());
            let (fx, fy) = ((x - left) as f32, (y - above) as f32);
            let inside = left >= 0.0 && above >= 0.0 && left + 1.0 < width as f64 && above + 1.0 < height as f64;
            let corners: [[f32; 3]; 4] = if inside {
                let at = (above as usize * width + left as usize) * 3;
                let pixel = |at: usize| [rgb[at], rgb[at + 1], rgb[at + 2]].map(f32::from);
                [pixel(at), pixel(at + 3), pixel(at + 3 * width), pixel(at + 3 * width + 3)]
            } else {
                let (left, above) = (left as i64, above as i64);
                [(0, 0), (1, 0), (0, 1), (1, 1)].map(|(dx, dy)| outside(frame, left + dx, above + dy, beyond))
            };
            let value = |channel: usize| {
                let [p, q, r, s] = corners.map(|corner| corner[channel]);
                let (upper, lower) = (p * (1.0 - fx) + q * fx, r * (1.0 - fx) + s * fx);
                (upper * (1.0 - fy) + lower * fy) * scale
            };
            (*one, *two, *three) = (value(order[0]), value(order[1]), value(order[2]));
        }
    }
    planes
}

fn outside(frame: &Frame, x: i64, y: i64, beyond: Beyond) -> [f32; 3] {
    let inside = (0..i64::from(frame.width())).contains(&x) && (0..i64::from(frame.height())).contains(&y);
    if inside || beyond == Beyond::Border { frame.pixel(x, y).map(f32::from) } else { [0.0; 3] }
}
