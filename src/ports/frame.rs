//! One picture from a camera, wiped when it goes.

use zeroize::Zeroize;

/// A frame. Shape: `height` rows of `width` RGB pixels, 8 bits each, no padding.
///
/// Has no `Debug` and no `Serialize` on purpose; its pixels are wiped on drop.
pub struct Frame {
    width: u32,
    height: u32,
    rgb: Vec<u8>,
}

/// The bytes do not make a frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FrameError {
    /// Fewer or more bytes than width x height x 3.
    #[error("the number of bytes does not fit the size")]
    Length,
    /// No side may be zero or longer than [`Frame::MAX_SIDE`].
    #[error("a side is zero or too long")]
    Size,
}

impl Frame {
    /// Longest side accepted. Units: pixels.
    pub const MAX_SIDE: u32 = 8192;

    /// Takes pixels over.
    ///
    /// # Errors
    /// When size and bytes do not fit.
    pub fn new(width: u32, height: u32, mut rgb: Vec<u8>) -> Result<Self, FrameError> {
        let sides = 1..=Self::MAX_SIDE;
        let problem = if !sides.contains(&width) || !sides.contains(&height) {
            Some(FrameError::Size)
        } else if rgb.len() != width as usize * height as usize * 3 {
            Some(FrameError::Length)
        } else {
            None
        };
        match problem {
            Some(error) => {
                rgb.zeroize();
                Err(error)
            }
            None => Ok(Self { width, height, rgb }),
        }
    }

    /// A copy of a part; what lies beyond the frame is left out. None if nothing is left.
    #[must_use]
    pub fn part(&self, left: u32, top: u32, width: u32, height: u32) -> Option<Self> {
        let width = width.min(self.width.saturating_sub(left));
        let height = height.min(self.height.saturating_sub(top));
        let mut rgb = Vec::with_capacity(width as usize * height as usize * 3);
        for row in self.rgb.chunks_exact(self.width as usize * 3).skip(top as usize).take(height as usize) {
            rgb.extend_from_slice(&row[left as usize * 3..(left + width) as usize * 3]);
        }
        Self::new(width, height, rgb).ok()
    }

    /// Units: pixels.
    #[must_use]
    pub fn width(&self) -> u32 {
        self.width
    }

    /// Units: pixels.
    #[must_use]
    pub fn height(&self) -> u32 {
        self.height
    }

    /// The pixels, row by row.
    #[must_use]
    pub fn rgb(&self) -> &[u8] {
        &self.rgb
    }

    /// The pixel at column `x`, row `y`; coordinates beyond the border give the border.
    #[must_use]
    #[allow(clippy::cast_sign_loss, clippy::cast_possible_truncation)] // clamped to the picture first
    pub fn pixel(&self, x: i64, y: i64) -> [u8; 3] {
        let x = x.clamp(0, i64::from(self.width) - 1) as usize;
        let y = y.clamp(0, i64::from(self.height) - 1) as usize;
        let at = (y * self.width as usize + x) * 3;
        [self.rgb[at], self.rgb[at + 1], self.rgb[at + 2]]
    }
}

impl Drop for Frame {
    fn drop(&mut self) {
        self.rgb.zeroize();
    }
}
