"""Turns mediapipe's face_landmark.tflite into ONNX. Used by build.py; not run by itself.

Input `image` (1, 3, 192, 192), RGB, 0 to 1. Outputs `landmarks` (1, 1404): 468 times x, y, z in
pixels of the input; `score` (1, 1): logit that a face is there. Weights, 16-bit floats in the
tflite file, are stored as 32-bit floats.
"""

import sys

import numpy as np
import onnx
import tflite
from onnx import TensorProto, helper, numpy_helper

_CODES = {v: k for k, v in vars(tflite.BuiltinOperator).items() if isinstance(v, int)}
_TYPES = {tflite.TensorType.FLOAT32: np.float32, tflite.TensorType.FLOAT16: np.float16,
          tflite.TensorType.INT32: np.int32}
_OUTPUTS = {"conv2d_21": ("landmarks", 1404), "conv2d_31": ("score", 1)}


class Converter:
    def __init__(self, data):
        self.model = tflite.Model.GetRootAsModel(data, 0)
        self.graph = self.model.Subgraphs(0)
        self.weights, self.names, self.nodes, self.tensors = {}, {}, [], []

    def shape(self, index):
        return [int(v) for v in self.graph.Tensors(index).ShapeAsNumpy()]

    def stored(self, index):
        """Numbers of a constant tensor, also behind a DEQUANTIZE."""
        if index in self.weights:
            return self.weights[index]
        tensor = self.graph.Tensors(index)
        raw = self.model.Buffers(tensor.Buffer()).DataAsNumpy()
        return np.frombuffer(raw.tobytes(), _TYPES[tensor.Type()]).reshape(self.shape(index))

    def constant(self, name, values):
        self.tensors.append(numpy_helper.from_array(np.ascontiguousarray(values), name))
        return name

    def add(self, op, inputs, output, **attributes):
        self.names[output] = f"t{output}"
        self.nodes.append(helper.make_node(op, inputs, [f"t{output}"], name=f"{op.lower()}_{output}",
                                           **attributes))

    def window(self, source, target, kernel, stride, padding):
        """Kernel, stride and explicit pads as tflite's SAME or VALID means them."""
        before, after = [], []
        for k, s, n, m in zip(kernel, stride, self.shape(source)[1:3], self.shape(target)[1:3]):
            total = max((m - 1) * s + k - n, 0) if padding == tflite.Padding.SAME else 0
            before.append(total // 2)
            after.append(total - total // 2)
        return {"kernel_shape": list(kernel), "strides": list(stride), "pads": before + after}

    def convolve(self, op, options, inputs, output):
        source, weight, bias = inputs
        w = self.stored(weight).astype(np.float32)
        depthwise = op == "DEPTHWISE_CONV_2D"
        if depthwise and options.DepthMultiplier() != 1:
            sys.exit("depth multiplier")
        w = w.transpose(3, 0, 1, 2) if depthwise else w.transpose(0, 3, 1, 2)
        if options.DilationHFactor() != 1 or options.DilationWFactor() != 1:
            sys.exit("dilation")
        window = self.window(source, output, w.shape[2:], (options.StrideH(), options.StrideW()),
                             options.Padding())
        names = [self.names[source], self.constant(f"w{output}", w),
                 self.constant(f"b{output}", self.stored(bias).astype(np.float32))]
        self.add("Conv", names, output, group=w.shape[0] if depthwise else 1, **window)

    def step(self, operator):
        code = self.model.OperatorCodes(operator.OpcodeIndex())
        op = _CODES[max(code.BuiltinCode(), code.DeprecatedBuiltinCode())]
        inputs = [int(v) for v in operator.InputsAsNumpy()]
        output = int(operator.OutputsAsNumpy()[0])
        options = self.options(operator, op)
        if options is not None and options.FusedActivationFunction() != tflite.ActivationFunctionType.NONE:
            sys.exit(f"{op}: fused activation")
        if op == "DEQUANTIZE":
            self.weights[output] = self.stored(inputs[0])
        elif op in ("CONV_2D", "DEPTHWISE_CONV_2D"):
            self.convolve(op, options, inputs, output)
        elif op == "PRELU":
            slope = self.stored(inputs[1]).astype(np.float32).transpose(2, 0, 1)
            self.add("PRelu", [self.names[inputs[0]], self.constant(f"a{output}", slope)], output)
        elif op == "ADD":
            self.add("Add", [self.names[i] for i in inputs], output)
        elif op == "MAX_POOL_2D":
            size = ((options.FilterHeight(), options.FilterWidth()), (options.StrideH(), options.StrideW()))
            self.add("MaxPool", [self.names[inputs[0]]], output,
                     **self.window(inputs[0], output, *size, options.Padding()))
        elif op == "PAD":
            pads = self.stored(inputs[1])[[0, 3, 1, 2]].T.astype(np.int64).reshape(-1)
            self.add("Pad", [self.names[inputs[0]], self.constant(f"p{output}", pads)], output)
        else:
            sys.exit(f"{op}: not known")

    @staticmethod
    def options(operator, op):
        kind = {"CONV_2D": tflite.Conv2DOptions, "DEPTHWISE_CONV_2D": tflite.DepthwiseConv2DOptions,
                "ADD": tflite.AddOptions, "MAX_POOL_2D": tflite.Pool2DOptions}.get(op)
        if kind is None:
            return None
        options = kind()
        table = operator.BuiltinOptions()
        options.Init(table.Bytes, table.Pos)
        return options

    def run(self):
        self.names[int(self.graph.InputsAsNumpy()[0])] = "image"
        for index in range(self.graph.OperatorsLength()):
            self.step(self.graph.Operators(index))
        outputs = []
        for index in self.graph.OutputsAsNumpy():
            name, count = _OUTPUTS[self.graph.Tensors(int(index)).Name().decode()]
            self.nodes.append(helper.make_node("Flatten", [self.names[int(index)]], [name], name=name))
            outputs.append(helper.make_tensor_value_info(name, TensorProto.FLOAT, [1, count]))
        image = helper.make_tensor_value_info("image", TensorProto.FLOAT, [1, 3, 192, 192])
        model = helper.make_model(
            helper.make_graph(self.nodes, "face_landmark", [image], outputs, self.tensors),
            opset_imports=[helper.make_opsetid("", 13)], ir_version=8,
            producer_name="mianzheng models/build.py")
        onnx.checker.check_model(model)
        return model


def convert(data):
    return Converter(data).run()
