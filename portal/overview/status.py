"""What the page shows: one line for each thing that may stand still."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from django.conf import settings
from django.core.files.storage import FileSystemStorage
from django.db.models import Count, Min, Q
from django.template.defaultfilters import filesizeformat
from django.utils import timezone

from portal.cases.queries import unrecorded_permits
from portal.core.files import private_storage
from portal.core.health import readiness
from portal.core.models import TaskRun
from portal.mail.models import OutgoingMail
from portal.office_calendar.queries import missing_years
from portal.payments.models import Notice, Payment
from portal.payments.states import LIVE
from portal.pdf import signing
from portal.records.models import RecordsImport

PROBES: Final = {
    "database": "資料庫",
    "migrations": "資料庫版本",
    "storage": "檔案儲存",
    "cache": "快取",
    "broker": "工作佇列",
    "uploads": "檔案檢查",
}
TASKS: Final = {
    "portal.mail.tasks.sweep": "寄送待寄信件",
    "portal.accounts.tasks.write_requested_emails": "寫出申請的信件",
    "portal.accounts.tasks.purge": "清除未開通的帳號",
    "portal.accounts.tasks.clear_sessions": "清除已結束的登入",
    "portal.payments.tasks.ask_pending": "查詢尚無結果的繳費",
    "portal.payments.tasks.end_unpaid": "結束逾期未繳費的案件",
    "portal.payments.tasks.end_slips": "結束逾期的繳費單",
    "portal.payments.tasks.remind": "寄發繳費提醒",
    "portal.payments.tasks.sweep_slips": "清除無主的繳費單檔",
    "portal.payments.tasks.purge_notices": "清除未入帳的金流通知",
    "portal.cases.tasks.end_uncorrected": "結束逾期未補正的案件",
    "portal.cases.tasks.record_permits": "登錄新核發的許可證",
    "portal.cases.tasks.remind": "寄發期限提醒",
    "portal.forms.tasks.remind": "寄發草稿提醒",
    "portal.forms.tasks.purge": "清除過期草稿",
    "portal.records.tasks.import_queued": "匯入署內資料",
    "portal.records.tasks.purge": "清除查詢紀錄",
    "portal.core.tasks.sweep_temporary_files": "清除暫存檔",
    "portal.throttling.tasks.purge": "清除嘗試次數紀錄",
    "portal.cms.tasks.purge": "清除後台未完成的上傳",
    "portal.staff_login.tasks.purge": "清除過期的設定連結",
    "portal.mail.tasks.purge": "清除已寄出的信件",
    "portal.office_calendar.tasks.watch": "檢查辦公日曆表",
    "portal.downloads.tasks.make_missing": "補製未完成的 PDF",
    "portal.downloads.tasks.sweep_files": "清除無主的 PDF 檔",
    "portal.home.tasks.publish_scheduled": "發布排定的內容",
    "portal.sandbank.tasks.dispatch_due": "模擬銀行送出通知",
}
# Two missed starts and a little more: a task that should have run and did not.
MISSED: Final = 2
SLACK: Final = timedelta(minutes=2)
# Seconds of each unit in which an interval is said, the largest first.
UNITS: Final = ((86_400, "天"), (3_600, "小時"), (60, "分鐘"), (1, "秒"))
WEEK: Final = timedelta(days=7)
RENEWED_IN: Final = timedelta(days=60)


@dataclass(frozen=True)
class Line:
    """One thing: what it is, how it stands, and whether somebody should look."""

    name: str
    state: str
    is_wrong: bool = False


@dataclass(frozen=True)
class TaskLine:
    """One scheduled task. `is_late`: it should have run meanwhile; `has_failed`: its last run failed."""

    name: str
    every: int
    run: TaskRun | None
    is_late: bool

    @property
    def interval(self) -> str:
        """每隔, in the largest unit that it is whole in."""
        seconds, unit = next(each for each in UNITS if self.every % each[0] == 0)
        return f"{self.every // seconds} {unit}"

    @property
    def has_failed(self) -> bool:
        run = self.run
        return bool(run and run.failed_at and (run.ended_at is None or run.failed_at > run.ended_at))


def probes() -> list[Line]:
    """狀態檢查: what /readyz/ asks."""
    return [Line(PROBES.get(name, name), said or "正常", bool(said)) for name, said in readiness().items()]


def waiting(now: datetime) -> list[Line]:
    """What waits to be done."""
    return [
        _emails(now),
        _failed_emails(now),
        _imports(),
        _permits(),
        _payments(),
        _refused_notices(now),
        _calendar(now),
        _signer(now),
        *_disk(),
    ]


def tasks(now: datetime) -> Iterator[TaskLine]:
    """Every scheduled task, with its last run."""
    runs = TaskRun.objects.in_bulk()
    for entry in settings.CELERY_BEAT_SCHEDULE.values():
        name, every = entry["task"], int(entry["schedule"])
        run = runs.get(name)
        last = max((each for each in (run.ended_at, run.failed_at) if each), default=None) if run else None
        is_late = last is None or now - last > MISSED * timedelta(seconds=every) + SLACK
        yield TaskLine(TASKS.get(name, name), every, run, is_late)


def _emails(now: datetime) -> Line:
    queued = OutgoingMail.objects.filter(state=OutgoingMail.State.QUEUED).aggregate(count=Count("pk"), oldest=Min("created_at"))
    if not queued["count"]:
        return Line("待寄信件", "沒有")
    since = timezone.localtime(queued["oldest"])
    return Line("待寄信件", f"{queued['count']} 封，最早 {since:%Y/%m/%d %H:%M}", now - queued["oldest"] > timedelta(hours=1))


def _failed_emails(now: datetime) -> Line:
    failed = OutgoingMail.objects.filter(state=OutgoingMail.State.FAILED, created_at__gt=now - WEEK).count()
    return Line("七天內寄送失敗的信件", f"{failed} 封" if failed else "沒有", bool(failed))


def _imports() -> Line:
    states = RecordsImport.State
    counted = RecordsImport.objects.aggregate(
        queued=Count("pk", filter=Q(state=states.QUEUED)), checked=Count("pk", filter=Q(state=states.CHECKED))
    )
    return Line("署內資料匯入", f"匯入中 {counted['queued']}，檢查後待決定 {counted['checked']}")


def _permits() -> Line:
    count = unrecorded_permits().count()
    return Line("尚未登錄署內資料的新許可證", f"{count} 張" if count else "沒有", bool(count))


def _payments() -> Line:
    return Line("尚無結果的繳費", f"{Payment.objects.filter(state__in=LIVE).count()} 筆")


def _refused_notices(now: datetime) -> Line:
    refused = Notice.objects.filter(verified=False, received_at__gt=now - timedelta(days=1)).count()
    return Line("一天內未通過驗證的金流通知", f"{refused} 則" if refused else "沒有", bool(refused))


def _calendar(now: datetime) -> Line:
    missing = missing_years(timezone.localdate(now))
    return Line("辦公日曆表", f"缺 {'、'.join(map(str, missing))} 年" if missing else "齊全", bool(missing))


def _signer(now: datetime) -> Line:
    """A certification authority needs some weeks for the next certificate."""
    try:
        until = signing.last_day()
    except (OSError, ValueError):
        return Line("文件簽章憑證", "無法讀取", is_wrong=True)
    return Line("文件簽章憑證", f"有效至 {until:%Y/%m/%d}", until - timezone.localdate(now) < RENEWED_IN)


def _disk() -> Iterator[Line]:
    """Only of a disk that is ours: a storage elsewhere says nothing of its room."""
    storage = private_storage()
    if isinstance(storage, FileSystemStorage):
        place = Path(storage.location)  # made when the first file comes
        usage = shutil.disk_usage(next(each for each in (place, *place.parents) if each.exists()))
        yield Line(
            "檔案空間", f"可用 {filesizeformat(usage.free)}，共 {filesizeformat(usage.total)}", usage.free * 10 < usage.total
        )
