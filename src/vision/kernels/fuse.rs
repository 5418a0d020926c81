//! Finds what our operators can take over in a model, and the neighbours they take along.

use tract_onnx::tract_core::ops::binary::TypedBinOp;
use tract_onnx::tract_core::ops::cnn::{Conv, KernelFormat, MaxPool, PoolSpec};
use tract_onnx::tract_core::ops::nn::DataFormat;
#[allow(clippy::wildcard_imports)] // what tract asks its operators to import
use tract_onnx::tract_hir::internal::*;

use super::bits;
use super::depthwise::{Depthwise, Geometry};
use super::pool::Pool;
use super::prelu::PRelu;

/// The next replacement, if there is one.
pub(super) fn next(model: &TypedModel) -> TractResult<Option<TypedModelPatch>> {
    for id in model.eval_order()? {
        let node = model.node(id);
        if let Some(conv) = node.op_as::<Conv>()
            && let Some(patch) = depthwise(model, node, conv)?
        {
            return Ok(Some(patch));
        }
        if let Some(pool) = node.op_as::<MaxPool>()
            && let Some(patch) = max_pool(model, node, pool)?
        {
            return Ok(Some(patch));
        }
    }
    Ok(None)
}

fn max_pool(model: &TypedModel, node: &TypedNode, pool: &MaxPool) -> TractResult<Option<TypedModelPatch>> {
    let spec = &pool.pool_spec;
    let fact = model.outlet_fact(node.inputs[0])?;
    let fits = pool.with_index_outputs.is_none()
        && is_plane(spec, fact)
        && spec.kernel_shape[..] == [2, 2]
        && spec.strides()[..] == [2, 2]
        && spec.dilations()[..] == [1, 1];
    let Some([_, height, width]) = plane(fact).filter(|_| fits && fact.rank() == 4) else { return Ok(None) };
    let padding = spec.computed_padding(&[height, width]);
    if padding.iter().any(|dim| dim.pad_before != 0 || dim.pad_after != 0) {
        return Ok(None);
    }
    if padding[0].convoluted != height / 2 || padding[1].convoluted != width / 2 {
        return Ok(None);
    }
    TypedModelPatch::replace_single_op(model, node, &node.inputs, Pool).map(Some)
}

fn depthwise(model: &TypedModel, node: &TypedNode, conv: &Conv) -> TractResult<Option<TypedModelPatch>> {
    let spec = &conv.pool_spec;
    let fact = model.outlet_fact(node.inputs[0])?;
    let strides = spec.strides();
    let fits = conv.q_params.is_none()
        && conv.kernel_fmt == KernelFormat::OIHW
        && conv.group == spec.input_channels
        && spec.input_channels == spec.output_channels
        && conv.group > 1
        && is_plane(spec, fact)
        && spec.kernel_shape[..] == [3, 3]
        && spec.dilations()[..] == [1, 1]
        && strides[0] == strides[1]
        && (1..=2).contains(&strides[0]);
    let Some([channels, height, width]) = plane(fact).filter(|_| fits) else { return Ok(None) };
    let padding = spec.computed_padding(&[height, width]);
    let pad = [padding[0].pad_before, padding[1].pad_before];
    let small = pad.iter().all(|pad| *pad <= 1) && padding.iter().all(|dim| dim.pad_after <= 1 && dim.convoluted > 0);
    let (Some(mut weights), Some(bias)) = (constant(model, node.inputs[1])?, constant(model, node.inputs[2])?) else {
        return Ok(None);
    };
    if !small || weights.len() != channels * 9 {
        return Ok(None);
    }
    let Some(mut bias) = per_channel(bias, channels) else { return Ok(None) };

    // What stands before, and what stands behind, as far as it is one line.
    let (mut from, mut before) = (node.inputs[0], Vec::new());
    let source = model.node(from.node);
    if let Some(bend) = source.op_as::<PRelu>()
        && is_only_successor(model, source)
    {
        (from, before) = (source.inputs[0], bend.slopes());
    }
    let (mut last, mut after) = (node, Vec::new());
    while let Some(follower) = only_successor(model, last) {
        if let Some(bend) = follower.op_as::<PRelu>() {
            (last, after) = (follower, bend.slopes());
            break;
        }
        let Some(step) = arithmetic(model, follower, last.id, channels)? else { break };
        match step {
            Step::Scale(by) => {
                weights.as_chunks_mut::<9>().0.iter_mut().zip(&by).for_each(|(taps, by)| taps.iter_mut().for_each(|t| *t *= by));
                bias.iter_mut().zip(&by).for_each(|(bias, by)| *bias *= by);
            }
            Step::Shift(by) => bias.iter_mut().zip(&by).for_each(|(bias, by)| *bias += by),
        }
        last = follower;
    }
    let geometry = Geometry {
        channels,
        input: [height, width],
        output: [padding[0].convoluted, padding[1].convoluted],
        stride: strides[0],
        pad,
    };
    let op = Depthwise {
        geometry,
        batch: fact.rank() == 4,
        weights: bits(&weights),
        bias: bits(&bias),
        before: bits(&before),
        after: bits(&after),
    };
    let mut patch = TypedModelPatch::default();
    let input = patch.tap_model(model, from)?;
    let output = patch.wire_node(&node.name, op, &[input])?[0];
    patch.shunt_outside(model, last.id.into(), output)?;
    Ok(Some(patch))
}

enum Step {
    Scale(Vec<f32>),
    Shift(Vec<f32>),
}

/// A product with, or a sum of, one constant for each channel: what batch normalisation leaves.
fn arithmetic(model: &TypedModel, node: &TypedNode, from: usize, channels: usize) -> TractResult<Option<Step>> {
    let Some(op) = node.op_as::<TypedBinOp>() else { return Ok(None) };
    let Some(other) = node.inputs.iter().find(|input| input.node != from) else { return Ok(None) };
    let fact = model.outlet_fact(*other)?;
    let Some(shape) = fact.shape.as_concrete() else { return Ok(None) };
    // Only along the channels: 1, channels, 1, 1, with or without the leading 1.
    if shape.len() < 3 || shape[shape.len() - 3] != channels || shape.iter().product::<usize>() != channels {
        return Ok(None);
    }
    let Some(values) = constant(model, *other)? else { return Ok(None) };
    let first = node.inputs[0].node == from;
    Ok(match op.0.name() {
        "Mul" => Some(Step::Scale(values)),
        "Add" => Some(Step::Shift(values)),
        "Sub" if first => Some(Step::Shift(values.into_iter().map(|v| -v).collect())),
        _ => None,
    })
}

fn is_plane(spec: &PoolSpec, fact: &TypedFact) -> bool {
    [DataFormat::NCHW, DataFormat::CHW].contains(&spec.data_format) && spec.rank() == 2 && fact.datum_type == f32::datum_type()
}

/// Channels, height and width, of one picture.
fn plane(fact: &TypedFact) -> Option<[usize; 3]> {
    match *fact.shape.as_concrete()? {
        [1, channels, height, width] | [channels, height, width] => Some([channels, height, width]),
        _ => None,
    }
}

fn constant(model: &TypedModel, outlet: OutletId) -> TractResult<Option<Vec<f32>>> {
    let Some(value) = model.outlet_fact(outlet)?.konst.clone() else { return Ok(None) };
    Ok(value.try_as_plain_ram()?.as_slice::<f32>().ok().map(<[f32]>::to_vec))
}

fn per_channel(values: Vec<f32>, channels: usize) -> Option<Vec<f32>> {
    match values[..] {
        [one] => Some(vec![one; channels]),
        _ => (values.len() == channels).then_some(values),
    }
}

fn only_successor<'m>(model: &'m TypedModel, node: &TypedNode) -> Option<&'m TypedNode> {
    let [output] = &node.outputs[..] else { return None };
    let [inlet] = output.successors[..] else { return None };
    let is_result = model.output_outlets().ok()?.iter().any(|outlet| outlet.node == node.id);
    (!is_result).then(|| model.node(inlet.node))
}

fn is_only_successor(model: &TypedModel, node: &TypedNode) -> bool {
    only_successor(model, node).is_some()
}
