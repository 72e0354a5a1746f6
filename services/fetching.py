"""Fetches what a source publishes, within its caps: no private address, no unknown host, no endless body."""

import asyncio
import ipaddress
import re
import socket
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urljoin, urlsplit

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.resolver import ThreadedResolver
from yarl import URL

from services.sources import Source

MAX_HOPS = 5
MAX_WAIT = 24 * 3600
"""Seconds that a server's Retry-After may ask for."""

_CHUNK = 65_536
_HOST = re.compile(r"[a-z0-9.-]{1,100}")
_NAT64 = ipaddress.ip_network("64:ff9b::/96")


class SourceFailed(Exception):
    """A source could not be read. `code` names the fault in one word, the message says what to do.

    `retry_after`: seconds that the server asked to wait.
    """

    def __init__(self, code: str, sentence: str, *, retry_after: float = 0) -> None:
        super().__init__(sentence)
        self.code = code
        self.retry_after = retry_after


@dataclass(frozen=True, slots=True)
class Body:
    """What a server sent. `data` is None when it said that nothing changed (304)."""

    data: bytes | None
    type: str = ""
    etag: str = ""
    last_modified: str = ""


class PrivateAddress(OSError):
    """A name leads into a private network."""


class Guarded(AbstractResolver):
    """Resolves a name once and hands out only addresses that may be asked: the connection is made to these.

    A name that leads to one private address is refused whole, so that a second answer can't lead there.
    """

    def __init__(self, *, allow_private: bool, inner: AbstractResolver | None = None) -> None:
        self._inner = inner or ThreadedResolver()
        self._allow_private = allow_private

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """As aiohttp asks for. Raises PrivateAddress."""
        found = await self._inner.resolve(host, port, family)
        if any(not may_be_asked(each["host"], allow_private=self._allow_private) for each in found):
            raise PrivateAddress("private address")
        return found

    async def close(self) -> None:
        """Nothing of its own is open."""
        await self._inner.close()


def may_be_asked(address: str, *, allow_private: bool) -> bool:
    """Whether an IP address is on the public internet; private ones when allowed, link-local never."""
    try:
        ip = _meant(ipaddress.ip_address(address.partition("%")[0]))
    except ValueError:
        return False
    if ip.is_link_local or ip.is_multicast or ip.is_unspecified:  # link-local: clouds' metadata
        return False
    return ip.is_global or allow_private


@dataclass(frozen=True, slots=True)
class Fetcher:
    """An open connection pool for one source. Made by `opened`."""

    source: Source
    http: aiohttp.ClientSession
    headers: Mapping[str, str] = field(default_factory=dict)

    async def get(
        self, url: str, *, params: Mapping[str, str] | None = None, known: Mapping[str, str] | None = None
    ) -> Body:
        """The body at an address of the source. `known`: conditional headers. Raises SourceFailed."""
        home = _host(self.source.address)
        address = _with(url, params)
        for _ in range(MAX_HOPS + 1):
            self._check(address)
            own = self.headers if _host(address) == home else {}
            try:
                async with self.http.get(
                    address, headers={**own, **(known or {})}, allow_redirects=False
                ) as response:
                    if response.status in (301, 302, 303, 307, 308):
                        address = self._redirected(address, response.headers.get("Location", ""))
                        continue
                    return await self._body(response)
            except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
                raise _failed(error) from None
        raise SourceFailed("redirects", "Manda de una dirección a otra sin fin. Revise la dirección.")

    def may_go(self, url: str) -> bool:
        """Whether an address that the source names itself may be asked: its own host, or an allowed one."""
        host = _host(url)
        return host == _host(self.source.address) or _is_listed(host, self.source.redirects_to)

    def _check(self, address: str) -> None:
        try:
            parts = urlsplit(address)
            host = parts.hostname or ""
            _ = parts.port
        except ValueError:
            raise SourceFailed("address", "Una dirección de la fuente está mal escrita.") from None
        if parts.scheme not in ("http", "https") or not host:
            raise SourceFailed("address", "Una dirección de la fuente no es de internet.")
        if parts.scheme == "http" and not self.source.allow_private:
            raise SourceFailed("insecure", "Manda a una dirección sin cifrar (http). Use la de https.")
        if _is_ip(host) and not may_be_asked(host, allow_private=self.source.allow_private):
            raise _private()

    def _redirected(self, address: str, location: str) -> str:
        try:
            target = urljoin(address, location)
            host = _host(target)
        except ValueError:
            host = target = ""
        if not _HOST.fullmatch(host):
            raise SourceFailed("redirect", "Manda a una dirección que no se entiende.")
        if not _is_listed(host, self.source.redirects_to):
            raise SourceFailed(
                "redirect", f"Manda a «{host}». Si es de fiar, agréguelo a «redirects_to» de esta fuente."
            )
        return target

    async def _body(self, response: aiohttp.ClientResponse) -> Body:
        headers = response.headers
        if response.status == 304:
            return Body(None, etag=headers.get("ETag", ""), last_modified=headers.get("Last-Modified", ""))
        if response.status != 200:
            raise _status(response.status, headers.get("Retry-After", ""))
        if headers.get("Content-Encoding", "identity").lower() not in ("", "identity"):
            raise SourceFailed("encoding", "Llegó comprimida aunque se pidió sin comprimir.")
        if (response.content_length or 0) > self.source.max_bytes:
            raise self._too_large()
        data = bytearray()
        async for chunk in response.content.iter_chunked(_CHUNK):
            data += chunk
            if len(data) > self.source.max_bytes:
                raise self._too_large()
        return Body(
            bytes(data),
            type=headers.get("Content-Type", "").partition(";")[0].strip().lower(),
            etag=headers.get("ETag", "")[:300],
            last_modified=headers.get("Last-Modified", "")[:64],
        )

    def _too_large(self) -> SourceFailed:
        size = self.source.max_bytes / 1_000_000
        return SourceFailed("huge", f"Pesa más de {size:g} MB. Revise la dirección, o suba «max_bytes».")


@asynccontextmanager
async def opened(
    source: Source, *, token: str = "", inner: AbstractResolver | None = None
) -> AsyncIterator[Fetcher]:
    """A fetcher whose whole work ends within the source's `max_seconds`. Raises SourceFailed."""
    resolver = Guarded(allow_private=source.allow_private, inner=inner)
    connector = aiohttp.TCPConnector(resolver=resolver, use_dns_cache=False, limit=4)
    headers = {"Authorization": f"Token {token}"} if token else {}
    try:
        async with (
            asyncio.timeout(source.max_seconds),
            aiohttp.ClientSession(
                connector=connector,
                auto_decompress=False,
                headers={"Accept-Encoding": "identity", "User-Agent": "Faro"},
                timeout=aiohttp.ClientTimeout(total=source.max_seconds),
                cookie_jar=aiohttp.DummyCookieJar(),
            ) as http,
        ):
            yield Fetcher(source, http, headers)
    except TimeoutError:
        raise _slow() from None


def _meant(ip: Any) -> Any:
    """The IPv4 address that an IPv6 one stands for, where it does."""
    if ip.version == 4:
        return ip
    if ip in _NAT64:
        return ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
    teredo = ip.teredo
    return ip.ipv4_mapped or ip.sixtofour or (teredo[1] if teredo else None) or ip


def _with(url: str, params: Mapping[str, str] | None) -> str:
    return str(URL(url).update_query(dict(params))) if params else url


def _host(url: str) -> str:
    return (urlsplit(url).hostname or "").lower()


def _is_ip(host: str) -> bool:
    try:
        ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return False
    return True


def _is_listed(host: str, hosts: tuple[str, ...]) -> bool:
    return any(host == each or (each.startswith("*.") and host.endswith(each[1:])) for each in hosts)


def _failed(error: Exception) -> SourceFailed:
    if isinstance(error, TimeoutError):
        return _slow()
    cause = getattr(error, "os_error", error)
    if isinstance(cause, PrivateAddress) or isinstance(error.__cause__, PrivateAddress):
        return _private()
    if isinstance(error, aiohttp.ClientSSLError):
        return SourceFailed("tls", "Su certificado no es válido; avise a quien publica la lista.")
    if isinstance(error, aiohttp.ClientPayloadError):
        return SourceFailed("truncated", "Llegó cortada. Se intentará otra vez.")
    return SourceFailed("away", "No contesta. Se intentará otra vez.")


def _private() -> SourceFailed:
    return SourceFailed(
        "private", "Lleva a una red privada. Si es a propósito, ponga «allow_private: true» en esta fuente."
    )


def _slow() -> SourceFailed:
    return SourceFailed("slow", "Tarda demasiado. Se intentará otra vez; si sigue así, suba «max_seconds».")


def _status(status: int, retry_after: str) -> SourceFailed:
    wait = _seconds(retry_after)
    if status in (401, 403):
        return SourceFailed("forbidden", "No deja entrar. Revise el permiso o «token_file».")
    if status in (404, 410):
        return SourceFailed("missing", "Ya no está en esa dirección. Pida la nueva a quien la publica.")
    if status == 429:
        return SourceFailed("busy", "Pide esperar antes de leerla otra vez.", retry_after=wait)
    if status >= 500:
        return SourceFailed(
            "server", f"Falla en su servidor ({status}). Se intentará otra vez.", retry_after=wait
        )
    return SourceFailed("status", f"Contesta con un código inesperado ({status}). Revise la dirección.")


def _seconds(retry_after: str) -> float:
    """Retry-After as seconds: a number, or a date."""
    if retry_after.isascii() and retry_after.isdecimal() and len(retry_after) < 9:
        return min(float(retry_after), MAX_WAIT)
    try:
        moment = parsedate_to_datetime(retry_after)
    except (ValueError, TypeError):
        return 0
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return max(0.0, min((moment - datetime.now(UTC)).total_seconds(), MAX_WAIT))
