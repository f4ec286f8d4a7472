"""House rules of payments, asked at every start."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, register

from . import registry


@register()
def methods_are_carried(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Each method exists and its gateway may be used here; the sandbank never outside of a demonstration."""
    found: list[CheckMessage] = []
    for code, gateway in settings.PAYMENT_METHODS.items():
        try:
            registry.method(code)
            registry.gateway(gateway)
        except registry.NotConfigured:
            found.append(Error(f"PAYMENT_METHODS: {gateway} is for demonstrations only", id="payments.E001"))
        except ImportError:
            found.append(Error(f"PAYMENT_METHODS: no method {code} or no gateway {gateway}", id="payments.E002"))
    if "sandbank" in settings.PAYMENT_METHODS.values() and settings.DEMO and not settings.SANDBANK_KEYS:
        found.append(Error("SANDBANK_KEYS is empty: the sandbank could not be believed", id="payments.E003"))
    if "portal.sandbank" in settings.INSTALLED_APPS and not settings.DEMO:
        found.append(Error("portal.sandbank is installed without DEMO", id="payments.E004"))
    return found
