"""Where a request comes from."""

from django.conf import settings
from django.http import HttpRequest


def client_address(request: HttpRequest) -> str:
    """The visitor's address, past as many proxies of our own as TRUSTED_PROXIES counts; what stands before them may be forged."""
    hops = [hop.strip() for hop in request.headers.get("X-Forwarded-For", "").split(",") if hop.strip()]
    ours: int = settings.TRUSTED_PROXIES
    return hops[-ours] if ours and len(hops) >= ours else request.META.get("REMOTE_ADDR", "")
