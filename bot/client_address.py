"""From which network address a request comes, when proxies that we trust stand in between."""

from collections.abc import Sequence
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network

Networks = tuple[IPv4Network | IPv6Network, ...]


def trusted_networks(setting: str) -> Networks:
    """The networks of FARO_TRUSTED_PROXIES."""
    return tuple(ip_network(part.strip()) for part in setting.split(",") if part.strip())


def client_address(remote: str | None, forwarded_for: Sequence[str], *, trusted: Networks) -> str:
    """The nearest address that is not a trusted proxy; empty when there is none to tell.

    `forwarded_for` holds the X-Forwarded-For headers in order. Whoever writes to us directly can put
    anything there, so it counts only as far as trusted proxies wrote it.
    """
    hops = [hop.strip() for header in forwarded_for for hop in header.split(",")]
    address = remote or ""
    while hops and _is_trusted(address, trusted):
        address = hops.pop()
    return address


def _is_trusted(address: str, trusted: Networks) -> bool:
    try:
        parsed = ip_address(address)
    except ValueError:
        return False
    return any(parsed in network for network in trusted)
