"""線上繳費, as the student sees it."""

import datetime as dt
import re
import sys
from collections.abc import Callable, Mapping
from types import ModuleType
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.html import escape
from pytest_django import Settings

from portal.accounts.models import User
from portal.cases.models import Case
from portal.payments.methods.base import BaseMethod
from portal.payments.models import Bill, Payment
from portal.payments.protocol import FormPost, GatewayStatus, Slip, Start
from tests.factories import payments as make
from tests.factories.cases import approved

pytestmark = pytest.mark.django_db
LIST = "/china-student/individual/payments/"
NOBODY = "http://127.0.0.1:9"


def page(bill: Bill, name: str = "") -> str:
    return f"{LIST}{bill.number}/{name}"


def text(response: Any) -> str:
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


ADDRESSES = ["", "method/", "result/"]


@pytest.mark.parametrize("name", ADDRESSES)
def test_51_the_bill_of_somebody_else_looks_like_a_missing_one(payment: Payment, stranger_client: Client, name: str) -> None:
    missing = Bill(number="B115-999999")
    for bill in (payment.bill, missing):
        for call in (stranger_client.get, stranger_client.post):
            assert call(page(bill, name), {"method": "card"}).status_code in (404, 405)
    payment.refresh_from_db()
    assert payment.state == "started"


@pytest.mark.parametrize("name", ADDRESSES)
def test_who_is_not_logged_in_is_sent_to_the_log_in(payment: Payment, client: Client, name: str) -> None:
    address = page(payment.bill, name)
    response = client.get(address)
    assert (response.status_code, response["Location"].split("?")[0]) == (302, "/china-student/individual/login/")


def test_the_list_asks_for_the_log_in(client: Client, db: None) -> None:
    for call in (client.get, client.post):
        assert call(LIST)["Location"].startswith("/china-student/individual/login/")


def test_the_list_shows_what_waits_for_payment(
    owner_client: Client, three_cases: list[Case], stranger: User, officer: User
) -> None:
    foreign = approved(stranger, officer)
    found = text(owner_client.get(LIST))
    for case in three_cases:
        assert f'value="{case.group_no}"' in found
        assert case.case_no in found
    assert foreign.group_no not in found
    assert "新臺幣 1,000 元" in found
    assert "2026/12/07" in found
    for words in ("線上繳費–列表", "申辦項目及費用如下", "多次證：新臺幣一千元。", "項目1：新臺幣三百元。"):
        assert words in found


def test_an_empty_list_says_so(owner_client: Client) -> None:
    assert "目前沒有待繳費案件。" in text(owner_client.get(LIST))


def test_the_list_asks_the_database_as_often_for_three_as_for_one(owner_client: Client, three_cases: list[Case]) -> None:
    owner_client.get(LIST)
    with CaptureQueriesContext(connection) as three:
        owner_client.get(LIST)
    Case.objects.exclude(pk=three_cases[0].pk).update(status="completed")
    with CaptureQueriesContext(connection) as one:
        owner_client.get(LIST)
    assert len(three) == len(one) <= 8


def test_ticked_cases_become_one_bill(owner_client: Client, three_cases: list[Case]) -> None:
    response = owner_client.post(LIST, {"cases": [case.group_no for case in three_cases[:2]]})
    bill = Bill.objects.get()
    assert (response.status_code, response["Location"], bill.total) == (302, page(bill), 1300)


def test_one_group_number_pressed_is_paid_alone(owner_client: Client, three_cases: list[Case]) -> None:
    owner_client.post(LIST, {"cases": [case.group_no for case in three_cases], "only": three_cases[1].group_no})
    assert Bill.objects.get().lines.get().case == three_cases[1]


def test_nothing_ticked_is_an_error(owner_client: Client, case: Case) -> None:
    found = text(owner_client.post(LIST))
    assert "<title>錯誤：線上繳費–列表" in found
    assert "請勾選待繳費之團號。" in found


def test_51_a_foreign_group_number_looks_like_a_missing_one(
    owner_client: Client, case: Case, stranger: User, officer: User
) -> None:
    foreign = approved(stranger, officer)
    for number in (foreign.group_no, "S1151123999", "<script>"):
        found = text(owner_client.post(LIST, {"cases": [case.group_no, number]}))
        assert "所選團號目前無法繳費，請重新勾選。" in found
        assert f'value="{case.group_no}" id="id_cases_0" aria-label="勾選團號 {case.group_no}" checked' in found
        assert foreign.group_no not in found
    assert Bill.objects.count() == 0


def test_a_selection_on_its_way_is_an_error_and_stays_ticked(
    owner_client: Client, three_cases: list[Case], owner: User, settings: Settings
) -> None:
    make.started(make.open_bill(owner, three_cases[0]))
    settings.SANDBANK_URL = NOBODY
    found = text(owner_client.post(LIST, {"cases": [case.group_no for case in three_cases[:2]]}))
    assert "所選案件已有進行中的繳費，請稍後再試。" in found
    assert found.count(" checked>") == 2


def test_the_bill_shows_lines_and_total(owner_client: Client, owner: User, three_cases: list[Case]) -> None:
    bill = make.open_bill(owner, *three_cases[:2])
    found = text(owner_client.get(page(bill)))
    assert "線上繳費-繳費明細" in found
    for words in (bill.number, three_cases[0].group_no, "多次證", "項目1", "新臺幣 1,300 元", "總金額"):
        assert words in found
    assert f'<a class="button" href="{page(bill, "method/")}">確認繳費</a>' in found


def test_a_cancelled_bill_says_so(owner_client: Client, bill: Bill) -> None:
    Bill.objects.update(state="cancelled")
    found = text(owner_client.get(page(bill)))
    assert "本繳費單已取消，請回線上繳費列表重新勾選。" in found
    assert "確認繳費</a>" not in found
    assert owner_client.get(page(bill, "method/"))["Location"] == page(bill)
    assert owner_client.get(page(bill, "result/"))["Location"] == page(bill)


def test_the_methods_are_those_configured_with_the_manuals_words(owner_client: Client, bill: Bill) -> None:
    found = text(owner_client.get(page(bill, "method/")))
    names = re.findall(r'<label for="id_method_\d">([^<]+)</label>', found)
    assert names == ["國際信用卡網路繳費", "網路收單 ATM 繳費", "虛擬帳號繳費", "e 政府繳費平台繳費", "四大超商繳費"]
    for words in (
        "必須使用非臺灣銀行發行之國際信用卡繳費，信用卡包含 VISA、MasterCard 及 JCB 三種卡種可使用。",
        "必先準備讀卡機及 ATM 卡，點選【繳費】鍵後，系統導至臺銀 WEB ATM 繳費頁，",
        "輸入相關資料及密碼後進行扣款作業，即可完成繳費作業。",
        "可下載繳費單，持繳費單至臺銀窗口繳費，繳費完成後可在二日後至系統下載收據。",
        "系統依繳費方式收取不等之手續費。",
        "提供可至四大超商(7-11、全家、萊爾富、OK)繳費功能。",
        "繳費完成後可在 2~3 個工作日後至系統下載繳費電子收據。",
    ):
        assert words in found


def test_without_a_method_the_page_says_so(owner_client: Client, bill: Bill, settings: Settings) -> None:
    settings.PAYMENT_METHODS = {}
    assert "目前沒有可用的繳費方式，請稍後再試。" in text(owner_client.get(page(bill, "method/")))


@pytest.mark.parametrize("data", [{}, {"method": "atm"}, {"method": "../card"}])
def test_an_unknown_method_is_an_error(owner_client: Client, bill: Bill, data: dict[str, str]) -> None:
    found = text(owner_client.post(page(bill, "method/"), data))
    assert "<title>錯誤：繳費方式" in found
    assert "請選擇繳費方式。" in found
    assert Payment.objects.count() == 0


def test_53_pressing_pay_leads_to_the_bank_by_a_page_that_needs_no_form(
    owner_client: Client, bill: Bill, settings: Settings
) -> None:
    """A browser that lets no form leave this host, not even through a redirect, opens an address."""
    settings.CONTENT_SECURITY_POLICY = {"DIRECTIVES": {"form-action": ["'none'"]}}
    response = owner_client.post(page(bill, "method/"), {"method": "card"})
    assert response.status_code == 200
    away = response.headers["Refresh"].removeprefix("0; url=")
    assert away.startswith("http://localhost:8000/sandbank/pay/?order=")
    assert f'<a class="button" href="{escape(away)}">前往繳費</a>' in text(response)
    assert "sandbank" not in " ".join(re.findall(r"<form[^>]*>", text(response)))
    assert "王小明" not in away
    assert Payment.objects.get().state == "started"


def test_53_a_form_that_has_to_be_posted_may_lead_where_it_does(owner_client: Client, bill: Bill, settings: Settings) -> None:
    """Whatever origin the policy of the other pages forgot."""
    settings.SANDBANK_URL = "https://bank.example/sandbank"
    said = {"way": "general", "payer_id": "A123456789"}
    response = owner_client.post(page(bill, "method/egov/"), said)
    assert 'action="https://bank.example/sandbank/pay/"' in text(response)
    policy = response.headers["Content-Security-Policy"]
    assert "form-action 'self' https://bank.example;" in f"{policy};"
    assert "bank.example" not in owner_client.get(page(bill, "method/egov/")).headers["Content-Security-Policy"]


def test_54_while_the_bank_is_silent_paying_again_leads_to_the_result(
    owner_client: Client, payment: Payment, settings: Settings
) -> None:
    settings.SANDBANK_URL = NOBODY
    response = owner_client.post(page(payment.bill, "method/"), {"method": "card"})
    assert response["Location"] == page(payment.bill, "result/")
    assert Payment.objects.get().state == "unknown"


def test_47_back_after_paying_leads_to_the_result(owner_client: Client, payment: Payment) -> None:
    make.record(payment)
    assert owner_client.get(page(payment.bill))["Location"] == page(payment.bill, "result/")
    for call in (owner_client.get, owner_client.post):
        assert call(page(payment.bill, "method/"), {"method": "card"})["Location"] == page(payment.bill)
    assert Payment.objects.count() == 1


class Elsewhere(BaseMethod):
    """A method whose gateway wants a form, or that gives a slip."""

    code = "elsewhere"
    name = guidance = "別處"

    def __init__(self, start: Start) -> None:
        self._start = start

    def start(self, payment: Payment, said: Mapping[str, str]) -> Start:
        return self._start


@pytest.fixture
def offer(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Callable[[Start], None]:
    """Offer another method, which is a module beside the card's, as an agency adds one."""

    def add(start: Start) -> None:
        module = ModuleType("portal.payments.methods.elsewhere")
        module.method = Elsewhere(start)  # type: ignore[attr-defined]
        monkeypatch.setitem(sys.modules, module.__name__, module)
        settings.PAYMENT_METHODS = {"elsewhere": "sandbank"}

    return add


def test_a_gateway_may_want_a_form(owner_client: Client, bill: Bill, offer: Callable[[Start], None]) -> None:
    offer(FormPost("https://bank.example/pay", {"Order": "<1>"}))
    found = text(owner_client.post(page(bill, "method/"), {"method": "elsewhere"}))
    assert '<form method="post" action="https://bank.example/pay">' in found
    assert '<input type="hidden" name="Order" value="&lt;1&gt;">' in found
    assert "csrfmiddlewaretoken" not in found.split("https://bank.example/pay")[1].split("</form>")[0]


def test_a_slip_is_offered_by_the_result_page(owner_client: Client, bill: Bill, offer: Callable[[Start], None]) -> None:
    offer(Slip({"code": "LGB26112300001"}, dt.date(2026, 12, 1)))
    response = owner_client.post(page(bill, "method/"), {"method": "elsewhere"})
    assert response["Location"] == page(bill, "result/")
    found = text(owner_client.get(response["Location"]))
    assert '<dt>繳費代碼</dt><dd class="number" translate="no">LGB26112300001</dd>' in found
    assert "請於 2026/12/01 前（含當日）依下列代碼繳費。" in found


def test_before_the_notice_the_result_is_being_confirmed(owner_client: Client, payment: Payment, settings: Settings) -> None:
    settings.SANDBANK_URL = NOBODY
    found = text(owner_client.get(page(payment.bill, "result/")))
    assert '<meta http-equiv="refresh" content="3">' in found
    assert "<h2>確認中</h2>" in found
    assert "重新繳費</a>" not in found
    assert "尚未完成付款" not in found  # the bank is silent: nobody is asked to pay again


def test_49_after_the_notice_the_result_is_there(owner_client: Client, payment: Payment) -> None:
    make.record(payment)
    found = text(owner_client.get(page(payment.bill, "result/")))
    assert '<div class="panel panel-success" role="status" tabindex="-1" autofocus> <h2>交易成功</h2>' in found
    assert "<dt>交易結果</dt><dd>繳費成功</dd>" in found
    assert '<dt>交易日期及時間</dt><dd class="number" translate="no"><time datetime="2026-11-23T10:30:00+08:00"' in found
    assert ">2026/11/23 10:30:00</time>" in found
    assert '<dt>交易金額</dt><dd class="number" translate="no">新臺幣 1,000 元</dd>' in found
    assert "R115-000001" in found
    assert 'href="/china-student/individual/downloads/permits/">許可證下載</a>' in found
    assert 'href="/china-student/individual/downloads/receipts/">收據下載</a>' in found
    assert "http-equiv" not in found


def test_a_failure_says_why_and_offers_another_try(owner_client: Client, payment: Payment) -> None:
    make.record(payment, said=GatewayStatus.FAILED, message="發卡銀行拒絕交易")
    found = text(owner_client.get(page(payment.bill, "result/")))
    assert '<h2>交易失敗</h2> <p>金融機構回覆：<span lang="zh-Hant">發卡銀行拒絕交易</span></p>' in found
    english = text(owner_client.get(f"/en{page(payment.bill, 'result/')}"))
    assert 'The bank’s answer: <span lang="zh-Hant">發卡銀行拒絕交易</span></p>' in english
    assert "<strong>No money was taken.</strong> You" in english
    assert f'<a class="button" href="{page(payment.bill, "method/")}">重新繳費</a>' in found
    assert "收據下載</a> <a" not in found


def test_after_a_failure_and_a_success_the_result_is_the_success(owner_client: Client, payment: Payment) -> None:
    second = Payment.objects.create(
        bill=payment.bill, reference="P115000001A02", method="card", gateway="sandbank", amount=1000, state="failed"
    )
    make.record(payment)
    found = text(owner_client.get(page(payment.bill, "result/")))
    assert payment.reference in found
    assert second.reference not in found


def test_late_money_is_not_called_a_success(owner_client: Client, payment: Payment) -> None:
    Bill.objects.update(state="cancelled")
    make.record(payment)
    found = text(owner_client.get(page(payment.bill, "result/")))
    assert "款項已入帳，但繳費單已結清、取消或逾期，將由承辦人員與您聯繫後續處理。" in found
    assert "交易成功" not in found


@pytest.mark.parametrize("name", ["", "method/", "result/"])
def test_no_page_is_kept_by_a_browser(owner_client: Client, payment: Payment, settings: Settings, name: str) -> None:
    settings.SANDBANK_URL = NOBODY
    assert "no-store" in owner_client.get(page(payment.bill, name))["Cache-Control"]


@pytest.mark.parametrize(
    ("changes", "title"),
    [({}, "交易成功"), ({"said": GatewayStatus.FAILED}, "交易失敗"), ({"said": GatewayStatus.CANCELLED}, "交易失敗")],
)
def test_91_the_result_is_the_title_and_a_status_that_has_the_focus(
    owner_client: Client, payment: Payment, changes: dict[str, Any], title: str
) -> None:
    make.record(payment, **changes)
    found = text(owner_client.get(page(payment.bill, "result/")))
    assert f"<title>{title}" in found
    assert found.count('role="status" tabindex="-1" autofocus>') == 1


def test_91_while_it_is_being_confirmed_the_page_that_comes_anew_leaves_the_focus(
    owner_client: Client, payment: Payment, settings: Settings
) -> None:
    settings.SANDBANK_URL = NOBODY
    found = text(owner_client.get(page(payment.bill, "result/")))
    assert "<title>確認中" in found
    assert '<div class="panel" role="status"> <h2>確認中' in found
    assert 'tabindex="-1" autofocus>' not in found
