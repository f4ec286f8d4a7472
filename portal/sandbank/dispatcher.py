"""Notices to merchants: signed, sent again until the answer is exactly `OK`, never inside a request somebody waits for."""

import logging
import threading
from datetime import datetime, timedelta
from http.client import HTTPException
from typing import Any
from urllib.error import HTTPError
from urllib.request import HTTPRedirectHandler, ProxyHandler, Request, build_opener
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import connections
from django.utils import timezone

from . import signature
from .models import Delivery

logger = logging.getLogger(__name__)
ANSWER = b"OK"
TIMEOUT = 10
PAUSES = [timedelta(seconds=seconds) for seconds in (1, 2, 5, 15, 60, 300, 900, 3600)]
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
    if again is not None and again <= timedelta(minutes=1):  # longer pauses are for `sandbank_dispatch`
        start(pk, after=again)


def deliver(pk: int, *, now: datetime) -> timedelta | None:
    """One try. Returns how long to wait before the next one, or None when there is none."""
    # The claim: of two dispatchers one sends.
    waiting = Delivery.objects.filter(pk=pk, delivered_at=None, due_at__lte=now, tries__lt=len(PAUSES))
    if not waiting.update(due_at=now + timedelta(seconds=3 * TIMEOUT)):
        return None
    delivery = Delivery.objects.select_related("order").get(pk=pk)
    answer = _post(delivery.order.notify_url, delivery.body.encode(), now)
    if answer == ANSWER:
        Delivery.objects.filter(pk=pk).update(delivered_at=now, tries=delivery.tries + 1, last_answer=ANSWER.decode())
        return None
    pause = PAUSES[delivery.tries]
    text = answer.decode("utf-8", "replace").replace("\0", "")[:100]
    Delivery.objects.filter(pk=pk).update(due_at=now + pause, tries=delivery.tries + 1, last_answer=text)
    logger.info("notice %s not accepted, again in %s", delivery.event_id, pause)
    return pause


def _post(url: str, body: bytes, now: datetime) -> bytes:
    signed = signature.sign(settings.SANDBANK_KEYS, body, now)
    request = Request(url, body, {"Content-Type": "application/json", signature.HEADER: signed})  # noqa: S310 -- a signed order's
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
