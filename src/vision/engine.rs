//! Loading an ONNX model into tract.
//!
//! The committed models keep their weights as 8-bit blocks with the arithmetic that expands them
//! (`models/build.py`). tract leaves large constant expressions unfolded, to save memory; here
//! they are folded at load, so a run costs what the plain 32-bit model costs.

use tract_onnx::prelude::*;
use tract_onnx::tract_core::ops::dummy::Dummy;
use tract_onnx::tract_core::ops::konst::Const;

/// A loaded model for one input shape.
pub(super) type Plan = Arc<TypedRunnableModel>;

/// A model does not load or run.
#[derive(Debug, thiserror::Error)]
pub enum EngineError {
    /// The bytes are not a model of the expected shape.
    #[error("the model cannot be loaded")]
    Load,
    /// A run failed.
    #[error("the model does not run")]
    Run,
}

/// Reads model bytes and prepares them for an input of `shape`.
///
/// # Errors
/// When the bytes are no model or it does not take that shape.
pub(super) fn load(bytes: &[u8], shape: &[usize]) -> Result<Plan, EngineError> {
    prepare(bytes, shape)
        .and_then(TypedModel::into_runnable)
        .map_err(|_| EngineError::Load)
}

/// How many operators the prepared model runs, for the test that expansion is folded.
///
/// # Errors
/// As [`load`].
pub fn operator_count(bytes: &[u8], shape: &[usize]) -> Result<usize, EngineError> {
    let model = prepare(bytes, shape).map_err(|_| EngineError::Load)?;
    Ok(model.nodes().iter().filter(|node| !node.op_is::<Const>() && !node.op_is::<Dummy>()).count())
}

fn prepare(bytes: &[u8], shape: &[usize]) -> TractResult<TypedModel> {
    let mut onnx = tract_onnx::onnx();
    super::kernels::register(&mut onnx);
    let mut model = onnx
        .model_for_read(&mut &*bytes)?
        .with_input_fact(0, f32::fact(shape).into())?
        .into_typed()?;
    fold_constants(&mut model)?;
    let mut model = model.into_decluttered()?;
    super::kernels::replace(&mut model)?;
    model.into_optimized()
}

/// Replaces every node that depends on constants alone by its value, whatever its size.
fn fold_constants(model: &mut TypedModel) -> TractResult<()> {
    for id in model.eval_order()? {
        let node = model.node(id);
        if node.inputs.is_empty() || node.outputs.len() != 1 {
            continue;
        }
        let constants: TractResult<Vec<_>> =
            node.inputs.iter().map(|outlet| Ok(model.outlet_fact(*outlet)?.konst.clone())).collect();
        let Some(inputs) = constants?.into_iter().collect::<Option<Vec<_>>>() else { continue };
        let inputs = inputs.into_iter().map(IntoTValue::into_tvalue).collect();
        let Ok(Some(values)) = node.op.eval_out_of_plan(inputs) else { continue };
        let Some(value) = values.into_iter().next() else { continue };
        let value = value.into_arc_tensor();
        for outlet in model.node(id).inputs.clone() {
            let source = model.node_mut(outlet.node);
            source.outputs[outlet.slot].successors.retain(|inlet| inlet.node != id);
            if source.outputs.iter().all(|output| output.successors.is_empty()) {
                // Each step of the expansion is as large as the weights: let go of it at once.
                source.op = Box::new(Dummy);
                source.outputs.iter_mut().for_each(|output| output.fact.konst = None);
            }
        }
        let fact = TypedFact::try_from(value.clone())?;
        let node = model.node_mut(id);
        node.inputs.clear();
        node.op = Box::new(Const::new(value)?);
        node.outputs[0].fact = fact;
    }
    Ok(())
}

/// Runs a plan on one input and hands its outputs on as slices.
pub(super) fn run(plan: &Plan, input: Tensor) -> Result<TVec<TValue>, EngineError> {
    plan.run(tvec!(input.into())).map_err(|_| EngineError::Run)
}

/// The numbers of one output.
pub(super) fn numbers(value: &TValue) -> Result<&[f32], EngineError> {
    value.try_as_plain_ram().and_then(|plain| plain.as_slice::<f32>()).map_err(|_| EngineError::Run)
}
