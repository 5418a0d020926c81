//! From what a camera sends to a [`Frame`].

use crate::picture;
use crate::ports::Frame;

use super::modes::{Coding, Mode};

/// The frame in a buffer; none if bytes are missing or the picture is damaged.
pub(super) fn decode(mode: &Mode, raw: &[u8]) -> Option<Frame> {
    let frame = match mode.coding {
        Coding::Mjpeg => picture::decode_jpeg(raw).ok(),
        Coding::Yuyv => yuyv(mode, raw),
        Coding::Nv12 => nv12(mode, raw),
        Coding::Grey => grey(mode, raw),
    }?;
    // A picture of another size than was agreed is of another stream, or made to confuse.
    ((frame.width(), frame.height()) == (mode.width, mode.height)).then_some(frame)
}

/// Rows of `bytes` bytes each, `stride` apart; fewer if bytes are missing.
fn rows(raw: &[u8], stride: u32, bytes: usize, height: u32) -> impl Iterator<Item = &[u8]> {
    let stride = (stride as usize).max(bytes);
    // The last row need not be padded.
    (0..height as usize).map_while(move |row| raw.get(row * stride..row * stride + bytes))
}

/// BT.601, video range.
fn rgb(y: u8, u: i32, v: i32) -> [u8; 3] {
    let y = (i32::from(y) - 16) * 298 + 128;
    [y + 409 * v, y - 100 * u - 208 * v, y + 516 * u].map(|value| u8::try_from((value >> 8).clamp(0, 255)).unwrap_or(255))
}

fn chroma(value: u8) -> i32 {
    i32::from(value) - 128
}

/// YUYV 4:2:2.
fn yuyv(mode: &Mode, raw: &[u8]) -> Option<Frame> {
    let mut out = Vec::with_capacity(mode.width as usize * mode.height as usize * 3);
    for row in rows(raw, mode.stride, mode.width as usize * 2, mode.height) {
        for pair in row.chunks_exact(4) {
            let (u, v) = (chroma(pair[1]), chroma(pair[3]));
            out.extend_from_slice(&rgb(pair[0], u, v));
            out.extend_from_slice(&rgb(pair[2], u, v));
        }
    }
    Frame::new(mode.width, mode.height, out).ok()
}

/// NV12 4:2:0: a plane of Y, then rows of U and V in turn for two rows each.
fn nv12(mode: &Mode, raw: &[u8]) -> Option<Frame> {
    let (width, stride) = (mode.width as usize, mode.stride.max(mode.width));
    let planes = raw.split_at_checked(stride as usize * mode.height as usize)?;
    let tones: Vec<&[u8]> = rows(planes.1, stride, width, mode.height / 2).collect();
    let mut out = Vec::with_capacity(width * mode.height as usize * 3);
    for (index, row) in rows(planes.0, stride, width, mode.height).enumerate() {
        for (pair, tone) in row.chunks_exact(2).zip(tones.get(index / 2)?.chunks_exact(2)) {
            let (u, v) = (chroma(tone[0]), chroma(tone[1]));
            out.extend_from_slice(&rgb(pair[0], u, v));
            out.extend_from_slice(&rgb(pair[1], u, v));
        }
    }
    Frame::new(mode.width, mode.height, out).ok()
}

/// GREY: one byte a pixel, full range.
fn grey(mode: &Mode, raw: &[u8]) -> Option<Frame> {
    let rows = rows(raw, mode.stride, mode.width as usize, mode.height);
    Frame::new(mode.width, mode.height, rows.flatten().flat_map(|pixel| [*pixel; 3]).collect()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::devices::camera::modes::Reader;

    fn mode(coding: Coding, width: u32, height: u32, stride: u32) -> Mode {
        Mode { coding, width, height, stride, fps: 30, reader: Reader::V4l }
    }

    #[test]
    fn white_black_and_red_survive_and_short_buffers_do_not() {
        let two = mode(Coding::Yuyv, 2, 1, 4);
        assert_eq!(decode(&two, &[235, 128, 16, 128]).unwrap().rgb(), [255, 255, 255, 0, 0, 0]);
        assert!(decode(&mode(Coding::Yuyv, 2, 2, 4), &[0; 7]).is_none());
        let red = decode(&mode(Coding::Nv12, 2, 2, 2), &[81, 81, 81, 81, 90, 240]).unwrap();
        assert!(red.rgb().chunks_exact(3).all(|p| p[0] > 250 && p[1] < 5 && p[2] < 5), "{:?}", red.rgb());
        assert!(decode(&mode(Coding::Nv12, 2, 2, 2), &[81; 5]).is_none());
        assert_eq!(decode(&mode(Coding::Grey, 2, 1, 2), &[7, 9]).unwrap().rgb(), [7, 7, 7, 9, 9, 9]);
    }

    #[test]
    fn padding_behind_each_row_is_not_picture() {
        let padded = mode(Coding::Grey, 2, 2, 3);
        assert_eq!(decode(&padded, &[1, 2, 99, 3, 4]).unwrap().rgb(), [1, 1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 4]);
        let padded = mode(Coding::Yuyv, 2, 2, 6);
        let row = [235, 128, 16, 128, 77, 77];
        assert_eq!(decode(&padded, &[row, row].concat()).unwrap().rgb(), [255, 255, 255, 0, 0, 0, 255, 255, 255, 0, 0, 0]);
    }

    #[test]
    fn a_picture_of_another_size_is_refused() {
        let whole = std::fs::read(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/portraits/obama.jpg")).unwrap();
        assert!(decode(&mode(Coding::Mjpeg, 64, 48, 0), &whole).is_none());
    }
}
