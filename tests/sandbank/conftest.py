"""Orders of a merchant who is not the portal, and who listens on loopback."""

import base64
import datetime as dt
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest
import time_machine
from django.conf import settings as django_settings
from pytest_django import Settings

from portal.sandbank import operations, signature
from portal.sandbank.models import Order

NOW = dt.datetime(2026, 11, 23, 2, 30, tzinfo=dt.UTC)
GOOD = {"number": "4311-9522-2222-2222", "expiry": "12/30", "cvv": "123", "pace": "together"}


@pytest.fixture(autouse=True)
def today() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


class Merchant(ThreadingHTTPServer):
    """Keeps what he is sent and answers as the test wants."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Ear)
        self.heard: list[tuple[dict[str, str], bytes]] = []
        self.answers: list[tuple[int, bytes]] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/notify/"


class _Ear(BaseHTTPRequestHandler):
    server: Merchant

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.heard.append((dict(self.headers), body))
        status, answer = self.server.answers.pop(0) if self.server.answers else (200, b"OK")
        self.send_response(status)
        self.send_header("Location", self.server.url)
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *args: object) -> None:
        """Quiet."""


@pytest.fixture(autouse=True)
def where_nobody_listens(settings: Settings) -> None:
    """The bank knows no address but the portal's own."""
    settings.BASE_URL = "http://127.0.0.1:9"


@pytest.fixture
def merchant(settings: Settings, where_nobody_listens: None) -> Iterator[Merchant]:
    """It stands where the portal does."""
    with Merchant() as server:
        settings.BASE_URL = server.url.removesuffix(urlsplit(server.url).path)
        thread = threading.Thread(target=server.serve_forever, args=[0.01])
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def terms(**changes: Any) -> dict[str, Any]:
    """What a merchant orders."""
    return {
        "merchant": "tea-shop",
        "merchant_trade_no": "T0001",
        "amount": 1000,
        "currency": "TWD",
        "method": "card",
        "return_url": f"{django_settings.BASE_URL}/return/?reference=T0001",
        "notify_url": f"{django_settings.BASE_URL}/notify/",
        **changes,
    }


def link(data: Any, *, now: dt.datetime = NOW, spoil: str = "") -> str:
    """The signed address to which the merchant sends his customer."""
    body = json.dumps(data).encode()
    signed = signature.sign(django_settings.SANDBANK_KEYS, body, now)
    order = base64.urlsafe_b64encode(body + spoil.encode()).decode()
    return f"/sandbank/pay/?{urlencode({'order': order, 'signature': signed})}"


@pytest.fixture
def order(db: None, merchant: Merchant) -> Order:
    """An open order."""
    return operations.open_order(terms(notify_url=merchant.url), now=NOW)
