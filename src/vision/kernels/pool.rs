//! The largest of each two by two, side by side.

#[allow(clippy::wildcard_imports)] // what tract asks its operators to import
use tract_onnx::tract_hir::internal::*;

use crate::wide;

/// Halves height and width of `1, channels, height, width`; an odd last row or column is left out.
#[derive(Debug, Clone, Hash, PartialEq, Eq)]
pub(super) struct Pool;

impl Op for Pool {
    fn name(&self) -> StaticName {
        "MaxPool2x2".into()
    }

    op_as_typed_op!();
}

impl EvalOp for Pool {
    op_out_of_plan!();

    fn eval(&self, _: &EvalContext, inputs: TVec<TValue>) -> TractResult<TVec<TValue>> {
        let input = args_1!(inputs);
        let &[batch, channels, height, width] = input.shape() else { bail!("MaxPool2x2 over {:?}", input.shape()) };
        let mut output = Tensor::zero::<f32>(&[batch, channels, height / 2, width / 2])?;
        let (from, mut to) = (input.try_as_plain_ram()?, output.try_as_plain_ram_mut()?);
        wide::run(Pass { input: from.as_slice::<f32>()?, rows: height, cols: width, output: to.as_slice_mut::<f32>()? });
        Ok(tvec!(output.into_tvalue()))
    }
}

impl TypedOp for Pool {
    fn output_facts(&self, inputs: &[&TypedFact]) -> TractResult<TVec<TypedFact>> {
        let Some(&[batch, channels, height, width]) = inputs[0].shape.as_concrete() else {
            bail!("MaxPool2x2 over {:?}", inputs[0].shape)
        };
        Ok(tvec!(f32::fact([batch, channels, height / 2, width / 2])))
    }

    as_op!();
}

struct Pass<'a> {
    input: &'a [f32],
    rows: usize,
    cols: usize,
    output: &'a mut [f32],
}

impl wide::Loop for Pass<'_> {
    type Output = ();

    #[inline(always)]
    #[expect(clippy::inline_always, reason = "built again for wide vectors")]
    fn run(self) {
        let (rows, cols) = (self.rows, self.cols);
        let mut output = self.output.chunks_exact_mut((cols / 2).max(1));
        for plane in self.input.chunks_exact(rows * cols) {
            for two in plane.chunks_exact(2 * cols) {
                let (above, below) = two.split_at(cols);
                let Some(line) = output.next() else { return };
                let pairs = above.as_chunks::<2>().0.iter().zip(below.as_chunks::<2>().0);
                for (to, (a, b)) in line.iter_mut().zip(pairs) {
                    *to = a[0].max(a[1]).max(b[0].max(b[1]));
                }
            }
        }
    }
}
