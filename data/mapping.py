"""Maps the researched services to the directory's tables; `python -m data.mapping` writes them anew."""

import csv
import re
import sys
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from itertools import chain
from pathlib import Path
from typing import Any

import yaml

from data import inegi, refuge_screen
from data.dialing import NotDialableError, as_dialled
from data.needs import Need, Who
from data.records import Channel, Compatibility, Confidence, Exposure, Kind, Location, Phone, Service, Source
from data.seed_files import COMPATIBILITY, SEED, YES_NO
from data.seed_tables import Mapped, Row, Table, tables, write

SOURCE = Path(__file__).parent / "seed" / "source" / "services_research.csv"
RULES = Path(__file__).parent / "mapping_rules.yml"

Rules = dict[str, Any]

_PHONE = re.compile(
    r"^(?P<before>[a-záéíóú]+ )?(?P<number>[*+\d][\d ]*\d)"
    r"(?: ext\. (?P<extension>[\d, y]+))?(?: (?P<after>\(.+\)))?$"
)
_UNSOURCED = "La fuente no dejó dirección de internet: confirme el dato antes de fiarse."
_URL = re.compile(r"https?://[^\s;/]+\.[^\s;]+")
_GITHUB = re.compile(r"github:([\w-]+/[\w.-]+).*")
_PERSONAL_MAIL = re.compile(r"@(gmail|hotmail|outlook|yahoo|live|prodigy)\.", re.IGNORECASE)
_REMARK = re.compile(r" \((?:grafía de la fuente[^)]*|sic|no confirmado)\)")
_OLD_ACCENT = re.compile(r"\b([Ss])ólo\b")
_CONFIDENTIAL = re.compile("CONFIDENCIAL")


class RulesError(Exception):
    """The rules don't cover a value of the source; the message names the row, the value and the section."""


@dataclass(slots=True)
class Ledger:
    """What the mapping made and what it left out."""

    services: list[Mapped] = field(default_factory=list)
    unmapped: Table = field(default_factory=list)
    splits: Table = field(default_factory=list)

    def leave_out(self, row: Row, column: str, reason: str, *, value: str | None = None) -> None:
        shown = row.get(column, "") if value is None else value
        self.unmapped.append({"row": row["id"], "field": column, "value": shown, "reason": reason})


def main() -> int:
    areas, rules = inegi.load(), read_rules(RULES)
    try:
        ledger = map_rows(read_source(SOURCE), rules, areas)
    except RulesError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    write(tables(ledger.services, areas) | own_tables(ledger, rules), SEED)
    sys.stdout.write(f"{len(ledger.services)} servicios, {len(ledger.unmapped)} datos sin lugar en {SEED}\n")
    return 0


def read_source(path: Path) -> Table:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def read_rules(path: Path) -> Rules:
    rules: Rules = yaml.safe_load(path.read_text(encoding="utf-8"))
    return rules


def map_rows(rows: Table, rules: Rules, areas: inegi.Areas) -> Ledger:
    """Every row becomes a service, a split or an entry of the unmapped list. Raises RulesError."""
    mapping = _Mapping(rules, areas)
    for row in rows:
        mapping.take(row)
    mapping.add_refuges()
    mapping.join_merged(rows)
    return mapping.ledger


def own_tables(ledger: Ledger, rules: Rules) -> dict[str, Table]:
    """The tables that aren't HSDS: where short codes answer, what was left out, what was split."""
    codes = [{key: str(value) for key, value in code.items()} for code in rules["short_codes"]]
    return {"short_codes": codes, "unmapped": ledger.unmapped, "splits": ledger.splits}


class _Mapping:
    """Goes through the source rows with the rules at hand and fills the ledger."""

    def __init__(self, rules: Rules, areas: inegi.Areas) -> None:
        self.ledger = Ledger()
        self._refuges: list[tuple[Row, dict[str, Any]]] = []
        self._rules = rules
        self._areas = areas
        self._names = refuge_screen.prepare(areas.place_names())
        self._splits = {split["row"]: split for split in rules["splits"]}
        self._keys = {(key[:2], _bare(names[0])): key for key, names in areas.municipalities.items()}

    def take(self, row: Row) -> None:
        decided = self._rules["rows"].get(row["id"], {})
        if "merge" in decided:
            reason = f"repite a {decided['merge']}, que lleva también sus fuentes"
            self.ledger.leave_out(row, "(toda la fila)", reason, value="")
        elif row["id"] in self._splits:
            self._split(row, self._splits[row["id"]])
        else:
            self.ledger.services.append(self._service(row, decided))

    def join_merged(self, rows: Table) -> None:
        """Gives the sources of a merged row to the row that stays."""
        for row in rows:
            target = self._rules["rows"].get(row["id"], {}).get("merge")
            if target:
                index = next(i for i, each in enumerate(self.ledger.services) if each.service.id == target)
                kept = self.ledger.services[index]
                urls = dict.fromkeys(kept.service.source.urls + self._urls(row))
                source = replace(kept.service.source, urls=tuple(urls))
                self.ledger.services[index] = replace(kept, service=replace(kept.service, source=source))

    def _split(self, row: Row, split: dict[str, Any]) -> None:
        """The list of splits holds no refuge's id: next to the row it would lead to its town."""
        if split["named"] != row["name"]:
            raise RulesError(f"{row['id']}: the split was made for a row of another name")
        intake, refuge = split.get("intake"), split.get("refuge")
        self.ledger.splits.append(
            {
                "row": row["id"],
                "intake_id": row["id"] if intake else "",
                "refuge": "sí" if refuge else "no",
                "reason": split["why"],
            }
        )
        if intake:
            self.ledger.services.append(self._intake(row, intake))
        if refuge:
            self._refuges.append((row, refuge))

    def add_refuges(self) -> None:
        """Numbered by state and in the order of the states, so that nothing ties one to its row."""
        counted: dict[str, int] = {}
        for row, refuge in sorted(self._refuges, key=lambda pair: (pair[1]["state"], pair[1]["name"])):
            state = refuge["state"]
            counted[state] = counted.get(state, 0) + 1
            self.ledger.services.append(self._refuge(row, refuge, f"REF-{state}-{counted[state]}"))

    def _intake(self, row: Row, decided: dict[str, Any]) -> Mapped:
        """The way in: its notes speak of the refuge, so they stay only when they tell no place."""
        exposure = {"exposure": "women"} if row["women_only"] == "sí" else {}
        mapped = self._service(row, exposure | decided)
        return replace(mapped, official_name="")

    def _refuge(self, row: Row, decided: dict[str, Any], key: str) -> Mapped:
        """Its sources stay with the way in: a local newspaper's address would tell the town."""
        service = Service(
            id=key,
            name=decided["name"],
            organization="No se publica",
            kind=Kind.REFUGE,
            needs=(Need.GBV,) if decided.get("women_only", "sí") == "sí" else (Need.SHELTER,),
            coverage=(decided["state"],),
            confidence=Confidence(row["confidence"]),
            source=Source((), self._date(row, {})),
            description="Lugar protegido. Se entra solo por una línea o una oficina.",
            location=Location(state=decided["state"]),
            eligibility=decided.get("eligibility", ""),
            fees="gratuito",
            compatibility=Compatibility(
                women_only=decided.get("women_only", "sí") == "sí",
                children=True if row["accepts_children"] == "sí" else None,
            ),
            exposure=Exposure.STAFF,
        )
        return Mapped(service)

    def _service(self, row: Row, decided: dict[str, Any]) -> Mapped:
        needs, phrases = self._needs(row, decided)
        location = self._location(row, decided)
        coverage = self._coverage(row, decided, location)
        phones = self._phones(row, decided, coverage)
        schedule, note = self._hours(row)
        languages = tuple((name, code, remark) for name, code, remark in self._language(row))
        name = decided.get("name") or _rewritten(row["name"], self._rules["names"])
        service = Service(
            id=row["id"],
            name=name,
            organization=decided.get("organization", row["organisation"]),
            kind=self._kind(row, decided),
            needs=needs,
            coverage=coverage,
            confidence=Confidence(row["confidence"]),
            source=Source(self._sources(row), self._date(row, decided)),
            description=decided.get("description") or self._description(row, phrases),
            phones=phones,
            location=location,
            schedule=schedule,
            schedule_note=note,
            website=self._website(row, decided),
            email=self._email(row),
            languages=tuple(name for name, _, _ in languages),
            eligibility=self._eligibility(row, decided),
            fees=self._look_up(row, "cost", "fees"),
            compatibility=self._compatibility(row, decided),
            exposure=self._exposure(row, decided, needs),
            staff_note=self._staff_note(row),
            only_for=tuple(Who(code) for code in decided.get("only_for", ())),
        )
        return Mapped(service, row["name"] if name != row["name"] else "", languages)

    def _hours(self, row: Row) -> tuple[str, str]:
        if not row["hours"]:
            return "", ""
        schedule, note = self._look_up(row, "hours", "hours")
        if not (schedule or note) and row["hours"] != "no confirmado":
            self.ledger.leave_out(row, "hours", "no es un horario de atención confirmado")
        return schedule, note

    def _look_up(self, row: Row, column: str, section: str) -> Any:
        try:
            return self._rules[section][row[column]]
        except KeyError:
            raise RulesError(f"{row['id']}: «{row[column]}» is not in the section «{section}»") from None

    def _needs(self, row: Row, decided: dict[str, Any]) -> tuple[tuple[Need, ...], list[str]]:
        codes: list[str] = []
        phrases: list[str] = []
        for token in row["category"].split("; "):
            category = self._rules["categories"].get(token)
            if category is None:
                raise RulesError(f"{row['id']}: «{token}» is not in the section «categories»")
            codes += category["needs"]
            phrases.append(category["says"])
        also = (extra for pattern, extra in self._rules["also"] if re.search(pattern, row["name"]))
        chosen = [*decided.get("needs", codes), *chain.from_iterable(also)]
        if not chosen:
            raise RulesError(f"{row['id']}: its categories give no need; decide it in «rows»")
        kept = [phrase for phrase in dict.fromkeys(phrases) if phrase]
        return tuple(Need(code) for code in dict.fromkeys(chosen)), kept

    def _description(self, row: Row, phrases: list[str]) -> str:
        for pattern, sentence in self._rules["descriptions"]:
            if re.search(pattern, row["name"]):
                return str(sentence)
        if not phrases:
            raise RulesError(f"{row['id']}: its categories say nothing to a person; describe it in «rows»")
        return f"Ofrece {_spoken(phrases)}."

    def _location(self, row: Row, decided: dict[str, Any]) -> Location:
        key, locality = self._place(row, decided)
        if key in ("", inegi.NATION):
            return Location()
        address = self._address(row, decided)
        if len(key) == 2:
            return Location(state=key, address=address)
        return Location(state=key[:2], municipality=key, locality=locality, address=address)

    def _place(self, row: Row, decided: dict[str, Any]) -> tuple[str, str]:
        """The INEGI key of the office, of its state when only that is known, and its town."""
        state = self._state(row)
        text = f"{row['state']}/{row['municipality']}"
        found = self._rules["municipalities"].get(text, {})
        key = found.get("key") or state
        if "unmapped" in found:
            self.ledger.leave_out(row, "municipality", found["unmapped"])
        if row["municipality"] and not found:
            key = self._keys.get((state, _bare(row["municipality"])), "")
            if not key:
                raise RulesError(f"{row['id']}: «{text}» is not in the section «municipalities»")
        key = decided.get("location", key)
        if not self._areas.knows(key):
            raise RulesError(f"{row['id']}: {key} is no INEGI key")
        return key, decided.get("locality", found.get("locality", ""))

    def _state(self, row: Row) -> str:
        known = self._rules["states"].get(row["state"])
        if known:
            return str(known)
        for key, name in self._areas.states.items():
            if _bare(name) == _bare(row["state"]):
                return key
        raise RulesError(f"{row['id']}: «{row['state']}» is not in the section «states»")

    def _address(self, row: Row, decided: dict[str, Any]) -> str:
        dropped = decided.get("drop", {}).get("address")
        if dropped:
            self.ledger.leave_out(row, "address", dropped)
        if dropped or _CONFIDENTIAL.search(row["address"]):
            return ""
        return _REMARK.sub("", row["address"])

    def _coverage(self, row: Row, decided: dict[str, Any], location: Location) -> tuple[str, ...]:
        text = f"{row['state']}/{row['municipality']}"
        listed = decided.get("coverage") or self._rules["municipalities"].get(text, {}).get("covers")
        if listed:
            return tuple(listed)
        state = self._state(row)
        local = row["level"] in ("municipal", "ONG", "IGO") or any(
            re.search(pattern, row["name"]) for pattern in self._rules["local_offices"]
        )
        if state != inegi.NATION and local and location.municipality:
            return (location.municipality,)
        return (state,)

    def _phones(self, row: Row, decided: dict[str, Any], coverage: tuple[str, ...]) -> tuple[Phone, ...]:
        found: list[Phone] = []
        for column, channel in (("phones", Channel.VOICE), ("whatsapp", Channel.WHATSAPP)):
            for text in filter(None, row[column].split("; ")):
                phone = self._phone(row, column, text, coverage)
                if phone:
                    found.append(replace(phone, type=channel))
        said = decided.get("phone_description", "")
        return tuple(replace(phone, description=phone.description or said) for phone in found)

    def _phone(self, row: Row, column: str, text: str, coverage: tuple[str, ...]) -> Phone | None:
        if self._is_personal(row, text):
            self.ledger.leave_out(row, column, "teléfono que una persona lleva en lo personal", value="")
            return None
        match = _PHONE.match(text)
        try:
            if not match:
                raise NotDialableError("no se entiende como teléfono")
            number = as_dialled(match["number"], short=self._short_codes(coverage))
        except NotDialableError as error:
            self.ledger.leave_out(row, column, str(error), value=text)
            return None
        return Phone(
            number,
            extension=_spoken(re.findall(r"\d+", match["extension"] or "")),
            description=self._remark(row, match),
        )

    def _is_personal(self, row: Row, text: str) -> bool:
        return any(
            dropped["row"] == row["id"] and text in dropped["numbers"]
            for dropped in self._rules["phones_dropped"]
        )

    def _short_codes(self, coverage: tuple[str, ...]) -> set[str]:
        return {
            code["number"]
            for code in self._rules["short_codes"]
            if code["area"] == inegi.NATION or any(key.startswith(code["area"]) for key in coverage)
        }

    def _remark(self, row: Row, match: re.Match[str]) -> str:
        remark = (match["before"] or match["after"] or "").strip()
        if remark and remark not in self._rules["phone_remarks"]:
            raise RulesError(f"{row['id']}: «{remark}» is not in the section «phone_remarks»")
        return str(self._rules["phone_remarks"].get(remark, ""))

    def _language(self, row: Row) -> list[tuple[str, str, str]]:
        return [tuple(entry) for entry in self._look_up(row, "languages", "languages")]

    def _kind(self, row: Row, decided: dict[str, Any]) -> Kind:
        if "kind" in decided:
            return Kind(decided["kind"])
        for kind, pattern in self._rules["kinds"].items():
            if re.search(pattern, row["name"]):
                return Kind(kind)
        return Kind.OFFICE

    def _urls(self, row: Row) -> tuple[str, ...]:
        return tuple(
            dict.fromkeys(url for part in row["source_url"].split(" ; ") for url in _addresses(part))
        )

    def _sources(self, row: Row) -> tuple[str, ...]:
        for part in row["source_url"].split(" ; "):
            if not _addresses(part):
                reason = "esta fuente no tiene una dirección de internet"
                self.ledger.leave_out(row, "source_url", reason, value=part.strip())
            elif rest := _URL.sub("", _GITHUB.sub("", part)).strip(" ;()"):
                self.ledger.leave_out(row, "source_url", "aclaración sobre la fuente", value=rest)
        return self._urls(row)

    def _date(self, row: Row, decided: dict[str, Any]) -> str:
        if "date" in decided:
            return str(decided["date"])
        text = row["source_date"]
        if re.fullmatch(r"\d{4}(-\d{2}){0,2}", text):
            return text
        return str(self._look_up(row, "source_date", "dates"))

    def _website(self, row: Row, decided: dict[str, Any]) -> str:
        dropped = decided.get("drop", {}).get("website")
        if dropped:
            self.ledger.leave_out(row, "website", dropped)
            return ""
        return row["website"]

    def _email(self, row: Row) -> str:
        if _PERSONAL_MAIL.search(row["email"]):
            self.ledger.leave_out(row, "email", "correo personal", value="")
            return ""
        return row["email"]

    def _eligibility(self, row: Row, decided: dict[str, Any]) -> str:
        text = decided.get(
            "eligibility", self._rules["eligibility"].get(row["eligibility"], row["eligibility"])
        )
        for term, plain in self._rules["words"].items():
            text = re.sub(rf"\b{re.escape(term)}\b", plain, text)
        return _spelt(_REMARK.sub("", text))

    def _compatibility(self, row: Row, decided: dict[str, Any]) -> Compatibility:
        said: dict[str, str] = {"children": self._look_up(row, "accepts_children", "children")}
        said |= decided.get("compatibility", {})
        if "indígenas" in row["eligibility"]:
            said.setdefault("indigenous", "sí")
        age = said.pop("sons_up_to_age", "")
        return Compatibility(
            women_only=_for_women(row, decided),
            sons_up_to_age=int(age) if age else None,
            **{name: YES_NO[said.get(name, "")] for name in COMPATIBILITY},
        )

    def _exposure(self, row: Row, decided: dict[str, Any], needs: tuple[Need, ...]) -> Exposure:
        if row["confidence"] == Confidence.X:
            return Exposure.STAFF
        if "exposure" in decided:
            return Exposure(decided["exposure"])
        kept = _for_women(row, decided) and Need.GBV in needs
        return Exposure.WOMEN if kept else Exposure.PUBLIC

    def _staff_note(self, row: Row) -> str:
        """What the source says beyond the public fields; a note that tells a refuge's place is left out."""
        note = _spelt(" ".join(row["notes"].split()))
        if self._tells_a_refuge(row, note):
            self.ledger.leave_out(row, "notes", "la nota habla de un refugio y de un lugar", value="")
            note = ""
        said = row["eligibility"] if row["eligibility"] in self._rules["eligibility"] else ""
        dated = row["source_date"] if row["source_date"] in self._rules["dates"] else ""
        parts = (
            note,
            said and f"Para quién, según la fuente: {said}.",
            dated and f"Fecha: {dated}.",
            "" if self._urls(row) else _UNSOURCED,
        )
        return " ".join(filter(None, parts))

    def _tells_a_refuge(self, row: Row, text: str) -> bool:
        about_women = row["women_only"] == "sí" or row["id"] in self._splits
        speaks = refuge_screen.speaks_of_a_refuge(text)
        return about_women and speaks and bool(refuge_screen.places_in(text, self._names))


def _for_women(row: Row, decided: dict[str, Any]) -> bool:
    """As the source says; a row that reads as for women and isn't marked there is decided by hand."""
    return bool(decided.get("women_only", row["women_only"] == "sí"))


def _rewritten(name: str, patterns: Iterable[tuple[str, str]]) -> str:
    for pattern, plain in patterns:
        name = re.sub(pattern, plain, name)
    return name


def _spelt(text: str) -> str:
    """«solo» as everywhere else in Faro: without the accent (Ortografía de la lengua española, 2010)."""
    return _OLD_ACCENT.sub(r"\1olo", text)


def _addresses(part: str) -> list[str]:
    """The internet addresses in a source; a code repository becomes its page."""
    repositories = [f"https://github.com/{name}" for name in _GITHUB.findall(part)]
    return _URL.findall(part) + repositories


def _spoken(items: list[str]) -> str:
    """«a, b y c», as a person says a list."""
    return " y ".join(filter(None, (", ".join(items[:-1]), *items[-1:])))


def _bare(text: str) -> str:
    decomposed = unicodedata.normalize("NFD", text.lower())
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))


if __name__ == "__main__":
    sys.exit(main())
