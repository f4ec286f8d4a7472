"""What a student reads of the money: 交易結果頁, 線上繳費–列表 and 案件詳細資料 agree, whatever became of it."""

import datetime as dt
from collections.abc import Callable

import pytest
import time_machine

from portal.accounts.models import User
from portal.cases.models import Case
from portal.payments import deadlines, operations, registry
from portal.payments.attempts import transition
from portal.payments.cashier import refunds
from portal.payments.models import Bill, Payment
from portal.payments.protocol import GatewayStatus
from portal.payments.states import PaymentState
from portal.review.groups import CASHIERS
from tests.conftest import logged_in
from tests.factories import payments as make
from tests.factories.cases import NOW
from tests.staff import make_staff

HOME = "/china-student/individual"
A_DAY = dt.timedelta(days=1)
LATE = NOW + 16 * A_DAY


# What may become of the money; each says when it is looked at.


def paid(bill: Bill) -> dt.datetime:
    make.record(make.started(bill))
    return NOW


def paid_back_in_part(bill: Bill) -> dt.datetime:
    paid(bill)
    pay_back(bill.payments.get(), 400)
    return NOW


def paid_back(bill: Bill) -> dt.datetime:
    paid(bill)
    pay_back(bill.payments.get(), 1000)
    return NOW


def pay_back(payment: Payment, amount: int) -> None:
    asks, approves = (make_staff(name, CASHIERS) for name in ("asks", "approves"))
    refund = refunds.approve(refunds.request(payment, amount, reason="溢繳", by=asks, now=NOW), by=approves, now=NOW)
    refunds.complete(refund, evidence="匯款單 123", now=NOW)


def taken_back(bill: Bill) -> dt.datetime:
    paid(bill)
    make.record(bill.payments.get(), said=GatewayStatus.REVERSED)
    return NOW


def taken_back_and_paid_again(bill: Bill) -> dt.datetime:
    taken_back(bill)
    make.record(bill.payments.get(), gateway_reference="SB-second")
    return NOW


def paid_twice(bill: Bill) -> dt.datetime:
    first = make.slip(bill)
    transition(first, PaymentState.CANCELLED)  # another way was chosen
    operations.start_payment(bill, registry.method("card"), now=NOW)
    for payment in (bill.payments.get(method="card"), first):
        make.record(payment)
    return NOW


def paid_late(bill: Bill) -> dt.datetime:
    make.record(make.slip(bill), now=LATE, occurred_at=LATE - A_DAY)
    deadlines.end_unpaid(now=LATE)
    return LATE


def paid_late_and_back(bill: Bill) -> dt.datetime:
    paid_late(bill)
    pay_back(bill.payments.get(), 1000)
    return LATE


def slip_on_its_last_day(bill: Bill) -> dt.datetime:
    make.slip(bill)
    return dt.datetime.combine(dt.date(2026, 12, 7), dt.time(23, 59, 59), NOW.tzinfo)


def slip_a_second_later(bill: Bill) -> dt.datetime:
    return slip_on_its_last_day(bill) + dt.timedelta(seconds=1)


RESULT, LIST, CASE = "result", "list", "case"
# Where a case stands by its number, with its 案件狀態.
TODO, PROGRESS, EXPORT = "todo", "progress", "export"
# On which page which sentences stand, and which do not.
SAID: dict[Callable[[Bill], dt.datetime], dict[str, tuple[set[str], set[str]]]] = {
    paid: {
        RESULT: ({"可至下載專區下載電子許可證及收據", "繳費成功", "許可證下載</a>", "收據下載</a>"}, {"退費金額"}),
        CASE: ({"案件已結案，請至下載專區下載電子許可證。", "已繳金額", "收據下載</a>"}, {"已退費", "已沖正"}),
    },
    paid_back_in_part: {
        RESULT: ({"可至下載專區下載電子許可證及收據", "退費金額", "新臺幣 400 元"}, set()),
        CASE: ({"已繳金額", "收據下載</a>"}, {"已退費"}),
    },
    paid_back: {
        RESULT: (
            {"您的款項已退回。實際入帳時間依金融機構作業而定。", "<dd>已退費</dd>", "退費金額"},
            {"繳費成功", "款項已入帳", "下載專區下載"},
        ),
        CASE: ({"案件已結案，請至下載專區下載電子許可證。", "新臺幣 1,000 元（已退費）"}, {"已繳金額", "收據下載</a>"}),
    },
    taken_back: {
        RESULT: ({"金融機構已沖正本次交易，許可證暫停下載", "<dd>已沖正</dd>"}, {"許可證下載</a>", "繳費成功"}),
        CASE: (
            {"金融機構已沖正本案的繳費，許可證暫停下載，將由承辦人員與您聯繫後續處理。", "新臺幣 1,000 元（已沖正）"},
            {"請至下載專區下載電子許可證", "已繳金額", "許可證下載</a>", "收據下載</a>", "可下載"},
        ),
        **dict.fromkeys((TODO, PROGRESS), ({"已結案，繳費已沖正</span>"}, {"已結案，可下載</span>"})),
        EXPORT: ({"已結案，繳費已沖正"}, {"可下載"}),
    },
    taken_back_and_paid_again: {
        **dict.fromkeys((TODO, PROGRESS, EXPORT), ({"已結案，可下載"}, {"沖正"})),
        RESULT: ({"可至下載專區下載電子許可證及收據", "繳費成功"}, {"沖正"}),
        CASE: ({"案件已結案，請至下載專區下載電子許可證。", "已繳金額", "許可證下載</a>"}, {"沖正"}),
    },
    paid_twice: {
        RESULT: ({"可至下載專區下載電子許可證及收據", "國際信用卡網路繳費"}, {"退費金額"}),
        CASE: ({"案件已結案，請至下載專區下載電子許可證。", "已繳金額"}, set()),
    },
    paid_late: {
        RESULT: ({"款項已入帳，但繳費單已結清、取消或逾期，將由承辦人員與您聯繫後續處理。"}, {"下載專區下載", "退費金額"}),
        CASE: ({"本案逾期未辦，已結束。"}, {"已繳金額", "許可證下載</a>"}),
    },
    paid_late_and_back: {
        RESULT: ({"您的款項已退回。實際入帳時間依金融機構作業而定。", "退費金額"}, {"款項已入帳", "繳費成功"}),
        CASE: ({"本案逾期未辦，已結束。"}, {"已繳金額"}),
    },
    slip_on_its_last_day: {
        RESULT: ({"繳費單已產生，尚未繳費", "於 2026/12/07 前（含當日）持繳費單至", "下載繳費單</a>"}, {"已過"}),
        LIST: ({"新臺幣 1,000 元，請於 2026/12/07 前（含當日）繳費"}, {"已過", "已逾繳費期限"}),
        CASE: ({"請於期限內線上繳費", "線上繳費</a>"}, {"期限已過"}),
    },
    slip_a_second_later: {
        RESULT: (
            {"繳費期限 2026/12/07 已過，請勿再持本繳費單繳費。", "期限內已繳費者"},
            {"前（含當日）", "下載繳費單</a>", "尚未繳費"},
        ),
        LIST: (
            {"繳費期限 2026/12/07 已過，請勿再持繳費單繳費", "期限內已繳費者，金融機構確認後即可結案"},
            {"前（含當日）"},
        ),
        CASE: ({"期限已過，本案即將結束。期限內已繳費者，金融機構確認後即可結案。"}, {"線上繳費</a>"}),
    },
}


@pytest.mark.parametrize(("fate", "page"), [(fate, page) for fate, pages in SAID.items() for page in pages])
def test_the_pages_agree(fate: Callable[[Bill], dt.datetime], page: str, bill: Bill, case: Case, owner: User) -> None:
    addresses = {
        RESULT: f"payments/{bill.number}/result/",
        LIST: "payments/",
        CASE: f"cases/{case.case_no}/",
        TODO: "todo/",
        PROGRESS: f"progress/?case_no={case.case_no}",
        EXPORT: "progress/cases.csv",
    }
    with time_machine.travel(fate(bill), tick=False):
        shown = logged_in(owner).get(f"{HOME}/{addresses[page]}").content.decode()
    shown = shown.partition("<main")[2] or shown
    there, not_there = SAID[fate][page]
    assert {words for words in there if words not in shown} == set()
    assert {words for words in not_there if words in shown} == set()
