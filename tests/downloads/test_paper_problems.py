"""A paper that cannot be made opens an item for officers, with its reason in words, and the item goes when the paper is made."""

import datetime as dt
from collections.abc import Callable

import pytest
import time_machine
from django.test import Client

from portal.accounts.models import User
from portal.cases.models import Case, PaperProblem
from portal.core.files import private_storage
from portal.downloads import tasks
from portal.downloads.models import IssuedDocument
from portal.payments.models import BillLine, Receipt

from .conftest import PAID_AT, pay, renamed

pytestmark = pytest.mark.django_db
QUEUE = "/admin/cases/review/"
UNREADABLE = "王\ue000明"


def decision(client: Client, case: Case) -> str:
    return client.get(f"{QUEUE}{case.case_no}/").content.decode()


def permit_fails(case: Case, receipt: Receipt) -> None:
    renamed(case, UNREADABLE)
    tasks.make_permit(case.pk)


def receipt_fails(case: Case, receipt: Receipt) -> None:
    renamed(case, UNREADABLE)
    tasks.make_receipt(receipt.pk)


def photo_is_lost(case: Case, receipt: Receipt) -> None:
    private_storage().delete(case.documents.get(slot="photo").file.name)
    tasks.make_permit(case.pk)


@pytest.mark.parametrize(
    ("fails", "words"),
    [
        (permit_fails, "許可證無法製作</strong>（2026/11/23 12:30 起）：字型沒有收錄 U+E000。"),
        (receipt_fails, "收據無法製作</strong>（2026/11/23 12:30 起）：字型沒有收錄 U+E000。"),
        (photo_is_lost, "許可證無法製作</strong>（2026/11/23 12:30 起）：照片無法讀取。"),
    ],
)
def test_officers_see_it_in_the_queue_and_on_the_page(
    case: Case, receipt: Receipt, officer_client: Client, fails: Callable[[Case, Receipt], None], words: str
) -> None:
    assert "證件無法製作" not in officer_client.get(QUEUE).content.decode()

    fails(case, receipt)
    fails(Case.objects.get(), receipt)

    assert PaperProblem.objects.count() == 1
    assert '證件無法製作 <span class="review-count">1</span>' in officer_client.get(QUEUE).content.decode()
    assert case.case_no in officer_client.get(QUEUE, {"tab": "unprinted"}).content.decode()
    assert words in decision(officer_client, case)
    assert "證件無法製作" in officer_client.get("/admin/").content.decode()


def test_what_was_mended_is_made_by_the_schedule_however_late(case: Case, receipt: Receipt, officer_client: Client) -> None:
    permit_fails(case, receipt)
    receipt_fails(case, receipt)
    assert PaperProblem.objects.count() == 2

    with time_machine.travel(PAID_AT + dt.timedelta(days=40), tick=False):
        assert tasks.make_missing() == 2
        assert PaperProblem.objects.count() == 2
        renamed(case, "王小明")
        IssuedDocument.objects.update(facts_sha256="")
        assert tasks.make_missing() == 2
        assert tasks.make_missing() == 0

    assert not PaperProblem.objects.exists()
    assert IssuedDocument.objects.exclude(file="").count() == 2
    assert "無法製作" not in decision(officer_client, case)


def test_one_that_breaks_keeps_no_other_from_being_made(close: Callable[..., Case], stranger: User) -> None:
    broken, whole = pay(close()), pay(close(of=stranger), "R115-000002")
    BillLine.objects.filter(bill=broken.bill).delete()
    IssuedDocument.objects.all().delete()
    with time_machine.travel(PAID_AT + dt.timedelta(minutes=10), tick=False):
        assert tasks.make_missing() == 4
    assert list(IssuedDocument.objects.exclude(receipt=None).exclude(file="").values_list("receipt", flat=True)) == [whole.pk]


def test_a_receipt_that_was_voided_before_its_turn_is_no_problem(receipt: Receipt) -> None:
    Receipt.objects.update(voided_at=PAID_AT)
    tasks.make_receipt(receipt.pk)
    assert not IssuedDocument.objects.filter(receipt=receipt).exists()
    assert not PaperProblem.objects.exists()
