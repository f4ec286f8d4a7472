"""繳費方式: the five as the manual has them, what each asks and takes besides, and a bill that is cancelled."""

import base64
import json
import re
from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

from portal.accounts.models import User
from portal.cases.models import Case
from portal.payments import operations, registry
from portal.payments.models import Bill, Payment
from portal.payments.operations import NotPayable, Unanswered
from portal.payments.protocol import FormPost, GatewayStatus, Redirect
from tests.factories import payments as make
from tests.factories.cases import NOW

from .test_operations import NOBODY, bank, state

pytestmark = pytest.mark.django_db
LIST = "/china-student/individual/payments/"
PAYER = "A123456789"


def page(bill: Bill, name: str = "") -> str:
    return f"{LIST}{bill.number}/{name}"


def text(response: Any) -> str:
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


# -- 手續費 --------------------------------------------------------------------------


def test_the_handling_fee_is_shown_before_leaving_and_is_no_part_of_the_amount(owner_client: Client, bill: Bill) -> None:
    found = text(owner_client.get(page(bill, "method/")))
    assert found.count("手續費：免手續費</p>") == 4
    assert "手續費：金融帳戶轉帳支付 每筆新臺幣 10 元 · 網路 ATM 每筆新臺幣 15 元 · 信用卡網路支付 每筆新臺幣 20 元" in found
    assert "手續費由繳費管道另外收取，不計入應繳金額。" in found
    operations.start_payment(bill, registry.method("egov"), said={"way": "agreed", "payer_id": ""}, now=NOW)
    assert Payment.objects.get().amount == 1000


def test_a_fee_that_only_the_channel_knows_is_said_to_be_its_own(owner_client: Client, bill: Bill, settings: Settings) -> None:
    settings.HANDLING_FEES = {}
    assert text(owner_client.get(page(bill, "method/"))).count("手續費：依繳費管道規定") == 4


# -- e 政府 GSP 線上繳費交易方式選擇頁 ---------------------------------------------------


def test_the_platforms_choice_is_a_page_of_its_own(owner_client: Client, bill: Bill) -> None:
    response = owner_client.post(page(bill, "method/"), {"method": "egov"})
    assert (response.status_code, response["Location"]) == (302, page(bill, "method/egov/"))
    found = text(owner_client.get(response["Location"]))
    for words in ("一般帳戶繳費", "限有向 GSP 申請約定帳戶繳費", "扣款人身分證字號", "每筆新臺幣 10 元", "新臺幣 1,000 元"):
        assert words in found
    assert Payment.objects.count() == 0


@pytest.mark.parametrize(
    ("data", "why"),
    [
        ({}, "請選擇交易方式。"),
        ({"way": "x" * 300}, "請選擇交易方式。"),
        ({"way": "general"}, "請輸入扣款人身分證字號。"),
        ({"way": "general", "payer_id": "A123456780"}, "扣款人身分證字號有誤，請重新輸入。"),
        ({"way": "general", "payer_id": "王小明"}, "扣款人身分證字號有誤，請重新輸入。"),
    ],
)
def test_what_is_missing_or_wrong_is_said_and_nothing_typed_is_lost(
    owner_client: Client, bill: Bill, data: dict[str, str], why: str
) -> None:
    found = text(owner_client.post(page(bill, "method/egov/"), data))
    assert why in found
    assert "<title>錯誤：e 政府繳費平台繳費" in found
    if number := data.get("payer_id"):
        assert f'value="{number}"' in found
    assert Payment.objects.count() == 0


@pytest.mark.parametrize("number", [PAYER, " a123-456789 ", "Ａ１２３４５６７８９", "A800000014"])
def test_the_payers_number_is_posted_and_stands_in_no_address_and_in_no_table(
    owner_client: Client, bill: Bill, number: str, caplog: pytest.LogCaptureFixture
) -> None:
    response = owner_client.post(page(bill, "method/egov/"), {"way": "general", "payer_id": number})
    found = text(response)
    assert "手續費：金融帳戶轉帳支付 每筆新臺幣 10 元" in found
    sent = json.loads(base64.urlsafe_b64decode(re.findall(r'name="order" value="([^"]+)"', found)[0]))
    clean = number if number == "A800000014" else PAYER
    assert (sent["way"], sent["payer_id"], sent["amount"]) == ("general", clean, 1000)
    assert 'action="http://localhost:8000/sandbank/pay/"' in found
    kept = json.dumps(list(Payment.objects.values()), default=str) + caplog.text
    assert clean not in kept


def test_with_an_agreed_account_no_number_is_passed_on(bill: Bill, owner_client: Client) -> None:
    found = text(owner_client.post(page(bill, "method/egov/"), {"way": "agreed", "payer_id": PAYER}))
    sent = json.loads(base64.urlsafe_b64decode(re.findall(r'name="order" value="([^"]+)"', found)[0]))
    assert (sent["way"], sent["payer_id"]) == ("agreed", "")


@pytest.mark.parametrize("code", ["card", "teahouse"])
def test_a_method_that_asks_nothing_has_no_such_page(owner_client: Client, bill: Bill, code: str) -> None:
    assert owner_client.get(page(bill, f"method/{code}/")).status_code == 404


def test_a_paid_bill_has_none_either(owner_client: Client, payment: Payment) -> None:
    make.record(payment)
    assert owner_client.get(page(payment.bill, "method/egov/"))["Location"] == page(payment.bill)


def test_what_the_gateway_gives_depends_on_what_was_said(bill: Bill) -> None:
    for code, said, start in (("web_atm", {}, Redirect), ("egov", {"way": "agreed", "payer_id": ""}, FormPost)):
        Payment.objects.update(state="cancelled")
        assert type(operations.start_payment(bill, registry.method(code), said=said, now=NOW)) is start


# -- what failed ----------------------------------------------------------------------


@pytest.mark.parametrize("said", [GatewayStatus.FAILED, GatewayStatus.CANCELLED, GatewayStatus.EXPIRED])
def test_what_failed_says_that_no_money_moved_and_what_to_do(owner_client: Client, payment: Payment, said: GatewayStatus) -> None:
    make.record(payment, said=said)
    found = text(owner_client.get(page(payment.bill, "result/")))
    assert "<strong>未扣款。</strong>您可以重新繳費，或改用其他繳費方式。" in found
    assert "重新繳費</a>" in found


# -- 取消繳費單 -------------------------------------------------------------------------


def test_a_bill_is_cancelled_after_a_second_question_and_its_cases_wait_again(
    owner_client: Client, owner: User, three_cases: list[Case]
) -> None:
    bill = make.open_bill(owner, *three_cases)
    assert f'href="{page(bill, "cancel/")}">取消繳費單</a>' in text(owner_client.get(page(bill)))
    assert "取消後，本繳費單內的案件回到待繳費列表，可重新勾選繳費；未扣款。" in text(owner_client.get(page(bill, "cancel/")))
    assert state(bill) == "open"
    assert owner_client.post(page(bill, "cancel/"))["Location"] == page(bill)
    assert (state(bill), bill.lines.filter(live=True).count()) == ("cancelled", 0)
    assert text(owner_client.get(LIST)).count('type="checkbox" name="cases"') == 3
    assert owner_client.post(page(bill, "cancel/"))["Location"] == page(bill)


def test_a_bill_is_not_cancelled_while_the_bank_is_silent(owner_client: Client, payment: Payment, settings: Settings) -> None:
    settings.SANDBANK_URL = NOBODY
    found = text(owner_client.post(page(payment.bill, "cancel/")))
    assert "金融機構尚未回覆本繳費單是否已繳費，目前無法取消，請稍後再試。" in found
    assert (state(payment.bill), state(payment)) == ("open", "unknown")
    with pytest.raises(Unanswered):
        operations.cancel_bill(payment.bill, now=NOW)


def test_a_bill_that_turns_out_to_be_paid_is_not_cancelled(owner_client: Client, payment: Payment, settings: Settings) -> None:
    with bank(settings, payment, "paid"):
        response = owner_client.post(page(payment.bill, "cancel/"))
    assert response["Location"] == page(payment.bill, "result/")
    assert (state(payment.bill), state(payment)) == ("settled", "captured")
    with pytest.raises(NotPayable):
        operations.cancel_bill(payment.bill, now=NOW)


def test_36_a_slip_that_is_paid_after_its_bill_was_cancelled_is_for_the_cashier(bill: Bill, settings: Settings) -> None:
    payment = make.slip(bill)
    with bank(settings, payment, "not_found", merchant_trade_no=payment.slip_number):
        operations.cancel_bill(bill, now=NOW)
    assert (state(bill), state(payment)) == ("cancelled", "cancelled")
    make.record(payment, reference=payment.slip_number)
    assert (state(bill), payment.events.get().review_item.closed_at) == ("late_paid", None)


@pytest.mark.parametrize("name", ["cancel/", "method/egov/"])
def test_51_the_bill_of_somebody_else_looks_like_a_missing_one(bill: Bill, stranger_client: Client, name: str) -> None:
    for call in (stranger_client.get, stranger_client.post):
        assert call(page(bill, name)).status_code == 404
    assert state(bill) == "open"


# -- words ----------------------------------------------------------------------------


def test_items_are_in_the_readers_language_on_screen(owner_client: Client, bill: Bill) -> None:
    assert ">Multiple-entry permit<" in text(owner_client.get(f"/en{page(bill)}"))
    assert bill.lines.get().item == "多次證"


def test_the_list_asks_the_database_as_often_with_slips_as_without(
    owner_client: Client, owner: User, three_cases: list[Case], django_assert_max_num_queries: Any
) -> None:
    for case in three_cases:
        make.slip(make.open_bill(owner, case))
    owner_client.get(LIST)
    with django_assert_max_num_queries(9):
        assert text(owner_client.get(LIST)).count("/result/") == 3
