"""Filling: each road by which somebody could fill disk or memory is tried with 50 MB, on a live server, and ends at its limit.

usage: python -m tests.bench.fill embedded|real
"""

import io
import json
import os
import secrets
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import requests
from PIL import Image

from .servers import PARTS, Portal

MB = 1024 * 1024
FILL = 50 * MB
PAD = "y" * 200_000  # what a body may hold besides
SECONDS = 90  # a road takes no longer than this
HOME = "/china-student/individual"


@dataclass
class Road:
    """What came of one way to fill: answers by status, the last refusal's words, what is kept."""

    name: str
    kept_at_most: int  # rows
    grown_at_most: int  # bytes of VAR
    sent: int = 0
    answers: Counter[int] = field(default_factory=Counter)
    message: str = ""
    kept: int = 0
    grown: int = 0

    def note(self, answer: requests.Response, *, sent: int, looks_for: str) -> None:
        self.sent += sent
        self.answers[answer.status_code] += 1
        if looks_for in answer.text:
            self.message = looks_for

    @property
    def problems(self) -> list[str]:
        wrong = []
        if self.kept > self.kept_at_most:
            wrong.append(f"keeps {self.kept} rows, at most {self.kept_at_most}")
        if self.grown > self.grown_at_most:
            wrong.append(f"grew by {self.grown / MB:.1f} MB, at most {self.grown_at_most / MB:.0f}")
        if not self.message:
            wrong.append("never said that it had enough")
        if any(status >= 500 for status in self.answers):
            wrong.append("broke")
        return wrong


def size_of(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


class Filler:
    """Somebody with the source, a network, and an account."""

    def __init__(self, portal: Portal) -> None:
        self.portal, self.base = portal, portal.base_url
        self.anonymous = requests.Session()

    def student(self) -> tuple[requests.Session, Any]:
        """A logged-in browser of a student with a permit."""
        from django.test import Client

        from tests import people

        number = secrets.randbelow(10**6)
        applicant = people.applicant(
            ui_no=people_number(number), travel_document_no=f"L{number:08}", chinese_name="王小明", student_no=f"B{number:09}"
        )
        user = people.student(applicant, f"filler{number}")
        client = Client()
        client.force_login(user, backend="portal.accounts.backends.StudentBackend")
        browser = requests.Session()
        browser.cookies.update({name: cookie.value for name, cookie in client.cookies.items()})
        browser.get(f"{self.base}{HOME}/todo/", timeout=30)
        return browser, user

    def token(self, browser: requests.Session, address: str) -> dict[str, str]:
        """The form token of a page."""
        page = browser.get(f"{self.base}{address}", timeout=30).text
        found = page.partition('name="csrfmiddlewaretoken" value="')[2].partition('"')[0]
        return {"csrfmiddlewaretoken": found}

    # The roads

    def typed_by_visitors(self) -> Road:
        """POSTs of somebody who is not logged in: they go back with the answer, and nothing is written down."""
        from portal.sessions.engine import AccountSession

        road = Road("anonymous POSTs in session rows", kept_at_most=0, grown_at_most=1 * MB)
        login = self.token(self.anonymous, f"{HOME}/login/")
        text = "x" * 30_000
        for _ in until_full(road):
            cookies = {"sessionid": secrets.token_hex(16)}
            data = {**login, "road": text, "village": "y" * 200_000}
            answer = self.anonymous.post(f"{self.base}{HOME}/account/profile/", data=data, cookies=cookies, timeout=30)
            road.note(answer, sent=len(text) + 200_000, looks_for="登入已結束")
        road.kept = AccountSession.objects.filter(account=None).count()
        return road

    def notices(self) -> Road:
        """Messages to a gateway's address that nobody signed."""
        from portal.payments.models import Notice

        road = Road("unsigned notices", kept_at_most=1050, grown_at_most=60 * MB)
        body = json.dumps({"x": "y" * 15_000}).encode()
        headers = {"Content-Type": "application/json", "A-Signature": "z" * 8000, "B-Signature": "z" * 8000}
        for _ in until_full(road):
            answer = self.anonymous.post(f"{self.base}/payments/sandbank/notify/", data=body, headers=headers, timeout=30)
            road.note(answer, sent=len(body), looks_for="REFUSED")
        road.kept = Notice.objects.filter(verified=False).count()
        return road

    def big_bodies(self) -> Road:
        """A file of 50 MB to whatever address: nothing is spooled."""
        road = Road("bodies of 50 MB", kept_at_most=0, grown_at_most=1 * MB)
        spool = Path(tempfile.gettempdir())
        before = set(spool.glob("tmp*.upload*"))
        for address in ("/", f"{HOME}/login/", f"{HOME}/apply/multiple-entry/x/form/", "/admin/images/add/", "/healthz/"):
            files = {"file": ("a.jpg", io.BytesIO(b"\xff\xd8\xff" + bytes(FILL)), "image/jpeg")}
            answer = requests.post(f"{self.base}{address}", files=files, timeout=60)
            answer.encoding = "utf-8"
            road.note(answer, sent=FILL, looks_for="TOO LARGE" if address == "/healthz/" else "送出的內容太大")
            road.kept += len(set(spool.glob("tmp*.upload*")) - before)
        return road

    def captchas(self) -> Road:
        """Each opening of the log-in page writes a row; 50 MB of rows are there already."""
        from captcha.models import CaptchaStore
        from django.utils import timezone

        from portal.captcha.rows import ROWS_MAX, TRIM_EVERY

        road = Road("captcha rows", kept_at_most=ROWS_MAX + TRIM_EVERY, grown_at_most=70 * MB)
        login = f"{HOME}/login/"
        page = self.anonymous.get(f"{self.base}{login}", timeout=30).text
        key = page.partition('name="captcha_0" value="')[2].partition('"')[0]
        right = CaptchaStore.objects.get(hashkey=key).response
        expires = timezone.now() + timedelta(minutes=5)
        rows = [
            CaptchaStore(challenge="ABCDE", response="abcde", hashkey=secrets.token_hex(20), expiration=expires)
            for _ in range(150_000)
        ]
        CaptchaStore.objects.bulk_create(rows, batch_size=5000)
        road.sent = FILL
        for _ in range(3 * TRIM_EVERY):
            answer = self.anonymous.get(f"{self.base}/captcha/refresh/", timeout=60)
            road.note(answer, sent=0, looks_for="驗證碼已逾時")
        # Whose picture had to go reads it, and has a new one.
        typed = {"username": "somebody", "password": "something", "captcha_0": key, "captcha_1": right}
        answer = self.anonymous.post(f"{self.base}{login}", data={**self.token(self.anonymous, login), **typed}, timeout=30)
        road.note(answer, sent=0, looks_for="驗證碼已逾時")
        road.kept = CaptchaStore.objects.count()
        return road

    def drafts(self) -> Road:
        """One draft after the other."""
        from portal.forms.models import Draft

        road = Road("drafts of one student", kept_at_most=5, grown_at_most=2 * MB)
        browser, user = self.student()
        start = f"{HOME}/apply/multiple-entry/"
        token = self.token(browser, start)
        for _ in until_full(road):
            answer = browser.post(f"{self.base}{start}", data={**token, "pad": PAD}, timeout=30)
            road.note(answer, sent=len(PAD), looks_for="份未送出的草稿")
            for draft in Draft.objects.filter(owner=user, data={}):
                Draft.objects.filter(pk=draft.pk).update(data={"step": "permit", "step_data": {"declaration": {}}})
        road.kept = Draft.objects.filter(owner=user).count()
        return road

    def uploads(self) -> Road:
        """Files of one student, as many as there is room for."""
        from portal.forms.models import Draft, DraftUpload

        road = Road("uploads of one student", kept_at_most=5, grown_at_most=45 * MB)
        browser, user = self.student()
        draft = Draft.objects.create(owner=user, category=user.category, kind_code="multiple-entry", data=READY)
        address = f"{HOME}/apply/multiple-entry/{draft.token}/form/"
        token, picture = self.token(browser, address), noise()
        for _ in until_full(road):
            data = {**token, "upload": "other"}
            files = {"upload-other": ("a.jpg", picture, "image/jpeg")}
            headers = {"X-Requested-With": "XMLHttpRequest"}
            answer = browser.post(f"{self.base}{address}", data=data, files=files, headers=headers, timeout=60)
            road.note(answer, sent=len(picture), looks_for="超過上限")
        road.kept = DraftUpload.objects.filter(draft=draft).count()
        return road

    def long_fields(self) -> Road:
        """1.9 MB in a field of 120 characters, of a draft."""
        from portal.forms.models import Draft

        road = Road("1.9 MB in a field of 120", kept_at_most=60, grown_at_most=4 * MB)
        browser, user = self.student()
        draft = Draft.objects.create(owner=user, category=user.category, kind_code="multiple-entry", data=READY)
        address = f"{HOME}/apply/multiple-entry/{draft.token}/form/"
        token = self.token(browser, address)
        for _ in until_full(road):
            data = {**token, "home_address": "x" * 1_900_000, "go": "check"}
            answer = browser.post(f"{self.base}{address}", data=data, files={"none": ("", b"")}, timeout=60)
            road.note(answer, sent=1_900_000, looks_for="至多")
        draft.refresh_from_db()
        road.kept = len(json.dumps(draft.data)) // 1024  # kilobytes
        return road

    def questions(self) -> Road:
        """Questions to the records, by one student."""
        from portal.forms.models import Draft
        from portal.records.models import LookupLog

        road = Road("questions to the records", kept_at_most=200, grown_at_most=2 * MB)
        browser, user = self.student()
        draft = Draft.objects.create(
            owner=user, category=user.category, kind_code="multiple-entry", data=READY | {"step": "permit"}
        )
        address = f"{HOME}/apply/multiple-entry/{draft.token}/permit/"
        token = self.token(browser, address)
        for number, _ in enumerate(until_full(road)):
            data = {**token, "number": f"{number:012}", "pad": PAD}
            answer = browser.post(f"{self.base}{address}", data=data, timeout=30)
            road.note(answer, sent=len(PAD), looks_for="次數過多")
        road.kept = LookupLog.objects.count()
        return road


READY: dict[str, Any] = {
    "step": "form",
    "step_data": {"declaration": {}},
    "step_files": {},
    "extra_data": {"declaration": "china-student-1", "prefill": {}, "permit_no": "115000000001"},
}


def people_number(number: int) -> str:
    """A made-up 統一證號; nothing checks its digit here."""
    return f"A8{number:08}"


def noise() -> bytes:
    """A picture that does not get smaller."""
    side = 1600
    file = io.BytesIO()
    Image.frombytes("RGB", (side, side), os.urandom(side * side * 3)).save(file, "JPEG", quality=90)
    return file.getvalue()


def until_full(road: Road) -> Iterator[None]:
    """Again and again, until 50 MB were sent or the time is over."""
    until = time.monotonic() + SECONDS
    while road.sent < FILL and time.monotonic() < until:
        yield


def tried(portal: Portal, filling: Callable[[], Road]) -> Road:
    before = size_of(portal.scratch)
    started = time.monotonic()
    road = filling()
    road.grown = size_of(portal.scratch) - before
    answers = ", ".join(f"{count} x {status}" for status, count in sorted(road.answers.items()))
    print(
        f"{road.name:32} sent {road.sent / MB:6.1f} MB in {time.monotonic() - started:4.0f} s; {answers}; "
        f"kept {road.kept}; disk +{road.grown / MB:.1f} MB; said 「{road.message}」"
    )
    for problem in road.problems:
        print(f"  BEYOND ITS LIMIT: {problem}")
    return road


def main(parts: str) -> int:
    with tempfile.TemporaryDirectory(prefix="portal-fill-") as scratch, Portal(parts, Path(scratch), LOG_LEVEL="ERROR") as portal:
        print(f"\nfilling, {PARTS[parts]}")
        filler = Filler(portal)
        fillings = (
            filler.typed_by_visitors,
            filler.notices,
            filler.big_bodies,
            filler.captchas,
            filler.drafts,
            filler.uploads,
            filler.long_fields,
            filler.questions,
        )
        roads = [tried(portal, filling) for filling in fillings]
    beyond = [road.name for road in roads if road.problems]
    print(f"beyond their limits: {', '.join(beyond) or 'none'}")
    return 1 if beyond else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1] if len(sys.argv) > 1 else "embedded"))
