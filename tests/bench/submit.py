"""`bin/bench submit`: what a student waits for when an application with four files of 5 MB is sent.

Two are pictures of twelve megapixels, two PDFs of such a picture. They are chosen and sent with 下一步, as a browser without
JavaScript does it, all in one request; then comes 送出. First one student at a time: the 95th percentile of both together must
stay under 2.5 s. Then 20 students at once, who send again what was not taken while the server is busy, as the page asks: no
request may run into its time-out, and nobody may be left without a case.
"""

import argparse
import io
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

from PIL import Image

from tests.bench import files
from tests.bench.journey import BUSY, Report, Student, percentile, records
from tests.bench.servers import PARTS, Portal
from tests.bench.uploads import applicant

SIZE = 5 * 1024 * 1024
P95 = 2.5  # seconds
TRIES = 60  # of a student who is asked to try again
PAPERS = {"enrolment": "JPEG", "travel-document": "JPEG", "single-permit": "PDF", "person-id": "PDF"}
# What the records do not know, besides: the account of the bench has no telephone number.
TYPED = {"health_checked": "Y", "mobile": "0912345678"}
File = tuple[str, bytes, str]


def scan(number: int, kind: str) -> bytes:
    """What a phone's camera or a scanner makes: twelve megapixels with grain, in at least 5 MB."""
    image = Image.effect_noise((4032, 3024), 16 + number).convert("RGB")
    for quality in range(40, 100, 3):
        target = io.BytesIO()
        image.save(target, kind, quality=quality)
        if target.tell() >= SIZE:
            break
    return target.getvalue()


def papers() -> dict[str, File]:
    """The four of one student; made once, for it takes longer than sending them."""
    types = {"JPEG": ("jpg", "image/jpeg"), "PDF": ("pdf", "application/pdf")}
    return {
        slot: (f"{slot}.{types[kind][0]}", scan(number, kind), types[kind][1])
        for number, (slot, kind) in enumerate(PAPERS.items())
    }


class Sending:
    """One student with the form filled in, but for the four papers."""

    def __init__(self, portal: Portal, student: Student, report: Report) -> None:
        from tests.forms.answers import OWN_ANSWERS

        _user, self.browser = applicant(portal.base_url, student, report.add)
        self.report = report
        photo = ("photo.jpg", files.photo(), "image/jpeg")
        self.press("photo", step="the photo, before", files={"upload-photo": photo})
        self.browser.press("save", step="the answers, before", by_value=True, typed={**OWN_ANSWERS, **TYPED})

    def press(self, button: str, *, step: str, files: dict[str, File]) -> None:
        """Again, with what was not taken, while the server is busy."""
        for _ in range(TRIES):
            self.browser.press(button, step=step, by_value=True, files=files)
            if BUSY not in self.browser.page.text:
                return
            files = {name: file for name, file in files.items() if not self.is_there(name)}
            step = f"{step.removesuffix(', again')}, again"
            time.sleep(2)  # as upload.js does

    def is_there(self, name: str) -> bool:
        slot = self.browser.page.tree.get_element_by_id(name.replace("upload-", "slot-"))
        return slot.find(".//ul[@class='file-list']/li") is not None

    def send(self, four: dict[str, File]) -> float:
        """Seconds from 下一步 with the files to 送件成功."""
        began = time.perf_counter()
        self.press("check", step="next, with four files", files={f"upload-{slot}": file for slot, file in four.items()})
        self.browser.press("送出", step="send")
        seconds = time.perf_counter() - began
        if "送件成功，收件號:" not in self.browser.page.text:
            self.report.fail(f"no case: {self.browser.page.url}: {self.browser.page.text[:600]}")
        return seconds


def measure(portal: Portal, students: list[Student], four: dict[str, File], at_once: int) -> tuple[Report, list[float]]:
    """How long each of them waited."""
    report = Report()

    def one(student: Student) -> float | None:
        try:
            return Sending(portal, student, report).send(four)
        except Exception as problem:  # noqa: BLE001  whatever stopped a student is reported, and fails the run
            report.fail(f"{student.username}: {type(problem).__name__}: {problem}")
            return None

    with ThreadPoolExecutor(at_once) as pool:
        return report, [seconds for seconds in pool.map(one, students) if seconds is not None]


def run(parts: str, one_by_one: int, at_once: int) -> int:
    """One portal; 0 when it was quick enough and nobody met an error."""
    four = papers()
    failed = False
    with tempfile.TemporaryDirectory(prefix="portal-bench-") as scratch, Portal(parts, Path(scratch)) as portal:
        students = records(Path(scratch), one_by_one + at_once)
        say = partial(print, flush=True)
        say(f"\nsubmit, {parts}: {PARTS[parts]}")
        say("files: " + ", ".join(f"{name} {len(content) / 1024**2:.1f} MB" for name, content, _type in four.values()))
        for who, count in ((students[:one_by_one], 1), (students[one_by_one:], at_once)):
            report, seconds = measure(portal, who, four, count)
            worst = percentile(seconds, 0.95)
            say(f"\n{len(who)} students, {count} at once: 95th percentile {worst:.2f} s, {len(report.failures)} errors\n")
            say(*report.lines(), *report.failures, sep="\n")
            failed |= bool(report.failures) or (count == 1 and worst > P95)
    return int(failed)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("parts", choices=sorted(PARTS))
    parser.add_argument("--students", type=int, default=20, help="so many one by one, and then so many at once")
    options = parser.parse_args()
    sys.exit(run(options.parts, options.students, options.students))


if __name__ == "__main__":
    main()
