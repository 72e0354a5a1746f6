"""Weights from an encoder that `export` wrote: training goes on from it instead of from the published one."""

import re
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import numpy_helper

from faro_adapt.network import Network
from faro_nlu import encoder

_PRODUCT = re.compile(r"/(layers\.\d+)/(joined|wide/dense|narrow/dense)/MatMul_quant$")


def load(net: Network, folder: Path) -> None:
    """Puts the written layers and outputs, 8 bits made whole, into `net`; the table stays as published.

    Raises ValueError where it was written with other layers or labels than `net` has.
    """
    graph = onnx.load(str(folder / encoder.GRAPH)).graph
    held = {one.name: numpy_helper.to_array(one) for one in graph.initializer}
    state = {name: torch.tensor(held[f"net.{name}"]) for name in net.state_dict() if f"net.{name}" in held}
    state["out.weight"] = torch.from_numpy(_whole(held, "net.out.weight_Transposed").T.copy())
    for node in graph.node:
        if found := _PRODUCT.match(node.name):
            part = found[2].removesuffix("/dense")
            own = f"{found[1]}.{part}"
            weight = _whole(held, node.input[1].removesuffix("_quantized"))
            if part != "joined":
                weight *= held[f"{own}.divided"][:, None]
                state[f"{own}.bias"] = torch.tensor(held[f"{own}.dense.bias"])
            state[f"{own}.weight"] = torch.from_numpy(weight.T.copy())
        elif node.op_type == "QAttention":
            own = node.name.split("/")[1]
            weights = np.split(_whole(held, f"{own}.weights"), 3, axis=1)
            biases = np.split(held[f"{own}.bias"], 3)
            for part, weight, bias in zip(("query", "key", "value"), weights, biases, strict=True):
                state[f"{own}.{part}.weight"] = torch.from_numpy(weight.T.copy())
                state[f"{own}.{part}.bias"] = torch.from_numpy(bias.copy())
    missing = [name for name in net.state_dict() if name not in state and not name.startswith("table.")]
    try:
        net.load_state_dict({**net.state_dict(), **state})
    except RuntimeError as other:
        raise ValueError(f"{folder} was written with other labels or sizes: {other}") from other
    if missing:
        raise ValueError(f"{folder} was written with other layers: it has no {missing[0]}.")


def _whole(held: dict[str, np.ndarray], name: str) -> np.ndarray:
    return (held[f"{name}_quantized"].astype(np.float32) - held[f"{name}_zero_point"]) * held[f"{name}_scale"]
