"""系統狀態, 匯出紀錄 and 查詢紀錄."""

import datetime as dt
import re
from pathlib import Path

import pytest
import time_machine
from celery import current_app
from django.conf import settings
from pytest_django import Settings

from portal.cms.models import ListExport
from portal.core import workers
from portal.core.models import TaskRun
from portal.mail.models import OutgoingMail
from portal.overview import status
from portal.pdf import signing
from portal.records.models import LookupLog
from portal.review.groups import CASHIERS, SUPERVISORS
from tests.staff import logged_in, make_administrator, make_staff

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 11, 23, 2, 30, tzinfo=dt.UTC)
SWEEP = "portal.mail.tasks.sweep"


@pytest.fixture(autouse=True)
def nothing_written_yet(monkeypatch: pytest.MonkeyPatch) -> None:
    """What this process wrote down before is another test's."""
    monkeypatch.setattr(workers, "_written", {})


def test_every_scheduled_task_and_every_probe_has_a_name() -> None:
    assert {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()} == set(status.TASKS)
    assert {line.name for line in status.probes()} == set(status.PROBES.values())


@time_machine.travel(NOW, tick=False)
def test_a_task_that_ran_is_written_down_once_a_minute() -> None:
    task = current_app.tasks[SWEEP]
    with time_machine.travel(NOW - dt.timedelta(seconds=59), tick=False):
        task.apply()
    task.apply()
    assert TaskRun.objects.get().ended_at == NOW - dt.timedelta(seconds=59)
    with time_machine.travel(NOW + dt.timedelta(seconds=1), tick=False):
        task.apply()
    assert TaskRun.objects.get().ended_at == NOW + dt.timedelta(seconds=1)


@pytest.mark.parametrize(
    ("seconds", "said"), [(30, "30 秒"), (90, "90 秒"), (60, "1 分鐘"), (5400, "90 分鐘"), (7200, "2 小時"), (86400, "1 天")]
)
def test_an_interval_is_said_in_the_largest_unit_that_it_is_whole_in(seconds: int, said: str) -> None:
    assert status.TaskLine("", seconds, None, is_late=False).interval == said


def test_a_failure_is_written_down_without_its_words() -> None:
    workers.failed(current_app.tasks[SWEEP], ValueError("somebody@example.test"))
    run = TaskRun.objects.get()
    assert (run.name, run.failure, run.ended_at) == (SWEEP, "ValueError", None)


@time_machine.travel(NOW, tick=False)
def test_a_task_is_late_or_failed_or_well() -> None:
    def line() -> tuple[bool, bool]:
        found = next(each for each in status.tasks(NOW) if each.name == "寄送待寄信件")
        return found.is_late, found.has_failed

    assert line() == (True, False)
    every = next(entry["schedule"] for entry in settings.CELERY_BEAT_SCHEDULE.values() if entry["task"] == SWEEP)
    last_good = NOW - dt.timedelta(seconds=2 * every) - dt.timedelta(minutes=2)
    TaskRun.objects.create(name=SWEEP, ended_at=last_good)
    assert line() == (False, False)
    TaskRun.objects.update(ended_at=last_good - dt.timedelta(seconds=1))
    assert line() == (True, False)
    TaskRun.objects.update(failed_at=NOW)
    assert line() == (False, True)
    TaskRun.objects.update(ended_at=NOW + dt.timedelta(seconds=1))
    assert line() == (False, False)


@time_machine.travel(NOW, tick=False)
def test_what_waits_too_long_is_marked() -> None:
    def emails() -> tuple[str, bool]:
        found = status.waiting(NOW)[0]
        return found.state, found.is_wrong

    assert emails() == ("沒有", False)
    email = OutgoingMail.objects.create(kind="test", to="a@example.test", subject="s", body="b", next_attempt_at=NOW)
    assert emails() == ("1 封，最早 2026/11/23 10:30", False)
    OutgoingMail.objects.filter(pk=email.pk).update(created_at=NOW - dt.timedelta(hours=1, seconds=1))
    assert emails()[1] is True


@pytest.mark.parametrize(("days_left", "is_wrong"), [(60, False), (59, True), (-1, True)])
def test_the_last_day_of_the_certificate_is_said_and_marked_two_months_before(days_left: int, is_wrong: bool) -> None:
    until = signing.last_day()
    day = dt.datetime.combine(until - dt.timedelta(days=days_left), dt.time(4), dt.UTC)
    (line,) = (each for each in status.waiting(day) if each.name == "文件簽章憑證")
    assert (line.state, line.is_wrong) == (f"有效至 {until:%Y/%m/%d}", is_wrong)


def test_a_certificate_that_cannot_be_read_is_marked(settings: Settings) -> None:
    settings.DEMO, settings.DOCUMENT_SIGNER = False, "/nowhere/signer.pem"
    (line,) = (each for each in status.waiting(NOW) if each.name == "文件簽章憑證")
    assert (line.state, line.is_wrong) == ("無法讀取", True)


def test_the_room_of_a_disk_is_said_before_the_first_file_comes(settings: Settings, tmp_path: Path) -> None:
    private = {**settings.STORAGES["private"], "OPTIONS": {"location": str(tmp_path / "not" / "there")}}
    settings.STORAGES = {**settings.STORAGES, "private": private}
    assert "可用" in logged_in(make_administrator()).get("/admin/system/").content.decode()


def test_the_page_is_the_administrators() -> None:
    page = logged_in(make_administrator()).get("/admin/system/").content.decode()
    assert "排程工作" in page
    assert "寄送待寄信件" in page
    assert logged_in(make_staff("supervisor", SUPERVISORS)).get("/admin/system/").status_code == 302


def test_an_export_is_written_down() -> None:
    cashier = make_staff("cashier", CASHIERS)
    client = logged_in(cashier)
    list(client.get("/admin/portal_payments/bill/?export=csv").streaming_content)  # type: ignore[attr-defined]
    client.get("/admin/portal_payments/bill/")
    assert list(ListExport.objects.values_list("by", "list", "rows")) == [(cashier.pk, "繳費單", 0)]


def test_a_question_to_the_records_is_listed_in_words() -> None:
    LookupLog.objects.create(question="person", asker="127.0.0.1", asked_at=NOW, key_hash="0" * 64, outcome="not_yours")
    supervisor = make_staff("supervisor", SUPERVISORS)
    for number in (supervisor.pk, 7_777_777):
        LookupLog.objects.create(question="permit", asker=f"user:{number}", asked_at=NOW, key_hash="0" * 64, outcome="matched")
    client, path = logged_in(supervisor), "/admin/portal_records/lookuplog/"
    page = client.get(path).content.decode()
    askers = ["帳號 7777777（已刪除）", "supervisor", "127.0.0.1"]
    assert re.findall(r'<td class="field-asker_shown title">([^<]+)</td>', page) == askers
    exported = b"".join(client.get(path, {"export": "csv"}).streaming_content).decode()  # type: ignore[attr-defined]
    assert [line.split(",")[2] for line in exported.splitlines()[1:]] == askers
    assert "帳號基資與案件資料不符" in page
    assert "相符" in page
    assert "0" * 64 not in page
