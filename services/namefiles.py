"""The gazetteer's files read into names and their senses. Source: INEGI; aliases are the project's own."""

import csv
from collections.abc import Iterator, Mapping
from pathlib import Path

from services.placenames import UNCOUNTED, Names, Rank, Sense
from services.spelling import words

# «San Cristóbal» stands for many places; «Ajuchitlán» hardly for another than Ajuchitlán del Progreso.
_SHORT_NAME_SHARE = 0.1
_ARTICLES = frozenset(("el", "la", "los", "las", "del"))
_SAINTS = frozenset(("san", "santa", "santo", "santos", "santiago", "asuncion", "magdalena", "villa"))
_HONOURS = frozenset(
    ("tres", "veces", "heroica", "ciudad", "villa", "general", "doctor", "dr", "coronel", "capitan")
)
_PARTICLES = frozenset(("de", "del", "la", "las", "los", "el", "y"))
_LONG = 10
"""Letters of a name that is known without its particles, or written as one word."""
_SEAT = "0001"
"""Number of the locality that is a municipality's seat."""
_SHORTEST = 4
"""Letters of a name without its title: not «Cos» of Villa de Cos."""
_TITLES = frozenset(("heroica", "ciudad", "villa", "de", "la", "el", "puerto", "valle", "general", "cuna"))


def read_names(folder: Path) -> Names:
    """Names of the gazetteer folder. Raises OSError, KeyError or ValueError for a missing or broken file."""
    senses: dict[str, dict[tuple[str, Rank], Sense]] = {}
    for name, sense in _all_names(folder):
        kept = senses.setdefault(name, {})
        same = kept.get((sense.key, sense.rank))
        if same is None or same.weight < sense.weight:
            kept[sense.key, sense.rank] = sense
    capitals, cities = _read_capitals(folder)
    return Names(
        senses={name: tuple(kept.values()) for name, kept in senses.items()},
        everyday=_read_lines(folder / "everyday_names.txt"),
        ordinary=_read_lines(folder / "ordinary_words.txt"),
        capitals=capitals,
        cities=cities,
    )


def read_rows(path: Path) -> list[dict[str, str]]:
    """Rows of a CSV file with a header."""
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def _all_names(folder: Path) -> Iterator[tuple[str, Sense]]:
    municipalities = read_rows(folder / "municipios.csv")
    states = read_rows(folder / "estados.csv")
    people = _people(states, municipalities)
    for row in states:
        yield " ".join(words(row["nom_ent"])), Sense(row["cve_ent"], Rank.STATE, people[row["cve_ent"]])
    for row in municipalities:
        yield from _names_of(row, people[row["cvegeo"]])
    for row in read_rows(folder / "aliases.csv"):
        yield from _aliases(row, people)
    for row in read_rows(folder / "localidades_1000.csv"):
        yield from _towns(row)


def _people(*tables: list[dict[str, str]]) -> dict[str, int]:
    return {
        row.get("cvegeo") or row["cve_ent"]: int(row["pob_total_2020"] or UNCOUNTED)
        for table in tables
        for row in table
    }


def _read_capitals(folder: Path) -> tuple[dict[str, Sense], dict[str, Sense]]:
    people = _people(read_rows(folder / "municipios.csv"))
    rows = read_rows(folder / "capitales.csv")
    capitals, cities = (
        {row["cve_ent"]: Sense(row[column], Rank.ALIAS, people[row[column]]) for row in rows if row[column]}
        for column in ("cvegeo_capital", "cvegeo_ciudad")
    )
    return capitals, cities


def _names_of(row: dict[str, str], people: int) -> Iterator[tuple[str, Sense]]:
    key, name = row["cvegeo"], words(row["nom_mun"])
    yield " ".join(name), Sense(key, Rank.MUNICIPALITY, people)
    if len(name) > 1 and len(joined := "".join(name)) >= _LONG:
        yield joined, Sense(key, Rank.ALIAS, people)
    if bare := _without_particles(name):
        yield " ".join(bare), Sense(key, Rank.SHORT, people)
    for short in _short_names(name):
        yield " ".join(short), Sense(key, Rank.SHORT, int(people * _share(short)))
    seat = words(row["nom_cab"])
    for written in (seat, *_short_names(seat)) if seat else ():
        yield " ".join(written), Sense(key, Rank.LOCALITY, min(people, 1_000))


def _short_names(name: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """«Tlapa» of Tlapa de Comonfort, «Juxtlahuaca» of Santiago Juxtlahuaca, «Mante» of El Mante, «Sola
    de Vega» of Villa Sola de Vega, «Zaachila» of Villa de Zaachila, «Ixtepec» of Ciudad Ixtepec."""
    whole, name = name, _untitled(name)
    if name != whole:
        yield name
    for joint in ("de", "del"):
        head = name[: name.index(joint)] if joint in name[1:] else ()
        if head and not _TITLES.issuperset(head):
            yield head
    if name[0] in _SAINTS and len(name) > 1 and len(name[-1]) >= 6 and len(name[-2]) > 3:
        yield name[-1:]
    if name[0] in _ARTICLES and len(name) > 1:
        yield name[1:]


def _without_particles(name: tuple[str, ...]) -> tuple[str, ...]:
    """«San Miguel Allende», «Lagos Moreno»; empty without any, or when too little is left."""
    bare = tuple(word for word in name if word not in _PARTICLES)
    return bare if 1 < len(bare) < len(name) and len("".join(bare)) >= _LONG else ()


def _untitled(name: tuple[str, ...]) -> tuple[str, ...]:
    """A name without «Heroica», «Ciudad de», «Villa», «General», as long as enough of it is left."""
    bare = name
    while len(bare) > 1 and bare[0] in _HONOURS:
        bare = bare[1:]
    if len(bare) > 1 and bare[0] == "de" and bare != name:
        bare = bare[1:]
    return bare if len("".join(bare)) >= _SHORTEST else name


def _share(short: tuple[str, ...]) -> float:
    return _SHORT_NAME_SHARE if len(short) > 1 or short[0] in _SAINTS else 1.0


def _aliases(row: dict[str, str], people: Mapping[str, int]) -> Iterator[tuple[str, Sense]]:
    name, keys = " ".join(words(row["alias"])), row["keys"].split()
    for key in keys:
        rank = Rank.STATE if len(key) == 2 else Rank.ALIAS
        yield name, Sense(key, rank, people[key])


def _towns(row: dict[str, str]) -> Iterator[tuple[str, Sense]]:
    people = int(row["poblacion_total"])
    key = row["cve_entidad"] + row["cve_municipio"]
    for part in row["nom_display"].replace(")", "").split("("):  # «Creel (Estación Creel)»
        if not (name := words(part)):
            continue
        yield " ".join(name), Sense(key, Rank.LOCALITY, people)
        # nobody calls Victoria de Durango Victoria
        named = words(row["nom_municipio"])[0] in name
        for short in _short_names(name) if row["cve_localidad"] == _SEAT and not named else ():
            yield " ".join(short), Sense(key, Rank.LOCALITY, int(people * _share(short)))


def _read_lines(path: Path) -> frozenset[str]:
    return frozenset(path.read_text(encoding="utf-8").split("\n")) - {""}
