"""What can go out besides words: a point on the map, a contact card, a page on the internet. Pure.

Each stands beside a text that says the same, for whoever can't show it.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

MAX_URL = 2000
_DECIMALS = 6
"""Of a degree: eleven centimetres."""
_ZOOM = 17


@dataclass(frozen=True, slots=True)
class Point:
    """A place on the map, in degrees. `lines` is all else that must be known of it: address, hours, age."""

    latitude: float
    longitude: float
    name: str
    lines: str

    @property
    def written(self) -> tuple[str, str]:
        """(latitude, longitude) as every platform and page reads them."""
        return f"{self.latitude:.{_DECIMALS}f}", f"{self.longitude:.{_DECIMALS}f}"

    @property
    def is_on_earth(self) -> bool:
        """Whether the degrees are some: not NaN, not swapped beyond the poles."""
        return -90 <= self.latitude <= 90 and -180 <= self.longitude <= 180


@dataclass(frozen=True, slots=True)
class Contact:
    """Somebody to call. `phones` as people dial them, digits only; `note` what to say and how sure it is."""

    name: str
    phones: tuple[str, ...]
    note: str


@dataclass(frozen=True, slots=True)
class Page:
    """A page of somebody else. `label` stands on the button that opens it."""

    url: str
    label: str

    @property
    def host(self) -> str:
        """Whose page it is, as one sees it in the address."""
        return _host(self.url)


Card = Point | Contact | Page

_KINDS: Mapping[str, type[Card]] = {"point": Point, "contact": Contact, "page": Page}


def to_dict(card: Card) -> dict[str, Any]:
    """As JSON values; `from_dict` gives the same back."""
    kind = next(name for name, made in _KINDS.items() if isinstance(card, made))
    return {"kind": kind, **asdict(card)}


def from_dict(data: object) -> Card | None:
    """A card that was kept. One of a later version is left out: its text says the same."""
    made = _KINDS.get(str(data.get("kind"))) if isinstance(data, dict) else None
    if not (isinstance(data, dict) and made):
        return None
    values: dict[str, Any] = {
        name: tuple(v) if isinstance(v, list) else v for name, v in data.items() if name != "kind"
    }
    try:
        return made(**values)
    except TypeError:
        return None


def map_link(point: Point) -> str:
    """The point on OpenStreetMap."""
    latitude, longitude = point.written
    shown = f"{_ZOOM}/{latitude}/{longitude}"
    return f"https://www.openstreetmap.org/?mlat={latitude}&mlon={longitude}#map={shown}"


def can_be_opened(url: str) -> bool:
    """Whether both platforms take it on a button: http(s), a host with a name, nothing unseen or hidden.

    Meta refuses IP addresses (its reference, «Interactive CTA URL»), Telegram hosts without a dot; a name
    before «@» would show another host than the one that is opened.
    """
    if not (url.isascii() and url.isprintable() and " " not in url and len(url) <= MAX_URL):
        return False
    host = _host(url)
    return "." in host.strip(".") and "@" not in urlsplit(url).netloc and not _is_ip(host)


def _host(url: str) -> str:
    """The host of a web address, empty when it is none."""
    try:
        parts = urlsplit(url)
        return (parts.hostname or "") if parts.scheme in ("http", "https") else ""
    except ValueError:
        return ""


def _is_ip(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return host.rstrip(".").rpartition(".")[2].isdecimal()  # «127.1»: no name ends in a number
    return True
