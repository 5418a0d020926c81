//! Depthwise 3x3 filters, with the activations before and after them in the same pass.

#[allow(clippy::wildcard_imports)] // what tract asks its operators to import
use tract_onnx::tract_hir::internal::*;

use crate::wide;

use super::{bent, floats};

const TAPS: usize = 9;

/// Sizes of one filter. Units: pixels.
#[derive(Debug, Clone, Copy, Hash, PartialEq, Eq)]
pub(super) struct Geometry {
    pub(super) channels: usize,
    pub(super) input: [usize; 2],
    pub(super) output: [usize; 2],
    /// 1 or 2.
    pub(super) stride: usize,
    /// Rows and columns of zeros before the first; 0 or 1.
    pub(super) pad: [usize; 2],
}

/// One 3x3 filter for each channel of `1, channels, height, width`, then a bias.
#[derive(Debug, Clone, Hash, PartialEq, Eq)]
pub(super) struct Depthwise {
    pub(super) geometry: Geometry,
    /// Whether the leading 1 is there.
    pub(super) batch: bool,
    /// Shape: channels x 9, row by row.
    pub(super) weights: Vec<u32>,
    /// One for each channel.
    pub(super) bias: Vec<u32>,
    /// Slopes of a `PRelu` before; empty for none.
    pub(super) before: Vec<u32>,
    /// As above, after.
    pub(super) after: Vec<u32>,
}

impl Depthwise {
    fn shape(&self, [height, width]: [usize; 2]) -> TVec<usize> {
        let shape = [1, self.geometry.channels, height, width];
        if self.batch { shape.into() } else { shape[1..].into() }
    }
}

impl Op for Depthwise {
    fn name(&self) -> StaticName {
        "Depthwise3x3".into()
    }

    op_as_typed_op!();
}

impl EvalOp for Depthwise {
    op_out_of_plan!();

    fn eval(&self, _: &EvalContext, inputs: TVec<TValue>) -> TractResult<TVec<TValue>> {
        let input = args_1!(inputs);
        let mut output = Tensor::zero::<f32>(&self.shape(self.geometry.output))?;
        wide::run(Pass {
            geometry: self.geometry,
            input: input.try_as_plain_ram()?.as_slice::<f32>()?,
            weights: &floats(&self.weights),
            bias: &floats(&self.bias),
            before: &floats(&self.before),
            after: &floats(&self.after),
            output: output.try_as_plain_ram_mut()?.as_slice_mut::<f32>()?,
        });
        Ok(tvec!(output.into_tvalue()))
    }
}

impl TypedOp for Depthwise {
    fn output_facts(&self, inputs: &[&TypedFact]) -> TractResult<TVec<TypedFact>> {
        let expected = self.shape(self.geometry.input);
        ensure!(inputs[0].shape.as_concrete() == Some(&expected[..]), "Depthwise3x3 over {:?}", inputs[0].shape);
        Ok(tvec!(f32::fact(self.shape(self.geometry.output))))
    }

    as_op!();
}

struct Pass<'a> {
    geometry: Geometry,
    input: &'a [f32],
    weights: &'a [f32],
    bias: &'a [f32],
    before: &'a [f32],
    after: &'a [f32],
    output: &'a mut [f32],
}

impl wide::Loop for Pass<'_> {
    type Output = ();

    /// The padded picture is kept apart by the parity of rows and columns, so that each tap is one
    /// run of neighbouring numbers, whatever the stride and however small the picture.
    #[inline(always)]
    #[expect(clippy::inline_always, reason = "built again for wide vectors")]
    fn run(self) {
        let Geometry { channels, input: [rows, cols], output: [height, width], stride, pad } = self.geometry;
        // Of one part: as wide and high as the output plus what the taps reach beyond.
        let reach = 2 / stride;
        let (part_w, part_h) = (width + reach, height + reach);
        let part = part_w * part_h;
        let mut parts = vec![0.0_f32; part * stride * stride];
        let run = (height - 1) * part_w + width;
        let mut sums = vec![0.0_f32; run];
        let filters = self.weights.as_chunks::<TAPS>().0.iter().zip(self.bias);
        let planes = self.input.chunks_exact(rows * cols).zip(self.output.chunks_exact_mut(height * width));
        for (channel, ((plane, output), (taps, bias))) in planes.zip(filters).enumerate().take(channels) {
            let before = self.before.get(channel).copied();
            for (row, line) in plane.chunks_exact(cols).enumerate() {
                let at = row + pad[0];
                if at / stride >= part_h {
                    break;
                }
                let from = (at % stride) * stride * part + at / stride * part_w;
                scatter(line, before, pad[1], &mut parts, from, part, part_w, stride);
            }
            let tap = |index: usize| {
                let (dy, dx) = (index / 3, index % 3);
                let from = ((dy % stride) * stride + dx % stride) * part + dy / stride * part_w + dx / stride;
                &parts[from..from + run]
            };
            let lines: [&[f32]; TAPS] = std::array::from_fn(tap);
            weigh(&mut sums, lines, *taps, *bias, self.after.get(channel).copied());
            for (to, from) in output.chunks_exact_mut(width).zip(sums.chunks(part_w)) {
                to.copy_from_slice(&from[..width]);
            }
        }
    }
}

/// Puts one row into its part or parts, bent on the way.
#[inline(always)]
#[expect(clippy::inline_always, reason = "built again for wide vectors")]
#[expect(clippy::too_many_arguments, reason = "the inside of one loop")]
fn scatter(
    line: &[f32],
    before: Option<f32>,
    pad: usize,
    parts: &mut [f32],
    from: usize,
    part: usize,
    part_w: usize,
    stride: usize,
) {
    // No activation is one of slope 1.
    let slope = before.unwrap_or(1.0);
    if stride == 1 {
        let room = &mut parts[from + pad..from + part_w];
        room.iter_mut().zip(line).for_each(|(to, value)| *to = bent(*value, slope));
        return;
    }
    let (even, odd) = parts[from..].split_at_mut(part);
    let (even, odd) = (&mut even[..part_w], &mut odd[..part_w]);
    // Padded column 0 is even; the first of the row falls there without padding, else behind it.
    let (first, second) = if pad == 0 { (even, odd) } else { (odd, &mut even[1..]) };
    let (pairs, rest) = line.as_chunks::<2>();
    for ((pair, one), other) in pairs.iter().zip(first.iter_mut()).zip(second.iter_mut()) {
        *one = bent(pair[0], slope);
        *other = bent(pair[1], slope);
    }
    if let (Some(value), Some(to)) = (rest.first(), first.get_mut(pairs.len())) {
        *to = bent(*value, slope);
    }
}

#[inline(always)]
#[expect(clippy::inline_always, reason = "built again for wide vectors")]
fn weigh(sums: &mut [f32], lines: [&[f32]; TAPS], taps: [f32; TAPS], bias: f32, after: Option<f32>) {
    let slope = after.unwrap_or(1.0);
    let n = sums.len();
    let [a, b, c, d, e, f, g, h, i] = lines.map(|line| &line[..n]);
    let [p, q, r, s, t, u, v, w, x] = taps;
    for (at, sum) in sums.iter_mut().enumerate() {
        let above = p * a[at] + q * b[at] + r * c[at];
        let middle = s * d[at] + t * e[at] + u * f[at];
        let below = v * g[at] + w * h[at] + x * i[at];
        *sum = bent(bias + above + middle + below, slope);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// As the definition says, pixel by pixel.
    fn plainly(op: &Depthwise, input: &[f32]) -> Vec<f32> {
        let Geometry { channels, input: [rows, cols], output: [height, width], stride, pad } = op.geometry;
        let (weights, bias) = (floats(&op.weights), floats(&op.bias));
        let bend = |slopes: &[u32], channel: usize, v: f32| match slopes.get(channel) {
            Some(slope) if v < 0.0 => v * f32::from_bits(*slope),
            _ => v,
        };
        let mut output = Vec::new();
        for c in 0..channels {
            for y in 0..height {
                for x in 0..width {
                    let mut sum = bias[c];
                    for tap in 0..TAPS {
                        let (row, col) = ((y * stride + tap / 3).wrapping_sub(pad[0]), (x * stride + tap % 3).wrapping_sub(pad[1]));
                        if row < rows && col < cols {
                            sum += weights[c * TAPS + tap] * bend(&op.before, c, input[(c * rows + row) * cols + col]);
                        }
                    }
                    output.push(bend(&op.after, c, sum));
                }
            }
        }
        output
    }

    proptest! {
        #[test]
        fn filters_as_the_definition_says(
            rows in 3..12_usize, cols in 3..12_usize, channels in 1..4_usize, stride in 1..3_usize,
            pad in [0..2_usize, 0..2_usize], after_pad in [0..2_usize, 0..2_usize],
            bent_before: bool, bent_after: bool, seed: u32,
        ) {
            let mut state = seed;
            let mut some = |n: usize| -> Vec<f32> {
                let mut next = || {
                    state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                    ((state >> 16) % 200) as f32 / 100.0 - 1.0
                };
                (0..n).map(|_| next()).collect()
            };
            let out = |side: usize, axis: usize| (side + pad[axis] + after_pad[axis] - 3) / stride + 1;
            let geometry = Geometry { channels, input: [rows, cols], output: [out(rows, 0), out(cols, 1)], stride, pad };
            let op = Depthwise {
                geometry,
                batch: true,
                weights: super::super::bits(&some(channels * TAPS)),
                bias: super::super::bits(&some(channels)),
                before: if bent_before { super::super::bits(&some(channels)) } else { Vec::new() },
                after: if bent_after { super::super::bits(&some(channels)) } else { Vec::new() },
            };
            let input = some(channels * rows * cols);
            let tensor = Tensor::from_shape(&[1, channels, rows, cols], &input).unwrap();
            let output = op.eval(&EvalContext::out_of_plan(), tvec!(tensor.into_tvalue())).unwrap();
            let output = output[0].try_as_plain_ram().unwrap().as_slice::<f32>().unwrap().to_vec();
            let expected = plainly(&op, &input);
            prop_assert_eq!(output.len(), expected.len());
            for (a, b) in output.iter().zip(&expected) {
                prop_assert!((a - b).abs() < 1e-4, "{} {}", a, b);
            }
        }
    }
}
