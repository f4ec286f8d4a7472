"""Workers are killed while they book payments and make papers: in the end each case has one valid permit and one receipt.

`KILLED_CASES=500 .venv/bin/python -m pytest -n0 -s tests/downloads/test_killed_workers.py` takes as many as the agency has in a
busy week, and prints what happened.
"""

import datetime as dt
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
import time_machine
from django.conf import settings
from django.db import connection
from django.db.models import Count
from django.utils import timezone

from portal.accounts.models import User
from portal.cases.models import Case
from portal.cases.states import Status
from portal.core.files import private_storage
from portal.core.models import Serial
from portal.downloads import purging, queries, tasks
from portal.downloads.models import IssuedDocument
from portal.payments.models import LedgerEvent, Receipt
from portal.pdf import signing
from tests import people
from tests.factories import cases, payments

from .conftest import PAID_AT, photo
from .test_permit import content_of

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
CASES = int(os.environ.get("KILLED_CASES", "12"))
ALONE = 3  # so many are killed before the other worker begins
LINES, SECONDS = max(8, CASES // 10), 0.5  # of a life, at most
# The test's own database and files, in processes that can be killed.
SETTINGS = """
from portal.settings.test import *

DATABASES["default"] = {{**DATABASES["default"], "NAME": {database!r}}}
PRIVATE_ROOT = STORAGES["private"]["OPTIONS"]["location"] = {private!r}
DOCUMENT_SIGNER = {signer!r}
"""
# Books what the bank says of each payment, as often as it says it; permit, receipt and e-mails are made after each commit. Says
# when a task begins and ends.
WORKER = """
import random
import sys

import django

django.setup()
from celery.signals import task_postrun, task_prerun
from portal.payments.models import Payment
from tests.factories import payments


def say(task, **signal):
    print(task.name, flush=True)


task_prerun.connect(say)
task_postrun.connect(say)
started = list(Payment.objects.order_by("pk"))
random.Random(int(sys.argv[1])).shuffle(started)
for payment in started:
    payments.record(payment)
"""


def start(folder: Path, lot: int, stdout: int) -> subprocess.Popen[str]:
    """A worker in a process of its own, with its own order of the payments."""
    python = {"PYTHONPATH": f"{folder}:{settings.ROOT}", "DJANGO_SETTINGS_MODULE": "killed_settings"}
    command = [sys.executable, "-c", WORKER, str(lot)]
    return subprocess.Popen(command, env={**os.environ, **python}, stdout=stdout, text=True)


def is_killed(worker: subprocess.Popen[str], lines: int, seconds: float) -> bool:
    """Whether it was killed in the middle of its work, so long after its so many-th line; it may have had nothing to do."""
    assert worker.stdout
    with worker.stdout as said:
        heard = [line for _line in range(lines) if (line := said.readline())]
        with suppress(subprocess.TimeoutExpired):
            worker.wait(seconds if heard else 600)
        worker.send_signal(signal.SIGKILL)
    return worker.wait(60) == -signal.SIGKILL


def an_approved_case(number: int, officer: User) -> Case:
    """Of a student of its own, who has begun to pay."""
    of = people.applicant(ui_no=f"A89{number:07}", person_id=f"3101042004{number:08}", travel_document_no=f"L2{number:07}")
    picture = cases.document(content=photo(), content_type="image/jpeg")
    case = cases.approved(people.student(of, f"student-{number}"), officer, documents=[picture])
    payments.started(payments.open_bill(case.owner, case))
    return case


@pytest.fixture
def unpaid(officer: User, tmp_path: Path) -> list[Case]:
    """Approved cases of as many students, each with a started payment, and the settings of processes on this database."""
    approved = [an_approved_case(number, officer) for number in range(CASES)]
    names = {"database": str(connection.settings_dict["NAME"]), "private": str(settings.PRIVATE_ROOT)}
    text = SETTINGS.format(**names, signer=str(settings.DOCUMENT_SIGNER))
    (tmp_path / "killed_settings.py").write_text(text, encoding="utf-8")
    return approved


def kill_one_of_two(folder: Path) -> int:
    """Workers are killed at moments drawn by lot, soon beside one that goes through all payments. How many were killed."""
    lot = random.Random(1)  # noqa: S311  # moments, not secrets

    def kill() -> bool:
        worker = start(folder, lot.randrange(1_000_000), subprocess.PIPE)
        return is_killed(worker, lot.randint(1, LINES), lot.uniform(0, SECONDS))

    kills = sum(kill() for _worker in range(ALONE))
    steady = start(folder, 0, subprocess.DEVNULL)
    while steady.poll() is None:
        kills += kill()
    assert steady.returncode == 0
    return kills


def swept() -> int:
    """What the schedule makes later: until it finds nothing missing."""
    made = 0
    with time_machine.travel(PAID_AT + dt.timedelta(minutes=10), tick=False):
        while asked := tasks.make_missing():
            made += asked
            assert made <= 2 * CASES, "the sweep does not come to an end"
    return made


def files() -> Iterator[str]:
    for kind in IssuedDocument.Kind:
        yield from private_storage().listdir(f"issued/{kind}")[1]


def test_each_has_exactly_one_valid_document(unpaid: list[Case], tmp_path: Path) -> None:
    begun = time.monotonic()
    kills = kill_one_of_two(tmp_path)
    by_workers = IssuedDocument.objects.exclude(file="").count()
    seconds = time.monotonic() - begun
    by_sweep = swept()
    orphans = purging.sweep(now=timezone.now() + dt.timedelta(days=30))
    print(  # noqa: T201  # for who runs it with -s
        f"{CASES} cases, {kills} workers killed in {seconds:.0f} s; papers: {by_workers} by workers, {by_sweep} by the sweep;"
        f" {orphans} files without a row"
    )

    documents = IssuedDocument.objects.select_related("case", "receipt__bill")
    assert kills >= ALONE
    assert by_sweep, "nobody was killed between a booking and its papers"
    assert set(Case.objects.values_list("status", flat=True)) == {Status.COMPLETED}
    assert sorted(documents.filter(kind="permit").values_list("case__case_no", flat=True)) == sorted(c.case_no for c in unpaid)
    numbers = [f"R115-{number:06d}" for number in range(1, CASES + 1)]
    assert sorted(Receipt.objects.filter(voided_at=None).values_list("number", flat=True)) == numbers
    assert sorted(documents.filter(kind="receipt").values_list("receipt__number", flat=True)) == numbers
    assert Serial.objects.get(name="receipt:115").last == CASES
    assert not Case.objects.annotate(paid=Count("bill_lines")).exclude(paid=1)
    assert LedgerEvent.objects.filter(kind="captured").count() == LedgerEvent.objects.count() == CASES
    assert len(list(files())) == 2 * CASES
    for document in documents:
        content = content_of(document)
        assert signing.check(content).standing == signing.SignatureState.OURS
        found = queries.verified(document.verification_code, today=PAID_AT.date())
        assert found is not None
        assert found.standing == queries.VerificationStatus.VALID
