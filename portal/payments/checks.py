"""House rules of payments, asked at every start."""

from datetime import date
from typing import Any, Final

from django.conf import settings
from django.core.checks import CheckMessage, Error, register
from django.utils.module_loading import import_string

from . import registry
from .protocol import Gateway, Method
from .slips.store_barcodes import barcodes

SOME_DAY: Final = date(2026, 12, 31)


@register()
def methods_are_carried(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Each method exists and its gateway may be used here; the sandbank never outside of a demonstration."""
    found: list[CheckMessage] = []
    for name, gateway in settings.PAYMENT_METHODS.items():
        code = registry.code_of(name)
        try:
            method, carrier = registry.method(code), registry.gateway(registry.code_of(gateway))
        except registry.NotConfigured:
            found.append(Error(f"PAYMENT_METHODS: {gateway} is for demonstrations only", id="payments.E001"))
        except ImportError as error:
            said = f"PAYMENT_METHODS: no method {name} or no gateway {gateway}: {error}"
            found.append(Error(said, id="payments.E002"))
        else:
            missing = _missing(name, method, Method) or _missing(gateway, carrier, Gateway)
            if missing:
                found.append(Error(f"PAYMENT_METHODS: {missing}", hint="docs/add-a-payment-method.md", id="payments.E013"))
            elif method.code != code or _shares_its_code(name) or _shares_its_code(gateway):
                found.append(Error(f"PAYMENT_METHODS: {name}={gateway} has another code, or shares one", id="payments.E005"))
    if "sandbank" in settings.PAYMENT_METHODS.values() and settings.DEMO and not settings.SANDBANK_KEYS:
        found.append(Error("SANDBANK_KEYS is empty: the sandbank could not be believed", id="payments.E003"))
    if "portal.sandbank" in settings.INSTALLED_APPS and not settings.DEMO:
        found.append(Error("portal.sandbank is installed without DEMO", id="payments.E004"))
    return found


@register()
def bills_can_be_paid_in_time(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """What a slip is made of is right before the first student asks for one, and there is a day left to pay on."""
    found: list[CheckMessage] = []
    try:
        account = import_string(settings.VIRTUAL_ACCOUNT_SCHEME)(settings.COLLECTION_CODE, "115000001", 1)
    except (ImportError, TypeError, ValueError) as error:
        found.append(Error(f"VIRTUAL_ACCOUNT_SCHEME makes no account of COLLECTION_CODE: {error}", id="payments.E010"))
        account = "0"
    try:
        barcodes(pay_until=SOME_DAY, item_code=settings.STORE_ITEM_CODE, number=account, amount=1)
    except ValueError as error:
        found.append(Error(f"STORE_ITEM_CODE makes no barcode: {error}", id="payments.E011"))
    if settings.PAYMENT_DEADLINE_DAYS < 1:
        found.append(Error("PAYMENT_DEADLINE_DAYS leaves nobody a day to pay", id="payments.E012"))
    return found


def _missing(name: str, found: Any, protocol: type) -> str:
    """What the object of that name does not have of what is asked of it; nothing when it is whole."""
    if isinstance(found, type):
        return f"{name} is the class {found.__name__}, not an object of it"
    asked = {*protocol.__annotations__, *(each for each in vars(protocol) if not each.startswith("_"))}
    missing = sorted(each for each in asked if not hasattr(found, each))
    return f"{name} does not say its {', '.join(missing)}" if missing else ""


def _shares_its_code(name: str) -> bool:
    """Whether another method or gateway has the same last part."""
    methods, gateways = set(settings.PAYMENT_METHODS), set(settings.PAYMENT_METHODS.values())
    beside = methods if name in methods else gateways
    return any(other != name and registry.code_of(other) == registry.code_of(name) for other in beside)
