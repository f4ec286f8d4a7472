"""Where a request comes from."""

import ipaddress

from django.conf import settings
from django.http import HttpRequest


def client_address(request: HttpRequest) -> str:
    """The visitor's address, past as many proxies of our own as TRUSTED_PROXIES counts; what stands before them may be forged."""
    hops = [hop.strip() for hop in request.headers.get("X-Forwarded-For", "").split(",") if hop.strip()]
    ours: int = settings.TRUSTED_PROXIES
    return hops[-ours] if ours and len(hops) >= ours else request.META.get("REMOTE_ADDR", "")


def client_network(request: HttpRequest | None) -> str:
    """The visitor's network: her IPv4 address, or the /64 of her IPv6 address, in which one home has all addresses."""
    return network_of(client_address(request)) if request else ""


def network_of(address: str) -> str:
    """The network of that address; what is no address stands for itself."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address[:43]
    if isinstance(found, ipaddress.IPv6Address):
        if found.ipv4_mapped:
            return str(found.ipv4_mapped)
        return str(ipaddress.ip_network((found, 64), strict=False))
    return str(found)
