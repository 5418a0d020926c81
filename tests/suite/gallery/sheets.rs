//! Contact sheets of all screens, to be looked through: `./x sheets` writes them to `out/sheets/`.

use egui::Context;
use mianzheng::core::screen::Lang;

use super::{SIZES, Stand, modes, scenes, screen};
use crate::support::root;

/// Width of one screen on a sheet. Units: pixels.
const WIDTH: f32 = 360.0;

#[test]
#[ignore = "takes minutes: ./x sheets"]
fn contact_sheets() {
    let folder = root().join("out/sheets");
    std::fs::create_dir_all(&folder).expect("a folder");
    let only = std::env::var("SHEETS").unwrap_or_default();
    for (size_name, size) in SIZES {
        for lang in Lang::ALL {
            for (mode, comfort) in modes() {
                let name = format!("{size_name}-{}-{mode}", lang.tag());
                if !name.contains(&only) {
                    continue;
                }
                let pictures: Vec<(usize, usize, Vec<u8>)> = scenes::all()
                    .iter()
                    .map(|scene| {
                        let ctx = Context::default();
                        let mut stand = Stand::new(ctx.clone(), screen(scene, lang, comfort), scene, size);
                        stand.drawn = true;
                        let scale = WIDTH / size[0];
                        let mut last = None;
                        for _ in 0..3 {
                            last = Some(stand.frame(vec![]));
                        }
                        let output = last.expect("a frame");
                        let shapes = ctx.tessellate(output.shapes, 1.0);
                        let (width, height) = (WIDTH as usize, (size[1] * scale) as usize);
                        (width, height, stand.raster.draw(&shapes, scale, width, height))
                    })
                    .collect();
                save(&folder.join(format!("{name}.png")), &pictures);
            }
        }
    }
}

/// Puts pictures of one size side by side, eight in a row.
fn save(file: &std::path::Path, pictures: &[(usize, usize, Vec<u8>)]) {
    let (width, height, _) = pictures[0];
    let (columns, gap) = (8, 8);
    let rows = pictures.len().div_ceil(columns);
    let (whole, high) = (columns * (width + gap), rows * (height + gap));
    let mut sheet = vec![90_u8; whole * high * 3];
    for (at, (.., pixels)) in pictures.iter().enumerate() {
        let (left, top) = ((at % columns) * (width + gap), (at / columns) * (height + gap));
        for row in 0..height {
            let to = ((top + row) * whole + left) * 3;
            sheet[to..to + width * 3].copy_from_slice(&pixels[row * width * 3..(row + 1) * width * 3]);
        }
    }
    let out = std::io::BufWriter::new(std::fs::File::create(file).expect("a file"));
    let mut encoder = png::Encoder::new(out, whole as u32, high as u32);
    encoder.set_color(png::ColorType::Rgb);
    encoder.write_header().and_then(|mut writer| writer.write_image_data(&sheet)).expect("a picture");
}
