"""Which methods are offered and which gateway carries each: settings.PAYMENT_METHODS, method -> gateway.

Each is named by its code, if it is one of the portal's own, or by the dotted path of its module or folder, whose last part is its
code: `{"card": "sandbank", "agency_pay.teahouse": "agency_pay.teabank"}`.
"""

from typing import cast

from django.conf import settings
from django.utils.module_loading import import_string

from portal.core.categories import StrOrPromise

from .protocol import Gateway, Method


class NotConfigured(LookupError):
    """No such method or gateway here."""


def code_of(name: str) -> str:
    """The code of a method or gateway that is named in the settings."""
    return name.rpartition(".")[2]


def methods() -> list[Method]:
    """The methods offered, in the order of the settings."""
    return [_load_method(name) for name in settings.PAYMENT_METHODS]


def methods_for(amount: int) -> list[Method]:
    """The methods by which so much can be paid."""
    return [method for method in methods() if method.accepts(amount)]


def method(code: str) -> Method:
    """The offered method of that code; raises NotConfigured."""
    return _load_method(_offered(code))


def any_method(code: str) -> Method | None:
    """The same, also when it is not offered any more; None when its package is gone."""
    try:
        return method(code)
    except NotConfigured:
        pass
    try:
        return _load_method(code)
    except ImportError:
        return None


def name_of(code: str) -> StrOrPromise:
    """A method's name, also when it is not offered any more."""
    found = any_method(code)
    return found.name if found else code


def gateway_code(method_code: str) -> str:
    """The code of the gateway that carries a method; raises NotConfigured."""
    return code_of(settings.PAYMENT_METHODS[_offered(method_code)])


def gateway(code: str) -> Gateway:
    """The configured gateway of that code; raises NotConfigured. A demonstration's gateway exists in a demonstration only."""
    name = next((name for name in settings.PAYMENT_METHODS.values() if code_of(name) == code), None)
    if name is None:
        raise NotConfigured(code)
    found = cast(Gateway, import_string(f"{_module(name, 'gateways')}.gateway"))
    if getattr(found, "demo_only", False) and not settings.DEMO:
        raise NotConfigured(code)
    return found


def gateway_name(code: str) -> str:
    """What staff call a gateway, also one that is not configured any more."""
    try:
        return gateway(code).name or code
    except NotConfigured:
        return code


def _offered(code: str) -> str:
    """The name by which the settings offer that method."""
    for name in settings.PAYMENT_METHODS:
        if code_of(name) == code:
            return name
    raise NotConfigured(code)


def _load_method(name: str) -> Method:
    return cast(Method, import_string(f"{_module(name, 'methods')}.method"))


def _module(name: str, folder: str) -> str:
    return name if "." in name else f"portal.payments.{folder}.{name}"


def gateway_codes() -> list[str]:
    """The codes of the gateways that carry some method, each once, in the order of the settings."""
    return list(dict.fromkeys(code_of(name) for name in settings.PAYMENT_METHODS.values()))
