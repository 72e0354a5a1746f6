"""Writes the tuned network as one ONNX graph in 8 bits, with its labels and pieces beside it."""

import copy
import json
import tempfile
from pathlib import Path
from typing import Any

import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from torch import nn
from torch.nn import functional

from faro_adapt.network import Layer, Network
from faro_nlu import encoder
from faro_nlu.pieces import FIRST, Pieces

_MICROSOFT = "com.microsoft"
"""Operators that ONNX Runtime has beside the standard's."""
_TO_WEIGHTS = 0.8
"""How much of what makes some inputs of a product larger than others its weights take over."""
_NO_INPUT = 1e-3
_READ = 600
"""Texts that show how large the inputs of each product become."""


def write(
    net: Network, texts: list[str], *, words: Pieces, labels: tuple[str, ...], base: str, folder: Path
) -> None:
    """Replaces what the folder holds. `texts` are like those that it will read, of all kinds."""
    folder.mkdir(parents=True, exist_ok=True)
    small = _Small(net).eval()
    small.even([torch.tensor([words.of_text(text)[0]]) for text in texts[:: max(1, len(texts) // _READ)]])
    with tempfile.TemporaryDirectory() as made:
        whole = Path(made) / "whole.onnx"
        torch.onnx.export(
            small, (torch.ones(1, 12, dtype=torch.long),), str(whole),
            input_names=["ids"], output_names=["logits"], dynamic_axes={"ids": {1: "pieces"}},
            opset_version=17, dynamo=False, custom_opsets={_MICROSOFT: 1},
        )  # fmt: skip
        quantize_dynamic(
            whole, folder / encoder.GRAPH, op_types_to_quantize=["MatMul", "Attention"], per_channel=True,
            reduce_range=True, weight_type=QuantType.QInt8,
        )  # fmt: skip
    listed = [(piece, round(words.scores[row], 3)) for piece, row in words.rows.items() if row >= FIRST]
    about = {"base": base, "labels": labels, "pieces": listed}
    (folder / encoder.ABOUT).write_text(json.dumps(about, ensure_ascii=False) + "\n", "utf-8")


class _Small(nn.Module):
    """One text at a time; the table of pieces in 8 bits, each row with its own scale."""

    def __init__(self, net: Network) -> None:
        super().__init__()
        self.net = net
        whole = net.table.weight.data
        scale = whole.abs().amax(dim=1, keepdim=True).clamp(min=1e-9) / 127
        self.register_buffer("scale", scale)
        self.register_buffer("small", (whole / scale).round().to(torch.int8))
        self.layers = nn.ModuleList(_Layer(layer) for layer in net.layers)

    def forward(self, ids: torch.Tensor) -> torch.Tensor:
        net = self.net
        table = self.small[ids].float() * self.scale[ids]
        x = net.first(table + net.positions[: ids.shape[1]] + net.kind)
        for layer in self.layers:
            x = layer(x)
        return net.out(x.mean(1))

    @torch.no_grad()
    def even(self, texts: list[torch.Tensor]) -> None:
        """Makes the inputs of the wide products alike in size, which changes no answer."""
        for ids in texts:
            self(ids)
        for layer in self.layers:
            layer.wide.even()
            layer.narrow.even()


class _Layer(nn.Module):
    """`Layer` without what only training needs, its attention as one operator."""

    def __init__(self, layer: Layer) -> None:
        super().__init__()
        three = (layer.query, layer.key, layer.value)
        self.weights = nn.Parameter(torch.cat([one.weight.data for one in three]).t().contiguous())
        self.bias = nn.Parameter(torch.cat([one.bias.data for one in three]))
        self.heads, self.joined = layer.heads, layer.joined
        self.wide, self.narrow = _Even(layer.wide), _Even(layer.narrow)
        self.after_attention, self.after_dense = layer.after_attention, layer.after_dense

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = self.after_attention(x + self.joined(_Attention.apply(x, self.weights, self.bias, self.heads)))
        return self.after_dense(x + self.narrow(functional.gelu(self.wide(x))))


class _Even(nn.Module):
    """A product whose inputs are divided by their usual size before they are rounded to 8 bits.

    One input in hundreds is ten times as large as the others; with one step of rounding for all of them
    the others would be lost in it (SmoothQuant, arXiv 2211.10438).
    """

    def __init__(self, dense: nn.Linear) -> None:
        super().__init__()
        self.dense = copy.deepcopy(dense)
        self.register_buffer("divided", torch.ones(dense.in_features))
        self._largest = torch.zeros(dense.in_features)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        self._largest = torch.maximum(self._largest, x.abs().amax((0, 1)))
        return self.dense(x * self.divided)

    def even(self) -> None:
        """What was read so far decides. Once."""
        of_inputs = self._largest.clamp(min=_NO_INPUT) ** _TO_WEIGHTS
        of_weights = self.dense.weight.abs().amax(0).clamp(min=_NO_INPUT) ** (1 - _TO_WEIGHTS)
        factor = of_inputs / of_weights
        factor /= factor.median()
        self.divided = 1 / factor
        self.dense.weight.data *= factor


class _Attention(torch.autograd.Function):
    """The three products of attention and what follows, written as ONNX Runtime's own operator."""

    @staticmethod
    def forward(
        _: Any, x: torch.Tensor, weights: torch.Tensor, bias: torch.Tensor, heads: int
    ) -> torch.Tensor:
        batch, length, width = x.shape
        query, key, value = (
            part.view(batch, length, heads, -1).transpose(1, 2) for part in (x @ weights + bias).chunk(3, -1)
        )
        looked = functional.scaled_dot_product_attention(query, key, value)
        return looked.transpose(1, 2).reshape(batch, length, width)

    @staticmethod
    def symbolic(graph: Any, x: Any, weights: Any, bias: Any, heads: int) -> Any:
        return graph.op(f"{_MICROSOFT}::Attention", x, weights, bias, num_heads_i=heads).setType(x.type())
