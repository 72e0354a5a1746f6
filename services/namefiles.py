"""The gazetteer's files read into names and their senses. Source: INEGI; aliases are the project's own."""

import csv
from collections.abc import Iterator, Mapping
from pathlib import Path

from services.placenames import UNCOUNTED, Names, Rank, Sense
from services.spelling import words

# «San Cristóbal» stands for many places; «Ajuchitlán» hardly for another than Ajuchitlán del Progreso.
_SHORT_NAME_SHARE = 0.1
_ARTICLES = frozenset(("el", "la", "los", "las"))
_SAINTS = frozenset(("san", "santa", "santo", "santos", "santiago", "asuncion", "magdalena", "villa"))
_RANKS = frozenset(("general", "doctor", "coronel", "capitan"))
_TITLES = frozenset(("heroica", "ciudad", "villa", "de", "la", "el", "puerto", "valle", "general", "cuna"))


def read_names(folder: Path) -> Names:
    """Names of the gazetteer folder. Raises OSError, KeyError or ValueError for a missing or broken file."""
    senses: dict[str, dict[tuple[str, Rank], Sense]] = {}
    for name, sense in _all_names(folder):
        kept = senses.setdefault(name, {})
        same = kept.get((sense.key, sense.rank))
        if same is None or same.weight < sense.weight:
            kept[sense.key, sense.rank] = sense
    return Names(
        senses={name: tuple(kept.values()) for name, kept in senses.items()},
        everyday=_read_lines(folder / "everyday_names.txt"),
        ordinary=_read_lines(folder / "ordinary_words.txt"),
    )


def read_rows(path: Path) -> list[dict[str, str]]:
    """Rows of a CSV file with a header."""
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def _all_names(folder: Path) -> Iterator[tuple[str, Sense]]:
    municipalities = read_rows(folder / "municipios.csv")
    people = {row["cvegeo"]: int(row["pob_total_2020"] or UNCOUNTED) for row in municipalities}
    states = read_rows(folder / "estados.csv")
    people.update({row["cve_ent"]: int(row["pob_total_2020"]) for row in states})
    for row in states:
        yield " ".join(words(row["nom_ent"])), Sense(row["cve_ent"], Rank.STATE, people[row["cve_ent"]])
    for row in municipalities:
        yield from _names_of(row, people[row["cvegeo"]])
    for row in read_rows(folder / "aliases.csv"):
        yield from _aliases(row, people)
    for row in read_rows(folder / "localidades_1000.csv"):
        for part in row["nom_display"].replace(")", "").split("("):  # «Creel (Estación Creel)»
            if name := " ".join(words(part)):
                yield name, _town(row)


def _names_of(row: dict[str, str], people: int) -> Iterator[tuple[str, Sense]]:
    key, name = row["cvegeo"], words(row["nom_mun"])
    yield " ".join(name), Sense(key, Rank.MUNICIPALITY, people)
    for short in _short_names(name):
        yield " ".join(short), Sense(key, Rank.SHORT, int(people * _share(short)))
    seat = words(row["nom_cab"])
    if seat:
        yield " ".join(seat), Sense(key, Rank.LOCALITY, min(people, 1_000))


def _short_names(name: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """«Tlapa» of Tlapa de Comonfort, «Juxtlahuaca» of Santiago Juxtlahuaca, «Mante» of El Mante, «Sola
    de Vega» of Villa Sola de Vega."""
    if name[:3] == ("heroica", "ciudad", "de"):
        name = name[3:]
        yield name
    if name[0] in _RANKS or (name[0] == "villa" and len(name) > 2 and name[1] not in ("de", "del")):
        yield name[1:]
    for joint in ("de", "del"):
        head = name[: name.index(joint)] if joint in name[1:] else ()
        if head and not _TITLES.issuperset(head):
            yield head
    if name[0] in _SAINTS and len(name) > 1 and len(name[-1]) >= 6 and len(name[-2]) > 3:
        yield name[-1:]
    if name[0] in _ARTICLES and len(name) > 1:
        yield name[1:]


def _share(short: tuple[str, ...]) -> float:
    return _SHORT_NAME_SHARE if len(short) > 1 or short[0] in _SAINTS else 1.0


def _aliases(row: dict[str, str], people: Mapping[str, int]) -> Iterator[tuple[str, Sense]]:
    name, keys = " ".join(words(row["alias"])), row["keys"].split()
    for key in keys:
        rank = Rank.STATE if len(key) == 2 else Rank.ALIAS
        yield name, Sense(key, rank, people[key])


def _town(row: dict[str, str]) -> Sense:
    return Sense(row["cve_entidad"] + row["cve_municipio"], Rank.LOCALITY, int(row["poblacion_total"]))


def _read_lines(path: Path) -> frozenset[str]:
    return frozenset(path.read_text(encoding="utf-8").split("\n")) - {""}
