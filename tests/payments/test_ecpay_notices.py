"""ECPay's notices at our address: what is booked, and the exact words that answer them."""

from typing import Any

import pytest
from django.core.checks import run_checks
from django.db import OperationalError, connection
from django.test import Client
from pytest_django import Settings

from portal.cases.models import Case
from portal.cases.states import Status
from portal.mail.models import OutgoingMail
from portal.payments import operations, registry
from portal.payments.models import Bill, LedgerEvent, Notice, Payment, Receipt, ReviewItem
from tests.factories import ecpay
from tests.factories.cases import NOW

pytestmark = pytest.mark.django_db
OURS = {"ECPAY_MERCHANT_ID": "3900001", "ECPAY_HASH_KEY": "a key of our own", "ECPAY_HASH_IV": "and an iv of it", "ECPAY_URL": ""}


@pytest.fixture(autouse=True)
def carried(settings: Settings) -> None:
    settings.PAYMENT_METHODS = dict.fromkeys(["card", "virtual_account", "store"], "ecpay")


def deliver(fields: dict[str, str], client: Client | None = None) -> Any:
    raw = ecpay.raw(fields)
    return (client or Client(enforce_csrf_checks=True)).post(ecpay.NOTIFY, raw.body, content_type=ecpay.FORM)


def outcomes() -> list[str]:
    return list(Notice.objects.order_by("id").values_list("outcome", flat=True))


def kinds() -> list[str]:
    return list(LedgerEvent.objects.order_by("id").values_list("kind", flat=True))


def state(payment: Payment) -> str:
    return Payment.objects.get(pk=payment.pk).state


def test_13_the_answer_is_these_four_bytes(payment: Payment) -> None:
    response = deliver(ecpay.notice(payment))
    assert (response.status_code, response.content, response["Content-Type"]) == (200, b"1|OK", "text/plain")
    assert Case.objects.get().status == Status.COMPLETED
    assert Receipt.objects.get().payment == payment


def test_a_bad_signature_is_stored_and_changes_nothing(payment: Payment) -> None:
    raw = ecpay.raw(ecpay.notice(payment), key="guessed")
    response = Client().post(ecpay.NOTIFY, raw.body, content_type=ecpay.FORM)
    assert (response.status_code, response.content) == (400, b"0|Refused")
    notice = Notice.objects.get()
    assert (notice.verified, notice.outcome, bytes(notice.body)) == (False, "refused", raw.body)
    assert (state(payment), kinds()) == ("started", [])


def test_7_an_amount_named_twice_is_refused(payment: Payment) -> None:
    raw = ecpay.raw(ecpay.notice(payment))
    response = Client().post(ecpay.NOTIFY, raw.body + b"&TradeAmt=1", content_type=ecpay.FORM)
    assert (response.status_code, response.content, outcomes()) == (400, b"0|Refused", ["refused"])


def test_17_a_retry_says_paid_in_other_words_and_is_the_same_event(payment: Payment) -> None:
    for words in ("交易成功", "paid", "paid"):
        assert deliver(ecpay.notice(payment, RtnMsg=words)).content == b"1|OK"
    assert outcomes() == ["booked", "duplicate", "duplicate"]
    assert (kinds(), Receipt.objects.count()) == (["captured"], 1)
    assert OutgoingMail.objects.filter(kind="payment_received").count() == 1


def test_20_a_code_after_the_payment_changes_nothing(payment: Payment) -> None:
    deliver(ecpay.notice(payment))
    assert deliver(ecpay.code_notice(payment)).content == b"1|OK"
    assert (state(payment), kinds(), outcomes()) == ("captured", ["captured"], ["booked", "ignored"])
    assert Payment.objects.get().codes == {}


def test_21_a_failure_after_the_payment_changes_nothing(payment: Payment) -> None:
    deliver(ecpay.notice(payment))
    assert deliver(ecpay.notice(payment, RtnCode="10100058", RtnMsg="付款失敗")).content == b"1|OK"
    assert (state(payment), kinds(), outcomes()) == ("captured", ["captured"], ["booked", "ignored"])


def test_22_a_payment_after_a_failure_wins(payment: Payment) -> None:
    deliver(ecpay.notice(payment, RtnCode="10100058", RtnMsg="付款失敗"))
    failed = Payment.objects.get()
    assert (failed.state, failed.message) == ("failed", "付款失敗")
    deliver(ecpay.notice(payment))
    assert (state(payment), kinds(), outcomes()) == ("captured", ["failed", "captured"], ["ended", "booked"])


def test_23_a_notice_before_the_start_is_written_down(payment: Payment) -> None:
    Payment.objects.update(state="created")
    assert deliver(ecpay.notice(payment)).content == b"1|OK"
    assert (state(payment), kinds()) == ("captured", ["captured"])


def test_24_a_crash_in_the_middle_is_repaired_by_the_next_delivery(payment: Payment) -> None:
    def crash(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if sql.startswith("INSERT") and "receipt" in sql:
            raise OperationalError("the machine stops here")
        return execute(sql, params, many, context)

    with connection.execute_wrapper(crash):
        response = deliver(ecpay.notice(payment), Client(raise_request_exception=False))
    assert response.status_code == 500
    assert (state(payment), kinds(), outcomes()) == ("started", [], [""])
    assert deliver(ecpay.notice(payment, RtnMsg="paid")).content == b"1|OK"
    assert (state(payment), kinds(), outcomes()) == ("captured", ["captured"], ["", "booked"])


def test_26_an_unknown_reference_is_stored_reviewed_and_not_acknowledged(payment: Payment) -> None:
    response = deliver(ecpay.notice(payment, MerchantTradeNo="P999999999A01"))
    assert (response.status_code, response.content) == (404, b"0|Unknown")
    assert (outcomes(), kinds(), ReviewItem.objects.count()) == (["unknown_reference"], ["mismatch"], 1)


def test_27_a_simulation_in_production_is_acknowledged_and_fulfils_nothing(payment: Payment, settings: Settings) -> None:
    in_production(settings)
    fields = ecpay.notice(payment, MerchantID="3900001", SimulatePaid="1")
    assert deliver(fields).content == b"1|OK"
    assert (state(payment), kinds(), outcomes(), Case.objects.get().status) == (
        "started",
        [],
        ["ignored"],
        Status.AWAITING_PAYMENT,
    )
    assert deliver(fields | {"SimulatePaid": "0"}).content == b"1|OK"
    assert (kinds(), outcomes()) == (["captured"], ["ignored", "booked"])


def test_27_a_simulation_in_a_test_is_a_payment_and_what_follows_is_another(payment: Payment) -> None:
    deliver(ecpay.notice(payment, SimulatePaid="1"))
    assert Case.objects.get().status == Status.COMPLETED
    deliver(ecpay.notice(payment, SimulatePaid="1", RtnMsg="paid"))
    deliver(ecpay.notice(payment))
    assert (kinds(), outcomes()) == (["captured", "overpaid"], ["booked", "duplicate", "overpaid"])
    assert ReviewItem.objects.count() == 1


@pytest.mark.parametrize("code", ["2", "10100073"])
def test_28_a_code_is_no_payment(payment: Payment, code: str) -> None:
    for fields in (ecpay.notice(payment, RtnCode=code), ecpay.code_notice(payment, RtnCode=code)):
        assert deliver(fields).content == b"1|OK"
    assert (kinds(), Receipt.objects.count(), Case.objects.get().status) == ([], 0, Status.AWAITING_PAYMENT)
    assert (state(payment), outcomes()) == ("code_issued", ["ignored", "code_issued"])


def test_28_what_is_like_a_payment_is_refused(payment: Payment) -> None:
    assert deliver(ecpay.notice(payment, RtnCode="01")).content == b"0|Refused"
    assert (state(payment), kinds()) == ("started", [])


def test_a_code_is_shown_with_its_last_day_and_the_first_one_stays(bill: Bill) -> None:
    operations.start_payment(bill, registry.method("virtual_account"), now=NOW)
    payment = bill.payments.get()
    deliver(ecpay.code_notice(payment))
    deliver(ecpay.code_notice(payment, vAccount="9999999999999999"))
    issued = Payment.objects.get()
    assert (issued.codes, f"{issued.pay_until}") == ({"account": "9103522175887271"}, "2026-11-30")
    assert OutgoingMail.objects.filter(kind="slip_made").count() == 1
    deliver(ecpay.notice(payment, PaymentType="ATM_BOT", PaymentDate="2026/11/23 10:36:00"))
    assert (state(payment), kinds()) == ("captured", ["captured"])


def in_production(settings: Settings) -> None:
    settings.DEMO = False
    for name, value in OURS.items():
        setattr(settings, name, value)


# What a system check and the code itself refuse.


def ids() -> list[str]:
    """Of the checks of payments; E004 is about the sandbank, which is installed here."""
    return [str(each.id) for each in run_checks() if str(each.id).startswith("payments.E") and each.id != "payments.E004"]


def test_88_the_published_keys_are_refused_in_production(payment: Payment, settings: Settings) -> None:
    in_production(settings)
    settings.CONTENT_SECURITY_POLICY = {"DIRECTIVES": {"form-action": ["https://payment.ecpay.com.tw"]}}
    assert ids() == []
    assert registry.gateway("ecpay").merchant == "3900001"
    for name, value in {
        "ECPAY_HASH_KEY": "pwFHCqoQZGmho4w6",
        "ECPAY_HASH_IV": "EkRm7iFT261dpevs",
        "ECPAY_STAGE": True,
        "ECPAY_URL": "https://payment-stage.ecpay.com.tw",
    }.items():
        kept = getattr(settings, name)
        setattr(settings, name, value)
        assert "payments.E007" in ids()
        with pytest.raises(registry.NotConfigured):
            registry.gateway("ecpay")
        assert deliver(ecpay.notice(payment, MerchantID="3900001")).status_code == 404
        setattr(settings, name, kept)
    assert (Notice.objects.count(), state(payment)) == (0, "started")


@pytest.mark.parametrize("name", ["ECPAY_MERCHANT_ID", "ECPAY_HASH_KEY", "ECPAY_HASH_IV"])
def test_88_a_missing_key_is_named_and_refused(settings: Settings, name: str) -> None:
    in_production(settings)
    setattr(settings, name, "")
    assert "payments.E006" in ids()
    with pytest.raises(registry.NotConfigured):
        registry.gateway("ecpay")


def test_88_a_demonstration_may_use_them() -> None:
    assert ids() == []
    assert registry.gateway("ecpay").demo_only


def test_a_missing_origin_is_named(settings: Settings) -> None:
    settings.ECPAY_URL = "https://payment.ecpay.com.tw"
    found = [message for message in run_checks() if message.id == "payments.E008"]
    assert [message.msg for message in found] == [
        "https://payment.ecpay.com.tw is missing in form-action: no form may lead to ecpay"
    ]
    assert found[0].hint == "PAYMENT_ORIGINS=https://payment.ecpay.com.tw"


def test_a_method_that_ecpay_does_not_carry_is_named(settings: Settings) -> None:
    settings.PAYMENT_METHODS = {"egov": "ecpay"}
    assert ids() == ["payments.E009"]
    settings.ECPAY_PAYMENTS = {"egov": "WebATM"}
    assert ids() == []


def test_nothing_is_asked_of_settings_that_are_not_used(settings: Settings) -> None:
    settings.PAYMENT_METHODS = {"card": "sandbank"}
    settings.ECPAY_HASH_KEY = ""
    assert ids() == []
