"""docs/add-a-payment-method.md: a method and a gateway of another package, by one folder and one line of settings."""

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from django.core.checks import run_checks
from django.test import Client
from pytest_django import Settings

from portal.payments import operations, registry
from portal.payments.checks import methods_are_carried
from portal.payments.methods.base import BaseMethod
from portal.payments.models import Bill, Payment
from portal.payments.operations import NotAccepted, NotPayable, Unanswered
from portal.payments.protocol import Gateway, GatewayStatus, Method, NotIssued, Slip, Start, Unavailable
from tests.factories.cases import NOW

from . import teahouse
from .teahouse.bank import Teabank, message

pytestmark = pytest.mark.django_db
GUIDE = Path("docs/add-a-payment-method.md").read_text(encoding="utf-8")
LIST = "/china-student/individual/payments/"
LINE = {"tests.payments.teahouse": "tests.payments.teahouse.bank"}


@pytest.fixture(autouse=True)
def offered(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The one line."""
    settings.PAYMENT_METHODS = {"card": "sandbank", **LINE}
    Teabank.asked.clear()
    yield
    Teabank.trouble = None


def begin(bill: Bill) -> Payment:
    operations.start_payment(bill, registry.method("teahouse"), now=NOW)
    return bill.payments.get()


def test_the_line_is_all_that_it_takes() -> None:
    assert methods_are_carried(None) == []
    assert [method.code for method in registry.methods()] == ["card", "teahouse"]
    assert (registry.gateway_code("teahouse"), registry.gateway("bank").merchant) == ("bank", "student-permits")


def test_it_is_offered_issues_its_code_and_is_paid(owner_client: Client, bill: Bill) -> None:
    found = owner_client.get(f"{LIST}{bill.number}/method/").content.decode()
    assert "茶行代收" in found
    assert "持繳費單至各茶行繳費。" in found
    shown = owner_client.post(f"{LIST}{bill.number}/method/", {"method": "teahouse"}, follow=True).content.decode()
    payment = Payment.objects.get()
    assert f"TEA{payment.pk}" in shown
    assert "請於 2026/12/01 前（含當日）依下列代碼繳費。" in " ".join(shown.split())
    assert "下載繳費單</a>" not in shown
    assert owner_client.get(f"{LIST}{bill.number}/slip.pdf").status_code == 404
    paid = message(payment, GatewayStatus.PAID, NOW)
    address = "/payments/bank/notify/"
    headers = {"X-Tea-Signature": paid.headers["X-Tea-Signature"]}
    response = Client(enforce_csrf_checks=True).post(
        address, paid.body, content_type="application/x-www-form-urlencoded", headers=headers
    )
    assert (response.status_code, response.content) == (200, b"TEA")
    bill.refresh_from_db()
    assert bill.state == "settled"


def test_54_when_no_code_comes_back_nothing_is_known_and_nothing_else_is_begun(bill: Bill) -> None:
    Teabank.trouble = Unavailable
    with pytest.raises(Unanswered):
        begin(bill)
    payment = Payment.objects.get()
    assert payment.state == "unknown"
    with pytest.raises(Unanswered):
        operations.start_payment(bill, registry.method("card"), now=NOW + dt.timedelta(seconds=5))
    assert Payment.objects.get() == payment
    Teabank.trouble = None
    slip = operations.start_payment(bill, registry.method("teahouse"), now=NOW + dt.timedelta(seconds=9))
    assert slip == Slip({"code": f"TEA{payment.pk}"}, dt.date(2026, 12, 1))
    assert Payment.objects.get().state == "code_issued"


def test_a_code_that_is_refused_leaves_the_other_methods(owner_client: Client, bill: Bill) -> None:
    Teabank.trouble = NotIssued
    with pytest.raises(NotAccepted):
        begin(bill)
    assert Payment.objects.get().state == "failed"
    found = owner_client.post(f"{LIST}{bill.number}/method/", {"method": "teahouse"}).content.decode()
    assert "目前無法使用此繳費方式，未扣款。請改用其他繳費方式。" in found


def test_a_code_that_arrives_after_the_student_chose_otherwise_is_nobodys(bill: Bill) -> None:
    class Overtaken(teahouse.Teahouse):
        def start(self, payment: Payment, said: Mapping[str, str]) -> Start:
            Payment.objects.filter(pk=payment.pk).update(state="cancelled")
            return super().start(payment, said)

    with pytest.raises(NotPayable):
        operations.start_payment(bill, Overtaken(), now=NOW)
    payment = Payment.objects.get()
    assert (payment.state, payment.codes) == ("cancelled", {})


def test_a_method_of_a_package_that_is_gone_keeps_its_code(bill: Bill, settings: Settings) -> None:
    payment = begin(bill)
    assert payment.method_name == "茶行代收"
    settings.PAYMENT_METHODS = {"card": "sandbank"}
    assert payment.method_name == "teahouse"


@pytest.mark.parametrize(
    "line",
    [{"tests.payments.coffeehouse": "sandbank"}, {"tests.payments.teahouse": "tests.payments.nobody"}],
)
def test_what_does_not_exist_is_named_at_the_start(settings: Settings, line: dict[str, str]) -> None:
    settings.PAYMENT_METHODS = line
    assert [message.id for message in methods_are_carried(None)] == ["payments.E002"]


class OfTheStreet:
    """A gateway that was not derived from ours and does not know what is asked of one."""

    code = "bank"
    read = answer = hand_over = None


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"bank.gateway": Teabank}, "tests.payments.teahouse.bank is the class Teabank, not an object of it"),
        ({"method": teahouse.Teahouse}, "tests.payments.teahouse is the class Teahouse, not an object of it"),
        (
            {"bank.gateway": OfTheStreet()},
            "tests.payments.teahouse.bank does not say its ask, ask_every, can_refund, demo_only, merchant, name, origin, "
            "read_answer, refund, takes_a_reference_once",
        ),
        ({"method": BaseMethod()}, "tests.payments.teahouse does not say its code, guidance, name"),
    ],
)
def test_what_an_object_does_not_say_is_named_at_the_start(
    monkeypatch: pytest.MonkeyPatch, changes: dict[str, object], said: str
) -> None:
    for name, found in changes.items():
        monkeypatch.setattr(f"tests.payments.teahouse.{name}", found)
    messages = [message for message in run_checks() if (message.id or "").startswith("payments.")]
    assert [(message.id, message.msg) for message in messages] == [("payments.E013", f"PAYMENT_METHODS: {said}")]


def test_two_of_one_code_or_one_of_another_name_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(teahouse.Teahouse, "code", "card")
    assert [message.id for message in methods_are_carried(None)] == ["payments.E005"]


def test_the_guide_is_this_very_code() -> None:
    """Its example, its line and the names that it explains are those of the code."""
    example = re.search(r"```python\n# agency_pay/teahouse/__init__\.py\n(.*?)```", GUIDE, re.S)
    assert example
    assert example.group(1).strip() in Path(teahouse.__file__).read_text(encoding="utf-8")
    for kind in (Method, Gateway):
        named = {name for name in vars(kind) if not name.startswith("_")} | set(kind.__annotations__)
        assert {name for name in named if f"`{name}`" not in GUIDE and f"`{name}(" not in GUIDE} == set()
    assert "PAYMENT_METHODS=card=bank,agency_pay.teahouse=agency_pay.teahouse.bank" in GUIDE
    assert {"form", "limit"} <= set(vars(BaseMethod))
