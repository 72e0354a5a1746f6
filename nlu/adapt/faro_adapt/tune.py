"""Trains the network further: every phrase as written and, each round anew, some as other hands type it."""

import math
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import torch
from torch import nn
from torch.nn import functional

from faro_adapt.network import Network
from faro_nlu import augment
from faro_nlu.augment import Labelled
from faro_nlu.corpus import FLAG
from faro_nlu.pieces import Pieces

_CHOICE = 0.5
"""Weight of «the right label first» beside «each label present or not»."""
_SORTED = 50
"""Batches whose texts are sorted by length together, so that little is filled up."""


@dataclass(frozen=True)
class Plan:
    """`copies`: for each phrase, in each round. Paces are Adam's."""

    rounds: int = 3
    batch: int = 64
    copies: float = 0.1
    pace: float = 1.5e-4
    pace_of_outputs: float = 1e-3
    seed: int = 1


FURTHER = Plan(rounds=1, pace=5e-5, pace_of_outputs=3e-4, seed=2)
"""For an encoder that was trained already, when phrases are new."""


def tune(
    net: Network,
    phrases: list[Labelled],
    *,
    words: Pieces,
    labels: tuple[str, ...],
    plan: Plan,
    say: Callable[[str], None],
) -> None:
    """Changes `net` in place. Some minutes for each thousand steps on two cores."""
    torch.manual_seed(plan.seed)
    chance = random.Random(plan.seed)  # noqa: S311 - nothing here is a secret
    outputs = [p for name, p in net.named_parameters() if name.startswith("out.")]
    below = [p for name, p in net.named_parameters() if not name.startswith("out.") and p.requires_grad]
    adam = torch.optim.AdamW(
        [{"params": below, "lr": plan.pace}, {"params": outputs, "lr": plan.pace_of_outputs}],
        weight_decay=0.01,
        betas=(0.9, 0.98),
    )
    steps = plan.rounds * math.ceil(len(phrases) * (1 + plan.copies) / plan.batch)
    paced = torch.optim.lr_scheduler.LambdaLR(adam, lambda step: _fall(step, steps))
    net.train()
    done = 0
    for turn in range(plan.rounds):
        for batch in _batches(_examples(phrases, plan, turn, chance), plan.batch, chance):
            loss = _loss(net, batch, words, labels)
            adam.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(net.parameters(), 1.0)
            adam.step()
            paced.step()
            done += 1
            if done % 50 == 0:
                say(f"step {done} of about {steps}, loss {float(loss.detach()):.2f}")
    net.eval()


def _fall(step: int, steps: int) -> float:
    warm = max(1, int(0.06 * steps))
    return min(1.0, (step + 1) / warm) * max(0.02, 1 - step / steps)


def _examples(phrases: list[Labelled], plan: Plan, turn: int, chance: random.Random) -> list[Labelled]:
    every = augment.with_copies(phrases, copies=0.6, seed=plan.seed + 6 + turn)
    copies = every[len(phrases) :]
    taken = chance.sample(copies, min(len(copies), int(len(phrases) * plan.copies)))
    found = [*phrases, *taken]
    chance.shuffle(found)
    return found


def _batches(examples: list[Labelled], size: int, chance: random.Random) -> Iterator[list[Labelled]]:
    for start in range(0, len(examples), size * _SORTED):
        near = sorted(examples[start : start + size * _SORTED], key=lambda one: len(one[0]))
        batches = [near[i : i + size] for i in range(0, len(near), size)]
        chance.shuffle(batches)
        yield from batches


def _loss(net: Network, batch: list[Labelled], words: Pieces, labels: tuple[str, ...]) -> torch.Tensor:
    wanted = torch.tensor([[float(label in present) for label in labels] for _, present in batch])
    with torch.autocast("cpu", torch.bfloat16):
        logits = net(*filled([words.of_text(text)[0] for text, _ in batch]))
    logits = logits.float()
    each = functional.binary_cross_entropy_with_logits(logits, wanted, reduction="none").sum(1).mean()
    chosen = [at for at, label in enumerate(labels) if label != FLAG]
    present = wanted[:, chosen]
    share = present / present.sum(1, keepdim=True).clamp(min=1)
    first = -(share * functional.log_softmax(logits[:, chosen], 1)).sum(1)
    return each + _CHOICE * (first * (present.sum(1) > 0)).mean()


def filled(rows: list[list[int]]) -> tuple[torch.Tensor, torch.Tensor]:
    """Rows of pieces made equally long, and where a piece stands."""
    longest = max(map(len, rows))
    ids = torch.zeros(len(rows), longest, dtype=torch.long)
    there = torch.zeros(len(rows), longest)
    for at, row in enumerate(rows):
        ids[at, : len(row)] = torch.tensor(row)
        there[at, : len(row)] = 1
    return ids, there
