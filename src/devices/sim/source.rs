//! Frames from files: pictures, folders of pictures, MJPEG streams.

use std::path::{Path, PathBuf};

use fast_image_resize as fir;

use crate::picture;
use crate::ports::Frame;

use super::deck::Scene;

/// Size of the frames, that of a common webcam. Units: pixels.
const SIZE: (u32, u32) = (640, 480);
/// What is seen where no picture is: a grey wall.
const WALL: u8 = 128;

/// Frames one after another, round and round.
pub(super) struct Source {
    frames: Vec<Vec<u8>>,
    next: usize,
}

impl Source {
    /// Reads everything a scene shows. Files that are no pictures are left out; a scene without
    /// pictures shows the wall.
    pub(super) fn of(scene: &Scene) -> Self {
        let pictures: Vec<Frame> = scene.pictures.iter().flat_map(|path| pictures(path)).collect();
        let mut frames: Vec<Vec<u8>> = if scene.together {
            vec![compose(&pictures.iter().collect::<Vec<_>>(), scene.part)]
        } else {
            pictures.iter().map(|picture| compose(&[picture], scene.part)).collect()
        };
        if frames.is_empty() {
            frames.push(compose(&[], 1.0));
        }
        Self { frames, next: 0 }
    }

    /// The next frame.
    pub(super) fn frame(&mut self) -> Option<Frame> {
        let pixels = self.frames.get(self.next)?.clone();
        self.next = (self.next + 1) % self.frames.len();
        Frame::new(SIZE.0, SIZE.1, pixels).ok()
    }
}

fn pictures(path: &Path) -> Vec<Frame> {
    if path.is_dir() {
        let mut files: Vec<PathBuf> =
            std::fs::read_dir(path).into_iter().flatten().flatten().map(|entry| entry.path()).collect();
        files.sort();
        return files.iter().filter(|file| file.is_file()).filter_map(|file| picture::load(file).ok()).collect();
    }
    let Ok(bytes) = std::fs::read(path) else { return Vec::new() };
    if path.extension().is_some_and(|ending| ending == "mjpeg" || ending == "mjpg") {
        return split_mjpeg(&bytes).into_iter().filter_map(|jpeg| picture::decode_jpeg(jpeg).ok()).collect();
    }
    picture::decode(&bytes).into_iter().collect()
}

/// JPEG pictures one behind the other: each begins with SOI and an application marker.
fn split_mjpeg(bytes: &[u8]) -> Vec<&[u8]> {
    let starts: Vec<usize> =
        bytes.windows(3).enumerate().filter(|(_, w)| *w == [0xff, 0xd8, 0xff]).map(|(at, _)| at).collect();
    let ends = starts.iter().skip(1).copied().chain([bytes.len()]);
    starts.iter().zip(ends).map(|(start, end)| &bytes[*start..end]).collect()
}

/// Pictures side by side, each filling the frame's height with the upper `part` of its own.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // sizes of pictures
fn compose(pictures: &[&Frame], part: f32) -> Vec<u8> {
    let (width, height) = SIZE;
    let mut canvas = vec![WALL; width as usize * height as usize * 3];
    let column = width / u32::try_from(pictures.len().max(1)).unwrap_or(1);
    for (index, picture) in pictures.iter().enumerate() {
        let used = ((picture.height() as f32 * part) as u32).clamp(1, picture.height());
        let cut = (picture.width() * height / used.max(1)).min(column * 2);
        let Ok(source) = fir::images::ImageRef::new(picture.width(), picture.height(), picture.rgb(), fir::PixelType::U8x3)
        else {
            continue;
        };
        let mut scaled = fir::images::Image::new(cut.max(1), height, fir::PixelType::U8x3);
        let options = fir::ResizeOptions::new().crop(0.0, 0.0, f64::from(picture.width()), f64::from(used));
        if fir::Resizer::new().resize(&source, &mut scaled, &options).is_err() {
            continue;
        }
        // Middle of the picture to the middle of its column.
        let middle = index as i64 * i64::from(column) + i64::from(column) / 2;
        let left = middle - i64::from(cut) / 2;
        for (y, row) in scaled.buffer().chunks_exact(cut.max(1) as usize * 3).enumerate() {
            for (x, pixel) in row.chunks_exact(3).enumerate() {
                let at = left + x as i64;
                let inside = at >= index as i64 * i64::from(column) && at < (index as i64 + 1) * i64::from(column);
                if inside && at < i64::from(width) {
                    let to = (y * width as usize + at as usize) * 3;
                    canvas[to..to + 3].copy_from_slice(pixel);
                }
            }
        }
    }
    canvas
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mjpeg_is_split_at_each_start() {
        let stream = [0xff, 0xd8, 0xff, 0xe0, 1, 0xff, 0xd9, 0xff, 0xd8, 0xff, 0xdb, 2];
        assert_eq!(split_mjpeg(&stream), [&stream[..7], &stream[7..]]);
        assert!(split_mjpeg(&[]).is_empty());
    }

    #[test]
    fn an_empty_scene_is_a_grey_wall_of_the_right_size() {
        assert_eq!(compose(&[], 1.0).len(), 640 * 480 * 3);
    }
}
