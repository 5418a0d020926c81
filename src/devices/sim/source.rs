//! Frames from files: pictures, folders of pictures, MJPEG streams.

use std::path::{Path, PathBuf};

use crate::picture;
use crate::ports::Frame;

use super::deck::{Scene, View};

/// Size of the frames, that of a common webcam. Units: pixels.
const SIZE: (u32, u32) = (640, 480);
/// What is seen where no picture is: a grey wall.
const WALL: u8 = 128;

/// Frames one after another, round and round. Pictures are decoded when their turn comes.
pub(super) struct Source {
    files: Vec<Item>,
    together: bool,
    view: Option<View>,
    next: usize,
}

/// One picture still in its file.
enum Item {
    File(PathBuf),
    Jpeg(Vec<u8>),
}

impl Item {
    fn decode(&self) -> Option<Frame> {
        match self {
            Self::File(path) => picture::load(path).ok(),
            Self::Jpeg(bytes) => picture::decode_jpeg(bytes).ok(),
        }
    }
}

impl Source {
    /// Everything a scene shows. Files that are no pictures are left out when their turn comes; a
    /// scene without pictures shows the wall.
    pub(super) fn of(scene: &Scene) -> Self {
        let files = scene.pictures.iter().flat_map(|path| items(path)).collect();
        Self { files, together: scene.together, view: scene.view, next: 0 }
    }

    /// The next frame.
    pub(super) fn frame(&mut self) -> Option<Frame> {
        let pictures: Vec<Frame> = if self.together {
            self.files.iter().filter_map(Item::decode).collect()
        } else {
            let item = self.files.get(self.next);
            self.next = (self.next + 1) % self.files.len().max(1);
            item.and_then(Item::decode).into_iter().collect()
        };
        let pixels = compose(&pictures.iter().collect::<Vec<_>>(), self.view);
        Frame::new(SIZE.0, SIZE.1, pixels).ok()
    }
}

fn items(path: &Path) -> Vec<Item> {
    if path.is_dir() {
        let mut files: Vec<PathBuf> =
            std::fs::read_dir(path).into_iter().flatten().flatten().map(|entry| entry.path()).collect();
        files.sort();
        return files.into_iter().filter(|file| file.is_file()).map(Item::File).collect();
    }
    if path.extension().is_some_and(|ending| ending == "mjpeg" || ending == "mjpg") {
        let bytes = std::fs::read(path).unwrap_or_default();
        return split_mjpeg(&bytes).into_iter().map(|jpeg| Item::Jpeg(jpeg.to_vec())).collect();
    }
    vec![Item::File(path.to_owned())]
}

/// JPEG pictures one behind the other: each begins with SOI and an application marker.
fn split_mjpeg(bytes: &[u8]) -> Vec<&[u8]> {
    let starts: Vec<usize> =
        bytes.windows(3).enumerate().filter(|(_, w)| *w == [0xff, 0xd8, 0xff]).map(|(at, _)| at).collect();
    let ends = starts.iter().skip(1).copied().chain([bytes.len()]);
    starts.iter().zip(ends).map(|(start, end)| &bytes[*start..end]).collect()
}

/// Pictures side by side on a grey wall, each in the middle of its column and `span` of its
/// own pixels high around `centre`.
#[allow(clippy::cast_possible_truncation)] // coordinates of pictures
fn compose(pictures: &[&Frame], view: Option<View>) -> Vec<u8> {
    let (width, height) = SIZE;
    let column = width as usize / pictures.len().max(1);
    let mut canvas = Vec::with_capacity(width as usize * height as usize * 3);
    for y in 0..height as usize {
        for x in 0..width as usize {
            let pixel = pictures.get(x / column).and_then(|picture| {
                let (w, h) = (picture.width() as f32, picture.height() as f32);
                let view = view.unwrap_or(View { centre: [w / 2.0, h / 2.0], span: h });
                let scale = view.span / height as f32;
                let u = view.centre[0] + ((x % column) as f32 - column as f32 / 2.0) * scale;
                let v = view.centre[1] + (y as f32 - height as f32 / 2.0) * scale;
                let inside = (0.0..w).contains(&u) && (0.0..h).contains(&v);
                inside.then(|| picture.pixel(u as i64, v as i64))
            });
            canvas.extend(pixel.unwrap_or([WALL; 3]));
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
        assert_eq!(compose(&[], None).len(), 640 * 480 * 3);
    }
}
