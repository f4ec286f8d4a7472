"""A challenge that was used makes the same request idempotent, not its second answer wrong.

Who clicks twice sends one form twice. For a minute the second one gets what the first led to, and does nothing by itself; a
form with anything else in it is another request, for which the challenge is used up. Kept in the cache that all processes share:
a keyed digest of the form, and a few words about its outcome.
"""

import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any, Final

from django.core.cache import cache
from django.http import QueryDict
from django.utils.crypto import salted_hmac

KEPT: Final = timedelta(minutes=1)
_SECONDS: Final = int(KEPT.total_seconds())
# So long the second request waits for the first: to hash a password on a busy machine takes a while.
PATIENCE: Final = timedelta(seconds=8)
_LOOK_AGAIN: Final = 0.05  # seconds
_UNKNOWN: Final = "unknown"


def digest_of(data: Any, *, about: str) -> str:
    """Of everything that was posted to that form; "" of what is no posted form."""
    if not isinstance(data, QueryDict):
        return ""
    return salted_hmac("portal.captcha.answered", f"{about} {sorted(data.lists())}", algorithm="sha256").hexdigest()


def is_first(digest: str) -> bool:
    """Whether this form was not sent before within the minute; of several at once, one is the first."""
    return not digest or cache.add(_seen(digest), "seen", _SECONDS)


def keep(digest: str, answer: Any) -> None:
    """How the first one's challenge was answered: whoever sent the same form waits for it."""
    if digest:
        cache.set(_answer(digest), answer, _SECONDS)


def answer_before(digest: str) -> Any:
    """How the first one's challenge was answered; None: nobody knows any more."""
    return _waited_for(_answer(digest))


def once(digest: str, is_again: bool, act: Callable[[], Any]) -> Any:
    """What `act` leads to: asked of the first, remembered for the same form's second. None: it is not known any more.

    What `act` raises is the first's own; the second then asks anew.
    """
    if is_again:
        return _waited_for(_outcome(digest))
    try:
        outcome = act()
    except BaseException:
        cache.set(_outcome(digest), _UNKNOWN, _SECONDS)
        raise
    if digest:
        cache.set(_outcome(digest), outcome, _SECONDS)
    return outcome


def _waited_for(key: str) -> Any:
    ends = time.monotonic() + PATIENCE.total_seconds()
    while (found := cache.get(key)) is None and time.monotonic() < ends:
        time.sleep(_LOOK_AGAIN)
    return None if found == _UNKNOWN else found


def _seen(digest: str) -> str:
    return f"captcha-seen-{digest}"


def _answer(digest: str) -> str:
    return f"captcha-answer-{digest}"


def _outcome(digest: str) -> str:
    return f"captcha-outcome-{digest}"
