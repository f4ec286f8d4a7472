"""Who we are at ECPay, and where it is: the settings ECPAY_*."""

from collections.abc import Mapping
from typing import Final

from django.conf import settings

from portal.payments.protocol import Refused

from . import check_mac

PRODUCTION: Final = "https://payment.ecpay.com.tw"
STAGE: Final = "https://payment-stage.ecpay.com.tw"
# What has to be set before anything can be signed.
NAMES: Final = ("ECPAY_MERCHANT_ID", "ECPAY_HASH_KEY", "ECPAY_HASH_IV")


def address() -> str:
    """Where ECPay is spoken to: ECPAY_URL, or its stage or its production."""
    return settings.ECPAY_URL.rstrip("/") or (STAGE if settings.ECPAY_STAGE else PRODUCTION)


def missing() -> list[str]:
    """The settings without which nobody could be believed."""
    return [name for name in NAMES if not getattr(settings, name)]


def is_for_demonstrations() -> bool:
    """Whether anybody could sign, or no real money moves: the keys that ECPay publishes, none at all, or not its production."""
    published = {settings.ECPAY_HASH_KEY, settings.ECPAY_HASH_IV} & settings.ECPAY_PUBLISHED_KEYS
    return bool(published or missing()) or address() != PRODUCTION


def signed(fields: Mapping[str, str]) -> dict[str, str]:
    """The fields with their CheckMacValue."""
    return {**fields, check_mac.FIELD: check_mac.check_mac_value(fields, settings.ECPAY_HASH_KEY, settings.ECPAY_HASH_IV)}


def verify(fields: Mapping[str, str]) -> None:
    """Raises Refused unless our keys signed exactly these fields."""
    if missing():
        raise Refused("no keys")
    if fields.get("EncryptType", "1") != "1":
        raise Refused("EncryptType is not SHA-256")
    if not check_mac.is_right(fields, settings.ECPAY_HASH_KEY, settings.ECPAY_HASH_IV):
        raise Refused("wrong signature")
