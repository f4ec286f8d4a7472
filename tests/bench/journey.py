"""`bin/bench journey`: many students at once go the whole road over HTTP, each with an officer of their own.

One run starts the portal itself, either on embedded parts (`embedded`: demo settings, SQLite) or on real ones
(`real`: production settings, PostgreSQL, Redis, a Celery worker), on an empty database with made-up records.
"""

import argparse
import statistics
import sys
import tempfile
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from tests.bench import files
from tests.bench.browser import Browser, BrowserError, Sample
from tests.bench.servers import PARTS, Portal

PASSWORD = "correct horse battery 9"
RESULT_TRIES = 40
EMAIL_TAKES = 90  # at most: the schedule finds it when no worker was notified
BUSY, BUSY_TRIES = "系統忙碌", 15  # upload.js tries five times by itself; then one presses again
PAPERS: dict[str, tuple[str, bytes, str]] = {
    "photo": ("photo.jpg", files.photo(), "image/jpeg"),
    "enrolment": ("enrolment.png", files.picture(1200, 900, kind="PNG"), "image/png"),
    "health": ("health.pdf", files.pdf(2), "application/pdf"),
    "travel-document": ("travel.bmp", files.picture(800, 600, kind="BMP"), "image/bmp"),
    "single-permit": ("permit.jpg", files.picture(2400, 1800), "image/jpeg"),
    "person-id": ("person-id.jpg", files.picture(2400, 1800), "image/jpeg"),
}


@dataclass(frozen=True)
class Student:
    """One made-up student and what they type."""

    index: int
    registration: dict[str, str]
    permit_no: str

    @property
    def username(self) -> str:
        return f"student{self.index:04d}"

    @property
    def email(self) -> str:
        return f"{self.username}@example.test"


def records(folder: Path, count: int) -> list[Student]:
    """Import `count` students of the agency through its files; each entered three weeks ago."""
    from django.core.management import call_command
    from django.utils import timezone

    from tests.records import agency

    today = timezone.localdate()
    entered = today - timedelta(days=21)
    dates = {
        "issued_on": entered - timedelta(days=10),
        "valid_until": entered + timedelta(days=80),
        "entered_on": entered,
        "stay_until": entered + timedelta(days=61),
    }
    people = [agency.applicant_row(n, enrolled_on=str(today - timedelta(days=60))) for n in range(count)]
    permits = [agency.permit_row(n, **{name: str(day) for name, day in dates.items()}) for n in range(count)]
    applicants_file = agency.write(folder / "applicants.csv", *people)
    permits_file = agency.write(folder / "permits.csv", *permits)
    call_command("import_records", applicants=applicants_file, permits=permits_file, verbosity=0)
    return [
        Student(
            n,
            {
                "chinese_name": row["chinese_name"],
                "birth_date": row["birth_date"],
                "ui_no": row["ui_no"],
                "travel_document_no": row["travel_document_no"],
                "school": row["school_code"],
            },
            permit["permit_no"],
        )
        for n, (row, permit) in enumerate(zip(people, permits, strict=True))
    ]


def officers(count: int) -> None:
    """One officer for each student, so that nobody waits for a colleague."""
    from django.contrib.auth.models import Group
    from django.utils import timezone

    from portal.demo import second_factor as demo_second_factor
    from portal.review.groups import OFFICERS
    from portal.staff_login import operations

    group = Group.objects.get(name=OFFICERS)
    for n in range(count):
        name = f"officer{n:04d}"
        member = operations.NewMember(username=name, chinese_name=name, email=f"{name}@staff.example")
        officer = operations.create(member, [group], now=timezone.now())
        officer.set_password(PASSWORD)
        officer.save(update_fields=["password"])
        demo_second_factor.give_authenticator(officer)


def captcha(browser: Browser) -> dict[str, str]:
    """What a person with good eyes types."""
    from captcha.models import CaptchaStore

    keys = browser.page.values("captcha_0")
    if not keys:
        raise BrowserError(f"no captcha on {browser.page.url}")
    return {"captcha_1": CaptchaStore.objects.get(hashkey=keys[0]).response}


def email(to: str, kind: str) -> str:
    """The newest email of that kind, as the student's own mail program shows it; a worker may be still writing it."""
    from portal.mail.models import OutgoingMail

    until = time.monotonic() + EMAIL_TAKES
    while time.monotonic() < until:
        if found := OutgoingMail.objects.filter(to=to, kind=kind).order_by("-pk").first():
            return found.body
        time.sleep(0.1)
    raise BrowserError(f"no email of the kind {kind} came in {EMAIL_TAKES} seconds")


class Journey:
    """One student's road from the landing page to both PDFs, and the officer's part of it."""

    def __init__(self, base_url: str, student: Student, on_sample: Callable[[Sample], None]) -> None:
        self.student = student
        self.browser = Browser(base_url, on_sample=on_sample)
        self.officer = Browser(base_url, on_sample=on_sample)
        self.case_no = ""

    def run(self) -> None:
        self.register()
        self.log_in()
        self.apply()
        self.decide()
        self.pay()
        self.download()

    def register(self) -> None:
        b = self.browser
        b.open("/student/entry/", step="landing page")
        b.open(b.page.link(contains="/student/entry/china-student/"), step="category page")
        b.open(b.page.link(text="我要申請"), step="log-in page")
        b.open(b.page.link(text="註冊帳號"), step="registration page")
        who = {"username": self.student.username, "email": self.student.email, "mobile": "0912345678"}
        passwords = {"password": PASSWORD, "password_again": PASSWORD}
        b.press("註冊", step="register", typed={**self.student.registration, **who, **passwords, **captcha(b)})
        self.expect(b, "註冊成功，請至信箱收取認證信")
        link = next(word for word in email(self.student.email, "activation").split() if "/activate/" in word)
        b.open(link, step="activation page")
        b.press("開通帳號", step="activate")

    def log_in(self) -> None:
        b = self.browser
        b.press("登入", step="log in", typed={"username": self.student.username, "password": PASSWORD, **captcha(b)})
        self.expect(b, "待辦事項")

    def apply(self) -> None:
        from tests.forms.answers import OWN_ANSWERS

        b = self.browser
        b.open(b.page.link(contains="/apply/multiple-entry/"), step="declaration page")
        b.press("確定", step="accept the declaration", typed={"agree": "on"})
        b.press("送出", step="permit number", typed={"number": self.student.permit_no})
        for slot, paper in PAPERS.items():
            self.upload(slot, paper)
        b.press("check", step="application form", by_value=True, typed=OWN_ANSWERS)
        self.expect(b, "請核對下列資料")
        b.press("送出", step="send")
        self.expect(b, "送件成功，收件號:")
        self.case_no = b.page.text.split("送件成功，收件號:")[1][:12]

    def upload(self, slot: str, paper: tuple[str, bytes, str]) -> None:
        """As the page asks: again, after a moment, while the server is busy."""
        step = "upload a file"
        for _ in range(BUSY_TRIES):
            self.browser.press(slot, step=step, by_value=True, files={f"upload-{slot}": paper})
            if BUSY not in self.browser.page.text:
                return
            step = "upload again, notified it was busy"
            time.sleep(2)

    def decide(self) -> None:
        o = self.officer
        o.open("/admin/login/", step="officer: log-in page")
        o.press("登入", step="officer: log in", typed={"username": f"officer{self.student.index:04d}", "password": PASSWORD})
        o.press("示範：填入現在的驗證碼", step="officer: ask for the code")
        o.press("驗證", step="officer: second factor")
        o.open("/admin/cases/", step="officer: list")
        o.open(f"/admin/cases/review/{self.case_no}/", step="officer: decision page")
        o.press("take", step="officer: take", by_value=True)
        found = {"accepted": o.page.values("accepted"), "then": "stay"}
        o.press("approve", step="officer: approve", by_value=True, typed=found)
        self.expect(o, "核准待繳費")

    def pay(self) -> None:
        b = self.browser
        b.open("/china-student/individual/todo/", step="todo page")
        b.open(b.page.link(text="線上繳費"), step="payments: list")
        (case,) = b.page.values("cases")
        b.press("繳費", step="payments: open the bill", typed={"cases": case})
        b.open(b.page.link(text="確認繳費"), step="payments: method page")
        b.press("繳費", step="payments: start", typed={"method": "card"})
        b.open(b.page.link(text="前往繳費"), step="bank: card page")
        b.press("確認付款", step="bank: card", typed={"number": "4311-9522-2222-2222", "expiry": "12/30", "cvv": "123"})
        b.press("送出驗證碼", step="bank: 3-D Secure and return", typed={"code": "1234"})
        for _ in range(RESULT_TRIES):
            if "交易成功" in b.page.text:
                return
            time.sleep(0.5)
            b.open(b.page.url, step="payments: result page")
        self.expect(b, "交易成功")

    def download(self) -> None:
        b = self.browser
        for name in ("permit", "receipt"):
            b.open(f"/china-student/individual/downloads/{name}s/", step=f"downloads: {name}s")
            b.open(b.page.link(text="下載\xa0", contains=f"{self.case_no}.pdf"), step=f"downloads: {name} PDF")
            if not b.page.body.startswith(b"%PDF-"):
                raise BrowserError(f"{self.student.username}: no PDF at {b.page.url}")

    def expect(self, browser: Browser, words: str) -> None:
        if words not in browser.page.text:
            raise BrowserError(f"{self.student.username}: expected {words!r} at {browser.page.url}: {browser.page.text[:600]}")


def percentile(values: list[float], share: float) -> float:
    """The value below which so large a share of them lies; nan of none."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))] if ordered else float("nan")


class Report:
    """Samples and failures of all threads."""

    def __init__(self) -> None:
        self.samples: list[Sample] = []
        self.failures: list[str] = []
        self.lock = threading.Lock()

    def add(self, sample: Sample) -> None:
        with self.lock:
            self.samples.append(sample)

    def fail(self, message: str) -> None:
        with self.lock:
            self.failures.append(message)

    def lines(self) -> Iterable[str]:
        """A table: each step's requests, median and 95th percentile in ms, and the most queries that one of its pages made."""
        steps: dict[str, list[Sample]] = defaultdict(list)
        for sample in self.samples:
            steps[sample.step].append(sample)
        yield f"{'step':34} {'n':>5} {'median ms':>10} {'p95 ms':>9} {'queries':>8}"
        for step, found in steps.items():
            times = sorted(sample.seconds * 1000 for sample in found)
            p95 = percentile(times, 0.95)
            counts = [sample.queries for sample in found if sample.queries is not None]
            queries = str(max(counts)) if counts else "-"
            yield f"{step:34} {len(found):5} {statistics.median(times):10.0f} {p95:9.0f} {queries:>8}"


def run(parts: str, count: int) -> int:
    """One portal, `count` students at once; 0 when nobody met an error."""
    report = Report()
    with tempfile.TemporaryDirectory(prefix="portal-bench-") as scratch, Portal(parts, Path(scratch)) as portal:
        students = records(Path(scratch), count)
        officers(count)

        def run(student: Student) -> None:
            try:
                Journey(portal.base_url, student, report.add).run()
            except Exception as problem:  # noqa: BLE001  whatever stopped a student is reported, and fails the run
                report.fail(f"{student.username}: {type(problem).__name__}: {problem}")

        started = time.perf_counter()
        with ThreadPoolExecutor(count) as pool:
            list(pool.map(run, students))
        seconds = time.perf_counter() - started
    print(f"\njourney, {parts}: {PARTS[parts]}")
    print(f"{count} students at once, {len(report.samples)} requests in {seconds:.1f} s, {len(report.failures)} errors\n")
    print(*report.lines(), *report.failures, sep="\n")
    return 1 if report.failures else 0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("parts", choices=sorted(PARTS))
    parser.add_argument("--students", type=int, default=20)
    options = parser.parse_args()
    sys.exit(run(options.parts, options.students))


if __name__ == "__main__":
    main()
