"""The addresses a gateway is given: where it sends notices, and where it sends the browser back."""

from urllib.parse import urlencode

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.urls import reverse

SIGNED_MAX = 200
_signer = Signer(salt="portal.payments.return")


def notify_url(gateway: str) -> str:
    """Where the gateway's server sends its notices."""
    return f"{settings.BASE_URL}{reverse('gateways:notify', args=[gateway])}"


def return_url(gateway: str, reference: str) -> str:
    """Where the browser comes back. The reference is signed: a cross-site return carries no session."""
    query = urlencode({"reference": _signer.sign(reference)})
    return f"{settings.BASE_URL}{reverse('gateways:return', args=[gateway])}?{query}"


def reference_of(signed: str) -> str | None:
    """The reference that we signed, or None."""
    try:
        return _signer.unsign(signed) if len(signed) <= SIGNED_MAX else None
    except BadSignature:
        return None
