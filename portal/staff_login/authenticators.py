"""The authenticator (TOTP) of a member of staff. django-otp's own table keeps the key in clear; this one encrypts it."""

from binascii import unhexlify
from typing import Any

from django.db import models
from django_otp.models import Device, ThrottlingMixin, TimestampMixin
from django_otp.plugins.otp_totp.models import TOTPDevice

from portal.encryption.fields import EncryptedTextField


class Authenticator(TimestampMixin, ThrottlingMixin, Device):
    """django-otp's TOTPDevice, with a key that a reader of the database cannot use, nor give to another account."""

    key = EncryptedTextField(bound_to="user", editable=False)
    drift = models.SmallIntegerField(default=0)
    last_t = models.BigIntegerField(default=-1)

    class Meta:
        verbose_name = verbose_name_plural = "驗證器"

    step, t0, digits, tolerance = 30, 0, 6, 1
    # How a code is looked at is the library's.
    verify_token, get_throttle_factor = TOTPDevice.verify_token, TOTPDevice.get_throttle_factor
    config_url: Any = TOTPDevice.config_url
    _read_str_from_settings = TOTPDevice._read_str_from_settings

    @property
    def bin_key(self) -> bytes:
        return unhexlify(self.key)
