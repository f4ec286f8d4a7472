"""繳費日期 is the bank's time, on every page, paper, search and export, whenever we heard of it."""

import datetime as dt

import pytest
import time_machine
from django.template.loader import render_to_string
from django.test import Client

from portal.accounts.models import User
from portal.downloads.models import IssuedDocument
from portal.downloads.papers import RECEIPT_TEMPLATE, receipt_context
from portal.mail.models import OutgoingMail
from portal.payments.models import Payment, Receipt
from portal.payments.protocol import Outcome
from portal.review.groups import CASHIERS
from tests.factories import payments as make
from tests.factories.cases import TAIPEI
from tests.staff import logged_in, make_staff

pytestmark = pytest.mark.django_db
HOME = "/china-student/individual"
HEARD_AT = dt.datetime(2026, 11, 26, 9, tzinfo=TAIPEI)
BEFORE_MIDNIGHT, AFTER_IT = dt.datetime(2026, 11, 23, 23, 58, tzinfo=TAIPEI), dt.datetime(2026, 11, 24, 0, 30, tzinfo=TAIPEI)


@pytest.fixture(params=[BEFORE_MIDNIGHT, AFTER_IT], ids=["before midnight", "after it"])
def paid_at(request: pytest.FixtureRequest, payment: Payment) -> dt.datetime:
    """Paid then, and reported on another day."""
    at: dt.datetime = request.param
    with time_machine.travel(HEARD_AT, tick=False):
        assert make.record(payment, occurred_at=at, now=HEARD_AT) is Outcome.BOOKED
    return at


def day(moment: dt.datetime) -> str:
    return f"{moment:%Y/%m/%d}"


@pytest.mark.parametrize("page", ["permits", "receipts"])
def test_the_lists_of_downloads_show_it_and_are_searched_by_it(paid_at: dt.datetime, page: str, owner_client: Client) -> None:
    number, address = Payment.objects.get().bill.lines.get().case.case_no, f"{HOME}/downloads/{page}/"
    shown = owner_client.get(address).content.decode()
    assert f'data-label="繳費日期" class="number" translate="no">{day(paid_at)}</td>' in shown
    assert f">{day(HEARD_AT)}</td>" not in shown
    for asked, is_found in ((paid_at, True), (HEARD_AT, False), (paid_at - dt.timedelta(days=1), False)):
        query = {"paid_from": f"{asked:%Y-%m-%d}", "paid_until": f"{asked:%Y-%m-%d}"}
        found = owner_client.get(address, query).content.decode()
        assert (number in found) is is_found, asked


def test_the_result_and_the_receipt_say_it(paid_at: dt.datetime, owner_client: Client) -> None:
    receipt = Receipt.objects.get()
    result = owner_client.get(f"{HOME}/payments/{receipt.bill.number}/result/").content.decode()
    assert f"{paid_at:%Y/%m/%d %H:%M:%S}</time>" in result
    document = IssuedDocument(kind="receipt", number=receipt.number, receipt=receipt, verification_code="0" * 20)
    paper = render_to_string(RECEIPT_TEMPLATE, receipt_context(document, receipt))
    assert f"中華民國115年11月{paid_at.day}日 {paid_at:%H:%M:%S}</span>" in paper


def test_so_does_all_that_a_cashier_sees_or_takes_out(paid_at: dt.datetime, officer: User) -> None:
    payment, client = Payment.objects.get(), logged_in(make_staff("cashier", CASHIERS))
    written = f"{paid_at:%Y/%m/%d %H:%M:%S}"
    assert written in client.get(f"/admin/money/payments/{payment.reference}/").content.decode()
    for model in ("payment", "ledgerevent"):
        export = client.get(f"/admin/portal_payments/{model}/?export=csv")
        assert written in b"".join(export.streaming_content).decode(), model  # type: ignore[attr-defined]
    of_that_day = client.get(f"/admin/money/?first={paid_at:%Y-%m-%d}&last={paid_at:%Y-%m-%d}&export=csv").content.decode()
    assert f"{written},入帳,1000," in of_that_day
    other_day = client.get(f"/admin/money/?first={HEARD_AT:%Y-%m-%d}&last={HEARD_AT:%Y-%m-%d}&export=csv").content.decode()
    assert "入帳,1000" not in other_day


def test_and_the_email(paid_at: dt.datetime) -> None:
    assert f"{paid_at:%Y/%m/%d %H:%M}" in OutgoingMail.objects.get(kind="payment_received").body
