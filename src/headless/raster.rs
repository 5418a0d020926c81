//! Triangles to pixels, for pictures of screens where there is no display.
//!
//! Follows egui's own rules: premultiplied colours blended in gamma space, bilinear textures. No
//! speed is needed here, and no other crate draws this version of egui in memory.

use std::collections::HashMap;

use egui::epaint::{ClippedPrimitive, ImageDelta, Primitive, Vertex};
use egui::{ColorImage, Mesh, TextureId, TexturesDelta};

/// Draws into memory; keeps the textures egui handed over.
#[derive(Default)]
pub struct Raster {
    textures: HashMap<TextureId, ColorImage>,
}

impl Raster {
    /// Takes over new and changed textures.
    pub fn update(&mut self, delta: &TexturesDelta) {
        for (id, changes) in &delta.set {
            changes.iter().for_each(|change| self.set(*id, change));
        }
        for id in &delta.free {
            self.textures.remove(id);
        }
    }

    fn set(&mut self, id: TextureId, change: &ImageDelta) {
        let egui::ImageData::Color(image) = &change.image;
        match (change.pos, self.textures.get_mut(&id)) {
            (Some([x, y]), Some(texture)) => {
                let width = texture.size[0];
                for (row, line) in image.pixels.chunks_exact(image.size[0].max(1)).enumerate() {
                    let start = (y + row) * width + x;
                    if let Some(to) = texture.pixels.get_mut(start..start + line.len()) {
                        to.copy_from_slice(line);
                    }
                }
            }
            _ => drop(self.textures.insert(id, ColorImage::clone(image))),
        }
    }

    /// Draws everything. Shape of the answer: `height` rows of `width` RGB pixels.
    #[must_use]
    pub fn draw(&self, primitives: &[ClippedPrimitive], scale: f32, width: usize, height: usize) -> Vec<u8> {
        let mut canvas = vec![[0.0_f32; 3]; width * height];
        for ClippedPrimitive { clip_rect, primitive } in primitives {
            let Primitive::Mesh(mesh) = primitive else { continue };
            let clip = Clip::new(*clip_rect, scale, width, height);
            self.mesh(&mut canvas, width, mesh, scale, &clip);
        }
        canvas.into_iter().flatten().map(to_byte).collect()
    }

    fn mesh(&self, canvas: &mut [[f32; 3]], width: usize, mesh: &Mesh, scale: f32, clip: &Clip) {
        let Some(texture) = self.textures.get(&mesh.texture_id) else { return };
        for corner in mesh.indices.chunks_exact(3) {
            let pick = |i: usize| mesh.vertices.get(corner[i] as usize);
            if let (Some(a), Some(b), Some(c)) = (pick(0), pick(1), pick(2)) {
                triangle(canvas, width, [a, b, c], texture, scale, clip);
            }
        }
    }
}

struct Clip {
    min: [i64; 2],
    max: [i64; 2],
}

impl Clip {
    #[allow(clippy::cast_possible_truncation, clippy::cast_possible_wrap)] // sizes of a screen
    fn new(rect: egui::Rect, scale: f32, width: usize, height: usize) -> Self {
        let at = |v: f32, most: usize| ((v * scale).round() as i64).clamp(0, most as i64);
        Self {
            min: [at(rect.min.x, width), at(rect.min.y, height)],
            max: [at(rect.max.x, width), at(rect.max.y, height)],
        }
    }
}

/// Positions in 1/256 of a pixel: whole numbers make neighbours share an edge exactly.
const SUB: i64 = 256;

#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
fn triangle(canvas: &mut [[f32; 3]], width: usize, mut v: [&Vertex; 3], texture: &ColorImage, scale: f32, clip: &Clip) {
    let point = |v: &Vertex| [v.pos.x, v.pos.y].map(|p| (p * scale * SUB as f32).round() as i64);
    let mut p = v.map(point);
    let area = edge(p[0], p[1], p[2]);
    if area == 0 {
        return;
    }
    if area < 0 {
        v.swap(1, 2);
        p.swap(1, 2);
    }
    let area = area.abs() as f32;
    let low = |axis: usize| (p.iter().map(|q| q[axis]).min().unwrap_or(0).div_euclid(SUB)).max(clip.min[axis]);
    let high = |axis: usize| (p.iter().map(|q| q[axis]).max().unwrap_or(0).div_euclid(SUB) + 1).min(clip.max[axis]);
    let flat = v.iter().all(|w| w.color == v[0].color && w.uv == v[0].uv);
    let flat_colour = flat.then(|| modulate(sample(texture, v[0].uv.x, v[0].uv.y), v[0].color.to_array().map(f32::from)));
    // Pixels on an edge belong to the triangle whose left or upper edge it is.
    let bias = [(1, 2), (2, 0), (0, 1)].map(|(a, b)| i64::from(!is_top_left(p[a], p[b])));
    for y in low(1)..high(1) {
        for x in low(0)..high(0) {
            let here = [x * SUB + SUB / 2, y * SUB + SUB / 2];
            let w = [edge(p[1], p[2], here), edge(p[2], p[0], here), edge(p[0], p[1], here)];
            if w.iter().zip(bias).any(|(w, b)| *w < b) {
                continue;
            }
            let colour = flat_colour.unwrap_or_else(|| {
                let w = w.map(|w| w as f32 / area);
                let mix = |f: &dyn Fn(&Vertex) -> f32| w[0] * f(v[0]) + w[1] * f(v[1]) + w[2] * f(v[2]);
                let texel = sample(texture, mix(&|v| v.uv.x), mix(&|v| v.uv.y));
                modulate(texel, std::array::from_fn(|i| mix(&|v| f32::from(v.color.to_array()[i]))))
            });
            let to = &mut canvas[y as usize * width + x as usize];
            let keep = 1.0 - colour[3] / 255.0;
            for channel in 0..3 {
                to[channel] = colour[channel] + to[channel] * keep;
            }
        }
    }
}

fn edge(a: [i64; 2], b: [i64; 2], c: [i64; 2]) -> i64 {
    (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])
}

fn is_top_left(a: [i64; 2], b: [i64; 2]) -> bool {
    a[1] > b[1] || (a[1] == b[1] && a[0] < b[0])
}

fn modulate(texel: [f32; 4], colour: [f32; 4]) -> [f32; 4] {
    std::array::from_fn(|i| texel[i] * colour[i] / 255.0)
}

#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_possible_wrap)]
fn sample(texture: &ColorImage, u: f32, v: f32) -> [f32; 4] {
    let [width, height] = texture.size;
    let (x, y) = (u * width as f32 - 0.5, v * height as f32 - 0.5);
    let (left, top) = (x.floor(), y.floor());
    let (fx, fy) = (x - left, y - top);
    let texel = |dx: i64, dy: i64| {
        let x = (left as i64 + dx).clamp(0, width as i64 - 1) as usize;
        let y = (top as i64 + dy).clamp(0, height as i64 - 1) as usize;
        texture.pixels[y * width + x].to_array().map(f32::from)
    };
    let [a, b, c, d] = [texel(0, 0), texel(1, 0), texel(0, 1), texel(1, 1)];
    std::array::from_fn(|i| (a[i] * (1.0 - fx) + b[i] * fx) * (1.0 - fy) + (c[i] * (1.0 - fx) + d[i] * fx) * fy)
}

#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
fn to_byte(value: f32) -> u8 {
    value.round().clamp(0.0, 255.0) as u8
}
