"""Groups of staff: made where there are none, left alone where there are; docs/staff.md tells the truth about them."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission
from django.test import Client

from portal.accounts.models import User
from portal.cases.models import Case
from portal.cases.states import Status
from portal.home.groups import CHIEF_EDITORS, EDITORS
from portal.payments.models import Receipt
from portal.records.models import Applicant
from portal.review.groups import CASHIERS, GROUPS, OFFICERS, RECORDS_CLERKS, SUPERVISORS, create_groups
from tests import people
from tests.factories.payments import paid
from tests.staff import logged_in, make_administrator, make_staff

pytestmark = pytest.mark.django_db
EXPECTED = {
    OFFICERS: {"review_case", "view_officeday"},
    SUPERVISORS: {
        *("view_case", "assign_case", "view_outgoingmail", "view_loginattempt", "view_officeday"),
        *("view_listexport", "view_lookuplog"),
    },
    CASHIERS: {
        *("view_bill", "view_payment", "view_ledgerevent", "view_receipt", "change_reviewitem"),
        *("add_refund", "approve_refund", "add_settlementfile", "add_dayclose"),
    },
    RECORDS_CLERKS: {
        *("view_applicant", "view_permit", "view_school", "view_officeday"),
        *("import_recordsimport", "correct_recordcorrection"),
    },
}


def codenames(group: str) -> set[str]:
    return set(Permission.objects.filter(group__name=group).values_list("codename", flat=True))


def client_of(group: str) -> Client:
    return logged_in(make_staff("anybody", group))


def test_the_groups_are_there_from_the_beginning() -> None:
    assert set(Group.objects.values_list("name", flat=True)) == {EDITORS, CHIEF_EDITORS, *GROUPS}
    for group, may in EXPECTED.items():
        assert codenames(group) == {"access_admin", *may}


def test_no_group_but_the_chief_editors_may_publish() -> None:
    for group in [EDITORS, *GROUPS]:
        assert not any(name.startswith("publish_") for name in codenames(group)), group
    assert {"publish_announcement", "publish_guidance", "publish_declaration", "publish_addedslot"} <= codenames(CHIEF_EDITORS)
    published = Permission.objects.filter(codename="publish_page", grouppagepermission__group__name__in=[EDITORS, *GROUPS])
    assert not published.exists()


def test_editors_have_no_permission_on_records_of_any_kind() -> None:
    for group in (EDITORS, CHIEF_EDITORS):
        # Which editors keep beside the records.
        words = ["addedslot", "reasontemplate", "refusalground", "emailtext"]
        others = Permission.objects.filter(group__name=group).exclude(content_type__model__in=words)
        apps = set(others.values_list("content_type__app_label", flat=True))
        assert {app for app in apps if app.startswith("portal_")} <= {"portal_editorial"}, group


def test_what_an_administrator_changed_stays_and_what_was_deleted_comes_back() -> None:
    cashiers = Group.objects.get(name=CASHIERS)
    cashiers.permissions.remove(Permission.objects.get(codename="view_receipt"))
    Group.objects.get(name=RECORDS_CLERKS).delete()
    create_groups()
    create_groups()
    assert codenames(CASHIERS) == {"access_admin", *EXPECTED[CASHIERS]} - {"view_receipt"}
    assert codenames(RECORDS_CLERKS) == {"access_admin", *EXPECTED[RECORDS_CLERKS]}
    assert Group.objects.filter(name=CASHIERS).count() == 1


def test_a_supervisor_reads_a_case_assigns_it_and_moves_none(case: Case) -> None:
    client = client_of(SUPERVISORS)
    address = f"/admin/cases/review/{case.case_no}/"
    page = client.get(address).content.decode()
    assert "王小明" in page
    assert "您可以查閱、改派這件案件，審核由審查人員辦理。" in page
    assert set(re.findall('name="action" value="(.*?)"', page)) == {"note"}
    assert '?open=assign"' in page
    for action in ("take", "approve", "reject", "save"):
        refused = client.post(address, {"action": action, "version": case.version})
        assert (refused.status_code, refused["Location"]) == (302, "/admin/")
    case.refresh_from_db()
    assert case.status == Status.SUBMITTED


@pytest.fixture
def receipt(owner: User, officer: User) -> Receipt:
    return paid(owner, officer)


def test_a_cashier_reads_money_and_no_name(receipt: Receipt) -> None:
    client, bill = client_of(CASHIERS), receipt.bill
    case = bill.lines.get().case
    for path, said in (
        ("bill/", bill.number),
        (f"bill/inspect/{bill.pk}/", bill.number),
        ("payment/", receipt.payment.reference),
        (f"payment/inspect/{receipt.payment_id}/", receipt.payment.reference),
        ("ledgerevent/", "入帳"),
        (f"ledgerevent/inspect/{receipt.payment.events.get().pk}/", receipt.payment.reference),
        ("receipt/", receipt.number),
        (f"receipt/inspect/{receipt.pk}/", receipt.number),
    ):
        page = client.get(f"/admin/portal_payments/{path}").content.decode()
        assert said in page, path
        for foreign in ("王小明", "xiaoming", case.case_no, case.applicant["ui_no"]):
            assert foreign not in page, (path, foreign)


def test_a_bill_and_a_receipt_lead_to_the_attempt_that_says_who_pays(receipt: Receipt) -> None:
    client, attempt = client_of(CASHIERS), f"/admin/money/payments/{receipt.payment.reference}/"
    for path in (f"bill/inspect/{receipt.bill.pk}/", f"receipt/inspect/{receipt.pk}/", f"payment/inspect/{receipt.payment_id}/"):
        assert f'href="{attempt}"' in client.get(f"/admin/portal_payments/{path}").content.decode(), path
    page = client.get(attempt).content.decode()
    assert "王小明" in page
    assert receipt.bill.lines.get().case.case_no in page


def test_a_cashier_finds_filters_and_exports(receipt: Receipt) -> None:
    client, bill = client_of(CASHIERS), receipt.bill
    assert bill.number in client.get("/admin/portal_payments/bill/", {"q": bill.number}).content.decode()
    assert bill.number not in client.get("/admin/portal_payments/bill/", {"state__exact": "open"}).content.decode()
    exported: Any = client.get("/admin/portal_payments/bill/", {"export": "csv"})
    assert exported["Content-Type"] == "text/csv"
    lines = b"".join(exported.streaming_content).decode("utf-8-sig").splitlines()
    assert len(lines) == 2
    assert lines[1].startswith(f"{bill.number},{bill.total},")


@pytest.mark.parametrize("name", ["=1+1", "+1", "-1", "@SUM(1)"])
def test_what_is_exported_is_no_formula(wang: Applicant, name: str) -> None:
    Applicant.objects.update(chinese_name=name)
    exported: Any = client_of(RECORDS_CLERKS).get("/admin/portal_records/applicant/", {"export": "csv"})
    row = b"".join(exported.streaming_content).decode("utf-8-sig").splitlines()[1]
    assert row.split(",")[:2] == [wang.ui_no, f"'{name}"]


def test_a_records_clerk_reads_records(wang: Applicant, caplog: pytest.LogCaptureFixture) -> None:
    client = client_of(RECORDS_CLERKS)
    assert "王小明" in client.get("/admin/portal_records/applicant/", {"q": wang.ui_no}).content.decode()
    assert people.SINGLE_PERMIT_NO in client.get("/admin/portal_records/permit/").content.decode()
    with caplog.at_level("INFO", logger="portal.cms.model_admin"):
        assert "310104200405060010" in client.get(f"/admin/portal_records/applicant/inspect/{wang.pk}/").content.decode()
    assert f"looks at portal_records.Applicant {wang.pk}" in caplog.text
    assert wang.ui_no not in caplog.text


@pytest.mark.parametrize(
    "path",
    ["portal_payments/bill/", "portal_payments/receipt/", "portal_records/applicant/", "portal_mail/outgoingmail/", "cases/"],
)
def test_records_take_no_post_and_have_no_address_that_writes(path: str) -> None:
    client = logged_in(make_administrator())
    assert client.post(f"/admin/{path}").status_code == 405
    for action in ("create/", "edit/1/", "delete/1/"):
        assert client.get(f"/admin/{path}{action}").status_code == 404


def test_the_page_about_staff_has_a_column_for_each_group() -> None:
    page = (Path(__file__).parents[2] / "docs" / "staff.md").read_text()
    head = next(line for line in page.splitlines() if line.startswith("| |"))
    assert [cell.strip() for cell in head.split("|")][2:-1] == [EDITORS, CHIEF_EDITORS, *GROUPS, "系統管理人員"]
