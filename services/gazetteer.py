"""States and municipalities of Mexico: by name, in a message or by coordinates, with distance and time.

Source of names, population and coordinates: INEGI.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from heapq import nsmallest
from math import asin, cos, radians, sin, sqrt
from pathlib import Path

from services.answers import only_filling, read_answer, says_only_where
from services.homonyms import choose
from services.mentions import read_message, tells_of_leaving, tells_of_missing, wanted_and_fled
from services.namefiles import read_names, read_rows
from services.placenames import Names
from services.places import Mentions, Place, PlaceAnswer
from services.postal_codes import read_postal_codes
from services.shapes import Shapes, read_shapes
from services.spans import Found
from services.spelling import MAX_TEXT, fold, tokens

SEED = Path(__file__).resolve().parent.parent / "data" / "seed" / "gazetteer"

NOWHERE = PlaceAnswer()

_KM_OF_A_DEGREE = 110.5
"""Of latitude, at the least."""
_EARTH_KM = 6371.0088
_CLEARLY_NEARER = 2.0
_FIVE_DIGITS = re.compile(r"\d{5}")
_POSTAL_CODE = re.compile(r"(?<![\d$.,+-])(\d{5})(?![\d%]|[.,]\d|\s*(?:pesos|varos|mil\b))")
_POSTAL_CUE = re.compile(
    r"(?:\bc\s?\.?\s?p\b|codigo postal|postal|recibo|credencial|mi ine"
    r"|\b(?:estoy|estamos|ando|andamos|vivo|vivimos) (?:aqui )?(?:en|por))"
    r"\W{0,4}(?:es )?(?:el )?(\d{5})(?!\d|[.,]\d| de\b)"
)
_POSTAL_ANSWER = re.compile(r"\W*(?:(?:es|seria|creo que es|(?:mi |el )?codigo(?: es)?) )?(?:el )?\d{5}\b")


@dataclass(frozen=True, slots=True)
class Area:
    """What the gazetteer knows of a place besides its names. A state has no coordinates of its own."""

    place: Place
    time_zone: str
    population: int | None
    seat: str = ""
    latitude: float | None = None
    longitude: float | None = None
    women: int | None = None


@dataclass(frozen=True)
class Gazetteer:
    """Places by key and by name. Nothing is read after `load`, except the shapes at the first `at`."""

    areas: Mapping[str, Area]
    names: Names
    postal_states: Mapping[str, str]
    shapes_file: Path
    postal_codes: Mapping[str, str] = field(default_factory=dict)
    _near: dict[tuple[str, float], tuple[str, ...]] = field(default_factory=dict, repr=False, compare=False)
    """What `within` found: municipalities do not move."""

    @classmethod
    def load(cls, folder: Path = SEED, *, postal_file: Path | None = None) -> "Gazetteer":
        """Read the folder and, later, its neighbour `shapes`. Raises OSError, KeyError or ValueError.

        `postal_file` is the operator's copy of SEPOMEX's or GeoNames' file; else a code gives its state.
        """
        names = read_names(folder)
        names.prepare()
        prefixes = read_rows(folder / "cp_prefijo_estado.csv")
        states = {row["prefijo2"]: row["cve_ent"] for row in prefixes}
        return cls(
            areas=_read_areas(folder),
            names=names,
            postal_states=states,
            postal_codes=read_postal_codes(postal_file, states) if postal_file else {},
            shapes_file=folder.parent / "shapes" / "municipios.topo.json",
        )

    def place(self, key: str) -> Place | None:
        """The municipality («12066») or state («12») with this INEGI key."""
        area = self.areas.get(key)
        return area.place if area else None

    def resolve(self, text: str, *, within: str | None = None) -> PlaceAnswer:
        """A whole text as the answer to «¿En qué municipio o estado está?».

        `within` is the key of the state when it is known already.
        """
        spoken = tokens(text)
        if not spoken:
            return NOWHERE
        posted = _posted(self, text, cued=False)
        found = read_answer(self.names, spoken)
        answer = self._best(found, within or _state_posted(posted, found), spoken)
        if answer.candidates or not posted or not (_answers_posted(text) or only_filling(spoken)):
            return answer
        return self._answer((posted,), ambiguous=False)

    def find(self, text: str) -> Mentions:
        """The places inside a longer message: where the person is or wants help, and where they fled from."""
        spoken = tokens(text)
        mentions = read_message(self.names, spoken)
        wanted, fled = wanted_and_fled(
            mentions,
            home=says_only_where(spoken, mentions),
            missing=tells_of_missing(spoken),
            left=tells_of_leaving(spoken),
        )
        posted = _posted(self, text, cued=True)
        here = self._best(wanted, posted and posted[:2], spoken)
        if posted and not here.candidates:
            here = self._answer((posted,), ambiguous=False)
        left = self._likeliest(fled, here, spoken)
        return Mentions(here if here.candidates else None, left if left.candidates else None)

    def at(self, latitude: float, longitude: float) -> Place | None:
        """The municipality at a point in degrees; up to five kilometres off the coast still counts."""
        key = self._shapes.holding(latitude, longitude)
        return self.place(key) if key else None

    def distance_km(self, key_a: str, key_b: str) -> float | None:
        """Straight distance between two municipalities; None for a state or an unknown key."""
        a, b = self.areas.get(key_a), self.areas.get(key_b)
        return _distance(a, b) if a and b else None

    def within(self, key: str, km: float) -> tuple[str, ...]:
        """Keys of the other municipalities no farther away than `km`."""
        if (key, km) not in self._near:
            here = self.areas.get(key)
            self._near[key, km] = _within(here, self.areas.values(), km) if here else ()
        return self._near[key, km]

    def neighbours(self, key: str, *, limit: int) -> tuple[tuple[Place, float], ...]:
        """The nearest other municipalities with their distance in kilometres, the nearest first."""
        here = self.areas.get(key)
        if here is None:
            return ()
        measured = ((_distance(here, area), area) for area in self.areas.values() if area is not here)
        known = ((km, area.place.key) for km, area in measured if km is not None)
        return tuple((self.areas[near].place, km) for km, near in nsmallest(limit, known))

    def time_zone(self, key: str) -> str:
        """IANA time zone of a municipality or, by default, of a state. Raises KeyError for an unknown key."""
        return self.areas[key].time_zone

    def population(self, key: str) -> int | None:
        """People counted in 2020; None for municipalities younger than that."""
        area = self.areas.get(key)
        return area.population if area else None

    def women(self, key: str) -> int | None:
        """Women and girls counted in 2020; None for a state and for municipalities younger than that."""
        area = self.areas.get(key)
        return area.women if area else None

    def municipalities_of(self, state: str) -> tuple[Place, ...]:
        """The municipalities of a state by key; empty for an unknown state."""
        return tuple(
            area.place for key, area in sorted(self.areas.items()) if len(key) == 5 and key[:2] == state
        )

    def distinction(self, key: str) -> str:
        """What tells apart two municipalities of one name in one state («distrito 08»); else empty."""
        area = self.areas.get(key)
        if area is None or key not in self._twins:
            return ""
        name = area.place.municipality or ""
        return area.seat.removeprefix(name).strip().lower()

    @cached_property
    def _shapes(self) -> Shapes:
        return read_shapes(self.shapes_file)

    @cached_property
    def _twins(self) -> frozenset[str]:
        by_name: dict[tuple[str, str | None], list[str]] = {}
        for key, area in self.areas.items():
            by_name.setdefault((area.place.state, area.place.municipality), []).append(key)
        return frozenset(key for keys in by_name.values() if len(keys) > 1 for key in keys)

    def _likeliest(self, found: Sequence[Found], here: PlaceAnswer, spoken: Sequence[str]) -> PlaceAnswer:
        """The place fled; of homonyms the one in the state where the person is, who seldom goes far."""
        left = self._best(found, None, spoken)
        if not left.ambiguous or here.ambiguous or not here.candidates:
            return left
        state = here.candidates[0].key[:2]
        near = [place for place in left.candidates if place.key[:2] == state]
        return PlaceAnswer(tuple(near)) if len(near) == 1 else left

    def _best(self, found: Sequence[Found], state: str | None, spoken: Sequence[str]) -> PlaceAnswer:
        """The plainest of the places, a municipality rather than the state that another names."""
        if not found:
            return NOWHERE
        named = state or next((place.state for place in found if place.state), None)
        for place in _narrowest_first(found, named):
            within = place.near or (named if not place.state else state)
            keys, ambiguous = choose(place.senses, within=within)
            if not keys and place.near is None and state is None:
                keys, ambiguous = choose(place.senses)
            if ambiguous:
                keys, ambiguous = _told_apart(keys, place, found, spoken)
            if ambiguous:
                keys, ambiguous = self._nearest(keys, place, found)
            if keys:
                return self._answer(keys, ambiguous=ambiguous)
        return NOWHERE

    def _nearest(
        self, keys: tuple[str, ...], place: Found, found: Sequence[Found]
    ) -> tuple[tuple[str, ...], bool]:
        """Homonyms of one state decided by another place: «San Juan Mixtepec el de Juxtlahuaca»."""
        others = [choose(other.senses, within=keys[0][:2]) for other in found if other is not place]
        known = [others_keys[0] for others_keys, unsure in others if others_keys and not unsure]
        measured = sorted(
            (km, key) for key in keys for other in known if (km := self.distance_km(key, other)) is not None
        )
        if len({key for _, key in measured}) < 2 or measured[0][0] * _CLEARLY_NEARER > measured[-1][0]:
            return keys, True
        return (measured[0][1],), False

    def _answer(self, keys: Sequence[str], *, ambiguous: bool) -> PlaceAnswer:
        return PlaceAnswer(tuple(self.areas[key].place for key in keys), ambiguous)


def _state_posted(posted: str | None, found: Sequence[Found]) -> str | None:
    """The state of a postal code, unless the words name it too: «70000 Oaxaca» is the state."""
    if posted is None or any(place.state == posted[:2] for place in found):
        return None
    return posted[:2]


def _told_apart(
    keys: tuple[str, ...], place: Found, found: Sequence[Found], spoken: Sequence[str]
) -> tuple[tuple[str, ...], bool]:
    """Homonyms that another place of the same text decides: «Benito Juárez, Cancún», «Ocampo y Zitácuaro».

    In «Villa Juárez, Navolato» none of them is in the state of the other: a town of it that no list has.
    """
    for other in found:
        known, unsure = choose(other.senses)
        if other is place or unsure or not known:
            continue
        if other.start == place.end:
            return known, False
        same = tuple(key for key in keys if key == known[0]) or tuple(
            key for key in keys if key[:2] == known[0][:2]
        )
        if len(same) == 1:
            return same, False
        if not same and other.state is None and spoken[place.end : other.start] == (",",):
            return known, False
    return keys, True


def _narrowest_first(found: Sequence[Found], state: str | None) -> list[Found]:
    """The first place; but when that is a state, a municipality of it that is also named."""
    first = found[0]
    if first.state is None:
        return list(found)
    inside = [place for place in found if not place.state and choose(place.senses, within=state)[0]]
    return [*inside, *found]


def _answers_posted(text: str) -> bool:
    """Whether a postal code is what the text answers with: behind a cue, or at its beginning."""
    plain = fold(text)
    return bool(_POSTAL_CUE.search(plain) or _POSTAL_ANSWER.match(plain))


def _posted(gazetteer: Gazetteer, text: str, *, cued: bool) -> str | None:
    """The place of a five-digit postal code. In a message it needs a cue («CP», «estoy en el») before it."""
    if not _FIVE_DIGITS.search(text, 0, MAX_TEXT):
        return None
    plain = fold(text)
    match = _POSTAL_CUE.search(plain) or (None if cued else _POSTAL_CODE.search(plain))
    if match is None:
        return None
    exact = gazetteer.postal_codes.get(match.group(1))
    return exact if exact in gazetteer.areas else gazetteer.postal_states.get(match.group(1)[:2])


def _distance(a: Area, b: Area) -> float | None:
    if a.latitude is None or a.longitude is None or b.latitude is None or b.longitude is None:
        return None
    south, north = radians(a.latitude), radians(b.latitude)
    rise, turn = north - south, radians(b.longitude - a.longitude)
    arc = sin(rise / 2) ** 2 + cos(south) * cos(north) * sin(turn / 2) ** 2
    return 2 * _EARTH_KM * asin(sqrt(arc))


def _within(here: Area, areas: Iterable[Area], km: float) -> tuple[str, ...]:
    """By a rough look at the degrees first: measuring is what takes long."""
    if here.latitude is None or here.longitude is None:
        return ()
    north = km / _KM_OF_A_DEGREE
    east = north / max(cos(radians(here.latitude)), 0.1)
    return tuple(
        area.place.key
        for area in areas
        if area is not here
        and area.latitude is not None
        and area.longitude is not None
        and abs(area.latitude - here.latitude) <= north
        and abs(area.longitude - here.longitude) <= east
        and (_distance(here, area) or 0.0) <= km
    )


def _read_areas(folder: Path) -> dict[str, Area]:
    zones = {
        row["cvegeo_mun"] or row["cve_ent"]: row["iana_tz"]
        for row in read_rows(folder / "zonas_horarias.csv")
    }
    areas = {row["cve_ent"]: _state(row, zones) for row in read_rows(folder / "estados.csv")}
    for row in read_rows(folder / "municipios.csv"):
        areas[row["cvegeo"]] = _municipality(row, zones)
    return areas


def _state(row: dict[str, str], zones: Mapping[str, str]) -> Area:
    key = row["cve_ent"]
    return Area(Place(key, row["nom_ent"]), zones[key], int(row["pob_total_2020"]))


def _municipality(row: dict[str, str], zones: Mapping[str, str]) -> Area:
    key, people, women = row["cvegeo"], row["pob_total_2020"], row["pob_fem_2020"]
    return Area(
        place=Place(key, row["nom_ent"], row["nom_mun"]),
        time_zone=zones.get(key, zones[key[:2]]),
        population=int(people) if people else None,
        seat=row["nom_cab"],
        latitude=float(row["lat"]),
        longitude=float(row["lon"]),
        women=int(women) if women else None,
    )
