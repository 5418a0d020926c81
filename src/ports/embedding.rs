//! The features of a face: never shown, never copied by accident, wiped when they go.

use zeroize::{Zeroize, ZeroizeOnDrop};

use crate::core::evidence::Similarity;

/// Numbers of an embedding.
pub const DIMENSION: usize = 128;

/// Which model made an embedding; only equal tags compare. The first eight bytes of the SHA-256
/// of the model file.
pub type ModelTag = [u8; 8];

/// A unit vector in the space of one model. No `Debug`, `Clone` or `Serialize` on purpose.
#[derive(Zeroize, ZeroizeOnDrop)]
pub struct Embedding {
    #[zeroize(skip)]
    model: ModelTag,
    values: Box<[f32; DIMENSION]>,
}

impl Embedding {
    /// Normalises `values` to length one.
    ///
    /// Fails closed: nothing comes of numbers that are not finite or all (near) zero.
    #[must_use]
    pub fn new(model: ModelTag, values: &[f32; DIMENSION]) -> Option<Self> {
        let norm = values.iter().map(|v| v * v).sum::<f32>().sqrt();
        if !norm.is_finite() || norm < 1e-6 {
            return None;
        }
        let mut unit = Box::new(*values);
        unit.iter_mut().for_each(|v| *v /= norm);
        Some(Self { model, values: unit })
    }

    /// The mean direction of several embeddings of one face.
    ///
    /// Fails closed when there are none, or they come from different models.
    #[must_use]
    pub fn fused<'a>(all: impl IntoIterator<Item = &'a Self>) -> Option<Self> {
        let mut all = all.into_iter();
        let first = all.next()?;
        let mut sum = zeroize::Zeroizing::new(*first.values);
        for other in all {
            if other.model != first.model {
                return None;
            }
            sum.iter_mut().zip(other.values.iter()).for_each(|(s, v)| *s += v);
        }
        Self::new(first.model, &sum)
    }

    /// Cosine similarity; none between models.
    #[must_use]
    pub fn similarity(&self, other: &Self) -> Option<Similarity> {
        if self.model != other.model {
            return None;
        }
        cosine(&self.values, &other.values)
    }

    /// The model it was made by.
    #[must_use]
    pub fn model(&self) -> ModelTag {
        self.model
    }

    /// The unit vector, for sealing in the store.
    #[must_use]
    pub fn values(&self) -> &[f32; DIMENSION] {
        &self.values
    }
}

/// Cosine similarity of two unit vectors.
pub(super) fn cosine(a: &[f32; DIMENSION], b: &[f32; DIMENSION]) -> Option<Similarity> {
    Similarity::try_from(a.iter().zip(b).map(|(a, b)| a * b).sum::<f32>()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn along(axis: usize, model: u8) -> Embedding {
        let mut values = [0.0; DIMENSION];
        values[axis] = 3.0;
        Embedding::new([model; 8], &values).unwrap()
    }

    #[test]
    fn similarity_is_one_with_itself_and_none_across_models() {
        assert!((f32::from(along(3, 1).similarity(&along(3, 1)).unwrap()) - 1.0).abs() < 1e-6);
        assert!(f32::from(along(3, 1).similarity(&along(4, 1)).unwrap()).abs() < 1e-6);
        assert!(along(3, 1).similarity(&along(3, 2)).is_none());
        assert!(Embedding::fused([&along(3, 1), &along(3, 2)]).is_none());
    }

    #[test]
    fn nothing_comes_of_broken_numbers() {
        assert!(Embedding::new([0; 8], &[0.0; DIMENSION]).is_none());
        assert!(Embedding::new([0; 8], &[f32::NAN; DIMENSION]).is_none());
        assert!(Embedding::fused([]).is_none());
    }
}
