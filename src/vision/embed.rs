//! From an aligned face to 128 numbers, with SFace.

use tract_onnx::prelude::*;
use zeroize::Zeroizing;

use crate::ports::{DIMENSION, Embedding, ModelTag};

use super::align::SIDE;
use super::engine::{self, EngineError, Plan};

/// The embedding model.
pub struct Embedder {
    plan: Plan,
    tag: ModelTag,
}

impl Embedder {
    /// Takes model bytes and their tag.
    ///
    /// # Errors
    /// When the model does not load.
    pub fn new(model: &[u8], tag: ModelTag) -> Result<Self, EngineError> {
        Ok(Self { plan: engine::load(model, &[1, 3, SIDE, SIDE])?, tag })
    }

    /// Embeds an aligned face. Shape: 3 planes (RGB) of 112 x 112. Range: 0 to 255.
    ///
    /// # Errors
    /// When the model does not run or gives no usable numbers.
    pub fn embed(&self, rgb: &[f32]) -> Result<Embedding, EngineError> {
        let input = Tensor::from_shape(&[1, 3, SIDE, SIDE], rgb).map_err(|_| EngineError::Run)?;
        let outputs = engine::run(&self.plan, input)?;
        let output = engine::numbers(outputs.first().ok_or(EngineError::Run)?)?;
        let values: Zeroizing<[f32; DIMENSION]> = Zeroizing::new(output.try_into().map_err(|_| EngineError::Run)?);
        Embedding::new(self.tag, &values).ok_or(EngineError::Run)
    }
}
