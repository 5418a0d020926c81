//! Operators of our own in place of tract's slowest ones.
//!
//! A face model is a chain of products, which tract does well, and of small depthwise filters,
//! `PRelu` and pooling between them, which took two thirds of the time (`src/decisions/0013`).
//! Each here is plain Rust over slices; [`crate::wide`] builds it for wide vectors too.

mod depthwise;
mod fuse;
mod pool;
mod prelu;

#[allow(clippy::wildcard_imports)] // what tract asks its operators to import
use tract_onnx::tract_hir::internal::*;

/// Makes the ONNX reader use our `PRelu`.
pub(super) fn register(onnx: &mut tract_onnx::Onnx) {
    prelu::register(onnx);
}

/// Replaces what is replaceable in a decluttered model; all else stays tract's.
///
/// # Errors
/// When the model does not hold together, which tract excludes.
pub(super) fn replace(model: &mut TypedModel) -> TractResult<()> {
    while let Some(patch) = fuse::next(model)? {
        patch.apply(model)?;
    }
    Ok(())
}

/// `max(x, 0) + slope * min(x, 0)`
#[inline(always)]
#[expect(clippy::inline_always, reason = "built again for wide vectors")]
fn bent(value: f32, slope: f32) -> f32 {
    value.max(0.0) + slope * value.min(0.0)
}

/// Bits of numbers, so that operators compare and hash.
fn bits(values: &[f32]) -> Vec<u32> {
    values.iter().map(|value| value.to_bits()).collect()
}

fn floats(bits: &[u32]) -> Vec<f32> {
    bits.iter().map(|bits| f32::from_bits(*bits)).collect()
}
