"""Whatever goes wrong at whatever address, the log names the address and nothing that fills its holes."""

import io
import itertools
import logging
import re
from collections.abc import Callable, Iterator

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import get_resolver
from pytest_django import Settings

from portal.core.logs import MaskingFormatter
from tests import people

from .test_access import Address, addresses_of

# What is known to everybody, or only to the database. Every other hole, a new one too, holds a secret in these tests.
PUBLIC = {"category": people.CATEGORY, "kind": "multiple-entry", "step": "declaration", "gateway": "sandbank"}
SECRETS = ["Zk3pQ9sT7vXyA1bC2dE4fG5hJ6kL8mN0", "115199999996", "B115-000001", "CHEN MEILING"]
UUID = "8f14e45f-ceea-467f-a0e6-1234567890ab"
STATUSES = ["403", "404"]
HOLE = re.compile(r"<(?:(\w+):)?(\w+)>")


def addresses() -> list[Address]:
    return list(addresses_of(get_resolver().url_patterns))


def filled(address: Address, secret: str) -> str:
    """The address with the secret wherever one may be."""
    route = re.sub(r"\(\?P<(\w+)>(?:[^()]|\([^)]*\))*\)", r"<\1>", address.route).replace("^", "").replace("$", "")
    route = re.sub(r"\((?:[^()]|\([^)]*\))*\)", f"{secret}/", route).replace(r"\.", ".").replace("\\", "")
    return "/" + HOLE.sub(lambda hole: _value(hole[1], hole[2], secret), route)


def _value(kind: str, name: str, secret: str) -> str:
    return {"uuid": UUID, "int": "7"}.get(kind) or PUBLIC.get(name) or secret


class Failing:
    """A portal in which every page fails in the way that a header asks for."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if status := request.headers.get("X-Fail"):
            return HttpResponse(status=int(status))
        raise RuntimeError(f"nothing works at {request.build_absolute_uri()} ({request!r})")


@pytest.fixture
def shown(settings: Settings) -> Iterator[tuple[io.StringIO, io.StringIO]]:
    """What is written through the settings' formatter, and what a plain one would write."""
    handlers = [logging.StreamHandler(io.StringIO()) for _stream in range(2)]
    handlers[0].setFormatter(MaskingFormatter("{name} {message}", style="{"))
    root = logging.getLogger()
    for handler in handlers:
        root.addHandler(handler)
    yield handlers[0].stream, handlers[1].stream
    for handler in handlers:
        root.removeHandler(handler)


def test_no_failure_of_any_address_tells_what_fills_it(shown: tuple[io.StringIO, io.StringIO], settings: Settings) -> None:
    settings.MIDDLEWARE = [f"{__name__}.Failing"]
    client = Client(raise_request_exception=False)
    paths = {filled(address, secret) for address, secret in zip(addresses(), itertools.cycle(SECRETS), strict=False)}
    for path in paths:
        for status in STATUSES:
            client.get(f"{path}?next={SECRETS[0]}", headers={"x-fail": status})
        client.get(f"{path}?next={SECRETS[0]}")
    masked, plain = (stream.getvalue() for stream in shown)
    for secret in (*SECRETS, UUID):
        assert secret in plain
        assert [line for line in masked.splitlines() if secret in line] == []
    assert masked.count("Internal Server Error: /") == len(paths)
    assert "django.request Not Found: /china-student/individual/cases/…/\n" in masked
    assert "nothing works at http://testserver/" in masked


@pytest.mark.parametrize("method", ["get", "post", "put"])
def test_no_real_answer_of_the_portal_does(shown: tuple[io.StringIO, io.StringIO], owner_client: Client, method: str) -> None:
    secret = SECRETS[0]
    owner_client.handler.enforce_csrf_checks = method == "post"
    owner_client.raise_request_exception = False
    for address in addresses():
        if not address.route.startswith("admin/"):
            getattr(owner_client, method)(filled(address, secret))
    masked, plain = (stream.getvalue() for stream in shown)
    assert secret in plain
    assert secret not in masked
    assert UUID not in masked
