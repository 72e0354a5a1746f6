"""A year of invented people through the real conversation: counters as months of use would leave them.

    .venv/bin/python -m tools.simulate_year --people 100000 --database sqlite+aiosqlite:////tmp/year/faro.db

Nobody is real: needs, places (by INEGI population) and who are drawn from a seed that is printed.
"""

import asyncio
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Annotated

import typer
from rich.progress import track

from bot import conversation
from bot.messages import Inbound, Meaning
from bot.state import State
from data import counts_store, months, seed_files
from data.counts import Asked
from data.database import Database, migrate, open_database
from data.needs import Need, Who
from services import directory as directories
from services import ladder, routes
from services.directory import Directory, Operator
from services.gazetteer import Gazetteer

BATCH = 2000
STATES = {"07": 9, "25": 7, "12": 7, "20": 5, "16": 5, "08": 3, "15": 3, "09": 3}
"""How much more often than by their population people ask there."""

WISHES = (
    (Need.SHELTER, 20), (Need.FOOD, 16), (Need.HEALTH, 10), (Need.LEGAL, 9), (Need.VICTIM_REGISTRY, 8),
    (Need.DOCUMENTS, 8), (Need.MENTAL_HEALTH, 7), (Need.CASH, 6), (Need.KNOW_RIGHTS, 5), (Need.WORK, 4),
    (Need.GBV, 4), (Need.EDUCATION, 3), (Need.HOUSING, 3), (Need.CHILDREN, 3), (Need.MISSING, 2),
    (Need.TRANSPORT, 2), (Need.HUMAN_RIGHTS, 2), (Need.AID_ABUSE, 1), (Need.EMERGENCY, 2),
)  # fmt: skip
FAMILIES = (Who.WOMEN, Who.WOMAN_WITH_CHILDREN, Who.MAN, Who.FAMILY_WITH_MAN)
TRAITS = (Who.CHILDREN, Who.OLDER, Who.DISABILITY, Who.LGBTI, Who.INDIGENOUS)

cli = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody invented: what they tap, in order, and for whom they ask."""

    at: datetime
    taps: tuple[str, ...]
    who: tuple[str, ...]


@cli.command()
def main(
    database: Annotated[str, typer.Option(help="SQLAlchemy URL of a database that holds nothing real.")],
    people: Annotated[int, typer.Option(min=1)] = 100_000,
    last: Annotated[str, typer.Option(help="The last month, YYYY-MM.")] = "2026-10",
    seed: int = 7,
) -> None:
    """Fill the counters of a year."""
    if not months.is_month(last):
        raise typer.BadParameter("Write the month as 2026-10.", param_hint="--last")
    typer.echo(f"seed {seed}, {people:,} invented people, twelve months to {last}")
    asyncio.run(fill(database, people=people, last=last, seed=seed, show=True))


async def fill(url: str, *, people: int, last: str, seed: int, show: bool = False) -> int:
    """Migrate, load the seed directory and count a year; how many questions were counted."""
    database = open_database(url)
    try:
        await migrate(database)
        directory = seed_directory()
        drawn = invented(directory.gazetteer, people, last=last, seed=seed)
        steps = track(drawn, "talking", total=people) if show else drawn
        return await _count(database, directory, iter(steps))
    finally:
        await database.close()


def seed_directory() -> Directory:
    """The directory that Faro ships with."""
    return directories.build(
        seed_files.read().services,
        version=1,
        gazetteer=Gazetteer.load(),
        ladder=ladder.load(),
        routes=routes.load(),
        operator=Operator(),
    )


def invented(gazetteer: Gazetteer, count: int, *, last: str, seed: int) -> Iterator[Person]:
    """So many people, the same for the same seed."""
    draw = random.Random(seed)  # noqa: S311 - nobody's secret
    year = list(months.between(months.before(last, by=11), last))
    keys = [key for key in sorted(gazetteer.areas) if len(key) == 5]
    weights = [(gazetteer.population(key) or 0) * STATES.get(key[:2], 1) for key in keys]
    places = draw.choices(keys, weights, k=count)
    wishes, odds = [need for need, _ in WISHES], [weight for _, weight in WISHES]
    for place in places:
        month = draw.choices(year, range(8, 20))[0]
        first = datetime(int(month[:4]), int(month[5:]), 1, 12, tzinfo=UTC)
        needs = draw.choices(wishes, odds, k=draw.choices((1, 2, 3), (70, 22, 8))[0])
        said = f"place:{place}" if draw.random() < 0.8 else f"place:{place[:2]}"
        said = "place:00" if draw.random() < 0.06 else said
        taps = [said, *(f"need:{need}" for need in needs)]
        taps += ["person"] if draw.random() < 0.05 else []
        who = [draw.choice(FAMILIES)] if draw.random() < 0.6 else []
        who += [draw.choice(TRAITS)] if draw.random() < 0.2 else []
        yield Person(
            first + timedelta(days=draw.randrange(27)), tuple(taps), tuple(str(each) for each in who)
        )


def talk(person: Person, directory: Directory) -> list[Asked]:
    """What the real conversation counts of somebody."""
    state, counted = State(welcomed=True, who=person.who), []
    for tap in person.taps:
        turn = conversation.respond(state, Inbound(option=tap), Meaning(), directory, person.at)
        state = turn.state
        counted += turn.counts
    return counted


async def _count(database: Database, directory: Directory, people: Iterator[Person]) -> int:
    total = 0
    while batch := list(islice(people, BATCH)):
        talked = await asyncio.to_thread(_talks, batch, directory)
        async with database.write() as connection:
            for month, asked in talked.items():
                await counts_store.add(connection, asked, month=month)
        total += sum(map(len, talked.values()))
    return total


def _talks(batch: Sequence[Person], directory: Directory) -> dict[str, list[Asked]]:
    found: dict[str, list[Asked]] = {}
    for person in batch:
        found.setdefault(months.of(person.at), []).extend(talk(person, directory))
    return found


if __name__ == "__main__":
    cli()
