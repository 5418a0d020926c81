//! The camera picture on the screen; its texture goes when the camera closes.

use std::sync::Arc;

use egui::{ColorImage, Context, TextureHandle, TextureOptions};

use crate::runtime::LatestFrame;

/// The texture of the latest frame.
#[derive(Default)]
pub(super) struct Preview {
    texture: Option<TextureHandle>,
    count: u64,
}

impl Preview {
    /// Takes the latest frame over; blackens and drops the texture when there is none.
    pub(super) fn update(&mut self, ctx: &Context, latest: &Arc<LatestFrame>) {
        match latest.now() {
            Some((count, frame)) if count != self.count || self.texture.is_none() => {
                self.count = count;
                let size = [frame.width() as usize, frame.height() as usize];
                let image = ColorImage::from_rgb(size, frame.rgb());
                match &mut self.texture {
                    Some(texture) => texture.set(image, TextureOptions::LINEAR),
                    None => self.texture = Some(ctx.load_texture("preview", image, TextureOptions::LINEAR)),
                }
            }
            Some(_) => {}
            None => {
                if let Some(mut texture) = self.texture.take() {
                    // The driver may keep the memory: what it keeps is black.
                    texture.set(ColorImage::filled(texture.size(), egui::Color32::BLACK), TextureOptions::LINEAR);
                }
            }
        }
    }

    /// Number of the frame shown.
    pub(super) fn count(&self) -> u64 {
        self.count
    }

    pub(super) fn texture(&self) -> Option<&TextureHandle> {
        self.texture.as_ref()
    }
}
