"""沖正: a bank that said "paid" and corrects itself. The permit is blocked, the receipt void, and a cashier has to look."""

import datetime as dt

import pytest
from django.test import Client

from portal.cases.models import Case
from portal.downloads import operations as downloads
from portal.downloads.models import IssuedDocument
from portal.downloads.queries import VerificationStatus, verified
from portal.mail.models import OutgoingMail
from portal.payments.cashier import books
from portal.payments.models import Bill, LedgerEvent, Payment, Receipt, ReviewItem
from portal.payments.protocol import GatewayStatus, Outcome
from tests.factories import payments as make
from tests.factories.cases import NOW

from .test_operations import state

pytestmark = pytest.mark.django_db
HOME = "/china-student/individual"


def reverse(payment: Payment, **changes: object) -> Outcome:
    return make.record(payment, said=GatewayStatus.REVERSED, **changes)


def facts(payment: Payment) -> tuple[object, ...]:
    receipt = Receipt.objects.get()
    return (
        state(payment),
        state(payment.bill),
        sorted(LedgerEvent.objects.values_list("kind", "amount")),
        receipt.voided_at is not None,
        [item.event.kind for item in ReviewItem.objects.all()],
    )


REVERSED = ("reversed", "reversed", [("captured", 1000), ("reversed", -1000)], True, ["reversed"])


def test_44_a_reversal_voids_the_receipt_and_opens_a_review_item(payment: Payment) -> None:
    assert (make.record(payment), reverse(payment), reverse(payment)) == (Outcome.BOOKED, Outcome.REVERSED, Outcome.DUPLICATE)
    assert facts(payment) == REVERSED


def test_80_the_order_of_payment_and_reversal_does_not_matter(payment: Payment) -> None:
    assert reverse(payment) is Outcome.REVERSED
    assert (state(payment), state(payment.bill)) == ("started", "open")
    make.record(payment)
    assert facts(payment) == REVERSED
    assert make.record(payment) is Outcome.DUPLICATE
    assert facts(payment) == REVERSED


def test_a_reversal_of_another_transaction_leaves_the_one_that_settled(payment: Payment) -> None:
    make.record(payment)
    assert make.record(payment, gateway_reference="SB-second") is Outcome.OVERPAID
    assert reverse(payment, gateway_reference="SB-second") is Outcome.REVERSED
    assert (state(payment), state(payment.bill), Receipt.objects.get().voided_at) == ("captured", "settled", None)


@pytest.mark.parametrize("was_downloaded", [False, True])
def test_44_the_permit_is_blocked_before_and_after_it_was_downloaded(
    payment: Payment, case: Case, owner_client: Client, was_downloaded: bool
) -> None:
    make.record(payment)
    case.refresh_from_db()
    address = f"{HOME}/downloads/permits/{case.case_no}.pdf"
    if was_downloaded:
        response = owner_client.get(address)
        assert (response.status_code, b"".join(response.streaming_content)[:5]) == (200, b"%PDF-")  # type: ignore[attr-defined]
    document = downloads.issue_permit(case)
    assert standing(document) is VerificationStatus.VALID
    reverse(payment)
    assert owner_client.get(address).status_code == 404
    assert owner_client.get(f"{HOME}/downloads/receipts/{case.case_no}.pdf").status_code == 404
    assert standing(document) is VerificationStatus.REVOKED
    found = owner_client.get(f"{HOME}/payments/{Bill.objects.get().number}/result/").content.decode()
    assert "金融機構已沖正本次交易，許可證暫停下載，將由承辦人員與您聯繫後續處理。" in found
    assert "許可證下載</a>\n  <a" not in found


def standing(document: IssuedDocument) -> VerificationStatus:
    found = verified(document.verification_code, today=NOW.date())
    assert found
    return found.standing


def other_attempt(payment: Payment) -> Payment:
    """A later try by another method."""
    reference = f"{payment.reference[:-2]}02"
    return Payment.objects.create(bill=payment.bill, reference=reference, method="web_atm", gateway="sandbank", amount=1000)


def numbers() -> list[tuple[str, bool]]:
    return [(receipt.number, receipt.voided_at is None) for receipt in Receipt.objects.order_by("pk")]


def test_76_the_receipt_of_reversed_money_is_void_and_other_money_for_the_bill_has_another(payment: Payment) -> None:
    make.record(payment, said=GatewayStatus.FAILED)
    second = other_attempt(payment)
    assert (make.record(payment), make.record(second)) == (Outcome.BOOKED, Outcome.OVERPAID)
    assert reverse(payment) is Outcome.REVERSED
    assert numbers() == [("R115-000001", False), ("R115-000002", True)]
    assert Receipt.objects.get(voided_at=None).payment == second
    assert (state(payment), state(second), state(payment.bill)) == ("reversed", "captured", "settled")
    emails = OutgoingMail.objects.filter(kind="payment_received").values_list("cause", flat=True)
    assert sorted(map(str, emails)) == ["receipt:R115-000001", "receipt:R115-000002"]
    assert list(books.problems()) == []


def test_76_of_an_attempt_that_was_charged_twice_the_receipt_says_when_what_stands_was_paid(payment: Payment) -> None:
    later = NOW + dt.timedelta(hours=1)
    make.record(payment)
    make.record(payment, gateway_reference="SB:second", occurred_at=later)
    reverse(payment)
    payment.refresh_from_db()
    assert (payment.state, payment.gateway_reference, payment.captured_at) == ("captured", "SB:second", later)
    assert numbers() == [("R115-000001", False), ("R115-000002", True)]
    assert list(books.problems()) == []


def test_money_that_comes_after_a_reversal_settles_the_bill_again_and_is_looked_at(payment: Payment, case: Case) -> None:
    make.record(payment)
    reverse(payment)
    assert make.record(payment, gateway_reference="SB-second") is Outcome.BOOKED
    assert (state(payment), state(payment.bill), numbers()) == (
        "captured",
        "settled",
        [("R115-000001", False), ("R115-000002", True)],
    )
    assert [item.event.kind for item in ReviewItem.objects.order_by("pk")] == ["reversed", "captured"]
    assert list(case.events.filter(action="settle").values_list("target", flat=True)) == ["completed"]
