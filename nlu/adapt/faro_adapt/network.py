"""The encoder as a torch module: the lowest layers of the published one, and one output for each label."""

import math

import torch
from torch import nn
from torch.nn import functional

from faro_adapt.base import Base
from faro_nlu import pieces

_DROPPED = 0.1
_UNSEEN = -1e4


class Layer(nn.Module):
    """Attention and two dense layers, as in BERT."""

    def __init__(self, base: Base, number: int) -> None:
        super().__init__()
        width, inner = base.sizes.width, base.sizes.inner
        self.heads = base.sizes.heads

        def dense(name: str, given: int, made: int) -> nn.Linear:
            layer = nn.Linear(given, made)
            layer.weight.data = torch.from_numpy(base.matrix(f"l{number}.{name}.w", made, given))
            layer.bias.data = torch.from_numpy(base.numbers(f"l{number}.{name}.b", made))
            return layer

        self.query, self.key = dense("q", width, width), dense("k", width, width)
        self.value, self.joined = dense("v", width, width), dense("ao", width, width)
        self.wide, self.narrow = dense("fi", width, inner), dense("fo", inner, width)
        self.after_attention = _norm(base, f"l{number}.aln")
        self.after_dense = _norm(base, f"l{number}.oln")
        self.dropped = nn.Dropout(_DROPPED)

    def forward(self, x: torch.Tensor, seen: torch.Tensor) -> torch.Tensor:
        batch, length, width = x.shape

        def apart(y: torch.Tensor) -> torch.Tensor:
            return y.view(batch, length, self.heads, width // self.heads).transpose(1, 2)

        looked = _look(apart(self.query(x)), apart(self.key(x)), apart(self.value(x)), seen)
        together = self.joined(looked.transpose(1, 2).reshape(batch, length, width))
        x = self.after_attention(x + self.dropped(together))
        return self.after_dense(x + self.dropped(self.narrow(functional.gelu(self.wide(x)))))


class Network(nn.Module):
    """Rows of pieces to logits. The table of pieces stays as it was published."""

    def __init__(self, base: Base, *, rows: list[int], layers: int, labels: int) -> None:
        super().__init__()
        sizes = base.sizes
        begin, end, unknown, _ = base.marks
        table = base.matrix("emb.word", sizes.vocabulary, sizes.width)[[begin, end, unknown, *rows]]
        self.table = nn.Embedding.from_pretrained(torch.from_numpy(table), freeze=True)
        positions = base.numbers("emb.pos", sizes.positions * sizes.width).reshape(
            sizes.positions, sizes.width
        )
        self.positions = nn.Parameter(torch.from_numpy(positions[: pieces.MOST + 16].copy()))
        self.register_buffer("kind", torch.from_numpy(base.numbers("emb.type", sizes.width)))
        self.first = _norm(base, "emb.ln")
        self.layers = nn.ModuleList(Layer(base, number) for number in range(layers))
        self.dropped = nn.Dropout(_DROPPED)
        self.out = nn.Linear(sizes.width, labels)
        self.out.bias.data.fill_(-3)
        self.out.weight.data.mul_(0.5)

    def forward(self, ids: torch.Tensor, there: torch.Tensor) -> torch.Tensor:
        """`there` is 1 where a piece stands and 0 where a shorter text was filled up."""
        x = self.first(self.table(ids) + self.positions[: ids.shape[1]] + self.kind)
        seen = there[:, None, None, :].bool()
        for layer in self.layers:
            x = layer(x, seen)
        mean = (x * there[:, :, None]).sum(1) / there.sum(1, keepdim=True)
        return self.out(self.dropped(mean))


def _look(query: torch.Tensor, key: torch.Tensor, value: torch.Tensor, seen: torch.Tensor) -> torch.Tensor:
    """Attention step by step: texts so short are learnt from faster than with torch's own operator."""
    near = (query @ key.transpose(-1, -2)) / math.sqrt(query.shape[-1])
    return torch.softmax(near.masked_fill(~seen, _UNSEEN), -1, dtype=near.dtype) @ value


def _norm(base: Base, name: str) -> nn.LayerNorm:
    norm = nn.LayerNorm(base.sizes.width, base.eps)
    norm.weight.data = torch.from_numpy(base.numbers(f"{name}.w", base.sizes.width))
    norm.bias.data = torch.from_numpy(base.numbers(f"{name}.b", base.sizes.width))
    return norm
