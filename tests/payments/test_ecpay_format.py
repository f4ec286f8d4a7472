"""ECPay: its signature and its forms, by the published figures."""

import datetime as dt
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from pytest_django import Settings

from portal.accounts.models import User
from portal.cases.models import Case
from portal.payments.gateways.ecpay import check_mac, gateway, orders
from portal.payments.models import Payment
from portal.payments.protocol import FormPost, GatewayStatus, NotIssued, Raw, Refused, Slip
from portal.sandbank.ecpay import check_mac as theirs
from tests.factories import ecpay
from tests.factories import payments as make
from tests.factories.cases import NOW

VECTORS = json.loads((Path(__file__).parent / "data" / "ecpay.json").read_text(encoding="utf-8"))["check_mac_value"]
PAYMENT = Payment(reference="P115000001A01", amount=1000, method="card", gateway="ecpay")
KEY, IV = "pwFHCqoQZGmho4w6", "EkRm7iFT261dpevs"


@pytest.mark.parametrize("side", [check_mac.check_mac_value, theirs.reckon], ids=["portal", "bank"])
@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["name"])
def test_1_all_vectors(vector: dict[str, Any], side: Any) -> None:
    assert side(vector["params"], vector["hash_key"], vector["hash_iv"]) == vector["check_mac_value"]


def test_1_there_are_ten_of_them() -> None:
    assert len(VECTORS) == 10


@pytest.mark.parametrize("text", ["~", "'", '"', "&", "+", "%", " ", "#", "移民署", "𠮷", "a-b_c.d!e*f(g)h", "%7e", "=", "\t"])
def test_4_characters_that_others_encode_otherwise(text: str) -> None:
    fields = ecpay.notice(PAYMENT, CustomField1=text)
    signature = check_mac.check_mac_value(fields, KEY, IV)
    assert signature == theirs.reckon(fields, KEY, IV)
    statement = gateway.read(ecpay.raw(fields))
    assert statement.said is GatewayStatus.PAID


def test_4_a_tilde_and_an_apostrophe_are_encoded() -> None:
    assert check_mac._encoded("~'") == "%7e%27"
    assert check_mac._encoded("-_.!*() Aa") == "-_.!*()+aa"


@pytest.mark.parametrize("value", ["", " a", "a ", "　", "a=b"])
def test_5_what_is_empty_or_has_blanks_around_it_is_signed_as_it_is(value: str) -> None:
    fields = ecpay.notice(PAYMENT, CustomField1=value)
    assert gateway.read(ecpay.raw(fields)).said is GatewayStatus.PAID
    for other in {"", value.strip(), f"{value} "} - {value}:
        signed = ecpay.fields_of(ecpay.raw(fields)) | {"CustomField1": other}
        with pytest.raises(Refused, match="wrong signature"):
            gateway.read(ecpay.unsigned(signed))


def test_5_an_empty_field_that_is_left_out_is_another_message() -> None:
    signed = ecpay.fields_of(ecpay.raw(ecpay.notice(PAYMENT, CustomField1="")))
    del signed["CustomField1"]
    with pytest.raises(Refused, match="wrong signature"):
        gateway.read(ecpay.unsigned(signed))


SPOILS: dict[str, Callable[[str], str]] = {
    "empty": lambda mac: "",
    "short": lambda mac: mac[:-1],
    "lower case": str.lower,
    "a blank behind": lambda mac: f"{mac} ",
    "full width": lambda mac: "０" * 64,
    "zeros": lambda mac: "0" * 64,
}


@pytest.mark.parametrize("spoil", SPOILS.values(), ids=SPOILS)
def test_3_a_spoilt_signature_is_refused(spoil: Any) -> None:
    signed = ecpay.fields_of(ecpay.raw(ecpay.notice(PAYMENT)))
    with pytest.raises(Refused, match="wrong signature"):
        gateway.read(ecpay.unsigned({**signed, "CheckMacValue": spoil(signed["CheckMacValue"])}))


@pytest.mark.parametrize("kind", ["0", "2", "", "01"])
def test_6_another_encrypt_type_is_refused(kind: str) -> None:
    with pytest.raises(Refused, match="EncryptType"):
        gateway.read(ecpay.raw(ecpay.notice(PAYMENT, EncryptType=kind)))


def test_6_the_right_one_is_taken() -> None:
    assert gateway.read(ecpay.raw(ecpay.notice(PAYMENT, EncryptType="1"))).said is GatewayStatus.PAID


@pytest.mark.parametrize("read", [gateway.read, gateway.read_answer], ids=["notice", "answer"])
@pytest.mark.parametrize("more", [b"&TradeAmt=1", b"&%54radeAmt=1000", b"&CheckMacValue=0"])
def test_7_a_repeated_key_is_refused(read: Any, more: bytes) -> None:
    raw = ecpay.raw(ecpay.notice(PAYMENT))
    with pytest.raises(Refused, match="repeated key"):
        read(Raw(raw.headers, raw.body + more, NOW))


def test_8_another_key_is_refused() -> None:
    with pytest.raises(Refused, match="wrong signature"):
        gateway.read(ecpay.raw(ecpay.notice(PAYMENT), key="5294y06JbISpM5x9"))


@pytest.mark.parametrize("name", ["ECPAY_HASH_KEY", "ECPAY_HASH_IV", "ECPAY_MERCHANT_ID"])
def test_8_without_keys_nobody_is_believed(settings: Settings, name: str) -> None:
    setattr(settings, name, "")
    with pytest.raises(Refused, match="no keys"):
        gateway.read(ecpay.raw(ecpay.notice(PAYMENT)))


@pytest.mark.parametrize("body", [b"\xff=1", b"TradeAmt=%ff", b"TradeAmt", b"&", b"a=1" + b"&b=1" * 100])
def test_11_what_is_no_form_is_refused(body: bytes) -> None:
    with pytest.raises(Refused, match="not a form"):
        gateway.read(Raw({"Content-Type": ecpay.FORM}, body, NOW))


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("1", GatewayStatus.PAID),
        ("2", GatewayStatus.CODE_ISSUED),
        ("10100073", GatewayStatus.CODE_ISSUED),
        ("10300066", GatewayStatus.PENDING),
        ("10100058", GatewayStatus.FAILED),
        ("0", GatewayStatus.FAILED),
    ],
)
def test_28_only_one_is_a_payment(code: str, said: GatewayStatus) -> None:
    assert gateway.read(ecpay.raw(ecpay.notice(PAYMENT, RtnCode=code))).said is said


@pytest.mark.parametrize("code", ["01", " 1", "1 ", "+1", "1.0", "１", "", "true", "1\n"])
def test_28_what_is_like_one_is_refused(code: str) -> None:
    with pytest.raises(Refused, match="RtnCode"):
        gateway.read(ecpay.raw(ecpay.notice(PAYMENT, RtnCode=code)))


@pytest.mark.parametrize(
    "changes",
    [
        {"TradeAmt": "-1"},
        {"TradeAmt": "1000.0"},
        {"TradeAmt": "１０００"},
        {"TradeAmt": ""},
        {"TradeAmt": "1" * 10},
        {"MerchantTradeNo": ""},
        {"MerchantTradeNo": "P" * 21},
        {"MerchantTradeNo": "P\0"},
        {"TradeNo": ""},
        {"TradeNo": "x" * 21},
        {"MerchantID": None},
        {"PaymentDate": ""},
        {"PaymentDate": "2026-11-23T10:35:12+08:00"},
        {"PaymentDate": "2026/13/23 10:35:12"},
        {"SimulatePaid": "2"},
    ],
    ids=str,
)
def test_28_45_malformed_fields_are_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(Refused, match="malformed"):
        gateway.read(ecpay.raw(ecpay.notice(PAYMENT, **changes)))


def test_taipeis_time_without_offset_is_kept_in_utc() -> None:
    statement = gateway.read(ecpay.raw(ecpay.notice(PAYMENT, PaymentDate="2026/01/01 00:30:00")))
    assert statement.occurred_at.astimezone(dt.UTC) == dt.datetime(2025, 12, 31, 16, 30, tzinfo=dt.UTC)


def test_27_a_simulation_counts_in_a_demonstration_and_is_another_event() -> None:
    statement = gateway.read(ecpay.raw(ecpay.notice(PAYMENT, SimulatePaid="1")))
    assert (statement.said, statement.gateway_reference) == (GatewayStatus.PAID, "2611231035001234-simulated")
    assert gateway.read(ecpay.raw(ecpay.notice(PAYMENT))).gateway_reference == "2611231035001234"


def test_27_a_simulation_is_never_a_payment_in_production(settings: Settings) -> None:
    settings.DEMO = False
    assert gateway.read(ecpay.raw(ecpay.notice(PAYMENT, SimulatePaid="1"))).said is GatewayStatus.PENDING
    assert gateway.read(ecpay.raw(ecpay.notice(PAYMENT, SimulatePaid="0"))).said is GatewayStatus.PAID


def test_what_a_failure_says_is_kept_printable() -> None:
    statement = gateway.read(ecpay.raw(ecpay.notice(PAYMENT, RtnCode="10100058", RtnMsg="付款失敗\r\n\0" + "x" * 300)))
    assert statement.message == "付款失敗" + "x" * 196


@pytest.mark.parametrize(
    ("changes", "slip"),
    [
        ({}, Slip({"account": "9103522175887271"}, dt.date(2026, 11, 30))),
        ({"BankCode": "812"}, Slip({"code": "(812) 9103522175887271"}, dt.date(2026, 11, 30))),
        (
            {"RtnCode": "10100073", "vAccount": None, "PaymentNo": "LLL26326100001", "ExpireDate": "2026/11/30 23:59:30"},
            Slip({"code": "LLL26326100001"}, dt.date(2026, 11, 30)),
        ),
        (
            {"RtnCode": "10100073", "vAccount": "", "PaymentNo": "LLL26326100001", "ExpireDate": "2026/11/30 09:30:00"},
            Slip({"code": "LLL26326100001"}, dt.date(2026, 11, 29)),
        ),
        (
            {
                "RtnCode": "10100073",
                "vAccount": None,
                "PaymentNo": "",
                "Barcode1": "1511306EU",
                "Barcode2": "0000000000000001",
                "Barcode3": "113000000001000",
                "ExpireDate": "2026/11/30 23:59:59",
            },
            Slip(
                {"barcode_1": "1511306EU", "barcode_2": "0000000000000001", "barcode_3": "113000000001000"},
                dt.date(2026, 11, 30),
            ),
        ),
        ({"vAccount": None, "BankCode": None, "ExpireDate": None}, None),
    ],
    ids=["Bank of Taiwan", "another bank", "store code", "a code that lapses in the morning", "barcodes", "no code in it"],
)
def test_codes(changes: dict[str, Any], slip: Slip | None) -> None:
    for read in (gateway.read, gateway.read_answer):
        statement = read(ecpay.raw(ecpay.code_notice(PAYMENT, **changes)))
        assert (statement.said, statement.slip) == (GatewayStatus.CODE_ISSUED, slip)


@pytest.mark.parametrize("changes", [{"ExpireDate": ""}, {"ExpireDate": "soon"}, {"vAccount": "1/2"}, {"BankCode": ""}], ids=str)
def test_codes_that_are_malformed_are_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(Refused, match="malformed"):
        gateway.read(ecpay.raw(ecpay.code_notice(PAYMENT, **changes)))


def test_an_answer_without_status_and_code_is_no_answer() -> None:
    with pytest.raises(Refused, match="no answer"):
        gateway.read_answer(ecpay.raw(ecpay.code_notice(PAYMENT, RtnCode="10200047")))


# The form with which a browser leaves.


def form(payment: Payment, method: str) -> dict[str, str]:
    payment.method = method
    start = gateway.hand_over(payment)
    assert isinstance(start, FormPost)
    return dict(start.fields)


@pytest.fixture(autouse=True)
def portal(settings: Settings) -> None:
    settings.BASE_URL = "https://portal.example"
    settings.ECPAY_URL = ""


@pytest.mark.django_db
def test_an_order_by_card(payment: Payment) -> None:
    start = gateway.hand_over(payment)
    assert isinstance(start, FormPost)
    assert start.url == "https://payment.ecpay.com.tw/Cashier/AioCheckOut/V5"
    fields = dict(start.fields)
    assert fields.pop("CheckMacValue") == check_mac.check_mac_value(fields, KEY, IV)
    back = fields.pop("OrderResultURL")
    assert back == fields.pop("ClientBackURL")
    assert back.startswith("https://portal.example/payments/ecpay/return/?reference=P115000001A01%3A")
    assert fields == {
        "MerchantID": "3002607",
        "MerchantTradeNo": "P115000001A01",
        "MerchantTradeDate": f"{timezone.localtime(payment.created_at):%Y/%m/%d %H:%M:%S}",
        "PaymentType": "aio",
        "TotalAmount": "1000",
        "TradeDesc": "內政部移民署規費",
        "ItemName": "多次證 1000 TWD x 1",
        "ReturnURL": "https://portal.example/payments/ecpay/notify/",
        "ChoosePayment": "Credit",
        "EncryptType": "1",
    }


@pytest.mark.django_db
def test_a_web_atm_is_the_bank_of_taiwans(payment: Payment) -> None:
    fields = form(payment, "web_atm")
    assert (fields["ChoosePayment"], fields["ChooseSubPayment"]) == ("WebATM", "BOT")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("way", "chosen", "life"),
    [
        ("ATM:BOT", "ATM", {"ChooseSubPayment": "BOT", "ExpireDate": "14"}),
        ("CVS", "CVS", {"StoreExpireDate": str(14 * 24 * 60 + 13 * 60 + 29)}),
        ("BARCODE", "BARCODE", {"StoreExpireDate": "14"}),
    ],
)
def test_a_code_lives_as_long_as_the_bill(
    payment: Payment, settings: Settings, way: str, chosen: str, life: dict[str, str]
) -> None:
    settings.ECPAY_PAYMENTS = {"store": way}
    fields = form(payment, "store")
    assert fields["ChoosePayment"] == chosen
    assert {name: fields.get(name) for name in life} == life
    assert fields["PaymentInfoURL"] == "https://portal.example/payments/ecpay/notify/"
    assert fields["ClientRedirectURL"] == fields["ClientBackURL"]
    assert "OrderResultURL" not in fields


@pytest.mark.django_db
@pytest.mark.parametrize("method", ["virtual_account", "store"])
def test_on_the_last_day_there_is_no_code_that_would_lapse_in_time(payment: Payment, method: str) -> None:
    payment.bill.lines.update(live=False)  # no deadline to go by: today is the last day
    with pytest.raises(NotIssued):
        form(payment, method)


@pytest.mark.django_db
@pytest.mark.parametrize(("language", "written"), [("zh-hant", None), ("en", "ENG"), ("zh-hans", "CHI")])
def test_ecpays_pages_are_in_the_students_language(payment: Payment, language: str, written: str | None) -> None:
    payment.bill.owner.language = language
    assert form(payment, "card").get("Language") == written


@pytest.mark.django_db
def test_items_are_joined_by_a_hash(owner: User, three_cases: list[Case]) -> None:
    bill = make.open_bill(owner, *three_cases)
    lines = bill.lines.order_by("case__group_no")
    assert orders.items(bill) == "#".join(f"{line.item} {line.amount} TWD x 1" for line in lines)
    lines.update(item="證#1 & <2> 100%")
    assert orders.items(bill).count("#") == 2
    assert orders.items(bill).startswith("證＃1 ＆ ＜2＞ 100％ ")
    lines.update(item="證" * 60)
    assert len(orders.items(bill)) <= 400


@pytest.mark.django_db
def test_what_ecpay_does_not_carry_is_not_begun(payment: Payment) -> None:
    with pytest.raises(NotIssued, match="egov"):
        form(payment, "egov")


@pytest.mark.parametrize("reference", ["", "P" * 21, "P115-000001", "Ｐ1"])
def test_a_reference_is_at_most_twenty_letters_and_digits(reference: str) -> None:
    with pytest.raises(NotIssued, match="MerchantTradeNo"):
        orders.order(Payment(reference=reference, amount=1, method="card"), now=NOW)
