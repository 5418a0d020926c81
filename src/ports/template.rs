//! A stored template: an embedding turned by a secret transform of device and person.

use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

use crate::core::evidence::Similarity;

use super::embedding::{DIMENSION, Embedding, ModelTag, cosine};

/// A keyed orthogonal transform of 128 numbers: three rounds of "change signs, then
/// Walsh-Hadamard". The signs are the key; lengths and angles stay as they are.
///
/// What it gives (ISO/IEC 24745): templates of two devices, or of two enrolments of one person,
/// share no comparable value, and a template is renewed by enrolling again. What it does **not**
/// give: irreversibility. Whoever has the key turns it back, and known pairs of embedding and
/// template give the key away; secrecy rests on the encryption around it.
#[derive(Zeroize, ZeroizeOnDrop)]
pub struct Transform {
    signs: [u128; 3],
}

impl Transform {
    /// Bytes of key.
    pub const KEY: usize = 48;

    /// The transform of a key.
    #[must_use]
    pub fn from_key(key: &[u8; Self::KEY]) -> Self {
        let mut signs = [0; 3];
        for (sign, bytes) in signs.iter_mut().zip(key.as_chunks::<16>().0) {
            *sign = u128::from_le_bytes(*bytes);
        }
        Self { signs }
    }

    /// Turns a vector.
    #[must_use]
    pub fn apply(&self, values: &[f32; DIMENSION]) -> Zeroizing<[f32; DIMENSION]> {
        let mut turned = Zeroizing::new(*values);
        for signs in self.signs {
            flip(&mut turned, signs);
            hadamard(&mut turned);
        }
        turned
    }

    /// Turns a vector back.
    #[must_use]
    pub fn invert(&self, values: &[f32; DIMENSION]) -> Zeroizing<[f32; DIMENSION]> {
        let mut turned = Zeroizing::new(*values);
        for signs in self.signs.iter().rev() {
            hadamard(&mut turned);
            flip(&mut turned, *signs);
        }
        turned
    }
}

fn flip(values: &mut [f32; DIMENSION], signs: u128) {
    for (at, value) in values.iter_mut().enumerate() {
        *value = f32::from_bits(value.to_bits() ^ ((u32::from(signs >> at & 1 == 1)) << 31));
    }
}

/// Walsh-Hadamard, scaled to keep lengths; its own inverse.
fn hadamard(values: &mut [f32; DIMENSION]) {
    let mut half = 1;
    while half < DIMENSION {
        for block in values.chunks_exact_mut(half * 2) {
            let (left, right) = block.split_at_mut(half);
            for (a, b) in left.iter_mut().zip(right) {
                (*a, *b) = (*a + *b, *a - *b);
            }
        }
        half *= 2;
    }
    let scale = (DIMENSION as f32).sqrt().recip();
    values.iter_mut().for_each(|value| *value *= scale);
}

/// A stored template. No `Debug`, `Clone` or `Serialize` on purpose; wiped on drop.
///
/// Another type than [`Embedding`], so that the two cannot be compared but through the transform.
#[derive(Zeroize, ZeroizeOnDrop)]
pub struct Template {
    #[zeroize(skip)]
    model: ModelTag,
    transform: Transform,
    values: Box<[f32; DIMENSION]>,
}

impl Template {
    /// Turns an embedding into a template.
    #[must_use]
    pub fn protect(embedding: &Embedding, transform: Transform) -> Self {
        let values = Box::new(*transform.apply(embedding.values()));
        Self { model: embedding.model(), transform, values }
    }

    /// A template as it was stored. Fails closed when it is not a unit vector.
    #[must_use]
    pub fn from_stored(model: ModelTag, values: &[f32; DIMENSION], transform: Transform) -> Option<Self> {
        let norm = values.iter().map(|v| v * v).sum::<f32>();
        ((norm - 1.0).abs() < 1e-3).then(|| Self { model, transform, values: Box::new(*values) })
    }

    /// Cosine similarity to a probe, which is turned in the same way; none between models.
    #[must_use]
    pub fn similarity(&self, probe: &Embedding) -> Option<Similarity> {
        if self.model != probe.model() {
            return None;
        }
        cosine(&self.values, &self.transform.apply(probe.values()))
    }

    /// The model the embedding was made by.
    #[must_use]
    pub fn model(&self) -> ModelTag {
        self.model
    }

    /// The turned vector, for sealing in the store.
    #[must_use]
    pub fn values(&self) -> &[f32; DIMENSION] {
        &self.values
    }

    /// The vector in another turn, for an index whose rows must compare with one another.
    #[must_use]
    pub fn turned_by(&self, other: &Transform) -> Zeroizing<[f32; DIMENSION]> {
        other.apply(&self.transform.invert(&self.values))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn unit(seed: u64) -> [f32; DIMENSION] {
        let mut state = seed.wrapping_add(1);
        let values = std::array::from_fn(|_| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 40) as f32 / 16_777_216.0 - 0.5
        });
        *Embedding::new([1; 8], &values).unwrap().values()
    }

    fn embedding(seed: u64) -> Embedding {
        Embedding::new([1; 8], &unit(seed)).unwrap()
    }

    proptest! {
        #[test]
        fn comparison_is_unchanged_and_the_turn_comes_back(a in any::<u64>(), b in any::<u64>(), key in any::<[u8; 32]>()) {
            let mut long = [0; Transform::KEY];
            long[..32].copy_from_slice(&key);
            long[32..].copy_from_slice(&key[..16]);
            let (probe, enrolled) = (embedding(a), embedding(b));
            let plain = f32::from(probe.similarity(&enrolled).unwrap());
            let template = Template::protect(&enrolled, Transform::from_key(&long));
            prop_assert!((f32::from(template.similarity(&probe).unwrap()) - plain).abs() < 1e-5);
            let back = template.transform.invert(&template.values);
            prop_assert!(back.iter().zip(enrolled.values()).all(|(x, y)| (x - y).abs() < 1e-5));
        }

        #[test]
        fn templates_of_two_keys_look_like_strangers(seed in any::<u64>(), a in any::<[u8; 16]>(), b in any::<[u8; 16]>()) {
            prop_assume!(a != b);
            let long = |key: [u8; 16], salt: u8| {
                let mut long = [0; Transform::KEY];
                // As the store does it: every bit of the key depends on all of the secret.
                for (at, byte) in long.iter_mut().enumerate() {
                    let mut state = u64::from_le_bytes(key[..8].try_into().unwrap()) ^ u64::from(salt) << 56;
                    state ^= u64::from_le_bytes(key[8..].try_into().unwrap()).rotate_left(17);
                    state = (state ^ at as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15);
                    state = (state ^ state >> 29).wrapping_mul(0xbf58_476d_1ce4_e5b9);
                    *byte = state.to_le_bytes()[4];
                }
                Transform::from_key(&long)
            };
            let face = embedding(seed);
            let (one, other) = (Template::protect(&face, long(a, 1)), Template::protect(&face, long(b, 2)));
            let dot: f32 = one.values.iter().zip(other.values.iter()).map(|(x, y)| x * y).sum();
            // Independent unit vectors of 128 numbers: standard deviation 0.088, so six of them.
            prop_assert!(dot.abs() < 0.53, "{dot}");
        }
    }

    #[test]
    fn models_do_not_mix_and_broken_vectors_are_refused() {
        let key = [3; Transform::KEY];
        let template = Template::protect(&embedding(1), Transform::from_key(&key));
        assert!(template.similarity(&Embedding::new([2; 8], &unit(1)).unwrap()).is_none());
        assert!(Template::from_stored([1; 8], &[0.0; DIMENSION], Transform::from_key(&key)).is_none());
        assert!(Template::from_stored([1; 8], &[f32::NAN; DIMENSION], Transform::from_key(&key)).is_none());
    }
}
