"""Whatever is done to records in whatever order: an undo gives back what was there, or says why not."""

import asyncio
import itertools
from collections.abc import Coroutine, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    MultipleResults,
    RuleBasedStateMachine,
    invariant,
    multiple,
    rule,
    run_state_machine_as_test,
)

from data import directory_store, history_store
from data.database import Database, open_database
from data.history_store import WHOLE, Author, Via
from data.needs import Need, Who
from data.record_json import NEUTRAL, Fields, phone_fields, to_fields
from data.records import Channel, Confidence, Exposure, Method, Phone, Result, Status
from services import editing, held, record_rules, refresh
from services.editing import CannotUndo, Edit, EditError, Published
from services.exchange import area_names, plan
from services.exchange.sheet import Line, assemble
from services.refresh import Desk
from services.sources import Kind as SourceKind
from services.sources import Source

NOW = datetime(2026, 11, 26, 12, 0, tzinfo=UTC)
FIELDS = tuple(editing.blank("x"))
ANA = Author("ana", Via.PANEL, why="llamé")
REFUGE = {
    "kind": "refuge",
    "name": "Refugio inventado",
    "organization": "No se publica",
    "coverage": ["07"],
    "exposure": "staff",
    "state": "07",
}
ABSENT = "no record"

texts = st.text(max_size=12)
tristate = st.sampled_from([None, True, False])
dates = st.sampled_from([None, "2026-11-20", "2025-02-28"])


def codes(kind: Any) -> st.SearchStrategy[Any]:
    return st.sampled_from([each.value for each in kind])


def several(*values: str, least: int = 0) -> st.SearchStrategy[list[str]]:
    return st.lists(st.sampled_from(values), min_size=least, max_size=3, unique=True)


phones = st.lists(
    st.builds(
        Phone,
        st.sampled_from(["961 615 5178", "961 615 5179", "800 911 2000", "911", "12"]),
        st.sampled_from(Channel),
        texts,
        texts,
        st.sampled_from(Exposure),
    ).map(phone_fields),
    max_size=3,
)
written = st.fixed_dictionaries(
    {},
    optional={
        **dict.fromkeys(
            ("name", "alternate_name", "organization", "description", "schedule_note", "eligibility", "fees",
             "staff_note", "conflict", "route_step", "locality", "address", "verified_by"), texts),
        "needs": several(Need.FOOD, Need.LEGAL, Need.GBV, Need.EMERGENCY, least=1),
        "coverage": several("07", "07089", "12", "00", least=1),
        "phones": phones,
        "languages": several("tseltal", "tsotsil"),
        "only_for": several(*Who),
        "source_urls": several("https://ejemplo.org/a", "https://ejemplo.org/b"),
        "source_date": st.sampled_from(["", "2025", "2026-03", "2026-02-30"]),
        "schedule": st.sampled_from(["", "24/7", "Mo-Fr 09:00-15:00", "cuando sea"]),
        "website": st.sampled_from(["", "https://ejemplo.org", "no es"]),
        "email": st.sampled_from(["", "a@ejemplo.org"]),
        "confidence": codes(Confidence),
        "exposure": codes(Exposure),
        "status": codes(Status),
        "field_exposure": st.dictionaries(st.sampled_from(["phones", "address"]), codes(Exposure)),
        "municipality": st.sampled_from(["", "07089"]),
        "verified_on": dates,
        "check_due": dates,
        "verified_how": st.none() | codes(Method),
        "verified_result": st.none() | codes(Result),
        "women_only": st.booleans(),
        "sons_up_to_age": st.none() | st.integers(0, 18),
        **dict.fromkeys(("children", "men", "lgbti", "without_papers", "pregnant"), tristate),
    },
)  # fmt: skip
cells = st.fixed_dictionaries(
    {
        "name": st.sampled_from(["Comedor inventado", "Casa inventada"]),
        "needs": st.sampled_from(["food", "legal", "gbv"]),
        "phones": st.sampled_from(["", "961 615 5178", "961 615 5178 ; 800 911 2000", "12"]),
        "schedule": st.sampled_from(["", "L-V 9:00-15:00", "24 horas"]),
        "coverage": st.just("Chiapas"),
        "fees": st.sampled_from(["", "gratis", "BORRAR"]),
    }
)
rows = st.dictionaries(st.sampled_from("123"), cells, max_size=3)

Spot = tuple[str, str]
"""A field of a record."""

Layers = tuple[tuple[int, Any], ...]
"""What was written to a field and by which step, oldest first: an undo takes a layer off, or lays it back."""


@dataclass(slots=True)
class Step:
    """What a batch did: the layers of each field that it touched, before and after."""

    batch: int
    touched: Mapping[Spot, tuple[Layers, Layers]]
    erased: set[Spot] = field(default_factory=set)


class Anything(RuleBasedStateMachine):
    """Three records that people edit, sheets and a published list change, and somebody always regrets it."""

    steps = Bundle("steps")

    def __init__(self, runner: asyncio.Runner, desk: Desk, folder: Path, number: int) -> None:
        super().__init__()
        self.runner, self.desk = runner, desk
        self.prefix = f"U{number}-"
        self.keys = [f"{self.prefix}{each}" for each in "123"]
        self.file = folder / f"{number}.csv"
        self.source = Source(
            f"lista{number}", SourceKind.CSV, str(self.file), every=timedelta(hours=1), prefix=self.prefix,
            trust=Confidence.B, exposure=Exposure.PUBLIC, max_share=1.0,
        )  # fmt: skip
        self.layers: dict[Spot, Layers] = {
            (key, name): ((0, ABSENT),) for key in self.keys for name in FIELDS
        }
        self.done: list[Step] = []
        self.refuges: set[str] = set()
        self.clock = NOW

    @rule(target=steps, key=st.sampled_from("123"), fields=written, remove=st.integers(0, 5))
    def edit(self, key: str, fields: Fields, remove: int) -> MultipleResults[Step]:
        """A caseworker writes what comes to mind, or takes the record away."""
        key = self.prefix + key
        before = self.now()
        if key in self.refuges:
            return multiple()
        if before[key] is None:
            fields = {
                "name": "Oficina",
                "organization": "Red",
                "needs": ["food"],
                "coverage": ["07"],
                **fields,
            }
        edit = Edit(key, fields, self.revision(key), remove=remove == 0 and before[key] is not None)
        return self.kept(before, self.tried(self.publish(edit)))

    @rule(target=steps, rows=rows)
    def import_a_sheet(self, rows: dict[str, dict[str, str]]) -> MultipleResults[Step]:
        """A sheet with some rows; bad ones are refused, the rest is one batch."""
        before = self.now()
        header = ["id", *next(iter(rows.values()), {"name": ""})]
        lines: list[Line] = [(1, header)]
        for at, (key, row) in enumerate(self.open(rows).items(), start=2):
            lines.append((at, [self.prefix + key, *row.values()]))
        return self.kept(before, self.tried(self.imported(lines)))

    @rule(target=steps, rows=rows, approve=st.booleans())
    def refresh_a_list(self, rows: dict[str, dict[str, str]], approve: bool) -> MultipleResults[Step]:
        """A published list changed; what waits is decided at once, as another batch."""
        before = self.now()
        text = ["id,name,needs,phones,schedule,coverage,fees"]
        text += [",".join((key, *row.values())) for key, row in self.open(rows).items()]
        self.file.write_text("\n".join(text) + "\n", encoding="utf-8")
        self.clock += timedelta(hours=1)
        run = self.run(refresh.run(self.desk, self.source, now=self.clock, force=True))
        found = list(self.kept(before, Published(run.batch_id, 0)).values)
        before = self.now()
        if approve:
            decided = self.run(held.approve_run(self.desk, run.id, by="eva", now=self.clock))
            return multiple(*found, *self.kept(before, Published(decided.batch_id, 0)).values)
        self.run(held.reject_run(self.desk, run.id, by="eva", now=self.clock))
        assert self.now() == before
        return multiple(*found)

    @rule(target=steps, step=steps)
    def undo_a_batch(self, step: Step) -> MultipleResults[Step]:
        """All of it or nothing."""
        work = editing.undo_batch(
            self.desk.database, step.batch, by="luz", rules=self.desk.rules, now=self.clock
        )
        return self.taken_back(step.touched, step.erased, work)

    @rule(target=steps, step=steps, number=st.integers(0, 40))
    def undo_a_change(self, step: Step, number: int) -> MultipleResults[Step]:
        """One field of what somebody did; a record that came or went is one change."""
        changes = self.run(self.changes_of(step.batch))
        change = changes[number % len(changes)]
        names = FIELDS if change.field == WHOLE else (change.field,)
        spots = {(change.service_id, name) for name in names}
        touched = {spot: layers for spot, layers in step.touched.items() if spot in spots}
        work = editing.undo_change(
            self.desk.database, change.id, by="luz", rules=self.desk.rules, now=self.clock
        )
        return self.taken_back(touched, step.erased & spots, work)

    @rule(key=st.sampled_from("123"), chance=st.integers(0, 3))
    def make_it_a_refuge(self, key: str, chance: int) -> None:
        """Then nothing that could tell its place comes back, by any undo."""
        key = self.prefix + key
        before = self.now()
        if chance or key in self.refuges or before[key] is None:
            return
        published = self.tried(self.publish(Edit(key, REFUGE, self.revision(key))))
        if published is None:
            return
        self.kept(before, published)
        self.refuges.add(key)
        for step in self.done:
            step.erased |= {spot for spot in step.touched if spot[0] == key and spot[1] not in NEUTRAL}

    @invariant()
    def the_directory_is_what_the_layers_say(self) -> None:
        for key, fields in self.now().items():
            for name in FIELDS:
                assert (ABSENT if fields is None else fields[name]) == self.layers[key, name][-1][1], name

    def taken_back(
        self,
        touched: Mapping[Spot, tuple[Layers, Layers]],
        erased: set[Spot],
        work: Coroutine[Any, Any, Published],
    ) -> MultipleResults[Step]:
        """Done where nothing lies on top and nothing was erased; else refused, and nothing changes."""
        before, version = self.now(), self.version()
        on_top = all(self.layers[spot] == after for spot, (_, after) in touched.items())
        if on_top and not erased:
            published = self.run(work)
            step = Step(published.batch_id or 0, {s: (after, was) for s, (was, after) in touched.items()})
            self.layers |= {spot: was for spot, (was, _) in touched.items()}
            assert published.batch_id
            self.done.append(step)
            return multiple(step)
        with pytest.raises(CannotUndo) as told:
            self.run(work)
        assert ("se borró" if erased else "se cambió después") in str(told.value) or (erased and not on_top)
        assert (self.now(), self.version()) == (before, version)
        return multiple()

    def kept(self, before: dict[str, Fields | None], published: Published | None) -> MultipleResults[Step]:
        """The layers that something laid, seen from what the directory says now."""
        after, number, touched = self.now(), len(self.done) + 1, {}
        for key in self.keys:
            was, now = before[key], after[key]
            whole = (was is None) != (now is None)
            for name in FIELDS:
                value = ABSENT if now is None else now[name]
                if whole or (was is not None and was[name] != value):
                    layers = self.layers[key, name]
                    touched[key, name] = (layers, (*layers, (number, value)))
        assert bool(touched) is (published is not None and published.batch_id is not None)
        if not touched or published is None:
            return multiple()
        step = Step(published.batch_id or 0, touched)
        self.layers |= {spot: after for spot, (_, after) in touched.items()}
        self.done.append(step)
        return multiple(step)

    def tried(self, work: Coroutine[Any, Any, Published]) -> Published | None:
        """What came of it; None when it was refused, and then nothing changed."""
        before = self.now()
        try:
            return self.run(work)
        except EditError:
            assert self.now() == before
            return None

    def publish(self, edit: Edit) -> Coroutine[Any, Any, Published]:
        return editing.publish(self.desk.database, [edit], author=ANA, rules=self.desk.rules, now=self.clock)

    async def imported(self, lines: list[Line]) -> Published:
        async with self.desk.database.read() as connection:
            current = {each.id: each for each in await directory_store.load(connection, self.keys)}
        found = plan.compare(
            assemble(lines), current, rules=self.desk.rules, areas=self.desk.areas, now=self.clock
        )
        return await plan.apply(
            self.desk.database, found, by="ana", file="hoja.csv", rules=self.desk.rules, now=self.clock
        )

    async def changes_of(self, batch: int) -> tuple[history_store.Change, ...]:
        async with self.desk.database.read() as connection:
            return await history_store.of_batch(connection, batch)

    def open(self, rows: dict[str, dict[str, str]]) -> dict[str, dict[str, str]]:
        return {key: row for key, row in rows.items() if self.prefix + key not in self.refuges}

    def now(self) -> dict[str, Fields | None]:
        async def read() -> dict[str, Fields | None]:
            async with self.desk.database.read() as connection:
                found = await directory_store.load(connection, self.keys)
            return dict.fromkeys(self.keys) | {each.id: to_fields(each) for each in found}

        return self.run(read())

    def revision(self, key: str) -> int | None:
        async def read() -> int | None:
            async with self.desk.database.read() as connection:
                found = await directory_store.load(connection, [key])
            return found[0].revision if found else None

        return self.run(read())

    def version(self) -> int:
        async def read() -> int:
            async with self.desk.database.read() as connection:
                return await directory_store.version(connection)

        return self.run(read())

    def run(self, work: Coroutine[Any, Any, Any]) -> Any:
        return self.runner.run(work)


@pytest.fixture
def opened(url: str) -> Iterator[tuple[asyncio.Runner, Desk]]:
    rules = record_rules.load_rules()

    async def start() -> Database:
        return open_database(url)

    with asyncio.Runner() as runner:
        database = runner.run(start())
        yield runner, Desk(database, rules, area_names.load(rules.areas))
        runner.run(database.close())


@pytest.mark.usually_on("sqlite")
def test_an_undo_gives_back_what_was_there_or_says_why_not(
    opened: tuple[asyncio.Runner, Desk], tmp_path: Path
) -> None:
    runner, desk = opened
    numbers = itertools.count(1)

    run_state_machine_as_test(  # type: ignore[no-untyped-call]
        lambda: Anything(runner, desk, tmp_path, next(numbers)),
        settings=settings(
            max_examples=8, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
