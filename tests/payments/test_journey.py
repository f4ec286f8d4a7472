"""From the list to 交易結果, through the bank's own pages, with its notices over HTTP."""

from urllib.parse import urlsplit

import pytest
from django.test import Client

from portal.cases.models import Case
from portal.cases.states import Status
from portal.mail.models import OutgoingMail
from portal.payments.models import Bill, LedgerEvent, Notice, Payment, Receipt
from portal.sandbank.models import Order
from tests.factories.payments import notices_are_out

pytestmark = pytest.mark.django_db(transaction=True)
LIST = "/china-student/individual/payments/"
CARD = {"number": "4311-9522-2222-2222", "expiry": "12/30", "cvv": "123"}


def to_the_bank(client: Client, case: Case) -> str:
    """List, 明細, 方式, and across to the bank's card page."""
    detail = client.post(LIST, {"only": case.group_no})["Location"]
    assert "確認繳費" in client.get(detail).content.decode()
    away = client.post(f"{detail}method/", {"method": "card"}).headers["Refresh"].removeprefix("0; url=")
    return str(client.get(path(away))["Location"])


def path(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


def pay(client: Client, card_page: str, pace: str) -> str:
    """Card and 3-D Secure; where the bank sends the browser then."""
    challenge = client.post(card_page, {**CARD, "pace": pace})["Location"]
    return str(client.post(challenge, {"code": "1234"})["Location"])


def result(client: Client) -> str:
    return client.get(f"{LIST}{Bill.objects.get().number}/result/").content.decode()


def settled_once() -> bool:
    kinds = list(LedgerEvent.objects.values_list("kind", flat=True))
    emails = OutgoingMail.objects.filter(kind="payment_received").count()
    return (kinds, Receipt.objects.count(), emails, Case.objects.get().status) == (["captured"], 1, 1, Status.COMPLETED)


def test_the_notice_before_the_return(owner_client: Client, case: Case, sandbank: str) -> None:
    waiting = pay(owner_client, to_the_bank(owner_client, case), "notice_first")
    notices_are_out()
    assert settled_once()
    assert "返回特約商店" in owner_client.get(waiting).content.decode()
    back = owner_client.get(path(Order.objects.get().return_url))
    assert (back.status_code, back["Location"]) == (303, f"{LIST}{Bill.objects.get().number}/result/")
    assert "交易成功" in owner_client.get(back["Location"]).content.decode()
    assert Payment.objects.get().asked_at is None


def test_the_return_before_the_notice(owner_client: Client, case: Case, sandbank: str) -> None:
    back = pay(owner_client, to_the_bank(owner_client, case), "return_first")
    waiting = owner_client.get(owner_client.get(path(back))["Location"]).content.decode()
    assert '<meta http-equiv="refresh" content="3">' in waiting
    assert "確認中" in waiting
    assert Case.objects.get().status == Status.AWAITING_PAYMENT
    notices_are_out()
    assert "交易成功" in result(owner_client)
    assert settled_once()


def test_49_the_browser_never_returns(owner_client: Client, case: Case, sandbank: str) -> None:
    pay(owner_client, to_the_bank(owner_client, case), "together")
    notices_are_out()
    assert settled_once()
    assert case.group_no not in owner_client.get(LIST).content.decode()


def test_a_declined_card_is_said_and_another_try_succeeds(owner_client: Client, case: Case, sandbank: str) -> None:
    owner_client.post(to_the_bank(owner_client, case), {**CARD, "number": "4000-0000-0000-0002", "pace": "together"})
    notices_are_out()
    failed = result(owner_client)
    assert "發卡銀行拒絕交易" in failed
    assert "重新繳費" in failed
    pay(owner_client, to_the_bank(owner_client, case), "together")
    notices_are_out()
    assert "交易成功" in result(owner_client)
    assert list(Payment.objects.order_by("id").values_list("reference", "state")) == [
        ("P115000001A01", "failed"),
        ("P115000001A02", "captured"),
    ]
    assert list(LedgerEvent.objects.values_list("kind", flat=True)) == ["failed", "captured"]


def test_47_back_to_the_bank_after_paying_pays_nothing_more(owner_client: Client, case: Case, sandbank: str) -> None:
    card_page = to_the_bank(owner_client, case)
    pay(owner_client, card_page, "together")
    notices_are_out()
    assert owner_client.post(card_page, {**CARD, "pace": "together"})["Location"] == f"{card_page}done/"
    assert settled_once()


def test_46_a_second_click_comes_to_the_same_order(owner_client: Client, case: Case, sandbank: str) -> None:
    assert to_the_bank(owner_client, case) == to_the_bank(owner_client, case)
    assert (Order.objects.count(), Payment.objects.count()) == (1, 1)


def test_89_no_card_number_reaches_the_portal(
    owner_client: Client, case: Case, sandbank: str, caplog: pytest.LogCaptureFixture
) -> None:
    pay(owner_client, to_the_bank(owner_client, case), "together")
    notices_are_out()
    kept = b"".join(bytes(notice.body) for notice in Notice.objects.all()).decode() + caplog.text
    for secret in ("9522", "2222-2222", "sandbank-demo-key", case.owner.ui_no):
        assert secret not in kept
