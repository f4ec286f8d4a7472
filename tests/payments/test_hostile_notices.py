"""Whatever a gateway's address is sent, by a stranger or by who holds the key: it is answered as agreed, never with a 500."""

import datetime as dt
import json
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from portal.payments.gateways import notices, strict_json
from portal.payments.models import LedgerEvent, Notice, Payment
from portal.payments.tasks import purge_notices
from tests.factories import payments as make
from tests.factories.cases import NOW

pytestmark = pytest.mark.django_db
DEEP = 7000


def deliver(body: bytes, *, signed: bool = True, **headers: str) -> tuple[int, bytes]:
    proof = make.signed(body) if signed else {}
    response = Client().post(make.NOTIFY, body, content_type="application/json", headers={**proof, **headers})
    return response.status_code, response.content


TIMES_OF_EVENTS = [
    "0001-01-01T00:00:00+23:59",
    "9999-12-31T23:59:59-23:59",
    "9999-12-31T23:59:59+00:00",
    "1970-01-01T00:00:00+00:00",
    "2026-11-23",
    "2026-11-23T10:30:00+99:00",
    "2026-11-23T25:61:00+08:00",
    "",
    "x" * 64,
    "２０２６-11-23T10:30:00+08:00",
]
VALUES: list[Any] = [None, True, [], {}, [[]], 0.5, -1, 10**400, "1e400", "\0", "x" * 65, {"a": "b"}, "‮"]


@pytest.mark.parametrize("moment", TIMES_OF_EVENTS)
def test_an_absurd_date_is_refused(payment: Payment, moment: str) -> None:
    assert deliver(make.dump(make.event(payment, occurred_at=moment))) == (400, b"REFUSED")
    notice = Notice.objects.get()
    assert (notice.outcome, notice.verified) == ("refused", False)
    assert not LedgerEvent.objects.exists()


@pytest.mark.parametrize("days", [-367, 2])
def test_a_date_of_other_years_is_refused(payment: Payment, days: int) -> None:
    moment = (NOW + dt.timedelta(days=days)).isoformat()
    assert deliver(make.dump(make.event(payment, occurred_at=moment))) == (400, b"REFUSED")


@pytest.mark.parametrize("key", ["type", "event_id", "merchant", "merchant_trade_no", "amount", "currency", "occurred_at"])
def test_a_value_of_another_kind_is_refused(payment: Payment, key: str) -> None:
    for value in VALUES:
        if (key, value) == ("event_id", "1e400"):
            continue  # a name like any other
        status, answer = deliver(make.dump(make.event(payment, **{key: value})))
        assert (status, answer) in {(400, b"REFUSED"), (404, b"UNKNOWN"), (200, b"OK")}, value
        payment.refresh_from_db()
        assert payment.state == "started", value


def raw(payment: Payment, text: str, key: str = "amount") -> bytes:
    """The event with that text, which Python would not write, as the value of the key."""
    return make.dump(make.event(payment, **{key: "HERE"})).replace(b'"HERE"', text.encode("utf-8", "surrogatepass"))


BREAKERS = {
    "arrays": "[" * DEEP + "]" * DEEP,
    "objects": '{"a":' * 2500 + "1" + "}" * 2500,
    "open arrays": "[" * DEEP,
    "5000 digits": "9" * 5000,
    "1e400": "1e400",
    "NaN": "NaN",
    "infinity": "-Infinity",
    "lone surrogate": '"\\ud800"',
    "raw surrogate": '"\ud800"',
    "NUL": '"\\u0000"',
    "quotes": '"' + '\\"' * 6000 + '"',
    "open quotes": '"' + '\\"' * 6000,
    "twice": '1, "amount": 1000, "message": ""',
    "nothing": "",
    "BOM": "\ufeff1",
}


@pytest.mark.parametrize("text", BREAKERS.values(), ids=BREAKERS.keys())
def test_json_that_breaks_parsers_is_refused(payment: Payment, text: str) -> None:
    for key in ("amount", "message"):
        body = raw(payment, text, key)
        assert len(body) < 16 * 1024
        assert deliver(body) == (400, b"REFUSED"), key
    payment.refresh_from_db()
    assert payment.state == "started"


@pytest.mark.parametrize("body", [b"[]", b"1", b'"x"', b"null", b"", b"\xff\xfe", b"{}", b"[" * DEEP, b"\xef\xbb\xbf{}"])
@pytest.mark.parametrize("signed", [True, False])
def test_what_is_no_object_is_refused(body: bytes, signed: bool) -> None:
    assert deliver(body, signed=signed) == (400, b"REFUSED")


def test_strict_json_takes_what_a_gateway_sends() -> None:
    body = {"a": {"b": [1, ']]]]]]]]]]"[[[[[[[[[[\\']}, "c": "王"}
    assert strict_json.loads(json.dumps(body).encode()) == body
    assert strict_json.loads(json.dumps(body, ensure_ascii=False).encode()) == body


@pytest.mark.parametrize(
    "body", [b'{"a": 1, "a": 2}', b"[]", b'{"\xff": 1}', b'{"a": NaN}', b'{"a":' + b"[" * 8 + b"]" * 8 + b"}"]
)
def test_strict_json_refuses_the_rest(body: bytes) -> None:
    with pytest.raises(ValueError, match=r"repeated key|not an object|invalid start byte|not a number|nested too deeply"):
        strict_json.loads(body)


def test_of_many_long_headers_little_is_kept(payment: Payment) -> None:
    headers = {f"A{number}-Signature": "z" * 8000 for number in range(50)}
    assert deliver(b"{}", **headers, **{"X-Nul-Signature": "a\0b"}) == (400, b"REFUSED")
    kept = Notice.objects.get().headers
    assert len(kept) == 4
    assert len(json.dumps(kept)) < 5000


def test_a_long_reference_of_a_return_leads_nowhere() -> None:
    for reference in ("x" * 3000, "\ud7ff" * 100, ":" * 300):
        assert Client().get("/payments/sandbank/return/", {"reference": reference}).status_code == 404


# What is kept


def refused(count: int, **fields: Any) -> list[Notice]:
    return Notice.objects.bulk_create(Notice(gateway="sandbank", body=b"x", **fields) for _ in range(count))


def test_of_refused_notices_the_newest_stay(payment: Payment) -> None:
    refused(notices.REFUSED_MAX + 70)
    newest = Notice.objects.order_by("-pk").first()
    purge_notices()
    assert Notice.objects.count() == notices.REFUSED_MAX
    assert newest in Notice.objects.all()


def test_a_flood_trims_itself_without_the_schedule() -> None:
    refused(notices.REFUSED_MAX + 70)
    for _ in range(notices.TRIM_EVERY):
        deliver(b"{}", signed=False)
    assert Notice.objects.count() <= notices.REFUSED_MAX + notices.TRIM_EVERY


@pytest.mark.parametrize(("verified", "life"), [(False, notices.REFUSED_LIFE), (True, notices.IDLE_LIFE)])
def test_a_notice_that_booked_nothing_goes_when_its_time_is_over(verified: bool, life: dt.timedelta) -> None:
    now = timezone.now()
    young, old = refused(2, verified=verified)
    Notice.objects.filter(pk=young.pk).update(received_at=now - life + dt.timedelta(seconds=1))
    Notice.objects.filter(pk=old.pk).update(received_at=now - life)
    assert notices.purge(now=now) == 1
    assert Notice.objects.get() == young
    assert notices.purge(now=now) == 0


def test_what_stands_behind_the_ledger_stays_for_good(payment: Payment) -> None:
    assert deliver(make.dump(make.event(payment))) == (200, b"OK")
    assert notices.purge(now=NOW + dt.timedelta(days=9999)) == 0
    assert LedgerEvent.objects.get().notice == Notice.objects.get()


def test_too_many_idle_notices_lose_the_oldest(payment: Payment) -> None:
    deliver(make.dump(make.event(payment)))
    for _ in range(3):
        deliver(make.dump(make.event(payment)))
    assert notices.idle().count() == 3
    assert notices.keep_newest(notices.idle(), 2) == 1
    assert notices.idle().count() == 2
