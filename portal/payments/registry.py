"""Which methods are offered and which gateway carries each: settings.PAYMENT_METHODS, method code -> gateway code."""

from typing import cast

from django.conf import settings
from django.utils.module_loading import import_string

from portal.core.categories import StrOrPromise

from .protocol import Gateway, Method


class NotConfigured(LookupError):
    """No such method or gateway here."""


def methods() -> list[Method]:
    """The methods offered, in the order of the settings."""
    return [method(code) for code in settings.PAYMENT_METHODS]


def method(code: str) -> Method:
    """The offered method of that code; raises NotConfigured."""
    if code not in settings.PAYMENT_METHODS:
        raise NotConfigured(code)
    return _load(code)


def name_of(code: str) -> StrOrPromise:
    """A method's name, also when it is not offered any more."""
    return _load(code).name


def _load(code: str) -> Method:
    return cast(Method, import_string(f"portal.payments.methods.{code}.method"))


def gateway_code(method_code: str) -> str:
    """The gateway that carries a method; raises NotConfigured."""
    try:
        return settings.PAYMENT_METHODS[method_code]
    except KeyError:
        raise NotConfigured(method_code) from None


def gateway(code: str) -> Gateway:
    """The configured gateway of that code; raises NotConfigured. A demonstration's gateway exists in a demonstration only."""
    if code not in settings.PAYMENT_METHODS.values():
        raise NotConfigured(code)
    found = cast(Gateway, import_string(f"portal.payments.gateways.{code}.gateway"))
    if found.demo_only and not settings.DEMO:
        raise NotConfigured(code)
    return found
