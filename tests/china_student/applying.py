"""One application of 陸生's after another, as student, officer and bank bring it from the permit's number to the next permit."""

import datetime as dt
from typing import Any

import time_machine
from django.test import Client

from portal.accounts.models import User
from portal.cases import findings, tasks
from portal.cases.kinds import CaseKind
from portal.cases.models import Case
from portal.cases.operations import approve, take
from portal.cases.states import Status
from portal.china_student.kinds.extension import Extension
from tests.conftest import logged_in
from tests.factories import payments
from tests.forms.answers import ANSWERS, DECLARATION, chosen

HOME = "/china-student/individual"
EXTENDING = {name: value for name, value in ANSWERS.items() if name in Extension.form.base_fields} | {
    "extension_reason": "thesis",
    "leave_semesters": "0",
    "dual_degree": "N",
}


def at(day: dt.date) -> Any:
    """Noon in Taipei on that day."""
    return time_machine.travel(noon(day), tick=False)


def noon(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(12), dt.timezone(dt.timedelta(hours=8)))


def to_the_form(client: Client, kind: str, number: str) -> tuple[str, Any]:
    """The draft's address, and what was said to the permit's number."""
    start = f"{HOME}/apply/{kind}/"
    response = client.get(start)
    draft = str((response if response.status_code == 302 else client.post(start))["Location"]).removesuffix("declaration/")
    client.post(f"{draft}declaration/", DECLARATION)
    return draft, client.post(f"{draft}permit/", {"number": number})


def to_the_check(client: Client, kind: str, number: str, answers: dict[str, Any], *slots: str) -> tuple[str, str]:
    """The draft's address, and the page 確認送出."""
    draft, found = to_the_form(client, kind, number)
    assert found["Location"] == f"{draft}form/", found.content.decode()
    response = client.post(f"{draft}form/", {**answers, **chosen(*slots), "go": "check"})
    assert response.status_code == 302, response.context["form"].errors
    return draft, client.get(response["Location"]).content.decode()


def send(owner: User, kind: CaseKind, number: str, answers: dict[str, Any], *slots: str) -> Case:
    """待審核."""
    client = logged_in(owner)
    draft, _page = to_the_check(client, kind.code, number, answers, *slots)
    response = client.post(f"{draft}check/", {"confirm": "on"})
    assert response["Location"] == f"{draft}sent/", response.content.decode()
    return Case.objects.filter(kind_code=kind.code).latest("submitted_at")


def decide(case: Case, officer: User, now: dt.datetime, **decision: str) -> Case:
    """核准, and where it costs something the fee is paid; the records come to know the permit."""
    case = take(case, actor=officer, version=1, now=now)
    found = [finding.code for finding in findings.of(case, now=now)]  # pictures of one colour, above all
    case = approve(case, actor=officer, version=2, now=now, decision=decision, accepted=found)
    if case.status == Status.AWAITING_PAYMENT:
        bill = payments.open_bill(case.owner, case, now=now)
        payments.record(payments.started(bill, now=now), now=now, occurred_at=now)
    tasks.record_permits()
    return Case.objects.get(pk=case.pk)
