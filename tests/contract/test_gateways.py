"""One set of questions for every gateway: `dialects` says how each one's own side speaks."""

from collections.abc import Iterator
from typing import Any

import pytest
import pytest_socket
import time_machine
from django.test import Client
from pytest_django import Settings

from portal.accounts.models import User
from portal.payments import ledger, registry
from portal.payments.models import LedgerEvent, Notice, Payment, Receipt, ReviewItem
from portal.payments.protocol import Gateway, GatewayStatus, NotRefunded, Outcome, Raw, Refused
from tests.contract.dialects import GATEWAYS, PAID_AT, Dialect
from tests.factories import payments as make
from tests.factories.cases import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def today() -> Iterator[None]:
    with time_machine.travel(NOW, tick=True):
        yield


@pytest.fixture(params=GATEWAYS, ids=lambda dialect: dialect.code)
def dialect(request: pytest.FixtureRequest, settings: Settings) -> Dialect:
    found: Dialect = request.param
    settings.PAYMENT_METHODS = {"card": found.name}
    return found


@pytest.fixture
def gateway(dialect: Dialect) -> Gateway:
    return registry.gateway(dialect.code)


@pytest.fixture
def payment(dialect: Dialect, owner: User, officer: User) -> Payment:
    return make.attempt(owner, officer)


@pytest.fixture
def unsaved(dialect: Dialect) -> Payment:
    """Reading needs no rows."""
    return Payment(reference="P115000001A01", amount=1000, method="card", gateway=dialect.code)


def test_round_trip(dialect: Dialect, gateway: Gateway, unsaved: Payment) -> None:
    statement = gateway.read(dialect.notice(unsaved))
    assert (statement.said, statement.reference, statement.amount, statement.currency, statement.merchant) == (
        GatewayStatus.PAID,
        unsaved.reference,
        1000,
        "TWD",
        gateway.merchant,
    )
    assert statement.occurred_at == PAID_AT
    assert statement.gateway_reference


def test_2_each_field_tampered_is_refused(dialect: Dialect, gateway: Gateway, unsaved: Payment) -> None:
    raw = dialect.notice(unsaved)
    for name in dialect.fields:
        with pytest.raises(Refused, match="wrong signature"):
            gateway.read(dialect.tampered(raw, name))


def test_3_an_unsigned_message_is_refused(dialect: Dialect, gateway: Gateway, unsaved: Payment) -> None:
    for read, raw in ((gateway.read, dialect.notice(unsaved)), (gateway.read_answer, dialect.answer(unsaved, "1"))):
        with pytest.raises(Refused, match="signature"):
            read(dialect.unsigned(raw))


@pytest.mark.parametrize("slash", ["/", ""], ids=["slash", "no slash"])
def test_13_14_15_the_answer_is_exact_without_redirect_session_or_token(dialect: Dialect, payment: Payment, slash: str) -> None:
    response = deliver(dialect, dialect.notice(payment), slash=slash)
    status, body = dialect.answers[Outcome.BOOKED]
    assert (response.status_code, response.content, response["Content-Type"]) == (status, body, "text/plain")
    assert not response.cookies
    assert Receipt.objects.get().payment == payment


def test_14_no_redirect_to_https_or_to_a_language_either(dialect: Dialect, payment: Payment, settings: Settings) -> None:
    settings.SECURE_SSL_REDIRECT = True
    settings.SECURE_REDIRECT_EXEMPT = [r"^payments/[a-z0-9-]+/(notify|return)/?$"]
    response = deliver(dialect, dialect.notice(payment), headers={"Accept-Language": "en"})
    assert (response.status_code, response.content) == dialect.answers[Outcome.BOOKED]


def test_16_five_deliveries_are_one_event(dialect: Dialect, payment: Payment) -> None:
    answers = [deliver(dialect, dialect.notice(payment)).content for _ in range(5)]
    assert answers == [dialect.answers[Outcome.BOOKED][1]] * 5
    assert list(Notice.objects.order_by("id").values_list("outcome", flat=True)) == ["booked", *["duplicate"] * 4]
    assert (LedgerEvent.objects.count(), Receipt.objects.count()) == (1, 1)


def test_26_an_unknown_reference_is_set_aside(dialect: Dialect, payment: Payment) -> None:
    stranger = Payment(
        bill=payment.bill, reference="P999999999A99", method="card", gateway=payment.gateway, amount=payment.amount
    )
    response = deliver(dialect, dialect.notice(stranger))
    assert (response.status_code, response.content) == dialect.answers[Outcome.UNKNOWN_REFERENCE]
    notice = Notice.objects.get()
    assert (notice.verified, notice.outcome) == (True, "unknown_reference")
    assert ReviewItem.objects.get().event.notice == notice


@pytest.mark.parametrize("amount", [999, 1001])
def test_29_a_wrong_amount_is_set_aside(dialect: Dialect, payment: Payment, amount: int) -> None:
    assert ledger.receive(dialect.code, dialect.notice(payment, amount=amount), now=NOW) is Outcome.MISMATCH
    assert (Receipt.objects.count(), ReviewItem.objects.count()) == (0, 1)


def test_8_another_merchant_is_set_aside(dialect: Dialect, payment: Payment) -> None:
    assert ledger.receive(dialect.code, dialect.notice(payment, merchant="3002599"), now=NOW) is Outcome.MISMATCH
    assert (Receipt.objects.count(), ReviewItem.objects.count()) == (0, 1)


@pytest.mark.parametrize("outcome", list(Outcome))
def test_13_the_answer_is_exact(dialect: Dialect, gateway: Gateway, outcome: Outcome) -> None:
    answer = gateway.answer(outcome)
    assert (answer.status, answer.body) == dialect.answers[outcome]


def test_the_gateways_words_are_understood(dialect: Dialect, gateway: Gateway, unsaved: Payment) -> None:
    for status, said in dialect.statuses.items():
        statement = gateway.read_answer(dialect.answer(unsaved, status))
        assert (statement.said, statement.reference) == (said, unsaved.reference)


def test_words_that_are_not_known_are_no_answer(dialect: Dialect, gateway: Gateway, unsaved: Payment) -> None:
    with pytest.raises(Refused, match="unknown"):
        gateway.read_answer(dialect.answer(unsaved, "bartered"))


def test_56_an_answer_with_a_bad_signature_is_refused(dialect: Dialect, gateway: Gateway, unsaved: Payment) -> None:
    raw = dialect.answer(unsaved, next(iter(dialect.statuses)))
    for name in set(dialect.fields) & {"amount", "TradeAmt", "TradeNo", "bank_trade_no"}:
        with pytest.raises(Refused, match="wrong signature"):
            gateway.read_answer(dialect.tampered(raw, name))


@pytest.mark.parametrize(
    "body", [b"", b"\xff\xfe\x00", b"=&=", b"x" * 16 * 1024, b"[" * 9000], ids=["", "not UTF-8", "=", "x", "["]
)
def test_11_rubbish_is_refused_and_kept(dialect: Dialect, body: bytes) -> None:
    for content_type in ("application/x-www-form-urlencoded", "application/json", "multipart/form-data; boundary=x", ""):
        response = deliver(dialect, Raw({"Content-Type": content_type}, body, NOW))
        assert (response.status_code, response.content) == dialect.answers[Outcome.REFUSED]
    assert {bytes(notice.body) for notice in Notice.objects.all()} == {body}


def test_11_the_wrong_content_type_is_refused(dialect: Dialect, gateway: Gateway, unsaved: Payment) -> None:
    raw = dialect.notice(unsaved)
    with pytest.raises(Refused, match="content type"):
        gateway.read(Raw({**raw.headers, "Content-Type": "text/plain"}, raw.body, NOW))


@pytest.mark.parametrize("size", [16 * 1024 + 1, 1024 * 1024])
def test_11_more_than_16_kilobytes_are_refused_unread(dialect: Dialect, size: int) -> None:
    assert deliver(dialect, Raw({"Content-Type": "text/plain"}, b"x" * size, NOW)).status_code == 413
    assert Notice.objects.count() == 0


def test_reading_asks_no_network(dialect: Dialect, gateway: Gateway, unsaved: Payment) -> None:
    notice, answer = dialect.notice(unsaved), dialect.answer(unsaved, next(iter(dialect.statuses)))
    pytest_socket.disable_socket()
    try:
        assert gateway.read(notice).said is GatewayStatus.PAID
        gateway.read_answer(answer)
    finally:
        pytest_socket.enable_socket()


def test_the_same_attempt_is_handed_over_as_often_as_wanted(gateway: Gateway, payment: Payment) -> None:
    with time_machine.travel(NOW, tick=False):
        assert gateway.hand_over(payment) == gateway.hand_over(payment)


def test_what_a_gateway_does_not_give_back_is_left_to_the_cashier(gateway: Gateway, payment: Payment) -> None:
    payment.method = "store"
    assert gateway.can_refund(payment) is False
    with pytest.raises(NotRefunded):
        gateway.refund(payment, payment.amount, now=NOW)


def deliver(dialect: Dialect, raw: Raw, *, slash: str = "/", headers: dict[str, str] | None = None) -> Any:
    client = Client(enforce_csrf_checks=True)
    sent = {name: text for name, text in raw.headers.items() if name != "Content-Type"} | (headers or {})
    address = f"/payments/{dialect.code}/notify{slash}"
    return client.post(address, raw.body, content_type=raw.headers["Content-Type"], headers=sent)
