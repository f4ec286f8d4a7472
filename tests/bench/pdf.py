"""`bin/bench pdf`: a permit against WeasyPrint's bare floor for the same page, and how many two workers make.

The floor draws the very HTML of a permit with the same style sheet, fonts and standard, and does nothing else: no template, no
check of glyphs, no signature.
"""

import argparse
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

ALLOWED = 1.25
ROUNDS, PERMITS = 15, 40
SETTINGS = "portal.settings.test"


def milliseconds(work: Callable[[], Any], rounds: int = ROUNDS) -> float:
    """The median of so many."""
    taken = []
    for _round in range(rounds):
        started = time.perf_counter()
        work()
        taken.append(time.perf_counter() - started)
    return statistics.median(taken) * 1000


def a_permit() -> tuple[str, dict[str, Any]]:
    """The template of a new permit, and the words on it, without a database."""
    from datetime import date
    from types import SimpleNamespace

    from portal.downloads.papers import spaced
    from portal.pdf.barcodes import code39, qr_code
    from tests.bench.files import photo

    code, number = "7KQ2M9XWHT4VBZ8RD6NP", "115150000018"
    words = {
        "chinese_name": "歐陽䶮",
        "english_name": "OUYANG, YAN",
        "gender": "女",
        "birth_date": "2004/05/06",
        "birth_place": "上海",
        "ui_no": "A890000002",
        "travel_document_no": "L10000001",
        "school_name": "國立臺灣大學",
        "department": "資訊工程學系",
        "degree": "學士班",
    }
    address = f"https://portal.example/verify/{code}/"
    return "portal/china_student/permit.html", {
        "document": SimpleNamespace(number=number),
        "case": SimpleNamespace(permit_no="115000000015", first_permit_no="115000000015"),
        "words": words,
        "details": {"gender": "1"},
        "photo": _data(photo()),
        "barcode": code39(number),
        "qr_code": qr_code(address),
        "verify_url": address,
        "code_groups": spaced(code).split(),
        "sample": True,
        "issued_on": date(2026, 11, 23),
        "valid_from": date(2026, 11, 24),
        "valid_until": date(2028, 11, 23),
        "stay_until": date(2028, 11, 23),
    }


def _data(picture: bytes) -> str:
    from base64 import b64encode
    from io import BytesIO

    from PIL import Image, ImageOps

    from portal.downloads.papers import PHOTO_SIZE, _as_jpeg

    fitted = ImageOps.fit(Image.open(BytesIO(picture)).convert("RGB"), PHOTO_SIZE)
    return "data:image/jpeg;base64," + b64encode(_as_jpeg(fitted)).decode()


def floor_of(template: str, context: dict[str, Any]) -> Callable[[], bytes]:
    """WeasyPrint alone, on the same page."""
    from django.template.loader import render_to_string
    from weasyprint import CSS, HTML
    from weasyprint.text.fonts import FontConfiguration

    from portal.pdf import rendering

    source, fonts = render_to_string(template, context), FontConfiguration()
    sheet = CSS(
        string=rendering._static(rendering.STYLESHEET).decode(), font_config=fonts, url_fetcher=rendering.OwnFilesFetcher()
    )

    def draw() -> bytes:
        html = HTML(string=source, url_fetcher=rendering.OwnFilesFetcher())
        pdf: bytes = html.write_pdf(stylesheets=[sheet], font_config=fonts, **rendering._PDF)
        return pdf

    return draw


def make(template: str, context: dict[str, Any]) -> bytes:
    """A permit as a worker makes it, signed."""
    from datetime import UTC, datetime

    from portal.pdf import rendering, signing

    drawn = rendering.render(template, context)
    return signing.sign(drawn, at=datetime(2026, 11, 23, tzinfo=UTC), address="https://portal.example/verify/X/", reason="x")


def worker(count: int) -> None:
    """So many permits in this process; a line when it is warm, a line when it is done."""
    template, context = a_permit()
    make(template, context)
    print("warm", flush=True)
    sys.stdin.readline()
    for _permit in range(count):
        make(template, context)
    print("done", flush=True)


def a_second(count: int) -> float:
    """Permits a second of two workers at once, the start of neither counted."""
    command = [sys.executable, "-m", "tests.bench.pdf", "--worker", "--permits", str(count)]
    workers = [subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) for _worker in range(2)]
    for each in workers:
        assert each.stdout
        each.stdout.readline()
    started = time.perf_counter()
    for each in workers:
        each.communicate("go\n")
    return 2 * count / (time.perf_counter() - started)


def report(permits: int) -> int:
    """All figures, each as soon as it is known; 1 when ours takes more than is allowed."""
    from portal.pdf import rendering

    template, context = a_permit()
    started = time.perf_counter()
    content = make(template, context)
    print(f"first, with the loading of WeasyPrint and pyHanko: {time.perf_counter() - started:.2f} s")
    draw = floor_of(template, context)
    draw()
    floor = milliseconds(draw)
    drawn = milliseconds(lambda: rendering.render(template, context))
    ours = milliseconds(lambda: make(template, context))
    print(f"floor, warm: {floor:.0f} ms; drawn by us: {drawn:.0f} ms, {drawn / floor:.2f} of it")
    print(f"drawn and signed: {ours:.0f} ms, {ours / floor:.2f} of the floor")
    print(f"size: {len(content) / 1024:.0f} KiB")
    print(f"memory at the most: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MiB")
    print(f"two workers: {a_second(permits):.1f} permits a second", flush=True)
    return int(drawn / floor > ALLOWED)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--worker", action="store_true", help="one of the two")
    parser.add_argument("--permits", type=int, default=PERMITS)
    asked = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", SETTINGS)
    with tempfile.TemporaryDirectory() as folder:
        os.environ.setdefault("PORTAL_VAR", str(Path(folder)))
        import django

        django.setup()
        if asked.worker:
            worker(asked.permits)
        else:
            sys.exit(report(asked.permits))


if __name__ == "__main__":
    main()
