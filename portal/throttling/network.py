"""Where a request comes from. Nobody else reads an address out of a request: limits, journals and lists know networks only."""

import functools
import ipaddress
import logging
import re

from django.conf import settings
from django.http import HttpRequest

IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address
NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
# As proxies write an address: bare, with a port, in brackets, in brackets with a port.
_WITH_PORT = re.compile(r"(?P<ipv4>[0-9.]+):[0-9]+|\[(?P<ipv6>[^\]]*)\](?::[0-9]+)?")
logger = logging.getLogger(__name__)


def client_network(request: HttpRequest | None) -> str:
    """The visitor's network: the IPv4 address, or the /64 of the IPv6 address, in which one home has all addresses.

    Past as many proxies of our own as TRUSTED_PROXIES counts; what stands before them in X-Forwarded-For may be forged.
    """
    return network_of(_client_address(request)) if request else ""


def network_of(address: str) -> str:
    """The network of that address; what is no address stands for itself."""
    found = _parsed(address)
    if found is None:
        return address[:43]
    if isinstance(found, ipaddress.IPv6Address):
        if (behind := _ipv4_behind(found)) is not None:
            return str(behind)
        return str(ipaddress.ip_network((found, 64), strict=False))
    return str(found)


def _ipv4_behind(address: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    """The IPv4 host that speaks IPv6 through a translator; by its /64 all hosts of that translator would be one network."""
    if address in NAT64:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or (address.teredo[1] if address.teredo else None)


def _parsed(address: str) -> IPAddress | None:
    found = _WITH_PORT.fullmatch(address.strip())
    bare = (found["ipv4"] or found["ipv6"]) if found else address.strip()
    try:
        return ipaddress.ip_address(bare.partition("%")[0])
    except ValueError:
        return None


def _client_address(request: HttpRequest) -> str:
    """The hop that our outermost proxy wrote; without one, whoever is connected to us, which nobody can forge."""
    peer: str = request.META.get("REMOTE_ADDR", "")
    ours: int = settings.TRUSTED_PROXIES
    if not ours:
        if "X-Forwarded-For" in request.headers and (found := _parsed(peer)) and found.is_private:
            _warn_once("a proxy passes X-Forwarded-For, but TRUSTED_PROXIES is 0: all its visitors count as one network")
        return peer
    hops = [hop.strip() for hop in request.headers.get("X-Forwarded-For", "").split(",") if hop.strip()]
    if len(hops) < ours:
        _warn_once(f"X-Forwarded-For has fewer hops than TRUSTED_PROXIES ({ours}): the connected peer counts as the visitor")
        return peer
    if _parsed(hops[-ours]) is None:
        _warn_once("a trusted proxy wrote something into X-Forwarded-For that is no address: the connected peer counts instead")
        return peer
    return hops[-ours]


@functools.cache
def _warn_once(problem: str) -> None:
    """Once in the life of a process: visitors must not be able to fill the log. It holds no address."""
    logger.warning("%s", problem)
