//! `PRelu` in one pass and in place.
//!
//! tract expands it into a comparison, a product and a selection, each over the whole picture.

use tract_onnx::prelude::*;
#[allow(clippy::wildcard_imports)] // what tract asks its operators to import
use tract_onnx::tract_hir::internal::*;

use crate::wide;

use super::{bent, bits, floats};

/// Registers the operator in place of tract's own.
pub(super) fn register(onnx: &mut tract_onnx::Onnx) {
    onnx.op_register.insert("PRelu", |_, _| Ok((expand(Expanded), vec![])));
}

#[derive(Debug, Clone, Hash, PartialEq, Eq)]
struct Expanded;

impl Expansion for Expanded {
    fn name(&self) -> StaticName {
        "PRelu".into()
    }

    fn rules<'r, 'p: 'r, 's: 'r>(
        &'s self,
        s: &mut Solver<'r>,
        inputs: &'p [TensorProxy],
        outputs: &'p [TensorProxy],
    ) -> InferenceResult {
        check_input_arity(inputs, 2)?;
        check_output_arity(outputs, 1)?;
        s.equals(&inputs[0].datum_type, &outputs[0].datum_type)?;
        s.equals(&inputs[0].shape, &outputs[0].shape)
    }

    fn wire(&self, name: &str, model: &mut TypedModel, inputs: &[OutletId]) -> TractResult<TVec<OutletId>> {
        let slope = model.outlet_fact(inputs[1])?.konst.clone().context("slope must be constant")?;
        let plain = slope.try_as_plain_ram()?;
        let slopes = bits(plain.as_slice::<f32>()?);
        model.wire_node(name, PRelu { slopes }, &inputs[..1])
    }
}

/// `max(x, 0) + slope * min(x, 0)`, one slope for each channel of `1, channels, ...`.
#[derive(Debug, Clone, Hash, PartialEq, Eq)]
pub(super) struct PRelu {
    slopes: Vec<u32>,
}

impl PRelu {
    /// One for each channel.
    pub(super) fn slopes(&self) -> Vec<f32> {
        floats(&self.slopes)
    }
}

impl Op for PRelu {
    fn name(&self) -> StaticName {
        "PRelu".into()
    }

    op_as_typed_op!();
}

impl EvalOp for PRelu {
    op_out_of_plan!();

    fn eval(&self, _: &EvalContext, inputs: TVec<TValue>) -> TractResult<TVec<TValue>> {
        let mut tensor = args_1!(inputs).into_tensor();
        let mut plain = tensor.try_as_plain_ram_mut()?;
        wide::run(Pass { values: plain.as_slice_mut::<f32>()?, slopes: &self.slopes });
        Ok(tvec!(tensor.into_tvalue()))
    }
}

struct Pass<'a> {
    values: &'a mut [f32],
    slopes: &'a [u32],
}

impl wide::Loop for Pass<'_> {
    type Output = ();

    #[inline(always)]
    #[expect(clippy::inline_always, reason = "built again for wide vectors")]
    fn run(self) {
        let channel = (self.values.len() / self.slopes.len().max(1)).max(1);
        for (values, slope) in self.values.chunks_exact_mut(channel).zip(self.slopes) {
            let slope = f32::from_bits(*slope);
            values.iter_mut().for_each(|value| *value = bent(*value, slope));
        }
    }
}

impl TypedOp for PRelu {
    fn output_facts(&self, inputs: &[&TypedFact]) -> TractResult<TVec<TypedFact>> {
        // Batch of one, channels first: anything else would take the wrong slopes.
        let fits = inputs[0].shape.rank() >= 2
            && inputs[0].shape[0] == 1.to_dim()
            && inputs[0].shape[1] == self.slopes.len().to_dim();
        ensure!(fits, "PRelu over {:?}", inputs[0].shape);
        Ok(tvec!(inputs[0].without_value()))
    }

    as_op!();
}
