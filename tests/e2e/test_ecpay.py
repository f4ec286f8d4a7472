"""Chapter 10 of the manual with ECPay as the gateway, in Chromium: away by a form that the form policy lets leave, and back."""

import pytest
from playwright.sync_api import expect
from pytest_django import Settings

from portal.cases.models import Case
from portal.payments.models import Payment
from tests.payments.conftest import three_cases  # noqa: F401 -- a fixture

from .test_chapter_10 import Payer, cases, payer  # noqa: F401 -- fixtures

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def at_ecpay(site: str, settings: Settings) -> None:
    settings.PAYMENT_METHODS = dict.fromkeys(["card", "virtual_account"], "ecpay")
    settings.ECPAY_URL = f"{site}/sandbank/ecpay"


def leave(payer: Payer, method: str) -> None:  # noqa: F811
    payer.choose(method)
    payer.shot("ecpay-leave")
    payer.press("前往繳費")


def test_by_card_after_coming_back_once_without_paying(payer: Payer, cases: list[Case]) -> None:  # noqa: F811
    payer.to_the_methods(cases[0])
    leave(payer, "國際信用卡網路繳費")
    payer.page.goto(f"{payer.site}/china-student/individual/payments/{Payment.objects.get().bill.number}/method/")
    leave(payer, "國際信用卡網路繳費")
    payer.page.locator("[name=number]").fill("4311-9522-2222-2222")
    payer.page.locator("[name=expiry]").fill("12/30")
    payer.page.locator("[name=cvv]").fill("123")
    payer.press("確認付款")
    payer.page.locator("[name=code]").fill("1234")
    payer.press("送出驗證碼")
    payer.expect_success()
    assert list(Payment.objects.order_by("id").values_list("state", flat=True)) == ["cancelled", "captured"]


def test_by_virtual_account(payer: Payer, cases: list[Case]) -> None:  # noqa: F811
    payer.to_the_methods(cases[0])
    leave(payer, "虛擬帳號繳費")
    expect(payer.page.get_by_role("main")).to_contain_text("虛擬帳號")
    payer.shot("bank-ecpay-code")
    code_page = payer.page.url
    payer.follow("返回特約商店")
    expect(payer.page.get_by_role("heading", name="繳費單已產生，尚未繳費")).to_be_visible(timeout=20_000)
    account = Payment.objects.get().codes["account"]
    expect(payer.page.locator("dl.summary-list").first).to_contain_text(account)
    assert payer.download_slip().startswith(b"%PDF")
    payer.page.goto(code_page)
    payer.press("以此代碼繳費")
    payer.follow("返回特約商店")
    payer.expect_success()
