"""The command `faro nlu`: phrases that caseworkers wrote, in the form of the training data."""

import asyncio
import sys
from collections import defaultdict
from typing import Annotated

import typer
import yaml

from bot.directory_command import opened_database
from data import phrase_store
from data.phrase_store import Own

app = typer.Typer(no_args_is_help=True, help="What the model learns from.")


@app.callback()
def main() -> None:
    """What the model learns from."""


@app.command()
def phrases(
    label: Annotated[str, typer.Option(help="Only those with this meaning, e.g. food.")] = "",
) -> None:
    """Print the caseworkers' own phrases as Rasa's YAML; never a word of a person who wrote to Faro."""
    sys.stdout.write(as_training_data(asyncio.run(_written()), label=label))


def as_training_data(found: list[Own], *, label: str = "") -> str:
    """The phrases under their meanings, as nlu/data holds them."""
    by_label: dict[str, list[str]] = defaultdict(list)
    for each in found:
        if label in ("", each.label):
            by_label[each.label].append(each.text)
    items = [
        {"intent": name, "examples": "".join(f"- {text}\n" for text in texts)}
        for name, texts in sorted(by_label.items())
    ]
    return yaml.safe_dump({"version": "3.1", "nlu": items}, allow_unicode=True, sort_keys=False, width=1000)


async def _written() -> list[Own]:
    async with opened_database() as database, database.read() as connection:
        return await phrase_store.written(connection)
