//! `PRelu` in one pass and in place.
//!
//! tract expands it into a comparison, a product and a selection, each over the whole picture:
//! two thirds of the time of an embedding. Measured by `mianzheng bench`, see `README.md`.

use tract_onnx::prelude::*;
#[allow(clippy::wildcard_imports)] // what tract asks its operators to import
use tract_onnx::tract_hir::internal::*;

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
        let slopes = plain.as_slice::<f32>()?.iter().map(|s| s.to_bits()).collect();
        model.wire_node(name, PRelu { slopes }, &inputs[..1])
    }
}

/// `max(x, 0) + slope * min(x, 0)`, one slope for each channel of `1, channels, ...`.
#[derive(Debug, Clone, Hash, PartialEq, Eq)]
struct PRelu {
    /// Bits of `f32`, so that operators compare.
    slopes: Vec<u32>,
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
        let values = plain.as_slice_mut::<f32>()?;
        let channel = values.len() / self.slopes.len().max(1);
        for (values, slope) in values.chunks_exact_mut(channel.max(1)).zip(&self.slopes) {
            let slope = f32::from_bits(*slope);
            for value in values {
                *value = value.max(0.0) + slope * value.min(0.0);
            }
        }
        Ok(tvec!(tensor.into_tvalue()))
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
