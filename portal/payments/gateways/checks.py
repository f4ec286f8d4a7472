"""House rules of gateways, asked at every start."""

from collections.abc import Iterator
from typing import Any, Final
from urllib.parse import urlsplit

from csp.constants import SELF
from django.conf import settings
from django.core.checks import CheckMessage, Error, register

from portal.payments import registry
from portal.payments.protocol import Gateway

from .ecpay import contract, orders

# The names by which settings may know it; another package may have an ecpay of its own.
OURS: Final = {orders.CODE, "portal.payments.gateways.ecpay"}


@register()
def ecpay_is_ours(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """ECPay believes us and we believe ECPay by keys that nobody else has; and it carries what it is asked to carry."""
    carried = [registry.code_of(method) for method, gateway in settings.PAYMENT_METHODS.items() if gateway in OURS]
    if not carried:
        return []
    found: list[CheckMessage] = [
        Error(f"{name} is empty: ecpay could not be believed", id="payments.E006") for name in contract.missing()
    ]
    if contract.is_for_demonstrations() and not contract.missing() and not settings.DEMO:
        found.append(Error("ECPAY_*: keys that ECPay has published, or its stage: no money moves", id="payments.E007"))
    found += [
        Error(f"ECPAY_PAYMENTS says nothing of {method}: ecpay does not carry it", id="payments.E009")
        for method in carried
        if not orders.way(method)[0]
    ]
    return found


@register()
def forms_may_lead_there(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """The form policy of our pages names the origin of each gateway's pages; else browsers stay, and 【繳費】 does nothing."""
    policy = getattr(settings, "CONTENT_SECURITY_POLICY", None) or {}
    allowed = policy.get("DIRECTIVES", {}).get("form-action")
    if allowed is None:
        return []
    return [
        Error(
            f"{gateway.origin} is missing in form-action: no form may lead to {gateway.code}",
            hint=f"PAYMENT_ORIGINS={gateway.origin}",
            id="payments.E008",
        )
        for gateway in _gateways()
        if getattr(gateway, "origin", "") and not (gateway.origin in allowed or (_is_here(gateway.origin) and SELF in allowed))
    ]


def _is_here(origin: str) -> bool:
    here = urlsplit(settings.BASE_URL)
    return origin == f"{here.scheme}://{here.netloc}"


def _gateways() -> Iterator[Gateway]:
    """Each once; those that may not be used, or do not exist, are named by other checks."""
    for name in dict.fromkeys(settings.PAYMENT_METHODS.values()):
        try:
            yield registry.gateway(registry.code_of(name))
        except (registry.NotConfigured, ImportError):
            continue
