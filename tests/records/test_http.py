"""The source `http`: what the service says that makes no sense is no answer, and nobody's number stands in an address."""

import datetime as dt
import json
from collections.abc import Iterator
from dataclasses import fields
from typing import Any

import pytest
from django.test import override_settings

from portal.records.checks import service_is_named, source_is_there
from portal.records.http import HttpSource
from portal.records.protocol import ApplicantRecord, PermitRecord, RecordsUnavailable
from tests.people import CATEGORY

from .service import TOKEN, Service, Store, running


@pytest.fixture
def service() -> Iterator[Service]:
    with (
        running(Store([], [])) as service,
        override_settings(RECORDS_URL=service.url, RECORDS_TOKEN=TOKEN),
    ):
        yield service


def ask() -> object:
    return HttpSource().find_applicant(ui_no="A890000002")


def test_nobody_is_nobody_and_no_number_stands_in_the_address(service: Service) -> None:
    assert ask() is None
    assert service.asked == [("/v1/find-applicant", json.dumps({"ui_no": "A890000002", "permit_no": ""}).encode())]


@pytest.mark.parametrize(
    "reply",
    [
        (200, {}, b""),
        (200, {}, b"not JSON"),
        (200, {}, b"\xff"),
        (200, {}, b"[]"),
        (200, {}, b"{}"),
        (200, {}, b'{"applicant": {"ui_no": "A890000002"}}'),
        (200, {}, b'{"applicant": "A890000002"}'),
        (200, {}, b'{"applicant": 7}'),
        (204, {}, b""),
        (302, {"Location": "http://127.0.0.1:9/"}, b""),
        (401, {}, b"{}"),
        (500, {}, b"{}"),
        (200, {"Content-Length": "999"}, b"{}"),
    ],
)
def test_what_makes_no_sense_is_no_answer(service: Service, reply: tuple[int, dict[str, str], bytes]) -> None:
    service.reply = reply
    with pytest.raises(RecordsUnavailable) as raised:
        ask()
    assert "A890000002" not in str(raised.value)


WANG: dict[str, Any] = {
    **{field.name: "x" for field in fields(ApplicantRecord)},
    "category": CATEGORY,
    "birth_date": "2004-05-06",
    "enrolled_on": "2026-09-01",
    "papers": {"person_id": "3101", "travel_document_no": "L10000001", "travel_document_expiry": "2031-01-01"},
}
PERMIT: dict[str, Any] = {
    **{field.name: "x" for field in fields(PermitRecord)},
    **dict.fromkeys(("issued_on", "valid_until", "entered_on", "stay_until"), "2026-09-01"),
    **dict.fromkeys(("revoked", "superseded"), False),
}


def spoiled(whole: dict[str, Any], *, but: str = "") -> Iterator[dict[str, Any]]:
    """With nothing, and with a number, in the place of each of its values."""
    for name in whole.keys() - {but}:
        yield {**whole, name: None}
        yield {**whole, name: 7}


SPOILED_PAPERS = [
    *({**WANG, "papers": papers} for papers in spoiled(WANG["papers"])),
    *({**WANG, "papers": {name: WANG["papers"][name] for name in WANG["papers"] if name != left}} for left in WANG["papers"]),
    {**WANG, "papers": {**WANG["papers"], "travel_document_expiry": "soon"}},
]


def test_a_person_and_a_permit_are_whole(service: Service) -> None:
    service.reply = (200, {}, json.dumps({"applicant": WANG}).encode())
    assert isinstance(ask(), ApplicantRecord)
    service.reply = (200, {}, json.dumps({"permits": [PERMIT, {**PERMIT, "entered_on": None}]}).encode())
    assert [each.entered_on for each in HttpSource().permits_of("A890000002")] == [dt.date(2026, 9, 1), None]


@pytest.mark.parametrize("person", [*spoiled(WANG), *SPOILED_PAPERS])
def test_a_person_of_whom_something_is_missing_is_no_answer(service: Service, person: dict[str, Any]) -> None:
    service.reply = (200, {}, json.dumps({"applicant": person}).encode())
    with pytest.raises(RecordsUnavailable):
        ask()


@pytest.mark.parametrize("permit", [*spoiled(PERMIT, but="entered_on"), {**PERMIT, "entered_on": 7}])
def test_a_permit_of_which_something_is_missing_is_no_answer(service: Service, permit: dict[str, Any]) -> None:
    service.reply = (200, {}, json.dumps({"permits": [permit]}).encode())
    with pytest.raises(RecordsUnavailable):
        HttpSource().permits_of("A890000002")


@pytest.mark.parametrize("reply", [(200, {}, b"{}"), (200, {}, b'{"permits": [{}]}'), (200, {}, b'{"permits": {"a": 1}}')])
def test_a_list_of_permits_that_is_none(service: Service, reply: tuple[int, dict[str, str], bytes]) -> None:
    service.reply = reply
    with pytest.raises(RecordsUnavailable):
        HttpSource().permits_of("A890000002")


def test_a_service_that_is_not_there_and_a_wrong_token(service: Service) -> None:
    with override_settings(RECORDS_TOKEN="another"), pytest.raises(RecordsUnavailable):
        ask()
    with override_settings(RECORDS_URL="http://127.0.0.1:1"), pytest.raises(RecordsUnavailable):
        ask()


@pytest.mark.parametrize(
    ("url", "token", "found"),
    [
        ("", "", ["records.E001"]),
        ("https://records.example", "", ["records.E001"]),
        ("http://records.example", "t", ["records.E002"]),
        ("https://records.example", "t", []),
        ("http://127.0.0.1:9000", "t", []),
    ],
)
def test_the_settings_are_checked(url: str, token: str, found: list[str]) -> None:
    with override_settings(RECORDS_SOURCE="portal.records.http.HttpSource", RECORDS_URL=url, RECORDS_TOKEN=token):
        assert [each.id for each in service_is_named(None)] == found
    with override_settings(RECORDS_URL=url, RECORDS_TOKEN=token):
        assert service_is_named(None) == []


@pytest.mark.parametrize("name", ["", "HttpSource", "portal.records.nowhere.Source", "portal.records.http.Source"])
def test_a_source_that_does_not_exist_is_named_at_the_start(name: str) -> None:
    assert source_is_there(None) == []
    with override_settings(RECORDS_SOURCE=name):
        assert [each.id for each in source_is_there(None)] == ["records.E003"]
