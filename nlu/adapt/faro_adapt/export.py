"""Writes the tuned network as one ONNX graph in 8 bits, with its labels and pieces beside it."""

import json
import tempfile
from pathlib import Path

import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from torch import nn

from faro_adapt.network import Network
from faro_nlu import encoder
from faro_nlu.pieces import FIRST, Pieces


class _Small(nn.Module):
    """One text at a time; the table of pieces in 8 bits, each row with its own scale."""

    def __init__(self, net: Network) -> None:
        super().__init__()
        self.net = net
        whole = net.table.weight.data
        scale = whole.abs().amax(dim=1, keepdim=True).clamp(min=1e-9) / 127
        self.register_buffer("scale", scale)
        self.register_buffer("small", (whole / scale).round().to(torch.int8))

    def forward(self, ids: torch.Tensor) -> torch.Tensor:
        net = self.net
        table = self.small[ids].float() * self.scale[ids]
        x = net.first(table + net.positions[: ids.shape[1]] + net.kind)
        for layer in net.layers:
            x = layer(x, None)
        return net.out(x.mean(1))


def write(net: Network, *, words: Pieces, labels: tuple[str, ...], base: str, folder: Path) -> None:
    """Replaces what the folder holds."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as made:
        whole = Path(made) / "whole.onnx"
        torch.onnx.export(
            _Small(net).eval(), (torch.ones(1, 12, dtype=torch.long),), str(whole),
            input_names=["ids"], output_names=["logits"], dynamic_axes={"ids": {1: "pieces"}},
            opset_version=17, dynamo=False,
        )  # fmt: skip
        quantize_dynamic(
            whole, folder / encoder.GRAPH, op_types_to_quantize=["MatMul"], per_channel=True,
            reduce_range=True, weight_type=QuantType.QInt8,
        )  # fmt: skip
    listed = [(piece, round(words.scores[row], 3)) for piece, row in words.rows.items() if row >= FIRST]
    about = {"base": base, "labels": labels, "pieces": listed}
    (folder / encoder.ABOUT).write_text(json.dumps(about, ensure_ascii=False) + "\n", "utf-8")
