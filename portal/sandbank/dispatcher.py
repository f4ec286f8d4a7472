"""Notices to merchants: signed, sent again until the answer is exactly `OK`, never inside a request somebody waits for."""

import logging
import threading
from collections.abc import Mapping
from datetime import datetime, timedelta
from http.client import HTTPException
from typing import Any
from urllib.error import HTTPError
from urllib.request import HTTPRedirectHandler, ProxyHandler, Request, build_opener
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import connections
from django.db.models import QuerySet
from django.utils import timezone

from . import desk, signature
from .desk import Fault
from .ecpay import notices as ecpay
from .ecpay import words as ecpay_words
from .models import Delivery

logger = logging.getLogger(__name__)
ANSWER = b"OK"
TIMEOUT = 10
PAUSES = [timedelta(seconds=seconds) for seconds in (1, 2, 5, 15, 60, 300, 900, 3600)]
MOST_TRIES = len(PAUSES)
# Longer waits are for `dispatch_due`.
SOON = timedelta(minutes=1)
AT_ONCE = timedelta(0)
NOBODYS_KEY = {"none": "a key that no merchant has"}
THREAD = "sandbank-dispatch"
TAIPEI = ZoneInfo("Asia/Taipei")


class _NoRedirect(HTTPRedirectHandler):
    def redirect_request(self, *args: Any) -> None:
        """A redirect is not the agreed answer."""


_opener = build_opener(_NoRedirect, ProxyHandler({}))


def start(pk: int, *, after: timedelta) -> None:
    """Deliver soon, in a thread of its own."""
    timer = threading.Timer(after.total_seconds(), _run, [pk])
    timer.name, timer.daemon = THREAD, True
    timer.start()


def _run(pk: int) -> None:
    try:
        again = deliver(pk, now=timezone.now())
    finally:
        connections.close_all()
    if again is not None and again <= SOON:
        start(pk, after=again)


def deliver(pk: int, *, now: datetime) -> timedelta | None:
    """One try. Returns how long to wait before the next one, or None when there is none."""
    # The claim: of two dispatchers one sends.
    clock = desk.clock(now)
    waiting = due(now=now).filter(pk=pk)
    if not waiting.update(due_at=clock + timedelta(seconds=3 * TIMEOUT)):
        return None
    delivery = Delivery.objects.select_related("order").get(pk=pk)
    answer, agreed = _answer(delivery, now), _agreed(delivery)
    if answer == agreed:
        Delivery.objects.filter(pk=pk).update(delivered_at=now, tries=delivery.tries + 1, last_answer=agreed.decode())
        return None
    pause = PAUSES[delivery.tries]
    text = answer.decode("utf-8", "replace").replace("\0", "")[:100]
    Delivery.objects.filter(pk=pk).update(due_at=clock + pause, tries=delivery.tries + 1, last_answer=text)
    logger.info("notice %s not accepted, again in %s", delivery.event_id, pause)
    return pause


def due(*, now: datetime) -> QuerySet[Delivery]:
    """What waits to be sent, by the bank's clock."""
    return Delivery.objects.filter(delivered_at=None, due_at__lte=desk.clock(now), tries__lt=MOST_TRIES)


def _agreed(delivery: Delivery) -> bytes:
    """The answer that ends the deliveries."""
    return ecpay.ANSWER if ecpay_words.speaks(delivery.order) else ANSWER


def _answer(delivery: Delivery, now: datetime) -> bytes:
    """What the merchant says, or what a fault that is switched on makes of it."""
    faults, is_first = desk.active(), delivery.tries == 0
    if is_first and Fault.DROP in faults:
        return b""
    if is_first and Fault.BAD_SIGNATURE in faults:
        return _send(delivery, now, is_forged=True)
    if Fault.DUPLICATE in faults:
        _send(delivery, now)
    return _send(delivery, now)


def _send(delivery: Delivery, now: datetime, *, is_forged: bool = False) -> bytes:
    """In the merchant's dialect."""
    if ecpay_words.speaks(delivery.order):
        form = ecpay.form(delivery, is_forged=is_forged)
        return ecpay.ANSWER if form is None else _post(ecpay.url(delivery), form, ecpay.HEADERS)
    body = delivery.body.encode()
    signed = signature.sign(NOBODYS_KEY if is_forged else settings.SANDBANK_KEYS, body, now)
    return _post(delivery.order.notify_url, body, {"Content-Type": "application/json", signature.HEADER: signed})


def _post(url: str, body: bytes, headers: Mapping[str, str]) -> bytes:
    request = Request(url, body, dict(headers))  # noqa: S310 -- a signed order's
    try:
        with _opener.open(request, timeout=TIMEOUT) as response:
            return bytes(response.read(100)) if response.status == 200 else b""
    except HTTPError as error:
        with error:
            return f"{error.code}".encode()
    except (OSError, HTTPException, ValueError) as error:  # no answer, or no address
        return str(error).encode()


def taipei(moment: datetime) -> str:
    """The bank's own clock."""
    return moment.astimezone(TAIPEI).isoformat(timespec="seconds")
