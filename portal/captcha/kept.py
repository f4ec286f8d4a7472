"""A right 驗證碼 need not be given again after another field's error: the next page carries a challenge that is answered already.

It is good once, like any other, and for as long; nothing was looked up for the first answer.
"""

import secrets
from datetime import timedelta
from typing import Final

from captcha.models import CaptchaStore
from django.conf import settings
from django.utils import timezone

MARK: Final = "answered"


def keep(way: str, step: int) -> str:
    """The key of a challenge that was answered so."""
    row = CaptchaStore.objects.create(
        challenge=MARK,
        response=f"{MARK} {way} {step}",
        hashkey=secrets.token_hex(20),
        expiration=timezone.now() + timedelta(minutes=settings.CAPTCHA_TIMEOUT),
    )
    return row.hashkey


def answer_of(store: CaptchaStore | None) -> tuple[str, int] | None:
    """How it was answered, if it was before; no picture shows such a text."""
    if store is None or store.challenge != MARK:
        return None
    _mark, way, step = store.response.split()
    return way, int(step)
