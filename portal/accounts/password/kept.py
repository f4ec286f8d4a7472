"""A password need not be typed again after another field's error: the page carries it, sealed, for this browser and a while.

Nothing of it is written down here, and the page cannot be read without our key. It is put in where the boxes are left empty.
"""

from datetime import datetime, timedelta
from typing import Final

from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.utils.crypto import salted_hmac

from portal.encryption.ciphers import CannotDecrypt, decrypt, encrypt

LIFE: Final = timedelta(minutes=15)
# Of the hidden field; what is refused never repeats a name with `password` in it (core.site.typed).
NAME: Final = "kept_password"


def seal(request: HttpRequest, password: str, *, now: datetime) -> str:
    """For the hidden field."""
    return encrypt(f"{now.isoformat()} {password}", context=_context(request))


def opened(request: HttpRequest, sealed: str, *, now: datetime) -> str:
    """The password; "" of one that is too old, or of another browser's."""
    try:
        at, _blank, password = decrypt(sealed[:4000], context=_context(request)).partition(" ")
    except CannotDecrypt:
        return ""
    return password if now - LIFE <= datetime.fromisoformat(at) <= now else ""


def _context(request: HttpRequest) -> str:
    get_token(request)
    return f"accounts.password.kept {salted_hmac('accounts.password.kept', request.META['CSRF_COOKIE']).hexdigest()}"
