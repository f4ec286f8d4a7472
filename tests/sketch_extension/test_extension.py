"""docs/add-a-kind.md: what it shows is a whole kind of application; 延期 from the permit's number to the new permit."""

import ast
import datetime as dt
import re
import textwrap
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.test import Client

from portal.accounts.models import User
from portal.cases import kinds, tasks
from portal.cases.kinds import CaseKind
from portal.cases.models import Case
from portal.cases.operations import NotAllowed, approve, take
from portal.cases.states import Status
from portal.china_student.identity import MULTIPLE
from portal.china_student.seed import seed_declaration
from portal.downloads.operations import issue_permit
from portal.payments.protocol import Outcome
from portal.records.models import Permit
from portal.records.protocol import PermitRecord
from tests import papers as read
from tests.conftest import logged_in
from tests.factories import payments
from tests.factories.cases import NOW, TAIPEI, completed, match
from tests.forms.answers import ANSWERS as EXCHANGE
from tests.forms.answers import DECLARATION, chosen

from .kinds.extension import Extension, longest_stay

ROOT = Path(__file__).parents[2]
FOLDER = Path("tests/sketch_extension")
SHOWN = re.compile(r"`(tests/sketch_extension/[^`]+\.\w+)`\n\s+```\w+\n(.*?)\n\s+```", re.DOTALL)
HOME = "/china-student/individual"
# Two years after the multiple-entry permit, which was issued at NOW and ends on 2028-11-23.
LATER = dt.datetime(2028, 9, 1, 10, 30, tzinfo=TAIPEI)
SINGLE = "115000000015"
ANSWERS = {name: value for name, value in EXCHANGE.items() if name in Extension.form.base_fields} | {
    "extension_reason": "論文尚未完成"
}
OPENS_ON = "須於停留期間屆滿前3個月內始得申請。可申請日期：2028/08/23"


def test_the_page_shows_the_files_of_the_kind() -> None:
    page = (ROOT / "docs" / "add-a-kind.md").read_text()
    shown = {name: textwrap.dedent(f"   {code.lstrip()}").strip() for name, code in SHOWN.findall(page)}
    files = {str(path.relative_to(ROOT)) for path in (ROOT / FOLDER).rglob("*.*") if path.suffix in {".py", ".html"}}
    assert shown.keys() == {name for name in files if not name.endswith("__init__.py") and "/test_" not in name}
    for name, code in shown.items():
        assert code == (ROOT / name).read_text().strip(), name


def test_nothing_else_was_touched_for_it() -> None:
    """No module of the portal, and no template, imports it or names its code."""
    for path in (ROOT / "portal").rglob("*.py"):
        if path.parts[-2:] == ("settings", "test.py"):
            continue  # installs it
        words = [node.value for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Constant)]
        assert "extension" not in words, path
        assert "sketch_extension" not in path.read_text(), path
    for path in (ROOT / "templates").rglob("*.*"):
        assert not {'"extension"', "sketch_extension"} & set(re.findall(r'"extension"|sketch_extension', path.read_text())), path


def test_its_module_was_found() -> None:
    assert isinstance(kinds.get("china-student", "extension"), Extension)
    assert [kind.code for kind in kinds.of_category("china-student")] == ["multiple-entry", "extension"]


# The law


@pytest.mark.parametrize(
    ("degree", "enrolled_on", "until"),
    [
        ("B", "2024-09-02", dt.date(2030, 11, 23)),  # a day less than four years
        ("B", "2024-09-01", dt.date(2029, 5, 23)),  # four years to the day
        ("M", "2025-09-01", dt.date(2029, 5, 23)),
        ("M", "2026-09-01", dt.date(2030, 11, 23)),
        ("D", "2023-09-02", dt.date(2030, 11, 23)),
        ("D", "2023-09-01", dt.date(2029, 5, 23)),
        ("2", "2026-09-01", dt.date(2029, 5, 23)),
    ],
)
def test_two_years_or_six_months_after_the_normal_length_of_study(degree: str, enrolled_on: str, until: dt.date) -> None:
    answers = {"degree": degree, "enrolled_on": enrolled_on}
    held = PermitRecord(
        permit_no="115150000018",
        ui_no="A890000002",
        permit_type=MULTIPLE,
        issued_on=dt.date(2026, 11, 23),
        valid_until=dt.date(2028, 11, 23),
        entered_on=None,
        stay_until=dt.date(2028, 11, 23),
    )
    assert longest_stay(held, answers, LATER.date()) == until
    dates = Extension().permit_dates(LATER.date(), answers, held, {"stay_until": None, "reason": ""})
    assert (dates.issued_on, dates.valid_until, dates.stay_until) == (LATER.date(), until, until)


# The road


@pytest.fixture
def multiple(owner: User, officer: User, django_capture_on_commit_callbacks: Callable[..., Any]) -> Permit:
    """王小明's multiple-entry permit, which was issued here; it ends on 2028-11-23."""
    with time_machine.travel(NOW, tick=False):
        seed_declaration()
        with django_capture_on_commit_callbacks(execute=True):
            case = completed(owner, officer)
    return Permit.objects.get(permit_no=case.case_no)


@pytest.fixture
def later() -> Iterator[None]:
    with time_machine.travel(LATER, tick=False):
        yield


def to_the_form(client: Client, number: str) -> tuple[str, Any]:
    draft = str(client.get(f"{HOME}/apply/extension/")["Location"]).removesuffix("declaration/")
    client.post(f"{draft}declaration/", DECLARATION)
    return draft, client.post(f"{draft}permit/", {"number": number})


@pytest.fixture
def sent(multiple: Permit, owner: User, later: None) -> Case:
    """An application for 延期, sent on 2028-09-01."""
    client = logged_in(owner)
    draft, found = to_the_form(client, multiple.permit_no)
    assert found["Location"] == f"{draft}form/"
    files = chosen("permit", "enrolment", "travel-document")
    response = client.post(f"{draft}form/", {**ANSWERS, **files, "go": "check"})
    assert response.status_code == 302, response.content.decode()
    assert client.post(f"{draft}check/")["Location"] == f"{draft}sent/"
    return Case.objects.get(kind_code="extension")


@pytest.mark.parametrize(("day", "allowed"), [(dt.date(2028, 8, 22), False), (dt.date(2028, 8, 23), True)])
def test_who_comes_too_early_is_told_the_day(multiple: Permit, owner: User, day: dt.date, allowed: bool) -> None:
    with time_machine.travel(dt.datetime.combine(day, dt.time(9), TAIPEI), tick=False):
        response = to_the_form(logged_in(owner), multiple.permit_no)[1]
        assert (response.status_code == 302) is allowed
        assert allowed or OPENS_ON in response.content.decode()


@pytest.mark.parametrize("other_passport", ["Y", "N"])
def test_another_passport_is_a_document_of_who_has_one(multiple: Permit, owner: User, later: None, other_passport: str) -> None:
    client = logged_in(owner)
    draft, _ = to_the_form(client, multiple.permit_no)
    page = client.get(f"{draft}form/").content.decode()
    assert 'name="upload-passport"' in page
    shown = client.post(f"{draft}form/", {**ANSWERS, "other_passport": other_passport, "go": "check"}).content.decode()
    assert ("請上傳其他國籍護照" in shown) is (other_passport == "Y")


def test_the_officer_sees_the_laws_day_and_may_set_another_with_a_reason(sent: Case, officer_client: Client) -> None:
    review = f"/admin/cases/review/{sent.case_no}/"
    officer_client.post(review, {"action": "take", "version": 1})
    page = officer_client.get(review).content.decode()
    assert "不填為法定最長：2030/11/23。" in page
    assert "新臺幣 300 元" in page

    for day, reason, said in (
        ("2030/6/30", "", "停留期限與法定不同時，請填寫理由"),
        ("2030/11/24", "學位延長", "須晚於原停留期限，且延長不得逾二年"),
        ("2028/11/23", "學位延長", "須晚於原停留期限，且延長不得逾二年"),
    ):
        refused = officer_client.post(review, {"action": "approve", "version": 2, "stay_until": day, "reason": reason})
        assert said in refused.content.decode()
        assert f'value="{day}"' in refused.content.decode()
    sent.refresh_from_db()
    assert (sent.status, sent.version, sent.decision) == (Status.IN_REVIEW, 2, {})

    officer_client.post(review, {"action": "approve", "version": 2, "stay_until": "2030/6/30", "reason": "學位延長"})
    sent.refresh_from_db()
    assert (sent.status, sent.decision) == (
        Status.AWAITING_PAYMENT,
        {"stay_until": "2030-06-30", "reason": "學位延長"},
    )
    assert (sent.permit_issued_on, sent.permit_valid_until, sent.permit_stay_until) == (
        LATER.date(),
        dt.date(2030, 6, 30),
        dt.date(2030, 6, 30),
    )
    decided = officer_client.get(review).content.decode()
    assert "<dt>停留期限</dt><dd>2030/06/30</dd>" in decided
    assert "<dt>理由</dt><dd>學位延長</dd>" in decided


def test_without_a_choice_the_laws_day_holds(sent: Case, officer: User) -> None:
    take(sent, actor=officer, version=1, now=LATER)
    case = approve(sent, actor=officer, version=2, now=LATER)
    assert (case.permit_stay_until, case.decision) == (dt.date(2030, 11, 23), {"stay_until": None, "reason": ""})


def test_the_operation_takes_no_wrong_decision(sent: Case, officer: User) -> None:
    take(sent, actor=officer, version=1, now=LATER)
    with pytest.raises(NotAllowed):
        approve(sent, actor=officer, version=2, now=LATER, decision={"stay_until": "2040-01-01", "reason": "x"})
    sent.refresh_from_db()
    assert sent.status == Status.IN_REVIEW


def test_from_payment_to_a_permit_that_the_records_know(
    sent: Case, multiple: Permit, owner: User, officer: User, django_capture_on_commit_callbacks: Callable[..., Any]
) -> None:
    take(sent, actor=officer, version=1, now=LATER)
    approve(sent, actor=officer, version=2, now=LATER, decision={"stay_until": "2030/6/30", "reason": "學位延長"})
    bill = payments.open_bill(owner, sent, now=LATER)
    assert [(line.item, line.amount) for line in bill.lines.all()] == [("多次證延期", 300)]
    with django_capture_on_commit_callbacks(execute=True):
        booked = payments.record(payments.started(bill, now=LATER), now=LATER, occurred_at=LATER)
    assert booked is Outcome.BOOKED
    sent.refresh_from_db()

    with issue_permit(sent).file.open("rb") as file:
        paper = "".join(read.text(file.read()).split())
    for said in (
        "2028/09/01–2030/06/30",
        "延期：原停留期限2028/11/23，延至2030/06/30",
        f"原許可證號{multiple.permit_no}，首次許可證號{SINGLE}",
        sent.case_no,
    ):
        assert said in paper

    new = Permit.objects.get(permit_no=sent.case_no)
    assert (new.applicant.ui_no, new.permit_type, new.revoked) == ("A890000002", "multiple", False)
    assert (new.issued_on, new.valid_until, new.stay_until) == (LATER.date(), dt.date(2030, 6, 30), dt.date(2030, 6, 30))
    assert (new.previous_permit_no, new.first_permit_no) == (multiple.permit_no, SINGLE)
    assert tasks.record_permits() == 0

    refused = to_the_form(logged_in(owner), multiple.permit_no)[1]
    assert "此許可證已換發，請以新證申請" in refused.content.decode()


def test_the_kind_is_asked_by_its_own_rules_only(owner: User) -> None:
    """換發 is as it was: the other kind of the category knows neither window nor officer's choice."""
    exchange: CaseKind = kinds.get("china-student", "multiple-entry")
    assert exchange.decision_form is None
    dates = exchange.permit_dates(NOW.date(), {}, match(owner).permit, {})
    assert dates.stay_until == dates.valid_until == dt.date(2028, 11, 23)
