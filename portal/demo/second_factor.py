"""The authenticators of the made-up staff: their keys follow from the 帳號, and the log-in page can tell their codes."""

from typing import Final

from django.utils import timezone
from django.utils.crypto import salted_hmac
from django_otp.oath import TOTP

from portal.accounts.models import User
from portal.encryption.ciphers import CannotDecrypt
from portal.staff_login.models import Authenticator
from portal.staff_login.second_factor import authenticator

DEMONSTRATION: Final = "demonstration"  # the name of an authenticator whose codes are shown


def give_authenticator(user: User) -> None:
    """An authenticator whose key follows from the 帳號, for the made-up people of a demonstration."""
    key = salted_hmac("portal.demonstration", user.username).hexdigest()
    Authenticator.objects.get_or_create(user=user, confirmed=True, defaults={"name": DEMONSTRATION, "key": key})


def code_of(user: User) -> str:
    """The code that opens now, for a made-up person of a demonstration; "" for everybody else."""
    device = authenticator(user)
    if device is None or device.name != DEMONSTRATION:
        return ""
    try:
        totp = TOTP(device.bin_key)
    except CannotDecrypt:  # said when a code is given
        return ""
    totp.time = timezone.now().timestamp()
    ahead = min(max(0, device.last_t + 1 - totp.t()), device.tolerance)  # each code opens once: the next one does too
    totp.time += ahead * device.step
    return f"{totp.token():06d}"
