"""`bin/bench uploads`: every bomb and every hostile file of tests/hostile_files, sent to a live server with two workers.

Students send them at the same time; then one student sends sixteen bombs at once, again and again, while another sends a photo.
Meanwhile /healthz/ is asked and the memory of every process is read. It fails when an answer takes more than 5 s or is none,
when /healthz/ is slower than 200 ms at the 95th percentile, when a process passes 600 MiB, when something active is kept, or
when the other student's photo is not taken.
"""

import argparse
import os
import re
import statistics
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import requests

from tests.bench import files
from tests.bench.browser import Browser, Sample
from tests.bench.journey import Student, records
from tests.bench.servers import Portal
from tests.hostile_files import walker
from tests.hostile_files.bombs import BOMBS
from tests.hostile_files.carriers import CARRIERS, MARK
from tests.hostile_files.inline import INLINE

if TYPE_CHECKING:
    from portal.accounts.models import User

ANSWER, HEALTH, MEMORY = 5.0, 0.2, 600 * 1024  # seconds, seconds, KiB
SLOT = "enrolment"
BUSY, TRIES = "系統忙碌", 3
# Files of one student: with every try they stay below the quota of an hour.
SHARE = 25
BLOCKING = ("pdf, two flate filters, three times", "jpeg of 90 scans and 49 million pixels", "pdf, forms of forms, deep")


@dataclass
class Report:
    """What was measured, and what was wrong."""

    health: list[float] = field(default_factory=list)
    memory: dict[str, int] = field(default_factory=dict)
    answers: dict[str, list[float]] = field(default_factory=dict)
    outcomes: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def add(self, group: str, name: str, seconds: float, outcome: str) -> None:
        """One answer."""
        with self.lock:
            self.answers.setdefault(group, []).append(seconds)
            self.outcomes[f"{group}: {outcome}"] += 1
            if seconds > ANSWER:
                self.faults.append(f"{name}: answered after {seconds:.1f} s")

    def fault(self, words: str) -> None:
        """Something that must not be."""
        with self.lock:
            self.faults.append(words)


def applicant(base_url: str, student: Student, on_sample: Callable[[Sample], None]) -> "tuple[User, Browser]":
    """A student who is logged in and has an application open."""
    from django.test import Client

    from portal.accounts.models import User

    who = {key: student.registration[key] for key in ("chinese_name", "ui_no")}
    user = User.objects.create(username=student.username, email=student.email, category="china-student", **who)
    client = Client(headers={"host": "127.0.0.1"})
    client.force_login(user, backend="portal.accounts.backends.StudentBackend")
    browser = Browser(base_url, on_sample=on_sample)
    for name, morsel in client.cookies.items():
        browser.session.cookies.set(name, morsel.value)
    browser.open("/china-student/individual/apply/multiple-entry/", step="declaration")
    browser.press("確定", step="accept", typed={"agree": "on"})
    browser.press("送出", step="permit number", typed={"number": student.permit_no})
    return user, browser


class Sender:
    """A student who sends files as the page's script does."""

    def __init__(self, portal: Portal, student: Student, report: Report) -> None:
        self.report = report
        self.user, self.browser = applicant(portal.base_url, student, lambda sample: None)
        self.token = self.browser.page.values("csrfmiddlewaretoken")[0]

    def send(self, group: str, name: str, file: tuple[str, bytes]) -> str:
        """Upload the file as the page's script does. What the page says: "taken", or why not."""
        data = {"upload": SLOT, "csrfmiddlewaretoken": self.token}
        headers = {"X-Requested-With": "XMLHttpRequest", "Referer": self.browser.page.url}
        began = time.monotonic()
        try:
            answer = requests.post(
                self.browser.page.url,
                data=data,
                files={f"upload-{SLOT}": file},
                headers=headers,
                cookies=self.browser.session.cookies,
                timeout=60,
                allow_redirects=False,
            )
        except requests.RequestException as problem:
            self.report.fault(f"{name}: no answer, {type(problem).__name__}")
            return "none"
        outcome = self._outcome(answer, file[0])
        if outcome.startswith("status"):
            self.report.fault(f"{name}: {outcome}")
        self.report.add(group, name, time.monotonic() - began, outcome)
        return outcome

    def _outcome(self, answer: requests.Response, file_name: str) -> str:
        if answer.status_code != 200:
            return f"status {answer.status_code}"
        said = re.search(re.escape(file_name) + "：([^<]+)", answer.text)
        return said[1].strip() if said else "taken"

    def until_it_is_looked_at(self, group: str, name: str, file: tuple[str, bytes]) -> None:
        """Again, as the message asks, while the server is busy; not for ever."""
        for _ in range(TRIES):
            if not self.send(group, name, file).startswith(BUSY):
                return

    def look_at_what_is_kept(self, name: str) -> None:
        """Walk over the files that were kept, and make room."""
        from portal.forms.models import DraftUpload

        for upload in DraftUpload.objects.filter(draft__owner=self.user):
            content = upload.file.read()
            found = walker.faults_of_pdf(content) if content.startswith(b"%PDF-") else walker.faults_of_jpeg(content)
            found += ["what was hidden"] if any(MARK in text for text in walker.texts(content)) else []
            for fault in found:
                self.report.fault(f"{name}: kept {fault}")
            upload.delete()


def ask_health(base_url: str, report: Report, over: threading.Event) -> None:
    """Twenty times a second, on one connection."""
    session = requests.Session()
    while not over.wait(0.05):
        began = time.monotonic()
        try:
            good = session.get(f"{base_url}/healthz/", timeout=30).status_code == 200
        except requests.RequestException:
            good = False
        report.health.append(time.monotonic() - began)
        if not good:
            report.fault("/healthz/ did not answer")


def read_memory(report: Report, over: threading.Event) -> None:
    """The most that each descendant of this process has held."""
    while not over.wait(0.1):
        for name, peak in _peaks():
            report.memory[name] = max(report.memory.get(name, 0), peak)


def _peaks() -> Iterator[tuple[str, int]]:
    parents: dict[int, int] = {}
    notified: dict[int, tuple[str, int]] = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            status = dict(line.split(":\t", 1) for line in (folder / "status").read_text().splitlines() if ":\t" in line)
            command = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:  # it ended meanwhile
            continue
        pid = int(folder.name)
        parents[pid] = int(status["PPid"])
        kind = "decoder" if "decoder.worker" in command else "gunicorn" if "gunicorn" in command else "schedule"
        notified[pid] = (kind, int(status.get("VmHWM", "0 kB").split()[0]))
    for pid, answer in notified.items():
        if _is_below(pid, os.getpid(), parents):
            yield answer


def _is_below(pid: int, ancestor: int, parents: dict[int, int]) -> bool:
    while pid in parents and pid != ancestor:
        pid = parents[pid]
        if pid == ancestor:
            return True
    return False


@contextmanager
def watched(base_url: str, report: Report) -> Iterator[None]:
    """Health and memory are measured in here."""
    over = threading.Event()
    threads = [
        threading.Thread(target=ask_health, args=[base_url, report, over]),
        threading.Thread(target=read_memory, args=[report, over]),
    ]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        over.set()
        for thread in threads:
            thread.join()


def all_of_them(students: Iterator[Sender], at_once: int, group: str, made: dict[str, tuple[str, bytes]]) -> None:
    """Share the files out among the students; so many of them send at the same time."""

    def work(sender: Sender, names: Iterable[str]) -> None:
        for name in names:
            sender.until_it_is_looked_at(group, name, made[name])
            sender.look_at_what_is_kept(name)

    shares = list(batched(made, SHARE))
    with ThreadPoolExecutor(at_once) as pool:
        list(pool.map(work, [next(students) for _ in shares], shares))


def batched(names: Iterable[str], size: int) -> Iterator[list[str]]:
    them = list(names)
    yield from (them[start : start + size] for start in range(0, len(them), size))


def flood(students: Iterator[Sender], rounds: int) -> None:
    """Sixteen bombs at once from one person; the other's photo is taken all the same, each time."""
    other = next(students)
    bombs = [BOMBS[name]() for name in BLOCKING]
    photo = ("photo.jpg", files.photo())
    over = threading.Event()

    def other_one() -> None:
        while not over.wait(0.2):
            outcome = other.send("another's photo meanwhile", "photo", photo)
            if outcome != "taken":
                other.report.fault(f"another's photo: {outcome}")
            other.look_at_what_is_kept("photo")

    meanwhile = threading.Thread(target=other_one)
    meanwhile.start()
    with ThreadPoolExecutor(16) as pool:
        for number in range(rounds):
            sender, bomb = next(students), bombs[number % len(bombs)]
            list(pool.map(lambda _: sender.send("sixteen at once", "flood", bomb), range(16)))  # noqa: B023  # done before the next
    over.set()
    meanwhile.join()


def percentile(values: list[float], share: float) -> float:
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]


def tell(report: Report) -> bool:
    """Print it; whether all limits held."""
    print(f"\n{'answers':28} {'n':>5} {'median s':>9} {'p95 s':>7} {'most s':>7}")
    for group, times in report.answers.items():
        print(f"{group:28} {len(times):5} {statistics.median(times):9.2f} {percentile(times, 0.95):7.2f} {max(times):7.2f}")
    for outcome, count in sorted(report.outcomes.items()):
        print(f"  {count:5} x {outcome}")
    health = percentile(report.health, 0.95)
    middle = statistics.median(report.health)
    print(f"/healthz/: {len(report.health)} asked, median {middle * 1000:.0f} ms, p95 {health * 1000:.0f} ms")
    print("most memory, MiB: " + ", ".join(f"{name} {peak / 1024:.0f}" for name, peak in sorted(report.memory.items())))
    if health > HEALTH:
        report.fault(f"/healthz/ took {health * 1000:.0f} ms at the 95th percentile")
    report.faults += [f"{name} held {peak // 1024} MiB" for name, peak in report.memory.items() if peak > MEMORY]
    print(*(f"FAULT {fault}" for fault in report.faults), sep="\n")
    return not report.faults


def run(senders: int, rounds: int) -> bool:
    report, hostile = Report(), CARRIERS | INLINE
    with tempfile.TemporaryDirectory(prefix="portal-bench-") as scratch, Portal("embedded", Path(scratch)) as portal:
        people = len(BOMBS) // SHARE + len(hostile) // SHARE + rounds + 4
        students = iter([Sender(portal, student, report) for student in records(Path(scratch), people)])
        first, one = next(students), ("photo.jpg", files.photo())
        for _ in range(5):
            first.send("a photo, nobody else there", "photo", one)
            first.look_at_what_is_kept("photo")
        print(f"uploads: {len(BOMBS)} bombs and {len(hostile)} hostile files by {senders} students at once", flush=True)
        # Made before, so that making them takes nothing from the server.
        bombs, carriers = ({name: make() for name, make in makers.items()} for makers in (BOMBS, hostile))
        with watched(portal.base_url, report):
            all_of_them(students, senders, "bombs", bombs)
            all_of_them(students, senders, "hostile files", carriers)
            flood(students, rounds)
    return tell(report)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--senders", type=int, default=3)
    parser.add_argument("--rounds", type=int, default=6)
    options = parser.parse_args()
    sys.exit(not run(options.senders, options.rounds))


if __name__ == "__main__":
    main()
